/* What a record is called: the keys made of its rows in the store, kept up to date. */
#include "bot/core/names_private.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/store/journal.h"
#include "bot/store/members.h"
#include "bot/store/people.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

static bool is_cjk(enum script s)
{
    return s == SCRIPT_HAN || s == SCRIPT_HIRAGANA || s == SCRIPT_KATAKANA || s == SCRIPT_HANGUL;
}

bool names_cjk(const char *s)
{
    size_t i = 0;
    return *s && is_cjk(utf8_script(utf8_next(s, strlen(s), &i)));
}

struct filling {
    struct names *names;
    struct arena mem;
};

/* A key for the spelling and one for the sound. */
static void add_spelling(struct filling *f, const char *text, struct name_hit hit)
{
    const char *key = fold_name(&f->mem, f->names->words, text);
    bool firm = (hit.kind == 'P' || hit.kind == 'A') && hit.score < 2 && names_cjk(key);
    table_add(f->names, key, hit, firm);
    hit.score = hit.score == 0 ? 0 : hit.score < 3 ? hit.score : 3;
    table_add(f->names, fold_romaji(&f->mem, text), hit, false);
}

/* Ken Tanaka is タナカ ケン. */
static void add_reversed(struct filling *f, const char *text, struct name_hit hit)
{
    const char *space = strchr(text, ' ');
    hit.score = 1;
    if (space && !strchr(space + 1, ' '))
        add_spelling(f, arena_printf(&f->mem, "%s %.*s", space + 1, (int)(space - text), text), hit);
}

/* Surname and given name; a single character is too little to be a name by itself. */
static void add_words(struct filling *f, const char *text, struct name_hit hit)
{
    char *copy = arena_strdup(&f->mem, text), *save = NULL;
    hit.score = 2;
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
        if (utf8_count(w) > 1)
            add_spelling(f, w, hit);
}

/* Firms go by the first words of their name (Southern Cross). In scripts without spaces
 * any two characters and more will do: table_find_beginning. */
static void add_beginnings(struct filling *f, const char *text, struct name_hit hit)
{
    hit.score = 2;
    if (names_cjk(fold_name(&f->mem, f->names->words, text)))
        return;
    for (const char *p = strchr(text, ' '); p; p = strchr(p + 1, ' '))
        if (p - text > 2)
            add_spelling(f, arena_strndup(&f->mem, text, (size_t)(p - text)), hit);
}

static void add_row(void *ctx, const struct name_row *row)
{
    struct filling *f = ctx;
    struct name_hit hit = { row->kind, row->ref, row->sort == 'd' ? 0 : 1 };
    add_spelling(f, row->text, hit);
    if (row->kind == 'C' || row->kind == 'U') {
        add_words(f, row->text, hit);
        add_reversed(f, row->text, hit);
    } else {
        add_beginnings(f, row->text, hit);
    }
    arena_reset(&f->mem);
}

/* One record's names, or (kind 0) all. The caller settles the table. */
static bool fill(struct names *n, struct db *db, char kind, int64_t id, struct err *e)
{
    struct filling f = { n, ARENA_INIT };
    bool ok = name_each(db, kind, id, add_row, &f, e);
    arena_finish(&f.mem);
    return ok;
}

static bool fill_all(struct names *n, struct db *db, struct err *e)
{
    n->free_rows = NO_ROW;
    bool ok = fill(n, db, 0, 0, e) && journal_newest(db, &n->journal, e);
    table_settle(n);
    return ok;
}

struct names *names_open(struct db *db, const struct catalogue *words, struct err *e)
{
    struct names *n = xcalloc(1, sizeof *n);
    n->words = words;
    if (fill_all(n, db, e))
        return n;
    names_close(n);
    return NULL;
}

struct names *names_of(const struct catalogue *words, int64_t person, const char *const *texts, int n)
{
    struct names *names = xcalloc(1, sizeof *names);
    names->words = words;
    names->free_rows = NO_ROW;
    struct filling f = { names, ARENA_INIT };
    for (int i = 0; i < n; i++)
        add_row(&f, &(struct name_row){ .kind = 'C', .ref = person, .text = texts[i], .sort = i ? 'a' : 'd' });
    arena_finish(&f.mem);
    table_settle(names);
    return names;
}

