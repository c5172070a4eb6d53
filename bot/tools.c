/* The small programs: link, member, doctor and print. Each opens the store, does
 * one thing, says so in a line and ends. They run beside a server that serves the same
 * store. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/core/columns.h"
#include "bot/core/command.h"
#include "bot/keeper.h"
#include "bot/program.h"
#include "bot/text/calendar.h"
#include "bot/text/csv.h"
#include "bot/text/utf8.h"
#include "bot/text/zone.h"
#include "bot/transport/slack_manifest.h"

enum { WORDS_MAX = 7, NAME_MAX_BYTES = 100 };

/* The arguments that are no flags. */
struct typed {
    const char *word[WORDS_MAX];
    int n, min, max;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct typed *t = state->hook;
    if (key == ARGP_KEY_ARG) {
        if (t->n >= t->max)
            argp_error(state, "'%s' is one argument too many", arg);
        else
            t->word[t->n++] = arg;
        return 0;
    }
    if (key == ARGP_KEY_END && t->n < t->min)
        argp_error(state, "something is missing");
    return key == ARGP_KEY_END ? 0 : ARGP_ERR_UNKNOWN;
}

typedef bool tool(struct config *c, const struct typed *t, struct err *e);

/* Reads the settings, runs the tool, tells what went wrong. */
static int run_tool(int argc, char **argv, struct config_args args, struct typed t, tool *run)
{
    struct config c;
    struct err e = { 0 };
    args.parse = parse;
    args.own = &t;
    bool ok = config_read(&c, &args, argc, argv, &e) && run(&c, &t, &e);
    config_finish(&c);
    return ok ? 0 : program_failed(&e);
}

/* A store that exists: a tool makes none. */
static struct db *open_existing(struct config *c, enum db_mode mode, struct err *e)
{
    struct db *probe = db_open(c->value[SET_DB], DB_READ, e);
    if (!probe || mode == DB_READ)
        return probe;
    db_close(probe);
    return db_open(c->value[SET_DB], mode, e);
}

/* Link. */

static bool find_member(struct db *db, struct arena *mem, const char *typed, struct member *m,
    struct err *e)
{
    char *handle = program_handle(mem, typed, e);
    if (!handle)
        return false;
    return member_by_handle(db, mem, handle, m, e) ||
           (e->code == ERR_NONE &&
               fail(e, ERR_NOT_FOUND, NULL, NULL, "no member '%s'; there are: %.180s", handle,
                   program_handles(db, mem, e)));
}

static bool print_link(struct config *c, const struct typed *t, struct err *e)
{
    struct lock_holder server = program_lock_holder(c->value[SET_DB]);
    struct member m;
    const char *url = *server.url               ? server.url
                      : c->value[SET_PUBLIC_URL] ? c->value[SET_PUBLIC_URL]
                                                 : arena_printf(&c->mem, "%s://%s", c->value[SET_TLS_CERT] ? "https" : "http", c->value[SET_LISTEN]);
    int n = (int)strlen(url);
    n -= n && url[n - 1] == '/';
    struct db *db = open_existing(c, DB_WRITE, e);
    char *link = db && find_member(db, &c->mem, t->word[0], &m, e)
                     ? program_login_link(db, &c->mem, m.id, arena_strndup(&c->mem, url, (size_t)n), e)
                     : NULL;
    db_close(db);
    if (link)
        (void)printf("log in once within an hour: %s\n", link);
    return link != NULL;
}

int link_program(int argc, char **argv)
{
    return run_tool(argc, argv,
        (struct config_args){ .synopsis = "HANDLE",
            .settings = TAKES_DB | TAKES_LISTEN | TAKES_PUBLIC_URL | TAKES_TLS,
            .about = "Prints a link that logs the member into the web chat, once, within an hour." },
        (struct typed){ .min = 1, .max = 1 }, print_link);
}

/* Member. */

