/* Finds the pieces of a head, left to right, longest first. What a command does not
 * take is not looked for, so that words keep their everyday meaning elsewhere. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/scan_private.h"
#include "bot/text/utf8.h"

char *token_text(const struct scan *s, const struct token *t)
{
    uint32_t from = s->text.src[t->at], to = s->text.src[t->at + t->len];
    return arena_strndup(s->c->mem, s->head + from, to - from);
}

bool token_says(const struct scan *s, const struct token *t, const char *kind)
{
    return catalogue_match_kind(s->c->words, s->text.s, s->text.n, t->at, kind, t->len, NULL);
}

bool scan_takes(const struct scan *s, enum arg_type type)
{
    return arg_accepts(s->command, type);
}

/* Which argument lets a lexicon word in. */
static const enum arg_type word_args[WORD__MAX] = {
    [WORD_CHANNEL] = ARG_CHANNEL, [WORD_OUTCOME] = ARG_OUTCOME, [WORD_STANCE] = ARG_STANCE,
    [WORD_LEVEL] = ARG_LEVEL, [WORD_PARTNER_TYPE] = ARG_TYPE, [WORD_MARKET] = ARG_MARKET,
    [WORD_SILO] = ARG_SILO, [WORD_ORIGIN] = ARG_ORIGIN, [WORD_MODEL] = ARG_MODEL,
    [WORD_STAGE] = ARG_STAGE, [WORD_LAYER] = ARG_LAYER, [WORD_TITLE] = ARG_PERSON,
    [WORD_BY] = ARG_BY, [WORD_SHOWN] = ARG_SHOWN, [WORD_LIST] = ARG_LIST, [WORD_PLACE] = ARG_CHANNEL,
    [WORD_PARTNER_STAGE] = ARG_PARTNER_STAGE, [WORD_LOCALE] = ARG_LOCALE,
    [WORD_ASK_ABOUT] = ARG_KPI, [WORD_DEAL_ACT] = ARG_STATE, [WORD_LANGUAGE] = ARG_LANGUAGE,
    [WORD_FLUENCY] = ARG_FLUENCY, [WORD_ACCESS] = ARG_ACCESS, [WORD_ABSENCE] = ARG_ABSENCE,
    [WORD_EVIDENCE] = ARG_EVIDENCE, [WORD_MANNER] = ARG_MANNER,
    [WORD_PART] = ARG_PART, [WORD_CONFIDENCE] = ARG_CONFIDENCE, [WORD_OBJECTION] = ARG_OBJECTION,
    [WORD_PITCH] = ARG_PITCH, [WORD_ANSWERED] = ARG_ANSWERED,
    [WORD_RINGI_ACT] = ARG_RINGI_ACT, [WORD_RINGI_KIND] = ARG_RINGI_KIND, [WORD_RINGI_ORDER] = ARG_RINGI_ORDER, [WORD_MEDIUM] = ARG_MEDIUM, [WORD_STYLE] = ARG_STYLE, [WORD_FORMAT] = ARG_FORMAT,
    [WORD_HOW] = ARG_HOW,
    [WORD_DATED] = ARG_DATED, [WORD_COMMISSION_MODE] = ARG_PERCENT, [WORD_INDIVIDUAL] = ARG_TYPE,
    [WORD_SUPPORT] = ARG_SUPPORT, [WORD_ACTIVITY] = ARG_ACTIVITY, [WORD_JOINT] = ARG_JOINT,
    [WORD_CAPABILITY] = ARG_CAPABILITY, [WORD_SOURCING] = ARG_SOURCING, [WORD_CAPTAG] = ARG_CAPTAG,
    [WORD_SIGN] = ARG_SIGN, [WORD_TASK] = ARG_TASK, [WORD_EDITABLE] = ARG_EDITABLE, [WORD_DUTY] = ARG_DUTY,
    [WORD_SALE] = ARG_SALE, [WORD_RELATION] = ARG_RELATION,
    [WORD_PHASE] = ARG_PHASE, [WORD_ENDED] = ARG_ENDED, [WORD_SETTLED] = ARG_SETTLED,
    [WORD_BASE] = ARG_BASE, [WORD_MILESTONE] = ARG_MILESTONE, [WORD_GATE] = ARG_GATE, [WORD_DRAFT] = ARG_DRAFT, [WORD_ZONE] = ARG_ZONE, [WORD_PLAN_ACT] = ARG_PLAN_ACT, [WORD_CADENCE] = ARG_CADENCE,
};

