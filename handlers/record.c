#include "handlers/record.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/core/rank.h"
#include "bot/core/search.h"
#include "bot/store/check_in.h"

enum { DEAL_DAYS = 30, ATTENDEES = 30 };

static int64_t typed_deal(const struct call *c)
{
    const struct frame *f = c->f;
    const char *settled = ask_settled(c, "$deal");
    if (settled)
        return strtoll(settled, NULL, 10);
    for (int i = 0; i < f->n_refs; i++)
        if (f->refs[i].kind == 'D')
            return f->refs[i].no;
    return 0;
}

static int without_paused(struct deal *list, int n)
{
    int k = 0;
    for (int i = 0; i < n; i++)
        if (strcmp(list[i].state, "paused") != 0)
            list[k++] = list[i];
    return k;
}

bool find_deal(struct call *c, int64_t customer, int64_t partner, struct meant_deal *out,
    struct err *e)
{
    struct deal typed;
    *out = (struct meant_deal){ .id = typed_deal(c) };
    if (out->id) {
        if (deal_load(c->db, c->mem, out->id, &typed, e))
            return true;
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "deal.none",
            ARGS(TXT("id", call_ref(c, 'D', out->id))), "no deal") : false;
    }
    struct deal_filter by = { .customer = customer, .live = true };
    if (!customer) {
        by = (struct deal_filter){ .partner = partner, .live = true,
            .touched_by = c->member->id, .since_ms = c->now_ms - DEAL_DAYS * DAY_MS };
        if (!partner)
            return true;
    }
    struct deal found[4];
    int n = without_paused(found, deal_list(c->db, c->mem, &by, found, 4, e));
    if (n == 1) {
        out->id = found[0].id;
        out->assumed = true;
    }
    for (int i = 0; n > 1 && i < n && i < 3; i++)
        out->several[out->n_several++] = found[i];
    return e->code == ERR_NONE;
}

/* Which deal? Asked with the likeliest three. */
static bool ask_deal(struct call *c, struct reply *r, const struct deal *several, int n,
    struct err *e)
{
    struct option options[3];
    for (int i = 0; i < n; i++)
        options[i] = (struct option){ label_deal(c, several[i].id),
            call_ref(c, 'D', several[i].id), arena_printf(c->mem, "%lld", (long long)several[i].id), "plain" };
    return ask_question(c, r, "deal.which", "$deal", options, n, false, e);
}

/* A partner's user: by its number, or the customer's only live one with the partner. Others
 * are not there. */
static bool own_deal(struct call *c, struct deal *out, struct err *e)
{
    int64_t partner = c->member->partner_id, typed = typed_deal(c);
    struct deal_filter by = { .partner = partner, .customer = c->f->n_customers ? c->f->customers[0] : 0, .live = true };
    struct deal found[2];
    e->code = ERR_NONE;
    if (typed) {
        bool own = partner_owns(c->db, partner, 'D', typed, e) && deal_load(c->db, c->mem, typed, out, e);
        return own || (e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "deal.none", ARGS(TXT("id", call_ref(c, 'D', typed))), "no deal"));
    }
    int n = partner && by.customer ? deal_list(c->db, c->mem, &by, found, 2, e) : 0;
    if (n == 1)
        *out = found[0];
    return n == 1 || (e->code == ERR_NONE && fail(e, ERR_USAGE, "deal.name_one", NULL, "no deal"));
}