void names_close(struct names *n)
{
    if (!n)
        return;
    table_finish(n);
    free(n->unsettled);
    free(n);
}

static bool read_again(struct names *n, struct db *db, struct record r, struct err *e)
{
    table_remove(n, r.kind, r.id);
    return fill(n, db, r.kind, r.id, e);
}

static void remember(struct names *n, char kind, int64_t id)
{
    GROW(n->unsettled, n->cap_unsettled, n->n_unsettled);
    n->unsettled[n->n_unsettled++] = (struct record){ kind, id };
}

bool names_refresh(struct names *n, struct db *db, char kind, int64_t id, struct err *e)
{
    remember(n, kind, id);
    bool ok = read_again(n, db, (struct record){ kind, id }, e);
    table_settle(n);
    return ok;
}

bool names_reload(struct names *n, struct db *db, struct err *e)
{
    table_finish(n);
    free(n->unsettled);
    *n = (struct names){ .words = n->words };
    return fill_all(n, db, e);
}

struct following {
    struct names *names;
    struct record *changed;
    size_t n, cap;
};

static void on_changed(void *ctx, char kind, int64_t id)
{
    struct following *f = ctx;
    GROW(f->changed, f->cap, f->n);
    f->changed[f->n++] = (struct record){ kind, id };
}

static bool read_changed(struct names *n, struct db *db, struct following *f, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; i < f->n; i++) {
        remember(n, f->changed[i].kind, f->changed[i].id);
        ok = ok && read_again(n, db, f->changed[i], e);
    }
    table_settle(n);
    free(f->changed);
    return ok;
}

bool names_undone(struct names *n, struct db *db, int64_t group, struct err *e)
{
    struct following f = { .names = n };
    bool ok = journal_named(db, group, 0, on_changed, &f, e);
    return read_changed(n, db, &f, e) && ok;
}

/* Members are not journaled, but few. */
static bool add_members(struct following *f, struct db *db, struct err *e)
{
    struct arena mem = ARENA_INIT;
    int n = 0;
    const struct member *list = member_list(db, &mem, &n, e);
    for (int i = 0; list && i < n; i++)
        on_changed(f, 'U', list[i].id);
    arena_finish(&mem);
    return list != NULL;
}

bool names_follow(struct names *n, struct db *db, struct err *e)
{
    struct following f = { .names = n };
    int64_t known = n->journal;
    bool ok = journal_newest(db, &n->journal, e) && journal_named(db, 0, known, on_changed, &f, e) &&
              add_members(&f, db, e);
    ok = read_changed(n, db, &f, e) && ok;
    names_settled(n);
    return ok;
}

void names_settled(struct names *n)
{
    n->n_unsettled = 0;
}

bool names_rolled_back(struct names *n, struct db *db, struct err *e)
{
    bool ok = true;
    for (size_t i = 0; i < n->n_unsettled; i++)
        ok = ok && read_again(n, db, n->unsettled[i], e);
    table_settle(n);
    return ok;
}

int names_find(const struct names *n, struct arena *mem, const char *text,
    struct name_hit *out, int max)
{
    const char *key = fold_name(mem, n->words, text);
    const char *sound = fold_romaji(mem, text);
    int count = *key ? table_find(n, key, names_hash(key), out, 0, max) : 0;
    count = table_find_beginning(n, key, out, count, max);
    if (sound && *sound && strcmp(sound, key) != 0)
        count = table_find(n, sound, names_hash(sound), out, count, max);
    return count;
}

bool names_called(const struct names *n, struct arena *mem, const char *text, char kind, int64_t id)
{
    const char *key = fold_name(mem, n->words, text), *sound = fold_romaji(mem, text);
    return table_has(n, key, kind, id) || (sound && table_has(n, sound, kind, id));
}

size_t names_memory(const struct names *n)
{
    size_t texts = 0;
    for (size_t i = 0; i < n->n_spellings; i++)
        texts += strlen(n->spellings[i].text) / 16 * 16 + 32; /* as malloc rounds */
    return sizeof *n + texts + n->cap_spellings * sizeof *n->spellings +
           n->cap_rows * sizeof *n->rows + n->n_buckets * 2 * sizeof *n->buckets +
           (n->all.cap + n->firms.cap) * sizeof *n->all.places +
           n->near.cap * sizeof *n->near.entries + n->near.n_buckets * sizeof *n->near.buckets;
}
