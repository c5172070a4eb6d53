-- name: outbox_insert
insert into outbox (message_id, network, due_ms) values ($message, $network, $due);

-- name: outbox_seen
update outbox set state = 'done', done_ms = $now
where state = 'pending' and message_id in (
  select id from message where member_id = $member and conversation = $conversation and id <= $upto
  order by id desc limit 500);
