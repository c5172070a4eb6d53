/* silo: the groups of agencies that almost everybody is aligned to. Three are known from
 * the start; others are added here. Without a name: all of them, with their partners and
 * how many introductions stay inside and how many cross over. */
#include <string.h>
#include "bot/core/silo.h"
#include "bot/store/silo.h"
#include "bot/text/fold.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg silo_args[] = {
    { "name", ARG_NAME, 0 },
    { "alias", ARG_ALIAS, 0 },
    { 0 },
};

/* One of the lexicon's: Dentsu, 電通系. */
static bool seeded(struct call *c, struct folded f)
{
    return catalogue_match_kind(c->words, f.s, f.n, 0, "silo", f.n, NULL);
}

/* What it had and what was typed now; a new one has nothing yet. */
static bool take_known(struct call *c, struct silo *s, const char *code, struct err *e)
{
    struct silo all[SILOS];
    struct buf b = BUF_ON(c->mem);
    int n = silo_list(c->db, c->mem, all, SILOS, e);
    for (int i = 0; code && i < n; i++)
        if (!strcmp(all[i].code, code)) {
            *s = all[i];
            buf_puts(&b, s->aliases);
        }
    for (int i = 0; i < c->f->n_aliases; i++)
        buf_join(&b, ",", c->f->aliases[i]);
    s->aliases = arena_strdup(c->mem, buf_str(&b));
    return e->code == ERR_NONE;
}

static bool add(struct call *c, struct err *e)
{
    struct folded f = fold_text(c->mem, c->f->name, strlen(c->f->name));
    size_t len;
    const char *code = silo_match(c, f.s, f.n, 0, &len);
    bool known = code && len == f.n;
    if (seeded(c, f))
        return fail(e, ERR_CONFLICT, "silo.seeded", ARGS(TXT("silo", c->f->name)), "known silo");
    struct silo s = { .name = c->f->name, .code = f.s };
    if (!take_known(c, &s, known ? code : NULL, e) ||
        !(known ? silo_update(c->db, &s, e) : silo_add(c->db, &s, c->member->id, e)))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, known ? "silo.changed" : "silo.added", ARGS(TXT("silo", s.name)));
    reply_soft(r, names_text(c));
    reply_button(r, "quiet", "undo", "button.undo", NO_ARGS);
    return true;
}

static void put_row(struct reply *r, const char *code, const struct silo_count *counted, int n)
{
    struct call *c = r->call;
    struct silo_count none = { .code = code };
    for (int i = 0; i < n; i++)
        if (!strcmp(counted[i].code, code))
            none = counted[i];
    reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", call_word(c, WORD_SILO, code), call_text(c, "silo.counts",
        ARGS(NUM("n", none.partners), NUM("inside", none.inside), NUM("across", none.across)))), NULL);
}

static bool show_all(struct call *c, struct err *e)
{
    const char *codes[SILOS];
    struct silo added[SILOS];
    struct silo_count counted[SILOS];
    int n = catalogue_values(c->words, "silo", codes, SILOS), k = silo_list(c->db, c->mem, added, SILOS, e);
    int m = e->code == ERR_NONE ? silo_count_list(c->db, c->mem, counted, SILOS, e) : 0;
    struct reply *r = reply_new(c, REPLY_OK, "silo.all", ARGS(NUM("n", n + k)));
    for (int i = 0; i < n; i++)
        put_row(r, codes[i], counted, m);
    for (int i = 0; i < k; i++)
        put_row(r, added[i].code, counted, m);
    reply_button(r, "fill", typed(c, "silo", ""), "silo.button.add", NO_ARGS);
    return e->code == ERR_NONE;
}

static bool silo_run(struct call *c, struct err *e)
{
    return c->f->name ? add(c, e) : show_all(c, e);
}

const struct command silo_command = { .id = "silo", .args = silo_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = silo_run };