bool scan_word_char(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_LATIN || k == SCRIPT_DIGIT;
}

size_t scan_any_word(const struct scan *s, size_t at, const char *const *list)
{
    for (; *list; list++) {
        size_t n = strlen(*list);
        bool latin = (unsigned char)**list < 0x80;
        if (!strncmp(s->text.s + at, *list, n) && (!latin || !scan_word_char(s->text.s, s->text.n, at + n)))
            return n;
    }
    return 0;
}

static enum arg_type key_arg(const char *key)
{
    static const struct {
        const char *key;
        enum arg_type arg;
    } keys[] = { { "reading", ARG_READING }, { "alias", ARG_ALIAS }, { "title", ARG_TITLE },
        { "seniority", ARG_SENIORITY }, { "product", ARG_PRODUCT }, { "silo", ARG_SILO },
        { "renewal", ARG_PERCENT }, { "type", ARG_TYPE },
        { "outsourced_to", ARG_SOURCING }, { "translated_from", ARG_TRANSLATED }, { "owner", ARG_MEMBER }, { "trained_at", ARG_TAG },
        { "worked_at", ARG_TAG }, { "studied_at", ARG_TAG }, { "industry", ARG_INDUSTRY },
        { "co_owner", ARG_MEMBER }, { "list_price", ARG_LIST_PRICE },
        { "team", ARG_TEAM }, { "factor", ARG_FACTOR }, { "zone", ARG_ZONE } };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!strcmp(keys[i].key, key))
            return keys[i].arg;
    return ARG_END;
}

/* Does a keyed word such as `reading` that the command takes stand at `at`? */
static bool at_key(const struct scan *s, size_t at)
{
    struct word words[8];
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, at, words, 8);
    for (int i = 0; i < n; i++)
        if (!strcmp(words[i].kind, "key") && scan_takes(s, key_arg(words[i].value)))
            return true;
    return false;
}

/* The value behind a keyed word: names of firms run to the next such word or the head's
 * end, others take a word. */
static size_t match_value(struct scan *s, size_t at, const struct word *w, struct token *t)
{
    size_t i = at + w->len, from;
    if (!scan_takes(s, key_arg(w->value)))
        return 0;
    if (!strcmp(w->value, "team") && scan_takes(s, ARG_KPI))
        return 0; /* how is my team doing: scan_team knows those there are */
    if (!strcmp(w->value, "owner")) {
        t->type = TOKEN_SKIP;
        return w->len;
    }
    if (!strcmp(w->value, "co_owner")) {
        t->type = TOKEN_PREP;
        t->key = w->value;
        return w->len;
    }
    while (i < s->text.n && (s->text.s[i] == ' ' || s->text.s[i] == '='))
        i++;
    if (!strcmp(w->value, "silo") || !strcmp(w->value, "type") || !strcmp(w->value, "translated_from"))
        return scan_one_of(s, at, i, w, t);
    if (!strcmp(w->value, "renewal"))
        return scan_renewal(s, at, i, t);
    if (!strcmp(w->value, "list_price")) {
        size_t len = 0;
        t->type = TOKEN_MONEY;
        t->key = w->value;
        return money_match(s->text.s, s->text.n, i, s->c->member->market, true, &t->money, &len, &t->doubt,
                   &t->dollar) ? i + len - at : 0;
    }
    from = i;
    bool all = !strcmp(w->value, "alias") || key_arg(w->value) == ARG_TAG || key_arg(w->value) == ARG_SOURCING;
    while (i < s->text.n && s->text.s[i] != '\n' && (all || (s->text.s[i] != ' ' && s->text.s[i] != ','))) {
        if (all && s->text.s[i] == ' ' && at_key(s, i + 1))
            break;
        i++;
    }
    if (i == from)
        return 0;
    struct token v = { .at = from, .len = i - from };
    t->type = TOKEN_VALUE;
    t->key = w->value;
    t->value = token_text(s, &v);
    return i - at;
}

