/* A search of names by any part of them: every spelling is looked at, most of them only
 * by which letters they have. */
#include <string.h>
#include "bot/core/names_private.h"

struct part {
    const char *text;
    uint32_t letters;
};

static bool holds(const struct spelling *s, const struct part *p)
{
    return p->text && (s->letters & p->letters) == p->letters && strstr(s->text, p->text);
}

static int add_records(const struct names *n, const struct spelling *s, struct name_hit *out,
    int count, int max)
{
    for (uint32_t r = s->row; r != NO_ROW && count < max; r = n->rows[r].next)
        count = table_add_hit(out, count, max, n->rows[r].hit);
    return count;
}

static struct part part_of(const char *text)
{
    bool given = text && *text;
    return (struct part){ given ? text : NULL, given ? names_letters(text) : 0 };
}

int names_holding(const struct names *n, const char *key, const char *sound,
    struct name_hit *out, int max)
{
    struct part parts[] = { part_of(key), part_of(sound) };
    int count = 0;
    for (size_t i = 0; i < n->n_spellings && count < max; i++) {
        const struct spelling *s = &n->spellings[i];
        if (s->row != NO_ROW && (holds(s, &parts[0]) || holds(s, &parts[1])))
            count = add_records(n, s, out, count, max);
    }
    return count;
}
