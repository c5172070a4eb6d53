/* trained: partners' people on their way from enrolment to certificate. Only people of
 * partners are trained; what happened comes in its order and not in the future. */
#include "bot/store/training.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"
#include <string.h>

enum { DUE_DAYS = 30, SHOWN = 5 };

static const struct arg trained_args[] = {
    { "partner", ARG_PARTNER, 0 },
    { "person", ARG_PERSON, MANY },
    { "training", ARG_DATED, 0 },
    { "when", ARG_WHEN, 0 },
    { "product", ARG_PRODUCT, 0 },
    { 0 },
};

static char *day_text(struct call *c, const char *key, int32_t day)
{
    return day ? call_text(c, key, ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, day)))) : NULL;
}

/* enrolled Mon 2 Feb · ≈due Wed 4 Mar (30 days) · done today, on time */
static char *training_text(struct call *c, const struct training *t)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, t->product);
    if (!t->done_day || t->enrolled_day != t->done_day)
        buf_join(&b, FACTS, day_text(c, "trained.enrolled", t->enrolled_day));
    if (!t->done_day)
        buf_join(&b, FACTS, label_assumed(c, t->due_assumed,
            day_text(c, t->due_assumed ? "trained.due_assumed" : "trained.due", t->due_day)));
    bool timed = t->enrolled_day != t->done_day || !t->due_assumed;
    buf_join(&b, FACTS, day_text(c, !timed ? "trained.done" : t->done_day <= t->due_day ? "trained.on_time" : "trained.late",
        t->done_day));
    buf_join(&b, FACTS, day_text(c, "trained.certified", t->certified_day));
    if (t->certified_day)
        buf_join(&b, FACTS, t->expires_day ? day_text(c, "trained.expires", t->expires_day)
                                           : call_text(c, "trained.no_expiry", NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

bool put_trainings(struct reply *r, int64_t person, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct training list[SHOWN + 1];
    int n = training_list(c->db, c->mem, person, partner, list, SHOWN + 1, e);
    for (int i = 0; i < n && i < SHOWN; i++) {
        char *text = training_text(c, &list[i]);
        reply_field(r, "trained.label", person ? text : arena_printf(c->mem, "%s" FACTS "%s",
            label_person_id(c, list[i].person_id, NULL), text));
    }
    if (n > SHOWN)
        reply_soft(r, call_text(c, "trained.more", NO_ARGS));
    return e->code == ERR_NONE;
}

/* Training that nothing came of: done, and the partner has won nothing since. */
static bool without_win(struct call *c, const struct training *t)
{
    return t->done_day && day_of(t->won_ms, c->when.team_zone) < t->done_day;
}

static char *person_at_firm(struct call *c, int64_t id)
{
    struct person p;
    struct err e;
    return person_load(c->db, c->mem, id, &p, &e) ? label_person_at(c, &p, NULL) : label_person_id(c, id, NULL);
}

static bool is_certified(struct call *c, const struct training *t)
{
    return t->certified_day && (!t->expires_day || day_of(c->now_ms, c->when.team_zone) < t->expires_day);
}

typedef bool training_fn(struct call *c, const struct training *t);

/* `fits` NULL: all of them. */
static bool list_of(struct listing *l, training_fn *fits, struct err *e)
{
    struct call *c = l->c;
    struct training *all = ARENA_ARRAY(c->mem, struct training, LIST_COUNTED);
    int n = training_list(c->db, c->mem, l->scope.person, l->scope.partner, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (!fits || fits(c, &all[i]))
            list_put(l, 'C', all[i].person_id, arena_printf(c->mem, "%s" FACTS "%s",
                person_at_firm(c, all[i].person_id), training_text(c, &all[i])));
    return e->code == ERR_NONE;
}

bool list_trainings(struct listing *l, struct err *e)
{
    return list_of(l, NULL, e);
}

bool list_trained_no_win(struct listing *l, struct err *e)
{
    return list_of(l, without_win, e);
}

bool list_certified(struct listing *l, struct err *e)
{
    return list_of(l, is_certified, e);
}

/* What the words add to what is known. A certificate needs the training done, which it
 * says itself; who was never enrolled was on the day of being done. */
static void take_facts(const struct call *c, struct training *t, bool fresh)
{
    const struct frame *f = c->f;
    int32_t today = day_of(f->when.at_ms, c->when.zone), day;
    if (frame_dated(f, "certified", today, &day)) {
        t->certified_day = day;
        t->done_day = t->done_day ? t->done_day : day;
    }
    if (frame_dated(f, "done", t->certified_day ? t->certified_day : today, &day))
        t->done_day = day;
    if (fresh && !frame_dated(f, "enrolled", today, &t->enrolled_day))
        t->enrolled_day = t->done_day ? t->done_day : today;
    bool certificate = t->certified_day != 0;
    for (int i = 0; i < f->n_dated; i++) {
        bool due = !strcmp(f->dated[i].what, "due"), expires = !strcmp(f->dated[i].what, "expires");
        if (expires || (due && certificate && f->dated[i].day))
            t->expires_day = f->dated[i].day + f->dated[i].through;
        else if (due && f->dated[i].day) {
            t->due_day = f->dated[i].day;
            t->due_assumed = false;
        }
    }
    if (fresh && !t->due_day) {
        t->due_day = t->enrolled_day + DUE_DAYS;
        t->due_assumed = true;
    }
}

static bool in_order(const struct call *c, const struct training *t, struct err *e)
{
    int32_t today = day_of(c->now_ms, c->when.zone);
    if (t->done_day > today || t->certified_day > today || t->enrolled_day > today)
        return fail(e, ERR_USAGE, "trained.ahead", NULL, "future day");
    bool backwards = (t->done_day && t->done_day < t->enrolled_day) || t->due_day < t->enrolled_day ||
                     (t->certified_day && t->certified_day < t->done_day) ||
                     (t->expires_day && t->expires_day <= t->certified_day);
    return !backwards || fail(e, ERR_USAGE, "trained.order", NULL, "wrong order");
}

/* The training that is meant: enrolling begins a new one, a certificate belongs to the
 * latest, anything else to the one that is not done yet. */
static bool keep(struct call *c, int64_t person, struct training *t, struct err *e)
{
    const struct frame *f = c->f;
    struct person p;
    int32_t day;
    if (!person_load(c->db, c->mem, person, &p, e))
        return false;
    int64_t partner = p.partner_id ? p.partner_id : f->n_partners ? f->partners[0] : 0;
    if (!partner || p.customer_id)
        return fail(e, ERR_USAGE, "trained.no_partner", ARGS(TXT("who", label_person_at(c, &p, NULL))), "no partner's person");
    bool found = training_find(c->db, c->mem, p.id, f->product, t, e);
    if (e->code != ERR_NONE)
        return false;
    bool certifies = frame_dated(f, "certified", 0, &day) || frame_dated(f, "expires", 0, &day);
    bool fresh = !found || frame_dated(f, "enrolled", 0, &day) || (t->done_day && (!certifies || t->certified_day));
    if (found && t->certified_day && frame_dated(f, "expires", 0, &day) && !frame_dated(f, "certified", 0, &day))
        fresh = false; /* when it ends is said later */
    if (fresh)
        *t = (struct training){ .person_id = p.id, .partner_id = partner, .product = f->product };
    take_facts(c, t, fresh);
    if (t->expires_day && !t->certified_day)
        return fail(e, ERR_USAGE, "trained.uncertified", NULL, "no certificate");
    return in_order(c, t, e) && (fresh ? training_add(c->db, t, c->member->id, c->now_ms, e) : training_update(c->db, t, e));
}

static void put_data(struct reply *r, const struct training *t)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'C', t->person_id), "changed");
    reply_data_ref(r, "partner", 'P', t->partner_id);
    reply_data(r, "product", t->product);
    reply_data_int(r, "enrolled_day", t->enrolled_day);
    reply_data_int(r, "due_day", t->due_day);
    if (t->due_assumed)
        reply_assumed(r, "due_day");
    if (t->done_day)
        reply_data_int(r, "done_day", t->done_day);
    if (t->certified_day)
        reply_data_int(r, "certified_day", t->certified_day);
    if (t->expires_day)
        reply_data_int(r, "expires_day", t->expires_day);
}

