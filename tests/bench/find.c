/* find, with 100,000 notes that the reader may read. */
#include <stdio.h>
#include "bot/base/clock.h"
#include "bot/core/search.h"
#include "bot/store/touches.h"
#include "tests/bench/bench.h"

enum { RUNS = 40, TOUCHES = 1000, NOTES = 100000, BATCH = 1000 };

static const char *const common[] = { "the budget is decided in april", "legal asks about data residency",
    "予算は来期に確保する方針", "法務がデータの保管場所を確認中", "they want the price list again",
    "前向きに検討しますとのこと" };

static void note_text_of(char *out, size_t n, int i)
{
    (void)snprintf(out, n, "%s, call %d, %s; item%d 案件%d号", common[i % 6], i, common[(i / 6) % 6],
        i % 977, i % 991);
}

static void add_notes(struct inline_bot *b)
{
    struct err e = { 0 };
    struct db *db = engine_db(b->engine);
    for (int from = 0; from < NOTES; from += BATCH) {
        struct arena mem = ARENA_INIT;
        CHECK(db_begin(db, &e), &e);
        for (int i = from; i < from + BATCH; i++) {
            char text[256];
            note_text_of(text, sizeof text, i);
            struct note_text t = { .author_id = fill_member(i % MEMBERS), .level = "all", .market = "JP", .text = text };
            CHECK(search_add(db, &mem, &t, clock_now_ms(), &e), &e);
            struct touch p = { .kind = 'T', .member_id = t.author_id, .channel = "zoom", .outcome = "reached",
                .at_ms = clock_now_ms() - i, .note_id = t.id, .note_rev = t.rev };
            CHECK(touch_add(db, &p, clock_now_ms(), &e), &e);
        }
        CHECK(db_commit(db, &e), &e);
        arena_finish(&mem);
    }
}

static void ask(struct inline_bot *b, const char *words, const char *what)
{
    struct figure took = { 0 };
    for (int run = 0; run < RUNS; run++) {
        char text[128];
        (void)snprintf(text, sizeof text, "find %s", words);
        int64_t from = clock_ticks_us();
        inline_say(b, run, text);
        figure_add(&took, (double)(clock_ticks_us() - from) / 1000);
    }
    figure_print(what, &took, "ms", "aim <= 5");
}

void bench_find(const char *dir)
{
    struct inline_bot b;
    struct figure took = { 0 };
    char path[PATH_SIZE];
    store_copy(dir, "find", TOUCHES, path);
    inline_open(&b, path);
    int64_t from = clock_ticks_us();
    add_notes(&b);
    figure_add(&took, (double)(clock_ticks_us() - from) / NOTES);
    figure_print("a note with its touch point, stored and indexed", &took, "us", NULL);
    ask(&b, "item431", "a word of 102 notes");
    ask(&b, "案件77号", "a Japanese word of 101 notes");
    ask(&b, "予算", "two characters of 33,000 notes");
    ask(&b, "residency april", "two words of 5,600 notes");
    ask(&b, "zeppelin", "a word of none");
    inline_close(&b);
    store_remove(path);
}
