#include "bot/text/card.h"

#include <string.h>
#include "bot/base/buf.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"

enum { SPARE = 6, PHONE_MIN = 9, PHONE_MAX = 15, NAME_MAX_CHARS = 40 };

/* A stretch of a line that may be one field: the folded text to look at, and the
 * original to keep. */
struct piece {
    const char *text; /* original */
    struct folded f;
};
struct reading {
    struct arena *mem;
    const struct catalogue *words;
    const struct card_firms *firms;
    struct card *card;
    const char *spare[SPARE]; /* pieces that may be the firm, where none is sure */
    int n_spare;
    bool kept;          /* something of this line was kept */
    bool known;         /* or it is an address or web address */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* The lexicon's word of a kind that begins at folded s[at], longest; 0: none. */
static size_t word_at(const struct reading *r, const struct folded *f, size_t at, const char *kind,
    const char **value)
{
    struct word w[12];
    int n = catalogue_match(r->words, f->s, f->n, at, w, 12);
    for (int i = 0; i < n; i++)
        if (!strcmp(w[i].kind, kind)) {
            if (value)
                *value = w[i].value;
            return w[i].len;
        }
    return 0;
}

static bool boundary(const struct folded *f, size_t at)
{
    return !at || (unsigned char)f->s[at] >= 0x80 || !(is_letter(f->s[at - 1]) || is_digit(f->s[at - 1])) ||
           (unsigned char)f->s[at - 1] >= 0x80;
}

/* Does a word of the kind stand anywhere in it? `*end`: behind the last one. */
static bool holds(const struct reading *r, const struct folded *f, const char *kind, size_t *from, size_t *end)
{
    bool found = false;
    for (size_t at = 0; at < f->n;) {
        size_t n = boundary(f, at) ? word_at(r, f, at, kind, NULL) : 0;
        if (n) {
            found = true;
            *from = at;
            *end = at + n;
            at += n;
        } else {
            (void)utf8_next(f->s, f->n, &at);
        }
    }
    return found;
}

static char *original(const struct reading *r, const struct piece *p, size_t from, size_t to)
{
    while (from < to && strchr(" ,:/-|", p->f.s[from]))
        from++;
    while (to > from && strchr(" ,:/-|", p->f.s[to - 1]))
        to--;
    return arena_strndup(r->mem, p->text + p->f.src[from], p->f.src[to] - p->f.src[from]);
}

static struct piece piece_of(struct reading *r, const char *s, size_t n)
{
    static const char wide[] = "　";
    enum { WIDE = sizeof wide - 1 };
    for (bool more = true; more;) {
        size_t was = n;
        while (n && strchr(" \t,", *s))
            s++, n--;
        while (n && strchr(" \t,", s[n - 1]))
            n--;
        if (n >= WIDE && !memcmp(s, wide, WIDE))
            s += WIDE, n -= WIDE;
        if (n >= WIDE && !memcmp(s + n - WIDE, wide, WIDE))
            n -= WIDE;
        more = n != was;
    }
    struct piece p = { .text = arena_strndup(r->mem, s, n) };
    p.f = fold_text(r->mem, p.text, strlen(p.text));
    return p;
}

static void take(struct reading *r, char **slot, char *value)
{
    if (!*slot && *value)
        *slot = value;
    r->kept = r->kept || *slot == value;
}

static bool mail_char(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || (c && strchr("._%+-", c));
}

/* x@y.z, and what is before it as a label is skipped. */
static bool read_mail(struct reading *r, const struct piece *p)
{
    const char *s = p->f.s, *at = strchr(s, '@');
    if (!at)
        return false;
    const char *from = at, *to = at + 1, *dot = NULL;
    while (from > s && mail_char(from[-1]))
        from--;
    for (; mail_char(*to); to++)
        if (*to == '.' && to > at + 1)
            dot = to;
    if (from == at || !dot || to - dot < 3)
        return false;
    take(r, &r->card->mail, arena_strndup(r->mem, from, (size_t)(to - from)));
    return true;
}

static bool phone_char(char c)
{
    return is_digit(c) || (c && strchr("+-(). ", c));
}

/* A number with everything but digits, hyphens and the leading + left out. */
static char *plain_number(struct arena *mem, const char *s, size_t n)
{
    struct buf b = BUF_ON(mem);
    for (size_t i = 0; i < n; i++)
        if (is_digit(s[i]) || (s[i] == '+' && !b.n))
            buf_putc(&b, s[i]);
        else if (b.n && b.s[b.n - 1] != '-' && i + 1 < n)
            buf_putc(&b, '-');
    while (b.n && b.s[b.n - 1] == '-')
        b.s[--b.n] = '\0';
    return arena_strdup(mem, buf_str(&b));
}

static void keep_phone(struct reading *r, const char *s, size_t n)
{
    struct card *c = r->card;
    char *number = plain_number(r->mem, s, n);
    for (int i = 0; i < c->n_phones; i++)
        if (!strcmp(c->phones[i], number))
            return;
    if (c->n_phones < CARD_PHONES)
        c->phones[c->n_phones++] = number;
    r->kept = true;
}

/* Numbers of nine digits and more; behind `fax` they are none. */
static bool read_phones(struct reading *r, const struct piece *p)
{
    const char *s = p->f.s, *label = "phone";
    bool any = false;
    for (size_t at = 0; at < p->f.n;) {
        const char *value;
        size_t n = boundary(&p->f, at) ? word_at(r, &p->f, at, "card_label", &value) : 0;
        if (n) {
            label = value;
            at += n;
            continue;
        }
        if (!is_digit(s[at]) && s[at] != '+' && s[at] != '(') {
            (void)utf8_next(s, p->f.n, &at);
            continue;
        }
        size_t end = at;
        int digits = 0;
        bool own = boundary(&p->f, at);
        for (; phone_char(s[end]) && !(digits >= PHONE_MIN && s[end] == ' ' && s[end + 1] == '+'); end++)
            digits += is_digit(s[end]);
        while (end > at + 1 && s[end - 1] == ' ')
            end--;
        bool mail = s[end] == '@' || (s[end] && (unsigned char)s[end] < 0x80 && is_letter(s[end]));
        if (own && !mail && digits >= PHONE_MIN && digits <= PHONE_MAX) {
            any = true;
            r->known = true;
            if (strcmp(label, "fax") != 0)
                keep_phone(r, s + at, end - at);
            label = "phone";
        }
        at = end;
    }
    return any;
}

static bool web(const struct folded *f)
{
    return strstr(f->s, "http://") || strstr(f->s, "https://") || strstr(f->s, "www.");
}

static bool has_digit(const struct folded *f)
{
    return strpbrk(f->s, "0123456789") != NULL;
}

static bool address(const struct reading *r, const struct folded *f)
{
    size_t from, end;
    return strstr(f->s, "〒") || (has_digit(f) && holds(r, f, "card_address", &from, &end));
}

/* Does it end with a word of the kind, and is it more than that? */
static bool ends_with(const struct reading *r, const struct folded *f, const char *kind)
{
    size_t from, end;
    if (!holds(r, f, kind, &from, &end) || !from)
        return false;
    while (end < f->n && strchr(" .,)", f->s[end]))
        end++;
    return end == f->n;
}

/* Known by name, 株式会社 at either end, Inc. or 銀行 at the end: a firm. */
static bool company(const struct reading *r, const struct piece *p)
{
    size_t form = word_at(r, &p->f, 0, "company", NULL);
    return (r->firms && r->firms->known(r->firms->ctx, p->text)) || (form && form < p->f.n) ||
           ends_with(r, &p->f, "company") || ends_with(r, &p->f, "card_company");
}

static enum script only_script(const struct folded *f, int *chars)
{
    enum script all = SCRIPT_OTHER;
    *chars = 0;
    for (size_t i = 0; i < f->n;) {
        uint32_t c = utf8_next(f->s, f->n, &i);
        enum script k = utf8_script(c);
        if (c == ' ' || c == 0x30FB || c == '.' || c == '-' || c == '\'')
            continue;
        if (c == 0x30FC)
            k = SCRIPT_KATAKANA;
        ++*chars;
        if (k == SCRIPT_HIRAGANA && all == SCRIPT_KATAKANA)
            k = SCRIPT_KATAKANA;
        if (k == SCRIPT_KATAKANA && all == SCRIPT_HIRAGANA)
            all = SCRIPT_KATAKANA;
        if ((k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA) && all == SCRIPT_HAN)
            continue; /* 佐々木 はるか */
        if (all != SCRIPT_OTHER && k != all && !(k == SCRIPT_HAN && all != SCRIPT_LATIN))
            return SCRIPT_OTHER;
        all = k == SCRIPT_HAN || all == SCRIPT_OTHER ? k : all;
    }
    return all;
}

static int words_in(const char *s)
{
    int n = 0;
    for (bool inside = false; *s; s++) {
        n += *s != ' ' && !inside;
        inside = *s != ' ';
    }
    return n;
}

/* Two to four capitalised words, or a name in Han or Hangul with or without a space. */
static bool name_like(const struct piece *p)
{
    int chars;
    enum script k = only_script(&p->f, &chars);
    int words = words_in(p->f.s);
    if (k == SCRIPT_HAN || k == SCRIPT_HANGUL)
        return chars >= 2 && chars <= 8 && words <= 3;
    if (k != SCRIPT_LATIN || words < 2 || words > 4 || chars > NAME_MAX_CHARS)
        return false;
    bool start = true, capitals = true;
    for (const char *s = p->text; *s; s++) {
        if (start && *s >= 'a' && *s <= 'z')
            capitals = false;
        start = *s == ' ';
    }
    return capitals;
}

/* たなか けん, or behind a name in Han its Latin spelling. */
static bool kana_like(const struct reading *r, const struct piece *p)
{
    int chars;
    enum script k = only_script(&p->f, &chars);
    if (k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA)
        return chars >= 2 && chars <= NAME_MAX_CHARS && r->card->name;
    return k == SCRIPT_LATIN && r->card->name && (unsigned char)r->card->name[0] >= 0x80 && name_like(p);
}

/* The longest title that ends where the word ends: 営業部長 is 部長 of 営業部. */
static size_t title_tail(const struct reading *r, const struct folded *f)
{
    for (size_t at = 0; at < f->n;) {
        size_t n = word_at(r, f, at, "title", NULL);
        if (n && at + n == f->n)
            return at;
        (void)utf8_next(f->s, f->n, &at);
    }
    return f->n;
}

/* Three characters and more: 営業部, but 阿部 is a name. */
static bool department_word(const struct reading *r, const struct folded *f)
{
    enum { SHORTEST = 3 };
    if (utf8_count(f->s) < SHORTEST)
        return false;
    for (size_t at = 0; at < f->n;) {
        size_t n = word_at(r, f, at, "card_department", NULL);
        if (n && at + n == f->n)
            return at > 0;
        (void)utf8_next(f->s, f->n, &at);
    }
    return false;
}

static void join(struct reading *r, char **slot, const char *value)
{
    *slot = *slot ? arena_printf(r->mem, "%s %s", *slot, value) : arena_strdup(r->mem, value);
    r->kept = true;
}

static const char unit_head[] = "長"; /* 部長 is the head of a 部 */

/* A word with a title at its end, in scripts without spaces. */
static bool read_title_word(struct reading *r, const struct piece *w)
{
    size_t at = title_tail(r, &w->f), head = sizeof unit_head - 1;
    if (at == w->f.n)
        return false;
    char *title = original(r, w, at, w->f.n);
    if (at) {
        size_t end = w->f.n >= head && !memcmp(w->f.s + w->f.n - head, unit_head, head) ? w->f.n - head : at;
        struct piece unit = piece_of(r, w->text, w->f.src[end]);
        if (department_word(r, &unit.f))
            join(r, &r->card->department, unit.text);
        else
            title = arena_strdup(r->mem, w->text); /* 上席執行役員 of nothing in particular */
    }
    join(r, &r->card->title, title);
    return true;
}

static void read_name(struct reading *r, const struct piece *p)
{
    struct card *c = r->card;
    if (c->name && kana_like(r, p))
        take(r, &c->kana, original(r, p, 0, p->f.n));
    else if (!c->name && name_like(p))
        take(r, &c->name, original(r, p, 0, p->f.n));
    else if (r->n_spare < SPARE && utf8_count(p->text) < NAME_MAX_CHARS && !has_digit(&p->f))
        r->spare[r->n_spare++] = p->text;
}

/* 田中様: nobody writes so of himself. */
static bool addressed(const struct reading *r, const struct folded *f)
{
    for (size_t at = 0; at < f->n;) {
        size_t n = (unsigned char)f->s[at] >= 0x80 ? word_at(r, f, at, "honorific", NULL) : 0;
        if (n && at && at + n == f->n)
            return true;
        (void)utf8_next(f->s, f->n, &at);
    }
    return false;
}

/* 営業本部 第一営業部 課長 田中 健: word by word; what is left is the name. */
static void read_cjk(struct reading *r, const struct piece *p)
{
    struct buf rest = BUF_ON(r->mem);
    for (size_t from = 0; from < p->f.n;) {
        size_t to = from + strcspn(p->f.s + from, " ");
        struct piece w = piece_of(r, p->text + p->f.src[from], p->f.src[to] - p->f.src[from]);
        if (addressed(r, &w.f))
            return;
        if (!r->card->company && company(r, &w)) { /* 桜川銀行 デジタル推進室 */
            take(r, &r->card->company, original(r, &w, 0, w.f.n));
            from = to + (to < p->f.n);
            continue;
        }
        if (department_word(r, &w.f) && title_tail(r, &w.f) == w.f.n)
            join(r, &r->card->department, w.text);
        else if (!read_title_word(r, &w))
            buf_join(&rest, " ", w.text);
        from = to + (to < p->f.n);
    }
    if (!rest.n)
        return;
    struct piece name = piece_of(r, rest.s, rest.n);
    read_name(r, &name);
}

/* Sales Director; Head of Sales, APAC. */
static bool read_latin_title(struct reading *r, const struct piece *p)
{
    size_t from, end;
    if (!holds(r, &p->f, "title", &from, &end))
        return false;
    take(r, &r->card->title, original(r, p, 0, p->f.n));
    return true;
}

static bool cjk(const struct folded *f)
{
    for (size_t i = 0; i < f->n;) {
        enum script k = utf8_script(utf8_next(f->s, f->n, &i));
        if (k == SCRIPT_HAN || k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA)
            return true;
    }
    return false;
}

/* "Name: Ken Tanaka": the label says which field it is. */
static bool read_labelled(struct reading *r, const struct piece *p)
{
    const char *label;
    struct card *c = r->card;
    size_t n = word_at(r, &p->f, 0, "card_label", &label), at = n;
    while (p->f.s[at] == ' ')
        at++;
    if (!n || p->f.s[at] != ':')
        return false;
    char *value = original(r, p, at + 1, p->f.n);
    char **slot = !strcmp(label, "name")         ? &c->name
                  : !strcmp(label, "kana")       ? &c->kana
                  : !strcmp(label, "company")    ? &c->company
                  : !strcmp(label, "department") ? &c->department
                  : !strcmp(label, "title")      ? &c->title
                                                 : NULL;
    if (!strcmp(label, "address") || !strcmp(label, "web") || !strcmp(label, "fax"))
        return r->known = true;
    if (slot)
        take(r, slot, value);
    return slot != NULL;
}

static void read_piece(struct reading *r, const char *s, size_t n)
{
    struct piece p = piece_of(r, s, n);
    size_t from, end;
    if (!utf8_says_something(p.text))
        return;
    if (read_labelled(r, &p))
        return;
    if (read_mail(r, &p)) {
        (void)read_phones(r, &p);
        return;
    }
    if (web(&p.f) || address(r, &p.f)) {
        r->known = true;
        return;
    }
    if (read_phones(r, &p))
        return;
    if (company(r, &p)) {
        take(r, &r->card->company, original(r, &p, 0, p.f.n));
        return;
    }
    if (cjk(&p.f)) {
        read_cjk(r, &p);
        return;
    }
    if (read_latin_title(r, &p))
        return;
    if (holds(r, &p.f, "card_department", &from, &end))
        take(r, &r->card->department, original(r, &p, 0, p.f.n));
    else
        read_name(r, &p);
}

/* Where the next field of the line begins, `*width` bytes behind the end of this one. */
static size_t piece_end(const struct reading *r, const char *s, size_t n, size_t *width)
{
    static const char *const marks[] = { "|", "｜", "•", "\t", " / ", "／", "(", ")", "（", "）", "、", NULL };
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; marks[k]; k++)
            if (strlen(marks[k]) <= n - i && !memcmp(s + i, marks[k], strlen(marks[k]))) {
                *width = strlen(marks[k]);
                return i;
            }
        if (s[i] != ',' || i + 1 >= n || s[i + 1] != ' ')
            continue;
        /* Acme Co., Ltd is one name; Ken Tanaka, Sales Director is not. */
        struct folded rest = fold_text(r->mem, s + i + 2, n - i - 2);
        if (word_at(r, &rest, 0, "company", NULL))
            continue;
        *width = 2;
        return i;
    }
    *width = 0;
    return n;
}

