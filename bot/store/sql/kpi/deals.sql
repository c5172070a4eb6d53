-- Figures of deals. `known` is what was known at $as_of of each deal that was `found`: the
-- last close counts, and a deal closed or reopened later is as it was then. `deals` are
-- those of the partners in scope. Each figure marks them; `deal_rows` gives those with a
-- mark. Void and merged deals are out everywhere.
--
-- Scope is bound by name, null meaning any. Rows are found by the narrowest scope given:
-- `$x is null or …` alone would defeat every index, so each arm of `found` names its own,
-- and SQLite skips an arm whose constant condition fails.

-- fragment: deals
found (id) as (
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
      and registered_ms < $to
),
-- use: known
,
-- use: scoped

-- fragment: scoped
deals as materialized (
    select * from known
    where ($partner is null or partner_id = $partner)
      and ($type is null or type = $type)
      and ($silo is null or silo = $silo)
      and ($market is null or market = $market)
)

-- fragment: closed_deals
-- Those that may have been won or lost in the period, of all deals the ones alone whose last
-- close is in it, is not known yet, or was not the first.
found (id) as (
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
    where $deal is null and $partner is null and $customer is null and closed_ms >= $from
      and (closed_ms < $to and state in ('won', 'lost') or closed_ms > $as_of)
      and id not in (select deal_id from deal_event where what = 'reopened')
    union all
    select distinct deal_id from deal_event
    where $deal is null and $partner is null and $customer is null and what = 'reopened'
),
-- use: known
,
-- use: scoped

-- fragment: unclosed_deals
-- Those that may have been open at the end of the period: not closed before it for good.
found (id) as (
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
      and registered_ms < $to
      and not (state in ('won', 'lost', 'expired') and closed_ms < min($to, $as_of + 1))
),
-- use: known
,
-- use: scoped

-- fragment: gone
-- Who has left by then, or whose last day is over.
gone (id) as materialized (
    select id from member where state != 'active'
    union
    select member_id from leaving where void_ms is null and last_day < day($as_of, $zone)
),

-- fragment: known
-- use: gone
known as (
    select d.id, 0 as again, d.partner_id, d.customer_id,
           coalesce(d.market, p.market, c.market) as market, p.type, p.silo, d.product,
           d.kind as sale, d.origin, d.registered_ms, d.live_ms, d.value_minor,
           d.list_minor, d.currency,
           o.id as owner_id, o.id in (select id from gone) as owner_left,
           k.id as co_owner_id, k.id in (select id from gone) as co_owner_left,
           o.team,
           case when d.state in ('won', 'lost', 'expired') and d.closed_ms <= $as_of
                then d.closed_ms else e.at_ms end as closed_ms,
           case when d.state in ('won', 'lost', 'expired') and d.closed_ms <= $as_of
                then d.state
                when e.what in ('won', 'lost', 'expired') then e.what
                when exists (select 1 from deal_pause z
                             where z.deal_id = d.id and z.void_ms is null
                               and z.from_ms <= $as_of
                               and coalesce(z.to_ms > $as_of, 1)) then 'paused'
                when d.state = 'paused'
                     and not exists (select 1 from deal_pause z
                                     where z.deal_id = d.id and z.void_ms is null
                                       and z.from_ms <= $as_of) then 'paused'
                else 'open' end as state,
           -- Won or lost in the period and reopened since: a past figure has changed. Asked
           -- first is what few deals are.
           d.id in (select deal_id from deal_event where what = 'reopened')
           and exists (select 1 from deal_event w join deal_event r on r.deal_id = w.deal_id
                   where w.deal_id = d.id and w.what in ('won', 'lost')
                     and w.at_ms >= $from and w.at_ms < $to and r.what = 'reopened'
                     and (r.at_ms > w.at_ms or (r.at_ms = w.at_ms and r.id > w.id))
                     and r.at_ms <= $as_of and w.void_ms is null and r.void_ms is null)
               as reopened
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
    where d.void_ms is null and d.state not in ('merged', 'submitted', 'declined')
      and d.registered_ms < $to
      and ($deal is null or d.id = $deal)
      and ($customer is null or d.customer_id = $customer)
      and ($member is null or $member in (o.id, k.id))
      and ($team is null or $team in (o.team, k.team))
      and ($product is null or d.product = $product)
      and ($model is null
           or coalesce(d.model, iif(d.partner_id is null, 'direct', 'partner')) = $model)
)

