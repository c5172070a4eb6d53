-- name: inbox_find
-- opens: inbox
-- With the member's own line, so that the acknowledgement can be repeated.
select id, member_id,
  (select m.id from message m where m.inbox_id = inbox.id and m.dir = 'in'),
  received_ms, done_ms, network, remote_id, conversation, hash, body
from inbox where network = $network and member_id = $member and remote_id = $remote;

-- name: inbox_find_sender
-- opens: inbox
select id, 0, null, received_ms, done_ms, network, remote_id, conversation, hash, body
from inbox where network = $network and sender = $sender and remote_id = $remote and member_id is null;

-- name: inbox_insert
-- A second event with the same id is a constraint failure: looked up first.
insert into inbox (network, member_id, sender, remote_id, conversation, received_ms, hash, body, done_ms, message)
values ($network, $member, $sender, $remote, $conversation, $received, $hash, $body, $done, $message);

-- name: inbox_keep
-- The same of an event that is answered later; no row: it came before.
insert into inbox (network, member_id, remote_id, conversation, received_ms, hash, body, message)
values ($network, $member, $remote, $conversation, $received, $hash, $body, $message)
on conflict do nothing returning id;

-- name: inbox_of_message
-- opens: inbox
-- What was said under the network's own id of it: the message, then its edits.
select id, member_id,
  (select m.id from message m where m.inbox_id = inbox.id and m.dir = 'in'),
  received_ms, done_ms, network, remote_id, conversation, hash, body
from inbox
where network = $network and member_id = $member
  and (message = $message or message = 'edit:' || $message or remote_id = $message)
order by id limit $max;

-- name: inbox_overtaken
-- Was what the event $id says edited or taken back later than $at, or at the same time by
-- an event that came before? The plus keeps the planner from reading all that the member
-- ever sent.
select exists (select 1 from inbox
  where network = $network and +member_id = $member
    and (received_ms > $at or (received_ms = $at and id < $id))
    and message in ('edit:' || $message, 'unsend:' || $message));

-- name: inbox_wait
update inbox set body = $body, done_ms = null where id = $id;

-- name: inbox_done
update inbox set body = null, done_ms = $now where id = $id;

-- name: inbox_count_waiting
select count(*) from inbox where done_ms is null and member_id = $member;

-- name: inbox_waiting
-- The oldest waiting event of each conversation: one who floods does not keep others waiting.
-- From one conversation to the next through the index: what waits behind costs nothing.
with recursive first (id, member_id, conversation) as (
  select * from (
    select id, member_id, conversation from inbox
    where done_ms is null and member_id >= coalesce($member, 0)
    order by member_id, conversation, id limit 1)
  union all
  select i.id, i.member_id, i.conversation from first f join inbox i on i.id = coalesce(
    (select n.id from inbox n
     where n.done_ms is null and n.member_id = f.member_id and n.conversation > f.conversation
     order by n.conversation, n.id limit 1),
    (select n.id from inbox n where n.done_ms is null and n.member_id > f.member_id
     order by n.member_id, n.conversation, n.id limit 1))
  where $member is null or f.member_id = $member)
select id from first where $member is null or member_id = $member order by id limit $max;

-- name: inbox_by_id
-- opens: inbox
-- With the member's own line, where that is stored already.
select i.id, i.member_id, m.id, i.received_ms, i.done_ms, i.network, i.remote_id, i.conversation,
       i.hash, i.body, m.note_id, i.message
from inbox i left join message m on m.inbox_id = i.id and m.dir = 'in' where i.id = $id;

-- name: inbox_of_sender
-- opens: inbox
-- What waits until it is known who sent it, oldest first.
select id, 0, null, received_ms, done_ms, network, remote_id, conversation, hash, body
from inbox where network = $network and sender = $sender and member_id is null and done_ms is null
order by id limit $max;

-- name: inbox_senders
select distinct network, sender from inbox where member_id is null and done_ms is null limit $max;

-- name: inbox_adopt
update inbox set member_id = $member, hash = $hash where id = $id;

-- name: message_insert
insert into message (network, member_id, conversation, dir, at_ms, inbox_id, note_id, body, replaces)
values ($network, $member, $conversation, $dir, $at, $inbox, $note, $body, $replaces);

-- name: message_remote
-- What the network calls the message that the one with this id replaces.
select r.remote from message m join message r on r.id = m.replaces where m.id = $id and r.remote is not null;

-- name: message_by_id
select m.id, m.member_id, m.at_ms, m.inbox_id, m.note_id, m.network, m.conversation, m.body,
       m.dir = 'out', i.remote_id
from message m left join inbox i on i.id = m.inbox_id where m.id = $id;

-- name: message_after
select m.id, m.member_id, m.at_ms, m.inbox_id, m.note_id, m.network, m.conversation, m.body,
       m.dir = 'out', i.remote_id
from message m left join inbox i on i.id = m.inbox_id
where m.member_id = $member and m.conversation = $conversation and m.id > $after
order by m.id limit $max;

-- name: message_before
select m.id, m.member_id, m.at_ms, m.inbox_id, m.note_id, m.network, m.conversation, m.body,
       m.dir = 'out', i.remote_id
from message m left join inbox i on i.id = m.inbox_id
where m.member_id = $member and m.conversation = $conversation and m.id < $before
order by m.id desc limit $max;

-- name: message_latest
select at_ms from message where member_id = $member and conversation = $conversation and dir = 'in'
order by id desc limit 1;

-- name: message_of_inbox
select m.id, m.member_id, m.at_ms, m.inbox_id, m.note_id, m.network, m.conversation, m.body,
       m.dir = 'out', i.remote_id
from message m join inbox i on i.id = m.inbox_id
where m.inbox_id = $inbox and m.dir = 'out' order by m.id limit $max;

-- name: ask_insert
insert into ask (member_id, conversation, code, note_id, received_ms, bindings, options, created_ms)
values ($member, $conversation, $code, $note, $received, $bindings, $options, $now);

-- name: ask_latest
select id, member_id, note_id, received_ms, conversation, code, bindings, options from ask
where member_id = $member and conversation = $conversation and state = 'open'
order by id desc limit 1;

-- name: ask_by_id
select id, member_id, note_id, received_ms, conversation, code, bindings, options from ask
where id = $id and member_id = $member and state = 'open';

-- name: ask_drafts
-- What nothing could be made of, and what a question was asked about that nobody
-- answered.
select id, member_id, note_id, received_ms, conversation, code, bindings, options from ask
where member_id = $member and state = 'open' and created_ms >= $since order by id desc limit $max;

-- name: ask_drop_of_note
update ask set state = 'dropped' where note_id = $note and member_id = $member and state = 'open';

-- name: ask_close
update ask set state = $state where id = $id;
