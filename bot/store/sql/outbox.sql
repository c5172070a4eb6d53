-- name: outbox_insert
insert into outbox (message_id, network, member_id, conversation, due_ms)
values ($message, $network, $member, $conversation, $due);

-- name: outbox_claim
-- Takes what is due and moves it to $lease: rows of a courier that died come due by
-- themselves. One message of a conversation at a time, oldest first, so that they arrive
-- in order; one that failed $stubborn times does not hold up those behind it any longer.
update outbox set due_ms = $lease, claimed_ms = $now, attempts = attempts + 1 where id in (
  select o.id from outbox o
  where o.network = $network and o.state = 'pending' and o.due_ms <= $now
    and (o.attempts >= $stubborn or not exists (
      select 1 from outbox b
      where b.state = 'pending' and b.member_id = o.member_id and b.conversation = o.conversation
        and b.id < o.id and b.attempts < $stubborn))
  order by o.due_ms, o.id limit $max)
returning id, message_id, attempts;

-- name: outbox_next_due
-- Of those that a claim may take, now or later.
select o.due_ms from outbox o
where o.network = $network and o.state = 'pending'
  and (o.attempts >= $stubborn or not exists (
    select 1 from outbox b
    where b.state = 'pending' and b.member_id = o.member_id and b.conversation = o.conversation
      and b.id < o.id and b.attempts < $stubborn))
order by o.due_ms limit 1;

-- name: outbox_ready
-- For a network that takes several messages in one request: what is due and was tried as
-- often as anything of its conversation, so that a repeat holds the same ones. What failed
-- $stubborn times goes by itself.
select o.id, o.member_id, o.conversation, o.attempts from outbox o
where o.network = $network and o.state = 'pending' and o.due_ms <= $now
  and (o.attempts >= $stubborn or not exists (
    select 1 from outbox b
    where b.state = 'pending' and b.member_id = o.member_id and b.conversation = o.conversation
      and b.attempts > o.attempts and b.attempts < $stubborn))
order by o.due_ms, o.member_id, o.conversation;

-- name: outbox_claim_one
update outbox set due_ms = $lease, claimed_ms = $now, attempts = attempts + 1 where id = $id
returning id, message_id, attempts;

-- name: outbox_claim_of
-- Of the conversation what was tried $attempts times: due ones first, then the oldest.
update outbox set due_ms = $lease, claimed_ms = $now, attempts = attempts + 1 where id in (
  select id from outbox
  where state = 'pending' and member_id = $member and conversation = $conversation
    and attempts = $attempts
  order by due_ms > $now, id limit $max)
returning id, message_id, attempts;

-- name: outbox_next_due_together
select o.due_ms from outbox o
where o.network = $network and o.state = 'pending'
  and (o.attempts >= $stubborn or not exists (
    select 1 from outbox b
    where b.state = 'pending' and b.member_id = o.member_id and b.conversation = o.conversation
      and b.attempts > o.attempts and b.attempts < $stubborn))
order by o.due_ms limit 1;

-- name: outbox_by_id
select o.id, o.message_id, o.attempts, m.at_ms from outbox o join message m on m.id = o.message_id
where o.id = $id and o.state = 'pending';

-- name: outbox_done
update outbox set state = 'done', done_ms = $now where id = $id;

-- name: outbox_forget
-- The network has it: nobody reads the text here again.
update message set body = null, remote = $remote where id = (select message_id from outbox where id = $id);

-- name: outbox_later
update outbox set due_ms = $due, claimed_ms = null, attempts = $attempts where id = $id;

-- name: outbox_reclaim
-- Not those that wait for another reason: after a failure, or because the network asked.
update outbox set due_ms = $now, claimed_ms = null where state = 'pending' and claimed_ms is not null;

-- name: outbox_sooner
-- The clock was put back: what waits for another try waits as long as it had to.
update outbox set due_ms = max($now, due_ms - $by)
where state = 'pending' and claimed_ms is null and due_ms > $now;

-- name: outbox_dead
update outbox set state = 'dead', done_ms = $now where id = $id;
