#include "bot/transport/slack_form.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/json.h"
#include "bot/text/utf8.h"
#include "bot/transport/slack_blocks.h"

enum { TITLE = 24, LABEL = 67, INPUT = 3000, WHO = 200, MINUTES_MAX = 1440, CHANNELS = 40, PEOPLE = 90 };

struct form {
    struct arena *mem;
    const struct catalogue *words;
    int locale;
    json_t *blocks;
    const json_t *people;
};

static char *word(const struct form *f, const char *key)
{
    return catalogue_text(f->words, f->mem, f->locale, key, NO_ARGS);
}

static json_t *plain(const struct form *f, const char *key, size_t max)
{
    return slack_plain_text(f->mem, word(f, key), max);
}

/* An input; `element` is taken over. Its block_id is its name, where errors are shown. */
static void add_input(struct form *f, const char *name, const char *label, bool optional, json_t *element)
{
    (void)json_object_set_new(element, "action_id", json_string(name));
    (void)json_array_append_new(f->blocks,
        json_pack("{s:s, s:s, s:o, s:o, s:b}", "type", "input", "block_id", name, "label",
            plain(f, label, LABEL), "element", element, "optional", optional));
}

static json_t *text_input(const struct form *f, const char *text, const char *hint, bool lines, size_t max)
{
    json_t *e = json_pack("{s:s, s:b, s:i}", "type", "plain_text_input", "multiline", lines,
        "max_length", (int)max);
    if (*text)
        (void)json_object_set_new(e, "initial_value", json_string(utf8_fit_units(f->mem, text, max)));
    if (hint)
        (void)json_object_set_new(e, "placeholder", plain(f, hint, LABEL));
    return e;
}

/* Words that the reader understands in any language; shown in the member's. */
static json_t *channel_select(const struct form *f)
{
    const char *values[CHANNELS];
    json_t *options = json_array();
    int n = catalogue_values(f->words, "channel", values, CHANNELS);
    for (int i = 0; i < n && i < CHANNELS; i++)
        (void)json_array_append_new(options,
            json_pack("{s:o, s:s}", "text",
                slack_plain_text(f->mem, catalogue_word(f->words, f->locale, "channel", values[i]), LABEL),
                "value", catalogue_word(f->words, 0, "channel", values[i])));
    return json_pack("{s:s, s:o}", "type", "static_select", "options", options);
}

/* Whom the member was in touch with last; whoever it is not is typed. */
static void add_who(struct form *f)
{
    json_t *options = json_array(), *person;
    size_t i;
    json_array_foreach(f->people, i, person)
        if (i < PEOPLE && json_text(person, "label") && json_text(person, "say"))
            (void)json_array_append_new(options, json_pack("{s:o, s:s}", "text",
                slack_plain_text(f->mem, json_text(person, "label"), LABEL), "value", json_text(person, "say")));
    bool choice = json_array_size(options) > 0;
    if (choice)
        add_input(f, "recent", "slack.form.recent", true,
            json_pack("{s:s, s:o}", "type", "static_select", "options", options));
    else
        json_decref(options);
    add_input(f, "who", choice ? "slack.form.who_else" : "slack.form.who", choice,
        text_input(f, "", "slack.form.who_hint", false, WHO));
}

static void fill_touch(struct form *f, const char *text)
{
    add_who(f);
    add_input(f, "channel", "slack.form.channel", true, channel_select(f));
    add_input(f, "minutes", "slack.form.minutes", true, text_input(f, "", NULL, false, 4));
    add_input(f, "day", "slack.form.day", true, json_pack("{s:s}", "type", "datepicker"));
    add_input(f, "note", "slack.form.note", true, text_input(f, text, NULL, true, INPUT));
}

static void fill_follow(struct form *f, const char *text)
{
    add_who(f);
    add_input(f, "day", "slack.form.day", false, json_pack("{s:s}", "type", "datepicker"));
    add_input(f, "time", "slack.form.time", true, json_pack("{s:s}", "type", "timepicker"));
    add_input(f, "note", "slack.form.note", true, text_input(f, text, NULL, true, INPUT));
}

static void fill_say(struct form *f, const char *text)
{
    add_input(f, "line", "slack.form.line", false, text_input(f, text, NULL, true, INPUT));
}

static const struct {
    const char *name, *title;
    void (*fill)(struct form *f, const char *text);
} forms[] = {
    { "say", "slack.form.say", fill_say },
    { "touch", "slack.form.touch", fill_touch },
    { "follow", "slack.form.follow", fill_follow },
};

bool slack_form_has_people(const char *name)
{
    return strcmp(name, "say") != 0;
}

json_t *slack_form(struct arena *mem, const struct catalogue *words, int locale,
    const struct slack_form *form)
{
    struct form f = { mem, words, locale, json_array(), form->people };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (strcmp(forms[i].name, form->name) != 0)
            continue;
        forms[i].fill(&f, form->text);
        return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o}", "type", "modal", "callback_id",
            form->name, "private_metadata", form->conversation ? form->conversation : "", "title",
            plain(&f, forms[i].title, TITLE), "submit", plain(&f, "slack.form.send", TITLE), "close",
            plain(&f, "slack.form.cancel", TITLE), "blocks", f.blocks);
    }
    json_decref(f.blocks);
    return NULL;
}

