-- Figures of sign-offs at the customer.

-- name: kpi_k32
-- Ringi that got their last stamp in the period: business days of the deal's market from
-- circulation until then (`figure`), in however many rounds, and those from registration to
-- close of a deal that is closed, of which they are a share (`net`). Beside them each holder
-- (role 1; `sort` is the person, C9, or the title): from when it lay there until it went on,
-- anew in each round. Where all have it at the same time, the longest alone counts.
with
found (id) as (
    select id from deal where $deal is not null and id = $deal
    union
    select d.id from deal d cross join ringi r on r.deal_id = d.id
    where $deal is null and $partner is not null and d.partner_id = $partner
    union
    select d.id from deal d cross join ringi r on r.deal_id = d.id
    where $deal is null and $partner is null and $customer is not null
      and d.customer_id = $customer
    union
    select deal_id from ringi where $deal is null and $partner is null and $customer is null
),
-- use: known
,
at (end_ms, last) as materialized (
    select min($to, $as_of + 1), day(min($to, $as_of + 1) - 1, $zone)
),
circuits as (
    select k.*, r.id as ringi_id, r.parallel, r.started_ms,
           case when r.state in ('approved', 'rejected', 'withdrawn') and r.ended_ms <= $as_of
                then r.state when r.returned_ms <= $as_of then 'returned'
                else 'circulating' end as course,
           iif(r.state = 'approved', coalesce((select max(s.done_ms) from ringi_step s
                                               where s.ringi_id = r.id and s.void_ms is null
                                                 and s.outcome = 'stamped'), r.ended_ms),
               r.ended_ms) as over_ms
    from known k cross join ringi r on r.deal_id = k.id
    where r.void_ms is null and r.started_ms < (select end_ms from at)
      and ($partner is null or k.partner_id = $partner)
      and ($type is null or k.type = $type) and ($silo is null or k.silo = $silo)
      and ($market is null or k.market = $market)
),
judged as materialized (
    select c.*, case when c.course in ('circulating', 'returned') then c.course
                     when c.over_ms >= $from and c.over_ms < $to then c.course end as mark
    from circuits c
),
stays as (
    select j.*, coalesce('C' || s.person_id, s.label) as holder, s.done_ms, s.place, s.round,
           business_days(j.market, day(s.since_ms, $zone), day(s.done_ms, $zone)) as days
    from judged j cross join ringi_step s on s.ringi_id = j.ringi_id
    where j.mark = 'approved' and s.void_ms is null and s.since_ms is not null
      and s.done_ms is not null
),
ranked as (
    select s.*, iif(s.parallel, row_number() over (partition by s.ringi_id, s.round
                                                   order by s.days desc, s.place), 1) as nth
    from stays s
),
marked as (
    select j.*, iif(j.mark = 'approved', 2, 0) as role, 'total' as sort,
           iif(j.mark in ('circulating', 'returned'), null, j.over_ms) as at_ms,
           business_days(j.market, day(j.started_ms, $zone),
                         iif(j.mark = 'approved', day(j.over_ms, $zone), at.last)) as figure,
           iif(j.mark = 'approved' and j.state in ('won', 'lost', 'expired'),
               business_days(j.market, day(j.registered_ms, $zone), day(j.closed_ms, $zone)),
               null) as net
    from at cross join judged j
    where j.mark is not null
)
select * from (
    select 'R' as kind, m.ringi_id as no, m.role, m.mark, 0 as again, m.id as deal,
           m.partner_id as partner, m.customer_id as customer, m.owner_id as member,
           m.owner_left as member_left, m.co_owner_id as co_member,
           m.co_owner_left as co_left, m.market, m.type, m.silo, m.product, null as channel,
           m.team, m.sort, m.started_ms as since_ms, m.at_ms,
           coalesce(m.at_ms, m.started_ms) as by_ms, m.figure, m.net, null as money,
           null as currency, 0 as flags
    from marked m
    union all
    select 'R', r.ringi_id, iif(r.nth = 1, 1, 0), iif(r.nth = 1, 'held', 'held_beside'), 0, r.id,
           r.partner_id, r.customer_id, r.owner_id, r.owner_left, r.co_owner_id,
           r.co_owner_left, r.market, r.type, r.silo, r.product, null, r.team, r.holder,
           r.started_ms, r.done_ms, r.over_ms, r.days, null, null, null, 0
    from ranked r)
order by by_ms, no, sort != 'total', at_ms;
