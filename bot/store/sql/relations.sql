-- name: introduction_insert
insert into introduction (by_person, by_partner, person_id, customer_id, partner_id,
                          member_id, at_ms, note_id, source)
values ($by, $by_partner, $person, $customer, $partner, $member, $at, $note, $source);

-- name: introduction_source
-- The deal that an introduction by a referral partner opened is sourced by that partner: of
-- an introduction the customer's only live deal, of a deal the earliest introduction before
-- it. A source that stands already stays.
insert into deal_source (deal_id, partner_id, introduction_id, at_ms, member_id, created_ms)
select d.id, p.id, i.id, i.at_ms, $member, $now
from introduction i left join person g on g.id = i.by_person
left join person t on t.id = i.person_id
join partner p on p.id = coalesce(i.by_partner, g.partner_id) and p.type = 'referral'
join deal d on d.customer_id = coalesce(i.customer_id, t.customer_id) and d.void_ms is null
  and d.state in ('registered','open','paused','submitted')
where i.void_ms is null and ($intro is null or i.id = $intro) and ($deal is null or d.id = $deal)
  and ($deal is null or i.at_ms <= d.registered_ms)
  and ($intro is null or 1 = (select count(*) from deal o where o.customer_id = d.customer_id
       and o.void_ms is null and o.state in ('registered','open','paused','submitted')))
  and not exists (select 1 from deal_source s where s.deal_id = d.id and s.void_ms is null)
order by i.at_ms, i.id limit 1
returning deal_id;

-- name: introduction_sourced
select partner_id from deal_source
where deal_id = $deal and introduction_id is not null and void_ms is null;

-- name: relation_to_firm
-- Who is tied to a customer or partner: works or worked there, or opened the door to it. The latest
-- of several ties counts; at 0: no day is known.
select kind, id, sort, max(at) from (
  select 'C' as kind, id, 'works' as sort, 0 as at from person
  where $customer is not null and customer_id = $customer and void_ms is null
  union all
  select 'C', id, 'works', 0 from person
  where $partner is not null and partner_id = $partner and void_ms is null
  union all
  select 'C', person_id, 'former', until_ms from former_firm
  where void_ms is null and (customer_id = $customer or partner_id = $partner)
  union all
  select case when by_person is null then 'P' else 'C' end, coalesce(by_person, by_partner),
         'introduced', at_ms
  from introduction
  where $customer is not null and customer_id = $customer and void_ms is null
  union all
  select case when by_person is null then 'P' else 'C' end, coalesce(by_person, by_partner),
         'introduced', at_ms
  from introduction
  where $partner is not null and partner_id = $partner and void_ms is null)
group by kind, id order by sort = 'introduced' desc, max(at) desc, id limit $max;

-- name: relation_of_person
-- Whom a person knows, by what is logged: introductions either way, and contacts that
-- both were part of. The latest of several counts.
select kind, id, sort, max(at) from (
  select case when by_person is null then 'P' else 'C' end as kind,
         coalesce(by_person, by_partner) as id, 'introduced' as sort, at_ms as at
  from introduction where person_id = $person and void_ms is null
  union all
  select 'C', person_id, 'introduced', at_ms from introduction
  where by_person = $person and person_id is not null and void_ms is null
  union all
  select * from (
    select 'C', y.person_id, 'met', t.at_ms
    from touch_person x cross join touch_point t on t.id = x.touch_id
    cross join touch_person y on y.touch_id = t.id
    where x.person_id = $person and x.void_ms is null and y.void_ms is null
      and y.person_id is not null and y.person_id != $person
      and t.void_ms is null and t.state = 'held'
    order by x.id desc limit 500))
group by kind, id order by sort, max(at) desc limit $max;

-- name: partner_last
-- Among those entered last, like person_last.
select max(at_ms) from (
  select t.at_ms from touch_partner x cross join touch_point t on t.id = x.touch_id
  where x.partner_id = $id and x.void_ms is null and t.void_ms is null and t.state = 'held'
  order by x.id desc limit 20);

-- name: quiet_people
-- Spoken with once, but not since: the longest silence first.
select id, last from (
  select p.id, (select max(t.at_ms) from touch_person x cross join touch_point t on t.id = x.touch_id
     where x.person_id = p.id and x.void_ms is null and t.void_ms is null
       and t.state = 'held' and t.outcome = 'reached') as last
  from person p
  left join partner g on g.id = p.partner_id
  left join customer a on a.id = p.customer_id
  where p.void_ms is null and ($partner is null or p.partner_id = $partner)
    and ($customer is null or p.customer_id = $customer)
    and ($market is null or coalesce(g.market, a.market) = $market))
where last < $since order by last, id limit $max;

-- name: quiet_partners
select id, last from (
  select g.id, (select max(t.at_ms) from touch_partner x cross join touch_point t on t.id = x.touch_id
     where x.partner_id = g.id and x.void_ms is null and t.void_ms is null
       and t.state = 'held' and t.outcome = 'reached') as last
  from partner g where g.void_ms is null and g.stage != 'ended'
    and ($partner is null or g.id = $partner) and ($market is null or g.market = $market))
where last < $since order by last, id limit $max;

-- name: kept_by
-- Persons whose contact a member keeps: handed over to him, or, where it never was
-- handed over, spoken with last by him.
with mine (id) as (
  select x.person_id from touch_point t cross join touch_person x on x.touch_id = t.id
  where t.member_id = $member and t.void_ms is null and x.void_ms is null
    and x.person_id is not null
  union select person_id from keeper where member_id = $member and void_ms is null)
select m.id from mine m join person p on p.id = m.id and p.void_ms is null
where $member = coalesce(
  (select k.member_id from keeper k where k.person_id = m.id and k.void_ms is null
   order by k.id desc limit 1),
  (select t.member_id from touch_person x cross join touch_point t on t.id = x.touch_id
   where x.person_id = m.id and x.void_ms is null and t.void_ms is null and t.state = 'held'
   order by t.at_ms desc, t.id desc limit 1))
order by m.id limit $max;

-- name: keeper_insert
insert into keeper (person_id, member_id, since_ms, by_member)
values ($person, $member, $now, $by);

-- name: keeper_find
select member_id, since_ms from keeper
where person_id = $person and void_ms is null order by id desc limit 1;

-- name: handover_deals
-- Who owned it at its close, and who did what on it, stays.
update deal set
  co_owner_id = case when owner_id = $from and co_owner_id = $to then null
                     when co_owner_id = $from and owner_id = $to then null
                     when co_owner_id = $from then $to else co_owner_id end,
  owner_id = case when owner_id = $from then $to else owner_id end
where void_ms is null and state in ('registered', 'open', 'paused')
  and (owner_id = $from or co_owner_id = $from);

-- name: handover_follows
update follow set member_id = $to
where member_id = $from and state != 'done' and void_ms is null;
