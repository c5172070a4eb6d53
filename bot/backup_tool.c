/* `nemawashi backup` and `nemawashi restore`: the store as one file, taken beside a server,
 * put back only without one. */
#include <stdio.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/program.h"
#include "bot/store/backup.h"
#include "bot/text/zone.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
    const char **file = state->hook;
    if (key == ARGP_KEY_ARG && !*file) {
        *file = arg;
        return 0;
    }
    if (key == ARGP_KEY_ARG)
        argp_error(state, "'%s' is one argument too many", arg);
    if (key == ARGP_KEY_END && !*file)
        argp_error(state, "name the file");
    return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
}

/* Somebody at a terminal sees how far it is. */
static void on_progress(void *ctx, int percent)
{
    (void)ctx;
    if (isatty(STDERR_FILENO))
        (void)fprintf(stderr, percent < 100 ? "\r%d %%" : "\r%d %%, checking\n", percent);
}

static const struct backup_watch watch = { .progress = on_progress };

static bool run_backup(struct config *c, const char *file, struct err *e)
{
    if (!backup_make(c->value[SET_DB], file, &watch, e))
        return false;
    (void)printf("%s: copied and checked\n", file);
    return true;
}

static bool restore_alone(struct config *c, const char *file, struct err *e)
{
    const char *db = c->value[SET_DB];
    struct civil at = civil_of(clock_now_ms(), c->value[SET_ZONE]);
    char *kept = arena_printf(&c->mem, "%s-before-%04d%02d%02d-%02d%02d%02d", db, at.year, at.month, at.day,
        at.hour, at.minute, at.second);
    bool replaced;
    if (!backup_restore(db, file, kept, &replaced, &watch, e))
        return false;
    (void)printf("%s: checked and restored as %s\n", file, db);
    if (replaced)
        (void)printf("the store before is kept as %s\n", kept);
    return true;
}

/* Neither a server nor an import may begin meanwhile. */
static bool run_restore(struct config *c, const char *file, struct err *e)
{
    const char *db = c->value[SET_DB];
    int server = program_lock(db, e), imports = server < 0 ? -1 : program_lock_imports(db, e);
    bool ok = imports >= 0 && restore_alone(c, file, e);
    if (imports >= 0)
        (void)close(imports);
    if (server >= 0)
        (void)close(server);
    return ok;
}

static int run(int argc, char **argv, struct config_args args, bool (*tool)(struct config *c, const char *file, struct err *e))
{
    struct config c;
    struct err e = { 0 };
    const char *file = NULL;
    args.synopsis = "FILE";
    args.parse = parse;
    args.own = &file;
    bool ok = config_read(&c, &args, argc, argv, &e) && tool(&c, file, &e);
    config_finish(&c);
    return ok ? 0 : program_failed(&e);
}

int backup_program(int argc, char **argv)
{
    return run(argc, argv,
        (struct config_args){ .settings = TAKES_DB,
            .about = "Copies the store to the new file FILE, also while it is served, and checks the copy: "
                     "one moment, everything in it, also what is off the record. Only its owner can "
                     "read it. `nemawashi restore FILE` puts it back." },
        run_backup);
}

int restore_program(int argc, char **argv)
{
    return run(argc, argv,
        (struct config_args){ .settings = TAKES_DB | TAKES_ZONE,
            .about = "Checks the backup FILE and puts a copy of it in the place of the store, while nothing "
                     "serves it. The store that was there is kept beside it under a name with the time." },
        run_restore);
}
