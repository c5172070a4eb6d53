-- name: member_by_id
select id, handle, name, role, also, market, zone, locale, team,
       coalesce((select merged_into from partner where id = partner_id), partner_id), source,
       style
from member where id = $id and state = 'active';

-- name: member_by_handle
select id, handle, name, role, also, market, zone, locale, team,
       coalesce((select merged_into from partner where id = partner_id), partner_id), source,
       style
from member where handle = $handle and state = 'active';

-- name: member_handle_taken
select 1 from member where handle = $handle;

-- name: member_all
select id, handle, name, role, also, market, zone, locale, team,
       coalesce((select merged_into from partner where id = partner_id), partner_id), source,
       style
from member where state = 'active' order by id;

-- name: member_name
-- Also of somebody suspended: who logged something stays named.
select name from member where id = $id;

-- name: member_every
-- Those who were suspended last.
select id, handle, name, role, also, market, zone, locale, team,
       coalesce((select merged_into from partner where id = partner_id), partner_id), source,
       style, state = 'suspended'
from member order by state, id;

-- name: member_update_role
update member set role = $role, also = $also,
  partner_id = case when $role = 'partner' then partner_id end where id = $id;

-- name: member_update_state
update member set state = $state where id = $id;

-- name: session_delete_member
delete from session where member_id = $member;

-- name: login_token_delete_member
delete from login_token where member_id = $member;

-- name: member_insert
-- A handle that is taken fails with a constraint: ERR_CONFLICT.
insert into member (handle, name, role, also, market, zone, locale, team, partner_id, source, created_ms)
values ($handle, $name, $role, $also, $market, $zone, $locale, $team, $partner, $source, $now);

-- name: member_update_zone
update member set zone = $zone where id = $id;

-- name: member_update_partner
update member set partner_id = $partner where id = $id;

-- name: member_update_style
update member set style = $style where id = $id;

-- name: member_update_locale
update member set locale = $locale where id = $id;

-- name: login_token_insert
insert into login_token (hash, member_id, expires_ms) values ($hash, $member, $expires);

-- name: login_token_take
-- Uses the token up; no row: unknown, used before or too old.
update login_token set used_ms = $now
where hash = $hash and used_ms is null and expires_ms > $now returning member_id;

-- name: session_insert
insert into session (hash, member_id, created_ms, expires_ms) values ($hash, $member, $now, $expires);

-- name: session_find
select s.member_id from session s join member m on m.id = s.member_id
where s.hash = $hash and s.expires_ms > $now and m.state = 'active';

-- name: session_delete
delete from session where hash = $hash;

-- name: meta_find
select value from meta where key = $key;

-- name: meta_put
insert into meta (key, value) values ($key, $value)
on conflict (key) do update set value = excluded.value;

-- name: focus_find
select value from focus
where member_id = $member and conversation = $conversation and what = $what
  and at_ms >= $since;

-- name: focus_put
insert into focus (member_id, conversation, what, value, at_ms)
values ($member, $conversation, $what, $value, $now)
on conflict (member_id, conversation, what) do update set value = excluded.value, at_ms = excluded.at_ms;
