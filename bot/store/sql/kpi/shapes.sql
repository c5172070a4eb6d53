-- What is made of the rows of a figure: the same text, wrapped. `rows` stands for one of
-- the statements of this folder; store/kpi.c puts it in. Each gives the columns of a row
-- in their order, and last how many rows it stands for.

-- name: kpi_shape_rows
select r.*, 1 as n from (rows) r;

-- name: kpi_shape_cells
-- Rows that are alike in all that a figure is summed and split by, as one: a million
-- touch points are a few hundred cells. Rows with flag 16 keep their number.
select kind, iif(flags & 16, no, 0) as no, role, mark, again, null as deal,
       iif($by = 'partner', partner, null), null as customer,
       iif($by = 'member', member, null), iif($by = 'member', member_left, 0),
       iif($by = 'member', co_member, null), iif($by = 'member', co_left, 0),
       iif($by = 'market' or kind = 'P', market, null),
       iif($by = 'type' or kind = 'P', type, null),
       iif($by = 'silo' or kind = 'P', silo, null),
       iif($by = 'product', product, null), channel, iif($by = 'team', team, null),
       iif(kind in ('T', 'M'), null, sort), null as since_ms, max(at_ms), null as by_ms,
       figure, net, sum(money), currency, flags, count(*)
from (rows) r
group by 1, 2, 3, 4, 5, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 22, 23, 24, 26, 27,
         money is null;

-- name: kpi_shape_excluded
-- The first hundred that do not count.
select r.*, 1 as n from (rows) r
where r.role = 0 and r.again = 0 and r.mark != 'before' limit 100;
