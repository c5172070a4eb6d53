/* digest: a team's week on one card, built on the recommended figures: what was done, how
 * they stand against a week ago, and what to be warned of, each once. For headquarters
 * the same numbers in English, names in Latin letters. Sends nothing by itself
 * (core/engine_regular.c). */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/label.h"
#include "bot/core/notice.h"
#include "bot/text/calendar.h"
#include "handlers/plateau.h"
#include "handlers/warnings.h"

enum { WARNED = 6, WEEK = 7, SHARES = 3 };

static const struct arg digest_args[] = {
    { "market", ARG_MARKET, 0 },
    { "shown", ARG_SHOWN, 0 },
    { 0 },
};

/* A digest being written. */
struct edition {
    struct call *c;
    struct reply *r;
    struct kpi_scope scope;
    int32_t monday; /* of this week: the last whole week ends before it */
    struct buf none;
    bool any; /* there is something to tell */
};

static struct kpi_ask ask_of(struct edition *d, const char *id)
{
    return (struct kpi_ask){ .kpi = kpi_find(id), .scope = d->scope,
        .as_of_ms = d->c->now_ms, .zone = d->c->when.team_zone,
        .viewer = d->c->member->id, .sees_members = true, .cells = true };
}

static struct period days(struct edition *d, int32_t from, int32_t to)
{
    const char *zone = d->c->when.team_zone;
    return (struct period){ .from_day = from, .to_day = to,
        .from_ms = day_start_ms(from, zone), .to_ms = day_start_ms(to, zone) };
}

static bool week_of(
    struct edition *d, const char *id, int32_t from, struct kpi_answer *out, struct err *e)
{
    struct kpi_ask a = ask_of(d, id);
    a.period = days(d, from, from + WEEK);
    return kpi_compute(d->c->db, d->c->mem, &a, out, e);
}

/* The week in three counts, and how many more or fewer touch points than before. */
static bool put_week(struct edition *d, struct err *e)
{
    struct call *c = d->c;
    struct kpi_answer touches, before, registered, decided;
    int32_t from = d->monday - WEEK;
    if (!week_of(d, "K12", from, &touches, e) || !week_of(d, "K12", from - WEEK, &before, e) ||
        !week_of(d, "K5", from, &registered, e) || !week_of(d, "K6", from, &decided, e))
        return false;
    int64_t more = touches.total.num - before.total.num;
    d->any = touches.total.num || more || registered.total.num || decided.total.n;
    reply_text(d->r, "digest.week",
        ARGS(NUM("touches", touches.total.num),
            TXT("change", more ? arena_printf(c->mem, "%+lld", (long long)more) : "±0"),
            NUM("registered", registered.total.num), NUM("won", kpi_count(&decided, "won")),
            NUM("lost", kpi_count(&decided, "lost"))));
    return true;
}

/* "Zoom 40.0 %, LINE 25.0 %, Dinner 20.0 %" */
static const char *mix_text(struct call *c, const struct kpi_answer *out)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < out->n_parts && i < SHARES && out->parts[i].num; i++)
        buf_join(&b, call_text(c, "kpi.comma", NO_ARGS),
            arena_printf(c->mem, "%s %s", call_word(c, WORD_CHANNEL, out->parts[i].name),
                call_text(c, "kpi.percent", ARGS(TXT("value", out->parts[i].share)))));
    return arena_strdup(c->mem, buf_str(&b));
}

static const char *figure_of(
    struct call *c, const struct kpi *k, const struct kpi_answer *out)
{
    return kpi_is(k->id, "K12") ? mix_text(c, out) : kpi_figure_text(c, k, &out->total);
}

