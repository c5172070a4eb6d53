-- What partners can do for us, and what they do for their own customers.

-- name: capability_insert
insert into capability (partner_id, what, score, at_day, member_id, outsourced, to_partner,
  to_firm, note_id, created_ms)
values ($partner, $what, $score, $day, $member, $outsourced, $to, $firm, $note, $now);

-- name: capability_list
-- Of each rater the latest score of each capability since a day, the latest first.
select what, score, at_day, member_id, outsourced, to_partner, to_firm, note_id
from capability a
where partner_id = $partner and at_day >= $since and void_ms is null
  and not exists (select 1 from capability b where b.partner_id = a.partner_id and b.what = a.what
    and b.member_id = a.member_id and b.void_ms is null
    and (b.at_day > a.at_day or (b.at_day = a.at_day and b.id > a.id)))
order by at_day desc, id desc limit $max;

-- name: capability_tag_insert
-- Not twice: what the partner does already is not begun again.
insert into capability_tag (partner_id, tag, from_day, member_id, created_ms)
select $partner, $tag, $day, $member, $now
where not exists (select 1 from capability_tag where partner_id = $partner and tag = $tag
  and to_day is null and void_ms is null);

-- name: capability_tag_end
update capability_tag set to_day = max($day, from_day)
where partner_id = $partner and tag = $tag and to_day is null and void_ms is null;

-- name: capability_tag_list
-- What is done still first, then what ended last.
select tag, from_day, to_day from capability_tag
where partner_id = $partner and void_ms is null
order by to_day is not null, iif(to_day is null, from_day, -to_day), id limit $max;
