#include "bot/core/search.h"

#include <string.h>
#include "bot/store/members.h"
#include "bot/text/terms.h"

static const char purge_key[] = "search.purge"; /* begin, go on; none: nothing to do */

static bool open_level(const char *level)
{
    return strcmp(level, "me") != 0 && strcmp(level, "offrecord") != 0;
}

/* The terms of a revision, read as its author. */
static char *terms_at(struct db *db, struct arena *mem, int64_t note, int64_t rev, bool *open,
    struct err *e)
{
    struct note_text facts, t;
    if (!note_text_facts(db, mem, note, &facts, e) ||
        !note_text_read(db, mem, note, rev, facts.author_id, &t, e))
        return NULL;
    *open = open_level(t.level);
    return terms_of(mem, t.text);
}

bool search_begin_purge(struct db *db, struct err *e)
{
    return meta_set(db, purge_key, "begin", e);
}

bool search_purges(struct db *db, struct arena *mem, struct err *e)
{
    char *state = meta_get(db, mem, purge_key, e);
    return state && *state;
}

static bool take_out(struct db *db, struct arena *mem, int64_t note, int64_t rev, bool hide,
    struct err *e)
{
    bool open;
    char *terms = terms_at(db, mem, note, rev, &open, e);
    if (!terms || !note_index_remove(db, note, terms, e))
        return false;
    return !hide || search_begin_purge(db, e);
}

bool search_sync(struct db *db, struct arena *mem, int64_t note, int64_t rev, struct err *e)
{
    bool open = false;
    int64_t held = note_indexed(db, note, e);
    char *terms = e->code == ERR_NONE ? terms_at(db, mem, note, rev, &open, e) : NULL;
    if (e->code != ERR_NONE)
        return false;
    if (held && (!open || held != rev) && !take_out(db, mem, note, held, !open, e))
        return e->code == ERR_NONE;
    return !terms || !open || held == rev || note_index_add(db, note, rev, terms, e);
}

bool search_drop(struct db *db, struct arena *mem, int64_t note, struct err *e)
{
    int64_t held = note_indexed(db, note, e);
    if (e->code != ERR_NONE || (held && !take_out(db, mem, note, held, true, e)))
        return false;
    return note_text_empty(db, note, e);
}

bool search_rewrite(struct db *db, struct arena *mem, int64_t note, int64_t rev, const char *old,
    const char *text, struct err *e)
{
    bool held = note_indexed(db, note, e) == rev;
    return e->code == ERR_NONE && (!held || note_index_remove(db, note, terms_of(mem, old), e)) &&
           note_text_put(db, note, rev, text, e) &&
           (!held || !*text || note_index_add(db, note, rev, terms_of(mem, text), e));
}

bool search_add(struct db *db, struct arena *mem, struct note_text *t, int64_t now_ms,
    struct err *e)
{
    bool known = t->id != 0;
    if (!note_text_add(db, t, now_ms, e))
        return false;
    if (known)
        return search_sync(db, mem, t->id, t->rev, e);
    return !open_level(t->level) || note_index_add(db, t->id, t->rev, terms_of(mem, t->text), e);
}

bool search_purge(struct db *db, struct arena *mem, bool *more, bool *done, struct err *e)
{
    struct err none = { 0 };
    *more = *done = false;
    char *state = meta_get(db, mem, purge_key, &none);
    if (none.code != ERR_NONE || !state || !*state)
        return true;
    if (!note_index_merge(db, !strcmp(state, "begin"), more, e))
        return false;
    *done = !*more;
    return meta_set(db, purge_key, *more ? "go on" : "", e);
}
