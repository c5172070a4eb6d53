/* What a figure is called, how it reads in one line, and the kpi object of a reply,
 * through which the next `why` or `list` finds the figure again. Computes nothing. */
#include "bot/core/kpi.h"

#include <string.h>
#include "bot/base/json.h"
#include "bot/core/label.h"
#include "bot/core/reader.h"
#include "bot/store/focus.h"

char *kpi_name(struct call *c, const char *id)
{
    const char *path = arena_printf(c->mem, "kpi.%s.name", id);
    const char *name = catalogue_string(c->words, c->locale, path);
    return arena_strdup(c->mem, name ? name : id);
}

/* "¥7.8M + A$50,000" of the numerators, the denominators or what lies between. */
static char *money_text(struct call *c, const struct kpi_figure *f, int num, int den)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < f->n_money; i++) {
        const struct kpi_money *m = &f->money[i];
        buf_join(&b, " + ", label_money(c, num * m->num + den * m->den, m->currency));
    }
    return arena_strdup(c->mem, buf_str(&b));
}

static bool any_money(const struct kpi_figure *f)
{
    for (int i = 0; i < f->n_money; i++)
        if (f->money[i].num)
            return true;
    return false;
}

char *kpi_figure_text(struct call *c, const struct kpi *k, const struct kpi_figure *f)
{
    bool some = f->n || f->n_money;
    if (!f->value[0] && (!some || !k->few) && !kpi_is(k->unit, "money"))
        return call_text(c, "kpi.na", NO_ARGS);
    const char *unit = kpi_is(k->unit, "%") ? "rate" : k->unit;
    const char *key = f->value[0] || !k->few
                          ? arena_printf(c->mem, "kpi.short.%s", k->says ? k->says : unit)
                          : k->few;
    return call_text(c, key,
        ARGS(TXT("value", f->value), TXT("median", f->median), TXT("mean", f->mean),
            TXT("plus_minus", f->plus_minus), TXT("beside", f->beside),
            TXT("money", money_text(c, f, 1, 0)), TXT("of", money_text(c, f, 0, 1)),
            TXT("rest", money_text(c, f, -1, 1)),
            TXT("some", any_money(f) ? "yes" : "no"), TXT("p90", f->p90),
            NUM("num", f->num), NUM("den", f->den),
            NUM("n", f->n), TXT("small", f->small ? "yes" : "no")));
}

char *kpi_scope_text(struct call *c, const struct kpi_ask *a)
{
    struct buf b = BUF_ON(c->mem);
    const struct kpi_scope *s = &a->scope;
    if (s->partner)
        buf_join(&b, " · ", label_partner(c, s->partner));
    if (s->customer)
        buf_join(&b, " · ", label_customer(c, s->customer));
    if (s->deal)
        buf_join(&b, " · ", label_deal(c, s->deal));
    if (s->member)
        buf_join(&b, " · ", label_member(c, s->member));
    if (s->market)
        buf_join(&b, " · ", call_word(c, WORD_MARKET, s->market));
    if (s->type)
        buf_join(&b, " · ", call_word(c, WORD_PARTNER_TYPE, s->type));
    if (s->silo)
        buf_join(&b, " · ", call_text(c, "partner.silo",
                                ARGS(TXT("silo", call_word(c, WORD_SILO, s->silo)))));
    if (s->team)
        buf_join(&b, " · ", call_text(c, "kpi.of_team", ARGS(TXT("team", s->team))));
    buf_join(&b, " · ", s->product);
    if (s->model)
        buf_join(&b, " · ", call_word(c, WORD_MODEL, s->model));
    return arena_strdup(c->mem, buf_str(&b));
}

/* What a scope may name besides records, as typed and as the kpi object has it. */
enum { NARROW = 6 };
struct narrow {
    const char *key, *typed; /* typed before the value, "" where it needs none */
    const char *value;
};

static void narrows(const struct kpi_scope *s, struct narrow out[NARROW])
{
    const struct narrow all[NARROW] = { { "market", "", s->market },
        { "type", "", s->type }, { "silo", "silo ", s->silo }, { "team", "team ", s->team },
        { "product", "product ", s->product },
        { "model", "", kpi_is(s->model, "partner") ? "partner-led" : s->model } };
    memcpy(out, all, sizeof all);
}

