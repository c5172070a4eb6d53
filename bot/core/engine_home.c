/* A member's page on a network that has one: what is due and what was logged last, made
 * by the same commands that a member types. Changes nothing. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine_private.h"
#include "bot/store/identities.h"

/* The command's replies, as the member sees them. */
static bool add_replies(struct engine *g, const struct member *m, const struct event *ev,
    const char *text, json_t *list, struct err *e)
{
    struct call c = { 0 };
    enum dispatched how;
    /* A conversation of its own: no open question may take the line for its answer. */
    engine_call(g, &c, m, ev->network, "home", clock_now_ms());
    bool ok = dispatch(&c, text, false, &how, e) && e->code == ERR_NONE;
    for (struct reply *r = c.replies; ok && r; r = r->next) {
        reply_show(g->db, g->config.words, &g->mem, r->json, m->id, c.locale);
        (void)json_object_set_new(r->json, "to", json_string(m->handle));
        (void)json_array_append(list, r->json);
    }
    reply_drop_all(&c);
    return ok;
}

void engine_take_home(struct engine *g, const struct event *ev)
{
    struct err e = { 0 };
    struct identity i = { 0 };
    struct member m;
    struct delivery *d = delivery_create(DELIVERY_HOME, ev->network);
    d->remote_user = xstrdup(ev->remote_user);
    AUTO_JSON root = json_pack("{s:[]}", "replies");
    bool ok = db_begin(g->db, &e);
    bool known = ok && identity_find(g->db, &g->mem, network_name(ev->network), ev->remote_user, &i, &e) &&
                 i.member_id && member_by_id(g->db, &g->mem, i.member_id, &m, &e);
    json_t *list = json_at(root, "replies");
    known = known && add_replies(g, &m, ev, "today", list, &e) &&
            add_replies(g, &m, ev, arena_printf(&g->mem, "list touch points %s", m.handle), list, &e);
    if (e.code != ERR_NONE)
        log_err("make the page", &e);
    if (ok)
        db_rollback(g->db);
    d->member_id = known ? m.id : 0;
    d->json = known ? xstrdup(json_print(&g->mem, root)) : NULL;
    d->text = xstrdup(catalogue_text(g->config.words, &g->mem, known ? engine_locale(g, &m) : 0,
        known ? "home.title" : "home.stranger", NO_ARGS));
    engine_send(g, d);
}