static bool list_members(struct db *db, struct arena *mem, struct err *e)
{
    int n, handle_width = 0, name_width = 0;
    struct member *all = member_list(db, mem, &n, e);
    for (int i = 0; i < n; i++) {
        int h = utf8_width(all[i].handle), w = utf8_width(all[i].name);
        handle_width = h > handle_width ? h : handle_width;
        name_width = w > name_width ? w : name_width;
    }
    for (int i = 0; i < n; i++)
        (void)printf("%s%*s  %s%*s  %-7s  %s  %s  %s\n", all[i].handle,
            handle_width - utf8_width(all[i].handle), "", all[i].name,
            name_width - utf8_width(all[i].name), "", all[i].role, all[i].market, all[i].zone,
            all[i].locale);
    return e->code == ERR_NONE;
}

static bool check_member(struct config *c, const struct member *m, struct err *e)
{
    size_t at, n = strlen(m->name);
    if (!n || n > NAME_MAX_BYTES || !utf8_valid(m->name, n, &at))
        return fail(e, ERR_USAGE, NULL, NULL, "the name must be text of at most %d bytes", NAME_MAX_BYTES);
    if (!m->roles)
        return fail(e, ERR_USAGE, NULL, NULL,
            "'%.40s' is no role; there are admin, manager, country, hq, rep and partner", m->role);
    if (!market_find(m->market))
        return fail(e, ERR_USAGE, NULL, NULL,
            "'%.40s' is no market; there are JP, KR, TW, HK, MY, TH, SG and AU", m->market);
    if (!zone_valid(m->zone))
        return fail(e, ERR_USAGE, NULL, NULL,
            "'%.40s' is no time zone; write one like Asia/Tokyo", m->zone);
    c->value[SET_LOCALE] = m->locale;
    struct catalogue *words = program_words(c, e);
    catalogue_close(words);
    return words != NULL;
}

static bool add_member(struct config *c, struct db *db, const struct typed *t, struct err *e)
{
    const char *market = t->n > 4 ? t->word[4] : "JP";
    const struct market *known = market_find(market);
    struct member m = { .handle = program_handle(&c->mem, t->word[1], e), .name = t->word[2],
        .role = t->word[3], .roles = role_of(t->word[3]), .market = market,
        .zone = t->n > 5 ? t->word[5] : known ? known->zone : "", .team = "", .source = "typed",
        .locale = t->n > 6 ? t->word[6] : c->value[SET_LOCALE] };
    if (!m.handle || !check_member(c, &m, e))
        return false;
    if (!member_add(db, &m, clock_now_ms(), e))
        return e->code != ERR_CONSTRAINT ? false
                                       : fail(e, ERR_CONFLICT, NULL, NULL,
                                             "there is a member '%s' already; choose another handle", m.handle);
    (void)printf("%s is a member now; a login link comes from: nemawashi link %s\n", m.handle, m.handle);
    return true;
}

static bool run_member(struct config *c, const struct typed *t, struct err *e)
{
    bool list = t->n == 1 && !strcmp(t->word[0], "list");
    bool add = t->n >= 4 && !strcmp(t->word[0], "add");
    if (!list && !add)
        return fail(e, ERR_USAGE, NULL, NULL,
            "write: nemawashi member list, or: nemawashi member add HANDLE NAME ROLE [MARKET ZONE LOCALE]");
    struct db *db = list ? open_existing(c, DB_READ, e) : db_open(c->value[SET_DB], DB_WRITE, e);
    bool ok = db && (list ? list_members(db, &c->mem, e) : add_member(c, db, t, e));
    db_close(db);
    return ok;
}

