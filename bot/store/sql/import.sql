-- Imports: records are written hidden (void_ms = -batch), shown later (schema.sql,
-- import_batch). An empty cell is null and changes nothing.

-- name: import_batch_insert
insert into import_batch (file, member_id, at_ms) values ($file, $member, $at);

-- name: import_batch_state
update import_batch set state = $state where id = $id;

-- name: import_batch_open
select id, state, coalesce(member_id, (select min(id) from member)) from import_batch
where state != 'shown' order by id limit 1;

-- name: import_batch_delete
delete from import_batch where id = $id;

-- name: import_known_names
-- Every name by which a record may be meant, with its parent: of a person the firm, of a
-- deal the customer. Names of merged records find the one that stayed.
select 'P', id, name, null, null from partner where void_ms is null
union all select 'A', id, name, null, null from customer where void_ms is null
union all select 'C', id, name, partner_id, customer_id from person where void_ms is null
union all select 'D', id, name, null, customer_id from deal where void_ms is null
union all select n.kind, n.ref, n.text, p.partner_id, p.customer_id from name n
  left join person p on n.kind = 'C' and p.id = n.ref
  where n.void_ms is null and n.sort != 'former';

-- name: import_known_keys
-- Without those of a record that is gone; of a merged one the record that stayed.
select 'P', k.key, coalesce(p.merged_into, p.id) from import_key k join partner p on p.id = k.ref
where k.kind = 'P' and (p.void_ms is null or p.merged_into is not null)
union all
select 'A', k.key, coalesce(a.merged_into, a.id) from import_key k join customer a on a.id = k.ref
where k.kind = 'A' and (a.void_ms is null or a.merged_into is not null)
union all
select 'C', k.key, coalesce(c.merged_into, c.id) from import_key k join person c on c.id = k.ref
where k.kind = 'C' and (c.void_ms is null or c.merged_into is not null)
union all
select 'D', k.key, d.id from import_key k join deal d on d.id = k.ref
where k.kind = 'D' and d.void_ms is null
union all
select 'T', k.key, t.id from import_key k join touch_point t on t.id = k.ref
where k.kind = 'T' and t.void_ms is null;

-- name: import_partner_load
select id, void_ms, merged_into, created_ms, name, person, type, market, silo, stage,
  commission_bp, commission_mode, renewal_bp, first_level, support_language, agreement_day,
  signed_day, ended_day
from partner where id = $id;

-- name: import_customer_load
select id, void_ms, merged_into, created_ms, name, market, industry from customer where id = $id;

-- name: import_person_load
select id, void_ms, merged_into, created_ms, name, partner_id, customer_id, title, department,
  honorific, seniority, language, duty
from person where id = $id;

-- name: import_deal_load
select id, void_ms, null, created_ms, name, customer_id, partner_id, product, kind, origin,
  model, relation, owner_id, co_owner_id, value_minor, list_minor, currency, market, state,
  stage, registered_ms, decided_ms, decided_by, closed_ms, closed_owner_id,
  closed_co_owner_id, live_ms
from deal where id = $id;

-- name: import_touch_load
select id, void_ms, null, created_ms, at_ms, minutes, channel, outcome, internal, inquiry,
  place, others, member_id, customer_id, deal_id, amount_minor, currency, cues
from touch_point where id = $id;

-- name: import_touch_by_no
select id from touch_point where kind = 'T' and no = $no;

-- name: import_extras
-- Whether a record has that further name, or a person that way to be reached.
select exists (select 1 from name where kind = $kind and ref = $ref and text = $text and void_ms is null)
  or ($kind = 'C' and exists (select 1 from messenger where person_id = $ref and handle = $text and void_ms is null));

-- name: import_partner_insert
insert into partner (id, name, person, type, market, silo, stage, commission_bp, commission_mode,
  renewal_bp, first_level, support_language, agreement_day, signed_day, ended_day, source,
  created_ms, void_ms)
values ($id, $name, coalesce($person, 0), $type, $market, $silo, coalesce($stage, 'prospect'),
  $commission_bp, coalesce($commission_mode, 'commission'), $renewal_bp, $first_level,
  $support_language, $agreement_day, $signed_day, $ended_day, 'import', $created, $void);

-- name: import_customer_insert
insert into customer (id, name, market, industry, source, created_ms, void_ms)
values ($id, $name, $market, $industry, 'import', $created, $void);

-- name: import_person_insert
insert into person (id, name, partner_id, customer_id, title, department, honorific, seniority,
  language, duty, source, created_ms, void_ms)
values ($id, $name, $partner_id, $customer_id, $title, $department, $honorific, $seniority,
  $language, $duty, 'import', $created, $void);

-- name: import_deal_insert
insert into deal (id, name, customer_id, partner_id, product, kind, origin, model, relation,
  owner_id, co_owner_id, value_minor, list_minor, currency, market, state, stage, registered_ms,
  decided_ms, decided_by, closed_ms, closed_owner_id, closed_co_owner_id, live_ms, reason_note,
  source, created_ms, void_ms)
