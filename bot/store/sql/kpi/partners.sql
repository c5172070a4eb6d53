-- Figures of partners. `partners` are those in scope as they stand at t, which is the end
-- of the period or now; `standing` is null for those signed and not ended.

-- fragment: fact_rows
-- use: fact_columns
order by m.at_ms, m.no, m.sort

-- fragment: fact_columns
-- The rows of `marked` that are neither deals nor touch points: kind, no, role, mark,
-- again, partner, customer, market, type, silo, sort, at_ms, figure, net and flags.
select m.kind, m.no, m.role, m.mark, m.again, null as deal, m.partner_id as partner,
       m.customer_id as customer, null as member, 0 as member_left, null as co_member,
       0 as co_left, m.market, m.type, m.silo, m.product, null as channel, null as team,
       m.sort, m.at_ms as since_ms, m.at_ms, m.at_ms as by_ms, m.figure, m.net,
       null as money, null as currency, m.flags
from marked m
where m.mark is not null

-- fragment: partners
-- `today` is the day of t itself, `last` that of the instant before; ms90 is the midnight
-- ninety days before. Materialized, so that none of it is computed for each row.
at (t, today, last, from_day, ms90, ms180) as materialized (
    select min($to, $as_of + 1), day(min($to, $as_of + 1), $zone),
           day(min($to, $as_of + 1) - 1, $zone), day($from, $zone),
           day_start(day(min($to, $as_of + 1), $zone) - 90, $zone),
           day_start(day(min($to, $as_of + 1), $zone) - 180, $zone)
),
partners as (
    select p.id, p.market, p.type, p.silo, p.stage, p.agreement_day, p.signed_day,
           iif(p.stage = 'ended', coalesce(p.ended_day, 0), p.ended_day) as ended_day,
           case when iif(p.stage = 'ended', coalesce(p.ended_day, 0), p.ended_day) <= at.today
                then 'ended'
                when p.stage in ('prospect', 'legal') then 'unsigned'
                when p.signed_day is null then 'undated'
                when p.signed_day >= at.today then 'signed_later' end as standing
    from at cross join partner p
    where p.void_ms is null and ($partner is null or p.id = $partner)
      and ($market is null or p.market = $market)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
)

-- fragment: seen
-- Who gave a sign of life in the 90 and the 180 team days before t: a touch point, a
-- registration, a lead, a certificate. Found from the partner on, so that an active one
-- costs a look and not its history.
seen (partner_id, days) as (
    select p.id, w.days
    from at cross join partners p cross join (select 90 as days union all select 180) w
    where p.standing is null
      and (exists (select 1 from firm_touch f
                   where f.firm = p.id and f.at_ms < at.t
                     and f.at_ms >= iif(w.days = 90, at.ms90, at.ms180)
                     and f.outcome = 'reached' and f.internal = 0)
           or exists (select 1 from deal d
                      where d.partner_id = p.id and d.registered_ms < at.t
                        and d.registered_ms >= iif(w.days = 90, at.ms90, at.ms180)
                        and d.void_ms is null
                        and d.state not in ('merged', 'submitted', 'declined'))
           or exists (select 1 from lead l
                      where l.partner_id = p.id and l.at_ms < at.t and l.void_ms is null
                        and l.at_ms >= iif(w.days = 90, at.ms90, at.ms180))
           or exists (select 1 from training r
                      where r.partner_id = p.id and r.void_ms is null
                        and r.certified_day >= at.today - w.days
                        and r.certified_day <= at.last))
)

-- name: kpi_k1
-- Signed on a day before t and not ended; active where K2 says so.
with
-- use: partners
,
-- use: seen
,
marked as (
    select 'P' as kind, p.id as no, p.id as partner_id, null as customer_id, p.market,
           p.type, p.silo, null as product, p.stage as sort, 0 as again, null as at_ms,
           null as figure, null as net, 0 as flags,
           case when p.standing is not null then p.standing
                when a.partner_id is not null then 'active' else 'inactive' end as mark,
           case when p.standing is not null then 0
                when a.partner_id is not null then 3 else 2 end as role
    from partners p left join seen a on a.partner_id = p.id and a.days = 90
)
-- use: fact_rows
;

