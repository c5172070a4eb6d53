#include "bot/core/label.h"

#include <string.h>
#include "bot/store/profile.h"
#include "bot/text/utf8.h"

static bool japanese(const struct call *c)
{
    return !strcmp(catalogue_locale(c->words, c->locale), "ja");
}

static bool latin(const char *s)
{
    size_t i = 0;
    return !*s || utf8_script(utf8_next(s, strlen(s), &i)) == SCRIPT_LATIN;
}

static bool all_latin(const char *s)
{
    for (size_t i = 0, n = strlen(s); i < n;) {
        enum script k = utf8_script(utf8_next(s, n, &i));
        if (k != SCRIPT_LATIN && k != SCRIPT_DIGIT && k != SCRIPT_SPACE && k != SCRIPT_PUNCT)
            return false;
    }
    return true;
}

struct latin_name {
    struct call *c;
    char *alias, *spelt;
};

/* The longest alias in Latin letters, Denko Digital rather than Denko; and how a reading
 * is spelt. */
static void take_latin(void *ctx, const struct name_row *row)
{
    struct latin_name *l = ctx;
    if (row->sort == 'a' && all_latin(row->text) &&
        (!l->alias || strlen(row->text) > strlen(l->alias)))
        l->alias = arena_strdup(l->c->mem, row->text);
    if (row->sort == 'r' && !l->spelt)
        l->spelt = fold_romaji(l->c->mem, row->text);
}

/* The name as the reader is told it: with c->latin in Latin letters, or where there are
 * none the record's number. */
static char *told_name(struct call *c, char kind, int64_t id, const char *name)
{
    struct latin_name l = { .c = c };
    struct err e;
    if (!c->latin || all_latin(name) || !name_each(c->db, kind, id, take_latin, &l, &e))
        return arena_strdup(c->mem, name);
    if (!l.alias && l.spelt && l.spelt[0] >= 'a' && l.spelt[0] <= 'z')
        l.spelt[0] = (char)(l.spelt[0] - 'a' + 'A');
    return l.alias ? l.alias : l.spelt ? l.spelt : call_ref(c, kind, id);
}

char *label_person(struct call *c, const struct person *p, const char *honorific)
{
    if (c->latin)
        return told_name(c, 'C', p->id, p->name);
    if (latin(p->name))
        return arena_printf(c->mem, "%s%s", p->name, honorific ? honorific : p->honorific ? p->honorific : "");
    const char *space = strchr(p->name, ' ');
    char *surname = space ? arena_strndup(c->mem, p->name, (size_t)(space - p->name))
                          : arena_strdup(c->mem, p->name);
    const char *h = honorific ? honorific : p->honorific ? p->honorific : p->title ? p->title : "様";
    return arena_printf(c->mem, "%s%s", surname, h);
}

char *label_person_long(struct call *c, const struct person *p)
{
    if (!p->title)
        return arena_strdup(c->mem, p->name);
    return arena_printf(c->mem, latin(p->name) && latin(p->title) ? "%s, %s" : "%s %s", p->name, p->title);
}

char *label_person_full(struct call *c, const struct person *p)
{
    if (p->title || latin(p->name))
        return label_person_long(c, p);
    return arena_printf(c->mem, "%s%s", p->name, p->honorific ? p->honorific : "様");
}

char *label_person_polite(struct call *c, const struct person *p, const char *honorific)
{
    return p->title ? label_person_long(c, p) : label_person(c, p, honorific);
}

char *label_person_at(struct call *c, const struct person *p, const char *honorific)
{
    char *name = label_person(c, p, honorific);
    if (!p->org)
        return name;
    if (c->latin && (p->partner_id || p->customer_id))
        return arena_printf(c->mem, "%s (%s)", name,
            p->partner_id ? label_partner(c, p->partner_id) : label_customer(c, p->customer_id));
    return japanese(c) ? arena_printf(c->mem, "%s %s", p->org, name)
                       : arena_printf(c->mem, "%s (%s)", name, p->org);
}

char *label_person_id(struct call *c, int64_t id, const char *honorific)
{
    struct person p;
    struct err e;
    return person_load(c->db, c->mem, id, &p, &e) ? label_person(c, &p, honorific)
                                                  : arena_strdup(c->mem, "?");
}

char *label_away(struct call *c, int64_t person, int32_t day)
{
    struct away a;
    struct err e;
    if (!away_find(c->db, c->mem, person, day, &a, &e))
        return NULL;
    const char *from = when_format_day(&c->when, c->mem, c->locale, a.from_day);
    const char *to = a.to_day ? when_format_day(&c->when, c->mem, c->locale, a.to_day) : "";
    bool now = a.from_day <= day;
    return call_text(c, !strcmp(a.reason, "left") ? "away.left" : "away.span",
        ARGS(TXT("from", from), TXT("to", to), TXT("reason", call_word(c, WORD_ABSENCE, a.reason)),
            TXT("why", strcmp(a.reason, "unknown") ? "yes" : "no"),
            TXT("span", a.to_day ? now ? "until" : "between" : now ? "open" : "from")));
}

char *label_unnamed(struct call *c, const char *label, const char *manner)
{
    return call_text(c, "person.unknown", ARGS(TXT("label", label), TXT("quiet", manner ? "yes" : "no"),
                                              TXT("manner", manner ? call_word(c, WORD_MANNER, manner) : "")));
}

char *label_manner(struct call *c, const char *who, const char *manner)
{
    return manner ? call_text(c, "person.manner", ARGS(TXT("who", who), TXT("manner", call_word(c, WORD_MANNER, manner))))
                  : arena_strdup(c->mem, who);
}

char *label_partner(struct call *c, int64_t id)
{
    struct partner p;
    struct err e;
    return partner_load(c->db, c->mem, id, &p, &e) ? told_name(c, 'P', id, p.name) : arena_strdup(c->mem, "?");
}

char *label_customer(struct call *c, int64_t id)
{
    struct customer p;
    struct err e;
    return customer_load(c->db, c->mem, id, &p, &e) ? told_name(c, 'A', id, p.name) : arena_strdup(c->mem, "?");
}

char *label_member(struct call *c, int64_t id)
{
    struct err e;
    const char *name = member_name(c->db, c->mem, id, &e);
    return name ? arena_printf(c->mem, japanese(c) ? "%sさん" : "%s", name) : arena_strdup(c->mem, "?");
}

char *label_deal(struct call *c, int64_t id)
{
    struct deal d;
    struct err e;
    struct customer a;
    bool known = deal_load(c->db, c->mem, id, &d, &e);
    if (known && c->latin && !all_latin(d.name) && customer_load(c->db, c->mem, d.customer_id, &a, &e)) {
        size_t n = strlen(a.name); /* it is named after its customer */
        const char *rest = strncmp(d.name, a.name, n) == 0 && all_latin(d.name + n) ? d.name + n : "";
        return arena_printf(c->mem, "D%lld %s%s", (long long)id, label_customer(c, a.id), rest);
    }
    return known ? arena_printf(c->mem, "D%lld %s", (long long)id, d.name) : call_ref(c, 'D', id);
}

char *label_money(struct call *c, int64_t minor, const char *currency)
{
    struct money m = { .minor = minor };
    (void)memcpy(m.currency, currency, strnlen(currency, 3));
    return money_format(c->mem, japanese(c), m);
}

char *label_date(struct call *c, int64_t ms)
{
    return when_format(&c->when, c->mem, c->locale, ms);
}

char *label_assumed(struct call *c, bool assumed, const char *text)
{
    return assumed ? arena_printf(c->mem, "≈%s", text) : arena_strdup(c->mem, text);
}
