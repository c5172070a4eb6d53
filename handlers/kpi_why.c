/* What is behind a figure: `why` says formula, period, what counted and what did not;
 * `list` names the records. Both read the same rows that the figure was summed from. */
#include "handlers/kpis.h"

#include <stdlib.h>
#include <string.h>
#include "bot/core/label.h"
#include "bot/text/money.h"

enum { LISTED = 20, IDS = 8 };

static const struct arg why_args[] = {
    { "kpi", ARG_KPI, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { "member", ARG_MEMBER, 0 },
    { "market", ARG_MARKET, 0 },
    { "type", ARG_TYPE, 0 },
    { "silo", ARG_SILO, 0 },
    { "team", ARG_TEAM, 0 },
    { "product", ARG_PRODUCT, 0 },
    { "model", ARG_MODEL, 0 },
    { "period", ARG_PERIOD, 0 },
    { "by", ARG_BY, 0 },
    { 0 },
};

static const char *comma(struct call *c)
{
    return call_text(c, "kpi.comma", NO_ARGS);
}

static const char *mark_text(struct call *c, const char *mark, int n)
{
    return call_text(c, arena_printf(c->mem, "kpi.mark.%s", mark), ARGS(NUM("n", n)));
}

char *kpi_ids(struct call *c, const struct kpi_answer *out, const char *mark, int max)
{
    struct buf b = BUF_ON(c->mem);
    const struct kpi_row *last = NULL;
    int n = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        if (r->again || !kpi_is(r->mark, mark))
            continue;
        if (r->kind == 'R' && last && r->no == last->no)
            continue; /* its holders */
        last = r;
        if (n++ == max) {
            buf_puts(&b, " …");
            break;
        }
        buf_join(&b, comma(c), call_ref(c, r->kind, r->no));
    }
    return arena_strdup(c->mem, buf_str(&b));
}

static void put_interval(struct reply *r, const struct kpi_answer *out)
{
    const struct kpi_figure *f = &out->total;
    if (f->low[0])
        reply_soft(r, call_text(r->call, "kpi.interval",
                          ARGS(TXT("low", f->low), TXT("high", f->high))));
}

/* Origins and kinds of partners: "inbound 1, outbound 0 …", one line each kind. */
static void put_counts(struct reply *r, const struct kpi_answer *out)
{
    struct call *c = r->call;
    static const struct {
        const char *kind;
        enum frame_word word;
    } kinds[] = { { "origin", WORD_ORIGIN }, { "partner_type", WORD_PARTNER_TYPE },
        { "market", WORD_MARKET }, { "silo", WORD_SILO } };
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct buf b = BUF_ON(c->mem);
        for (int i = 0; i < out->n_parts; i++) {
            const struct kpi_part *p = &out->parts[i];
            if (!kpi_is(p->kind, kinds[k].kind))
                continue;
            int64_t n = k ? p->den : p->num;
            buf_join(&b, k ? comma(c) : " + ",
                call_text(c, "kpi.of_each",
                    ARGS(TXT("name", kpi_is(p->name, "unknown")
                                         ? call_text(c, "kpi.unknown", NO_ARGS)
                                         : call_word(c, kinds[k].word, p->name)),
                        NUM("n", n))));
        }
        if (*buf_str(&b))
            reply_text(r,
                k ? arena_printf(c->mem, "kpi.kinds.%s", kinds[k].kind) : "kpi.origins",
                ARGS(TXT("list", buf_str(&b)), NUM("total", out->total.num)));
    }
}

/* Who had a ringi: a person (C9), else the title that is known. */
static const char *holder_name(struct call *c, const char *holder)
{
    char *end;
    long long id = holder[0] == 'C' ? strtoll(holder + 1, &end, 10) : 0;
    return id > 0 && !*end ? label_person_id(c, id, NULL) : holder;
}

static char *part_text(struct call *c, const struct kpi_part *p)
{
    bool money = currency_valid(p->name), holder = kpi_is(p->kind, "holder");
    return call_text(c, arena_printf(c->mem, "kpi.part.%s", p->kind),
        ARGS(TXT("name", holder ? holder_name(c, p->name) : p->name), NUM("num", p->num), NUM("den", p->den),
            TXT("share", p->share), TXT("shift", p->shift), TXT("low", p->low),
            TXT("high", p->high), TXT("sum", money ? label_money(c, p->num, p->name) : ""),
            TXT("of", money ? label_money(c, p->den, p->name) : "")));
}

