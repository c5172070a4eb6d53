#include "bot/core/reader_private.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/core/ask.h"
#include "bot/text/ical.h"
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

/* The character before `at`, narrow or full-width, as ASCII; 0: there is none. */
static char ascii_before(const char *text, size_t at, size_t *from)
{
    const unsigned char *p = (const unsigned char *)text + at;
    bool narrow = at && p[-1] < 0x80, wide = at >= 3 && p[-3] == 0xEF && (p[-2] == 0xBC || p[-2] == 0xBD);
    *from = at - (narrow ? 1 : wide ? 3 : 0);
    return narrow ? (char)p[-1] : wide ? (char)((p[-2] - 0xBC) * 0x40 + p[-1] - 0x80 + 0x20) : '\0';
}

/* Behind D12 a colon ends the head before a digit too: no hour has a letter in front. */
static bool behind_ref(const char *text, size_t at)
{
    size_t from = at;
    char c;
    while (reader_digit(c = ascii_before(text, at, &from)))
        at = from;
    return c && strchr("TMNCPADFORtmncpadfor", c) && !handle_byte(ascii_before(text, from, &from));
}

/* Between an hour and its minutes, of which one is at `at` and the other before `colon`. */
static bool in_hour(const char *text, size_t n, size_t colon, size_t at)
{
    return digit_before(text, colon) && digit_at(text, n, at) && !behind_ref(text, colon);
}

/* tanaka_t, naoko.w, 0901: a name in a network rather than a word. */
static bool looks_like_handle(const char *s)
{
    size_t n = strcspn(s, " \n,:");
    for (size_t i = 0; i < n; i++)
        if (strchr("_@.", s[i]) ? i + 1 < n : reader_digit(s[i]))
            return true;
    return false;
}

/* A colon inside 14:30, https://… or line:tanaka_t belongs to the head; `handles`: of a
 * command that takes them, so that any word behind line: is one. */
static bool colon_separates(const char *text, size_t n, size_t at, bool handles)
{
    if (in_hour(text, n, at, at + 1))
        return false;
    if (at + 2 < n && text[at + 1] == '/' && text[at + 2] == '/')
        return false;
    for (const struct handle_word *w = handle_words; w->word; w++) {
        size_t k = strlen(w->word);
        if (at >= k && !strncasecmp(text + at - k, w->word, k) && at + 1 < n &&
            handle_byte(text[at + 1]) && (handles || looks_like_handle(text + at + 1)))
            return false;
    }
    return true;
}

