/* identify and senior: who was in the room. Somebody noted by a title alone is named
 * later, in the meeting that was; who kept silent is noted; who ranks highest is told. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/rank.h"
#include "bot/store/focus.h"
#include "bot/text/fold.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg identify_args[] = {
    { "record", ARG_RECORD, REQUIRED },
    { "label", ARG_LABEL, 0 },
    { "person", ARG_PERSON, MANY },
    { "manner", ARG_MANNER, 0 },
    { 0 },
};
static const struct arg senior_args[] = {
    { "record", ARG_RECORD, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "partner", ARG_PARTNER, 0 },
    { 0 },
};

static bool load_meeting(struct call *c, struct ref ref, struct touch *t, struct err *e)
{
    if (touch_load(c->db, c->mem, ref.kind, ref.no, t, e))
        return true;
    return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", call_ref(c, ref.kind, ref.no))), "no record");
}

/* The author's to change, or a manager's. */
static bool may_name(const struct call *c, const struct touch *t, struct err *e)
{
    if (t->member_id == c->member->id || c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY))
        return true;
    return fail(e, ERR_FORBIDDEN, "edit.not_yours", NULL, "not theirs");
}

static bool same_label(struct call *c, const char *a, const char *b)
{
    return !strcmp(fold_text(c->mem, a, strlen(a)).s, fold_text(c->mem, b, strlen(b)).s) ||
           (rank_title(c, a) != RANK_UNKNOWN && rank_title(c, a) == rank_title(c, b));
}

/* Where somebody noted by `label` stands; -1: nobody is. NULL: the only one there is. */
static int find_label(struct call *c, const struct touch *t, const char *label)
{
    int found = -1, n = 0;
    for (int i = 0; i < t->n_people; i++) {
        if (t->people[i] || !t->labels[i])
            continue;
        n++;
        if (!label || same_label(c, t->labels[i], label)) {
            found = i;
            if (label)
                return i;
        }
    }
    return n == 1 ? found : -1;
}

static int find_person(const struct touch *t, int64_t id)
{
    for (int i = 0; i < t->n_people; i++)
        if (t->people[i] == id)
            return i;
    return -1;
}

static bool no_label(struct call *c, const struct touch *t, const char *label, struct err *e)
{
    char *room = people_text(c, t, NULL);
    return fail(e, ERR_NOT_FOUND, label ? "identify.no_label" : "identify.whom",
        ARGS(TXT("label", label ? label : ""), TXT("id", call_ref(c, t->kind, t->no)), TXT("room", room)), "no label");
}

/* Somebody known takes the place of the label; the title is theirs where none was noted,
 * and a newcomer works at the customer that was met. */
