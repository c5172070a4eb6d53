-- Forgetting a person. What erases a record runs in the command's transaction; the texts are
-- gone through slice by slice behind it (core/engine_forget.c). Rows that are counted stay.

-- fragment: forgotten_people
-- The person $ref and whoever was found to be the same.
with recursive gone (id) as (
  select $ref union select m.gone from merge m join gone g on m.kept = g.id and m.kind = 'C' and m.void_ms is null)

-- name: forgotten_insert
insert into forgotten (kind, ref, made_ms, notes, member_id, at_ms)
select 'C', id, created_ms, $notes, $member, $now from person where id = $ref
on conflict (kind, ref) do nothing;

-- name: forgotten_of
select id, ref, made_ms, notes, member_id, at_ms, names, step, place, done_ms
from forgotten where kind = 'C' and ref = $ref;

-- name: forgotten_any
select exists (select 1 from forgotten);

-- name: forgotten_next
select id, ref, made_ms, notes, member_id, at_ms, names, step, place, done_ms
from forgotten where done_ms is null order by id limit 1;

-- name: forgotten_update
update forgotten set names = $names, step = $step, place = $place, done_ms = $done where id = $id;

-- name: forgotten_name_insert
insert into forgotten_name (hash, forgotten_id) values ($hash, $id) on conflict (hash) do nothing;

-- name: forgotten_by_name
select f.at_ms from forgotten_name n join forgotten f on f.id = n.forgotten_id where n.hash = $hash;

-- name: forget_spellings
-- The name that is shown (d), all that the person is or was called besides (n), titles (t)
-- and handles (h).
-- use: forgotten_people
select 'd', name from person where id = $ref
union select 'n', name from person where id in gone and id != $ref
union select 'n', text from name where kind = 'C' and ref in gone
union select 't', title from person where id in gone and title is not null
union select 't', title from former_firm where person_id in gone and title is not null
union select 'h', handle from messenger where person_id in gone
order by 1, 2;

-- name: forget_about
-- Texts about the person alone; with $notes also what was heard from them and what was noted
-- where nobody else was.
-- use: forgotten_people
insert into forgotten_note (note_id, forgotten_id)
select note, $id from (
  select note_id as note from person where id in gone
  union select note_id from champion where person_id in gone
  union select risk_id from committee where person_id in gone
  union select note_id from note where $notes and from_person in gone
  union select decision_id from note where $notes and from_person in gone
  union select concerns_id from note where $notes and from_person in gone
  union select next_id from note where $notes and from_person in gone
  union select note_id from objection where $notes and person_id in gone
  union select answer_id from objection where $notes and person_id in gone
  union select note_id from perception where $notes and person_id in gone
  union select answer_id from perception where $notes and person_id in gone
  union select note_id from preference where $notes and person_id in gone
  union select note_id from nps where $notes and person_id in gone
  union select note_id from introduction where $notes and (person_id in gone or by_person in gone)
  union select note_id from lead where $notes and person_id in gone
  union select note_id from ringi_step where $notes and person_id in gone
  union select note_id from follow where $notes and person_id in gone
  union select t.note_id from touch_person x join touch_point t on t.id = x.touch_id
    where $notes and x.person_id in gone and not exists (
      select 1 from touch_person y where y.touch_id = x.touch_id and y.void_ms is null
        and (y.person_id is null or y.person_id not in gone)))
where note is not null and true
on conflict (note_id) do nothing;

-- name: forget_person
-- use: forgotten_people
update person set name = 'C' || id, title = null, department = null, honorific = '',
  seniority = null, language = null, duty = null, note_id = null
where id in gone;

-- name: forget_name
-- use: forgotten_people
delete from name where kind = 'C' and ref in gone;

-- name: forget_messenger
-- use: forgotten_people
delete from messenger where person_id in gone;

-- name: forget_speaks
-- use: forgotten_people
delete from speaks where person_id in gone;

-- name: forget_tag
-- use: forgotten_people
delete from tag where person_id in gone;

-- name: forget_access
-- use: forgotten_people
delete from access where person_id in gone;

