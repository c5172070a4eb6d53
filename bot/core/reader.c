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
        int n = catalogue_match(c->words, t.s, t.n, at, w, 8);
        if (n && at && reader_latin_at(t.s, t.n, at) && reader_latin_at(t.s, t.n, at - 1))
            n = 0;
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

/* thanks, お疲れ様です: a short human answer, nothing stored. */
static bool chatter(struct call *c, const char *text)
{
    enum { CHATTER_MAX = 400 };
    if (!utf8_says_something(text)) {
        reply_new(c, REPLY_OK, "chatter.empty", NO_ARGS);
        return true;
    }
    if (strnlen(text, CHATTER_MAX) == CHATTER_MAX)
        return false;
    struct folded f = fold_text(c->mem, text, strlen(text));
    struct word w[8];
    int n = catalogue_match(c->words, f.s, f.n, 0, w, 8);
    for (int i = 0; i < n; i++) {
        if (strcmp(w[i].kind, "chatter") || (w[i].len < f.n && utf8_says_something(f.s + w[i].len)))
            continue;
        char *key = arena_printf(c->mem, "chatter.%s", w[i].value);
        reply_new(c, REPLY_OK, key, NO_ARGS);
        return true;
    }
    return false;
}

static int near_word(struct call *c, const char *typed, const char *path, int loc,
    const char **best, int cut)
{
    for (int i = 0; i < catalogue_list(c->words, loc, path); i++) {
        const char *w = catalogue_item(c->words, loc, path, i);
        struct folded f = fold_text(c->mem, w, strlen(w));
        int d = fold_distance(typed, f.s, cut);
        if (d < cut && utf8_count(f.s) > 2) {
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
    const char *near = utf8_count(word) > 2 ? near_verb(c, word) : NULL;
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
            s->tokens[i].type = TOKEN_SKIP;
}

/* What became of the deal was said by these words: they are neither name nor note. */
static void drop_deal_words(const struct call *c, struct scan *s)
{
    for (int i = 0; i < s->n; i++) {
        struct folded t = { .s = s->text.s + s->tokens[i].at, .n = s->tokens[i].len };
        if (s->tokens[i].type == TOKEN_UNKNOWN && reader_phrase_in(c, &t, 0, "deal."))
            s->tokens[i].type = TOKEN_SKIP;
    }
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

enum { HEAD_MAX = 2048 };

/* Where a head ends at the latest: thirty people with their titles fit before it. What
 * stands behind is note and is not looked into, so that no message costs more to read
 * than this much of one. */
static size_t head_limit(const char *text, size_t n)
{
    size_t at = n < HEAD_MAX ? n : HEAD_MAX;
    while (at < n && at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* A message as it is being read: the text, where its head ends and its note begins, and
 * how much of the head the verb took. */
struct line {
    const char *text;
    size_t n, head, note, skip;
    bool deal; /* D12 won: its words are neither name nor note */
};

/* The word that begins the line, unless it says something else there. */
static const struct phrase *verb_of(struct call *c, const struct line *l, const struct folded *f)
{
    const struct phrase *verb = reader_verb(c, f);
    if (verb && verb->n < f->n && reader_names_list(c, l->text, l->head))
        return NULL; /* follow ups */
    if (verb && verb->command && !strcmp(verb->command->id, "away") && reader_cjk_at(f->s, f->n, 0) &&
        !reader_says_away(c, l->text, l->head, true))
        return NULL; /* 不在 田中様: not reached */
    return verb;
}

/* Sets c->command; NULL where nothing fits. `*card`: a business card was pasted, and
 * `*out` is what that came to. */
static void find_command(struct call *c, struct line *l, struct scan *s, bool *card, enum reading *out)
{
    struct folded f = fold_text(c->mem, l->text, l->head);
    const struct phrase *verb = verb_of(c, l, &f);
    size_t skip = 0;
    c->command = verb && verb->command ? verb->command : verb ? command_find("kpi") : NULL;
    if (verb && verb->command)
        l->skip = f.src[verb->n];
    /* A card is short: a long text is not looked through for one. */
    *card = l->n <= HEAD_MAX && !ask_settled(c, "$verb") && reader_card(c, c->command, l->text + l->skip, l->n - l->skip, out);
    if (*card)
        return;
    const struct command *deal = reader_deal_act(c, &f, &skip);
    if (deal) {
        c->command = deal;
        l->skip = f.src[skip];
        l->deal = true;
    }
    if (ask_settled(c, "$verb"))
        c->command = command_find(ask_settled(c, "$verb"));
    if (!c->command)
        c->command = reader_guess(c, s, l->text, l->head);
}

/* From the head to the frame. False only where the store failed. */
static bool read_head(struct call *c, const struct line *l, struct scan *s, enum reading *out, struct err *e)
{
    if (s->command != c->command)
        scan_head(s, c, c->command, l->text + l->skip, l->head - l->skip);
    drop_verb(s);
    if (l->deal)
        drop_deal_words(c, s);
    if (!resolve_frame(s, out, e) || *out == READING_REPLIED)
        return *out == READING_REPLIED && e->code == ERR_NONE;
    read_note(c);
    return true;
}

bool read_message(struct call *c, const char *text, enum reading *out, struct err *e)
{
    *out = READING_REPLIED;
    c->f = ARENA_NEW(c->mem, struct frame);
    c->f->percent_bp = -1;
    c->f->typed = c->text;
    struct line l = { .text = apply_replacements(c, skip_slash(text)) };
    if (!c->settled && chatter(c, l.text))
        return true;
    l.n = strlen(l.text);
    size_t limit = head_limit(l.text, l.n);
    c->f->separated = find_separator(l.text, limit, &l.head, &l.note);
    c->f->runs_on = !c->f->separated && limit < l.n;
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    bool card;
    find_command(c, &l, s, &card, out);
    if (card)
        return true;
    if (!c->command)
        return keep_draft(c, l.text, l.head, e);
    c->f->rest = trimmed(c->mem, l.text + l.skip, l.n - l.skip);
    if (c->f->separated)
        c->f->note = trimmed(c->mem, l.text + l.note, l.n - l.note);
    *out = READING_RUN;
    if (!(c->command->flags & CMD_RAW) && (!read_head(c, &l, s, out, e) || *out == READING_REPLIED))
        return *out == READING_REPLIED && e->code == ERR_NONE;
    *out = need_required(c);
    return true;
}
