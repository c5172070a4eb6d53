-- name: deal_insert
insert into deal (name, customer_id, partner_id, product, kind, origin, model, owner_id,
  co_owner_id, value_minor, currency, market, state, stage, registered_ms, closed_ms,
  closed_owner_id, closed_co_owner_id, live_ms, merged_into, reason_note, source, created_ms,
  relation, list_minor)
values ($name, $customer, $partner, $product, $kind, $origin, $model, $owner, $co_owner,
  $value, $currency, $market, $state, $stage, $registered, $closed, $closed_owner,
  $closed_co_owner, $live, $merged, $reason, $source, $now, $relation, $list);

-- name: deal_update
update deal set name = $name, customer_id = $customer, partner_id = $partner,
  product = $product, kind = $kind, origin = $origin, model = $model, owner_id = $owner,
  co_owner_id = $co_owner, value_minor = $value, currency = $currency, market = $market,
  state = $state, stage = $stage, registered_ms = $registered, closed_ms = $closed,
  closed_owner_id = $closed_owner, closed_co_owner_id = $closed_co_owner, live_ms = $live,
  merged_into = $merged, reason_note = $reason, relation = $relation, list_minor = $list,
  decided_ms = $decided, decided_by = $decider
where id = $id;

-- name: deal_find
select id, name, customer_id, partner_id, product, kind, origin, model, owner_id,
  co_owner_id, value_minor, currency, market, state, stage, registered_ms, closed_ms,
  closed_owner_id, closed_co_owner_id, live_ms, merged_into, reason_note, source,
  relation, list_minor, decided_ms, decided_by
from deal where id = $id and void_ms is null;

-- name: deal_list
select id, name, customer_id, partner_id, product, kind, origin, model, owner_id,
  co_owner_id, value_minor, currency, market, state, stage, registered_ms, closed_ms,
  closed_owner_id, closed_co_owner_id, live_ms, merged_into, reason_note, source,
  relation, list_minor, decided_ms, decided_by
from deal d
where void_ms is null
  and ($customer is null or customer_id = $customer)
  and ($partner is null or partner_id = $partner)
  and ($owner is null or $owner in (owner_id, co_owner_id))
  and ($product is null or product = $product)
  and ($state is null or state = $state)
  and ($live = 0 or state in ('registered', 'open', 'paused'))
  and ($toucher is null or exists (select 1 from touch_point t where t.deal_id = d.id
       and t.member_id = $toucher and t.at_ms >= $since and t.void_ms is null))
order by registered_ms desc, id desc limit $max;

-- name: deal_list_customer
-- The same for one customer, driven by its index: asked at every log.
select id, name, customer_id, partner_id, product, kind, origin, model, owner_id,
  co_owner_id, value_minor, currency, market, state, stage, registered_ms, closed_ms,
  closed_owner_id, closed_co_owner_id, live_ms, merged_into, reason_note, source,
  relation, list_minor, decided_ms, decided_by
from deal where customer_id = $customer and void_ms is null
  and (state = 'open' or state = 'registered' or state = 'paused')
order by registered_ms desc, id desc limit $max;

-- name: deal_list_touched
-- Live deals with a partner that a member touched or registered lately: asked at every
-- log.
select id, name, customer_id, partner_id, product, kind, origin, model, owner_id,
  co_owner_id, value_minor, currency, market, state, stage, registered_ms, closed_ms,
  closed_owner_id, closed_co_owner_id, live_ms, merged_into, reason_note, source,
  relation, list_minor, decided_ms, decided_by
from deal d where partner_id = $partner and void_ms is null
  and (state = 'open' or state = 'registered' or state = 'paused')
  and ((d.owner_id = $toucher and d.registered_ms >= $since)
    or exists (select 1 from touch_point t where t.deal_id = d.id and t.at_ms >= $since
       and t.member_id = $toucher and t.void_ms is null))
order by registered_ms desc, id desc limit $max;

-- name: deal_find_named
-- $text: lower case.
select id from deal
where void_ms is null and $text != '' and instr(lower(name), $text) > 0 order by id desc limit $max;

-- name: deal_list_idle
-- Live ones, stored before $midnight, whose registration, touch points and changes of stage
-- all lie before $before. Asked once a day.
select d.id, d.name, d.customer_id, d.partner_id, d.product, d.kind, d.origin, d.model, d.owner_id,
  d.co_owner_id, d.value_minor, d.currency, d.market, d.state, d.stage, d.registered_ms, d.closed_ms,
  d.closed_owner_id, d.closed_co_owner_id, d.live_ms, d.merged_into, d.reason_note, d.source,
  d.relation, d.list_minor, d.decided_ms, d.decided_by,
  max(d.registered_ms,
    coalesce((select max(t.at_ms) from touch_point t where t.deal_id = d.id and t.state = 'held'
              and t.outcome = 'reached' and t.internal = 0 and t.void_ms is null), 0),
    coalesce((select max(v.at_ms) from deal_event v where v.deal_id = d.id and v.void_ms is null
              and v.what in ('stage', 'resumed', 'reopened', 'approved')), 0)) as last_ms
from deal d
where (d.state = 'registered' or d.state = 'open') and d.void_ms is null and d.created_ms < $midnight
  and d.registered_ms < $before and last_ms < $before
order by d.id limit $max;

-- name: deal_any_live
-- By its index: asked at every tick.
select 1 from deal where (state = 'registered' or state = 'open') and void_ms is null limit 1;

-- name: deal_open
update deal set state = 'open' where id = $id and state = 'registered';

-- name: deal_event_insert
insert into deal_event (deal_id, what, value, at_ms, member_id)
values ($deal, $what, $value, $at, $member);

-- name: deal_event_list
select what, value, at_ms, member_id from deal_event
where deal_id = $deal and void_ms is null order by at_ms desc, id desc limit $max;

-- name: deal_partner_insert
insert into deal_partner (deal_id, partner_id, until_day, member_id)
values ($deal, $partner, $until, $member);

-- name: deal_partner_list
-- With whom it was before, the latest first.
select partner_id, until_day from deal_partner
where deal_id = $deal and void_ms is null order by until_day desc, id desc limit $max;

-- name: refund_insert
insert into refund (deal_id, amount_minor, currency, at_day, note_id, member_id, created_ms)
values ($deal, $amount, $currency, $day, $note, $member, $now);

-- name: refund_sum
select coalesce(sum(amount_minor), 0) from refund where deal_id = $deal and void_ms is null;

-- name: deal_pause_insert
insert into deal_pause (deal_id, from_ms) values ($deal, $from);

-- name: deal_pause_close
update deal_pause set to_ms = $to where deal_id = $deal and to_ms is null and void_ms is null;