static const char *handle_of(struct call *c, int64_t id)
{
    struct member m;
    struct err e = { 0 };
    return id && member_by_id(c->db, c->mem, id, &m, &e) ? m.handle : NULL;
}

static void say_day(struct buf *b, int32_t day)
{
    struct civil d = civil_of_day(day);
    buf_printf(b, "%04d-%02d-%02d", d.year, d.month, d.day);
}

char *kpi_say(struct call *c, const char *verb, const char *id, const struct kpi_ask *a)
{
    struct buf b = BUF_ON(c->mem);
    const struct kpi_scope *s = &a->scope;
    buf_puts(&b, verb);
    if (id)
        buf_join(&b, " ", id);
    if (s->partner)
        buf_join(&b, " ", call_ref(c, 'P', s->partner));
    if (s->customer)
        buf_join(&b, " ", call_ref(c, 'A', s->customer));
    if (s->deal)
        buf_join(&b, " ", call_ref(c, 'D', s->deal));
    if (handle_of(c, s->member))
        buf_join(&b, " ", handle_of(c, s->member));
    struct narrow more[NARROW];
    narrows(s, more);
    for (int i = 0; i < NARROW; i++)
        if (more[i].value)
            buf_join(&b, " ", arena_printf(c->mem, "%s%s", more[i].typed, more[i].value));
    buf_putc(&b, ' ');
    say_day(&b, a->period.from_day);
    buf_puts(&b, "..");
    say_day(&b, a->period.to_day - 1);
    if (a->by)
        buf_printf(&b, " by %s", kpi_by_names[a->by]);
    return arena_strdup(c->mem, buf_str(&b));
}

/* Names of teams may have spaces, the words of a scope may not. */
static char *one_word(struct call *c, const char *key, const char *value)
{
    char *word = arena_printf(c->mem, "%s:%s", key, value);
    for (char *p = word; (p = strchr(p, ' ')) != NULL;)
        *p = '_';
    return word;
}

/* "P3 member:kenji market:JP by:partner": ids as typed, so that it reads and parses. */
static json_t *scope_json(struct call *c, const struct kpi_ask *a)
{
    struct buf b = BUF_ON(c->mem);
    const struct kpi_scope *s = &a->scope;
    const char *handle = handle_of(c, s->member);
    if (s->partner)
        buf_join(&b, " ", call_ref(c, 'P', s->partner));
    if (s->customer)
        buf_join(&b, " ", call_ref(c, 'A', s->customer));
    if (s->deal)
        buf_join(&b, " ", call_ref(c, 'D', s->deal));
    if (handle)
        buf_join(&b, " ", arena_printf(c->mem, "member:%s", handle));
    struct narrow more[NARROW];
    narrows(s, more);
    for (int i = 0; i < NARROW; i++)
        if (more[i].value)
            buf_join(&b, " ", one_word(c, more[i].key, more[i].value));
    if (a->by)
        buf_join(&b, " ", arena_printf(c->mem, "by:%s", kpi_by_names[a->by]));
    return json_string(buf_str(&b));
}

static json_t *excluded_json(struct call *c, const struct kpi_answer *out)
{
    json_t *list = json_array();
    for (int i = 0; i < out->excluded.n; i++) {
        const struct kpi_row *r = &out->excluded.row[i];
        if (r->role || r->again || kpi_is(r->mark, "before"))
            continue;
        if (json_array_size(list) == KPI_EXCLUDED_MOST) /* `list` has them all */
            break;
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "id", call_ref(c, r->kind, r->no), "reason",
                      r->mark));
    }
    return list;
}

/* Rates carry numerator and denominator, a mean its sum and number; a count has no
 * denominator, a card of several figures none of them. */
static json_t *figure_json(const struct kpi *k, const struct kpi_figure *f)
{
    if (!k || !f)
        return json_pack("{s:n, s:n, s:n, s:s, s:i, s:b}", "num", "den", "value",
            "unit", "card", "n", 0, "small", 0);
    bool count = k->sum == kpi_sum_count;
    const char *number = f->value + (f->value[0] == '+'); /* a sign is for readers */
    return json_pack("{s:I, s:o, s:s?, s:s, s:I, s:b}", "num", (json_int_t)f->num,
        "den", count ? json_null() : json_integer(f->den), "value",
        *number ? number : NULL, "unit", k->unit, "n", (json_int_t)f->n, "small",
        (int)f->small);
}

