-- Merging: what names a record is found in the schema, so the statements that move rows
-- are made in merge.c; these are the ones that are the same for every table.

-- name: merge_references
-- Columns that name a record of table $target, in tables whose changes are journaled.
select m.name, f."from" from sqlite_schema m, pragma_foreign_key_list(m.name) f
where m.type = 'table' and f."table" = $target order by m.name, f."from";

-- name: merge_insert
insert into merge (kind, gone, kept, member_id, at_ms)
values ($kind, $gone, $kept, $member, $now);

-- name: merge_move_insert
insert into merge_move (merge_id, tbl, row, col, how)
values ($merge, $table, $row, $column, $how);

-- name: merge_moves
select tbl, row, col, how from merge_move where merge_id = $merge order by id desc;

-- name: merge_void
update merge set void_ms = $now where id = $id;

-- name: merge_by_gone
select m.id, m.gone, m.kept, m.at_ms,
       case m.kind when 'C' then (select name from person where id = m.gone)
                   when 'P' then (select name from partner where id = m.gone)
                   else (select name from customer where id = m.gone) end
from merge m where m.kind = $kind and m.gone = $gone and m.void_ms is null
order by m.id desc limit 1;

-- name: merge_into
select m.id, m.gone, m.kept, m.at_ms,
       case m.kind when 'C' then (select name from person where id = m.gone)
                   when 'P' then (select name from partner where id = m.gone)
                   else (select name from customer where id = m.gone) end
from merge m where m.kind = $kind and m.kept = $kept and m.void_ms is null
order by m.id desc limit $max;

-- name: merge_name_known
-- Is this already how the record is called, or one of its further names?
select 1 from name where kind = $kind and ref = $ref and text = $text and void_ms is null;
