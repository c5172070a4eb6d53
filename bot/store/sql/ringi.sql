-- Sign-offs that circulate at a customer, and who stamps them.

-- name: ringi_insert
insert into ringi (deal_id, kind, medium, parallel, started_ms, member_id, source, created_ms)
values ($deal, $kind, $medium, $parallel, $started, $member, $source, $now);

-- name: ringi_update
update ringi set kind = $kind, medium = $medium, parallel = $parallel, round = $round,
  state = $state, returned_ms = $returned, back_day = $back, ended_ms = $ended
where id = $id;

-- name: ringi_find
select id, deal_id, kind, medium, parallel, round, state, started_ms, returned_ms, back_day,
  ended_ms, member_id, source
from ringi where id = $id and void_ms is null;

-- name: ringi_list
-- Of a deal, or (null) of all deals; live ones first, then the latest.
select id, deal_id, kind, medium, parallel, round, state, started_ms, returned_ms, back_day,
  ended_ms, member_id, source
from ringi where void_ms is null and ($deal is null or deal_id = $deal)
  and ($live = 0 or state in ('circulating', 'returned'))
order by state not in ('circulating', 'returned'), started_ms desc, id desc limit $max;

-- name: ringi_step_insert
insert into ringi_step (ringi_id, round, place, person_id, label, courtesy, since_ms)
values ($ringi, $round, $place, $person, $label, $courtesy, $since);

-- name: ringi_step_update
update ringi_step set since_ms = $since, done_ms = $done, outcome = $outcome,
  dissent_ms = $dissent, note_id = $note, courtesy = $courtesy
where id = $id;

-- name: ringi_step_list
select id, ringi_id, round, place, person_id, label, courtesy, since_ms, done_ms, outcome,
  dissent_ms, note_id
from ringi_step where ringi_id = $ringi and round = $round and void_ms is null
order by place, id limit $max;
