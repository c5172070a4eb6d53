/* Accounts of networks: whose a message is, before it is one of a member. Of a network
 * that introduces its people (Slack's own workspace) a new account becomes a member once
 * the network has told who that is; its messages wait in the inbox meanwhile. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/base/log.h"
#include "bot/core/courier.h"
#include "bot/core/engine_stranger.h"
#include "bot/store/care.h"
#include "bot/store/identities.h"
#include "bot/store/notes.h"
#include "bot/text/calendar.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"

enum { HANDLE_BYTES = 40, NAME_BYTES = 100 };

bool engine_greet(struct engine *g, const struct member *m, const struct event *ev, const char *key,
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
        .role = admin ? "admin" : "rep", .market = market_of_zone(zone), .team = "", .source = "typed",
        .locale = catalogue_locale(g->config.words, engine_stranger_locale(g, ev->locale, NULL)) };
    m.roles = admin ? ROLE_ADMIN | ROLE_MANAGER | ROLE_REP : ROLE_REP;
    m.handle = make_handle(g, m.name, e);
    int64_t now = clock_now_ms(), id = e->code == ERR_NONE ? member_add(g->db, &m, now, e) : 0;
    bool ok = id && identity_put(g->db, network_name(ev->network), ev->remote_user, id, now, e);
    return ok ? id : 0;
}

/* What waited is the member's, to be answered in the order it came. */
static bool adopt(struct engine *g, const struct event *ev, int64_t id, struct err *e)
{
    struct inbox rows[STRANGER_WAITING];
    struct member m;
    const char *network = network_name(ev->network);
    int n = inbox_of_sender(g->db, &g->mem, network, ev->remote_user, rows, STRANGER_WAITING, e);
    if (e->code != ERR_NONE || !member_by_id(g->db, &g->mem, id, &m, e))
        return false;
    for (int i = 0; i < n; i++) {
        char hash[SHA256_HEX];
        sha256_hex(rows[i].body, strlen(rows[i].body), hash);
        if (!inbox_adopt(g->db, rows[i].id, id, hash, e))
            return false;
        struct event first = { .network = ev->network, .conversation = (char *)rows[i].conversation };
        if (i == 0 && !engine_greet(g, &m, &first, "account.welcome", 0, e))
            return false;
    }
    return true;
}

/* Nobody is made of them: each conversation hears it once. */
static bool turn_away(struct engine *g, struct stranger *s, const struct event *ev, struct err *e)
{
    struct inbox rows[STRANGER_WAITING];
    int n = inbox_of_sender(g->db, &g->mem, network_name(ev->network), ev->remote_user, rows, STRANGER_WAITING, e);
    int locale = engine_stranger_locale(g, ev->locale, n ? rows[0].body : NULL);
    for (int i = 0; i < n; i++) {
        if (!inbox_done(g->db, rows[i].id, clock_now_ms(), e))
            return false;
        struct event to = { .network = ev->network, .remote_user = ev->remote_user,
            .remote_id = (char *)rows[i].remote_id, .conversation = (char *)rows[i].conversation };
        if (*ev->refusal && (i == 0 || strcmp(rows[i].conversation, rows[i - 1].conversation) != 0))
            engine_tell(g, s, &to, locale, ev->refusal);
    }
    return e->code == ERR_NONE;
}

void engine_take_who(struct engine *g, struct event *ev)
{
    struct err e = { 0 };
    struct stranger *s = engine_stranger(g, ev->network, ev->remote_user);
    s->asking = false;
    if (ev->outcome != SEND_DONE) {
        int64_t pause = courier_pause_ms(s->asked);
        s->ask_ms = clock_now_ms() + (pause > ev->retry_after_ms ? pause : ev->retry_after_ms);
        return;
    }
    struct identity known;
    int64_t made = 0;
    const char *network = network_name(ev->network);
    bool ok = db_begin(g->db, &e);
    if (ok && ev->refusal) {
        ok = turn_away(g, s, ev, &e);
    } else if (ok) {
        bool found = identity_find(g->db, &g->mem, network, ev->remote_user, &known, &e);
        made = found || e.code != ERR_NONE ? 0 : make_member(g, ev, &e);
        int64_t id = found ? known.member_id : made;
        ok = id && adopt(g, ev, id, &e);
    }
    if (ok && db_commit(g->db, &e)) {
        if (made && !names_refresh(g->names, g->db, 'U', made, &e)) /* others speak of them */
            log_err("read a new member's name", &e);
        names_settled(g->names);
        s->ask_ms = 0;
        engine_send_pending(g);
        return;
    }
    db_rollback(g->db);
    engine_drop_pending(g);
    log_err("make a member", &e);
    s->ask_ms = clock_now_ms() + courier_pause_ms(++s->asked);
}

/* The administrator's account on a network that introduces nobody: the first one's. */
bool engine_be_admin(struct engine *g, struct event *ev, bool *done, struct err *e)
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

struct place engine_place(struct engine *g, int64_t member, struct err *e)
{
    struct place at = { g->config.unasked, network_name(g->config.unasked) };
    struct identity i;
    const char *via = notice_get(g->db, &g->mem, member, "via", e);
    if (e->code != ERR_NONE || (via && !strcmp(via, network_name(g->config.unasked))) || (!(via && identity_of_member(g->db, &g->mem, member, via, &i, e)) &&
                                   !identity_of_member(g->db, &g->mem, member, NULL, &i, e)))
        return at;
    enum network network = network_find(i.network);
    if (i.gone_ms || !engine_couriered(g, network) || (!via && message_latest(g->db, member, at.conversation, e) > i.seen_ms))
        return at;
    return (struct place){ network, i.conversation ? i.conversation : i.remote };
}

/* @U2 is another account of the network: a member's name in its place, if it is one's. */
static bool name_accounts(struct engine *g, struct event *ev, struct err *e)
{
    const char *slash = strrchr(ev->remote_user, '/');
    struct identity i;
    struct member m;
    if (!slash || !ev->text || !strstr(ev->text, "@U"))
        return true;
    struct buf b = BUF_ON(&g->mem);
    buf_puts(&b, "");
    for (const char *s = ev->text; *s;) {
        size_t n = *s == '@' ? strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
        const char *account = n > 1 ? arena_printf(&g->mem, "%.*s/%.*s", (int)(slash - ev->remote_user),
                                          ev->remote_user, (int)n, s + 1)
                                    : "";
        if (n > 1 && identity_find(g->db, &g->mem, network_name(ev->network), account, &i, e) &&
            i.member_id && member_by_id(g->db, &g->mem, i.member_id, &m, e)) {
            buf_puts(&b, m.name);
            s += n + 1;
        } else {
            buf_putc(&b, *s++);
        }
    }
    free(ev->text);
    ev->text = xstrdup(b.s);
    return e->code == ERR_NONE;
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
        !engine_be_admin(g, ev, &found, e))
        return false;
    if (e->code != ERR_NONE)
        return false;
    if (found && !ev->member_id)
        ev->member_id = i.member_id;
    if (i.locale && !ev->locale)
        ev->locale = xstrdup(i.locale);
    if (!ev->conversation) /* a form or a page: where the bot may write */
        ev->conversation = xstrdup(found && i.conversation ? i.conversation : ev->remote_user);
    if (ev->member_id)
        return name_accounts(g, ev, e) && identity_seen(g->db, network, ev->remote_user, ev->direct ? ev->conversation : NULL,
            clock_now_ms(), e);
    *known = false;
    return engine_take_stranger(g, ev, found, e);
}
