/* undo, redo: every change can be taken back, step by step, unless somebody else has
 * changed the same since. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/names.h"
#include "bot/core/search.h"
#include "bot/store/committee.h"
#include "bot/store/follows.h"
#include "bot/store/journal.h"
#include "bot/store/ringi.h"
#include "bot/text/fold.h"
#include "handlers/correct.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"

enum { STEPS_MAX = 50 };

static const struct arg undo_args[] = {
    { "record", ARG_RECORD, 0 },
    { "steps", ARG_TEXT, 0 },
    { 0 },
};

bool may_change(const struct call *c, int64_t author, struct err *e)
{
    if (author == c->member->id || c->member->roles & (ROLE_MANAGER | ROLE_COUNTRY))
        return true;
    return fail(e, ERR_FORBIDDEN, "edit.not_yours", NULL, "another member's record");
}

char *touch_line(struct call *c, const struct touch *t)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, t->kind, t->no));
    buf_join(&b, " · ", channel_text(c, t));
    buf_join(&b, " · ", people_text(c, t, NULL));
    if (t->minutes)
        buf_join(&b, " · ", when_format_minutes(&c->when, c->mem, c->locale, t->minutes));
    buf_join(&b, " · ", label_date(c, t->at_ms));
    return arena_strdup(c->mem, buf_str(&b));
}

char *note_line(struct call *c, const struct note *n)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_ref(c, 'N', n->id));
    buf_join(&b, " · ", n->customer_id  ? label_customer(c, n->customer_id)
                        : n->deal_id    ? label_deal(c, n->deal_id)
                        : n->partner_id ? label_partner(c, n->partner_id)
                                        : NULL);
    buf_join(&b, " · ", call_word(c, WORD_LAYER, n->layer));
    buf_join(&b, " · ", n->stance ? call_word(c, WORD_STANCE, n->stance) : NULL);
    buf_join(&b, " · ", label_date(c, n->at_ms));
    return arena_strdup(c->mem, buf_str(&b));
}

static char *deal_line(struct call *c, const struct deal *d)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", label_deal(c, d->id));
    buf_join(&b, " · ", call_text(c, arena_printf(c->mem, "deal.%s", d->state), NO_ARGS));
    if (d->has_value)
        buf_join(&b, " · ", label_money(c, d->value_minor, d->currency));
    return arena_strdup(c->mem, buf_str(&b));
}

char *record_line(struct call *c, const char *record)
{
    struct touch t;
    struct person p;
    struct deal d;
    struct follow f;
    struct note n;
    struct objection o;
    struct ringi s;
    struct partner g;
    struct customer a;
    struct err e;
    char kind = record[0];
    int64_t no = strtoll(record + 1, NULL, 10);
    if ((kind == 'T' || kind == 'M') && touch_load(c->db, c->mem, kind, no, &t, &e))
        return touch_line(c, &t);
    if (kind == 'C' && person_load(c->db, c->mem, no, &p, &e))
        return arena_printf(c->mem, "%s · %s", call_ref(c, kind, p.id), label_person_full(c, &p));
    if (kind == 'D' && deal_load(c->db, c->mem, no, &d, &e))
        return deal_line(c, &d);
    if (kind == 'N' && note_load(c->db, c->mem, no, &n, &e))
        return note_line(c, &n);
    if (kind == 'P' && partner_load(c->db, c->mem, no, &g, &e))
        return arena_printf(c->mem, "%s · %s", call_ref(c, kind, g.id), g.name);
    if (kind == 'A' && customer_load(c->db, c->mem, no, &a, &e))
        return arena_printf(c->mem, "%s · %s", call_ref(c, kind, a.id), a.name);
    if (kind == 'O' && objection_load(c->db, c->mem, no, &o, &e))
        return arena_printf(c->mem, "%s · %s", record,
            call_text(c, arena_printf(c->mem, "objection.%s", o.state), NO_ARGS));
    if (kind == 'R' && ringi_load(c->db, c->mem, no, &s, &e))
        return arena_printf(c->mem, "%s · %s", record, label_deal(c, s.deal_id));
    if (kind == 'F' && follow_load(c->db, c->mem, no, &f, &e))
        return arena_printf(c->mem, "%s · %s", record, label_date(c, f.due_ms));
    return filed_line(c, kind, no);
}

/* The text is found by the revision that its record stands at now. */
static bool index_again(struct call *c, const char *record, struct err *e)
{
    struct touch t = { 0 };
    struct note n = { 0 };
    char kind = record ? record[0] : 0;
    int64_t no = record ? strtoll(record + 1, NULL, 10) : 0;
    if ((kind == 'T' || kind == 'M') && touch_load(c->db, c->mem, kind, no, &t, e) && t.note_id)
        return search_sync(c->db, c->mem, t.note_id, t.note_rev, e);
    if (kind == 'N' && note_load(c->db, c->mem, no, &n, e) && n.note_id)
        return search_sync(c->db, c->mem, n.note_id, n.note_rev, e);
    return e->code == ERR_NONE;
}

