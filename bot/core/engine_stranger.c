/* Those who are nobody here yet: what is remembered of them, what they are told, the codes
 * that they send, and when their network is asked who they are. A stranger gets one
 * sentence; nothing of what they wrote is kept. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine_stranger.h"
#include "bot/store/identities.h"
#include "bot/text/utf8.h"

enum { TELLS_A_MINUTE = 5, STRANGERS = 512, SENDERS = 64 };

static void stranger_free(struct stranger *s)
{
    free(s->account);
    free(s);
}

void engine_drop_strangers(struct engine *g)
{
    while (g->strangers) {
        struct stranger *s = g->strangers;
        g->strangers = s->next;
        stranger_free(s);
    }
}

/* Newest first; the oldest that owes nothing makes room. */
struct stranger *engine_stranger(struct engine *g, enum network network, const char *account)
{
    struct stranger **idle = NULL;
    int n = 0;
    for (struct stranger **at = &g->strangers; *at; at = &(*at)->next, n++) {
        if ((*at)->network == network && !strcmp((*at)->account, account))
            return *at;
        if (!(*at)->asking && !(*at)->ask_ms)
            idle = at;
    }
    if (n >= STRANGERS && idle) {
        struct stranger *old = *idle;
        *idle = old->next;
        stranger_free(old);
    }
    struct stranger *s = xcalloc(1, sizeof *s);
    s->network = network;
    s->account = xstrdup(account);
    s->next = g->strangers;
    return g->strangers = s;
}

static void stranger_forget(struct engine *g, struct stranger *gone)
{
    struct stranger **at = &g->strangers;
    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    stranger_free(gone);
}

int engine_stranger_locale(const struct engine *g, const char *locale, const char *text)
{
    if (locale && catalogue_has_locale(g->config.words, locale))
        return catalogue_find_locale(g->config.words, locale);
    for (size_t i = 0, n = text ? strlen(text) : 0; i < n;) {
        enum script script = utf8_script(utf8_next(text, n, &i));
        if (script == SCRIPT_HIRAGANA || script == SCRIPT_KATAKANA)
            return catalogue_find_locale(g->config.words, "ja");
    }
    return g->config.locale ? catalogue_find_locale(g->config.words, g->config.locale) : 0;
}

/* At most a few sentences a minute: nobody makes the bot talk without end. */
static bool may_tell(struct stranger *s)
{
    int64_t now = clock_now_ms();
    if (now - s->minute_ms >= MINUTE_MS) {
        s->minute_ms = now;
        s->told = 0;
    }
    return s->told++ < TELLS_A_MINUTE;
}

void engine_tell(struct engine *g, struct stranger *s, const struct event *ev, int locale, const char *key)
{
    if (!may_tell(s))
        return;
    struct delivery *d = delivery_create(DELIVERY_STRANGER, ev->network);
    d->remote_user = xstrdup(ev->remote_user);
    d->remote_id = ev->remote_id ? xstrdup(ev->remote_id) : NULL;
    d->conversation = xstrdup(ev->conversation);
    d->text = xstrdup(catalogue_text(g->config.words, &g->mem, locale, key, NO_ARGS));
    d->code = xstrdup(key);
    engine_add_delivery(g, d);
}

/* The fact of contact, and that it was seen to. */
static bool note_contact(struct engine *g, const struct event *ev, struct err *e)
{
    struct inbox in = { .network = network_name(ev->network), .sender = ev->remote_user,
        .remote_id = ev->remote_id, .conversation = ev->conversation,
        .received_ms = ev->received_ms, .hash = "", .done_ms = clock_now_ms() };
    engine_add_ack(g, ev, 0);
    return inbox_add(g->db, &in, e) != 0;
}

/* Codes. */

/* "link K7QM-2XWP" in any language, or the code alone. */
static bool read_code(struct engine *g, const char *text, char code[LINK_CODE_CHARS + 1])
{
    for (int loc = 0; loc < catalogue_locales(g->config.words); loc++)
        for (int i = 0; i < catalogue_list(g->config.words, loc, "commands.link.words"); i++) {
            const char *word = catalogue_item(g->config.words, loc, "commands.link.words", i);
            if (!strncasecmp(text, word, strlen(word)) && link_code_read(text + strlen(word), code))
                return true;
        }
    return link_code_read(text, code);
}

