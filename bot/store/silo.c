#include "bot/store/silo.h"

int silo_list(struct db *db, struct arena *mem, struct silo *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SILO_LIST);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct silo){ query_text(&q, mem, 0), query_text(&q, mem, 1), query_text(&q, mem, 2) };
        n++;
    }
    return n;
}

static bool write_silo(struct query *q, const struct silo *s, struct err *e)
{
    bind_text(q, "$code", s->code);
    bind_text(q, "$name", s->name);
    bind_text(q, "$aliases", s->aliases && *s->aliases ? s->aliases : NULL);
    return query_run(q, e);
}

bool silo_add(struct db *db, const struct silo *s, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SILO_INSERT);
    bind_int(&q, "$member", member);
    return write_silo(&q, s, e);
}

bool silo_update(struct db *db, const struct silo *s, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SILO_RENAME);
    return write_silo(&q, s, e);
}

int silo_count_list(struct db *db, struct arena *mem, struct silo_count *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SILO_COUNT);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct silo_count){ query_text(&q, mem, 0), query_int(&q, 1), query_int(&q, 2), query_int(&q, 3) };
        n++;
    }
    return n;
}
