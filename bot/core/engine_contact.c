/* What a network tells that nobody typed: an account may be written to or not, a message
 * was taken back, the month's paid messages run out; and what the keeper of the store found. Each in a transaction of its own. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine_stranger.h"
#include "bot/store/identities.h"
#include "bot/store/notes.h"
#include "bot/text/zone.h"

enum { VERSIONS = 16, NEAR_PERCENT = 80 };

/* Stored under the member as seen to; `message` says what it did to another. */
static int64_t store_contact(struct engine *g, const struct event *ev, const char *message, struct err *e)
{
    struct inbox in = { .network = network_name(ev->network), .member_id = ev->member_id, .hash = "",
        .remote_id = ev->remote_id, .conversation = ev->conversation, .message = message,
        .received_ms = ev->received_ms, .done_ms = clock_now_ms() };
    engine_add_ack(g, ev, 0);
    return inbox_add(g->db, &in, e);
}

static bool take_follow(struct engine *g, const struct event *ev, const struct member *m, bool first,
    struct err *e)
{
    const char *network = network_name(ev->network);
    int64_t inbox = store_contact(g, ev, NULL, e);
    if (!inbox || ev->kind == EVENT_UNFOLLOW)
        return inbox && identity_gone(g->db, network, ev->remote_user, ev->received_ms, e);
    return identity_seen(g->db, network, ev->remote_user, ev->conversation, clock_now_ms(), e) &&
           engine_greet(g, m, ev, first ? "account.welcome" : "account.back", inbox, e);
}

static bool take_unsend(struct engine *g, const struct event *ev, struct err *e)
{
    struct inbox rows[VERSIONS];
    struct message line;
    int n = inbox_of_message(g->db, &g->mem, network_name(ev->network), ev->member_id, ev->edits,
        rows, VERSIONS, e);
    for (int i = 0; i < n && e->code == ERR_NONE; i++) {
        if (!rows[i].done_ms && !inbox_done(g->db, rows[i].id, clock_now_ms(), e))
            return false;
        if (!rows[i].message_id || !message_find(g->db, &g->mem, rows[i].message_id, &line, e))
            continue;
        if (!ask_drop_of_note(g->db, ev->member_id, line.note_id, e) ||
            !note_text_forget(g->db, ev->member_id, line.note_id, rows[i].conversation,
                rows[i].received_ms, e))
            return false;
    }
    return e->code == ERR_NONE && store_contact(g, ev, arena_printf(&g->mem, "unsend:%s", ev->edits), e);
}

bool engine_tell_admins(struct engine *g, void (*say)(struct call *c, const void *ctx), const void *ctx, struct err *e)
{
    int n;
    struct member *all = member_list(g->db, &g->mem, &n, e);
    for (int i = 0; i < n && e->code == ERR_NONE; i++) {
        if (!(all[i].roles & ROLE_ADMIN))
            continue;
        struct call c = { 0 };
        struct place at = engine_place(g, all[i].id, e);
        engine_call(g, &c, &all[i], at.network, at.conversation, clock_now_ms());
        say(&c, ctx);
        bool ok = e->code == ERR_NONE && engine_store_replies(g, &c, 0, NULL, e);
        reply_drop_all(&c);
        if (!ok)
            return false;
    }
    return e->code == ERR_NONE;
}

struct sentence {
    const char *key;
    const struct msg_arg *args;
};

static void say_sentence(struct call *c, const void *ctx)
{
    const struct sentence *s = ctx;
    reply_new(c, REPLY_OK, s->key, s->args);
}

static bool tell_admins(struct engine *g, const char *key, const struct msg_arg *args, struct err *e)
{
    return engine_tell_admins(g, say_sentence, &(struct sentence){ key, args }, e);
}

