-- name: preference_insert
insert into preference (customer_id, partner_id, person_id, at_day, note_id, member_id, created_ms)
values ($customer, $partner, $person, $day, $note, $member, $now);

-- name: preference_latest
-- What was said on the latest day; of two of one day, what was said last.
select partner_id, person_id, at_day, note_id from preference
where customer_id = $customer and void_ms is null order by at_day desc, id desc limit 1;

-- name: gate_void
-- What the partner was at the customer before.
update gate set void_ms = $now where customer_id = $customer and partner_id = $partner and void_ms is null;

-- name: gate_insert
insert into gate (customer_id, partner_id, part, note_id, at_day, member_id, created_ms)
values ($customer, $partner, $part, $note, $day, $member, $now);

-- name: gate_list
-- Of a customer, or of a partner, or all; the latest first.
select customer_id, partner_id, part, note_id, at_day from gate
where void_ms is null and partner_id is not null and ($customer is null or customer_id = $customer)
  and ($partner is null or partner_id = $partner)
order by at_day desc, id desc limit $max;

-- name: technology_void
-- What was noted of the same system before.
update technology set void_ms = $now
where customer_id = $customer and lower(name) = lower($name) and void_ms is null;

-- name: technology_insert
insert into technology (customer_id, kind, name, version, since_year, note_id, at_day, member_id, created_ms)
values ($customer, $kind, $name, $version, $year, $note, $day, $member, $now);

-- name: technology_list
-- Of a customer or a market, or all; where $until is given only what is known to be from
-- that year or before. The oldest first.
select t.customer_id, t.kind, t.name, t.version, t.since_year, t.note_id, t.at_day
from technology t join customer a on a.id = t.customer_id and a.void_ms is null
where t.void_ms is null and ($customer is null or t.customer_id = $customer)
  and ($market is null or a.market = $market) and ($until is null or t.since_year <= $until)
order by t.since_year is null, t.since_year, t.id limit $max;

-- name: served_void
update served set void_ms = $now where customer_id = $customer and partner_id = $partner and void_ms is null;

-- name: served_insert
insert into served (customer_id, partner_id, from_day, to_day, member_id)
values ($customer, $partner, $from, $to, $member);

-- name: served_list
-- The latest first; where no day is known, last.
select partner_id, from_day, to_day from served
where customer_id = $customer and void_ms is null order by to_day desc, from_day desc, id desc limit $max;