static size_t match_phrase(struct scan *s, size_t at, struct token *t)
{
    if (!scan_takes(s, ARG_KPI))
        return 0;
    const struct phrases *p = s->c->phrases;
    for (size_t i = 0; i < p->n; i++) {
        const struct phrase *f = &p->items[i];
        if (!f->kpi || f->n > s->text.n - at || memcmp(s->text.s + at, f->text, f->n) ||
            (scan_word_char(f->text, f->n, f->n - 1) && scan_word_char(s->text.s, s->text.n, at + f->n)))
            continue;
        struct word list; /* list local case studies: the list, not the figure of that name */
        if (scan_takes(s, ARG_LIST) && catalogue_match_kind(s->c->words, s->text.s, s->text.n, at, "list", 0, &list) &&
            list.len >= f->n)
            return 0;
        t->type = TOKEN_KPI;
        t->value = f->kpi;
        return f->n;
    }
    return 0;
}

/* A command's word behind the names, where such words are looked for. In Latin letters
 * only those for a contact: 青葉 MTG, but not `met`, which English has everywhere. */
static size_t match_verb(struct scan *s, size_t at, struct token *t)
{
    const struct token *last = s->n ? &s->tokens[s->n - 1] : NULL;
    bool inside = last && last->type == TOKEN_UNKNOWN && last->end == at && !last->title && !last->honorific;
    const struct phrases *p = s->c->phrases;
    for (size_t i = 0; s->seek && !inside && i < p->n; i++) {
        const struct phrase *f = &p->items[i];
        bool latin = (unsigned char)f->text[0] < 0x80;
        if (!f->command || !f->command->args || f->command->flags & CMD_NUMBERED || f->n > s->text.n - at || memcmp(s->text.s + at, f->text, f->n) ||
            utf8_count(f->text) < 2)
            continue;
        if (latin && (!arg_accepts(f->command, ARG_CHANNEL) || scan_word_char(s->text.s, s->text.n, at + f->n) || !strcmp(f->text, "met")))
            continue;
        t->type = TOKEN_VERB;
        t->verb = f->command;
        return f->n;
    }
    return 0;
}

static size_t match_period(struct scan *s, size_t at, struct token *t)
{
    if (!scan_takes(s, ARG_PERIOD))
        return 0;
    size_t len = scan_day_range(s, at, t);
    len = len ? len : scan_season(s, at, t);
    if (!len && period_match(&s->c->when, s->text.s, s->text.n, at, &t->period, &len))
        t->type = TOKEN_PERIOD;
    return len;
}

static size_t match_when(struct scan *s, size_t at, struct token *t)
{
    struct when_token w = { 0 };
    if (!scan_takes(s, ARG_WHEN) && !scan_takes(s, ARG_MINUTES))
        return 0;
    /* From here on only: in TEL10分 the letters before belong to the channel. */
    if (!when_match(&s->c->when, s->text.s + at, s->text.n - at, 0, &w))
        return 0;
    if (w.ahead_only && !(s->command->flags & CMD_AHEAD))
        return 0;
    /* A length is a delay where dates look ahead: snooze 2h. */
    bool length = scan_takes(s, ARG_MINUTES) || s->command->flags & CMD_AHEAD;
    if (w.piece == WHEN_DURATION ? !length : !scan_takes(s, ARG_WHEN))
        return 0;
    t->type = TOKEN_WHEN;
    t->when = w;
    return w.len;
}

