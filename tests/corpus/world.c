#include "tests/corpus/world.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/store/deals.h"
#include "bot/store/people.h"
#include "bot/store/touches.h"

enum { KEYS = 64, TREES = 16 };
static const int64_t NOW_MS = INT64_C(1772612400000); /* 2026-03-04T17:20+09:00 */

struct firm {
    const char *key, *name, *aliases, *reading;
};
struct human {
    const char *key, *name, *title, *firm, *aliases, *reading;
};

static const struct firm partners[] = {
    { "denko", "電光デジタル", "Denko Digital|Denko", "デンコウデジタル" },
    { "hakuyodo", "白楊堂", "Hakuyodo", "ハクヨウドウ" },
    { "kakyo", "架橋ソリューションズ", "Kakyo Solutions|Kakyo", NULL },
    { "hanbit", "한빛파트너스", "Hanbit Partners|Hanbit|ハンビット", NULL },
    { "southern", "Southern Cross Digital", "サザンクロス", NULL },
};
static const struct firm customers[] = {
    { "acme", "Acme", "アクメ", NULL },
    { "aoba", "青葉食品", "Aoba Foods|Aoba|あおば", NULL },
    { "sakura", "桜川銀行", "Sakuragawa Bank|Sakuragawa|さくらがわ", NULL },
    { "toyokawa", "豊川運輸", "Toyokawa Logistics|Toyokawa", NULL },
};
static const struct human people[] = {
    { "tanaka_ken", "田中 健", "部長", "denko", NULL, "タナカ ケン" },
    { "tanaka_mari", "田中 真理", NULL, "hakuyodo", NULL, "タナカ マリ" },
    { "suzuki", "鈴木 一郎", "部長", "sakura", NULL, "スズキ イチロウ" },
    { "sato", "佐藤 花子", "課長", "acme", NULL, "サトウ ハナコ" },
    { "ono", "小野 隆", NULL, "aoba", NULL, "オノ タカシ" },
    { "oono", "大野 恵", NULL, "aoba", NULL, "オオノ メグミ" },
    { "ito", "伊藤 誠", "本部長", "toyokawa", NULL, "イトウ マコト" },
    { "takahashi", "高橋", NULL, "sakura", NULL, "タカハシ" },
    { "kim", "김민수", "부장", "hanbit", "Kim Minsu", NULL },
    { "lee", "Emma Lee", NULL, "southern", NULL, NULL },
    { "watanabe", "渡辺 直子", NULL, "kakyo", "Watanabe Naoko", "ワタナベ ナオコ" },
};
static const struct {
    const char *key, *name, *customer, *partner, *state;
} deals[] = {
    { "D1", "Aoba CMS", "aoba", "denko", "open" },
    { "D2", "Sakuragawa analytics", "sakura", NULL, "open" },
    { "D3", "Acme renewal", "acme", "hakuyodo", "open" },
    { "D4", "Toyokawa pilot", "toyokawa", "kakyo", "paused" },
};
#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct {
    char id[16];
    const char *key;
} keys[KEYS];
static int n_keys;
static json_t *trees[TREES];
static int n_trees;
static struct catalogue *words;

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void remember(const char *key, char kind, int64_t id)
{
    (void)snprintf(keys[n_keys].id, sizeof keys[0].id, "%c%lld", kind, (long long)id);
    keys[n_keys++].key = key;
}

const char *world_key(const char *id)
{
    for (int i = 0; id && i < n_keys; i++)
        if (!strcmp(keys[i].id, id))
            return keys[i].key;
    return id;
}

static int64_t id_of(const char *key, char kind)
{
    for (int i = 0; key && i < n_keys; i++)
        if (keys[i].id[0] == kind && !strcmp(keys[i].key, key))
            return strtoll(keys[i].id + 1, NULL, 10);
    return 0;
}

static void add_names(struct db *db, char kind, int64_t id, const char *aliases, const char *reading)
{
    struct err e;
    struct arena mem = ARENA_INIT;
    char *copy = arena_strdup(&mem, aliases ? aliases : ""), *save = NULL;
    for (char *w = strtok_r(copy, "|", &save); w; w = strtok_r(NULL, "|", &save))
        must(name_add(db, kind, id, w, "alias", &e));
    if (reading)
        must(name_add(db, kind, id, reading, "reading", &e));
    arena_finish(&mem);
}

static void add_member(struct db *db, const char *handle, const char *role, const char *locale)
{
    struct err e;
    struct member m = { .handle = handle, .name = handle, .role = role, .market = "JP",
        .zone = "Asia/Tokyo", .locale = locale, .team = "Tokyo", .roles = role_of(role) };
    must(member_add(db, &m, NOW_MS, &e) > 0);
}

static void add_firms(struct db *db)
{
    struct err e;
    for (size_t i = 0; i < COUNT(partners); i++) {
        struct partner p = { .name = partners[i].name, .market = "JP", .stage = "active", .commission_bp = -1 };
        int64_t id = partner_add(db, &p, NOW_MS, &e);
        remember(partners[i].key, 'P', id);
        add_names(db, 'P', id, partners[i].aliases, partners[i].reading);
    }
    for (size_t i = 0; i < COUNT(customers); i++) {
        struct customer a = { .name = customers[i].name, .market = "JP" };
        int64_t id = customer_add(db, &a, NOW_MS, &e);
        remember(customers[i].key, 'A', id);
        add_names(db, 'A', id, customers[i].aliases, customers[i].reading);
    }
}

