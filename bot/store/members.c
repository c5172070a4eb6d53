#include "bot/store/members.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/sessions.h"

static const struct {
    const char *name;
    int bit;
} roles[] = {
    { "admin", ROLE_ADMIN },
    { "manager", ROLE_MANAGER },
    { "country", ROLE_COUNTRY },
    { "hq", ROLE_HQ },
    { "rep", ROLE_REP },
    { "partner", ROLE_PARTNER },
};

int role_of(const char *name)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (!strcmp(roles[i].name, name))
            return roles[i].bit;
    return 0;
}

static void read_member(struct query *q, struct arena *mem, struct member *m)
{
    *m = (struct member){
        .id = query_int(q, 0),
        .handle = query_text(q, mem, 1),
        .name = query_text(q, mem, 2),
        .role = query_text(q, mem, 3),
        .market = query_text(q, mem, 5),
        .zone = query_text(q, mem, 6),
        .locale = query_text(q, mem, 7),
        .team = query_text(q, mem, 8),
        .partner_id = query_int(q, 9),
        .source = query_text(q, mem, 10),
        .style = query_text(q, mem, 11),
    };
    m->roles = role_of(m->role) | (int)query_int(q, 4);
}

bool member_by_id(struct db *db, struct arena *mem, int64_t id, struct member *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_BY_ID);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_member(&q, mem, out);
    return true;
}

bool member_by_handle(struct db *db, struct arena *mem, const char *handle,
    struct member *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_BY_HANDLE);
    bind_text(&q, "$handle", handle);
    if (!query_next(&q, e))
        return false;
    read_member(&q, mem, out);
    return true;
}

bool member_handle_taken(struct db *db, const char *handle, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_HANDLE_TAKEN);
    bind_text(&q, "$handle", handle);
    return query_next(&q, e);
}

static struct member *list_by(struct db *db, enum stmt_id id, struct arena *mem, int *n, struct err *e)
{
    struct member *list = NULL;
    int cap = 0;
    *n = 0;
    AUTO_QUERY q = db_query(db, id);
    while (query_next(&q, e)) {
        if (*n == cap) {
            struct member *more = ARENA_ARRAY(mem, struct member, (size_t)(cap = cap ? cap * 2 : 8));
            if (*n)
                memcpy(more, list, (size_t)*n * sizeof *list);
            list = more;
        }
        read_member(&q, mem, &list[*n]);
        list[(*n)++].suspended = id == STMT_MEMBER_EVERY && query_int(&q, 12);
    }
    return list;
}

struct member *member_list(struct db *db, struct arena *mem, int *n, struct err *e)
{
    return list_by(db, STMT_MEMBER_ALL, mem, n, e);
}

struct member *member_list_all(struct db *db, struct arena *mem, int *n, struct err *e)
{
    return list_by(db, STMT_MEMBER_EVERY, mem, n, e);
}

char *member_name(struct db *db, struct arena *mem, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_NAME);
    bind_int(&q, "$id", id);
    return query_next(&q, e) ? query_text(&q, mem, 0) : NULL;
}

bool member_set_role(struct db *db, const struct member *m, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_UPDATE_ROLE);
    bind_int(&q, "$id", m->id);
    bind_text(&q, "$role", m->role);
    bind_int(&q, "$also", m->roles & ~role_of(m->role));
    return query_run(&q, e);
}

bool member_suspend(struct db *db, int64_t id, bool suspend, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_UPDATE_STATE);
    bind_int(&q, "$id", id);
    bind_text(&q, "$state", suspend ? "suspended" : "active");
    return query_run(&q, e) && (!suspend || (session_end_all(db, id, NULL, clock_now_ms(), e) >= 0 &&
                                                login_tokens_drop(db, id, e)));
}

int64_t member_add(struct db *db, const struct member *m, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_INSERT);
    bind_text(&q, "$handle", m->handle);
    bind_text(&q, "$name", m->name);
    bind_text(&q, "$role", m->role);
    bind_int(&q, "$also", m->roles & ~role_of(m->role));
    bind_text(&q, "$market", m->market);
    bind_text(&q, "$zone", m->zone);
    bind_text(&q, "$locale", m->locale);
    bind_text(&q, "$team", m->team ? m->team : "");
    bind_ref(&q, "$partner", m->partner_id);
    bind_text(&q, "$source", m->source ? m->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool member_set_zone(struct db *db, int64_t id, const char *zone, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_UPDATE_ZONE);
    bind_int(&q, "$id", id);
    bind_text(&q, "$zone", zone);
    return query_run(&q, e);
}

bool member_set_locale(struct db *db, int64_t id, const char *locale, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_UPDATE_LOCALE);
    bind_int(&q, "$id", id);
    bind_text(&q, "$locale", locale);
    return query_run(&q, e);
}

bool member_set_style(struct db *db, int64_t id, const char *style, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_UPDATE_STYLE);
    bind_int(&q, "$id", id);
    bind_text(&q, "$style", style);
    return query_run(&q, e);
}

bool member_set_partner(struct db *db, int64_t id, int64_t partner, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MEMBER_UPDATE_PARTNER);
    bind_int(&q, "$id", id);
    bind_int(&q, "$partner", partner);
    return query_run(&q, e);
}

char *meta_get(struct db *db, struct arena *mem, const char *key, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_META_FIND);
    bind_text(&q, "$key", key);
    return query_next(&q, e) ? query_text(&q, mem, 0) : NULL;
}

bool meta_set(struct db *db, const char *key, const char *value, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_META_PUT);
    bind_text(&q, "$key", key);
    bind_text(&q, "$value", value);
    return query_run(&q, e);
}
