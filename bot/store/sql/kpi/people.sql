-- Figures of what people bring along: where they learnt, what their firm does, and how soon
-- somebody who decides was met.

-- name: kpi_k42
-- As K6, a row for each tag: where a person of the deal's partner who took part up to the close
-- learnt or worked before, and what the partner did for its customers when the deal was
-- registered. `sort` is the tag, null without any; all but a deal's first row are `again`.
with recursive
-- use: deals
,
placed as materialized (
    select d.*, d.closed_ms >= $from and d.closed_ms < $to as inside,
           day(d.registered_ms, $zone) as registered_day
    from deals d
),
decided as materialized (
    select * from placed where inside and state in ('won', 'lost')
),
family (root, id) as (
    select id, id from decided where partner_id is not null
    union
    select f.root, m.id from family f cross join deal m on m.merged_into = f.id
),
tags (deal_id, tag) as materialized (
    select d.id, g.what || ':' || g.firm
    from family f cross join decided d on d.id = f.root
    cross join touch_point t on t.deal_id = f.id
    cross join touch_person y on y.touch_id = t.id
    cross join person c on c.id = y.person_id
    cross join tag g on g.person_id = c.id
    where t.state = 'held' and t.void_ms is null and y.void_ms is null and g.void_ms is null
      and t.at_ms <= d.closed_ms
      and (c.partner_id = d.partner_id
           or exists (select 1 from former_firm o
                      where o.person_id = c.id and o.partner_id = d.partner_id
                        and o.void_ms is null))
    union
    select d.id, k.tag
    from decided d cross join capability_tag k on k.partner_id = d.partner_id
    where k.void_ms is null and k.from_day <= d.registered_day
      and coalesce(k.to_day > d.registered_day, 1)
),
marked as (
    select p.*, case when p.inside and p.state = 'won' then 3
                     when p.inside and p.state = 'lost' then 2 else 0 end as role,
           case when p.state in ('open', 'paused') or p.inside then p.state
                when p.reopened then 'reopened' end as mark
    from placed p
)
select 'D' as kind, m.id as no, m.role, m.mark,
       row_number() over (partition by m.id order by t.tag) > 1 as again, m.id as deal,
       m.partner_id as partner, m.customer_id as customer, m.owner_id as member,
       m.owner_left as member_left, m.co_owner_id as co_member,
       m.co_owner_left as co_left, m.market, m.type, m.silo, m.product,
       null as channel, m.team, t.tag as sort, m.registered_ms as since_ms,
       m.closed_ms as at_ms, m.closed_ms as by_ms, null as figure, null as net,
       m.value_minor as money, m.currency, m.reopened as flags
from marked m left join tags t on t.deal_id = m.id
where m.mark is not null
order by m.registered_ms, m.id, t.tag;

-- name: kpi_k43
-- Days from the first contact with a customer to the first meeting, face to face or by video,
-- with somebody of whom it is known that they decide there. By the day of that meeting; its
-- partners have a row each, of which all but the first are `again`. The channel is that of the
-- first contact. A customer first contacted in the period whose decision maker nobody has met
-- does not count.
with
ways (channel) as (
    values ('in_person'), ('zoom'), ('teams'), ('meet'), ('webex'), ('video'), ('dinner'), ('drinks')
),
instant (end_ms) as (select min($to, $as_of + 1)),
meetings (customer_id, at_ms, touch_id) as materialized (
    select a.customer_id, t.at_ms, t.id
    from access a cross join touch_person y on y.person_id = a.person_id
    cross join touch_point t on t.id = y.touch_id
    cross join instant i
    where a.level = 'decision_maker' and a.void_ms is null and a.at_ms < i.end_ms
      and y.void_ms is null and t.customer_id = a.customer_id and t.at_ms < i.end_ms
      and t.state = 'held' and t.void_ms is null and t.internal = 0 and t.outcome = 'reached'
      and (t.kind = 'M' or t.channel in (select channel from ways))
),
met (customer_id, at_ms, touch_id) as materialized (
    select customer_id, at_ms, touch_id from (
        select m.*, row_number() over (partition by m.customer_id order by m.at_ms, m.touch_id) as place
        from meetings m)
    where place = 1
),
-- Of one partner those alone whose meeting it was at: no look at all customers' beginnings.
scoped (customer_id) as materialized (
    select m.customer_id from met m
    where $partner is not null
      and exists (select 1 from touch_partner x
                  where x.touch_id = m.touch_id and x.partner_id = $partner and x.void_ms is null)
    union all
    select c.id from customer c
    where $partner is null and c.void_ms is null and c.merged_into is null
),
firsts (customer_id, at_ms, touch_id) as materialized (
    select s.customer_id, t.at_ms, t.id
    from scoped s cross join instant i
    join touch_point t on t.id = (
        select x.id from touch_point x
        where x.customer_id = s.customer_id and x.at_ms < i.end_ms and x.state = 'held'
          and x.void_ms is null and x.internal = 0 and x.outcome = 'reached'
        order by x.at_ms, x.id limit 1)
),
judged as (
    select c.id as customer_id, c.market, t.channel, f.at_ms as first_ms, m.at_ms as met_ms,
           m.touch_id
    from firsts f join customer c on c.id = f.customer_id and c.void_ms is null
    join touch_point t on t.id = f.touch_id
    left join met m on m.customer_id = f.customer_id
),
marked as (
    select j.*, x.partner_id, p.type, p.silo,
           row_number() over (partition by j.customer_id order by x.partner_id) > 1 as again,
           case when j.met_ms >= $from and j.met_ms < $to then 2 else 0 end as role,
           case when j.met_ms >= $from and j.met_ms < $to then 'decider_met'
                when j.met_ms is null and j.first_ms >= $from then 'decider_not_met' end as mark
    from judged j
    left join touch_partner x on x.touch_id = j.touch_id and x.void_ms is null
    left join partner p on p.id = x.partner_id
    where ($market is null or j.market = $market)
      and ($partner is null or x.partner_id = $partner)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
)
select 'A' as kind, m.customer_id as no, m.role, m.mark, m.again, null as deal,
       m.partner_id as partner, m.customer_id as customer, null as member, 0 as member_left,
       null as co_member, 0 as co_left, m.market, m.type, m.silo, null as product, m.channel,
       null as team, null as sort, m.first_ms as since_ms, m.met_ms as at_ms,
       coalesce(m.met_ms, m.first_ms) as by_ms,
       day(m.met_ms, $zone) - day(m.first_ms, $zone) as figure,
       day(m.met_ms, $zone) - day(m.first_ms, $zone) as net,
       null as money, null as currency, 0 as flags
from marked m
where m.mark is not null
order by m.first_ms, m.customer_id, m.partner_id;
