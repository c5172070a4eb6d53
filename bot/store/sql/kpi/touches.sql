-- Figures of touch points and meetings. `touches` is what was held in [$since, $to),
-- attempts and internal ones too: one row for each partner that took part, of which all
-- but the first are `again` and count in no total. Where $wide is 0 nobody asks for more
-- than totals of a touch point's own columns: one row for each then, and no look at
-- partners, deals and customers, which a million times would be seconds. Those of one
-- partner are then read from firm_touch alone.

-- fragment: touches
-- use: family
,
found (id) as not materialized (
    select t.id from family cross join touch_point t on t.deal_id = family.id
    union all
    select f.touch_id from firm_touch f
    where $wide and $deal is null and f.firm = $partner
      and f.at_ms >= $since and f.at_ms < $to
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is not null
      and t.customer_id = $customer and t.at_ms >= $since and t.at_ms < $to
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is null
      and $member is not null
      and t.member_id = $member and t.at_ms >= $since and t.at_ms < $to
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is null and $member is null
      and t.at_ms >= $since and t.at_ms < $to
),
-- use: found_touches

-- fragment: meetings
-- The same of meetings alone.
-- use: family
,
found (id) as not materialized (
    select t.id from family cross join touch_point t on t.deal_id = family.id
    where +t.kind = 'M'
    union all
    select f.touch_id from firm_touch f
    where $deal is null and f.firm = $partner and f.kind = 'M'
      and f.at_ms >= $since and f.at_ms < $to
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is not null
      and t.customer_id = $customer and t.at_ms >= $since and t.at_ms < $to and +t.kind = 'M'
    union all
    select t.id from touch_point t
    where $deal is null and $partner is null and $customer is null and $member is not null
      and t.member_id = $member and t.at_ms >= $since and t.at_ms < $to and +t.kind = 'M'
    union all
    select h.touch_id from meeting_heard h
    where $deal is null and $partner is null and $customer is null and $member is null
      and h.at_ms >= $since and h.at_ms < $to
),
-- use: found_touches

-- fragment: family
-- use: gone
family (id) as (
    select $deal where $deal is not null
    union
    select m.id from family cross join deal m on m.merged_into = family.id
)

-- fragment: found_touches
touches as not materialized (
    select t.id, t.kind, t.no, t.at_ms, t.channel, t.outcome, t.internal, t.deal_id,
           x.partner_id, t.customer_id, t.member_id, m.id in (select id from gone) as member_left,
           m.team, coalesce(d.market, p.market, c.market, m.market) as market,
           p.type, p.silo, d.product,
           -- The champion's clock starts when the meeting ends or is written down.
           max(t.at_ms + coalesce(t.minutes, 0) * 60000, t.created_ms) as over_ms,
           $partner is null
           and exists (select 1 from touch_partner y join partner q on q.id = y.partner_id
                   where y.touch_id = x.touch_id and y.partner_id < x.partner_id
                     and y.void_ms is null
                     and ($type is null or q.type = $type)
                     and ($silo is null or q.silo = $silo)
                     and ($market is null
                          or coalesce(d.market, q.market, c.market, m.market) = $market))
               as again
    from found cross join touch_point t on t.id = found.id
    left join touch_partner x
      on x.touch_id = iif($wide, t.id, null) and x.void_ms is null
     and not exists (select 1 from touch_partner y
                     where y.touch_id = x.touch_id and y.partner_id = x.partner_id
                       and y.void_ms is null and y.id < x.id)
    left join deal d on d.id = iif($wide, t.deal_id, null) and d.void_ms is null
    left join partner p on p.id = x.partner_id
    left join customer c on c.id = iif($wide, t.customer_id, null)
    left join member m on m.id = iif($wide or $by = 'member', t.member_id, null)
    where t.at_ms >= $since and t.at_ms < $to and t.state = 'held' and t.void_ms is null
      and ($partner is null or x.partner_id = $partner)
      and ($customer is null or t.customer_id = $customer)
      and ($member is null or t.member_id = $member)
      and ($team is null or m.team = $team)
      and ($type is null or p.type = $type)
      and ($silo is null or p.silo = $silo)
      and ($product is null or d.product = $product)
      and ($model is null or d.id is not null
           and coalesce(d.model, iif(d.partner_id is null, 'direct', 'partner')) = $model)
      and ($market is null or coalesce(d.market, p.market, c.market, m.market) = $market)
    union all
    select f.touch_id, f.kind, f.no, f.at_ms, f.channel, f.outcome, f.internal, f.deal_id,
           f.firm, f.customer_id, f.member_id, 0, null, null, null, null, null, null, 0
    from firm_touch f
    where not $wide and f.firm = $partner and f.at_ms >= $since and f.at_ms < $to
)

