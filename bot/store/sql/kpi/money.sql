-- Figures of money. `won` is what was won in the period, wherever in the channel; whose
-- it is, `origins` and `touched` say. Sums are kept apart by currency: a row carries its
-- value in minor units and, where the figure converts, the rate of its close day in `net`.

-- fragment: won_found
-- Closed in the period, or reopened at some time: then the deal's events decide.
found (id) as (
    select id from deal where $deal is not null and id = $deal
    union
    select id from deal where $deal is null and closed_ms >= $from and closed_ms < $to
    union
    select deal_id from deal_event
    where $deal is null and what = 'reopened' and void_ms is null
),
-- use: known

-- fragment: won
won as materialized (
    select * from known
    where state = 'won' and closed_ms >= $from and closed_ms < $to
      and ($market is null or market = $market)
),
family (root, id) as (
    select id, id from won
    union
    select f.root, m.id from family f cross join deal m on m.merged_into = f.id
),
-- Our first touch point, attempts included: what a partner's user wrote is not ours.
first_touch (root, at_ms) as (
    select f.root, min(y.at_ms)
    from family f cross join touch_point y on y.deal_id = f.id
    join member m on m.id = y.member_id
    where y.state = 'held' and y.void_ms is null and y.internal = 0
      and m.role != 'partner' and y.at_ms <= $as_of
    group by f.root
),
-- Who brought it, and whether the evidence is older than that; else it is claimed.
origins (id, partner_id, valid) as (
    select w.id, s.partner_id, coalesce(s.at_ms < f.at_ms, 1)
    from won w cross join deal_source s on s.deal_id = w.id and s.void_ms is null
    left join first_touch f on f.root = w.id
)

-- fragment: touched
-- Partners that took part between the day of registration and the close.
touched (id, partner_id) as (
    select f.root, x.partner_id
    from family f cross join won w on w.id = f.root
    cross join touch_point y on y.deal_id = f.id
    cross join touch_partner x on x.touch_id = y.id and x.void_ms is null
    where y.state = 'held' and y.void_ms is null and y.internal = 0
      and y.outcome = 'reached' and y.at_ms <= w.closed_ms
      and y.at_ms >= day_start(day(w.registered_ms, $zone), $zone)
      and ($partner is null or x.partner_id = $partner)
    union
    select f.root, m.partner_id
    from family f cross join won w on w.id = f.root
    cross join touch_point y on y.deal_id = f.id
    cross join member m on m.id = y.member_id and m.partner_id is not null
    where y.state = 'held' and y.void_ms is null and y.internal = 0
      and y.outcome = 'reached' and y.at_ms <= w.closed_ms
      and y.at_ms >= day_start(day(w.registered_ms, $zone), $zone)
      and ($partner is null or m.partner_id = $partner)
)

-- fragment: credited
-- Won deals under the partner that is credited with them, or named on them.
select w.id, w.again, c.partner_id, w.customer_id, w.owner_id, w.owner_left,
       w.co_owner_id, w.co_owner_left, w.market, p.type, p.silo, w.product, w.team,
       w.origin, w.registered_ms, w.closed_ms, w.value_minor, w.currency,
       w.closed_ms as by_ms

-- name: kpi_k14
-- Sourced by a partner: one at most for each deal, and what was only claimed is none.
with recursive
found (id) as (
    select id from deal where $deal is not null and id = $deal
    union
    select deal_id from deal_source
    where $deal is null and $partner is not null and partner_id = $partner
      and void_ms is null
    union
    select id from deal
    where $deal is null and $partner is null and closed_ms >= $from and closed_ms < $to
    union
    select deal_id from deal_event
    where $deal is null and $partner is null and what = 'reopened' and void_ms is null
),
-- use: known
,
-- use: won
,
marked as (
-- use: credited
           , case when c.partner_id is null then 'unsourced'
                  when not c.valid then 'claimed'
                  when w.value_minor is null then 'no_value' else 'sourced' end as mark,
           iif(c.valid and w.value_minor is not null, 3, 0) as role,
           null as figure, null as net, 0 as flags
    from won w left join origins c on c.id = w.id left join partner p on p.id = c.partner_id
    where ($partner is null or c.partner_id = $partner)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
)
-- use: deal_rows
;

