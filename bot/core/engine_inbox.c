/* What networks bring: stored first, in commits that hold nothing but what arrived, because
 * a network waits for its acknowledgement; answered by the clock when nobody waits, from
 * the inbox, where it also stands after a crash. Each conversation in its order. */
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/core/engine_private.h"
#include "bot/store/notes.h"
#include <string.h>

/* ANSWER_US: no transaction of answers lasts longer. */
enum { ANSWER_US = 8000 };

static const char edit_mark[] = "edit:";

/* One that was seen before is acknowledged once more; its answer is on its way. */
bool engine_keep_event(struct engine *g, struct event *ev, struct err *e)
{
    char hash[SHA256_HEX];
    if (ev->refusal)
        return engine_take_message(g, ev, e);
    if (engine_answered_unstored(g, ev)) {
        struct inbox seen;
        if (!inbox_find(g->db, &g->mem, network_name(ev->network), ev->member_id, ev->remote_id, &seen, e))
            return e->code == ERR_NONE && engine_store_done(g, ev, e) != 0;
        engine_add_ack(g, ev, 0);
        return true;
    }
    sha256_hex(ev->text, strlen(ev->text), hash);
    struct inbox in = { .network = network_name(ev->network), .member_id = ev->member_id,
        .remote_id = ev->remote_id, .conversation = ev->conversation, .received_ms = ev->received_ms,
        .hash = hash, .body = ev->text,
        .message = ev->edits ? arena_printf(&g->mem, "%s%s", edit_mark, ev->edits) : ev->message };
    struct rate_member *r = engine_rate(g, ev->member_id, e);
    int64_t id = inbox_keep(g->db, &in, e);
    if (e->code != ERR_NONE)
        return false;
    r->waiting += id != 0;
    engine_add_ack(g, ev, 0);
    return true;
}

static bool tell_limit(struct engine *g, const struct member *m, const struct inbox *row, struct err *e)
{
    struct call c = { 0 };
    engine_call(g, &c, m, network_find(row->network), row->conversation, row->received_ms);
    reply_new(&c, REPLY_REFUSED, "rate.limited", ARGS(NUM("limit", RATE_PER_MINUTE)));
    bool ok = engine_store_replies(g, &c, 0, NULL, e);
    reply_drop_all(&c);
    return ok;
}

/* False with ERR_NONE: it waits for the minute, until `*next`. Told once, not at each message. */
static bool may_answer(struct engine *g, const struct member *m, const struct inbox *row,
    int64_t now, int64_t *next, struct err *e)
{
    struct rate_member *r = engine_rate(g, m->id, e);
    if (!g->config.rate_limited || rate_take(r, now)) {
        r->waiting -= r->waiting > 0;
        if (!r->waiting && r->tokens >= 1)
            r->told = false; /* there was room again */
        return true;
    }
    int64_t at = rate_next_ms(r, now);
    *next = at < *next ? at : *next;
    if (!r->told)
        r->told = tell_limit(g, m, row, e);
    return false;
}

/* The member's own line, unless it was stored when the message came. */
static bool store_line(struct engine *g, struct inbox *row, struct err *e)
{
    if (row->message_id)
        return true;
    struct note_text line = { .author_id = row->member_id, .level = "me", .text = row->body };
    if (!note_text_add(g->db, &line, row->received_ms, e))
        return false;
    struct message said = { .network = row->network, .member_id = row->member_id,
        .conversation = row->conversation, .at_ms = row->received_ms, .inbox_id = row->id,
        .note_id = line.id };
    row->note_id = line.id;
    row->message_id = message_add(g->db, &said, e);
    return row->message_id != 0;
}

static bool answer_row(struct engine *g, const struct member *m, struct inbox *row, int64_t now,
    struct err *e)
{
    size_t mark = sizeof edit_mark - 1;
    const char *said_as = row->message ? row->message : row->remote_id;
    bool edit = !strncmp(said_as, edit_mark, mark), told = false;
    if (edit)
        said_as += mark;
    struct event ev = { .kind = EVENT_MESSAGE, .member_id = m->id,
        .network = network_find(row->network), .remote_id = (char *)row->remote_id,
        .conversation = (char *)row->conversation, .text = (char *)row->body,
        .edits = edit ? (char *)said_as : NULL, .received_ms = row->received_ms };
    bool late = inbox_overtaken(g->db, row->network, m->id, said_as, row->received_ms, row->id, e);
    if (e->code != ERR_NONE || !inbox_done(g->db, row->id, now, e))
        return false;
    if (late) /* it came after what replaced it */
        return true;
    if (!store_line(g, row, e) || (edit && !engine_take_edit(g, m, &ev, row->id, 0, &told, e)))
        return false;
    return told || engine_answer_event(g, m, &ev, row->id, row->note_id, 0, e);
}

/* True: it was seen to, so that the next one of its conversation may be. */
static bool see_to(struct engine *g, int64_t id, int64_t now, int64_t *next, struct err *e)
{
    struct inbox row;
    struct member *m = ARENA_NEW(&g->mem, struct member);
    if (!inbox_load(g->db, &g->mem, id, &row, e) || row.done_ms)
        return false;
    if (g->config.only_member && network_find(row.network) != g->config.unasked)
        return false; /* `serve` answers, perhaps is at it */
    if (engine_holding(g, row.member_id, row.conversation))
        return false;
    if (!member_by_id(g->db, &g->mem, row.member_id, m, e)) /* suspended meanwhile */
        return e->code == ERR_NONE && inbox_done(g->db, row.id, now, e);
    return may_answer(g, m, &row, now, next, e) && answer_row(g, m, &row, now, e);
}

/* True: `*id` is to be looked at. Those found once are kept, since finding them costs more
 * than to answer one. `*any`: something was answered since they were found. */
static bool next_row(struct engine *g, int64_t *id, bool *any, struct err *e)
{
    if (g->lane == g->n_lanes) {
        g->lane = g->n_lanes = 0;
        if (!*any)
            return false;
        *any = false;
        g->n_lanes = inbox_waiting(g->db, g->config.only_member, g->lanes, ENGINE_LANES, e);
        if (!g->n_lanes || e->code != ERR_NONE)
            return false;
    }
    *id = g->lanes[g->lane++];
    return true;
}

int64_t engine_answer_waiting(struct engine *g, int64_t now, struct err *e)
{
    int64_t next = INT64_MAX, until = clock_ticks_us() + ANSWER_US, id;
    bool any = true;
    while (next_row(g, &id, &any, e)) {
        bool seen = see_to(g, id, now, &next, e);
        if (e->code != ERR_NONE)
            break;
        any = any || seen;
        if (seen && (clock_ticks_us() > until || (g->config.pressed && g->config.pressed(g->config.ctx))))
            return now;
    }
    return e->code == ERR_NONE ? next : now;
}
