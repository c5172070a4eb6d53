-- name: follow_insert
insert into follow (member_id, kind, step, person_id, customer_id, partner_id, deal_id,
  touch_id, ringi_id, note_id, due_local, zone, due_ms, state, source, created_ms)
values ($member, $kind, $step, $person, $customer, $partner, $deal, $touch, $ringi, $note,
  $local, $zone, $due, 'open', $source, $now);

-- name: follow_update
update follow set step = $step, person_id = $person, customer_id = $customer,
  partner_id = $partner, deal_id = $deal, touch_id = $touch, ringi_id = $ringi, note_id = $note,
  due_local = $local, zone = $zone, due_ms = $due, state = $state, sent_ms = $sent,
  done_ms = $done
where id = $id;

-- name: follow_settle
-- What a reminder becomes, without the columns whose indexes and references it leaves alone.
update follow set state = $state, sent_ms = $sent, done_ms = $done where id = $id;

-- name: follow_find
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow where id = $id and void_ms is null;

-- name: follow_due
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow where state = 'open' and void_ms is null and due_ms <= $now
  and ($member is null or member_id = $member)
order by due_ms, id limit $max;

-- name: follow_due_join
-- Meetings that are about to begin do not wait for anything else.
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow where kind = 'join' and state = 'open' and void_ms is null and due_ms <= $now
  and ($member is null or member_id = $member)
order by due_ms, id limit $max;

-- name: follow_next
select min(due_ms) from follow where state = 'open' and void_ms is null
  and ($member is null or member_id = $member);

-- name: follow_list
-- Reminders of a planned meeting are of that meeting, and on no list.
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow where member_id = $member and state != 'done' and void_ms is null and kind not in ('join', 'after')
  and due_ms < $until and ($touch is null or touch_id = $touch)
order by due_ms, id limit $max;

-- name: follow_list_about
-- Everybody's that are not done, about a deal, else a customer, else a partner.
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow f where state != 'done' and void_ms is null and kind not in ('join', 'after')
  and case when $deal is not null then deal_id = $deal
           when $customer is not null then customer_id = $customer
             or exists (select 1 from person p where p.id = f.person_id and p.customer_id = $customer)
             or exists (select 1 from deal d where d.id = f.deal_id and d.customer_id = $customer)
           else partner_id = $partner
             or exists (select 1 from person p where p.id = f.person_id and p.partner_id = $partner)
             or exists (select 1 from deal d where d.id = f.deal_id and d.partner_id = $partner) end
order by due_ms, id limit $max;

-- name: follow_latest
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow where member_id = $member and void_ms is null and kind not in ('join', 'after')
  and (state = 'sent' or (state = 'open' and due_ms < $until))
order by state != 'sent', case when state = 'sent' then -sent_ms else due_ms end, id limit 1;

-- name: follow_close_clock
update follow set state = 'done', done_ms = $now
where touch_id = $touch and kind = 'champion' and state != 'done' and void_ms is null
  and ($below is null or step < $below);

-- name: follow_close_plan
update follow set state = 'done', done_ms = $now
where touch_id = $touch and kind in ('join', 'after') and state != 'done' and void_ms is null;

-- name: follow_plan
select id, member_id, kind, step, person_id, customer_id, partner_id, deal_id, touch_id,
  ringi_id, note_id, due_local, zone, due_ms, state, sent_ms, done_ms, source
from follow where touch_id = $touch and kind in ('join', 'after') and state = 'open' and void_ms is null
order by due_ms, id limit $max;

-- name: follow_close_won
update follow set state = 'done', done_ms = $now
where deal_id = $deal and kind in ('go', 'story', 'referral') and state != 'done' and void_ms is null;

-- name: follow_close_ringi
update follow set state = 'done', done_ms = $now
where ringi_id = $ringi and state != 'done' and void_ms is null;