-- fragment: deal_rows
-- The rows of `marked`: deals with mark, role, by_ms, figure, net and flags.
select 'D' as kind, m.id as no, m.role, m.mark, m.again, m.id as deal,
       m.partner_id as partner, m.customer_id as customer, m.owner_id as member,
       m.owner_left as member_left, m.co_owner_id as co_member,
       m.co_owner_left as co_left, m.market, m.type, m.silo, m.product,
       null as channel, m.team, m.origin as sort, m.registered_ms as since_ms,
       m.closed_ms as at_ms, m.by_ms, m.figure, m.net, m.value_minor as money,
       m.currency, m.flags
from marked m
where m.mark is not null
order by m.registered_ms, m.id

-- fragment: ended
-- How deals stood at the end of the period: live, not closed by then or reopened by then,
-- and resting while paused. At $as_of itself their states say so.
instant (end_ms, today) as (
    select min($to, $as_of + 1), day(min($to, $as_of + 1) - 1, $zone)
),
ended as materialized (
    select d.*,
           iif(i.end_ms > $as_of, d.state in ('open', 'paused'),
               coalesce((select x.what from deal_event x
                         where x.deal_id = d.id and x.at_ms < i.end_ms and x.void_ms is null
                           and x.what in ('won', 'lost', 'expired', 'reopened')
                         order by x.at_ms desc, x.id desc limit 1), 'reopened') = 'reopened'
               and (d.state in ('open', 'paused') or d.closed_ms >= i.end_ms)) as live,
           iif(i.end_ms > $as_of, d.state = 'paused',
               exists (select 1 from deal_pause z
                       where z.deal_id = d.id and z.void_ms is null and z.from_ms < i.end_ms
                         and coalesce(z.to_ms >= i.end_ms, 1))) as resting
    from instant i cross join deals d
)

-- fragment: last_touch
-- The last touch point of each live deal and of what was merged into it, up to the instant.
family (root, id) as (
    select id, id from ended where live
    union
    select f.root, m.id from family f cross join deal m on m.merged_into = f.id
),
last_touch (root, at_ms) as (
    select f.root, max((select y.at_ms from touch_point y
                        where y.deal_id = f.id and y.at_ms < i.end_ms and y.state = 'held'
                          and y.void_ms is null and y.internal = 0
                          and y.outcome = 'reached'
                        order by y.at_ms desc limit 1))
    from instant i cross join family f
    group by f.root
)

-- name: kpi_k5
-- By day of registration; what has expired since is counted and named apart.
with
-- use: deals
,
marked as (
    select d.*, 1 as role, iif(d.state = 'expired', 'expired', 'registered') as mark,
           d.registered_ms as by_ms, null as figure, null as net, 0 as flags
    from deals d
    where d.registered_ms >= $from
)
-- use: deal_rows
;

-- name: kpi_k6
-- Decided in the period, by the last close known.
with
-- use: deals
,
placed as (
    select d.*, d.closed_ms >= $from and d.closed_ms < $to as inside from deals d
),
marked as (
    select d.*, case when d.state = 'won' and d.inside then 3
                     when d.state = 'lost' and d.inside then 2 else 0 end as role,
           case when d.state in ('open', 'paused') or d.inside then d.state
                when d.reopened then 'reopened' end as mark,
           d.closed_ms as by_ms, null as figure, null as net, d.reopened as flags
    from placed d
)
-- use: deal_rows
;