-- name: forget_away
-- That they left the firm stays: it decides who still is a champion.
-- use: forgotten_people
delete from away where person_id in gone and reason != 'left';

-- name: forget_former_title
-- use: forgotten_people
update former_firm set title = null where person_id in gone;

-- name: forget_import_key
-- use: forgotten_people
delete from import_key where kind = 'C' and ref in gone;

-- name: forget_follow
-- Nobody is reminded of them any more.
-- use: forgotten_people
update follow set state = 'done', done_ms = $now
where person_id in gone and state != 'done' and void_ms is null;

-- name: forget_cadence
-- use: forgotten_people
update cadence set void_ms = $now where person_id in gone and void_ms is null;

-- name: forget_journal
-- What an undo would bring back of the facts that were erased, among the rows up to $last.
-- use: forgotten_people
delete from journal where id > $after and id <= $last and (
  (tbl = 'person' and row in gone)
  or (tbl = 'name' and json_extract(before, '$.kind') = 'C' and json_extract(before, '$.ref') in gone)
  or (tbl in ('messenger', 'speaks', 'tag', 'access', 'away', 'former_firm')
      and json_extract(before, '$.person_id') in gone));

-- name: forget_note_next
select note_id from forgotten_note where forgotten_id = $id limit 1;

-- name: forget_note_done
delete from forgotten_note where note_id = $note;

-- name: forget_text_about
-- Does the record of the text name the person?
-- use: forgotten_people
select exists (select 1 from touch_point t join touch_person x on x.touch_id = t.id
               where t.note_id = $note and x.person_id in gone)
    or exists (select 1 from note n where n.from_person in gone
               and $note in (n.note_id, n.decision_id, n.concerns_id, n.next_id))
    or exists (select 1 from note n join note_stance s on s.note_id = n.id
               where n.note_id = $note and s.person_id in gone);

-- name: forget_line_about
-- Did the line that the member typed at $at become a record that names the person?
-- use: forgotten_people
select exists (select 1 from touch_person x join touch_point t on t.id = x.touch_id
               where x.person_id in gone and t.member_id = $member and t.created_ms = $at)
    or exists (select 1 from note n
               where n.from_person in gone and n.member_id = $member and n.created_ms = $at)
    or exists (select 1 from person p where p.id in gone and p.created_ms = $at);

-- name: forget_messages
select m.id, m.member_id, m.dir = 'out', coalesce(i.received_ms, m.at_ms), m.note_id, m.body
from message m left join inbox i on i.id = m.inbox_id
where m.id > $after and (m.body is not null or m.dir = 'in') order by m.id limit $max;

-- name: forget_message_put
update message set body = $body where id = $id;

-- name: forget_asks
select id, bindings, options from ask where id > $after order by id limit $max;

-- name: forget_ask_put
update ask set bindings = $bindings, options = $options where id = $id;

-- name: forget_changes
select id, before from journal where id > $after and id <= $last and before is not null order by id;

-- name: forget_change_put
update journal set before = $before where id = $id;

-- name: forget_waiting
-- opens: inbox
select id, body from inbox
where id > $after and done_ms is null and body is not null
  and exists (select 1 from forgotten where done_ms is null) order by id limit $max;

-- name: forget_waiting_put
update inbox set body = $body where id = $id;

-- name: forget_labels
-- Somebody in a room, a stance or a circuit who was noted by a word.
select 't', id, label from touch_person where id > $after and id <= $last and label is not null
union all select 's', id, label from note_stance where id > $after and id <= $last and label is not null
union all select 'r', id, label from ringi_step where id > $after and id <= $last and label is not null;

-- name: forget_label_touch
update touch_person set label = $label where id = $id;
-- name: forget_label_stance
update note_stance set label = $label where id = $id;
-- name: forget_label_ringi
update ringi_step set label = $label where id = $id;

-- name: forget_last
-- How far the tables go that are searched by number.
select coalesce((select max(id) from journal), 0),
       max(coalesce((select max(id) from touch_person), 0), coalesce((select max(id) from note_stance), 0),
           coalesce((select max(id) from ringi_step), 0));
