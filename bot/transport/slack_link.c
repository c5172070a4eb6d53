#include "bot/transport/slack_link.h"

#include <string.h>

enum {
    FIRST_MS = 1000,      /* the first pause; it doubles */
    LONGEST_MS = 60000,
    CROWDED_MS = 10000,   /* too many connections: to hurry makes more of them */
    DISABLED_MS = 300000, /* Socket Mode was switched off: a person has to act */
    DIAL_MS = 15000,
    HELLO_MS = 10000,
    DRAIN_MS = 3000, /* a replaced connection still brings and takes acknowledgements */
    SOUND_MS = 60000,
};

static void add(struct slack_link *l, enum slack_act act, int64_t socket)
{
    if (l->n_todo < SLACK_TODO) /* at most a few wait: they are taken after each call */
        l->todo[l->n_todo++] = (struct slack_do){ act, socket };
}

bool slack_link_next(struct slack_link *l, struct slack_do *out)
{
    if (!l->n_todo)
        return false;
    *out = l->todo[0];
    memmove(l->todo, l->todo + 1, (size_t)--l->n_todo * sizeof *l->todo);
    return true;
}

/* 0 .. n - 1, xorshift: good enough to keep a thousand bots from calling at once. */
static int64_t roll(struct slack_link *l, int64_t n)
{
    l->dice ^= l->dice << 13;
    l->dice ^= l->dice >> 17;
    l->dice ^= l->dice << 5;
    return n > 0 ? (int64_t)(l->dice % (uint32_t)n) : 0;
}

static void ask(struct slack_link *l)
{
    l->phase = SLACK_ASKING;
    l->until_ms = 0; /* the request has a time-out of its own */
    add(l, SLACK_ASK, 0);
}

/* From half of the doubled pause to all of it, never before Slack wants it. */
static void pause_for(struct slack_link *l, int64_t now_ms, int64_t at_least_ms)
{
    int64_t pause = FIRST_MS;
    for (int i = 0; i < l->failures && pause < LONGEST_MS; i++)
        pause *= 2;
    if (pause > LONGEST_MS)
        pause = LONGEST_MS;
    pause = pause / 2 + roll(l, pause / 2 + 1);
    if (pause < at_least_ms)
        pause = at_least_ms + roll(l, FIRST_MS);
    l->failures++;
    l->phase = SLACK_PAUSE;
    l->until_ms = now_ms + pause;
}

void slack_link_start(struct slack_link *l, int64_t now_ms, uint32_t seed)
{
    (void)now_ms;
    *l = (struct slack_link){ .dice = seed ? seed : 1 };
    ask(l);
}

void slack_link_stop(struct slack_link *l)
{
    if (l->coming)
        add(l, SLACK_DROP, l->coming);
    if (l->current)
        add(l, SLACK_CLOSE, l->current);
    for (int i = 0; i < SLACK_OLD; i++)
        if (l->old[i].socket)
            add(l, SLACK_CLOSE, l->old[i].socket);
    l->phase = SLACK_STOPPED;
}

void slack_link_url(struct slack_link *l, int64_t now_ms, enum slack_url url, int64_t retry_after_ms)
{
    if (l->phase != SLACK_ASKING)
        return;
    if (url == SLACK_URL_NEVER) {
        slack_link_stop(l);
    } else if (url == SLACK_URL_LATER) {
        pause_for(l, now_ms, retry_after_ms);
    } else {
        l->coming = ++l->numbers;
        l->phase = SLACK_DIALING;
        l->until_ms = now_ms + DIAL_MS;
        add(l, SLACK_DIAL, l->coming);
    }
}

void slack_link_opened(struct slack_link *l, int64_t now_ms, int64_t socket)
{
    if (!socket || socket != l->coming || l->phase != SLACK_DIALING)
        return;
    l->phase = SLACK_GREETING;
    l->until_ms = now_ms + HELLO_MS;
}