-- name: kpi_k15
-- Influenced by a partner that did not source it. Of all partners together a deal that
-- somebody sourced counts for nobody, and one that several touched counts once: the rows
-- that a split by partner has beyond that are `again`.
with recursive
found (id) as (
    select id from deal where $deal is not null and id = $deal
    union
    select f.deal_id from firm_touch f
    where $deal is null and f.firm = $partner and f.deal_id is not null
    union
    select d.merged_into from firm_touch f join deal d on d.id = f.deal_id
    where $deal is null and f.firm = $partner and d.merged_into is not null
    union
    select y.deal_id from member m cross join touch_point y on y.member_id = m.id
    where $deal is null and $partner is not null and m.partner_id = $partner
      and y.deal_id is not null
    union
    select id from deal
    where $deal is null and $partner is null and closed_ms >= $from and closed_ms < $to
    union
    select deal_id from deal_event
    where $deal is null and $partner is null and what = 'reopened' and void_ms is null
),
-- use: known
,
-- use: won
,
-- use: touched
,
sharing as (
    select h.id, h.partner_id, o.partner_id is h.partner_id and o.valid as own,
           coalesce(o.valid, 0) and o.partner_id is not h.partner_id
           and $partner is null as of_another,
           row_number() over (partition by h.id order by h.partner_id) as nth
    from touched h left join origins o on o.id = h.id
    join partner q on q.id = h.partner_id
    where ($type is null or q.type = $type) and ($silo is null or q.silo = $silo)
),
credits (id, partner_id, again, mark) as (
    select id, partner_id, of_another or nth > 1, 'influenced' from sharing
    where not coalesce(own, 0)
    union all
    select w.id, o.partner_id, 0, iif(coalesce(o.valid, 0), 'sourced', 'alone')
    from won w left join origins o on o.id = w.id
    where coalesce(o.valid, 0) and ($partner is null or o.partner_id = $partner)
       or w.id not in (select id from touched)
          and ($partner is null or o.partner_id = $partner)
),
marked as (
    select w.id, c.again, c.partner_id, w.customer_id, w.owner_id, w.owner_left,
           w.co_owner_id, w.co_owner_left, w.market, p.type, p.silo, w.product, w.team,
           w.origin, w.registered_ms, w.closed_ms, w.value_minor, w.currency,
           w.closed_ms as by_ms,
           iif(c.mark = 'influenced' and w.value_minor is null, 'no_value', c.mark) as mark,
           iif(c.mark = 'influenced' and w.value_minor is not null, 3, 0) as role,
           null as figure, null as net, 0 as flags
    from credits c join won w on w.id = c.id left join partner p on p.id = c.partner_id
)
-- use: deal_rows
;

-- name: kpi_k16
-- All that was won, and of it what a partner sourced or influenced. `net`: the rate into
-- the currency of the team, of the close day or before; none, and nothing is converted.
with recursive
-- use: won_found
,
-- use: won
,
-- use: touched
,
-- use: shares
-- use: deal_rows
;