static void read_line(struct reading *r, const char *s, size_t n)
{
    struct piece whole = piece_of(r, s, n);
    if (!utf8_says_something(whole.text))
        return;
    r->kept = r->known = false;
    r->card->n_lines++;
    bool mail = strchr(whole.f.s, '@') != NULL;
    if (!mail && (web(&whole.f) || (address(r, &whole.f) && !company(r, &whole)))) {
        r->known = true;
        (void)read_phones(r, &whole);
    }
    /* (03) 1234-5678 is one number, whatever the brackets. */
    else if (read_phones(r, &whole) && !cjk(&whole.f) && !mail) {
        r->known = true;
    } else {
        for (size_t at = 0, width; at < n; at += width) {
            size_t end = piece_end(r, s + at, n - at, &width);
            if (end)
                read_piece(r, s + at, end);
            at += end;
            if (!width)
                break;
        }
    }
    r->card->n_left += !r->kept;
    r->card->n_plain += !r->kept && !r->known;
}

/* acme of ken@sales.acme.example: a firm that is spelt so needs no Inc. */
static bool names_domain(struct reading *r, const char *piece)
{
    const char *at = r->card->mail ? strchr(r->card->mail, '@') : NULL;
    const char *key = fold_name(r->mem, r->words, piece);
    return at && strlen(key) > 2 && strstr(at, key);
}

