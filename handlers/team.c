/* team, last day, season, target: who belongs to which team and until when, periods with a
 * name, and what a team is to win in one. Changed by managers; everybody may look. */
#include "bot/store/team.h"

#include <string.h>
#include <strings.h>
#include "handlers/handlers.h"
#include "handlers/team.h"

enum { ROWS = 20 };

/* The last day of a period that may still run. */
static int32_t last_day(const struct period *p)
{
    return (p->end_day ? p->end_day : p->to_day) - 1;
}

static const struct arg season_args[] = {
    { "name", ARG_NAME, 0 },
    { "period", ARG_PERIOD, 0 },
    { 0 },
};
static const struct arg target_args[] = {
    { "team", ARG_TEAM, 0 },
    { "money", ARG_MONEY, 0 },
    { "period", ARG_PERIOD, 0 },
    { 0 },
};
static const struct arg team_args[] = {
    { "name", ARG_NAME, 0 },
    { "member", ARG_MEMBER, MANY },
    { 0 },
};
static const struct arg leaving_args[] = {
    { "member", ARG_MEMBER, 0 },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

char *days_text(struct call *c, int32_t from, int32_t to)
{
    const char *zone = c->when.team_zone;
    struct period p = { .from_day = from, .to_day = to + 1, .from_ms = day_start_ms(from, zone),
        .to_ms = day_start_ms(to + 1, zone) };
    return period_format(&c->when, c->mem, c->locale, &p);
}

void undo_button(struct reply *r)
{
    reply_button(r, "quiet", "undo", "button.undo", NO_ARGS);
}

static bool show_seasons(struct call *c, struct err *e)
{
    struct season list[ROWS];
    int n = season_list(c->db, c->mem, list, ROWS, e);
    struct reply *r = reply_new(c, REPLY_OK, "season.list", ARGS(NUM("n", n)));
    for (int i = 0; i < n; i++)
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", list[i].name,
            days_text(c, list[i].from_day, list[i].to_day)), NULL);
    return e->code == ERR_NONE;
}

static bool season_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    e->code = ERR_NONE;
    if (!f->name && !f->has_period)
        return show_seasons(c, e);
    if (!f->name || !f->has_period)
        return fail(e, ERR_USAGE, "season.what", NULL, "incomplete");
    struct season s = { 0, f->name, f->period.from_day, last_day(&f->period) };
    if (!season_add(c->db, &s, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "season.noted", arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s",
        call_text(c, "season.label", NO_ARGS), s.name, days_text(c, s.from_day, s.to_day)));
    reply_soft(r, call_text(c, "season.use", ARGS(TXT("name", s.name))));
    undo_button(r);
    return true;
}

/* A team is what its members belong to. */
static bool known_team(struct call *c, const char **team, struct err *e)
{
    struct buf names = BUF_ON(c->mem);
    int n;
    struct member *all = member_list(c->db, c->mem, &n, e);
    for (int i = 0; all && i < n; i++) {
        if (*team && !strcasecmp(all[i].team, *team)) {
            *team = all[i].team;
            return true;
        }
        bool again = !*all[i].team;
        for (int k = 0; k < i; k++)
            again = again || !strcmp(all[k].team, all[i].team);
        if (!again)
            buf_join(&names, comma(c), all[i].team);
    }
    if (e->code != ERR_NONE)
        return false;
    return fail(e, ERR_USAGE, "target.team", ARGS(TXT("names", buf_str(&names)), NUM("n", names.n ? 1 : 0)), "unknown team");
}

static char *target_text(struct call *c, const struct target *t)
{
    return arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", t->team, label_money(c, t->amount_minor, t->currency),
        days_text(c, t->from_day, t->to_day));
}

static bool show_targets(struct call *c, struct err *e)
{
    struct target list[ROWS];
    int n = target_list(c->db, c->mem, list, ROWS, e);
    struct reply *r = reply_new(c, REPLY_OK, "target.list", ARGS(NUM("n", n)));
    for (int i = 0; i < n; i++)
        reply_item(r, target_text(c, &list[i]), NULL);
    return e->code == ERR_NONE;
}

