#include "bot/transport/slack_answer.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/text/utf8.h"

/* An id or an address; NULL: none, or not one. */
static const char *id_of(struct arena *mem, const json_t *tree, const char *path)
{
    const char *text = json_text(tree, path);
    return text && utf8_plain(text) ? arena_strdup(mem, text) : NULL;
}

/* What people call themselves. */
static const char *name_of(struct arena *mem, const json_t *tree, const char *path)
{
    const char *text = json_text(tree, path);
    return text && *text ? utf8_line(mem, text) : NULL;
}

bool slack_read_self(struct arena *mem, const char *body, size_t n, struct slack_self *self)
{
    struct err e;
    AUTO_JSON tree = json_parse(body, n, &e);
    const char *team = id_of(mem, tree, "team_id"), *user = id_of(mem, tree, "user_id");
    if (!team || !user)
        return false;
    self->team = team;
    self->user = user;
    self->bot = id_of(mem, tree, "bot_id");
    return true;
}

const char *slack_read_url(struct arena *mem, const char *body, size_t n, bool plain)
{
    struct err e;
    AUTO_JSON tree = json_parse(body, n, &e);
    const char *url = id_of(mem, tree, "url");
    bool good = url && (!strncmp(url, "wss://", 6) || (plain && !strncmp(url, "ws://", 5)));
    return good ? url : NULL;
}

void slack_read_who(struct arena *mem, const char *body, size_t n, struct slack_who *who)
{
    struct err e;
    AUTO_JSON tree = json_parse(body, n, &e);
    const json_t *u = json_at(tree, "user");
    *who = (struct slack_who){ .name = name_of(mem, u, "real_name"), .zone = id_of(mem, u, "tz"),
        .locale = id_of(mem, u, "locale"), .team = id_of(mem, u, "team_id"),
        .guest = json_is_true(json_at(u, "is_restricted")) || json_is_true(json_at(u, "is_ultra_restricted")) ||
                 json_is_true(json_at(u, "is_stranger")),
        .nobody = json_is_true(json_at(u, "is_bot")) || json_is_true(json_at(u, "deleted")) };
    if (!who->name)
        who->name = name_of(mem, u, "profile.real_name");
    if (!who->name)
        who->name = name_of(mem, u, "name");
}
