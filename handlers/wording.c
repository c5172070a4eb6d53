/* wording: what to write to a champion, in their language, one situation after another, and
 * the button that opens their messenger with it. Writes to nobody itself. */
#include "bot/core/draft.h"

#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/label.h"
#include "bot/store/follows.h"
#include "bot/store/profile.h"
#include "bot/store/touches.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg wording_args[] = {
    { "record", ARG_RECORD, 0 },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "draft", ARG_DRAFT, 0 },
    { 0 },
};

/* The follow-up that was typed, or without a name the one reminded of last. */
static bool find_follow(struct call *c, struct follow *out, struct err *e)
{
    for (int i = 0; i < c->f->n_refs; i++) {
        if (c->f->refs[i].kind != 'F')
            continue;
        bool ok = follow_load(c->db, c->mem, c->f->refs[i].no, out, e) && out->member_id == c->member->id;
        return ok || (e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none",
                                                 ARGS(TXT("id", call_ref(c, 'F', c->f->refs[i].no))), "no follow-up"));
    }
    bool named = c->f->n_people || c->f->n_customers || c->f->n_partners;
    return named || follow_latest(c->db, c->mem, c->member->id, c->now_ms, out, e) || e->code == ERR_NONE;
}

/* The champion at the firm that was typed; 0: none is known. */
static int64_t champion_at(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct champion found[1];
    return champion_list(c->db, c->mem, 0, f->n_customers ? f->customers[0] : 0, f->n_partners ? f->partners[0] : 0, found, 1, e) == 1
               ? found[0].person_id : 0;
}

static bool whom(struct call *c, const struct follow *f, struct person *p, struct err *e)
{
    struct away a;
    int32_t today = day_of(c->now_ms, c->when.zone);
    int64_t firm = c->f->n_customers || c->f->n_partners ? champion_at(c, e) : 0;
    int64_t id = c->f->n_people ? c->f->people[0] : c->f->n_customers || c->f->n_partners ? firm : f->person_id;
    if (!id)
        return fail(e, ERR_USAGE, "draft.whom", NULL, "nobody named");
    if (!person_load(c->db, c->mem, id, p, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.gone", NULL, "gone");
    bool left = away_find(c->db, c->mem, id, today, &a, e) && away_on(&a, today) && !strcmp(a.reason, "left");
    return !left || fail(e, ERR_CONFLICT, "draft.left",
                        ARGS(TXT("who", label_person(c, p, NULL)), TXT("firm", p->org ? p->org : "-")), "left");
}

static bool wording_run(struct call *c, struct err *e)
{
    struct follow f = { 0 };
    struct person p = { 0 };
    struct touch t;
    e->code = ERR_NONE;
    if (!find_follow(c, &f, e) || !whom(c, &f, &p, e))
        return false;
    bool met = f.touch_id && f.person_id == p.id && touch_load_id(c->db, c->mem, f.touch_id, &t, e);
    const char *typed = c->f->word[WORD_DRAFT];
    struct draft_about about = { .situation = typed ? typed : met ? "meeting" : "silence", .deal_id = f.deal_id };
    if (met)
        about.day = day_of(t.at_ms, c->when.zone);
    char *about_whom = f.id ? call_ref(c, 'F', f.id) : call_ref(c, 'C', p.id);
    struct reply *r = reply_titled(c, REPLY_OK, "draft.title",
        arena_printf(c->mem, "%s%s · %s", label_person_polite(c, &p, NULL), draft_reach(c, p.id, e),
            call_word(c, WORD_DRAFT, about.situation)));
    const char *next = draft_next(c, &about, e);
    if (e->code != ERR_NONE || !draft_put(c, r, &p, &about, arena_printf(c->mem, "wording %s %s", about_whom, next), e))
        return false;
    char *heard = met ? arena_printf(c->mem, "consensus M%lld from C%lld %s ", (long long)t.no, (long long)p.id,
                            catalogue_word(c->words, c->locale, "layer", "afterwards"))
                      : arena_printf(c->mem, "consensus from C%lld ", (long long)p.id);
    reply_button(r, "fill", heard, "button.heard", NO_ARGS);
    reply_record(r, call_ref(c, 'C', p.id), "shown");
    return true;
}

const struct command wording_command = { .id = "wording", .args = wording_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_KNOWN, .run = wording_run };
