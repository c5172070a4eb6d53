#include "bot/config.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/buf.h"
#include "bot/base/clock.h"
#include "bot/guard.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"

/* A secret comes from the environment, from the file that NAME_FILE there names, or from the
 * .ini file; no file that others may read is taken. Flags are seen by everybody on the machine. */
enum kind { KIND_TEXT, KIND_PATH, KIND_ZONE, KIND_FLAG, KIND_NUMBER, KIND_SECRET };
enum { NUMBER_MAX = 1000 };

static const struct setting {
    const char *name, *fallback, *env, *label, *text;
    enum kind kind;
} settings[SET__MAX] = {
    [SET_DB] = { "db", "nemawashi.db", "NEMAWASHI_DB", "FILE", "the store, one SQLite file",
        KIND_PATH },
    [SET_LISTEN] = { "listen", "127.0.0.1:8787", "NEMAWASHI_LISTEN", "ADDRESS:PORT",
        "where the web chat is served; port 0 takes any free one", KIND_TEXT },
    [SET_PUBLIC_URL] = { "public_url", NULL, "NEMAWASHI_PUBLIC_URL", "URL",
        "the address under which browsers reach it, where a proxy is in front", KIND_TEXT },
    [SET_ADMIN] = { "admin", NULL, "NEMAWASHI_ADMIN", "HANDLE",
        "handle of the first administrator of an empty store (admin)", KIND_TEXT },
    [SET_ZONE] = { "zone", "Asia/Tokyo", "NEMAWASHI_ZONE", "ZONE",
        "IANA zone whose days the figures count, and of new members", KIND_ZONE },
    [SET_LOCALE] = { "locale", "en", "NEMAWASHI_LOCALE", "TAG",
        "language of new members", KIND_TEXT },
    [SET_PROXY] = { "proxy", NULL, "NEMAWASHI_PROXY", "URL",
        "through which networks are called, such as http://proxy:3128; without it directly",
        KIND_TEXT },
    [SET_TLS_CERT] = { "tls_cert", NULL, "NEMAWASHI_TLS_CERT", "FILE",
        "the server's certificate chain in PEM form: it then speaks https alone", KIND_PATH },
    [SET_TLS_KEY] = { "tls_key", NULL, "NEMAWASHI_TLS_KEY", "FILE",
        "the certificate's key, in a file that only its owner can read", KIND_PATH },
    [SET_ALLOW_PLAIN_PUBLIC] = { "allow_plain_public", NULL, "NEMAWASHI_ALLOW_PLAIN_PUBLIC", "0|1",
        "1: listen beyond this machine without TLS; others on the way can read everything",
        KIND_FLAG },
    [SET_SLACK_APP_TOKEN] = { "slack_app_token", NULL, "SLACK_APP_TOKEN", "xapp-…",
        "Slack: the app-level token, scope connections:write", KIND_SECRET },
    [SET_SLACK_BOT_TOKEN] = { "slack_bot_token", NULL, "SLACK_BOT_TOKEN", "xoxb-…",
        "Slack: the bot token of the installed app", KIND_SECRET },
    [SET_SLACK_ALLOWED_TEAMS] = { "slack_allowed_teams", NULL, "SLACK_ALLOWED_TEAMS", "IDS",
        "Slack: ids of the workspaces whose people are members; otherwise the token's own", KIND_TEXT },
    [SET_SLACK_API_URL] = { "slack_api_url", "https://slack.com/api/", "SLACK_API_URL", "URL",
        "Slack: where its Web API is, for tests", KIND_TEXT },
    [SET_BACKUP_FOLDER] = { "backup_folder", NULL, "NEMAWASHI_BACKUP_FOLDER", "FOLDER",
        "where a backup is made each night, best on another disk; otherwise DB-backups", KIND_PATH },
    [SET_BACKUP_KEEP] = { "backup_keep", "14", "NEMAWASHI_BACKUP_KEEP", "N",
        "how many of them stay; 0 makes none", KIND_NUMBER },
    [SET_SHARE] = { "share", NULL, "NEMAWASHI_SHARE", "FOLDER",
        "holds the folder locales; otherwise looked for beside the program", KIND_PATH },
    [SET_LINE_SECRET] = { "line_channel_secret", NULL, "LINE_CHANNEL_SECRET", "SECRET",
        "LINE: the channel's secret, which signs what LINE sends", KIND_SECRET },
    [SET_LINE_SECRET_BEFORE] = { "line_channel_secret_previous", NULL, "LINE_CHANNEL_SECRET_PREVIOUS",
        "SECRET", "LINE: the one before, while a new one is spreading", KIND_SECRET },
    [SET_LINE_TOKEN] = { "line_channel_access_token", NULL, "LINE_CHANNEL_ACCESS_TOKEN", "TOKEN",
        "LINE: a long-lived channel access token", KIND_SECRET },
    [SET_LINE_CHANNEL] = { "line_channel_id", NULL, "LINE_CHANNEL_ID", "ID",
        "LINE: instead of a long-lived token; short-lived ones are fetched for it", KIND_TEXT },
    [SET_LINE_API] = { "line_api_url", NULL, "LINE_API_URL", "URL",
        "LINE: another address than https://api.line.me, for tests", KIND_TEXT },
    [SET_LINE_RELAY] = { "line_relay_url", NULL, "LINE_RELAY_URL", "URL",
        "LINE: a relay's address, such as wss://relay.example.com, for a bot that LINE can't reach",
        KIND_TEXT },
    [SET_RELAY_TOKEN] = { "relay_token", NULL, "NEMAWASHI_RELAY_TOKEN", "TOKEN",
        "what the bot shows to its relay; the same for both", KIND_SECRET },
    [SET_CONFIG] = { "config", NULL, "NEMAWASHI_CONFIG", "FILE",
        "an .ini file with these settings, such as: zone = Asia/Seoul", KIND_PATH },
};
enum { FIRST_KEY = 1000 }; /* argp's keys of the settings; letters are the programs' */