/* Where the head ends, looked for from `from` on: its end and the note's beginning. */
static bool find_separator(const char *text, size_t n, size_t from, bool handles, size_t *head_end,
    size_t *note_at)
{
    for (size_t i = from; i < n; i++) {
        size_t wide = n - i >= 3 && !memcmp(text + i, "：", 3) ? 3 : 0;
        bool separates = text[i] == '\n' || (text[i] == ':' && colon_separates(text, n, i, handles));
        if (wide)
            separates = !in_hour(text, n, i, i + 3);
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
    bool before = false; /* Latin letters before `at` */
    for (size_t at = 0; at < t.n;) {
        struct word w[8];
        bool latin = reader_latin_at(t.s, t.n, at), inside = latin && before;
        before = latin;
        int n = inside ? 0 : catalogue_match(c->words, t.s, t.n, at, w, 8);
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

enum { HEAD_MAX = 1024 };

size_t reader_head_limit(const char *text, size_t n, size_t max)
{
    size_t at = n < max ? n : max;
    while (at < n && at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static int near_word(struct call *c, const char *typed, const char *path, int loc,
    const char **best, int cut)
{
    for (int i = 0; i < catalogue_list(c->words, loc, path); i++) {
        const char *w = catalogue_item(c->words, loc, path, i);
        struct folded f = fold_text(c->mem, w, strlen(w));
        int most = utf8_count(f.s) <= 4 && cut > 2 ? 2 : cut; /* leave is no lead */
        int d = fold_distance(typed, f.s, most);
        bool telling = utf8_count(f.s) > 2 || (utf8_count(f.s) == 2 && !memcmp(typed, f.s, 3) && (unsigned char)*typed >= 0xE0);
        if (d < most && telling) {
            *best = w;
            cut = d;
        }
    }
    return cut;
}

static int near_of_kind(struct call *c, const char *typed, const char *kind, int loc, const char **best, int cut)
{
    const char *values[48];
    int n = catalogue_values(c->words, kind, values, 48);
    for (int i = 0; i < n; i++)
        cut = near_word(c, typed, arena_printf(c->mem, "lexicon.%s.%s", kind, values[i]), loc, best, cut);
    return cut;
}

/* The channel or command that an unknown first word is closest to, or NULL. */
static const char *near_verb(struct call *c, const char *typed)
{
    const char *best = NULL;
    int cut = utf8_count(typed) <= 4 ? 2 : 3;
    for (int loc = 0; loc < catalogue_locales(c->words); loc++) {
        cut = near_of_kind(c, typed, "channel", loc, &best, cut);
        cut = near_of_kind(c, typed, "place", loc, &best, cut);
        for (const struct command *const *k = commands; *k; k++)
            if (!((*k)->flags & (CMD_HIDDEN | CMD_NUMBERED)))
                cut = near_word(c, typed, arena_printf(c->mem, "commands.%s.words", (*k)->id), loc, &best, cut);
    }
    return best;
}

/* Where a first word ends that a name stands right behind, without a space: 訪門|アクメ. */
static size_t before_name(struct call *c, const struct folded *f, size_t len)
{
    enum { FEW = 4 }; /* characters */
    struct name_hit hit[1];
    int found = 0, n = 0;
    for (size_t at = 0; at < len && n <= FEW; n++) {
        if (n >= 2 && reader_cjk_at(f->s, f->n, 0) && names_match(c->names, c->mem, f->s, f->n, at, hit, 1, &found) && found)
            return at;
        (void)utf8_next(f->s, f->n, &at);
    }
    return len;
}

/* Nothing fits: kept as a draft, with the likeliest ways on. */
static bool keep_draft(struct call *c, const char *head, size_t n, struct err *e)
{
    struct folded f = fold_text(c->mem, head, n);
    size_t len = before_name(c, &f, strcspn(f.s, " "));
    if (reader_nearly_talk(c, &f))
        return true;
    const char *word = arena_strndup(c->mem, f.s, len);
    bool han = utf8_count(word) == 2 && (unsigned char)*word >= 0xE0; /* 電和 */
    struct name_hit hit;
    bool name = names_find(c->names, c->mem, word, &hit, 1) > 0; /* 電光 is no 電話 */
    const char *near = !name && (utf8_count(word) > 2 || han) ? near_verb(c, word) : NULL;
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
    case ARG_MARKET:
        return !f->word[WORD_MARKET];
    case ARG_MILESTONE:
        return !f->word[WORD_MILESTONE];
    case ARG_MONEY:
        return !f->has_money;
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

/* The verb that stood inside is no part of the note, nor are the words that led to it. */
static void drop_verb(struct scan *s)
{
    for (int i = 0; i < s->n; i++) {
        struct token *t = &s->tokens[i];
        bool leads = t->type == TOKEN_UNKNOWN && t->at + t->len <= s->lead_end;
        if (leads || (s->verb_end && t->at >= s->verb_at && t->at + t->len <= s->verb_end))
            t->type = TOKEN_VERB;
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

/* D12 stands somewhere in the head. */
static bool has_deal_number(const struct folded *f)
{
    for (size_t i = 0; i + 1 < f->n; i++)
        if (f->s[i] == 'd' && reader_digit(f->s[i + 1]) && (!i || !reader_latin_at(f->s, f->n, i - 1)))
            return true;
    return false;
}

/* The verb that begins the line. Not where its words mean something else: follow ups is a
 * list, and 不在 田中様 somebody who was not reached. */
static const struct phrase *meant_verb(struct call *c, const struct folded *f, const char *head, size_t n, size_t *end)
{
    const struct phrase *verb = reader_verb(c, f, end);
    if (!verb || (verb->n < f->n && reader_names_list(c, head, n)))
        return NULL;
    if (verb->command && verb->command->flags & CMD_NUMBERED && !has_deal_number(f))
        return NULL;
    bool away = verb->command && !strcmp(verb->command->id, "away") && reader_cjk_at(f->s, f->n, 0);
    return away && !reader_says_away(c, head, n, true) ? NULL : verb;
}

/* zoom: Suzuki 30m, todo: call Ito fri: a word that only says what comes is no head. */
static bool labels(struct call *c, const struct folded *f)
{
    size_t n = f->n;
    while (n && f->s[n - 1] == ' ')
        n--;
    for (size_t at = 0; at < n;) {
        struct word w[8];
        int found = catalogue_match(c->words, f->s, n, at, w, 8), i = 0;
        while (i < found && strcmp(w[i].kind, "channel") && strcmp(w[i].kind, "lead"))
            i++;
        const struct folded rest = { .s = f->s + at, .n = n - at };
        size_t end = 0;
        const struct phrase *verb = reader_verb(c, &rest, &end);
        bool logs = verb && verb->command && arg_accepts(verb->command, ARG_NOTE) && !arg_accepts(verb->command, ARG_NAME);
        if (!logs && i == found)
            return false;
        at += logs ? end : w[i].len;
        while (at < n && f->s[at] == ' ')
            at++;
    }
    return n > 0;
}

/* Where the head ends and how it reads folded; its words before `*label` only say what
 * comes. */
static struct folded cut_head(struct call *c, const char *text, size_t n, bool handles, size_t *head_n,
    size_t *note_at, size_t *label)
{
    enum { LABELS = 3 }; /* todo: call: zoom: and no more, each is looked through again */
    *label = 0;
    c->f->separated = find_separator(text, n, 0, handles, head_n, note_at);
    struct folded f = fold_text(c->mem, text, *head_n);
    for (int i = 0; i < LABELS && c->f->separated && text[*head_n] != '\n' && *note_at < n && labels(c, &f); i++) {
        *label = f.n;
        c->f->separated = find_separator(text, n, *note_at, handles, head_n, note_at);
        f = fold_text(c->mem, text, *head_n);
    }
    return f;
}

/* What is being read: the text with its parts, and what was found out about it. */
struct line {
    const char *text;
    size_t n, head_n, note_at;
    size_t limit;    /* of the text: what is looked into for a head */
    struct folded f; /* the head */
    size_t skip;     /* of the text: the verb that begins it */
    size_t label;    /* of the folded head: words that only say what comes */
    bool verb;       /* a command's word begins it */
};

/* touch points Denko, follow ups: the name of a list goes on longer than the verb in it. */
static bool lists(const struct call *c, const struct line *l, size_t verb_n)
{
    struct word w[8];
    int n = catalogue_match(c->words, l->f.s, l->f.n, 0, w, 8);
    for (int i = 0; i < n; i++)
        if (!strcmp(w[i].kind, "list") && w[i].len > verb_n)
            return true;
    return false;
}

static bool asks(const char *text, size_t n)
{
    while (n && text[n - 1] == ' ')
        n--;
    return (n && text[n - 1] == '?') || (n >= 3 && !memcmp(text + n - 3, "？", 3));
}

/* no, dinner edits; 取り消して behind it takes back. `end`: of the verb, 0: there is none. */
static void find_correction(struct call *c, struct line *l, size_t end)
{
    const struct command *edit = command_find("edit");
    size_t denied = !end || c->command == edit ? reader_denial(c, &l->f, end) : 0;
    if (denied) {
        c->command = edit;
        l->skip = l->f.src[denied];
    }
    if (c->command == edit && !denied && l->head_n > l->skip && reader_takes_back(c, l->text + l->skip, l->head_n - l->skip)) {
        c->command = command_find("undo");
        l->skip = l->head_n;
    }
}

/* The command by the words that begin the line, or by what became of a deal; `s` remembers
 * what is no part of the rest. */
static void find_command(struct call *c, struct line *l, struct scan *s)
{
    size_t end = 0;
    l->f = cut_head(c, l->text, l->limit, true, &l->head_n, &l->note_at, &l->label);
    const struct phrase *verb = reader_verb(c, &l->f, &end);
    if (!verb || !verb->command || !arg_accepts(verb->command, ARG_HANDLE))
        l->f = cut_head(c, l->text, l->limit, false, &l->head_n, &l->note_at, &l->label);
    verb = meant_verb(c, &l->f, l->text, l->head_n, &end);
    bool which = !verb && !strncmp(l->f.s, "wh", 2) && asks(l->text, l->head_n); /* which deals will close? */
    bool list = verb ? verb->command && lists(c, l, verb->n) : which && lists(c, l, 0);
    c->command = list ? command_find("list") : verb && verb->command ? verb->command : verb ? command_find("kpi") : NULL;
    if (verb && verb->command && !list)
        l->skip = l->f.src[end];
    /* お客様の満足度は？ asks; it makes no customer of that name. */
    if (c->command && !c->f->separated && arg_accepts(c->command, ARG_NAME) && asks(l->text, l->head_n)) {
        c->command = NULL;
        l->skip = 0;
        verb = NULL;
    }
    l->verb = verb || list;
    find_correction(c, l, verb ? end : 0);
    s->lead_end = l->skip ? 0 : l->label;
    struct deal_act act;
    const struct command *deal = reader_deal_act(c, &l->f, &act);
    if (deal) {
        c->command = deal;
        l->skip = l->f.src[act.from];
        s->verb_at = act.end ? act.word - act.from : 0;
        s->verb_end = act.end ? act.end - act.from : 0;
    }
}

/* Suzuki: wants a quote. What was said must not be lost for a card. */
static bool loses_note(const struct call *c, const struct line *l)
{
    return c->f->separated && !l->verb && !(c->command->flags & CMD_WRITES) && c->command->args &&
           !arg_accepts(c->command, ARG_NOTE) && !arg_accepts(c->command, ARG_KPI);
}

bool read_message(struct call *c, const char *text, enum reading *out, struct err *e)
{
    *out = READING_REPLIED;
    c->f = ARENA_NEW(c->mem, struct frame);
    c->f->percent_bp = -1;
    c->f->typed = c->text;
    text = apply_replacements(c, skip_slash(text));
    size_t greeting = 0;
    if (ical_begins(text)) { /* a file: no line of it is a head */
        c->command = command_find("calendar");
        c->f->rest = text;
        *out = READING_RUN;
        return true;
    }
    if (reader_small_talk(c, text, &greeting))
        return true;
    struct line l = { .text = text + greeting, .n = strlen(text + greeting) };
    l.limit = reader_head_limit(l.text, l.n, HEAD_MAX);
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    find_command(c, &l, s);
    if (ask_settled(c, "$verb"))
        c->command = command_find(ask_settled(c, "$verb"));
    if (ask_settled(c, "$way")) /* of two ways, one behind the other */
        c->command = command_find(!strcmp(ask_settled(c, "$way"), "met") ? "met" : "touch");
    c->f->runs_on = !c->f->separated && l.limit < l.n;
    /* A card is short: a long text is not looked through for one. */
    if (l.n <= HEAD_MAX && c->member->roles != ROLE_PARTNER && !ask_settled(c, "$verb") && reader_card(c, c->command, l.text + l.skip, l.n - l.skip, out))
        return true;
    if (!c->command)
        c->command = reader_verb_behind(c, s, &l.f);
    if (!c->command)
        c->command = reader_guess(c, s, l.text, l.head_n);
    bool refused = c->command && !(c->command->may & c->member->roles);
    if (refused || (!c->command && c->member->roles == ROLE_PARTNER)) {
        (void)reply_new(c, REPLY_REFUSED, "role.refused", NO_ARGS); /* before any name is read */
        return true;
    }
    if (!c->command || loses_note(c, &l))
        return keep_draft(c, l.text, l.head_n, e);
    c->f->rest = trimmed(c->mem, l.text + l.skip, l.n - l.skip);
    if (c->f->separated)
        c->f->note = trimmed(c->mem, l.text + l.note_at, l.n - l.note_at);
    *out = READING_RUN;
    if (!(c->command->flags & CMD_RAW)) {
        if (s->command != c->command)
            scan_head(s, c, c->command, l.text + l.skip, l.head_n - l.skip);
        drop_verb(s);
        if (!resolve_frame(s, out, e) || *out == READING_REPLIED)
            return *out == READING_REPLIED && e->code == ERR_NONE;
        read_note(c);
    }
    *out = need_required(c);
    return true;
}
