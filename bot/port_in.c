/* `nemawashi import`: files of spreadsheets and CRMs into the store, beside a server that
 * serves it. Prints what each row comes to; core/import.h decides that. */
#include "bot/core/import.h"
#include "bot/port.h"
#include "bot/program.h"
#include "bot/text/ical.h"
#include "bot/text/charset.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    FILES_MAX = 64,
    BYTES_MAX = 256 * 1024 * 1024,
    SAID_MAX = 100,
    WARNED_MAX = 500,
    TENTHS = 10
};

struct file {
    const char *path, *name, *encoding;
    char *text;
    size_t n;
    int rank;
};
struct importing {
    struct config config;
    const char *as, *encoding;
    bool all;
    struct import_options options;
    struct file files[FILES_MAX];
    int n_files;
    const struct file *now;
    int64_t printed[IMPORT_REFUSED + 1];
    int tenth;
};

static const struct argp_option options[] = {
    { "as", 'a', "HANDLE", 0,
        "who imports, and who made the contacts that name no member", 0 },
    { "dry-run", 'n', NULL, 0, "say what would change, and change nothing", 0 },
    { "kind", 'k', "KIND", 0,
        "partners, customers, people, deals or touch_points, where the headers do not tell",
        0 },
    { "dates", 'd', "ORDER", 0,
        "ymd, dmy or mdy, where the days of a column can be read in several orders",
        0 },
    { "encoding", 'e', "NAME", 0,
        "UTF-8, UTF-16, Shift_JIS, EUC-JP, GB18030 …; otherwise the bytes tell", 0 },
    { "all", 'l', NULL, 0, "print a line for every row, also in long files", 0 },
    { 0 },
};

static volatile sig_atomic_t stop_asked;

static void on_signal(int number)
{
    (void)number;
    stop_asked = 1;
}

