/* What a row needs besides its cells: a deal its days, a touch point those it was with. */
#include "bot/core/import_private.h"

#include "bot/base/clock.h"
#include <stdlib.h>
#include <string.h>

void plan_saw_firm(struct plan *p, struct ref ref, bool changed)
{
    if (ref.kind != 'P')
        return;
    struct firm_seen *f = p->firms;
    while (f && !ref_same(f->ref, ref) &&
           !(f->ref.id && f->ref.id == (ref.fresh ? ref.fresh->id : ref.id)))
        f = f->next;
    if (!f) {
        f = ARENA_NEW(&p->mem, struct firm_seen);
        *f = (struct firm_seen){ p->firms, ref, false };
        p->firms = f;
    }
    f->changed = f->changed || changed;
}

void plan_default(
    struct plan *p, struct planned *r, const char *name, struct import_cell c)
{
    int f = plan_field(p, name);
    if (f < 0 || r->cells[f].column || r->known)
        return;
    c.column = p->sheet->kind->fields[f].column;
    r->cells[f] = c;
}

static struct import_cell *cell_named(
    struct plan *p, struct planned *r, const char *name)
{
    struct import_cell *c = &r->cells[plan_field(p, name)];
    return c->column ? c : NULL;
}

bool plan_is_closed(const char *state)
{
    return state && (!strcmp(state, "won") || !strcmp(state, "lost") ||
                        !strcmp(state, "expired") || !strcmp(state, "merged"));
}

void plan_finish_deal(struct plan *p, struct planned *r, const char *state,
    const char *const *typed, struct err *e)
{
    bool closed = plan_is_closed(state);
    const char *sourced = plan_typed(p, typed, IN_SOURCED_BY),
               *when = plan_typed(p, typed, IN_SOURCED_AT);
    const char *merged = plan_typed(p, typed, IN_MERGED);
    if (!r->known && !p->refused && !cell_named(p, r, "registered_at")) {
        plan_warn_once(p,
            "there is no day of registration in every row; those deals count as registered now");
        plan_default(p, r, "registered_at",
            (struct import_cell){ .integer = r->created_ms ? r->created_ms : p->now_ms,
                .has_integer = true });
    }
    if (closed && !r->known && !cell_named(p, r, "closed_at"))
        plan_say(p, IMPORT_REFUSED,
            "the deal is %s, but no row says when; fill the column closed_at (受注日, Close Date)",
            state);
    const struct import_cell *from = cell_named(p, r, "registered_at"),
                             *to = cell_named(p, r, "closed_at");
    if (from && to && to->integer < from->integer - DAY_MS)
        plan_say(p, IMPORT_WARNED, "closed before it was registered; check both days");
    if (closed && !p->sheet->ours && cell_named(p, r, "owner"))
        plan_default(p, r, "closed_owner", *cell_named(p, r, "owner"));
    if (sourced) {
        r->sourced_by = match_named(p, 'P', sourced, (struct ref){ 0 }, true, e);
        const struct import_cell *day = cell_named(p, r, "registered_at");
        r->sourced_ms = day ? day->integer : p->now_ms;
        if (when)
            (void)cell_instant(
                p, plan_column(p, IN_SOURCED_AT), when, NULL, &r->sourced_ms);
    }
    if (merged && !own_number('D', merged, &r->merged_into))
        plan_say(p, IMPORT_REFUSED, "merged_into '%s' is no id of a deal such as D8",
            plan_shown(p, merged));
}

static bool has_ref(const struct ref_list *list, struct ref ref)
{
    for (; list; list = list->next)
        if (list->ref.kind && ref_same(list->ref, ref))
            return true;
    return false;
}

static void add_ref(struct plan *p, struct ref_list **list, struct ref ref)
{
    if (!ref.kind || has_ref(*list, ref))
        return;
    while (*list)
        list = &(*list)->next;
    *list = ARENA_NEW(&p->mem, struct ref_list);
    (*list)->ref = ref;
}

