/* edit: every record can be put right, and keeps what it said before. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/core/search.h"
#include "bot/store/focus.h"
#include "handlers/correct.h"
#include "handlers/deals.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg edit_args[] = {
    { "record", ARG_RECORD, 0 },
    { "person", ARG_PERSON, MANY },
    { "partner", ARG_PARTNER, MANY },
    { "customer", ARG_CUSTOMER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "channel", ARG_CHANNEL, 0 },
    { "minutes", ARG_MINUTES, 0 },
    { "when", ARG_WHEN, 0 },
    { "outcome", ARG_OUTCOME, 0 },
    { "stance", ARG_STANCE, 0 },
    { "layer", ARG_LAYER, 0 },
    { "money", ARG_MONEY, 0 },
    { "origin", ARG_ORIGIN, 0 },
    { "member", ARG_MEMBER, 0 },
    { "level", ARG_LEVEL, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

/* A new revision of the note: other words, another level, or both. */
static bool edit_note(struct call *c, int64_t *note, int64_t *rev, int64_t deal,
    const char *usual, struct err *e)
{
    struct note_text t;
    const char *level = c->f->word[WORD_LEVEL];
    if (!c->f->note && !level)
        return true;
    if (!*note)
        return store_note(c, usual, deal, note, rev, e);
    if (!note_text_read(c->db, c->mem, *note, *rev, c->member->id, &t, e))
        return e->code == ERR_NONE ? fail(e, ERR_FORBIDDEN, "edit.not_yours", NULL, "not author") : false;
    if (t.author_id != c->member->id)
        return fail(e, ERR_FORBIDDEN, "edit.not_yours", NULL, "not author");
    if (c->f->note)
        t.text = c->f->note;
    if (level)
        t.level = level;
    if (!search_add(c->db, c->mem, &t, c->now_ms, e))
        return false;
    *rev = t.rev;
    return true;
}

/* Who reads it from now on, where that was typed. */
static char *readers_text(struct call *c)
{
    const char *level = c->f->word[WORD_LEVEL];
    return level ? level_text(c, level, "") : NULL;
}

static void keep_private(struct call *c, struct reply *r)
{
    const char *level = c->f->word[WORD_LEVEL];
    if (level && (!strcmp(level, "me") || !strcmp(level, "offrecord")))
        reply_private(r);
}

static void edit_people(struct call *c, struct touch *t, struct err *e)
{
    const struct frame *f = c->f;
    if (!f->n_people && !f->n_labels && !f->n_partners && !f->n_customers && !f->others)
        return;
    struct touch fresh = *t;
    fresh.n_people = fresh.n_partners = 0;
    fresh.customer_id = 0;
    if (!take_people(c, &fresh, e))
        return;
    if (f->n_people || f->n_labels) {
        *t = fresh;
    } else { /* only firms were typed: the people stay */
        memcpy(t->partners, fresh.partners, sizeof t->partners);
        t->n_partners = fresh.n_partners ? fresh.n_partners : t->n_partners;
        t->customer_id = fresh.customer_id ? fresh.customer_id : t->customer_id;
    }
}

/* A day alone keeps the hour, an hour alone the day. */
static int64_t moved_to(struct call *c, int64_t at_ms)
{
    const struct when *w = &c->f->when;
    struct civil was = civil_of(at_ms, c->when.zone), is = civil_of(w->at_ms, c->when.zone);
    struct civil day = w->has_date ? is : was, hour = w->has_time ? is : was;
    day.hour = hour.hour;
    day.minute = hour.minute;
    day.second = hour.second;
    return instant_of(&day, c->when.zone);
}

static void join_changed(struct buf *b, char *was, const char *now)
{
    if (strcmp(was ? was : "", now ? now : "") != 0)
        buf_join(b, " · ", was);
}

static char *length_text(struct call *c, const struct touch *t)
{
    return t->minutes ? when_format_minutes(&c->when, c->mem, c->locale, t->minutes) : NULL;
}