static bool target_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    e->code = ERR_NONE;
    if (!f->team && !f->has_money && !f->has_period)
        return show_targets(c, e);
    if (!f->has_money || !f->money.minor || !f->has_period)
        return fail(e, ERR_USAGE, "target.what", NULL, "no amount");
    struct target t = { f->team, f->money.currency, f->money.minor, f->period.from_day,
        last_day(&f->period) };
    if (!known_team(c, &t.team, e) || !target_add(c->db, &t, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "target.noted",
        arena_printf(c->mem, "%s" FACTS "%s", call_text(c, "target.label", NO_ARGS), target_text(c, &t)));
    undo_button(r);
    return true;
}

/* Tokyo · Kenji, Mika (until 30 Jun) */
static bool put_team(struct reply *r, const char *team, const struct member *all, int n, struct err *e)
{
    struct call *c = r->call;
    struct buf names = BUF_ON(c->mem);
    int32_t day;
    for (int i = 0; i < n; i++) {
        if (strcmp(all[i].team, team) != 0)
            continue;
        char *who = label_member(c, all[i].id);
        buf_join(&names, comma(c), leaving_find(c->db, all[i].id, &day, e)
            ? call_text(c, "team.until", ARGS(TXT("who", who), TXT("day", when_format_day(&c->when, c->mem, c->locale, day))))
            : who);
    }
    reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", *team ? team : call_text(c, "team.none", NO_ARGS), buf_str(&names)), NULL);
    return e->code == ERR_NONE;
}

static bool show_teams(struct call *c, struct err *e)
{
    int n;
    struct member *all = member_list(c->db, c->mem, &n, e);
    if (!all)
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "team.list", NO_ARGS);
    for (int i = 0; i < n; i++) {
        bool again = false;
        for (int k = 0; k < i; k++)
            again = again || !strcmp(all[k].team, all[i].team);
        if (!again && !put_team(r, all[i].team, all, n, e))
            return false;
    }
    return true;
}

static bool team_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct buf names = BUF_ON(c->mem);
    e->code = ERR_NONE;
    if (!f->name && !f->n_members)
        return show_teams(c, e);
    if (!f->name || !f->n_members)
        return fail(e, ERR_USAGE, "team.what", NULL, "incomplete");
    for (int i = 0; i < f->n_members; i++) {
        if (!member_set_team(c->db, f->members[i], f->name, e))
            return false;
        buf_join(&names, comma(c), label_member(c, f->members[i]));
    }
    struct reply *r = reply_titled(c, REPLY_OK, "team.noted", arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s",
        call_text(c, "team.label", NO_ARGS), f->name, buf_str(&names)));
    undo_button(r);
    return true;
}

static bool leaving_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    e->code = ERR_NONE;
    if (f->n_members != 1 || !f->when.has_date)
        return fail(e, ERR_USAGE, "leaving.what", NULL, "incomplete");
    int32_t day = day_of(f->when.at_ms, c->when.team_zone);
    if (!leaving_put(c->db, f->members[0], day, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "leaving.noted", arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s",
        label_member(c, f->members[0]), call_text(c, "leaving.label", NO_ARGS),
        when_format_day(&c->when, c->mem, c->locale, day)));
    reply_soft(r, call_text(c, "leaving.then", NO_ARGS));
    undo_button(r);
    return true;
}

#define LEADS (ROLE_MANAGER | ROLE_COUNTRY | ROLE_ADMIN)
#define TEAM_COMMAND(name, row, arguments, function, more)                                 \
    const struct command name = { .id = row, .args = arguments, .may = LEADS,              \
        .where = ANYWHERE, .flags = CMD_WRITES | (more), .run = function }

TEAM_COMMAND(season_command, "season", season_args, season_run, 0);
TEAM_COMMAND(target_command, "target", target_args, target_run, 0);
TEAM_COMMAND(team_command, "team", team_args, team_run, 0);
TEAM_COMMAND(leaving_command, "leaving", leaving_args, leaving_run, CMD_AHEAD);
