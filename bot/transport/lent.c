#include "bot/transport/lent.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"

enum { ALL_MAX = 64 * 1024 * 1024, NAME_MIN = 32, NAME_MAX = 80 };

struct thing {
    struct thing *next;
    char *name, *type;
    unsigned char *bytes;
    size_t n;
    int64_t until_ms;
    bool handed_over;
};

struct lent {
    pthread_mutex_t lock;
    struct thing *things;
    size_t bytes; /* of all of them */
};

struct lent *lent_create(void)
{
    struct lent *t = xcalloc(1, sizeof *t);
    (void)pthread_mutex_init(&t->lock, NULL);
    return t;
}

static void thing_destroy(struct thing *thing)
{
    free(thing->name);
    free(thing->type);
    free(thing->bytes);
    free(thing);
}

static void drop(struct lent *t, struct thing **at)
{
    struct thing *gone = *at;
    *at = gone->next;
    t->bytes -= gone->n;
    thing_destroy(gone);
}

void lent_destroy(struct lent *t)
{
    if (!t)
        return;
    while (t->things)
        drop(t, &t->things);
    (void)pthread_mutex_destroy(&t->lock);
    free(t);
}

static void drop_old(struct lent *t)
{
    for (struct thing **at = &t->things; *at;)
        if ((*at)->until_ms <= clock_now_ms())
            drop(t, at);
        else
            at = &(*at)->next;
}

static struct thing **find(struct lent *t, const char *name)
{
    struct thing **at = &t->things;
    while (*at && !secret_equal((*at)->name, name))
        at = &(*at)->next;
    return at;
}

static bool may_be_lent(const struct lent_item *item)
{
    static const char *const types[] = { "image/png", "image/jpeg", "text/csv; charset=utf-8",
        LENT_XLSX };
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
    size_t n = strlen(item->name);
    bool known = false;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        known = known || !strcmp(item->type, types[i]);
    return known && n >= NAME_MIN && n <= NAME_MAX && strspn(item->name, letters) == n && item->seconds >= 1 &&
           item->seconds <= LENT_SECONDS && strlen(item->body) < BASE64_ROOM(LENT_MAX);
}

bool lent_put(struct lent *t, const struct lent_item *item)
{
    if (!may_be_lent(item))
        return false;
    struct thing *thing = xcalloc(1, sizeof *thing);
    thing->bytes = xmalloc(strlen(item->body) + 1);
    thing->name = xstrdup(item->name);
    thing->type = xstrdup(item->type);
    thing->until_ms = clock_now_ms() + item->seconds * 1000;
    bool good = base64_decode(item->body, thing->bytes, &thing->n) && thing->n && thing->n <= LENT_MAX;
    (void)pthread_mutex_lock(&t->lock);
    drop_old(t);
    struct thing **before = find(t, item->name);
    size_t there = t->bytes - (*before ? (*before)->n : 0);
    good = good && there + thing->n <= ALL_MAX;
    if (good && *before)
        drop(t, before);
    if (good) {
        thing->next = t->things;
        t->things = thing;
        t->bytes += thing->n;
    }
    (void)pthread_mutex_unlock(&t->lock);
    if (!good)
        thing_destroy(thing);
    return good;
}

void lent_answer(struct lent *t, struct serve *s, const struct serve_request *rq)
{
    static const struct serve_header headers[] = { { "cache-control", "private, max-age=86400" },
        { "x-content-type-options", "nosniff" }, { "x-robots-tag", "noindex" }, { 0 } };
    (void)pthread_mutex_lock(&t->lock);
    drop_old(t);
    const struct thing *thing = *find(t, rq->path + strlen("/lent/"));
    if (thing)
        serve_answer(s, rq->id, &(struct serve_answer){ .status = 200, .type = thing->type,
            .body = thing->bytes, .n = thing->n, .headers = headers });
    else
        serve_answer_text(s, rq->id, 404, "not found");
    (void)pthread_mutex_unlock(&t->lock);
}

bool lent_next(struct lent *t, struct arena *mem, struct lent_item *out)
{
    (void)pthread_mutex_lock(&t->lock);
    drop_old(t);
    const struct thing *thing = t->things;
    while (thing && thing->handed_over)
        thing = thing->next;
    if (thing) {
        char *body = arena_alloc(mem, BASE64_ROOM(thing->n));
        base64_encode(thing->bytes, thing->n, body);
        *out = (struct lent_item){ .name = arena_strdup(mem, thing->name), .type = arena_strdup(mem, thing->type),
            .body = body, .seconds = (thing->until_ms - clock_now_ms() + 999) / 1000 };
    }
    (void)pthread_mutex_unlock(&t->lock);
    return thing != NULL;
}

void lent_hand_over(struct lent *t, const char *name)
{
    (void)pthread_mutex_lock(&t->lock);
    struct thing *thing = *find(t, name);
    if (thing)
        thing->handed_over = true;
    (void)pthread_mutex_unlock(&t->lock);
}

void lent_take_back(struct lent *t)
{
    (void)pthread_mutex_lock(&t->lock);
    for (struct thing *thing = t->things; thing; thing = thing->next)
        thing->handed_over = false;
    (void)pthread_mutex_unlock(&t->lock);
}
