/* Whole stores as files: copied while they are in use, checked, put back. Opens connections
 * of its own and so belongs to no thread; knows none of the statements of sql/. */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "bot/base/err.h"

/* Who looks on while it takes long; NULL, or NULL members: nobody. */
struct backup_watch {
    void (*progress)(void *ctx, int percent); /* of the copy; grows to 100 */
    bool (*stop)(void *ctx);                  /* true: give up with ERR_BUSY, leaving nothing */
    void *ctx;
};

/* Is the file one of our stores and undamaged? Beside the size of rows `whole` compares each
 * index with its table. Of a damaged one the error's key is store.damaged. */
bool backup_check(const char *path, bool whole, const struct backup_watch *watch,
    struct err *e) MUST_CHECK;
/* One moment of the store, as a new file that its owner alone can read: written under another
 * name, checked whole, on the disk and then named `to`. ERR_CONFLICT: it exists; ERR_LIMIT:
 * there would be too little room left on the disk. */
bool backup_make(const char *store, const char *to, const struct backup_watch *watch,
    struct err *e) MUST_CHECK;
/* Puts a checked copy of `from` in the place of `store`, which stays as `kept` (`*replaced`
 * false: there was none). At each instant the place holds one or the other. The caller
 * holds the locks of `serve` and of imports; ERR_BUSY: another program has the store open. */
bool backup_restore(const char *store, const char *from, const char *kept, bool *replaced,
    const struct backup_watch *watch, struct err *e) MUST_CHECK;
/* Brings a store of an older format here, after a copy of it was made beside it (`<store>-format-N`);
 * does nothing to a current one or where there is none. For who holds the lock of `serve`. */
bool backup_upgrade(const char *store, struct err *e) MUST_CHECK;

#endif
