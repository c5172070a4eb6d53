/* Events that are no messages: who is it, what was said before, what has arrived. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine_private.h"
#include "bot/store/notes.h"
#include "bot/store/outbox.h"
#include "bot/store/sessions.h"

enum { HISTORY_MAX = 100 };

static json_t *member_json(const struct member *m)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "id", (json_int_t)m->id, "handle",
        m->handle, "name", m->name, "role", m->role, "locale", m->locale, "zone", m->zone);
}

/* `m` NULL: nobody. In demo mode everybody may see who there is to be. */
static char *session_json(struct engine *g, const struct member *m, struct err *e)
{
    AUTO_JSON root = json_pack("{s:b}", "demo", g->demo);
    if (m)
        (void)json_object_set_new(root, "member", member_json(m));
    if (g->demo) {
        int n;
        json_t *list = json_array();
        struct member *all = member_list(g->db, &g->mem, &n, e);
        for (int i = 0; i < n; i++)
            (void)json_array_append_new(list, member_json(&all[i]));
        (void)json_object_set_new(root, "members", list);
    }
    return m || g->demo ? xstrdup(json_print(&g->mem, root)) : NULL;
}

/* Without a handle a demo's visitor is the first member. */
static bool be_member(struct engine *g, const char *handle, struct member *m, struct err *e)
{
    if (!g->demo)
        return false;
    if (handle && *handle)
        return member_by_handle(g->db, &g->mem, handle, m, e);
    int n;
    struct member *all = member_list(g->db, &g->mem, &n, e);
    if (n)
        *m = all[0];
    return n > 0;
}

static void answer_session(struct engine *g, const struct event *ev)
{
    struct err e = { 0 };
    struct member m;
    char secret[SESSION_SECRET] = "";
    int64_t id = 0, now = clock_now_ms();
    bool known = false;
    if (ev->kind == EVENT_LOGIN)
        id = login_token_use(g->db, ev->text, ev->name ? ev->name : "", now, secret, &e);
    else if (ev->kind == EVENT_SESSION)
        id = session_use(g->db, ev->session, now, &e);
    if (ev->kind == EVENT_BE)
        known = be_member(g, ev->text, &m, &e);
    else if (id)
        known = member_by_id(g->db, &g->mem, id, &m, &e);
    if (e.code != ERR_NONE)
        log_err("session", &e);
    struct delivery *d = delivery_create(DELIVERY_SESSION, ev->network);
    d->source = ev->source;
    d->member_id = known ? m.id : 0;
    d->json = session_json(g, known ? &m : NULL, &e);
    if (known && *secret)
        d->text = xstrdup(secret);
    engine_send(g, d);
}

static json_t *message_json(struct engine *g, const struct message *m, int64_t viewer, int locale)
{
    struct err e;
    json_t *j = json_pack("{s:I, s:I, s:s}", "id", (json_int_t)m->id, "at", (json_int_t)m->at_ms,
        "dir", m->out ? "out" : "in");
    if (m->out) {
        json_t *reply = reply_resolve(g->db, g->config.words, &g->mem, m->body, viewer, locale);
        (void)json_object_set_new(j, "answers", m->answers ? json_string(m->answers) : json_null());
        (void)json_object_set_new(j, "reply", reply ? reply : json_null());
    } else {
        struct note_text t;
        bool ok = note_text_read(g->db, &g->mem, m->note_id, 0, viewer, &t, &e);
        (void)json_object_set_new(j, "text", json_string(ok ? t.text : ""));
        (void)json_object_set_new(j, "remote", m->answers ? json_string(m->answers) : json_null());
    }
    return j;
}

static void answer_history(struct engine *g, const struct event *ev)
{
    struct err e = { 0 };
    struct member m;
    struct message rows[HISTORY_MAX + 1];
    int limit = ev->limit > 0 && ev->limit < HISTORY_MAX ? ev->limit : HISTORY_MAX;
    if (!engine_session_good(g, ev, &e) || !member_by_id(g->db, &g->mem, ev->member_id, &m, &e))
        return;
    /* Nothing known yet: the newest page, not the oldest. */
    int64_t before = ev->before || ev->after ? ev->before : INT64_MAX;
    int n = message_list(g->db, &g->mem, m.id, ev->conversation, ev->after, before, rows, limit + 1, &e);
    bool more = n > limit;
    int from = more && before ? n - limit : 0, to = more && !before ? limit : n;
    AUTO_JSON root = json_pack("{s:[], s:b}", "messages", "more", more);
    int locale = catalogue_find_locale(g->config.words, m.locale);
    for (int i = from; i < to; i++)
        (void)json_array_append_new(json_at(root, "messages"), message_json(g, &rows[i], m.id, locale));
    struct delivery *d = delivery_create(DELIVERY_HISTORY, ev->network);
    d->source = ev->source;
    d->member_id = m.id;
    d->json = xstrdup(json_print(&g->mem, root));
    engine_send(g, d);
}

bool engine_session_good(struct engine *g, const struct event *ev, struct err *e)
{
    e->code = ERR_NONE;
    return !ev->session || session_use(g->db, ev->session, clock_now_ms(), e) == ev->member_id;
}

bool engine_shut_sessions(struct engine *g, const struct call *c, struct err *e)
{
    int n;
    struct buf good = BUF_ON(&g->mem);
    buf_puts(&good, "");
    const struct session *all = session_list(g->db, &g->mem, c->shut, clock_now_ms(), &n, e);
    for (int i = 0; i < n; i++)
        buf_join(&good, " ", all[i].hash);
    struct delivery *d = delivery_create(DELIVERY_ENDED, NETWORK_WEB);
    d->member_id = c->shut;
    d->text = xstrdup(buf_str(&good));
    engine_add_delivery(g, d);
    return e->code == ERR_NONE;
}

void engine_ask_store(struct engine *g, struct event *ev)
{
    struct err e = { 0 };
    switch (ev->kind) {
    case EVENT_LOGIN:
    case EVENT_SESSION:
    case EVENT_BE:
        answer_session(g, ev);
        break;
    case EVENT_HISTORY:
        answer_history(g, ev);
        break;
    case EVENT_LOGOUT:
        if (!session_drop(g->db, ev->text, clock_now_ms(), &e))
            log_err("log out", &e);
        break;
    case EVENT_FORM:
        engine_take_form(g, ev);
        break;
    case EVENT_HOME:
        engine_take_home(g, ev);
        break;
    default:
        break;
    }
}