-- fragment: touch_rows
-- The rows of `marked`: touches with mark, role and flags.
select m.kind, m.no, m.role, m.mark, m.again, m.deal_id as deal, m.partner_id as partner,
       m.customer_id as customer, m.member_id as member, m.member_left,
       null as co_member, 0 as co_left, m.market, m.type, m.silo, m.product, m.channel,
       m.team, m.outcome as sort, null as since_ms, m.at_ms, m.at_ms as by_ms,
       null as figure, null as net, null as money, null as currency, m.flags
from marked m
where m.mark is not null
order by m.at_ms, m.id, m.partner_id

-- fragment: gap_rows
-- As touch_rows, with the days since the one before.
select m.kind, m.no, m.role, m.mark, m.again, m.deal_id as deal, m.partner_id as partner,
       m.customer_id as customer, m.member_id as member, m.member_left,
       null as co_member, 0 as co_left, m.market, m.type, m.silo, m.product, m.channel,
       m.team, m.outcome as sort, null as since_ms, m.at_ms, m.at_ms as by_ms,
       iif(m.role, m.gap, null) as figure, iif(m.overdue > 0, m.overdue, null) as net,
       null as money, null as currency, m.flags
from marked m
order by m.at_ms, m.id, m.partner_id

-- fragment: meeting_counts
-- `marked`, in which the first hundred that do not count stand by themselves, with their
-- number, so that nobody has to look for them again.
select 'M' as kind, m.no, m.role, m.mark, 0 as again, null as deal, null as partner,
       null as customer, null as member, 0 as member_left, null as co_member,
       0 as co_left, null as market, null as type, null as silo, null as product,
       null as channel, null as team, null as sort, null as since_ms, null as at_ms,
       null as by_ms, null as figure, null as net, null as money, null as currency,
       m.flags, m.n
from marked m
where m.n > 0

-- fragment: counted
-- Everybody's touch points, counted in the order of an index that has all of it. From one
-- channel of a kind, outcome and so on to the next is a leap, and of each nothing but the
-- number is taken: of a million this is a small part of the time that looking at each takes.
leap (kind, outcome, internal, channel) as (
    select k.column1, o.column1, i.column1,
           (select min(t.channel) from touch_point t indexed by touch_point_by_outcome
            where t.state = 'held' and t.void_ms is null and t.kind = k.column1
              and t.outcome = o.column1 and t.internal = i.column1)
    from (values ('T'), ('M')) k
    cross join (values ('reached'), ('no_answer'), ('left_message')) o
    cross join (values (0), (1)) i
    union all
    select p.kind, p.outcome, p.internal,
           (select min(t.channel) from touch_point t indexed by touch_point_by_outcome
            where t.state = 'held' and t.void_ms is null and t.kind = p.kind
              and t.outcome = p.outcome and t.internal = p.internal
              and t.channel > p.channel)
    from leap p where p.channel is not null
),
counted as materialized (
    select p.kind, p.outcome, p.internal, p.channel,
           (select count(*) from touch_point t indexed by touch_point_by_outcome
            where t.state = 'held' and t.void_ms is null and t.kind = p.kind
              and t.outcome = p.outcome and t.internal = p.internal
              and t.channel = p.channel and t.at_ms >= $since and t.at_ms < $from)
               as n_before,
           (select count(*) from touch_point t indexed by touch_point_by_outcome
            where t.state = 'held' and t.void_ms is null and t.kind = p.kind
              and t.outcome = p.outcome and t.internal = p.internal
              and t.channel = p.channel and t.at_ms >= $from and t.at_ms < $to)
               as n_in,
           (select max(t.at_ms) from touch_point t indexed by touch_point_by_outcome
            where t.state = 'held' and t.void_ms is null and t.kind = p.kind
              and t.outcome = p.outcome and t.internal = p.internal
              and t.channel = p.channel and t.at_ms < $to)
               as at_ms
    from leap p where p.channel is not null
)

