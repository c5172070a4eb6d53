#include "handlers/handlers.h"

#include "bot/store/identities.h"
#include "handlers/facts.h"
#include <string.h>

static const struct arg lang_args[] = {
    { "locale", ARG_LOCALE, 0 },
    { 0 },
};
static const struct arg style_args[] = {
    { "style", ARG_STYLE, 0 },
    { 0 },
};
static const struct arg zone_args[] = {
    { "zone", ARG_ZONE, REQUIRED },
    { 0 },
};

static const char *language(struct call *c, int locale)
{
    return catalogue_string(c->words, locale, "name");
}

/* Each shipped language by its own name, so that it is found by who reads only that. */
static void put_languages(struct reply *r, int except)
{
    struct call *c = r->call;
    for (int i = 0; i < catalogue_locales(c->words) && i < CARD_BUTTONS; i++)
        if (i != except)
            reply_button_labelled(r, "plain",
                typed(c, "lang", catalogue_locale(c->words, i)), language(c, i));
}

static bool lang_run(struct call *c, struct err *e)
{
    const char *tag = c->f->word[WORD_LOCALE];
    if (!tag || !catalogue_has_locale(c->words, tag)) {
        put_languages(reply_new(c, REPLY_REFUSED, "self.lang_which", NO_ARGS), -1);
        return true;
    }
    if (!member_set_locale(c->db, c->member->id, tag, e))
        return false;
    c->locale = catalogue_find_locale(c->words, tag);
    put_languages(reply_new(c, REPLY_OK, "self.lang",
                      ARGS(TXT("language", language(c, c->locale)))),
        c->locale);
    return true;
}

/* kuala lumpur → Kuala_Lumpur, of folded text. */
static char *zone_case(struct call *c, const char *city)
{
    char *s = arena_strdup(c->mem, city);
    bool first = true;
    for (char *p = s; *p; p++) {
        bool letter = *p >= 'a' && *p <= 'z';
        if (letter && first)
            *p = (char)(*p - 'a' + 'A');
        else if (*p == ' ')
            *p = '_';
        first = !letter;
    }
    return s;
}

const char *zone_named(struct call *c, const char *name)
{
    static const char *const regions[] = { "", "Asia/", "Australia/", "Pacific/",
        "Europe/", "America/", "Africa/" };
    struct word w;
    if (strchr(name, '/') && zone_valid(name))
        return name;
    struct folded f = fold_text(c->mem, name, strlen(name));
    if (catalogue_match_kind(c->words, f.s, f.n, 0, "zone", f.n, &w))
        return w.value;
    char *city = zone_case(c, f.s);
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        char *zone = arena_printf(c->mem, "%s%s", regions[i], city);
        if (strchr(zone, '/') && zone_valid(zone))
            return zone;
    }
    return NULL;
}

char *zone_label(struct call *c, const char *zone)
{
    const char *city = catalogue_word(c->words, c->locale, "zone", zone);
    return strcmp(city, zone) ? call_text(c, "self.zone_name",
                                    ARGS(TXT("city", city), TXT("zone", zone)))
                              : arena_strdup(c->mem, zone);
}

static char *now_there(struct call *c)
{
    return when_format_time(&c->when, c->mem, c->locale, c->now_ms);
}

static bool zone_run(struct call *c, struct err *e)
{
    static const char *const examples[] = { "Asia/Tokyo", "Australia/Sydney" };
    const char *zone = zone_named(c, c->f->rest);
    if (!zone) {
        struct reply *r = reply_new(c, REPLY_REFUSED, "self.zone_unknown",
            ARGS(TXT("first", examples[0]), TXT("second", examples[1])));
        for (int i = 0; i < 2; i++)
            reply_button_labelled(
                r, "plain", typed(c, "zone", examples[i]), examples[i]);
        return true;
    }
    const char *before = c->member->zone;
    if (!member_set_zone(c->db, c->member->id, zone, e))
        return false;
    c->when.zone = zone;
    struct reply *r = reply_new(c, REPLY_OK, "self.zone",
        ARGS(TXT("zone", zone_label(c, zone)), TXT("now", now_there(c))));
    if (strcmp(before, zone) != 0)
        reply_button(r, "plain", typed(c, "zone", before), "self.button.back",
            ARGS(TXT("zone", catalogue_word(c->words, c->locale, "zone", before))));
    return true;
}

/* The other networks where this member has an account; empty: none yet. */
static char *accounts(struct call *c, struct err *e)
{
    struct buf b = BUF_ON(c->mem);
    struct identity i;
    buf_puts(&b, "");
    for (int n = 0; n < NETWORK__MAX && e->code == ERR_NONE; n++)
        if ((enum network)n != c->network &&
            identity_of_member(c->db, c->mem, c->member->id, network_name((enum network)n), &i, e))
            buf_join(&b, comma(c), call_text(c, arena_printf(c->mem, "network.%s", i.network), NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

/* The answer is shown in the new style already. */
static bool style_run(struct call *c, struct err *e)
{
    static const char *const styles[] = { "dense", "short", "usual" };
    const char *style = c->f->word[WORD_STYLE];
    if (style) {
        if (!member_set_style(c->db, c->member->id, style, e))
            return false;
        struct member *after = ARENA_NEW(c->mem, struct member);
        *after = *c->member;
        after->style = style;
        c->member = after;
    }
    struct reply *r = style ? reply_new(c, REPLY_OK, arena_printf(c->mem, "self.style_%s", style), NO_ARGS)
                            : reply_new(c, REPLY_REFUSED, "self.style_which", NO_ARGS);
    for (int i = 0; i < 3; i++)
        if (!style || strcmp(styles[i], style) != 0)
            reply_button_labelled(r, "plain", typed(c, "style", call_word(c, WORD_STYLE, styles[i])),
                call_word(c, WORD_STYLE, styles[i]));
    return true;
}

static bool whoami_run(struct call *c, struct err *e)
{
    const struct member *m = c->member;
    struct reply *r = reply_titled(
        c, REPLY_OK, "self.whoami", marked(c, m->source, fact_member(c, m)));
    if (m->partner_id)
        reply_field(r, "show.label.partner", label_partner(c, m->partner_id));
    reply_field(r, "self.label.team", m->team);
    reply_field(r, "self.label.language", language(c, c->locale));
    reply_field(r, "self.label.zone", zone_label(c, m->zone));
    reply_field(r, "self.label.now", now_there(c));
    reply_field(r, "self.label.accounts", accounts(c, e));
    reply_field(r, "self.label.style", call_word(c, WORD_STYLE, m->style));
    reply_button(r, "fill", typed(c, "zone", ""), "self.button.zone", NO_ARGS);
    put_languages(r, c->locale);
    return e->code == ERR_NONE;
}

const struct command lang_command = {
    .id = "lang",
    .args = lang_args,
    .may = ROLE_ALL,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = lang_run,
};
const struct command zone_command = {
    .id = "zone",
    .args = zone_args,
    .may = ROLE_ALL,
    .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_RAW,
    .run = zone_run,
};
const struct command style_command = {
    .id = "style",
    .args = style_args,
    .may = ROLE_ALL,
    .where = ANYWHERE,
    .run = style_run,
};
const struct command whoami_command = {
    .id = "whoami",
    .may = ROLE_ALL,
    .where = ANYWHERE,
    .flags = CMD_READS,
    .run = whoami_run,
};
