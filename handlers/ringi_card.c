#include "handlers/ringi.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/store/follows.h"
#include "bot/text/zone.h"
#include "handlers/cards.h"
#include "handlers/facts.h"

enum { LIVE = 4, CHECK_HOUR = 10 };

static bool is(const char *s, const char *word)
{
    return s && !strcmp(s, word);
}

bool ringi_live(const struct ringi *r)
{
    return is(r->state, "circulating") || is(r->state, "returned");
}

static char *title_of(struct call *c, const struct circuit *k)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'R', k->r.id));
    buf_join(&b, FACTS, label_deal(c, k->r.deal_id));
    if (!is(k->r.kind, "other"))
        buf_join(&b, FACTS, call_word(c, WORD_RINGI_KIND, k->r.kind));
    buf_join(&b, FACTS, call_word(c, WORD_MEDIUM, k->r.medium));
    if (k->r.parallel)
        buf_join(&b, FACTS, call_word(c, WORD_RINGI_ORDER, "parallel"));
    if (k->r.round > 1)
        buf_join(&b, FACTS, call_text(c, "ringi.round", ARGS(NUM("n", k->r.round))));
    return arena_strdup(c->mem, buf_str(&b));
}

static void put_standing(struct reply *r, const struct circuit *k)
{
    struct call *c = r->call;
    if (is(k->r.state, "returned"))
        reply_line(r, circuit_returned(c, k));
    for (int i = 0; i < k->n; i++)
        if (circuit_holds(k, &k->steps[i]))
            reply_line(r, circuit_where(c, k, &k->steps[i]));
    if (!ringi_live(&k->r))
        reply_line(r, call_text(c, arena_printf(c->mem, "ringi.is_%s", k->r.state),
            ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, day_of(k->r.ended_ms, c->when.zone))))));
    reply_line(r, circuit_progress(c, k));
}

static void put_data(struct reply *r, const struct circuit *k, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'R', k->r.id), verb);
    reply_data(r, "state", k->r.state);
    reply_data(r, "kind", k->r.kind);
    reply_data(r, "medium", k->r.medium);
    reply_data_int(r, "round", k->r.round);
    reply_data_ref(r, "deal", 'D', k->r.deal_id);
    for (int i = 0; i < k->n; i++)
        if (circuit_holds(k, &k->steps[i]))
            reply_data_append(r, "holders", k->steps[i].person_id ? call_ref(c, 'C', k->steps[i].person_id) : k->steps[i].label);
}

/* At ten on the day of the next check; 0: nothing is waited for. */
static int64_t check_ms(struct call *c, const struct circuit *k, char **local)
{
    int32_t day = ringi_live(&k->r) ? circuit_check_day(c, k) : 0;
    struct civil at = civil_of_day(day);
    at.hour = CHECK_HOUR;
    *local = arena_printf(c->mem, "%04d-%02d-%02dT%02d:00", at.year, at.month, at.day, CHECK_HOUR);
    return day ? instant_of(&at, c->when.zone) : 0;
}

static void put_check(struct reply *r, int64_t due_ms)
{
    if (due_ms)
        reply_soft(r, call_text(r->call, "ringi.next_check", ARGS(TXT("when", label_date(r->call, due_ms)))));
}

/* The one check that waits is ended; the next is set where anybody has it. */
static bool set_check(struct call *c, const struct circuit *k, struct reply *r, struct err *e)
{
    char *local;
    int64_t due_ms = check_ms(c, k, &local);
    const struct ringi_step *s = circuit_holder(k);
    put_check(r, due_ms);
    struct follow f = { .member_id = c->member->id, .kind = "ringi", .step = 1, .ringi_id = k->r.id,
        .person_id = s ? s->person_id : 0, .customer_id = k->deal.customer_id, .deal_id = k->r.deal_id,
        .zone = c->when.zone, .due_ms = due_ms, .due_local = local };
    return follow_close_ringi(c->db, k->r.id, c->now_ms, e) && (!due_ms || follow_add(c->db, &f, c->now_ms, e) != 0);
}

static void put_buttons(struct reply *r, const struct circuit *k)
{
    struct call *c = r->call;
    const struct ringi_step *s = circuit_holder(k);
    char *id = call_ref(c, 'R', k->r.id);
    if (!(c->member->roles & ROLE_SALES))
        return;
    if (s)
        reply_button(r, "plain", typed(c, "ringi", arena_printf(c->mem, "%s %s %s", id, call_word(c, WORD_RINGI_ACT, "stamped"),
            s->person_id ? call_ref(c, 'C', s->person_id) : s->label)), "ringi.button.stamped", ARGS(TXT("who", circuit_name(c, s))));
    if (s)
        reply_button(r, "plain", typed(c, "ringi", arena_printf(c->mem, "%s %s", id, call_word(c, WORD_RINGI_ACT, "returned"))),
            "ringi.button.returned", NO_ARGS);
    if (is(k->r.state, "returned"))
        reply_button(r, "plain", typed(c, "ringi", arena_printf(c->mem, "%s %s", id, call_word(c, WORD_RINGI_ACT, "again"))),
            "ringi.button.again", NO_ARGS);
}

bool tell_ringi(struct call *c, int64_t id, const char *verb, int64_t note, struct err *e)
{
    struct circuit *k = ARENA_NEW(c->mem, struct circuit);
    if (!circuit_load(c, id, k, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "ringi.noted", title_of(c, k));
    put_standing(r, k);
    if (note)
        reply_note(r, note, 0);
    if (!set_check(c, k, r, e))
        return false;
    put_buttons(r, k);
    reply_button(r, "quiet", arena_printf(c->mem, "undo R%lld", (long long)id), "button.undo", NO_ARGS);
    put_data(r, k, verb);
    return true;
}

bool card_ringi(struct call *c, int64_t id, struct err *e)
{
    struct circuit *k = ARENA_NEW(c->mem, struct circuit);
    if (!circuit_load(c, id, k, e))
        return e->code == ERR_NONE && refuse_none(c, 'R', id, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", title_of(c, k));
    put_standing(r, k);
    for (int i = 0; i < k->n; i++)
        if (note_known(c, k->steps[i].note_id))
            reply_note(r, k->steps[i].note_id, 0);
    char *local;
    put_check(r, check_ms(c, k, &local));
    put_buttons(r, k);
    char *deal = call_ref(c, 'D', k->r.deal_id);
    reply_button_labelled(r, "plain", typed(c, "show", deal), label_deal(c, k->r.deal_id));
    put_data(r, k, "shown");
    return true;
}

bool put_ringi(struct reply *r, int64_t deal, struct err *e)
{
    struct call *c = r->call;
    struct ringi list[LIVE];
    int n = ringi_list(c->db, c->mem, deal, true, list, LIVE, e);
    for (int i = 0; i < n; i++) {
        struct circuit *k = ARENA_NEW(c->mem, struct circuit);
        if (!circuit_load(c, list[i].id, k, e))
            return false;
        const struct ringi_step *s = circuit_holder(k);
        reply_field(r, "ringi.label", arena_printf(c->mem, "%s" FACTS "%s", call_ref(c, 'R', k->r.id),
            s ? circuit_where(c, k, s) : circuit_returned(c, k)));
    }
    return e->code == ERR_NONE;
}
