#include "bot/store/capability.h"

bool capability_add(struct db *db, const struct capability *c, int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CAPABILITY_INSERT);
    bind_int(&q, "$partner", c->partner_id);
    bind_text(&q, "$what", c->what);
    bind_int(&q, "$score", c->score);
    bind_int(&q, "$day", c->at_day);
    bind_int(&q, "$member", c->member_id);
    bind_int(&q, "$outsourced", c->outsourced);
    bind_ref(&q, "$to", c->to_partner);
    bind_text(&q, "$firm", c->to_firm);
    bind_ref(&q, "$note", c->note_id);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

int capability_list(struct db *db, struct arena *mem, int64_t partner, int32_t since,
    struct capability *out, int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CAPABILITY_LIST);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$since", since);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct capability){ .what = query_text(&q, mem, 0), .score = (int)query_int(&q, 1),
            .at_day = (int32_t)query_int(&q, 2), .member_id = query_int(&q, 3), .outsourced = query_int(&q, 4) != 0,
            .to_partner = query_int(&q, 5), .to_firm = query_text(&q, mem, 6), .note_id = query_int(&q, 7) };
        n++;
    }
    return n;
}

bool capability_tag_begin(struct db *db, int64_t partner, const char *tag, int32_t day, int64_t member,
    int64_t now_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CAPABILITY_TAG_INSERT);
    bind_int(&q, "$partner", partner);
    bind_text(&q, "$tag", tag);
    bind_int(&q, "$day", day);
    bind_int(&q, "$member", member);
    bind_int(&q, "$now", now_ms);
    return query_run(&q, e);
}

bool capability_tag_end(struct db *db, int64_t partner, const char *tag, int32_t day, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CAPABILITY_TAG_END);
    bind_int(&q, "$partner", partner);
    bind_text(&q, "$tag", tag);
    bind_int(&q, "$day", day);
    return query_run(&q, e);
}

int capability_tag_list(struct db *db, struct arena *mem, int64_t partner, struct capability_tag *out,
    int max, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_CAPABILITY_TAG_LIST);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$max", max);
    int n = 0;
    while (n < max && query_next(&q, e)) {
        out[n] = (struct capability_tag){ query_text(&q, mem, 0), (int32_t)query_int(&q, 1), (int32_t)query_int(&q, 2) };
        n++;
    }
    return n;
}
