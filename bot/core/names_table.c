/* The table of spellings: exact keys by hash, beginnings by sorted arrays. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/core/names_private.h"
#include "bot/text/utf8.h"

uint32_t names_hash_step(uint32_t h, unsigned char c)
{
    return (h ^ c) * 16777619u;
}

uint32_t names_hash(const char *s)
{
    uint32_t h = HASH_START;
    while (*s)
        h = names_hash_step(h, (unsigned char)*s++);
    return h;
}

static size_t record_bucket(const struct names *n, char kind, int64_t id)
{
    uint64_t h = ((uint64_t)id * 4 + (uint64_t)(kind & 3)) * UINT64_C(0x9E3779B97F4A7C15);
    return (size_t)(h >> 32) % n->n_buckets;
}

static void rehash(struct names *n, size_t buckets)
{
    n->buckets = xrealloc(n->buckets, buckets * sizeof *n->buckets);
    n->record_buckets = xrealloc(n->record_buckets, buckets * sizeof *n->record_buckets);
    n->n_buckets = buckets;
    memset(n->buckets, 0xFF, buckets * sizeof *n->buckets); /* NO_ROW */
    memset(n->record_buckets, 0xFF, buckets * sizeof *n->record_buckets);
    for (uint32_t i = 0; i < n->n_spellings; i++) {
        uint32_t *head = &n->buckets[n->spellings[i].hash % buckets];
        n->spellings[i].next = *head;
        *head = i;
    }
    for (uint32_t i = 0; i < n->n_spellings; i++) {
        for (uint32_t r = n->spellings[i].row; r != NO_ROW; r = n->rows[r].next) {
            uint32_t *head = &n->record_buckets[record_bucket(n, n->rows[r].hit.kind, n->rows[r].hit.id)];
            n->rows[r].next_of_record = *head;
            *head = r;
        }
    }
}

static uint32_t find_spelling(const struct names *n, const char *text, uint32_t hash)
{
    if (!n->n_buckets)
        return NO_ROW;
    uint32_t i = n->buckets[hash % n->n_buckets];
    while (i != NO_ROW && (n->spellings[i].hash != hash || strcmp(n->spellings[i].text, text) != 0))
        i = n->spellings[i].next;
    return i;
}

/* Orders. */

static uint64_t head_of(const char *s, size_t len)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < len ? (unsigned char)s[i] : 0);
    return head;
}

/* For qsort, which takes no context. */
static _Thread_local const struct names *sorting;

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    return strcmp(sorting->spellings[x->spelling].text, sorting->spellings[y->spelling].text);
}

static void order_add(const struct names *n, struct order *o, uint32_t spelling)
{
    const char *text = n->spellings[spelling].text;
    GROW(o->places, o->cap, o->n);
    o->places[o->n++] = (struct place){ head_of(text, strlen(text)), spelling };
}

/* The first place whose text is not below the beginning text[0, len); with `beyond`, the
 * first above all that begin so. */
