-- What hangs on a deal: the evidence of who brought it, its terms, what its lawyers settle.

-- name: deal_source_insert
insert into deal_source (deal_id, partner_id, introduction_id, at_ms, note_id, member_id, created_ms)
values ($deal, $partner, $introduction, $at, $note, $member, $now);

-- name: deal_source_void
update deal_source set void_ms = $now where deal_id = $deal and void_ms is null;

-- name: deal_source_find
select partner_id, at_ms, note_id from deal_source where deal_id = $deal and void_ms is null;

-- name: deal_first_contact
-- Our own first, attempts included; not what a partner's user or nobody outside was in.
select min(t.at_ms) from touch_point t join member m on m.id = t.member_id
where t.deal_id = $deal and t.state = 'held' and t.internal = 0 and t.void_ms is null
  and m.role != 'partner';

-- name: renewal_insert
insert into renewal (deal_id, value_minor, currency, from_day, to_day, note_id, member_id, created_ms)
values ($deal, $value, $currency, $from, $to, $note, $member, $now);

-- name: renewal_list
-- The latest term first; of two that begin on one day, what was said last.
select value_minor, currency, from_day, to_day, note_id from renewal
where deal_id = $deal and void_ms is null order by from_day desc, id desc limit $max;

-- name: legal_item_insert
insert into legal_item (deal_id, note_id, member_id, at_ms) values ($deal, $note, $member, $at);

-- name: legal_item_list
-- Of one deal, or of all that are live, oldest first: the place among them is what people
-- type. $open: only what is not settled.
select l.id, l.deal_id, l.note_id, l.at_ms, l.done_ms from legal_item l join deal d on d.id = l.deal_id
where l.void_ms is null and d.void_ms is null and ($deal is null or l.deal_id = $deal)
  and ($open = 0 or (l.done_ms is null and d.state in ('registered', 'open', 'paused')))
order by l.deal_id, l.id limit $max;

-- name: legal_item_done
update legal_item set done_ms = $now, done_by = $member where id = $id;