/* Answers for a while what still comes on it. */
static void retire(struct slack_link *l, int64_t socket, int64_t until_ms)
{
    for (int i = 0; i < SLACK_OLD; i++)
        if (!l->old[i].socket) {
            l->old[i].socket = socket;
            l->old[i].until_ms = until_ms;
            return;
        }
    add(l, SLACK_CLOSE, socket);
}

void slack_link_hello(struct slack_link *l, int64_t now_ms, int64_t socket)
{
    if (!socket || socket != l->coming)
        return;
    if (l->current)
        retire(l, l->current, now_ms + DRAIN_MS);
    l->current = socket;
    l->ready_ms = now_ms;
    l->coming = 0;
    l->phase = SLACK_REST;
    l->until_ms = 0;
}

/* How long Slack wants to be left alone after this; 0: not longer than usual. */
static int64_t pause_of(const char *reason)
{
    if (reason && !strcmp(reason, "link_disabled"))
        return DISABLED_MS;
    return reason && !strcmp(reason, "too_many_websockets") ? CROWDED_MS : 0;
}

static void replace(struct slack_link *l, int64_t now_ms, const char *reason)
{
    int64_t pause = pause_of(reason);
    if (pause) {
        retire(l, l->current, now_ms + DRAIN_MS);
        l->current = 0;
        if (l->phase == SLACK_REST)
            pause_for(l, now_ms, pause);
    } else if (l->phase == SLACK_REST) {
        ask(l); /* the new one first; this one serves until then */
    }
}

void slack_link_disconnect(struct slack_link *l, int64_t now_ms, int64_t socket, const char *reason)
{
    if (l->phase == SLACK_STOPPED || !socket)
        return;
    if (socket == l->current) {
        replace(l, now_ms, reason);
    } else if (socket == l->coming) { /* instead of hello */
        add(l, SLACK_CLOSE, socket);
        l->coming = 0;
        pause_for(l, now_ms, pause_of(reason));
    }
}

static void forgive(struct slack_link *l, int64_t now_ms)
{
    if (l->current && now_ms - l->ready_ms >= SOUND_MS)
        l->failures = 0;
}

void slack_link_closed(struct slack_link *l, int64_t now_ms, int64_t socket)
{
    for (int i = 0; i < SLACK_OLD; i++)
        if (l->old[i].socket == socket)
            l->old[i].socket = 0;
    if (l->phase == SLACK_STOPPED || !socket)
        return;
    if (socket == l->coming) {
        l->coming = 0;
        pause_for(l, now_ms, 0);
    } else if (socket == l->current) {
        forgive(l, now_ms);
        l->current = 0;
        if (l->phase != SLACK_REST)
            return; /* another one is on its way */
        if (l->failures)
            pause_for(l, now_ms, 0);
        else
            ask(l);
        l->failures += l->failures == 0; /* at once this time, but not each time */
    }
}

void slack_link_tick(struct slack_link *l, int64_t now_ms)
{
    for (int i = 0; i < SLACK_OLD; i++)
        if (l->old[i].socket && now_ms >= l->old[i].until_ms) {
            add(l, SLACK_CLOSE, l->old[i].socket);
            l->old[i].socket = 0;
        }
    forgive(l, now_ms);
    if (!l->until_ms || now_ms < l->until_ms || l->phase == SLACK_STOPPED)
        return;
    if (l->phase == SLACK_PAUSE) {
        ask(l);
    } else if (l->coming) {
        add(l, SLACK_DROP, l->coming);
        l->coming = 0;
        pause_for(l, now_ms, 0);
    }
}

int64_t slack_link_due(const struct slack_link *l)
{
    int64_t due = l->until_ms && l->phase != SLACK_STOPPED ? l->until_ms : INT64_MAX;
    for (int i = 0; i < SLACK_OLD; i++)
        if (l->old[i].socket && l->old[i].until_ms < due)
            due = l->old[i].until_ms;
    return due;
}

int slack_link_open(const struct slack_link *l)
{
    int n = (l->current != 0) + (l->coming != 0);
    for (int i = 0; i < SLACK_OLD; i++)
        n += l->old[i].socket != 0;
    return n;
}
