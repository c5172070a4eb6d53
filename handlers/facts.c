#include "handlers/facts.h"

#include "bot/core/follow_text.h"
#include "bot/core/rank.h"
#include "bot/store/profile.h"
#include <string.h>

const char *comma(struct call *c)
{
    return call_text(c, "look.comma", NO_ARGS);
}

char *typed(struct call *c, const char *command, const char *rest)
{
    const char *word = catalogue_item(
        c->words, c->locale, arena_printf(c->mem, "commands.%s.words", command), 0);
    return arena_printf(c->mem, "%s %s", word ? word : command, rest);
}

char *marked(struct call *c, const char *source, const char *facts)
{
    if (!source || strcmp(source, "demo") != 0)
        return arena_strdup(c->mem, facts);
    return arena_printf(
        c->mem, "%s" FACTS "%s", facts, call_text(c, "mark.demo", NO_ARGS));
}

static void take(int64_t *slot, const int64_t *list, int n)
{
    if (!*slot && n)
        *slot = list[0];
}

static bool exists(struct call *c, const struct ref *ref, struct err *e)
{
    struct person p;
    struct partner g;
    struct customer a;
    struct deal d;
    switch (ref->kind) {
    case 'C':
        return person_load(c->db, c->mem, ref->no, &p, e);
    case 'P':
        return partner_load(c->db, c->mem, ref->no, &g, e);
    case 'A':
        return customer_load(c->db, c->mem, ref->no, &a, e);
    default:
        return deal_load(c->db, c->mem, ref->no, &d, e);
    }
}

bool scope_read(struct call *c, struct scope *s, struct err *e)
{
    const struct frame *f = c->f;
    *s = (struct scope){ 0 };
    for (int i = 0; i < f->n_refs; i++) {
        const struct ref *r = &f->refs[i];
        int64_t *slot = r->kind == 'C'   ? &s->person
                        : r->kind == 'P' ? &s->partner
                        : r->kind == 'A' ? &s->customer
                        : r->kind == 'D' ? &s->deal
                                         : NULL;
        if (!slot)
            continue;
        if (!exists(c, r, e)) {
            if (e->code == ERR_NONE)
                (void)refuse_none(c, r->kind, r->no, e);
            return false;
        }
        if (!*slot)
            *slot = r->no;
    }
    take(&s->person, f->people, f->n_people);
    take(&s->partner, f->partners, f->n_partners);
    take(&s->customer, f->customers, f->n_customers);
    take(&s->member, f->members, f->n_members);
    return true;
}

char *scope_label(struct call *c, const struct scope *s)
{
    struct buf b = BUF_ON(c->mem);
    if (s->deal)
        buf_join(&b, FACTS, label_deal(c, s->deal));
    if (s->customer)
        buf_join(&b, FACTS, label_customer(c, s->customer));
    if (s->partner)
        buf_join(&b, FACTS, label_partner(c, s->partner));
    if (s->person)
        buf_join(&b, FACTS, label_person_id(c, s->person, NULL));
    if (s->member)
        buf_join(&b, FACTS, label_member(c, s->member));
    return arena_strdup(c->mem, buf_str(&b));
}

bool refuse_none(struct call *c, char kind, int64_t no, struct err *e)
{
    struct deal own[CARD_BUTTONS];
    char *id = call_ref(c, kind, no),
         *key = arena_printf(c->mem, "look.named.%c", kind);
    if (catalogue_has(c->words, 0, key))
        id = call_text(c, key, ARGS(TXT("id", id)));
    struct reply *r = reply_new(c, REPLY_REFUSED, "record.none", ARGS(TXT("id", id)));
    if (kind != 'D')
        return true;
    struct deal_filter f = { .owner = c->member->id, .live = true };
    int n = deal_list(c->db, c->mem, &f, own, CARD_BUTTONS, e);
    struct buf names = BUF_ON(c->mem);
    for (int i = 0; i < n; i++) {
        char *ref = call_ref(c, 'D', own[i].id);
        buf_join(&names, comma(c), label_deal(c, own[i].id));
        reply_button_labelled(r, "plain", typed(c, "show", ref), ref);
    }
    if (n)
        reply_text(r, "look.your_deals", ARGS(TXT("list", buf_str(&names))));
    return e->code == ERR_NONE;
}

