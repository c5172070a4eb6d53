/* merge and unmerge: two records of one person, partner or customer become one, and can
 * be parted again. Moves nothing before the member has seen what would move. */
#include "bot/store/merge.h"

#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/names.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg merge_args[] = {
    { "person", ARG_PERSON, MANY },
    { "partner", ARG_PARTNER, MANY },
    { "customer", ARG_CUSTOMER, MANY },
    { 0 },
};

/* A record that was named; `id` has the records, `typed` is the number that was named. */
struct side {
    char kind;
    int64_t id, typed;
    const char *name;
};

/* False where there is no such record. */
static bool load_side(struct call *c, struct ref named, struct side *s, struct err *e)
{
    struct person p;
    struct partner g;
    struct customer a;
    *s = (struct side){ .kind = named.kind, .typed = named.no };
    if (named.kind == 'C' && person_load(c->db, c->mem, named.no, &p, e)) {
        s->id = p.id;
        s->name = label_person_full(c, &p);
    } else if (named.kind == 'P' && partner_load(c->db, c->mem, named.no, &g, e)) {
        s->id = g.id;
        s->name = g.name;
    } else if (named.kind == 'A' && customer_load(c->db, c->mem, named.no, &a, e)) {
        s->id = a.id;
        s->name = a.name;
    }
    return s->id != 0;
}

static char *numbered(struct call *c, const struct side *s)
{
    return call_text(c, "merge.record", ARGS(TXT("name", s->name), TXT("id", call_ref(c, s->kind, s->id))));
}

static char *kind_word(struct call *c, char kind)
{
    return call_text(c, kind == 'C'   ? "kind.person"
                        : kind == 'P' ? "kind.partner"
                                      : "kind.customer", NO_ARGS);
}

/* "3 touch points, 1 deal"; NULL where nothing names the record. */
static char *what_moves(struct call *c, const struct side *s, struct err *e)
{
    static const char *const first[] = { "touch_point", "touch_partner", "touch_person", "deal",
        "note", "person", "champion", "follow", "messenger", "name", "merge" };
    struct merge_count counts[MERGE_TABLES];
    int n = merge_counts(c->db, c->mem, s->kind, s->id, counts, MERGE_TABLES, e);
    struct buf b = BUF_ON(c->mem);
    int64_t others = 0;
    for (int i = 0; i < n; i++)
        others += counts[i].n;
    for (size_t k = 0; k < sizeof first / sizeof *first; k++)
        for (int i = 0; i < n; i++)
            if (!strcmp(counts[i].table, first[k])) {
                buf_join(&b, comma(c), call_text(c, arena_printf(c->mem, "merge.n.%s", first[k]),
                                           ARGS(NUM("n", counts[i].n))));
                others -= counts[i].n;
            }
    if (others)
        buf_join(&b, comma(c), call_text(c, "merge.n.other", ARGS(NUM("n", others))));
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

/* Japanese may name the one that stays first: BにAを統合. */
static bool stays_first(const struct call *c)
{
    const char *object = strstr(c->text, "を"), *into = strstr(c->text, "に");
    return object && into && into < object;
}

static void turn(struct side *gone, struct side *kept)
{
    struct side other = *gone;
    *gone = *kept;
    *kept = other;
}

static bool read_sides(struct call *c, struct side *gone, struct side *kept, struct err *e)
{
    const struct frame *f = c->f;
    if (f->n_named != 2)
        return fail(e, ERR_USAGE, "merge.two", NULL, "not two");
    if (!load_side(c, f->named[0], gone, e) || !load_side(c, f->named[1], kept, e))
        return e->code == ERR_NONE ? fail(e, ERR_USAGE, "merge.two", NULL, "none such") : false;
    if (stays_first(c))
        turn(gone, kept);
    if (gone->kind != kept->kind)
        return fail(e, ERR_USAGE, "merge.kinds",
            ARGS(TXT("a", gone->name), TXT("a_kind", kind_word(c, gone->kind)),
                TXT("b", kept->name), TXT("b_kind", kind_word(c, kept->kind))), "two kinds");
    if (gone->id == kept->id && gone->typed != kept->typed)
        return fail(e, ERR_CONFLICT, "merge.already",
            ARGS(TXT("gone", call_ref(c, gone->kind, gone->typed == gone->id ? kept->typed : gone->typed)),
                TXT("kept", numbered(c, kept))), "merged before");
    if (gone->id == kept->id)
        return fail(e, ERR_USAGE, "merge.self", ARGS(TXT("name", numbered(c, kept))), "the same");
    return true;
}

/* What would move, before it does. */
static bool confirm(struct call *c, const struct side *gone, const struct side *kept, bool turned, struct err *e)
{
    char *what = what_moves(c, gone, e);
    struct reply *r = reply_new(c, REPLY_ASK, "merge.ask",
        ARGS(TXT("gone", numbered(c, gone)), TXT("kept", numbered(c, kept))));
    reply_line(r, what ? call_text(c, "merge.moves", ARGS(TXT("kept", kept->name), TXT("what", what)))
                       : call_text(c, "merge.moves_nothing", ARGS(TXT("gone", gone->name), TXT("kept", kept->name))));
    struct option options[3] = { { call_text(c, "button.merge", NO_ARGS), "yes|y|はい|merge", "yes", "primary" } };
    int n = 1;
    if (!turned)
        options[n++] = (struct option){ call_text(c, "button.turn", NO_ARGS), "turn|other way|逆", "turn", "plain" };
    options[n++] = (struct option){ call_text(c, "button.leave_both", NO_ARGS), "no|n|いいえ", "no", "quiet" };
    return e->code == ERR_NONE && ask_question(c, r, "merge.ask", turned ? "$merge_turned" : "$merge", options, n, false, e);
}

static bool merge(struct call *c, const struct side *gone, const struct side *kept, struct err *e)
{
    char *what = what_moves(c, gone, e), *was = numbered(c, gone);
    if (e->code != ERR_NONE ||
        !merge_run(c->db, c->mem, gone->kind, gone->id, kept->id, c->member->id, c->now_ms, e) ||
        !names_refresh(c->names, c->db, gone->kind, gone->id, e) ||
        !names_refresh(c->names, c->db, kept->kind, kept->id, e))
        return false;
    const char *id = call_ref(c, kept->kind, kept->id);
    struct reply *r = reply_titled(c, REPLY_OK, "merge.done", arena_printf(c->mem, "%s" FACTS "%s", id, kept->name));
    reply_line(r, what ? call_text(c, "merge.done", ARGS(TXT("gone", was), TXT("what", what)))
                       : call_text(c, "merge.done_nothing", ARGS(TXT("gone", was))));
    reply_soft(r, call_text(c, "merge.part_again", ARGS(TXT("say", typed(c, "unmerge", call_ref(c, gone->kind, gone->id))))));
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, "changed");
    reply_data_ref(r, "merged", gone->kind, gone->id);
    return true;
}

