/* touch: two-way contact, or an attempt at it, in one line; inquiry: the same, where they
 * asked for support. */
#include <string.h>
#include "bot/base/clock.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg touch_args[] = {
    { "person", ARG_PERSON, MANY },
    { "partner", ARG_PARTNER, MANY },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "channel", ARG_CHANNEL, 0 },
    { "minutes", ARG_MINUTES, 0 },
    { "when", ARG_WHEN, 0 },
    { "outcome", ARG_OUTCOME, 0 },
    { "stance", ARG_STANCE, 0 },
    { "money", ARG_MONEY, 0 },
    { "level", ARG_LEVEL, 0 },
    { "member", ARG_MEMBER, MANY },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* ≈Deal D12 Aoba CMS · 7th touch point, last 4 days ago */
static bool echo_deal(struct call *c, struct reply *r, const struct touch *t,
    const struct meant_deal *meant, struct err *e)
{
    int64_t number, last;
    if (!touch_standing(c->db, t, &number, &last, e))
        return false;
    if (t->deal_id) {
        struct buf b = BUF_ON(c->mem);
        buf_join(&b, " · ", label_assumed(c, meant->assumed, call_text(c, "touch.deal",
                                ARGS(TXT("deal", label_deal(c, t->deal_id))))));
        if (last && !strcmp(t->outcome, "reached"))
            buf_join(&b, " · ", call_text(c, "touch.standing", ARGS(NUM("n", number), TXT("last",
                                    when_format_ago(&c->when, c->mem, c->locale, last)))));
        reply_soft(r, buf_str(&b));
        if (meant->assumed)
            reply_assumed(r, "deal");
    }
    for (int i = 0; i < meant->n_several; i++) {
        if (!i)
            reply_soft(r, call_text(c, "touch.which_deal", NO_ARGS));
        reply_quick(r, label_deal(c, meant->several[i].id),
            arena_printf(c->mem, "edit %s D%lld", call_ref(c, t->kind, t->no),
                (long long)meant->several[i].id));
    }
    return true;
}

static void echo_buttons(struct call *c, struct reply *r, const struct touch *t)
{
    const char *id = call_ref(c, t->kind, t->no);
    bool attempt = strcmp(t->outcome, "reached") != 0;
    struct civil now = civil_of(c->now_ms, c->when.zone);
    bool evening = now.hour > 19 || (now.hour == 19 && now.minute >= 30);
    const char *when = attempt || evening ? "tomorrow 10:00" : "tonight";
    const char *who = t->n_people && t->people[0] ? call_ref(c, 'C', t->people[0])
                      : t->deal_id                ? call_ref(c, 'D', t->deal_id)
                      : t->n_partners             ? call_ref(c, 'P', t->partners[0])
                      : t->customer_id            ? call_ref(c, 'A', t->customer_id)
                                                  : NULL;
    if (who)
        reply_button(r, "primary", arena_printf(c->mem, "follow %s %s", who, when),
            attempt   ? "button.try_again"
            : evening ? "button.follow_tomorrow"
                      : "button.follow_tonight", NO_ARGS);
    correct_buttons(c, r, id);
}