-- name: kpi_k16_total
-- The same of one partner: the deals that it may have a part in as above, and of all others
-- that were won how many there are of each currency and rate.
with recursive
found (id) as materialized (
    select deal_id from deal_source where partner_id = $partner and void_ms is null
    union
    select f.deal_id from firm_touch f where f.firm = $partner and f.deal_id is not null
    union
    select y.deal_id from member m cross join touch_point y on y.member_id = m.id
    where m.partner_id = $partner and y.deal_id is not null
    union
    select deal_id from deal_event where what = 'reopened'
    union
    select id from deal where closed_ms > $as_of
    union
    select d.merged_into from found join deal d on d.id = found.id
    where d.merged_into is not null
),
-- use: known
,
-- use: won
,
-- use: touched
,
-- use: shares
,
others (id, currency, value_minor, net) as materialized (
    select d.id, d.currency, d.value_minor,
           iif(d.currency = $currency, 1000000000,
               (select r.rate_nano from rate r
                where r.base = d.currency and r.quote = $currency and r.void_ms is null
                  and r.at_day <= day(d.closed_ms, $zone)
                order by r.at_day desc, r.id desc limit 1))
    from deal d
    where d.closed_ms >= $from and d.closed_ms < $to and d.closed_ms <= $as_of
      and d.registered_ms < $to and d.state = 'won' and d.void_ms is null
      and d.id not in (select id from found)
),
counted (no, mark, role, net, money, currency, n) as (
    select id, mark, role, net, value_minor, currency, 1 from marked
    union all
    select id, 'no_value', 0, net, null, currency, 1 from others where value_minor is null
    union all
    select 0, 'unaided', 2, net, sum(value_minor), currency, count(*) from others
    where value_minor is not null
    group by currency, net
)
select 'D' as kind, c.no, c.role, c.mark, 0 as again, null as deal, null as partner,
       null as customer, null as member, 0 as member_left, null as co_member,
       0 as co_left, null as market, null as type, null as silo, null as product,
       null as channel, null as team, null as sort, null as since_ms, null as at_ms,
       null as by_ms, null as figure, c.net, c.money, c.currency, 0 as flags, c.n
from counted c;

-- fragment: shares
credits (id, partner_id, valid, influenced) as (
    select w.id, coalesce(iif(o.valid and ($partner is null or o.partner_id = $partner),
                              o.partner_id, null),
                          (select min(h.partner_id) from touched h where h.id = w.id)),
           coalesce(o.valid and ($partner is null or o.partner_id = $partner), 0),
           exists (select 1 from touched h where h.id = w.id)
    from won w left join origins o on o.id = w.id
),
marked as (
-- use: credited
           , case when w.value_minor is null then 'no_value' when c.valid then 'sourced'
                  when c.influenced then 'influenced' else 'unaided' end as mark,
           case when w.value_minor is null then 0
                when c.valid or c.influenced then 3 else 2 end as role,
           null as figure,
           iif(w.currency = $currency, 1000000000,
               (select r.rate_nano from rate r
                where r.base = w.currency and r.quote = $currency and r.void_ms is null
                  and r.at_day <= day(w.closed_ms, $zone)
                order by r.at_day desc, r.id desc limit 1)) as net,
           0 as flags
    from won w join credits c on c.id = w.id left join partner p on p.id = c.partner_id
)

