/* A planned file into the store: hidden in slices of a few milliseconds, with a pause after
 * each, so that who logs meanwhile does not wait; then applied and shown. What fails or is
 * stopped on the way is removed the same way. */
#include "bot/core/import_private.h"

#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/core/search.h"
#include "bot/store/journal.h"
#include "bot/text/zone.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    HOLD_US = 45000, /* a slice: who else writes to the store waits about as long */
    PAUSE_US =
        3000,       /* and then somebody else has a turn: db.c asks every millisecond */
    LOOK_EVERY = 8, /* records between two looks at the clock */
    NOTES = 64      /* texts that are removed at once */
};

static int64_t ref_id(struct ref ref)
{
    return ref.fresh ? ref.fresh->id : ref.id;
}

/* The cells that have something in them, references by number. */
static int gather(const struct planned *r, struct import_cell *out)
{
    int n = 0;
    for (int i = 0; i < FIELDS_MAX; i++) {
        if (!r->cells[i].column)
            continue;
        out[n] = r->cells[i];
        if (r->refs[i].kind) {
            out[n].text = NULL;
            out[n].integer = ref_id(r->refs[i]);
            out[n].has_integer = true;
        }
        n++;
    }
    return n;
}

static const struct import_cell *cell_called(
    const struct planned *r, const char *column)
{
    for (int i = 0; i < FIELDS_MAX; i++)
        if (r->cells[i].column && !strcmp(r->cells[i].column, column))
            return &r->cells[i];
    return NULL;
}

static int64_t number_of(const struct planned *r, const char *column)
{
    const struct import_cell *c = cell_called(r, column);
    return c && c->has_integer ? c->integer : 0;
}

static bool write_words(
    struct plan *p, const struct planned *r, struct import_fact *fact, struct err *e)
{
    int64_t author = number_of(r, r->kind == 'T' ? "member_id" : "owner_id");
    int64_t deal = 0;
    for (int i = 0; i < FIELDS_MAX; i++)
        if (r->refs[i].kind == 'D')
            deal = ref_id(r->refs[i]);
    struct note_text t = { .author_id = author         ? author
                                        : p->o->member ? p->o->member
                                                       : p->members[0].id,
        .level = r->level ? r->level : "all",
        .deal_id = deal,
        .market = p->market ? p->market : "JP",
        .text = r->words };
    if (!search_add(p->db, &p->row_mem, &t, p->now_ms, e))
        return false;
    fact->note_id = t.id;
    fact->note_rev = t.rev;
    return true;
}

static bool write_extras(struct import_slice *s, const struct planned *r, struct err *e)
{
    for (const struct extra *x = r->extras; x; x = x->next) {
        bool name = !strcmp(x->what, "reading") || !strcmp(x->what, "alias");
        if (name ? !import_name(s, r->kind, r->id, x->text, x->what, e)
                 : !import_messenger(s, r->id,
                       strcmp(x->what, "messenger") ? x->what : "other", x->text, e))
            return false;
    }
    return true;
}

/* What a deal went through, as far as a row tells. */
static bool write_events(
    struct plan *p, struct import_slice *s, const struct planned *r, struct err *e)
{
    const struct import_cell *state = cell_called(r, "state"),
                             *stage = cell_called(r, "stage");
    int64_t owner = number_of(r, "owner_id"),
            registered = number_of(r, "registered_ms");
    int64_t closed = number_of(r, "closed_ms");
    const char *what = state ? state->text : NULL;
    bool event = what && strcmp(what, "registered") != 0 && strcmp(what, "open") != 0;
    if (!r->known &&
        !import_deal_event(s, r->id, "registered", NULL, registered, owner, e))
        return false;
    /* When a new one reached its stage no row tells. */
    if (r->known && stage && stage->text &&
        !import_deal_event(s, r->id, "stage", stage->text, p->now_ms, owner, e))
        return false;
    const char *into =
        r->merged_into ? arena_printf(&p->row_mem, "D%lld", (long long)r->merged_into)
                       : NULL;
    if (event && !import_deal_event(s, r->id, what, into,
                     closed     ? closed
                     : r->known ? p->now_ms
                                : registered,
                     owner, e))
        return false;
    return !r->sourced_by.kind || r->known ||
           import_deal_source(s, r->id, ref_id(r->sourced_by), r->sourced_ms,
               owner          ? owner
               : p->o->member ? p->o->member
                              : p->members[0].id,
               p->now_ms, e);
}

static bool write_present(
    struct import_slice *s, const struct planned *r, struct err *e)
{
    for (const struct ref_list *l = r->people; l; l = l->next)
        if (!import_touch_person(s, r->id, ref_id(l->ref), NULL, e))
            return false;
    for (const struct ref_list *l = r->partners; l; l = l->next)
        if (!import_touch_partner(s, r->id, ref_id(l->ref), e))
            return false;
    return true;
}

