-- What is made of the rows of a figure: the same text, wrapped. `rows` stands for one of
-- the statements of this folder; store/kpi.c puts it in. Each gives the columns of a row
-- in their order, and last how many rows it stands for.

-- name: kpi_shape_rows
select r.*, 1 as n from (rows) r;

-- name: kpi_shape_cells
-- Only what a figure is summed and split by, so that store/kpi.c takes rows that are alike
-- together: a million touch points are a few hundred cells. Rows with flag 16 keep their
-- number there. `one` is there for speed: SQLite drops the order of a statement that is joined.
select kind, no, role, mark, again, null as deal,
       iif($by = 'partner', partner, null), null as customer,
       iif($by = 'member', member, null), iif($by = 'member', member_left, 0),
       iif($by = 'member', co_member, null), iif($by = 'member', co_left, 0),
       iif($by = 'market' or kind = 'P', market, null),
       iif($by = 'type' or kind = 'P', type, null),
       iif($by = 'silo' or kind = 'P', silo, null),
       iif($by = 'product', product, null), channel, iif($by = 'team', team, null),
       iif(kind in ('T', 'M'), null, sort), null as since_ms, at_ms, null as by_ms,
       figure, net, money, currency, flags, 1 as n
from (rows) r cross join (select 1) one;

-- name: kpi_shape_totals
-- Of a statement that counts by itself and gives n.
select r.* from (rows) r;

-- name: kpi_shape_excluded
-- A hundred that do not count, as they are found: in the order of all they would have to be
-- looked for among a million.
select r.*, 1 as n from (rows) r cross join (select 1) one
where r.role = 0 and r.again = 0 and r.mark != 'before' limit 100;
