#include "tests/vfs.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/arena.h"

enum { FILES = 2, SECTOR = 512 };
enum op_kind { OP_WRITE, OP_TRUNCATE, OP_SYNC, OP_DELETE };
static const char *const ends[FILES] = { "", "-wal" };

struct op {
    enum op_kind kind;
    int file;
    int64_t at;
    size_t n;
    unsigned char *data;
};

/* A file as it is at some point. */
struct image {
    unsigned char *data;
    size_t n, cap;
    bool there;
};

struct file {
    sqlite3_file base;
    int file; /* -1: not one that is remembered */
    sqlite3_file real[];
};

static sqlite3_vfs shim, *under;
static sqlite3_io_methods methods;
static char *recorded;
static struct image first[FILES];
static struct op *ops;
static int n_ops, cap_ops;
static enum vfs_fault fault;
static int fail_from, fail_until, counted, failed;

static sqlite3_file *real_of(sqlite3_file *f)
{
    return ((struct file *)f)->real;
}

static void remember(int file, enum op_kind kind, int64_t at, const void *data, size_t n)
{
    if (file < 0 || !recorded)
        return;
    if (n_ops == cap_ops)
        ops = xrealloc(ops, (size_t)(cap_ops = cap_ops ? cap_ops * 2 : 1024) * sizeof *ops);
    struct op *op = &ops[n_ops++];
    *op = (struct op){ .kind = kind, .file = file, .at = at, .n = n };
    if (data) {
        op->data = xrealloc(NULL, n ? n : 1);
        memcpy(op->data, data, n);
    }
}

/* Is it the turn of this one to fail? */
static bool fails(bool sync)
{
    if ((fault == VFS_SYNC) != sync)
        return false;
    int at = ++counted;
    bool now = at >= fail_from && at < fail_until;
    failed += now;
    return now;
}

static int on_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at)
{
    struct file *file = (struct file *)f;
    if (fails(false)) {
        if (fault == VFS_SHORT) {
            (void)real_of(f)->pMethods->xWrite(real_of(f), data, n / 2, at);
            remember(file->file, OP_WRITE, at, data, (size_t)n / 2);
        }
        return fault == VFS_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    int rc = real_of(f)->pMethods->xWrite(real_of(f), data, n, at);
    if (rc == SQLITE_OK)
        remember(file->file, OP_WRITE, at, data, (size_t)n);
    return rc;
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    int rc = real_of(f)->pMethods->xTruncate(real_of(f), n);
    if (rc == SQLITE_OK)
        remember(((struct file *)f)->file, OP_TRUNCATE, n, NULL, 0);
    return rc;
}

static int on_sync(sqlite3_file *f, int flags)
{
    if (fails(true))
        return SQLITE_IOERR_FSYNC;
    int rc = real_of(f)->pMethods->xSync(real_of(f), flags);
    if (rc == SQLITE_OK)
        remember(((struct file *)f)->file, OP_SYNC, 0, NULL, 0);
    return rc;
}

static int on_close(sqlite3_file *f)
{
    return real_of(f)->pMethods ? real_of(f)->pMethods->xClose(real_of(f)) : SQLITE_OK;
}

/* What is handed on as it is. */
#define PASS(name, params, args)                          \
    static int pass_##name params                         \
    {                                                     \
        return real_of(f)->pMethods->name args;           \
    }
PASS(xRead, (sqlite3_file *f, void *to, int n, sqlite3_int64 at), (real_of(f), to, n, at))
PASS(xFileSize, (sqlite3_file *f, sqlite3_int64 *n), (real_of(f), n))
PASS(xLock, (sqlite3_file *f, int how), (real_of(f), how))
PASS(xUnlock, (sqlite3_file *f, int how), (real_of(f), how))
PASS(xCheckReservedLock, (sqlite3_file *f, int *out), (real_of(f), out))
PASS(xFileControl, (sqlite3_file *f, int op, void *arg), (real_of(f), op, arg))
PASS(xSectorSize, (sqlite3_file *f), (real_of(f)))
PASS(xDeviceCharacteristics, (sqlite3_file *f), (real_of(f)))
PASS(xShmMap, (sqlite3_file *f, int page, int n, int extend, void volatile **at), (real_of(f), page, n, extend, at))
PASS(xShmLock, (sqlite3_file *f, int at, int n, int flags), (real_of(f), at, n, flags))
PASS(xShmUnmap, (sqlite3_file *f, int delete), (real_of(f), delete))

static void pass_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int file_of(const char *name)
{
    size_t n = recorded && name ? strlen(recorded) : 0;
    for (int i = 0; n && i < FILES; i++)
        if (!strncmp(name, recorded, n) && !strcmp(name + n, ends[i]))
            return i;
    return -1;
}

static int on_open(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *out)
{
    struct file *file = (struct file *)f;
    (void)v;
    *file = (struct file){ .file = file_of(name) };
    int rc = under->xOpen(under, name, file->real, flags, out);
    if (rc == SQLITE_OK)
        file->base.pMethods = &methods;
    return rc;
}

static int on_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
    (void)v;
    int rc = under->xDelete(under, name, sync_folder);
    if (rc == SQLITE_OK)
        remember(file_of(name), OP_DELETE, 0, NULL, 0);
    return rc;
}

