-- name: outbox_insert
insert into outbox (message_id, network, due_ms) values ($message, $network, $due);

-- name: outbox_claim
-- Takes what is due and moves it to $lease: rows of a courier that died come due by
-- themselves. One message of a conversation at a time, oldest first, so that they arrive
-- in order; one that failed $stubborn times does not hold up those behind it any longer.
update outbox set due_ms = $lease, claimed_ms = $now, attempts = attempts + 1 where id in (
  select id from (
    select o.id, o.due_ms, o.attempts, row_number() over (
             partition by m.member_id, m.conversation
             order by o.attempts >= $stubborn, o.id) as place
    from outbox o join message m on m.id = o.message_id
    where o.network = $network and o.state = 'pending') as waiting
  where (place = 1 or attempts >= $stubborn) and due_ms <= $now
  order by due_ms, id limit $max)
returning id, message_id, attempts;

-- name: outbox_next_due
-- Of those that a claim may take, now or later.
select min(due_ms) from (
  select o.due_ms, o.attempts, row_number() over (
           partition by m.member_id, m.conversation
           order by o.attempts >= $stubborn, o.id) as place
  from outbox o join message m on m.id = o.message_id
  where o.network = $network and o.state = 'pending') as waiting
where place = 1 or attempts >= $stubborn;

-- name: outbox_claim_together
-- Of each conversation what was tried most often, unless that was $stubborn times: then it
-- goes by itself. Due ones first, then the oldest.
update outbox set due_ms = $lease, claimed_ms = $now, attempts = attempts + 1 where id in (
  with waiting as (
    select o.id, o.due_ms, o.attempts, m.member_id, m.conversation,
           case when o.attempts >= $stubborn then o.id else 0 end as apart
    from outbox o join message m on m.id = o.message_id
    where o.network = $network and o.state = 'pending'),
  grouped as (
    select *, max(attempts) over (partition by member_id, conversation, apart) as tried from waiting),
  ready as (
    select id, member_id, conversation, apart, min(due_ms) over same as due,
           row_number() over (partition by member_id, conversation, apart order by due_ms > $now, id) as place
    from grouped where attempts = tried
    window same as (partition by member_id, conversation, apart)),
  chosen as (
    select id, place, dense_rank() over (order by due, member_id, conversation, apart) as turn
    from ready where due <= $now)
  select id from chosen where place <= $together and turn <= $max)
returning id, message_id, attempts;

-- name: outbox_next_due_together
select min(due_ms) from (
  select o.due_ms, o.attempts,
         max(o.attempts) over (partition by m.member_id, m.conversation,
           case when o.attempts >= $stubborn then o.id else 0 end) as tried
  from outbox o join message m on m.id = o.message_id
  where o.network = $network and o.state = 'pending') as waiting
where attempts = tried;

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

-- name: outbox_dead
update outbox set state = 'dead', done_ms = $now where id = $id;