int member_program(int argc, char **argv)
{
    return run_tool(argc, argv,
        (struct config_args){ .synopsis = "list\nadd HANDLE NAME ROLE [MARKET ZONE LOCALE]",
            .settings = TAKES_DB | TAKES_LOCALE,
            .about = "Lists the members, or adds one.\v"
                     "ROLE is admin, manager, country, hq, rep or partner; MARKET is JP unless "
                     "given, ZONE the market's.\n"
                     "Example: nemawashi member add haruka 'Haruka Sato' rep JP Asia/Tokyo ja" },
        (struct typed){ .min = 1, .max = WORDS_MAX }, run_member);
}

/* Doctor. */

bool program_finding(const char *what, bool good, const char *detail)
{
    (void)printf("%-8s %-5s %s\n", what, good ? "ok" : "BAD", detail);
    return good;
}

static bool check_store(struct config *c)
{
    struct err e = { 0 };
    struct statvfs fs;
    const char *path = c->value[SET_DB];
    struct db *db = open_existing(c, DB_WRITE, &e);
    bool ok = db && db_begin(db, &e) && meta_set(db, "probe", "written by doctor", &e) &&
              db_commit(db, &e);
    char *handles = ok ? program_handles(db, &c->mem, &e) : NULL;
    if (db)
        db_rollback(db);
    db_close(db);
    const char *detail = ok ? arena_printf(&c->mem, "%s takes writes; members: %s", path, handles) : e.why;
    if (!program_finding("store", ok, detail) || statvfs(path, &fs) != 0)
        return ok;
    uint64_t free_mb = (uint64_t)fs.f_bavail * fs.f_frsize >> 20;
    return program_finding("disk", free_mb >= 100,
        arena_printf(&c->mem, "%" PRIu64 " MB free; keep at least 100", free_mb));
}

/* There is none before the first night. */
static void show_backup(struct config *c)
{
    char *latest = keeper_latest(&c->mem, c->value[SET_DB], c->value[SET_BACKUP_FOLDER]);
    bool none = !config_number(c, SET_BACKUP_KEEP);
    (void)program_finding("backup", true, latest ? latest : none ? "none are made by serve: backup_keep is 0" : "none yet");
}

static bool run_doctor(struct config *c, const struct typed *t, struct err *e)
{
    (void)t;
    for (int i = 0; i < SET__MAX; i++)
        (void)printf("%-10s %s (%s)\n", setting_name((enum setting_id)i),
            setting_shown(c, (enum setting_id)i), setting_from_name(c->from[i]));
    struct err words_e = { 0 };
    struct catalogue *words = program_words(c, &words_e);
    bool ok = program_finding("language", words != NULL,
        words ? arena_printf(&c->mem, "%d languages", catalogue_locales(words)) : words_e.why);
    catalogue_close(words);
    struct lock_holder server = program_lock_holder(c->value[SET_DB]);
    (void)program_finding("server", true,
        server.pid ? arena_printf(&c->mem, "process %ld at %s/", server.pid, server.url) : "not running");
    ok = check_store(c) && ok;
    show_backup(c);
    ok = doctor_slack(c) && ok;
    ok = doctor_line(c) && ok;
    return ok || fail(e, ERR_REMOTE, NULL, NULL, "something above needs mending");
}

int doctor_program(int argc, char **argv)
{
    return run_tool(argc, argv,
        (struct config_args){ .settings = TAKES_DB | TAKES_LISTEN | TAKES_PUBLIC_URL |
                                          TAKES_ADMIN | TAKES_ZONE | TAKES_LOCALE | TAKES_PROXY |
                                          TAKES_SLACK | TAKES_LINE | TAKES_BACKUP,
            .about = "Prints the settings and where they come from, tries the store and asks Slack "
                     "whether its tokens are good; says what mends what is not." },
        (struct typed){ 0 }, run_doctor);
}

/* Print. */