static size_t match_money(struct scan *s, size_t at, struct token *t)
{
    size_t len = 0;
    bool counted = at >= 3 && (!memcmp(s->text.s + at - 3, "数", 3) || !memcmp(s->text.s + at - 3, "何", 3));
    if (!scan_takes(s, ARG_MONEY) || counted || !money_match(s->text.s, s->text.n, at, s->c->member->market,
                                    !strncmp(s->command->id, "deal.", 5), &t->money, &len, &t->doubt, &t->dollar))
        return 0;
    t->type = TOKEN_MONEY;
    return len;
}

static int kind_index(const char *kind)
{
    for (int i = 0; i < WORD__MAX; i++)
        if (!strcmp(frame_word_kinds[i], kind))
            return i;
    return -1;
}

static bool separates(uint32_t c)
{
    bool picture = (c >= 0x2190 && c < 0x2C00) || c >= 0x1F000; /* signs and emoji */
    return picture || c == '<' || c == '>' || c == ' ' || c == '\n' || c == ',' || c == 0x3001 || c == '/' || c == ';' ||
           c == '(' || c == ')' || c == '+' || c == '&' || c == 0xB7 || c == 0x30FB ||
           c == '?' || c == '!' || c == '|' || c == '~' || c == 0x3002 || c == '"' || c == 0x300C ||
           c == 0x300D || c == 0x3010 || c == 0x3011 || c == '[' || c == ']';
}

static bool closes(uint32_t c)
{
    return c == ')' || c == 0x300D || c == 0x3011 || c == ']';
}

bool scan_separates(const struct scan *s, size_t at)
{
    return at < s->text.n && separates(utf8_next(s->text.s, s->text.n, &at));
}

/* Inside a name that is being made known, a word without a space is part of the name:
 * 架橋ソリューションズ is not 架橋, a solutions partner. */
static bool glued(const struct scan *s, size_t at, size_t len)
{
    const struct token *last = s->n ? &s->tokens[s->n - 1] : NULL;
    bool behind = last && last->type == TOKEN_UNKNOWN && last->at + last->len == at &&
                  !last->title && !last->honorific;
    size_t end = at + len;
    if (!scan_takes(s, ARG_NAME))
        return false;
    return behind || (end < s->text.n && (unsigned char)s->text.s[end] >= 0x80 &&
                         (unsigned char)s->text.s[at] >= 0x80 &&
                         !separates(utf8_next(s->text.s, s->text.n, &end)));
}

/* 役員|会 and 情報|交換 are words of their own: in kanji only a name or a word that stands
 * there for itself goes on without a particle. */
static bool runs_on(const struct scan *s, size_t end)
{
    static const char *const kinds[] = { "honorific", "prep", "channel", "place", "outcome", "stance", "level", "title" };
    static const char *const others[] = { "他", "外", "以下", NULL };
    struct word w[8];
    struct name_hit hits[HITS];
    int n_hits;
    size_t at = end;
    enum script script = end < s->text.n ? utf8_script(utf8_next(s->text.s, s->text.n, &at)) : SCRIPT_SPACE;
    if ((script != SCRIPT_HAN && script != SCRIPT_KATAKANA) ||
        names_match(s->c->names, s->c->mem, s->text.s, s->text.n, end, hits, HITS, &n_hits) ||
        scan_any_word(s, end, others))
        return false;
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, end, w, 8);
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (!strcmp(w[i].kind, kinds[k]))
                return false;
    return true;
}

/* 検討します is no stance, and 部長は in a sentence is nobody who was there. */
static bool stands_alone(const struct scan *s, int kind, size_t end)
{
    static const char *const verbs[] = { "し", "す", "さ", "せ", "って", "った", NULL };
    static const char *const topics[] = { "は", "が", "も", "を", NULL };
    if (kind == WORD_STANCE)
        return !scan_any_word(s, end, verbs);
    return kind != WORD_TITLE || scan_takes(s, ARG_LABEL) || (!scan_any_word(s, end, topics) && !runs_on(s, end));
}

static bool also_links(const struct word *words, int n, size_t len)
{
    for (int i = 0; i < n; i++)
        if (words[i].len == len && !strcmp(words[i].kind, "prep"))
            return true;
    return false;
}

