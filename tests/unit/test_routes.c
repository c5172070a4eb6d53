/* Routes by which somebody could try to read what was said off the record: each is one line
 * of the table, and each fails for everybody who is neither the author nor a named reader.
 * `{T}`, `{M}`, `{N}`, `{D}` are the note's records, `{A}`, `{C}` its customer and
 * person, `{L}` the touch point that the route itself logs. A step that begins with `author:` is
 * the author's and must do what it says, `author?:` may end in a question; all others are tried
 * by each role in turn. The text holds "zqoffrecord krakatoa" and must not come back. */
#include "tests/unit/trust_world.h"
#include "bot/draw/chart.h"
#include "bot/store/follows.h"
#include "bot/store/notes.h"

enum { STEPS = 6 };
static const struct route {
    const char *name, *step[STEPS];
} routes[] = {
    { "show the touch point", { "show {T}" } },
    { "show the meeting", { "show {M}" } },
    { "show the consensus note", { "show {N}" } },
    { "show the deal it is about", { "show {D}" } },
    { "show the person who said it", { "show {C}" } },
    { "show the customer it is about", { "show {A}" } },
    { "show in the other language", { "表示 {T}", "表示 {N}" } },
    { "show in the dense style", { "style dense", "show {T}", "show {N}", "show {M}" } },
    { "timeline of the customer", { "timeline {A}" } },
    { "timeline of the person", { "timeline {C}" } },
    { "timeline of the deal", { "timeline {D}" } },
    { "find a whole word", { "find krakatoa" } },
    { "find the beginning of a word", { "find krak" } },
    { "find in the other language", { "検索 krakatoa" } },
    { "list touch points", { "list touch points {A}", "list touch points" } },
    { "list meetings", { "list meetings {A}" } },
    { "list consensus notes", { "list consensus notes {A}", "list notes" } },
    { "list drafts", { "author?:zqoffrecord krakatoa blah offrecord", "drafts", "list drafts" } },
    { "list follow-ups of the author", { "author:follow {C} tomorrow 10:00: off the record, zqoffrecord krakatoa", "list follow-ups Tomo" } },
    { "export touch points", { "export touch points" } },
    { "export meetings", { "export meetings" } },
    { "export consensus notes", { "export consensus notes", "export notes" } },
    { "export deals", { "export deals" } },
    { "export as a workbook", { "export touch points excel" } },
    { "handover of the customer", { "handover {A}" } },
    { "handover of the author's work", { "handover Tomo to Rei", "yes", "show {T}", "show {M}", "today", "list follow-ups" } },
    { "figures and what they counted", { "kpi K34", "why", "list" } },
    { "why a figure of the author", { "kpi touch points Tomo", "why", "list" } },
    { "a chart and its words", { "chart touch points by month" } },
    { "the digest", { "digest" } },
    { "headquarters' digest", { "digest hq" } },
    { "warnings", { "warnings" } },
    { "cues by what became of the deal", { "cues", "cues {A}" } },
    { "a cue put on the record", { "cue {T} silent", "show {T}" } },
    { "edit the level open", { "edit {T} all", "show {T}" } },
    { "edit the consensus note open", { "edit {N} all", "show {N}" } },
    { "edit another word of the record", { "edit {T} 90m", "show {T}" } },
    { "replace the note, then undo that", { "edit {T} all: something else", "undo {T}", "show {T}", "find krakatoa" } },
    { "correct it as if it were one's own", { "make that all", "no, all", "show {T}" } },
    { "undo what closed it", { "author:zoom {C} 20m: zqoffrecord krakatoa", "author:make that offrecord", "undo {L}", "show {L}", "find krakatoa" } },
    { "redo what opened it", { "author:edit {T} all", "author:undo {T}", "redo {T}", "show {T}" } },
    { "undo the taking away of a reader", { "author:share {T} Ada, Mori, Cora, Hal, Rei", "author:unshare {T} Ada, Mori, Cora, Hal, Rei", "undo {T}", "show {T}" } },
    { "share it with oneself", { "share {T} Rei, Mori, Cora, Hal, Ada", "show {T}" } },
    { "share the consensus note with oneself", { "share {N} Rei, Mori, Cora, Hal, Ada", "show {N}" } },
    { "merge the customer into another", { "merge {A} into Brantford", "timeline Brantford", "show {T}" } },
    { "merge the person into another", { "merge Hoshino into Iwasaki", "timeline Iwasaki", "show {T}" } },
    { "take over the deal", { "deal change {D} owner Rei", "deal change {D} co-owner Rei", "show {T}", "show {N}", "timeline {D}" } },
    { "join the deal's team by a touch point", { "zoom {C} 30m: hello", "show {T}", "show {N}", "timeline {D}" } },
    { "name who was there", { "{M} 部長 is Ogawa", "who was senior? {M}", "show {M}" } },
    { "come along as a shadow", { "shadow {M} Rei", "show {M}" } },
    { "log an identical line", { "zoom {C} 30m: same again", "show {C}", "timeline {C}" } },
    { "answer the author's question", { "author?:consensus {A} from Hoshno offrecord: zqoffrecord krakatoa", "answer Q1 1", "answer Q2 1", "1", "drafts" } },
    { "a near miss of the author's words", { "author?:zoom Zqoffrecord offrecord: zqoffrecord krakatoa", "show Krakato", "zoom Krakato: x" } },
    { "an objection off the record", { "author:objection {D} legal: off the record, zqoffrecord krakatoa", "objections {D}", "show {D}", "timeline {D}" } },
    { "a personal risk off the record", { "author:committee {D} Hoshino", "author:risk {D} Hoshino: off the record, zqoffrecord krakatoa", "committee {D}", "show {D}" } },
    { "a pitch off the record", { "author:pitch {D} away: off the record, zqoffrecord krakatoa", "show {D}", "timeline {D}" } },
    { "a lawyers' point off the record", { "author:legal {D}: off the record, zqoffrecord krakatoa", "show {D}", "legal {D}" } },
    { "a reason of the deal off the record", { "author:deal paused {D}: off the record, zqoffrecord krakatoa", "show {D}", "timeline {D}", "list deals" } },
    { "a ringi's return off the record", { "author:ringi {D} Hoshino", "author:ringi {D} returned: off the record, zqoffrecord krakatoa", "who holds {D}?", "show {D}", "show R1" } },
    { "what is said of us off the record", { "author:perception negative {A} from Hoshino: off the record, zqoffrecord krakatoa", "show {A}", "warnings" } },
    { "an NPS answer off the record", { "author:nps {C} 6: off the record, zqoffrecord krakatoa", "show {C}", "show {A}" } },
    { "a customer's systems off the record", { "author:tech {A} PHP 2011: off the record, zqoffrecord krakatoa", "show {A}", "tech {A}" } },
    { "a gate off the record", { "author:gate {A} by Halcyon: off the record, zqoffrecord krakatoa", "show {A}", "accounts gated by Halcyon" } },
    { "a lead off the record", { "author:lead {A} via Halcyon: off the record, zqoffrecord krakatoa", "list leads", "show {A}" } },
    { "a capability off the record", { "author:capability Halcyon support 2: off the record, zqoffrecord krakatoa", "capability Halcyon", "show Halcyon" } },
    { "a network's size off the record", { "author:network Halcyon 60 accounts: off the record, zqoffrecord krakatoa", "show Halcyon" } },
    { "an activity off the record", { "author:activity webinar joint Halcyon leads 4: off the record, zqoffrecord krakatoa", "show Halcyon", "list activities" } },
    { "an introduction off the record", { "author:intro {A} by Iwasaki: off the record, zqoffrecord krakatoa", "timeline {A}", "who can introduce us to {A}?" } },
};

