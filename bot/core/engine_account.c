/* Accounts of networks: whose a message is, before it is one of a member. Of a network
 * that introduces its people (Slack's own workspace) a new account becomes a member once
 * the network has told who that is; its messages wait in the inbox meanwhile. Anywhere
 * else the account sends a one-time code. A stranger gets one sentence; nothing of what
 * they wrote is kept. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/courier.h"
#include "bot/core/engine_private.h"
#include "bot/store/identities.h"
#include "bot/store/notes.h"
#include "bot/text/calendar.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"

enum { WAITING_MAX = 32, TELLS_A_MINUTE = 5, STRANGERS = 512, SENDERS = 64, HANDLE_BYTES = 40,
    NAME_BYTES = 100 };

/* What is remembered of somebody unknown, in memory only. */
struct stranger {
    struct stranger *next;
    enum network network;
    char *account;
    int64_t minute_ms; /* since when `told` counts */
    int told;          /* sentences, wrong codes included */
    bool asking;       /* the network was asked */
    int64_t ask_ms;    /* ask again; 0: nothing to ask */
    int asked;
};

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
static struct stranger *stranger_of(struct engine *g, enum network network, const char *account)
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

static void tell(struct engine *g, struct stranger *s, const struct event *ev, int locale, const char *key)
{
    if (!may_tell(s))
        return;
    struct delivery *d = delivery_create(DELIVERY_STRANGER, ev->network);
    d->remote_user = xstrdup(ev->remote_user);
    d->remote_id = ev->remote_id ? xstrdup(ev->remote_id) : NULL;
    d->conversation = xstrdup(ev->conversation);
    d->text = xstrdup(catalogue_text(g->config.words, &g->mem, locale, key, NO_ARGS));
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

static bool greet(struct engine *g, const struct member *m, const struct event *ev, const char *key,
    int64_t inbox, struct err *e)
{
    struct call c = { 0 };
    engine_call(g, &c, m, ev->network, ev->conversation, clock_now_ms());
    struct reply *r = reply_new(&c, REPLY_OK, key, ARGS(TXT("name", m->name)));
    reply_private(r); /* a channel need not hear it */
    reply_button(r, "plain", "help", "account.button.help", NO_ARGS);
    reply_button(r, "plain", "whoami", "account.button.whoami", NO_ARGS);
    bool ok = engine_store_replies(g, &c, inbox, ev->remote_id, e);
    reply_drop_all(&c);
    return ok;
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
        tell(g, s, ev, engine_stranger_locale(g, NULL, ev->text), "link.unknown_code");
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
           greet(g, &m, ev, "link.done", inbox, e);
}

/* Members from accounts. */

/* "Kenji Tanaka" is kenji-tanaka, and kenji-tanaka-2 where that is taken. */
static char *make_handle(struct engine *g, const char *name, struct err *e)
{
    struct folded f = fold_text(&g->mem, name, strlen(name));
    struct buf b = BUF_ON(&g->mem);
    buf_puts(&b, "");
    for (size_t i = 0, from = 0; i < f.n && b.n < HANDLE_BYTES; from = i) {
        enum script script = utf8_script(utf8_next(f.s, f.n, &i));
        if (script != SCRIPT_SPACE && script != SCRIPT_PUNCT && script != SCRIPT_OTHER)
            buf_add(&b, f.s + from, i - from);
        else if (b.n && b.s[b.n - 1] != '-')
            buf_putc(&b, '-');
    }
    while (b.n && b.s[b.n - 1] == '-')
        b.s[--b.n] = '\0';
    const char *base = b.n ? buf_str(&b) : "member";
    char *handle = arena_strdup(&g->mem, base);
    for (int n = 2; member_handle_taken(g->db, handle, e); n++)
        handle = arena_printf(&g->mem, "%s-%d", base, n);
    return handle;
}

static const char *market_of(const char *zone)
{
    const struct market *m;
    for (int i = 0; (m = market_at(i)) != NULL; i++)
        if (!strcmp(m->zone, zone))
            return m->code;
    return "JP";
}

static bool is_admin(const struct engine *g, const char *account)
{
    const char *admin = g->config.admin;
    if (!admin || !strchr(admin, ':'))
        return false;
    if (!strcmp(admin, account))
        return true;
    /* slack:U1 names slack:T1/U1 */
    const char *user = strrchr(account, '/'), *network = strchr(account, ':');
    size_t n = (size_t)(network - account) + 1;
    return user && network && !strncmp(admin, account, n) && !strcmp(admin + n, user + 1);
}

static int64_t make_member(struct engine *g, const struct event *ev, struct err *e)
{
    const char *name = ev->name && *ev->name ? ev->name : ev->remote_user;
    const char *zone = ev->zone && zone_valid(ev->zone) ? ev->zone : g->config.team_zone;
    bool admin = is_admin(g, ev->remote_user);
    size_t n = strnlen(name, NAME_BYTES);
    while (n && ((unsigned char)name[n] & 0xC0) == 0x80)
        n--;
    struct member m = { .name = arena_strndup(&g->mem, name, n), .zone = zone,
        .role = admin ? "admin" : "rep", .market = market_of(zone), .team = "", .source = "typed",
        .locale = catalogue_locale(g->config.words, engine_stranger_locale(g, ev->locale, NULL)) };
    m.roles = admin ? ROLE_ADMIN | ROLE_MANAGER | ROLE_REP : ROLE_REP;
    m.handle = make_handle(g, m.name, e);
    int64_t now = clock_now_ms(), id = e->code == ERR_NONE ? member_add(g->db, &m, now, e) : 0;
    bool ok = id && identity_put(g->db, network_name(ev->network), ev->remote_user, id, now, e);
    return ok ? id : 0;
}

/* What waited is the member's: their lines, their events, in the order they came. */
static bool adopt(struct engine *g, const struct event *ev, int64_t id, struct err *e)
{
    struct inbox rows[WAITING_MAX];
    struct member m;
    const char *network = network_name(ev->network);
    int n = inbox_of_sender(g->db, &g->mem, network, ev->remote_user, rows, WAITING_MAX, e);
    if (e->code != ERR_NONE || !member_by_id(g->db, &g->mem, id, &m, e))
        return false;
    for (int i = 0; i < n; i++) {
        char hash[SHA256_HEX];
        sha256_hex(rows[i].body, strlen(rows[i].body), hash);
        struct note_text line = { .author_id = id, .level = "me", .text = rows[i].body };
        if (!note_text_add(g->db, &line, rows[i].received_ms, e) ||
            !inbox_adopt(g->db, rows[i].id, id, hash, e))
            return false;
        struct message said = { .network = network, .member_id = id,
            .conversation = rows[i].conversation, .at_ms = rows[i].received_ms,
            .inbox_id = rows[i].id, .note_id = line.id };
        if (!message_add(g->db, &said, e))
            return false;
        struct event first = { .network = ev->network, .conversation = (char *)rows[i].conversation };
        if (i == 0 && !greet(g, &m, &first, "account.welcome", 0, e))
            return false;
    }
    return true;
}

/* Nobody is made of them: each conversation hears it once. */
static bool turn_away(struct engine *g, struct stranger *s, const struct event *ev, struct err *e)
{
    struct inbox rows[WAITING_MAX];
    int n = inbox_of_sender(g->db, &g->mem, network_name(ev->network), ev->remote_user, rows, WAITING_MAX, e);
    int locale = engine_stranger_locale(g, ev->locale, n ? rows[0].body : NULL);
    for (int i = 0; i < n; i++) {
        if (!inbox_done(g->db, rows[i].id, clock_now_ms(), e))
            return false;
        struct event to = { .network = ev->network, .remote_user = ev->remote_user,
            .remote_id = (char *)rows[i].remote_id, .conversation = (char *)rows[i].conversation };
        if (*ev->refusal && (i == 0 || strcmp(rows[i].conversation, rows[i - 1].conversation) != 0))
            tell(g, s, &to, locale, ev->refusal);
    }
    return e->code == ERR_NONE;
}

void engine_take_who(struct engine *g, struct event *ev)
{
    struct err e = { 0 };
    struct stranger *s = stranger_of(g, ev->network, ev->remote_user);
    s->asking = false;
    if (ev->outcome != SEND_DONE) {
        int64_t pause = courier_pause_ms(s->asked);
        s->ask_ms = clock_now_ms() + (pause > ev->retry_after_ms ? pause : ev->retry_after_ms);
        return;
    }
    struct identity known;
    const char *network = network_name(ev->network);
    bool ok = db_begin(g->db, &e);
    if (ok && ev->refusal) {
        ok = turn_away(g, s, ev, &e);
    } else if (ok) {
        bool found = identity_find(g->db, &g->mem, network, ev->remote_user, &known, &e);
        int64_t id = found ? known.member_id : e.code == ERR_NONE ? make_member(g, ev, &e) : 0;
        ok = id && adopt(g, ev, id, &e);
    }
    if (ok && db_commit(g->db, &e)) {
        s->ask_ms = 0;
        engine_send_pending(g);
        return;
    }
    db_rollback(g->db);
    engine_drop_pending(g);
    log_err("make a member", &e);
    s->ask_ms = clock_now_ms() + courier_pause_ms(++s->asked);
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
            stranger_of(g, network_find(rows[i].network), rows[i].sender)->ask_ms = now_ms;
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
    struct inbox rows[WAITING_MAX], in = { .network = network_name(ev->network),
        .sender = ev->remote_user, .remote_id = ev->remote_id, .conversation = ev->conversation,
        .received_ms = ev->received_ms, .hash = "", .body = ev->text };
    if (inbox_of_sender(g->db, &g->mem, in.network, in.sender, rows, WAITING_MAX, e) == WAITING_MAX)
        return note_contact(g, ev, e); /* too much of somebody nobody knows */
    if (e->code != ERR_NONE || !inbox_add(g->db, &in, e))
        return false;
    engine_add_ack(g, ev, 0);
    if (!s->asking && !s->ask_ms)
        s->ask_ms = clock_now_ms();
    return true;
}

/* The administrator's account on a network that introduces nobody: the first one's. */
static bool be_admin(struct engine *g, struct event *ev, bool *done, struct err *e)
{
    struct identity i;
    int n;
    *done = false;
    if (!is_admin(g, ev->remote_user))
        return true;
    struct member *all = member_list(g->db, &g->mem, &n, e);
    for (int k = 0; k < n && !*done && e->code == ERR_NONE; k++) {
        if (!(all[k].roles & ROLE_ADMIN) || identity_of_member(g->db, &g->mem, all[k].id, NULL, &i, e) ||
            e->code != ERR_NONE)
            continue;
        ev->member_id = all[k].id;
        *done = identity_put(g->db, network_name(ev->network), ev->remote_user, all[k].id, clock_now_ms(), e);
    }
    return e->code == ERR_NONE;
}

static bool take_stranger(struct engine *g, struct event *ev, bool shut_out, struct err *e)
{
    struct inbox in;
    bool taken;
    if (inbox_find_sender(g->db, &g->mem, network_name(ev->network), ev->remote_user, ev->remote_id, &in, e)) {
        engine_add_ack(g, ev, 0);
        return true;
    }
    if (e->code != ERR_NONE)
        return false;
    struct stranger *s = stranger_of(g, ev->network, ev->remote_user);
    if (!shut_out) {
        if (!take_code(g, ev, s, &taken, e) || taken)
            return e->code == ERR_NONE;
        bool may = g->config.introduced & 1U << ev->network && !ev->outsider;
        if (may)
            return wait_for_facts(g, ev, s, e);
    }
    tell(g, s, ev, engine_stranger_locale(g, NULL, ev->text), "stranger.refused");
    return note_contact(g, ev, e);
}

struct place engine_place(struct engine *g, int64_t member, struct err *e)
{
    struct place at = { g->config.unasked, network_name(g->config.unasked) };
    struct identity i;
    if (!identity_of_member(g->db, &g->mem, member, NULL, &i, e))
        return at;
    enum network network = network_find(i.network);
    if (!engine_couriered(g, network) || message_latest(g->db, member, at.conversation, e) > i.seen_ms)
        return at;
    return (struct place){ network, i.conversation ? i.conversation : i.remote };
}

bool engine_know(struct engine *g, struct event *ev, bool *known, struct err *e)
{
    struct identity i = { 0 };
    const char *network = network_name(ev->network);
    *known = true;
    if (!ev->remote_user || ev->member_id)
        return true;
    bool found = identity_find(g->db, &g->mem, network, ev->remote_user, &i, e);
    if (!found && e->code == ERR_NONE && !(g->config.introduced & 1U << ev->network) &&
        !be_admin(g, ev, &found, e))
        return false;
    if (e->code != ERR_NONE)
        return false;
    if (found && !ev->member_id)
        ev->member_id = i.member_id;
    if (!ev->conversation) /* a form or a page: where the bot may write */
        ev->conversation = xstrdup(found && i.conversation ? i.conversation : ev->remote_user);
    if (ev->member_id)
        return identity_seen(g->db, network, ev->remote_user, ev->direct ? ev->conversation : NULL,
            clock_now_ms(), e);
    *known = false;
    return take_stranger(g, ev, found, e);
}