static void put_values(struct reply *r, const struct kpi_answer *out)
{
    struct call *c = r->call;
    for (int i = 0; i < out->n_parts; i++) {
        const struct kpi_part *p = &out->parts[i];
        if (kpi_is(p->kind, "currency") && p->den)
            reply_text(r, "kpi.by_value",
                ARGS(TXT("value", p->share),
                    TXT("num", label_money(c, p->num, p->name)),
                    TXT("den", label_money(c, p->den, p->name))));
    }
}

/* What a figure is composed of, a line for each kind of part; the kinds above have lines
 * of their own. */
static void put_composed(struct reply *r, const struct kpi_answer *out)
{
    struct call *c = r->call;
    static const char *const others[] = { "origin", "partner_type", "market", "silo",
        "currency", "channel" };
    for (int i = 0; i < out->n_parts; i++) {
        const char *kind = out->parts[i].kind;
        bool skip = i && kpi_is(out->parts[i - 1].kind, kind);
        for (size_t k = 0; k < sizeof others / sizeof *others; k++)
            skip = skip || kpi_is(kind, others[k]);
        struct buf b = BUF_ON(c->mem);
        for (int j = i; !skip && j < out->n_parts && kpi_is(out->parts[j].kind, kind); j++)
            buf_join(&b, " · ", part_text(c, &out->parts[j]));
        if (*buf_str(&b))
            reply_line(r, buf_str(&b));
    }
}

static void put_mix(struct reply *r, const struct kpi_answer *out)
{
    struct call *c = r->call;
    bool shifted = out->n_parts && out->parts[0].shift[0];
    reply_table(r);
    reply_column(r, call_text(c, "kpi.by.channel", NO_ARGS), 'l');
    reply_column(r, call_text(c, "kpi.column.n", NO_ARGS), 'r');
    reply_column(r, call_text(c, "kpi.column.share", NO_ARGS), 'r');
    if (shifted)
        reply_column(r, call_text(c, "kpi.column.shift", NO_ARGS), 'r');
    for (int i = 0; i < out->n_parts; i++) {
        const struct kpi_part *p = &out->parts[i];
        const char *cells[] = { call_word(c, WORD_CHANNEL, p->name),
            arena_printf(c->mem, "%lld", (long long)p->num),
            call_text(c, "kpi.percent", ARGS(TXT("value", p->share))), p->shift };
        reply_row(r, cells, shifted ? 4 : 3);
    }
}

/* What a reader must know before trusting the figure. */
static void put_doubts(
    struct reply *r, const struct kpi_ask *a, const struct kpi_answer *out)
{
    struct call *c = r->call;
    int errors = kpi_count(out, "data_error"), pending = kpi_count(out, "pending");
    int expired = kpi_is(a->kpi->id, "K5") ? kpi_count(out, "expired") : 0;
    if (expired)
        reply_text(r, "kpi.expired_since", ARGS(NUM("n", expired)));
    if (out->reopened)
        reply_text(r, "kpi.reopened", ARGS(NUM("n", out->reopened)));
    if (pending)
        reply_text(r, "kpi.pending", ARGS(NUM("n", pending)));
    if (out->running)
        reply_text(r, "kpi.running", ARGS(NUM("n", out->running)));
    if (out->immature && out->total.den)
        reply_warning(
            r, call_text(c, "kpi.immature",
                   ARGS(NUM("n", out->immature), NUM("den", out->total.den))));
    if (out->unlogged)
        reply_warning(r, call_text(c, "kpi.unlogged",
                             ARGS(NUM("n", out->unlogged),
                                 TXT("ids", kpi_ids(c, out, "unlogged", IDS)))));
    if (errors)
        reply_warning(r, call_text(c, "kpi.data_errors",
                             ARGS(NUM("n", errors),
                                 TXT("ids", kpi_ids(c, out, "data_error", IDS)))));
}

/* Customers by name, since a figure of customers is talked about with their names. */
static void put_customers(
    struct reply *r, const char *key, const struct kpi_answer *out, const char *mark)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    int n = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *row = &out->rows.row[i];
        if (!kpi_is(row->mark, mark) || row->kind != 'A')
            continue;
        if (n++ < IDS)
            buf_join(&b, comma(c), label_customer(c, row->no));
    }
    if (n)
        reply_text(r, key, ARGS(NUM("n", n), TXT("list", buf_str(&b)), NUM("more", n > IDS ? n - IDS : 0)));
}