-- name: kpi_k7
-- Everything registered in the period, whatever became of it. Flags: still open (2),
-- and younger than its market's expected cycle (4), of 90 days times the factor.
with
-- use: deals
,
marked as (
    select d.*, iif(d.state = 'won', 3, 2) as role, d.state as mark,
           d.registered_ms as by_ms, null as figure, null as net,
           iif(d.state in ('open', 'paused'), 2, 0)
           + iif(day($as_of, $zone) - day(d.registered_ms, $zone)
                 < 90 * coalesce((select f.factor_milli / 1000.0 from market_fact f
                                  where f.market = d.market and f.void_ms is null),
                                 cycle_factor(d.market)), 4, 0) as flags
    from deals d
    where d.registered_ms >= $from
)
-- use: deal_rows
;

-- name: kpi_k9
-- Calendar days from registration to winning, and net of pauses: each from its day to
-- the day of resuming. Flag 16: named in the answer, since the data are wrong.
with
-- use: closed_deals
,
timed as (
    select d.*, day(d.closed_ms, $zone) - day(d.registered_ms, $zone) as figure,
           (select coalesce(sum(day(min(coalesce(z.to_ms, d.closed_ms), d.closed_ms), $zone)
                                - day(max(z.from_ms, d.registered_ms), $zone)), 0)
            from deal_pause z
            where z.deal_id = d.id and z.void_ms is null and z.from_ms <= $as_of
              and min(coalesce(z.to_ms, d.closed_ms), d.closed_ms)
                  > max(z.from_ms, d.registered_ms)) as paused
    from deals d
    where d.state = 'won' and d.closed_ms >= $from and d.closed_ms < $to
),
marked as (
    select t.*, iif(t.figure < 0, 0, 2) as role, iif(t.figure < 0, 'data_error', 'won') as mark,
           t.closed_ms as by_ms, t.figure - t.paused as net,
           iif(t.figure < 0, 16, 0) as flags
    from timed t
)
-- use: deal_rows
;

-- name: kpi_k11
-- Won deals, and all touch points of each up to its last close, those before
-- registration and those of deals merged into it too; they go with the deal's owner,
-- partner and market. Attempts, internal ones and those after the close do not count. Where
-- $wide is 0 a touch point need not say which it was: an index has the rest.
with recursive
-- use: closed_deals
,
won as materialized (
    select * from deals
    where state = 'won' and closed_ms >= $from and closed_ms < $to
),
family (root, id) as (
    select id, id from won
    union
    select f.root, m.id from family f cross join deal m on m.merged_into = f.id
),
touched as not materialized (
    select f.root, iif($wide, t.kind, 'T') as kind, iif($wide, t.no, 0) as no, t.at_ms,
           iif($wide, t.channel, null) as channel, t.outcome,
           iif($wide, t.customer_id, null) as customer_id,
           case when t.internal then 'internal' when t.outcome != 'reached' then 'attempt'
                when t.at_ms > w.closed_ms then 'after_close' else 'touch' end as mark
    from family f cross join won w on w.id = f.root
    cross join touch_point t on t.deal_id = f.id
    where t.state = 'held' and t.void_ms is null
),
tally (root, n) as (
    select root, count(*) from touched where mark = 'touch' group by root
)
select * from (
    select 'D' as kind, w.id as no, 2 as role, iif(y.n > 0, 'won', 'unlogged') as mark,
           0 as again, w.id as deal, w.partner_id as partner, w.customer_id as customer,
           w.owner_id as member, w.owner_left as member_left, w.co_owner_id as co_member,
           w.co_owner_left as co_left, w.market, w.type, w.silo, w.product,
           null as channel, w.team, w.origin as sort, w.registered_ms as since_ms,
           w.closed_ms as at_ms, w.closed_ms as by_ms, coalesce(y.n, 0) as figure,
           null as net, w.value_minor as money, w.currency, iif(y.n > 0, 0, 16) as flags
    from won w left join tally y on y.root = w.id
    union all
    select y.kind, y.no, y.mark = 'touch', y.mark, 0, w.id, w.partner_id, y.customer_id,
           w.owner_id, w.owner_left, w.co_owner_id, w.co_owner_left, w.market, w.type,
           w.silo, w.product, y.channel, w.team, y.outcome, w.registered_ms, y.at_ms,
           w.closed_ms, null, null, null, null, 0
    from touched y join won w on w.id = y.root)
order by kind != 'D', since_ms, deal, at_ms, no;