bool need_deal(struct call *c, struct deal *out, bool *asked, struct err *e)
{
    if (c->member->roles == ROLE_PARTNER) {
        *asked = false;
        return own_deal(c, out, e);
    }
    struct meant_deal meant = { .id = typed_deal(c) };
    int64_t customer = c->f->n_customers ? c->f->customers[0] : 0, typed = meant.id;
    *asked = false;
    if (typed && deal_load(c->db, c->mem, typed, out, e))
        return true;
    if (typed ? e->code != ERR_NONE : !find_deal(c, customer, 0, &meant, e))
        return false;
    if (!typed && meant.id)
        return deal_load(c->db, c->mem, meant.id, out, e);
    if (customer && !meant.n_several) { /* the latest closed one: reopen, refund */
        struct deal_filter by = { .customer = customer };
        struct deal found[2];
        if (deal_list(c->db, c->mem, &by, found, 2, e) == 1) {
            *out = found[0];
            return true;
        }
    }
    if (!customer && c->f->n_partners) { /* the partner's only live one */
        struct deal_filter by = { .partner = c->f->partners[0], .live = true };
        meant.n_several = deal_list(c->db, c->mem, &by, meant.several, 3, e);
        if (meant.n_several == 1) {
            *out = meant.several[0];
            return true;
        }
    }
    if (!meant.n_several) {
        struct deal_filter mine = { .owner = c->member->id, .live = true };
        meant.n_several = deal_list(c->db, c->mem, &mine, meant.several, 3, e);
    }
    if (e->code != ERR_NONE)
        return false;
    *asked = meant.n_several > 0;
    if (typed && *asked)
        return ask_deal(c, reply_new(c, REPLY_ASK, "deal.none_but", ARGS(TXT("id", call_ref(c, 'D', typed)))),
            meant.several, meant.n_several, e);
    if (typed)
        return fail(e, ERR_NOT_FOUND, "deal.none", ARGS(TXT("id", call_ref(c, 'D', typed))), "no deal");
    if (*asked)
        return ask_deal(c, reply_new(c, REPLY_ASK, "deal.which", NO_ARGS), meant.several, meant.n_several, e);
    return fail(e, ERR_USAGE, "deal.name_one", NULL, "no deal");
}

bool words_left(struct call *c)
{
    const struct frame *f = c->f;
    struct buf b = BUF_ON(c->mem);
    if (!f->n_words && (!f->note || !*f->note))
        return false;
    for (int i = 0; i < f->n_words; i++)
        buf_join(&b, " ", f->words[i]);
    buf_join(&b, " ", f->note);
    struct reply *r = reply_new(c, REPLY_REFUSED, "words.left", ARGS(TXT("words", buf_str(&b))));
    reply_line(r, command_usage(c->mem, c->words, c->locale, c->command));
    reply_button_line(r, "button.complete");
    return true;
}

const char *typed_link(struct call *c)
{
    struct frame *f = c->f;
    const char *at = strstr(c->text, "https://");
    int k = 0;
    at = at ? at : strstr(c->text, "http://");
    if (!at)
        return NULL;
    char *link = arena_strndup(c->mem, at, strcspn(at, " \n"));
    for (int i = 0; i < f->n_words; i++)
        if (!strstr(link, f->words[i]))
            f->words[k++] = f->words[i];
    f->n_words = k;
    return link;
}

