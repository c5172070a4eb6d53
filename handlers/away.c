/* away: when a person outside cannot be reached, and who left. Reminders and sign-offs
 * wait for it; a champion who left is none. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/profile.h"
#include "bot/text/fold.h"
#include "bot/text/zone.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg away_args[] = {
    { "person", ARG_PERSON, REQUIRED },
    { "org", ARG_ORG, 0 },
    { "when", ARG_WHEN, MANY },
    { "absence", ARG_ABSENCE, 0 },
    { 0 },
};

/* From Monday until Friday: the Friday of that week, not the one before it. A date that
 * is earlier stays earlier. */
static bool later_end(struct call *c, const struct when_token *t, int32_t from, int32_t *day, struct err *e)
{
    enum { WEEK = 7 };
    struct when_context then = c->when;
    struct when w;
    then.now_ms = day_start_ms(from, c->when.zone);
    if (!when_resolve(&then, t, 1, WHEN_FUTURE, &w, c->mem, c->locale, e))
        return false;
    int32_t later = day_of(w.at_ms, c->when.zone);
    if (later - from < WEEK)
        *day = later;
    return true;
}

/* The days typed: the first is the beginning, a deadline (until) or the second the end.
 * 0: not typed. */
static bool read_days(struct call *c, int32_t *from, int32_t *to, struct err *e)
{
    *from = *to = 0;
    for (int i = 0; i < c->f->n_pieces; i++) {
        struct when w;
        const struct when_token *t = &c->f->pieces[i];
        if (!when_resolve(&c->when, t, 1, WHEN_FUTURE, &w, c->mem, c->locale, e))
            return false;
        if (!w.has_date)
            continue;
        bool end = t->deadline || *from;
        int32_t day = day_of(w.at_ms, c->when.zone);
        if (end && *from && day < *from && !later_end(c, t, *from, &day, e))
            return false;
        *(end ? to : from) = day;
    }
    return true;
}

/* 休暇 佐藤様: the verb may be the reason itself. */
static const char *reason_of_verb(struct call *c)
{
    struct word w;
    struct folded f = fold_text(c->mem, c->text, strlen(c->text));
    return catalogue_match_kind(c->words, f.s, f.n, 0, "absence", 0, &w) ? arena_strdup(c->mem, w.value) : "unknown";
}

static char *day_text(struct call *c, int32_t day)
{
    return when_format_day(&c->when, c->mem, c->locale, day);
}

/* Whose champion this was: named, so that somebody else can be. */
static bool warn_champion(struct call *c, struct reply *r, const struct champion *was, int n)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), was[i].deal_id       ? label_deal(c, was[i].deal_id)
                               : was[i].customer_id ? label_customer(c, was[i].customer_id)
                               : was[i].partner_id  ? label_partner(c, was[i].partner_id)
                                                    : NULL);
    if (!b.n)
        return true;
    reply_warning(r, call_text(c, "away.was_champion", ARGS(TXT("where", buf_str(&b)))));
    reply_button(r, "fill", typed(c, "champion", ""), "look.button.champion", NO_ARGS);
    return true;
}

static struct reply *about(struct call *c, const struct person *p, const char *code)
{
    struct reply *r = reply_titled(c, REPLY_OK, code, fact_person(c, p));
    reply_record(r, call_ref(c, 'C', p->id), "changed");
    return r;
}

static bool come_back(struct call *c, const struct person *p, int32_t day, struct err *e)
{
    struct away a;
    if (!away_find(c->db, c->mem, p->id, day_of(c->now_ms, c->when.zone), &a, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "away.not", ARGS(TXT("who", label_person_full(c, p))), "not away");
    if (!away_over(c->db, &a, day, c->now_ms, e))
        return false;
    struct reply *r = about(c, p, "away.back");
    reply_line(r, call_text(c, "away.back", ARGS(TXT("day", day_text(c, day)))));
    reply_button(r, "quiet", arena_printf(c->mem, "undo C%lld", (long long)p->id), "button.undo", NO_ARGS);
    return true;
}

static bool go_away(struct call *c, const struct person *p, const struct away *a, struct err *e)
{
    struct champion was[4];
    int n = champion_list_of(c->db, c->mem, p->id, was, 4, e);
    if (e->code != ERR_NONE || !away_set(c->db, p->id, a, c->member->id, c->now_ms, e))
        return false;
    bool left = !strcmp(a->reason, "left");
    struct reply *r = about(c, p, "away.noted");
    reply_line(r, label_away(c, p->id, day_of(c->now_ms, c->when.zone)));
    if (left)
        (void)warn_champion(c, r, was, n);
    else
        reply_button(r, "plain", typed(c, "away", call_text(c, "away.say_back", ARGS(TXT("id", call_ref(c, 'C', p->id))))),
            "button.back", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo C%lld", (long long)p->id), "button.undo", NO_ARGS);
    reply_data(r, "reason", a->reason);
    return true;
}

static bool away_run(struct call *c, struct err *e)
{
    struct person p;
    int32_t from, to, today = day_of(c->now_ms, c->when.zone);
    const char *reason = c->f->word[WORD_ABSENCE];
    e->code = ERR_NONE;
    if (!c->f->n_people)
        return fail(e, ERR_USAGE, "away.who", NULL, "nobody named");
    if (!person_load(c->db, c->mem, c->f->people[0], &p, e) || !read_days(c, &from, &to, e))
        return false;
    bool back = reason && !strcmp(reason, "back");
    int32_t day = from ? from : to;
    if (back && day <= today) /* back, or back on a day that has come */
        return come_back(c, &p, day ? day : today, e);
    if (back) { /* away until the day before */
        to = day - 1;
        from = 0;
        reason = NULL;
    }
    struct away a = { .from_day = from ? from : today, .to_day = to, .reason = reason ? reason : reason_of_verb(c) };
    if (a.to_day && a.to_day < a.from_day)
        return fail(e, ERR_USAGE, "away.order", ARGS(TXT("from", day_text(c, a.from_day)), TXT("to", day_text(c, a.to_day))), "ends before");
    return go_away(c, &p, &a, e);
}

const struct command away_command = { .id = "away", .args = away_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN | CMD_AHEAD, .run = away_run };
