#include "bot/core/reader.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/json.h"
#include "bot/core/ask.h"
#include "bot/text/utf8.h"

static void add_phrase(struct phrases *p, const char *word, const struct command *c,
    const char *kpi)
{
    struct folded f = fold_text(&p->mem, word, strlen(word));
    if (!f.n)
        return;
    GROW(p->items, p->cap, p->n);
    p->items[p->n++] = (struct phrase){ f.s, f.n, c, kpi };
}

static int longer_first(const void *a, const void *b)
{
    const struct phrase *x = a, *y = b;
    return x->n < y->n ? 1 : x->n > y->n ? -1 : 0;
}

struct phrases *phrases_create(const struct catalogue *words)
{
    struct phrases *p = xcalloc(1, sizeof *p);
    for (int loc = 0; loc < catalogue_locales(words); loc++) {
        for (const struct command *const *c = commands; *c; c++) {
            char *path = arena_printf(&p->mem, "commands.%s.words", (*c)->id);
            for (int i = 0; i < catalogue_list(words, loc, path); i++)
                add_phrase(p, catalogue_item(words, loc, path, i), *c, NULL);
        }
        for (int k = 1; k <= 40; k++) {
            char *id = arena_printf(&p->mem, "K%d", k);
            char *path = arena_printf(&p->mem, "kpi.%s.words", id);
            for (int i = 0; i < catalogue_list(words, loc, path); i++)
                add_phrase(p, catalogue_item(words, loc, path, i), NULL, id);
        }
    }
    qsort(p->items, p->n, sizeof *p->items, longer_first);
    return p;
}

void phrases_destroy(struct phrases *p)
{
    if (!p)
        return;
    free(p->items);
    arena_finish(&p->mem);
    free(p);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool handle_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || digit(c) || c == '_' || c == '+';
}

/* One digit, ASCII or full-width, from here on. */
static bool digit_at(const char *text, size_t n, size_t at)
{
    const unsigned char *p = (const unsigned char *)text + at;
    return (at < n && digit(text[at])) ||
           (at + 3 <= n && p[0] == 0xEF && p[1] == 0xBC && p[2] >= 0x90 && p[2] <= 0x99);
}

static bool digit_before(const char *text, size_t at)
{
    return (at && digit(text[at - 1])) || (at >= 3 && digit_at(text, at, at - 3) && !digit(text[at - 3]));
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

static bool cjk_at(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_HAN || k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA;
}

static bool latin_at(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_LATIN || k == SCRIPT_DIGIT;
}

/* A verb ends at a word boundary; a short one in kanji too, and a command without
 * arguments must be the whole head: 今日 is a command, 今日 田中さんと電話 is not. */
static bool verb_fits(const struct phrase *p, const struct folded *f)
{
    bool cjk = (unsigned char)p->text[0] >= 0x80;
    if (p->n == f->n)
        return true;
    if (p->command && !p->command->args)
        return false;
    if (!cjk)
        return !latin_at(f->s, f->n, p->n);
    return utf8_count(p->text) > 2 || !cjk_at(f->s, f->n, p->n);
}

static const struct phrase *find_verb(const struct call *c, const struct folded *f)
{
    for (size_t i = 0; i < c->phrases->n; i++) {
        const struct phrase *p = &c->phrases->items[i];
        if (p->n <= f->n && !memcmp(p->text, f->s, p->n) && verb_fits(p, f))
            return p;
    }
    return NULL;
}

static bool has_token(const struct scan *s, enum token_type type, int kind)
{
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == type && (kind < 0 || (int)s->tokens[i].kind == kind))
            return true;
    return false;
}

static bool question(const char *text, size_t n)
{
    return (n >= 1 && text[n - 1] == '?') || (n >= 3 && !memcmp(text + n - 3, "？", 3));
}

static const struct phrase *phrase_in(const struct call *c, const struct folded *f, size_t from, const char *family)
{
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        if (!p->command || strncmp(p->command->id, family, strlen(family)))
            continue;
        for (size_t at = from; at + p->n <= f->n; at++)
            if (!memcmp(f->s + at, p->text, p->n) && !(latin_at(p->text, p->n, 0) &&
                    (latin_at(f->s, f->n, at + p->n) || (at && latin_at(f->s, f->n, at - 1)))))
                return p;
    }
    return NULL;
}