/* The figure of the year up to now, and what it was a week ago where it has changed. */
static bool put_figure(struct edition *d, const struct kpi *k, struct err *e)
{
    struct call *c = d->c;
    struct kpi_answer now, then;
    struct kpi_ask a = ask_of(d, k->id), old;
    int32_t today = day_of(c->now_ms, a.zone);
    a.period = period_trailing_months(&c->when, 12);
    a.period.to_ms = c->now_ms + 1;
    old = a;
    old.period = days(d, a.period.from_day - WEEK, today + 1 - WEEK);
    old.as_of_ms = c->now_ms - WEEK * DAY_MS; /* what a digest would have said then */
    old.period.to_ms = old.as_of_ms + 1;
    if (!kpi_compute(c->db, c->mem, &a, &now, e) || !kpi_compute(c->db, c->mem, &old, &then, e)) {
        bool narrow = e->code == ERR_USAGE; /* it is not of markets or teams */
        e->code = narrow ? ERR_NONE : e->code;
        return narrow;
    }
    const char *label = arena_printf(c->mem, "kpi.card.label.%s", k->id);
    if (kpi_is(k->id, "K12"))
        label = "digest.mix";
    if (!now.total.value[0] || (kpi_is(k->unit, "touch_points") && !now.total.n)) {
        buf_join(&d->none, call_text(c, "kpi.comma", NO_ARGS), call_text(c, label, NO_ARGS));
        return true;
    }
    const char *text = figure_of(c, k, &now), *was = figure_of(c, k, &then);
    d->any = true;
    if (then.total.n && !kpi_is(text, was) && !kpi_is(k->id, "K12"))
        text = call_text(c, "digest.was", ARGS(TXT("now", text), TXT("then", was)));
    if (d->scope.team)
        reply_field(d->r, label, text);
    else
        reply_field_say(d->r, label, text, kpi_say(c, "kpi", k->id, &a));
    return true;
}

static bool put_figures(struct edition *d, struct err *e)
{
    for (int i = 0; kpi_at(i); i++) {
        const struct kpi *k = kpi_at(i);
        if (k->cards & CARD_FIRST && !put_figure(d, k, e))
            return false;
    }
    if (!put_figure(d, kpi_find("K6"), e) || !put_figure(d, kpi_find("K1"), e))
        return false;
    if (*buf_str(&d->none))
        reply_soft(d->r, call_text(d->c, "kpi.card.none", ARGS(TXT("list", buf_str(&d->none)))));
    return true;
}

/* A plateau that was told and is over is told as well, once: it is not among them any more. */
static bool put_revived(struct edition *d, const struct warned *old, int n_old, const struct warned *now, int n_now,
    struct err *e)
{
    e->code = ERR_NONE;
    for (int i = 0; i < n_old && e->code == ERR_NONE; i++) {
        bool over = kpi_is(old[i].kind, "plateau") && !warning_among(&old[i], now, n_now);
        const char *text = over ? plateau_revived(d->c, old[i].ref, e) : NULL;
        if (text)
            reply_line(d->r, text);
        d->any = d->any || text;
    }
    return e->code == ERR_NONE;
}

/* New ones in words; of those told before, how many still stand. */
static bool put_warned(struct edition *d, struct err *e)
{
    struct call *c = d->c;
    struct warning list[WARNINGS];
    struct warned *old = ARENA_ARRAY(c->mem, struct warned, WARNING_ROWS);
    struct warned *now = ARENA_ARRAY(c->mem, struct warned, WARNINGS);
    struct kpi_scope scope = { .market = d->scope.market };
    int n = warnings_find(c, &scope, list, e), standing = 0, shown = 0, n_now = 0;
    int n_old = n < 0 ? 0 : warning_standing(c->db, c->mem, c->member->id, old, WARNING_ROWS, e);
    if (e->code != ERR_NONE)
        return false;
    for (int i = 0; i < n; i++) {
        bool again = warning_among(&list[i].id, old, n_old);
        standing += again;
        if (!again && shown == WARNED)
            continue; /* next time */
        if (!again)
            reply_warning(d->r, list[i].text);
        d->any = d->any || !again;
        shown += !again;
        now[n_now++] = list[i].id;
    }
    if (n > shown + standing)
        reply_text(d->r, "kpi.more", ARGS(NUM("n", n - shown - standing)));
    if (standing)
        reply_soft(d->r, call_text(c, "digest.standing", ARGS(NUM("n", standing))));
    if (c->f->word[WORD_MARKET])
        return true; /* what was told of the own market is not gone for that */
    c->warned = now;
    c->n_warned = n_now;
    return put_revived(d, old, n_old, now, n_now, e);
}