static bool echo(struct call *c, const struct touch *t, const struct meant_deal *meant,
    struct err *e)
{
    const char *level = level_of(c, "all");
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, t->kind, t->no));
    buf_join(&b, " · ", channel_text(c, t));
    buf_join(&b, " · ", people_text(c, t, c->f->honorific));
    if (t->minutes)
        buf_join(&b, " · ", when_format_minutes(&c->when, c->mem, c->locale, t->minutes));
    buf_join(&b, " · ", when_text(c, c->f, t->at_ms));
    buf_join(&b, " · ", amount_text(c, t));
    if (t->inquiry)
        buf_join(&b, " · ", call_text(c, "touch.inquiry", NO_ARGS));
    buf_join(&b, " · ", c->f->word[WORD_STANCE] ? call_word(c, WORD_STANCE, c->f->word[WORD_STANCE]) : NULL);
    if (t->note_id)
        buf_join(&b, " · ", level_text(c, level, "all"));
    struct reply *r = reply_titled(c, REPLY_OK, "touch.logged", buf_str(&b));
    if (t->note_id)
        reply_note(r, t->note_id, t->note_rev);
    if (!strcmp(level, "me") || !strcmp(level, "offrecord"))
        reply_private(r);
    if (!c->f->when.has_date && !c->f->when.has_time)
        reply_assumed(r, "at");
    if (!echo_deal(c, r, t, meant, e))
        return false;
    reply_soft(r, cues_text(c, "touch.cue"));
    echo_buttons(c, r, t);
    cue_chips(c, r, call_ref(c, t->kind, t->no));
    if (t->note_id)
        readers_button(r, call_ref(c, t->kind, t->no), level);
    if (c->f->off_by_phrase)
        reply_button(r, "quiet", arena_printf(c->mem, "edit %s all", call_ref(c, t->kind, t->no)),
            "button.open_up", NO_ARGS);
    record_touch(c, r, t, "created", level);
    reply_data(r, "stance", c->f->word[WORD_STANCE]);
    return true;
}

/* A stance said in passing is a consensus note without words, heard from that person. */
static bool add_stance(struct call *c, const struct touch *t, struct err *e)
{
    struct note n = { .customer_id = t->customer_id, .deal_id = t->deal_id,
        .partner_id = t->n_partners ? t->partners[0] : 0, .layer = "after",
        .from_person = t->n_people ? t->people[0] : 0, .stance = c->f->word[WORD_STANCE],
        .member_id = c->member->id, .at_ms = t->at_ms };
    return note_add(c->db, &n, c->now_ms, e) != 0;
}

static bool touch_run(struct call *c, struct err *e)
{
    struct frame *f = c->f;
    struct touch t = { .kind = 'T', .member_id = c->member->id, .minutes = f->minutes,
        .channel = f->word[WORD_CHANNEL], .outcome = f->word[WORD_OUTCOME],
        .place = f->word[WORD_PLACE], .at_ms = f->when.at_ms, .cues = cue_list(c),
        .inquiry = c->command == &inquiry_command,
        .amount_minor = f->money.minor, .currency = f->has_money ? f->money.currency : NULL };
    struct meant_deal meant;
    e->code = ERR_NONE;
    if (f->when.end_ms > t.at_ms)
        t.minutes = (int)((f->when.end_ms - t.at_ms) / MINUTE_MS);
    if (!take_people(c, &t, e))
        return false;
    if (!t.outcome)
        t.outcome = "reached";
    else if (!t.channel && strcmp(t.outcome, "reached"))
        t.channel = "phone"; /* 留守電: there is no other answering machine */
    if (!find_deal(c, t.customer_id, t.n_partners ? t.partners[0] : 0, &meant, e))
        return false;
    t.deal_id = meant.id;
    struct deal d;
    if (t.deal_id && !t.customer_id && deal_load(c->db, c->mem, t.deal_id, &d, e))
        t.customer_id = d.customer_id;
    if (!t.n_people && !t.n_partners && !t.customer_id && !t.deal_id)
        return fail(e, ERR_USAGE, "touch.with_whom", NULL, "nobody named");
    if (!store_note(c, "all", t.deal_id, &t.note_id, &t.note_rev, e) ||
        !touch_add(c->db, &t, c->now_ms, e))
        return false;
    if (t.deal_id && !strcmp(t.outcome, "reached") && !deal_open_if_registered(c->db, t.deal_id, e))
        return false;
    if (f->word[WORD_STANCE] && !add_stance(c, &t, e))
        return false;
    return echo(c, &t, &meant, e);
}

const struct command touch_command = {
    .id = "touch",
    .args = touch_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = touch_run,
};

const struct command inquiry_command = {
    .id = "inquiry",
    .args = touch_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = touch_run,
};
