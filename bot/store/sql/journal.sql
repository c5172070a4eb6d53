-- name: command_savepoint
savepoint command;

-- name: command_release
release command;

-- name: change_begin
insert into change_group (member_id, conversation, command, at_ms)
values ($member, $conversation, '', $at);

-- name: change_about
update change_group set command = $command, record = $record where id = $id;

-- name: change_delete_empty
-- A command that changed nothing leaves no group.
delete from change_group
where id = $id and not exists (select 1 from journal where group_id = $id);

-- name: change_latest
-- The newest change of the member that can still be taken back. A group without a
-- command is the one that is open now. Imports are never undone: they are too large, and
-- may be imported again.
select id, member_id, command, record, at_ms, undoes from change_group
where member_id = $member and command != '' and command != 'import' and undoes is null
  and undone_by is null and at_ms >= $since
order by id desc limit 1;

-- name: change_latest_undo
-- For redo: the newest undo that stands, if the member has changed nothing else since.
-- A redo is the undo of an undo and no candidate itself. Its command is what it undid.
select id, member_id, (select command from change_group c where c.id = u.undoes), record,
  at_ms, undoes from change_group u
where member_id = $member and command != '' and undone_by is null and at_ms >= $since
  and ($record is null or record = $record)
  and exists (select 1 from change_group c where c.id = u.undoes and c.undoes is null)
  and not exists (select 1 from change_group l where l.member_id = $member
    and l.command != '' and l.undoes is null and l.id > u.id)
order by id desc limit 1;

-- name: change_latest_of_record
select id, member_id, command, record, at_ms, undoes from change_group
where record = $record and ($member is null or member_id = $member)
  and command != '' and undoes is null and undone_by is null and at_ms >= $since
order by id desc limit 1;

-- name: change_record_at
select record from change_group
where member_id = $member and conversation = $conversation and at_ms = $at and record is not null
  and undoes is null and undone_by is null
order by id desc limit 1;

-- name: change_since
-- A later change that stands of a row that group $id changed too.
select g.id, g.member_id, g.command, g.record, g.at_ms, g.undoes from change_group g
where g.id > $id and g.command != '' and g.undone_by is null and g.undoes is null
  and exists (select 1 from journal j join journal mine
    on mine.group_id = $id and mine.tbl = j.tbl and mine.row = j.row
    where j.group_id = g.id)
order by g.id desc limit 1;

-- name: change_mark_undone
update change_group set undone_by = $by where id = $id;

-- name: change_mark_undo
update change_group set undoes = $undoes where id = $id;

-- name: change_free
-- Redo: the change stands again and can be undone once more.
update change_group set undone_by = null
where id = (select undoes from change_group where id = $undo);

-- name: journal_rows
select tbl, row, before from journal where group_id = $id order by id desc;

-- name: journal_readers
-- Would taking the group back change who may read a note, or which words of it stand?
select exists (
  select 1 from journal where group_id = $group and tbl = 'note_reader'
  union all
  select 1 from journal j join touch_point p on p.id = j.row
  where j.group_id = $group and j.tbl = 'touch_point'
    and json_extract(j.before, '$.note_rev') is not p.note_rev and j.before is not null
  union all
  select 1 from journal j join note n on n.id = j.row
  where j.group_id = $group and j.tbl = 'note'
    and json_extract(j.before, '$.note_rev') is not n.note_rev and j.before is not null);

-- name: journal_newest
select coalesce(max(id), 0) from journal;

-- name: journal_named_of
-- The records whose names one group changed.
select case tbl when 'partner' then 'P' when 'customer' then 'A' when 'member' then 'U' else 'C' end, row
from journal where group_id = $group and tbl in ('partner', 'customer', 'person', 'member')
union select n.kind, n.ref from journal join name n on n.id = journal.row
where group_id = $group and tbl = 'name'
union select json_extract(before, '$.kind'), json_extract(before, '$.ref')
from journal where group_id = $group and tbl = 'name' and before is not null;

-- name: journal_named_since
-- The records whose names any group behind a row of the journal changed.
select case tbl when 'partner' then 'P' when 'customer' then 'A' else 'C' end, row
from journal where id > $after and tbl in ('partner', 'customer', 'person')
union select n.kind, n.ref from journal join name n on n.id = journal.row
where journal.id > $after and tbl = 'name'
union select json_extract(before, '$.kind'), json_extract(before, '$.ref')
from journal where id > $after and tbl = 'name' and before is not null
union select f.kind, f.ref from journal join forgotten f on f.id = journal.row
where journal.id > $after and tbl = 'forgotten';
