/* Reads every line of the corpus and compares what the bot made of it with what it must
 * become. Prints how many lines are exactly right, how many silently wrong (wrong,
 * neither asked nor marked as assumed), and precision and recall per field.
 *   measure [--kept] [--show] [--bar EXACT SILENT] FILES…
 * counts the open sheets, or those that are kept back; --show prints the lines that differ;
 * --bar (percent) makes the exit status say whether both bars are met. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/engine_private.h"
#include "tests/corpus/world.h"

enum { FIELDS = 24, LINE = 8192 };
#define WORLD_NOW "2026-03-04T17:20" /* where no time is typed, what is written is at now */

static const char *const field_names[] = { "cmd", "people", "others", "orgs", "deal", "ch",
    "out", "stance", "layer", "from", "min", "at", "due", "level", "money", "note", NULL };

struct tally {
    long expected, got, right;
};
struct counts {
    long lines, exact, silent;
    struct tally fields[FIELDS];
};

/* One line's outcome: field by field as text, with what was marked as assumed. */
struct outcome {
    const char *cmd;
    const char *name; /* of a new deal */
    const char *code; /* of the reply */
    const char *value[FIELDS];
    bool assumed[FIELDS];
    bool asked, refused;
};

static int field_index(const char *name, size_t n)
{
    for (int i = 0; field_names[i]; i++)
        if (strlen(field_names[i]) == n && !strncmp(field_names[i], name, n))
            return i;
    return -1;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "b,a" and "a, b" say the same. */
static const char *sorted(struct arena *mem, const char *list)
{
    char *copy = arena_strdup(mem, list), *save = NULL, *items[64];
    int n = 0;
    for (char *w = strtok_r(copy, ", ", &save); w && n < 64; w = strtok_r(NULL, ", ", &save))
        items[n++] = w;
    qsort(items, (size_t)n, sizeof *items, by_text);
    struct buf b = BUF_ON(mem);
    for (int i = 0; i < n; i++)
        if (!i || strcmp(items[i], items[i - 1]) != 0)
            buf_join(&b, ",", items[i]);
    return arena_strdup(mem, buf_str(&b));
}

static const char *keys_of(struct arena *mem, const json_t *list)
{
    struct buf b = BUF_ON(mem);
    size_t i;
    json_t *v;
    json_array_foreach(list, i, v)
        buf_join(&b, ",", world_key(json_string_value(v)));
    return b.n ? sorted(mem, buf_str(&b)) : NULL;
}

static bool is_assumed(const json_t *reply, const char *field)
{
    size_t i;
    json_t *v;
    json_array_foreach(json_at(reply, "assumed"), i, v)
        if (!strcmp(json_string_value(v), field))
            return true;
    return false;
}

static void put(struct outcome *o, const char *field, const char *value, bool assumed)
{
    int i = field_index(field, strlen(field));
    o->value[i] = value && *value ? value : NULL;
    o->assumed[i] = assumed;
}

static const char *number(struct arena *mem, const json_t *fields, const char *name)
{
    int64_t n = json_int(fields, name, 0);
    return n ? arena_printf(mem, "%lld", (long long)n) : NULL;
}

static const char *unless(const char *value, const char *usual)
{
    return value && strcmp(value, usual) ? value : NULL;
}

/* A follow-up for each of several people is as many records. */
static void take_people(struct arena *mem, struct outcome *o, const json_t *records)
{
    struct buf b = BUF_ON(mem);
    const json_t *f = json_at(json_array_get(records, 0), "fields");
    size_t i;
    json_t *v;
    buf_join(&b, ",", keys_of(mem, json_at(f, "people")));
    json_array_foreach(records, i, v)
        buf_join(&b, ",", world_key(json_text(json_at(v, "fields"), "person")));
    json_array_foreach(json_at(f, "unnamed"), i, v)
        buf_join(&b, ",", arena_printf(mem, "?%s", json_string_value(v)));
    put(o, "people", b.n ? sorted(mem, buf_str(&b)) : NULL, false);
    struct buf g = BUF_ON(mem);
    buf_join(&g, ",", keys_of(mem, json_at(f, "partners")));
    buf_join(&g, ",", world_key(json_text(f, "partner")));
    buf_join(&g, ",", world_key(json_text(f, "customer")));
    put(o, "orgs", g.n ? sorted(mem, buf_str(&g)) : NULL, true);
}

static void take_record(struct arena *mem, struct outcome *o, const json_t *reply, const json_t *records)
{
    const json_t *record = json_array_get(records, 0), *f = json_at(record, "fields");
    const char *at = json_text(f, "at"), *id = json_text(record, "id");
    take_people(mem, o, records);
    put(o, "others", number(mem, f, "others"), false);
    const char *deal = json_text(f, "deal");
    put(o, "deal", world_key(deal ? deal : id[0] == 'D' && strcmp(o->cmd, "deal.reg") ? id : NULL), is_assumed(reply, "deal"));
    put(o, "ch", unless(json_text(f, "channel"), "unknown"), is_assumed(reply, "channel"));
    put(o, "out", unless(json_text(f, "outcome"), "reached"), false);
    put(o, "stance", json_text(f, "stance"), false);
    put(o, "layer", json_text(f, "layer"), is_assumed(reply, "layer"));
    put(o, "from", world_key(json_text(f, "from")), false);
    put(o, "min", number(mem, f, "minutes"), is_assumed(reply, "minutes"));
    put(o, "at", at ? arena_strndup(mem, at, 16) : NULL, is_assumed(reply, "at"));
    at = json_text(f, "due");
    put(o, "due", at ? arena_strndup(mem, at, 16) : NULL, is_assumed(reply, "due"));
    put(o, "level", json_text(f, "visibility"), false);
    if (json_text(f, "currency"))
        put(o, "money", arena_printf(mem, "%lld %s", (long long)json_int(f, "value_minor", 0),
                            json_text(f, "currency")), false);
    put(o, "note", json_text(f, "note"), false);
    o->name = json_text(f, "name");
}

/* A signature is shown before it is stored (R98); what counts is what was read, so the
 * first answer is given. NULL: nothing of a card was asked. */
static const char *confirm_card(struct arena *mem, const struct call *c)
{
    const json_t *r = c->replies ? c->replies->json : NULL;
    if (!r || strcmp(json_text(r, "status"), "ask") != 0 || strncmp(json_text(r, "code"), "card.", 5) != 0)
        return NULL;
    return arena_strdup(mem, json_text(json_array_get(json_at(r, "buttons"), 0), "say"));
}

/* Runs the line in a transaction that is rolled back: each line meets the same world. */
static void run_line(struct engine *g, struct arena *mem, const char *who, const char *text, struct outcome *o)
{
    struct member m;
    struct call c = { .mem = mem };
    struct err e = { 0 };
    enum dispatched how;
    *o = (struct outcome){ 0 };
    if (!member_by_handle(g->db, mem, who, &m, &e) || !db_begin(g->db, &e))
        abort();
    for (const char *line = text; line; line = confirm_card(mem, &c)) {
        reply_drop_all(&c);
        engine_call(g, &c, &m, NETWORK_CONSOLE, "console", clock_now_ms());
        if (!dispatch(&c, line, false, &how, &e) && e.code != ERR_BUG && !e.key)
            (void)fprintf(stderr, "%s: %s\n", line, e.why);
    }
    const char *cmd = c.command ? c.command->id : "draft";
    for (struct reply *r = c.replies; r; r = r->next) {
        AUTO_JSON whole = reply_resolve(g->db, g->config.words, mem, json_print(mem, r->json), m.id, c.locale);
        json_t *kept_tree = json_incref(whole);
        const char *status = json_text(whole, "status"), *code = json_text(whole, "code");
        /* Which of the older records a correction is of: it was understood as one. */
        o->code = arena_strdup(mem, code);
        if (!strcmp(status, "ask") && strncmp(code, "edit.", 5) != 0)
            o->asked = true;
        else if (!strcmp(status, "refused"))
            o->refused = true;
        else if (!strcmp(status, "draft"))
            cmd = "draft";
        else if (!strncmp(code, "chatter.", 8))
            cmd = "chatter";
        o->cmd = cmd;
        if (!o->asked && r == c.replies && json_array_size(json_at(whole, "records")))
            take_record(mem, o, whole, json_at(whole, "records"));
        world_keep(kept_tree);
    }
    /* A refusal names the next step: as good as a question, and it knows the command. */
    put(o, "cmd", o->asked ? "ask" : arena_strdup(mem, cmd), false);
    o->asked = o->asked || o->refused;
    reply_drop_all(&c);
    db_rollback(g->db);
    if (!names_reload(g->names, g->db, &e))
        abort();
}

struct expected {
    const char *value[FIELDS];
    bool assumed[FIELDS];
    const char *about;
};

static void parse_expected(struct arena *mem, char *text, struct expected *x)
{
    *x = (struct expected){ 0 };
    for (char *at = text; at && *at;) {
        char *end = strstr(at, "; "), *eq = strchr(at, '=');
        if (end)
            *end = '\0';
        if (eq) {
            bool assumed = eq > at && eq[-1] == '~';
            int i = field_index(at, (size_t)(eq - at) - assumed);
            if (!strncmp(at, "about", 5))
                x->about = eq + 1;
            else if (i < 0)
                (void)fprintf(stderr, "unknown field: %s\n", at);
            else
                x->value[i] = world_unescape(mem, eq + 1), x->assumed[i] = assumed;
        }
        at = end ? end + 2 : NULL;
    }
    int p = field_index("people", 6);
    if (x->value[p])
        x->value[p] = sorted(mem, x->value[p]);
}

static bool day_only(const char *s)
{
    return s && strlen(s) == 10;
}

/* The person a consensus was heard from may be named with `from` or without. */
static bool sources_fit(struct arena *mem, const struct expected *x, const struct outcome *o)
{
    int p = field_index("people", 6), f = field_index("from", 4);
    struct buf want = BUF_ON(mem), got = BUF_ON(mem);
    buf_join(&want, ",", x->value[p]);
    buf_join(&want, ",", x->value[f]);
    buf_join(&got, ",", o->value[p]);
    buf_join(&got, ",", o->value[f]);
    return !strcmp(sorted(mem, buf_str(&want)), sorted(mem, buf_str(&got)));
}

/* Who reads a record of this kind where nothing was said about it. */
static bool usual_level(const char *cmd, const char *level)
{
    if (!strcmp(cmd, "consensus"))
        return !strcmp(level, "deal") || !strcmp(level, "managers");
    return !strcmp(level, "all");
}

/* What was not typed may be filled in: the time, a usual length, the deal, the firms of
 * the people, the level of the kind of note; each of these is marked in the echo. */
static bool field_right(struct arena *mem, int i, const struct expected *x, const struct outcome *o)
{
    const char *name = field_names[i], *want = x->value[i], *got = o->value[i];
    if (!strcmp(name, "orgs"))
        return world_orgs_fit(mem, want, got, x->value[field_index("people", 6)], x->value[field_index("deal", 4)],
            x->value[field_index("from", 4)]);
    if (!strcmp(name, "people") || !strcmp(name, "from"))
        return sources_fit(mem, x, o);
    if (!strcmp(name, "note") && want && !got && o->name && strlen(o->name) >= strlen(want))
        return !strcmp(o->name + strlen(o->name) - strlen(want), want); /* a deal's topic */
    if (!want && got && !strcmp(name, "level"))
        return usual_level(o->value[0], got);
    if (!want && got && !strcmp(name, "at") && !strcmp(got, WORLD_NOW))
        return true;
    if (!want && (o->assumed[i] || !strcmp(name, "layer")))
        return true;
    if (want && !got)
        return !strcmp(name, "level") && !o->value[field_index("note", 4)];
    if (!want || !got)
        return want == got;
    if (day_only(want))
        return !strncmp(want, got, 10);
    return !strcmp(want, got);
}

static bool record_command(const char *cmd)
{
    static const char *const commands_[] = { "touch", "met", "consensus", "follow", "deal.reg",
        "deal.won", "deal.lost", "deal.paused", "deal.stage", NULL };
    for (int i = 0; commands_[i]; i++)
        if (!strcmp(commands_[i], cmd))
            return true;
    return false;
}

static void count_line(struct arena *mem, struct counts *n, const struct expected *x, const struct outcome *o,
    const char *line, bool show)
{
    /* Where a record is expected, a refusal is no more than a question. */
    bool made = !o->refused || !x->value[0] || !record_command(x->value[0]);
    bool exact = true, cmd_right = o->value[0] && x->value[0] && made &&
                                   (!strcmp(o->value[0], x->value[0]) || (o->refused && !strcmp(x->value[0], "ask")));
    const char *wrong = "cmd";
    n->lines++;
    for (int i = 0; field_names[i]; i++) {
        bool compare = i == 0 || (cmd_right && record_command(x->value[0]));
        n->fields[i].expected += x->value[i] != NULL;
        n->fields[i].got += o->value[i] != NULL && (x->value[i] || !o->assumed[i]);
        if (!compare)
            continue;
        bool right = i == 0 ? cmd_right : field_right(mem, i, x, o);
        n->fields[i].right += right && x->value[i];
        if (!right) {
            if (exact)
                wrong = field_names[i];
            exact = false;
        }
    }
    bool silent = !exact && !o->asked && o->value[0] && strcmp(o->value[0], "draft") != 0;
    n->exact += exact;
    n->silent += silent;
    if (show && !exact) {
        int i = field_index(wrong, strlen(wrong));
        printf("%s %s\n    %s: want %s, got %s (%s)\n", silent ? "WRONG" : "ASKED", line, wrong,
            x->value[i] ? x->value[i] : "-", o->value[i] ? o->value[i] : "-", o->code ? o->code : "-");
    }
}

/* A sheet is kept back as a whole, while its first line says so (README.md). */
static bool is_kept(FILE *f)
{
    static const char mark[] = "# Kept back";
    char first[sizeof mark] = "";
    bool kept = fread(first, 1, sizeof mark - 1, f) == sizeof mark - 1 && !strcmp(first, mark);
    rewind(f);
    return kept;
}

static void read_file(struct engine *g, const char *path, bool want_kept, bool show, struct counts *n)
{
    static char line[LINE];
    FILE *f = fopen(path, "re");
    if (!f) {
        perror(path);
        exit(2);
    }
    bool counts = is_kept(f) == want_kept;
    while (counts && fgets(line, sizeof line, f)) {
        struct arena mem = ARENA_INIT;
        line[strcspn(line, "\n")] = '\0';
        char *typed = strchr(line, '\t'), *want = typed ? strchr(typed + 1, '\t') : NULL;
        if (line[0] != '#' && want) {
            *typed++ = *want++ = '\0';
            struct expected x;
            struct outcome o;
            parse_expected(&mem, arena_strdup(&mem, want), &x);
            run_line(g, &mem, line, world_unescape(&mem, typed), &o);
            count_line(&mem, n, &x, &o, typed, show);
        }
        world_release();
        arena_finish(&mem);
    }
    (void)fclose(f);
}

static double percent(long k, long n)
{
    return n ? 100.0 * (double)k / (double)n : 0;
}

static void print_counts(const struct counts *n)
{
    printf("lines %ld · exactly right %ld (%.1f %%) · silently wrong %ld (%.1f %%)\n", n->lines, n->exact,
        percent(n->exact, n->lines), n->silent, percent(n->silent, n->lines));
    printf("%-8s %9s %9s %9s\n", "field", "expected", "precision", "recall");
    for (int i = 0; field_names[i]; i++)
        if (n->fields[i].expected)
            printf("%-8s %9ld %8.1f%% %8.1f%%\n", field_names[i], n->fields[i].expected,
                percent(n->fields[i].right, n->fields[i].got), percent(n->fields[i].right, n->fields[i].expected));
}

int main(int argc, char **argv)
{
    struct counts n = { 0 };
    bool want_kept = false, show = false;
    double bar_exact = -1, bar_silent = 101;
    struct engine *g = world_open();
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--kept"))
            want_kept = true;
        else if (!strcmp(argv[i], "--show"))
            show = true;
        else if (!strcmp(argv[i], "--bar") && i + 2 < argc) {
            bar_exact = strtod(argv[++i], NULL);
            bar_silent = 100 - strtod(argv[++i], NULL);
        } else
            read_file(g, argv[i], want_kept, show, &n);
    }
    print_counts(&n);
    world_close(g);
    bool met = percent(n.exact, n.lines) >= bar_exact && percent(n.silent, n.lines) <= bar_silent;
    if (!met)
        printf("below the bar: exactly right %.1f %%, silently wrong at most %.1f %%\n", bar_exact, bar_silent);
    return n.lines && met ? 0 : 1;
}
