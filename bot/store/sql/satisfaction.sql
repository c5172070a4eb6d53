-- name: nps_insert
insert into nps (customer_id, person_id, partner_id, score, how, at_day, note_id, member_id,
  created_ms)
values ($customer, $person, $partner, $score, $how, $day, $note, $member, $now);

-- name: nps_list
-- The latest answers of a customer or through a partner, one of the two given.
select customer_id, person_id, partner_id, score, how, at_day from nps
where void_ms is null and ($customer is null or customer_id = $customer)
  and ($partner is null or partner_id = $partner)
order by at_day desc, id desc limit $max;
