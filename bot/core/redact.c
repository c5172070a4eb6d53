#include "bot/core/redact.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

enum { SPELLINGS = 64, MARK = 24, HITS = 4 };

struct redact {
    struct arena mem;
    const struct catalogue *words;
    const struct names *all;
    struct names *alone;
    const char *titles[SPELLINGS], *handles[SPELLINGS]; /* folded */
    int n_titles, n_handles;
    const char *surname; /* folded; of the name as it was shown */
    int64_t person;
    char mark[MARK]; /* C9 */
};

static int take_list(struct redact *r, const json_t *list, bool fold, const char **out)
{
    int n = 0;
    size_t i;
    const json_t *v;
    json_array_foreach(list, i, v)
    {
        const char *s = json_string_value(v);
        if (s && *s && n < SPELLINGS)
            out[n++] = fold ? fold_text(&r->mem, s, strlen(s)).s : arena_strdup(&r->mem, s);
    }
    return n;
}

struct redact *redact_open(const struct catalogue *words, const struct names *all, int64_t person,
    const char *json, struct err *e)
{
    const char *names[SPELLINGS];
    AUTO_JSON root = json_parse(json, strlen(json), e);
    if (!root)
        return NULL;
    struct redact *r = xcalloc(1, sizeof *r);
    r->words = words;
    r->all = all;
    r->person = person;
    (void)snprintf(r->mark, sizeof r->mark, "C%lld", (long long)person);
    int n = take_list(r, json_at(root, "names"), false, names);
    r->n_titles = take_list(r, json_at(root, "titles"), true, r->titles);
    r->n_handles = take_list(r, json_at(root, "handles"), true, r->handles);
    r->alone = names_of(words, person, names, n);
    if (n) {
        char *first = fold_text(&r->mem, names[0], strlen(names[0])).s;
        first[strcspn(first, " ")] = '\0';
        r->surname = first;
    }
    return r;
}

void redact_close(struct redact *r)
{
    if (!r)
        return;
    names_close(r->alone);
    arena_finish(&r->mem);
    free(r);
}

static enum script script_at(const struct folded *f, size_t at)
{
    return at < f->n ? utf8_script(utf8_next(f->s, f->n, &at)) : SCRIPT_SPACE;
}

static bool letters(enum script s)
{
    return s == SCRIPT_LATIN || s == SCRIPT_DIGIT;
}

/* Where the original goes on behind folded s[0, at): never inside of one character. */
static size_t original(const struct folded *f, size_t at)
{
    while (at && at < f->n && f->src[at] == f->src[at - 1])
        at++;
    return f->src[at];
}

/* A part of a name can be a word as well: will, 真理. A surname in its own script, and what
 * begins with a capital, is meant to be the name. */
static bool is_name(const struct redact *r, const struct folded *f, const char *text, size_t at, size_t len, int score)
{
    size_t second = at;
    (void)utf8_next(f->s, f->n, &second);
    if (second >= at + len) /* 林 */
        return false;
    if (score < 2)
        return true;
    if (script_at(f, at) == SCRIPT_LATIN)
        return text[f->src[at]] >= 'A' && text[f->src[at]] <= 'Z';
    return r->surname && strlen(r->surname) == len && !strncmp(f->s + at, r->surname, len);
}

/* The length of the person's name that begins at folded s[at]; 0: none, or not surely. */
static size_t name_at(const struct redact *r, struct arena *mem, const struct folded *f, const char *text,
    size_t at, bool about, bool *doubtful)
{
    struct name_hit mine[HITS], others[HITS];
    int n, m;
    size_t len = names_match(r->alone, mem, f->s, f->n, at, mine, HITS, &n);
    if (!len)
        return 0;
    size_t theirs = names_match(r->all, mem, f->s, f->n, at, others, HITS, &m);
    if (theirs > len)
        return 0;
    bool shared = false;
    for (int i = 0; theirs == len && i < m; i++)
        shared = shared || others[i].kind != 'C' || others[i].id != r->person;
    bool sure = !shared && is_name(r, f, text, at, len, mine[0].score);
    *doubtful = *doubtful || !sure;
    return sure || about ? len : 0;
}

static bool stands(const struct folded *f, size_t at, const char *word)
{
    size_t n = strlen(word);
    return at + n <= f->n && !memcmp(f->s + at, word, n) &&
           !(letters(script_at(f, at + n)) && letters(script_at(f, at)));
}

static size_t handle_at(const struct redact *r, const struct folded *f, size_t at)
{
    for (int i = 0; i < r->n_handles; i++)
        if (stands(f, at, r->handles[i]))
            return strlen(r->handles[i]);
    return 0;
}

/* What stands behind a name and is the person's too: 様, the title. */
static size_t behind(const struct redact *r, const struct folded *f, size_t at)
{
    size_t to = at + strspn(f->s + at, f->s[at] == ',' ? ", " : " ");
    for (int i = 0; i < r->n_titles; i++)
        if (stands(f, to, r->titles[i]))
            return to + strlen(r->titles[i]);
    struct word w;
    if (catalogue_match_kind(r->words, f->s, f->n, at, "honorific", 0, &w) && w.len)
        return at + w.len;
    return at;
}

