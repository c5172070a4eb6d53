-- The rows that figures are made of. A figure, its `why` and its `list` all come from
-- the rows of one of these statements (core/kpi.c marks what counts and what not), so
-- that they cannot disagree. Several KPIs share the rows of deals or of touch points.
--
-- Scope is bound by name, null meaning any: $partner $customer $member $market $team
-- $deal. A period is [$from, $to) in milliseconds. Rows are found by the narrowest
-- scope given: `$x is null or …` alone would defeat every index, so each arm of `found`
-- names its own, and SQLite skips an arm whose constant condition fails.
-- Void and merged records are out everywhere.

-- name: kpi_partners
-- Partners, with what each did in [$from, $to): touch points and registrations.
with touched (partner_id, n) as (
    select partner_id, count(distinct touch_id) from (
        select x.partner_id, x.touch_id
        from touch_partner x cross join touch_point t on t.id = x.touch_id
        where $partner is not null and x.partner_id = $partner and x.void_ms is null
          and t.at_ms >= $from and t.at_ms < $to and t.void_ms is null
          and t.state = 'held' and t.outcome = 'reached' and t.internal = 0
        union all
        select x.partner_id, x.touch_id
        from touch_point t cross join touch_partner x on x.touch_id = t.id
        where $partner is null and x.void_ms is null
          and t.at_ms >= $from and t.at_ms < $to and t.void_ms is null
          and t.state = 'held' and t.outcome = 'reached' and t.internal = 0)
    group by partner_id
),
registered (partner_id, n) as (
    select partner_id, count(*) from deal
    where registered_ms >= $from and registered_ms < $to and void_ms is null
      and state not in ('merged', 'submitted', 'declined') and partner_id is not null
      and ($partner is null or partner_id = $partner)
    group by partner_id
)
select p.id, p.type, p.market, p.silo, p.stage, p.signed_day, p.ended_day,
       coalesce(touched.n, 0), coalesce(registered.n, 0)
from partner p
left join touched on touched.partner_id = p.id
left join registered on registered.partner_id = p.id
where p.void_ms is null and ($partner is null or p.id = $partner)
  and ($market is null or p.market = $market)
order by p.id;

-- name: kpi_deals
-- Deals registered before $to, with what was known of each at $as_of: the last close
-- counts, and a deal closed or reopened later is as it was then. Pauses come as
-- "from-to" pairs. `reopened` marks a deal that was won or lost in [$from, $to) and
-- reopened after that, so that a past figure has changed.
with found (id) as (
    select id from deal where $deal is not null and id = $deal
    union all
    select id from deal
    where $deal is null and $partner is not null and partner_id = $partner
    union all
    select id from deal
    where $deal is null and $partner is null and $customer is not null
      and customer_id = $customer
    union all
    select id from deal
    where $deal is null and $partner is null and $customer is null
)
select d.id, d.partner_id, d.customer_id, coalesce(d.market, p.market, c.market),
       d.origin, d.registered_ms, d.value_minor, d.currency,
       case when d.state in ('won', 'lost', 'expired') and d.closed_ms <= $as_of
            then d.state else coalesce(e.what, 'open') end,
       case when d.state in ('won', 'lost', 'expired') and d.closed_ms <= $as_of
            then d.closed_ms else e.at_ms end,
       d.state = 'paused',
       (select group_concat(z.from_ms || '-' || coalesce(z.to_ms, ''), ' ')
        from deal_pause z
        where z.deal_id = d.id and z.void_ms is null and z.from_ms <= $as_of),
       exists (select 1 from deal_event w join deal_event r on r.deal_id = w.deal_id
               where w.deal_id = d.id and w.what in ('won', 'lost')
                 and w.at_ms >= $from and w.at_ms < $to and r.what = 'reopened'
                 and (r.at_ms > w.at_ms or (r.at_ms = w.at_ms and r.id > w.id))
                 and r.at_ms <= $as_of and w.void_ms is null and r.void_ms is null),
       o.id, coalesce(o.state != 'active', 0), k.id, coalesce(k.state != 'active', 0)
from found join deal d on d.id = found.id
left join partner p on p.id = d.partner_id
left join customer c on c.id = d.customer_id
left join deal_event e
  on not (d.state in ('won', 'lost', 'expired') and d.closed_ms <= $as_of)
 and e.id = (select x.id from deal_event x
             where x.deal_id = d.id and x.at_ms <= $as_of and x.void_ms is null
               and x.what in ('won', 'lost', 'expired', 'reopened')
             order by x.at_ms desc, x.id desc limit 1)
left join member o on o.id =
    case when d.state in ('won', 'lost', 'expired') and d.closed_owner_id is not null
         then d.closed_owner_id else d.owner_id end