/* What was changed: its record, or the command's word where there is none (lang). */
static const char *what_of(struct call *c, const struct change *ch)
{
    if (ch->record)
        return ch->record;
    const char *word = catalogue_item(c->words, c->locale,
        arena_printf(c->mem, "commands.%s.words", ch->command), 0);
    return word ? word : ch->command;
}

/* Back to: T1 · Zoom …, or: T1 undone */
static char *taken_back(struct call *c, const struct change *ch, bool redo)
{
    char *now = ch->record ? record_line(c, ch->record) : NULL;
    return now ? call_text(c, redo ? "redo.changed" : "undo.changed", ARGS(TXT("record", now)))
               : call_text(c, redo ? "redo.done" : "undo.done", ARGS(TXT("id", what_of(c, ch))));
}

static char *nothing_left(struct call *c, bool redo, const char *record)
{
    return redo     ? call_text(c, "redo.nothing", NO_ARGS)
           : record ? call_text(c, "undo.nothing_of", ARGS(TXT("id", record)))
                    : call_text(c, "undo.nothing", NO_ARGS);
}

static char *changed_since(struct call *c, const struct change *mine, const struct change *since)
{
    bool own = since->member_id == c->member->id;
    return call_text(c, own ? "undo.changed_by_you" : "undo.changed_since",
        ARGS(TXT("id", what_of(c, mine)), TXT("who", label_member(c, since->member_id)),
            TXT("other", what_of(c, since)), TXT("when", label_date(c, since->at_ms))));
}

/* What is being taken back, step by step. */
struct steps {
    bool redo;
    const char *record; /* typed; NULL: whatever the member changed last */
    struct change done[STEPS_MAX];
    char *text[STEPS_MAX]; /* what it said, as it was then */
    int n;
    char *why; /* the last step was not possible */
    const char *code;
};

static bool stop(struct steps *s, const char *code, char *why)
{
    s->code = code;
    s->why = why;
    return true;
}

/* Each step is a group of its own, so that each can be taken back in turn. */
static bool next_group(struct call *c, const struct change *done, struct err *e)
{
    return journal_about(c->db, c->group, c->command->id, done->record, e) &&
           journal_end(c->db, c->group, e) &&
           (c->group = journal_begin(c->db, c->member->id, c->conversation, c->now_ms, e)) != 0;
}

/* A record that the member changed, and somebody else after them. */
static bool not_theirs(struct call *c, struct steps *s, const struct change *since, struct err *e)
{
    struct change mine;
    struct err none = { 0 };
    if (!journal_latest(c->db, c->mem, c->member->id, s->record, false, c->now_ms, &mine, &none))
        return false;
    e->code = ERR_NONE;
    return stop(s, "undo.changed_since", changed_since(c, &mine, since));
}

