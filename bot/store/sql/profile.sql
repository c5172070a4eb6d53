-- What is known of a person outside besides the name: languages, how far they reach, the
-- firms before this one, when they are away.

-- name: speaks_void
update speaks set void_ms = $now
where person_id = $person and language = $language and void_ms is null;

-- name: speaks_insert
insert into speaks (person_id, language, level) values ($person, $language, $level);

-- name: speaks_list
select language, level from speaks where person_id = $person and void_ms is null
order by id limit $max;

-- name: staff_language
-- How many of the partner's people have a language noted, and how many of them speak
-- $language well enough to support somebody in it.
select count(distinct s.person_id),
       count(distinct case when s.language = $language
             and s.level in ('B2','C1','C2','native') then s.person_id end)
from speaks s join person p on p.id = s.person_id
where p.partner_id = $partner and p.void_ms is null and s.void_ms is null;

-- name: access_void
update access set void_ms = $now
where person_id = $person and customer_id = $customer and void_ms is null;

-- name: access_insert
insert into access (person_id, customer_id, level, member_id, at_ms)
values ($person, $customer, $level, $member, $now);

-- name: access_of_person
select person_id, customer_id, level from access
where person_id = $person and void_ms is null order by id limit $max;

-- name: access_at
select a.person_id, a.customer_id, a.level from access a
join person p on p.id = a.person_id
where a.customer_id = $customer and a.void_ms is null and p.void_ms is null
order by case a.level when 'decision_maker' then 1 when 'influencer' then 2
         when 'user' then 3 else 4 end, p.seniority is null, p.seniority, a.id limit $max;

-- name: access_share
-- Live deals, and those whose customer's decision maker we reach.
select count(*), coalesce(sum(exists (
    select 1 from access a join person p on p.id = a.person_id
    where a.customer_id = d.customer_id and a.level = 'decision_maker'
      and a.void_ms is null and p.void_ms is null)), 0)
from deal d where d.void_ms is null and d.state in ('registered','open','paused');

-- name: access_missing
select d.id from deal d
where d.void_ms is null and d.state in ('registered','open','paused') and not exists (
    select 1 from access a join person p on p.id = a.person_id
    where a.customer_id = d.customer_id and a.level = 'decision_maker'
      and a.void_ms is null and p.void_ms is null)
order by d.id desc limit $max;

-- name: tag_insert
insert into tag (person_id, what, firm) values ($person, $what, $firm);

-- name: tag_list
select what, firm from tag where person_id = $person and void_ms is null
order by id limit $max;

-- name: tag_known
select 1 from tag where person_id = $person and what = $what and firm = $firm
  and void_ms is null;

-- name: former_insert
insert into former_firm (person_id, partner_id, customer_id, title, until_ms)
values ($person, $partner, $customer, $title, $until);

-- name: former_list
select coalesce(g.name, c.name), f.title, f.until_ms
from former_firm f left join partner g on g.id = f.partner_id
left join customer c on c.id = f.customer_id
where f.person_id = $person and f.void_ms is null order by f.id desc limit $max;

-- name: away_insert
insert into away (person_id, from_day, to_day, reason, member_id)
values ($person, $from, $to, $reason, $member);

-- name: away_on
-- Absences on that day or ahead of it, the next one first; who left is away on every day since.
select id, from_day, to_day, reason from away
where person_id = $person and void_ms is null
  and (reason = 'left' or to_day is null or to_day >= $day)
order by from_day;

-- name: away_replace
-- A new report stands instead of the absences it overlaps.
update away set void_ms = $now
where person_id = $person and void_ms is null
  and (to_day is null or to_day >= $from) and ($to is null or from_day <= $to);

-- name: away_end
update away set to_day = $to where id = $id;

-- name: away_void
update away set void_ms = $now where id = $id;
