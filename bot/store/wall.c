#include "bot/store/wall.h"

#include <sqlite3.h>
#include <stddef.h>
#include "sql_table.h"

/* `column` NULL: all of the table. */
static const struct {
    const char *table, *column;
    int opens; /* the bit; 0: nothing does */
} walled[] = {
    { "note_text", "text", OPENS_NOTE_TEXT },
    { "inbox", "body", OPENS_INBOX },
    { "note_index", NULL, OPENS_NOTE_INDEX },
    { "sqlite_dbpage", NULL, 0 }, /* the file's raw pages */
};

static int may_prepare(void *ctx, int action, const char *table, const char *column,
    const char *schema, const char *trigger)
{
    const int *open = ctx;
    (void)schema;
    (void)trigger;
    /* Nothing leaves for another file, nor is seen through a table of another kind. */
    if (action == SQLITE_ATTACH || action == SQLITE_CREATE_VTABLE)
        return SQLITE_DENY;
    if (action != SQLITE_READ)
        return SQLITE_OK;
    for (size_t i = 0; i < sizeof walled / sizeof *walled; i++)
        if (!sqlite3_stricmp(table, walled[i].table) &&
            (!walled[i].column || !sqlite3_stricmp(column, walled[i].column)) &&
            !(*open & walled[i].opens))
            return SQLITE_DENY;
    return SQLITE_OK;
}

bool wall_build(sqlite3 *s, int *open)
{
    return sqlite3_set_authorizer(s, may_prepare, open) == SQLITE_OK;
}