static struct world w;
static int n_routes, n_wrong;

#define WRONG(...) (n_wrong++ < 40 ? print_error(__VA_ARGS__) : (void)0)

static char *filled(struct arena *mem, const char *step, const struct ids *id)
{
    struct buf b = BUF_ON(mem);
    for (const char *at = step; *at; at++) {
        if (at[0] != '{' || !at[1] || at[2] != '}') {
            buf_putc(&b, *at);
            continue;
        }
        switch (at[1]) {
        case 'A': buf_puts(&b, relations[OFFRECORD].customer); break;
        case 'C': buf_puts(&b, relations[OFFRECORD].person); break;
        case 'T': buf_printf(&b, "T%lld", (long long)id->touch); break;
        case 'L': buf_printf(&b, "T%lld", (long long)id->touch + 1); break;
        case 'M': buf_printf(&b, "M%lld", (long long)id->meeting); break;
        case 'N': buf_printf(&b, "N%lld", (long long)id->note); break;
        case 'D': buf_printf(&b, "D%lld", (long long)id->deal); break;
        default: fail_msg("no {%c}", at[1]);
        }
        at += 2;
    }
    return arena_strdup(mem, buf_str(&b));
}

static bool has_words(const char *text)
{
    return text && strstr(text, "zqoffrecord");
}

