#include "bot/store/inbox.h"

static void read_inbox(struct query *q, struct arena *mem, struct inbox *in)
{
    *in = (struct inbox){ .id = query_int(q, 0), .member_id = query_int(q, 1),
        .message_id = query_int(q, 2), .received_ms = query_int(q, 3),
        .done_ms = query_int(q, 4), .network = query_text(q, mem, 5),
        .remote_id = query_text(q, mem, 6), .conversation = query_text(q, mem, 7),
        .hash = query_text(q, mem, 8), .body = query_text(q, mem, 9) };
}

bool inbox_find(struct db *db, struct arena *mem, const char *network, int64_t member,
    const char *remote_id, struct inbox *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_FIND);
    bind_text(&q, "$network", network);
    bind_int(&q, "$member", member);
    bind_text(&q, "$remote", remote_id);
    if (!query_next(&q, e))
        return false;
    read_inbox(&q, mem, out);
    return true;
}

bool inbox_find_sender(struct db *db, struct arena *mem, const char *network, const char *sender,
    const char *remote_id, struct inbox *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_FIND_SENDER);
    bind_text(&q, "$network", network);
    bind_text(&q, "$sender", sender);
    bind_text(&q, "$remote", remote_id);
    if (!query_next(&q, e))
        return false;
    read_inbox(&q, mem, out);
    return true;
}

int64_t inbox_add(struct db *db, const struct inbox *in, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_INSERT);
    bind_text(&q, "$network", in->network);
    bind_ref(&q, "$member", in->member_id);
    bind_text(&q, "$sender", in->sender);
    bind_text(&q, "$remote", in->remote_id);
    bind_text(&q, "$conversation", in->conversation);
    bind_int(&q, "$received", in->received_ms);
    bind_text(&q, "$hash", in->hash);
    bind_text(&q, "$body", in->body);
    bind_ref(&q, "$done", in->done_ms);
    bind_text(&q, "$message", in->message);
    return query_insert(&q, e);
}

int64_t inbox_keep(struct db *db, const struct inbox *in, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_KEEP);
    bind_text(&q, "$network", in->network);
    bind_int(&q, "$member", in->member_id);
    bind_text(&q, "$remote", in->remote_id);
    bind_text(&q, "$conversation", in->conversation);
    bind_int(&q, "$received", in->received_ms);
    bind_text(&q, "$hash", in->hash);
    bind_text(&q, "$body", in->body);
    bind_text(&q, "$message", in->message);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int inbox_of_message(struct db *db, struct arena *mem, const char *network, int64_t member,
    const char *message, struct inbox *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_OF_MESSAGE);
    bind_text(&q, "$network", network);
    bind_int(&q, "$member", member);
    bind_text(&q, "$message", message);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_inbox(&q, mem, &out[n++]);
    return n;
}

bool inbox_overtaken(struct db *db, const char *network, int64_t member, const char *message,
    int64_t at_ms, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_OVERTAKEN);
    bind_int(&q, "$id", id);
    bind_text(&q, "$network", network);
    bind_int(&q, "$member", member);
    bind_text(&q, "$message", message);
    bind_int(&q, "$at", at_ms);
    return query_next(&q, e) && query_int(&q, 0);
}

bool inbox_wait(struct db *db, int64_t id, const char *body, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_WAIT);
    bind_int(&q, "$id", id);
    bind_text(&q, "$body", body);
    return query_run(&q, e);
}

bool inbox_done(struct db *db, int64_t id, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_DONE);
    bind_int(&q, "$id", id);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int64_t inbox_count_waiting(struct db *db, int64_t member, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_COUNT_WAITING);
    bind_int(&q, "$member", member);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

int inbox_waiting(struct db *db, int64_t member, int64_t *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_WAITING);
    bind_ref(&q, "$member", member);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = query_int(&q, 0);
    return n;
}

bool inbox_load(struct db *db, struct arena *mem, int64_t id, struct inbox *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_BY_ID);
    bind_int(&q, "$id", id);
    if (!query_next(&q, e))
        return false;
    read_inbox(&q, mem, out);
    out->note_id = query_int(&q, 10);
    out->message = query_text(&q, mem, 11);
    return true;
}

int inbox_of_sender(struct db *db, struct arena *mem, const char *network, const char *sender,
    struct inbox *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_OF_SENDER);
    bind_text(&q, "$network", network);
    bind_text(&q, "$sender", sender);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        read_inbox(&q, mem, &out[n++]);
    return n;
}

int inbox_senders(struct db *db, struct arena *mem, struct inbox *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_SENDERS);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct inbox){ .network = query_text(&q, mem, 0), .sender = query_text(&q, mem, 1) };
    return n;
}

bool inbox_adopt(struct db *db, int64_t id, int64_t member, const char *hash, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_INBOX_ADOPT);
    bind_int(&q, "$id", id);
    bind_int(&q, "$member", member);
    bind_text(&q, "$hash", hash);
    return query_run(&q, e);
}

