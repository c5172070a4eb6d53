/* One line of logfmt a message on standard error, with journald's priority prefix.
 * Never what a person typed: callers log ids, sizes and keys. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "bot/base/err.h"

void log_info(const char *fmt, ...) PRINTF(1, 2);
void log_warn(const char *fmt, ...) PRINTF(1, 2);
void log_error(const char *fmt, ...) PRINTF(1, 2);
void log_err(const char *doing, const struct err *e);
void log_quiet(bool quiet); /* drops info lines: the console is for the conversation */

#endif