left join member k on k.id =
    case when d.state in ('won', 'lost', 'expired') and d.closed_owner_id is not null
         then d.closed_co_owner_id else d.co_owner_id end
where d.void_ms is null and d.state not in ('merged', 'submitted', 'declined') and d.registered_ms < $to
  and ($deal is null or d.id = $deal)
  and ($partner is null or d.partner_id = $partner)
  and ($customer is null or d.customer_id = $customer)
  and ($member is null or $member in (o.id, k.id))
  and ($team is null or $team in (o.team, k.team))
  and ($market is null or coalesce(d.market, p.market, c.market) = $market)
order by d.registered_ms, d.id;

-- name: kpi_deal_touches
-- The touch points of one deal, attempts and internal ones too, with those that came
-- with deals merged into it.
with recursive family (id) as (
    select $deal
    union
    select m.id from family cross join deal m on m.merged_into = family.id
)
select t.kind, t.no, t.at_ms, t.channel, t.outcome, t.internal, t.customer_id,
       t.member_id
from family cross join touch_point t on t.deal_id = family.id
where t.state = 'held' and t.void_ms is null
order by t.at_ms, t.id;

-- name: kpi_touches
-- Touch points and meetings held in [$from, $to), attempts and internal ones too; one
-- row for each partner that took part. With $meetings = 1 only meetings, and with them
-- when somebody was first heard afterwards, when a stance was first noted, and whether
-- there was a champion to ask. That a note exists is all that is read of it: an
-- off-record one counts by that bare fact.
with recursive family (id) as (
    select $deal where $deal is not null
    union
    select m.id from family cross join deal m on m.merged_into = family.id
),
found (id) as (
    select t.id from family cross join touch_point t on t.deal_id = family.id
    union all
    select distinct x.touch_id from touch_partner x
    where $deal is null and $partner is not null and x.partner_id = $partner
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is not null
      and t.customer_id = $customer and t.at_ms >= $from and t.at_ms < $to
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is null
      and $member is not null
      and t.member_id = $member and t.at_ms >= $from and t.at_ms < $to
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is null and $member is null
      and t.at_ms >= $from and t.at_ms < $to
)
select t.kind, t.no, t.at_ms, t.channel, t.outcome, t.internal, t.deal_id,
       x.partner_id, t.customer_id, t.member_id, m.state != 'active',
       coalesce(d.market, p.market, c.market, m.market),
       case when $meetings = 1 then
           (select min(n.at_ms) from note n
            where n.touch_id = t.id and n.layer = 'after' and n.void_ms is null
              and n.at_ms <= $as_of) end,
       case when $meetings = 1 then
           (select min(n.at_ms) from note n
            where n.touch_id = t.id and n.stance is not null and n.void_ms is null
              and n.at_ms <= $as_of) end,
       case when $meetings = 1 then
           exists (select 1 from touch_person y
                   join champion h on h.person_id = y.person_id
                   where y.touch_id = t.id and y.void_ms is null and h.void_ms is null
                     and h.since_ms <= max(t.at_ms + coalesce(t.minutes, 0) * 60000,
                                           t.created_ms))
           or exists (select 1 from champion h
                      where h.deal_id = t.deal_id and h.void_ms is null
                        and h.since_ms <= max(t.at_ms + coalesce(t.minutes, 0) * 60000,
                                              t.created_ms))
           or exists (select 1 from champion h
                      where h.customer_id = t.customer_id and h.void_ms is null
                        and h.since_ms <= max(t.at_ms + coalesce(t.minutes, 0) * 60000,
                                              t.created_ms))
           or exists (select 1 from touch_partner y
                      join champion h on h.partner_id = y.partner_id
                      where y.touch_id = t.id and y.void_ms is null
                        and h.void_ms is null
                        and h.since_ms <= max(t.at_ms + coalesce(t.minutes, 0) * 60000,
                                              t.created_ms))
       end
from found cross join touch_point t on t.id = found.id
left join touch_partner x on x.touch_id = t.id and x.void_ms is null
left join deal d on d.id = t.deal_id
left join partner p on p.id = x.partner_id
left join customer c on c.id = t.customer_id
left join member m on m.id = t.member_id
where t.at_ms >= $from and t.at_ms < $to and t.state = 'held' and t.void_ms is null
  and ($meetings = 0 or t.kind = 'M')
  and ($partner is null or x.partner_id = $partner)
  and ($customer is null or t.customer_id = $customer)
  and ($member is null or t.member_id = $member)
  and ($team is null or m.team = $team)
  and ($market is null or coalesce(d.market, p.market, c.market, m.market) = $market)
order by t.at_ms, t.id, x.partner_id;
