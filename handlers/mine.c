/* export my data: all that a member logged, wrote and set, as one file to the member alone.
 * It may hold what is off the record, which no other file does; so its words are references
 * until it is shown, and no disk of ours has the file. */
#include "bot/core/rank.h"
#include "bot/store/mine.h"
#include "bot/store/relations.h"
#include "bot/text/calendar.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include <string.h>

enum { ROWS = 4000, CONTACTS = 2000, FILE_MAX = 256 * 1024, ROW_BYTES = 80 };

/* Names never change; a new one goes behind the others. */
static const char *const columns[] = { "kind", "id", "at", "what", "people", "customer", "partner", "deal", "level",
    "words" };
enum { KIND, ID, AT, WHAT, PEOPLE, CUSTOMER, PARTNER, DEAL, LEVEL, COLUMNS };

struct sheet {
    struct call *c;
    struct reply *r;
    size_t bytes;
    int n;
};

static void add_row(struct sheet *s, const char *const *cells, int64_t note, int64_t rev)
{
    for (int i = 0; i < COLUMNS; i++)
        s->bytes += cells[i] ? strlen(cells[i]) : 0;
    s->bytes += ROW_BYTES;
    s->n++;
    reply_rows_add(s->r, cells, COLUMNS, note, rev);
}

static char *time_text(struct call *c, int64_t ms)
{
    return zone_iso(c->mem, ms, c->when.zone);
}

/* The words count for the size, though they are not put in here. */
static bool add_records(struct sheet *s, struct err *e)
{
    struct call *c = s->c;
    const struct period *p = &c->f->period;
    struct mine *all = ARENA_ARRAY(c->mem, struct mine, ROWS);
    int n = mine_list(c->db, c->mem, c->member->id, p->from_ms, p->to_ms, all, ROWS, e);
    for (int i = 0; i < n && s->bytes <= FILE_MAX && e->code == ERR_NONE; i++) {
        const struct mine *m = &all[i];
        struct note_text t = { .text = "" };
        const char *cells[COLUMNS] = { m->kind, m->id, time_text(c, m->at_ms), m->what, m->people, m->customer,
            m->partner, m->deal, m->level };
        if (m->note_id && note_text_read(c->db, c->mem, m->note_id, m->note_rev, c->member->id, &t, e))
            s->bytes += strlen(t.text);
        add_row(s, cells, m->note_id, m->note_rev);
    }
    s->bytes += n == ROWS ? FILE_MAX : 0;
    return e->code == ERR_NONE;
}

static bool add_contacts(struct sheet *s, struct err *e)
{
    struct call *c = s->c;
    int64_t *ids = ARENA_ARRAY(c->mem, int64_t, CONTACTS);
    struct person p;
    int n = c->member->roles & ROLE_PARTNER ? 0 : kept_by(c->db, c->member->id, ids, CONTACTS, e);
    for (int i = 0; i < n && e->code == ERR_NONE; i++)
        if (person_load(c->db, c->mem, ids[i], &p, e)) {
            const char *cells[COLUMNS] = { "contact", call_ref(c, 'C', p.id), NULL, p.title, p.name,
                p.customer_id ? p.org : NULL, p.partner_id ? p.org : NULL, NULL, NULL };
            add_row(s, cells, 0, 0);
        }
    return e->code == ERR_NONE;
}

static void add_self(struct sheet *s)
{
    const struct member *m = s->c->member;
    const char *what = arena_printf(s->c->mem, "%s, %s, %s, %s, %s%s%s", m->handle, m->role, m->market, m->zone,
        m->locale, *m->team ? ", " : "", m->team);
    const char *cells[COLUMNS] = { "member", NULL, NULL, what, m->name };
    add_row(s, cells, 0, 0);
}

static bool mine_run(struct call *c, struct err *e)
{
    struct civil d = civil_of(c->now_ms, c->when.zone);
    e->code = ERR_NONE;
    if (c->shared)
        return fail(e, ERR_FORBIDDEN, "mine.alone", NULL, "not alone");
    const char *name = arena_printf(c->mem, "my-data-%04d-%02d-%02d.csv", d.year, d.month, d.day);
    struct sheet s = { .c = c, .r = reply_new(c, REPLY_OK, "mine.file", NO_ARGS) };
    reply_rows(s.r, name, call_text(c, "mine.where", NO_ARGS), columns, COLUMNS + 1);
    add_self(&s);
    if (!add_records(&s, e) || !add_contacts(&s, e))
        return false;
    if (s.bytes > FILE_MAX) {
        reply_drop_all(c);
        reply_new(c, REPLY_REFUSED, "mine.too_large", NO_ARGS);
        return true;
    }
    reply_soft(s.r, call_text(c, "mine.holds", ARGS(NUM("n", s.n), TXT("name", name))));
    reply_private(s.r);
    return true;
}

static const struct arg mine_args[] = {
    { "period", ARG_PERIOD, 0 },
    { 0 },
};
const struct command mine_command = { .id = "mine", .args = mine_args, .may = ROLE_ALL, .where = ANYWHERE,
    .flags = CMD_DESK, .run = mine_run };
