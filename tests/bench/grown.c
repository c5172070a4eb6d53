/* Stores in which every table that figures read grows alike: 2,000 touch points, 40 deals
 * and 6 people a partner, whose touch points are with the customers of its deals and some
 * sixty others. One statement a table; `i` runs from 1, and `pick` scatters. */
#include <sqlite3.h>
#include <stdio.h>
#include "bot/base/clock.h"
#include "tests/bench/bench.h"

/* A statement makes `rows` rows for each partner. $n partners, $now, $day, all of them
 * within the last two years. */
static const struct {
    int rows;
    const char *sql;
} tables[] = {
    { 1, "insert into partner (name, type, market, silo, stage, commission_bp, agreement_day,"
         " signed_day, source, created_ms)"
         " select 'Grown' || i, iif(i % 3, 'agency', 'referral'), m, iif(i % 2, 'dentsu', null),"
         " 'active', 3000, $day - 720 + i % 400, $day - 700 + i % 400, 'test', $now from r" },
    { 4, "insert into customer (name, market, source, created_ms)"
         " select 'Buyer ' || i, m, 'test', $now from r" },
    { 6, "insert into person (name, partner_id, customer_id, source, created_ms)"
         " select 'Person ' || i, iif(i % 3, p, null), iif(i % 3, null, i % (4 * $n) + 1), 'test', $now from r" },
    { 40, "insert into deal (name, customer_id, partner_id, product, kind, origin, owner_id,"
          " value_minor, currency, market, state, stage, registered_ms, closed_ms, closed_owner_id,"
          " live_ms, source, created_ms)"
          " select 'Deal ' || i, i % (4 * $n) + 1, p, iif(i % 2, 'CMS', 'CRM'), iif(i % 5, 'new', 'cross'),"
          " iif(i % 2, 'inbound', 'network'), pick % 256 + 1, 100000 + pick % 9000000,"
          " iif(pick % 3, 'JPY', 'USD'), m, case i % 8 when 0 then 'open' when 1 then 'registered'"
          " when 2 then 'paused' when 3 then 'lost' when 4 then 'expired' else 'won' end,"
          " iif(i % 8 > 4, 'signed', 'proposal'), $now - (60 + pick % 660) * 86400000,"
          " iif(i % 8 > 2, $now - (60 + pick % 660 - 10 - i % 50) * 86400000, null),"
          " iif(i % 8 > 2, pick % 256 + 1, null),"
          " iif(i % 8 > 4, $now - (60 + pick % 660 - 60) * 86400000, null), 'test', $now from r" },
    { 40, "insert into deal_event (deal_id, what, at_ms, member_id) select i, 'registered',"
          " registered_ms, owner_id from r join deal on deal.id = i" },
    { 40, "insert into deal_event (deal_id, what, at_ms, member_id) select i, state, closed_ms,"
          " owner_id from r join deal on deal.id = i where closed_ms is not null" },
    { 40, "insert into deal_pause (deal_id, from_ms) select i, registered_ms + 864000000 from r"
          " join deal on deal.id = i where state = 'paused'" },
    { 40, "insert into deal_source (deal_id, partner_id, at_ms, member_id, created_ms) select i,"
          " p, registered_ms - 86400000, 1, $now from r join deal on deal.id = i where i % 2" },
    { 40, "insert into renewal (deal_id, value_minor, currency, from_day, to_day, member_id,"
          " created_ms) select i, value_minor, currency, closed_ms / 86400000 + 365,"
          " closed_ms / 86400000 + 730, 1, $now from r join deal on deal.id = i"
          " where state = 'won' and closed_ms < $now - 366 * 86400000" },
    { 40, "insert into refund (deal_id, amount_minor, currency, at_day, member_id, created_ms)"
          " select i, 1000, currency, closed_ms / 86400000 + 5, 1, $now from r"
          " join deal on deal.id = i where state = 'won' and i % 9 = 0" },
    { 8, "insert into champion (person_id, customer_id, partner_id, deal_id, since_ms, power,"
         " stake, sells) select pick % (6 * $n) + 1, i % (4 * $n) + 1, p, iif(i % 2, pick % (40 * $n) + 1, null),"
         " $now - (pick % 700) * 86400000, i % 2, i % 3 > 0, 1 from r" },
    { 2000, "insert into touch_point (kind, no, at_ms, minutes, channel, outcome, internal,"
            " member_id, customer_id, deal_id, source, created_ms)"
            " select iif(i % 4, 'T', 'M'), i, $now - (pick % 63072000) * 1000, 30,"
            " case pick % 4 when 0 then 'zoom' when 1 then 'phone' when 2 then 'line' else 'email' end,"
            " iif(i % 10 = 9, 'no_answer', 'reached'), i % 50 = 7, pick % 256 + 1,"
            " iif(i % 32, p - 1 + $n * (pick / 4 % 40) + 1, pick) % (4 * $n) + 1,"
            " iif(pick % 4, null, (p - 1 + $n * (pick / 4 % 40)) + 1), 'test', $now from r" },
    { 2000, "insert into touch_person (touch_id, person_id) select i, pick % (6 * $n) + 1 from r" },
    { 2000, "insert into touch_partner (touch_id, partner_id) select i, p from r" },
    { 2000, "insert into note (touch_id, customer_id, layer, stance, member_id, at_ms, created_ms)"
            " select i, customer_id, iif(i % 8, 'after', 'room'), 'for', member_id,"
            " at_ms + (pick % 200) * 3600000, $now from r join touch_point on touch_point.id = i"
            " where i % 4 = 0" },
    { 6, "insert into training (person_id, partner_id, product, enrolled_day, due_day, done_day,"
         " certified_day, expires_day, member_id, created_ms) select i, p, 'CMS',"
         " $day - pick % 600 - 40, $day - pick % 600, iif(i % 3, $day - pick % 600 - 2, null),"
         " iif(i % 3, $day - pick % 600 - 1, null), iif(i % 3, $day - pick % 600 + 365, null), 1, $now from r" },
    { 4, "insert into activity (kind, joint, partner_id, market, at_day, leads, meetings,"
         " member_id, created_ms) select 'webinar', i % 2, p, m, $day - pick % 700, 12, 4, 1, $now from r" },
    { 12, "insert into lead (activity_id, partner_id, customer_id, deal_id, at_ms, member_id,"
          " created_ms) select pick % (4 * $n) + 1, p, i % (4 * $n) + 1, pick % (40 * $n) + 1,"
          " $now - (pick % 700) * 86400000, 1, $now from r" },
    { 1, "insert into case_study (customer_id, partner_id, market, language, published_day,"
         " member_id, created_ms) select i, p, m, 'ja', $day - pick % 700, 1, $now from r" },
    { 8, "insert into nps (customer_id, person_id, partner_id, score, at_day, member_id,"
         " created_ms) select i % (4 * $n) + 1, pick % (6 * $n) + 1, p, pick % 11, $day - pick % 700, 1, $now from r" },
    { 2, "insert into perception (sign, partner_id, note_id, at_ms, member_id, created_ms)"
         " select iif(i % 2, 'negative', 'positive'), p, 1, $now - (pick % 700) * 86400000, 1, $now from r" },
    { 8, "insert into capability (partner_id, what, score, at_day, member_id, created_ms)"
         " select p, case i / $n % 8 when 0 then 'presales' when 1 then 'technical' when 2 then"
         " 'implement' when 3 then 'onboard' when 4 then 'train' when 5 then 'maintain' when 6"
         " then 'support' else 'renewal' end, pick % 6, $day - pick % 300, 1, $now from r" },
    { 1, "insert into network_size (partner_id, accounts, at_day, member_id, created_ms)"
         " select p, 20 + pick % 80, $day - pick % 300, 1, $now from r" },
    { 10, "insert into network_account (partner_id, customer_id, at_day, member_id, created_ms)"
          " select p, i % (4 * $n) + 1, $day - 500, 1, $now from r" },
    { 3, "insert into introduction (by_partner, customer_id, member_id, at_ms) select p,"
         " i % (4 * $n) + 1, 1, $now - (pick % 700) * 86400000 from r" },
    { 100, "insert into check_in (partner_id, at_day, what) select p, $day - i / $n * 7,"
           " iif(i % 2, 'update', 'check') from r" },
    { 2, "insert into ringi (deal_id, state, started_ms, ended_ms, member_id, created_ms)"
         " select pick % (40 * $n) + 1, iif(i % 2, 'approved', 'circulating'), $now - 50 * 86400000,"
         " iif(i % 2, $now - 30 * 86400000, null), 1, $now from r" },
    { 6, "insert into ringi_step (ringi_id, round, place, label, since_ms, done_ms, outcome)"
         " select i % (2 * $n) + 1, 1, i / (2 * $n) + 1, 'Buyer', $now - 50 * 86400000,"
         " $now - 40 * 86400000, 'stamped' from r" },
};

