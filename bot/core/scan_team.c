/* A team by its name: the teams are what members belong to, so they are looked up where
 * the word for one stands beside a name. */
#include <string.h>
#include "bot/core/scan_private.h"

struct teams {
    const char **spelled;
    struct folded *name;
    int n;
};

/* Each once, read once a message. Without the store there are none. */
static const struct teams *teams_of(struct call *c)
{
    struct err e = { 0 };
    int n = 0;
    if (c->teams)
        return c->teams;
    struct member *all = member_list(c->db, c->mem, &n, &e);
    struct teams *t = ARENA_NEW(c->mem, struct teams);
    c->teams = t;
    t->spelled = ARENA_ARRAY(c->mem, const char *, (size_t)n + 1);
    t->name = ARENA_ARRAY(c->mem, struct folded, (size_t)n + 1);
    for (int i = 0; all && i < n; i++) {
        bool again = !all[i].team || !*all[i].team;
        for (int k = 0; k < t->n && !again; k++)
            again = strcmp(t->spelled[k], all[i].team) == 0;
        if (again)
            continue;
        t->spelled[t->n] = all[i].team;
        t->name[t->n++] = fold_text(c->mem, all[i].team, strlen(all[i].team));
    }
    return t;
}

const char *team_spelled(struct call *c, const char *typed)
{
    const struct teams *all = teams_of(c);
    struct folded f = fold_text(c->mem, typed, strlen(typed));
    for (char *p = f.s; (p = strchr(p, '_')) != NULL;)
        *p = ' ';
    for (int i = 0; i < all->n; i++) {
        char *name = arena_strdup(c->mem, all->name[i].s);
        for (char *p = name; (p = strchr(p, '_')) != NULL;)
            *p = ' ';
        if (strcmp(name, f.s) == 0)
            return all->spelled[i];
    }
    return NULL;
}

/* The length of the word for a team at `at`; 0: it is not one. */
static size_t team_word(const struct scan *s, size_t at)
{
    struct word w[8];
    int n = at < s->text.n ? catalogue_match(s->c->words, s->text.s, s->text.n, at, w, 8) : 0;
    for (int i = 0; i < n; i++) {
        if (!strcmp(w[i].kind, "key") && !strcmp(w[i].value, "team"))
            return w[i].len;
    }
    return 0;
}

static size_t gap(const struct scan *s, size_t at)
{
    size_t n = 0;
    while (at + n < s->text.n && (s->text.s[at + n] == ' ' || s->text.s[at + n] == '='))
        n++;
    return n;
}

/* The name at `at`, and behind it, without `word`, nothing that goes on with it. */
static size_t name_here(const struct scan *s, size_t at, const struct folded *name, bool word)
{
    size_t end = at + name->n;
    if (!name->n || name->n > s->text.n - at || memcmp(s->text.s + at, name->s, name->n) != 0)
        return 0;
    bool goes_on = scan_word_char(name->s, name->n, name->n - 1) &&
                   scan_word_char(s->text.s, s->text.n, end);
    enum script behind = scan_script(s, end);
    if (goes_on || (!word && (behind == SCRIPT_HAN || behind == SCRIPT_KATAKANA)))
        return 0;
    return name->n;
}

size_t scan_team(struct scan *s, size_t at, struct token *t)
{
    bool inside = at && scan_word_char(s->text.s, s->text.n, at) &&
                  scan_word_char(s->text.s, s->text.n, at - 1);
    if (!scan_takes(s, ARG_TEAM) || !scan_takes(s, ARG_KPI) || inside)
        return 0;
    const struct teams *all = teams_of(s->c);
    size_t word = team_word(s, at), from = word ? at + word : at, best = 0;
    from += word ? gap(s, from) : 0;
    for (int i = 0; i < all->n; i++) {
        size_t n = name_here(s, from, &all->name[i], !word), end = from + n;
        if (n && !word) {
            size_t between = gap(s, end), behind = team_word(s, end + between);
            n = behind ? n + between + behind : 0;
            end = from + n;
        }
        if (!n || end - at <= best)
            continue;
        best = end - at;
        t->type = TOKEN_VALUE;
        t->key = "team";
        t->value = all->spelled[i];
    }
    return best;
}