char *fact_people(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    struct attendee room[TOUCH_PEOPLE];
    int n = rank_attendees(c, t, room);
    for (int i = 0; i < n; i++) {
        const struct attendee *a = &room[i];
        const char *manner = t->manners[a->at];
        buf_join(&b, comma(c), !a->known ? label_unnamed(c, t->labels[a->at], manner)
                               : n == 1  ? label_manner(c, label_person_at(c, &a->person, NULL), manner)
                                         : label_manner(c, label_person(c, &a->person, NULL), manner));
    }
    if (t->others)
        buf_join(&b, comma(c),
            call_text(
                c, b.n ? "look.others" : "look.persons", ARGS(NUM("n", t->others))));
    return arena_strdup(c->mem, buf_str(&b));
}

static char *partners_of(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < t->n_partners; i++)
        buf_join(&b, comma(c), label_partner(c, t->partners[i]));
    return arena_strdup(c->mem, buf_str(&b));
}

/* "unknown" is what the store holds where no channel was said. */
static char *channel_of(struct call *c, const struct touch *t)
{
    const char *word = t->place ? t->place
                       : t->channel && strcmp(t->channel, "unknown") != 0
                           ? call_word(c, WORD_CHANNEL, t->channel)
                           : "";
    if (!t->outcome || !strcmp(t->outcome, "reached"))
        return arena_strdup(c->mem, word);
    return call_text(c, "look.attempt",
        ARGS(TXT("channel", word),
            TXT("outcome", call_word(c, WORD_OUTCOME, t->outcome)),
            TXT("known", *word ? "yes" : "no")));
}

static void join_meeting(struct call *c, struct buf *b, const struct touch *t)
{
    buf_join(b, FACTS,
        t->customer_id ? call_text(c, "look.meeting_with",
                             ARGS(TXT("who", label_customer(c, t->customer_id))))
                       : call_text(c, "look.meeting", NO_ARGS));
    if (!t->channel || strcmp(t->channel, "in_person") != 0 || t->place)
        buf_join(b, FACTS, channel_of(c, t));
    if (t->n_partners)
        buf_join(
            b, FACTS, call_text(c, "look.with", ARGS(TXT("who", partners_of(c, t)))));
}

/* The customer is said where nobody named works there. */
static bool works_there(struct call *c, const struct touch *t)
{
    struct person p;
    struct err e;
    for (int i = 0; i < t->n_people; i++)
        if (t->people[i] && person_load(c->db, c->mem, t->people[i], &p, &e) &&
            p.customer_id == t->customer_id)
            return true;
    return false;
}

static void join_contact(
    struct call *c, struct buf *b, const struct touch *t, const struct scope *known)
{
    char *people = fact_people(c, t);
    buf_join(b, FACTS, channel_of(c, t));
    buf_join(b, FACTS, *people ? people : partners_of(c, t));
    bool said = known &&
                (known->deal || (known->customer && known->customer == t->customer_id));
    if (t->customer_id && !said && !works_there(c, t))
        buf_join(b, FACTS,
            b->n && (*people || t->n_partners)
                ? call_text(c, "look.about",
                      ARGS(TXT("what", label_customer(c, t->customer_id))))
                : label_customer(c, t->customer_id));
}