static void add_people(struct db *db)
{
    struct err e;
    for (size_t i = 0; i < COUNT(people); i++) {
        struct person p = { .name = people[i].name, .title = people[i].title,
            .partner_id = id_of(people[i].firm, 'P'), .customer_id = id_of(people[i].firm, 'A') };
        int64_t id = person_add(db, &p, NOW_MS, &e);
        remember(people[i].key, 'C', id);
        add_names(db, 'C', id, people[i].aliases, people[i].reading);
    }
}

static void touch_deal(struct db *db, int64_t member, int64_t deal, int64_t at_ms)
{
    struct err e;
    struct touch t = { .kind = 'T', .channel = "zoom", .outcome = "reached", .at_ms = at_ms,
        .member_id = member, .deal_id = deal, .customer_id = id_of("aoba", 'A'), .n_partners = 1, .n_people = 1 };
    t.partners[0] = id_of("denko", 'P');
    t.people[0] = id_of("tanaka_ken", 'C');
    must(touch_add(db, &t, NOW_MS, &e));
}

static void add_deals(struct db *db)
{
    struct err e;
    for (size_t i = 0; i < COUNT(deals); i++) {
        struct deal d = { .name = deals[i].name, .customer_id = id_of(deals[i].customer, 'A'),
            .partner_id = id_of(deals[i].partner, 'P'), .owner_id = 1, .state = deals[i].state,
            .market = "JP", .registered_ms = NOW_MS - 60 * DAY_MS };
        remember(deals[i].key, 'D', deal_add(db, &d, NOW_MS, &e));
    }
    touch_deal(db, 1, 1, NOW_MS - 3 * DAY_MS);
    touch_deal(db, 2, 1, NOW_MS - 5 * DAY_MS);
    struct champion ken = { .person_id = id_of("tanaka_ken", 'C'), .customer_id = id_of("aoba", 'A'), .since_ms = NOW_MS };
    struct champion suzuki = { .person_id = id_of("suzuki", 'C'), .customer_id = id_of("sakura", 'A'), .since_ms = NOW_MS };
    must(champion_add(db, &ken, &e) && champion_add(db, &suzuki, &e));
}

struct engine *world_open(void)
{
    struct err e;
    log_quiet(true);
    clock_hold(NOW_MS);
    words = catalogue_open(SOURCE_DIR "/locales", &e);
    must(words != NULL);
    struct engine_config config = { .db_path = ":memory:", .words = words, .team_zone = "Asia/Tokyo" };
    struct engine *g = engine_create(&config, &e);
    must(g != NULL);
    add_member(g->db, "kenji", "rep", "en");
    add_member(g->db, "haruka", "rep", "ja");
    add_member(g->db, "mika", "manager", "en");
    add_member(g->db, "jun", "manager", "ja");
    add_firms(g->db);
    add_people(g->db);
    add_deals(g->db);
    must(engine_names_changed(g, &e));
    return g;
}

void world_close(struct engine *g)
{
    engine_destroy(g);
    catalogue_close(words);
}

static bool in_list(const char *list, const char *key)
{
    size_t n = strlen(key);
    for (const char *p = list; p && *p; p += strcspn(p, ",") + (p[strcspn(p, ",")] == ','))
        if (!strncmp(p, key, n) && (p[n] == ',' || !p[n]))
            return true;
    return false;
}

static bool of_people(const char *list, const char *firm)
{
    for (size_t i = 0; list && i < COUNT(people); i++)
        if (in_list(list, people[i].key) && !strcmp(people[i].firm, firm))
            return true;
    return false;
}

static bool of_deal(const char *deal, const char *firm)
{
    for (size_t i = 0; deal && i < COUNT(deals); i++)
        if (!strcmp(deals[i].key, deal) && (!strcmp(deals[i].customer, firm) ||
                                               (deals[i].partner && !strcmp(deals[i].partner, firm))))
            return true;
    return false;
}

bool world_orgs_fit(struct arena *mem, const char *want, const char *got, const char *who,
    const char *deal, const char *from)
{
    char *save = NULL, *copy = arena_strdup(mem, want ? want : "");
    for (char *w = strtok_r(copy, ", ", &save); w; w = strtok_r(NULL, ", ", &save))
        if (!in_list(got, w) && !of_people(who, w) && !of_people(from, w))
            return false;
    copy = arena_strdup(mem, got ? got : "");
    for (char *w = strtok_r(copy, ",", &save); w; w = strtok_r(NULL, ",", &save))
        if (!(want && strstr(want, w)) && !of_people(who, w) && !of_people(from, w) && !of_deal(deal, w))
            return false;
    return true;
}

char *world_unescape(struct arena *mem, const char *s)
{
    char *copy = arena_strdup(mem, s), *to = copy;
    for (; *s; s++) {
        bool line_break = s[0] == '\\' && s[1] == 'n';
        *to++ = line_break ? '\n' : *s;
        s += line_break;
    }
    *to = '\0';
    return copy;
}

void world_keep(json_t *tree)
{
    if (n_trees < TREES)
        trees[n_trees++] = tree;
    else
        json_decref(tree);
}

void world_release(void)
{
    while (n_trees)
        json_decref(trees[--n_trees]);
}
