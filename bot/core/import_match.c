/* Which record a row or a cell means: by its id here, by its id where it comes from, by
 * its name within its kind and its firm. Several that fit are asked about, never chosen. */
#include "bot/core/import_private.h"

#include "bot/base/crypto.h"
#include "bot/core/forget.h"
#include "bot/text/fold.h"
#include "bot/text/zone.h"
#include <stdlib.h>
#include <string.h>

/* P12 where the kind is P. */
bool own_number(char kind, const char *typed, int64_t *no)
{
    size_t n = typed[0] == kind ? strspn(typed + 1, "0123456789") : 0;
    *no = n && n <= 15 && !typed[n + 1] && typed[1] != '0'
              ? strtoll(typed + 1, NULL, 10)
              : 0;
    return *no != 0;
}

static const char *noun(char kind)
{
    return kind == 'P'   ? "partner"
           : kind == 'A' ? "customer"
           : kind == 'C' ? "person"
           : kind == 'D' ? "deal"
                         : "touch point";
}

/* Remembered cells: each spelling is folded and looked up once. */
static char *cell_key(struct plan *p, const char *typed, struct ref firm)
{
    return arena_printf(&p->row_mem, "=%c%lld %p %s", firm.kind ? firm.kind : '-',
        (long long)firm.id, (void *)firm.fresh, typed);
}

struct planned *match_known(struct plan *p, char kind, int64_t id)
{
    char *key = arena_printf(&p->row_mem, "@%lld", (long long)id);
    struct ref there = index_key(p->index, kind, key);
    if (there.kind)
        return there.fresh;
    struct planned *r = plan_add(p, kind);
    r->known = true;
    r->id = id;
    index_key_add(p->index, kind, key, (struct ref){ kind, id, r });
    return r;
}

static struct planned *planned_of(struct plan *p, struct ref ref)
{
    return ref.fresh ? ref.fresh : match_known(p, ref.kind, ref.id);
}

/* The record with our own number: a known one, one that the file brings, or none. */
static bool find_own(struct plan *p, char kind, int64_t no, int64_t created_ms,
    struct ref *out, struct err *e)
{
    *out = index_key(p->index, kind, arena_printf(&p->row_mem, "#%lld", (long long)no));
    e->code = ERR_NONE;
    if (out->kind)
        return true;
    struct import_record r;
    int64_t id = no;
    if (kind == 'T' && !import_touch_row(p->db, no, &id, e))
        return e->code == ERR_NONE;
    int64_t first = id;
    for (int hops = 0; hops < 8; hops++) {
        if (!import_load(p->db, kind, id, &r, e))
            return e->code == ERR_NONE;
        query_reset(&r.q);
        if (!r.merged_into)
            break;
        id = r.merged_into;
    }
    if (r.gone) {
        plan_say(p, IMPORT_REFUSED,
            "%s %c%lld was undone here; redo that, or take the id out of the file",
            noun(kind), kind, (long long)no);
        return false;
    }
    if (created_ms && id == first && created_ms / 1000 != r.created_ms / 1000) {
        plan_say(p, IMPORT_REFUSED,
            "%s %c%lld is another record here, made %s; the file is of another store: import it into an empty one, or take its column id out",
            noun(kind), kind, (long long)no,
            zone_iso(&p->row_mem, r.created_ms, p->o->zone));
        return false;
    }
    *out = (struct ref){ kind, r.id, NULL };
    return true;
}

/* Was somebody of that name, at that firm, forgotten here? Then they are left out, and that is said. */
static bool left_forgotten(struct plan *p, char kind, const char *typed, const char *folded, struct ref firm, struct err *e)
{
    e->code = ERR_NONE;
    int64_t at = kind != 'C' || firm.fresh ? 0 : forgotten_name(p->db, &p->row_mem, folded, firm.kind, firm.id, e);
    if (at)
        plan_warn_once(p, arena_printf(&p->row_mem,
            "somebody of the name '%s' was forgotten here on %.10s; left out. If this is somebody else, add them in the chat: contact",
            plan_shown(p, typed), zone_iso(&p->row_mem, at, p->o->zone)));
    return at != 0;
}