/* つながら|なかった, 賛成し|ない: a stem that means `kind.value` where a denial follows. */
static size_t match_negated(struct scan *s, size_t at, struct token *t)
{
    struct word stems[8], ends[8];
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, at, stems, 8);
    for (int i = 0; i < n; i++) {
        if (strcmp(stems[i].kind, "negated") != 0)
            continue;
        const char *value = strchr(stems[i].value, '.') + 1;
        int kind = !strncmp(stems[i].value, "stance.", 7) ? WORD_STANCE : WORD_OUTCOME;
        size_t end = at + stems[i].len;
        int m = scan_takes(s, word_args[kind]) ? catalogue_match(s->c->words, s->text.s, s->text.n, end, ends, 8) : 0;
        for (int k = 0; k < m; k++) {
            if (strcmp(ends[k].kind, "tail") != 0 || strcmp(ends[k].value, "not") != 0)
                continue;
            t->type = TOKEN_WORD;
            t->kind = (enum frame_word)kind;
            t->value = value;
            return stems[i].len + ends[k].len;
        }
    }
    return 0;
}

/* 電話番号, 生産ライン: a word of its own that only holds a channel's. */
static size_t noun_at(const struct scan *s, size_t at)
{
    struct word w;
    bool latin = (unsigned char)s->text.s[at] < 0x80; /* no such word begins so */
    return !latin && catalogue_match_kind(s->c->words, s->text.s, s->text.n, at, "noun", 0, &w) ? w.len : 0;
}

static bool katakana_before(const struct scan *s, size_t at)
{
    size_t i = at;
    while (i > 0 && ((unsigned char)s->text.s[--i] & 0xC0) == 0x80)
        ;
    return at > 0 && scan_script(s, i) == SCRIPT_KATAKANA;
}

/* メール|アドレス, ランチ|タイム: katakana that goes on is a longer word. And a line is one
 * of a factory behind what it makes: 包装|ライン. */
static bool part_of_katakana(const struct scan *s, int kind, size_t at, size_t end)
{
    static const char line[] = "ライン";
    const struct token *last = s->n ? &s->tokens[s->n - 1] : NULL;
    bool way = kind == WORD_CHANNEL || kind == WORD_PLACE;
    bool behind = last && last->type == TOKEN_UNKNOWN && last->at + last->len == at && katakana_before(s, at);
    bool product = way && last && last->type == TOKEN_UNKNOWN && last->at + last->len == at && !last->honorific &&
                   (unsigned char)s->text.s[at - 1] >= 0x80 && end - at == sizeof line - 1 && !memcmp(s->text.s + at, line, sizeof line - 1);
    return way && (product || (behind && scan_script(s, at) == SCRIPT_KATAKANA) ||
                      (katakana_before(s, end) && scan_script(s, end) == SCRIPT_KATAKANA && runs_on(s, end)));
}

/* The first of the lexicon's words here (longest first) that the command takes. */
static size_t match_word(struct scan *s, size_t at, struct token *t)
{
    struct word words[12];
    int n = noun_at(s, at) ? 0 : catalogue_match(s->c->words, s->text.s, s->text.n, at, words, 12);
    for (int i = 0; i < n; i++) {
        int kind = kind_index(words[i].kind);
        bool duty = kind == WORD_TITLE && scan_takes(s, ARG_DUTY); /* director is a duty there */
        if (kind >= 0 && !duty && word_args[kind] && scan_takes(s, word_args[kind]) &&
            stands_alone(s, kind, at + words[i].len) && !part_of_katakana(s, kind, at, at + words[i].len)) {
            if (glued(s, at, words[i].len))
                return 0;
            t->type = TOKEN_WORD;
            t->kind = (enum frame_word)kind;
            t->value = words[i].value;
            t->links = also_links(words, n, words[i].len);
            return words[i].len;
        }
        size_t len = !strcmp(words[i].kind, "key") ? match_value(s, at, &words[i], t) : 0;
        if (len)
            return len;
    }
    return 0;
}