static bool tell_known(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    int64_t person = f->n_people ? f->people[0] : 0, partner = f->n_partners ? f->partners[0] : 0;
    if (!person && !partner)
        return fail(e, ERR_USAGE, "trained.who", NULL, "nobody named");
    char *id = person ? call_ref(c, 'C', person) : call_ref(c, 'P', partner);
    struct training one[1];
    struct reply *r = reply_titled(c, REPLY_OK, "trained.known", arena_printf(c->mem, "%s" FACTS "%s", id,
        person ? label_person_id(c, person, NULL) : label_partner(c, partner)));
    reply_record(r, id, "shown");
    if (!training_list(c->db, c->mem, person, person ? 0 : partner, one, 1, e))
        reply_soft(r, call_text(c, "trained.none", NO_ARGS));
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    return put_trainings(r, person, person ? 0 : partner, e);
}

static bool trained_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct training t = { 0 };
    struct reply *r = NULL;
    if (words_left(c))
        return true;
    if (!f->n_dated)
        return tell_known(c, e);
    if (!f->n_people)
        return fail(e, ERR_USAGE, "trained.who", NULL, "nobody named");
    for (int i = 0; i < f->n_people; i++) {
        if (!keep(c, f->people[i], &t, e))
            return false;
        char *who = label_person_id(c, t.person_id, f->n_people == 1 ? f->honorific : NULL), *facts = training_text(c, &t);
        char *label = call_text(c, "trained.label", NO_ARGS);
        if (!r)
            r = reply_titled(c, REPLY_OK, "trained.noted", f->n_people == 1
                ? arena_printf(c->mem, "%s" FACTS "%s" FACTS "%s", label, who, facts)
                : arena_printf(c->mem, "%s" FACTS "%s", label, call_text(c, "trained.people", ARGS(NUM("n", f->n_people)))));
        if (f->n_people > 1)
            reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", who, facts), NULL);
        put_data(r, &t);
    }
    show_and_undo(r, call_ref(c, 'C', f->people[0]));
    return true;
}

const struct command trained_command = { .id = "trained", .args = trained_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = trained_run };
