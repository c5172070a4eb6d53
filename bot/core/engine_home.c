/* A member's page on a network that has one, made by the same commands that a member
 * types: what is due and what was logged last. And whom a form may be about. Changes
 * nothing. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine_private.h"
#include "bot/core/label.h"
#include "bot/store/identities.h"
#include "bot/store/touches.h"

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

static bool find_member(struct engine *g, const struct event *ev, struct member *m, struct err *e)
{
    struct identity i = { 0 };
    return identity_find(g->db, &g->mem, network_name(ev->network), ev->remote_user, &i, e) &&
           i.member_id && member_by_id(g->db, &g->mem, i.member_id, m, e);
}

void engine_take_home(struct engine *g, const struct event *ev)
{
    struct err e = { 0 };
    struct member m;
    struct delivery *d = delivery_create(DELIVERY_HOME, ev->network);
    d->remote_user = xstrdup(ev->remote_user);
    AUTO_JSON root = json_pack("{s:[]}", "replies");
    bool ok = db_begin(g->db, &e);
    bool known = ok && find_member(g, ev, &m, &e);
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

enum { LOOKED_AT = 60, PEOPLE = 20 };

/* Each once, the latest first: named as the reader knows them, said by their number. */
static void add_people(struct engine *g, const struct member *m, enum network network, json_t *list,
    struct err *e)
{
    struct call c = { 0 };
    struct touch *t = ARENA_ARRAY(&g->mem, struct touch, LOOKED_AT);
    const struct touch_filter by = { .member = m->id };
    engine_call(g, &c, m, network, "form", clock_now_ms());
    int n = touch_list(g->db, &g->mem, &by, t, LOOKED_AT, e);
    int64_t seen[PEOPLE];
    int n_seen = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < t[i].n_people && n_seen < PEOPLE; k++) {
            int at = 0;
            while (at < n_seen && seen[at] != t[i].people[k])
                at++;
            if (at < n_seen || !t[i].people[k])
                continue;
            seen[n_seen++] = t[i].people[k];
            (void)json_array_append_new(list, json_pack("{s:s, s:s}", "label",
                label_person_id(&c, t[i].people[k], NULL), "say", call_ref(&c, 'C', t[i].people[k])));
        }
}

void engine_take_form(struct engine *g, const struct event *ev)
{
    struct err e = { 0 };
    struct member m;
    struct delivery *d = delivery_create(DELIVERY_FORM, ev->network);
    d->remote_user = xstrdup(ev->remote_user);
    d->remote_id = xstrdup(ev->remote_id);
    d->text = xstrdup(ev->text);
    if (db_begin_read(g->db, &e)) {
        if (find_member(g, ev, &m, &e)) {
            int locale = engine_locale(g, &m);
            AUTO_JSON root = json_pack("{s:s, s:[]}", "locale", catalogue_locale(g->config.words, locale), "people");
            add_people(g, &m, ev->network, json_at(root, "people"), &e);
            d->json = xstrdup(json_print(&g->mem, root));
        }
        db_rollback(g->db);
    }
    if (e.code != ERR_NONE)
        log_err("fill a form", &e);
    engine_send(g, d);
}
