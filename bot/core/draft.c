#include "bot/core/draft.h"

#include <string.h>
#include "bot/core/rank.h"
#include "bot/store/profile.h"
#include "bot/store/ringi.h"
#include "bot/text/calendar.h"
#include "bot/text/utf8.h"

enum { SENIOR = 39, MIDDLE = 49, MESSENGERS = 8, PLACES = 9 };

/* 部長 and above, 課長, everybody below. Whose title is not known is written to politely. */
static const char *level_of(struct call *c, const struct person *p)
{
    int rank = rank_person(c, p);
    return rank == RANK_UNKNOWN || rank <= SENIOR ? "senior" : rank <= MIDDLE ? "middle" : "junior";
}

/* Where the person works; the member's own market where that is not known. */
static const char *market_of(struct call *c, const struct person *p)
{
    struct partner firm;
    struct customer customer;
    struct err e;
    const char *market = NULL;
    if (p->partner_id && partner_load(c->db, c->mem, p->partner_id, &firm, &e))
        market = firm.market;
    else if (p->customer_id && customer_load(c->db, c->mem, p->customer_id, &customer, &e))
        market = customer.market;
    return market && *market ? market : c->member->market;
}

static const char *of_market(const char *market)
{
    static const char *const languages[][2] = { { "JP", "ja" }, { "KR", "ko" }, { "TW", "zh-Hant" },
        { "HK", "zh-Hant" }, { "TH", "th" }, { "MY", "ms" } };
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (!strcmp(market, languages[i][0]))
            return languages[i][1];
    return "en";
}

/* The mother tongue that is noted, else the language of the market. */
static const char *language_of(struct call *c, const struct person *p, struct err *e)
{
    struct speaks spoken[PROFILE_ROWS];
    const char *market = market_of(c, p), *language = p->language;
    int n = language ? 0 : speaks_list(c->db, c->mem, p->id, spoken, PROFILE_ROWS, e);
    for (int i = 0; i < n && !language; i++)
        if (!strcmp(spoken[i].level, "native"))
            language = spoken[i].language;
    if (!language)
        return of_market(market);
    bool traditional = !strcmp(market, "TW") || !strcmp(market, "HK");
    return !strcmp(language, "zh") ? traditional ? "zh-Hant" : "zh-Hans"
           : !strcmp(language, "yue") ? "zh-Hant"
                                      : language;
}

static bool is_latin(const char *s)
{
    size_t i = 0;
    return utf8_script(utf8_next(s, strlen(s), &i)) == SCRIPT_LATIN;
}

static char *first_word(struct arena *mem, const char *name)
{
    return arena_strndup(mem, name, strcspn(name, " "));
}

/* 田中部長, 김민수 부장님, 陳經理, คุณสมชาย, Ahmad. */
static char *address_of(struct call *c, const struct person *p, const char *language)
{
    size_t i = 0;
    const char *name = p->name, *title = p->title ? p->title : "";
    if (!strcmp(language, "ja") && !is_latin(name))
        return label_person(c, p, p->title && !p->honorific ? p->title : NULL);
    if (!strcmp(language, "ko"))
        return arena_printf(c->mem, *title ? "%s %s님" : "%s%s님", name, title);
    if (!strncmp(language, "zh", 2) && !is_latin(name)) {
        (void)utf8_next(name, strlen(name), &i);
        return *title ? arena_printf(c->mem, "%.*s%s", (int)i, name, title) : arena_strdup(c->mem, name);
    }
    if (!strcmp(language, "th"))
        return arena_printf(c->mem, "คุณ%s", first_word(c->mem, name));
    if (is_latin(name))
        return arena_printf(c->mem, p->honorific && *p->honorific == '-' ? "%s%s" : "%s", name, p->honorific);
    return label_person(c, p, NULL);
}

struct filling {
    struct call *c;
    const char *language;
    const char *a, *sender, *topic, *body;
    int32_t days; /* since the meeting */
    bool there;   /* they work at the partner: it is about the others at the customer */
};

