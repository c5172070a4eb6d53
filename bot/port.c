/* `nemawashi export`: every record as CSV, a file a kind, of one moment. Each file is
 * written under another name and renamed when all are whole, so that a folder never holds
 * half an export. */
#include "bot/core/export.h"
#include "bot/program.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct exported {
    struct config config;
    const char *dir, *as;
    struct db *db;
    struct export_reader reader;
};

static const struct argp_option options[] = {
    { "as", 'a', "HANDLE", 0,
        "who reads: with notes for managers and for a deal's team that this member may read",
        0 },
    { 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct exported *x = state->hook;
    if (key == 'a')
        x->as = arg;
    else if (key == ARGP_KEY_ARG && !x->dir)
        x->dir = arg;
    else if (key == ARGP_KEY_ARG)
        argp_error(state, "'%s' is one folder too many", arg);
    else if (key == ARGP_KEY_END && !x->dir)
        argp_error(state, "into which folder? write: nemawashi export FOLDER");
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

/* The member may read what the team reads; without one only what is for all goes out. */
static bool find_reader(struct exported *x, struct err *e)
{
    struct arena *mem = &x->config.mem;
    struct member m;
    x->reader.zone = x->config.value[SET_ZONE];
    if (!x->as)
        return true;
    char *handle = program_handle(mem, x->as, e);
    if (!handle)
        return false;
    if (!member_by_handle(x->db, mem, handle, &m, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, NULL, NULL,
                                          "no member '%s'; --as takes one of: %.150s",
                                          handle, program_handles(x->db, mem, e));
    if (!(m.roles & ROLE_TEAM))
        return fail(e, ERR_FORBIDDEN, NULL, NULL,
            "'%s' is a partner's user, and exports hold everybody's records; name a member of the team",
            handle);
    x->reader.viewer = m.id;
    return true;
}

struct file {
    FILE *to;
    const char *name;
    int64_t lines;
};

static bool take_line(void *ctx, const char *line, size_t n, struct err *e)
{
    struct file *f = ctx;
    f->lines++;
    return fwrite(line, 1, n, f->to) == n ||
           fail(e, ERR_REMOTE, NULL, NULL,
               "can't write '%.120s': %s; free some disk space", f->name,
               strerror(errno));
}

static char *path_of(struct exported *x, const char *name, bool whole)
{
    return arena_printf(
        &x->config.mem, whole ? "%s/%s.csv" : "%s/.%s.csv.part", x->dir, name);
}

static bool write_file(
    struct exported *x, const struct record_kind *kind, int64_t *rows, struct err *e)
{
    struct file f = { .name = path_of(x, kind->name, false) };
    f.to = fopen(f.name, "wb");
    if (!f.to)
        return fail(e, ERR_REMOTE, NULL, NULL,
            "can't write '%.120s': %s; make the folder writable, or name another",
            f.name, strerror(errno));
    bool ok = export_rows(x->db, kind, &x->reader, take_line, &f, e);
    bool flushed = fflush(f.to) == 0 && fsync(fileno(f.to)) == 0;
    if (fclose(f.to) != 0 || !flushed)
        ok = ok && fail(e, ERR_REMOTE, NULL, NULL,
                       "can't write '%.120s': %s; free some disk space", f.name,
                       strerror(errno));
    *rows = f.lines - 1;
    return ok;
}

static bool make_folder(const char *dir, struct err *e)
{
    struct stat st;
    if (mkdir(dir, 0700) == 0 ||
        (errno == EEXIST && stat(dir, &st) == 0 && S_ISDIR(st.st_mode)))
        return true;
    return fail(e, ERR_REMOTE, NULL, NULL,
        "can't make the folder '%.120s': %s; name another", dir, strerror(errno));
}

static bool rename_all(struct exported *x, struct err *e)
{
    for (const struct record_kind *k = record_kinds; k->name; k++)
        if (rename(path_of(x, k->name, false), path_of(x, k->name, true)) != 0)
            return fail(e, ERR_REMOTE, NULL, NULL, "can't write '%.120s': %s",
                path_of(x, k->name, true), strerror(errno));
    return true;
}

static bool run(struct exported *x, struct err *e)
{
    enum { KINDS_MAX = 64 };
    int64_t rows[KINDS_MAX] = { 0 };
    int n = 0;
    x->db = db_open(x->config.value[SET_DB], DB_READ, e);
    /* Sorting spills to the disk instead of filling memory. */
    bool ok = x->db && db_spill(x->db, e) && find_reader(x, e) &&
              make_folder(x->dir, e) && db_begin_read(x->db, e);
    for (const struct record_kind *k = record_kinds; ok && k->name; k++)
        ok = write_file(x, k, &rows[n++], e);
    ok = ok && rename_all(x, e);
    for (const struct record_kind *k = record_kinds; k->name; k++) {
        (void)unlink(path_of(x, k->name, false));
        if (ok)
            (void)printf("%8lld  %s\n", (long long)rows[k - record_kinds],
                path_of(x, k->name, true));
    }
    db_close(x->db);
    return ok;
}

int export_program(int argc, char **argv)
{
    struct exported x = { 0 };
    struct err e = { 0 };
    const struct config_args args = { .synopsis = "FOLDER",
        .settings = TAKES_DB | TAKES_ZONE,
        .options = options,
        .parse = parse,
        .own = &x,
        .about =
            "Writes every record into FOLDER, a CSV file a kind, all of one moment, also while "
            "the store is served. `nemawashi print columns` says what they hold.\v"
            "Words of notes are in it where everybody may read them, and with --as those for "
            "managers and deal teams which that member may read. What is off the record or for "
            "its author alone never leaves the store." };
    bool ok = config_read(&x.config, &args, argc, argv, &e) && run(&x, &e);
    config_finish(&x.config);
    return ok ? 0 : program_failed(&e);
}