/* 田中、佐藤; C3;C4 */
static bool add_list(struct plan *p, struct ref_list **list, char kind,
    const char *typed, struct ref firm, struct err *e)
{
    struct buf b = BUF_ON(&p->row_mem);
    buf_puts(&b, typed);
    for (char *s = b.s; (s = strstr(s, "、")) != NULL;)
        memcpy(s, ";  ", 3);
    char *save = NULL;
    for (char *s = strtok_r(b.s, ";\n,", &save); s; s = strtok_r(NULL, ";\n,", &save)) {
        s += strspn(s, " ");
        size_t n = strlen(s);
        while (n && s[n - 1] == ' ')
            s[--n] = '\0';
        if (!n)
            continue;
        add_ref(p, list, match_named(p, kind, s, firm, true, e));
        if (e->code != ERR_NONE)
            return false;
    }
    return true;
}

static struct ref firm_of_person(struct plan *p, struct ref ref)
{
    struct import_record r;
    struct err e;
    struct ref firm = { 0 };
    if (ref.fresh && !ref.fresh->known)
        return ref.fresh->refs[1].kind ? ref.fresh->refs[1] : ref.fresh->refs[2];
    if (!import_load(p->db, 'C', ref.fresh ? ref.fresh->id : ref.id, &r, &e))
        return firm;
    const char *partner = import_stored(&r, &p->row_mem, 1),
               *customer = import_stored(&r, &p->row_mem, 2);
    query_reset(&r.q);
    if (partner || customer)
        firm = (struct ref){ partner ? 'P' : 'A',
            strtoll(partner ? partner : customer, NULL, 10), NULL };
    return firm;
}

static void check_level(struct plan *p, const char *level)
{
    if (level && strcmp(level, "all") != 0 && strcmp(level, "deal") != 0 &&
        strcmp(level, "managers") != 0)
        plan_say(p, IMPORT_REFUSED, "level '%s' is none of all, deal and managers",
            plan_shown(p, level));
}

/* With whom it was: firms follow from their people, as when it is typed. */
bool plan_finish_touch(struct plan *p, struct planned *r, const char *const *typed,
    struct ref company, struct err *e)
{
    const char *people = plan_typed(p, typed, IN_PEOPLE),
               *partners = plan_typed(p, typed, IN_PARTNERS);
    const char *level = plan_typed(p, typed, IN_LEVEL);
    int customer = plan_field(p, "customer"), deal = plan_field(p, "deal"),
        member = plan_field(p, "member");
    if (partners && !add_list(p, &r->partners, 'P', partners, (struct ref){ 0 }, e))
        return false;
    if (company.kind == 'P')
        add_ref(p, &r->partners, company);
    struct ref firm = company.kind             ? company
                      : r->refs[customer].kind ? r->refs[customer]
                      : r->partners            ? r->partners->ref
                                               : (struct ref){ 0 };
    if (people && !add_list(p, &r->people, 'C', people, firm, e))
        return false;
    for (const struct ref_list *l = p->sheet->ours ? NULL : r->people; l; l = l->next) {
        struct ref f = firm_of_person(p, l->ref);
        if (f.kind == 'P')
            add_ref(p, &r->partners, f);
        else if (f.kind == 'A' && !r->refs[customer].kind)
            r->refs[customer] = f, r->cells[customer].column = "customer_id";
    }
    if (!r->people && !r->partners && !r->refs[customer].kind && !r->refs[deal].kind)
        plan_say(p, IMPORT_REFUSED,
            "says with whom in no column: a company, a person or a deal is needed");
    if (!r->cells[member].has_integer) {
        r->cells[member] = (struct import_cell){
            .column = "member_id", .integer = p->o->member, .has_integer = true
        };
        if (!p->o->member)
            plan_say(p, IMPORT_REFUSED,
                "says in no column which member it was; add --as HANDLE for those");
    }
    check_level(p, level);
    r->level = level ? arena_strdup(&p->mem, level) : "all";
    for (const struct ref_list *l = r->partners; l; l = l->next)
        plan_saw_firm(p, l->ref, true);
    return true;
}
