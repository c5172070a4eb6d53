/* The permission matrix: for every role, every command and every relation of a record to
 * the one who asks, real messages through dispatch, held against tests/permission/policy.tsv.
 * Each cell also looks for the marker words of all records: in the reply as it would be stored,
 * in the reply as the asker sees it, and in the log. */
#include "tests/unit/trust_world.h"
#include "bot/draw/chart.h"

enum { COMMANDS = 160, NAME = 24, COLUMNS = 3 + ROLES, EXAMPLES = 2 };

struct row {
    char name[NAME], shows[NAME], cell[ROLES][NAME];
};
static struct row texts[RELATIONS], rows[COMMANDS];
static int n_rows;
static struct world w;
static char log_path[64];
static int n_cells, n_messages, n_wrong;

#define WRONG(...) (n_wrong++ < 60 ? print_message(__VA_ARGS__) : (void)0) /* not into the log */

/* The policy. */

static const struct row *row_of(const char *command)
{
    for (int i = 0; i < n_rows; i++)
        if (!strcmp(rows[i].name, command))
            return &rows[i];
    return NULL;
}

static void take_row(char *line)
{
    char *cell[COLUMNS] = { 0 };
    int n = 0;
    line[strcspn(line, "\n")] = '\0';
    for (char *at = line; at && n < COLUMNS; n++)
        cell[n] = strsep(&at, "\t");
    if (n != COLUMNS)
        fail_msg("policy.tsv: %s has %d columns", line, n);
    struct row r = { 0 };
    (void)snprintf(r.name, NAME, "%s", cell[1]);
    (void)snprintf(r.shows, NAME, "%s", cell[2]);
    for (int i = 0; i < ROLES; i++)
        (void)snprintf(r.cell[i], NAME, "%s", cell[3 + i]);
    if (!strcmp(cell[0], "command")) {
        assert_true(n_rows < COMMANDS);
        rows[n_rows++] = r;
        return;
    }
    for (int i = 0; i < RELATIONS; i++)
        if (!strcmp(relations[i].name, r.name))
            texts[i] = r;
}

static void read_policy(void)
{
    char line[512];
    FILE *f = fopen(SOURCE_DIR "/tests/permission/policy.tsv", "re");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        if (line[0] != '#' && line[0] != '\n')
            take_row(line);
    (void)fclose(f);
}

static bool is(const char *cell, const char *what)
{
    return !strcmp(cell, what);
}

static void policy__commands__each_has_one_row(void **state)
{
    (void)state;
    int missing = 0;
    for (const struct command *const *c = commands; *c; c++)
        if (!row_of((*c)->id)) {
            print_error("policy.tsv has no row for the command %s\n", (*c)->id);
            missing++;
        }
    for (int i = 0; i < n_rows; i++) {
        if (!command_find(rows[i].name) || row_of(rows[i].name) != &rows[i]) {
            print_error("policy.tsv: %s is no command, or there twice\n", rows[i].name);
            missing++;
        }
        for (int role = 0; role < ROLES; role++)
            if (!is(rows[i].cell[role], "may") && !is(rows[i].cell[role], "refused"))
                fail_msg("policy.tsv: %s says '%s'", rows[i].name, rows[i].cell[role]);
    }
    for (int i = 0; i < RELATIONS; i++)
        assert_string_equal(texts[i].name, relations[i].name);
    assert_int_equal(missing, 0);
}

/* The messages: a command's own examples, about the relation's records. */

struct swap {
    const char *from, *to;
};