void kpi_put(struct reply *r, const struct kpi_ask *a, const struct kpi_answer *out)
{
    struct call *c = r->call;
    const struct period *p = &a->period;
    static const struct kpi_answer nothing;
    /* The day's end rather than now, so that asking again finds what is said meanwhile. */
    int64_t to = p->to_date ? day_start_ms(p->to_day, a->zone) : p->to_ms;
    json_t *o = figure_json(a->kpi, out ? &out->total : NULL);
    (void)json_object_update_new(o,
        json_pack("{s:s, s:o, s:s, s:s, s:s, s:o}", "id",
            a->kpi ? a->kpi->id : KPI_CARD, "scope", scope_json(c, a), "from",
            zone_iso(c->mem, p->from_ms, a->zone), "to", zone_iso(c->mem, to, a->zone),
            "zone", a->zone, "excluded", excluded_json(c, out ? out : &nothing)));
    reply_kpi_take(r, o);
}

static int64_t number(const char *s)
{
    int64_t n = 0;
    for (; *s >= '0' && *s <= '9'; s++)
        n = n * 10 + (*s - '0');
    return n;
}

/* What follows `prefix` in `word`, or NULL. */
static const char *behind(const char *word, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncmp(word, prefix, n) == 0 ? word + n : NULL;
}

static bool read_scope_word(
    struct call *c, const char *w, struct kpi_ask *a, struct err *e)
{
    const char *v;
    struct member m;
    if ((v = behind(w, "member:"))) {
        e->code = ERR_NONE;
        if (!member_by_handle(c->db, c->mem, v, &m, e))
            return e->code == ERR_NONE;
        a->scope.member = m.id;
    } else if ((v = behind(w, "market:"))) {
        a->scope.market = v;
    } else if ((v = behind(w, "type:"))) {
        a->scope.type = v;
    } else if ((v = behind(w, "silo:"))) {
        a->scope.silo = v;
    } else if ((v = behind(w, "team:"))) {
        a->scope.team = team_spelled(c, v);
    } else if ((v = behind(w, "product:"))) {
        a->scope.product = v;
    } else if ((v = behind(w, "model:"))) {
        a->scope.model = kpi_is(v, "partner-led") ? "partner" : v;
    } else if ((v = behind(w, "by:"))) {
        for (int i = KPI_BY_PARTNER; i < KPI_BY__MAX; i++)
            a->by = kpi_is(v, kpi_by_names[i]) ? (enum kpi_by)i : a->by;
    } else if (*w == 'P') {
        a->scope.partner = number(w + 1);
    } else if (*w == 'A') {
        a->scope.customer = number(w + 1);
    } else if (*w == 'D') {
        a->scope.deal = number(w + 1);
    }
    return true;
}

static bool read_scope(
    struct call *c, const char *text, struct kpi_ask *a, struct err *e)
{
    char *save = NULL, *copy = arena_strdup(c->mem, text);
    for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        if (!read_scope_word(c, w, a, e))
            return false;
    }
    return true;
}

bool kpi_last(struct call *c, struct kpi_ask *a, struct err *e)
{
    char *text = NULL;
    if (!focus_get(c->db, c->mem, c->member->id, c->conversation, "kpi", 0, &text, e) ||
        !text)
        return false;
    AUTO_JSON tree = json_parse(text, strlen(text), e);
    if (!tree)
        return false;
    struct period *p = &a->period;
    const char *from = json_text(tree, "from"), *to = json_text(tree, "to");
    const char *scope = json_text(tree, "scope");
    if (scope && !read_scope(c, scope, a, e))
        return false;
    if (!from || !to || !zone_parse_iso(from, a->zone, &p->from_ms) ||
        !zone_parse_iso(to, a->zone, &p->to_ms))
        return fail(e, ERR_BUG, NULL, NULL, "last figure has no period: %.80s", text);
    p->from_day = day_of(p->from_ms, a->zone);
    p->to_day = day_of(p->to_ms - 1, a->zone) + 1;
    p->to_date = p->to_ms > c->now_ms;
    if (p->to_date)
        p->to_ms = c->now_ms + 1;
    a->kpi = kpi_find(json_text(tree, "id"));
    e->code = ERR_NONE;
    return true;
}
