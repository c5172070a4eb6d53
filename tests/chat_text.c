#include "tests/chat_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Files. */

static char **split(struct arena *mem, const char *s, size_t n, size_t *count)
{
    size_t max = 1;
    for (size_t i = 0; i < n; i++)
        max += s[i] == '\n';
    char **line = ARENA_ARRAY(mem, char *, max);
    *count = 0;
    for (size_t at = 0; at < n;) {
        const char *end = memchr(s + at, '\n', n - at);
        size_t len = end ? (size_t)(end - s) - at : n - at;
        line[(*count)++] = arena_strndup(mem, s + at, len);
        at += len + 1;
    }
    return line;
}

bool text_load(struct text *t, struct arena *mem, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    struct buf b = BUF_ON(mem);
    char chunk[4096];
    for (size_t n = 0; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    bool ok = !ferror(f);
    (void)fclose(f);
    t->line = split(mem, buf_str(&b), b.n, &t->n);
    return ok;
}

bool text_save(const char *path, const struct buf *b)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return false;
    bool ok = fwrite(b->s, 1, b->n, f) == b->n;
    return (fclose(f) == 0) && ok;
}

/* Lines. */

/* "2h30m", "+3d": milliseconds, or -1. */
static int64_t span_ms(const char *s)
{
    int64_t sum = 0;
    do {
        char *unit = NULL;
        if (*s < '0' || *s > '9')
            return -1;
        int64_t n = strtoll(s, &unit, 10);
        switch (*unit) {
        case 's': sum += n * 1000; break;
        case 'm': sum += n * 60 * 1000; break;
        case 'h': sum += n * 3600 * 1000; break;
        case 'd': sum += n * 24 * 3600 * 1000; break;
        default: return -1;
        }
        s = unit + 1;
    } while (*s);
    return sum;
}

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && strcmp(s + n - m, end) == 0;
}

/* `kenji> text` or `kenji[Label]`: a handle, perhaps a tilde, and what opens. */
static bool read_who(struct arena *mem, const char *s, struct line *l)
{
    size_t n = strcspn(s, "~>[ \t]()|\"");
    const char *p = s + n;
    if (!n || !strchr("~>[", *p) || !*p)
        return false;
    if (*p == '~') {
        l->private = true;
        p++;
    }
    if (*p == '>' && (p[1] == ' ' || !p[1])) {
        l->kind = LINE_SAY;
        l->what = arena_strdup(mem, p[1] ? p + 2 : "");
    } else if (*p == '[' && ends_with(p, "]")) {
        l->kind = LINE_TAP;
        l->what = arena_strndup(mem, p + 1, strlen(p) - 2);
    } else {
        return false;
    }
    l->who = arena_strndup(mem, s, n);
    return true;
}

struct line line_read(struct arena *mem, const char *s)
{
    struct line l = { .kind = LINE_OUTPUT };
    if (s[0] == '#' && (s[1] == ' ' || !s[1])) {
        l.kind = LINE_PROSE;
    } else if (strncmp(s, "given ", 6) == 0) {
        l.kind = LINE_GIVEN;
        l.what = arena_strdup(mem, s + 6);
    } else if (strcmp(s, "== restart") == 0) {
        l.kind = LINE_RESTART;
    } else if (strncmp(s, "== restart +", 12) == 0 && span_ms(s + 12) >= 0) {
        l.kind = LINE_RESTART;
        l.ms = span_ms(s + 12);
    } else if (s[0] == '+' && span_ms(s + 1) >= 0) {
        l.kind = LINE_LATER;
        l.ms = span_ms(s + 1);
    } else if (strncmp(s, "at 2", 4) == 0 && strchr(s, 'T')) {
        l.kind = LINE_AT;
        l.what = arena_strdup(mem, s + 3);
    } else if (!read_who(mem, s, &l)) {
        l = (struct line){ .kind = LINE_OUTPUT };
    }
    return l;
}

char *line_with_privacy(struct arena *mem, const struct line *l, bool private)
{
    const char *tilde = private ? "~" : "";
    return l->kind == LINE_TAP ? arena_printf(mem, "%s%s[%s]", l->who, tilde, l->what)
                               : arena_printf(mem, "%s%s> %s", l->who, tilde, l->what);
}

/* `(19:30) bot to kenji>` */
static bool is_heading(const char *s)
{
    return s[0] == '(' && strlen(s) > 16 && strncmp(s + 6, ") bot to ", 9) == 0 &&
           ends_with(s, ">");
}

void text_quote(struct buf *out, const char *s, size_t n)
{
    struct arena mem = ARENA_INIT;
    size_t count = 0;
    char **line = split(&mem, s, n, &count);
    for (size_t i = 0; i < count; i++) {
        bool plain = line_read(&mem, line[i]).kind == LINE_OUTPUT &&
                     !is_heading(line[i]) && strcmp(line[i], "--") != 0;
        buf_printf(out, "%s%s\n", plain ? "" : "  ", line[i]);
    }
    arena_finish(&mem);
}

