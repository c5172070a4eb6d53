/* Names and keys by hash: what a cell that names a record may mean, in the store and in
 * the file that is being read. */
#include "bot/core/import_private.h"

#include "bot/text/fold.h"
#include <stdlib.h>
#include <string.h>

struct entry {
    struct entry *next;
    char *key; /* of one kind: 'P' name, 'p' key */
    struct named *named;
};
struct import_index {
    struct arena mem;
    struct entry **bucket;
    size_t n_buckets, n;
    const struct catalogue *words;
    struct arena fold_mem;
};

struct import_index *index_create(void)
{
    struct import_index *x = xcalloc(1, sizeof *x);
    x->n_buckets = 1024;
    x->bucket = xcalloc(x->n_buckets, sizeof(struct entry *));
    return x;
}

void index_destroy(struct import_index *x)
{
    if (!x)
        return;
    free(x->bucket);
    arena_finish(&x->mem);
    arena_finish(&x->fold_mem);
    free(x);
}

static size_t hash(char tag, const char *s)
{
    uint64_t h = UINT64_C(14695981039346656037) ^ (unsigned char)tag;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return (size_t)(h ^ h >> 32);
}

static struct entry *find(struct import_index *x, char tag, const char *s)
{
    struct entry *at = x->bucket[hash(tag, s) & (x->n_buckets - 1)];
    while (at && (at->key[0] != tag || strcmp(at->key + 1, s) != 0))
        at = at->next;
    return at;
}

static void grow(struct import_index *x)
{
    size_t n = x->n_buckets * 4;
    struct entry **wider = xcalloc(n, sizeof(struct entry *));
    for (size_t i = 0; i < x->n_buckets; i++)
        for (struct entry *at = x->bucket[i], *next; at; at = next) {
            struct entry **to = &wider[hash(at->key[0], at->key + 1) & (n - 1)];
            next = at->next;
            at->next = *to;
            *to = at;
        }
    free(x->bucket);
    x->bucket = wider;
    x->n_buckets = n;
}

static struct entry *enter(struct import_index *x, char tag, const char *s)
{
    struct entry *at = find(x, tag, s);
    if (at)
        return at;
    if (++x->n > x->n_buckets)
        grow(x);
    at = ARENA_NEW(&x->mem, struct entry);
    at->key = arena_printf(&x->mem, "%c%s", tag, s);
    struct entry **to = &x->bucket[hash(tag, s) & (x->n_buckets - 1)];
    at->next = *to;
    return *to = at;
}

bool ref_same(struct ref a, struct ref b)
{
    return a.kind == b.kind && a.fresh == b.fresh && (a.fresh || a.id == b.id);
}

struct named *index_named(struct import_index *x, char kind, const char *folded)
{
    const struct entry *at = find(x, kind, folded);
    return at ? at->named : NULL;
}

void index_add(struct import_index *x, char kind, const char *folded, struct ref ref,
    struct ref firm)
{
    struct entry *at = enter(x, kind, folded);
    for (struct named *n = at->named; n; n = n->next)
        if (ref_same(n->ref, ref))
            return;
    struct named *n = ARENA_NEW(&x->mem, struct named);
    *n = (struct named){ .next = at->named, .ref = ref, .firm = firm };
    at->named = n;
}

static char key_tag(char kind)
{
    return (char)(kind - 'A' + 'a');
}

struct ref index_key(struct import_index *x, char kind, const char *key)
{
    const struct entry *at = find(x, key_tag(kind), key);
    return at ? at->named->ref : (struct ref){ 0 };
}

void index_key_add(struct import_index *x, char kind, const char *key, struct ref ref)
{
    struct entry *at = enter(x, key_tag(kind), key);
    struct named *n = ARENA_NEW(&x->mem, struct named);
    *n = (struct named){ .ref = ref };
    at->named = n;
}

enum { VALUES = 1 }; /* tags of values begin below those of kinds */

const char *index_value(
    struct import_index *x, int field, const char *typed, bool *known)
{
    const struct entry *at = find(x, (char)(VALUES + field), typed);
    *known = at != NULL;
    return at ? at->named->value : NULL;
}

void index_value_add(
    struct import_index *x, int field, const char *typed, const char *value)
{
    struct entry *at = enter(x, (char)(VALUES + field), typed);
    at->named = ARENA_NEW(&x->mem, struct named);
    at->named->value = value;
}

static void know_name(void *ctx, const struct import_known *k)
{
    struct import_index *x = ctx;
    struct ref firm = k->partner    ? (struct ref){ 'P', k->partner, NULL }
                      : k->customer ? (struct ref){ 'A', k->customer, NULL }
                                    : (struct ref){ 0 };
    index_add(x, k->kind, fold_name(&x->fold_mem, x->words, k->text),
        (struct ref){ k->kind, k->id, NULL }, firm);
    arena_reset(&x->fold_mem);
}

static void know_key(void *ctx, const struct import_known *k)
{
    struct import_index *x = ctx;
    struct ref ref = { k->kind, k->id, NULL };
    index_key_add(x, k->kind, k->text, ref);
    if (k->text[0] ==
        'x') /* it has an id of another system: its name alone is not enough */
        index_key_add(
            x, k->kind, arena_printf(&x->fold_mem, "k@%lld", (long long)k->id), ref);
    arena_reset(&x->fold_mem);
}

bool index_load(
    struct import_index *x, struct db *db, const struct catalogue *words, struct err *e)
{
    x->words = words;
    return import_known_names(db, know_name, x, e) &&
           import_known_keys(db, know_key, x, e);
}
