/* Loading and looking up. Messages of all locales share one hash table, so that a key
 * is hashed once; formatters are compiled at first use, by each thread for itself. */
#include "bot/text/catalogue_tree.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/text/message.h"

#define DRAFTS "drafts.json"

static bool read_file(const char *path, char **text, size_t *n, struct err *e)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return fail(e, ERR_NOT_FOUND, NULL, NULL, "cannot read: %s", strerror(errno));
    size_t cap = 0, got;
    *text = NULL;
    *n = 0;
    do {
        GROW(*text, cap, *n + 65536);
        got = fread(*text + *n, 1, cap - *n, f);
        *n += got;
    } while (got > 0);
    bool ok = !ferror(f);
    (void)fclose(f);
    return ok || fail(e, ERR_NOT_FOUND, NULL, NULL, "cannot read to the end");
}

static json_t *load_file(const char *dir, const char *file, struct err *e)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", dir, file);
    char *text = NULL;
    size_t n = 0;
    json_t *tree = read_file(path, &text, &n, e) ? json_parse(text, n, e) : NULL;
    free(text);
    return tree;
}

/* Drafts are in more languages than replies, so they are a file of their own. */
static bool load_drafts(struct catalogue *c, const char *dir, struct err *e)
{
    c->drafts = load_file(dir, DRAFTS, e);
    return c->drafts || e->code == ERR_NOT_FOUND || fail_in(e, DRAFTS);
}

static bool load_locale(struct catalogue *c, const char *dir, const char *tag,
    struct err *e)
{
    struct locale *l = &c->locales[c->n_locales];
    (void)snprintf(l->tag, sizeof l->tag, "%s", tag);
    char file[sizeof l->tag + 8];
    (void)snprintf(file, sizeof file, "%s.json", l->tag);
    l->tree = load_file(dir, file, e);
    if (!l->tree)
        return fail_in(e, file);
    c->n_locales++;
    if (!json_is_object(l->tree))
        return fail(e, ERR_USAGE, NULL, NULL, "%s: expected an object", file);
    return true;
}

static int is_locale_file(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return d->d_name[0] != '.' && n > 5 && n - 5 < TAG_SIZE
        && strcmp(d->d_name + n - 5, ".json") == 0 && strcmp(d->d_name, "en.json") != 0
        && strcmp(d->d_name, DRAFTS) != 0;
}

static bool load_others(struct catalogue *c, const char *dir, struct err *e)
{
    struct dirent **files = NULL;
    int n = scandir(dir, &files, is_locale_file, alphasort);
    bool ok = true;
    for (int i = 0; i < n; i++) {
        char *name = files[i]->d_name;
        name[strlen(name) - 5] = '\0';
        if (ok && c->n_locales == LOCALE_MAX)
            ok = fail(e, ERR_USAGE, NULL, NULL, "%s: more than %d locales", dir,
                LOCALE_MAX);
        ok = ok && load_locale(c, dir, name, e);
        free(files[i]);
    }
    free(files);
    return ok;
}

static uint32_t hash(const char *key)
{
    uint32_t h = 2166136261u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return h;
}

/* The slot of the key, or the empty one where it belongs. */
static uint32_t *slot_of(const struct catalogue *c, const char *key)
{
    size_t i = hash(key) & (c->n_slots - 1);
    while (c->slots[i] && strcmp(c->texts[c->slots[i] - 1].key, key) != 0)
        i = (i + 1) & (c->n_slots - 1);
    return &c->slots[i];
}

static const struct text *find_text(const struct catalogue *c, const char *key)
{
    uint32_t at = *slot_of(c, key);
    return at ? &c->texts[at - 1] : NULL;
}

static void index_messages(struct catalogue *c)
{
    size_t most = 0;
    for (int loc = 0; loc < c->n_locales; loc++)
        most += json_object_size(json_get(c->locales[loc].tree, "messages"));
    c->n_slots = 16;
    while (c->n_slots < most * 2)
        c->n_slots *= 2;
    c->slots = xcalloc(c->n_slots, sizeof *c->slots);
    c->texts = xcalloc(most, sizeof *c->texts);
    for (int loc = 0; loc < c->n_locales; loc++) {
        json_t *messages = json_get(c->locales[loc].tree, "messages"), *pattern;
        const char *key;
        json_object_foreach(messages, key, pattern) {
            uint32_t *slot = slot_of(c, key);
            if (!*slot) {
                c->texts[c->n_texts].key = key;
                *slot = (uint32_t)++c->n_texts;
            }
            c->texts[*slot - 1].pattern[loc] = json_string_value(pattern);
        }
    }
}

