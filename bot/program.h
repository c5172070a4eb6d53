/* The programs behind the first argument, and what they share. Each is a function from
 * its arguments to the exit status. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include "bot/config.h"
#include "bot/store/members.h"
#include "bot/text/catalogue.h"

int serve_program(int argc, char **argv);  /* serve.c */
int relay_program(int argc, char **argv);  /* relay.c */
int line_program(int argc, char **argv);   /* line_tool.c */
int chat_program(int argc, char **argv);   /* chat.c */
int link_program(int argc, char **argv);   /* tools.c */
int member_program(int argc, char **argv);
int backup_program(int argc, char **argv);  /* backup_tool.c */
int restore_program(int argc, char **argv);
int export_program(int argc, char **argv); /* port.c */
int import_program(int argc, char **argv); /* port_in.c */
int doctor_program(int argc, char **argv);
int print_program(int argc, char **argv);

/* One line on standard error; the status to exit with. */
int program_failed(const struct err *e);
/* The catalogue; the setting `locale` is one of its languages. */
struct catalogue *program_words(struct config *c, struct err *e);
/* A handle as it is stored (NFKC, lower case; letters, digits, `-`), or NULL. */
char *program_handle(struct arena *mem, const char *typed, struct err *e);
/* The administrator of an empty store, who may also do what reps and managers may. The
 * id, 0 on error. */
int64_t program_first_member(struct db *db, struct config *c, const char *handle,
    struct err *e);
/* The handles of all members, for a refusal: "haruka, jun, kenji". */
char *program_handles(struct db *db, struct arena *mem, struct err *e);
/* A new login link for a member of the web chat at `url`. */
char *program_login_link(struct db *db, struct arena *mem, int64_t member, const char *url,
    struct err *e);

/* The advisory lock of `serve`, `<db>-lock`; its two lines are the holder's process id
 * and the address of its web chat. */
struct lock_holder {
    long pid; /* 0: nobody */
    char url[300];
};
/* ERR_CONFLICT: another program holds it. The descriptor, -1 on error. */
int program_lock(const char *db_path, struct err *e);
bool program_lock_tell(int fd, const char *url, struct err *e) MUST_CHECK;
/* The same for imports, `<db>-import-lock`: one at a time. What another one began and never
 * ended is whoever holds it to finish (import_recover). */
int program_lock_imports(const char *db_path, struct err *e);
struct lock_holder program_lock_holder(const char *db_path);

/* One line of `doctor`; returns `good`. */
bool program_finding(const char *what, bool good, const char *detail);
/* doctor_slack.c: false where something needs mending. */
bool doctor_slack(struct config *c);
bool doctor_line(struct config *c); /* line_tool.c */

#endif