static char *aimed(struct arena *mem, const char *example, enum relation r, int asker)
{
    const struct ids *id = &w.ids[r][asker];
    const char *const d = arena_printf(mem, "D%lld", (long long)id->deal), *const t = arena_printf(mem, "T%lld", (long long)id->touch),
                     *const m = arena_printf(mem, "M%lld", (long long)id->meeting), *const n = arena_printf(mem, "N%lld", (long long)id->note),
                     *const f = arena_printf(mem, "F%lld", (long long)id->follow);
    const struct swap swaps[] = { { "Tanaka Denko", relations[r].person }, { "Sato Acme", relations[r].person },
        { "Aoba Foods", relations[r].customer }, { "青葉食品", relations[r].customer }, { "桜川銀行", relations[r].customer },
        { "Acme", relations[r].customer }, { "Aoba", relations[r].customer }, { "電光デジタル", relations[r].partner },
        { "白楊堂", relations[r].partner }, { "Hakuyodo", relations[r].partner }, { "Hakuhodo East", "Halcyon" },
        { "Denko", relations[r].partner }, { "Kakyo", relations[r].partner }, { "Tanaka", relations[r].person },
        { "Sato", relations[r].person }, { "Suzuki", relations[r].person }, { "鈴木", relations[r].person },
        { "Kenji", "Tomo" }, { "Mika", "Tomo" }, { "Haruka", "Osamu" }, { "Aya", "Osamu" }, { "Hana", "Pia" },
        { "T1042", t }, { "T12", t }, { "M7", m }, { "M1", m }, { "N45", n }, { "D12", d }, { "D7", d }, { "D8", d },
        { "F31", f } };
    struct buf b = BUF_ON(mem);
    for (const char *at = example; *at;) {
        size_t i = 0;
        while (i < COUNT(swaps) && strncmp(at, swaps[i].from, strlen(swaps[i].from)) != 0)
            i++;
        buf_puts(&b, i < COUNT(swaps) ? swaps[i].to : "");
        buf_add(&b, at, i < COUNT(swaps) ? 0 : 1);
        at += i < COUNT(swaps) ? strlen(swaps[i].from) : 1;
    }
    return arena_strdup(mem, buf_str(&b));
}

/* Where the words of notes are shown: lines that must show them to who may read them. */
static int probes_of(struct arena *mem, const char *command, enum relation r, int asker, const char *out[4])
{
    const struct ids *id = &w.ids[r][asker];
    int n = 0;
    if (is(command, "show")) {
        out[n++] = arena_printf(mem, "show T%lld", (long long)id->touch);
        out[n++] = arena_printf(mem, "show N%lld", (long long)id->note);
        out[n++] = arena_printf(mem, "show M%lld", (long long)id->meeting);
        out[n++] = arena_printf(mem, "show D%lld", (long long)id->deal);
    } else if (is(command, "find")) {
        out[n++] = "find krakatoa";
    } else if (is(command, "timeline")) {
        out[n++] = arena_printf(mem, "timeline %s", relations[r].customer);
        out[n++] = arena_printf(mem, "timeline %s", relations[r].person);
    } else if (is(command, "brief")) {
        out[n++] = arena_printf(mem, "brief M%lld", (long long)id->meeting);
    } else if (is(command, "export")) {
        out[n++] = "export touch points";
        out[n++] = "export meetings";
        out[n++] = "export consensus notes";
    } else if (is(command, "handover")) {
        out[n++] = arena_printf(mem, "handover %s", relations[r].customer);
    }
    return n;
}

/* One message. */

struct heard {
    bool refused, ran, wrote, showed; /* showed: the relation's marker was there */
};

/* Whom a partner's user registers a deal with it may name, and the firm's name is said back. */
static bool may_name(const char *line, int hidden)
{
    return hidden == 0 && !strncmp(line, "deal reg", 8);
}

static void look_for_others_words(const char *where, const char *line, int asker, const char *text)
{
    for (int r = 0; r < RELATIONS; r++)
        for (int of = 0; of < (r == OWN ? ASKING : 1); of++) {
            bool may = is(texts[r].cell[asker], "text") && (r != OWN || of == asker);
            if (!may && strstr(text, marker_of((enum relation)r, of)))
                WRONG("%s> %s\nshows words of '%s' in %s: %s\n", cast[asker].name, line, relations[r].name, where, text);
        }
    for (int i = 0; asker == PIA && i < 2; i++)
        if (!may_name(line, i) && strstr(text, relations[OTHER_PARTNER].hidden[i]))
            WRONG("Pia> %s\nnames another partner's: %s\n", line, text);
}