/* Deals that count, but at a rate of commission that is not usual. */
static void put_unusual(struct reply *r, const struct kpi_answer *out)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    int n = 0;
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *row = &out->rows.row[i];
        if (!(row->flags & KPI_UNUSUAL))
            continue;
        if (n++ < IDS)
            buf_join(&b, comma(c), call_ref(c, row->kind, row->no));
    }
    if (n)
        reply_warning(r, call_text(c, "kpi.unusual", ARGS(NUM("n", n), TXT("ids", buf_str(&b)))));
}

void kpi_details(struct reply *r, const struct kpi_ask *a, const struct kpi_answer *out)
{
    const struct kpi_figure *f = &out->total;
    put_interval(r, out);
    if (kpi_is(a->kpi->id, "K9") && f->n)
        reply_text(r, "kpi.days_more",
            ARGS(TXT("mean", f->mean), TXT("p90", f->p90), TXT("net", f->net)));
    if ((kpi_is(a->kpi->id, "K7") || kpi_is(a->kpi->id, "K8")) && f->den) {
        char share[24];
        kpi_percent(share, sizeof share, out->open, f->den);
        reply_text(r, "kpi.cohort_open",
            ARGS(NUM("open", out->open), NUM("den", f->den), TXT("value", share)));
    }
    put_counts(r, out);
    put_values(r, out);
    put_composed(r, out);
    put_customers(r, "kpi.not_renewable", out, "not_renewable");
    put_customers(r, "kpi.overdue", out, "overdue");
    put_unusual(r, out);
    if (kpi_is(a->kpi->id, "K12") && a->by == KPI_BY_NONE && f->n)
        put_mix(r, out);
    put_doubts(r, a, out);
}

struct marks {
    const char *name[16];
    int role[16], n;
};

static void collect_marks(const struct kpi_answer *out, struct marks *m)
{
    for (int i = 0; i < out->rows.n; i++) {
        const struct kpi_row *r = &out->rows.row[i];
        int at = 0;
        if (r->again || kpi_is(r->mark, "before"))
            continue;
        while (at < m->n && !kpi_is(m->name[at], r->mark))
            at++;
        if (at < m->n || m->n == 16)
            continue;
        m->name[m->n] = r->mark;
        m->role[m->n++] = r->role;
    }
}

/* A mark at the head of a fact; marks of other scripts have no case. */
static char *capital(struct call *c, const char *mark)
{
    char *s = arena_strdup(c->mem, mark);
    if (s[0] >= 'a' && s[0] <= 'z')
        s[0] = (char)(s[0] - 'a' + 'A');
    return s;
}

/* "Won 1: D12 · Lost 1: D15": the numerator's first. */
static void put_counted(
    struct reply *r, const struct kpi_answer *out, const struct marks *m)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    for (int pass = KPI_NUM | KPI_DEN | KPI_STOCK; pass; pass--) {
        for (int i = 0; i < m->n; i++) {
            if (m->role[i] != pass)
                continue;
            int n = kpi_count(out, m->name[i]);
            const char *ids = kpi_ids(c, out, m->name[i], IDS);
            buf_join(&b, " · ",
                call_text(c, "kpi.counted",
                    ARGS(TXT("mark", capital(c, mark_text(c, m->name[i], n))),
                        NUM("n", n), TXT("named", n <= IDS ? "yes" : "no"),
                        TXT("ids", ids))));
        }
    }
    reply_line(r, buf_str(&b));
}

/* "Not counted: 4 open, 1 paused (D18), 1 expired (D9)" */
static void put_excluded(struct reply *r, const struct kpi_answer *out)
{
    struct call *c = r->call;
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < out->n_out; i++) {
        const struct kpi_out *o = &out->out[i];
        buf_join(&b, comma(c),
            call_text(c, "kpi.excluded",
                ARGS(TXT("mark", mark_text(c, o->mark, o->n)), NUM("n", o->n),
                    TXT("named", o->n <= 3 ? "yes" : "no"),
                    TXT("ids", kpi_ids(c, out, o->mark, 3)))));
    }
    if (out->n_out)
        reply_text(r, "kpi.not_counted", ARGS(TXT("list", buf_str(&b))));
}

static char *formula(struct call *c, const char *id)
{
    return call_text(c, arena_printf(c->mem, "kpi.formula.%s", id), NO_ARGS);
}