-- name: kpi_k11_total
-- The same won deals, with the number of touch points of each instead of these.
with recursive
-- use: closed_deals
,
won as materialized (
    select * from deals
    where state = 'won' and closed_ms >= $from and closed_ms < $to
),
family (root, id, closed_ms) as (
    select id, id, closed_ms from won
    union
    select f.root, m.id, f.closed_ms from family f cross join deal m on m.merged_into = f.id
),
-- Two numbers in each: one pass is enough for both, and no deal has two milliards.
counted as materialized (
    select f.root,
           (select coalesce(sum(iif(t.at_ms <= f.closed_ms, 1, 2147483648)), 0)
            from touch_point t
            where t.deal_id = f.id and t.outcome = 'reached' and t.internal = 0
              and t.state = 'held' and t.void_ms is null) as reached,
           (select coalesce(sum(iif(t.internal, 2147483648, 1)), 0)
            from touch_point t
            where t.deal_id = f.id and (t.outcome != 'reached' or t.internal != 0)
              and t.state = 'held' and t.void_ms is null) as others
    from family f
),
tally as materialized (
    select root, sum(reached % 2147483648) as touches, sum(reached / 2147483648) as later,
           sum(others % 2147483648) as attempts, sum(others / 2147483648) as internal
    from counted group by root
),
-- The first that do not count, with their numbers.
shown (kind, no, mark) as materialized (
    select t.kind, t.no,
           case when t.internal then 'internal' when t.outcome != 'reached' then 'attempt'
                else 'after_close' end
    from family f cross join touch_point t on t.deal_id = f.id
    where t.state = 'held' and t.void_ms is null
      and (t.internal or t.outcome != 'reached' or t.at_ms > f.closed_ms)
    limit 100
),
marked (kind, no, role, mark, figure, money, currency, sort, flags, n) as (
    select 'D', w.id, 2, iif(y.touches > 0, 'won', 'unlogged'), y.touches, w.value_minor,
           w.currency, w.origin, iif(y.touches > 0, 0, 16), 1
    from tally y cross join won w on w.id = y.root
    union all select 'T', 0, 1, 'touch', null, null, null, null, 0, sum(touches) from tally
    union all select kind, no, 0, mark, null, null, null, null, 0, 1 from shown
    union all
    select 'T', 0, 0, 'after_close', null, null, null, null, 0,
           sum(later) - (select count(*) from shown where mark = 'after_close')
    from tally
    union all
    select 'T', 0, 0, 'attempt', null, null, null, null, 0,
           sum(attempts) - (select count(*) from shown where mark = 'attempt')
    from tally
    union all
    select 'T', 0, 0, 'internal', null, null, null, null, 0,
           sum(internal) - (select count(*) from shown where mark = 'internal')
    from tally
)
select m.kind, m.no, m.role, m.mark, 0 as again, null as deal, null as partner,
       null as customer, null as member, 0 as member_left, null as co_member,
       0 as co_left, null as market, null as type, null as silo, null as product,
       null as channel, null as team, m.sort, null as since_ms, null as at_ms,
       null as by_ms, m.figure, null as net, m.money, m.currency, m.flags, m.n
from marked m
where m.n > 0;

-- name: kpi_k10
-- The days of K9 of a market's won deals against those of the base market (role 4): the
-- markets set as such, else those whose cycle is the base cycle.
with
found (id) as (
    select id from deal where $deal is not null and id = $deal
    union all
    select id from deal where $deal is null and registered_ms < $to
),
-- use: known
,
based as (
    select k.*, day(k.closed_ms, $zone) - day(k.registered_ms, $zone) as days,
           iif(exists (select 1 from market_fact f where f.base = 1 and f.void_ms is null),
               exists (select 1 from market_fact f
                       where f.market = k.market and f.base = 1 and f.void_ms is null),
               cycle_factor(k.market) = 1) as base
    from known k
    where k.state = 'won' and k.closed_ms >= $from and k.closed_ms < $to
      and ($partner is null or k.partner_id = $partner)
      and ($type is null or k.type = $type) and ($silo is null or k.silo = $silo)
),
marked as (
    select b.*, case when b.market is null or b.days < 0 then 0
                     when b.base then 4 else 3 end as role,
           case when b.market is null then 'no_market' when b.days < 0 then 'data_error'
                when b.base then 'base' else 'won' end as mark,
           b.closed_ms as by_ms, b.days as figure, null as net,
           iif(b.days < 0, 16, 0) as flags
    from based b
    where $market is null or b.base or b.market = $market
)
-- use: deal_rows
;