static const char *word(const struct filling *x, const char *name)
{
    return catalogue_draft(x->c->words, arena_printf(x->c->mem, "%s.%s", x->language, name));
}

/* {day}, {people}, {inside} with a plain form where the language has one. */
static const char *value_of(const struct filling *x, const char *name)
{
    struct arena *mem = x->c->mem;
    const char *plain = strstr(name, "_plain") ? "_plain" : "";
    if (!strcmp(name, "a"))
        return x->a;
    if (!strcmp(name, "sender"))
        return x->sender;
    if (!strcmp(name, "topic"))
        return x->topic;
    if (!strcmp(name, "body"))
        return x->body;
    if (!strncmp(name, "day", 3))
        return word(x, arena_printf(mem, "%s%s", x->days == 0 ? "today" : x->days == 1 ? "yesterday" : "lately", plain));
    return word(x, arena_printf(mem, x->there ? "%s_there" : "%s", name));
}

/* Values may hold braces: what was filled in is not read again. */
static char *fill(const struct filling *x, const char *pattern)
{
    struct buf b = BUF_ON(x->c->mem);
    buf_puts(&b, "");
    while (*pattern) {
        size_t n = strcspn(pattern, "{");
        buf_add(&b, pattern, n);
        pattern += n;
        const char *end = strchr(pattern, '}');
        if (!*pattern || !end)
            break;
        const char *value = value_of(x, arena_strndup(x->c->mem, pattern + 1, (size_t)(end - pattern - 1)));
        buf_puts(&b, value ? value : "");
        pattern = end + 1;
    }
    return arena_strdup(x->c->mem, buf_str(&b));
}

/* The text for this level, else the one for seniors, which every language has. */
static const char *pattern_of(const struct filling *x, const char *situation, const char *level, const char *part)
{
    const char *own = word(x, arena_printf(x->c->mem, "%s.%s.%s", situation, level, part));
    return own ? own : word(x, arena_printf(x->c->mem, "%s.senior.%s", situation, part));
}

bool draft_make(struct call *c, const struct person *p, const struct draft_about *about, struct draft *out,
    struct err *e)
{
    struct deal d;
    e->code = ERR_NONE;
    const char *language = language_of(c, p, e), *level = level_of(c, p);
    struct filling x = { .c = c, .language = language, .sender = c->member->name, .there = p->partner_id != 0,
        .days = about->day ? day_of(c->now_ms, c->when.zone) - about->day : 2 };
    *out = (struct draft){ .situation = about->situation, .language = language };
    if (!word(&x, "today")) {
        out->wanted = language;
        out->language = x.language = "en";
    }
    const char *chat = pattern_of(&x, about->situation, level, "chat"), *mail = word(&x, arena_printf(c->mem, "mail_%s", level));
    if (!chat)
        return fail(e, ERR_NOT_FOUND, "draft.none", NULL, "no drafts.json");
    x.a = address_of(c, p, x.language);
    x.topic = about->deal_id && deal_load(c->db, c->mem, about->deal_id, &d, e) ? d.name : word(&x, "topic");
    out->chat = fill(&x, chat);
    out->subject = fill(&x, pattern_of(&x, about->situation, level, "subject"));
    x.body = fill(&x, pattern_of(&x, about->situation, level, "body"));
    out->mail = fill(&x, mail ? mail : word(&x, "mail"));
    return e->code == ERR_NONE;
}

const char *draft_next(struct call *c, const struct draft_about *about, struct err *e)
{
    struct ringi live;
    e->code = ERR_NONE;
    if (!strcmp(about->situation, "meeting") && about->deal_id &&
        ringi_list(c->db, c->mem, about->deal_id, true, &live, 1, e) > 0)
        return "ringi";
    return strcmp(about->situation, "silence") != 0 ? "silence" : "meeting";
}

static char *encode(struct arena *mem, const char *s)
{
    struct buf b = BUF_ON(mem);
    buf_puts(&b, "");
    for (const unsigned char *p = (const unsigned char *)s; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                     (*p && strchr("-._~", *p));
        if (plain)
            buf_putc(&b, (char)*p);
        else
            buf_printf(&b, "%%%02X", *p);
    }
    return arena_strdup(mem, buf_str(&b));
}

