#include "bot/core/reader_private.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/core/ask.h"
#include "bot/text/utf8.h"

bool reader_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool handle_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || reader_digit(c) || c == '_' || c == '+';
}

/* One digit, ASCII or full-width, from here on. */
static bool digit_at(const char *text, size_t n, size_t at)
{
    const unsigned char *p = (const unsigned char *)text + at;
    return (at < n && reader_digit(text[at])) ||
           (at + 3 <= n && p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x90 && p[2] <= 0x99);
}

static bool digit_before(const char *text, size_t at)
{
    return (at && reader_digit(text[at - 1])) || (at >= 3 && digit_at(text, at, at - 3) && !reader_digit(text[at - 3]));
}

/* A colon inside 14:30, https://… or line:tanaka_t belongs to the head. */
static bool colon_separates(const char *text, size_t n, size_t at)
{
    if (digit_before(text, at) && digit_at(text, n, at + 1))
        return false;
    if (at + 2 < n && text[at + 1] == '/' && text[at + 2] == '/')
        return false;
    static const char *const kinds[] = { "line", "whatsapp", "wechat", "messenger",
        "kakaotalk", "telegram", "mail", "phone", "other" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t k = strlen(kinds[i]);
        if (at >= k && !strncasecmp(text + at - k, kinds[i], k) && at + 1 < n &&
            handle_byte(text[at + 1]))
            return false;
    }
    return true;
}

bool find_separator(const char *text, size_t n, size_t *head_end, size_t *note_at)
{
    for (size_t i = 0; i < n; i++) {
        size_t wide = n - i >= 3 && !memcmp(text + i, "：", 3) ? 3 : 0;
        bool separates = text[i] == '\n' || (text[i] == ':' && colon_separates(text, n, i));
        if (wide)
            separates = !(digit_before(text, i) && digit_at(text, n, i + 3));
        if (!separates)
            continue;
        *head_end = i;
        *note_at = i + (wide ? wide : 1);
        return true;
    }
    *head_end = *note_at = n;
    return false;
}

/* What the note says about itself: off the record, and cue words. */
static void read_note(struct call *c)
{
    struct frame *f = c->f;
    if (!f->note)
        return;
    struct folded t = fold_text(c->mem, f->note, strlen(f->note));
    size_t end = t.n;
    while (end && (t.s[end - 1] == ' ' || t.s[end - 1] == '.' || t.s[end - 1] == ')'))
        end--;
    for (size_t at = 0; at < t.n;) {
        struct word w[8];
        int n = at && reader_latin_at(t.s, t.n, at) && reader_latin_at(t.s, t.n, at - 1)
                    ? 0 : catalogue_match(c->words, t.s, t.n, at, w, 8);
        for (int i = 0; i < n; i++) {
            bool off = !strcmp(w[i].kind, "offrecord_phrase");
            bool last = !strcmp(w[i].kind, "level") && !strcmp(w[i].value, "offrecord") && at + w[i].len >= end;
            if ((off || last) && !f->word[WORD_LEVEL]) {
                f->word[WORD_LEVEL] = "offrecord";
                f->off_by_phrase = off;
            }
            bool known = false;
            for (int k = 0; k < f->n_cues; k++)
                known = known || !strcmp(f->cues[k], w[i].value);
            if (!strcmp(w[i].kind, "cue") && !known && f->n_cues < 8)
                f->cues[f->n_cues++] = w[i].value;
        }
        (void)utf8_next(t.s, t.n, &at);
    }
}

/* What may stand around small talk: punctuation, emoji, and drawn-out vowels. */
static bool silent(struct call *c, const char *s, size_t n)
{
    char *one = arena_strndup(c->mem, s, n);
    return !utf8_says_something(one) || !strcmp(one, "ー") || !strcmp(one, "っ");
}

/* thanks, お疲れ様です: a short human answer, nothing stored. Where more follows a greeting,
 * `*behind` is where. */