char *redact_text(const struct redact *r, struct arena *mem, const char *text, bool about, bool *doubtful)
{
    struct folded f = fold_text(mem, text, strlen(text));
    struct buf b = BUF_ON(mem);
    size_t done = 0; /* of the original */
    bool changed = false;
    for (size_t at = 0; at < f.n;) {
        bool inside = at && letters(script_at(&f, at)) && letters(utf8_script((unsigned char)f.s[at - 1]));
        size_t len = inside ? 0 : handle_at(r, &f, at);
        if (!len && !inside)
            len = name_at(r, mem, &f, text, at, about, doubtful);
        if (!len) {
            (void)utf8_next(f.s, f.n, &at);
            continue;
        }
        size_t from = original(&f, at);
        if (from > done)
            buf_add(&b, text + done, from - done);
        buf_puts(&b, r->mark);
        at = behind(r, &f, at + len);
        done = original(&f, at);
        changed = true;
    }
    if (!changed)
        return NULL;
    buf_puts(&b, text + done);
    return b.s;
}

/* Keys whose values are the program's words, not people's. */
static bool is_ours(const char *key)
{
    static const char *const ours[] = { "kind", "style", "verb", "status", "code", "locale", "align", "id",
        "key", "value" };
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (!strcmp(ours[i], key))
            return true;
    return false;
}

struct walk {
    const struct redact *r;
    struct arena *mem;
    bool about, doubtful, changed;
};

static char *percent_decoded(struct arena *mem, const char *url)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (const char *p = url; *p; p++) {
        char hex[3] = { p[0] == '%' ? p[1] : 0, p[0] == '%' && p[1] ? p[2] : 0, 0 };
        char *end;
        long c = strtol(hex, &end, 16);
        if (hex[0] && hex[1] && !*end && c) {
            buf_putc(&b, (char)c);
            p += 2;
        } else {
            buf_putc(&b, *p == '+' ? ' ' : *p);
        }
    }
    return utf8_scrub(mem, buf_str(&b), b.n);
}

static void walk_value(struct walk *w, json_t *v);

static json_t *walk_string(struct walk *w, const char *text)
{
    char *clean = redact_text(w->r, w->mem, text, w->about, &w->doubtful);
    w->changed = w->changed || clean;
    return clean ? json_string(clean) : NULL;
}

static void walk_object(struct walk *w, json_t *v)
{
    const char *key, *kind = json_text(v, "kind");
    json_t *child;
    void *next;
    if (kind && !strcmp(kind, "file") && json_text(v, "alt")) {
        AUTO_JSON words = json_pack("{s:s, s:s, s:b}", "kind", "text", "text", json_text(v, "alt"), "soft", 1);
        (void)json_object_clear(v);
        (void)json_object_update(v, words);
        w->changed = true;
    }
    json_object_foreach_safe(v, next, key, child)
    {
        if (!json_is_string(child)) {
            walk_value(w, child);
        } else if (!strcmp(key, "url")) {
            if (redact_text(w->r, w->mem, percent_decoded(w->mem, json_string_value(child)), true, &w->doubtful)) {
                w->changed = true;
                (void)json_object_del(v, key);
            }
        } else if (!is_ours(key)) {
            json_t *clean = walk_string(w, json_string_value(child));
            if (clean)
                (void)json_object_set_new(v, key, clean);
        }
    }
}

/* Depth is bounded by what the program writes. */
static void walk_value(struct walk *w, json_t *v)
{
    for (size_t i = 0; i < json_array_size(v); i++) {
        json_t *item = json_array_get(v, i);
        json_t *clean = json_is_string(item) ? walk_string(w, json_string_value(item)) : NULL;
        if (clean)
            (void)json_array_set_new(v, i, clean);
        else
            walk_value(w, item);
    }
    if (json_is_object(v))
        walk_object(w, v);
}

char *redact_json(const struct redact *r, struct arena *mem, const char *json, bool about, bool *doubtful,
    struct err *e)
{
    struct walk w = { .r = r, .mem = mem, .about = about };
    e->code = ERR_NONE;
    AUTO_JSON root = json_parse(json, strlen(json), e);
    if (!root)
        return NULL;
    walk_value(&w, root);
    *doubtful = *doubtful || w.doubtful;
    return w.changed ? json_print(mem, root) : NULL;
}

static bool names_record(const json_t *v, const char *id)
{
    size_t i;
    const char *key;
    const json_t *child;
    if (json_is_string(v))
        return !strcmp(json_string_value(v), id);
    json_array_foreach(v, i, child)
        if (names_record(child, id))
            return true;
    json_object_foreach((json_t *)v, key, child)
        if (names_record(child, id))
            return true;
    return false;
}

bool redact_is_about(const struct redact *r, const char *json)
{
    struct err e;
    AUTO_JSON root = json_parse(json, strlen(json), &e);
    return root && names_record(json_at(root, "records"), r->mark);
}
