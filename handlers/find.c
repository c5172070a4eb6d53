#include "handlers/handlers.h"

#include "bot/text/fold.h"
#include "handlers/facts.h"
#include <stdlib.h>
#include <string.h>

enum { NAMES = 8, NOTES = 10, COUNTED = 200, DEALS = 1000 };

struct search {
    struct call *c;
    const char *key;   /* folded; empty: punctuation only */
    const char *sound; /* how it is read; NULL where that is not known */
    struct arena *scratch;
    struct ref found[COUNTED];
    int n;
};

/* By kana, kanji or Latin letters alike; two letters sound like half of all names. */
static bool holds(const struct search *s, const char *name)
{
    struct call *c = s->c;
    if (*s->key && strstr(fold_name(s->scratch, c->words, name), s->key))
        return true;
    char *sound =
        s->sound && strlen(s->sound) > 2 ? fold_romaji(s->scratch, name) : NULL;
    return sound && strstr(sound, s->sound);
}

static void add_found(struct search *s, char kind, int64_t no)
{
    for (int i = 0; i < s->n; i++)
        if (s->found[i].kind == kind && s->found[i].no == no)
            return;
    if (s->n < COUNTED)
        s->found[s->n++] = (struct ref){ kind, no };
}

static void match_row(void *ctx, const struct name_row *row)
{
    struct search *s = ctx;
    if (row->kind != 'U' && holds(s, row->text))
        add_found(s, row->kind, row->ref);
    arena_reset(s->scratch);
}

static bool find_deals(struct search *s, struct err *e)
{
    struct call *c = s->c;
    struct deal *all = ARENA_ARRAY(c->mem, struct deal, DEALS);
    struct deal_filter any = { 0 };
    int n = deal_list(c->db, c->mem, &any, all, DEALS, e);
    for (int i = 0; i < n; i++) {
        if (holds(s, all[i].name))
            add_found(s, 'D', all[i].id);
        arena_reset(s->scratch);
    }
    return e->code == ERR_NONE;
}

static char *name_facts(struct call *c, struct ref ref, struct err *e)
{
    struct person p;
    struct partner g;
    struct deal d;
    if (ref.kind == 'C' && person_load(c->db, c->mem, ref.no, &p, e))
        return fact_person(c, &p);
    if (ref.kind == 'P' && partner_load(c->db, c->mem, ref.no, &g, e))
        return fact_partner(c, &g);
    if (ref.kind == 'D' && deal_load(c->db, c->mem, ref.no, &d, e))
        return fact_deal(c, &d);
    return arena_printf(c->mem, "%s" FACTS "%s", call_ref(c, ref.kind, ref.no),
        label_customer(c, ref.no));
}

/* The reply never repeats what was searched for: it is stored, and the word may be one
 * that was said off the record. */
static bool answer(
    struct search *s, const struct note_found *notes, int n, struct err *e)
{
    struct call *c = s->c;
    if (!s->n && !n) {
        reply_new(c, REPLY_OK, "find.nothing", NO_ARGS);
        return true;
    }
    struct reply *r = reply_new(c, REPLY_OK, "find.found",
        ARGS(NUM("names", s->n), NUM("notes", n),
            TXT("cut", n == COUNTED ? "yes" : "no")));
    for (int i = 0; i < s->n && i < NAMES; i++)
        reply_item(r, name_facts(c, s->found[i], e),
            typed(c, "show", call_ref(c, s->found[i].kind, s->found[i].no)));
    for (int i = 0; i < n && i < NOTES; i++)
        reply_item_note(r,
            arena_printf(c->mem, "%s" FACTS "%s", notes[i].record,
                label_date(c, notes[i].at_ms)),
            NULL, notes[i].note_id, notes[i].rev);
    int more = (s->n > NAMES ? s->n - NAMES : 0) + (n > NOTES ? n - NOTES : 0);
    if (more)
        reply_soft(r, call_text(c, "find.more", ARGS(NUM("n", more))));
    return e->code == ERR_NONE;
}

static bool find_names(struct search *s, struct err *e)
{
    struct arena scratch = ARENA_INIT;
    s->scratch = &scratch;
    bool ok = name_each(s->c->db, 0, 0, match_row, s, e) && find_deals(s, e);
    arena_finish(&scratch);
    s->scratch = NULL;
    return ok;
}

static bool find_run(struct call *c, struct err *e)
{
    struct search *s = ARENA_NEW(c->mem, struct search);
    struct note_found *notes = ARENA_ARRAY(c->mem, struct note_found, COUNTED);
    s->c = c;
    s->key = fold_name(c->mem, c->words, c->f->rest);
    s->sound = fold_romaji(c->mem, c->f->rest);
    if (!find_names(s, e))
        return false;
    int n = note_find(c->db, c->mem, c->member->id, c->f->rest, notes, COUNTED, e);
    return e->code == ERR_NONE && answer(s, notes, n, e);
}

static const struct arg find_args[] = {
    { "text", ARG_TEXT, REQUIRED },
    { 0 },
};
const struct command find_command = {
    .id = "find",
    .args = find_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_RAW | CMD_DESK,
    .run = find_run,
};
