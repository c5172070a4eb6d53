#include "handlers/layers.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/store/committee.h"

enum { NOTES = 200, VOICES = 100, SEATS = 40 };

static const char *const stances[SIDES] = { "for", "unknown", "against", "split" };

static int side_index(const char *stance)
{
    int i = 0;
    while (i < SIDES - 1 && strcmp(stances[i], stance) != 0)
        i++;
    return i;
}

/* Who has been counted in one layer: the latest word of each. */
struct voices {
    struct note_stance who[VOICES];
    int n;
};

static bool counted_before(const struct voices *v, const struct note_stance *s)
{
    for (int i = 0; i < v->n; i++) {
        const struct note_stance *w = &v->who[i];
        bool same = s->person_id ? w->person_id == s->person_id
                                 : !w->person_id && w->label && s->label && !strcmp(w->label, s->label);
        if (same)
            return true;
    }
    return false;
}

static void count_voice(struct side *side, struct voices *v, const struct note_stance *s)
{
    if (v->n == VOICES || counted_before(v, s))
        return;
    v->who[v->n++] = *s;
    side->count[side_index(s->stance)]++;
}

static bool add_note(struct call *c, struct side *side, struct voices *v, const struct note *n,
    struct err *e)
{
    struct note_stance *all = ARENA_ARRAY(c->mem, struct note_stance, VOICES);
    int k = note_stance_list(c->db, c->mem, n->id, all, VOICES, e);
    if (!side->notes++) {
        side->last = *n;
        side->counted = k > 0;
    }
    for (int i = 0; i < k; i++)
        count_voice(side, v, &all[i]);
    return e->code == ERR_NONE;
}

/* A member of the committee who was not heard is unknown, not left out. */
static bool add_silent(struct call *c, int64_t deal, struct side *side, struct voices *v,
    struct err *e)
{
    struct committee_member seats[SEATS];
    int n = side->counted ? committee_list(c->db, deal, seats, SEATS, e) : 0;
    for (int i = 0; i < n; i++) {
        struct note_stance silent = { .person_id = seats[i].person_id, .stance = "unknown" };
        count_voice(side, v, &silent);
    }
    return e->code == ERR_NONE;
}

static bool for_few(struct call *c, const struct note *n)
{
    struct note_text t;
    struct err e;
    return some_words(n) && note_text_facts(c->db, c->mem, some_words(n), &t, &e) &&
           (!strcmp(t.level, "me") || !strcmp(t.level, "offrecord"));
}

bool layers_read(struct call *c, const struct note_filter *f, struct layers *out, struct err *e)
{
    struct note *notes = ARENA_ARRAY(c->mem, struct note, NOTES);
    struct voices *v = ARENA_ARRAY(c->mem, struct voices, 2);
    *out = (struct layers){ 0 };
    e->code = ERR_NONE;
    int n = note_list_by(c->db, c->mem, f, notes, NOTES, e);
    for (int i = 0; i < n; i++) {
        bool room = !strcmp(notes[i].layer, "room");
        if (!notes[i].stance || !note_shown(c, &notes[i]))
            continue;
        out->secret = out->secret || for_few(c, &notes[i]);
        if (!add_note(c, room ? &out->room : &out->after, &v[room], &notes[i], e))
            return false;
    }
    return e->code == ERR_NONE &&
           (!f->deal || (add_silent(c, f->deal, &out->room, &v[1], e) &&
                            add_silent(c, f->deal, &out->after, &v[0], e)));
}

char *side_text(struct call *c, const struct side *s)
{
    if (!s->notes)
        return call_text(c, "look.no_stance", NO_ARGS);
    if (!s->counted)
        return call_word(c, WORD_STANCE, s->last.stance);
    return call_text(c, "layers.count",
        ARGS(NUM("for", s->count[SIDE_FOR]), NUM("unknown", s->count[SIDE_UNKNOWN]),
            NUM("against", s->count[SIDE_AGAINST]), NUM("split", s->count[SIDE_SPLIT])));
}