/* A registered deal is open from its first touch point on. */
static bool touch_deal(
    struct plan *p, struct import_slice *s, const struct planned *r, struct err *e)
{
    const struct import_cell *outcome = cell_called(r, "outcome");
    struct ref deal = { 0 };
    for (int i = 0; i < FIELDS_MAX; i++)
        deal = r->refs[i].kind == 'D' ? r->refs[i] : deal;
    if (!deal.kind ||
        (outcome && outcome->text && strcmp(outcome->text, "reached") != 0))
        return true;
    const char *key =
        arena_printf(&p->row_mem, "touched@%lld", (long long)ref_id(deal));
    if (index_key(p->index, 'D', key).kind)
        return true;
    index_key_add(p->index, 'D', key, deal);
    return import_change(s, 'D', ref_id(deal), "{\"touched\":1}", e);
}

static bool write_change(struct plan *p, struct import_slice *s,
    const struct planned *r, const struct import_cell *cells, int n, struct err *e)
{
    AUTO_JSON columns = json_object();
    for (int i = 0; i < n; i++)
        (void)json_object_set_new(columns, cells[i].column,
            cells[i].text ? json_string(cells[i].text)
                          : json_integer(cells[i].integer));
    return !n || import_change(s, r->kind, r->id, json_print(&p->row_mem, columns), e);
}

static bool write_one(
    struct plan *p, struct import_slice *s, struct planned *r, struct err *e);

/* A row may come before those that only it names: its people, its firms. */
static bool write_first(
    struct plan *p, struct import_slice *s, struct ref ref, struct err *e)
{
    return !ref.fresh || ref.fresh->known || ref.fresh->id ||
           write_one(p, s, ref.fresh, e);
}

static bool write_named(
    struct plan *p, struct import_slice *s, const struct planned *r, struct err *e)
{
    bool ok = write_first(p, s, r->sourced_by, e);
    for (int i = 0; ok && i < FIELDS_MAX; i++)
        ok = write_first(p, s, r->refs[i], e);
    for (const struct ref_list *l = r->people; ok && l; l = l->next)
        ok = write_first(p, s, l->ref, e);
    for (const struct ref_list *l = r->partners; ok && l; l = l->next)
        ok = write_first(p, s, l->ref, e);
    return ok;
}

static bool write_one(
    struct plan *p, struct import_slice *s, struct planned *r, struct err *e)
{
    struct import_cell cells[FIELDS_MAX];
    struct import_fact fact = { .id = r->own_id,
        .created_ms = r->created_ms ? r->created_ms : p->now_ms };
    if (!write_named(p, s, r, e))
        return false;
    int n = gather(r, cells);
    if (r->known) {
        if (!write_change(p, s, r, cells, n, e))
            return false;
    } else {
        if (r->words && !write_words(p, r, &fact, e))
            return false;
        r->id = import_add(s, r->kind, cells, n, &fact, e);
        if (!r->id)
            return false;
    }
    return write_extras(s, r, e) && (r->kind != 'D' || write_events(p, s, r, e)) &&
           (r->known || (write_present(s, r, e) && touch_deal(p, s, r, e))) &&
           (!r->key || import_key(s, r->kind, r->key, r->id, e));
}

/* D7 became D8: when both are there. */
static bool write_merged(
    struct plan *p, struct import_slice *s, const struct planned *r, struct err *e)
{
    struct ref into = index_key(
        p->index, 'D', arena_printf(&p->row_mem, "#%lld", (long long)r->merged_into));
    int64_t id = into.kind ? ref_id(into) : r->merged_into;
    return import_change(s, 'D', r->id,
        arena_printf(&p->row_mem, "{\"merged_into\":%lld}", (long long)id), e);
}

static bool needs(const struct planned *r)
{
    return r->known ? r->changed || r->key : !r->id;
}

static bool stop_asked(const struct import_options *o, struct err *e)
{
    return o->stopped && o->stopped() &&
           !fail(e, ERR_USAGE, NULL, NULL, "stopped; nothing of the file was taken");
}

static void say_progress(struct plan *p, const char *doing, size_t done, size_t all)
{
    if (p->o->progress)
        p->o->progress(p->o->ctx, doing, done, all);
}

/* One slice from *at on; `merging` is the second round, for what names later rows. */
static bool write_slice(struct plan *p, int64_t batch, struct planned **at,
    bool merging, size_t *done, struct err *e)
{
    struct import_slice s = { .db = p->db, .batch = batch };
    if (!db_begin(p->db, e))
        return false;
    int64_t since = clock_ticks_us();
    bool ok = true, full = false;
    for (int n = 0; ok && *at && !full; *at = (*at)->next) {
        struct planned *r = *at;
        if (merging ? !r->merged_into || r->known : !needs(r)) {
            *done += !merging && !r->known; /* with a row before it */
            continue;
        }
        ok = merging ? write_merged(p, &s, r, e) : write_one(p, &s, r, e);
        arena_reset(&p->row_mem);
        *done += !merging;
        full = ++n % LOOK_EVERY == 0 && clock_ticks_us() - since > HOLD_US;
    }
    if (ok && import_slice_end(&s, e) && db_commit(p->db, e))
        return true;
    db_rollback(p->db);
    return false;
}

