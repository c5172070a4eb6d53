#include "handlers/handlers.h"

#include "bot/text/fold.h"
#include "bot/text/terms.h"
#include "bot/core/names.h"
#include "handlers/facts.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 10, COUNTED = 200, SOUND = 3, WANTED_BYTES = 400 };

/* What is looked for, and the names found: made where the names are in memory. */
struct search {
    const char *wanted;
    int64_t line; /* the reader's own line that holds it; 0: not kept */
    int from;     /* rows before this page */
    struct ref found[COUNTED];
    int n;
};

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

/* find more 812 10: a further page of what the reader's own line 812 looked for. The page
 * names the line and not its words: a reply is stored, and they may be some that were
 * said off the record. */
struct page {
    int64_t line;
    int from;
};

static bool is_page(struct call *c, const char *rest, struct page *out)
{
    size_t n = 0;
    char *end;
    *out = (struct page){ 0 };
    for (int loc = 0; loc < catalogue_locales(c->words) && !n; loc++) {
        const char *more = catalogue_text(c->words, c->mem, loc, "find.more_word", NO_ARGS);
        n = !strncmp(rest, more, strlen(more)) && rest[strlen(more)] == ' ' ? strlen(more) : 0;
    }
    if (!n)
        return false;
    out->line = strtoll(rest + n, &end, 10);
    long from = *end == ' ' ? strtol(end, &end, 10) : 0;
    out->from = (int)from;
    return out->line > 0 && from > 0 && from < 2L * COUNTED && !*end;
}

/* Behind the command's word. */
static const char *without_verb(struct call *c, const char *line)
{
    struct folded f = fold_text(c->mem, line, strlen(line));
    size_t longest = 0;
    for (int loc = 0; loc < catalogue_locales(c->words); loc++)
        for (int i = 0; i < catalogue_list(c->words, loc, "commands.find.words"); i++) {
            const char *w = catalogue_item(c->words, loc, "commands.find.words", i);
            struct folded k = fold_text(c->mem, w, strlen(w));
            if (k.n > longest && k.n <= f.n && !memcmp(k.s, f.s, k.n))
                longest = k.n;
        }
    while (longest < f.n && f.s[longest] == ' ')
        longest++;
    return line + f.src[longest];
}

static bool read_line(struct call *c, int64_t line, const char **out, struct err *e)
{
    struct note_text t;
    if (!note_text_read(c->db, c->mem, line, 0, c->member->id, &t, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "find.line_gone", NULL, "no line") : false;
    *out = without_verb(c, t.text);
    return true;
}

/* By kana, kanji or Latin letters alike; two letters sound like half of all names. */
static bool find_prepare(struct call *c, struct err *e)
{
    struct search *s = ARENA_NEW(c->mem, struct search);
    struct name_hit *hits = ARENA_ARRAY(c->mem, struct name_hit, COUNTED);
    struct page page;
    c->prepared = s;
    s->wanted = c->f->rest;
    s->line = c->line_note;
    if (is_page(c, s->wanted, &page)) {
        if (!read_line(c, page.line, &s->wanted, e))
            return false;
        s->line = page.line;
        s->from = page.from;
    }
    if (strnlen(s->wanted, WANTED_BYTES + 1) > WANTED_BYTES)
        return fail(e, ERR_USAGE, "find.too_long", NULL, "too long");
    const char *sound = fold_romaji(c->mem, s->wanted);
    int n = names_holding(c->names, fold_name(c->mem, c->words, s->wanted),
        sound && strlen(sound) >= SOUND ? sound : NULL, hits, COUNTED);
    for (int i = 0; i < n; i++)
        if (hits[i].kind != 'U')
            s->found[s->n++] = (struct ref){ hits[i].kind, hits[i].id };
    return true;
}

static int by_kind(const void *a, const void *b)
{
    const struct ref *x = a, *y = b;
    return x->kind != y->kind ? x->kind - y->kind : x->no < y->no ? -1 : x->no > y->no;
}

static bool find_deals(struct call *c, struct search *s, struct err *e)
{
    int64_t *ids = ARENA_ARRAY(c->mem, int64_t, COUNTED);
    int n = deal_find_named(c->db, fold_text(c->mem, s->wanted, strlen(s->wanted)).s, ids, COUNTED - s->n, e);
    for (int i = 0; i < n; i++)
        s->found[s->n++] = (struct ref){ 'D', ids[i] };
    return e->code == ERR_NONE;
}

static void put_row(struct call *c, struct reply *r, const struct search *s,
    const struct note_found *notes, int i, struct err *e)
{
    if (i < s->n) {
        reply_item(r, name_facts(c, s->found[i], e),
            typed(c, "show", call_ref(c, s->found[i].kind, s->found[i].no)));
        return;
    }
    const struct note_found *f = &notes[i - s->n];
    reply_item_note(r, arena_printf(c->mem, "%s" FACTS "%s", f->record, label_date(c, f->at_ms)),
        typed(c, "show", f->record), f->note_id, f->rev);
}

static bool answer(
    struct call *c, const struct search *s, const struct note_found *notes, int n, struct err *e)
{
    int all = s->n + n, to = s->from + PAGE < all ? s->from + PAGE : all;
    if (s->from >= all) {
        reply_new(c, REPLY_OK, "find.nothing", NO_ARGS);
        return true;
    }
    const char *cut = n == COUNTED ? "yes" : "no";
    struct reply *r = reply_new(c, REPLY_OK, "find.found",
        ARGS(NUM("names", s->n), NUM("notes", n), TXT("cut", cut)));
    for (int i = s->from; i < to; i++)
        put_row(c, r, s, notes, i, e);
    if (s->from || to < all)
        reply_soft(r, call_text(c, "find.page",
            ARGS(NUM("from", s->from + 1), NUM("to", to), NUM("all", all), TXT("cut", cut))));
    if (to < all && s->line)
        reply_button(r, "plain", typed(c, "find", arena_printf(c->mem, "%s %lld %d",
            call_text(c, "find.more_word", NO_ARGS), (long long)s->line, to)), "find.button.more", NO_ARGS);
    return e->code == ERR_NONE;
}

static bool find_run(struct call *c, struct err *e)
{
    struct search *s = c->prepared;
    struct note_found *notes = ARENA_ARRAY(c->mem, struct note_found, COUNTED);
    const char *match = terms_match(c->mem, s->wanted, false), *open = terms_match(c->mem, s->wanted, true);
    if (match && !strcmp(match, open))
        open = NULL;
    if (!find_deals(c, s, e))
        return false;
    qsort(s->found, (size_t)s->n, sizeof *s->found, by_kind);
    int n = note_find(c->db, c->mem, c->member->id, match, open, s->wanted, notes, COUNTED, e);
    return e->code == ERR_NONE && answer(c, s, notes, n, e);
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
    .prepare = find_prepare,
};
