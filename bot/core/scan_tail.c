/* What Japanese hangs on the word before it: particles (鈴木部長|に), light verbs with
 * their endings (電話|しました, 留守電|を|残して|おいた), とのこと. It says how a word
 * belongs to the sentence and nothing that a record keeps; it is neither name nor note.
 * Knows no names and no commands. */
#include <string.h>
#include "bot/core/reader.h"
#include "bot/text/utf8.h"

enum { WORDS = 16, PAUSE = 6 /* bytes of a stem that may stand before a comma */ };

/* The longest word of the kind here, or 0; `*value` is what it says. */
static size_t longest(const struct scan *s, size_t at, const char *kind, const char *value, const char **said)
{
    struct word w[WORDS];
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, at, w, WORDS);
    for (int i = 0; i < n; i++) {
        if (strcmp(w[i].kind, kind) != 0 || (value && strcmp(w[i].value, value) != 0))
            continue;
        if (said)
            *said = w[i].value;
        return w[i].len;
    }
    return 0;
}

static size_t longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The noun of what is done, where no longer word goes on: メール|送付, but not と|更新条件. */
static size_t noun(const struct scan *s, size_t at)
{
    size_t n = longest(s, at, "tail", "noun", NULL), end = at + n;
    enum script next = end < s->text.n ? utf8_script(utf8_next(s->text.s, s->text.n, &end)) : SCRIPT_SPACE;
    return next == SCRIPT_HAN || next == SCRIPT_KATAKANA || next == SCRIPT_LATIN ? 0 : n;
}

/* し|ました, 行っ|てきた: any stem that an ending follows; behind what is done, not behind
 * a name, also the bare noun of it: メール|送付, but not アクメ|更新. */
static size_t verb(const struct scan *s, size_t at, bool name)
{
    struct word w[WORDS];
    int n = catalogue_match(s->c->words, s->text.s, s->text.n, at, w, WORDS);
    size_t best = longer(longest(s, at, "tail", "whole", NULL), name ? 0 : noun(s, at));
    for (int i = 0; i < n; i++) {
        bool stem = !strcmp(w[i].kind, "tail") && !strcmp(w[i].value, "stem");
        size_t end = at + w[i].len, ending = stem ? longest(s, end, "tail", "ending", NULL) : 0;
        bool pauses = stem && !name && w[i].len >= PAUSE && !ending && end < s->text.n && scan_separates(s, end);
        if (ending || pauses) /* お電話を差し上げ、… */
            best = longer(best, w[i].len + ending);
    }
    return best;
}

size_t scan_tail(const struct scan *s, size_t at, bool name, enum tail *tail)
{
    static const struct {
        const char *value;
        enum tail tail;
    } particles[] = { { "topic", TAIL_TOPIC }, { "of", TAIL_OF }, { "link", TAIL_LINK } };
    const char *said = NULL;
    size_t particle = longest(s, at, "particle", NULL, &said), n = verb(s, at, name);
    size_t plan = longest(s, at, "tail", "plan", NULL);
    if (plan && plan >= n && plan >= particle) {
        *tail = TAIL_PLAN;
        return plan;
    }
    if (n >= particle && n) {
        *tail = TAIL_VERB;
        return n;
    }
    for (size_t i = 0; particle && i < sizeof particles / sizeof *particles; i++)
        if (!strcmp(said, particles[i].value))
            *tail = particles[i].tail;
    return particle;
}

/* Behind a gap only what stands for itself: LINE きた 大野さん, 電話 しました。 */
size_t scan_loose_tail(const struct scan *s, size_t at)
{
    enum tail tail;
    size_t end = at, n;
    while (end < s->text.n && (n = scan_tail(s, end, true, &tail)) > 0)
        end += n;
    return end == s->text.n || scan_separates(s, end) ? end - at : 0;
}