void show_and_undo(struct reply *r, const char *id)
{
    struct call *c = r->call;
    const char *word = catalogue_item(c->words, c->locale, "commands.show.words", 0);
    reply_button(r, "plain", arena_printf(c->mem, "%s %s", word, id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
}

const char *level_of(const struct call *c, const char *fallback)
{
    return c->f->word[WORD_LEVEL] ? c->f->word[WORD_LEVEL] : fallback;
}

bool store_words(struct call *c, const char *text, const char *level, int64_t deal,
    int64_t *note, int64_t *rev, struct err *e)
{
    struct note_text t = { .id = *note, .author_id = c->member->id, .level = level_of(c, level),
        .deal_id = deal, .market = c->member->market, .text = text };
    if (!search_add(c->db, c->mem, &t, c->now_ms, e))
        return false;
    *note = t.id;
    *rev = t.rev;
    for (int i = 0; i < c->f->n_members; i++)
        if (!strcmp(t.level, "offrecord") && !note_reader_add(c->db, t.id, c->f->members[i], e))
            return false;
    return true;
}

bool store_note(struct call *c, const char *level, int64_t deal, int64_t *note, int64_t *rev,
    struct err *e)
{
    *note = *rev = 0;
    return !c->f->note || !*c->f->note || store_words(c, c->f->note, level, deal, note, rev, e);
}

char *level_text(struct call *c, const char *level, const char *usual)
{
    if (!strcmp(level, usual))
        return NULL;
    if (!strcmp(level, "offrecord") && c->f->n_members) {
        struct buf b = BUF_ON(c->mem);
        for (int i = 0; i < c->f->n_members; i++)
            buf_join(&b, call_text(c, "list.comma", NO_ARGS), label_member(c, c->f->members[i]));
        return call_text(c, "level.offrecord_for", ARGS(TXT("who", buf_str(&b))));
    }
    return call_text(c, arena_printf(c->mem, "level.%s", level), NO_ARGS);
}

char *people_text(struct call *c, const struct touch *t, const char *honorific)
{
    struct buf b = BUF_ON(c->mem);
    const char *comma = call_text(c, "list.comma", NO_ARGS);
    struct attendee room[TOUCH_PEOPLE];
    int n = rank_attendees(c, t, room);
    for (int i = 0; i < n; i++) {
        const struct attendee *a = &room[i];
        const char *typed = a->at ? NULL : honorific; /* of the one named first */
        const char *manner = t->manners[a->at];
        buf_join(&b, comma, !a->known ? label_unnamed(c, t->labels[a->at], manner)
                            : n == 1  ? label_manner(c, label_person_at(c, &a->person, typed), manner)
                                      : label_manner(c, label_person(c, &a->person, typed), manner));
    }
    if (t->others)
        buf_join(&b, comma, call_text(c, "person.others", ARGS(NUM("n", t->others))));
    if (b.n)
        return arena_strdup(c->mem, buf_str(&b));
    if (t->customer_id && !t->n_partners)
        return label_customer(c, t->customer_id);
    for (int i = 0; i < t->n_partners; i++)
        buf_join(&b, comma, label_partner(c, t->partners[i]));
    return arena_strdup(c->mem, buf_str(&b));
}

char *channel_text(struct call *c, const struct touch *t)
{
    char *channel = call_word(c, WORD_CHANNEL, t->channel ? t->channel : "unknown");
    if (!t->channel || !strcmp(t->channel, "unknown"))
        channel = call_text(c, "touch.no_channel", NO_ARGS);
    if (t->place)
        channel = call_text(c, "touch.place", ARGS(TXT("channel", channel), TXT("place", t->place)));
    if (!t->outcome || !strcmp(t->outcome, "reached"))
        return channel;
    return call_text(c, "touch.attempt", ARGS(TXT("channel", channel), TXT("outcome",
                                             call_word(c, WORD_OUTCOME, t->outcome))));
}

char *when_text(struct call *c, const struct frame *f, int64_t at_ms)
{
    const struct when *w = &f->when;
    bool typed = w->has_date || w->has_time;
    char *text = w->has_date && !w->has_time
                     ? when_format_day(&c->when, c->mem, c->locale, day_of(at_ms, c->when.zone))
                     : when_format(&c->when, c->mem, c->locale, at_ms);
    return label_assumed(c, !typed || w->approximate, text);
}

void record_touch(struct call *c, struct reply *r, const struct touch *t, const char *verb,
    const char *level)
{
    reply_record(r, call_ref(c, t->kind, t->no), verb);
    reply_data(r, "channel", t->channel);
    reply_data(r, "outcome", t->outcome);
    reply_data(r, "place", t->place);
    reply_data_ms(r, "at", t->at_ms);
    if (t->minutes)
        reply_data_int(r, "minutes", t->minutes);
    for (int i = 0; i < t->n_people; i++) {
        if (t->people[i])
            reply_data_add(r, "people", 'C', t->people[i]);
        else
            reply_data_append(r, "unnamed", t->labels[i]);
    }
    for (int i = 0; i < t->n_partners; i++)
        reply_data_add(r, "partners", 'P', t->partners[i]);
    reply_data_ref(r, "customer", 'A', t->customer_id);
    reply_data_ref(r, "deal", 'D', t->deal_id);
    if (t->others)
        reply_data_int(r, "others", t->others);
    if (t->currency) {
        reply_data_int(r, "value_minor", t->amount_minor);
        reply_data(r, "currency", t->currency);
    }
    reply_data(r, "visibility", level);
    reply_data(r, "cues", t->cues);
    reply_data_note(r, t->note_id, t->note_rev);
}

void button_who(struct call *c, struct reply *r, const char *id, const char *label)
{
    reply_button(r, "fill", call_text(c, "identify.say", ARGS(TXT("id", id), TXT("label", label))),
        "button.who", ARGS(TXT("label", label)));
}

void correct_buttons(struct call *c, struct reply *r, const char *id)
{
    reply_button(r, "fill", arena_printf(c->mem, "edit %s ", id), "button.edit", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
}

static void add_partner(struct touch *t, int64_t id)
{
    for (int i = 0; i < t->n_partners; i++)
        if (t->partners[i] == id)
            return;
    if (id && t->n_partners < TOUCH_PARTNERS)
        t->partners[t->n_partners++] = id;
}

bool take_people(struct call *c, struct touch *t, struct err *e)
{
    const struct frame *f = c->f;
    struct person p;
    if (f->n_labels + f->n_people > ATTENDEES)
        return fail(e, ERR_USAGE, "met.too_many", ARGS(NUM("max", ATTENDEES)), "too many");
    for (int i = 0; i < f->n_partners; i++)
        add_partner(t, f->partners[i]);
    if (f->n_customers)
        t->customer_id = f->customers[0];
    for (int i = 0; i < f->n_labels && t->n_people < TOUCH_PEOPLE; i++) {
        t->manners[t->n_people] = f->manners[i];
        t->labels[t->n_people++] = f->labels[i];
    }
    for (int i = 0; i < f->n_people && t->n_people < TOUCH_PEOPLE; i++) {
        if (!person_load(c->db, c->mem, f->people[i], &p, e))
            continue;
        for (int k = 0; k < f->n_quiet; k++)
            if (f->kept_quiet[k].person == f->people[i])
                t->manners[t->n_people] = f->kept_quiet[k].manner;
        t->people[t->n_people++] = p.id;
        add_partner(t, p.partner_id);
        if (!t->customer_id)
            t->customer_id = p.customer_id;
    }
    t->others = f->others;
    return e->code == ERR_NONE;
}

char *cue_list(struct call *c)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < c->f->n_cues; i++)
        buf_join(&b, ",", c->f->cues[i]);
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

char *cues_of(struct call *c, const char *cues, const char *key)
{
    struct buf b = BUF_ON(c->mem);
    char *copy = arena_strdup(c->mem, cues ? cues : ""), *save = NULL;
    for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save))
        buf_join(&b, call_text(c, "list.comma", NO_ARGS), catalogue_word(c->words, c->locale, "cue", w));
    return b.n ? call_text(c, key, ARGS(TXT("cue", arena_strdup(c->mem, buf_str(&b))))) : NULL;
}

char *cues_text(struct call *c, const char *key)
{
    return cues_of(c, cue_list(c), key);
}

void cue_chips(struct call *c, struct reply *r, const char *id)
{
    for (int i = 0; i < c->f->n_cues; i++)
        reply_quick(r, call_text(c, "button.cue_off", ARGS(TXT("cue", catalogue_word(c->words, c->locale, "cue", c->f->cues[i])))),
            arena_printf(c->mem, "cue %s off %s", id, catalogue_word(c->words, 0, "cue", c->f->cues[i])));
}

void readers_button(struct reply *r, const char *id, const char *level)
{
    if (!strcmp(level, "offrecord") && !r->call->f->off_by_phrase)
        reply_button(r, "fill", arena_printf(r->call->mem, "share %s ", id), "button.share", NO_ARGS);
}

char *amount_text(struct call *c, const struct touch *t)
{
    if (!t->currency)
        return NULL;
    char *amount = label_money(c, t->amount_minor, t->currency);
    return c->f->dollar ? arena_printf(c->mem, "%s (%s)", amount, t->currency) : amount;
}
