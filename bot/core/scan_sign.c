/* What is known by its signs rather than by words: D12, 30%, +2, line:tanaka_t. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/scan_private.h"

static bool digits(const struct scan *s, size_t *i, int64_t *value)
{
    size_t at = *i;
    *value = 0;
    while (at < s->text.n && s->text.s[at] >= '0' && s->text.s[at] <= '9' && *value < INT64_C(1) << 50)
        *value = *value * 10 + (s->text.s[at++] - '0');
    bool any = at > *i;
    *i = at;
    return any;
}

/* T1042, D12 and, where figures are asked for, K6. Where a period may stand, q3 is a
 * quarter and no question. */
size_t scan_ref(struct scan *s, size_t at, struct token *t)
{
    char kind = s->text.s[at];
    size_t i = at + 1;
    int64_t no;
    if (kind >= 'a' && kind <= 'z')
        kind = (char)(kind - 'a' + 'A');
    bool named = kind && strchr("TMNCPADFORK", kind);
    if (kind && strchr("VLWJG", kind)) /* v2 of the deck is no record elsewhere */
        named = scan_takes(s, ARG_FILED) || (scan_takes(s, ARG_RECORD) && !scan_takes(s, ARG_NOTE));
    if (!named || !digits(s, &i, &no) || no < 1 ||
        scan_word_char(s->text.s, s->text.n, i))
        return 0;
    if ((kind == 'K' && !scan_takes(s, ARG_KPI)) || (kind == 'Q' && scan_takes(s, ARG_PERIOD)))
        return 0;
    if (s->n && no <= 2 && strchr("AC", kind) && scan_takes(s, ARG_FLUENCY))
        return 0; /* behind a name, C1 is how well a language is spoken */
    t->type = kind == 'K' ? TOKEN_KPI : TOKEN_REF;
    t->ref = (struct ref){ kind, no };
    if (kind == 'K')
        t->value = arena_printf(s->c->mem, "K%lld", (long long)no);
    return i - at;
}

size_t scan_percent(struct scan *s, size_t at, struct token *t)
{
    size_t i = at;
    int64_t whole, part = 0;
    if (!scan_takes(s, ARG_PERCENT) || !digits(s, &i, &whole) || whole > 100)
        return 0;
    int scale = 100;
    if (i + 1 < s->text.n && s->text.s[i] == '.') {
        for (i++; i < s->text.n && s->text.s[i] >= '0' && s->text.s[i] <= '9'; i++)
            if ((scale /= 10) > 0)
                part += (int64_t)(s->text.s[i] - '0') * scale;
    }
    if (i >= s->text.n || s->text.s[i] != '%')
        return 0;
    t->type = TOKEN_PERCENT;
    t->number = (int)(whole * 100 + part);
    return i + 1 - at;
}

static size_t skip_spaces(const struct scan *s, size_t i)
{
    while (i < s->text.n && s->text.s[i] == ' ')
        i++;
    return i;
}

/* 60, 60 accounts, 60社: a number that stands for itself, with what it counts. */
size_t scan_count(struct scan *s, size_t at, struct token *t)
{
    static const char *const counted[] = { "accounts", "account", "customers", "companies", "firms", "points", "社", "点", NULL };
    size_t i = at;
    int64_t n;
    if (!scan_takes(s, ARG_NUMBER) || (at && scan_word_char(s->text.s, s->text.n, at - 1)) || !digits(s, &i, &n))
        return 0;
    size_t unit = scan_any_word(s, skip_spaces(s, i), counted);
    if (!unit && i < s->text.n && !scan_separates(s, i))
        return 0;
    t->type = TOKEN_NUMBER;
    t->number = n;
    return (unit ? skip_spaces(s, i) + unit : i) - at;
}

static size_t word_of_kind(const struct scan *s, size_t at, const char *kind, const char **value);

/* leads 40, 40 leads, リード40件: a number and what it counts. */
size_t scan_tally(struct scan *s, size_t at, struct token *t)
{
    const char *value = "";
    size_t i = at, behind;
    if (!scan_takes(s, ARG_TALLY) || (at && scan_word_char(s->text.s, s->text.n, at - 1)))
        return 0;
    size_t word = word_of_kind(s, at, "tally", &value);
    i = word ? skip_spaces(s, at + word) : at;
    if (!digits(s, &i, &t->number))
        return 0;
    size_t unit = scan_any_word(s, skip_spaces(s, i), (const char *const[]){ "件", "社", "名", NULL });
    i = unit ? skip_spaces(s, i) + unit : i;
    behind = skip_spaces(s, i);
    if (!word) {
        if (!(word = word_of_kind(s, behind, "tally", &value)))
            return 0;
        i = behind + word;
    }
    if (scan_word_char(s->text.s, s->text.n, i))
        return 0;
    t->type = TOKEN_VALUE;
    t->key = value;
    return i - at;
}

static size_t word_of_kind(const struct scan *s, size_t at, const char *kind, const char **value)
{
    struct word w;
    if (!catalogue_match_kind(s->c->words, s->text.s, s->text.n, at, kind, 0, &w))
        return 0;
    *value = w.value;
    return w.len;
}

/* "+ 2", 他2名, & two engineers, 3ppl: people present whose names nobody noted; 含め3名
 * counts the one who is named. By itself a number behind a mere "and" says nothing. */
size_t scan_others(struct scan *s, size_t at, struct token *t)
{
    const char *lead = "", *value = "0";
    size_t i = at, number;
    int64_t n;
    if (!scan_takes(s, ARG_PERSON) || s->text.s[at] == ' ')
        return 0;
    i = skip_spaces(s, at + word_of_kind(s, at, "others", &lead));
    if (!digits(s, &i, &n)) {
        i += number = word_of_kind(s, i, "when.number", &value);
        n = number ? strtol(value, NULL, 10) : 0;
    }
    int named = !strcmp(lead, "among");
    if (n <= named || n > 99)
        return 0;
    size_t counted = skip_spaces(s, i), unit = word_of_kind(s, counted, "counted", &value);
    if (!unit && (strcmp(lead, "plus") != 0 || scan_word_char(s->text.s, s->text.n, i)))
        return 0;
    t->type = TOKEN_OTHERS;
    t->number = (int)n - named;
    return (unit ? counted + unit : i) - at;
}

static bool handle_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.' || c == '+' || c == '@';
}

const struct handle_word handle_words[] = { { "line", "line" }, { "whatsapp", "whatsapp" }, { "wechat", "wechat" },
    { "messenger", "messenger" }, { "kakaotalk", "kakaotalk" }, { "telegram", "telegram" }, { "mail", "mail" },
    { "email", "mail" }, { "e-mail", "mail" }, { "phone", "phone" }, { "other", "other" }, { 0 } };

/* line:tanaka_t, and an address or number with its kind: mail:x@example.com */
size_t scan_handle(struct scan *s, size_t at, struct token *t)
{
    if (!scan_takes(s, ARG_HANDLE))
        return 0;
    for (const struct handle_word *k = handle_words; k->word; k++) {
        size_t n = strlen(k->word), i = at + n;
        if (strncmp(s->text.s + at, k->word, n) || s->text.s[i] != ':' ||
            !handle_char(s->text.s[i + 1]))
            continue;
        size_t from = ++i;
        while (i < s->text.n && handle_char(s->text.s[i]))
            i++;
        t->type = TOKEN_HANDLE;
        t->key = k->network;
        struct token h = { .at = from, .len = i - from };
        t->value = token_text(s, &h);
        return i - at;
    }
    return 0;
}
