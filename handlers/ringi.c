/* ringi: a sign-off that circulates at a customer: its circuit, each stamp, dissent, a
 * return for revision, its end. holds: who has it, since when and why. The next check is a
 * follow-up of the member who moved it last. */
#include "handlers/ringi.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/circuit.h"
#include "bot/store/follows.h"
#include "bot/store/profile.h"
#include "bot/text/zone.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { LIVE = 4 };

static const struct arg ringi_args[] = {
    { "record", ARG_RECORD, 0 },
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "person", ARG_PERSON, MANY },
    { "label", ARG_LABEL, MANY },
    { "step", ARG_RINGI_ACT, 0 },
    { "kind", ARG_RINGI_KIND, 0 },
    { "medium", ARG_MEDIUM, 0 },
    { "order", ARG_RINGI_ORDER, 0 },
    { "stance", ARG_STANCE, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg holds_args[] = {
    { "record", ARG_RECORD, 0 },
    { "deal", ARG_DEAL, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "kind", ARG_RINGI_KIND, 0 },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

static bool is(const char *s, const char *word)
{
    return s && !strcmp(s, word);
}

static int64_t typed_ringi(const struct call *c)
{
    for (int i = 0; i < c->f->n_refs; i++)
        if (c->f->refs[i].kind == 'R')
            return c->f->refs[i].no;
    return 0;
}

/* When it happened: typed, or now. A day to come is not it. */
static int64_t moment(const struct call *c)
{
    return c->f->when.has_date || c->f->when.has_time ? c->f->when.at_ms : c->now_ms;
}

/* The i-th of the circuit that was typed: a person or a title. False past the last. */
static bool typed_step(const struct call *c, int i, struct ringi_step *out)
{
    int at = 0;
    for (int k = 0; k < c->f->n_named; k++) {
        struct ref n = c->f->named[k];
        if ((n.kind != 'C' && n.kind != 'L') || at++ != i)
            continue;
        *out = (struct ringi_step){ .person_id = n.kind == 'C' ? n.no : 0,
            .label = n.kind == 'L' ? c->f->labels[n.no] : NULL };
        return true;
    }
    return false;
}

static bool same_step(const struct ringi_step *a, const struct ringi_step *b)
{
    return a->person_id ? a->person_id == b->person_id : !b->person_id && is(a->label, b->label);
}

/* Nobody stamps twice, and nobody who has left stamps at all. */
static bool check_circuit(struct call *c, const struct ringi_step *steps, int n, struct err *e)
{
    struct away a;
    int32_t day = day_of(c->now_ms, c->when.zone);
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            if (same_step(&steps[i], &steps[k]))
                return fail(e, ERR_USAGE, "ringi.twice", ARGS(TXT("who", circuit_name(c, &steps[i]))), "twice");
        bool gone = steps[i].person_id && away_find(c->db, c->mem, steps[i].person_id, day, &a, e) && is(a.reason, "left");
        if (gone)
            return fail(e, ERR_CONFLICT, "ringi.left", ARGS(TXT("who", circuit_name(c, &steps[i]))), "left");
    }
    return true;
}

static bool add_steps(struct call *c, const struct ringi *r, struct ringi_step *steps, int n, int64_t at_ms, struct err *e)
{
    for (int i = 0; i < n; i++) {
        steps[i].ringi_id = r->id;
        steps[i].round = r->round;
        steps[i].place = i + 1;
        steps[i].since_ms = r->parallel || !i ? at_ms : 0;
        steps[i].id = ringi_step_add(c->db, &steps[i], e);
        if (!steps[i].id)
            return false;
    }
    return true;
}

/* The words typed belong to one step: whose it was, or the first. */
static bool note_step(struct call *c, int64_t deal, struct ringi_step *s, int64_t *note, struct err *e)
{
    int64_t rev;
    if (!store_note(c, "deal", deal, note, &rev, e))
        return false;
    s->note_id = *note ? *note : s->note_id;
    return !*note || ringi_step_update(c->db, s, e);
}

static bool begin(struct call *c, const struct deal *d, struct err *e)
{
    struct ringi_step *steps = ARENA_ARRAY(c->mem, struct ringi_step, RINGI_STEPS);
    const char *medium = c->f->word[WORD_MEDIUM], *kind = c->f->word[WORD_RINGI_KIND];
    struct ringi r = { .deal_id = d->id, .kind = kind ? kind : "other", .round = 1, .started_ms = moment(c),
        .parallel = c->f->word[WORD_RINGI_ORDER] != NULL, .medium = medium, .member_id = c->member->id };
    int n = 0;
    int64_t note;
    while (n < RINGI_STEPS && typed_step(c, n, &steps[n]))
        n++;
    if (!check_circuit(c, steps, n, e))
        return false;
    bool over = is(d->state, "lost") || is(d->state, "expired") || is(d->state, "merged");
    if (over)
        return fail(e, ERR_CONFLICT, "ringi.deal_over", ARGS(TXT("deal", label_deal(c, d->id)), TXT("id", call_ref(c, 'D', d->id))), "deal over");
    r.id = ringi_add(c->db, &r, c->now_ms, e);
    return r.id && add_steps(c, &r, steps, n, r.started_ms, e) && note_step(c, d->id, &steps[0], &note, e) &&
           tell_ringi(c, r.id, "created", note, e);
}

/* It goes on to whoever is next; where nobody is left it is approved. */
static bool go_on(struct call *c, struct circuit *k, int64_t at_ms, struct err *e)
{
    for (int i = 0; i < k->n; i++) {
        struct ringi_step *s = &k->steps[i];
        if (s->done_ms)
            continue;
        if (s->since_ms)
            return true;
        s->since_ms = at_ms;
        return ringi_step_update(c->db, s, e);
    }
    k->r.state = "approved";
    k->r.ended_ms = at_ms;
    return ringi_update(c->db, &k->r, e);
}

static bool stamp(struct call *c, struct ringi_step *s, int64_t at_ms, struct err *e)
{
    s->since_ms = s->since_ms ? s->since_ms : at_ms;
    s->done_ms = at_ms;
    s->outcome = "stamped";
    s->dissent_ms = 0;
    return ringi_step_update(c->db, s, e);
}

/* The step of the i-th who was typed, or (nobody was) of the only holder. NULL: `e` says why. */
static struct ringi_step *step_of(struct call *c, struct circuit *k, int i, struct err *e)
{
    struct ringi_step who;
    struct ringi_step *found = NULL;
    if (!typed_step(c, i, &who)) {
        for (int s = 0; s < k->n; s++)
            if (circuit_holds(k, &k->steps[s])) {
                if (found) {
                    fail(e, ERR_USAGE, "ringi.who", NULL, "several holders");
                    return NULL;
                }
                found = &k->steps[s];
            }
        return found;
    }
    for (int s = 0; s < k->n; s++)
        if (same_step(&who, &k->steps[s]))
            found = &k->steps[s];
    if (!found)
        fail(e, ERR_NOT_FOUND, "ringi.not_on", ARGS(TXT("who", circuit_name(c, &who)), TXT("id", call_ref(c, 'R', k->r.id)),
            TXT("circuit", circuit_progress(c, k))), "not there");
    else if (found->done_ms)
        fail(e, ERR_CONFLICT, "ringi.stamped_before", ARGS(TXT("who", circuit_name(c, &who)), TXT("when", label_date(c, found->done_ms))), "stamped");
    return e->code == ERR_NONE ? found : NULL;
}

static bool stamped(struct call *c, struct circuit *k, bool through, struct err *e)
{
    struct ringi_step who;
    int64_t at = moment(c);
    for (int i = 0; i == 0 || (!through && typed_step(c, i, &who)); i++) {
        struct ringi_step *s = step_of(c, k, i, e);
        if (!s)
            return false;
        for (struct ringi_step *b = k->steps; through && b < s; b++)
            if (!b->done_ms && !stamp(c, b, at, e))
                return false;
        if (!stamp(c, s, at, e))
            return false;
    }
    return go_on(c, k, at, e);
}

/* The day that it is expected back, behind `until`; 0: none was typed. */
static bool read_back(struct call *c, int32_t *day, struct err *e)
{
    struct when w;
    *day = 0;
    for (int i = 0; i < c->f->n_pieces; i++) {
        if (!c->f->pieces[i].deadline)
            continue;
        if (!when_resolve(&c->when, &c->f->pieces[i], 1, WHEN_FUTURE, &w, c->mem, c->locale, e))
            return false;
        *day = day_of(w.at_ms, c->when.zone);
    }
    return true;
}

static bool returned(struct call *c, struct circuit *k, struct ringi_step *s, struct err *e)
{
    if (!read_back(c, &k->r.back_day, e))
        return false;
    s->done_ms = k->r.returned_ms = k->r.back_day ? c->now_ms : moment(c);
    s->outcome = "returned";
    k->r.state = "returned";
    return ringi_step_update(c->db, s, e) && ringi_update(c->db, &k->r, e);
}

static bool again(struct call *c, struct circuit *k, struct err *e)
{
    struct ringi_step *steps = ARENA_ARRAY(c->mem, struct ringi_step, RINGI_STEPS);
    int n = 0;
    while (n < RINGI_STEPS && typed_step(c, n, &steps[n]))
        n++;
    for (int i = 0; !n && i < k->n; i++)
        steps[i] = (struct ringi_step){ .person_id = k->steps[i].person_id, .label = k->steps[i].label,
            .courtesy = k->steps[i].courtesy };
    n = n ? n : k->n;
    k->r.round++;
    k->r.state = "circulating";
    k->r.returned_ms = k->r.back_day = 0;
    return check_circuit(c, steps, n, e) && ringi_update(c->db, &k->r, e) && add_steps(c, &k->r, steps, n, moment(c), e);
}

static bool end(struct call *c, struct circuit *k, const char *state, struct err *e)
{
    for (int i = 0; is(state, "approved") && i < k->n; i++)
        if (!k->steps[i].done_ms && !stamp(c, &k->steps[i], moment(c), e))
            return false;
    k->r.state = state;
    k->r.ended_ms = moment(c);
    return ringi_update(c->db, &k->r, e);
}

/* Which moves of a ringi are possible now; `e` says why not. */
static bool may_move(struct call *c, const struct circuit *k, const char *what, struct err *e)
{
    bool back = is(k->r.state, "returned"), restart = is(what, "again");
    bool ends = is(what, "withdrawn") || is(what, "rejected");
    if (ringi_live(&k->r) && (back == restart || ends))
        return true;
    return fail(e, ERR_CONFLICT, !ringi_live(&k->r) ? "ringi.over" : back ? "ringi.being_revised" : "ringi.not_returned",
        ARGS(TXT("id", call_ref(c, 'R', k->r.id))), "other state");
}

static bool of_step(const char *what)
{
    return is(what, "stamped") || is(what, "through") || is(what, "returned") || is(what, "dissent") || is(what, "courtesy");
}

static bool move(struct call *c, struct circuit *k, const char *what, struct ringi_step *s, struct err *e)
{
    if (is(what, "stamped") || is(what, "through"))
        return stamped(c, k, is(what, "through"), e);
    if (is(what, "returned"))
        return returned(c, k, s, e);
    if (is(what, "again"))
        return again(c, k, e);
    if (!of_step(what))
        return end(c, k, what, e);
    s->courtesy = s->courtesy || is(what, "courtesy");
    s->dissent_ms = is(what, "dissent") ? moment(c) : s->dissent_ms;
    return ringi_step_update(c->db, s, e);
}

static bool act(struct call *c, struct circuit *k, const char *what, struct err *e)
{
    int64_t note;
    if (!may_move(c, k, what, e))
        return false;
    struct ringi_step *s = of_step(what) ? step_of(c, k, 0, e) : &k->steps[0];
    return s && move(c, k, what, s, e) && note_step(c, k->r.deal_id, s, &note, e) && tell_ringi(c, k->r.id, "changed", note, e);
}

/* The ringi that is meant: by number, or the deal's only live one. False with ERR_NONE:
 * the deal has none (`*d` is filled), or a reply says what to type. */
static bool meant_ringi(struct call *c, struct circuit *k, struct deal *d, bool *replied, struct err *e)
{
    struct ringi list[LIVE];
    int64_t id = typed_ringi(c);
    *replied = false;
    if (id && circuit_load(c, id, k, e))
        return true;
    if (id) {
        *replied = true;
        return e->code == ERR_NONE && !refuse_none(c, 'R', id, e);
    }
    if (!need_deal(c, d, replied, e) || *replied)
        return false;
    int n = ringi_list(c->db, c->mem, d->id, true, list, LIVE, e);
    if (e->code != ERR_NONE || n == 0)
        return false;
    if (n == 1)
        return circuit_load(c, list[0].id, k, e);
    *replied = true;
    struct reply *r = reply_new(c, REPLY_REFUSED, "ringi.several", ARGS(TXT("deal", label_deal(c, d->id))));
    for (int i = 0; i < n; i++)
        reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", call_ref(c, 'R', list[i].id), call_word(c, WORD_RINGI_KIND, list[i].kind)),
            typed(c, "show", call_ref(c, 'R', list[i].id)));
    reply_button_line(r, "button.complete");
    return false;
}

