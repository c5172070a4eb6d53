#include "bot/core/rank.h"

#include <string.h>
#include "bot/text/fold.h"

/* Titles on the scale of seniority, ten steps to each of its five. */
static const struct {
    const char *title;
    int rank;
} titles[] = { { "chairman", 10 }, { "president", 11 }, { "vice_president", 13 },
    { "senior_managing_director", 14 }, { "managing_director", 15 }, { "director", 20 },
    { "executive_officer", 21 }, { "bureau_chief", 22 }, { "division_head", 23 },
    { "deputy_bureau_chief", 25 }, { "department_head", 30 }, { "branch_manager", 31 },
    { "deputy_department_head", 33 }, { "office_head", 35 }, { "section_head", 40 },
    { "deputy_section_head", 43 }, { "chief", 50 }, { "staff", 55 } };
enum { STEP = 10 };

int rank_title(struct call *c, const char *title)
{
    int rank = RANK_UNKNOWN;
    if (!title)
        return rank;
    struct folded f = fold_text(c->mem, title, strlen(title));
    struct word w[8];
    int n = catalogue_match(c->words, f.s, f.n, 0, w, 8);
    for (int i = 0; i < n && rank == RANK_UNKNOWN; i++)
        for (size_t k = 0; k < sizeof titles / sizeof *titles; k++)
            if (!strcmp(w[i].kind, "title") && !strcmp(w[i].value, titles[k].title))
                rank = titles[k].rank;
    return rank;
}

int rank_person(struct call *c, const struct person *p)
{
    return p->seniority ? p->seniority * STEP : rank_title(c, p->title);
}

void rank_people(struct call *c, struct person *people, int n)
{
    int *rank = ARENA_ARRAY(c->mem, int, (size_t)(n ? n : 1));
    for (int i = 0; i < n; i++) {
        struct person p = people[i];
        int own = rank_person(c, &p), k = i;
        for (; k > 0 && rank[k - 1] > own; k--) {
            people[k] = people[k - 1];
            rank[k] = rank[k - 1];
        }
        people[k] = p;
        rank[k] = own;
    }
}

int rank_attendees(struct call *c, const struct touch *t, struct attendee *out)
{
    int n = 0;
    struct err e;
    for (int i = 0; i < t->n_people; i++) {
        struct attendee a = { .at = i };
        a.known = t->people[i] && person_load(c->db, c->mem, t->people[i], &a.person, &e);
        if (!a.known && !t->labels[i])
            continue; /* undone since */
        a.rank = a.known ? rank_person(c, &a.person) : rank_title(c, t->labels[i]);
        int k = n++;
        for (; k > 0 && out[k - 1].rank > a.rank; k--)
            out[k] = out[k - 1];
        out[k] = a;
    }
    return n;
}
