#include "bot/store/agenda.h"

#include <string.h>
#include "bot/base/crypto.h"

static struct agenda_event event_row(struct query *q, struct arena *mem)
{
    return (struct agenda_event){ .id = query_int(q, 0), .uid = query_text(q, mem, 1),
        .occurrence = (int32_t)query_int(q, 2), .print = query_text(q, mem, 3), .touch_id = query_int(q, 4) };
}

bool agenda_event_find(struct db *db, struct arena *mem, int64_t member, const char *uid, int32_t occurrence,
    struct agenda_event *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_EVENT_FIND);
    bind_int(&q, "$member", member);
    bind_text(&q, "$uid", uid);
    bind_int(&q, "$occurrence", occurrence);
    bool found = query_next(&q, e);
    if (found)
        *out = event_row(&q, mem);
    return found;
}

int agenda_event_list(struct db *db, struct arena *mem, int64_t member, const char *uid, int64_t calendar,
    int64_t now_ms, struct agenda_event *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, uid ? STMT_CALENDAR_EVENT_OF_UID : STMT_CALENDAR_EVENT_OF_CALENDAR);
    bind_int(&q, "$now", now_ms);
    if (uid) {
        bind_int(&q, "$member", member);
        bind_text(&q, "$uid", uid);
    } else {
        bind_int(&q, "$calendar", calendar);
    }
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = event_row(&q, mem);
    return n;
}

bool agenda_event_add(struct db *db, int64_t member, const struct agenda_event *v, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_EVENT_INSERT);
    bind_int(&q, "$member", member);
    bind_ref(&q, "$calendar", v->calendar_id);
    bind_text(&q, "$uid", v->uid);
    bind_int(&q, "$occurrence", v->occurrence);
    bind_text(&q, "$print", v->print);
    bind_int(&q, "$touch", v->touch_id);
    return query_run(&q, e);
}

bool agenda_event_update(struct db *db, const struct agenda_event *v, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_EVENT_UPDATE);
    bind_int(&q, "$id", v->id);
    bind_ref(&q, "$calendar", v->calendar_id);
    bind_text(&q, "$print", v->print);
    bind_int(&q, "$touch", v->touch_id);
    return query_run(&q, e);
}

static struct calendar_row calendar_of(struct query *q, struct arena *mem)
{
    return (struct calendar_row){ .id = query_int(q, 0), .member_id = query_int(q, 1), .url = query_text(q, mem, 2),
        .host = query_text(q, mem, 3), .next_ms = query_int(q, 4), .fetched_ms = query_int(q, 5),
        .failed = (int)query_int(q, 6) };
}

int64_t calendar_add(struct db *db, const struct calendar_row *c, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_INSERT);
    bind_int(&q, "$member", c->member_id);
    bind_text(&q, "$url", c->url);
    bind_text(&q, "$host", c->host);
    bind_int(&q, "$next", c->next_ms);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool calendar_remove(struct db *db, int64_t id, int64_t member, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_VOID);
    bind_int(&q, "$id", id);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

static int rows_of(struct query *q, struct arena *mem, struct calendar_row *out, int max, struct err *e)
{
    int n = 0;
    bind_int(q, "$max", max);
    while (n < max && query_next(q, e))
        out[n++] = calendar_of(q, mem);
    return n;
}

int calendar_list(struct db *db, struct arena *mem, int64_t member, struct calendar_row *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_LIST);
    bind_int(&q, "$member", member);
    return rows_of(&q, mem, out, max, e);
}

bool calendar_find(struct db *db, struct arena *mem, int64_t id, struct calendar_row *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_BY_ID);
    bind_int(&q, "$id", id);
    bool found = query_next(&q, e);
    if (found)
        *out = calendar_of(&q, mem);
    return found;
}

int calendar_due(struct db *db, struct arena *mem, int64_t now_ms, struct calendar_row *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_DUE);
    bind_int(&q, "$now", now_ms);
    return rows_of(&q, mem, out, max, e);
}

int64_t calendar_next_due(struct db *db, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_NEXT_DUE);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

bool calendar_update(struct db *db, const struct calendar_row *c, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_UPDATE);
    bind_int(&q, "$id", c->id);
    bind_int(&q, "$next", c->next_ms);
    bind_ref(&q, "$fetched", c->fetched_ms);
    bind_int(&q, "$failed", c->failed);
    return query_run(&q, e);
}

bool agenda_feed_new(struct db *db, int64_t member, int64_t now_ms, char secret[AGENDA_SECRET], struct err *e)
{
    char hash[SHA256_HEX];
    random_hex(secret, (AGENDA_SECRET - 1) / 2);
    sha256_hex(secret, strlen(secret), hash);
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_FEED_PUT);
    bind_int(&q, "$member", member);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool agenda_feed_drop(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_FEED_DROP);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int64_t agenda_feed_made(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_FEED_MADE);
    bind_int(&q, "$member", member);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int64_t agenda_feed_member(struct db *db, const char *secret, struct err *e)
{
    char hash[SHA256_HEX];
    sha256_hex(secret, strlen(secret), hash);
    AUTO_QUERY q = db_query(db, STMT_CALENDAR_FEED_FIND);
    bind_text(&q, "$hash", hash);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}