/* Was: Zoom · 45 min, or: Changed, where nothing of the line is another. */
static char *was_text(struct call *c, const struct touch *was, const struct touch *now)
{
    struct buf b = BUF_ON(c->mem);
    join_changed(&b, channel_text(c, was), channel_text(c, now));
    join_changed(&b, people_text(c, was, NULL), people_text(c, now, NULL));
    join_changed(&b, length_text(c, was), length_text(c, now));
    join_changed(&b, label_date(c, was->at_ms), label_date(c, now->at_ms));
    return b.n ? call_text(c, "edit.was", ARGS(TXT("was", arena_strdup(c->mem, buf_str(&b)))))
               : call_text(c, "edit.changed", NO_ARGS);
}

static bool edit_touch(struct call *c, struct ref ref, struct err *e)
{
    struct touch t, was;
    const struct frame *f = c->f;
    if (!touch_load(c->db, c->mem, ref.kind, ref.no, &t, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, ref.kind, ref.no))), "no record") : false;
    if (!may_change(c, t.member_id, e))
        return false;
    was = t;
    if (f->word[WORD_CHANNEL]) {
        t.channel = f->word[WORD_CHANNEL];
        t.place = f->word[WORD_PLACE];
    }
    if (f->word[WORD_OUTCOME])
        t.outcome = f->word[WORD_OUTCOME];
    if (f->minutes)
        t.minutes = f->minutes;
    if (f->when.has_date || f->when.has_time)
        t.at_ms = moved_to(c, t.at_ms);
    struct meant_deal meant;
    if (t.at_ms > c->now_ms + 10 * MINUTE_MS)
        return fail(e, ERR_USAGE, "edit.ahead", ARGS(TXT("when", label_date(c, t.at_ms))), "ahead");
    if (!find_deal(c, 0, 0, &meant, e))
        return false;
    t.deal_id = meant.id ? meant.id : t.deal_id;
    edit_people(c, &t, e);
    if (f->note)
        t.cues = cue_list(c); /* read in the note that is now another */
    if (e->code != ERR_NONE || !edit_note(c, &t.note_id, &t.note_rev, t.deal_id, "all", e) ||
        !touch_update(c->db, c->mem, &t, c->now_ms, e))
        return false;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", touch_line(c, &t));
    buf_join(&b, " · ", readers_text(c));
    struct reply *r = reply_titled(c, REPLY_OK, "edit.changed", buf_str(&b));
    keep_private(c, r);
    reply_soft(r, was_text(c, &was, &t));
    if (t.note_id)
        reply_note(r, t.note_id, t.note_rev);
    if (f->note)
        reply_soft(r, cues_text(c, "touch.cue"));
    if (t.deal_id)
        reply_soft(r, call_text(c, "touch.deal", ARGS(TXT("deal", label_deal(c, t.deal_id)))));
    correct_buttons(c, r, call_ref(c, t.kind, t.no));
    record_touch(c, r, &t, "changed", f->word[WORD_LEVEL]);
    return true;
}

static bool edit_consensus(struct call *c, struct ref ref, struct err *e)
{
    struct note n;
    const struct frame *f = c->f;
    if (!note_load(c->db, c->mem, ref.no, &n, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, 'N', ref.no))), "no record") : false;
    if (!may_change(c, n.member_id, e))
        return false;
    if (f->word[WORD_STANCE])
        n.stance = f->word[WORD_STANCE];
    if (f->word[WORD_LAYER])
        n.layer = f->word[WORD_LAYER];
    if (f->n_people)
        n.from_person = f->people[0];
    if (f->n_customers)
        n.customer_id = f->customers[0];
    if (f->when.has_date || f->when.has_time)
        n.at_ms = moved_to(c, n.at_ms);
    if (!edit_note(c, &n.note_id, &n.note_rev, n.deal_id, n.deal_id ? "deal" : "managers", e) || !note_update(c->db, &n, e))
        return false;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", note_line(c, &n));
    buf_join(&b, " · ", readers_text(c));
    struct reply *r = reply_titled(c, REPLY_OK, "edit.changed", buf_str(&b));
    keep_private(c, r);
    reply_soft(r, call_text(c, "edit.changed", NO_ARGS));
    if (n.note_id)
        reply_note(r, n.note_id, n.note_rev);
    correct_buttons(c, r, call_ref(c, 'N', n.id));
    reply_record(r, call_ref(c, 'N', n.id), "changed");
    reply_data(r, "stance", n.stance);
    reply_data(r, "layer", n.layer);
    reply_data_note(r, n.note_id, n.note_rev);
    return true;
}