values ($id, $name, $customer_id, $partner_id, $product, coalesce($kind, 'new'),
  coalesce($origin, 'unknown'), $model, $relation, $owner_id, $co_owner_id, $value_minor,
  $list_minor, $currency, $market, coalesce($state, 'registered'), $stage, $registered_ms,
  $decided_ms, $decided_by, $closed_ms, $closed_owner_id, $closed_co_owner_id, $live_ms, $note,
  'import', $created, $void);

-- name: import_deal_event
insert into deal_event (deal_id, what, value, at_ms, member_id, void_ms)
values ($deal, $what, $value, $at, $member, $void);

-- name: import_deal_source
insert into deal_source (deal_id, partner_id, at_ms, member_id, source, created_ms)
values ($deal, $partner, $at, $member, 'import', $created);

-- name: import_touch_insert
insert into touch_point (kind, no, at_ms, minutes, channel, outcome, internal, inquiry, place,
  others, member_id, customer_id, deal_id, note_id, note_rev, cues, amount_minor, currency,
  source, created_ms, void_ms)
values ('T', coalesce($id, (select coalesce(max(no), 0) + 1 from touch_point where kind = 'T')),
  $at_ms, $minutes, coalesce($channel, 'unknown'), coalesce($outcome, 'reached'),
  coalesce($internal, 0), coalesce($inquiry, 0), $place, coalesce($others, 0), $member_id,
  $customer_id, $deal_id, $note, $rev, $cues, $amount_minor, $currency, 'import', $created, $void);

-- name: import_name_insert
insert into name (kind, ref, text, sort, void_ms) values ($kind, $ref, $text, $sort, $void);

-- name: import_messenger_insert
insert into messenger (person_id, network, handle, void_ms) values ($person, $network, $handle, $void);

-- name: import_key_insert
insert into import_key (kind, key, ref, batch_id) values ($kind, $key, $ref, $batch)
on conflict (kind, key) do update set ref = excluded.ref, batch_id = excluded.batch_id;

-- name: import_change_insert
insert into import_change (batch_id, kind, ref, columns) values ($batch, $kind, $ref, $columns);

-- name: import_span_insert
insert into import_span (batch_id, tbl, first_row, last_row) values ($batch, $tbl, $first, $last);

-- name: import_span_next
select id, tbl, first_row, last_row from import_span where batch_id = $batch order by id limit 1;

-- name: import_span_last
select id, tbl, first_row, last_row from import_span where batch_id = $batch order by id desc limit 1;

-- name: import_span_delete
delete from import_span where id = $id;

-- name: import_show_partner
update partner set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_customer
update customer set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_person
update person set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_name
update name set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_messenger
update messenger set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_deal
update deal set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_deal_event
update deal_event set void_ms = null where id between $first and $last and void_ms = -$batch;
-- name: import_show_touch_point
update touch_point set void_ms = null where id between $first and $last and void_ms = -$batch;

-- name: import_drop_deal_source
delete from deal_source where deal_id in
  (select id from deal where id between $first and $last and void_ms = -$batch);
-- name: import_drop_touch_person
delete from touch_person where touch_id in
  (select id from touch_point where id between $first and $last and void_ms = -$batch);
-- name: import_drop_touch_partner
delete from touch_partner where touch_id in
  (select id from touch_point where id between $first and $last and void_ms = -$batch);
-- name: import_drop_partner
delete from partner where id between $first and $last and void_ms = -$batch;
-- name: import_drop_customer
delete from customer where id between $first and $last and void_ms = -$batch;
-- name: import_drop_person
delete from person where id between $first and $last and void_ms = -$batch;
-- name: import_drop_name
delete from name where id between $first and $last and void_ms = -$batch;
-- name: import_drop_messenger
delete from messenger where id between $first and $last and void_ms = -$batch;
-- name: import_drop_deal
delete from deal where id between $first and $last and void_ms = -$batch;
-- name: import_drop_deal_event
delete from deal_event where id between $first and $last and void_ms = -$batch;
-- name: import_drop_touch_point
delete from touch_point where id between $first and $last and void_ms = -$batch;

-- name: import_touch_notes
select note_id from touch_point
where id between $first and $last and void_ms = -$batch and note_id is not null limit $max;
-- name: import_deal_notes
select reason_note from deal
where id between $first and $last and void_ms = -$batch and reason_note is not null limit $max;
-- name: import_note_gone
update touch_point set note_id = null, note_rev = null where note_id = $note and void_ms < 0;
-- name: import_reason_gone
update deal set reason_note = null where reason_note = $note and void_ms < 0;

-- name: import_drop_keys
delete from import_key where (kind, key) in
  (select kind, key from import_key where batch_id = $batch limit 500);

-- name: import_drop_changes
delete from import_change where id in
  (select id from import_change where batch_id = $batch limit 500);

