/* Any bytes as the body of a LINE webhook: what is decoded is bounded, valid text, in
 * order, and the same the second time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/text/utf8.h"
#include "bot/transport/line_event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *s, size_t max)
{
    size_t at;
    check(!s || (strlen(s) <= max && utf8_valid(s, strlen(s), &at)));
}

static void check_event(const struct line_event *ev)
{
    check(ev->id && *ev->id && ev->chat && *ev->chat);
    check_text(ev->id, LINE_ID_MAX);
    check_text(ev->chat, LINE_ID_MAX);
    check_text(ev->user, LINE_ID_MAX);
    check_text(ev->message, LINE_ID_MAX);
    check_text(ev->reply_token, LINE_TOKEN_MAX);
    check_text(ev->read_token, LINE_TOKEN_MAX);
    check_text(ev->text, 3 * LINE_TEXT_MAX); /* a bad byte becomes three */
    check(ev->group || ev->user);
    check((ev->kind != LINE_TEXT && ev->kind != LINE_EDIT && ev->kind != LINE_TAP) || ev->text);
    check((ev->kind != LINE_EDIT && ev->kind != LINE_UNSEND) || ev->message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "Nemawashi", "根回し", NULL };
    struct arena mem = ARENA_INIT;
    struct line_batch a, b;
    struct err e;
    const char *body = arena_strndup(&mem, "", 0);
    if (size) {
        char *copy = arena_alloc(&mem, size + 1);
        memcpy(copy, data, size);
        body = copy;
    }
    if (line_decode(&mem, body, size, &a, &e)) {
        check(line_decode(&mem, body, size, &b, &e) && a.n == b.n && a.n <= LINE_EVENTS_MAX);
        for (size_t i = 0; i < a.n; i++) {
            check_event(&a.events[i]);
            check(!strcmp(a.events[i].id, b.events[i].id));
            check(!i || a.events[i - 1].at_ms <= a.events[i].at_ms);
            if (a.events[i].text)
                (void)line_called(&mem, a.events[i].text, names);
        }
    }
    arena_finish(&mem);
    return 0;
}
