/* share, unshare: who may read one note besides those of its level. Its author alone
 * decides. */
#include <string.h>
#include "handlers/correct.h"
#include "handlers/handlers.h"

static const struct arg share_args[] = {
    { "record", ARG_RECORD, REQUIRED },
    { "member", ARG_MEMBER, MANY },
    { 0 },
};

/* The text of the record; 0: it has none. */
static bool find_text(struct call *c, struct ref ref, struct note_text *out, struct err *e)
{
    struct touch t;
    struct note n;
    int64_t note = 0;
    const char *id = call_ref(c, ref.kind, ref.no);
    e->code = ERR_NONE;
    bool found = ref.kind == 'N'   ? note_load(c->db, c->mem, ref.no, &n, e)
                 : strchr("TM", ref.kind) ? touch_load(c->db, c->mem, ref.kind, ref.no, &t, e)
                                          : false;
    if (found)
        note = ref.kind == 'N' ? n.note_id : t.note_id;
    if (e->code != ERR_NONE)
        return false;
    if (!found)
        return fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", id)), "no record");
    if (!note || !note_text_facts(c->db, c->mem, note, out, e))
        return e->code == ERR_NONE ? fail(e, ERR_USAGE, "share.no_note", ARGS(TXT("id", id)), "no note") : false;
    return out->author_id == c->member->id || fail(e, ERR_FORBIDDEN, "share.not_yours", NULL, "not author");
}

static bool is_level(const struct note_text *t, const char *level)
{
    return t->level && !strcmp(t->level, level);
}

static bool may_share(struct call *c, const char *id, const struct note_text *t, struct err *e)
{
    if (c->f->n_words)
        return fail(e, ERR_NOT_FOUND, "share.nobody", ARGS(TXT("name", c->f->words[0])), "no member");
    if (!c->f->n_members)
        return fail(e, ERR_USAGE, "share.whom", ARGS(TXT("id", id)), "no member");
    if (is_level(t, "all"))
        return fail(e, ERR_CONFLICT, "share.all", ARGS(TXT("id", id)), "open note");
    if (is_level(t, "me"))
        return fail(e, ERR_CONFLICT, "share.only_me", ARGS(TXT("id", id)), "private note");
    return true;
}

/* off the record: you and Mika */
static char *readers_line(struct call *c, const char *id, const struct note_text *t, struct err *e)
{
    enum { READERS = 16 };
    int64_t readers[READERS];
    struct buf who = BUF_ON(c->mem), b = BUF_ON(c->mem);
    int n = note_reader_list(c->db, t->id, readers, READERS, e);
    for (int i = 0; i < n; i++)
        buf_join(&who, call_text(c, "list.comma", NO_ARGS), label_member(c, readers[i]));
    bool off = is_level(t, "offrecord");
    buf_join(&b, " · ", id);
    if (!off || !n)
        buf_join(&b, " · ", call_text(c, arena_printf(c->mem, "level.%s", t->level), NO_ARGS));
    if (n)
        buf_join(&b, " · ", call_text(c, off ? "level.offrecord_for" : "share.also", ARGS(TXT("who", buf_str(&who)))));
    return arena_strdup(c->mem, buf_str(&b));
}

static bool change_readers(struct call *c, bool add, struct err *e)
{
    struct note_text t = { 0 };
    const struct frame *f = c->f;
    const char *id = call_ref(c, f->refs[0].kind, f->refs[0].no);
    if (!find_text(c, f->refs[0], &t, e) || !may_share(c, id, &t, e))
        return false;
    for (int i = 0; i < f->n_members; i++)
        if (add ? !note_reader_add(c->db, t.id, f->members[i], e)
                : !note_reader_drop(c->db, t.id, f->members[i], c->now_ms, e))
            return false;
    struct reply *r = reply_titled(c, REPLY_OK, "share.changed", readers_line(c, id, &t, e));
    if (e->code != ERR_NONE)
        return false;
    reply_private(r);
    reply_button(r, "quiet", "undo", "button.undo", NO_ARGS);
    reply_record(r, id, "changed");
    return true;
}

static bool share_run(struct call *c, struct err *e)
{
    return change_readers(c, true, e);
}

static bool unshare_run(struct call *c, struct err *e)
{
    return change_readers(c, false, e);
}

const struct command share_command = { .id = "share", .args = share_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = share_run };
const struct command unshare_command = { .id = "unshare", .args = share_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = unshare_run };