/* A firm or person that only a cell names. */
static struct ref make(
    struct plan *p, char kind, const char *typed, const char *folded, struct ref firm)
{
    struct planned *r = plan_add(p, kind);
    struct ref ref = { kind, 0, r };
    r->cells[0] =
        (struct import_cell){ .column = "name", .text = arena_strdup(&p->mem, typed) };
    const struct import_field *fields = import_kind_of(kind)->fields;
    for (int i = 0; firm.kind && fields[i].name; i++) {
        if (fields[i].type != (firm.kind == 'P' ? IN_PARTNER : IN_CUSTOMER))
            continue;
        r->refs[i] = firm;
        r->cells[i].column = fields[i].column;
    }
    for (int i = 0; p->market && kind != 'C' && fields[i].name; i++)
        if (!strcmp(fields[i].name, "market"))
            r->cells[i] = (struct import_cell){ .column = "market", .text = p->market };
    index_add(p->index, kind, folded, ref, firm);
    plan_say(p, IMPORT_SAID, "new %s: %s", noun(kind), plan_shown(p, typed));
    return ref;
}

static void say_several(
    struct plan *p, char kind, const char *typed, const struct named *list)
{
    struct buf ids = BUF_ON(&p->row_mem);
    for (const struct named *n = list; n; n = n->next)
        if (!n->ref.fresh)
            buf_join(&ids, ", ",
                arena_printf(&p->row_mem, "%c%lld", kind, (long long)n->ref.id));
    plan_say(p, IMPORT_REFUSED,
        "several are called '%s': %s; write the id of the one that is meant",
        plan_shown(p, typed), *buf_str(&ids) ? buf_str(&ids) : "in this file");
}

/* Of several, the one at the firm; where no firm is known, the only one. */
static bool choose(const struct named *list, struct ref firm, bool firms,
    struct ref *out, bool *several)
{
    const struct named *found = NULL;
    int n = 0, loose = 0;
    const struct named *alone = NULL;
    for (const struct named *at = list; at; at = at->next) {
        bool here = !firms || (firm.kind && ref_same(at->firm, firm));
        if (here)
            found = at, n++;
        if (!firm.kind || !at->firm.kind)
            alone = at, loose++;
    }
    *several = n > 1 || (!n && loose > 1);
    if (n == 1)
        *out = found->ref;
    else if (!n && loose == 1)
        *out = alone->ref;
    return n == 1 || (!n && loose == 1);
}

struct ref match_named(struct plan *p, char kind, const char *typed, struct ref firm,
    bool make_it, struct err *e)
{
    int64_t no;
    e->code = ERR_NONE;
    if (own_number(kind, typed, &no)) {
        struct ref ref = { 0 };
        if (find_own(p, kind, no, 0, &ref, e) && !ref.kind)
            plan_say(p, IMPORT_REFUSED, "there is no %s %s; import those first",
                noun(kind), typed);
        return ref;
    }
    char *key = cell_key(p, typed, firm);
    struct ref ref = index_key(p->index, kind, key);
    if (ref.kind)
        return ref;
    const char *folded = fold_name(&p->row_mem, p->o->words, typed);
    bool several = false;
    const struct named *list = index_named(p->index, kind, folded);
    if (!choose(list, firm, kind == 'C' || kind == 'D', &ref, &several)) {
        if (several) {
            say_several(p, kind, typed, list);
            return ref;
        }
        if (!make_it || left_forgotten(p, kind, typed, folded, firm, e) || e->code != ERR_NONE)
            return ref;
        ref = make(p, kind, typed, folded, firm);
    }
    index_key_add(p->index, kind, key, ref);
    return ref;
}

struct ref match_company(struct plan *p, const char *typed, struct err *e)
{
    int64_t no;
    if (own_number('P', typed, &no))
        return match_named(p, 'P', typed, (struct ref){ 0 }, false, e);
    const char *folded = fold_name(&p->row_mem, p->o->words, typed);
    bool partner = index_named(p->index, 'P', folded) != NULL,
         customer = index_named(p->index, 'A', folded) != NULL;
    if (partner && customer) {
        plan_say(p, IMPORT_REFUSED,
            "'%s' is a partner and a customer; use a column partner or customer",
            plan_shown(p, typed));
        return (struct ref){ 0 };
    }
    return match_named(p, partner ? 'P' : 'A', typed, (struct ref){ 0 }, true, e);
}

/* The row. */

/* Those that are not known by another id of the place where the file comes from. */
static const struct named *without_key(struct plan *p, const struct named *list)
{
    struct named *left = NULL;
    for (; list; list = list->next) {
        char *mark = arena_printf(&p->row_mem, "k@%lld", (long long)list->ref.id);
        bool keyed = list->ref.fresh ? list->ref.fresh->key != NULL
                                     : index_key(p->index, list->ref.kind, mark).kind;
        struct named *copy = keyed ? NULL : ARENA_NEW(&p->row_mem, struct named);
        if (copy) {
            *copy = *list;
            copy->next = left;
            left = copy;
        }
    }
    return left;
}