static void replace(struct buf *now, struct buf *was, const char *is, const char *before)
{
    buf_join(was, " · ", before);
    buf_join(now, " · ", is);
}

/* What was wrong from the start; what becomes different later is `deal change`. Value and
 * origin stand in the title anyway, so `now` has the rest. */
static bool edit_facts(struct call *c, struct deal *d, struct buf *now, struct buf *was, struct err *e)
{
    const struct frame *f = c->f;
    if (f->has_money) {
        buf_join(was, " · ", d->has_value ? label_money(c, d->value_minor, d->currency) : NULL);
        d->has_value = true;
        d->value_minor = f->money.minor;
        d->currency = f->money.currency;
    }
    if (f->word[WORD_ORIGIN] && strcmp(f->word[WORD_ORIGIN], d->origin) != 0) {
        buf_join(was, " · ", call_word(c, WORD_ORIGIN, d->origin));
        d->origin = f->word[WORD_ORIGIN];
    }
    if (f->n_partners && f->partners[0] != d->partner_id) {
        replace(now, was, label_partner(c, f->partners[0]), d->partner_id ? label_partner(c, d->partner_id) : NULL);
        d->partner_id = f->partners[0];
    }
    if (f->n_customers && f->customers[0] != d->customer_id) {
        buf_join(was, " · ", d->customer_id ? label_customer(c, d->customer_id) : NULL);
        d->customer_id = f->customers[0];
    }
    if (f->when.has_date) {
        replace(now, was, label_date(c, f->when.at_ms), label_date(c, d->registered_ms));
        d->registered_ms = f->when.at_ms;
    }
    return deal_take_owners(c, d, now, was, e);
}