static void look_at_replies(struct call *c, const char *line, enum relation r, int asker, struct heard *out)
{
    for (struct reply *reply = c->replies; reply; reply = reply->next) {
        const char *raw = json_print(c->mem, reply->json);
        if (strstr(raw, "\"zq") || strstr(raw, "zqown") || strstr(raw, marker_of(r, asker)))
            WRONG("%s> %s\nwould store words in a reply: %s\n", cast[asker].name, line, raw);
        look_for_others_words("the stored reply", line, asker, raw);
        out->refused = out->refused || is(json_text(reply->json, "code"), "role.refused");
        reply_show(c->db, c->words, c->mem, reply->json, c->member->id, c->locale);
        const char *seen = json_print(c->mem, reply->json);
        look_for_others_words("the reply", line, asker, seen);
        const json_t *parts = json_at(reply->json, "parts");
        for (size_t i = 0; i < json_array_size(parts); i++)
            look_for_others_words("a file", line, asker, file_text(c->mem, json_array_get(parts, i)));
        out->showed = out->showed || strstr(seen, marker_of(r, asker));
        if (is(json_text(reply->json, "status"), "error"))
            WRONG("%s> %s\nfails: %s\n", cast[asker].name, line, seen);
    }
}

/* Typed, answered, looked at and taken back. */
static struct heard ask(const char *line, const char *command, enum relation r, int asker)
{
    struct engine *g = w.engine;
    struct heard out = { 0 };
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct member member;
    struct call c = { .mem = &mem };
    enum dispatched how;
    int64_t changes = world_number(&w, "select max(id) from journal");
    n_messages++;
    assert_true(db_begin(g->db, &e));
    assert_true(member_by_id(g->db, &mem, w.member[asker], &member, &e));
    engine_call(g, &c, &member, NETWORK_WEB, "web", clock_now_ms());
    if (!dispatch(&c, line, false, &how, &e))
        WRONG("%s> %s\n%s\n", cast[asker].name, line, e.why);
    look_at_replies(&c, line, r, asker, &out);
    out.wrote = world_number(&w, "select max(id) from journal") != changes;
    out.ran = c.command && is(c.command->id, command);
    db_rollback(g->db);
    assert_true(names_rolled_back(g->names, g->db, &e));
    names_settled(g->names);
    reply_drop_all(&c);
    arena_finish(&mem);
    return out;
}

/* The cells. */

static void check_cell(const struct command *k, const struct row *row, enum relation r, int asker)
{
    struct arena mem = ARENA_INIT;
    bool may = is(row->cell[asker], "may"), refused = false, let = false, wrote = false, showed = false;
    char *list = arena_printf(&mem, "commands.%s.examples", k->id);
    const char *probe[4];
    int n = probes_of(&mem, k->id, r, asker, probe), examples = catalogue_list(w.words, 0, list);
    n_cells++;
    for (int i = 0; i < n + examples && i < n + EXAMPLES; i++) {
        const char *line = i < n ? probe[i] : aimed(&mem, catalogue_item(w.words, 0, list, i - n), r, asker);
        struct heard h = ask(line, k->id, r, asker);
        refused = refused || h.refused;
        let = let || !h.refused;
        wrote = wrote || h.wrote;
        showed = showed || h.showed;
    }
    if (may && refused && !let)
        WRONG("%s may '%s' (%s), and is refused\n", cast[asker].name, k->id, relations[r].name);
    if (!may && (!refused || wrote))
        WRONG("%s may not '%s' (%s), and %s\n", cast[asker].name, k->id, relations[r].name, wrote ? "did" : "is not told so");
    bool reads = may && is(row->shows, "text") && is(texts[r].cell[asker], "text");
    if (reads && !showed)
        WRONG("%s may read what '%s' (%s) shows, and does not\n", cast[asker].name, k->id, relations[r].name);
    arena_finish(&mem);
}