/* What a line without an id is known by: all that it says. */
static char *fingerprint(struct plan *p, const char *const *typed)
{
    struct buf b = BUF_ON(&p->row_mem);
    char hex[SHA256_HEX];
    for (int i = 0; p->sheet->kind->fields[i].name; i++)
        if (typed[i] && p->sheet->kind->fields[i].type != IN_LEFT) {
            struct folded f = fold_text(&p->row_mem, typed[i], strlen(typed[i]));
            buf_printf(&b, "%s=%s\n", p->sheet->kind->fields[i].name, f.s);
        }
    sha256_hex(buf_str(&b), b.n, hex);
    return arena_printf(&p->row_mem, "h:%.32s", hex);
}

static bool read_created(struct plan *p, const char *const *typed, int64_t *ms)
{
    int f = import_field_find(p->sheet->kind, IN_CREATED);
    *ms = 0;
    return !p->sheet->ours || !typed[f] || cell_instant(p, f, typed[f], NULL, ms);
}

static struct planned *fresh_row(struct plan *p, int64_t own, int64_t created_ms)
{
    struct planned *r = plan_add(p, p->sheet->kind->letter);
    r->own_id = own;
    r->created_ms = created_ms;
    if (own)
        index_key_add(p->index, r->kind,
            arena_printf(&p->row_mem, "#%lld", (long long)own),
            (struct ref){ r->kind, 0, r });
    return r;
}

/* By its name within its firm; kind 0: by none. False: several fit, and that was told. */
static bool match_by_name(struct plan *p, const char *name, const char *folded, bool outside,
    struct ref firm, struct ref *out)
{
    char kind = p->sheet->kind->letter;
    bool several = false;
    const struct named *list = index_named(p->index, kind, folded);
    if (outside)
        list = without_key(p, list);
    if (!choose(list, firm, kind == 'C' || kind == 'D', out, &several))
        *out = (struct ref){ 0 };
    if (several)
        say_several(p, kind, name, list);
    return !several;
}

/* The same line finds the record next time. */
static void remember(struct plan *p, struct planned *r, const char *key)
{
    if (!key || index_key(p->index, r->kind, key).kind)
        return;
    r->key = arena_strdup(&p->mem, key);
    index_key_add(p->index, r->kind, key, (struct ref){ r->kind, r->id, r });
}

/* A row that has no number of ours. */
static struct planned *match_other(struct plan *p, const char *const *typed,
    const char *outside, const char *name, struct ref firm, int64_t created, struct err *e)
{
    char kind = p->sheet->kind->letter;
    const char *folded = name ? fold_name(&p->row_mem, p->o->words, name) : NULL;
    const char *key = outside       ? arena_printf(&p->row_mem, "x:%s", outside)
                      : kind == 'T' ? fingerprint(p, typed)
                                    : NULL;
    struct ref ref = key ? index_key(p->index, kind, key) : (struct ref){ 0 };
    if (!ref.kind && folded && !match_by_name(p, name, folded, outside != NULL, firm, &ref))
        return NULL;
    if (!ref.kind && folded && (left_forgotten(p, kind, name, folded, firm, e) || e->code != ERR_NONE))
        return NULL;
    struct planned *r = ref.kind ? planned_of(p, ref) : fresh_row(p, 0, created);
    if (!ref.kind && folded)
        index_add(p->index, kind, folded, (struct ref){ kind, 0, r }, firm);
    remember(p, r, key);
    return r;
}

/* A file that was written before knows the name under our number. */
static bool is_forgotten(struct plan *p, struct ref ref, struct err *e)
{
    struct forgotten f;
    if (ref.kind != 'C' || ref.fresh || !forgotten_of(p->db, &p->row_mem, ref.id, &f, e))
        return false;
    plan_say(p, IMPORT_WARNED, "C%lld was forgotten here on %.10s; left out", (long long)ref.id,
        zone_iso(&p->row_mem, f.at_ms, p->o->zone));
    return true;
}

struct planned *match_row(struct plan *p, const char *const *typed, const char *name,
    struct ref firm, struct err *e)
{
    char kind = p->sheet->kind->letter;
    const char *id = typed[import_field_find(p->sheet->kind, IN_ID)];
    const char *outside = typed[import_field_find(p->sheet->kind, IN_EXTERNAL)];
    int64_t no = 0, created;
    struct ref ref = { 0 };
    e->code = ERR_NONE;
    if (!read_created(p, typed, &created))
        return NULL;
    if (!id || !own_number(kind, id, &no))
        return match_other(p, typed, outside ? outside : id, name, firm, created, e);
    if (!find_own(p, kind, no, created, &ref, e) || is_forgotten(p, ref, e) || e->code != ERR_NONE)
        return NULL;
    return ref.kind ? planned_of(p, ref) : fresh_row(p, no, created);
}