static bool take_usage(struct engine *g, const struct event *ev, struct err *e)
{
    const char *network = network_name(ev->network);
    struct civil now = civil_of(clock_now_ms(), g->config.team_zone);
    const char *month = arena_printf(&g->mem, "%04d-%02d", now.year, now.month);
    const char *told_key = arena_printf(&g->mem, "%s_near", network);
    if (!meta_set(g->db, arena_printf(&g->mem, "%s_usage", network),
            arena_printf(&g->mem, "%lld/%lld", (long long)ev->used, (long long)ev->quota), e))
        return false;
    if (!ev->quota || ev->used * 100 < ev->quota * NEAR_PERCENT)
        return true;
    const char *told = meta_get(g->db, &g->mem, told_key, e);
    if (e->code != ERR_NONE || (told && !strcmp(told, month)))
        return e->code == ERR_NONE;
    return meta_set(g->db, told_key, month, e) &&
           tell_admins(g, "usage.near", ARGS(NUM("used", ev->used), NUM("quota", ev->quota)), e);
}

static bool take_kept(struct engine *g, const struct event *ev, struct err *e)
{
    if (ev->used && !meta_set(g->db, "checked_ms", arena_printf(&g->mem, "%lld", (long long)ev->received_ms), e))
        return false;
    if (!ev->text)
        return true;
    struct civil now = civil_of(ev->received_ms, g->config.team_zone);
    const char *day = arena_printf(&g->mem, "%04d-%02d-%02d", now.year, now.month, now.day);
    const char *told_key = arena_printf(&g->mem, "told_%s", ev->text);
    const char *told = meta_get(g->db, &g->mem, told_key, e);
    if (e->code != ERR_NONE || (told && !strcmp(told, day)))
        return e->code == ERR_NONE;
    return meta_set(g->db, told_key, day, e) && tell_admins(g, ev->text, ARGS(TXT("file", ev->name)), e);
}

/* The store is past keeping even that: said all the same to whoever is there. */
static void tell_unstored(struct engine *g, const struct event *ev)
{
    struct err e = { 0 };
    int n;
    struct member *all = member_list(g->db, &g->mem, &n, &e);
    for (int i = 0; i < n; i++) {
        if (!(all[i].roles & ROLE_ADMIN))
            continue;
        struct call c = { 0 };
        struct place at = engine_place(g, all[i].id, &e);
        engine_call(g, &c, &all[i], at.network, at.conversation, clock_now_ms());
        struct reply *r = reply_new(&c, REPLY_OK, ev->text, ARGS(TXT("file", ev->name)));
        engine_send_unstored(g, &c, 0, NULL, r);
        reply_drop_all(&c);
    }
}

static bool take_account(struct engine *g, struct event *ev, struct err *e)
{
    struct identity i = { 0 };
    struct inbox seen;
    struct member m;
    const char *network = network_name(ev->network);
    bool known = identity_find(g->db, &g->mem, network, ev->remote_user, &i, e) && i.member_id, first = !known;
    if (e->code != ERR_NONE || (!known && !engine_be_admin(g, ev, &known, e)))
        return false;
    if (!known)
        return engine_tell_stranger(g, ev, ev->kind == EVENT_FOLLOW ? "stranger.follow" : NULL, e);
    ev->member_id = i.member_id ? i.member_id : ev->member_id;
    if (inbox_find(g->db, &g->mem, network, ev->member_id, ev->remote_id, &seen, e)) {
        engine_add_ack(g, ev, 0);
        return true;
    }
    if (e->code != ERR_NONE || !member_by_id(g->db, &g->mem, ev->member_id, &m, e))
        return false;
    return ev->kind == EVENT_UNSEND ? take_unsend(g, ev, e) : take_follow(g, ev, &m, first, e);
}

void engine_take_contact(struct engine *g, struct event *ev)
{
    struct err e = { 0 };
    bool ok = db_begin(g->db, &e);
    ok = ok && (ev->kind == EVENT_USAGE  ? take_usage(g, ev, &e)
                : ev->kind == EVENT_KEPT ? take_kept(g, ev, &e)
                                         : take_account(g, ev, &e));
    if (ok && db_commit(g->db, &e)) {
        engine_send_pending(g);
        return;
    }
    db_rollback(g->db);
    engine_drop_pending(g);
    log_err("store what a network tells", &e);
    if (ev->kind == EVENT_KEPT && ev->text)
        tell_unstored(g, ev);
    else if (ev->kind != EVENT_USAGE && ev->kind != EVENT_KEPT)
        engine_refuse_event(g, ev, &e);
}
