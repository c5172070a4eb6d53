/* capability: what a partner can do for us, rated 0 to 5 with the evidence, in-house or by
 * others in its name. What nobody rated within a year prints "?" and is not 0. focus: what
 * it does for its own customers, since when and until when. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/names.h"
#include "bot/store/capability.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

enum { BEST = 5, RATED = 200, YEAR_DAYS = 365, CAPABILITIES = 8, TAGS = 40 };

static const char *const capabilities[CAPABILITIES] = { "presales", "technical", "implement", "onboard", "train",
    "maintain", "support", "renewal" };

static const struct arg capability_args[] = {
    { "partner", ARG_PARTNER, REQUIRED },
    { "capability", ARG_CAPABILITY, 0 },
    { "rating", ARG_NUMBER, 0 },
    { "sourcing", ARG_SOURCING, 0 },
    { "when", ARG_WHEN, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg focus_args[] = {
    { "partner", ARG_PARTNER, REQUIRED },
    { "focus", ARG_CAPTAG, MANY },
    { "stopped", ARG_DATED, 0 },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

static int by_score(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* 3, or 3.5 between two; "?" where nobody rated. */
static char *median_text(struct call *c, int *scores, int n)
{
    if (!n)
        return arena_strdup(c->mem, "?");
    qsort(scores, (size_t)n, sizeof *scores, by_score);
    int twice = scores[(n - 1) / 2] + scores[n / 2];
    return arena_printf(c->mem, twice % 2 ? "%d.5" : "%d", twice / 2);
}

static char *outsourced_text(struct call *c, const struct capability *k)
{
    const char *to = k->to_partner ? label_partner(c, k->to_partner) : k->to_firm;
    return to ? call_text(c, "capability.outsourced_to", ARGS(TXT("firm", to)))
              : call_word(c, WORD_SOURCING, "outsourced");
}

/* Implement 3.5, outsourced to Foo */
static char *score_text(struct call *c, const char *what, const struct capability *all, int n)
{
    int scores[RATED], k = 0;
    const struct capability *latest = NULL;
    for (int i = 0; i < n; i++)
        if (!strcmp(all[i].what, what)) {
            latest = latest ? latest : &all[i];
            scores[k++] = all[i].score;
        }
    struct buf b = BUF_ON(c->mem);
    buf_puts(&b, arena_printf(c->mem, "%s %s", call_word(c, WORD_CAPABILITY, what), median_text(c, scores, k)));
    if (latest && latest->outsourced)
        buf_join(&b, comma(c), outsourced_text(c, latest));
    return arena_strdup(c->mem, buf_str(&b));
}

static int rated(struct call *c, int64_t partner, struct capability *all, struct err *e)
{
    return capability_list(c->db, c->mem, partner, day_of(c->now_ms, c->when.team_zone) - YEAR_DAYS, all, RATED, e);
}

bool put_capabilities(struct reply *r, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct capability *all = ARENA_ARRAY(c->mem, struct capability, RATED);
    int n = rated(c, partner, all, e);
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; n && i < CAPABILITIES; i++)
        buf_join(&b, FACTS, score_text(c, capabilities[i], all, n));
    reply_field(r, "capability.label", buf_str(&b));
    return e->code == ERR_NONE;
}

/* All eight, each with its raters and their evidence. */
static bool show_capabilities(struct call *c, int64_t partner, struct err *e)
{
    struct capability *all = ARENA_ARRAY(c->mem, struct capability, RATED);
    int n = rated(c, partner, all, e);
    char *id = call_ref(c, 'P', partner);
    struct reply *r = reply_titled(c, REPLY_OK, "capability.known", arena_printf(c->mem, "%s" FACTS "%s", id, label_partner(c, partner)));
    reply_record(r, id, "shown");
    for (int i = 0; i < CAPABILITIES; i++) {
        reply_item(r, score_text(c, capabilities[i], all, n), NULL);
        for (int k = 0; k < n; k++) {
            if (strcmp(all[k].what, capabilities[i]) != 0 || !note_known(c, all[k].note_id))
                continue;
            reply_item_note(r, arena_printf(c->mem, "%s %d" FACTS "%s", label_member(c, all[k].member_id), all[k].score,
                when_format_day(&c->when, c->mem, c->locale, all[k].at_day)), NULL, all[k].note_id, 0);
        }
    }
    return e->code == ERR_NONE;
}

