-- Marketing by or with partners, the leads that came of it, and case studies.

-- name: activity_insert
insert into activity (kind, joint, partner_id, market, language, product, at_day, leads,
  meetings, note_id, member_id, created_ms)
values ($kind, $joint, $partner, $market, $language, $product, $day, $leads, $meetings, $note,
  $member, $now);

-- name: activity_update
update activity set kind = $kind, joint = $joint, partner_id = $partner, market = $market,
  language = $language, product = $product, at_day = $day, leads = $leads,
  meetings = $meetings, note_id = $note
where id = $id;

-- name: activity_find
select id, kind, joint, partner_id, market, language, product, at_day, coalesce(leads, -1),
       coalesce(meetings, -1), note_id, member_id
from activity where id = $id and void_ms is null;

-- name: activity_list
select id, kind, joint, partner_id, market, language, product, at_day, coalesce(leads, -1),
       coalesce(meetings, -1), note_id, member_id
from activity
where void_ms is null and ($partner is null or partner_id = $partner)
  and ($market is null or market = $market)
order by at_day desc, id desc limit $max;

-- name: lead_insert
insert into lead (activity_id, partner_id, customer_id, person_id, touch_id, deal_id, at_ms,
  note_id, member_id, created_ms)
values ($activity, $partner, $customer, $person, $touch, $deal, $at, $note, $member, $now);

-- name: lead_update
update lead set activity_id = $activity, partner_id = $partner, person_id = $person,
  touch_id = $touch, deal_id = $deal, note_id = $note
where id = $id;

-- name: lead_find
select id, activity_id, partner_id, customer_id, person_id, touch_id, deal_id, at_ms, note_id,
       member_id
from lead where id = $id and void_ms is null;

-- name: lead_list
-- $orphan 1: only those that neither a meeting nor a deal came of.
select id, activity_id, partner_id, customer_id, person_id, touch_id, deal_id, at_ms, note_id,
       member_id
from lead
where void_ms is null and ($partner is null or partner_id = $partner)
  and ($customer is null or customer_id = $customer)
  and ($activity is null or activity_id = $activity)
  and ($orphan = 0 or (touch_id is null and deal_id is null))
order by at_ms desc, id desc limit $max;

-- name: case_study_insert
insert into case_study (customer_id, partner_id, deal_id, market, language, translated_from,
  product, published_day, link, member_id, created_ms)
values ($customer, $partner, $deal, $market, $language, $from, $product, $day, $link, $member,
  $now);

-- name: case_study_list
-- The latest first; $local 1: no translations of a story from elsewhere.
select customer_id, partner_id, deal_id, market, language, translated_from, product,
       published_day, link
from case_study
where void_ms is null and ($customer is null or customer_id = $customer)
  and ($partner is null or partner_id = $partner) and ($market is null or market = $market)
  and ($local = 0 or translated_from is null)
order by published_day desc, id desc limit $max;
