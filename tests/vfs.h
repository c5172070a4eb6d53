/* A shim between SQLite and the disk, for tests: remembers every write, so that the files can
 * be had as they were at any of them, and lets writes fail. One thread; installed once. */
#ifndef TESTS_VFS_H
#define TESTS_VFS_H

#include <stdbool.h>
#include <stdint.h>

/* SQLite's default from now on. */
void vfs_install(void);

/* Remembers from now on what is done to the store at `path` (its file and its log). What was
 * remembered before is forgotten. */
void vfs_record(const char *path);
void vfs_record_end(void);
/* Writes, truncations, syncs and deletions remembered so far. */
int vfs_points(void);

enum vfs_loss {
    VFS_KILLED,   /* the process ended: all that was written is there */
    VFS_UNSYNCED, /* the machine lost its power: nothing is there that was not synced */
    VFS_TORN,     /* the same, but any part of it may be, also half a write */
};
/* The files after the first `point` of them, as a store at `to`. `seed` draws what is torn. */
void vfs_restore(int point, enum vfs_loss loss, uint32_t seed, const char *to);

enum vfs_fault { VFS_FULL, VFS_BROKEN, VFS_SHORT, VFS_SYNC, VFS__FAULTS };
/* The write (or sync) number `at` from now, and the `length` - 1 behind it, fail. */
void vfs_fail(enum vfs_fault fault, int at, int length);
/* How many faults there were since; and how many writes and syncs could have failed. */
int vfs_failed(void);
int vfs_counted(void);

#endif