static void matrix__each_cell__as_the_policy_says(void **state)
{
    (void)state;
    int console = log_to_file(log_path);
    for (const struct command *const *k = commands; *k; k++) {
        const struct row *row = row_of((*k)->id);
        for (int r = 0; row && r < RELATIONS; r++)
            for (int asker = 0; asker < ASKING; asker++)
                check_cell(*k, row, (enum relation)r, asker);
    }
    log_to_console(console);
    assert_int_equal(n_wrong, 0);
}

/* One who is suspended, and an account that nobody knows. */

static struct event *from_nobody(const char *line)
{
    struct event *ev = world_event(0, line);
    ev->network = NETWORK_LINE;
    ev->remote_user = xstrdup("line:Unobody");
    return ev;
}

/* In either language: it is that of what was typed. */
static bool is_the_sentence(const char *told)
{
    for (int loc = 0; loc < catalogue_locales(w.words); loc++) {
        const char *sentence = catalogue_string(w.words, loc, "messages.stranger.refused");
        size_t n = strlen(sentence);
        if (!strncmp(told, sentence, n) && is(told + n, "\nstranger.refused\n"))
            return true;
    }
    return false;
}

static void refuse_outsider(int who, const char *line)
{
    n_messages++;
    clock_hold(clock_now_ms() + 61000); /* a stranger is told five times a minute */
    world_forget(&w);
    w.listens = who == NOBODY ? -1 : w.member[who]; /* not the reminders of others */
    engine_take(w.engine, who == NOBODY ? from_nobody(line) : world_event(w.member[who], line));
    (void)engine_tick(w.engine);
    const char *told = world_told(&w);
    if (w.n_told != 1 || !is_the_sentence(told))
        WRONG("%s> %s\nis told more than the one sentence: %s\n", who == SUE ? "suspended" : "unknown", line, told);
}

static void matrix__outsiders__one_sentence(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    int console = log_to_file(log_path);
    for (const struct command *const *k = commands; *k; k++) {
        const char *example = catalogue_item(w.words, 0, arena_printf(&mem, "commands.%s.examples", (*k)->id), 0);
        const struct row *row = row_of((*k)->id);
        for (int r = 0; row && r < RELATIONS; r++)
            for (int who = SUE; who <= NOBODY; who++) {
                n_cells++;
                assert_string_equal(row->cell[who], "refused");
                refuse_outsider(who, aimed(&mem, example, (enum relation)r, REI));
            }
        arena_reset(&mem);
    }
    log_to_console(console);
    arena_finish(&mem);
    assert_int_equal(n_wrong, 0);
}

static void matrix__log__holds_no_words(void **state)
{
    (void)state;
    static char line[4096];
    FILE *f = fopen(log_path, "re");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        if (strstr(line, "zq") || strstr(line, "krakatoa"))
            WRONG("logged: %s", line);
    (void)fclose(f);
    assert_int_equal(n_wrong, 0);
    print_message("permission matrix: %d cells (%d roles, %d commands, %d relations), %d messages\n", n_cells, ROLES,
        n_rows, RELATIONS, n_messages);
}

static int open_all(void **state)
{
    (void)state;
    (void)snprintf(log_path, sizeof log_path, "/tmp/nemawashi-permission-XXXXXX");
    int fd = mkstemp(log_path);
    if (fd < 0 || close(fd))
        return -1;
    read_policy();
    world_open(&w, ":memory:");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    world_close(&w);
    chart_finish();
    return unlink(log_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(policy__commands__each_has_one_row),
        cmocka_unit_test(matrix__each_cell__as_the_policy_says),
        cmocka_unit_test(matrix__outsiders__one_sentence),
        cmocka_unit_test(matrix__log__holds_no_words),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