char *fact_touch(struct call *c, const struct touch *t, const struct scope *known)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, t->kind, t->no));
    if (t->state && strcmp(t->state, "held") != 0)
        buf_join(&b, FACTS,
            call_text(c, arena_printf(c->mem, "look.state.%s", t->state), NO_ARGS));
    if (t->kind == 'M')
        join_meeting(c, &b, t);
    else
        join_contact(c, &b, t, known);
    if (t->minutes)
        buf_join(
            &b, FACTS, when_format_minutes(&c->when, c->mem, c->locale, t->minutes));
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_layer(struct call *c, const struct note *n)
{
    struct person p;
    struct err e;
    if (!strcmp(n->layer, "room"))
        return call_text(c, "look.room", NO_ARGS);
    if (n->from_person && person_load(c->db, c->mem, n->from_person, &p, &e))
        return call_text(c, "look.heard_from",
            ARGS(TXT("who",
                p.title ? label_person_long(c, &p) : label_person(c, &p, NULL))));
    return call_text(c, "look.heard", NO_ARGS);
}

char *fact_note(struct call *c, const struct note *n, bool about)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'N', n->id));
    if (about)
        buf_join(&b, FACTS,
            n->customer_id  ? label_customer(c, n->customer_id)
            : n->deal_id    ? label_deal(c, n->deal_id)
            : n->partner_id ? label_partner(c, n->partner_id)
                            : NULL);
    buf_join(&b, FACTS, fact_layer(c, n));
    buf_join(&b, FACTS, call_word(c, WORD_STANCE, n->stance));
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_standing(struct call *c, const struct deal *d)
{
    bool live = !strcmp(d->state, "open") || !strcmp(d->state, "registered");
    if (live && d->stage)
        return call_word(c, WORD_STAGE, d->stage);
    return call_word(c, WORD_DEAL_ACT, d->state);
}

char *fact_deal(struct call *c, const struct deal *d)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, arena_printf(c->mem, "D%lld %s", (long long)d->id, d->name));
    const char *customer = d->customer_id ? label_customer(c, d->customer_id) : d->name;
    if (strncmp(customer, d->name, strlen(customer)) != 0)
        buf_join(&b, FACTS, customer);
    if (d->partner_id)
        buf_join(&b, FACTS, label_partner(c, d->partner_id));
    if (d->has_value)
        buf_join(&b, FACTS, label_money(c, d->value_minor, d->currency));
    buf_join(&b, FACTS, fact_standing(c, d));
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_owners(struct call *c, const struct deal *d)
{
    struct buf b = BUF_ON(c->mem);
    if (d->owner_id)
        buf_join(&b, comma(c), label_member(c, d->owner_id));
    if (d->co_owner_id)
        buf_join(&b, comma(c), label_member(c, d->co_owner_id));
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_person(struct call *c, const struct person *p)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'C', p->id));
    buf_join(&b, FACTS, label_person_full(c, p));
    buf_join(&b, FACTS, p->org);
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_partner(struct call *c, const struct partner *p)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'P', p->id));
    buf_join(&b, FACTS, p->name);
    buf_join(&b, FACTS, call_word(c, WORD_PARTNER_TYPE, p->type));
    if (p->person)
        buf_join(&b, FACTS, call_text(c, "partner.person", NO_ARGS));
    if (p->silo)
        buf_join(&b, FACTS,
            call_text(
                c, "look.silo", ARGS(TXT("silo", call_word(c, WORD_SILO, p->silo)))));
    return arena_strdup(c->mem, buf_str(&b));
}

static const char *whom(struct call *c, const struct follow *f)
{
    return f->person_id     ? label_person_id(c, f->person_id, NULL)
           : f->customer_id ? label_customer(c, f->customer_id)
           : f->partner_id  ? label_partner(c, f->partner_id)
           : f->deal_id     ? label_deal(c, f->deal_id)
                            : NULL;
}

char *fact_languages(struct call *c, int64_t person, struct err *e)
{
    struct speaks list[PROFILE_ROWS];
    struct buf b = BUF_ON(c->mem);
    int n = speaks_list(c->db, c->mem, person, list, PROFILE_ROWS, e);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), call_text(c, "speaks.one",
            ARGS(TXT("language", call_word(c, WORD_LANGUAGE, list[i].language)),
                TXT("level", call_word(c, WORD_FLUENCY, list[i].level)),
                TXT("known", strcmp(list[i].level, "unknown") ? "yes" : "no"))));
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