-- fragment: count_rows
-- The rows of `marked` as cells of sql/kpi/shapes.sql.
select m.kind, 0 as no, m.role, m.mark, 0 as again, null as deal, null as partner,
       null as customer, null as member, 0 as member_left, null as co_member,
       0 as co_left, null as market, null as type, null as silo, null as product,
       m.channel, null as team, null as sort, null as since_ms, m.at_ms, null as by_ms,
       m.figure, m.net, null as money, null as currency, m.flags, m.n
from marked m
where m.mark is not null and m.n > 0

-- name: kpi_k12
-- Rows before the period are there for the shift alone.
with recursive
-- use: touches
,
marked as (
    select h.*,
           case when h.at_ms < $from then iif(h.internal or h.outcome != 'reached', null, 'before')
                when h.internal then 'internal'
                when h.outcome != 'reached' then 'attempt' else 'touch' end as mark,
           iif(h.at_ms >= $from and not h.internal and h.outcome = 'reached', 3, 0) as role,
           0 as flags
    from touches h
)
-- use: touch_rows
;

-- name: kpi_k12_total
with recursive
-- use: counted
,
marked as (
    select c.*, c.n_before as n, 0 as role,
           iif(c.internal or c.outcome != 'reached', null, 'before') as mark,
           null as figure, null as net, 0 as flags
    from counted c
    union all
    select c.*, c.n_in, iif(not c.internal and c.outcome = 'reached', 3, 0),
           case when c.internal then 'internal' when c.outcome != 'reached'
                then 'attempt' else 'touch' end, null, null, 0
    from counted c
)
-- use: count_rows
;

-- name: kpi_k13
-- Days between touch points that follow each other, of each partner, or of the customer
-- where no partner was there; inside the period. Of the last one `net` is how many
-- business days of the contact's market the next is overdue (flag 32): more than ten.
with recursive
-- use: touches
,
-- Asked twice, so that what does not count is found without the order of what does.
counted as not materialized (
    select h.*, case when h.internal then 'internal' when h.outcome != 'reached' then 'attempt'
                     when coalesce(h.partner_id, h.customer_id) is null then 'no_firm' end as out,
           iif($deal is not null or $customer is not null, 0,
               coalesce(h.partner_id, -h.customer_id)) as who
    from touches h
    where not h.again or ($deal is null and $customer is null)
),
timed as (
    select c.*, day(c.at_ms, $zone) - day(lag(c.at_ms) over w, $zone) as gap,
           lead(c.id) over w is null as latest
    from counted c where c.out is null
    window w as (partition by c.who order by c.at_ms, c.id)
),
judged as materialized (
    select g.*, iif(g.latest, business_days(
               coalesce(p.market, f.market,
                        (select coalesce(d.market, m.market) from touch_point t
                         left join deal d on d.id = t.deal_id and d.void_ms is null
                         join member m on m.id = t.member_id where t.id = g.id)),
               day(g.at_ms, $zone), day(min($to - 1, $as_of), $zone)) - 10, null) as overdue
    from timed g
    left join partner p on p.id = g.partner_id
    left join customer f on f.id = g.customer_id
),
marked as (
    select c.kind, c.no, c.id, 0 as again, c.deal_id, c.partner_id, c.customer_id, c.member_id,
           c.member_left, c.market, c.type, c.silo, c.product, c.channel, c.team, c.outcome,
           c.at_ms, null as gap, null as overdue, c.out as mark, 0 as role, 0 as flags
    from counted c where c.out is not null
    union all
    select j.kind, j.no, j.id, 0, j.deal_id, j.partner_id, j.customer_id, j.member_id,
           j.member_left, j.market, j.type, j.silo, j.product, j.channel, j.team, j.outcome,
           j.at_ms, j.gap, j.overdue, iif(j.gap is null, 'first_touch', 'touch'),
           iif(j.gap is null, 0, 2), iif(j.overdue > 0, 32, 0)
    from judged j
)
-- use: gap_rows
;

