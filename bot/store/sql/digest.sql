-- What the weekly digest warned of, and what there is to be warned of.

-- name: warning_standing
select kind, about, ref, told_ms from warning
where member_id = $member and gone_ms is null order by id limit $max;

-- name: warning_tell
-- Once: what stands already is left as it is.
insert into warning (member_id, kind, about, ref, told_ms)
select $member, $kind, $about, $ref, $now
where not exists (select 1 from warning
                  where member_id = $member and kind = $kind and about = $about
                    and ref = $ref and gone_ms is null);

-- name: warning_gone
update warning set gone_ms = $now
where member_id = $member and kind = $kind and about = $about and ref = $ref
  and gone_ms is null;

-- name: warning_negative
-- Open negative perceptions, by the firm that they are about; the most, then the oldest.
select iif(x.partner_id is not null, 'P', 'A'), coalesce(x.partner_id, x.customer_id),
       count(*), min(x.at_ms)
from perception x
left join partner p on p.id = x.partner_id
left join customer c on c.id = x.customer_id
where x.sign = 'negative' and x.state = 'open' and x.void_ms is null
  and ($partner is null or x.partner_id = $partner)
  and ($customer is null or x.customer_id = $customer)
  and ($market is null or coalesce(p.market, c.market) = $market)
group by 1, 2
order by 3 desc, 4, 2 limit $max;

-- name: warning_trained
-- Signed partners whose people were trained and that have no won deal.
select p.id, count(distinct t.person_id)
from partner p join training t on t.partner_id = p.id
where p.stage in ('signed', 'active') and p.void_ms is null and t.void_ms is null
  and t.done_day is not null and t.done_day <= $today
  and ($partner is null or p.id = $partner) and ($market is null or p.market = $market)
  and not exists (select 1 from deal d where d.partner_id = p.id and d.state = 'won'
                    and d.void_ms is null)
group by p.id order by 2 desc, 1 limit $max;

-- name: warning_pitches
-- Live deals of a market that are argued for by what is to be won alone.
select count(*), min(d.id) from deal d
left join partner p on p.id = d.partner_id
left join customer c on c.id = d.customer_id
where d.state in ('registered', 'open', 'paused') and d.void_ms is null
  and coalesce(d.market, p.market, c.market) = $market
  and exists (select 1 from pitch x where x.deal_id = d.id and x.direction = 'towards'
                and x.void_ms is null)
  and not exists (select 1 from pitch x where x.deal_id = d.id and x.direction = 'away'
                    and x.void_ms is null);

-- name: warning_partners
select id, market, coalesce(signed_day, 0) from partner
where stage in ('signed', 'active') and void_ms is null
  and ($partner is null or id = $partner) and ($market is null or market = $market)
order by id limit $max;
