#include "bot/core/dispatch.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/ask.h"
#include "bot/core/reader.h"
#include "bot/store/focus.h"
#include "bot/store/journal.h"

/* The store itself failed: the event is not kept and must come again. */
static bool store_failed(const struct err *e)
{
    return e->code == ERR_REMOTE || e->code == ERR_BUSY || (e->code == ERR_BUG && !e->key);
}

void dispatch_refuse(struct call *c, const struct err *e)
{
    if (e->code == ERR_BUG || !e->key) {
        char id[9];
        random_hex(id, 4);
        log_error("bug %s: %s", id, e->why);
        reply_new(c, REPLY_ERROR, "error.bug", ARGS(TXT("id", arena_strdup(c->mem, id))));
        return;
    }
    if (e->code == ERR_CONSTRAINT) /* nothing the person can mend */
        log_err("run command", e);
    struct reply *r = reply_new(c, REPLY_REFUSED, e->key, e->args);
    if (e->code == ERR_USAGE || (e->code == ERR_NOT_FOUND && e->args[0].name))
        reply_button_line(r, "button.complete");
}

static bool refuse_role(struct call *c)
{
    if (c->member->roles & c->command->may)
        return false;
    reply_new(c, REPLY_REFUSED, "role.refused", NO_ARGS);
    return true;
}

/* What the next line may mean by "it". */
static bool remember(struct call *c, struct err *e)
{
    for (struct reply *r = c->replies; r; r = r->next) {
        const json_t *first = json_array_get(json_at(r->json, "records"), 0);
        const char *verb = first ? json_text(first, "verb") : NULL;
        if (verb && strcmp(verb, "shown") != 0 &&
            !focus_set(c->db, c->member->id, c->conversation, "record", json_text(first, "id"),
                c->now_ms, e))
            return false;
    }
    return true;
}

static const char *first_record(const struct call *c)
{
    for (const struct reply *r = c->replies; r; r = r->next) {
        const json_t *first = json_array_get(json_at(r->json, "records"), 0);
        if (first)
            return json_text(first, "id");
    }
    return NULL;
}

/* A step of the command; what it refuses is answered. */
static bool attempt(struct call *c, bool (*step)(struct call *, struct err *), struct err *e)
{
    struct err failed = { 0 };
    if (step(c, &failed))
        return true;
    if (store_failed(&failed)) {
        *e = failed;
        return false;
    }
    reply_drop_all(c);
    dispatch_refuse(c, &failed);
    *e = failed; /* e->code tells the caller to roll the command back */
    return true;
}

bool dispatch_run(struct call *c, struct err *e)
{
    return attempt(c, c->command->run, e);
}

static bool prepare(struct call *c, bool *refused, struct err *e)
{
    e->code = ERR_NONE;
    bool ok = !c->command->prepare || attempt(c, c->command->prepare, e);
    *refused = e->code != ERR_NONE;
    return ok;
}

/* "answer Q12 1": a button of an older question. */
static int64_t named_question(struct call *c, const char *text, const char **choice)
{
    enum { ANSWER_MAX = 64 };
    const char *q = strpbrk(text, "Qq");
    struct folded f = fold_text(c->mem, text, strnlen(text, ANSWER_MAX));
    if (!q || (strncmp(f.s, "answer q", 8) && strncmp(text, "回答 Q", 8)))
        return 0;
    char *end;
    long long id = strtoll(q + 1, &end, 10);
    while (*end == ' ')
        end++;
    *choice = end;
    return id > 0 ? id : 0;
}

/* True where the line answered a question; c->text is then the text to read again, or
 * NULL where nothing is left to do. */
static bool take_answer(struct call *c, const char *text, bool *taken, struct err *e)
{
    const char *choice = text;
    struct answered a;
    int64_t id = named_question(c, text, &choice);
    *taken = false;
    if (!ask_answer(c, id, choice, &a, e))
        return false;
    if (!a.found && !id)
        return true;
    *taken = true;
    c->text = NULL;
    if (!a.found)
        reply_new(c, REPLY_REFUSED, "ask.gone", NO_ARGS);
    else if (a.outcome)
        reply_new(c, REPLY_OK, strcmp(a.outcome, "drop") ? "draft.stays" : "draft.dropped", NO_ARGS);
    c->text = a.text;
    c->settled = a.settled;
    c->line_note = a.note_id;
    if (a.text)
        c->now_ms = a.received_ms;
    return true;
}

bool dispatch(struct call *c, const char *text, bool desk, enum dispatched *out, struct err *e)
{
    enum reading reading;
    bool answer;
    *out = DISPATCH_DONE;
    c->text = text;
    c->group = journal_begin(c->db, c->member->id, c->conversation, c->now_ms, e);
    if (!c->group || !take_answer(c, text, &answer, e))
        return false;
    if (c->text) {
        int64_t answered_ms = c->when.now_ms;
        if (answer)
            c->when.now_ms = c->now_ms; /* dates mean what they meant when typed */
        if (!read_message(c, c->text, &reading, e))
            return false;
        c->when.now_ms = answered_ms; /* and are read today */
        if (reading == READING_RUN && !refuse_role(c)) {
            bool refused;
            if (!prepare(c, &refused, e))
                return false;
            if (desk && !refused && c->command->flags & CMD_DESK)
                *out = DISPATCH_DESK;
            else if (!refused && !dispatch_run(c, e))
                return false;
        }
    }
    json_decref(c->settled);
    c->settled = NULL;
    struct err ended;
    if (!journal_about(c->db, c->group, c->command ? c->command->id : "", first_record(c), &ended) ||
        !journal_end(c->db, c->group, &ended) || !remember(c, &ended)) {
        *e = ended;
        return false;
    }
    return true;
}