-- name: kpi_k2
-- Those that gave no sign of life count as quiet from the day they signed.
with
-- use: partners
,
-- use: seen
,
marked as (
    select 'P' as kind, p.id as no, p.id as partner_id, null as customer_id, p.market,
           p.type, p.silo, null as product, null as sort, 0 as again, null as at_ms,
           null as figure, null as net, 0 as flags,
           case when p.standing is not null then p.standing
                when a.partner_id is not null then 'active'
                when p.signed_day >= at.today - 90 then 'recent'
                when b.partner_id is not null or p.signed_day >= at.today - 180
                then 'dormant' else 'dead' end as mark,
           case when p.standing is not null then 0
                when a.partner_id is not null then 3 else 2 end as role
    from at cross join partners p
    left join seen a on a.partner_id = p.id and a.days = 90
    left join seen b on b.partner_id = p.id and b.days = 180
)
-- use: fact_rows
;

-- name: kpi_k3
-- First registration by day 180 after signing, or before it, of those signed 180 days ago
-- or earlier; who has ended since stays in. Flag 32: won within the 180 days too.
with
-- use: partners
,
timed as (
    select p.*,
           (select day(min(d.registered_ms), $zone) from deal d
            where d.partner_id = p.id and d.registered_ms < at.t and d.void_ms is null
              and d.state not in ('merged', 'submitted', 'declined')) as first_day,
           (select day(min(d.closed_ms), $zone) from deal d
            where d.partner_id = p.id and d.state = 'won' and d.closed_ms < at.t
              and d.void_ms is null) as won_day,
           case when p.stage in ('prospect', 'legal')
                     or (p.standing = 'ended' and p.signed_day is null) then 'unsigned'
                when p.signed_day is null then 'undated'
                when p.signed_day >= at.today then 'signed_later'
                when at.today - p.signed_day < 180 then 'too_young' end as out
    from at cross join partners p
),
marked as (
    select 'P' as kind, p.id as no, p.id as partner_id, null as customer_id, p.market,
           p.type, p.silo, null as product, null as sort, 0 as again,
           day_start(p.signed_day, $zone) as at_ms, null as figure, null as net,
           iif(p.out is null and p.won_day - p.signed_day <= 180, 32, 0) as flags,
           coalesce(p.out, iif(p.first_day - p.signed_day <= 180, 'activated',
                               'not_activated')) as mark,
           case when p.out is not null then 0
                when p.first_day - p.signed_day <= 180 then 3 else 2 end as role
    from timed p
)
-- use: fact_rows
;

-- name: kpi_k4
-- Days from the first agreement talk to signing, by the day of signing. Who talks still
-- is shown with the days so far.
with
-- use: partners
,
timed as (
    select p.*, case when p.signed_day < at.from_day then null
                when p.signed_day <= at.last and p.stage not in ('prospect', 'legal')
                then case when p.agreement_day is null then 'no_talk'
                          when p.agreement_day > p.signed_day then 'signed_before_talk'
                          else 'signed' end
                when p.agreement_day <= at.last and p.standing is not 'ended'
                then 'talking' end as mark,
           at.last as last
    from at cross join partners p
),
marked as (
    select 'P' as kind, p.id as no, p.id as partner_id, null as customer_id, p.market,
           p.type, p.silo, null as product, null as sort, 0 as again, p.mark,
           day_start(iif(p.mark = 'talking', p.agreement_day, p.signed_day), $zone) as at_ms,
           iif(p.mark = 'talking', p.last, p.signed_day) - p.agreement_day as figure,
           iif(p.mark = 'signed', p.signed_day - p.agreement_day, null) as net,
           0 as flags, iif(p.mark = 'signed', 2, 0) as role
    from timed p
)
-- use: fact_rows
;

