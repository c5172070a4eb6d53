/* casestudy: a published story of a customer. What did not happen in a market did not
 * happen: a translation of a story from elsewhere is never a local one. */
#include <string.h>
#include "bot/store/marketing.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 3 };

static const struct arg casestudy_args[] = {
    { "customer", ARG_CUSTOMER, REQUIRED },
    { "market", ARG_MARKET, 0 },
    { "language", ARG_LANGUAGE, 0 },
    { "translated", ARG_TRANSLATED, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "deal", ARG_DEAL, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "published", ARG_DATED, 0 },
    { "when", ARG_WHEN, 0 },
    { 0 },
};

/* Acme · Japan · Japanese · 電光デジタル · Foo · published Sun 1 Feb · translated from Australia */
static char *study_text(struct call *c, const struct case_study *s, char known, bool language_assumed)
{
    struct buf b = BUF_ON(c->mem);
    if (known != 'A')
        buf_join(&b, FACTS, label_customer(c, s->customer_id));
    buf_join(&b, FACTS, call_word(c, WORD_MARKET, s->market));
    buf_join(&b, FACTS, label_assumed(c, language_assumed, call_word(c, WORD_LANGUAGE, s->language)));
    if (s->partner_id && known != 'P')
        buf_join(&b, FACTS, label_partner(c, s->partner_id));
    if (s->deal_id)
        buf_join(&b, FACTS, label_deal(c, s->deal_id));
    buf_join(&b, FACTS, s->product);
    buf_join(&b, FACTS, call_text(c, "casestudy.published", ARGS(TXT("day", when_format_day(&c->when, c->mem, c->locale, s->published_day)))));
    if (s->translated_from)
        buf_join(&b, FACTS, call_text(c, "casestudy.translated", ARGS(TXT("market", call_word(c, WORD_MARKET, s->translated_from)))));
    return arena_strdup(c->mem, buf_str(&b));
}

bool put_case_studies(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct case_study list[SHOWN];
    int n = case_study_list(c->db, c->mem, customer, partner, NULL, false, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "casestudy.label", study_text(c, &list[i], customer ? 'A' : 'P', false));
    return e->code == ERR_NONE;
}

static bool list_of(struct listing *l, bool local, struct err *e)
{
    struct call *c = l->c;
    const struct frame *f = c->f;
    struct case_study *all = ARENA_ARRAY(c->mem, struct case_study, LIST_COUNTED);
    int n = case_study_list(c->db, c->mem, l->scope.customer, l->scope.partner, f->word[WORD_MARKET], local, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        if (!f->has_period || (all[i].published_day >= f->period.from_day && all[i].published_day < f->period.to_day))
            list_put(l, 'A', all[i].customer_id, study_text(c, &all[i], 0, false));
    return e->code == ERR_NONE;
}

bool list_case_studies(struct listing *l, struct err *e)
{
    return list_of(l, false, e);
}

bool list_local_studies(struct listing *l, struct err *e)
{
    return list_of(l, true, e);
}

/* A story of a customer of another market is a translation, whether that was said or not. */
static bool take_origin(struct call *c, struct case_study *s, struct err *e)
{
    struct customer a;
    if (!customer_load(c->db, c->mem, s->customer_id, &a, e))
        return false;
    const char *home = c->f->translated_from ? c->f->translated_from : a.market;
    s->market = c->f->word[WORD_MARKET] ? c->f->word[WORD_MARKET] : a.market && !c->f->translated_from ? a.market : c->member->market;
    s->translated_from = home && strcmp(home, s->market) != 0 ? home : NULL;
    if (c->f->translated_from && !s->translated_from)
        return fail(e, ERR_USAGE, "casestudy.same_market", ARGS(TXT("market", call_word(c, WORD_MARKET, home))), "same market");
    return true;
}

static bool casestudy_run(struct call *c, struct err *e)
{
    struct frame *f = c->f;
    struct case_study s = { .customer_id = f->customers[0], .partner_id = f->n_partners ? f->partners[0] : 0,
        .product = f->product, .link = typed_link(c), .published_day = day_of(f->when.at_ms, c->when.zone) };
    int32_t day;
    struct deal d;
    if (words_left(c))
        return true;
    if (frame_dated(f, "published", s.published_day, &day))
        s.published_day = day;
    if (s.published_day > day_of(c->now_ms, c->when.zone))
        return fail(e, ERR_USAGE, "partner.ahead", NULL, "future day");
    for (int i = 0; i < f->n_refs; i++)
        if (f->refs[i].kind == 'D' && deal_load(c->db, c->mem, f->refs[i].no, &d, e))
            s.deal_id = d.id;
    if (!take_origin(c, &s, e))
        return false;
    bool assumed = !f->word[WORD_LANGUAGE];
    s.language = assumed ? market_language(s.market) : f->word[WORD_LANGUAGE];
    if (!s.language)
        return fail(e, ERR_USAGE, "casestudy.language", NULL, "no language");
    if (!case_study_add(c->db, &s, c->member->id, c->now_ms, e))
        return false;
    char *id = call_ref(c, 'A', s.customer_id);
    struct reply *r = reply_titled(c, REPLY_OK, "casestudy.noted", arena_printf(c->mem, "%s" FACTS "%s",
        call_text(c, "casestudy.label", NO_ARGS), study_text(c, &s, 0, assumed)));
    reply_record(r, id, "changed");
    reply_data(r, "market", s.market);
    reply_data(r, "language", s.language);
    reply_data(r, "translated_from", s.translated_from);
    reply_data_ref(r, "partner", 'P', s.partner_id);
    reply_data_int(r, "published_day", s.published_day);
    if (assumed)
        reply_assumed(r, "language");
    reply_soft(r, s.link);
    if (s.translated_from)
        reply_warning(r, call_text(c, "casestudy.not_local", ARGS(TXT("market", call_word(c, WORD_MARKET, s.market)))));
    show_and_undo(r, id);
    return true;
}

const struct command casestudy_command = { .id = "casestudy", .args = casestudy_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = casestudy_run };