static bool stopped(void)
{
    return stop_asked != 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct importing *t = state->hook;
    switch (key) {
    case 'a':
        t->as = arg;
        return 0;
    case 'n':
        t->options.dry_run = true;
        return 0;
    case 'k':
        t->options.kind = arg;
        return 0;
    case 'd':
        t->options.dates = arg;
        return 0;
    case 'e':
        t->encoding = arg;
        return 0;
    case 'l':
        t->all = true;
        return 0;
    case ARGP_KEY_ARG:
        if (t->n_files == FILES_MAX)
            argp_error(state, "at most %d files at once", FILES_MAX);
        else
            t->files[t->n_files++].path = arg;
        return 0;
    case ARGP_KEY_END:
        if (!t->n_files)
            argp_error(state, "which file? write: nemawashi import FILE.csv");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* Reading. */

static bool read_bytes(const char *path, char **bytes, size_t *n, struct err *e)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fstat(fd, &st) == 0;
    *n = 0;
    *bytes = NULL;
    if (!ok) {
        (void)fail(e, ERR_NOT_FOUND, NULL, NULL, "can't read '%.150s': %s", path,
            strerror(errno));
    } else if (!S_ISREG(st.st_mode) || st.st_size > BYTES_MAX) {
        ok = fail(e, ERR_LIMIT, NULL, NULL,
            "'%.150s' is no file of at most 256 MB; divide it", path);
    } else {
        *bytes = xmalloc((size_t)st.st_size + 1);
        ssize_t got = 1;
        while (*n < (size_t)st.st_size &&
               (got = read(fd, *bytes + *n, (size_t)st.st_size - *n)) > 0)
            *n += (size_t)got;
        ok = got >= 0 || fail(e, ERR_REMOTE, NULL, NULL, "can't read '%.150s': %s",
                             path, strerror(errno));
    }
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

static bool read_file(struct importing *t, struct file *f, struct err *e)
{
    char *bytes;
    size_t n;
    const char *slash = strrchr(f->path, '/');
    f->name = slash ? slash + 1 : f->path;
    bool ok = read_bytes(f->path, &bytes, &n, e);
    if (ok && n > 3 && !memcmp(bytes, "PK\3\4", 4))
        ok = fail(e, ERR_USAGE, NULL, NULL,
            "'%.150s' is a workbook; save its sheet as CSV first", f->path);
    f->text = ok ? charset_decode(bytes, n, t->encoding, &f->n, &f->encoding, e) : NULL;
    free(bytes);
    if (ok && !f->text)
        (void)fail_in(e, f->name);
    return f->text != NULL;
}

static int by_rank(const void *a, const void *b)
{
    const struct file *x = a, *y = b;
    return x->rank != y->rank ? x->rank - y->rank : x < y ? -1 : 1;
}

/* Those first that others name: partners before their people. */
static bool read_all(struct importing *t, struct err *e)
{
    for (int i = 0; i < t->n_files; i++) {
        struct file *f = &t->files[i];
        if (!read_file(t, f, e))
            return false;
        f->rank = import_rank(&t->options, f->name, f->text, f->n);
    }
    qsort(t->files, (size_t)t->n_files, sizeof *t->files, by_rank);
    return true;
}

/* Telling. */

static void on_report(void *ctx, enum import_tone tone, int64_t row, const char *text)
{
    static const char *const words[] = { "", "warning: ", "refused: " };
    struct importing *t = ctx;
    int64_t most = t->all ? INT64_MAX : tone == IMPORT_SAID ? SAID_MAX : WARNED_MAX;
    if (++t->printed[tone] > most)
        return;
    if (row)
        (void)printf(
            "%s row %lld: %s%s\n", t->now->name, (long long)row, words[tone], text);
    else
        (void)printf("%s: %s%s\n", t->now->name, words[tone], text);
}

static void on_progress(void *ctx, const char *doing, size_t done, size_t all)
{
    struct importing *t = ctx;
    int tenth = all ? (int)(done * TENTHS / all) : TENTHS;
    if (tenth == t->tenth)
        return;
    t->tenth = tenth;
    (void)fprintf(stderr, "%s: %s %d %%\n", t->now->name, doing, tenth * 100 / TENTHS);
}

static void tell_rest(const struct importing *t)
{
    static const char *const words[] = { "rows that are new or change", "warnings",
        "refused rows" };
    for (int tone = IMPORT_SAID; tone <= IMPORT_REFUSED; tone++) {
        int64_t most = tone == IMPORT_SAID ? SAID_MAX : WARNED_MAX;
        if (!t->all && t->printed[tone] > most)
            (void)printf("%s: and %lld more lines about %s; --all prints them\n",
                t->now->name, (long long)(t->printed[tone] - most), words[tone]);
    }
}

static bool import_one(
    struct importing *t, struct db *db, struct file *f, struct err *e)
{
    struct import_result r;
    if (ical_begins(f->text))
        return port_calendar(&t->config, db, t->options.words, t->options.member, f->name, f->text, t->options.dry_run, e);
    t->now = f;
    t->tenth = 0;
    memset(t->printed, 0, sizeof t->printed);
    bool large = f->n > (size_t)1024 * 1024 || isatty(STDERR_FILENO);
    t->options.progress = large ? on_progress : NULL;
    bool ok = import_text(db, f->name, f->text, f->n, &t->options, &r, e);
    tell_rest(t);
    if (r.kind)
        (void)printf(
            "%s: %s, %s, %lld rows: %lld new, %lld changed, %lld as they were, %lld twice in the file, %lld refused%s\n",
            f->name, f->encoding, r.kind, (long long)r.rows, (long long)r.fresh,
            (long long)r.changed, (long long)r.same, (long long)r.doubled,
            (long long)r.refused,
            !ok                  ? "; nothing of it was taken"
            : t->options.dry_run ? "; nothing was written (--dry-run)"
                                 : "");
    return ok || fail_in(e, f->name);
}

static bool find_member(struct importing *t, struct db *db, struct err *e)
{
    struct member m;
    struct arena *mem = &t->config.mem;
    char *handle = t->as ? program_handle(mem, t->as, e) : NULL;
    if (!t->as)
        return true;
    if (!handle)
        return false;
    if (!member_by_handle(db, mem, handle, &m, e))
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, NULL, NULL,
                                          "no member '%s'; --as takes one of: %.150s",
                                          handle, program_handles(db, mem, e));
    t->options.member = m.id;
    return true;
}

static bool import_all(struct importing *t, struct db *db, struct err *e)
{
    if (!find_member(t, db, e) || !read_all(t, e))
        return false;
    if (!t->options.dry_run && !import_recover(db, e))
        return false;
    for (int i = 0; i < t->n_files; i++)
        if (!import_one(t, db, &t->files[i], e))
            return false;
    return true;
}

static bool run(struct importing *t, struct err *e)
{
    const struct sigaction act = { .sa_handler = on_signal };
    (void)sigaction(SIGINT, &act, NULL);
    (void)sigaction(SIGTERM, &act, NULL);
    struct catalogue *words = program_words(&t->config, e);
    struct db *probe =
        words ? db_open(t->config.value[SET_DB], DB_READ, e) : NULL; /* makes none */
    int lock = probe && !t->options.dry_run ? program_lock_imports(t->config.value[SET_DB], e) : -1;
    bool write = lock >= 0;
    struct db *db = write ? db_open(t->config.value[SET_DB], DB_WRITE, e) : NULL;
    t->options.words = words;
    t->options.zone = t->config.value[SET_ZONE];
    t->options.report = on_report;
    t->options.stopped = stopped;
    t->options.ctx = t;
    bool ok = probe && (write ? db && db_share(db, false, e) && import_all(t, db, e)
                              : t->options.dry_run && import_all(t, probe, e));
    db_close(db);
    db_close(probe);
    if (lock >= 0)
        (void)close(lock);
    for (int i = 0; i < t->n_files; i++)
        free(t->files[i].text);
    catalogue_close(words);
    return ok;
}

int import_program(int argc, char **argv)
{
    static struct importing t;
    struct err e = { 0 };
    const struct config_args args = { .synopsis = "FILE...",
        .settings = TAKES_DB | TAKES_ZONE | TAKES_LOCALE,
        .options = options,
        .parse = parse,
        .own = &t,
        .about =
            "Takes partners, customers, people, deals and touch points from CSV files as spreadsheets and "
            "CRMs write them, and planned meetings of --as from calendars (.ics), also while the store is "
            "served. All of a file is taken or nothing; the same file twice changes nothing. Start with "
            "--dry-run.\v"
            "Headers may be Japanese or English (会社名, 氏名, 案件名, Account Name, Close Date …) or ours "
            "(nemawashi print columns). A record is found by our id, by an id of the other system, or by its "
            "name within its firm; an empty cell changes nothing.\n"
            "Example: nemawashi import 案件一覧.csv --dry-run --as kenji" };
    bool ok = config_read(&t.config, &args, argc, argv, &e) && run(&t, &e);
    config_finish(&t.config);
    return ok ? 0 : program_failed(&e);
}