static void print_command(struct arena *mem, const struct catalogue *words, int loc,
    const struct command *k)
{
    char *path = arena_printf(mem, "commands.%s", k->id);
    const char *summary = catalogue_string(words, loc, arena_printf(mem, "%s.summary", path));
    const char *help = catalogue_string(words, loc, arena_printf(mem, "%s.help", path));
    char *list = arena_printf(mem, "%s.words", path);
    (void)printf("\n## %s\n\n%s\n\n    %s\n\n%s\n\n", catalogue_item(words, loc, list, 0),
        summary ? summary : k->id, command_usage(mem, words, loc, k), help ? help : "");
    for (int i = 1; i < catalogue_list(words, loc, list); i++)
        (void)printf("%s`%s`", i > 1 ? ", " : "= ", catalogue_item(words, loc, list, i));
    (void)puts(catalogue_list(words, loc, list) > 1 ? "\n" : "");
    list = arena_printf(mem, "%s.examples", path);
    for (int i = 0; i < catalogue_list(words, loc, list); i++)
        (void)printf("- `%s`\n", catalogue_item(words, loc, list, i));
}

static bool print_commands(struct config *c, const struct catalogue *words, int loc)
{
    (void)printf("# Nemawashi\n");
    for (const struct command *const *k = commands; *k; k++)
        if (!((*k)->flags & CMD_HIDDEN))
            print_command(&c->mem, words, loc, *k);
    return true;
}

/* The first word of each command, so that the hint can't disagree with the table. */
static bool print_manifest(struct config *c, const struct catalogue *words, int loc)
{
    struct buf hint = BUF_ON(&c->mem);
    for (const struct command *const *k = commands; *k; k++)
        if (!((*k)->flags & CMD_HIDDEN))
            buf_join(&hint, " | ", catalogue_item(words, loc, arena_printf(&c->mem, "commands.%s.words", (*k)->id), 0));
    AUTO_JSON manifest = slack_manifest(&c->mem, words, loc, buf_str(&hint));
    char *text = json_dumps(manifest, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text)
        (void)puts(text);
    free(text);
    return text != NULL;
}

static bool print_columns(struct config *c, const struct catalogue *words, int loc)
{
    (void)words;
    (void)loc;
    struct buf line = BUF_ON(&c->mem);
    csv_line(&line, (const char *const[]){ "file", "column", "holds", "import" }, 4);
    for (const struct record_kind *k = record_kinds; k->name; k++)
        for (const struct column *col = k->columns; col->name; col++)
            csv_line(&line, (const char *const[]){ arena_printf(&c->mem, "%s.csv", k->name), col->name,
                column_type_text(col->type), k->imported ? "1" : "0" }, 4);
    (void)fputs(buf_str(&line), stdout);
    return true;
}

static const struct printable {
    const char *name;
    bool (*print)(struct config *c, const struct catalogue *words, int loc);
} printables[] = {
    { "commands", print_commands },
    { "slack-manifest", print_manifest },
    { "columns", print_columns },
};
enum { PRINTABLES = sizeof printables / sizeof *printables };

static bool run_print(struct config *c, const struct typed *t, struct err *e)
{
    for (int i = 0; i < PRINTABLES; i++) {
        if (strcmp(t->word[0], printables[i].name) != 0)
            continue;
        struct catalogue *words = program_words(c, e);
        bool ok = words && printables[i].print(c, words, catalogue_find_locale(words, c->value[SET_LOCALE]));
        catalogue_close(words);
        return ok;
    }
    return fail(e, ERR_USAGE, NULL, NULL,
        "'%.40s' can't be printed; write: nemawashi print commands, nemawashi print columns, or: nemawashi print slack-manifest",
        t->word[0]);
}

int print_program(int argc, char **argv)
{
    return run_tool(argc, argv,
        (struct config_args){ .synopsis = "commands\ncolumns\nslack-manifest", .settings = TAKES_LOCALE,
            .about = "Prints every command as Markdown, the columns of every exported file as CSV, or "
                     "the manifest to paste when the Slack app is made; in the language of --locale." },
        (struct typed){ .min = 1, .max = 1 }, run_print);
}