static bool chatter(struct call *c, const char *text, size_t *behind)
{
    struct folded f = fold_text(c->mem, text, strlen(text));
    if (!utf8_says_something(text)) {
        reply_new(c, REPLY_OK, "chatter.empty", NO_ARGS);
        return true;
    }
    const char *first = NULL;
    bool greeted = false, parted = false;
    for (size_t at = 0; at < f.n;) { /* 了解です、ありがとうございます〜 */
        struct word w[8];
        int n = catalogue_match(c->words, f.s, f.n, at, w, 8), i = 0;
        while (i < n && strcmp(w[i].kind, "chatter") != 0)
            i++;
        if (i < n && !first)
            first = w[i].value;
        size_t next = at;
        (void)utf8_next(f.s, f.n, &next);
        bool gap = i == n && first && silent(c, f.s + at, next - at);
        if (i == n && !gap) {
            *behind = greeted && parted ? f.src[at] : 0;
            return false;
        }
        greeted = i < n ? !strcmp(w[i].value, "hello") : greeted;
        parted = gap;
        at = i < n ? at + w[i].len : next;
    }
    reply_new(c, REPLY_OK, arena_printf(c->mem, "chatter.%s", first), NO_ARGS);
    return true;
}

static int near_word(struct call *c, const char *typed, const char *path, int loc,
    const char **best, int cut)
{
    for (int i = 0; i < catalogue_list(c->words, loc, path); i++) {
        const char *w = catalogue_item(c->words, loc, path, i);
        struct folded f = fold_text(c->mem, w, strlen(w));
        int d = fold_distance(typed, f.s, cut);
        bool telling = utf8_count(f.s) > 2 || (utf8_count(f.s) == 2 && !memcmp(typed, f.s, 3) && (unsigned char)*typed >= 0xE0);
        if (d < cut && telling) {
            *best = w;
            cut = d;
        }
    }
    return cut;
}

/* The channel or command that an unknown first word is closest to, or NULL. */
static const char *near_verb(struct call *c, const char *typed)
{
    const char *channels[48], *best = NULL;
    int cut = utf8_count(typed) <= 4 ? 2 : 3;
    int n = catalogue_values(c->words, "channel", channels, 48);
    for (int loc = 0; loc < catalogue_locales(c->words); loc++) {
        for (int i = 0; i < n; i++)
            cut = near_word(c, typed, arena_printf(c->mem, "lexicon.channel.%s", channels[i]), loc, &best, cut);
        for (const struct command *const *k = commands; *k; k++)
            if (!((*k)->flags & CMD_HIDDEN))
                cut = near_word(c, typed, arena_printf(c->mem, "commands.%s.words", (*k)->id), loc, &best, cut);
    }
    return best;
}

/* Nothing fits: kept as a draft, with the likeliest ways on. */
static bool keep_draft(struct call *c, const char *head, size_t n, struct err *e)
{
    struct folded f = fold_text(c->mem, head, n);
    size_t len = strcspn(f.s, " ");
    const char *word = arena_strndup(c->mem, f.s, len);
    bool han = utf8_count(word) == 2 && (unsigned char)*word >= 0xE0; /* 電和 */
    const char *near = utf8_count(word) > 2 || han ? near_verb(c, word) : NULL;
    struct option drop = { call_text(c, "button.drop", NO_ARGS), "drop|throw away|破棄", "drop", "quiet" };
    if (near) {
        char *typed = arena_strndup(c->mem, head, f.src[len] - f.src[0]);
        struct option options[] = {
            { call_text(c, "button.yes_this", ARGS(TXT("name", near))),
                "yes|y|はい|うん|ok", arena_printf(c->mem, "=%s", near), NULL },
            { call_text(c, "button.keep", NO_ARGS), "keep|残す", "keep", "plain" }, drop };
        struct reply *r = reply_new(c, REPLY_ASK, "verb.near", ARGS(TXT("typed", typed), TXT("near", near)));
        return ask_question(c, r, "verb.near", typed, options, 3, false, e);
    }
    struct option options[] = {
        { call_text(c, "button.as_touch", NO_ARGS), "touch|touch point|接点", "touch", NULL },
        { call_text(c, "button.as_consensus", NO_ARGS), "consensus|温度感", "consensus", "plain" }, drop };
    struct reply *r = reply_new(c, REPLY_DRAFT, "draft.kept", NO_ARGS);
    return ask_question(c, r, "draft.kept", "$verb", options, 3, false, e);
}

