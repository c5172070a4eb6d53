/* Holds every locale against English. Compiling all patterns takes too long for a
 * start-up; a test runs this before anything is shipped. */
#include "bot/text/catalogue_tree.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/text/message.h"

enum { NAMES_MAX = 24 };

static bool differ(struct err *e, const char *tag, const char *path, const char *what)
{
    return fail(e, ERR_USAGE, NULL, NULL, "%s.json: %s: %s", tag, path, what);
}

static bool check_list(const json_t *list, const char *tag, const char *path,
    struct err *e)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
        if (!json_is_string(item))
            return differ(e, tag, path, "a list of something else than strings");
    return true;
}

/* The same keys and kinds of value, all the way down. */
static bool check_shape(struct arena *mem, const json_t *en, const json_t *other,
    const char *tag, const char *path, struct err *e)
{
    if (!other)
        return differ(e, tag, path, "missing");
    if (!en)
        return differ(e, tag, path, "not in en.json");
    if (json_typeof(en) != json_typeof(other))
        return differ(e, tag, path, "another type than in en.json");
    if (json_is_array(other))
        return check_list(other, tag, path, e);
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)en, key, value) {
        char *below = arena_printf(mem, "%s.%s", path, key);
        if (!check_shape(mem, value, json_get(other, key), tag, below, e))
            return false;
    }
    json_object_foreach((json_t *)other, key, value)
        if (!json_get(en, key))
            return differ(e, tag, arena_printf(mem, "%s.%s", path, key),
                "not in en.json");
    return true;
}

static bool among(const char *name, const char **names, int n)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool check_names(const struct message *en, const struct message *other,
    const char *tag, const char *key, struct err *e)
{
    const char *wanted[NAMES_MAX], *used[NAMES_MAX];
    int n_wanted = message_args(en, wanted, NAMES_MAX);
    int n_used = message_args(other, used, NAMES_MAX);
    for (int i = 0; i < n_used; i++)
        if (!among(used[i], wanted, n_wanted))
            return fail(e, ERR_USAGE, NULL, NULL,
                "%s.json: messages.%s: {%s} not in en.json", tag, key, used[i]);
    for (int i = 0; i < n_wanted; i++)
        if (!among(wanted[i], used, n_used))
            return fail(e, ERR_USAGE, NULL, NULL,
                "%s.json: messages.%s: {%s} missing", tag, key, wanted[i]);
    return true;
}

static struct message *compile(const char *tag, const char *key, const char *pattern,
    struct err *e)
{
    char why[80] = "not a string";
    struct message *m = pattern ? message_create(tag, pattern, why, sizeof why) : NULL;
    if (!m)
        (void)fail(e, ERR_USAGE, NULL, NULL, "%s.json: messages.%s: %s", tag, key, why);
    return m;
}

static bool check_message(const struct catalogue *c, const struct text *t,
    struct err *e)
{
    struct message *en = compile(c->locales[0].tag, t->key, t->pattern[0], e);
    bool ok = en != NULL;
    for (int i = 1; ok && i < c->n_locales; i++) {
        struct message *m = compile(c->locales[i].tag, t->key, t->pattern[i], e);
        ok = m && check_names(en, m, c->locales[i].tag, t->key, e);
        message_destroy(m);
    }
    message_destroy(en);
    return ok;
}

bool catalogue_check(const struct catalogue *c, struct err *e)
{
    static const char *const sections[] = { "messages", "commands", "kpi", "import",
        "lexicon" };
    struct arena mem = ARENA_INIT;
    bool ok = true;
    for (int i = 0; ok && i < c->n_locales; i++) {
        for (size_t k = 0; ok && k < sizeof sections / sizeof *sections; k++)
            ok = check_shape(&mem, json_get(c->locales[0].tree, sections[k]),
                json_get(c->locales[i].tree, sections[k]), c->locales[i].tag,
                sections[k], e);
        arena_reset(&mem);
    }
    for (size_t i = 0; ok && i < c->n_texts; i++)
        ok = check_message(c, &c->texts[i], e);
    arena_finish(&mem);
    return ok;
}
