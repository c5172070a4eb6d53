-- Figures of deals. `deals` is what was known of each deal in scope at $as_of: the last
-- close counts, and a deal closed or reopened later is as it was then. Each figure marks
-- them; `deal_rows` gives those with a mark. Void and merged deals are out everywhere.
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
deals as materialized (
    select d.id, d.partner_id, d.customer_id,
           coalesce(d.market, p.market, c.market) as market, p.type, p.silo, d.product,
           d.kind as sale, d.origin, d.registered_ms, d.live_ms, d.value_minor, d.currency,
           o.id as owner_id, coalesce(o.state != 'active', 0) as owner_left,
           k.id as co_owner_id, coalesce(k.state != 'active', 0) as co_owner_left,
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
           -- Won or lost in the period and reopened since: a past figure has changed.
           exists (select 1 from deal_event w join deal_event r on r.deal_id = w.deal_id
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
      and ($partner is null or d.partner_id = $partner)
      and ($customer is null or d.customer_id = $customer)
      and ($member is null or $member in (o.id, k.id))
      and ($team is null or $team in (o.team, k.team))
      and ($type is null or p.type = $type)
      and ($silo is null or p.silo = $silo)
      and ($product is null or d.product = $product)
      and ($market is null or coalesce(d.market, p.market, c.market) = $market)
)

-- fragment: deal_rows
-- The rows of `marked`: deals with mark, role, by_ms, figure, net and flags.
select 'D' as kind, m.id as no, m.role, m.mark, 0 as again, m.id as deal,
       m.partner_id as partner, m.customer_id as customer, m.owner_id as member,
       m.owner_left as member_left, m.co_owner_id as co_member,
       m.co_owner_left as co_left, m.market, m.type, m.silo, m.product,
       null as channel, m.team, m.origin as sort, m.registered_ms as since_ms,
       m.closed_ms as at_ms, m.by_ms, m.figure, m.net, m.value_minor as money,
       m.currency, m.flags
from marked m
where m.mark is not null
order by m.registered_ms, m.id

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
-- use: deals
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
-- partner and market. Attempts, internal ones and those after the close do not count.
with recursive
-- use: deals
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
touched as materialized (
    select f.root, t.kind, t.no, t.at_ms, t.channel, t.outcome, t.customer_id,
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

-- name: kpi_k33
-- Open at t with a champion of the deal, its customer or its partner who has power, an own
-- stake, sells for us when we are not there, and was last met at most thirty days ago. Who
-- lacks the power alone is a coach (flag 32).
with
-- use: deals
,
at (t, since) as (
    select min($to, $as_of + 1),
           day_start(day(min($to, $as_of + 1) - 1, $zone) - 30, $zone)
),
backers (deal_id, power) as (
    select d.id, h.power
    from at cross join deals d cross join standing_champion h
    where d.state = 'open' and h.stake and h.sells and h.since_ms < at.t
      and (h.deal_id = d.id or h.customer_id = d.customer_id or h.partner_id = d.partner_id)
      and (select 1 from touch_person y cross join touch_point t on t.id = y.touch_id
           where y.person_id = h.person_id and y.void_ms is null and t.at_ms >= at.since
             and t.at_ms < at.t and t.state = 'held' and t.outcome = 'reached'
             and t.internal = 0 and t.void_ms is null
           order by y.touch_id desc limit 1)
),
covered (deal_id, power) as (
    select deal_id, max(power) from backers group by deal_id
),
marked as (
    select d.*, case when d.state = 'paused' then 'paused' when c.power then 'championed'
                     when c.power = 0 then 'coached' else 'no_champion' end as mark,
           case when d.state = 'paused' then 0 when c.power then 3 else 2 end as role,
           d.registered_ms as by_ms, null as figure, null as net,
           iif(d.state = 'open' and c.power = 0, 32, 0) as flags
    from deals d left join covered c on c.deal_id = d.id
    where d.state in ('open', 'paused')
)
-- use: deal_rows
;
