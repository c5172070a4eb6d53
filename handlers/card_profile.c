/* What a card says of a person's background, of a partner's languages, and why another
 * number's card is shown. */
#include "bot/store/merge.h"
#include "bot/store/profile.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include <string.h>

/* Why the card of another number is shown. */
bool put_merged(struct reply *r, char kind, int64_t asked, struct err *e)
{
    struct call *c = r->call;
    struct merge m;
    if (merge_find(c->db, c->mem, kind, asked, &m, e))
        reply_soft(r, call_text(c, "show.merged",
                          ARGS(TXT("id", call_ref(c, kind, asked)), TXT("name", m.name),
                              TXT("when", when_format_day(&c->when, c->mem, c->locale,
                                              day_of(m.at_ms, c->when.zone))))));
    return e->code == ERR_NONE;
}

/* 白楊堂 課長 (until 2 Mar) */
static char *former_firms(struct call *c, int64_t person, struct err *e)
{
    struct former list[PROFILE_ROWS];
    struct buf b = BUF_ON(c->mem);
    int n = former_list(c->db, c->mem, person, list, PROFILE_ROWS, e);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), call_text(c, "show.former",
            ARGS(TXT("firm", list[i].title ? arena_printf(c->mem, "%s %s", list[i].org, list[i].title) : list[i].org),
                TXT("day", when_format_day(&c->when, c->mem, c->locale, day_of(list[i].until_ms, c->when.zone))))));
    return arena_strdup(c->mem, buf_str(&b));
}

/* How far we reach through the person, and where. */
static char *reaches(struct call *c, int64_t person, struct err *e)
{
    struct access list[PROFILE_ROWS];
    struct buf b = BUF_ON(c->mem);
    int n = access_list(c->db, c->mem, person, 0, list, PROFILE_ROWS, e);
    for (int i = 0; i < n; i++)
        buf_join(&b, comma(c), call_text(c, "access.noted",
            ARGS(TXT("level", call_word(c, WORD_ACCESS, list[i].level)),
                TXT("firm", label_customer(c, list[i].customer_id)))));
    return arena_strdup(c->mem, buf_str(&b));
}

bool put_profile(struct reply *r, const struct person *p, struct err *e)
{
    struct call *c = r->call;
    reply_field(r, "show.label.department", p->department);
    reply_field(r, "show.label.languages", fact_languages(c, p->id, e));
    reply_field(r, "show.label.access", reaches(c, p->id, e));
    reply_field(r, "show.label.tags", fact_tags(c, p->id, e));
    reply_field(r, "show.label.former", former_firms(c, p->id, e));
    char *away = label_away(c, p->id, day_of(c->now_ms, c->when.zone));
    if (away)
        reply_warning(r, away);
    return e->code == ERR_NONE;
}

/* The language that the market's customers are supported in; NULL: not one of ours. */
const char *market_language(const char *market)
{
    static const char *const languages[][2] = { { "JP", "ja" }, { "KR", "ko" }, { "TW", "zh" },
        { "HK", "yue" }, { "MY", "ms" }, { "TH", "th" }, { "SG", "en" }, { "AU", "en" } };
    for (size_t i = 0; market && i < sizeof languages / sizeof *languages; i++)
        if (!strcmp(languages[i][0], market))
            return languages[i][1];
    return NULL;
}

/* A partner that nobody can call in the local language will not support its customers.
 * Where no language is noted of anybody, that is said, not guessed. */
bool put_local_staff(struct reply *r, const struct partner *p, struct err *e)
{
    struct call *c = r->call;
    int64_t noted, able;
    const char *language = market_language(p->market);
    if (!language)
        return true;
    if (!staff_language(c->db, p->id, language, &noted, &able, e))
        return false;
    const struct msg_arg *args = ARGS(TXT("language", call_word(c, WORD_LANGUAGE, language)), NUM("n", able));
    if (!noted)
        reply_field(r, "show.label.staff", call_text(c, "show.staff_unknown", args));
    else if (able)
        reply_field(r, "show.label.staff", call_text(c, "show.staff", args));
    else
        reply_warning(r, call_text(c, "show.no_local_staff", args));
    return true;
}