struct catalogue *catalogue_open(const char *dir, struct err *e)
{
    static atomic_uint_fast64_t serials;
    struct catalogue *c = xcalloc(1, sizeof *c);
    c->serial = ++serials;
    struct err first;
    if (!load_locale(c, dir, "en", &first)) {
        (void)fail(e, first.code, NULL, NULL,
            "no usable language files in '%.80s': %.60s; set NEMAWASHI_SHARE to the "
            "folder that holds locales/",
            dir, first.why);
        catalogue_close(c);
        return NULL;
    }
    if (!load_others(c, dir, e) || !load_drafts(c, dir, e)) {
        catalogue_close(c);
        return NULL;
    }
    index_messages(c);
    for (int i = 0; i < c->n_locales; i++)
        lexicon_add(&c->lexicon, i, json_get(c->locales[i].tree, "lexicon"));
    return c;
}

/* A thread's compiled messages of one catalogue: locale-major, NULL until used. */
struct cache {
    uint64_t serial;
    size_t n;
    struct message **items;
};
static pthread_key_t cache_key;
static pthread_once_t cache_once = PTHREAD_ONCE_INIT;

static void cache_empty(struct cache *k)
{
    for (size_t i = 0; i < k->n; i++)
        message_destroy(k->items[i]);
    free(k->items);
    *k = (struct cache){ 0 };
}

static void cache_destroy(void *k)
{
    cache_empty(k);
    free(k);
}

static void cache_key_create(void)
{
    (void)pthread_key_create(&cache_key, cache_destroy);
}

static struct message **cached(const struct catalogue *c, int loc, const struct text *t)
{
    (void)pthread_once(&cache_once, cache_key_create);
    struct cache *k = pthread_getspecific(cache_key);
    if (!k) {
        k = xcalloc(1, sizeof *k);
        (void)pthread_setspecific(cache_key, k);
    }
    if (k->serial != c->serial) {
        cache_empty(k);
        k->serial = c->serial;
        k->n = c->n_texts * (size_t)c->n_locales;
        k->items = xcalloc(k->n, sizeof(struct message *));
    }
    return &k->items[(size_t)loc * c->n_texts + (size_t)(t - c->texts)];
}

void catalogue_close(struct catalogue *c)
{
    if (!c)
        return;
    (void)pthread_once(&cache_once, cache_key_create);
    struct cache *k = pthread_getspecific(cache_key);
    if (k && k->serial == c->serial) {
        (void)pthread_setspecific(cache_key, NULL);
        cache_destroy(k);
    }
    lexicon_finish(&c->lexicon);
    for (int i = 0; i < LOCALE_MAX; i++)
        json_decref(c->locales[i].tree);
    json_decref(c->drafts);
    free(c->texts);
    free(c->slots);
    free(c);
}

char *catalogue_text(const struct catalogue *c, struct arena *mem, int loc,
    const char *key, const struct msg_arg *args)
{
    const struct text *t = find_text(c, key);
    if (loc < 0 || loc >= c->n_locales)
        loc = 0;
    if (t && !t->pattern[loc])
        loc = 0;
    if (!t || !t->pattern[loc]) {
        log_warn("message key=%s missing", key);
        return arena_strdup(mem, key);
    }
    const char *pattern = t->pattern[loc];
    if (!strpbrk(pattern, "{'"))
        return arena_strdup(mem, pattern);
    struct message **m = cached(c, loc, t);
    if (!*m)
        *m = message_create(c->locales[loc].tag, pattern, NULL, 0);
    char *text = *m ? message_format(*m, args) : NULL;
    if (!text)
        log_warn("message key=%s locale=%s does not format", key, c->locales[loc].tag);
    char *copy = arena_strdup(mem, text ? text : pattern);
    free(text);
    return copy;
}

bool catalogue_has(const struct catalogue *c, int loc, const char *key)
{
    const struct text *t = find_text(c, key);
    return t && loc >= 0 && loc < c->n_locales && t->pattern[loc];
}