-- name: kpi_k13_total
-- The same of everybody, or of one partner: firm by firm in the order of firm_touch, whose
-- gaps one function counts as they come. Of each firm the last one is looked up for what is
-- overdue.
with
firms (id) as materialized (
    select id from partner where $partner is null or id = $partner
    union all select -id from customer where $partner is null
    union all select 0 where $partner is null
),
taken (gaps) as materialized (
    select gap_counts(firms.id, f.at_ms, $zone)
    from firms cross join firm_touch f
    where f.firm = firms.id and firms.id != 0 and f.at_ms >= $from and f.at_ms < $to
      and f.outcome = 'reached' and f.internal = 0
),
out (internal, attempts) as materialized (
    select sum(f.internal != 0), sum(f.internal = 0)
    from firms cross join firm_touch f indexed by firm_touch_out
    where f.firm = firms.id and f.at_ms >= $from and f.at_ms < $to
      and (f.outcome != 'reached' or f.internal != 0)
),
last as materialized (
    select firms.id,
           (select f.touch_id from firm_touch f
            where f.firm = firms.id and f.at_ms >= $from and f.at_ms < $to
              and f.outcome = 'reached' and f.internal = 0
            order by f.at_ms desc, f.touch_id desc limit 1) as touch_id,
           (select f.at_ms from firm_touch f
            where f.firm = firms.id and f.at_ms >= $from and f.at_ms < $to
              and f.outcome = 'reached' and f.internal = 0
            order by f.at_ms desc, f.touch_id desc limit 1 offset 1) as before_ms
    from firms where firms.id != 0
),
late as materialized (
    select day(t.at_ms, $zone) - day(l.before_ms, $zone) as gap,
           business_days(coalesce(p.market, c.market, d.market, m.market), day(t.at_ms, $zone),
                         day(min($to - 1, $as_of), $zone)) - 10 as overdue
    from last l join touch_point t on t.id = l.touch_id
    left join partner p on p.id = l.id left join customer c on c.id = t.customer_id
    left join deal d on d.id = t.deal_id and d.void_ms is null
    left join member m on m.id = t.member_id
),
tally (gap, n) as (
    select value ->> 0, value ->> 1 from taken cross join json_each(taken.gaps)
    union all
    select gap, -1 from late where overdue > 0 and gap is not null
),
marked (kind, channel, at_ms, mark, role, figure, net, flags, n) as (
    select 'T', null, null, 'touch', 2, gap, null, 0, sum(n) from tally group by gap
    union all
    select 'T', null, null, iif(gap is null, 'first_touch', 'touch'), iif(gap is null, 0, 2),
           gap, overdue, 32, 1
    from late where overdue > 0
    union all
    select 'T', null, null, 'first_touch', 0, null, null, 0,
           count(*) - coalesce(sum(gap is null and overdue > 0), 0)
    from late
    union all select 'T', null, null, 'internal', 0, null, null, 0, internal from out
    union all select 'T', null, null, 'attempt', 0, null, null, 0, attempts from out
    union all
    select 'T', null, null, 'no_firm', 0, null, null, 0, count(*)
    from firms cross join firm_touch f
    where firms.id = 0 and f.firm = 0 and f.at_ms >= $from and f.at_ms < $to
      and f.outcome = 'reached' and f.internal = 0
)
-- use: count_rows
;

-- name: kpi_k34
-- Heard afterwards by the end of the second business day after the meeting's day, in the
-- deal's market. That a note exists is all that is read of it: an off-record one counts
-- by that bare fact. A champion of the people, deal, customer or partner was there to ask.
with recursive
-- use: meetings
,
-- A limit that is none: otherwise its subqueries would be run anew for each word of the
-- judgement.
asked as not materialized (
    select u.*,
           (select h.heard_ms from meeting_heard h
            where h.at_ms = u.at_ms and h.touch_id = u.id and h.heard_ms <= $as_of) as heard_ms,
           day_start(business_add(u.market, day(u.at_ms, $zone), 2) + 1, $zone) as end_ms,
           exists (select 1 from touch_person y
                   join champion h on h.person_id = y.person_id
                   where y.touch_id = u.id and y.void_ms is null and h.void_ms is null
                     and h.since_ms <= u.over_ms)
           or exists (select 1 from champion h
                      where h.deal_id = u.deal_id and h.void_ms is null
                        and h.since_ms <= u.over_ms)
           or exists (select 1 from champion h
                      where h.customer_id = u.customer_id and h.void_ms is null
                        and h.since_ms <= u.over_ms)
           or exists (select 1 from touch_partner y
                      join champion h on h.partner_id = y.partner_id
                      where y.touch_id = u.id and y.void_ms is null
                        and h.void_ms is null and h.since_ms <= u.over_ms) as champion
    from touches u
    where u.kind = 'M' limit -1
),
judged as (
    select a.*, case when a.internal then 'internal'
                     when not a.champion then 'no_champion'
                     when a.heard_ms < a.end_ms then 'heard'
                     when $as_of < a.end_ms then 'pending'
                     when a.heard_ms is not null then 'heard_late'
                     else 'not_heard' end as mark
    from asked a
),
marked as (
    select j.*, case when j.mark = 'heard' then 3
                     when j.mark in ('heard_late', 'not_heard') then 2 else 0 end as role,
           0 as flags
    from judged j
)
-- use: touch_rows
;