static bool write_all(struct plan *p, int64_t batch, bool merging, struct err *e)
{
    size_t all = 0, done = 0;
    for (struct planned *r = p->first; r; r = r->next)
        all += needs(r);
    for (struct planned *at = p->first; at;) {
        if (stop_asked(p->o, e) || !write_slice(p, batch, &at, merging, &done, e))
            return false;
        if (at)
            (void)usleep(PAUSE_US);
        if (!merging)
            say_progress(p, "written", done, all);
    }
    return true;
}

/* Showing and removing. */

/* The small transaction that makes it true, with a sign of life of each partner. */
static bool apply_batch(
    struct db *db, int64_t batch, const struct plan *p, struct err *e)
{
    int32_t today = day_of(p->now_ms, p->o->zone);
    bool ok = import_batch_apply(db, batch, e);
    for (const struct firm_seen *f = p->firms; ok && f; f = f->next)
        ok = import_check_in(db, ref_id(f->ref), today, f->changed, e);
    return ok;
}

/* The words of records go before the records. */
static bool drop_step(
    struct db *db, struct arena *mem, int64_t batch, bool *more, struct err *e)
{
    int64_t notes[NOTES];
    e->code = ERR_NONE;
    int n = import_drop_notes(db, mem, batch, notes, NOTES, e);
    if (e->code != ERR_NONE)
        return false;
    for (int i = 0; i < n; i++)
        if (!search_drop(db, mem, notes[i], e) || !import_note_gone(db, notes[i], e))
            return false;
    return n || import_drop_step(db, mem, batch, more, e);
}

/* As many steps as fit into a slice. The group lets other programs know which names came. */
static bool slice_of_steps(struct db *db, struct import_open *b, bool show, bool apply,
    struct plan *p, bool *more, struct err *e)
{
    struct arena mem = ARENA_INIT;
    int64_t since = clock_ticks_us();
    if (!db_begin(db, e))
        return false;
    int64_t group = show && b->member
                        ? journal_begin(db, b->member, "import", clock_now_ms(), e)
                        : 0;
    bool ok = !show || !b->member || group;
    if (ok && apply)
        ok = apply_batch(db, b->id, p, e);
    *more = true;
    while (ok && *more && clock_ticks_us() - since < HOLD_US)
        ok = show ? import_show_step(db, &mem, b->id, more, e)
                  : drop_step(db, &mem, b->id, more, e);
    if (group)
        ok = ok && journal_about(db, group, "import", NULL, e) &&
             journal_end(db, group, e);
    arena_finish(&mem);
    if (ok && db_commit(db, e))
        return true;
    db_rollback(db);
    return false;
}

static bool finish_batch(
    struct db *db, struct import_open *b, bool show, struct plan *p, struct err *e)
{
    bool more = true, apply = show && p;
    while (more) {
        if (!slice_of_steps(db, b, show, apply, p, &more, e))
            return false;
        apply = false;
        if (more)
            (void)usleep(PAUSE_US);
    }
    return true;
}

bool import_recover(struct db *db, struct err *e)
{
    struct import_open b;
    while (import_batch_open(db, &b, e))
        if (!finish_batch(db, &b, b.applied, NULL, e))
            return false;
    return e->code == ERR_NONE;
}

static bool begin_batch(
    struct plan *p, const char *name, struct import_open *b, struct err *e)
{
    if (!db_begin(p->db, e))
        return false;
    *b = (struct import_open){ .member = p->o->member   ? p->o->member
                                         : p->n_members ? p->members[0].id
                                                        : 0 };
    b->id = import_batch_add(p->db, name, b->member, p->now_ms, e);
    if (b->id && db_commit(p->db, e))
        return true;
    db_rollback(p->db);
    return false;
}

static bool any(const struct plan *p)
{
    for (const struct planned *r = p->first; r; r = r->next)
        if (needs(r))
            return true;
    return p->firms != NULL;
}

bool plan_write(struct plan *p, const char *name, struct err *e)
{
    struct import_open b;
    if (!any(p))
        return true;
    if (!begin_batch(p, name, &b, e))
        return false;
    /* Hidden rows need not outlive the machine; that they are applied does. */
    bool written = db_share(p->db, true, e) && write_all(p, b.id, false, e) &&
                   write_all(p, b.id, true, e) && !stop_asked(p->o, e);
    struct err undo = { 0 };
    if (!db_share(p->db, false, written ? e : &undo))
        written = false;
    if (written)
        return finish_batch(p->db, &b, true, p, e);
    if (!finish_batch(p->db, &b, false, NULL, &undo))
        (void)fail_in(e, "the next import removes what is left of it");
    return false;
}
