-- name: login_token_insert
insert into login_token (hash, member_id, expires_ms) values ($hash, $member, $expires);

-- name: login_token_take
-- Uses the token up; no row: unknown, used before or too old.
update login_token set used_ms = $now
where hash = $hash and used_ms is null and expires_ms > $now returning member_id;

-- name: login_token_delete_member
delete from login_token where member_id = $member;

-- name: session_insert
insert into session (hash, member_id, no, device, created_ms, seen_ms, expires_ms)
select $hash, $member, coalesce(max(no), 0) + 1, $device, $now, $now, $expires
from session where member_id = $member;

-- name: session_find
select s.member_id, s.seen_ms from session s join member m on m.id = s.member_id
where s.hash = $hash and s.ended_ms is null and s.expires_ms > $now and m.state = 'active';

-- name: session_update_seen
update session set seen_ms = $now where hash = $hash;

-- name: session_list
-- A member's that are good, the oldest first.
select no, device, created_ms, seen_ms, hash from session
where member_id = $member and ended_ms is null and expires_ms > $now order by no limit $max;

-- name: session_end
update session set ended_ms = $now where hash = $hash and ended_ms is null;

-- name: session_end_no
update session set ended_ms = $now
where member_id = $member and no = $no and ended_ms is null and expires_ms > $now returning no;

-- name: session_end_all
-- Of a member, all but the one that is named.
update session set ended_ms = $now
where member_id = $member and ended_ms is null and hash is not $except and expires_ms > $now returning no;
