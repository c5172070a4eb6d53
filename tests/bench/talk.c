#include "tests/bench/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/arena.h"
#include "bot/base/clock.h"

static const char id_start[] = "0190bench-";
enum { REPORTER = MEMBERS - 1 };

size_t talk_frame(char out[TALK_FRAME], int i, size_t number)
{
    char line[256];
    fill_line(line, sizeof line, i, (int)(number / MEMBERS));
    int n = snprintf(out, TALK_FRAME, "{\"t\":\"say\",\"id\":\"%s%08zu\",\"text\":\"%s\"}", id_start,
        number, line);
    if (n < 0 || n >= TALK_FRAME)
        die("a frame too long: %s", line);
    return (size_t)n;
}

void fill_cookie(int i, char *out)
{
    fill_secret(i, out);
}

void talk_open(struct talk *t, int port, void (*cookie)(int i, char *out))
{
    *t = (struct talk){ .ws = ws_open(port, MEMBERS, cookie),
        .sent_us = xcalloc(TALK_MAX, sizeof *t->sent_us),
        .ack_ms = xcalloc(TALK_MAX, sizeof *t->ack_ms),
        .reply_ms = xcalloc(TALK_MAX, sizeof *t->reply_ms) };
}

void talk_close(struct talk *t)
{
    ws_close(t->ws);
    free(t->sent_us);
    free(t->ack_ms);
    free(t->reply_ms);
}

static void say_next(struct talk *t)
{
    char frame[TALK_FRAME];
    int i = t->next;
    size_t number = t->n++;
    t->next = (t->next + 1) % (t->report ? REPORTER : MEMBERS);
    size_t n = talk_frame(frame, i, t->first + number);
    t->sent_us[number] = clock_ticks_us();
    ws_send(t->ws, i, frame, n);
}

/* The number, in this run, of the message that a frame is about. */
static size_t number_of(const struct talk *t, const char *text)
{
    const char *id = strstr(text, id_start);
    size_t number = id ? (size_t)strtoul(id + sizeof id_start - 1, NULL, 10) - t->first : SIZE_MAX;
    if (number >= t->n)
        die("unexpected frame: %.200s", text);
    return number;
}

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static void ask_report(struct talk *t)
{
    static int64_t serial;
    char frame[TALK_FRAME];
    int n = snprintf(frame, sizeof frame, "{\"t\":\"say\",\"id\":\"0190report-%lld\",\"text\":\"%s\"}",
        (long long)++serial, t->report);
    t->asked_us = clock_ticks_us();
    ws_send(t->ws, REPORTER, frame, (size_t)n);
}

/* Asks again while others still log. */
static void on_report(struct talk *t, const char *text)
{
    if (!starts(text, "{\"t\":\"message\""))
        return;
    if (!strstr(text, "\"kpi\":{"))
        die("no report: %.300s", text);
    t->report_ms += (double)(clock_ticks_us() - t->asked_us) / 1000;
    t->asked_us = 0;
    t->reports++;
    if (t->acked < t->wanted)
        ask_report(t);
}

static void on_answer(void *ctx, int i, char *text, size_t n)
{
    struct talk *t = ctx;
    (void)n;
    if (t->report && i == REPORTER) {
        on_report(t, text);
        return;
    }
    bool echo = starts(text, "{\"t\":\"say\"");
    size_t number = number_of(t, text);
    double ms = (double)(clock_ticks_us() - t->sent_us[number]) / 1000;
    if (echo || starts(text, "{\"t\":\"ack\"")) {
        t->ack_ms[number] = ms;
        t->acked++;
    }
    if (echo || starts(text, "{\"t\":\"message\"")) {
        if (!echo && !strstr(text, "\"status\":\"ok\""))
            die("not logged: %s", text);
        t->reply_ms[number] = ms;
        t->replied++;
        if (t->n < t->wanted)
            say_next(t);
    }
}

double talk_run(struct talk *t, int window, int n)
{
    static size_t said; /* in all runs: a number said twice would be answered from what is stored */
    int64_t from = clock_ticks_us();
    t->first = said;
    said += (size_t)n;
    t->n = t->acked = t->replied = 0;
    t->wanted = (size_t)n;
    t->reports = 0;
    t->report_ms = 0;
    if (t->report)
        ask_report(t);
    if (n > TALK_MAX)
        die("more than %d messages", TALK_MAX);
    for (int i = 0; i < window && t->n < t->wanted; i++)
        say_next(t);
    while (t->acked < t->wanted || t->replied < t->wanted || t->asked_us)
        ws_wait(t->ws, on_answer, t);
    return (double)(clock_ticks_us() - from) / 1e6;
}

static void on_greeting(void *ctx, int i, char *text, size_t n)
{
    struct talk *t = ctx;
    (void)i;
    (void)n;
    if (starts(text, "{\"t\":\"history\""))
        t->greeted++;
    else if (!starts(text, "{\"t\":\"welcome\""))
        die("not welcome: %.200s", text);
}

void talk_greet(struct talk *t)
{
    static const char hello[] = "{\"t\":\"hello\",\"v\":1}";
    for (int i = 0; i < MEMBERS; i++)
        ws_send(t->ws, i, hello, sizeof hello - 1);
    while (t->greeted < MEMBERS)
        ws_wait(t->ws, on_greeting, t);
}
