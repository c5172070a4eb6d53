-- name: preference_insert
insert into preference (customer_id, partner_id, person_id, at_day, note_id, member_id, created_ms)
values ($customer, $partner, $person, $day, $note, $member, $now);

-- name: preference_latest
-- What was said on the latest day; of two of one day, what was said last.
select partner_id, person_id, at_day, note_id from preference
where customer_id = $customer and void_ms is null order by at_day desc, id desc limit 1;
