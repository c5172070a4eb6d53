-- name: identity_find
-- With the member's state: the account of a suspended member is known, and shut out.
select i.member_id, m.state = 'active', i.conversation, i.seen_ms, i.gone_ms, m.locale
from identity i join member m on m.id = i.member_id
where i.network = $network and i.remote = $remote;

-- name: identity_put
-- An account that belonged to another member moves: its owner asked for that.
insert into identity (network, remote, member_id, seen_ms) values ($network, $remote, $member, $now)
on conflict (network, remote) do update set member_id = excluded.member_id;

-- name: identity_seen
update identity set seen_ms = $now, conversation = coalesce($conversation, conversation), gone_ms = null
where network = $network and remote = $remote;

-- name: identity_gone
update identity set gone_ms = $gone where network = $network and remote = $remote;

-- name: identity_of_member
-- The one used last, of one network or ($network null) of any.
select network, remote, conversation, seen_ms, gone_ms from identity
where member_id = $member and ($network is null or network = $network)
order by seen_ms desc limit 1;

-- name: link_code_insert
insert into link_code (hash, member_id, expires_ms) values ($hash, $member, $expires);

-- name: link_code_forget
-- Of a member one code at a time is good; what is over need not be kept.
delete from link_code where member_id = $member or expires_ms < $now;

-- name: link_code_find
select l.member_id from link_code l join member m on m.id = l.member_id
where l.hash = $hash and l.used_ms is null and l.expires_ms > $now and m.state = 'active';

-- name: link_code_take
-- Uses the code up; no row: unknown, used before or too old.
update link_code set used_ms = $now
where hash = $hash and used_ms is null and expires_ms > $now
  and exists (select 1 from member m where m.id = member_id and m.state = 'active')
returning member_id;