void fill_grown(const char *path, int touches)
{
    struct err e = { 0 };
    fill_team(path);
    struct db *db = db_open(path, DB_WRITE, &e);
    CHECK(db, &e);
    sqlite3 *s = db_handle(db);
    CHECK(db_exec(db, "pragma synchronous=off; pragma cache_size=-200000; begin;"
                      "update member set role = 'manager' where id = 1", &e), &e);
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        char sql[4096];
        sqlite3_stmt *q = NULL;
        (void)snprintf(sql, sizeof sql,
            "with recursive c (i) as (select 1 union all select i + 1 from c where i < $n * $rows),"
            " r (i, p, pick, m) as materialized (select i, (i - 1) %% $n + 1,"
            " (i * 2654435761 & 4294967295) >> 4,"
            " case (i - 1) %% $n %% 4 when 0 then 'JP' when 1 then 'KR' when 2 then 'AU' else 'SG' end"
            " from c where i <= $n * $rows) %s", tables[k].sql);
        if (sqlite3_prepare_v2(s, sql, -1, &q, NULL) != SQLITE_OK)
            die("grown: %s: %s", sqlite3_errmsg(s), tables[k].sql);
        int64_t now = clock_now_ms();
        sqlite3_bind_int64(q, sqlite3_bind_parameter_index(q, "$n"), touches / 2000);
        sqlite3_bind_int64(q, sqlite3_bind_parameter_index(q, "$rows"), tables[k].rows);
        sqlite3_bind_int64(q, sqlite3_bind_parameter_index(q, "$now"), now);
        sqlite3_bind_int64(q, sqlite3_bind_parameter_index(q, "$day"), now / DAY_MS);
        if (sqlite3_step(q) != SQLITE_DONE)
            die("grown: %s: %s", sqlite3_errmsg(s), tables[k].sql);
        sqlite3_finalize(q);
    }
    CHECK(db_exec(db, "commit", &e) && db_checkpoint(db, &e), &e);
    db_close(db);
}
