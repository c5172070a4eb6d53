-- What makes a partner ready for its market: tasks, material, who learns along.

-- name: task_insert
insert into task (partner_id, market, what, owner_id, due_day, done_day, note_id, member_id, created_ms)
values ($partner, $market, $what, $owner, $due, $done, $note, $member, $now);

-- name: task_update
update task set market = $market, what = $what, owner_id = $owner, due_day = $due,
  done_day = $done, note_id = $note
where id = $id;

-- name: task_find
select id, partner_id, market, what, owner_id, due_day, done_day, note_id, member_id
from task where id = $id and void_ms is null;

-- name: task_list
-- What is still to be done first, soonest due.
select id, partner_id, market, what, owner_id, due_day, done_day, note_id, member_id
from task
where void_ms is null and ($partner is null or partner_id = $partner)
  and ($owner is null or owner_id = $owner) and ($market is null or market = $market)
order by done_day is not null, due_day is null, due_day, id limit $max;

-- name: asset_insert
insert into asset (name, language, partner_id, customer_id, editable, place, text_in_image,
  localised, member_id, created_ms)
values ($name, $language, $partner, $customer, $editable, $place, $image, $localised, $member, $now);

-- name: asset_update
update asset set language = $language, partner_id = $partner, customer_id = $customer,
  editable = $editable, place = $place, text_in_image = $image, localised = $localised
where id = $id;

-- name: asset_find
select id, name, language, partner_id, customer_id, editable, place, text_in_image, localised,
       member_id
from asset where id = $id and void_ms is null;

-- name: asset_list
-- $missing 1: only those of which no editable original is known.
select id, name, language, partner_id, customer_id, editable, place, text_in_image, localised,
       member_id
from asset
where void_ms is null and ($partner is null or partner_id = $partner)
  and ($customer is null or customer_id = $customer)
  and ($missing = 0 or coalesce(editable, 0) = 0)
order by id desc limit $max;

-- name: shadow_insert
insert into shadow (touch_id, member_id)
select $touch, $member
where not exists (select 1 from shadow where touch_id = $touch and member_id = $member
  and void_ms is null);

-- name: shadow_list
select member_id from shadow where touch_id = $touch and void_ms is null order by id limit $max;

-- name: shadow_count
-- Of every member who came along, the most first.
select s.member_id, count(*) from shadow s join touch_point t on t.id = s.touch_id
where s.void_ms is null and t.void_ms is null
group by s.member_id order by count(*) desc, s.member_id limit $max;

-- name: person_duty
select duty from person where id = $id and void_ms is null;

-- name: person_set_duty
update person set duty = $duty where id = $id;
