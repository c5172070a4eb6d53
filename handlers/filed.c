#include "handlers/filed.h"

static const struct {
    char kind;
    char *(*line)(struct call *c, int64_t no);
    bool (*card)(struct call *c, int64_t no, struct err *e);
} kinds[] = {
    { 'V', line_activity, card_activity },
    { 'L', line_lead, card_lead },
    { 'J', line_task, card_task },
    { 'G', line_asset, card_asset },
    { 'W', line_perception, card_perception },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

char *filed_line(struct call *c, char kind, int64_t no)
{
    for (int i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].line(c, no);
    return NULL;
}

bool card_filed(struct call *c, char kind, int64_t no, struct err *e)
{
    for (int i = 0; i < KINDS; i++)
        if (kinds[i].kind == kind)
            return kinds[i].card(c, no, e);
    return refuse_none(c, kind, no, e);
}

int64_t filed_typed(const struct call *c, char kind)
{
    for (int i = 0; i < c->f->n_refs; i++)
        if (c->f->refs[i].kind == kind)
            return c->f->refs[i].no;
    return 0;
}