/* Reading. */

static const char *value_of(struct arena *mem, const json_t *view, const char *name)
{
    static const char *const kinds[] = { "value", "selected_option.value", "selected_date", "selected_time" };
    const json_t *state = json_at(view, arena_printf(mem, "state.values.%s.%s", name, name));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *s = json_text(state, kinds[i]);
        if (s)
            return utf8_scrub(mem, s, strlen(s)); /* raw: nothing in a form is escaped */
    }
    return "";
}

static void complain(struct slack_in *in, const char *block, const char *key)
{
    if (in->n_errors < SLACK_ERRORS) {
        in->error[in->n_errors].block = block;
        in->error[in->n_errors++].key = key;
    }
}

/* A name ends at a colon: one inside would make the rest a note. */
static char *head_of(struct arena *mem, const char *who)
{
    char *s = arena_strdup(mem, who);
    for (char *p = s; *p; p++)
        if (*p == ':' || *p == '\n')
            *p = ' ';
    return s;
}

/* "zoom Tanaka Denko 45m 2026-03-02: legal agrees" */
static void read_touch(struct arena *mem, const json_t *view, struct slack_in *in, bool follow)
{
    const char *recent = head_of(mem, value_of(mem, view, "recent")), *note = value_of(mem, view, "note");
    const char *typed = head_of(mem, value_of(mem, view, "who"));
    const char *who = *recent && *typed ? arena_printf(mem, "%s %s", recent, typed) : *recent ? recent : typed;
    const char *minutes = value_of(mem, view, "minutes"), *channel = value_of(mem, view, "channel");
    const char *day = value_of(mem, view, "day"), *time = value_of(mem, view, "time");
    char *end;
    long n = strtol(minutes, &end, 10);
    struct buf b = BUF_ON(mem);
    if (!utf8_says_something(who))
        complain(in, "who", "slack.form.error.who");
    if (*minutes && (*end || n < 1 || n > MINUTES_MAX))
        complain(in, "minutes", "slack.form.error.minutes");
    if (follow && !*day)
        complain(in, "day", "slack.form.error.day");
    buf_puts(&b, follow ? "follow" : *channel ? channel : "touch");
    buf_printf(&b, " %s", who);
    if (n > 0)
        buf_printf(&b, " %ldm", n);
    if (*day)
        buf_printf(&b, " %s", day);
    if (*time)
        buf_printf(&b, " %s", time);
    if (*note)
        buf_printf(&b, ": %s", note);
    in->text = b.s;
}

void slack_form_read(struct arena *mem, const json_t *view, struct slack_in *in)
{
    const char *name = json_text(view, "callback_id");
    if (name && (!strcmp(name, "touch") || !strcmp(name, "follow"))) {
        read_touch(mem, view, in, *name == 'f');
    } else {
        in->text = value_of(mem, view, "line");
        if (!utf8_says_something(in->text))
            complain(in, "line", "slack.form.error.line");
    }
    in->too_long = strlen(in->text) > SLACK_TEXT_MAX;
}

/* The page. */

static json_t *open_button(const struct form *f, const char *form, const char *key, bool primary)
{
    json_t *b = json_pack("{s:s, s:s, s:o}", "type", "button", "action_id",
        arena_printf(f->mem, "%s%s", SLACK_OPEN, form), "text", plain(f, key, LABEL));
    if (primary)
        (void)json_object_set_new(b, "style", json_string("primary"));
    return b;
}

json_t *slack_home(struct arena *mem, const struct catalogue *words, const char *json, const char *text)
{
    struct err e;
    struct slack_page p = slack_page_open(mem, words, true);
    AUTO_JSON tree = json ? json_parse(json, strlen(json), &e) : NULL;
    const json_t *replies = tree ? json_at(tree, "replies") : NULL;
    const char *tag = json_text(json_array_get(replies, 0), "locale");
    struct form f = { mem, words, tag ? catalogue_find_locale(words, tag) : 0, p.blocks, NULL };
    static const char *const heads[] = { "home.due", "home.last" };
    size_t i;
    json_t *reply;
    if (!tree)
        slack_page_header(&p, text);
    else
        (void)json_array_append_new(p.blocks,
            json_pack("{s:s, s:[o, o]}", "type", "actions", "elements",
                open_button(&f, "touch", "slack.form.touch", true),
                open_button(&f, "follow", "slack.form.follow", false)));
    json_array_foreach(replies, i, reply)
    {
        if (i < sizeof heads / sizeof *heads)
            slack_page_header(&p, word(&f, heads[i]));
        slack_page_add(&p, reply);
    }
    return json_pack("{s:s, s:o}", "type", "home", "blocks", p.blocks);
}
