#include "bot/store/identities.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"

/* 32 of them, a power of two: each byte of randomness gives one without a bias. Nothing
 * that is read as something else. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

bool identity_find(struct db *db, struct arena *mem, const char *network, const char *remote,
    struct identity *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IDENTITY_FIND);
    bind_text(&q, "$network", network);
    bind_text(&q, "$remote", remote);
    if (!query_next(&q, e))
        return false;
    *out = (struct identity){ .member_id = query_int(&q, 1) ? query_int(&q, 0) : 0,
        .network = network, .remote = remote, .conversation = query_text(&q, mem, 2),
        .seen_ms = query_int(&q, 3), .gone_ms = query_int(&q, 4), .locale = query_text(&q, mem, 5) };
    return true;
}

bool identity_put(struct db *db, const char *network, const char *remote, int64_t member,
    int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IDENTITY_PUT);
    bind_text(&q, "$network", network);
    bind_text(&q, "$remote", remote);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool identity_seen(struct db *db, const char *network, const char *remote,
    const char *conversation, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IDENTITY_SEEN);
    bind_text(&q, "$network", network);
    bind_text(&q, "$remote", remote);
    bind_text(&q, "$conversation", conversation);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool identity_gone(struct db *db, const char *network, const char *remote, int64_t gone_ms,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IDENTITY_GONE);
    bind_text(&q, "$network", network);
    bind_text(&q, "$remote", remote);
    bind_int(&q, "$gone", gone_ms);
    return query_run(&q, e);
}

bool identity_of_member(struct db *db, struct arena *mem, int64_t member, const char *network,
    struct identity *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_IDENTITY_OF_MEMBER);
    bind_int(&q, "$member", member);
    bind_text(&q, "$network", network);
    if (!query_next(&q, e))
        return false;
    *out = (struct identity){ .member_id = member, .network = query_text(&q, mem, 0),
        .remote = query_text(&q, mem, 1), .conversation = query_text(&q, mem, 2),
        .seen_ms = query_int(&q, 3), .gone_ms = query_int(&q, 4) };
    return true;
}

static void draw(char code[LINK_CODE_CHARS + 1])
{
    unsigned char drawn[LINK_CODE_CHARS];
    random_bytes(drawn, sizeof drawn);
    for (size_t i = 0; i < sizeof drawn; i++)
        code[i] = letters[drawn[i] % (sizeof letters - 1)];
    code[LINK_CODE_CHARS] = '\0';
}

bool link_code_add(struct db *db, int64_t member, int64_t now_ms, char code[LINK_CODE_CHARS + 1],
    struct err *e)
{
    char hash[SHA256_HEX];
    draw(code);
    sha256_hex(code, LINK_CODE_CHARS, hash);
    AUTO_QUERY forget = db_query(db, STMT_LINK_CODE_FORGET);
    bind_int(&forget, "$member", member);
    bind_int(&forget, "$now", now_ms);
    if (!query_run(&forget, e))
        return false;
    AUTO_QUERY q = db_query(db, STMT_LINK_CODE_INSERT);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$member", member);
    bind_int(&q, "$expires", now_ms + LINK_CODE_MINUTES * MINUTE_MS);
    return query_run(&q, e);
}

static int64_t code_member(struct db *db, enum stmt_id stmt, const char *code, int64_t now_ms,
    struct err *e)
{
    char hash[SHA256_HEX];
    int64_t member = 0;
    sha256_hex(code, strlen(code), hash);
    AUTO_QUERY q = db_query(db, stmt);
    bind_text(&q, "$hash", hash);
    bind_int(&q, "$now", now_ms);
    while (query_next(&q, e))
        member = query_int(&q, 0);
    return member;
}

int64_t link_code_find(struct db *db, const char *code, int64_t now_ms, struct err *e)
{
    return code_member(db, STMT_LINK_CODE_FIND, code, now_ms, e);
}

int64_t link_code_use(struct db *db, const char *code, int64_t now_ms, struct err *e)
{
    return code_member(db, STMT_LINK_CODE_TAKE, code, now_ms, e);
}

bool link_code_read(const char *typed, char code[LINK_CODE_CHARS + 1])
{
    int n = 0;
    for (; *typed; typed++) {
        char c = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
        if (c == '-' || c == ' ')
            continue;
        if (n == LINK_CODE_CHARS || !strchr(letters, c))
            return false;
        code[n++] = c;
    }
    code[n] = '\0';
    return n == LINK_CODE_CHARS;
}
