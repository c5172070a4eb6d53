-- name: network_size_insert
insert into network_size (partner_id, accounts, at_day, note_id, member_id, created_ms)
values ($partner, $accounts, $day, $note, $member, $now);

-- name: network_size_latest
-- The estimate of the latest day; of two of one day, what was said last.
select accounts, at_day, note_id from network_size
where partner_id = $partner and void_ms is null order by at_day desc, id desc limit 1;

-- name: network_account_insert
insert into network_account (partner_id, customer_id, at_day, member_id, created_ms)
select $partner, $customer, $day, $member, $now
where not exists (select 1 from network_account where partner_id = $partner
  and customer_id = $customer and void_ms is null);

-- name: network_account_list
select a.customer_id from network_account a join customer c on c.id = a.customer_id
where a.partner_id = $partner and a.void_ms is null and c.void_ms is null
order by a.id limit $max;