static bool edit_deal(struct call *c, struct ref ref, struct err *e)
{
    struct deal d;
    const struct frame *f = c->f;
    struct buf now = BUF_ON(c->mem), was = BUF_ON(c->mem), b = BUF_ON(c->mem);
    if (!deal_load(c->db, c->mem, ref.no, &d, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "deal.none", ARGS(TXT("id", call_ref(c, 'D', ref.no))), "no deal") : false;
    if (!may_change(c, d.owner_id, e) || !edit_facts(c, &d, &now, &was, e))
        return false;
    if (!now.n && !was.n && !f->has_money)
        return fail(e, ERR_USAGE, "deal.change_what", ARGS(TXT("id", call_ref(c, 'D', d.id))), "no change");
    if (!deal_update(c->db, &d, e))
        return false;
    buf_join(&b, " · ", label_deal(c, d.id));
    if (d.has_value)
        buf_join(&b, " · ", label_money(c, d.value_minor, d.currency));
    buf_join(&b, " · ", call_word(c, WORD_ORIGIN, d.origin));
    buf_join(&b, " · ", buf_str(&now));
    struct reply *r = reply_titled(c, REPLY_OK, "edit.changed", buf_str(&b));
    reply_soft(r, was.n ? call_text(c, "edit.was", ARGS(TXT("was", buf_str(&was)))) : call_text(c, "edit.changed", NO_ARGS));
    correct_buttons(c, r, call_ref(c, 'D', d.id));
    reply_record(r, call_ref(c, 'D', d.id), "changed");
    return true;
}

/* Is anything said besides the record? */
static bool says_change(const struct frame *f)
{
    for (int i = 0; i < WORD__MAX; i++)
        if (f->word[i])
            return true;
    return f->note || f->minutes || f->when.has_date || f->when.has_time || f->has_money ||
           f->others || f->n_labels || f->n_refs > 1 ||
           f->n_people + f->n_partners + f->n_customers + f->n_members > 0 || f->co_owner;
}

/* Which record? The latest of the member stand to choose from; the text is kept. */
static bool ask_record(struct call *c, struct err *e)
{
    enum { LATEST = 3 };
    struct touch *t = ARENA_ARRAY(c->mem, struct touch, LATEST);
    struct option options[LATEST + 1];
    struct touch_filter by = { .member = c->member->id, .from_ms = c->now_ms - 7 * DAY_MS, .to_ms = c->now_ms + 1 };
    int n = touch_list(c->db, c->mem, &by, t, LATEST, e);
    if (e->code != ERR_NONE)
        return false;
    if (!n || !says_change(c->f) || (c->f->note && !c->f->separated))
        return fail(e, ERR_USAGE, "edit.which", NULL, "no record");
    struct reply *r = reply_new(c, REPLY_ASK, "edit.which_one", NO_ARGS);
    for (int i = 0; i < n; i++) {
        char *id = call_ref(c, t[i].kind, t[i].no);
        reply_item(r, touch_line(c, &t[i]), NULL);
        options[i] = (struct option){ id, NULL, id, "plain" };
    }
    options[n] = (struct option){ call_text(c, "button.drop", NO_ARGS), "drop|no|破棄", "drop", "quiet" };
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, "edit.which", "$record", options, n + 1, false, e);
}

/* The record typed or chosen, else the latest of this conversation within the hour.
 * `asked`: neither, so it was asked. */
static bool which_record(struct call *c, struct ref *out, bool *asked, struct err *e)
{
    char *latest = NULL;
    const char *settled = ask_settled(c, "$record");
    *asked = false;
    if (c->f->n_refs && strchr("TMNDCPAF", c->f->refs[0].kind)) {
        *out = c->f->refs[0];
        return true;
    }
    int64_t hour_ago = c->now_ms - 60 * MINUTE_MS;
    bool loose = c->f->note && !c->f->separated; /* prose, not what is different */
    if (!settled && !loose)
        (void)focus_get(c->db, c->mem, c->member->id, c->conversation, "record", hour_ago, &latest, e);
    if (e->code != ERR_NONE)
        return false;
    const char *found = settled ? settled : latest;
    *asked = !found;
    if (!found)
        return ask_record(c, e);
    *out = (struct ref){ found[0], strtoll(found + 1, NULL, 10) };
    return true;
}

static bool edit_run(struct call *c, struct err *e)
{
    struct ref ref = { 0 };
    bool asked;
    e->code = ERR_NONE;
    if (!which_record(c, &ref, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (strchr("TMND", ref.kind) && !says_change(c->f))
        return fail(e, ERR_USAGE, "edit.what", ARGS(TXT("id", call_ref(c, ref.kind, ref.no))), "no change");
    switch (ref.kind) {
    case 'T':
    case 'M':
        return edit_touch(c, ref, e);
    case 'N':
        return edit_consensus(c, ref, e);
    case 'D':
        return edit_deal(c, ref, e);
    default: {
        const char *with = ref.kind == 'C' ? "contact" : ref.kind == 'P' ? "partner" : ref.kind == 'A' ? "customer" : "snooze";
        return fail(e, ERR_USAGE, "edit.use", ARGS(TXT("id", call_ref(c, ref.kind, ref.no)),
            TXT("command", catalogue_item(c->words, c->locale, arena_printf(c->mem, "commands.%s.words", with), 0))), "wrong command");
    }
    }
}

const struct command edit_command = { .id = "edit", .args = edit_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = edit_run };
