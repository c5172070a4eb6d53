#include "bot/transport/slack_manifest.h"

#include "bot/text/utf8.h"

/* Slack's limits. */
enum { DESCRIPTION = 140, SHORTCUT = 24, SHORTCUT_TEXT = 150, COMMAND_TEXT = 2000, HINT = 1000 };

/* No more than is used: whoever installs the app reads this list. */
const char *const slack_scopes[] = { "app_mentions:read", "channels:history", "chat:write",
    "commands", "files:write", "groups:history", "im:history", "im:write", "users:read", NULL };

static const char *const bot_events[] = { "app_home_opened", "app_mention", "app_uninstalled",
    "message.im", "tokens_revoked", NULL };

struct maker {
    struct arena *mem;
    const struct catalogue *words;
    int locale;
};

static const char *word(const struct maker *m, const char *key, size_t max)
{
    return utf8_fit_units(m->mem, catalogue_text(m->words, m->mem, m->locale, key, NO_ARGS), max);
}

static json_t *list(const char *const *items)
{
    json_t *array = json_array();
    for (; *items; items++)
        (void)json_array_append_new(array, json_string(*items));
    return array;
}

static json_t *shortcut(const struct maker *m, const char *type, const char *callback, const char *name,
    const char *text)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "name", word(m, name, SHORTCUT), "type", type,
        "callback_id", callback, "description", word(m, text, SHORTCUT_TEXT));
}

json_t *slack_manifest(struct arena *mem, const struct catalogue *words, int locale, const char *hint)
{
    struct maker m = { mem, words, locale };
    json_t *features = json_pack("{s:{s:b, s:b, s:b}, s:{s:s, s:b}, s:[o, o, o], s:[{s:s, s:s, s:s, s:b}]}",
        "app_home", "home_tab_enabled", 1, "messages_tab_enabled", 1, "messages_tab_read_only_enabled", 0,
        "bot_user", "display_name", "Nemawashi", "always_online", 1,
        "shortcuts",
        shortcut(&m, "global", "touch", "slack.form.touch", "slack.shortcut.touch"),
        shortcut(&m, "global", "follow", "slack.form.follow", "slack.shortcut.follow"),
        shortcut(&m, "message", "touch_message", "slack.shortcut.message", "slack.shortcut.message_text"),
        "slash_commands", "command", "/nema", "description", word(&m, "slack.command", COMMAND_TEXT),
        "usage_hint", utf8_fit_units(mem, hint, HINT), "should_escape", 1);
    return json_pack("{s:{s:i, s:i}, s:{s:s, s:s, s:s}, s:o, s:{s:{s:o}}, s:{s:{s:o}, s:{s:b}, s:b, s:b, s:b}}",
        "_metadata", "major_version", 1, "minor_version", 1,
        "display_information", "name", "Nemawashi", "description", word(&m, "slack.app", DESCRIPTION),
        "background_color", "#1d3557",
        "features", features,
        "oauth_config", "scopes", "bot", list(slack_scopes),
        "settings", "event_subscriptions", "bot_events", list(bot_events),
        "interactivity", "is_enabled", 1,
        "org_deploy_enabled", 0, "socket_mode_enabled", 1, "token_rotation_enabled", 0);
}