/* No 株式会社 anywhere: the piece that the mail's domain spells, else the only one that is
 * nothing else. */
static void find_company(struct reading *r)
{
    struct card *c = r->card;
    const char *found = NULL;
    for (int i = 0; i < r->n_spare && !found; i++)
        if (names_domain(r, r->spare[i]))
            found = r->spare[i];
    if (c->company)
        return;
    c->firm_guessed = !found;
    if (!found && r->n_spare == 1 && c->name)
        found = r->spare[0];
    if (!found)
        return;
    c->company = arena_strdup(r->mem, found);
    c->n_left -= c->n_left > 0;
    c->n_plain -= c->n_plain > 0;
}

bool card_parse(struct arena *mem, const struct catalogue *words, const struct card_firms *firms,
    const char *text, size_t n, struct card *out)
{
    struct reading r = { .mem = mem, .words = words, .firms = firms, .card = out };
    int lines = 0;
    *out = (struct card){ 0 };
    if (n > CARD_BYTES)
        return false;
    for (size_t at = 0; at < n; lines++) {
        const char *nl = memchr(text + at, '\n', n - at);
        size_t end = nl ? (size_t)(nl - text) : n;
        if (lines >= CARD_LINES)
            return false;
        read_line(&r, text + at, end - at);
        at = end + 1;
    }
    find_company(&r);
    return true;
}

bool card_sure(const struct card *c)
{
    enum { LINES = 3 };
    return c->name && (c->mail || c->n_phones) && ((c->company && !c->firm_guessed) || c->title || c->department) &&
           c->n_lines >= LINES && c->n_plain * 4 <= c->n_lines;
}