-- fragment: partner_weeks
-- Monday weeks of `weeks` wholly inside a partnership. `updated` by a partner's user or
-- an imported row; a week with four weekdays closed in the partner's market is a holiday.
closed as materialized (
    select m.market, w.monday, 5 - business_days(m.market, w.monday - 1, w.monday + 4) as days
    from (select distinct market from partners) m cross join weeks w
),
partner_weeks as (
    select p.id, p.market, p.type, p.silo, w.monday, c.days >= 4 as holiday,
           exists (select 1 from check_in k
                   where k.partner_id = p.id and k.what = 'update' and k.void_ms is null
                     and k.at_day >= w.monday and k.at_day < w.monday + 7) as updated
    from partners p cross join weeks w
    join closed c on c.monday = w.monday and c.market is p.market
    where p.signed_day <= w.monday and p.stage not in ('prospect', 'legal')
      and (p.ended_day is null or p.ended_day >= w.monday + 7)
)

-- name: kpi_k19
-- Weeks with an update of the weeks that count, inside the period.
with recursive
-- use: partners
,
weeks (monday) as (
    select at.from_day + (11 - at.from_day % 7) % 7 from at
    where at.from_day + (11 - at.from_day % 7) % 7 + 7 <= at.today
    union all
    select monday + 7 from weeks join at where monday + 14 <= at.today
),
-- use: partner_weeks
,
marked as (
    select 'P' as kind, w.id as no, w.id as partner_id, null as customer_id, w.market,
           w.type, w.silo, null as product, null as sort, 0 as again,
           day_start(w.monday, $zone) as at_ms, null as figure, null as net, 0 as flags,
           case when w.holiday then 'holiday_week' when w.updated then 'updated'
                else 'no_update' end as mark,
           case when w.holiday then 0 when w.updated then 3 else 2 end as role
    from partner_weeks w
)
-- use: fact_rows
;

-- name: kpi_k18
-- Five rows a partner: figure of net, and of the last touch point the days since. Flag 16
-- keeps the partner's number in cells, since a score is made of its rows.
with recursive
-- use: partners
,
weeks (monday) as (
    select at.today - (at.today + 3) % 7 - 7 from at
    union all
    select w.monday - 7 from weeks w join at
    where w.monday > at.today - (at.today + 3) % 7 - 84
),
-- use: partner_weeks
,
-- use: deals
,
-- use: ended
,
scored as (
    select p.*, at.last,
           (select f.at_ms from firm_touch f
            where f.firm = p.id and f.at_ms < at.t and f.outcome = 'reached'
              and f.internal = 0
            order by f.at_ms desc limit 1) as touched_ms,
           (select count(*) from deal d
            where d.partner_id = p.id and d.registered_ms < at.t
              and d.registered_ms >= at.ms90
              and d.void_ms is null
              and d.state not in ('merged', 'submitted', 'declined')) as registered
    from at cross join partners p
    where p.standing is null
),
open_deals as (
    select d.partner_id, count(*) as n,
           sum(exists (select 1 from touch_point t
                       where t.deal_id = d.id and t.at_ms < at.t
                         and t.at_ms >= at.touched_since
                         and t.void_ms is null and t.state = 'held'
                         and t.outcome = 'reached' and t.internal = 0)) as touched
    from (select t, day_start(last - 30, $zone) as touched_since from at limit 1) at
    cross join ended d
    where d.live and not d.resting and d.partner_id is not null
    group by d.partner_id
),
trained as (
    select r.partner_id, count(*) as n, sum(coalesce(r.done_day <= r.due_day, 0)) as in_time
    from at cross join training r
    where r.due_day >= at.today - 365 and r.due_day < at.today
      and r.void_ms is null and r.partner_id is not null
      and ($partner is null or r.partner_id = $partner)
    group by r.partner_id
),
kept as (
    select w.id, sum(not w.holiday) as n, sum(w.updated and not w.holiday) as updated
    from partner_weeks w group by w.id
),
components (id, market, type, silo, sort, figure, net, at_ms) as (
    select s.id, s.market, s.type, s.silo, 'weeks', k.updated, k.n, null
    from scored s left join kept k on k.id = s.id
    union all
    select s.id, s.market, s.type, s.silo, 'deals', o.touched, o.n, null
    from scored s left join open_deals o on o.partner_id = s.id
    union all
    select s.id, s.market, s.type, s.silo, 'training', r.in_time, r.n, null
    from scored s left join trained r on r.partner_id = s.id
    union all
    select s.id, s.market, s.type, s.silo, 'registrations', min(3, s.registered), 3, null
    from scored s
    union all
    select s.id, s.market, s.type, s.silo, 'touch',
           s.last - day(s.touched_ms, $zone), s.touched_ms is not null, s.touched_ms
    from scored s
),
marked as (
    select 'P' as kind, c.id as no, c.id as partner_id, null as customer_id, c.market,
           c.type, c.silo, null as product, c.sort, 0 as again, c.at_ms, c.figure, c.net,
           16 as flags,
           case when c.net > 0 then 'score_' || c.sort when c.sort = 'touch' then 'never'
                else 'missing' end as mark,
           iif(c.net > 0 or c.sort = 'touch', 2, 0) as role
    from components c
)
-- use: fact_rows
;