void vfs_install(void)
{
    under = sqlite3_vfs_find(NULL);
    shim = *under;
    shim.zName = "shim";
    shim.szOsFile = (int)sizeof(struct file) + under->szOsFile;
    shim.xOpen = on_open;
    shim.xDelete = on_delete;
    methods = (sqlite3_io_methods){ .iVersion = 2, .xClose = on_close, .xRead = pass_xRead,
        .xWrite = on_write, .xTruncate = on_truncate, .xSync = on_sync, .xFileSize = pass_xFileSize,
        .xLock = pass_xLock, .xUnlock = pass_xUnlock, .xCheckReservedLock = pass_xCheckReservedLock,
        .xFileControl = pass_xFileControl, .xSectorSize = pass_xSectorSize,
        .xDeviceCharacteristics = pass_xDeviceCharacteristics, .xShmMap = pass_xShmMap,
        .xShmLock = pass_xShmLock, .xShmBarrier = pass_barrier, .xShmUnmap = pass_xShmUnmap };
    sqlite3_vfs_register(&shim, 1);
}

/* Files as they were. */

static void grow(struct image *m, size_t n)
{
    if (n > m->cap)
        m->data = xrealloc(m->data, m->cap = n * 2);
    if (n > m->n) {
        memset(m->data + m->n, 0, n - m->n);
        m->n = n;
    }
}

static void put(struct image *m, int64_t at, const unsigned char *data, size_t n)
{
    grow(m, (size_t)at + n);
    if (n && m->data)
        memcpy(m->data + at, data, n);
    m->there = true;
}

static void load(struct image *m, const char *path)
{
    unsigned char part[65536];
    size_t n;
    FILE *f = fopen(path, "rb");
    m->n = 0;
    m->there = f != NULL;
    while (f && (n = fread(part, 1, sizeof part, f)) > 0)
        put(m, (int64_t)m->n, part, n);
    if (f)
        (void)fclose(f);
}

void vfs_record(const char *path)
{
    for (int i = 0; i < n_ops; i++)
        free(ops[i].data);
    n_ops = 0;
    free(recorded);
    recorded = xstrdup(path);
    for (int i = 0; i < FILES; i++) {
        char name[256];
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        load(&first[i], name);
    }
}

void vfs_record_end(void)
{
    free(recorded);
    recorded = NULL;
}

int vfs_points(void)
{
    return n_ops;
}

static uint32_t draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    return *state ^= *state << 5;
}

/* Of what was not synced each write is there, or half of it, or not; truncations and
 * deletions may be too. */
static void apply(struct image *m, const struct op *op, enum vfs_loss loss, bool synced, uint32_t *state)
{
    bool sure = synced || loss == VFS_KILLED;
    uint32_t drawn = loss == VFS_TORN && !sure ? draw(state) % 3 : 0;
    if (!sure && !drawn)
        return;
    if (op->kind == OP_WRITE)
        put(m, op->at, op->data, drawn == 1 ? op->n / 2 / SECTOR * SECTOR : op->n);
    else if (op->kind == OP_TRUNCATE && (size_t)op->at < m->n)
        m->n = (size_t)op->at;
    else if (op->kind == OP_DELETE)
        *m = (struct image){ .data = m->data, .cap = m->cap };
}

void vfs_restore(int point, enum vfs_loss loss, uint32_t seed, const char *to)
{
    uint32_t state = seed * 2654435761U + 1;
    for (int file = 0; file < FILES; file++) {
        struct image m = { .there = first[file].there };
        if (first[file].n)
            put(&m, 0, first[file].data, first[file].n);
        int synced = 0;
        for (int i = 0; i < point; i++)
            if (ops[i].file == file && ops[i].kind == OP_SYNC)
                synced = i;
        for (int i = 0; i < point; i++)
            if (ops[i].file == file)
                apply(&m, &ops[i], loss, i < synced, &state);
        char name[256];
        (void)snprintf(name, sizeof name, "%s%s", to, ends[file]);
        (void)unlink(name);
        FILE *f = m.there ? fopen(name, "wb") : NULL;
        if (f) {
            (void)fwrite(m.data, 1, m.n, f);
            (void)fclose(f);
        }
        free(m.data);
    }
    char shm[256];
    (void)snprintf(shm, sizeof shm, "%s-shm", to);
    (void)unlink(shm);
}

void vfs_fail(enum vfs_fault kind, int at, int length)
{
    fault = kind;
    counted = failed = 0;
    fail_from = at;
    fail_until = at + length;
}

int vfs_failed(void)
{
    return failed;
}

int vfs_counted(void)
{
    return counted;
}
