#include "bot/store/team.h"

#include <string.h>

char *setting_get(struct db *db, struct arena *mem, const char *key, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SETTING_FIND);
    bind_text(&q, "$key", key);
    return query_next(&q, e) ? query_text(&q, mem, 0) : NULL;
}

bool setting_put(struct db *db, const char *key, const char *value, int64_t member, int64_t now_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SETTING_INSERT);
    bind_text(&q, "$key", key);
    bind_text(&q, "$value", value);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

size_t own_day_list(struct db *db, struct arena *mem, struct own_day_row **out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OWN_DAY_LIST);
    size_t n = 0, room = 0;
    *out = NULL;
    while (query_next(&q, e)) {
        if (n == room) {
            struct own_day_row *grown = arena_alloc(mem, (room = room ? 2 * room : 16) * sizeof *grown);
            if (n)
                memcpy(grown, *out, n * sizeof *grown);
            *out = grown;
        }
        (*out)[n++] = (struct own_day_row){ query_text(&q, mem, 0), (int32_t)query_int(&q, 1), query_int(&q, 2) != 0,
            query_text(&q, mem, 3), NULL };
    }
    return n;
}

bool own_day_clear(struct db *db, const char *market, int32_t day, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_OWN_DAY_VOID);
    bind_text(&q, "$market", market);
    bind_int(&q, "$day", day);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool own_day_put(struct db *db, const struct own_day_row *d, int64_t member, int64_t now_ms, struct err *e)
{
    if (!own_day_clear(db, d->market, d->day, now_ms, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_OWN_DAY_INSERT);
    bind_text(&q, "$market", d->market);
    bind_int(&q, "$day", d->day);
    bind_int(&q, "$works", d->works);
    bind_text(&q, "$name", d->name);
    bind_text(&q, "$source", d->source);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int season_list(struct db *db, struct arena *mem, struct season *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SEASON_LIST);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct season){ query_int(&q, 0), query_text(&q, mem, 1), (int32_t)query_int(&q, 2),
            (int32_t)query_int(&q, 3) };
    return n;
}

bool season_add(struct db *db, const struct season *s, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_SEASON_VOID);
    bind_text(&old, "$name", s->name);
    bind_int(&old, "$from", s->from_day);
    bind_int(&old, "$to", s->to_day);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_SEASON_INSERT);
    bind_text(&q, "$name", s->name);
    bind_int(&q, "$from", s->from_day);
    bind_int(&q, "$to", s->to_day);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

bool target_add(struct db *db, const struct target *t, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TARGET_INSERT);
    bind_text(&q, "$team", t->team);
    bind_int(&q, "$amount", t->amount_minor);
    bind_text(&q, "$currency", t->currency);
    bind_int(&q, "$from", t->from_day);
    bind_int(&q, "$to", t->to_day);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int target_list(struct db *db, struct arena *mem, struct target *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TARGET_LIST);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct target){ .team = query_text(&q, mem, 0), .amount_minor = query_int(&q, 1),
            .currency = query_text(&q, mem, 2), .from_day = (int32_t)query_int(&q, 3), .to_day = (int32_t)query_int(&q, 4) };
    return n;
}

bool rate_add(struct db *db, const struct fx_rate *r, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RATE_INSERT);
    bind_text(&q, "$base", r->base);
    bind_text(&q, "$quote", r->quote);
    bind_int(&q, "$nano", r->nano);
    bind_int(&q, "$day", r->at_day);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int rate_list(struct db *db, struct arena *mem, struct fx_rate *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RATE_LIST);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct fx_rate){ query_text(&q, mem, 0), query_text(&q, mem, 1), query_int(&q, 2),
            (int32_t)query_int(&q, 3) };
    return n;
}

bool leaving_put(struct db *db, int64_t member, int32_t day, int64_t by, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_LEAVING_VOID);
    bind_int(&old, "$member", member);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_LEAVING_INSERT);
    bind_int(&q, "$member", member);
    bind_int(&q, "$day", day);
    bind_int(&q, "$by", by);
    return query_run(&q, e);
}

bool leaving_find(struct db *db, int64_t member, int32_t *day, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LEAVING_FIND);
    bind_int(&q, "$member", member);
    if (!query_next(&q, e))
        return false;
    *day = (int32_t)query_int(&q, 0);
    return true;
}

bool member_set_team(struct db *db, int64_t member, const char *team, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_TEAM);
    bind_int(&q, "$id", member);
    bind_text(&q, "$team", team);
    return query_run(&q, e);
}

bool market_fact_find(struct db *db, const char *market, struct market_fact *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MARKET_FACT_FIND);
    bind_text(&q, "$market", market);
    if (!query_next(&q, e))
        return false;
    *out = (struct market_fact){ market, query_int(&q, 0), query_int(&q, 1) != 0, query_int(&q, 2) };
    return true;
}

static bool leave_base(struct db *db, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MARKET_FACT_UNBASE);
    return query_run(&q, e);
}

bool market_fact_put(struct db *db, const struct market_fact *f, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_MARKET_FACT_VOID);
    bind_text(&old, "$market", f->market);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e) || (f->base && !leave_base(db, e)))
        return false;
    AUTO_QUERY q = db_query(db, STMT_MARKET_FACT_INSERT);
    bind_text(&q, "$market", f->market);
    bind_ref(&q, "$factor", f->factor_milli);
    bind_int(&q, "$base", f->base);
    bind_ref(&q, "$tam", f->tam_id);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

bool milestone_put(struct db *db, const char *market, const struct milestone *m, int64_t member,
    int64_t now_ms, struct err *e)
{
    AUTO_QUERY old = db_query(db, STMT_MILESTONE_VOID);
    bind_text(&old, "$market", market);
    bind_text(&old, "$what", m->what);
    bind_int(&old, "$now", now_ms);
    if (!query_run(&old, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_MILESTONE_INSERT);
    bind_text(&q, "$market", market);
    bind_text(&q, "$what", m->what);
    bind_int(&q, "$day", m->at_day);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int milestone_list(struct db *db, struct arena *mem, const char *market, struct milestone *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MILESTONE_LIST);
    bind_text(&q, "$market", market);
    bind_int(&q, "$max", max);
    int n = 0;
    for (; n < max && query_next(&q, e); n++)
        out[n] = (struct milestone){ query_text(&q, mem, 0), (int32_t)query_int(&q, 1) };
    return n;
}
