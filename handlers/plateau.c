#include "handlers/plateau.h"

#include "bot/core/label.h"
#include "bot/core/notice.h"
#include "bot/text/calendar.h"
#include "handlers/warnings.h"

enum { PARTNERS = 40 };

/* How a partner's registrations went up to now: the mark and the series of its figure. */
static bool course(struct call *c, int64_t partner, const char **mark, const char **series, struct err *e)
{
    struct kpi_answer out;
    struct kpi_ask a = { .kpi = kpi_find("K27"), .scope = { .partner = partner }, .as_of_ms = c->now_ms,
        .zone = c->when.team_zone, .viewer = c->member->id, .sees_members = true, .cells = true };
    kpi_default_period(c, &a);
    a.period.to_ms = c->now_ms + 1;
    *mark = *series = "";
    if (!kpi_compute(c->db, c->mem, &a, &out, e))
        return false;
    for (int i = 0; i < out.rows.n; i++) {
        *mark = out.rows.row[i].mark;
        *series = out.rows.row[i].sort ? out.rows.row[i].sort : "";
    }
    return true;
}

static char *text_of(struct call *c, int64_t partner, bool revived, const char *series)
{
    return call_text(c, revived ? "plateau.revived" : "warning.plateau",
        ARGS(TXT("who", label_partner(c, partner)), TXT("list", series)));
}

char *plateau_revived(struct call *c, int64_t partner, struct err *e)
{
    const char *mark, *series;
    return course(c, partner, &mark, &series, e) && kpi_is(mark, "revived") ? text_of(c, partner, true, series) : NULL;
}

static struct warned id_of(int64_t partner)
{
    return (struct warned){ .kind = "plateau", .about = 'P', .ref = partner };
}

static bool gets_digest(struct call *c, struct err *e)
{
    return c->member->roles & notice_regular_find("digest")->roles && !notice_muted(c->db, c->mem, c->member->id, "digest", e);
}

int plateau_find(struct call *c, bool fresh, struct plateau *out, int max, struct err *e)
{
    int64_t partners[PARTNERS];
    struct warned *told = ARENA_ARRAY(c->mem, struct warned, WARNING_ROWS);
    const char *mark, *series;
    int found = 0;
    e->code = ERR_NONE;
    if (gets_digest(c, e) || notice_muted(c->db, c->mem, c->member->id, "plateau", e))
        return 0;
    int n_told = warning_standing(c->db, c->mem, c->member->id, told, WARNING_ROWS, e);
    int n = care_partners(c->db, c->member->id, day_of(c->now_ms, c->when.team_zone), partners, PARTNERS, e);
    for (int i = 0; i < n && found < max && e->code == ERR_NONE; i++) {
        struct warned id = id_of(partners[i]);
        bool known = warning_among(&id, told, n_told);
        if (!course(c, partners[i], &mark, &series, e))
            break;
        bool flat = kpi_is(mark, "plateau"), revived = known && kpi_is(mark, "revived");
        if (revived || (flat && !(fresh && known)))
            out[found++] = (struct plateau){ partners[i], revived, text_of(c, partners[i], revived, series) };
    }
    return found;
}

/* Told before, and neither told now nor a plateau any more: a correction undid it. */
static bool forget_gone(struct call *c, struct err *e)
{
    struct warned *told = ARENA_ARRAY(c->mem, struct warned, WARNING_ROWS);
    const char *mark, *series;
    e->code = ERR_NONE;
    int n = warning_standing(c->db, c->mem, c->member->id, told, WARNING_ROWS, e);
    for (int i = 0; i < n && e->code == ERR_NONE; i++) {
        if (!kpi_is(told[i].kind, "plateau") || !course(c, told[i].ref, &mark, &series, e) || kpi_is(mark, "plateau"))
            continue;
        if (!warning_gone(c->db, c->member->id, &told[i], c->now_ms, e))
            return false;
    }
    return e->code == ERR_NONE;
}

bool plateau_tell(struct call *c, const struct plateau *list, int n, struct err *e)
{
    e->code = ERR_NONE;
    if (gets_digest(c, e))
        return e->code == ERR_NONE; /* what was told there is the digest's */
    for (int i = 0; i < n; i++) {
        struct warned id = id_of(list[i].partner);
        if (list[i].revived ? !warning_gone(c->db, c->member->id, &id, c->now_ms, e)
                            : !warning_tell(c->db, c->member->id, &id, c->now_ms, e))
            return false;
    }
    return forget_gone(c, e);
}
