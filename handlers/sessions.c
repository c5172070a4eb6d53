/* sessions: the browsers that are logged in to the web chat as the member, and their end.
 * Only one's own. Not undone: whoever was shut out needs a new link. */
#include "bot/store/sessions.h"
#include <stdlib.h>
#include <string.h>
#include "bot/text/fold.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg end_args[] = {
    { "session", ARG_TEXT, REQUIRED },
    { 0 },
};
enum { NO_DIGITS = 9 };

/* Chrome/Android as the reader says it. */
static char *device_text(struct call *c, const char *device)
{
    const char *slash = strchr(device, '/');
    if (!*device)
        return call_text(c, "sessions.device_unknown", NO_ARGS);
    if (!slash)
        return arena_strdup(c->mem, device);
    return call_text(c, "sessions.device",
        ARGS(TXT("browser", arena_strndup(c->mem, device, (size_t)(slash - device))), TXT("system", slash + 1)));
}

static bool is_this(const struct call *c, const struct session *s)
{
    return c->session && !strcmp(c->session, s->hash);
}

static char *session_facts(struct call *c, const struct session *s)
{
    struct buf b = BUF_ON(c->mem);
    buf_printf(&b, "%lld", (long long)s->no);
    buf_join(&b, FACTS, device_text(c, s->device));
    buf_join(&b, FACTS, call_text(c, "sessions.since", ARGS(TXT("when", when_format(&c->when, c->mem, c->locale, s->created_ms)))));
    buf_join(&b, FACTS, is_this(c, s) ? call_text(c, "sessions.this", NO_ARGS)
                                      : call_text(c, "sessions.used", ARGS(TXT("when", when_format_ago(&c->when, c->mem, c->locale, s->seen_ms)))));
    return arena_strdup(c->mem, buf_str(&b));
}

static void put_end(struct reply *r, int64_t no)
{
    struct call *c = r->call;
    reply_button(r, "plain", typed(c, "sessions.end", arena_printf(c->mem, "%lld", (long long)no)), "sessions.button.end",
        ARGS(TXT("no", arena_printf(c->mem, "%lld", (long long)no))));
}

static bool sessions_run(struct call *c, struct err *e)
{
    int n;
    bool here = false;
    const struct session *all = session_list(c->db, c->mem, c->member->id, c->now_ms, &n, e);
    struct reply *r = reply_new(c, REPLY_OK, "sessions.list", ARGS(NUM("n", n)));
    reply_private(r);
    for (int i = 0; i < n; i++) {
        reply_item(r, session_facts(c, &all[i]), NULL);
        here = here || is_this(c, &all[i]);
    }
    for (int i = 0; i < n && i < CARD_BUTTONS - 1; i++)
        put_end(r, all[i].no);
    if (n > 1)
        reply_button(r, "plain", typed(c, "sessions.end_all", ""), here ? "sessions.button.others" : "sessions.button.all", NO_ARGS);
    return e->code == ERR_NONE;
}

/* The number behind the verb; 0: none. */
static int64_t number_typed(struct call *c)
{
    struct folded f = fold_text(c->mem, c->f->rest ? c->f->rest : "", c->f->rest ? strlen(c->f->rest) : 0);
    size_t digits = strspn(f.s, "0123456789");
    return digits == f.n && digits <= NO_DIGITS ? strtol(f.s, NULL, 10) : 0;
}

static bool end_run(struct call *c, struct err *e)
{
    int n;
    int64_t no = number_typed(c);
    const struct session *all = session_list(c->db, c->mem, c->member->id, c->now_ms, &n, e), *found = NULL;
    for (int i = 0; i < n; i++)
        if (all[i].no == no)
            found = &all[i];
    if (e->code != ERR_NONE)
        return false;
    if (!found || !session_end(c->db, c->member->id, no, c->now_ms, e)) {
        struct reply *r = reply_new(c, REPLY_REFUSED, "sessions.none", ARGS(TXT("no", c->f->rest ? c->f->rest : "")));
        reply_button(r, "plain", typed(c, "sessions", ""), "sessions.button.list", NO_ARGS);
        return e->code == ERR_NONE;
    }
    c->shut = c->member->id;
    struct reply *r = reply_new(c, REPLY_OK, "sessions.ended", ARGS(TXT("session", session_facts(c, found))));
    reply_soft(r, call_text(c, "sessions.means", NO_ARGS));
    reply_private(r);
    return true;
}

static bool end_all_run(struct call *c, struct err *e)
{
    int n = session_end_all(c->db, c->member->id, c->session, c->now_ms, e);
    if (n < 0)
        return false;
    c->shut = c->member->id;
    struct reply *r = reply_new(c, REPLY_OK, "sessions.ended_all", ARGS(NUM("n", n)));
    if (n)
        reply_soft(r, call_text(c, "sessions.means", NO_ARGS));
    reply_private(r);
    int left;
    const struct session *all = session_list(c->db, c->mem, c->member->id, c->now_ms, &left, e);
    for (int i = 0; i < left; i++)
        reply_item(r, session_facts(c, &all[i]), NULL);
    for (int i = 0; i < left && i < CARD_BUTTONS; i++)
        put_end(r, all[i].no);
    return e->code == ERR_NONE;
}

const struct command sessions_command = { .id = "sessions", .may = ROLE_ALL, .where = ANYWHERE,
    .flags = CMD_RAW | CMD_READS, .run = sessions_run };
const struct command sessions_end_command = { .id = "sessions.end", .args = end_args, .may = ROLE_ALL,
    .where = ANYWHERE, .flags = CMD_RAW, .run = end_run };
const struct command sessions_end_all_command = { .id = "sessions.end_all", .may = ROLE_ALL, .where = ANYWHERE,
    .flags = CMD_RAW, .run = end_all_run };
