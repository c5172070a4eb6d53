-- Figures of marketing, case studies, introductions, and of what customers say.

-- name: kpi_k23
-- Leads and meetings as counted, or as recorded one by one where that is more. An activity
-- without leads has no rate. Months: whole ones from the thirteenth of the partnership on,
-- with a booked meeting or without; they carry no leads.
with recursive
-- use: partners
,
counted as (
    select v.id, v.partner_id, v.joint, v.at_day, v.product,
           coalesce(v.market, p.market) as market, p.type, p.silo,
           max(coalesce(v.leads, 0), (select count(*) from lead l
                                      where l.activity_id = v.id and l.void_ms is null))
               as leads,
           max(coalesce(v.meetings, 0),
               (select count(*) from lead l
                where l.activity_id = v.id and l.touch_id is not null
                  and l.void_ms is null)) as meetings
    from at cross join activity v left join partner p on p.id = v.partner_id
    where v.void_ms is null and v.at_day >= at.from_day and v.at_day <= at.last
      and ($partner is null or v.partner_id = $partner)
      and ($market is null or coalesce(v.market, p.market) = $market)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
),
months (day) as (
    -- The first whole one: of the day before the period the month's end.
    select month_start(day_start(month_start($from - 1, $zone) + 31, $zone), $zone)
    union all
    select month_start(day_start(m.day + 31, $zone), $zone)
    from months m join at
    where month_start(day_start(m.day + 31, $zone), $zone) < at.today
),
later as (
    select p.*, m.day, month_start(day_start(m.day + 31, $zone), $zone) as end_day
    from at cross join partners p cross join months m
    where p.signed_day is not null and p.stage not in ('prospect', 'legal')
      and (strftime('%Y', m.day * 86400, 'unixepoch') * 12
           + strftime('%m', m.day * 86400, 'unixepoch'))
          - (strftime('%Y', p.signed_day * 86400, 'unixepoch') * 12
             + strftime('%m', p.signed_day * 86400, 'unixepoch')) >= 12
      and month_start(day_start(m.day + 31, $zone), $zone) <= at.today
      and (p.ended_day is null
           or p.ended_day >= month_start(day_start(m.day + 31, $zone), $zone))
),
months_marked as (
    select l.*, exists (select 1 from counted c
                        where c.partner_id = l.id and c.meetings > 0
                          and c.at_day >= l.day and c.at_day < l.end_day) as booked
    from later l
),
marked as (
    select 'V' as kind, c.id as no, c.partner_id, null as customer_id, c.market, c.type,
           c.silo, c.product, iif(c.joint, 'joint', 'solo') as sort, 0 as again,
           day_start(c.at_day, $zone) as at_ms, c.meetings as figure, c.leads as net,
           0 as flags,
           case when c.leads = 0 then 'without_leads' when c.joint then 'joint'
                else 'solo' end as mark, iif(c.leads = 0, 0, 3) as role
    from counted c
    union all
    select 'P', m.id, m.id, null, m.market, m.type, m.silo, null, 'month', 0,
           day_start(m.day, $zone), null, 0, 0,
           iif(m.booked, 'month_booked', 'month_without'), iif(m.booked, 3, 2)
    from months_marked m
)
-- use: fact_rows
;

-- name: kpi_k24
-- Stories of the market's own customers published in the twelve months before t, for each
-- customer won in the market by t. A customer won through two partners is `again` for the second.
with
-- use: deals
,
at (t, last) as materialized (
    select min($to, $as_of + 1), day(min($to, $as_of + 1) - 1, $zone)
),
year (before) as materialized (
    select cast(strftime('%s', last * 86400, 'unixepoch', '-12 months') as integer) / 86400
    from at
),
stories as (
    select s.customer_id, s.partner_id, s.market, p.type, p.silo, s.product, s.published_day,
           case when s.translated_from is not null and s.translated_from != s.market
                then 'translated'
                when c.market != s.market then 'translated' else 'local_story' end as mark
    from at cross join year cross join case_study s
    left join partner p on p.id = s.partner_id
    left join customer c on c.id = s.customer_id
    where s.void_ms is null and s.published_day > year.before
      and s.published_day <= at.last
      and ($partner is null or s.partner_id = $partner)
      and ($market is null or s.market = $market)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
),
won as (
    select d.customer_id, d.partner_id, d.market, d.type, d.silo, min(d.closed_ms) as at_ms
    from at cross join deals d
    where d.state = 'won' and d.closed_ms < at.t and d.customer_id is not null
    group by d.customer_id, d.partner_id, d.market, d.type, d.silo
),
marked as (
    select 'A' as kind, s.customer_id as no, s.partner_id, s.customer_id, s.market, s.type,
           s.silo, s.product, null as sort, 0 as again,
           day_start(s.published_day, $zone) as at_ms, null as figure, null as net,
           0 as flags, s.mark, iif(s.mark = 'local_story', 1, 0) as role
    from stories s
    union all
    select 'A', w.customer_id, w.partner_id, w.customer_id, w.market, w.type, w.silo, null,
           null, row_number() over (partition by w.customer_id, w.market
                                    order by w.at_ms, w.partner_id) > 1,
           w.at_ms, null, null, 0, 'won_customer', 2
    from won w
)
-- use: fact_rows
;

