-- What becomes of those who bought, and of partners after their first year.

-- name: kpi_k26
-- A row for each customer, partner that had it at the start, and currency: its yearly
-- value in force at the start (`net`) and at the end (`figure`). A value stands until a
-- renewal or the churn is recorded. Who changes partner is followed until that day, and
-- is with the new one from the next period on. Flag 16 names those whose term runs on,
-- and those whose term is over without a record.
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
    select id from deal where $deal is null and $partner is null and closed_ms < $to
    union
    select deal_id from deal_event
    where $deal is null and $partner is null and what = 'reopened' and void_ms is null
),
-- use: known
,
frame (start, finish) as (
    select day($from, $zone) - 1, day(min($to, $as_of + 1) - 1, $zone)
),
moved as (
    select k.*, day(k.closed_ms, $zone) as won_day, f.start,
           iif(h.id is null, k.partner_id, h.partner_id) as holder_id,
           iif(h.until_day <= f.finish, h.until_day - 1, f.finish) as finish,
           coalesce(h.until_day <= f.finish, 0) as left
    from frame f cross join known k left join deal_partner h
      on h.id = (select x.id from deal_partner x
                 where x.deal_id = k.id and x.void_ms is null and x.until_day > f.start + 1
                 order by x.until_day, x.id limit 1)
    where k.state = 'won' and k.closed_ms < $to and k.value_minor is not null
      and k.customer_id is not null and ($market is null or k.market = $market)
),
terms as (
    select m.*,
           iif(m.won_day <= m.start, coalesce(
               (select r.value_minor from renewal r
                where r.deal_id = m.id and r.void_ms is null and r.from_day <= m.start
                order by r.from_day desc, r.id desc limit 1), m.value_minor), 0) as before,
           iif(m.won_day <= m.finish, coalesce(
               (select r.value_minor from renewal r
                where r.deal_id = m.id and r.void_ms is null and r.from_day <= m.finish
                order by r.from_day desc, r.id desc limit 1), m.value_minor), 0) as after,
           coalesce(
               (select coalesce(r.to_day, r.from_day) from renewal r
                where r.deal_id = m.id and r.void_ms is null and r.from_day <= m.finish
                order by r.from_day desc, r.id desc limit 1), m.won_day + 364) as term_end
    from moved m
),
customers as (
    select t.customer_id, t.holder_id, t.currency, sum(t.before) as before,
           sum(t.after) as after,
           max(iif(t.before > 0 and t.after > 0, t.term_end <= t.finish, 0)) as overdue,
           max(iif(t.before > 0, not exists (
               select 1 from renewal r where r.deal_id = t.id and r.void_ms is null
                 and r.from_day > t.start and r.from_day <= t.finish), 0)) as untold,
           max(iif(t.before > 0, t.left, 0)) as left, min(t.id) as deal_id,
           min(t.registered_ms) as registered_ms, max(t.closed_ms) as closed_ms,
           min(t.owner_id) as owner_id, min(t.owner_left) as owner_left,
           min(t.market) as market, min(t.product) as product, min(t.team) as team
    from terms t
    where ($partner is null or t.holder_id = $partner)
    group by t.customer_id, t.holder_id, t.currency
),
judged as (
    select c.*, case when c.before = 0 and c.after = 0 then null
                     when c.before = 0 then 'new_logo' when c.after = 0 then 'churned'
                     when c.after < c.before then 'contracted'
                     when c.after > c.before then 'expanded'
                     when c.left then 'moved' when c.overdue then 'overdue'
                     when c.untold then 'not_renewable' else 'renewed' end as mark
    from customers c
)
select 'A' as kind, j.customer_id as no,
       case j.mark when 'new_logo' then 0 when 'churned' then 2 else 3 end as role, j.mark,
       0 as again, null as deal, j.holder_id as partner, j.customer_id as customer,
       j.owner_id as member, j.owner_left as member_left, null as co_member, 0 as co_left,
       j.market, p.type, p.silo, j.product, null as channel, j.team, null as sort,
       j.registered_ms as since_ms, j.closed_ms as at_ms, null as by_ms,
       j.after as figure, j.before as net, j.before as money, j.currency,
       iif(j.mark in ('overdue', 'not_renewable'), 16, 0) as flags
