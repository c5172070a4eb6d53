-- Signs of life of partners, and what a partner's user may see.

-- name: check_in_insert
-- One row a partner, day and kind is enough.
insert into check_in (partner_id, at_day, what, member_id)
select $partner, $day, $what, $member
where not exists (select 1 from check_in where partner_id = $partner and at_day = $day
  and what = $what and void_ms is null);

-- name: check_in_changed
-- Did the group of changes touch a record other than the member's own settings?
select exists (select 1 from journal where group_id = $group and tbl != 'member');

-- name: check_in_latest
select max(at_day), max(iif(what = 'update', at_day, null)) from check_in
where partner_id = $partner and void_ms is null;

-- name: partner_owns
-- Is the record the partner's own: itself, its people, its deals, the customers of those?
select case $kind
  when 'P' then $id = $partner
  when 'C' then exists (select 1 from person where id = $id and partner_id = $partner and void_ms is null)
  when 'D' then exists (select 1 from deal where id = $id and partner_id = $partner and void_ms is null)
  when 'A' then exists (select 1 from deal where customer_id = $id and partner_id = $partner
                        and void_ms is null)
  else 0 end;
