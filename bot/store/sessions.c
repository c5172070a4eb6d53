#include "bot/store/sessions.h"

#include <string.h>
#include "bot/base/clock.h"

enum { TOKEN_MINUTES = 60, SESSION_DAYS = 90 };

bool login_token_add(struct db *db, int64_t member, int64_t now_ms, char *secret, struct err *e)
{
    char hash[SHA256_HEX];
    random_hex(secret, 32);
    sha256_hex(secret, strlen(secret), hash);
    AUTO_QUERY q = db_query(db, STMT_LOGIN_TOKEN_INSERT);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$member", member);
    bind_int(&q, "$expires", now_ms + TOKEN_MINUTES * MINUTE_MS);
    return query_run(&q, e);
}

int64_t login_token_use(struct db *db, const char *token, const char *device, int64_t now_ms, char *session,
    struct err *e)
{
    char hash[SHA256_HEX];
    int64_t member = 0;
    sha256_hex(token, strlen(token), hash);
    {
        AUTO_QUERY q = db_query(db, STMT_LOGIN_TOKEN_TAKE);
        bind_text(&q, "$hash", hash);
        bind_int(&q, "$now", now_ms);
        while (query_next(&q, e))
            member = query_int(&q, 0);
    }
    if (!member)
        return 0;
    random_hex(session, 32);
    sha256_hex(session, strlen(session), hash);
    AUTO_QUERY q = db_query(db, STMT_SESSION_INSERT);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$member", member);
    bind_text(&q, "$device", device);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$expires", now_ms + SESSION_DAYS * DAY_MS);
    return query_run(&q, e) ? member : 0;
}

bool login_tokens_drop(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_LOGIN_TOKEN_DELETE_MEMBER);
    bind_int(&q, "$member", member);
    return query_run(&q, e);
}

int64_t session_use(struct db *db, const char *hash, int64_t now_ms, struct err *e)
{
    int64_t member = 0, seen = 0;
    {
        AUTO_QUERY q = db_query(db, STMT_SESSION_FIND);
        bind_text(&q, "$hash", hash);
        bind_int(&q, "$now", now_ms);
        if (!query_next(&q, e))
            return 0;
        member = query_int(&q, 0);
        seen = query_int(&q, 1);
    }
    if (now_ms < seen + MINUTE_MS)
        return member;
    AUTO_QUERY q = db_query(db, STMT_SESSION_UPDATE_SEEN);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e) ? member : 0;
}

struct session *session_list(struct db *db, struct arena *mem, int64_t member, int64_t now_ms, int *n,
    struct err *e)
{
    struct session *all = ARENA_ARRAY(mem, struct session, SESSIONS_MAX);
    AUTO_QUERY q = db_query(db, STMT_SESSION_LIST);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    bind_int(&q, "$max", SESSIONS_MAX);
    for (*n = 0; *n < SESSIONS_MAX && query_next(&q, e); ++*n)
        all[*n] = (struct session){ .no = query_int(&q, 0), .device = query_text(&q, mem, 1),
            .created_ms = query_int(&q, 2), .seen_ms = query_int(&q, 3), .hash = query_text(&q, mem, 4) };
    return all;
}

bool session_end(struct db *db, int64_t member, int64_t no, int64_t now_ms, struct err *e)
{
    bool ended = false;
    AUTO_QUERY q = db_query(db, STMT_SESSION_END_NO);
    bind_int(&q, "$member", member);
    bind_int(&q, "$no", no);
    bind_int(&q, "$now", now_ms);
    while (query_next(&q, e))
        ended = true;
    return ended && e->code == ERR_NONE;
}

bool session_drop(struct db *db, const char *secret, int64_t now_ms, struct err *e)
{
    char hash[SHA256_HEX];
    sha256_hex(secret, strlen(secret), hash);
    AUTO_QUERY q = db_query(db, STMT_SESSION_END);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int session_end_all(struct db *db, int64_t member, const char *except, int64_t now_ms, struct err *e)
{
    int n = 0;
    AUTO_QUERY q = db_query(db, STMT_SESSION_END_ALL);
    bind_int(&q, "$member", member);
    bind_text(&q, "$except", except);
    bind_int(&q, "$now", now_ms);
    while (query_next(&q, e))
        n++;
    return e->code == ERR_NONE ? n : -1;
}