-- name: kpi_k17
-- Commission (`figure`) on the first-year value of won deals, at the rate of the partner
-- that had the deal on the day it closed; in discount mode of the list price. A refund
-- takes back its share of both in its own period. Flag 64: outside 25 to 35 %.
with
found (id) as (
    select id from deal where $deal is not null and id = $deal
    union
    select id from deal
    where $deal is null and $partner is not null and partner_id = $partner
    union
    select deal_id from deal_partner
    where $deal is null and $partner is not null and partner_id = $partner
      and void_ms is null
    union
    select id from deal
    where $deal is null and $partner is null and closed_ms >= $from and closed_ms < $to
    union
    select deal_id from refund
    where $deal is null and $partner is null and void_ms is null
      and at_day >= day($from, $zone) and at_day <= day($to - 1, $zone)
    union
    select deal_id from deal_event
    where $deal is null and $partner is null and what = 'reopened' and void_ms is null
),
-- use: known
,
sold as (
    select w.*, iif(h.id is null, w.partner_id, h.partner_id) as seller_id
    from known w left join deal_partner h
      on h.id = (select x.id from deal_partner x
                 where x.deal_id = w.id and x.void_ms is null
                   and x.until_day > day(w.closed_ms, $zone)
                 order by x.until_day, x.id limit 1)
    where w.state = 'won' and ($market is null or w.market = $market)
),
priced as (
    select s.*, p.type as seller_type, p.silo as seller_silo, p.commission_bp as bp,
           case when s.value_minor is null then 'no_value'
                when s.seller_id is null then 'direct'
                when p.commission_bp is null then 'no_commission'
                when p.commission_mode = 'discount' and s.list_minor is null then 'no_list'
                else 'commission' end as mark,
           (iif(p.commission_mode = 'discount', s.list_minor, s.value_minor)
            * p.commission_bp + 5000) / 10000 as commission,
           p.commission_mode = 'discount' as discount
    from sold s left join partner p on p.id = s.seller_id
    where ($partner is null or s.seller_id = $partner)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
),
entries as (
    select s.id, s.closed_ms as by_ms, s.mark, s.commission, s.value_minor from priced s
    where s.closed_ms >= $from and s.closed_ms < $to
    union all
    select s.id, day_start(r.at_day, $zone), iif(s.mark = 'commission', 'refund', s.mark),
           -iif(s.discount and s.value_minor > 0,
                (s.commission * r.amount_minor * 2 + s.value_minor) / (2 * s.value_minor),
                (r.amount_minor * s.bp + 5000) / 10000),
           -r.amount_minor
    from priced s cross join refund r on r.deal_id = s.id and r.void_ms is null
    where r.at_day >= day($from, $zone) and r.at_day <= day(min($to - 1, $as_of), $zone)
),
marked as (
    select s.id, s.again, s.seller_id as partner_id, s.customer_id, s.owner_id,
           s.owner_left, s.co_owner_id, s.co_owner_left, s.market, s.seller_type as type,
           s.seller_silo as silo, s.product, s.team, s.origin, s.registered_ms,
           n.by_ms as closed_ms, n.value_minor, s.currency, n.by_ms, n.mark,
           iif(n.mark in ('commission', 'refund'), 3, 0) as role,
           iif(n.mark in ('commission', 'refund'), n.commission, null) as figure,
           null as net,
           iif(n.mark in ('commission', 'refund') and s.bp not between 2500 and 3500, 80, 0)
               as flags
    from entries n join priced s on s.id = n.id
)
-- use: deal_rows
;

-- name: kpi_k38
-- What each team won (role 1) against its target of just this period (role 2); while the
-- period runs, of one that began with it and has not ended. `net`: the rate of the close
-- day into the target's currency; without one the deal is named and not added.
with
goals as materialized (
    select * from (
        select g.*, row_number() over (partition by lower(g.team)
                                       order by g.to_day, g.id desc) as nth
        from target g
        where g.void_ms is null and g.from_day = day($from, $zone)
          and ($team is null or lower(g.team) = lower($team))
          and (g.to_day = day($to - 1, $zone)
               or ($to > $as_of and g.to_day >= day($to - 1, $zone))))
    where nth = 1
),
-- use: closed_deals
,
won as (
    select * from deals
    where state = 'won' and closed_ms >= $from and closed_ms < $to
),
rated as (
    select w.*, g.id as goal, g.team as goal_team,
           iif(w.currency = g.currency, 1000000000,
               (select r.rate_nano from rate r
                where r.base = w.currency and r.quote = g.currency and r.void_ms is null
                  and r.at_day <= day(w.closed_ms, $zone)
                order by r.at_day desc, r.id desc limit 1)) as net
    from won w left join goals g on lower(g.team) = lower(w.team)
),
marked as (
    select r.id, r.again, r.partner_id, r.customer_id, r.owner_id, r.owner_left,
           r.co_owner_id, r.co_owner_left, r.market, r.type, r.silo, r.product,
           coalesce(r.goal_team, r.team) as team, r.origin, r.registered_ms, r.closed_ms,
           r.value_minor, r.currency, r.closed_ms as by_ms, r.net,
           case when r.goal is null then 'no_target'
                when r.value_minor is null then 'no_value'
                when r.net is null then 'no_rate' else 'won' end as mark,
           iif(r.goal is not null and r.value_minor is not null and r.net is not null, 1, 0)
               as role,
           null as figure, 0 as flags
    from rated r
)
select * from (
-- use: deal_rows
)
union all
select 'G', g.id, 2, 'target', 0, null, null, null, null, 0, null, 0, null, null, null,
       null, null, g.team, null, null, null, $from, null, 1000000000, g.amount_minor,
       g.currency, 0
from goals g;