/* One step; true where the words came back. */
static bool take_step(struct engine *g, enum who who, const char *line, bool must, const char **shown)
{
    static char seen[64 * 1024];
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct member member;
    struct call c = { .mem = &mem };
    enum dispatched how;
    bool found = false;
    assert_true(member_by_id(g->db, &mem, w.member[who], &member, &e));
    engine_call(g, &c, &member, NETWORK_WEB, "web", clock_now_ms());
    if (!dispatch(&c, line, false, &how, &e))
        fail_msg("%s> %s: %s", cast[who].name, line, e.why);
    for (struct reply *r = c.replies; r; r = r->next) {
        const char *raw = json_print(&mem, r->json);
        if (strstr(raw, "zqoffrecord"))
            WRONG("%s> %s would store the words: %s\n", cast[who].name, line, raw);
        reply_show(g->db, g->config.words, &mem, r->json, member.id, c.locale);
        const char *text = json_print(&mem, r->json);
        bool here = has_words(text);
        if (must && strcmp(json_text(r->json, "status"), "ok") != 0)
            WRONG("%s> %s\nplants nothing: %s\n", cast[who].name, line, text);
        for (size_t i = 0; i < json_array_size(json_at(r->json, "parts")); i++)
            here = here || has_words(file_text(&mem, json_array_get(json_at(r->json, "parts"), i)));
        if (here)
            (void)snprintf(seen, sizeof seen, "%s", text);
        found = found || here;
    }
    *shown = seen;
    reply_drop_all(&c);
    arena_finish(&mem);
    return found;
}

static void walk(const struct route *route, enum who who)
{
    struct engine *g = w.engine;
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    const char *shown;
    assert_true(db_begin(g->db, &e));
    for (int i = 0; i < STEPS && route->step[i]; i++) {
        bool must = !strncmp(route->step[i], "author:", 7), author = must || !strncmp(route->step[i], "author?:", 8);
        const char *line = filled(&mem, route->step[i] + (must ? 7 : author ? 8 : 0), &w.ids[OFFRECORD][REI]);
        if (take_step(g, author ? TOMO : who, line, must, &shown) && !author)
            WRONG("%s> %s\nreads it (%s): %s\n", cast[who].name, line, route->name, shown);
    }
    db_rollback(g->db);
    assert_true(names_reload(g->names, g->db, &e));
    names_settled(g->names);
    arena_finish(&mem);
}

static void routes__typed__all_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(routes); i++, n_routes++)
        for (int who = 0; who < ASKING; who++)
            walk(&routes[i], (enum who)who);
    assert_int_equal(n_wrong, 0);
}

/* The same lines do show what is there to be read. */
static void routes__author__reads_it(void **state)
{
    (void)state;
    struct err e = { 0 };
    const char *shown;
    char line[32];
    assert_true(db_begin(w.engine->db, &e));
    (void)snprintf(line, sizeof line, "show T%lld", (long long)w.ids[OFFRECORD][REI].touch);
    assert_true(take_step(w.engine, TOMO, line, true, &shown));
    assert_true(take_step(w.engine, TOMO, "find krakatoa", true, &shown));
    db_rollback(w.engine->db);
    assert_int_equal(n_wrong, 0);
}

static bool reads(int64_t viewer, int64_t note, int64_t rev)
{
    struct err e = { 0 };
    struct arena mem = ARENA_INIT;
    struct note_text t;
    bool may = note_text_read(engine_db(w.engine), &mem, note, rev, viewer, &t, &e);
    may = may || note_text_export(engine_db(w.engine), &mem, note, rev, viewer, &t, &e);
    arena_finish(&mem);
    return may;
}

