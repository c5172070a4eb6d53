/* What keeps secrets inside the process: no core dump, nothing that another process of the
 * same user could look into, files that are the owner's alone, an environment that has
 * forgotten them. */
#ifndef GUARD_H
#define GUARD_H

#include <stdio.h>
#include "bot/base/arena.h"

/* First of all: files are the owner's alone, no core, no new rights by a program that would
 * be started. */
void guard_process(void);

/* Opens a file that may hold secrets. NULL: it can't be read, or (`secret`) somebody else can
 * read it, or owns it; `why` says how to mend it. `what` names the setting. */
FILE *guard_open(const char *path, const char *what, bool secret, struct err *e);
/* The one line of such a file. NULL: `why`, which never shows it. */
char *guard_read_secret(struct arena *mem, const char *path, const char *what, struct err *e);

/* The value is overwritten where the system shows it (/proc/PID/environ), and gone. */
void guard_hide(const char *variable);

#endif
