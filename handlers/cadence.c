/* cadence: how often a person, a partner or a deal wants to hear of us. Overdue is counted
 * in business days of their market, from the last real touch point. */
#include <stdlib.h>
#include <string.h>
#include "bot/text/fold.h"
#include "handlers/care.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

enum { ROWS = 40, LONGEST = 366 };

static const struct arg cadence_args[] = {
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "cadence", ARG_CADENCE, 0 },
    { 0 },
};

/* 14d, every 2 weeks, 毎週, 2週間ごと; 0: off; -1: none was typed. */
static int typed_days(struct call *c)
{
    struct folded f = fold_text(c->mem, c->text, strlen(c->text));
    struct word w;
    if (c->f->word[WORD_CADENCE])
        return (int)strtol(c->f->word[WORD_CADENCE], NULL, 10);
    for (size_t i = 0; i < f.n; i++) {
        bool begins = f.s[i] >= '0' && f.s[i] <= '9' && (i == 0 || f.s[i - 1] == ' ' || (unsigned char)f.s[i - 1] >= 0x80);
        char *end = NULL;
        long n = begins ? strtol(f.s + i, &end, 10) : 0;
        size_t at = begins ? (size_t)(end - f.s) : 0;
        at += begins ? strspn(f.s + at, " ") : 0;
        if (begins && n <= LONGEST && catalogue_match_kind(c->words, f.s, f.n, at, "cadence_unit", 0, &w))
            return n ? (int)(n * strtol(w.value, NULL, 10)) : LONGEST + 1;
    }
    return -1;
}

static bool list_all(struct call *c, struct err *e)
{
    struct cadence k[ROWS];
    int overdue, n = cadence_list(c->db, c->member->id, k, ROWS, e);
    struct reply *r = reply_new(c, REPLY_OK, "cadence.list", ARGS(NUM("n", n)));
    for (int i = 0; i < n; i++)
        reply_item(r, cadence_text(c, &k[i], &overdue), NULL);
    return e->code == ERR_NONE;
}

static bool cadence_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    struct cadence k = { .member_id = c->member->id, .days = typed_days(c), .at_ms = c->now_ms };
    e->code = ERR_NONE;
    k.person_id = f->n_people ? f->people[0] : 0;
    k.partner_id = !k.person_id && f->n_partners ? f->partners[0] : 0;
    for (int i = 0; i < f->n_refs && !k.person_id && !k.partner_id; i++)
        k.deal_id = f->refs[i].kind == 'D' ? f->refs[i].no : k.deal_id;
    if (!k.person_id && !k.partner_id && !k.deal_id)
        return k.days < 0 ? list_all(c, e) : fail(e, ERR_USAGE, "cadence.whom", NULL, "nobody named");
    if (k.days < 0 || k.days > LONGEST)
        return fail(e, ERR_USAGE, "cadence.how_often", NULL, "no length");
    if (!cadence_set(c->db, &k, c->now_ms, e))
        return false;
    char *who = k.person_id ? label_person_id(c, k.person_id, f->honorific) : k.partner_id ? label_partner(c, k.partner_id) : label_deal(c, k.deal_id);
    struct reply *r = reply_new(c, REPLY_OK, k.days ? "cadence.set" : "cadence.off", ARGS(TXT("who", who), NUM("days", k.days)));
    reply_button(r, "quiet", "undo", "button.undo", NO_ARGS);
    return true;
}

const struct command cadence_command = { .id = "cadence", .args = cadence_args, .may = ROLE_SALES, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_KNOWN, .run = cadence_run };