static bool take_step(struct call *c, struct steps *s, struct err *e)
{
    struct change ch, since;
    bool own = s->redo || c->member->roles == ROLE_PARTNER; /* who sees nobody else's changes */
    int64_t member = s->record && !own ? 0 : c->member->id;
    e->code = ERR_NONE;
    if (!journal_latest(c->db, c->mem, member, s->record, s->redo, c->now_ms, &ch, e))
        return e->code == ERR_NONE && stop(s, s->redo ? "redo.nothing" : "undo.nothing", nothing_left(c, s->redo, s->record));
    const struct command *k = command_find(ch.command);
    if (k && k->flags & CMD_FINAL) {
        char *key = arena_printf(c->mem, "%s.final", k->id);
        return stop(s, key, call_text(c, key, ARGS(TXT("id", what_of(c, &ch)))));
    }
    if (!may_change(c, ch.member_id, e))
        return not_theirs(c, s, &ch, e);
    if (k && !(k->may & c->member->roles)) /* their role was another then */
        return stop(s, "role.refused", call_text(c, "role.refused", NO_ARGS));
    if (ch.member_id != c->member->id && journal_readers(c->db, ch.id, e))
        return stop(s, "share.not_yours", call_text(c, "share.not_yours", NO_ARGS));
    if (e->code != ERR_NONE)
        return false;
    if (journal_changed_since(c->db, c->mem, ch.id, &since, e))
        return stop(s, "undo.changed_since", changed_since(c, &ch, &since));
    if (e->code != ERR_NONE || (s->n && !next_group(c, &s->done[s->n - 1], e)) ||
        !journal_undo(c->db, c->mem, ch.id, c->group, c->now_ms, e) ||
        !names_undone(c->names, c->db, c->group, e) || !index_again(c, ch.record, e))
        return false;
    s->text[s->n] = taken_back(c, &ch, s->redo);
    s->done[s->n++] = ch;
    return true;
}

/* undo 3, 取消 3回; one where nothing was typed. */
static int steps_typed(struct call *c)
{
    for (int i = 0; i < c->f->n_words; i++) {
        struct folded f = fold_text(c->mem, c->f->words[i], strlen(c->f->words[i]));
        long n = strtol(f.s, NULL, 10);
        if (n > 0)
            return n < STEPS_MAX ? (int)n : STEPS_MAX;
    }
    return 1;
}

static void tell(struct call *c, const struct steps *s)
{
    struct reply *r;
    if (!s->n) {
        r = reply_titled(c, REPLY_REFUSED, s->code, s->why);
        if (s->record && strcmp(s->code, "share.not_yours") != 0)
            reply_button_line(r, "button.complete");
        return;
    }
    if (s->n == 1)
        r = reply_titled(c, REPLY_OK, s->redo ? "redo.changed" : "undo.changed", s->text[0]);
    else
        r = reply_new(c, REPLY_OK, s->redo ? "redo.several" : "undo.several", ARGS(NUM("n", s->n)));
    for (int i = 0; s->n > 1 && i < s->n; i++)
        reply_item(r, s->text[i], NULL);
    if (s->why)
        reply_soft(r, s->why);
    const char *back = s->redo ? "undo" : "redo";
    reply_button(r, "plain", s->n > 1 ? arena_printf(c->mem, "%s %d", back, s->n) : back,
        s->redo ? "button.undo" : "button.redo", NO_ARGS);
    for (int i = s->n - 1; i >= 0; i--) /* the first is what this group is about */
        if (s->done[i].record)
            reply_record(r, s->done[i].record, s->redo ? "changed" : "undone");
}

static bool take_back(struct call *c, bool redo, struct err *e)
{
    struct steps *s = ARENA_NEW(c->mem, struct steps);
    s->redo = redo;
    s->record = c->f->n_refs ? call_ref(c, c->f->refs[0].kind, c->f->refs[0].no) : NULL;
    for (int left = steps_typed(c); left > 0 && !s->why; left--)
        if (!take_step(c, s, e))
            return false;
    tell(c, s);
    return true;
}

static bool undo_run(struct call *c, struct err *e)
{
    return take_back(c, false, e);
}

static bool redo_run(struct call *c, struct err *e)
{
    return take_back(c, true, e);
}

const struct command undo_command = { .id = "undo", .args = undo_args, .may = ROLE_ALL,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = undo_run };
const struct command redo_command = { .id = "redo", .args = undo_args, .may = ROLE_ALL,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = redo_run };