-- name: kpi_k34_total
-- The same of everybody, from meeting_heard alone, day by day: when the second business day
-- after it ends in any of the markets. In between, and only there, the market is asked.
with recursive
markets (market) as materialized (
    select market from deal union select market from partner union select market from customer
    union select market from member
),
span (from_ms, to_ms) as materialized (
    select max($from, (select min(at_ms) from meeting_heard)),
           min($to, (select max(at_ms) + 1 from meeting_heard))
),
days (day, last) as (
    select day(from_ms, $zone), day(to_ms - 1, $zone) from span where from_ms < to_ms
    union all
    select day + 1, last from days where day < last
),
ends (from_ms, to_ms, soonest, latest) as materialized (
    select max(day_start(d.day, $zone), $from), min(day_start(d.day + 1, $zone), $to),
           day_start(min(business_add(m.market, d.day, 2)) + 1, $zone),
           day_start(max(business_add(m.market, d.day, 2)) + 1, $zone)
    from days d cross join markets m
    group by d.day
),
-- 0 internal, 1 no champion, 2 heard, 3 pending, 4 heard late, 5 not heard.
judged (touch_id, mark) as materialized (
    select h.touch_id, case
        when h.internal then 0
        when not (exists (select 1 from champion c
                          where c.customer_id = h.customer_id and c.since_ms <= h.over_ms
                            and c.void_ms is null)
                  or exists (select 1 from champion c
                             where c.deal_id = h.deal_id and c.since_ms <= h.over_ms
                               and c.void_ms is null)
                  or exists (select 1 from touch_partner y join champion c
                               on c.partner_id = y.partner_id
                             where y.touch_id = h.touch_id and y.void_ms is null
                               and c.since_ms <= h.over_ms and c.void_ms is null)
                  or exists (select 1 from touch_person y join champion c
                               on c.person_id = y.person_id
                             where y.touch_id = h.touch_id and y.void_ms is null
                               and c.since_ms <= h.over_ms and c.void_ms is null)) then 1
        when h.heard_ms <= $as_of and h.heard_ms < e.soonest then 2
        when coalesce(h.heard_ms > $as_of, 1) and $as_of < e.soonest then 3
        when $as_of >= e.latest and coalesce(h.heard_ms > $as_of, 1) then 5
        when $as_of >= e.latest and h.heard_ms >= e.latest then 4
        else (
            select case when h.heard_ms <= $as_of and h.heard_ms < u.end_ms then 2
                        when $as_of < u.end_ms then 3
                        when h.heard_ms <= $as_of then 4 else 5 end
            from (select day_start(business_add(coalesce(
                             (select d.market from deal d where d.id = h.deal_id and d.void_ms is null),
                             (select p.market from touch_partner y
                              join partner p on p.id = y.partner_id
                              where y.touch_id = h.touch_id and y.void_ms is null
                              order by y.partner_id limit 1),
                             (select c.market from customer c where c.id = h.customer_id),
                             (select m.market from touch_point t
                              join member m on m.id = t.member_id where t.id = h.touch_id)),
                             day(h.at_ms, $zone), 2) + 1, $zone) as end_ms) u)
        end
    from ends e cross join meeting_heard h on h.at_ms >= e.from_ms and h.at_ms < e.to_ms
),
counted (internal, no_champion, heard, pending, heard_late, not_heard) as (
    select sum(mark = 0), sum(mark = 1), sum(mark = 2), sum(mark = 3), sum(mark = 4),
           sum(mark = 5)
    from judged
),
shown (no, mark) as materialized (
    select t.no, j.mark from (select * from judged where mark in (0, 1, 3) limit 100) j
    join touch_point t on t.id = j.touch_id
),
marked (no, mark, role, flags, n) as (
    select no, case mark when 0 then 'internal' when 1 then 'no_champion' else 'pending' end,
           0, 0, 1
    from shown
    union all
    select 0, 'internal', 0, 0, internal - (select count(*) from shown where mark = 0)
    from counted
    union all
    select 0, 'no_champion', 0, 0, no_champion - (select count(*) from shown where mark = 1)
    from counted
    union all
    select 0, 'pending', 0, 0, pending - (select count(*) from shown where mark = 3)
    from counted
    union all select 0, 'heard', 3, 0, heard from counted
    union all select 0, 'heard_late', 2, 0, heard_late from counted
    union all select 0, 'not_heard', 2, 0, not_heard from counted
)
-- use: meeting_counts
;