static bool none_of(struct call *c, const struct deal *d)
{
    struct reply *r = reply_new(c, REPLY_OK, "ringi.none", ARGS(TXT("deal", label_deal(c, d->id)), TXT("id", call_ref(c, 'D', d->id))));
    reply_button(r, "fill", typed(c, "ringi", arena_printf(c->mem, "%s ", call_ref(c, 'D', d->id))), "ringi.button.begin", NO_ARGS);
    return true;
}

static bool ringi_run(struct call *c, struct err *e)
{
    struct circuit *k = ARENA_NEW(c->mem, struct circuit);
    struct ringi_step first;
    struct deal d = { 0 };
    bool replied;
    const char *what = c->f->word[WORD_RINGI_ACT];
    if (!what && c->f->word[WORD_STANCE]) /* agreed, 了承: by word of mouth there is no stamp */
        what = is(c->f->word[WORD_STANCE], "against") ? "dissent" : is(c->f->word[WORD_STANCE], "for") ? "stamped" : NULL;
    e->code = ERR_NONE;
    if (!what && !typed_ringi(c) && typed_step(c, 0, &first))
        return need_deal(c, &d, &replied, e) && (replied || begin(c, &d, e));
    if (!meant_ringi(c, k, &d, &replied, e))
        return e->code == ERR_NONE && (replied || none_of(c, &d));
    return what ? act(c, k, what, e) : card_ringi(c, k->r.id, e);
}

static bool holds_run(struct call *c, struct err *e)
{
    struct circuit *k = ARENA_NEW(c->mem, struct circuit);
    struct deal d = { 0 };
    bool replied;
    e->code = ERR_NONE;
    if (!meant_ringi(c, k, &d, &replied, e))
        return e->code == ERR_NONE && (replied || none_of(c, &d));
    return card_ringi(c, k->r.id, e);
}

const struct command ringi_command = { .id = "ringi", .args = ringi_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = ringi_run };
const struct command holds_command = { .id = "holds", .args = holds_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_READS, .run = holds_run };
