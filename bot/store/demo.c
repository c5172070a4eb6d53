#include "bot/store/demo.h"

bool demo_update(struct db *db, int64_t partner, int32_t day, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEMO_UPDATE);
    bind_int(&q, "$partner", partner);
    bind_int(&q, "$day", day);
    return query_run(&q, e);
}

bool demo_decided(struct db *db, int64_t deal, int64_t member, int64_t after_ms, struct err *e)
{
    AUTO_QUERY q = db_query(db, STMT_DEMO_DECIDED);
    bind_int(&q, "$id", deal);
    bind_int(&q, "$member", member);
    bind_int(&q, "$after", after_ms);
    return query_run(&q, e);
}

bool demo_mark(struct db *db, struct err *e)
{
    static const enum stmt_id marks[] = { STMT_DEMO_MARK_DEAL_SOURCE, STMT_DEMO_MARK_RENEWAL,
        STMT_DEMO_MARK_NETWORK_SIZE, STMT_DEMO_MARK_NETWORK_ACCOUNT, STMT_DEMO_MARK_CAPABILITY,
        STMT_DEMO_MARK_TRAINING, STMT_DEMO_MARK_ACTIVITY, STMT_DEMO_MARK_LEAD,
        STMT_DEMO_MARK_CASE_STUDY, STMT_DEMO_MARK_NPS, STMT_DEMO_MARK_PERCEPTION,
        STMT_DEMO_MARK_TARGET, STMT_DEMO_MARK_RATE };
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        AUTO_QUERY q = db_query(db, marks[i]);
        if (!query_run(&q, e))
            return false;
    }
    return true;
}
