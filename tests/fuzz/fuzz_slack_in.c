/* What comes over Slack's socket: any bytes. An envelope that was read keeps what
 * slack_in.h promises, and whatever was said can be an event. */
#include <stdlib.h>
#include <string.h>
#include "bot/text/utf8.h"
#include "bot/transport/slack_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

/* Ids and what is made of them travel on in requests, logs and conversations' names. */
static void promise_name(const char *s)
{
    for (; s && *s; s++)
        promise((unsigned char)*s > 0x20 && (unsigned char)*s < 0x7F && !strchr("\"\\<>", *s));
}

static void promise_text(const char *s)
{
    size_t where;
    promise(s && utf8_valid(s, strlen(s), &where));
}

static void check(struct arena *mem, const struct slack_in *in)
{
    struct slack_place place;
    promise_name(in->envelope);
    promise_name(in->account);
    promise_name(in->reason);
    promise(in->kind != SLACK_NOTHING || in->why);
    if (in->kind == SLACK_SAID) {
        promise(in->account && in->user && in->envelope && in->remote_id);
        promise_text(in->remote_id);
        promise_text(in->text);
        promise(in->too_long || strlen(in->text) <= SLACK_TEXT_MAX);
        promise(!in->conversation || slack_place_read(mem, in->conversation, &place));
        event_destroy(slack_in_event(in, 1));
    } else if (in->kind == SLACK_FORM) {
        promise(in->form && in->user && in->trigger);
        promise_text(in->text);
    } else if (in->kind == SLACK_HOME) {
        promise(in->account != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct slack_self self = { .team = "T1", .user = "UBOT", .bot = "B1", .app = "A1",
        .allowed = "T1,T3" };
    struct arena mem = ARENA_INIT;
    struct slack_in in;
    struct err e = { 0 };
    if (slack_in_read(&mem, (const char *)data, size, &self, &in, &e))
        check(&mem, &in);
    else
        promise(e.code != ERR_NONE);
    arena_finish(&mem);
    return 0;
}
