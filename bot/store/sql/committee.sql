-- name: committee_insert
insert into committee (deal_id, person_id, risk_id, member_id, source, created_ms)
values ($deal, $person, $risk, $member, $source, $now);

-- name: committee_update
update committee set risk_id = $risk where id = $id;

-- name: committee_list
-- Each person once: two that were merged both had a seat.
select min(k.id), k.deal_id, k.person_id, max(k.risk_id), k.member_id
from committee k join person p on p.id = k.person_id and p.void_ms is null
where k.deal_id = $deal and k.void_ms is null
group by k.person_id order by min(k.id) limit $max;

-- name: objection_insert
insert into objection (deal_id, person_id, type, note_id, member_id, at_ms, source, created_ms)
values ($deal, $person, $type, $note, $member, $at, $source, $now);

-- name: objection_find
select id, deal_id, person_id, type, state, note_id, answer_id, member_id, at_ms,
       answered_ms, answered_by
from objection where id = $id and void_ms is null;

-- name: objection_answer
update objection set state = 'answered', answer_id = $answer, answered_ms = $now,
  answered_by = $member
where id = $id;

-- name: objection_list
-- Open ones first, then the latest.
select id, deal_id, person_id, type, state, note_id, answer_id, member_id, at_ms,
       answered_ms, answered_by
from objection
where deal_id = $deal and void_ms is null and ($type is null or type = $type)
  and ($open = 0 or state = 'open')
order by state != 'open', at_ms desc, id desc limit $max;

-- name: pitch_insert
insert into pitch (deal_id, direction, note_id, member_id, at_ms, source)
values ($deal, $direction, $note, $member, $at, $source);

-- name: pitch_list
select id, deal_id, direction, note_id, member_id, at_ms from pitch
where deal_id = $deal and void_ms is null
order by direction != 'away', at_ms desc, id desc limit $max;

-- name: first_buyer_insert
insert into first_buyer (customer_id, person_id, partner_id, member_id, at_ms)
values ($customer, $person, $partner, $member, $at);

-- name: first_buyer_find
select id, customer_id, person_id, partner_id, member_id, at_ms from first_buyer
where customer_id = $customer and void_ms is null order by id desc limit 1;

-- name: reference_list
-- Customers with a deal that was won, the latest win first.
select c.id, c.name, c.market, c.industry, c.source, max(d.closed_ms), count(*)
from customer c join deal d on d.customer_id = c.id
where c.void_ms is null and d.void_ms is null and d.state = 'won'
  and ($market is null or c.market = $market)
group by c.id order by max(d.closed_ms) desc, c.id limit $max;