/* "=text" of an answer stands instead of what was typed. */
static char *apply_replacements(struct call *c, const char *text)
{
    char *s = arena_strdup(c->mem, text);
    const char *key;
    json_t *value;
    json_object_foreach(c->settled, key, value)
    {
        const char *v = json_string_value(value);
        char *at = v && v[0] == '=' ? strstr(s, key) : NULL;
        if (at)
            s = arena_printf(c->mem, "%.*s%s%s", (int)(at - s), s, v + 1, at + strlen(key));
    }
    return s;
}

static bool missing(const struct frame *f, const struct arg *a)
{
    switch (a->type) {
    case ARG_PERSON:
        return !f->n_people && !f->n_labels;
    case ARG_PARTNER:
        return !f->n_partners;
    case ARG_CUSTOMER:
        return !f->n_customers;
    case ARG_ORG:
        return !f->n_partners && !f->n_customers;
    case ARG_DEAL:
    case ARG_RECORD:
        return !f->n_refs;
    case ARG_NAME:
        return !f->name && !f->n_people && !f->n_partners && !f->n_customers;
    case ARG_STAGE:
        return !f->word[WORD_STAGE];
    case ARG_LOCALE:
        return !f->word[WORD_LOCALE];
    case ARG_ZONE:
    case ARG_TEXT:
        return !f->rest || !*f->rest;
    case ARG_WHEN:
        return !f->when.has_date && !f->when.has_time;
    default:
        return false;
    }
}

/* How it is typed, with an example that can be tapped into the composer. */
static enum reading refuse_usage(struct call *c, const struct arg *a)
{
    struct reply *r = reply_new(c, REPLY_REFUSED, "usage.missing", ARGS(TXT("what",
        call_text(c, arena_printf(c->mem, "arg.%s", a->name), NO_ARGS))));
    reply_line(r, command_usage(c->mem, c->words, c->locale, c->command));
    const char *example = catalogue_item(c->words, c->locale,
        arena_printf(c->mem, "commands.%s.examples", c->command->id), 0);
    if (example) {
        reply_soft(r, call_text(c, "usage.example", ARGS(TXT("example", example))));
        reply_button_line(r, "button.complete");
    }
    return READING_REPLIED;
}

/* The verb that stood inside is no part of the note. */
static void drop_verb(struct scan *s)
{
    for (int i = 0; i < s->n; i++)
        if (s->verb_end && s->tokens[i].at >= s->verb_at && s->tokens[i].at + s->tokens[i].len <= s->verb_end)
            s->tokens[i].type = TOKEN_VERB;
}

static const char *skip_slash(const char *text)
{
    while (*text == ' ' || *text == '\n')
        text++;
    if (!strncmp(text, "/nema ", 6))
        return text + 6;
    return *text == '/' ? text + 1 : strncmp(text, "／", 3) ? text : text + 3;
}

static char *trimmed(struct arena *mem, const char *s, size_t n)
{
    while (n && (*s == ' ' || *s == '\n')) {
        s++;
        n--;
    }
    while (n >= 3 && !memcmp(s, "　", 3)) {
        s += 3;
        n -= 3;
    }
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\n'))
        n--;
    return arena_strndup(mem, s, n);
}

/* Two times, or one that ends before it begins, answer another question than was asked. */
static bool odd_period(struct call *c)
{
    const struct frame *f = c->f;
    bool backwards = f->has_period && f->period.from_day >= f->period.to_day;
    if (f->n_periods < 2 && !backwards)
        return false;
    (void)reply_new(c, REPLY_REFUSED, backwards ? "period.backwards" : "period.two", NO_ARGS);
    reply_button_line(c->replies, "button.complete");
    return true;
}

static enum reading need_required(struct call *c)
{
    if (odd_period(c))
        return READING_REPLIED;
    for (const struct arg *a = c->command->args; a && a->type; a++)
        if ((a->flags & REQUIRED) && missing(c->f, a))
            return refuse_usage(c, a);
    return READING_RUN;
}