-- name: kpi_k28
-- Registrations of partners. Outside the declared network and no follow-on sale is
-- hunting; where nobody knows how it came about, that is not assumed.
with
-- use: deals
,
judged as (
    select d.*, case when d.partner_id is null then 'direct'
                     when d.sale in ('cross', 'upsell') then d.sale
                     when d.origin = 'network' or exists (
                         select 1 from network_account n
                         where n.partner_id = d.partner_id and n.customer_id = d.customer_id
                           and n.void_ms is null
                           and n.at_day <= day(d.registered_ms, $zone)) then 'network'
                     when d.origin = 'unknown' then 'origin_unknown'
                     else 'hunted' end as mark
    from deals d
    where d.registered_ms >= $from
),
marked as (
    select j.*, case j.mark when 'direct' then 0 when 'hunted' then 3 else 2 end as role,
           j.registered_ms as by_ms, null as figure, null as net, 0 as flags
    from judged j
)
-- use: deal_rows
;

-- name: kpi_k30
-- Live at the period's last instant (role 4): open, not paused, and touched, or at least
-- registered, within sixty business days. Beside them what was won and lost in the
-- period: days from registration in `figure`, value in `net`.
with recursive
-- use: deals
,
-- use: ended
,
-- use: last_touch
,
marked as (
    select e.*, case when e.live and e.resting then 'paused'
                     when e.live and business_days(e.market,
                         day(coalesce(l.at_ms, e.registered_ms), $zone), i.today) >= 60
                         then 'untouched'
                     when e.live then 'live'
                     when e.state in ('won', 'lost') and e.closed_ms >= $from
                          and e.closed_ms < $to then e.state end as mark,
           case when e.live and (e.resting or business_days(e.market,
                         day(coalesce(l.at_ms, e.registered_ms), $zone), i.today) >= 60)
                         then 0
                when e.live then 4 when e.state = 'won' then 3 else 2 end as role,
           iif(e.live, e.registered_ms, e.closed_ms) as by_ms,
           iif(e.state = 'won' and not e.live,
               day(e.closed_ms, $zone) - day(e.registered_ms, $zone), null) as figure,
           iif(e.state = 'won' and not e.live, e.value_minor, null) as net, 0 as flags
    from instant i cross join ended e left join last_touch l on l.root = e.id
)
-- use: deal_rows
;

-- name: kpi_k31
-- Open at the end of the period. No touch point for ten business days of the deal's
-- market, and for twice the median of the deal's own gaps in days. Paused deals are out,
-- and those of which a ringi comes back on a day that is known and still to come.
with recursive
-- use: unclosed_deals
,
-- use: ended
,
-- use: last_touch
,
-- Of those alone that are idle long enough otherwise.
idle (root, today, last) as materialized (
    select e.id, i.today, day(coalesce(l.at_ms, e.registered_ms), $zone)
    from instant i cross join ended e left join last_touch l on l.root = e.id
    where e.live
),
touched_at (root, at_ms) as (
    select f.root, y.at_ms
    from instant i cross join family f cross join idle q on q.root = f.root
    cross join touch_point y on y.deal_id = f.id
    where q.today - q.last >= 10 and y.at_ms < i.end_ms and y.state = 'held'
      and y.void_ms is null and y.internal = 0 and y.outcome = 'reached'
),
cadence (root, twice) as (
    select root, twice_median_gap(at_ms, $zone) from touched_at group by root
),
timed as (
    select e.*, q.today, q.last, coalesce(c.twice, 0) as twice,
           exists (select 1 from ringi r
                   where r.deal_id = e.id and r.void_ms is null and r.state = 'returned'
                     and r.back_day >= q.today) as waiting
    from idle q cross join ended e on e.id = q.root left join cadence c on c.root = e.id
),
judged as materialized (
    select t.*, business_days(t.market, t.last, t.today) as idle,
           case when t.resting then 'paused' when t.waiting then 'waiting'
                when business_days(t.market, t.last, t.today) >= 10
                     and t.today - t.last >= t.twice then 'stalled'
                else 'moving' end as mark
    from timed t
),
marked as (
    select j.*, case j.mark when 'stalled' then 3 when 'moving' then 2 else 0 end as role,
           j.registered_ms as by_ms, j.idle as figure, null as net, 0 as flags
    from judged j
)
-- use: deal_rows
;