const char *setting_name(enum setting_id id)
{
    return settings[id].name;
}

const char *setting_shown(const struct config *c, enum setting_id id)
{
    if (!c->value[id])
        return "-";
    return settings[id].kind == KIND_SECRET ? "(set)" : c->value[id];
}

const char *setting_from_name(enum setting_from from)
{
    static const char *const names[] = { "default", "file", "environment", "flag" };
    return names[from];
}

static char *flag_name(struct arena *mem, const struct setting *s)
{
    char *name = arena_strdup(mem, s->name);
    for (char *p = name; *p; p++)
        *p = *p == '_' ? '-' : *p;
    return name;
}

static void set(struct config *c, enum setting_id id, const char *value, enum setting_from from)
{
    if (c->value[id] && c->from[id] > from)
        return;
    c->value[id] = arena_strdup(&c->mem, value);
    c->from[id] = from;
}

struct parsing {
    struct config *config;
    const struct config_args *args;
};

/* What --help says below the flags of the settings that are none. */
static char *secrets_doc(struct arena *mem, int taken)
{
    struct buf b = BUF_ON(mem);
    for (int i = 0; i < SET__MAX; i++)
        if (settings[i].kind == KIND_SECRET && taken & 1 << i)
            buf_printf(&b, "%s%s: %s", b.n ? "\n" : "\vSecrets come from the environment, or from a file that only its owner can read: the one that NAME_FILE names (SLACK_BOT_TOKEN_FILE=…), or the .ini file. They are:\n",
                settings[i].env, settings[i].text);
    return b.n ? arena_strdup(mem, buf_str(&b)) : NULL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct parsing *p = state->input;
    state->hook = p->args->own;
    if (key >= FIRST_KEY && key < FIRST_KEY + SET__MAX) {
        set(p->config, (enum setting_id)(key - FIRST_KEY), arg, FROM_FLAG);
        return 0;
    }
    return p->args->parse ? p->args->parse(key, arg, state) : ARGP_ERR_UNKNOWN;
}

static bool takes(const struct config_args *args, int id)
{
    return id == SET_SHARE || id == SET_CONFIG || args->settings & 1 << id;
}

