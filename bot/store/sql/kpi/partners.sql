-- Figures of partners.

-- name: kpi_k1
-- Signed on a day before t and not ended; active where a touch point or a registration
-- lies in the ninety team days before t, which is the end of the period or now.
with at (t, today, since) as (
    select min($to, $as_of + 1), day(min($to, $as_of + 1), $zone),
           day_start(day(min($to, $as_of + 1), $zone) - 90, $zone)
),
seen (partner_id) as (
    select x.partner_id
    from at cross join touch_partner x cross join touch_point t on t.id = x.touch_id
    where $partner is not null and x.partner_id = $partner and x.void_ms is null
      and t.at_ms >= at.since and t.at_ms < at.t and t.void_ms is null
      and t.state = 'held' and t.outcome = 'reached' and t.internal = 0
    union
    select x.partner_id
    from at cross join touch_point t cross join touch_partner x on x.touch_id = t.id
    where $partner is null and x.void_ms is null
      and t.at_ms >= at.since and t.at_ms < at.t and t.void_ms is null
      and t.state = 'held' and t.outcome = 'reached' and t.internal = 0
    union
    select d.partner_id from at cross join deal d
    where d.registered_ms >= at.since and d.registered_ms < at.t and d.void_ms is null
      and d.state not in ('merged', 'submitted', 'declined') and d.partner_id is not null
      and ($partner is null or d.partner_id = $partner)
),
marked as (
    select p.*,
           case when iif(p.stage = 'ended', coalesce(p.ended_day, 0), p.ended_day) <= at.today
                then 'ended'
                when p.stage in ('prospect', 'legal') then 'unsigned'
                when p.signed_day is null then 'undated'
                when p.signed_day >= at.today then 'signed_later'
                when p.id in (select partner_id from seen) then 'active'
                else 'inactive' end as mark
    from at cross join partner p
    where p.void_ms is null and ($partner is null or p.id = $partner)
      and ($market is null or p.market = $market)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
)
select 'P' as kind, p.id as no,
       case p.mark when 'active' then 3 when 'inactive' then 2 else 0 end as role,
       p.mark, 0 as again, null as deal, p.id as partner, null as customer,
       null as member, 0 as member_left, null as co_member, 0 as co_left, p.market,
       p.type, p.silo, null as product, null as channel, null as team, p.stage as sort,
       null as since_ms, null as at_ms, null as by_ms, null as figure, null as net,
       null as money, null as currency, 0 as flags
from marked p
order by p.id;
