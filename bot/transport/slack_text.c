#include "bot/transport/slack_text.h"

#include <stdbool.h>
#include <string.h>
#include "bot/text/utf8.h"

static const struct {
    const char *written, *meant;
} entities[] = { { "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" } };

/* Appends text without tokens. */
static void put_plain(struct buf *b, const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        bool found = false;
        for (size_t k = 0; k < sizeof entities / sizeof *entities && !found; k++) {
            size_t len = strlen(entities[k].written);
            found = s[i] == '&' && n - i >= len && !strncmp(s + i, entities[k].written, len);
            if (found) {
                buf_puts(b, entities[k].meant);
                i += len;
            }
        }
        if (!found)
            buf_putc(b, s[i++]);
    }
}

/* A typed bare domain comes as <http://d|d>, an address as <mailto:a@b|a@b>. */
static bool says_the_same(const char *url, size_t n, const char *label, size_t label_n)
{
    static const char *const schemes[] = { "http://", "https://", "mailto:", "tel:" };
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t len = strlen(schemes[i]);
        if (n < len || strncmp(url, schemes[i], len) != 0)
            continue;
        if (i >= 2) /* what is called or written to is what was typed */
            return true;
        url += len;
        n -= len;
        break;
    }
    while (n && url[n - 1] == '/' && n > label_n)
        n--;
    return n == label_n && !strncmp(url, label, n);
}

static void put_link(struct buf *b, const char *s, size_t n, const char *label, size_t label_n)
{
    bool call = !strncmp(s, "mailto:", 7) || !strncmp(s, "tel:", 4);
    if (label_n)
        put_plain(b, label, label_n);
    if (label_n && says_the_same(s, n, label, label_n))
        return;
    size_t skip = !call ? 0 : *s == 'm' ? 7 : 4;
    if (label_n)
        buf_puts(b, " (");
    put_plain(b, s + skip, n - skip);
    if (label_n)
        buf_puts(b, ")");
}

/* <!here>, <!date^1392734382^{date}|fallback>, <!subteam^S1|@name>. */
static void put_special(struct buf *b, const char *s, size_t n, const char *label, size_t label_n)
{
    size_t name = 0;
    while (name < n && s[name] != '^')
        name++;
    if (label_n) {
        put_plain(b, label, label_n);
        return;
    }
    buf_putc(b, '@');
    put_plain(b, s, name);
}

/* The inside of <…>. */
static void put_token(struct buf *b, const char *s, size_t n, const char *bot_user)
{
    const char *bar = memchr(s, '|', n);
    size_t label_n = bar ? n - (size_t)(bar - s) - 1 : 0;
    const char *label = bar ? bar + 1 : "";
    size_t id_n = bar ? (size_t)(bar - s) : n;
    if (*s == '@') {
        if (bot_user && id_n - 1 == strlen(bot_user) && !strncmp(s + 1, bot_user, id_n - 1))
            return;
        if (!label_n || *label != '@')
            buf_putc(b, '@');
        put_plain(b, label_n ? label : s + 1, label_n ? label_n : id_n - 1);
    } else if (*s == '#') {
        buf_putc(b, '#');
        put_plain(b, label_n ? label : s + 1, label_n ? label_n : id_n - 1);
    } else if (*s == '!') {
        put_special(b, s + 1, id_n - 1, label, label_n);
    } else {
        put_link(b, s, id_n, label, label_n);
    }
}

/* Up to the note: phones write quotes and blanks that no command knows. */
static char *make_plain(struct arena *mem, const char *s)
{
    static const struct {
        const char *typed, *plain;
    } signs[] = { { "\xC2\xA0", " " }, { "\u2018", "'" }, { "\u2019", "'" }, { "\u201C", "\"" },
        { "\u201D", "\"" }, { "\r", "" } };
    struct buf b = BUF_ON(mem);
    bool head = true;
    buf_puts(&b, "");
    while (*s) {
        size_t k = 0;
        while (k < sizeof signs / sizeof *signs && strncmp(s, signs[k].typed, strlen(signs[k].typed)) != 0)
            k++;
        head = head && *s != ':' && *s != '\n' && strncmp(s, "：", strlen("：")) != 0;
        if (k < sizeof signs / sizeof *signs && (head || *s == '\r')) {
            buf_puts(&b, signs[k].plain);
            s += strlen(signs[k].typed);
        } else {
            buf_putc(&b, *s++);
        }
    }
    return b.s;
}

static char *trimmed(struct arena *mem, const char *s)
{
    s += strspn(s, " \t\n");
    size_t n = strlen(s);
    while (n && strchr(" \t\n", s[n - 1]))
        n--;
    return arena_strndup(mem, s, n);
}

char *slack_text_read(struct arena *mem, const char *text, const char *bot_user)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (const char *s = text; *s;) {
        const char *open = strchr(s, '<');
        const char *close = open ? strchr(open, '>') : NULL;
        if (!close || close == open + 1) {
            size_t n = close ? (size_t)(close - s) + 1 : strlen(s);
            put_plain(&b, s, n);
            s += n;
            continue;
        }
        put_plain(&b, s, (size_t)(open - s));
        put_token(&b, open + 1, (size_t)(close - open) - 1, bot_user);
        s = close + 1;
    }
    const char *plain = make_plain(mem, b.s);
    return trimmed(mem, utf8_scrub(mem, plain, strlen(plain)));
}

char *slack_text_escape(struct arena *mem, const char *text)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (; *text; text++) {
        size_t k = 0;
        while (k < sizeof entities / sizeof *entities && *text != *entities[k].meant)
            k++;
        if (k < sizeof entities / sizeof *entities)
            buf_puts(&b, entities[k].written);
        else
            buf_putc(&b, *text);
    }
    return b.s;
}