/* 090-1234-5678 of somebody in Japan as 819012345678; NULL: no number. A number that has
 * its country stays; where numbers have no zero in front, a short one is of the country. */
static char *number_of(struct call *c, const struct person *p, const char *typed)
{
    static const char *const countries[][2] = { { "JP", "81" }, { "KR", "82" }, { "TW", "886" }, { "HK", "852" },
        { "MY", "60" }, { "TH", "66" }, { "SG", "65" }, { "AU", "61" } };
    enum { LOCAL = 8, SHORTEST = 5, LONGEST = 15 };
    struct buf b = BUF_ON(c->mem);
    const char *country = "", *market = market_of(c, p);
    buf_puts(&b, "");
    for (const char *s = typed; *s; s++)
        if (*s >= '0' && *s <= '9')
            buf_putc(&b, *s);
    if (b.n < SHORTEST || b.n > LONGEST)
        return NULL;
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (!strcmp(market, countries[i][0]))
            country = countries[i][1];
    const char *digits = buf_str(&b);
    bool whole = *typed == '+' || (*digits != '0' && b.n > LOCAL);
    return whole ? arena_strdup(c->mem, digits) : arena_printf(c->mem, "%s%s", country, digits + (*digits == '0'));
}

static char *mail_url(struct arena *mem, const char *address, const struct draft *d)
{
    size_t n = strcspn(address, "@");
    if (!address[n])
        return NULL;
    char *to = arena_printf(mem, "mailto:%s@%s", encode(mem, arena_strndup(mem, address, n)), encode(mem, address + n + 1));
    return d ? arena_printf(mem, "%s?subject=%s&body=%s", to, encode(mem, d->subject), encode(mem, d->mail)) : to;
}

static char *line_url(struct arena *mem, const char *handle, const struct draft *d)
{
    if (d)
        return arena_printf(mem, "https://line.me/R/share?text=%s", encode(mem, d->chat));
    return *handle == '@' ? arena_printf(mem, "https://line.me/R/ti/p/%%40%s", encode(mem, handle + 1))
                          : arena_printf(mem, "https://line.me/ti/p/~%s", encode(mem, handle));
}

/* By the number; NULL: there is none. */
static char *whatsapp_url(struct arena *mem, const char *number, const struct draft *d)
{
    if (!number)
        return NULL;
    return d ? arena_printf(mem, "https://wa.me/%s?text=%s", number, encode(mem, d->chat))
             : arena_printf(mem, "https://wa.me/%s", number);
}

/* Those that open somebody, and take no text. */
static char *profile_url(struct arena *mem, const char *network, const char *handle)
{
    static const char *const sites[][2] = { { "messenger", "https://m.me/" }, { "telegram", "https://t.me/" } };
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++)
        if (!strcmp(network, sites[i][0]))
            return arena_printf(mem, "%s%s", sites[i][1], encode(mem, *handle == '@' ? handle + 1 : handle));
    return NULL; /* WeChat and KakaoTalk open nobody by the name alone */
}

/* The address of one messenger, with the text where it takes one; NULL: it has none. */
static char *url_of(struct call *c, const struct person *p, const struct draft *d, const struct messenger *m, bool text)
{
    const struct draft *shown = text ? d : NULL;
    char *number = number_of(c, p, m->handle);
    if (!strcmp(m->network, "line"))
        return line_url(c->mem, m->handle, shown);
    if (!strcmp(m->network, "whatsapp"))
        return whatsapp_url(c->mem, number, shown);
    if (!strcmp(m->network, "mail"))
        return mail_url(c->mem, m->handle, shown);
    if (!strcmp(m->network, "phone"))
        return text || !number ? NULL : arena_printf(c->mem, "tel:+%s", number);
    return text ? NULL : profile_url(c->mem, m->network, m->handle);
}

/* Instant messengers first: what is written there is answered, and by whom it was meant
 * for; those that an address opens before the others. Then the telephone, then the mail. */