/* Words that only link: prepositions, company forms, adverbs. */
static size_t match_link(struct scan *s, size_t at, bool behind_known, struct token *t)
{
    struct word words[8];
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, at, words, 8);
    for (int i = 0; i < n; i++) {
        bool prep = !strcmp(words[i].kind, "prep") && !(scan_script(s, at) == SCRIPT_HAN && runs_on(s, at + words[i].len));
        bool form = !strcmp(words[i].kind, "company") && !scan_takes(s, ARG_NAME) &&
                    (behind_known || at + words[i].len < s->text.n);
        bool adverb = !strcmp(words[i].kind, "adverb") && !scan_takes(s, ARG_NAME);
        bool asked = !strcmp(words[i].kind, "asked") && scan_takes(s, ARG_KPI);
        bool skip = form || asked || (!strcmp(words[i].kind, "honorific") && !strcmp(words[i].value, "mr"));
        if (!prep && !skip && !adverb)
            continue;
        t->before = adverb;
        t->type = prep && strcmp(words[i].value, "skip") ? TOKEN_PREP : TOKEN_SKIP;
        t->key = words[i].value;
        return words[i].len;
    }
    return 0;
}

typedef size_t (*matcher)(struct scan *, size_t, struct token *);

static size_t match_best(struct scan *s, size_t at, bool behind_known, struct token *best)
{
    static const matcher matchers[] = { scan_ref, scan_handle, scan_percent, scan_tally, scan_file, scan_others,
        match_period, scan_team, match_phrase, match_verb, scan_name, match_word, match_negated, match_money,
        match_when, scan_glued_name, scan_count };
    size_t len = 0;
    for (size_t i = 0; i < sizeof matchers / sizeof *matchers; i++) {
        struct token t = { 0 };
        size_t n = matchers[i](s, at, &t);
        if (n > len) {
            len = n;
            *best = t;
        }
    }
    struct token link = { 0 };
    size_t n = len ? 0 : match_link(s, at, behind_known, &link);
    if (n) {
        len = n;
        *best = link;
    }
    best->at = at;
    best->len = len;
    return len;
}

/* A word nobody knows: to the next space in Latin, one character at a time in scripts
 * without spaces; joined to an unknown neighbour. */
static size_t add_unknown(struct scan *s, size_t at)
{
    size_t i = at, noun = noun_at(s, at);
    uint32_t c = utf8_next(s->text.s, s->text.n, &i);
    enum script script = utf8_script(c);
    i = noun ? at + noun : i;
    bool latin = script == SCRIPT_LATIN || script == SCRIPT_DIGIT || script == SCRIPT_THAI ||
                 script == SCRIPT_HANGUL || script == SCRIPT_PUNCT;
    while (latin && i < s->text.n) {
        size_t next = i;
        c = utf8_next(s->text.s, s->text.n, &next);
        script = utf8_script(c);
        if (separates(c) || (c == '-' && scan_honorific(s, i)) || script == SCRIPT_HAN || script == SCRIPT_HIRAGANA || script == SCRIPT_KATAKANA)
            break;
        i = next;
    }
    struct token *last = &s->tokens[s->n ? s->n - 1 : 0]; /* zeroed where there is none */
    if (s->n && last->type == TOKEN_UNKNOWN && last->at + last->len == at)
        last->len = i - last->at;
    else if (s->n < TOKENS)
        s->tokens[s->n++] = (struct token){ .type = TOKEN_UNKNOWN, .at = at, .len = i - at };
    return i;
}

/* What hangs on the last token belongs to it, unless something longer begins here. */
static size_t take_tail(struct scan *s, size_t at, bool glued, bool behind_known, size_t len)
{
    enum tail tail = TAIL_VERB;
    struct token *last = s->n ? &s->tokens[s->n - 1] : NULL;
    bool name = last && !last->tail && (last->type == TOKEN_NAME || last->type == TOKEN_UNKNOWN);
    size_t n = !last ? 0 : glued ? scan_tail(s, at, name, &tail) : behind_known && !len ? scan_loose_tail(s, at) : 0;
    if (n <= len || (n && noun_at(s, at) > n)) /* (佐藤課長)宛名の */
        return 0;
    last->end = at + n;
    if (!last->tail || tail == TAIL_PLAN)
        last->tail = tail;
    return n;
}

