#include "bot/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include "bot/base/clock.h"
#include "bot/store/sessions.h"
#include "bot/text/calendar.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

enum { HANDLE_MAX = 64 };

int program_failed(const struct err *e)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "nemawashi: %s\n", e->why);
    return 1;
}

struct catalogue *program_words(struct config *c, struct err *e)
{
    const char *folder = config_locales(c, e);
    struct catalogue *words = folder ? catalogue_open(folder, e) : NULL;
    if (!words || catalogue_has_locale(words, c->value[SET_LOCALE]))
        return words;
    struct buf list = BUF_ON(&c->mem);
    for (int i = 0; i < catalogue_locales(words); i++)
        buf_join(&list, ", ", catalogue_locale(words, i));
    (void)fail(e, ERR_USAGE, NULL, NULL, "setting locale from the %s: '%.40s' is not shipped; there are %.100s",
        setting_from_name(c->from[SET_LOCALE]), c->value[SET_LOCALE], buf_str(&list));
    catalogue_close(words);
    return NULL;
}

char *program_handle(struct arena *mem, const char *typed, struct err *e)
{
    size_t where;
    bool ok = *typed && utf8_valid(typed, strlen(typed), &where);
    struct folded f = ok ? fold_text(mem, typed, strlen(typed)) : (struct folded){ 0 };
    ok = ok && f.n && f.n <= HANDLE_MAX && f.s[0] != '-';
    for (size_t i = 0; ok && i < f.n;) {
        uint32_t code = utf8_next(f.s, f.n, &i);
        enum script script = utf8_script(code);
        ok = code == '-' || (script != SCRIPT_SPACE && script != SCRIPT_PUNCT);
    }
    if (ok)
        return f.s;
    (void)fail(e, ERR_USAGE, NULL, NULL,
        "'%.80s' can't be a handle; use letters, digits and '-', at most %d bytes", typed, HANDLE_MAX);
    return NULL;
}

int64_t program_first_member(struct db *db, struct config *c, const char *handle, struct err *e)
{
    struct member m = { .handle = handle, .name = handle, .role = "admin",
        .roles = ROLE_ADMIN | ROLE_MANAGER | ROLE_REP, .market = market_of_zone(c->value[SET_ZONE]),
        .zone = c->value[SET_ZONE], .locale = c->value[SET_LOCALE], .team = "", .source = "typed" };
    if (!db_begin(db, e))
        return 0;
    int64_t id = member_add(db, &m, clock_now_ms(), e);
    if (id && db_commit(db, e))
        return id;
    db_rollback(db);
    return 0;
}

char *program_handles(struct db *db, struct arena *mem, struct err *e)
{
    struct buf b = BUF_ON(mem);
    int n;
    struct member *all = member_list(db, mem, &n, e);
    for (int i = 0; i < n; i++)
        buf_join(&b, ", ", all[i].handle);
    return arena_strdup(mem, n ? buf_str(&b) : "nobody yet");
}

char *program_login_link(struct db *db, struct arena *mem, int64_t member, const char *url,
    struct err *e)
{
    char secret[SESSION_SECRET];
    if (!login_token_add(db, member, clock_now_ms(), secret, e))
        return NULL;
    /* Behind the #, so that it is in no log of a proxy. */
    return arena_printf(mem, "%s/login#%s", url, secret);
}

static char *lock_name(struct arena *mem, const char *db_path)
{
    return arena_printf(mem, "%s-lock", db_path);
}

static struct lock_holder read_holder(int fd)
{
    struct lock_holder h = { 0 };
    char text[sizeof h.url + 32];
    ssize_t n = pread(fd, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = '\0';
    char *end;
    h.pid = strtol(text, &end, 10);
    if (*end == '\n')
        (void)snprintf(h.url, sizeof h.url, "%.*s", (int)strcspn(end + 1, "\n"), end + 1);
    return h;
}

int program_lock(const char *db_path, struct err *e)
{
    struct arena mem = ARENA_INIT;
    char *name = lock_name(&mem, db_path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void)fail(e, ERR_REMOTE, NULL, NULL,
            "can't write '%.120s': %s; check that the folder exists and is writable, or choose another with --db",
            name, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)fail(e, ERR_CONFLICT, NULL, NULL,
            "'%.120s' is served already by process %ld; stop that one, or choose another store with --db",
            db_path, read_holder(fd).pid);
        (void)close(fd);
        fd = -1;
    }
    arena_finish(&mem);
    return fd < 0 || program_lock_tell(fd, "", e) ? fd : -1;
}

int program_lock_imports(const char *db_path, struct err *e)
{
    struct arena mem = ARENA_INIT;
    char *name = arena_printf(&mem, "%s-import-lock", db_path);
    int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        (void)fail(e, ERR_REMOTE, NULL, NULL, "can't write '%.120s': %s; make its folder writable", name,
            strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        (void)fail(e, ERR_CONFLICT, NULL, NULL, "another import is running; wait until it has ended");
        (void)close(fd);
        fd = -1;
    }
    arena_finish(&mem);
    return fd;
}

bool program_lock_tell(int fd, const char *url, struct err *e)
{
    if (ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0 &&
        dprintf(fd, "%ld\n%s\n", (long)getpid(), url) > 0)
        return true;
    return fail(e, ERR_REMOTE, NULL, NULL, "can't write the lock: %s", strerror(errno));
}

struct lock_holder program_lock_holder(const char *db_path)
{
    struct arena mem = ARENA_INIT;
    struct lock_holder h = { 0 };
    int fd = open(lock_name(&mem, db_path), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (flock(fd, LOCK_SH | LOCK_NB) != 0)
            h = read_holder(fd);
        (void)close(fd);
    }
    arena_finish(&mem);
    return h;
}
