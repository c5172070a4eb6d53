-- The latest contact with a person is looked for among the 20 entered last: a log must
-- not cost more the longer the history is.

-- The number of a record that was merged finds the one that has its records since.

-- name: person_find
select p.id, p.name, p.title, p.honorific, p.language, p.seniority, p.partner_id,
       p.customer_id, p.source, coalesce(g.name, c.name), 0, p.department, p.note_id
from person p left join partner g on g.id = p.partner_id
left join customer c on c.id = p.customer_id
where p.id = coalesce((select merged_into from person where id = $id), $id)
  and p.void_ms is null;

-- name: person_last
select max(at_ms) from (
  select t.at_ms from touch_person x cross join touch_point t on t.id = x.touch_id
  where x.person_id = $id and x.void_ms is null and t.void_ms is null and t.state = 'held'
  order by x.id desc limit 20);

-- name: person_insert
insert into person (name, title, department, honorific, language, seniority, partner_id,
  customer_id, note_id, source, created_ms)
values ($name, $title, $department, $honorific, $language, $seniority, $partner, $customer,
  $note, $source, $now);

-- name: person_update
update person set name = $name, title = $title, department = $department,
  honorific = $honorific,
  language = $language, seniority = $seniority, partner_id = $partner, customer_id = $customer,
  note_id = $note
where id = $id;

-- name: person_at
select id from person where partner_id = $partner and void_ms is null
union all select id from person where customer_id = $customer and void_ms is null
limit $max;

-- name: person_list
select p.id, p.name, p.title, p.honorific, p.language, p.seniority, p.partner_id,
       p.customer_id, p.source, coalesce(g.name, c.name),
       (select max(at_ms) from (
          select t.at_ms from touch_person x cross join touch_point t on t.id = x.touch_id
          where x.person_id = p.id and x.void_ms is null and t.void_ms is null and t.state = 'held'
          order by x.id desc limit 20)), p.department, p.note_id
from person p left join partner g on g.id = p.partner_id
left join customer c on c.id = p.customer_id
where p.void_ms is null
  and ($partner is null or p.partner_id = $partner)
  and ($customer is null or p.customer_id = $customer)
  and ($unreached = 0 or not exists (select 1 from messenger m where m.person_id = p.id
       and m.void_ms is null and m.network not in ('mail','phone')))
order by p.seniority is null, p.seniority, p.name limit $max;

-- name: partner_find
select id, name, type, market, silo, stage, coalesce(commission_bp, -1), agreement_day,
       signed_day, ended_day, source, commission_mode, renewal_bp, first_level,
       support_language, person
from partner
where id = coalesce((select merged_into from partner where id = $id), $id) and void_ms is null;

-- name: partner_list
select id, name, type, market, silo, stage, coalesce(commission_bp, -1), agreement_day,
       signed_day, ended_day, source, commission_mode, renewal_bp, first_level,
       support_language, person
from partner where void_ms is null order by name limit $max;

-- name: partner_insert
insert into partner (name, type, market, silo, stage, commission_bp, agreement_day,
                     signed_day, ended_day, commission_mode, renewal_bp, first_level,
                     support_language, person, source, created_ms)
values ($name, $type, $market, $silo, $stage, $commission, $agreement, $signed, $ended,
        $mode, $renewal, $first, $language, $person, $source, $now);

-- name: partner_update
update partner set name = $name, type = $type, market = $market, silo = $silo,
  stage = $stage, commission_bp = $commission, agreement_day = $agreement,
  signed_day = $signed, ended_day = $ended, commission_mode = $mode, renewal_bp = $renewal,
  first_level = $first, support_language = $language, person = $person
where id = $id;

-- name: customer_find
select id, name, market, industry, source from customer
where id = coalesce((select merged_into from customer where id = $id), $id) and void_ms is null;

-- name: customer_list
select id, name, market, industry, source from customer where void_ms is null
order by name limit $max;

-- name: customer_insert
insert into customer (name, market, industry, source, created_ms)
values ($name, $market, $industry, $source, $now);

-- name: customer_update
update customer set name = $name, market = $market, industry = $industry where id = $id;

-- name: name_insert
insert into name (kind, ref, text, sort) values ($kind, $ref, $text, $sort);

-- name: name_all
-- Displayed names come from the records themselves, further ones from `name`.
select 'P', id, name, 'd' from partner where void_ms is null
union all select 'A', id, name, 'd' from customer where void_ms is null
union all select 'C', id, name, 'd' from person where void_ms is null
union all select 'U', id, name, 'd' from member where state = 'active'
union all select 'U', id, handle, 'a' from member where state = 'active'
union all select kind, ref, text, substr(sort, 1, 1) from name where void_ms is null;

-- name: name_of
select 'P', id, name, 'd' from partner where $kind = 'P' and id = $ref and void_ms is null
union all select 'A', id, name, 'd' from customer where $kind = 'A' and id = $ref and void_ms is null
union all select 'C', id, name, 'd' from person where $kind = 'C' and id = $ref and void_ms is null
union all select 'U', id, name, 'd' from member where $kind = 'U' and id = $ref and state = 'active'
union all select 'U', id, handle, 'a' from member where $kind = 'U' and id = $ref and state = 'active'
union all select kind, ref, text, substr(sort, 1, 1) from name
where kind = $kind and ref = $ref and void_ms is null;

-- name: messenger_insert
insert into messenger (person_id, network, handle) values ($person, $network, $handle);

-- name: messenger_owner
select m.person_id from messenger m join person p on p.id = m.person_id
where m.network = $network and m.handle = $handle and m.void_ms is null and p.void_ms is null
order by m.id desc limit 1;

-- name: messenger_list
select network, handle from messenger where person_id = $person and void_ms is null
order by id limit $max;

-- name: champion_insert
insert into champion (person_id, customer_id, partner_id, deal_id, since_ms, member_id,
  power, stake, sells, note_id, source)
values ($person, $customer, $partner, $deal, $since, $member, $power, $stake, $sells, $note,
  $source);

-- name: champion_update
update champion set power = $power, stake = $stake, sells = $sells, note_id = $note
where id = $id;

-- name: champion_list
select id, person_id, customer_id, partner_id, deal_id, since_ms, member_id, source,
       power, stake, sells, note_id,
       case when deal_id = $deal then 0 when customer_id = $customer then 1
            when partner_id = $partner then 3 else 2 end as rank
from standing_champion
where deal_id = $deal or customer_id = $customer or partner_id = $partner
  or ($deal is null and deal_id in (select id from deal where customer_id = $customer
                                    and void_ms is null))
order by rank, since_ms desc limit $max;

-- name: champion_list_person
select id, person_id, customer_id, partner_id, deal_id, since_ms, member_id, source,
       power, stake, sells, note_id
from standing_champion where person_id = $person
order by since_ms desc limit $max;

-- name: champion_list_all
select id, person_id, customer_id, partner_id, deal_id, since_ms, member_id, source,
       power, stake, sells, note_id
from standing_champion order by id desc limit $max;

-- name: champion_of
select 1 from standing_champion where person_id = $person limit 1;