/* After a card: each figure's formula, and a tap for each. */
static bool why_card(struct call *c, const struct kpi_ask *a)
{
    const char *title = kpi_title(c, call_text(c, "kpi.why_card", NO_ARGS), a);
    struct reply *r = reply_titled(c, REPLY_OK, "kpi.why_card", title);
    for (int i = 0; kpi_at(i); i++) {
        if (!(kpi_at(i)->cards & kpi_card_of(&a->scope)))
            continue;
        reply_item(r, formula(c, kpi_at(i)->id), kpi_say(c, "why", kpi_at(i)->id, a));
    }
    kpi_put(r, a, NULL);
    return true;
}

static bool why_figure(struct call *c, const struct kpi_ask *a, struct err *e)
{
    struct kpi_answer out;
    struct marks marks = { .n = 0 };
    if (!kpi_compute(c->db, c->mem, a, &out, e))
        return false;
    const char *title = arena_printf(
        c->mem, "%s · %s", kpi_title(c, formula(c, a->kpi->id), a), a->zone);
    struct reply *r = reply_titled(c, REPLY_OK, "kpi.why", title);
    reply_line(r, kpi_figure_text(c, a->kpi, &out.total));
    collect_marks(&out, &marks);
    put_counted(r, &out, &marks);
    put_excluded(r, &out);
    if (a->by && !kpi_by_time(a->by))
        kpi_split_table(r, a, &out);
    kpi_details(r, a, &out);
    reply_button(
        r, "plain", kpi_say(c, "list", a->kpi->id, a), "kpi.button.list", NO_ARGS);
    if (a->scope.member || a->by == KPI_BY_MEMBER)
        reply_private(r);
    kpi_put(r, a, &out);
    return true;
}

static bool ask_which(struct call *c, const char *key)
{
    struct reply *r = reply_new(c, REPLY_REFUSED, key, NO_ARGS);
    reply_quick(r, call_text(c, "kpi.try_card", NO_ARGS), "kpi");
    return true;
}

static bool why_run(struct call *c, struct err *e)
{
    struct kpi_ask a;
    bool known;
    if (!kpi_read_ask(c, true, &a, &known, e))
        return e->code == ERR_NONE;
    if (!known)
        return ask_which(c, "kpi.why_what");
    return a.kpi ? why_figure(c, &a, e) : why_card(c, &a);
}

const struct command why_command = {
    .id = "why",
    .args = why_args,
    .may = ROLE_TEAM,
    .where = ANYWHERE,
    .flags = CMD_DESK,
    .run = why_run,
};

/* Hours of minutes, a ratio of hundredths. */
static char *decimal(struct call *c, int64_t figure, const struct kpi *k)
{
    char *s = arena_alloc(c->mem, 24);
    bool hours = kpi_is(k->unit, "hours");
    kpi_fixed(s, 24, figure, hours ? 60 : 100, hours ? 1 : 2);
    return s;
}

/* "Target Tokyo · ¥40M": no record that could be shown. */
static char *target_text(struct call *c, const struct kpi_row *r)
{
    return call_text(c, "kpi.item.target",
        ARGS(TXT("team", r->team), TXT("money", label_money(c, r->value_minor, r->currency))));
}

/* What the row itself brings: days, touch points, a commission; "" where that is nothing. */
static const char *own_figure(struct call *c, const struct kpi *k, const struct kpi_row *r)
{
    if (!k->item || !r->has_figure || (!r->role && r->figure <= 0))
        return "";
    const char *sort = !r->sort ? "none" : r->kind == 'R' ? holder_name(c, r->sort) : r->sort;
    return call_text(c, k->item,
        ARGS(NUM("n", r->figure), NUM("of", r->net), TXT("sort", sort),
            TXT("decimal", decimal(c, r->figure, k)),
            TXT("money", r->currency ? label_money(c, r->figure, r->currency) : "")));
}

/* All tags of a deal, which has a row for each. */
static char *tags_text(struct call *c, const struct kpi_ask *a, const struct kpi_answer *out, const struct kpi_row *r)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; a->kpi->again == KPI_BY_TAG && r->role && i < out->rows.n; i++)
        if (out->rows.row[i].no == r->no && out->rows.row[i].sort)
            buf_join(&b, comma(c), kpi_tag_name(c, out->rows.row[i].sort));
    return arena_strdup(c->mem, buf_str(&b));
}