-- name: kpi_k22
-- The latest rating of each rater in the twelve months before t. Flag 32: others do it in
-- the partner's name.
with
-- use: partners
,
year (before) as materialized (
    select cast(strftime('%s', last * 86400, 'unixepoch', '-12 months') as integer) / 86400
    from at
),
ratings as (
    select 'P' as kind, p.id as no, p.id as partner_id, null as customer_id, p.market,
           p.type, p.silo, null as product, c.what as sort, 0 as again,
           day_start(c.at_day, $zone) as at_ms, c.score as figure, null as net,
           iif(c.outsourced, 32, 0) as flags,
           case when exists (select 1 from capability y
                             where y.partner_id = c.partner_id and y.what = c.what
                               and y.member_id = c.member_id and y.void_ms is null
                               and y.at_day <= at.last
                               and (y.at_day > c.at_day
                                    or (y.at_day = c.at_day and y.id > c.id)))
                then 'rated_again' else 'rated' end as mark
    from at cross join year cross join partners p
    cross join capability c on c.partner_id = p.id
    where c.void_ms is null and c.at_day > year.before and c.at_day <= at.last
),
marked as (
    select r.*, iif(r.mark = 'rated', 2, 0) as role from ratings r
)
-- use: fact_rows
;

-- name: kpi_k29
-- The latest estimate of a network, or what was declared where that is more; its accounts
-- by the first registration, introduction or touch point through the partner. Where a
-- partner declared accounts, others are outside its network; where it gave a number
-- alone, each account counts. Flag 32: the estimate is older than twelve months. Deals
-- are for the second line: open ones by the weight of their stage, won ones of six months.
with
-- use: partners
,
lately (lately_ms) as materialized (
    select day_start(cast(strftime('%s', today * 86400, 'unixepoch', '-6 months')
                          as integer) / 86400, $zone)
    from at
),
found (id) as (
    select id from deal where $partner is not null and partner_id = $partner
    union all
    select id from deal
    where $partner is null and registered_ms < $to and partner_id is not null
      and not (state in ('won', 'lost', 'expired')
               and closed_ms < (select lately_ms from lately))
),
-- use: known
,
-- use: scoped
,
-- As the team set them, in percent.
weights (stage, percent) as materialized (
    select json_extract('["contacted","qualified","proposal","legal","ringi"]',
                        '$[' || w.key || ']'), w.value
    from json_each('[' || replace(coalesce(
        (select value from setting where key = 'weights' and void_ms is null
         order by id desc limit 1), '10 20 40 60 80'), ' ', ',') || ']') w
),
sized as (
    select p.*, at.t, at.last, at.today,
           (select z.id from network_size z
            where z.partner_id = p.id and z.at_day <= at.last and z.void_ms is null
            order by z.at_day desc, z.id desc limit 1) as size_id,
           (select count(distinct a.customer_id) from network_account a
            where a.partner_id = p.id and a.at_day <= at.last and a.void_ms is null) as listed
    from at cross join partners p
),
networks as materialized (
    select s.*, max(coalesce(z.accounts, 0), s.listed) as accounts, z.at_day,
           s.size_id is not null or s.listed > 0 as known,
           lately.lately_ms
    from lately cross join sized s left join network_size z on z.id = s.size_id
),
approaches (partner_id, customer_id, at_ms) as (
    select d.partner_id, d.customer_id, d.registered_ms
    from networks n cross join deal d on d.partner_id = n.id
    where n.known and d.registered_ms < n.t and d.void_ms is null
      and d.customer_id is not null
      and d.state not in ('merged', 'submitted', 'declined')
    union all
    select n.id, coalesce(i.customer_id, y.customer_id), i.at_ms
    from networks n cross join introduction i on i.by_partner = n.id
    left join person y on y.id = i.person_id
    where n.known and i.at_ms < n.t and i.void_ms is null
      and coalesce(i.customer_id, y.customer_id) is not null
    union all
    select n.id, coalesce(i.customer_id, y.customer_id), i.at_ms
    from networks n cross join person c on c.partner_id = n.id
    cross join introduction i on i.by_person = c.id
    left join person y on y.id = i.person_id
    where n.known and i.at_ms < n.t and i.void_ms is null
      and coalesce(i.customer_id, y.customer_id) is not null
    union all
    select n.id, f.customer_id, f.first_ms
    from networks n cross join firm_account f on f.firm = n.id
    where n.known and f.first_ms < n.t
),
firsts (partner_id, customer_id, at_ms) as (
    select partner_id, customer_id, min(at_ms) from approaches group by 1, 2
),
accounts (partner_id, customer_id, at_ms, inside) as (
    select f.partner_id, f.customer_id, f.at_ms,
           n.listed = 0 or exists (select 1 from network_account a
                                   where a.partner_id = f.partner_id and a.void_ms is null
                                     and a.customer_id = f.customer_id
                                     and a.at_day <= n.last)
    from firsts f join networks n on n.id = f.partner_id
    union all
    select distinct a.partner_id, a.customer_id, null, 1
    from networks n join network_account a on a.partner_id = n.id
    where a.void_ms is null and a.at_day <= n.last
      and not exists (select 1 from firsts f where f.partner_id = a.partner_id
                        and f.customer_id = a.customer_id)
),
marked as (
    select 'P' as kind, n.id as no, n.id as partner_id, null as customer_id, n.market,
           n.type, n.silo, null as product, null as sort, 0 as again,
           day_start(n.at_day, $zone) as at_ms, iif(n.known, n.accounts, null) as figure,
           null as net,
           iif(n.known and n.at_day < cast(strftime('%s', n.today * 86400, 'unixepoch',
                                                    '-12 months') as integer) / 86400, 32, 0)
               as flags,
           iif(n.known, 'estimate', 'no_estimate') as mark, iif(n.known, 2, 0) as role
    from networks n where n.standing is not 'ended'
    union all
    select 'A', a.customer_id, a.partner_id, a.customer_id, n.market, n.type, n.silo, null,
           null, 0, a.at_ms, null, null, 0,
           case when not a.inside then 'outside' when a.at_ms is null then 'not_approached'
                when a.at_ms >= n.lately_ms then 'approached_lately' else 'approached' end,
           iif(a.inside and a.at_ms is not null, 1, 0)
    from accounts a join networks n on n.id = a.partner_id
    where n.standing is not 'ended'
)
select * from (
-- use: fact_columns
union all
select 'D', d.id, 2, d.state, 0, d.id, d.partner_id, d.customer_id, d.owner_id,
       d.owner_left, null, 0, d.market, d.type, d.silo, d.product, null, d.team,
       'pipeline', d.registered_ms, d.closed_ms, coalesce(d.closed_ms, d.registered_ms),
       null,
       iif(d.state = 'open', coalesce((select w.percent from weights w
                                       where w.stage = x.stage), 0), null),
       d.value_minor, d.currency, 0
from networks n cross join deals d on d.partner_id = n.id
join deal x on x.id = d.id
where n.known and n.standing is not 'ended' and d.value_minor is not null
  and (d.state = 'open' or (d.state = 'won' and d.closed_ms >= n.lately_ms
                            and d.closed_ms < n.t)))
order by at_ms, no;
