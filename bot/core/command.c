#include "bot/core/command.h"

#include <stdio.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/core/silo.h"

const char *const frame_word_kinds[WORD__MAX] = { "channel", "outcome", "stance", "level",
    "partner_type", "market", "silo", "origin", "model", "deal_act", "stage", "layer",
    "title", "by", "shown", "list", "place", "partner_stage", "ask_about", "yes", "locale", "language",
    "fluency", "access", "absence", "evidence", "manner",
    "part", "confidence", "objection", "pitch", "answered", "ringi_act", "ringi_kind", "ringi_order", "medium", "style", "format", "how",
    "dated", "commission_mode", "individual", "support", "activity", "joint",
    "capability", "sourcing", "capability_tag", "sign", "task", "editable", "duty",
    "sale", "relation", "phase", "ended", "settled",
    "base", "milestone", "gate", "draft", "zone", "plan_act", "cadence" };

bool arg_accepts(const struct command *c, enum arg_type type)
{
    for (const struct arg *a = c->args; a && a->type; a++)
        if (a->type == type)
            return true;
    return false;
}

const struct command *command_find(const char *id)
{
    for (const struct command *const *c = commands; *c; c++)
        if (!strcmp((*c)->id, id))
            return *c;
    return NULL;
}

static const char *label_of(struct arena *mem, const struct catalogue *words, int locale,
    const struct arg *a)
{
    return catalogue_text(words, mem, locale, arena_printf(mem, "arg.%s", a->name), NO_ARGS);
}

char *command_usage(struct arena *mem, const struct catalogue *words, int locale,
    const struct command *c)
{
    struct buf b = BUF_ON(mem);
    const char *word = catalogue_item(words, locale, arena_printf(mem, "commands.%s.words", c->id), 0);
    buf_puts(&b, word ? word : c->id);
    for (const struct arg *a = c->args; a && a->type; a++) {
        const char *label = label_of(mem, words, locale, a);
        if (a->type == ARG_NOTE)
            buf_printf(&b, strcmp(catalogue_locale(words, locale), "ja") ? ": %s" : "：%s", label);
        else
            buf_printf(&b, a->flags & REQUIRED ? " <%s%s>" : " [%s%s]", label,
                a->flags & MANY ? "…" : "");
    }
    return arena_strdup(mem, buf_str(&b));
}

static json_t *strings(const struct catalogue *words, int locale, const char *path)
{
    json_t *list = json_array();
    for (int i = 0; i < catalogue_list(words, locale, path); i++)
        (void)json_array_append_new(list, json_string(catalogue_item(words, locale, path, i)));
    return list;
}

char *commands_json(struct arena *mem, const struct catalogue *words, int locale)
{
    AUTO_JSON list = json_array();
    for (const struct command *const *c = commands; *c; c++) {
        if ((*c)->flags & CMD_HIDDEN)
            continue;
        const char *path = arena_printf(mem, "commands.%s", (*c)->id);
        const char *summary = catalogue_string(words, locale, arena_printf(mem, "%s.summary", path));
        (void)json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:o, s:o}", "id", (*c)->id, "summary",
                summary ? summary : "", "usage", command_usage(mem, words, locale, *c), "words",
                strings(words, locale, arena_printf(mem, "%s.words", path)), "examples",
                strings(words, locale, arena_printf(mem, "%s.examples", path))));
    }
    return json_print(mem, list);
}

char *call_text(struct call *c, const char *key, const struct msg_arg *args)
{
    return catalogue_text(c->words, c->mem, c->locale, key, args);
}

char *call_word(struct call *c, enum frame_word kind, const char *value)
{
    char *added = value && kind == WORD_SILO ? silo_name(c, value) : NULL;
    return added ? added : value ? arena_strdup(c->mem,
                       catalogue_word(c->words, c->locale, frame_word_kinds[kind], value))
                 : NULL;
}

char *call_ref(struct call *c, char kind, int64_t no)
{
    return arena_printf(c->mem, "%c%lld", kind, (long long)no);
}
