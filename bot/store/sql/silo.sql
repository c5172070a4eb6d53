-- Groups of agencies besides those that the lexicon knows.

-- name: silo_list
select code, name, coalesce(aliases, '') from silo where void_ms is null order by id limit $max;

-- name: silo_insert
insert into silo (code, name, aliases, member_id) values ($code, $name, $aliases, $member);

-- name: silo_rename
update silo set name = $name, aliases = $aliases where code = $code and void_ms is null;

-- name: silo_count
-- Partners of each silo, and introductions given by its partners to partners: inside it,
-- and across to another one.
select p.silo, count(*),
       (select count(*) from introduction i
          left join person g on g.id = i.by_person left join person t on t.id = i.person_id
          join partner a on a.id = coalesce(i.by_partner, g.partner_id)
          join partner b on b.id = coalesce(i.partner_id, t.partner_id)
        where i.void_ms is null and a.silo = p.silo and b.silo = p.silo and a.id != b.id),
       (select count(*) from introduction i
          left join person g on g.id = i.by_person left join person t on t.id = i.person_id
          join partner a on a.id = coalesce(i.by_partner, g.partner_id)
          join partner b on b.id = coalesce(i.partner_id, t.partner_id)
        where i.void_ms is null and a.silo = p.silo and b.silo != p.silo)
from partner p where p.void_ms is null and p.silo is not null group by p.silo;