/* The program's own flags, then the settings it takes. */
static struct argp_option *options_of(struct config *c, const struct config_args *args)
{
    size_t n = 0, own = 0;
    while (args->options && (args->options[own].name || args->options[own].doc))
        own++;
    struct argp_option *list = ARENA_ARRAY(&c->mem, struct argp_option, own + SET__MAX + 2);
    for (; n < own; n++)
        list[n] = args->options[n];
    list[n++] = (struct argp_option){ .group = 1,
        .doc = "Settings (a flag wins over the environment, that over the file):" };
    for (int i = 0; i < SET__MAX; i++) {
        const struct setting *s = &settings[i];
        if (!takes(args, i) || s->kind == KIND_SECRET)
            continue;
        list[n++] = (struct argp_option){ .name = flag_name(&c->mem, s), .key = FIRST_KEY + i,
            .arg = s->label, .group = 1,
            .doc = arena_printf(&c->mem, "%s [%s%s%s]", s->text, s->env,
                s->fallback ? ", default " : "", s->fallback ? s->fallback : "") };
    }
    return list;
}

struct reading {
    struct config *config;
    struct err *e;
    const char *file;
};

static int on_ini(void *ctx, const char *section, const char *name, const char *value)
{
    struct reading *r = ctx;
    if (r->e->code != ERR_NONE)
        return 0;
    for (int i = 0; i < SET__MAX; i++)
        if (!*section && i != SET_CONFIG && !strcmp(name, settings[i].name)) {
            set(r->config, (enum setting_id)i, value, FROM_FILE);
            return 1;
        }
    return fail(r->e, ERR_USAGE, NULL, NULL, "'%.80s' has no setting '%.40s%s%.40s'; --help lists them",
        r->file, section, *section ? "." : "", name);
}

static bool read_file(struct config *c, struct err *e)
{
    struct reading r = { .config = c, .e = e, .file = c->value[SET_CONFIG] };
    if (!r.file)
        return true;
    FILE *f = guard_open(r.file, "config", false, e);
    if (!f)
        return false;
    int line = ini_parse_file(f, on_ini, &r);
    (void)fclose(f);
    if (line > 0 && e->code == ERR_NONE)
        (void)fail(e, ERR_USAGE, NULL, NULL, "config '%.120s', line %d: write NAME = VALUE", r.file,
            line);
    return e->code == ERR_NONE;
}

/* NAME, or what the file holds that NAME_FILE names. Both are forgotten by the environment,
 * also where this program has no use for the secret. */
static bool read_secret(struct config *c, int id, bool wanted, struct err *e)
{
    const char *name = settings[id].env, *there = arena_printf(&c->mem, "%s_FILE", name);
    const char *value = getenv(name), *file = getenv(there);
    bool has = value && *value, named = file && *file;
    if (wanted && has && named)
        return fail(e, ERR_USAGE, NULL, NULL, "%s and %s are both set; leave one of them out", name, there);
    const char *secret = has ? value : NULL;
    if (wanted && named && !(secret = guard_read_secret(&c->mem, file, there, e)))
        return false;
    if (secret)
        set(c, (enum setting_id)id, secret, FROM_ENVIRONMENT);
    guard_hide(name);
    return true;
}

static bool read_environment(struct config *c, int taken, struct err *e)
{
    for (int i = 0; i < SET__MAX; i++) {
        const char *v = getenv(settings[i].env);
        if (settings[i].kind == KIND_SECRET && !read_secret(c, i, taken & 1 << i, e))
            return false;
        if (settings[i].kind != KIND_SECRET && v && *v)
            set(c, (enum setting_id)i, v, FROM_ENVIRONMENT);
    }
    const char *clock = getenv("NEMAWASHI_CLOCK_FILE");
    if (clock && *clock)
        c->clock_file = arena_strdup(&c->mem, clock);
    return true;
}

/* A file with secrets is its owner's alone. */
static bool check_file(struct config *c, struct err *e)
{
    FILE *f = NULL;
    for (int i = 0; i < SET__MAX && !f; i++)
        if (settings[i].kind == KIND_SECRET && c->value[i] && c->from[i] == FROM_FILE &&
            !(f = guard_open(c->value[SET_CONFIG], arena_printf(&c->mem, "config with %s", settings[i].name), true, e)))
            return false;
    if (f)
        (void)fclose(f);
    return true;
}