/* Regions. */

struct region region_read(struct arena *mem, const struct text *t, size_t begin, bool open)
{
    struct region g = { .begin = begin, .tail = begin, .end = begin };
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    size_t blank = 0;
    for (; open && g.end < t->n; g.end++) {
        const char *s = t->line[g.end];
        enum line_kind kind = line_read(mem, s).kind;
        if (kind == LINE_PROSE)
            continue;
        if (kind != LINE_OUTPUT)
            break;
        if (!*s) {
            blank++;
            continue;
        }
        /* One empty line stands before a message that nobody asked for, and none at the
         * beginning; between the lines of a message they count. */
        if (is_heading(s))
            blank = 1;
        for (; b.n && blank; blank--)
            buf_putc(&b, '\n');
        blank = 0;
        buf_printf(&b, "%s\n", s);
        g.tail = g.end + 1;
    }
    g.expected = arena_strdup(mem, buf_str(&b));
    return g;
}

void region_write(struct buf *out, const struct text *t, const struct region *g,
    const char *got)
{
    for (size_t i = g->begin; i < g->tail; i++)
        if (!got || (t->line[i][0] == '#' && (t->line[i][1] == ' ' || !t->line[i][1])))
            buf_printf(out, "%s\n", t->line[i]);
    buf_puts(out, got ? got : "");
    for (size_t i = g->tail; i < g->end; i++)
        buf_printf(out, "%s\n", t->line[i]);
}

/* Comparing. */

/* The classic table of longest common subsequences; transcripts' replies are short. */
static void print_diff(const char *a, const char *b)
{
    struct arena mem = ARENA_INIT;
    size_t n = 0, m = 0;
    char **x = split(&mem, a, strlen(a), &n), **y = split(&mem, b, strlen(b), &m);
    size_t *same = ARENA_ARRAY(&mem, size_t, (n + 1) * (m + 1));
#define SAME(i, j) same[(i) * (m + 1) + (j)]
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;)
            SAME(i, j) = strcmp(x[i], y[j]) == 0 ? SAME(i + 1, j + 1) + 1
                : SAME(i + 1, j) > SAME(i, j + 1) ? SAME(i + 1, j)
                                                  : SAME(i, j + 1);
    for (size_t i = 0, j = 0; i < n || j < m;) {
        if (i < n && j < m && strcmp(x[i], y[j]) == 0) {
            fprintf(stderr, "  %s\n", x[i++]);
            j++;
        } else if (i < n && (j == m || SAME(i + 1, j) >= SAME(i, j + 1))) {
            fprintf(stderr, "- %s\n", x[i++]);
        } else {
            fprintf(stderr, "+ %s\n", y[j++]);
        }
    }
#undef SAME
    arena_finish(&mem);
}

bool text_compare(const char *path, size_t line, const char *head, const char *want_head,
    const char *expected, const char *got)
{
    if (strcmp(head, want_head) == 0 && strcmp(expected, got) == 0)
        return true;
    fprintf(stderr, "%s:%zu: expected (-), got (+)\n", path, line);
    print_diff(head, want_head);
    print_diff(expected, got);
    fputc('\n', stderr);
    return false;
}

/* <visits.ics> at the end of a line is that file of tests/conversations/calendars. */
static bool put_file(struct arena *mem, const char *name, struct buf *out)
{
    struct text t;
    if (strchr(name, '/') || !text_load(&t, mem, arena_printf(mem, "%s/tests/conversations/calendars/%s", SOURCE_DIR, name)))
        return false;
    for (size_t i = 0; i < t.n; i++)
        buf_printf(out, "%s\n", t.line[i]);
    return true;
}

char *text_typed(struct arena *mem, const char *s)
{
    struct buf b = BUF_ON(mem);
    size_t n = strlen(s);
    const char *file = n > 5 && !strcmp(s + n - 5, ".ics>") ? strrchr(s, '<') : NULL;
    buf_puts(&b, "");
    for (; *s && s != file; s++) {
        if (s[0] == '\\' && s[1] == 'n') {
            buf_putc(&b, '\n');
            s++;
        } else {
            buf_putc(&b, *s);
        }
    }
    if (file && !put_file(mem, arena_strndup(mem, file + 1, strlen(file) - 2), &b))
        return NULL;
    return arena_strdup(mem, buf_str(&b));
}

char *text_masked(struct arena *mem, const char *s)
{
    enum { SECRET = 48 };
    static const char before[] = "/calendar/";
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (const char *at = strstr(s, before); at; at = strstr(s, before)) {
        size_t n = strspn(at + sizeof before - 1, "0123456789abcdef");
        buf_add(&b, s, (size_t)(at - s) + sizeof before - 1);
        s = at + sizeof before - 1;
        if (n == SECRET) {
            buf_puts(&b, "…");
            s += n;
        }
    }
    buf_puts(&b, s);
    return arena_strdup(mem, buf_str(&b));
}
