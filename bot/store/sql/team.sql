-- The team's own: settings, seasons, targets, rates, last days, and what holds in a market.

-- name: setting_find
select value from setting where key = $key and void_ms is null order by id desc limit 1;

-- name: setting_insert
insert into setting (key, value, member_id, at_ms) values ($key, $value, $member, $now);

-- name: own_day_list
select market, day, works, name from own_day where void_ms is null order by market, day;

-- name: own_day_void
update own_day set void_ms = $now where market = $market and day = $day and void_ms is null;

-- name: own_day_insert
insert into own_day (market, day, works, name, source, member_id, at_ms)
values ($market, $day, $works, $name, $source, $member, $now);

-- name: season_list
select id, name, from_day, to_day from season where void_ms is null
order by from_day desc, id desc limit $max;

-- name: season_void
-- What is called the same and shares a day with the new one.
update season set void_ms = $now
where void_ms is null and name = $name and from_day <= $to and to_day >= $from;

-- name: season_insert
insert into season (name, from_day, to_day, member_id) values ($name, $from, $to, $member);

-- name: target_insert
insert into target (team, amount_minor, currency, from_day, to_day, season_id, member_id, created_ms)
values ($team, $amount, $currency, $from, $to,
  (select id from season where from_day = $from and to_day = $to and void_ms is null order by id desc limit 1),
  $member, $now);

-- name: target_list
-- The latest for the same team, days and currency counts.
select team, amount_minor, currency, from_day, to_day from target t
where void_ms is null and not exists (select 1 from target n where n.team = t.team and n.void_ms is null
  and n.from_day = t.from_day and n.to_day = t.to_day and n.currency = t.currency and n.id > t.id)
order by from_day desc, team limit $max;

-- name: rate_insert
insert into rate (base, quote, rate_nano, at_day, member_id) values ($base, $quote, $nano, $day, $member);

-- name: rate_list
-- Of each pair the latest day's.
select base, quote, rate_nano, at_day from rate r
where void_ms is null and not exists (select 1 from rate n where n.base = r.base and n.quote = r.quote
  and n.void_ms is null and (n.at_day > r.at_day or (n.at_day = r.at_day and n.id > r.id)))
order by base, quote limit $max;

-- name: leaving_void
update leaving set void_ms = $now where member_id = $member and void_ms is null;

-- name: leaving_insert
insert into leaving (member_id, last_day, by_member) values ($member, $day, $by);

-- name: leaving_find
select last_day from leaving where member_id = $member and void_ms is null order by id desc limit 1;

-- name: member_team
update member set team = $team where id = $id;

-- name: market_fact_find
select factor_milli, base, tam_id from market_fact where market = $market and void_ms is null;

-- name: market_fact_void
update market_fact set void_ms = $now where market = $market and void_ms is null;

-- name: market_fact_unbase
update market_fact set base = 0 where base = 1 and void_ms is null;

-- name: market_fact_insert
insert into market_fact (market, factor_milli, base, tam_id, member_id)
values ($market, $factor, $base, $tam, $member);

-- name: milestone_void
update milestone set void_ms = $now where market = $market and what = $what and void_ms is null;

-- name: milestone_insert
insert into milestone (market, what, at_day, member_id) values ($market, $what, $day, $member);

-- name: milestone_list
select what, at_day from milestone where market = $market and void_ms is null order by at_day, id limit $max;
