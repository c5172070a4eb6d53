#include "bot/store/profile.h"

#include <string.h>

bool speaks_set(struct db *db, int64_t person, const char *language, const char *level,
    int64_t now_ms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_SPEAKS_VOID);
        bind_int(&q, "$person", person);
        bind_text(&q, "$language", language);
        bind_int(&q, "$now", now_ms);
        if (!query_run(&q, e))
            return false;
    }
    AUTO_QUERY q = db_query(db, STMT_SPEAKS_INSERT);
    bind_int(&q, "$person", person);
    bind_text(&q, "$language", language);
    bind_text(&q, "$level", level);
    return query_run(&q, e);
}

int speaks_list(struct db *db, struct arena *mem, int64_t person, struct speaks *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_SPEAKS_LIST);
    bind_int(&q, "$person", person);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n].language = query_text(&q, mem, 0);
        out[n++].level = query_text(&q, mem, 1);
    }
    return n;
}

bool staff_language(struct db *db, int64_t partner, const char *language, int64_t *noted,
    int64_t *able, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_STAFF_LANGUAGE);
    bind_int(&q, "$partner", partner);
    bind_text(&q, "$language", language);
    *noted = *able = 0;
    if (!query_next(&q, e))
        return false;
    *noted = query_int(&q, 0);
    *able = query_int(&q, 1);
    return true;
}

bool access_set(struct db *db, int64_t person, int64_t customer, const char *level,
    int64_t member, int64_t now_ms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_ACCESS_VOID);
        bind_int(&q, "$person", person);
        bind_int(&q, "$customer", customer);
        bind_int(&q, "$now", now_ms);
        if (!query_run(&q, e))
            return false;
    }
    AUTO_QUERY q = db_query(db, STMT_ACCESS_INSERT);
    bind_int(&q, "$person", person);
    bind_int(&q, "$customer", customer);
    bind_text(&q, "$level", level);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int access_list(struct db *db, struct arena *mem, int64_t person, int64_t customer,
    struct access *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, person ? STMT_ACCESS_OF_PERSON : STMT_ACCESS_AT);
    bind_int(&q, person ? "$person" : "$customer", person ? person : customer);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct access){ query_int(&q, 0), query_int(&q, 1), query_text(&q, mem, 2) };
    return n;
}

int access_share(struct db *db, int64_t *deals, int64_t *reached, int64_t *missing, int max,
    struct err *e)
{
    int n = 0;
    *deals = *reached = 0;
    {
        AUTO_QUERY q = db_query(db, STMT_ACCESS_SHARE);
        if (!query_next(&q, e))
            return 0;
        *deals = query_int(&q, 0);
        *reached = query_int(&q, 1);
    }
    AUTO_QUERY q = db_query(db, STMT_ACCESS_MISSING);
    bind_int(&q, "$max", max);
    while (n < max && query_next(&q, e))
        missing[n++] = query_int(&q, 0);
    return n;
}

static void bind_tag(struct query *q, int64_t person, const char *what, const char *firm)
{
    bind_int(q, "$person", person);
    bind_text(q, "$what", what);
    bind_text(q, "$firm", firm);
}

bool tag_add(struct db *db, int64_t person, const char *what, const char *firm, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_TAG_KNOWN);
        bind_tag(&q, person, what, firm);
        if (query_next(&q, e) || e->code != ERR_NONE)
            return e->code == ERR_NONE;
    }
    AUTO_QUERY q = db_query(db, STMT_TAG_INSERT);
    bind_tag(&q, person, what, firm);
    return query_run(&q, e);
}

int tag_list(struct db *db, struct arena *mem, int64_t person, struct tag *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_TAG_LIST);
    bind_int(&q, "$person", person);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n].what = query_text(&q, mem, 0);
        out[n++].firm = query_text(&q, mem, 1);
    }
    return n;
}

bool former_add(struct db *db, int64_t person, int64_t partner, int64_t customer,
    const char *title, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORMER_INSERT);
    bind_int(&q, "$person", person);
    bind_ref(&q, "$partner", partner);
    bind_ref(&q, "$customer", customer);
    bind_text(&q, "$title", title);
    bind_int(&q, "$until", now_ms);
    return query_run(&q, e);
}

int former_list(struct db *db, struct arena *mem, int64_t person, struct former *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_FORMER_LIST);
    bind_int(&q, "$person", person);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct former){ query_text(&q, mem, 0), query_text(&q, mem, 1), query_int(&q, 2) };
    return n;
}

bool away_set(struct db *db, int64_t person, const struct away *a, int64_t member,
    int64_t now_ms, struct err *e)
{
    {
        AUTO_QUERY q = db_query(db, STMT_AWAY_REPLACE);
        bind_int(&q, "$person", person);
        bind_int(&q, "$from", a->from_day);
        bind_ref(&q, "$to", a->to_day);
        bind_int(&q, "$now", now_ms);
        if (!query_run(&q, e))
            return false;
    }
    AUTO_QUERY q = db_query(db, STMT_AWAY_INSERT);
    bind_int(&q, "$person", person);
    bind_int(&q, "$from", a->from_day);
    bind_ref(&q, "$to", a->to_day);
    bind_text(&q, "$reason", a->reason);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

bool away_find(struct db *db, struct arena *mem, int64_t person, int32_t day, struct away *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_AWAY_ON);
    bind_int(&q, "$person", person);
    bind_int(&q, "$day", day);
    bool found = false, left = false;
    while (!left && query_next(&q, e)) {
        const char *reason = query_text(&q, mem, 3);
        left = !strcmp(reason, "left");
        if (!found || left)
            *out = (struct away){ query_int(&q, 0), (int32_t)query_int(&q, 1), (int32_t)query_int(&q, 2), reason };
        found = true;
    }
    return found;
}

bool away_on(const struct away *a, int32_t day)
{
    return a->from_day <= day && (!a->to_day || day <= a->to_day);
}

bool away_over(struct db *db, const struct away *a, int32_t day, int64_t now_ms, struct err *e)
{
    bool never = day <= a->from_day || !strcmp(a->reason, "left");
    AUTO_QUERY q = db_query(db, never ? STMT_AWAY_VOID : STMT_AWAY_END);
    bind_int(&q, "$id", a->id);
    bind_int(&q, never ? "$now" : "$to", never ? now_ms : day - 1);
    return query_run(&q, e);
}
