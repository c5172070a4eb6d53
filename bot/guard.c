#include "bot/guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 4096 };

/* LeakSanitizer looks into its own process from outside, which is just what this forbids. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { WATCHED = 1 };
#else
enum { WATCHED = 0 };
#endif

void guard_process(void)
{
    const struct rlimit none = { 0, 0 };
    (void)umask(077);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    /* The limit does not hold where cores go into a pipe (systemd-coredump, apport). */
    if (!WATCHED)
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* systemd hands a service what LoadCredential= names in a folder that no one else enters; a
 * group's right to read there is the mask of the service's own. */
static bool is_credential(const char *path)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t n = folder ? strlen(folder) : 0;
    return n && !strncmp(path, folder, n) && path[n] == '/' && !strstr(path + n, "/..");
}

static bool is_private(FILE *f, const char *path, const char *what, struct err *e)
{
    struct stat st;
    mode_t others = is_credential(path) ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if (fstat(fileno(f), &st) != 0)
        return fail(e, ERR_USAGE, NULL, NULL, "%s '%.100s': %s", what, path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fail(e, ERR_USAGE, NULL, NULL, "%s '%.100s' is no file; name one that holds the secret", what, path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return fail(e, ERR_USAGE, NULL, NULL, "%s: the file belongs to another user; run: chown %u '%.100s'", what,
            (unsigned)geteuid(), path);
    if (st.st_mode & others)
        return fail(e, ERR_USAGE, NULL, NULL, "%s: others may read the file; run: chmod 600 '%.110s'", what, path);
    return true;
}

FILE *guard_open(const char *path, const char *what, bool secret, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f) {
        (void)fail(e, ERR_USAGE, NULL, NULL, "%s '%.100s': %s; name a readable file or none", what, path, strerror(errno));
    } else if (secret && !is_private(f, path, what, e)) {
        (void)fclose(f);
        f = NULL;
    }
    return f;
}

char *guard_read_secret(struct arena *mem, const char *path, const char *what, struct err *e)
{
    char text[SECRET_MAX + 2];
    FILE *f = guard_open(path, what, true, e);
    if (!f)
        return NULL;
    (void)setvbuf(f, NULL, _IONBF, 0); /* no copy of it in a buffer */
    size_t n = fread(text, 1, sizeof text - 1, f), end = n;
    (void)fclose(f);
    while (end && strchr(" \t\r\n", text[end - 1]))
        end--;
    char *secret = NULL;
    if (!end || n > SECRET_MAX || memchr(text, '\n', end) || memchr(text, '\0', end))
        (void)fail(e, ERR_USAGE, NULL, NULL, "%s '%.100s' must hold the secret on one line and nothing else", what, path);
    else
        secret = arena_strndup(mem, text, end);
    explicit_bzero(text, sizeof text);
    return secret;
}

void guard_hide(const char *variable)
{
    char *value = getenv(variable);
    if (!value)
        return;
    explicit_bzero(value, strlen(value));
    (void)unsetenv(variable);
}