int64_t message_add(struct db *db, const struct message *m, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSAGE_INSERT);
    bind_text(&q, "$network", m->network);
    bind_int(&q, "$member", m->member_id);
    bind_text(&q, "$conversation", m->conversation);
    bind_text(&q, "$dir", m->out ? "out" : "in");
    bind_int(&q, "$at", m->at_ms);
    bind_ref(&q, "$inbox", m->inbox_id);
    bind_ref(&q, "$note", m->note_id);
    bind_text(&q, "$body", m->body);
    bind_ref(&q, "$replaces", m->replaces);
    return query_insert(&q, e);
}

static int read_messages(struct query *q, struct arena *mem, struct message *out, int max,
    struct err *e)
{
    int n = 0;
    while (n < max && query_next(q, e)) {
        out[n] = (struct message){ .id = query_int(q, 0), .member_id = query_int(q, 1),
            .at_ms = query_int(q, 2), .inbox_id = query_int(q, 3),
            .note_id = query_int(q, 4), .network = query_text(q, mem, 5),
            .conversation = query_text(q, mem, 6), .body = query_text(q, mem, 7),
            .out = query_int(q, 8) != 0, .answers = query_text(q, mem, 9) };
        n++;
    }
    return n;
}

bool message_find(struct db *db, struct arena *mem, int64_t id, struct message *out,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSAGE_BY_ID);
    bind_int(&q, "$id", id);
    return read_messages(&q, mem, out, 1, e) == 1;
}

int message_list(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    int64_t after, int64_t before, struct message *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, before ? STMT_MESSAGE_BEFORE : STMT_MESSAGE_AFTER);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    bind_int(&q, before ? "$before" : "$after", before ? before : after);
    bind_int(&q, "$max", max);
    int n = read_messages(&q, mem, out, max, e);
    for (int i = 0; before && i < n / 2; i++) {
        struct message swap = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = swap;
    }
    return n;
}

int64_t message_latest(struct db *db, int64_t member, const char *conversation, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSAGE_LATEST);
    bind_int(&q, "$member", member);
    bind_text(&q, "$conversation", conversation);
    return query_next(&q, e) ? query_int(&q, 0) : 0;
}

char *message_replaced(struct db *db, struct arena *mem, int64_t id, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSAGE_REMOTE);
    bind_int(&q, "$id", id);
    return query_next(&q, e) ? query_text(&q, mem, 0) : NULL;
}

int message_answers(struct db *db, struct arena *mem, int64_t inbox, struct message *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_MESSAGE_OF_INBOX);
    bind_int(&q, "$inbox", inbox);
    bind_int(&q, "$max", max);
    return read_messages(&q, mem, out, max, e);
}

int64_t ask_add(struct db *db, const struct ask *a, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASK_INSERT);
    bind_int(&q, "$member", a->member_id);
    bind_text(&q, "$conversation", a->conversation);
    bind_text(&q, "$code", a->code);
    bind_int(&q, "$note", a->note_id);
    bind_int(&q, "$received", a->received_ms);
    bind_text(&q, "$bindings", a->bindings);
    bind_text(&q, "$options", a->options);
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

static struct ask read_ask(struct query *q, struct arena *mem)
{
    return (struct ask){ .id = query_int(q, 0), .member_id = query_int(q, 1),
        .note_id = query_int(q, 2), .received_ms = query_int(q, 3),
        .conversation = query_text(q, mem, 4), .code = query_text(q, mem, 5),
        .bindings = query_text(q, mem, 6), .options = query_text(q, mem, 7) };
}

bool ask_find(struct db *db, struct arena *mem, int64_t member, const char *conversation,
    int64_t id, struct ask *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, id ? STMT_ASK_BY_ID : STMT_ASK_LATEST);
    bind_int(&q, "$member", member);
    if (id)
        bind_int(&q, "$id", id);
    else
        bind_text(&q, "$conversation", conversation);
    if (!query_next(&q, e))
        return false;
    *out = read_ask(&q, mem);
    return true;
}

int draft_list(struct db *db, struct arena *mem, int64_t member, int64_t since_ms,
    struct ask *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASK_DRAFTS);
    bind_int(&q, "$member", member);
    bind_int(&q, "$since", since_ms);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = read_ask(&q, mem);
    return n;
}

bool ask_drop_of_note(struct db *db, int64_t member, int64_t note, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASK_DROP_OF_NOTE);
    bind_int(&q, "$member", member);
    bind_int(&q, "$note", note);
    return query_run(&q, e);
}

bool ask_close(struct db *db, int64_t id, const char *state, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_ASK_CLOSE);
    bind_int(&q, "$id", id);
    bind_text(&q, "$state", state);
    return query_run(&q, e);
}
