#include "bot/transport/web_private.h"

#include <stdio.h>
#include <string.h>
#include "bot/base/json.h"

/* Every word of the page. `{n}` and `{what}` are left for the page to fill. */
static const char *const keys[] = {
    "connecting", "offline", "offline_one", "offline_many", "online", "send",
    "placeholder", "composer", "log", "members", "demo", "new_one", "new_many",
    "sending", "retry", "discard", "try", "yesterday", "suggestions", "quick", "change",
    "chart", "download", "too_long", "login_title", "login_text", "login_bad", "login_many", "logout",
    "signed_out", "role.rep", "role.manager", "role.country", "role.hq", "role.partner",
    "role.admin", "rest",
};

static const char *words_of(struct web *w, int locale)
{
    AUTO_JSON all = json_object();
    struct arena mem = ARENA_INIT;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *key = arena_printf(&mem, "web.%s", keys[i]);
        const char *text = catalogue_text(w->config.words, &mem, locale, key,
            ARGS(TXT("n", "{n}"), TXT("what", "{what}")));
        (void)json_object_set_new(all, keys[i], json_string(text));
    }
    const char *text = json_print(&w->mem, all);
    arena_finish(&mem);
    return text;
}

void web_words_init(struct web *w)
{
    int n = catalogue_locales(w->config.words);
    for (int i = 0; i < n && i < LOCALE_MAX; i++)
        w->strings[i] = words_of(w, i);
}

const char *web_refusal(const struct web *w, struct arena *mem, int locale, const char *code)
{
    const char *key = arena_printf(mem, "web.refused.%s", code);
    if (!catalogue_has(w->config.words, locale, key)) /* the engine's codes are keys */
        key = catalogue_has(w->config.words, locale, code) ? code : "web.refused.other";
    return catalogue_text(w->config.words, mem, locale, key, ARGS(TXT("code", code)));
}