static bool refuse(const struct config *c, int id, const char *mend, struct err *e)
{
    return fail(e, ERR_USAGE, NULL, NULL, "setting %s from the %s: '%.60s' %s", settings[id].name,
        setting_from_name(c->from[id]), setting_shown(c, (enum setting_id)id), mend);
}

static bool check(struct config *c, struct err *e)
{
    for (int i = 0; i < SET__MAX; i++) {
        const char *v = c->value[i];
        size_t at;
        if (!v)
            continue;
        if (!*v)
            return refuse(c, i, "is empty; leave the setting out or give it a value", e);
        if (settings[i].kind == KIND_ZONE && !zone_valid(v))
            return refuse(c, i, "is no time zone; write one like Asia/Tokyo or Australia/Sydney", e);
        if (settings[i].kind == KIND_FLAG && strcmp(v, "0") != 0 && strcmp(v, "1") != 0)
            return refuse(c, i, "is neither 0 nor 1", e);
        if (settings[i].kind == KIND_NUMBER && (strspn(v, "0123456789") != strlen(v) || strtol(v, NULL, 10) > NUMBER_MAX))
            return refuse(c, i, "is no number from 0 to 1000", e);
        if (settings[i].kind != KIND_PATH && !utf8_valid(v, strlen(v), &at))
            return refuse(c, i, "is not text in UTF-8", e);
    }
    if (!c->value[SET_TLS_CERT] != !c->value[SET_TLS_KEY])
        return refuse(c, c->value[SET_TLS_CERT] ? SET_TLS_CERT : SET_TLS_KEY,
            "is alone; certificate and key go together", e);
    return true;
}

int config_number(const struct config *c, enum setting_id id)
{
    return c->value[id] ? (int)strtol(c->value[id], NULL, 10) : 0;
}

bool config_on(const struct config *c, enum setting_id id)
{
    return c->value[id] && !strcmp(c->value[id], "1");
}

bool config_read(struct config *c, const struct config_args *args, int argc, char **argv,
    struct err *e)
{
    *c = (struct config){ .mem = ARENA_INIT };
    e->code = ERR_NONE;
    struct parsing p = { .config = c, .args = args };
    const char *secrets = secrets_doc(&c->mem, args->settings);
    const struct argp argp = { .options = options_of(c, args), .parser = parse,
        .args_doc = args->synopsis,
        .doc = secrets ? arena_printf(&c->mem, "%s%s", args->about, secrets) : args->about };
    argp_err_exit_status = 2;
    error_t rc = argp_parse(&argp, argc, argv, 0, NULL, &p);
    if (rc)
        return fail(e, ERR_USAGE, NULL, NULL, "arguments: %s", strerror(rc));
    if (!read_environment(c, args->settings, e) || !read_file(c, e) || !check_file(c, e))
        return false;
    for (int i = 0; i < SET__MAX; i++)
        if (!c->value[i] && settings[i].fallback)
            set(c, (enum setting_id)i, settings[i].fallback, FROM_DEFAULT);
    if (c->clock_file)
        clock_follow_file(c->clock_file);
    return check(c, e);
}

void config_finish(struct config *c)
{
    arena_finish(&c->mem);
}

static bool has_words(struct arena *mem, const char *folder)
{
    return access(arena_printf(mem, "%s/en.json", folder), F_OK) == 0;
}

const char *config_locales(struct config *c, struct err *e)
{
    if (c->value[SET_SHARE])
        return arena_printf(&c->mem, "%s/locales", c->value[SET_SHARE]);
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    exe[n < 0 ? 0 : n] = '\0';
    char *slash = strrchr(exe, '/');
    if (slash)
        *slash = '\0';
    /* A build folder .build/KIND, a copied folder, an install prefix. */
    static const char *const places[] = { "../../locales", "locales",
        "../share/nemawashi/locales" };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *folder = arena_printf(&c->mem, "%s/%s", exe, places[i]);
        if (has_words(&c->mem, folder))
            return folder;
    }
    (void)fail(e, ERR_NOT_FOUND, NULL, NULL,
        "no language files in '%.100s/%s'; set NEMAWASHI_SHARE to the folder that holds locales/",
        exe, places[2]);
    return NULL;
}