-- name: kpi_k39
-- Signed in the period: days from the first touch point to the signature, and from there
-- until it went live (`net`). Without a live day it is still running.
with recursive
-- use: closed_deals
,
ended as (
    select d.*, 1 as live from deals d
    where d.state = 'won' and d.closed_ms >= $from and d.closed_ms < $to
),
instant (end_ms) as (select $as_of + 1),
-- use: last_touch
,
started (root, at_ms) as (
    select f.root, min((select y.at_ms from touch_point y
                        where y.deal_id = f.id and y.at_ms <= $as_of and y.state = 'held'
                          and y.void_ms is null and y.internal = 0
                          and y.outcome = 'reached'
                        order by y.at_ms limit 1))
    from family f group by f.root
),
timed as (
    select e.*, day(e.closed_ms, $zone) - day(s.at_ms, $zone) as prepared,
           iif(e.live_ms <= $as_of, day(e.live_ms, $zone) - day(e.closed_ms, $zone), null)
               as executed
    from ended e left join started s on s.root = e.id
),
judged as (
    select t.*, case when t.prepared is null then 'unlogged'
                     when t.executed is null then 'not_live'
                     when t.prepared < 0 or t.executed < 0 then 'order_error'
                     else 'lived' end as mark
    from timed t
),
marked as (
    select j.*, iif(j.mark = 'lived', 3, 0) as role, j.closed_ms as by_ms,
           iif(j.mark = 'lived', j.prepared, null) as figure,
           iif(j.mark = 'lived', j.executed, null) as net,
           iif(j.mark = 'lived', 0, 16) as flags
    from judged j
)
-- use: deal_rows
;