static int place_of(const char *network)
{
    static const char *const order[] = { "line", "whatsapp", "messenger", "telegram", "wechat", "kakaotalk", "other", "phone", "mail" };
    int i = 0;
    while (i < PLACES - 1 && strcmp(order[i], network) != 0)
        i++;
    return i;
}

static int reach_of(struct call *c, int64_t person, struct messenger *out, struct err *e)
{
    struct messenger all[MESSENGERS];
    int n = messenger_list(c->db, c->mem, person, all, MESSENGERS, e), k = 0;
    for (int place = 0; place < PLACES; place++)
        for (int i = 0; i < n; i++)
            if (place_of(all[i].network) == place)
                out[k++] = all[i];
    return k;
}

int draft_links(struct call *c, const struct person *p, const struct draft *d, struct draft_link *out, int max,
    struct err *e)
{
    struct messenger m[MESSENGERS];
    e->code = ERR_NONE;
    int n = reach_of(c, p->id, m, e), k = 0;
    for (int i = 0; i < n && k < max; i++) {
        char *text = url_of(c, p, d, &m[i], true), *alone = url_of(c, p, d, &m[i], false);
        bool fits = text && strlen(text) <= DRAFT_ADDRESS;
        bool line = !strcmp(m[i].network, "line");
        if (fits)
            out[k++] = (struct draft_link){ m[i].network, text, true };
        /* LINE's text goes to whom one chooses there: the way to the person beside it. */
        if ((!fits || line) && k < max && alone && strlen(alone) <= DRAFT_ADDRESS)
            out[k++] = (struct draft_link){ m[i].network, alone, false };
    }
    return k;
}

/* As the channel is called: LINE, e-mail. */
static const char *network_word(struct call *c, const char *network)
{
    return call_word(c, WORD_CHANNEL, !strcmp(network, "mail") ? "email" : network);
}

static void put_text(struct call *c, struct reply *r, const struct draft *d)
{
    bool corner = !strcmp(d->language, "ja") || !strcmp(d->language, "zh-Hant");
    char *quoted = arena_printf(c->mem, corner ? "「%s」" : "“%s”", d->chat);
    if (d->wanted)
        reply_soft(r, call_text(c, "draft.english", ARGS(TXT("language", call_word(c, WORD_LANGUAGE, d->wanted)))));
    reply_line(r, call_text(c, "draft.text", ARGS(TXT("text", quoted))));
}

bool draft_put(struct call *c, struct reply *r, const struct person *p, const struct draft_about *about,
    const char *say, struct err *e)
{
    struct draft d = { 0 };
    struct draft_link links[DRAFT_LINKS];
    if (!draft_make(c, p, about, &d, e))
        return false;
    put_text(c, r, &d);
    int n = draft_links(c, p, &d, links, DRAFT_LINKS, e);
    for (int i = 0; i < n; i++) {
        const char *name = network_word(c, links[i].network);
        const char *key = !strcmp(links[i].network, "phone") ? "draft.button.call"
                          : links[i].ready                   ? "draft.button.open"
                                                             : "draft.button.person";
        reply_link(r, i ? "plain" : "primary", links[i].url, arena_printf(c->mem, "wording C%lld %s", (long long)p->id, about->situation), key, ARGS(TXT("network", name), TXT("who", label_person(c, p, NULL))));
    }
    if (!n)
        reply_soft(r, call_text(c, "draft.by_hand", NO_ARGS));
    if (say)
        reply_button(r, "plain", say, "draft.button.other", NO_ARGS);
    return e->code == ERR_NONE;
}

char *draft_reach(struct call *c, int64_t person, struct err *e)
{
    struct messenger m[MESSENGERS];
    e->code = ERR_NONE;
    if (!reach_of(c, person, m, e))
        return arena_strdup(c->mem, "");
    bool opens = !strcmp(m[0].network, "line") || !strcmp(m[0].network, "whatsapp");
    return arena_printf(c->mem, opens ? " · %s" : " · %s %s", network_word(c, m[0].network), m[0].handle);
}