/* `*taken`: the text was a code, good or not. */
static bool take_code(struct engine *g, const struct event *ev, struct stranger *s, bool *taken,
    struct err *e)
{
    char code[LINK_CODE_CHARS + 1];
    struct member m;
    *taken = ev->text && read_code(g, ev->text, code);
    if (!*taken)
        return true;
    int64_t now = clock_now_ms();
    bool many = s->told >= TELLS_A_MINUTE && now - s->minute_ms < MINUTE_MS;
    int64_t id = many ? 0 : link_code_use(g->db, code, now, e);
    if (!id || !member_by_id(g->db, &g->mem, id, &m, e)) {
        engine_tell(g, s, ev, engine_stranger_locale(g, NULL, ev->text), "link.unknown_code");
        return e->code == ERR_NONE && note_contact(g, ev, e);
    }
    stranger_forget(g, s);
    engine_add_ack(g, ev, 0);
    struct inbox in = { .network = network_name(ev->network), .member_id = id, .hash = "",
        .remote_id = ev->remote_id, .conversation = ev->conversation,
        .received_ms = ev->received_ms, .done_ms = now };
    int64_t inbox = inbox_add(g->db, &in, e);
    return inbox && identity_put(g->db, in.network, ev->remote_user, id, now, e) &&
           identity_seen(g->db, in.network, ev->remote_user, ev->direct ? ev->conversation : NULL, now, e) &&
           engine_greet(g, &m, ev, "link.done", inbox, e);
}

/* The network is asked who waits. Also what an earlier run had asked and did not hear. */
int64_t engine_ask_who(struct engine *g, int64_t now_ms)
{
    struct err e = { 0 };
    int64_t next = INT64_MAX;
    if (!g->config.introduced || g->config.only_member)
        return next;
    if (!g->strangers_read) {
        struct inbox rows[SENDERS];
        int n = inbox_senders(g->db, &g->mem, rows, SENDERS, &e);
        for (int i = 0; i < n; i++)
            engine_stranger(g, network_find(rows[i].network), rows[i].sender)->ask_ms = now_ms;
        g->strangers_read = n < SENDERS;
    }
    for (struct stranger *s = g->strangers; s; s = s->next) {
        if (s->asking || !s->ask_ms || !(g->config.introduced & 1U << s->network))
            continue;
        if (s->ask_ms > now_ms) {
            next = s->ask_ms < next ? s->ask_ms : next;
            continue;
        }
        struct delivery *d = delivery_create(DELIVERY_WHO, s->network);
        d->remote_user = xstrdup(s->account);
        s->asking = true;
        s->asked++;
        engine_send(g, d);
    }
    return next;
}

/* Events of nobody known. */

static bool wait_for_facts(struct engine *g, const struct event *ev, struct stranger *s, struct err *e)
{
    struct inbox rows[STRANGER_WAITING], in = { .network = network_name(ev->network),
        .sender = ev->remote_user, .remote_id = ev->remote_id, .conversation = ev->conversation,
        .received_ms = ev->received_ms, .hash = "", .body = ev->text };
    if (inbox_of_sender(g->db, &g->mem, in.network, in.sender, rows, STRANGER_WAITING, e) == STRANGER_WAITING)
        return note_contact(g, ev, e); /* too much of somebody nobody knows */
    if (e->code != ERR_NONE || !inbox_add(g->db, &in, e))
        return false;
    engine_add_ack(g, ev, 0);
    if (!s->asking && !s->ask_ms)
        s->ask_ms = clock_now_ms();
    return true;
}

bool engine_take_stranger(struct engine *g, struct event *ev, bool shut_out, struct err *e)
{
    struct inbox in;
    bool taken;
    if (inbox_find_sender(g->db, &g->mem, network_name(ev->network), ev->remote_user, ev->remote_id, &in, e)) {
        engine_add_ack(g, ev, 0);
        return true;
    }
    if (e->code != ERR_NONE)
        return false;
    struct stranger *s = engine_stranger(g, ev->network, ev->remote_user);
    if (!shut_out) {
        if (!take_code(g, ev, s, &taken, e) || taken)
            return e->code == ERR_NONE;
        bool may = g->config.introduced & 1U << ev->network && !ev->outsider;
        if (may)
            return wait_for_facts(g, ev, s, e);
    }
    engine_tell(g, s, ev, engine_stranger_locale(g, NULL, ev->text), "stranger.refused");
    return note_contact(g, ev, e);
}

bool engine_tell_stranger(struct engine *g, const struct event *ev, const char *key, struct err *e)
{
    struct inbox in;
    if (inbox_find_sender(g->db, &g->mem, network_name(ev->network), ev->remote_user, ev->remote_id, &in, e)) {
        engine_add_ack(g, ev, 0);
        return true;
    }
    if (key)
        engine_tell(g, engine_stranger(g, ev->network, ev->remote_user), ev,
            engine_stranger_locale(g, NULL, NULL), key);
    return e->code == ERR_NONE && note_contact(g, ev, e);
}