-- name: kpi_k25
-- One answer a person in the period, the later; of a firm where nobody is named. The
-- partner is the one at the time of the answer.
with
at (from_day, last) as materialized (
    select day($from, $zone), day(min($to, $as_of + 1) - 1, $zone)
),
found (id) as (
    select n.id from at cross join nps n
    where $partner is not null and n.partner_id = $partner
      and n.at_day >= at.from_day and n.at_day <= at.last
    union all
    select n.id from at cross join nps n
    where $partner is null and n.at_day >= at.from_day and n.at_day <= at.last
),
answers as (
    select n.*, exists (select 1 from nps y
                        where y.person_id = n.person_id and y.void_ms is null
                          and y.at_day <= at.last
                          and (y.at_day > n.at_day or (y.at_day = n.at_day and y.id > n.id)))
                or (n.person_id is null
                    and exists (select 1 from nps y
                                where y.customer_id = n.customer_id and y.person_id is null
                                  and y.void_ms is null and y.at_day <= at.last
                                  and (y.at_day > n.at_day
                                       or (y.at_day = n.at_day and y.id > n.id)))) as later
    from at cross join found f cross join nps n on n.id = f.id
    where n.void_ms is null
),
marked as (
    select iif(n.person_id is null, 'A', 'C') as kind, coalesce(n.person_id, n.customer_id) as no,
           n.partner_id, n.customer_id, coalesce(c.market, p.market) as market, p.type,
           p.silo, null as product, null as sort, 0 as again,
           day_start(n.at_day, $zone) as at_ms, n.score as figure, null as net, 0 as flags,
           case when n.later then 'answered_again' when n.score >= 9 then 'promoter'
                when n.score <= 6 then 'detractor' else 'passive' end as mark,
           iif(n.later, 0, 2) as role
    from answers n
    left join customer c on c.id = n.customer_id
    left join partner p on p.id = n.partner_id
    where ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
      and ($market is null or coalesce(c.market, p.market) = $market)
)
-- use: fact_rows
;

-- name: kpi_k36
-- Who was introduced in the period, and how far that came since: met, registered, won. A
-- later step includes the earlier ones. The partner is the one that introduced.
with
at (t) as (select min($to, $as_of + 1)),
given as (
    select i.*, day_start(day(i.at_ms, $zone), $zone) as since_ms, coalesce(i.by_partner, g.partner_id) as giver,
           coalesce(i.customer_id, c.customer_id) as firm
    from at cross join introduction i
    left join person g on g.id = i.by_person
    left join person c on c.id = i.person_id
    where i.void_ms is null and i.at_ms >= $from and i.at_ms < at.t
),
walked as (
    select g.*, p.type, p.silo, coalesce(f.market, p.market) as market,
           case when g.firm is null and g.person_id is null then null
                when exists (select 1 from deal d
                             where d.customer_id = g.firm and d.state = 'won'
                               and d.closed_ms <= $as_of and d.void_ms is null
                               and d.registered_ms >= g.since_ms) then 3
                when exists (select 1 from deal d
                             where d.customer_id = g.firm and d.void_ms is null
                               and d.registered_ms <= $as_of
                               and d.registered_ms >= g.since_ms
                               and d.state not in ('merged', 'submitted', 'declined')) then 2
                when exists (select 1 from touch_point t
                             where t.customer_id = g.firm and t.kind = 'M'
                               and t.at_ms >= g.since_ms and t.at_ms <= $as_of
                               and t.state = 'held' and t.internal = 0
                               and t.void_ms is null)
                     or exists (select 1 from touch_person y
                                join touch_point t on t.id = y.touch_id
                                where y.person_id = g.person_id and y.void_ms is null
                                  and t.kind = 'M' and t.at_ms >= g.since_ms
                                  and t.at_ms <= $as_of and t.state = 'held'
                                  and t.internal = 0 and t.void_ms is null) then 1
                else 0 end as step
    from given g
    left join partner p on p.id = g.giver
    left join customer f on f.id = g.firm
    where ($partner is null or g.giver = $partner)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
      and ($market is null or coalesce(f.market, p.market) = $market)
),
marked as (
    select iif(w.firm is null, iif(w.person_id is null, 'P', 'C'), 'A') as kind,
           coalesce(w.firm, w.person_id, w.partner_id) as no, w.giver as partner_id,
           w.firm as customer_id, w.market, w.type, w.silo, null as product, null as sort,
           0 as again, w.at_ms, w.step as figure, null as net, 0 as flags,
           case w.step when 0 then 'introduced' when 1 then 'met' when 2 then 'registered'
                when 3 then 'won' else 'partner_introduced' end as mark,
           case when w.step is null then 0 when w.step = 3 then 3 else 2 end as role
    from walked w
)
-- use: fact_rows
;

-- name: kpi_k37
-- Negative words that stand open at t. Positive ones are counted apart (flag 32): nothing
-- is set off against them.
with
at (t) as (select min($to, $as_of + 1)),
marked as (
    select 'W' as kind, w.id as no, w.partner_id, w.customer_id,
           coalesce(p.market, c.market) as market, p.type, p.silo, null as product,
           null as sort, 0 as again, w.at_ms, null as figure, null as net,
           iif(w.sign = 'positive', 32, 0) as flags,
           case when w.sign = 'positive' then 'positive' when w.resolved_ms < at.t
                then 'resolved' else 'negative' end as mark,
           iif(w.sign = 'negative' and (w.resolved_ms is null or w.resolved_ms >= at.t), 3, 0)
               as role
    from at cross join perception w
    left join partner p on p.id = w.partner_id
    left join customer c on c.id = w.customer_id
    where w.void_ms is null and w.at_ms < at.t
      and ($partner is null or w.partner_id = $partner)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
      and ($market is null or coalesce(p.market, c.market) = $market)
)
-- use: fact_rows
;
