#include "handlers/parts.h"

#include <string.h>
#include "bot/text/fold.h"
#include "bot/text/utf8.h"
#include "handlers/record.h"

enum part { PART_NOTE, PART_DECISION, PART_CONCERNS, PART_NEXT, PARTS };
static const char *const part_names[PARTS] = { "note", "decision", "concerns", "next" };

static enum part part_find(const char *name)
{
    for (int i = PART_DECISION; i < PARTS; i++)
        if (!strcmp(part_names[i], name))
            return (enum part)i;
    return PART_NOTE;
}

/* "decision: pilot" at `s`: which part, and where its text begins; 0: none. */
static size_t part_head(struct call *c, const char *s, size_t n, enum part *out)
{
    struct folded f = fold_text(c->mem, s, n);
    struct word w[8];
    size_t at = f.n && f.s[0] == ' ' ? 1 : 0;
    int k = catalogue_match(c->words, f.s, f.n, at, w, 8);
    for (int i = 0; i < k; i++) {
        size_t end = at + w[i].len;
        if (end < f.n && f.s[end] == ' ')
            end++;
        if (strcmp(w[i].kind, "part") != 0 || end >= f.n || f.s[end] != ':')
            continue;
        *out = part_find(w[i].value);
        return f.src[end + 1];
    }
    return 0;
}

/* The end of the stretch at `s`: behind a line break, a semicolon or a full stop. */
static size_t stretch_end(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t ch = utf8_next(s, n, &i);
        if (ch == '\n' || ch == ';' || ch == 0xFF1B || ch == 0x3002)
            return i;
    }
    return n;
}

/* Without the spaces and separators at its ends; a full stop stays. */
static char *trimmed(struct arena *mem, const char *s)
{
    while (*s == ' ' || *s == '\n' || *s == ';')
        s++;
    size_t n = strlen(s);
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\n' || s[n - 1] == ';'))
        n--;
    return arena_strndup(mem, s, n);
}

static void split_parts(struct call *c, const char *note, enum part at, char *out[PARTS])
{
    struct buf texts[PARTS];
    for (int i = 0; i < PARTS; i++)
        texts[i] = BUF_ON(c->mem);
    size_t n = strlen(note);
    for (size_t i = 0; i < n;) {
        size_t len = stretch_end(note + i, n - i), head = part_head(c, note + i, len, &at);
        if (head && texts[at].n)
            buf_putc(&texts[at], '\n');
        buf_add(&texts[at], note + i + head, len - head);
        i += len;
    }
    for (int i = 0; i < PARTS; i++)
        out[i] = texts[i].n ? trimmed(c->mem, buf_str(&texts[i])) : NULL;
}

bool store_parts(struct call *c, struct note *n, const char *usual, struct err *e)
{
    char *texts[PARTS] = { 0 };
    int64_t *ids[PARTS] = { &n->note_id, &n->decision_id, &n->concerns_id, &n->next_id };
    const char *first = c->f->word[WORD_PART];
    int64_t rev;
    if (!c->f->note || !*c->f->note)
        return true;
    split_parts(c, c->f->note, first ? part_find(first) : PART_NOTE, texts);
    for (int i = 0; i < PARTS; i++) {
        int64_t fresh = 0; /* not a revision: an undo brings the earlier text back */
        if (!texts[i] || !*texts[i])
            continue;
        if (!store_words(c, texts[i], usual, n->deal_id, &fresh, i ? &rev : &n->note_rev, e))
            return false;
        *ids[i] = fresh;
    }
    return true;
}

void put_parts(struct reply *r, const struct note *n)
{
    reply_field_note(r, "parts.decision", n->decision_id);
    reply_field_note(r, "parts.concerns", n->concerns_id);
    reply_field_note(r, "parts.next", n->next_id);
    reply_data_words(r, "decision", n->decision_id);
    reply_data_words(r, "concerns", n->concerns_id);
    reply_data_words(r, "next_step", n->next_id);
}