static struct kpi_scope scope_of(struct call *c, bool hq)
{
    struct kpi_scope s = { .market = c->f->word[WORD_MARKET] };
    int roles = c->member->roles;
    if (s.market || (hq && roles & ROLE_HQ) || (roles & ROLE_HQ && !(roles & (ROLE_MANAGER | ROLE_COUNTRY))))
        return s;
    if (roles & ROLE_MANAGER && !(roles & ROLE_COUNTRY) && *c->member->team)
        s.team = c->member->team;
    else
        s.market = c->member->market;
    return s;
}

/* By itself it comes once a day at most, and not after it was asked for. */
static bool told_today(struct call *c, bool hq, bool by_itself, struct err *e)
{
    bool own = !c->f->word[WORD_MARKET] && (by_itself || !hq || !(c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY)));
    e->code = ERR_NONE;
    c->digest_day = own ? day_of(c->now_ms, c->when.zone) : 0;
    return by_itself && told_before(c->db, c->member->id, "digest", 0, c->digest_day, e);
}

static bool digest_run(struct call *c, struct err *e)
{
    bool hq = kpi_is(c->f->word[WORD_SHOWN], "hq");
    bool by_itself = !strncmp(c->text, NOTICE_DIGEST_SAY, strlen(NOTICE_DIGEST_SAY));
    if (told_today(c, hq, by_itself, e) || e->code != ERR_NONE)
        return e->code == ERR_NONE;
    int32_t today = day_of(c->now_ms, c->when.team_zone);
    struct edition d = { .c = c, .scope = scope_of(c, hq), .none = BUF_ON(c->mem),
        .monday = today - (civil_of_day(today).weekday + 6) % WEEK };
    if (hq) {
        c->locale = catalogue_find_locale(c->words, "en");
        c->latin = true;
    }
    struct kpi_ask about = { .scope = d.scope };
    struct period week = days(&d, d.monday - WEEK, d.monday);
    const char *where = d.scope.team ? d.scope.team : kpi_scope_text(c, &about);
    d.r = reply_new(c, REPLY_OK, "digest.title",
        ARGS(TXT("where", *where ? where : call_text(c, "digest.everywhere", NO_ARGS)),
            TXT("period", period_format(&c->when, c->mem, c->locale, &week))));
    if (!put_week(&d, e) || !put_figures(&d, e) || !put_warned(&d, e))
        return false;
    reply_button(d.r, "plain", d.scope.market ? arena_printf(c->mem, "warnings %s", d.scope.market) : "warnings",
        "digest.button.warnings", NO_ARGS);
    reply_button(d.r, "quiet", "digest off", "digest.button.off", NO_ARGS);
    if (by_itself && !d.any)
        reply_drop_all(c);
    return true;
}

/* Off is what `notify mute digest` is. */
static bool turn(struct call *c, bool off, struct err *e)
{
    struct regular next;
    if (!notice_put(c->db, c->member->id, "mute.digest", off ? "on" : NULL, c->now_ms, e) ||
        !notice_next(c->db, c->mem, c->member, "digest", c->now_ms, &next, e) || !regular_plan(c->db, &next, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, off ? "digest.off" : "digest.on",
        ARGS(TXT("when", label_date(c, next.due_ms))));
    reply_button(r, "quiet", off ? "digest on" : "digest off",
        off ? "digest.button.on" : "digest.button.off", NO_ARGS);
    return true;
}

static bool off_run(struct call *c, struct err *e)
{
    return turn(c, true, e);
}

static bool on_run(struct call *c, struct err *e)
{
    return turn(c, false, e);
}

const struct command digest_command = {
    .id = "digest",
    .args = digest_args,
    .may = ROLE_MANAGER | ROLE_COUNTRY | ROLE_HQ,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = digest_run,
};
const struct command digest_off_command = {
    .id = "digest.off",
    .may = ROLE_MANAGER | ROLE_COUNTRY | ROLE_HQ,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = off_run,
};
const struct command digest_on_command = {
    .id = "digest.on",
    .may = ROLE_MANAGER | ROLE_COUNTRY | ROLE_HQ,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = on_run,
};
