#include "bot/core/ask.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/store/inbox.h"
#include "bot/store/notes.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

const char *ask_settled(const struct call *c, const char *key)
{
    return c->settled ? json_string_value(json_get(c->settled, key)) : NULL;
}

char *ask_mention(struct call *c, const char *typed)
{
    enum { DIGITS = 16 };
    char hash[SHA256_HEX];
    const char *key = fold_name(c->mem, c->words, typed);
    sha256_hex(key, strlen(key), hash);
    return arena_printf(c->mem, "@%.*s", DIGITS, hash);
}

static bool letter(char c)
{
    return c >= 'a' && c <= 'z';
}

bool ask_discreetly(struct call *c)
{
    struct folded f = fold_text(c->mem, c->text, strlen(c->text));
    struct word w[8];
    for (size_t at = 0; at < f.n; (void)utf8_next(f.s, f.n, &at)) {
        bool mid_word = at && letter(f.s[at - 1]) && letter(f.s[at]); /* Acme does not say me */
        int n = mid_word ? 0 : catalogue_match(c->words, f.s, f.n, at, w, 8);
        for (int i = 0; i < n; i++)
            if (!strcmp(w[i].kind, "offrecord_phrase") ||
                (!strcmp(w[i].kind, "level") && (!strcmp(w[i].value, "offrecord") || !strcmp(w[i].value, "me"))))
                return true;
    }
    return false;
}

/* The text that the question is about, kept where free text lives. */
static bool keep_line(struct call *c, struct err *e)
{
    if (c->line_note)
        return true;
    struct note_text t = { .author_id = c->member->id, .level = "me", .text = c->text };
    if (!note_text_add(c->db, &t, c->now_ms, e))
        return false;
    c->line_note = t.id;
    return true;
}

bool ask_question(struct call *c, struct reply *r, const char *code, const char *key,
    const struct option *options, int n, bool numbered, struct err *e)
{
    if (!keep_line(c, e))
        return false;
    AUTO_JSON list = json_array();
    for (int i = 0; i < n; i++)
        (void)json_array_append_new(list,
            json_pack("{s:s, s:s, s:s, s:s}", "label", options[i].label, "words",
                options[i].words ? options[i].words : "", "key", key, "value", options[i].value));
    AUTO_JSON bindings = c->settled ? json_deep_copy(c->settled) : json_object();
    struct ask a = { .member_id = c->member->id, .conversation = c->conversation,
        .code = code, .note_id = c->line_note, .received_ms = c->now_ms,
        .bindings = json_print(c->mem, bindings), .options = json_print(c->mem, list) };
    int64_t id = ask_add(c->db, &a, c->now_ms, e);
    if (!id)
        return false;
    for (int i = 0; i < n; i++) {
        bool number = numbered && i < n - 1;
        char *label = number ? arena_printf(c->mem, "%d %s", i + 1, options[i].label)
                             : arena_strdup(c->mem, options[i].label);
        const char *style = options[i].style ? options[i].style : i ? "plain" : "primary";
        reply_button_labelled(r, style,
            arena_printf(c->mem, "answer Q%lld %d", (long long)id, i + 1), label);
    }
    return true;
}

/* What was typed, in the two forms that are compared. */
struct typed {
    const char *text, *key;
};

static bool same(struct call *c, const struct typed *t, const char *candidate)
{
    struct folded f = fold_text(c->mem, candidate, strlen(candidate));
    return !strcmp(f.s, t->text) || !strcmp(fold_name(c->mem, c->words, candidate), t->key);
}

/* Is this what the option says: its number, its label, or one of its words? */
static bool chosen(struct call *c, const json_t *option, int number, const struct typed *t)
{
    char *end;
    if (strtol(t->text, &end, 10) == number && end != t->text && !*end)
        return true;
    if (same(c, t, json_text(option, "label")))
        return true;
    char *copy = arena_strdup(c->mem, json_text(option, "words")), *save = NULL;
    for (char *w = strtok_r(copy, "|", &save); w; w = strtok_r(NULL, "|", &save))
        if (same(c, t, w))
            return true;
    return false;
}

/* The one option with this word in its name, where no other has it: 真理. */
static const json_t *named_in_part(struct call *c, const json_t *options, const struct typed *t)
{
    const json_t *option, *found = NULL;
    size_t i;
    json_array_foreach(options, i, option)
    {
        char *copy = arena_strdup(c->mem, json_text(option, "label")), *save = NULL;
        bool part = false;
        for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
            part = part || same(c, t, w);
        if (part && found)
            return NULL;
        found = part ? option : found;
    }
    return found;
}

static bool settle(struct call *c, const struct ask *a, const json_t *option,
    struct answered *out, struct err *e)
{
    const char *value = json_text(option, "value");
    bool ends = !strcmp(value, "drop") || !strcmp(value, "keep");
    out->found = true;
    out->note_id = a->note_id;
    out->received_ms = a->received_ms;
    if (ends)
        out->outcome = arena_strdup(c->mem, value);
    if (!strcmp(value, "keep"))
        return true; /* the draft stays open */
    if (!ask_close(c->db, a->id, ends ? "dropped" : "answered", e) || ends)
        return e->code == ERR_NONE;
    struct note_text t;
    if (!note_text_read(c->db, c->mem, a->note_id, 0, c->member->id, &t, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "ask.gone", NULL, "text of question is gone") : false;
    out->text = t.text;
    out->settled = json_parse(a->bindings, strlen(a->bindings), e);
    if (!out->settled)
        return false;
    (void)json_object_set_new(out->settled, json_text(option, "key"), json_string(value));
    return true;
}

/* From the list of drafts: to be asked once more, or thrown away whatever was asked. */
static bool settle_draft(struct call *c, const struct ask *a, bool again, struct answered *out,
    struct err *e)
{
    AUTO_JSON option = json_pack("{s:s, s:s}", "value", again ? "again" : "drop", "key", "$again");
    return settle(c, a, option, out, e);
}

bool ask_answer(struct call *c, int64_t id, const char *text, struct answered *out, struct err *e)
{
    enum { ANSWER_MAX = 1024 }; /* nobody is called more than that */
    struct ask a;
    *out = (struct answered){ 0 };
    if (strnlen(text, ANSWER_MAX) == ANSWER_MAX)
        return true;
    if (!ask_find(c->db, c->mem, c->member->id, c->conversation, id, &a, e))
        return e->code == ERR_NONE;
    AUTO_JSON options = json_parse(a.options, strlen(a.options), e);
    if (!options)
        return false;
    struct folded f = fold_text(c->mem, text, strlen(text));
    struct typed t = { f.s, fold_name(c->mem, c->words, f.s) };
    size_t i;
    json_t *option;
    json_array_foreach(options, i, option)
        if (chosen(c, option, (int)i + 1, &t))
            return settle(c, &a, option, out, e);
    if (id && (!strcmp(f.s, "again") || !strcmp(f.s, "drop")))
        return settle_draft(c, &a, !strcmp(f.s, "again"), out, e);
    const json_t *part = strcmp(a.code, "which") ? NULL : named_in_part(c, options, &t);
    return !part || settle(c, &a, part, out, e);
}