/* 経理の|村上さん: whose department it is, is not the name. */
static void part_from_name(struct scan *s)
{
    static const char of[] = "の";
    size_t n = sizeof of - 1, at = 0;
    struct token *t = &s->tokens[s->n - 1];
    for (size_t i = n; i + n < t->len; i++)
        if (!memcmp(s->text.s + t->at + i, of, n))
            at = i + n;
    if (!at || s->n == TOKENS)
        return;
    struct token name = *t;
    name.at += at;
    name.len -= at;
    *t = (struct token){ .type = TOKEN_UNKNOWN, .at = t->at, .len = at, .end = name.at };
    s->tokens[s->n++] = name;
}

/* Only punctuation: a dash, a dot, an arrow. An emoji is none: it says something. */
static bool only_marks(const struct scan *s, const struct token *t)
{
    for (size_t i = t->at; i < t->at + t->len;) {
        uint32_t c = utf8_next(s->text.s, s->text.n, &i);
        if (utf8_script(c) != SCRIPT_PUNCT || (c >= 0x2300 && c < 0x2E00) || c >= 0x1F000)
            return false;
    }
    return true;
}

/* Takes what nobody knows, with what hangs on it; `*known`: something does. */
static size_t take_unknown(struct scan *s, size_t at, bool *known, bool *glued)
{
    at = add_unknown(s, at);
    struct token *u = &s->tokens[s->n - 1];
    if (only_marks(s, u)) {
        u->type = TOKEN_MARK;
        return at;
    }
    size_t end = scan_suffixes(s, at, u);
    *known = *glued = end > at;
    u->end = end;
    if (u->honorific || u->title)
        part_from_name(s);
    return end;
}

void scan_head(struct scan *s, struct call *c, const struct command *command,
    const char *head, size_t n)
{
    s->c = c;
    s->command = command;
    s->head = head;
    s->n = 0;
    s->text = fold_text(c->mem, head, n);
    s->tokens = ARENA_ARRAY(c->mem, struct token, s->text.n < TOKENS ? s->text.n + 1 : TOKENS);
    bool firm = false, behind_known = false, glued = false;
    for (size_t at = 0; at < s->text.n && s->n < TOKENS;) {
        size_t next = at;
        uint32_t ch = utf8_next(s->text.s, s->text.n, &next);
        struct token t = { 0 };
        size_t face = scan_face(c->words, &s->text, at);
        if (face) { /* 留守電(T_T) */
            s->tokens[s->n++] = (struct token){ .type = TOKEN_MARK, .at = at, .len = face, .end = at + face };
            behind_known = glued = false;
            at += face;
            continue;
        }
        bool mid_word = at && scan_word_char(s->text.s, s->text.n, at) &&
                        scan_word_char(s->text.s, s->text.n, at - 1) && s->n &&
                        s->tokens[s->n - 1].type == TOKEN_UNKNOWN;
        size_t len = mid_word ? 0 : match_best(s, at, behind_known, &t);
        if (s->verb_end > s->verb_at && at == s->verb_at) {
            t = (struct token){ .type = TOKEN_VERB, .at = at, .len = s->verb_end - at };
            len = t.len;
        }
        size_t tail = take_tail(s, at, glued, behind_known, len);
        if (tail) {
            at += tail;
            continue;
        }
        glued = glued && closes(ch); /* 田中部長(電光)|と */
        if (!len && (separates(ch) || ch == '@' || ch == '#')) {
            firm = ch == '@';
            at = next;
            continue;
        }
        behind_known = len > 0;
        if (!len) {
            at = take_unknown(s, at, &behind_known, &glued);
            continue;
        }
        t.firm = firm;
        firm = false;
        at += len;
        if (t.type == TOKEN_NAME)
            at = scan_suffixes(s, at, &t);
        t.end = at;
        glued = !t.before;
        s->tokens[s->n++] = t;
    }
    scan_link(s);
}