static bool name_label(struct call *c, struct touch *t, int at, int64_t id, struct err *e)
{
    struct person p;
    if (!person_load(c->db, c->mem, id, &p, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.gone", NULL, "gone");
    bool bare = !p.partner_id && !p.customer_id, untitled = !p.title;
    if (untitled)
        p.title = t->labels[at];
    if (bare)
        p.customer_id = t->customer_id;
    if ((bare || untitled) && !person_update(c->db, &p, e))
        return false;
    int already = find_person(t, p.id);
    if (already >= 0) { /* was noted twice: by name and by title */
        t->n_people--;
        for (int i = at; i < t->n_people; i++) {
            t->people[i] = t->people[i + 1];
            t->labels[i] = t->labels[i + 1];
            t->manners[i] = t->manners[i + 1];
        }
        return true;
    }
    t->people[at] = p.id;
    t->labels[at] = NULL;
    for (int i = 0; p.partner_id && i <= t->n_partners && i < TOUCH_PARTNERS; i++)
        if (i == t->n_partners) {
            t->partners[t->n_partners++] = p.partner_id;
            break;
        } else if (t->partners[i] == p.partner_id) {
            break;
        }
    return true;
}

/* The only one in the room with this title; -1: nobody, or several. */
static int find_titled(struct call *c, const struct touch *t, const char *title, struct err *e)
{
    struct person p;
    int found = -1;
    for (int i = 0; i < t->n_people; i++)
        if (t->people[i] && person_load(c->db, c->mem, t->people[i], &p, e) && p.title && same_label(c, p.title, title)) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

/* Notes how the ones named took part. */
static bool note_manner(struct call *c, struct touch *t, const char *manner, struct err *e)
{
    const struct frame *f = c->f;
    for (int i = 0; i < f->n_people; i++) {
        int at = find_person(t, f->people[i]);
        if (at < 0)
            return fail(e, ERR_NOT_FOUND, "identify.not_there",
                ARGS(TXT("who", label_person_id(c, f->people[i], NULL)), TXT("id", call_ref(c, t->kind, t->no))), "not there");
        t->manners[at] = manner;
    }
    for (int i = 0; i < f->n_labels; i++) {
        int at = find_label(c, t, f->labels[i]);
        if (at < 0)
            at = find_titled(c, t, f->labels[i], e);
        if (at < 0)
            return no_label(c, t, f->labels[i], e);
        t->manners[at] = manner;
    }
    return f->n_people + f->n_labels > 0 || no_label(c, t, NULL, e);
}

static void tell_room(struct call *c, const struct touch *t)
{
    const char *id = call_ref(c, t->kind, t->no);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, id);
    buf_join(&b, FACTS, t->customer_id ? label_customer(c, t->customer_id) : NULL);
    buf_join(&b, FACTS, label_date(c, t->at_ms));
    struct reply *r = reply_titled(c, REPLY_OK, "identify.done", buf_str(&b));
    reply_line(r, call_text(c, "met.room", ARGS(TXT("who", people_text(c, t, NULL)))));
    correct_buttons(c, r, id);
    record_touch(c, r, t, "changed", NULL);
}

static bool identify_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct touch *t = ARENA_NEW(c->mem, struct touch);
    const char *manner = f->word[WORD_MANNER], *label = f->n_labels ? f->labels[0] : NULL;
    e->code = ERR_NONE;
    if (!load_meeting(c, f->refs[0], t, e) || !may_name(c, t, e))
        return false;
    if (manner) {
        if (!note_manner(c, t, manner, e))
            return false;
    } else {
        int at = find_label(c, t, label);
        if (at < 0 || !f->n_people)
            return no_label(c, t, at < 0 ? label : NULL, e);
        if (!name_label(c, t, at, f->people[0], e))
            return false;
    }
    if (!touch_update(c->db, c->mem, t, c->now_ms, e))
        return false;
    tell_room(c, t);
    return true;
}

const struct command identify_command = { .id = "identify", .args = identify_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = identify_run };

/* The record typed, the latest meeting there, or the latest one of this conversation. */
static bool which_meeting(struct call *c, struct touch *t, struct err *e)
{
    char *latest;
    const struct frame *f = c->f;
    struct touch_filter by = { .kind = 'M', .customer = f->n_customers ? f->customers[0] : 0,
        .partner = f->n_partners ? f->partners[0] : 0, .member = c->member->id, .to_ms = c->now_ms + 1 };
    if (f->n_refs)
        return load_meeting(c, f->refs[0], t, e);
    if (!by.customer && !by.partner &&
        focus_get(c->db, c->mem, c->member->id, c->conversation, "record", 0, &latest, e) && latest[0] == 'M' &&
        touch_load(c->db, c->mem, 'M', strtoll(latest + 1, NULL, 10), t, e))
        return true;
    if (by.customer || by.partner)
        by.member = 0;
    return (e->code == ERR_NONE && touch_list(c->db, c->mem, &by, t, 1, e) == 1) ||
           (e->code == ERR_NONE && fail(e, ERR_USAGE, "senior.which", NULL, "no meeting"));
}

static char *attendee_line(struct call *c, const struct touch *t, const struct attendee *a)
{
    struct buf b = BUF_ON(c->mem);
    const char *manner = t->manners[a->at];
    buf_join(&b, FACTS, a->known ? label_manner(c, label_person_full(c, &a->person), manner)
                                 : label_unnamed(c, t->labels[a->at], manner));
    buf_join(&b, FACTS, a->known ? a->person.org : NULL);
    if (a->rank == RANK_UNKNOWN)
        buf_join(&b, FACTS, call_text(c, "senior.role_unknown", NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

static bool senior_run(struct call *c, struct err *e)
{
    struct touch *t = ARENA_NEW(c->mem, struct touch);
    struct attendee room[TOUCH_PEOPLE];
    e->code = ERR_NONE;
    if (!which_meeting(c, t, e))
        return false;
    int n = rank_attendees(c, t, room);
    const char *id = call_ref(c, t->kind, t->no);
    const char *where = t->customer_id  ? label_customer(c, t->customer_id)
                        : t->n_partners ? label_partner(c, t->partners[0])
                                        : label_date(c, t->at_ms);
    struct reply *r = reply_new(c, REPLY_OK, !n                                ? "senior.nobody"
                                             : room[0].rank == RANK_UNKNOWN ? "senior.unknown"
                                                                            : "senior.is",
        ARGS(TXT("id", id), TXT("where", where),
            TXT("who", n ? (room[0].known ? label_person_full(c, &room[0].person) : t->labels[room[0].at]) : "")));
    for (int i = 0; i < n; i++)
        reply_item(r, attendee_line(c, t, &room[i]), room[i].known ? typed(c, "show", call_ref(c, 'C', room[i].person.id)) : NULL);
    if (t->others)
        reply_soft(r, call_text(c, "senior.others", ARGS(NUM("n", t->others))));
    for (int i = 0; i < n && i < CARD_BUTTONS; i++)
        if (!room[i].known && c->member->roles & ROLE_SALES)
            button_who(c, r, id, t->labels[room[i].at]);
    reply_record(r, id, "shown");
    return true;
}

const struct command senior_command = { .id = "senior", .args = senior_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .run = senior_run };
