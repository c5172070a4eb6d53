-- What is kept as a wall time in a zone, so that its instant follows from the zone's rules.

-- name: wall_follows
select id, kind, touch_id, due_local, zone, due_ms from follow
where state = 'open' and void_ms is null and (due_ms, id) > ($due, $id)
order by due_ms, id limit $max;

-- name: wall_follow_move
update follow set due_ms = $due where id = $id;

-- name: wall_digests
select member_id, due_local, zone, due_ms from digest
where member_id > $id order by member_id limit $max;

-- name: wall_digest_move
update digest set due_ms = $due where member_id = $id;

-- name: wall_mornings
select member_id, due_local, zone, due_ms from morning
where member_id > $id order by member_id limit $max;

-- name: wall_morning_move
update morning set due_ms = $due where member_id = $id;

-- name: wall_meeting_move
-- A planned meeting begins at a wall time too; one that was held stays when it was.
update touch_point set at_ms = at_ms + $by where id = $id and state = 'planned';
