/* The desk: questions that may take longer, on a read-only connection of its own. */
#include <stdlib.h>
#include "bot/core/engine_private.h"

struct desk {
    struct db *db;
    struct own_days own_days;
};

struct desk *desk_create(const struct engine_config *config, struct err *e)
{
    struct db *db = db_open(config->db_path, DB_READ, e);
    if (!db)
        return NULL;
    struct desk *d = xcalloc(1, sizeof *d);
    d->db = db;
    return d;
}

void desk_destroy(struct desk *d)
{
    if (!d)
        return;
    own_days_finish(&d->own_days);
    db_close(d->db);
    free(d);
}

/* One read transaction: all statements of an answer see the same store. */
void desk_answer(struct desk *d, struct desk_job *job)
{
    job->call.db = d->db;
    job->ok = db_begin_read(d->db, &job->err);
    if (!job->ok)
        return;
    own_days_use(&d->own_days, d->db);
    job->ok = dispatch_run(&job->call, &job->err);
    db_rollback(d->db);
}
