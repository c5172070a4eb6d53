/* For tests that look at what people typed from outside: takes the second wall
 * (bot/store/wall.h) out of a connection. */
#ifndef TESTS_UNIT_WALL_DOWN_H
#define TESTS_UNIT_WALL_DOWN_H

#include <sqlite3.h>
#include "bot/store/db.h"

static inline void wall_down(struct db *db)
{
    (void)sqlite3_set_authorizer(db_handle(db), NULL, NULL);
}

#endif