/* D12 won, 案件 D3 塩漬け, 商談 D2 受注: what became of a deal stands behind its number. */
static const struct command *deal_behind_number(const struct call *c, const struct folded *f, size_t *skip)
{
    static const char *const lead[] = { "deal ", "案件 ", "案件", "商談 ", "商談", "#", NULL };
    size_t at = 0, from;
    for (int i = 0; lead[i]; i++)
        if (!strncmp(f->s + at, lead[i], strlen(lead[i])))
            at += strlen(lead[i]);
    from = at;
    if (f->s[at] != 'd' || !digit(f->s[at + 1]))
        return NULL;
    for (at++; digit(f->s[at]); at++)
        ;
    const struct phrase *p = phrase_in(c, f, at, "deal.");
    struct word w[8];
    bool stage = false;
    for (size_t k = at; k < f->n && !p && !stage; (void)utf8_next(f->s, f->n, &k)) {
        int n = catalogue_match(c->words, f->s, f->n, k, w, 8);
        for (int i = 0; i < n; i++)
            stage = stage || !strcmp(w[i].kind, "stage");
    }
    if (!p && !stage)
        return NULL;
    *skip = from;
    return p ? p->command : command_find("deal.stage");
}

static bool says_channel(const struct scan *s)
{
    return has_token(s, TOKEN_WORD, WORD_CHANNEL) || has_token(s, TOKEN_WORD, WORD_PLACE) ||
           has_token(s, TOKEN_WORD, WORD_OUTCOME);
}

static bool asks_figures(struct call *c, const char *head, size_t n)
{
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    scan_head(s, c, command_find("kpi"), head, n);
    return has_token(s, TOKEN_KPI, -1) || has_token(s, TOKEN_WORD, WORD_ASK_ABOUT) || question(head, n);
}

/* Japanese puts the verb behind: 青葉 定例 60分, 田中部長とミーティング. A whole word that
 * nothing else knows; in Latin letters only the words for a contact (青葉 MTG). */
static const struct command *verb_inside(const struct call *c, struct scan *s)
{
    for (int i = 1; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        const char *word = s->text.s + t->at;
        for (size_t k = 0; t->type == TOKEN_UNKNOWN && k < c->phrases->n; k++) {
            const struct phrase *p = &c->phrases->items[k];
            bool same = p->n == t->len && !memcmp(p->text, word, p->n);
            if (!same || !p->command || !p->command->args || utf8_count(p->text) < 2)
                continue;
            bool after_cjk = cjk_at(s->text.s, s->text.n, s->tokens[i - 1].at);
            bool contact = arg_accepts(p->command, ARG_CHANNEL);
            if (!cjk_at(word, t->len, 0) && (!contact || (!after_cjk && !strcmp(p->text, "met"))))
                continue;
            s->verb_at = t->at;
            s->verb_end = t->at + t->len;
            return p->command;
        }
    }
    return NULL;
}

/* 青葉 Zoom 定例: a meeting, where the channel is one of meetings and nothing is left over. */
static const struct command *meeting_inside(const struct call *c, struct scan *s)
{
    static const char *const held[] = { "in_person", "zoom", "teams", "meet", "webex", "video" };
    bool fits = false;
    int unknown = 0;
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        unknown += t->type == TOKEN_UNKNOWN;
        for (size_t k = 0; k < sizeof held / sizeof *held; k++)
            fits = fits || (t->type == TOKEN_WORD && t->kind == WORD_CHANNEL && !strcmp(t->value, held[k]));
    }
    const struct command *inside = fits && unknown == 1 ? verb_inside(c, s) : NULL;
    if (inside && arg_accepts(inside, ARG_CHANNEL) && !arg_accepts(inside, ARG_LAYER))
        return inside;
    s->verb_at = s->verb_end = 0;
    return NULL;
}

/* my deals, follow ups: the name of a list by itself. */
static bool names_list(struct call *c, const char *head, size_t n)
{
    struct folded f = fold_text(c->mem, head, n);
    struct word w[8];
    int found = catalogue_match(c->words, f.s, f.n, 0, w, 8);
    for (int i = 0; i < found; i++)
        if (!strcmp(w[i].kind, "list") && w[i].len == f.n)
            return true;
    return false;
}

/* who is Tanaka? */
static bool names_person(const struct scan *s)
{
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == TOKEN_NAME && s->tokens[i].hits[0].kind == 'C')
            return true;
    return false;
}

/* 案件一覧みせて, 青葉のこれまでの経緯, さっきの取り消して: what is asked for stands at the
 * end, with polite words. Only what changes nothing, or takes back. */
