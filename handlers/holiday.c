/* holiday: the public holidays of a market, and what an administrator decided otherwise: a
 * day off, a day worked, and the state that the market stands for. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/own_days.h"
#include "bot/store/team.h"
#include "bot/text/fold.h"
#include "bot/text/ical.h"
#include "handlers/handlers.h"
#include "handlers/team.h"

enum { LINE_BYTES = 2000, NAME_MAX_BYTES = 120, FIRST_YEAR = 2024, LAST_YEAR = 2030 };

static const struct arg holiday_args[] = {
    { "holiday", ARG_TEXT, 0 },
    { 0 },
};

/* What was typed behind the command, piece by piece. */
struct line {
    struct folded f;
    const char *raw;
    size_t at;
    const char *market;
    int32_t day; /* 0: none */
    int year;    /* 0: none */
};

static void skip_space(struct line *l)
{
    l->at += strspn(l->f.s + l->at, " :,\n");
}

static const char *take_word(struct call *c, struct line *l, const char *kind)
{
    struct word w;
    if (l->at >= l->f.n || !catalogue_match_kind(c->words, l->f.s, l->f.n, l->at, kind, 0, &w))
        return NULL;
    l->at += w.len;
    skip_space(l);
    return w.value;
}

/* Its name in any language, or its letters, which the word list leaves out where they are a
 * word (my). */
static const char *take_market(struct call *c, struct line *l)
{
    const char *typed = l->raw + l->f.src[l->at], *word = take_word(c, l, "market");
    char code[] = { typed[0], *typed ? typed[1] : '\0', '\0' };
    const struct market *m = word ? NULL : market_find(code);
    if (word || !m || (typed[2] && typed[2] != ' ' && typed[2] != '\n'))
        return word;
    l->at += strlen(code);
    skip_space(l);
    return m->code;
}

static void take_year(struct line *l)
{
    const char *s = l->f.s + l->at;
    size_t n = strspn(s, "0123456789");
    bool unit = !strncmp(s + n, "年", strlen("年"));
    if (n != 4 || (s[n] && s[n] != ' ' && !(unit && !s[n + strlen("年")])))
        return;
    l->year = (int)strtol(s, NULL, 10);
    l->at += n + (unit ? strlen("年") : 0);
    skip_space(l);
}

static bool take_day(struct call *c, struct line *l, struct err *e)
{
    struct when_token t;
    struct when w;
    if (!when_match(&c->when, l->f.s, l->f.n, l->at, &t) || t.piece != WHEN_DATE)
        return true;
    if (!when_resolve(&c->when, &t, 1, WHEN_FUTURE, &w, c->mem, c->locale, e))
        return false;
    l->day = day_of(w.at_ms, c->when.zone);
    l->at += t.len;
    skip_space(l);
    return true;
}

static char *day_text(struct call *c, int32_t day)
{
    return when_format_day(&c->when, c->mem, c->locale, day);
}

static const char *name_of(struct call *c, const struct holiday *h)
{
    bool ja = !strcmp(catalogue_locale(c->words, c->locale), "ja");
    return ja && *h->ja ? h->ja : h->name;
}

/* Fri 1 Jan New Year's Day; ≈ where nobody has announced it yet. */
static char *row_text(struct call *c, int32_t day, const struct holiday *h)
{
    bool own = !strcmp(h->source, "own");
    const char *name = *h->name ? name_of(c, h) : call_text(c, "holiday.off", NO_ARGS);
    return call_text(c, own ? "holiday.row_own" : h->computed ? "holiday.row_computed" : "holiday.row",
        ARGS(TXT("day", day_text(c, day)), TXT("name", name)));
}

static const char *market_text(struct call *c, const char *market, struct err *e)
{
    const char *state = setting_get(c->db, c->mem, arena_printf(c->mem, "state.%s", market), e);
    const char *name = call_word(c, WORD_MARKET, market);
    return state && *state ? call_text(c, "holiday.market_state", ARGS(TXT("market", name),
                                 TXT("state", state_name(c->words, c->locale, c->mem, market, state)))) : name;
}

