#include "bot/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool fail(struct err *e, enum err_code code, const char *key, const struct msg_arg *args,
    const char *why, ...)
{
    e->code = code;
    e->key = key;
    memset(e->args, 0, sizeof e->args);
    for (int i = 0; args && args[i].name && i < ERR_ARGS; i++)
        e->args[i] = args[i];
    va_list ap;
    va_start(ap, why);
    (void)vsnprintf(e->why, sizeof e->why, why, ap);
    va_end(ap);
    return false;
}

bool fail_in(struct err *e, const char *prefix)
{
    char old[sizeof e->why];
    memcpy(old, e->why, sizeof old);
    int n = snprintf(e->why, sizeof e->why, "%s: ", prefix);
    if (n > 0 && (size_t)n < sizeof e->why)
        (void)snprintf(e->why + n, sizeof e->why - (size_t)n, "%.*s",
            (int)(sizeof e->why - (size_t)n - 1), old);
    return false;
}

const char *err_name(enum err_code code)
{
    static const char *const names[] = {
#define X(name) #name,
        ERR_CODES(X)
#undef X
    };
    return code < ERR__MAX ? names[code] : "?";
}
