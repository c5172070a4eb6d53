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
