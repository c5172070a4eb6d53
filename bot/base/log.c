#include "bot/base/log.h"

#include <stdarg.h>
#include <stdio.h>

static bool quiet;

void log_quiet(bool on)
{
    quiet = on;
}

/* One write a line, so that lines of several threads don't mix. */
static void emit(int priority, const char *level, const char *fmt, va_list ap)
{
    char line[1024];
    int n = snprintf(line, sizeof line, "<%d>level=%s msg=\"", priority, level);
    int m = vsnprintf(line + n, sizeof line - (size_t)n - 3, fmt, ap);
    size_t len = (size_t)n + (m < 0 ? 0 : (size_t)m);
    if (len > sizeof line - 4)
        len = sizeof line - 4;
    for (size_t i = (size_t)n; i < len; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f || line[i] == '"')
            line[i] = '\''; /* also what would move a terminal's cursor */
    line[len++] = '"';
    line[len++] = '\n';
    (void)fwrite(line, 1, len, stderr);
}

#define LOGGER(name, priority, level, unless)                                          \
    void name(const char *fmt, ...)                                                    \
    {                                                                                  \
        if (unless)                                                                    \
            return;                                                                    \
        va_list ap;                                                                    \
        va_start(ap, fmt);                                                             \
        emit(priority, level, fmt, ap);                                                \
        va_end(ap);                                                                    \
    }

LOGGER(log_info, 6, "info", quiet)
LOGGER(log_warn, 4, "warn", false)
LOGGER(log_error, 3, "error", false)

void log_err(const char *doing, const struct err *e)
{
    log_error("%s: %s: %s", doing, err_name(e->code), e->why);
}
