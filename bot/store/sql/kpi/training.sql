-- Figures of trainings and certificates of partners' people.

-- name: kpi_k20
-- By due day. A due day that is not over is out; flag 32: nobody said when, so that it was
-- 30 days after enrolment.
with
-- use: partners
,
due as (
    select r.*, p.market, p.type, p.silo,
           case when r.due_day >= at.today then 'not_due' when r.done_day <= r.due_day
                then 'in_time' when r.done_day is not null then 'done_late'
                else 'not_done' end as mark
    from at cross join partners p cross join training r on r.partner_id = p.id
    where r.void_ms is null and r.due_day >= at.from_day
      and r.due_day <= day($to - 1, $zone)
),
marked as (
    select 'C' as kind, r.person_id as no, r.partner_id, null as customer_id, r.market,
           r.type, r.silo, r.product, null as sort, 0 as again,
           day_start(r.due_day, $zone) as at_ms, null as figure, null as net,
           iif(r.due_assumed and r.mark != 'not_due', 32, 0) as flags, r.mark,
           case r.mark when 'in_time' then 3 when 'not_due' then 0 else 2 end as role
    from due r
)
-- use: fact_rows
;

-- name: kpi_k21
-- Decided deals in two arms. Led by somebody certified: a person of the deal's partner who
-- took part in its touch points and had, on the day of registration, a certificate for
-- seven days that still held. Deals without such a person are in neither arm.
with recursive
-- use: closed_deals
,
decided as materialized (
    select deals.*, day(registered_ms, $zone) as registered_day from deals
    where state in ('won', 'lost') and closed_ms >= $from and closed_ms < $to
),
family (root, id) as (
    select id, id from decided where partner_id is not null
    union
    select f.root, m.id from family f cross join deal m on m.merged_into = f.id
),
arms (deal_id, certified) as materialized (
    select f.root, max(exists (select 1 from training r
                               where r.person_id = c.id and r.void_ms is null
                                 and r.certified_day + 7 <= d.registered_day
                                 and (r.expires_day is null
                                      or d.registered_day < r.expires_day)))
    from family f cross join decided d on d.id = f.root
    cross join touch_point t on t.deal_id = f.id
    cross join touch_person y on y.touch_id = t.id
    cross join person c on c.id = y.person_id
    where t.state = 'held' and t.void_ms is null and y.void_ms is null
      and t.at_ms <= d.closed_ms
      and (c.partner_id = d.partner_id
           or c.id in (select person_id from former_firm) -- asked first: few have moved
              and exists (select 1 from former_firm o
                          where o.person_id = c.id and o.partner_id = d.partner_id
                            and o.void_ms is null))
    group by f.root
),
led as (
    select d.*, case when a.certified is null then 'none' when a.certified then 'certified'
                     else 'rest' end as arm
    from decided d left join arms a on a.deal_id = d.id
),
marked as (
    select d.*, case when d.arm = 'none' then 0 when d.state = 'won' then 3 else 2 end as role,
           case when d.arm = 'none' then 'no_person' when d.arm = 'rest' then d.state
                else d.state || '_certified' end as mark,
           d.closed_ms as by_ms, null as figure, null as net, 0 as flags
    from led d
)
-- use: arm_rows
;

-- fragment: arm_rows
-- As deal_rows, with the arm instead of the origin.
select 'D' as kind, m.id as no, m.role, m.mark, 0 as again, m.id as deal,
       m.partner_id as partner, m.customer_id as customer, m.owner_id as member,
       m.owner_left as member_left, m.co_owner_id as co_member,
       m.co_owner_left as co_left, m.market, m.type, m.silo, m.product,
       null as channel, m.team, m.arm as sort, m.registered_ms as since_ms,
       m.closed_ms as at_ms, m.by_ms, m.figure, m.net, null as money,
       null as currency, m.flags
from marked m
order by m.registered_ms, m.id