/* outsourced to Kakyo: one of our partners, or a firm that is none. */
static void take_sourcing(struct call *c, struct capability *k)
{
    const struct frame *f = c->f;
    struct name_hit hits[4];
    const char *how = f->word[WORD_SOURCING];
    k->outsourced = f->outsourced_to || (how && !strcmp(how, "outsourced"));
    int n = f->outsourced_to ? names_find(c->names, c->mem, f->outsourced_to, hits, 4) : 0;
    for (int i = 0; i < n && !k->to_partner; i++)
        if (hits[i].kind == 'P' && hits[i].id != k->partner_id)
            k->to_partner = hits[i].id;
    k->to_firm = k->to_partner ? NULL : f->outsourced_to;
}

static bool capability_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct capability k = { .partner_id = f->partners[0], .what = f->word[WORD_CAPABILITY], .score = (int)f->number,
        .at_day = day_of(f->when.at_ms, c->when.zone), .member_id = c->member->id };
    int64_t rev;
    if (!k.what && !f->has_number && !f->note)
        return show_capabilities(c, k.partner_id, e);
    if (!k.what)
        return fail(e, ERR_USAGE, "capability.which", NULL, "no capability");
    if (!f->has_number || f->number > BEST)
        return fail(e, ERR_USAGE, "capability.score", NULL, "bad score");
    take_sourcing(c, &k);
    if (!store_note(c, "all", 0, &k.note_id, &rev, e) || !capability_add(c->db, &k, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'P', k.partner_id);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, id);
    buf_join(&b, FACTS, label_partner(c, k.partner_id));
    buf_join(&b, FACTS, arena_printf(c->mem, "%s %d", call_word(c, WORD_CAPABILITY, k.what), k.score));
    bool assumed = !f->outsourced_to && !f->word[WORD_SOURCING];
    buf_join(&b, FACTS, k.outsourced ? outsourced_text(c, &k) : label_assumed(c, assumed, call_word(c, WORD_SOURCING, "in_house")));
    buf_join(&b, FACTS, when_format_day(&c->when, c->mem, c->locale, k.at_day));
    struct reply *r = reply_titled(c, REPLY_OK, "capability.noted", buf_str(&b));
    reply_record(r, id, "changed");
    reply_data(r, "capability", k.what);
    reply_data_int(r, "score", k.score);
    reply_data_int(r, "outsourced", k.outsourced);
    if (assumed)
        reply_assumed(r, "outsourced");
    if (k.note_id)
        reply_note(r, k.note_id, 0);
    else
        reply_soft(r, call_text(c, "capability.no_evidence", NO_ARGS));
    if (!put_capabilities(r, k.partner_id, e))
        return false;
    show_and_undo(r, id);
    return true;
}

const struct command capability_command = { .id = "capability", .args = capability_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = capability_run };

/* Analytics since 2 Feb, Media 1 Jan 2025 – 2 Feb */
bool put_focus(struct reply *r, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct capability_tag list[TAGS];
    int n = capability_tag_list(c->db, c->mem, partner, list, TAGS, e);
    struct buf now = BUF_ON(c->mem), before = BUF_ON(c->mem);
    for (int i = 0; i < n; i++) {
        const struct capability_tag *t = &list[i];
        char *from = when_format_day(&c->when, c->mem, c->locale, t->from_day);
        char *to = t->to_day ? when_format_day(&c->when, c->mem, c->locale, t->to_day) : "";
        buf_join(t->to_day ? &before : &now, comma(c), call_text(c, t->to_day ? "focus.until" : "focus.since",
            ARGS(TXT("tag", call_word(c, WORD_CAPTAG, t->tag)), TXT("from", from), TXT("to", to))));
    }
    reply_field(r, "focus.label", buf_str(&now));
    reply_field(r, "focus.before", buf_str(&before));
    return e->code == ERR_NONE;
}

static bool focus_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    int64_t partner = f->partners[0];
    int32_t day = day_of(f->when.at_ms, c->when.zone);
    bool stops = frame_dated(f, "stopped", day, &day);
    if (words_left(c))
        return true;
    if (stops && !f->n_captags)
        return fail(e, ERR_USAGE, "focus.which", NULL, "nothing named");
    for (int i = 0; i < f->n_captags; i++)
        if (!(stops ? capability_tag_end(c->db, partner, f->captags[i], day, e)
                    : capability_tag_begin(c->db, partner, f->captags[i], day, c->member->id, c->now_ms, e)))
            return false;
    char *id = call_ref(c, 'P', partner);
    struct reply *r = reply_titled(c, REPLY_OK, "focus.noted", arena_printf(c->mem, "%s" FACTS "%s", id, label_partner(c, partner)));
    reply_record(r, id, f->n_captags ? "changed" : "shown");
    if (!put_focus(r, partner, e))
        return false;
    if (!r->part)
        reply_soft(r, call_text(c, "focus.none", NO_ARGS));
    if (f->n_captags)
        show_and_undo(r, id);
    return true;
}

const struct command focus_command = { .id = "focus", .args = focus_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = focus_run };