char *fact_tags(struct call *c, int64_t person, struct err *e)
{
    struct tag list[PROFILE_ROWS];
    struct buf b = BUF_ON(c->mem);
    int n = tag_list(c->db, c->mem, person, list, PROFILE_ROWS, e);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), call_text(c, arena_printf(c->mem, "tag.%s", list[i].what), ARGS(TXT("firm", list[i].firm))));
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

bool fact_coach(const struct champion *h)
{
    return !h->power && (h->stake || h->sells);
}

char *fact_evidence(struct call *c, const struct champion *h)
{
    const struct {
        const char *word;
        bool known;
    } all[] = { { "power", h->power }, { "stake", h->stake }, { "sells", h->sells } };
    struct buf known = BUF_ON(c->mem), missing = BUF_ON(c->mem);
    for (int i = 0; i < 3; i++)
        buf_join(all[i].known ? &known : &missing, comma(c), call_word(c, WORD_EVIDENCE, all[i].word));
    if (!known.n)
        return NULL;
    return missing.n ? call_text(c, "champion.evidence_part", ARGS(TXT("known", buf_str(&known)), TXT("missing", buf_str(&missing))))
                     : call_text(c, "champion.evidence", ARGS(TXT("known", buf_str(&known))));
}

char *fact_follow(struct call *c, const struct follow *f)
{
    const char *who = whom(c, f);
    bool clock = f->kind && !strcmp(f->kind, "champion");
    char *purpose = clock ? NULL : follow_purpose(c, f);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'F', f->id));
    if (purpose) {
        buf_join(&b, FACTS, who);
        buf_join(&b, FACTS, purpose);
        return arena_strdup(c->mem, buf_str(&b));
    }
    buf_join(&b, FACTS,
        who ? call_text(c, clock ? "look.ask_champion" : "look.follow_with",
                  ARGS(TXT("who", who)))
            : call_text(c, "look.follow", NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_member(struct call *c, const struct member *m)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, arena_printf(c->mem, "%s (%s)", m->name, m->handle));
    buf_join(
        &b, FACTS, call_text(c, arena_printf(c->mem, "web.role.%s", m->role), NO_ARGS));
    buf_join(&b, FACTS, call_word(c, WORD_MARKET, m->market));
    return arena_strdup(c->mem, buf_str(&b));
}

char *fact_sums(struct call *c, const struct deal *deals, int n)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n; i++) {
        int64_t sum = 0;
        bool first = deals[i].has_value;
        for (int k = 0; first && k < i; k++)
            first = !deals[k].has_value ||
                    strcmp(deals[k].currency, deals[i].currency) != 0;
        for (int k = i; first && k < n; k++)
            if (deals[k].has_value && !strcmp(deals[k].currency, deals[i].currency))
                sum += deals[k].value_minor;
        if (first)
            buf_join(&b, comma(c), label_money(c, sum, deals[i].currency));
    }
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

bool note_readable(struct call *c, int64_t note, int64_t rev)
{
    struct note_text t;
    struct err e;
    return note && note_text_read(c->db, c->mem, note, rev, c->member->id, &t, &e);
}

bool note_known(struct call *c, int64_t note)
{
    struct note_text t;
    struct err e;
    if (!note || note_readable(c, note, 0))
        return note != 0;
    return note_text_facts(c->db, c->mem, note, &t, &e) && strcmp(t.level, "me") != 0 &&
           strcmp(t.level, "offrecord") != 0;
}

int64_t some_words(const struct note *n)
{
    return n->note_id       ? n->note_id
           : n->decision_id ? n->decision_id
           : n->concerns_id ? n->concerns_id
                            : n->next_id;
}

bool note_hinted(struct call *c, const struct note *n)
{
    return !some_words(n) || note_known(c, some_words(n));
}

bool note_shown(struct call *c, const struct note *n)
{
    return !some_words(n) || note_readable(c, some_words(n), n->note_id ? n->note_rev : 0);
}
