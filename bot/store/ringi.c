#include "bot/store/ringi.h"

int64_t ringi_add(struct db *db, const struct ringi *r, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_INSERT);
    bind_int(&q, "$deal", r->deal_id);
    bind_text(&q, "$kind", r->kind);
    bind_text(&q, "$medium", r->medium);
    bind_int(&q, "$parallel", r->parallel);
    bind_int(&q, "$started", r->started_ms);
    bind_int(&q, "$member", r->member_id);
    bind_text(&q, "$source", r->source ? r->source : "typed");
    bind_int(&q, "$now", now_ms);
    return query_insert(&q, e);
}

bool ringi_update(struct db *db, const struct ringi *r, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_UPDATE);
    bind_int(&q, "$id", r->id);
    bind_text(&q, "$kind", r->kind);
    bind_text(&q, "$medium", r->medium);
    bind_int(&q, "$parallel", r->parallel);
    bind_int(&q, "$round", r->round);
    bind_text(&q, "$state", r->state);
    bind_ref(&q, "$returned", r->returned_ms);
    bind_ref(&q, "$back", r->back_day);
    bind_ref(&q, "$ended", r->ended_ms);
    return query_run(&q, e);
}

static int read_ringi(struct query *q, struct arena *mem, struct ringi *out, int max, struct err *e)
{
    int n = 0;
    while (n < max && query_next(q, e))
        out[n++] = (struct ringi){ .id = query_int(q, 0), .deal_id = query_int(q, 1),
            .kind = query_text(q, mem, 2), .medium = query_text(q, mem, 3),
            .parallel = query_int(q, 4) != 0, .round = (int)query_int(q, 5),
            .state = query_text(q, mem, 6), .started_ms = query_int(q, 7),
            .returned_ms = query_int(q, 8), .back_day = (int32_t)query_int(q, 9),
            .ended_ms = query_int(q, 10), .member_id = query_int(q, 11),
            .source = query_text(q, mem, 12) };
    return n;
}

bool ringi_load(struct db *db, struct arena *mem, int64_t id, struct ringi *out, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_FIND);
    bind_int(&q, "$id", id);
    return read_ringi(&q, mem, out, 1, e) == 1;
}

int ringi_list(struct db *db, struct arena *mem, int64_t deal, bool live, struct ringi *out, int max,
    struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_LIST);
    bind_ref(&q, "$deal", deal);
    bind_int(&q, "$live", live);
    bind_int(&q, "$max", max);
    return read_ringi(&q, mem, out, max, e);
}

int64_t ringi_step_add(struct db *db, const struct ringi_step *s, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_STEP_INSERT);
    bind_int(&q, "$ringi", s->ringi_id);
    bind_int(&q, "$round", s->round);
    bind_int(&q, "$place", s->place);
    bind_ref(&q, "$person", s->person_id);
    bind_text(&q, "$label", s->person_id ? NULL : s->label);
    bind_int(&q, "$courtesy", s->courtesy);
    bind_ref(&q, "$since", s->since_ms);
    return query_insert(&q, e);
}

bool ringi_step_update(struct db *db, const struct ringi_step *s, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_STEP_UPDATE);
    bind_int(&q, "$id", s->id);
    bind_ref(&q, "$since", s->since_ms);
    bind_ref(&q, "$done", s->done_ms);
    bind_text(&q, "$outcome", s->outcome);
    bind_ref(&q, "$dissent", s->dissent_ms);
    bind_ref(&q, "$note", s->note_id);
    bind_int(&q, "$courtesy", s->courtesy);
    return query_run(&q, e);
}

int ringi_step_list(struct db *db, struct arena *mem, int64_t ringi, int round, struct ringi_step *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_RINGI_STEP_LIST);
    bind_int(&q, "$ringi", ringi);
    bind_int(&q, "$round", round);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e))
        out[n++] = (struct ringi_step){ .id = query_int(&q, 0), .ringi_id = query_int(&q, 1),
            .round = (int)query_int(&q, 2), .place = (int)query_int(&q, 3),
            .person_id = query_int(&q, 4), .label = query_text(&q, mem, 5),
            .courtesy = query_int(&q, 6) != 0, .since_ms = query_int(&q, 7),
            .done_ms = query_int(&q, 8), .outcome = query_text(&q, mem, 9),
            .dissent_ms = query_int(&q, 10), .note_id = query_int(&q, 11) };
    return n;
}