from judged j left join partner p on p.id = j.holder_id
where j.mark is not null and ($type is null or p.type = $type)
  and ($silo is null or p.silo = $silo)
order by j.customer_id, j.holder_id, j.currency;

-- name: kpi_k27
-- Registrations of each full 91-day quarter since signing, in `sort`. The spike S is the
-- best pair of the first four; `figure` is the last pair ÷ S in hundredths, `net` the
-- pair of S. A plateau lasts until the ratio is 0.7 again.
with recursive
scoped as materialized (
    select p.*, (day(min($to, $as_of + 1), $zone) - p.signed_day) / 91 as quarters
    from partner p
    where p.void_ms is null and ($partner is null or p.id = $partner)
      and ($market is null or p.market = $market)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
),
registered as materialized (
    select p.id, (day(d.registered_ms, $zone) - p.signed_day) / 91 + 1 as quarter,
           count(*) as n, sum(d.kind = 'new') as fresh
    from scoped p cross join deal d on d.partner_id = p.id
    where d.void_ms is null and d.state not in ('merged', 'submitted', 'declined')
      and d.registered_ms < $to and d.registered_ms <= $as_of
      and day(d.registered_ms, $zone) >= p.signed_day
    group by 1, 2
),
calendar (id, quarter, last) as (
    select id, 1, min(quarters, 200) from scoped where quarters >= 1
    union all
    select id, quarter + 1, last from calendar where quarter < last
),
counted as (
    select c.id, c.quarter, coalesce(r.n, 0) as n, coalesce(r.fresh, 0) as fresh
    from calendar c left join registered r on r.id = c.id and r.quarter = c.quarter
),
pairs as materialized (
    select id, quarter, n, sum(n) over pair as two, sum(fresh) over pair as fresh
    from counted
    window pair as (partition by id order by quarter rows 1 preceding)
),
spikes (id, two) as (
    select id, max(two) from pairs where quarter between 2 and 4 group by id
),
states (id, quarter, plateau, once) as (
    select id, 5, 0, 0 from spikes
    union all
    select s.id, s.quarter + 1,
           case when s.plateau then q.two * 10 < k.two * 7
                else k.two >= 4 and q.two * 100 <= k.two * 35 and q.fresh * 5 <= q.two end,
           s.once or s.plateau
    from states s join pairs q on q.id = s.id and q.quarter = s.quarter + 1
    join spikes k on k.id = s.id
),
judged as (
    select p.*, k.two as spike, q.two as latest, t.plateau, t.once,
           case when p.signed_day is null or p.stage in ('prospect', 'legal') then 'unsigned'
                when iif(p.stage = 'ended', coalesce(p.ended_day, 0), p.ended_day)
                     <= day(min($to, $as_of + 1), $zone) then 'ended'
                when p.quarters < 2 then 'just_signed'
                when p.quarters < 6 then 'young'
                when k.two < 4 then 'never_spiked'
                when t.plateau then 'plateau'
                when t.once then 'revived' else 'steady' end as mark
    from scoped p left join spikes k on k.id = p.id
    left join pairs q on q.id = p.id and q.quarter = p.quarters
    left join states t on t.id = p.id and t.quarter = p.quarters
)
select 'P' as kind, j.id as no,
       case when j.mark = 'plateau' then 3
            when j.mark in ('revived', 'steady', 'never_spiked') then 2 else 0 end as role,
       j.mark, 0 as again, null as deal, j.id as partner, null as customer, null as member,
       0 as member_left, null as co_member, 0 as co_left, j.market, j.type, j.silo,
       null as product, null as channel, null as team,
       (select group_concat(n, ', ') from (select n from pairs q where q.id = j.id
                                           order by q.quarter)) as sort,
       null as since_ms, null as at_ms, null as by_ms,
       iif(j.spike > 0 and j.quarters >= 2, (j.latest * 200 + j.spike) / (2 * j.spike), null)
           as figure,
       j.spike as net, null as money, null as currency, 16 as flags
from judged j
order by j.id;