static int64_t note_of(enum relation r)
{
    char sql[96];
    (void)snprintf(sql, sizeof sql, "select note_id from touch_point where kind = 'T' and no = %lld",
        (long long)w.ids[r][REI].touch);
    return world_number(&w, sql);
}

/* The statement itself, by viewer: also to a file, by a member who is suspended, by a
 * partner's user whom the author named, and by nobody. */
static void routes__statement__refuses(void **state)
{
    (void)state;
    for (int who = 0; who < WHO__MAX; who++)
        assert_int_equal(reads(w.member[who], note_of(OFFRECORD), 0), who == TOMO);
    assert_false(reads(0, note_of(OFFRECORD), 0) || reads(-1, note_of(OFFRECORD), 1));
    for (int who = 0; who < ASKING; who++)
        assert_int_equal(reads(w.member[who], note_of(NAMED), 0), who != PIA);
    n_routes += 4;
}

/* Through a reminder: a colleague's follow-up with the same person. */
static void routes__reminder__tells_no_words(void **state)
{
    (void)state;
    world_set(&w, REI, "follow Hoshino tomorrow 09:00");
    clock_hold(clock_now_ms() + 24 * 60 * MINUTE_MS);
    world_forget(&w);
    w.listens = w.member[REI];
    (void)engine_tick(w.engine);
    if (!strstr(world_told(&w), "Hoshino") || has_words(world_told(&w)))
        WRONG("a reminder shows: %s\n", world_told(&w));
    w.listens = 0;
    n_routes++;
    assert_int_equal(n_wrong, 0);
}

/* Through one's own conversation: what was open when it was answered is closed in it too. */
static void routes__history__is_closed_afterwards(void **state)
{
    (void)state;
    char line[64];
    world_set(&w, TOMO, "zoom Hoshino 20m: zqoffrecord krakatoa");
    (void)snprintf(line, sizeof line, "show T%lld", (long long)world_number(&w, "select max(no) from touch_point where kind = 'T'"));
    world_say(&w, REI, line);
    assert_true(has_words(world_told(&w))); /* all may read it so far */
    world_set(&w, TOMO, "make that offrecord");
    for (int who = 0; who < ASKING; who++) {
        struct event *ev = event_create(EVENT_HISTORY, NETWORK_WEB, 1);
        ev->member_id = w.member[who];
        ev->conversation = xstrdup("web");
        ev->limit = 100;
        world_forget(&w);
        engine_take(w.engine, ev);
        assert_true(w.n_told == 1);
        if (strstr(world_told(&w), "zqoffrecord"))
            WRONG("the conversation of %s shows: %s\n", cast[who].name, world_told(&w));
    }
    n_routes++;
    assert_int_equal(n_wrong, 0);
}

/* Through the table of messages and what waits to go out: no reply holds words on disk. */
static void routes__stored_replies__hold_no_words(void **state)
{
    (void)state;
    assert_true(world_number(&w, "select count(*) from message where dir = 'out'") > 30);
    assert_int_equal(world_number(&w, "select count(*) from message where instr(body, 'zq') or instr(body, 'krakatoa')"), 0);
    assert_int_equal(world_number(&w, "select count(*) from journal where instr(before, 'zqoff')"), 0);
    assert_int_equal(world_number(&w, "select count(*) from ask where instr(bindings, 'zqoff') or instr(options, 'zqoff')"), 0);
    assert_int_equal(world_number(&w, "select count(*) from focus where instr(value, 'zqoff')"), 0);
    assert_int_equal(world_number(&w, "select count(*) from name where instr(text, 'zqoff')"), 0);
    n_routes += 5;
    print_message("off the record: %d routes, each tried by %d roles\n", n_routes, ASKING);
}

static int open_all(void **state)
{
    (void)state;
    world_open(&w, ":memory:");
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    world_close(&w);
    chart_finish();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes__author__reads_it),
        cmocka_unit_test(routes__typed__all_fail),
        cmocka_unit_test(routes__statement__refuses),
        cmocka_unit_test(routes__reminder__tells_no_words),
        cmocka_unit_test(routes__history__is_closed_afterwards),
        cmocka_unit_test(routes__stored_replies__hold_no_words),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
