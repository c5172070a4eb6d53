-- What is said about us or a partner in the market.

-- name: perception_insert
insert into perception (sign, partner_id, customer_id, person_id, note_id, at_ms, member_id,
  created_ms)
values ($sign, $partner, $customer, $person, $note, $at, $member, $now);

-- name: perception_resolve
update perception set state = 'resolved', answer_id = $answer, resolved_ms = $now,
  resolved_by = $member
where id = $id and state = 'open';

-- name: perception_find
select id, sign, partner_id, customer_id, person_id, note_id, at_ms, member_id, state, answer_id,
       resolved_ms, resolved_by
from perception where id = $id and void_ms is null;

-- name: perception_list
-- About a customer or a partner; open negatives first, then the latest.
select id, sign, partner_id, customer_id, person_id, note_id, at_ms, member_id, state, answer_id,
       resolved_ms, resolved_by
from perception
where void_ms is null and ($customer is null or customer_id = $customer)
  and ($partner is null or partner_id = $partner)
  and ($open = 0 or (sign = 'negative' and state = 'open'))
order by not (sign = 'negative' and state = 'open'), at_ms desc, id desc limit $max;