-- name: import_left
-- What is still to be done of a batch.
select exists (select 1 from import_span where batch_id = $batch)
    or exists (select 1 from import_change where batch_id = $batch),
  exists (select 1 from import_key where batch_id = $batch);

-- name: import_change_next
select id, kind, ref, columns from import_change where batch_id = $batch order by id limit 1;

-- name: import_change_delete
delete from import_change where id = $id;

-- name: import_change_partner
update partner set name = coalesce($c ->> 'name', name), person = coalesce($c ->> 'person', person),
  type = coalesce($c ->> 'type', type), market = coalesce($c ->> 'market', market),
  silo = coalesce($c ->> 'silo', silo), stage = coalesce($c ->> 'stage', stage),
  commission_bp = coalesce($c ->> 'commission_bp', commission_bp),
  commission_mode = coalesce($c ->> 'commission_mode', commission_mode),
  renewal_bp = coalesce($c ->> 'renewal_bp', renewal_bp),
  first_level = coalesce($c ->> 'first_level', first_level),
  support_language = coalesce($c ->> 'support_language', support_language),
  agreement_day = coalesce($c ->> 'agreement_day', agreement_day),
  signed_day = coalesce($c ->> 'signed_day', signed_day),
  ended_day = coalesce($c ->> 'ended_day', ended_day)
where id = $id and void_ms is null;

-- name: import_change_customer
update customer set name = coalesce($c ->> 'name', name), market = coalesce($c ->> 'market', market),
  industry = coalesce($c ->> 'industry', industry)
where id = $id and void_ms is null;

-- name: import_change_person
update person set name = coalesce($c ->> 'name', name),
  partner_id = coalesce($c ->> 'partner_id', partner_id),
  customer_id = coalesce($c ->> 'customer_id', customer_id), title = coalesce($c ->> 'title', title),
  department = coalesce($c ->> 'department', department),
  honorific = coalesce($c ->> 'honorific', honorific),
  seniority = coalesce($c ->> 'seniority', seniority), language = coalesce($c ->> 'language', language),
  duty = coalesce($c ->> 'duty', duty)
where id = $id and void_ms is null;

-- name: import_change_deal
update deal set name = coalesce($c ->> 'name', name),
  customer_id = coalesce($c ->> 'customer_id', customer_id),
  partner_id = coalesce($c ->> 'partner_id', partner_id), product = coalesce($c ->> 'product', product),
  kind = coalesce($c ->> 'kind', kind), origin = coalesce($c ->> 'origin', origin),
  model = coalesce($c ->> 'model', model), relation = coalesce($c ->> 'relation', relation),
  owner_id = coalesce($c ->> 'owner_id', owner_id),
  co_owner_id = coalesce($c ->> 'co_owner_id', co_owner_id),
  value_minor = coalesce($c ->> 'value_minor', value_minor),
  list_minor = coalesce($c ->> 'list_minor', list_minor),
  currency = coalesce($c ->> 'currency', currency), market = coalesce($c ->> 'market', market),
  state = coalesce($c ->> 'state', iif($c ->> 'touched' and state = 'registered', 'open', state)),
  stage = coalesce($c ->> 'stage', stage),
  registered_ms = coalesce($c ->> 'registered_ms', registered_ms),
  decided_ms = coalesce($c ->> 'decided_ms', decided_ms),
  decided_by = coalesce($c ->> 'decided_by', decided_by),
  closed_ms = coalesce($c ->> 'closed_ms', closed_ms),
  closed_owner_id = coalesce($c ->> 'closed_owner_id', closed_owner_id),
  closed_co_owner_id = coalesce($c ->> 'closed_co_owner_id', closed_co_owner_id),
  live_ms = coalesce($c ->> 'live_ms', live_ms),
  merged_into = coalesce($c ->> 'merged_into', merged_into)
where id = $id and void_ms is null;

-- name: import_change_touch
update touch_point set at_ms = coalesce($c ->> 'at_ms', at_ms), minutes = coalesce($c ->> 'minutes', minutes),
  channel = coalesce($c ->> 'channel', channel), outcome = coalesce($c ->> 'outcome', outcome),
  internal = coalesce($c ->> 'internal', internal), inquiry = coalesce($c ->> 'inquiry', inquiry),
  place = coalesce($c ->> 'place', place), others = coalesce($c ->> 'others', others),
  member_id = coalesce($c ->> 'member_id', member_id),
  customer_id = coalesce($c ->> 'customer_id', customer_id), deal_id = coalesce($c ->> 'deal_id', deal_id),
  amount_minor = coalesce($c ->> 'amount_minor', amount_minor),
  currency = coalesce($c ->> 'currency', currency), cues = coalesce($c ->> 'cues', cues)
where id = $id and void_ms is null;

-- name: import_check_in
-- One sign of life a partner, day and kind is enough.
insert into check_in (partner_id, at_day, what)
select $partner, $day, $what
where not exists (select 1 from check_in where partner_id = $partner and at_day = $day
  and what = $what and void_ms is null);