static size_t order_bound(const struct names *n, const struct order *o, const char *text,
    size_t len, bool beyond)
{
    uint64_t mask = len < 8 ? ~(UINT64_MAX >> (8 * len)) : UINT64_MAX, head = head_of(text, len < 8 ? len : 8);
    size_t low = 0, high = o->sorted;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        uint64_t there = o->places[mid].head & mask;
        int cmp = there < head ? -1 : there > head ? 1
                  : len <= 8 ? 0 : strncmp(n->spellings[o->places[mid].spelling].text, text, len);
        if (cmp < 0 || (cmp == 0 && beyond))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* A few newcomers are put in their places, many are sorted with the rest. */
static void order_sort(const struct names *n, struct order *o)
{
    enum { FEW = 64 };
    sorting = n;
    if (o->n - o->sorted > FEW) {
        qsort(o->places, o->n, sizeof *o->places, compare_places);
        o->sorted = o->n;
    }
    while (o->sorted < o->n) {
        struct place p = o->places[o->sorted];
        const char *text = n->spellings[p.spelling].text;
        size_t at = order_bound(n, o, text, strlen(text), false);
        memmove(o->places + at + 1, o->places + at, (o->sorted - at) * sizeof *o->places);
        o->places[at] = p;
        o->sorted++;
    }
}

/* The table. */

static uint32_t add_spelling(struct names *n, const char *text, uint32_t hash)
{
    if (n->n_spellings >= n->n_buckets)
        rehash(n, n->n_buckets ? n->n_buckets * 2 : 1024);
    GROW(n->spellings, n->cap_spellings, n->n_spellings);
    uint32_t *head = &n->buckets[hash % n->n_buckets], i = (uint32_t)n->n_spellings++;
    n->spellings[i] = (struct spelling){ xstrdup(text), hash, *head, NO_ROW,
        (int)utf8_count(text), names_letters(text) };
    *head = i;
    if (n->spellings[i].points > n->longest)
        n->longest = n->spellings[i].points;
    order_add(n, &n->all, i);
    return i;
}

static struct named *row_of(const struct names *n, char kind, int64_t id, uint32_t spelling)
{
    uint32_t r = n->record_buckets[record_bucket(n, kind, id)];
    for (; r != NO_ROW; r = n->rows[r].next_of_record)
        if (n->rows[r].spelling == spelling && n->rows[r].hit.kind == kind && n->rows[r].hit.id == id)
            return &n->rows[r];
    return NULL;
}

static void enter_firm(struct names *n, uint32_t spelling)
{
    /* It may be there already, in its place or waiting for one. */
    const char *text = n->spellings[spelling].text;
    for (size_t at = order_bound(n, &n->firms, text, strlen(text), false); at < n->firms.sorted; at++) {
        if (n->firms.places[at].spelling == spelling)
            return;
        if (strcmp(n->spellings[n->firms.places[at].spelling].text, text) != 0)
            break;
    }
    order_add(n, &n->firms, spelling);
}

void table_add(struct names *n, const char *text, struct name_hit hit, bool firm)
{
    if (!text || !*text || strlen(text) > KEY_BYTES)
        return;
    uint32_t hash = names_hash(text), i = find_spelling(n, text, hash);
    if (i == NO_ROW)
        i = add_spelling(n, text, hash);
    if (firm)
        enter_firm(n, i);
    struct named *row = row_of(n, hit.kind, hit.id, i);
    if (row) {
        if (hit.score < row->hit.score)
            row->hit.score = hit.score;
        return;
    }
    uint32_t r = n->free_rows;
    if (r != NO_ROW) {
        n->free_rows = n->rows[r].next;
    } else {
        GROW(n->rows, n->cap_rows, n->n_rows);
        r = (uint32_t)n->n_rows++;
    }
    uint32_t *head = &n->record_buckets[record_bucket(n, hit.kind, hit.id)];
    n->rows[r] = (struct named){ i, n->spellings[i].row, *head, hit };
    n->spellings[i].row = r;
    *head = r;
}

static void unlink_row(struct names *n, uint32_t r)
{
    uint32_t *at = &n->spellings[n->rows[r].spelling].row;
    while (*at != r)
        at = &n->rows[*at].next;
    *at = n->rows[r].next;
    n->rows[r].next = n->free_rows;
    n->free_rows = r;
}

void table_remove(struct names *n, char kind, int64_t id)
{
    if (!n->n_buckets)
        return;
    uint32_t *at = &n->record_buckets[record_bucket(n, kind, id)];
    while (*at != NO_ROW) {
        uint32_t r = *at;
        if (n->rows[r].hit.kind != kind || n->rows[r].hit.id != id) {
            at = &n->rows[r].next_of_record;
            continue;
        }
        *at = n->rows[r].next_of_record;
        unlink_row(n, r);
    }
}

void table_settle(struct names *n)
{
    order_sort(n, &n->all);
    order_sort(n, &n->firms);
    near_enter(n);
}

void table_finish(struct names *n)
{
    for (size_t i = 0; i < n->n_spellings; i++)
        free(n->spellings[i].text);
    free(n->spellings);
    free(n->rows);
    free(n->buckets);
    free(n->record_buckets);
    free(n->all.places);
    free(n->firms.places);
    near_finish(&n->near);
}

int table_add_hit(struct name_hit *out, int count, int max, struct name_hit hit)
{
    int at = 0;
    while (at < count && (out[at].kind != hit.kind || out[at].id != hit.id))
        at++;
    if (at < count && out[at].score <= hit.score)
        return count;
    if (at == count && count == max) {
        if (!max || out[max - 1].score <= hit.score)
            return count;
        at = max - 1; /* the worst makes room */
    } else if (at == count) {
        count++;
    }
    for (; at > 0 && out[at - 1].score > hit.score; at--)
        out[at] = out[at - 1];
    out[at] = hit;
    return count;
}

int table_find(const struct names *n, const char *text, uint32_t hash, struct name_hit *out,
    int count, int max)
{
    uint32_t i = find_spelling(n, text, hash);
    for (uint32_t r = i == NO_ROW ? NO_ROW : n->spellings[i].row; r != NO_ROW; r = n->rows[r].next)
        count = table_add_hit(out, count, max, n->rows[r].hit);
    return count;
}

bool table_has(const struct names *n, const char *text, char kind, int64_t id)
{
    uint32_t i = find_spelling(n, text, names_hash(text));
    return i != NO_ROW && row_of(n, kind, id, i);
}

bool table_begins(const struct names *n, const char *text, size_t len)
{
    size_t at = order_bound(n, &n->all, text, len, false);
    return at < n->all.sorted &&
           !strncmp(n->spellings[n->all.places[at].spelling].text, text, len);
}

/* So many firms with one beginning are too many to be asked about anyway. */
enum { BEGINNINGS = 64 };

int table_find_beginning(const struct names *n, const char *text, struct name_hit *out,
    int count, int max)
{
    size_t len = strlen(text);
    if (!names_cjk(text) || utf8_count(text) < 2)
        return count;
    size_t at = order_bound(n, &n->firms, text, len, false);
    for (int looked = 0; at < n->firms.sorted && looked < BEGINNINGS; at++, looked++) {
        const struct spelling *s = &n->spellings[n->firms.places[at].spelling];
        if (strncmp(s->text, text, len) != 0)
            break;
        for (uint32_t r = s->row; r != NO_ROW; r = n->rows[r].next) {
            struct name_hit hit = n->rows[r].hit;
            hit.score = 2;
            if (hit.kind == 'P' || hit.kind == 'A')
                count = table_add_hit(out, count, max, hit);
        }
    }
    return count;
}