int catalogue_locales(const struct catalogue *c)
{
    return c->n_locales;
}

const char *catalogue_locale(const struct catalogue *c, int i)
{
    return c->locales[i >= 0 && i < c->n_locales ? i : 0].tag;
}

/* -1 where neither the tag nor what is left without its last subtags is shipped. */
static int find_locale(const struct catalogue *c, const char *tag)
{
    for (size_t n = tag ? strlen(tag) : 0; n > 0;) {
        for (int i = 0; i < c->n_locales; i++) {
            const char *shipped = c->locales[i].tag;
            if (strlen(shipped) == n && strncasecmp(shipped, tag, n) == 0)
                return i;
        }
        do
            n--;
        while (n > 0 && tag[n] != '-' && tag[n] != '_');
    }
    return -1;
}

int catalogue_find_locale(const struct catalogue *c, const char *tag)
{
    int i = find_locale(c, tag);
    return i < 0 ? 0 : i;
}

bool catalogue_has_locale(const struct catalogue *c, const char *tag)
{
    return find_locale(c, tag) >= 0;
}

/* Keys may hold dots themselves (`when.weekday`, `deal.move`): the longest wins. */
static const json_t *node_at(const json_t *tree, const char *path)
{
    size_t whole = strlen(path), n = whole;
    while (n > 0) {
        const json_t *child = json_object_getn(tree, path, n);
        if (child && n < whole)
            child = node_at(child, path + n + 1);
        if (child)
            return child;
        do
            n--;
        while (n > 0 && path[n] != '.');
    }
    return NULL;
}

static const json_t *locale_node(const struct catalogue *c, int loc, const char *path)
{
    return loc >= 0 && loc < c->n_locales ? node_at(c->locales[loc].tree, path) : NULL;
}

const char *catalogue_string(const struct catalogue *c, int loc, const char *path)
{
    return json_string_value(locale_node(c, loc, path));
}

const char *catalogue_draft(const struct catalogue *c, const char *path)
{
    return c->drafts ? json_string_value(node_at(c->drafts, path)) : NULL;
}

int catalogue_list(const struct catalogue *c, int loc, const char *path)
{
    return (int)json_array_size(locale_node(c, loc, path));
}

const char *catalogue_item(const struct catalogue *c, int loc, const char *path, int i)
{
    return i < 0 ? NULL : json_string_value(json_array_get(locale_node(c, loc, path),
        (size_t)i));
}

int catalogue_match(const struct catalogue *c, const char *s, size_t n, size_t at,
    struct word *out, int max)
{
    return lexicon_match(&c->lexicon, s, n, at, out, max);
}

bool catalogue_match_kind(const struct catalogue *c, const char *s, size_t n, size_t at,
    const char *kind, size_t len, struct word *out)
{
    enum { WORDS = 16 };
    struct word w[WORDS];
    int found = at < n ? catalogue_match(c, s, n, at, w, WORDS) : 0;
    for (int i = 0; i < found; i++) {
        if (strcmp(w[i].kind, kind) != 0 || (len && w[i].len != len))
            continue;
        if (out)
            *out = w[i];
        return true;
    }
    return false;
}

size_t catalogue_reach(const struct catalogue *c, const char *s, size_t n)
{
    return lexicon_reach(&c->lexicon, s, n);
}

static const json_t *words_of(const struct catalogue *c, int loc, const char *kind,
    const char *value)
{
    const json_t *kinds = json_get(c->locales[loc].tree, "lexicon");
    return json_get(json_get(kinds, kind), value);
}

const char *catalogue_word(const struct catalogue *c, int loc, const char *kind,
    const char *value)
{
    const char *word = NULL;
    if (loc >= 0 && loc < c->n_locales)
        word = json_string_value(json_array_get(words_of(c, loc, kind, value), 0));
    if (!word)
        word = json_string_value(json_array_get(words_of(c, 0, kind, value), 0));
    return word ? word : value;
}

int catalogue_values(const struct catalogue *c, const char *kind, const char **out,
    int max)
{
    const json_t *kinds = json_get(c->locales[0].tree, "lexicon");
    json_t *values = json_get(kinds, kind), *words;
    const char *value;
    int n = 0;
    json_object_foreach(values, value, words) {
        if (n == max)
            break;
        out[n++] = value;
    }
    return n;
}
