#include "handlers/handlers.h"

#include "bot/text/fold.h"
#include "bot/text/terms.h"
#include "handlers/facts.h"
#include <stdlib.h>
#include <string.h>

enum { PAGE = 10, COUNTED = 200, DEALS = 1000 };

struct search {
    struct call *c;
    const char *key;   /* folded; empty: punctuation only */
    const char *sound; /* how it is read; NULL where that is not known */
    struct arena *scratch;
    struct ref found[COUNTED];
    int n;
    int from; /* rows before this page */
    struct reply *reply;
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
    return out->line > 0 && from > 0 && from < 2 * COUNTED && !*end;
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

static void put_row(struct search *s, const struct note_found *notes, int i, struct err *e)
{
    struct call *c = s->c;
    if (i < s->n) {
        reply_item(s->reply, name_facts(c, s->found[i], e),
            typed(c, "show", call_ref(c, s->found[i].kind, s->found[i].no)));
        return;
    }
    const struct note_found *f = &notes[i - s->n];
    reply_item_note(s->reply, arena_printf(c->mem, "%s" FACTS "%s", f->record, label_date(c, f->at_ms)),
        typed(c, "show", f->record), f->note_id, f->rev);
}

static bool answer(
    struct search *s, const struct note_found *notes, int n, int64_t line, struct err *e)
{
    struct call *c = s->c;
    int all = s->n + n, to = s->from + PAGE < all ? s->from + PAGE : all;
    if (s->from >= all) {
        reply_new(c, REPLY_OK, "find.nothing", NO_ARGS);
        return true;
    }
    s->reply = reply_new(c, REPLY_OK, "find.found",
        ARGS(NUM("names", s->n), NUM("notes", n), TXT("cut", n == COUNTED ? "yes" : "no")));
    for (int i = s->from; i < to; i++)
        put_row(s, notes, i, e);
    if (s->from || to < all)
        reply_soft(s->reply, call_text(c, "find.page", ARGS(NUM("from", s->from + 1), NUM("to", to), NUM("all", all),
            TXT("cut", n == COUNTED ? "yes" : "no"))));
    if (to < all && line)
        reply_button(s->reply, "plain", typed(c, "find", arena_printf(c->mem, "%s %lld %d",
            call_text(c, "find.more_word", NO_ARGS), (long long)line, to)), "find.button.more", NO_ARGS);
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
    const char *wanted = c->f->rest;
    struct page page;
    int64_t line = c->line_note;
    if (is_page(c, wanted, &page)) {
        if (!read_line(c, page.line, &wanted, e))
            return false;
        line = page.line;
        s->from = page.from;
    }
    s->c = c;
    s->key = fold_name(c->mem, c->words, wanted);
    s->sound = fold_romaji(c->mem, wanted);
    if (!find_names(s, e))
        return false;
    const char *match = terms_match(c->mem, wanted, false), *open = terms_match(c->mem, wanted, true);
    if (match && !strcmp(match, open))
        open = NULL;
    int n = note_find(c->db, c->mem, c->member->id, match, open, wanted, notes, COUNTED, e);
    return e->code == ERR_NONE && answer(s, notes, n, line, e);
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
