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

-- name: care_partners
-- Partners whose registrations have a course (six full quarters of 91 days) and that the
-- member has to do with: by a deal, or by a cadence.
select p.id from partner p
where p.stage in ('signed', 'active') and p.void_ms is null and p.signed_day <= $today - 546
  and (exists (select 1 from deal d where d.partner_id = p.id and d.void_ms is null
                 and $member in (d.owner_id, d.co_owner_id))
       or exists (select 1 from cadence k where k.member_id = $member and k.partner_id = p.id
                    and k.void_ms is null))
order by p.id limit $max;

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

-- name: regular_plan
insert into regular (member_id, kind, due_local, zone, due_ms)
values ($member, $kind, $local, $zone, $due)
on conflict (member_id, kind) do update set due_local = $local, zone = $zone, due_ms = $due;

-- name: regular_known
select 1 from regular where member_id = $member and kind = $kind;

-- name: regular_end
delete from regular where member_id = $member;

-- name: regular_due
select member_id, kind, due_local, zone, due_ms from regular
where due_ms <= $now and ($member is null or member_id = $member)
order by due_ms, member_id, kind limit $max;

-- name: regular_next
select min(due_ms) from regular where ($member is null or member_id = $member);