-- name: kpi_k40
-- Decided in the period; minutes between 09:00 and 18:00 in the team zone on the business
-- days of the deal's market. What a rep registered needed nobody's decision.
with
-- use: gone
found (id) as (
    select id from deal
    where $deal is null and $partner is not null and partner_id = $partner
    union all
    select id from deal
    where $deal is null and $partner is null and decided_ms >= $from and decided_ms < $to
    union all
    select id from deal where $deal is null and $partner is null and state = 'submitted'
    union all
    select id from deal
    where $deal is null and $partner is null and registered_ms >= $from
      and registered_ms < $to and decided_ms is null
    union all
    select id from deal where $deal is not null and id = $deal
),
submitted as materialized (
    select d.*, coalesce(d.market, p.market, c.market) as in_market, p.type, p.silo, o.team,
           o.id in (select id from gone) as owner_left,
           k.id in (select id from gone) as co_owner_left,
           iif(d.decided_ms <= $as_of, d.decided_ms, null) as decision_ms
    from (select distinct id from found) f join deal d on d.id = f.id
    left join partner p on p.id = d.partner_id
    left join customer c on c.id = d.customer_id
    left join member o on o.id = d.owner_id left join member k on k.id = d.co_owner_id
    where d.void_ms is null and d.state != 'merged' and d.registered_ms < $to
      and d.registered_ms <= $as_of
      and ($partner is null or d.partner_id = $partner)
      and ($customer is null or d.customer_id = $customer)
      and ($member is null or $member in (d.owner_id, d.co_owner_id))
      and ($team is null or o.team = $team)
      and ($type is null or p.type = $type) and ($silo is null or p.silo = $silo)
      and ($product is null or d.product = $product)
      and ($model is null
           or coalesce(d.model, iif(d.partner_id is null, 'direct', 'partner')) = $model)
      and ($market is null or coalesce(d.market, p.market, c.market) = $market)
),
clocked as (
    select s.*, day(s.registered_ms, $zone) as first, day(s.decision_ms, $zone) as last
    from submitted s
),
-- What of the working day has gone by at either end, in milliseconds up to nine hours.
worked as (
    select c.*,
           iif(business_days(c.in_market, c.first - 1, c.first),
               max(0, min(32400000, c.registered_ms - day_start(c.first, $zone) - 32400000)),
               0) as before,
           iif(business_days(c.in_market, c.last - 1, c.last),
               max(0, min(32400000, c.decision_ms - day_start(c.last, $zone) - 32400000)),
               0) as after
    from clocked c
),
marked as (
    select w.id, 0 as again, w.partner_id, w.customer_id, w.owner_id, w.owner_left,
           w.co_owner_id, w.co_owner_left, w.in_market as market, w.type, w.silo,
           w.product, w.team, w.origin, w.registered_ms, w.decision_ms as closed_ms,
           case when w.decision_ms >= $from and w.decision_ms < $to
                then iif(w.state = 'declined', 'declined', 'approved')
                when w.decided_ms is null and w.state != 'submitted' then 'auto'
                when w.decision_ms is null then 'submitted' end as mark,
           iif(w.decision_ms >= $from and w.decision_ms < $to, 3, 0) as role,
           w.decision_ms as by_ms,
           (business_days(w.in_market, w.first - 1, w.last - 1) * 32400000 - w.before
            + w.after + 30000) / 60000 as figure,
           null as net, w.value_minor, w.currency, 0 as flags
    from worked w
    where w.decided_ms is not null or w.state in ('submitted', 'declined')
       or w.registered_ms >= $from
)
-- use: deal_rows
;

-- name: kpi_k33
-- Open at t with a champion of the deal, its customer or its partner who has power, an own
-- stake, sells for us when we are not there, and was last met at most thirty days ago. Who
-- lacks the power alone is a coach (flag 32).
with
-- use: unclosed_deals
,
-- use: ended
,
at (t, since) as materialized (
    select min($to, $as_of + 1),
           day_start(day(min($to, $as_of + 1) - 1, $zone) - 30, $zone)
),
claims (deal_id, person_id, power, since_ms) as materialized (
    select d.id, h.person_id, h.power, h.since_ms
    from ended d cross join standing_champion h on h.deal_id = d.id
    where d.live and not d.resting and h.stake and h.sells
    union all
    select d.id, h.person_id, h.power, h.since_ms
    from ended d cross join standing_champion h on h.customer_id = d.customer_id
    where d.live and not d.resting and h.stake and h.sells
    union all
    select d.id, h.person_id, h.power, h.since_ms
    from ended d cross join standing_champion h on h.partner_id = d.partner_id
    where d.live and not d.resting and h.stake and h.sells
),
-- Each person once, the latest touch points first.
met (person_id) as materialized (
    select p.person_id
    from at cross join (select distinct person_id from claims) p
    where (select 1 from touch_person y cross join touch_point t on t.id = y.touch_id
           where y.person_id = p.person_id and y.void_ms is null and t.at_ms >= at.since
             and t.at_ms < at.t and t.state = 'held' and t.outcome = 'reached'
             and t.internal = 0 and t.void_ms is null
           order by y.id desc limit 1)
),
covered (deal_id, power) as (
    select h.deal_id, max(h.power)
    from at cross join claims h
    where h.since_ms < at.t and h.person_id in (select person_id from met)
    group by h.deal_id
),
marked as (
    select d.*, case when d.resting then 'paused' when c.power then 'championed'
                     when c.power = 0 then 'coached' else 'no_champion' end as mark,
           case when d.resting then 0 when c.power then 3 else 2 end as role,
           d.registered_ms as by_ms, null as figure, null as net,
           iif(not d.resting and c.power = 0, 32, 0) as flags
    from ended d left join covered c on c.deal_id = d.id
    where d.live
)
-- use: deal_rows
;
