-- name: calendar_event_find
select id, uid, occurrence, print, touch_id from calendar_event
where member_id = $member and uid = $uid and occurrence = $occurrence;

-- name: calendar_event_of_uid
-- Those of one event or series whose meeting is still to come.
select e.id, e.uid, e.occurrence, e.print, e.touch_id
from calendar_event e join touch_point t on t.id = e.touch_id
where e.member_id = $member and e.uid = $uid
  and t.state = 'planned' and t.void_ms is null and t.at_ms > $now
order by t.at_ms;

-- name: calendar_event_of_calendar
-- Without those that it called off and that the member planned all the same.
select e.id, e.uid, e.occurrence, e.print, e.touch_id
from calendar_event e join touch_point t on t.id = e.touch_id
where e.calendar_id = $calendar and e.print != 'off'
  and t.state = 'planned' and t.void_ms is null and t.at_ms > $now
order by t.at_ms;

-- name: calendar_event_insert
insert into calendar_event (member_id, calendar_id, uid, occurrence, print, touch_id)
values ($member, $calendar, $uid, $occurrence, $print, $touch);

-- name: calendar_event_update
update calendar_event set print = $print, calendar_id = $calendar, touch_id = $touch where id = $id;

-- name: calendar_insert
insert into calendar (member_id, url, host, next_ms, made_ms) values ($member, $url, $host, $next, $now);

-- name: calendar_void
update calendar set void_ms = $now where id = $id and member_id = $member and void_ms is null;

-- name: calendar_list
select id, member_id, url, host, next_ms, fetched_ms, failed from calendar
where member_id = $member and void_ms is null order by id limit $max;

-- name: calendar_by_id
select id, member_id, url, host, next_ms, fetched_ms, failed from calendar where id = $id and void_ms is null;

-- name: calendar_due
-- Those of active members, longest due first.
select c.id, c.member_id, c.url, c.host, c.next_ms, c.fetched_ms, c.failed
from calendar c join member m on m.id = c.member_id
where c.next_ms <= $now and c.void_ms is null and m.state = 'active'
order by c.next_ms limit $max;

-- name: calendar_next_due
select min(c.next_ms) from calendar c join member m on m.id = c.member_id
where c.void_ms is null and m.state = 'active';

-- name: calendar_update
update calendar set next_ms = $next, fetched_ms = $fetched, failed = $failed where id = $id;

-- name: calendar_feed_put
insert into calendar_feed (member_id, hash, made_ms) values ($member, $hash, $now)
on conflict (member_id) do update set hash = excluded.hash, made_ms = excluded.made_ms;

-- name: calendar_feed_drop
delete from calendar_feed where member_id = $member;

-- name: calendar_feed_made
select made_ms from calendar_feed where member_id = $member;

-- name: calendar_feed_find
select f.member_id from calendar_feed f join member m on m.id = f.member_id
where f.hash = $hash and m.state = 'active';