/* From today for a year, or the year that was typed; worked weekends among them. */
static bool show(struct call *c, const struct line *l, struct err *e)
{
    int32_t from = l->year ? day_number(l->year, 1, 1) : day_of(c->now_ms, c->when.zone);
    int32_t to = l->year ? day_number(l->year + 1, 1, 1) : from + 365;
    if (l->year && (l->year < FIRST_YEAR || l->year > LAST_YEAR))
        return fail(e, ERR_USAGE, "holiday.years", ARGS(NUM("from", FIRST_YEAR), NUM("to", LAST_YEAR)), "no year");
    struct reply *r = reply_new(c, REPLY_OK, "holiday.list", ARGS(TXT("market", market_text(c, l->market, e))));
    bool any = false;
    for (int32_t day = from; day < to; day++) {
        struct holiday h;
        if (holiday_find(l->market, day, &h)) {
            reply_item(r, row_text(c, day, &h), NULL);
            any = any || h.computed;
        } else if (weekend_day(l->market, day) && business_day(l->market, day)) {
            reply_item(r, call_text(c, "holiday.row_worked", ARGS(TXT("day", day_text(c, day)))), NULL);
        }
    }
    if (any)
        reply_soft(r, call_text(c, "holiday.computed", NO_ARGS));
    return e->code == ERR_NONE;
}

static bool put_state(struct call *c, struct line *l, struct err *e)
{
    const char *folded = l->f.s + l->at, *state = state_find(c->words, c->mem, l->market, folded);
    if (!state)
        return fail(e, ERR_USAGE, "holiday.no_state", NULL, "no state");
    if (!setting_put(c->db, arena_printf(c->mem, "state.%s", l->market), state, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "holiday.state", ARGS(TXT("market", market_text(c, l->market, e))));
    undo_button(r);
    return e->code == ERR_NONE;
}

static bool change(struct call *c, struct line *l, struct err *e)
{
    const char *act = take_word(c, l, "holiday_act"), *typed = l->raw + l->f.src[l->at];
    struct own_day_row d = { l->market, l->day, act && !strcmp(act, "works"), "", "typed" };
    bool clear = act && !strcmp(act, "clear");
    if ((act && l->at < l->f.n) || strlen(typed) > NAME_MAX_BYTES)
        return fail(e, ERR_USAGE, "holiday.what", NULL, "unread");
    if (!act)
        d.name = arena_strndup(c->mem, typed, strcspn(typed, "\n"));
    bool ok = clear ? own_day_clear(c->db, d.market, d.day, c->now_ms, e)
                    : own_day_put(c->db, &d, c->member->id, c->now_ms, e);
    if (!ok)
        return false;
    const char *key = clear ? "holiday.cleared" : d.works ? "holiday.works" : *d.name ? "holiday.named" : "holiday.is_off";
    struct reply *r = reply_new(c, REPLY_OK, key, ARGS(TXT("day", day_text(c, d.day)),
        TXT("market", call_word(c, WORD_MARKET, d.market)), TXT("name", d.name)));
    undo_button(r);
    return true;
}

static bool may_set(const struct call *c)
{
    return c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY | ROLE_ADMIN);
}

static bool holiday_run(struct call *c, struct err *e)
{
    struct line l = { .f = fold_text(c->mem, c->f->rest, strnlen(c->f->rest, LINE_BYTES)), .raw = c->f->rest };
    e->code = ERR_NONE;
    skip_space(&l);
    const char *market = take_market(c, &l);
    l.market = market ? market : c->member->market;
    const char *behind = l.raw + l.f.src[l.at];
    if (ical_begins(behind))
        return may_set(c) ? holiday_file(c, l.market, behind, e) : fail(e, ERR_FORBIDDEN, "holiday.who", NULL, "no manager");
    take_year(&l);
    if (!l.year && !take_day(c, &l, e))
        return false;
    bool state = !l.day && take_word(c, &l, "holiday_act") != NULL; /* the one that takes no day */
    if (!l.day && !state)
        return l.at < l.f.n ? fail(e, ERR_USAGE, "holiday.what", NULL, "unread") : show(c, &l, e);
    if (!may_set(c))
        return fail(e, ERR_FORBIDDEN, "holiday.who", NULL, "no manager");
    return state ? put_state(c, &l, e) : change(c, &l, e);
}

const struct command holiday_command = { .id = "holiday", .args = holiday_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_RAW, .run = holiday_run };
