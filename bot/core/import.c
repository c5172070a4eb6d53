/* One file from its text to the store: header, order of days, plan, and then the writing. */
#include "bot/core/import_private.h"

#include "bot/base/clock.h"
#include <stdlib.h>
#include <string.h>

enum { EVERY = 1024 }; /* rows between two signs of progress */

static void say_columns(struct plan *p)
{
    const struct sheet *s = p->sheet;
    struct buf left = BUF_ON(&p->row_mem);
    for (int i = 0; i < s->n_columns; i++)
        if (s->field[i] < 0 && *s->header[i])
            buf_join(&left, ", ", s->header[i]);
    p->row = s->head;
    if (s->head > 1)
        plan_say(p, IMPORT_SAID,
            "is taken for the header; what stands above it is left out");
    if (left.n)
        plan_say(p, IMPORT_WARNED, "columns that are not taken: %s", buf_str(&left));
}

static bool on_row(void *ctx, const struct csv_row *row, struct err *e)
{
    struct plan *p = ctx;
    const struct sheet *s = p->sheet;
    const char *typed[FIELDS_MAX] = { NULL };
    bool any = false;
    if (row->number <= s->head)
        return true;
    p->row = row->number;
    for (int i = 0; i < row->n && i < s->n_columns; i++) {
        int f = s->field[i];
        if (f < 0 || !*row->cell[i])
            continue;
        any = true;
        if (typed[f] && s->kind->fields[f].type == IN_WORDS)
            typed[f] = arena_printf(&p->row_mem, "%s\n%s", typed[f], row->cell[i]);
        else if (!typed[f])
            typed[f] = row->cell[i];
    }
    bool ok = true;
    if (any) {
        p->result->rows++;
        ok = plan_row(p, typed, e);
    }
    if (p->o->progress && row->number % EVERY == 0)
        p->o->progress(p->o->ctx, "read", row->at, s->n);
    arena_reset(&p->row_mem);
    return ok;
}

/* Deals that became others must find them. */
static void check_merged(struct plan *p)
{
    for (struct planned *r = p->first; r; r = r->next) {
        struct import_record there;
        struct err e;
        if (!r->merged_into ||
            index_key(p->index, 'D',
                arena_printf(&p->row_mem, "#%lld", (long long)r->merged_into))
                .kind)
            continue;
        if (import_load(p->db, 'D', r->merged_into, &there, &e)) {
            query_reset(&there.q);
            continue;
        }
        p->row = r->row;
        plan_say(p, IMPORT_REFUSED, "there is no deal D%lld that it could have become",
            (long long)r->merged_into);
        p->result->refused++;
    }
}

static bool make_plan(struct plan *p, struct err *e)
{
    struct sheet *s = p->sheet;
    p->members = member_list(p->db, &p->mem, &p->n_members, e);
    if (e->code != ERR_NONE)
        return false;
    if (!p->n_members)
        return fail(e, ERR_NOT_FOUND, NULL, NULL,
            "the store has no member yet; add one with `nemawashi member add`");
    plan_know_members(p);
    if (!index_load(p->index, p->db, p->o->words, e) ||
        !sheet_settle_dates(s, &p->mem, p->o, e))
        return false;
    say_columns(p);
    if (!csv_read(s->text, s->n, s->separator, on_row, p, e))
        return false;
    check_merged(p);
    if (p->result->refused)
        return fail(e, ERR_USAGE, NULL, NULL,
            "%lld row%s refused, nothing of the file was taken; mend the rows above, or take them out, and import again",
            (long long)p->result->refused, p->result->refused == 1 ? " is" : "s are");
    return true;
}

bool import_text(struct db *db, const char *name, const char *text, size_t n,
    const struct import_options *o, struct import_result *out, struct err *e)
{
    struct plan *p = xcalloc(1, sizeof *p);
    size_t skip;
    *out = (struct import_result){ .kind = NULL };
    *p = (struct plan){
        .db = db, .o = o, .result = out, .now_ms = clock_now_ms(), .end = &p->first
    };
    p->index = index_create();
    p->sheet = xcalloc(1, sizeof *p->sheet);
    p->sheet->separator = csv_separator(text, n, &skip);
    p->sheet->text = text + skip;
    p->sheet->n = n - skip;
    bool ok = sheet_open(p->sheet, &p->mem, o, name, e);
    if (ok)
        out->kind = p->sheet->kind->name;
    ok = ok && make_plan(p, e) && (o->dry_run || plan_write(p, name, e));
    index_destroy(p->index);
    arena_finish(&p->mem);
    arena_finish(&p->row_mem);
    free(p->sheet);
    free(p);
    return ok;
}
