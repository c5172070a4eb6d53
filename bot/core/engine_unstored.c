/* While the store takes no writes, because its disk is full or fails: who asks is answered,
 * who tells is told that nothing was stored, and by whom it is mended. Nothing is
 * acknowledged, so networks bring it again; each message tries the store anew, so that no
 * switch has to be put back. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/core/engine_private.h"
#include "bot/store/identities.h"

enum { TELL_AGAIN_MS = 600000, UUID_BYTES = 16 };

static void hash_of(const struct event *ev, char hash[SHA256_HEX])
{
    struct arena mem = ARENA_INIT;
    const char *what = arena_printf(&mem, "%d %lld %s", ev->network, (long long)ev->member_id, ev->remote_id);
    sha256_hex(what, strlen(what), hash);
    arena_finish(&mem);
}

bool engine_answered_unstored(const struct engine *g, const struct event *ev)
{
    char hash[SHA256_HEX];
    if (!g->n_unkept)
        return false;
    hash_of(ev, hash);
    for (int i = 0; i < ENGINE_UNKEPT && i < g->n_unkept; i++)
        if (!strcmp(g->unkept[i], hash))
            return true;
    return false;
}

static void remember_answered(struct engine *g, const struct event *ev)
{
    hash_of(ev, g->unkept[g->n_unkept++ % ENGINE_UNKEPT]);
}

static bool find_member(struct engine *g, struct event *ev, struct member *m, struct err *e)
{
    struct identity i = { 0 };
    if (!ev->member_id && ev->remote_user &&
        identity_find(g->db, &g->mem, network_name(ev->network), ev->remote_user, &i, e))
        ev->member_id = i.member_id;
    return ev->member_id && member_by_id(g->db, &g->mem, ev->member_id, m, e);
}

/* What is for the reader's eyes only waits: where others read along nobody can be asked to
 * look elsewhere, and that it was read could not be kept. */
static bool may_show(const struct reply *r)
{
    return !json_is_true(json_at(r->json, "private"));
}

void engine_send_unstored(struct engine *g, const struct call *c, int64_t source, const char *answers,
    struct reply *r)
{
    struct pending p = { .member_id = c->member->id, .at_ms = c->now_ms, .locale = c->locale,
        .handle = c->member->handle, .conversation = c->conversation, .answers = answers,
        .reply = json_incref(r->json), .network = c->network };
    struct delivery *d = engine_message(g, &p);
    if (!d)
        return;
    d->source = source;
    if (!engine_couriered(g, c->network)) {
        engine_send(g, d);
        return;
    }
    char key[2 * UUID_BYTES + 1];
    random_hex(key, UUID_BYTES);
    d->kind = DELIVERY_SEND;
    d->attempt = 1;
    d->remote_user = c->remote_user ? xstrdup(c->remote_user) : NULL;
    d->retry_key = xstrdup(arena_printf(&g->mem, "%.8s-%.4s-4%.3s-a%.3s-%.12s", key, key + 8, key + 13, key + 17, key + 20));
    g->sending[c->network]++;
    g->config.to_courier(g->config.ctx, d);
}

/* True: it was a question, and its answer is on its way. All that it wrote is taken back. */
static bool answer_question(struct engine *g, const struct member *m, const struct event *ev)
{
    struct err e = { 0 };
    struct call c = { 0 };
    enum dispatched how;
    if (!db_begin(g->db, &e))
        return false;
    engine_call(g, &c, m, ev->network, ev->conversation, ev->received_ms);
    bool ok = dispatch(&c, ev->text, false, &how, &e) && e.code == ERR_NONE && c.command &&
              c.command->flags & (CMD_READS | CMD_DESK);
    for (const struct reply *r = c.replies; ok && r; r = r->next)
        ok = may_show(r);
    for (struct reply *r = c.replies; ok && r; r = r->next) {
        if (r == c.replies)
            reply_warning(r, call_text(&c, "store.unkept", NO_ARGS));
        engine_send_unstored(g, &c, ev->source, ev->remote_id, r);
    }
    ok = ok && c.replies;
    reply_drop_all(&c);
    db_rollback(g->db);
    (void)names_rolled_back(g->names, g->db, &e);
    names_settled(g->names);
    return ok;
}

/* Said once in a while, since the network brings the message again and again. */
static void tell_couriered(struct engine *g, const struct member *m, const struct event *ev)
{
    struct rate_member *r = rate_of(&g->rate, m->id, clock_now_ms());
    if (r->failed_ms && clock_now_ms() < r->failed_ms + TELL_AGAIN_MS)
        return;
    r->failed_ms = clock_now_ms();
    struct identity account;
    struct err e = { 0 };
    struct delivery *d = delivery_create(DELIVERY_STRANGER, ev->network);
    const char *user = ev->remote_user;
    if (!user && identity_of_member(g->db, &g->mem, m->id, network_name(ev->network), &account, &e))
        user = account.remote;
    d->remote_user = user ? xstrdup(user) : NULL;
    d->conversation = xstrdup(ev->conversation);
    d->text = xstrdup(catalogue_text(g->config.words, &g->mem, engine_locale(g, m), "store.waits", NO_ARGS));
    engine_send(g, d);
}

void engine_unstored(struct engine *g, struct event *ev, const struct err *e)
{
    struct member m;
    struct err ignored = { 0 };
    if (!engine_session_good(g, ev, &ignored) && ignored.code == ERR_NONE)
        ev->member_id = 0;
    bool asked = e->code == ERR_REMOTE && ev->kind == EVENT_MESSAGE && ev->text && !ev->edits && !ev->refusal;
    bool known = asked && find_member(g, ev, &m, &ignored), couriered = engine_couriered(g, ev->network);
    bool again = known && couriered && engine_answered_unstored(g, ev);
    if (known && !again && answer_question(g, &m, ev)) {
        if (!couriered)
            return;
        remember_answered(g, ev);
    } else if (known && couriered && !again) {
        tell_couriered(g, &m, ev);
    }
    engine_refuse_event(g, ev, e);
}
