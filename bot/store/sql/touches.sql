-- name: touch_insert
insert into touch_point (kind, no, state, at_ms, minutes, channel, outcome, internal, inquiry, place,
  others, member_id, customer_id, deal_id, note_id, note_rev, cues, amount_minor, currency, link, zone, source, created_ms)
values ($kind, (select coalesce(max(no), 0) + 1 from touch_point where kind = $kind),
  $state, $at, $minutes, $channel, $outcome, $internal, $inquiry, $place, $others, $member, $customer,
  $deal, $note, $rev, $cues, $amount, $currency, $link, $zone, $source, $now);

-- name: touch_no
-- What the insert numbered: `returning` would build a table for it each time.
select no from touch_point where id = $id;

-- name: touch_update
update touch_point set state = $state, at_ms = $at, minutes = $minutes, channel = $channel,
  outcome = $outcome, internal = $internal, inquiry = $inquiry, place = $place, others = $others,
  customer_id = $customer, deal_id = $deal, note_id = $note, note_rev = $rev, cues = $cues,
  amount_minor = $amount, currency = $currency, link = $link, zone = $zone
where id = $id;

-- name: touch_by_no
select id, kind, no, state, at_ms, minutes, channel, outcome, internal, place, others,
  member_id, customer_id, deal_id, note_id, note_rev, cues, source, created_ms, amount_minor, currency, inquiry,
  link, zone
from touch_point where kind = $kind and no = $no and void_ms is null;

-- name: touch_by_id
select id, kind, no, state, at_ms, minutes, channel, outcome, internal, place, others,
  member_id, customer_id, deal_id, note_id, note_rev, cues, source, created_ms, amount_minor, currency, inquiry,
  link, zone
from touch_point where id = $id and void_ms is null;

-- name: touch_person_insert
insert into touch_person (touch_id, person_id, label, manner)
values ($touch, $person, $label, $manner);

-- name: touch_people
select person_id, label, manner from touch_person where touch_id = $touch and void_ms is null order by id;

-- name: touch_people_void
update touch_person set void_ms = $now where touch_id = $touch and void_ms is null;

-- name: touch_partner_insert
insert into touch_partner (touch_id, partner_id) values ($touch, $partner);

-- name: touch_partners
select partner_id from touch_partner where touch_id = $touch and void_ms is null order by id;

-- name: touch_partners_void
update touch_partner set void_ms = $now where touch_id = $touch and void_ms is null;

-- name: touch_list_inquiry
-- What customers asked support for, the latest first.
select id from touch_point where inquiry = 1 and void_ms is null
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
order by at_ms desc, id desc limit $max;

-- name: touch_list_partner
select t.id from touch_partner x cross join touch_point t on t.id = x.touch_id
where x.partner_id = $partner and x.void_ms is null and t.void_ms is null and t.state = 'held'
  and ($from is null or t.at_ms >= $from) and ($to is null or t.at_ms < $to)
  and ($kind is null or t.kind = $kind) and ($member is null or t.member_id = $member)
order by t.at_ms desc, t.id desc limit $max;

-- name: touch_list_person
select t.id from touch_person x cross join touch_point t on t.id = x.touch_id
where x.person_id = $person and x.void_ms is null and t.void_ms is null and t.state = 'held'
  and ($from is null or t.at_ms >= $from) and ($to is null or t.at_ms < $to)
  and ($kind is null or t.kind = $kind) and ($member is null or t.member_id = $member)
order by t.at_ms desc, t.id desc limit $max;

-- name: touch_list_deal
select id from touch_point
where deal_id = $deal and void_ms is null and state = 'held'
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
  and ($kind is null or kind = $kind) and ($member is null or member_id = $member)
order by at_ms desc, id desc limit $max;

-- name: touch_list_customer
select id from touch_point
where customer_id = $customer and void_ms is null and state = 'held'
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
  and ($kind is null or kind = $kind) and ($member is null or member_id = $member)
order by at_ms desc, id desc limit $max;

-- name: touch_list_member
select id from touch_point
where member_id = $member and void_ms is null and state = 'held'
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
  and ($kind is null or kind = $kind)
order by at_ms desc, id desc limit $max;

-- name: touch_list_all
select id from touch_point
where void_ms is null and state = 'held'
  and ($from is null or at_ms >= $from) and ($to is null or at_ms < $to)
  and ($kind is null or kind = $kind)
order by at_ms desc, id desc limit $max;

-- name: touch_list_planned
select id from touch_point
where member_id = $member and state = 'planned' and void_ms is null
  and at_ms >= $from and at_ms < $to
  and ($customer is null or customer_id = $customer)
  and ($partner is null or exists (select 1 from touch_partner x
    where x.touch_id = touch_point.id and x.partner_id = $partner and x.void_ms is null))
order by at_ms, id limit $max;

-- name: touch_standing_deal
-- Touch points that count on a deal, and the latest but $id.
select count(*), max(case when id != $id then at_ms end) from touch_point
where deal_id = $ref and void_ms is null and state = 'held' and outcome = 'reached' and internal = 0;
