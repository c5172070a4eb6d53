/* tech: what a customer runs today, of which version and year; what is five years old or
 * older is legacy. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/account.h"
#include "bot/text/utf8.h"
#include "handlers/cards.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 5, LEGACY_YEARS = 5, FIRST_YEAR = 1960, NAME_POINTS = 60 };

static const struct arg tech_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "software", ARG_SOFTWARE, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static int this_year(const struct call *c)
{
    return civil_of(c->now_ms, c->when.team_zone).year;
}

/* CMS Foo 8.1 · since 2014 (12 years) · legacy */
static char *tech_text(struct call *c, const struct technology *t)
{
    struct buf name = BUF_ON(c->mem), b = BUF_ON(c->mem);
    int age = this_year(c) - t->since_year;
    buf_join(&name, " ", t->kind);
    buf_join(&name, " ", t->name);
    buf_join(&name, " ", t->version);
    buf_join(&b, FACTS, buf_str(&name));
    buf_join(&b, FACTS, t->since_year ? call_text(c, "tech.since",
        ARGS(TXT("year", arena_printf(c->mem, "%d", t->since_year)), NUM("age", age))) : call_text(c, "tech.no_year", NO_ARGS));
    if (t->since_year && age >= LEGACY_YEARS)
        buf_join(&b, FACTS, call_text(c, "tech.legacy", NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

bool put_technology(struct reply *r, int64_t customer, struct err *e)
{
    struct technology list[SHOWN];
    int n = technology_list(r->call->db, r->call->mem, customer, NULL, 0, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "tech.label", tech_text(r->call, &list[i]));
    return e->code == ERR_NONE;
}

/* The bytes of an opening or closing quotation mark at `s`; 0: none stands there. */
static size_t quote_at(const char *s)
{
    static const char *const marks[] = { "\"", "“", "”", "「", "」", "『", "』", "'" };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (!strncmp(s, marks[i], strlen(marks[i])))
            return strlen(marks[i]);
    return 0;
}

/* 2014, 2014年: a year that a system can be from; 0: no year. */
static int year_of(const char *word)
{
    char *end;
    long year = word[0] >= '1' && word[0] <= '9' ? strtol(word, &end, 10) : 0;
    if (year < FIRST_YEAR || year > 9999)
        return 0;
    return !*end || !strncmp(end, "年", strlen("年")) ? (int)year : 0;
}

/* 5.6, v7 */
static bool version_like(const char *word)
{
    const char *s = *word == 'v' || *word == 'V' ? word + 1 : word;
    return *s >= '0' && *s <= '9';
}

/* What was typed, sorted: what is quoted, the first word outside, the other ones. */
struct software {
    struct call *c;
    struct buf quoted, plain;
    const char *first;
};

/* At a quotation mark or a separator: the bytes it takes, with what it quotes. */
static size_t take_break(struct software *w, const char *s)
{
    size_t mark = quote_at(s), n = mark;
    if (!mark)
        return *s == ' ' || *s == ',';
    while (s[n] && !quote_at(s + n))
        n++;
    if (!s[n] || n == mark) /* one mark alone, or nothing between two */
        return mark;
    buf_join(&w->quoted, " ", arena_strndup(w->c->mem, s + mark, n - mark));
    return n + quote_at(s + n);
}

static void take_word(struct software *w, const char *word, struct technology *t)
{
    if (year_of(word) && !t->since_year)
        t->since_year = year_of(word);
    else if (version_like(word) && !t->version)
        t->version = word;
    else if (!w->first && !w->quoted.n)
        w->first = word;
    else
        buf_join(&w->plain, " ", word);
}

/* CMS "Foo Suite" 8.1 2014: the name is what is quoted, else what is left; the kind stands
 * in front of it. */
static void read_software(struct call *c, const char *s, struct technology *t)
{
    struct software w = { c, BUF_ON(c->mem), BUF_ON(c->mem), NULL };
    while (*s) {
        size_t n = take_break(&w, s);
        s += n;
        if (n)
            continue;
        while (s[n] && s[n] != ' ' && s[n] != ',' && !quote_at(s + n))
            n++;
        take_word(&w, arena_strndup(c->mem, s, n), t);
        s += n;
    }
    t->kind = w.quoted.n || w.plain.n ? w.first : NULL;
    t->name = w.quoted.n ? buf_str(&w.quoted) : w.plain.n ? buf_str(&w.plain) : w.first;
}

static bool check(struct call *c, const struct technology *t, struct err *e)
{
    char *id = call_ref(c, 'A', t->customer_id);
    if (c->f->n_customers > 1)
        return fail(e, ERR_USAGE, "tech.one", NULL, "several firms");
    if (!t->name)
        return fail(e, ERR_USAGE, "tech.what", ARGS(TXT("id", id)), "no name");
    if (utf8_count(t->name) > NAME_POINTS)
        return fail(e, ERR_USAGE, "tech.too_long", ARGS(NUM("max", NAME_POINTS)), "too long");
    if (t->since_year > this_year(c))
        return fail(e, ERR_USAGE, "tech.year", ARGS(TXT("year", arena_printf(c->mem, "%d", t->since_year)), TXT("id", id),
            TXT("name", t->name)), "ahead");
    return true;
}

static bool tech_run(struct call *c, struct err *e)
{
    struct technology t = { .customer_id = c->f->customers[0], .at_day = day_of(c->now_ms, c->when.team_zone) };
    int64_t rev;
    read_software(c, c->f->name ? c->f->name : "", &t);
    if (!check(c, &t, e) || !store_note(c, "all", 0, &t.note_id, &rev, e) ||
        !technology_put(c->db, &t, c->member->id, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'A', t.customer_id);
    struct reply *r = reply_titled(c, REPLY_OK, "tech.noted", arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", id,
        label_customer(c, t.customer_id), tech_text(c, &t)));
    if (t.note_id)
        reply_note(r, t.note_id, 0);
    show_and_undo(r, id);
    reply_record(r, id, "changed");
    reply_data(r, "technology", t.name);
    return true;
}

static bool list_since(struct listing *l, int until_year, struct err *e)
{
    struct call *c = l->c;
    struct technology *all = ARENA_ARRAY(c->mem, struct technology, LIST_COUNTED);
    int n = technology_list(c->db, c->mem, l->scope.customer, c->f->word[WORD_MARKET], until_year, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        list_put(l, 'A', all[i].customer_id, arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s",
            call_ref(c, 'A', all[i].customer_id), label_customer(c, all[i].customer_id), tech_text(c, &all[i])));
    return e->code == ERR_NONE;
}

bool list_technology(struct listing *l, struct err *e)
{
    return list_since(l, 0, e);
}

bool list_legacy(struct listing *l, struct err *e)
{
    return list_since(l, this_year(l->c) - LEGACY_YEARS, e);
}

const struct command tech_command = { .id = "tech", .args = tech_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = tech_run };