/* "D12 Aoba CMS · 電光デジタル · won Tue 3 Mar · ¥4.8M" */
static char *item_text(struct call *c, const struct kpi_ask *a, const struct kpi_answer *out, const struct kpi_row *r)
{
    struct buf b = BUF_ON(c->mem);
    if (r->kind == 'G')
        return target_text(c, r);
    if (r->kind == 'D')
        buf_puts(&b, label_deal(c, r->no));
    else
        buf_puts(&b, call_ref(c, r->kind, r->no));
    if (r->kind == 'P')
        buf_join(&b, " ", label_partner(c, r->no));
    else if (r->kind != 'D' && r->customer)
        buf_join(&b, " · ", label_customer(c, r->customer));
    if (r->kind != 'P' && r->partner && !a->scope.partner)
        buf_join(&b, " · ", label_partner(c, r->partner));
    if (r->channel)
        buf_join(&b, " · ", call_word(c, WORD_CHANNEL, r->channel));
    const char *mark = mark_text(c, r->mark, 1);
    bool live =
        r->kind == 'D' && (kpi_is(r->mark, "open") || kpi_is(r->mark, "paused"));
    bool closed = kpi_is(r->mark, "won") || kpi_is(r->mark, "lost") ||
                  kpi_is(r->mark, "expired");
    bool since = live || !r->at_ms ||
                 (r->kind == 'D' && r->by_ms == r->since_ms && !closed);
    int64_t ms = since ? r->since_ms : r->at_ms;
    if (live) /* its date is the registration's: say so */
        mark = arena_printf(c->mem, "%s · %s %s", mark, mark_text(c, "registered", 1),
            when_format_day(&c->when, c->mem, c->locale, day_of(ms, a->zone)));
    else if (ms)
        mark = arena_printf(c->mem, "%s %s", mark,
            when_format_day(&c->when, c->mem, c->locale, day_of(ms, a->zone)));
    buf_join(&b, " · ", mark);
    buf_join(&b, " · ", own_figure(c, a->kpi, r));
    buf_join(&b, " · ", tags_text(c, a, out, r));
    if ((r->kind == 'D' || r->kind == 'A') && r->has_value)
        buf_join(&b, " · ", label_money(c, r->value_minor, r->currency));
    return arena_strdup(c->mem, buf_str(&b));
}

/* What counts first, then what does not; of each, numerator before denominator. */
static int put_items(
    struct reply *r, const struct kpi_ask *a, const struct kpi_answer *out)
{
    struct call *c = r->call;
    int listed = 0;
    for (int role = KPI_NUM | KPI_DEN | KPI_STOCK; role >= 0; role--) {
        for (int i = 0; i < out->rows.n && listed < LISTED; i++) {
            const struct kpi_row *row = &out->rows.row[i];
            if (row->role != role || row->again || kpi_is(row->mark, "before"))
                continue;
            listed++;
            if (row->kind == 'G') {
                reply_line(r, item_text(c, a, out, row));
                continue;
            }
            const char *id = call_ref(c, row->kind, row->no);
            reply_item(r, item_text(c, a, out, row), arena_printf(c->mem, "show %s", id));
            reply_record(r, id, "shown");
        }
    }
    return listed;
}

bool kpi_list(struct call *c, struct err *e)
{
    struct kpi_ask a;
    struct kpi_answer out;
    bool known;
    int all = 0;
    if (!kpi_read_ask(c, true, &a, &known, e))
        return e->code == ERR_NONE;
    if (!known)
        return ask_which(c, "kpi.list_what");
    if (!a.kpi)
        a.kpi = kpi_find("K6");
    if (!kpi_compute(c->db, c->mem, &a, &out, e))
        return false;
    struct reply *r =
        reply_titled(c, REPLY_OK, "kpi.list", kpi_title(c, kpi_name(c, a.kpi->id), &a));
    int listed = put_items(r, &a, &out);
    for (int i = 0; i < out.rows.n; i++)
        all += !out.rows.row[i].again && !kpi_is(out.rows.row[i].mark, "before");
    if (!all)
        reply_text(r, "kpi.list_empty", NO_ARGS);
    if (all > listed)
        reply_text(r, "kpi.more", ARGS(NUM("n", all - listed)));
    reply_button(
        r, "plain", kpi_say(c, "why", a.kpi->id, &a), "kpi.button.why", NO_ARGS);
    if (a.scope.member || a.by == KPI_BY_MEMBER)
        reply_private(r);
    kpi_put(r, &a, &out);
    return true;
}
