-- How often to be in touch, what was told of it, and each member's choices about reminders.

-- name: cadence_void
update cadence set void_ms = $now
where person_id is $person and partner_id is $partner and deal_id is $deal and void_ms is null;

-- name: cadence_insert
insert into cadence (person_id, partner_id, deal_id, days, member_id, at_ms)
values ($person, $partner, $deal, $days, $member, $now);

-- name: cadence_list
-- Attempts and internal talks are no touch points and reset nothing.
select k.id, k.person_id, k.partner_id, k.deal_id, k.days, k.at_ms, coalesce(case
  when k.person_id is not null then (
    select max(t.at_ms) from touch_person x cross join touch_point t on t.id = x.touch_id
    where x.person_id = k.person_id and x.void_ms is null and t.state = 'held'
      and t.outcome = 'reached' and t.internal = 0 and t.void_ms is null)
  when k.partner_id is not null then (
    select max(t.at_ms) from touch_partner x cross join touch_point t on t.id = x.touch_id
    where x.partner_id = k.partner_id and x.void_ms is null and t.state = 'held'
      and t.outcome = 'reached' and t.internal = 0 and t.void_ms is null)
  else (
    select max(t.at_ms) from touch_point t where t.deal_id = k.deal_id and t.state = 'held'
      and t.outcome = 'reached' and t.internal = 0 and t.void_ms is null) end, 0)
from cadence k
where k.member_id = $member and k.void_ms is null
  and (k.deal_id is null or exists (select 1 from deal d where d.id = k.deal_id and d.void_ms is null
    and d.state in ('registered', 'open')))
order by k.id limit $max;

-- name: training_due_list
select t.id, t.person_id, t.due_day from training t
where t.member_id = $member and t.done_day is null and t.due_day is not null and t.due_day < $before
  and t.void_ms is null
order by t.due_day, t.id limit $max;

-- name: told_find
select 1 from told where member_id = $member and kind = $kind and ref = $ref and mark = $mark;

-- name: told_add
insert into told (member_id, kind, ref, mark, told_ms) values ($member, $kind, $ref, $mark, $now)
on conflict (member_id, kind, ref, mark) do nothing;

-- name: notice_get
select value from notice where member_id = $member and key = $key and void_ms is null;

-- name: notice_void
update notice set void_ms = $now where member_id = $member and key = $key and void_ms is null;

-- name: notice_insert
insert into notice (member_id, key, value, at_ms) values ($member, $key, $value, $now);

-- name: morning_plan
insert into morning (member_id, due_local, zone, due_ms) values ($member, $local, $zone, $due)
on conflict (member_id) do update set due_local = $local, zone = $zone, due_ms = $due;

-- name: morning_find
select 1 from morning where member_id = $member;

-- name: morning_due
select member_id, due_local, zone, due_ms from morning
where due_ms <= $now and ($member is null or member_id = $member)
order by due_ms, member_id limit $max;

-- name: morning_next
select min(due_ms) from morning where ($member is null or member_id = $member);
