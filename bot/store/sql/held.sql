-- name: held_insert
insert into held (received_ms, signature, body) values ($at, $signature, $body);

-- name: held_after
select id, received_ms, signature, body from held where id > $after order by id limit $max;

-- name: held_drop
delete from held where id = $id;

-- name: held_size
select count(*), coalesce(sum(length(body)), 0) from held;