static const struct command *asked_politely(const struct call *c, struct scan *s)
{
    const struct folded *f = &s->text;
    size_t end = f->n;
    for (bool more = true; more;) { /* strip the polite words behind it */
        more = false;
        for (size_t at = 0; at < end && !more; (void)utf8_next(f->s, f->n, &at)) {
            struct word w[8];
            int n = catalogue_match(c->words, f->s, end, at, w, 8);
            for (int i = 0; i < n && !more; i++)
                if (!strcmp(w[i].kind, "polite") && at + w[i].len == end && at) {
                    end = at;
                    more = true;
                }
        }
        while (end && f->s[end - 1] == ' ')
            end--;
    }
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        bool takes_back = p->command && !strcmp(p->command->id, "undo");
        if (!p->command || (p->command->flags & CMD_WRITES && !takes_back) || !cjk_at(p->text, p->n, 0) ||
            utf8_count(p->text) < 2 || p->n > end || memcmp(f->s + end - p->n, p->text, p->n) != 0)
            continue;
        s->verb_at = end - p->n;
        s->verb_end = f->n;
        return p->command;
    }
    return NULL;
}

/* No verb: a channel or an outcome means a touch point, a figure or a question the
 * figures, one record or name its card. NULL: nothing fits. `s` holds the head as read
 * for a touch point, which it mostly is. */
static const struct command *guess_command(struct call *c, struct scan *s, const char *head, size_t n)
{
    if (names_list(c, head, n))
        return command_find("list");
    scan_head(s, c, command_find("touch"), head, n);
    bool channel = says_channel(s);
    const struct command *meeting = channel ? meeting_inside(c, s) : NULL;
    if (meeting)
        return meeting;
    if (channel && s->tokens[0].type == TOKEN_WORD)
        return s->command;
    if (question(head, n) && !channel && names_person(s))
        return command_find("show");
    if (asks_figures(c, head, n))
        return command_find("kpi");
    if (channel)
        return s->command;
    const struct command *inside = verb_inside(c, s);
    if (!inside)
        inside = asked_politely(c, s);
    if (inside)
        return inside;
    bool one = s->n == 1 && (s->tokens[0].type == TOKEN_NAME || s->tokens[0].type == TOKEN_REF);
    return one ? command_find("show") : NULL;
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
        int n = at && latin_at(t.s, t.n, at) && latin_at(t.s, t.n, at - 1)
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

/* thanks, お疲れ様です: a short human answer, nothing stored. */
static bool chatter(struct call *c, const char *text)
{
    struct folded f = fold_text(c->mem, text, strlen(text));
    if (!utf8_says_something(text)) {
        reply_new(c, REPLY_OK, "chatter.empty", NO_ARGS);
        return true;
    }
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
        if (s->tokens[i].type == TOKEN_UNKNOWN && phrase_in(c, &t, 0, "deal."))
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

static enum reading need_required(struct call *c)
{
    for (const struct arg *a = c->command->args; a && a->type; a++)
        if ((a->flags & REQUIRED) && missing(c->f, a))
            return refuse_usage(c, a);
    return READING_RUN;
}

bool read_message(struct call *c, const char *text, enum reading *out, struct err *e)
{
    *out = READING_REPLIED;
    c->f = ARENA_NEW(c->mem, struct frame);
    c->f->percent_bp = -1;
    c->f->typed = c->text;
    text = apply_replacements(c, skip_slash(text));
    if (!c->settled && chatter(c, text))
        return true;
    size_t n = strlen(text), head_n, note_at, skip = 0, skip_folded = 0;
    c->f->separated = find_separator(text, n, &head_n, &note_at);
    struct folded f = fold_text(c->mem, text, head_n);
    const struct phrase *verb = find_verb(c, &f);
    if (verb && verb->n < f.n && names_list(c, text, head_n))
        verb = NULL; /* follow ups */
    c->command = verb && verb->command ? verb->command : verb ? command_find("kpi") : NULL;
    if (verb && verb->command)
        skip = f.src[verb->n];
    const struct command *deal = deal_behind_number(c, &f, &skip_folded);
    if (deal) {
        c->command = deal;
        skip = f.src[skip_folded];
    }
    if (ask_settled(c, "$verb"))
        c->command = command_find(ask_settled(c, "$verb"));
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    if (!c->command)
        c->command = guess_command(c, s, text, head_n);
    if (!c->command)
        return keep_draft(c, text, head_n, e);
    c->f->rest = trimmed(c->mem, text + skip, n - skip);
    if (c->f->separated)
        c->f->note = trimmed(c->mem, text + note_at, n - note_at);
    *out = READING_RUN;
    if (!(c->command->flags & CMD_RAW)) {
        if (s->command != c->command)
            scan_head(s, c, c->command, text + skip, head_n - skip);
        drop_verb(s);
        if (deal)
            drop_deal_words(c, s);
        if (!resolve_frame(s, out, e) || *out == READING_REPLIED)
            return *out == READING_REPLIED && e->code == ERR_NONE;
        read_note(c);
    }
    *out = need_required(c);
    return true;
}
