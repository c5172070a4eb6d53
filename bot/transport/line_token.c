#include "bot/transport/line_token.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* LINE gives a minute; the rest is for the way there and back. */
enum { LIVES_MS = 50 * 1000, TOKENS = 2048, CHAT_MAX = 80 };

struct token {
    int64_t number; /* 0: free */
    int64_t at_ms, owner; /* owner 0: nobody has tried it */
    bool again;
    char chat[CHAT_MAX];
    char *text;
};

struct line_tokens {
    pthread_mutex_t lock;
    int64_t serial;
    struct token ring[TOKENS]; /* by number: the oldest gives way */
};

struct line_tokens *line_tokens_create(void)
{
    struct line_tokens *t = xcalloc(1, sizeof *t);
    (void)pthread_mutex_init(&t->lock, NULL);
    return t;
}

static void clear(struct token *k)
{
    free(k->text);
    *k = (struct token){ 0 };
}

void line_tokens_destroy(struct line_tokens *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < TOKENS; i++)
        clear(&t->ring[i]);
    (void)pthread_mutex_destroy(&t->lock);
    free(t);
}

int64_t line_token_add(struct line_tokens *t, const char *chat, const char *token, int64_t now_ms)
{
    if (strlen(chat) >= CHAT_MAX)
        return 0;
    (void)pthread_mutex_lock(&t->lock);
    int64_t number = ++t->serial;
    struct token *k = &t->ring[number % TOKENS];
    clear(k);
    k->number = number;
    k->at_ms = now_ms;
    k->text = xstrdup(token);
    memcpy(k->chat, chat, strlen(chat) + 1);
    (void)pthread_mutex_unlock(&t->lock);
    return number;
}

static struct token *of_owner(struct line_tokens *t, int64_t owner)
{
    for (size_t i = 0; i < TOKENS; i++)
        if (t->ring[i].number && t->ring[i].owner == owner)
            return &t->ring[i];
    return NULL;
}

/* The oldest that nobody has tried. */
static struct token *untried(struct line_tokens *t, const char *chat, int64_t now_ms)
{
    for (size_t i = 1; i <= TOKENS; i++) {
        struct token *k = &t->ring[(t->serial + (int64_t)i) % TOKENS];
        if (k->number && !k->owner && now_ms - k->at_ms < LIVES_MS && !strcmp(k->chat, chat))
            return k;
    }
    return NULL;
}

bool line_token_waits(struct line_tokens *t, const char *chat, int64_t now_ms)
{
    (void)pthread_mutex_lock(&t->lock);
    bool waits = untried(t, chat, now_ms) != NULL;
    (void)pthread_mutex_unlock(&t->lock);
    return waits;
}

char *line_token_take(struct line_tokens *t, struct arena *mem, const char *chat, int64_t owner,
    int64_t now_ms)
{
    (void)pthread_mutex_lock(&t->lock);
    struct token *best = of_owner(t, owner);
    if (!best)
        best = untried(t, chat, now_ms);
    if (best && now_ms - best->at_ms >= LIVES_MS) {
        clear(best);
        best = NULL;
    }
    char *text = NULL;
    if (best) {
        best->owner = owner;
        text = arena_strdup(mem, best->text);
    }
    (void)pthread_mutex_unlock(&t->lock);
    return text;
}

enum line_try line_token_tried(struct line_tokens *t, int64_t owner)
{
    (void)pthread_mutex_lock(&t->lock);
    const struct token *k = of_owner(t, owner);
    enum line_try how = !k ? LINE_PUSHED : k->again ? LINE_REPLIED_AGAIN : LINE_REPLIED;
    (void)pthread_mutex_unlock(&t->lock);
    return how;
}

void line_token_keep(struct line_tokens *t, int64_t owner)
{
    (void)pthread_mutex_lock(&t->lock);
    struct token *k = of_owner(t, owner);
    if (k)
        k->again = true;
    (void)pthread_mutex_unlock(&t->lock);
}

void line_token_drop(struct line_tokens *t, int64_t owner)
{
    (void)pthread_mutex_lock(&t->lock);
    struct token *k = of_owner(t, owner);
    if (k)
        clear(k);
    (void)pthread_mutex_unlock(&t->lock);
}

bool line_token_fresh(struct line_tokens *t, int64_t number)
{
    (void)pthread_mutex_lock(&t->lock);
    const struct token *k = &t->ring[number % TOKENS];
    bool fresh = number && k->number == number && !k->owner;
    (void)pthread_mutex_unlock(&t->lock);
    return fresh;
}
