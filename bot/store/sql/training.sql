-- Trainings of partners' people, from enrolment to certificate.

-- name: training_insert
insert into training (person_id, partner_id, product, enrolled_day, due_day, due_assumed,
  done_day, certified_day, expires_day, member_id, created_ms)
values ($person, $partner, $product, $enrolled, $due, $assumed, $done, $certified, $expires,
  $member, $now);

-- name: training_update
update training set due_day = $due, due_assumed = $assumed, done_day = $done,
  certified_day = $certified, expires_day = $expires
where id = $id;

-- name: training_latest
-- What is said of a person now is about the latest training not done yet, else about the
-- latest; of a product where one is named.
select id, person_id, partner_id, product, enrolled_day, due_day, due_assumed, done_day,
       certified_day, expires_day, null
from training
where person_id = $person and void_ms is null and ($product is null or product = $product collate nocase)
order by done_day is not null, enrolled_day desc, id desc limit 1;

-- name: training_list
-- Of a person, of a partner's people, or all; what is still to be done first, soonest due.
select t.id, t.person_id, t.partner_id, t.product, t.enrolled_day, t.due_day, t.due_assumed,
       t.done_day, t.certified_day, t.expires_day,
       (select max(d.closed_ms) from deal d where d.partner_id = t.partner_id
          and d.state = 'won' and d.void_ms is null)
from training t join person p on p.id = t.person_id
where t.void_ms is null and p.void_ms is null
  and ($person is null or t.person_id = $person)
  and ($partner is null or t.partner_id = $partner)
order by t.done_day is not null, iif(t.done_day is null, t.due_day, -t.done_day), t.id limit $max;