static bool merge_command_run(struct call *c, struct err *e)
{
    struct side gone = { 0 }, kept = { 0 };
    e->code = ERR_NONE;
    if (!read_sides(c, &gone, &kept, e))
        return false;
    const char *first = ask_settled(c, "$merge");
    bool turned = first && !strcmp(first, "turn");
    if (turned)
        turn(&gone, &kept);
    const char *answer = turned ? ask_settled(c, "$merge_turned") : first;
    if (!answer)
        return confirm(c, &gone, &kept, turned, e);
    if (!strcmp(answer, "yes"))
        return merge(c, &gone, &kept, e);
    reply_new(c, REPLY_OK, "merge.left", NO_ARGS);
    return true;
}

const struct command merge_command = {
    .id = "merge",
    .args = merge_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_KNOWN,
    .run = merge_command_run,
};

/* The merge that is meant: by the number or the name of what went, or the only one into
 * what was named. `*asked`: there are several, and a reply says so. */
static bool which_merge(struct call *c, const struct side *s, struct merge *m, bool *asked, struct err *e)
{
    enum { MERGES = 8 };
    struct merge list[MERGES];
    *asked = false;
    if (merge_find(c->db, c->mem, s->kind, s->typed, m, e))
        return true;
    int n = e->code == ERR_NONE ? merge_list(c->db, c->mem, s->kind, s->id, list, MERGES, e) : 0;
    for (int i = 0; i < n; i++) {
        if (n > 1 && !strstr(c->f->rest, list[i].name))
            continue;
        *m = list[i];
        return true;
    }
    if (e->code != ERR_NONE || !n)
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "unmerge.none", ARGS(TXT("name", s->name)), "not merged");
    struct buf names = BUF_ON(c->mem);
    for (int i = 0; i < n; i++)
        buf_join(&names, comma(c), call_text(c, "merge.record",
            ARGS(TXT("name", list[i].name), TXT("id", call_ref(c, s->kind, list[i].gone)))));
    struct reply *r = reply_new(c, REPLY_REFUSED, "unmerge.which", ARGS(TXT("kept", s->name), TXT("names", buf_str(&names))));
    for (int i = 0; i < n && i < CARD_BUTTONS; i++)
        reply_button(r, "plain", typed(c, "unmerge", call_ref(c, s->kind, list[i].gone)),
            "button.unmerge", ARGS(TXT("name", list[i].name)));
    *asked = true;
    return true;
}

static bool unmerge_run(struct call *c, struct err *e)
{
    struct side s = { 0 }, back = { 0 };
    struct merge m = { 0 };
    bool asked;
    e->code = ERR_NONE;
    if (c->f->n_named != 1 || !load_side(c, c->f->named[0], &s, e))
        return e->code == ERR_NONE ? fail(e, ERR_USAGE, "unmerge.who", NULL, "no record") : false;
    if (!which_merge(c, &s, &m, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!merge_undo(c->db, c->mem, s.kind, &m, c->now_ms, e) ||
        !names_refresh(c->names, c->db, s.kind, m.kept, e) || !names_refresh(c->names, c->db, s.kind, m.gone, e) ||
        !load_side(c, (struct ref){ s.kind, m.gone }, &back, e))
        return false;
    char *what = what_moves(c, &back, e);
    const char *id = call_ref(c, s.kind, m.gone);
    struct reply *r = reply_titled(c, REPLY_OK, "unmerge.done", arena_printf(c->mem, "%s" FACTS "%s", id, back.name));
    reply_line(r, call_text(c, "unmerge.done", ARGS(TXT("kept", numbered(c, &s)))));
    reply_soft(r, what ? call_text(c, "unmerge.back", ARGS(TXT("what", what), TXT("kept", s.name)))
                       : call_text(c, "unmerge.back_nothing", ARGS(TXT("kept", s.name))));
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, "changed");
    return e->code == ERR_NONE;
}

const struct command unmerge_command = {
    .id = "unmerge",
    .args = merge_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_KNOWN,
    .run = unmerge_run,
};
