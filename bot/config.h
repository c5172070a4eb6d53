/* The settings of every program, in one table: where each comes from, what it means,
 * and --help, all from the same row. A flag wins over the environment, that over the
 * file, that over the default. Knows nothing of what the programs do. */
#ifndef CONFIG_H
#define CONFIG_H

#include <argp.h>
#include "bot/base/arena.h"

enum setting_id {
    SET_DB, SET_LISTEN, SET_PUBLIC_URL, SET_ADMIN, SET_ZONE, SET_LOCALE, SET_PROXY,
    SET_TLS_CERT, SET_TLS_KEY, SET_ALLOW_PLAIN_PUBLIC,
    SET_SLACK_APP_TOKEN, SET_SLACK_BOT_TOKEN, SET_SLACK_ALLOWED_TEAMS, SET_SLACK_API_URL,
    SET_LINE_SECRET, SET_LINE_SECRET_BEFORE, SET_LINE_TOKEN, SET_LINE_CHANNEL, SET_LINE_API,
    SET_LINE_RELAY, SET_RELAY_TOKEN,
    SET_BACKUP_FOLDER, SET_BACKUP_KEEP, SET_SHARE, SET_CONFIG, SET__MAX
};
enum { TAKES_DB = 1 << SET_DB, TAKES_LISTEN = 1 << SET_LISTEN,
    TAKES_PUBLIC_URL = 1 << SET_PUBLIC_URL, TAKES_ADMIN = 1 << SET_ADMIN,
    TAKES_ZONE = 1 << SET_ZONE, TAKES_LOCALE = 1 << SET_LOCALE, TAKES_PROXY = 1 << SET_PROXY,
    TAKES_BACKUP = 1 << SET_BACKUP_FOLDER | 1 << SET_BACKUP_KEEP,
    TAKES_TLS = 1 << SET_TLS_CERT | 1 << SET_TLS_KEY | 1 << SET_ALLOW_PLAIN_PUBLIC,
    TAKES_SLACK = 1 << SET_SLACK_APP_TOKEN | 1 << SET_SLACK_BOT_TOKEN |
                  1 << SET_SLACK_ALLOWED_TEAMS | 1 << SET_SLACK_API_URL,
    TAKES_LINE = 1 << SET_LINE_SECRET | 1 << SET_LINE_SECRET_BEFORE | 1 << SET_LINE_TOKEN |
                 1 << SET_LINE_CHANNEL | 1 << SET_LINE_API | 1 << SET_LINE_RELAY |
                 1 << SET_RELAY_TOKEN };
enum setting_from { FROM_DEFAULT, FROM_FILE, FROM_ENVIRONMENT, FROM_FLAG };

struct config {
    struct arena mem;
    const char *value[SET__MAX]; /* NULL: not set */
    enum setting_from from[SET__MAX];
    const char *clock_file; /* for tests: the clock is read from it */
};

/* What a program takes besides the settings. */
struct config_args {
    const char *synopsis; /* of what is no flag: "NAME" */
    const char *about;
    int settings; /* TAKES_… bits; --share and --config go with all */
    const struct argp_option *options; /* ended by {0}; keys are letters */
    argp_parser_t parse;               /* state->hook is `own`; NULL: nothing */
    void *own;
};

/* Reads everything, holds it against its type, starts the clock file. Ends the process
 * itself for --help and for flags that don't exist. ERR_USAGE: `why` names the setting
 * and the mend. */
bool config_read(struct config *c, const struct config_args *args, int argc, char **argv,
    struct err *e) MUST_CHECK;
void config_finish(struct config *c);

/* The folder with the locale files; NULL with `e` where there is none. */
const char *config_locales(struct config *c, struct err *e);

/* The number of a setting of that kind, which was checked. */
int config_number(const struct config *c, enum setting_id id);
/* Is a setting of the kind yes or no on? */
bool config_on(const struct config *c, enum setting_id id);

const char *setting_name(enum setting_id id);
/* For people: a secret is only said to be there. */
const char *setting_shown(const struct config *c, enum setting_id id);
const char *setting_from_name(enum setting_from from); /* "environment" */

#endif