/* Whom it was heard from; not where that would name who stands where. */
static char *source_of(struct call *c, const struct side *s)
{
    struct person p;
    struct err e;
    return !s->counted && s->last.from_person &&
                   person_load(c->db, c->mem, s->last.from_person, &p, &e)
               ? label_person_polite(c, &p, NULL)
               : NULL;
}

static void put_side(struct reply *r, const char *label, const char *name, const struct side *s)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, side_text(c, s));
    if (s->notes) {
        buf_join(&b, FACTS, label_date(c, s->last.at_ms));
        buf_join(&b, FACTS, source_of(c, s));
        buf_join(&b, FACTS, call_word(c, WORD_CONFIDENCE, s->last.confidence));
        buf_join(&b, FACTS, call_ref(c, 'N', s->last.id));
        if (s->notes > 1)
            buf_join(&b, FACTS, call_text(c, "layers.earlier", ARGS(NUM("n", s->notes - 1))));
        reply_data(r, name, s->last.stance);
        reply_data_ms(r, arena_printf(c->mem, "%s_at", name), s->last.at_ms);
    }
    for (int i = 0; s->counted && i < SIDES; i++)
        reply_data_int(r, arena_printf(c->mem, "%s_%s", name, stances[i]), s->count[i]);
    reply_field(r, label, buf_str(&b));
}

/* Single names are one tap away, in the card of the latest note that has them. */
static void put_names_button(struct reply *r, const struct layers *l)
{
    const struct side *s = l->after.counted ? &l->after : &l->room;
    char *ref = call_ref(r->call, 'N', s->last.id);
    const char *self = r->record ? json_text(r->record, "id") : NULL;
    if (s->counted && (!self || strcmp(self, ref) != 0))
        reply_button(r, "plain", typed(r->call, "show", ref), "layers.button.names", NO_ARGS);
}

void layers_put(struct reply *r, const struct layers *l)
{
    if (!l->room.notes && !l->after.notes)
        return;
    if (l->secret)
        reply_private(r);
    put_side(r, "show.label.in_room", "room", &l->room);
    put_side(r, "show.label.heard", "heard", &l->after);
    put_names_button(r, l);
}

bool put_stances(struct reply *r, int64_t note, struct err *e)
{
    struct call *c = r->call;
    struct note_stance *all = ARENA_ARRAY(c->mem, struct note_stance, VOICES);
    int n = note_stance_list(c->db, c->mem, note, all, VOICES, e);
    for (int k = 0; k < SIDES; k++) {
        struct buf b = BUF_ON(c->mem);
        for (int i = 0; i < n; i++) {
            if (strcmp(all[i].stance, stances[k]) != 0)
                continue;
            buf_join(&b, comma(c), all[i].person_id ? label_person_id(c, all[i].person_id, NULL) : all[i].label);
            reply_data_append(r, arena_printf(c->mem, "who_%s", stances[k]),
                all[i].person_id ? call_ref(c, 'C', all[i].person_id) : all[i].label);
        }
        reply_field(r, arena_printf(c->mem, "layers.who.%s", stances[k]), buf_str(&b));
    }
    return e->code == ERR_NONE;
}

/* Which of the four somebody holds. */
static void mark_stance(bool held[SIDES], const char *stance)
{
    if (stance)
        held[side_index(stance)] = true;
}

const char *group_stance(const struct frame *f)
{
    bool held[SIDES] = { false };
    int n = 0, only = 0;
    for (int i = 0; i < f->n_people; i++)
        mark_stance(held, f->stances[i]);
    for (int i = 0; i < f->n_labels; i++)
        mark_stance(held, f->label_stances[i]);
    for (int i = 0; i < SIDES; i++) {
        n += held[i];
        only = held[i] ? i : only;
    }
    if (n < 2)
        return n ? stances[only] : NULL;
    return held[SIDE_SPLIT] || (held[SIDE_FOR] && held[SIDE_AGAINST]) ? "split" : "unknown";
}