-- name: kpi_k35
-- The first stance decides, "unknown" included; within 24 hours of the start. Flag 8:
-- still within them and without stance.
with recursive
-- use: meetings
,
timed as not materialized (
    select u.*, u.at_ms + 86400000 as end_ms,
           (select h.stance_ms from meeting_heard h
            where h.at_ms = u.at_ms and h.touch_id = u.id and h.stance_ms <= $as_of) as stance_ms
    from touches u
    where u.kind = 'M' limit -1
),
marked as (
    select h.*, case when h.internal then 'internal' when h.stance_ms <= h.end_ms then 'stance'
                     when h.stance_ms is not null then 'stance_late' else 'no_stance' end as mark,
           case when h.internal then 0 when h.stance_ms <= h.end_ms then 3 else 2 end as role,
           iif(not h.internal and h.stance_ms is null and $as_of <= h.end_ms, 8, 0) as flags
    from timed h
)
-- use: touch_rows
;

-- name: kpi_k35_total
-- The same of everybody, from meeting_heard alone.
with
counted (internal, stance, stance_late, no_stance, running) as materialized (
    select sum(internal != 0),
           sum(internal = 0 and stance_ms <= $as_of and stance_ms <= at_ms + 86400000),
           sum(internal = 0 and stance_ms <= $as_of and stance_ms > at_ms + 86400000),
           sum(internal = 0 and coalesce(stance_ms > $as_of, 1) and $as_of > at_ms + 86400000),
           sum(internal = 0 and coalesce(stance_ms > $as_of, 1) and $as_of <= at_ms + 86400000)
    from meeting_heard
    where at_ms >= $from and at_ms < $to
),
shown (no) as materialized (
    select t.no
    from (select touch_id from meeting_heard
          where at_ms >= $from and at_ms < $to and internal != 0 limit 100) h
    join touch_point t on t.id = h.touch_id
),
marked (no, mark, role, flags, n) as (
    select no, 'internal', 0, 0, 1 from shown
    union all
    select 0, 'internal', 0, 0, internal - (select count(*) from shown) from counted
    union all select 0, 'stance', 3, 0, stance from counted
    union all select 0, 'stance_late', 2, 0, stance_late from counted
    union all select 0, 'no_stance', 2, 0, no_stance from counted
    union all select 0, 'no_stance', 2, 8, running from counted
)
-- use: meeting_counts
;

-- name: kpi_k41
-- Of all that was tried, what reached somebody; a meeting was not tried but held.
with recursive
-- use: touches
,
marked as (
    select h.*, case when h.internal then 'internal' when h.outcome = 'reached' then 'reached'
                     else 'attempt' end as mark,
           case when h.internal then 0 when h.outcome = 'reached' then 3 else 2 end as role,
           0 as flags
    from touches h
    where h.kind = 'T' or h.internal
)
-- use: touch_rows
;

-- name: kpi_k41_total
with recursive
-- use: counted
,
marked as (
    select c.*, c.n_in as n, null as figure, null as net, 0 as flags,
           case when c.internal then 0 when c.outcome = 'reached' then 3 else 2 end as role,
           case when c.internal then 'internal' when c.outcome = 'reached' then 'reached'
                else 'attempt' end as mark
    from counted c
    where c.kind = 'T' or c.internal
)
-- use: count_rows
;