/* The verb that begins the line. Not where its words mean something else: follow ups is a
 * list, and 不在 田中様 somebody who was not reached. */
static const struct phrase *meant_verb(struct call *c, const struct folded *f, const char *head, size_t n, size_t *end)
{
    const struct phrase *verb = reader_verb(c, f, end);
    if (!verb || (verb->n < f->n && reader_names_list(c, head, n)))
        return NULL;
    bool away = verb->command && !strcmp(verb->command->id, "away") && reader_cjk_at(f->s, f->n, 0);
    return away && !reader_says_away(c, head, n, true) ? NULL : verb;
}

/* Where a line's verb was found, and what is left of the head without it. */
struct verb_found {
    size_t skip; /* in the text as typed */
    bool act;    /* what became of a deal: its word is left out */
    struct deal_act deal;
};

/* The command that the line's beginning means; c->command stays NULL where it means none. */
static void find_verb(struct call *c, const char *text, size_t head_n, struct verb_found *v)
{
    struct folded f = fold_text(c->mem, text, head_n);
    size_t end = 0;
    const struct phrase *verb = meant_verb(c, &f, text, head_n, &end);
    *v = (struct verb_found){ 0 };
    c->command = verb && verb->command ? verb->command : verb ? command_find("kpi") : NULL;
    if (verb && verb->command)
        v->skip = f.src[end];
    bool may_deny = !verb || c->command == command_find("edit");
    size_t denied = may_deny ? reader_denial(c, &f, verb ? end : 0) : 0;
    if (denied) {
        c->command = command_find("edit");
        v->skip = f.src[denied];
    }
    const struct command *deal = reader_deal_act(c, &f, &v->deal);
    if (deal) {
        c->command = deal;
        v->skip = f.src[v->deal.from];
        v->act = v->deal.end > 0;
    }
    if (ask_settled(c, "$verb"))
        c->command = command_find(ask_settled(c, "$verb"));
}

/* Reads the head into the frame; false where reading ends here, `*ok` as for resolving. */
static bool read_head(struct call *c, struct scan *s, const struct verb_found *v, const char *text, size_t head_n,
    enum reading *out, bool *ok, struct err *e)
{
    if (v->act) {
        s->verb_at = v->deal.word - v->deal.from;
        s->verb_end = v->deal.end - v->deal.from;
    }
    if (s->command != c->command)
        scan_head(s, c, c->command, text + v->skip, head_n - v->skip);
    drop_verb(s);
    bool resolved = resolve_frame(s, out, e);
    *ok = *out == READING_REPLIED && e->code == ERR_NONE;
    return resolved && *out != READING_REPLIED;
}

bool read_message(struct call *c, const char *text, enum reading *out, struct err *e)
{
    *out = READING_REPLIED;
    c->f = ARENA_NEW(c->mem, struct frame);
    c->f->percent_bp = -1;
    c->f->typed = c->text;
    text = apply_replacements(c, skip_slash(text));
    size_t greeting = 0;
    if (chatter(c, text, &greeting))
        return true;
    text += greeting;
    size_t n = strlen(text), head_n, note_at;
    c->f->separated = find_separator(text, n, &head_n, &note_at);
    struct verb_found v;
    find_verb(c, text, head_n, &v);
    if (!ask_settled(c, "$verb") && reader_card(c, c->command, text + v.skip, n - v.skip, out))
        return true;
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    if (!c->command)
        c->command = reader_guess(c, s, text, head_n);
    if (!c->command)
        return keep_draft(c, text, head_n, e);
    c->f->rest = trimmed(c->mem, text + v.skip, n - v.skip);
    if (c->f->separated)
        c->f->note = trimmed(c->mem, text + note_at, n - note_at);
    *out = READING_RUN;
    if (!(c->command->flags & CMD_RAW)) {
        bool ok;
        if (!read_head(c, s, &v, text, head_n, out, &ok, e))
            return ok;
        read_note(c);
    }
    *out = need_required(c);
    return true;
}
