/* The second wall around what people typed. The first is that only a few statements ask
 * for it, each with its viewer; this one makes SQLite itself refuse every other statement
 * that would: it fails to be prepared. What opens the wall is one line below a statement's
 * name in sql/, `-- opens: note_text`. It stands in every connection that db_open makes, also in
 * those of the desk, of `export` and of the other programs. */
#ifndef STORE_WALL_H
#define STORE_WALL_H

#include <stdbool.h>

struct sqlite3;

/* Builds the wall in a connection for good. `*open` has the OPENS_ bits of the statement
 * that is being prepared, 0 for none; it is read each time and must outlive the
 * connection. False: SQLite took no wall. */
bool wall_build(struct sqlite3 *s, int *open);

#endif
