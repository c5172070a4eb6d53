/* What is refused once everything is read: amounts that are none, a kind that does not
 * exist, words that a name's head has no room for. The typed line is kept. */
#include <string.h>
#include "bot/core/resolve_private.h"

/* agency, reseller …: what may stand there instead. */
static char *all_words(struct call *c, const char *kind)
{
    const char *values[32];
    struct buf b = BUF_ON(c->mem);
    int n = catalogue_values(c->words, kind, values, 32);
    for (int i = 0; i < n; i++)
        buf_join(&b, call_text(c, "list.comma", NO_ARGS), catalogue_word(c->words, c->locale, kind, values[i]));
    return arena_strdup(c->mem, buf_str(&b));
}

void refuse_unknown(struct resolving *x)
{
    const struct frame *f = x->f;
    if (!f->unknown || *x->out == READING_REPLIED)
        return;
    bool silo = !strcmp(f->unknown_kind, "silo"), writes = x->s->command->flags & CMD_WRITES;
    bool seniority = !strcmp(f->unknown_kind, "seniority");
    reply_new(x->c, REPLY_REFUSED, seniority ? "person.seniority_unknown" : silo ? "silo.unknown" : writes ? "partner.type_unknown" : "partner.type_none",
        ARGS(TXT("typed", f->unknown), TXT("all", all_words(x->c, f->unknown_kind))));
    reply_button_line(x->c->replies, "button.complete");
    *x->out = READING_REPLIED;
}

bool refuse_money(struct resolving *x)
{
    static const char *const why[] = { [MONEY_NEGATIVE] = "money.negative", [MONEY_ELSEWHERE] = "money.unit",
        [MONEY_RANGE] = "money.range", [MONEY_POINTS] = "money.points", [MONEY_FRACTION] = "money.fraction",
        [MONEY_LENGTH] = "money.length" };
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_MONEY && t->doubt) {
            reply_new(x->c, REPLY_REFUSED, why[t->doubt], ARGS(TXT("typed", token_text(x->s, t))));
            *x->out = READING_REPLIED;
        }
    }
    return true;
}

static bool company_form(const struct resolving *x, const char *name)
{
    struct folded f = fold_text(x->c->mem, name, strlen(name));
    return catalogue_match_kind(x->c->words, f.s, f.n, 0, "company", f.n, NULL);
}

/* A head that makes a person or firm known has no note: what it cannot place is
 * refused, not dropped. */
void refuse_words(struct resolving *x)
{
    struct frame *f = x->f;
    bool known = arg_accepts(x->s->command, ARG_PERSON) ? f->n_people : f->n_partners + f->n_customers;
    /* A name beside the one that is known; a company form is part of that one. */
    bool spare = known && f->name && *f->name && !company_form(x, f->name);
    if (!arg_accepts(x->s->command, ARG_NAME) || (!f->n_words && !spare) || *x->out == READING_REPLIED)
        return;
    struct buf b = BUF_ON(x->c->mem);
    if (spare)
        buf_join(&b, " ", f->name);
    for (int i = 0; i < f->n_words; i++)
        buf_join(&b, " ", f->words[i]);
    struct reply *r = reply_new(x->c, REPLY_REFUSED, "words.left", ARGS(TXT("words", buf_str(&b))));
    if (arg_accepts(x->s->command, ARG_TYPE))
        reply_line(r, call_text(x->c, "partner.types", ARGS(TXT("all", all_words(x->c, "partner_type")))));
    reply_line(r, command_usage(x->c->mem, x->c->words, x->c->locale, x->s->command));
    reply_button_line(r, "button.complete");
    *x->out = READING_REPLIED;
}
