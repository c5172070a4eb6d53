/* The questions that resolving asks: which of two, who is that, which day. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/core/label.h"
#include "bot/core/resolve_private.h"

static bool asked(struct resolving *x)
{
    *x->out = READING_REPLIED;
    return true;
}

/* May the answer be a new person or firm? */
static bool makes_new(const struct resolving *x)
{
    return (x->s->command->flags & (CMD_WRITES | CMD_KNOWN)) == CMD_WRITES;
}

const char *mention_key(struct resolving *x, const struct token *t)
{
    return ask_mention(x->c, token_text(x->s, t));
}

static char *hit_label(struct call *c, struct name_hit h, struct err *e)
{
    struct person p;
    if (h.kind == 'C' && person_load(c->db, c->mem, h.id, &p, e))
        return label_person_long(c, &p);
    return h.kind == 'P'   ? label_partner(c, h.id)
           : h.kind == 'A' ? label_customer(c, h.id)
                           : label_member(c, h.id);
}

static char *hit_polite(struct call *c, struct name_hit h, struct err *e)
{
    struct person p;
    return h.kind == 'C' && person_load(c->db, c->mem, h.id, &p, e) ? label_person_polite(c, &p, NULL)
                                                                    : hit_label(c, h, e);
}

/* A line that tells candidates apart: 田中 健 部長 · 電光デジタル · you spoke 2 h ago */
static char *hit_line(struct call *c, struct name_hit h, struct err *e)
{
    struct person p;
    if (h.kind != 'C' || !person_load(c->db, c->mem, h.id, &p, e))
        return arena_printf(c->mem, "%s · %s", hit_label(c, h, e),
            call_text(c, h.kind == 'P' ? "kind.partner" : h.kind == 'A' ? "kind.customer" : "kind.member", NO_ARGS));
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", label_person_long(c, &p));
    buf_join(&b, " · ", p.org);
    int64_t last = person_last_ms(c->db, h.id, e);
    if (last)
        buf_join(&b, " · ", call_text(c, "which.last", ARGS(TXT("when",
                                when_format_ago(&c->when, c->mem, c->locale, last)))));
    return arena_strdup(c->mem, buf_str(&b));
}

/* The one candidate, inside the question: Acme 佐藤様のことですか？ */
static char *hit_asked(struct call *c, struct name_hit h, struct err *e)
{
    struct person p;
    if (h.kind == 'C' && person_load(c->db, c->mem, h.id, &p, e)) {
        char *who = hit_polite(c, h, e);
        return p.org ? call_text(c, "which.near", ARGS(TXT("who", who), TXT("org", p.org))) : who;
    }
    return call_text(c, "which.near_firm", ARGS(TXT("name", hit_label(c, h, e)),
        TXT("kind", call_text(c, h.kind == 'P' ? "kind.partner" : h.kind == 'A' ? "kind.customer" : "kind.member", NO_ARGS))));
}

static char *hit_value(struct call *c, struct name_hit h)
{
    return call_ref(c, h.kind, h.id);
}

/* 1 most senior; then whoever has a title, then the others. */
static int rank_of(struct call *c, struct name_hit h, struct err *e)
{
    struct person p;
    if (h.kind != 'C' || !person_load(c->db, c->mem, h.id, &p, e))
        return 7;
    return p.seniority ? p.seniority : p.title ? 6 : 7;
}

/* Most recently talked to first: the likeliest answer is the first button. Else by rank. */
static void sort_by_talk(struct call *c, struct name_hit *hits, int n, struct err *e)
{
    int64_t last[HITS] = { 0 };
    int rank[HITS];
    for (int i = 0; i < n; i++) {
        rank[i] = rank_of(c, hits[i], e);
        if (hits[i].kind == 'C')
            last[i] = person_last_ms(c->db, hits[i].id, e);
    }
    for (int i = 1; i < n; i++) {
        for (int k = i; k > 0; k--) {
            struct name_hit h = hits[k];
            int64_t l = last[k];
            int r = rank[k];
            if (l < last[k - 1] || (l == last[k - 1] && r >= rank[k - 1]))
                break;
            hits[k] = hits[k - 1], last[k] = last[k - 1], rank[k] = rank[k - 1];
            hits[k - 1] = h, last[k - 1] = l, rank[k - 1] = r;
        }
    }
}

bool ask_which(struct resolving *x, struct token *t, struct name_hit *hits, int n)
{
    struct call *c = x->c;
    struct option options[HITS + 1];
    sort_by_talk(c, hits, n, x->e);
    bool person = hits[0].kind == 'C', fresh = person && makes_new(x);
    const char *typed = token_text(x->s, t);
    const char *polite = t->honorific ? t->honorific : t->title;
    const char *key = !person ? "which.firm" : polite ? "which.person" : "which.person_plain";
    struct reply *r = n == 1 ? reply_new(c, REPLY_ASK, "which.one", ARGS(TXT("near", hit_asked(c, hits[0], x->e))))
                             : reply_new(c, REPLY_ASK, key, ARGS(TXT("name",
                                   arena_printf(c->mem, "%s%s", typed, polite ? polite : ""))));
    int k = 0;
    for (; k < n && k < ASK_OPTIONS - 1; k++) {
        char *label = hit_label(c, hits[k], x->e);
        if (n > 1)
            reply_item(r, arena_printf(c->mem, "%d %s", k + 1, hit_line(c, hits[k], x->e)), NULL);
        options[k] = (struct option){ label, n == 1 ? "yes|y|はい|うん|ok" : NULL, hit_value(c, hits[k]), "plain" };
        struct person p;
        if (hits[k].kind == 'C' && person_load(c->db, c->mem, hits[k].id, &p, x->e))
            options[k].label = p.name;
        if (n == 1)
            options[k].label = call_text(c, "button.yes_this", ARGS(TXT("name", hit_polite(c, hits[k], x->e))));
    }
    options[k++] = (struct option){ call_text(c, fresh ? "button.new_person" : "button.leave_out", NO_ARGS),
        fresh ? "new|新規" : "no|none", fresh ? "new C" : "none", "quiet" };
    return ask_question(c, r, "which", mention_key(x, t), options, k, n > 1, x->e) && asked(x);
}

/* “Denco” is not known. Did you mean …? */
bool ask_unknown(struct resolving *x, const struct token *t, struct name_hit *near, int n)
{
    struct call *c = x->c;
    struct option options[ASK_OPTIONS];
    int k = 0;
    bool discreet = ask_discreetly(c);
    const char *typed = discreet ? call_text(c, "unknown.a_name", NO_ARGS) : token_text(x->s, t);
    bool person = arg_accepts(x->s->command, ARG_PERSON) && !t->firm &&
                  !(t->role && (!strcmp(t->role, "with") || !strcmp(t->role, "via")));
    bool firm = !t->honorific && !t->title, writes = makes_new(x);
    if (!n && !writes) {
        struct reply *none = reply_new(c, REPLY_REFUSED, "unknown.nobody", ARGS(TXT("name", typed)));
        reply_button(none, "plain", arena_printf(c->mem, "find %s", typed), "button.find", NO_ARGS);
        return asked(x);
    }
    person = person && writes;
    firm = firm && writes;
    struct reply *r = n ? reply_new(c, REPLY_ASK, "unknown.near", ARGS(TXT("name", typed),
                              TXT("near", hit_asked(c, near[0], x->e))))
                        : reply_new(c, REPLY_ASK, "unknown.name", ARGS(TXT("name", typed)));
    if (discreet)
        reply_private(r);
    for (; k < n && k < 3; k++)
        options[k] = (struct option){ n == 1 ? call_text(c, "button.yes_this", ARGS(TXT("name",
                                                   hit_polite(c, near[k], x->e))))
                                             : hit_label(c, near[k], x->e),
            k ? NULL : "yes|y|はい|うん|ok", hit_value(c, near[k]), NULL };
    if (person)
        options[k++] = (struct option){ call_text(c, "button.new_contact", ARGS(TXT("name", typed))),
            "new|new contact|new person|新規", "new C", "plain" };
    if (firm && arg_accepts(x->s->command, ARG_PARTNER) && c->member->roles != ROLE_PARTNER)
        options[k++] = (struct option){ call_text(c, "button.new_partner", ARGS(TXT("name", typed))),
            person ? "new partner" : "new|new partner|新規", "new P", "plain" };
    if (firm && arg_accepts(x->s->command, ARG_CUSTOMER))
        options[k++] = (struct option){ call_text(c, "button.new_customer", ARGS(TXT("name", typed))),
            "new customer", "new A", "plain" };
    options[k++] = (struct option){ call_text(c, "button.leave_out", NO_ARGS), "no|none|いいえ|なし",
        "none", "quiet" };
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, "unknown", mention_key(x, t), options, k, false, x->e) && asked(x);
}

/* The words that named the day, as typed: what the answer stands instead of. */
static const char *bad_day(struct resolving *x, const struct err *bad)
{
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        struct when w;
        struct err e = { 0 };
        if (t->type == TOKEN_WHEN && t->when.piece != WHEN_DURATION &&
            !when_resolve(&x->c->when, &t->when, 1, WHEN_PAST, &w, x->c->mem, x->c->locale, &e))
            return token_text(x->s, t);
    }
    return bad->args[0].text;
}

/* 31 Feb is asked with two dates, 28/2 with the one it can be; the text is kept. */
bool ask_date(struct resolving *x, const struct err *bad)
{
    struct call *c = x->c;
    const char *typed = bad_day(x, bad);
    struct option options[2];
    int n = 0;
    struct reply *r = reply_new(c, REPLY_ASK, bad->key, bad->args);
    for (; n < 2 && bad->args[n + 1].name; n++)
        options[n] = (struct option){ bad->args[n + 1].text, NULL,
            arena_printf(c->mem, "=%s", bad->args[n + 1].text), n ? "plain" : "primary" };
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, bad->key, typed, options, n, false, x->e) && asked(x);
}

/* What has not happened yet can be followed up, not logged. */
bool ask_ahead(struct resolving *x)
{
    struct call *c = x->c;
    struct option options[] = {
        { call_text(c, "button.follow_then", NO_ARGS), "yes|y|はい|follow", "follow", NULL },
        { call_text(c, "button.drop", NO_ARGS), "no|drop|いいえ|破棄", "drop", "quiet" },
    };
    struct reply *r = reply_new(c, REPLY_ASK, "when.ahead", ARGS(TXT("when",
        when_format(&c->when, c->mem, c->locale, x->f->when.at_ms))));
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, "when.ahead", "$verb", options, 2, false, x->e) && asked(x);
}

/* Of the words from token `a` to `b` those without `left_out`, as typed. */
static char *span_without(struct resolving *x, int a, int b, int left_out)
{
    const struct token *t = x->s->tokens, *out = &t[left_out];
    struct token before = { .at = t[a].at, .len = out->at - t[a].at };
    struct token after = { .at = out->at + out->len, .len = t[b].at + t[b].len - out->at - out->len };
    return arena_printf(x->c->mem, "=%s%s", token_text(x->s, &before), token_text(x->s, &after));
}

/* mon tue: two days, of which one is meant. `a` and `b` are their tokens, `days` what the
 * line would mean with either. */
bool ask_two_dates(struct resolving *x, int a, int b, const int64_t at_ms[2])
{
    struct call *c = x->c;
    struct token span = { .at = x->s->tokens[a].at };
    span.len = x->s->tokens[b].at + x->s->tokens[b].len - span.at;
    char *label[2];
    for (int i = 0; i < 2; i++)
        label[i] = token_text(x->s, &x->s->tokens[i ? b : a]);
    bool same_day = day_of(at_ms[0], c->when.zone) == day_of(at_ms[1], c->when.zone);
    struct option options[2];
    for (int i = 0; i < 2; i++)
        options[i] = (struct option){ same_day ? when_format_time(&c->when, c->mem, c->locale, at_ms[i])
                                              : when_format_day(&c->when, c->mem, c->locale, day_of(at_ms[i], c->when.zone)),
            label[i], span_without(x, a, b, i ? a : b), i ? "plain" : "primary" };
    struct reply *r = reply_new(c, REPLY_ASK, "when.two", ARGS(TXT("first", label[0]), TXT("second", label[1])));
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, "when.two", token_text(x->s, &span), options, 2, false, x->e) && asked(x);
}

static char *hour_text(struct resolving *x, int64_t ms)
{
    struct civil at = civil_of(ms, x->c->when.zone);
    return arena_printf(x->c->mem, "%02d:%02d", at.hour, at.minute);
}

/* The day before the hours of a piece: mon of mon 15-14; empty where there is none. */
static char *day_before(struct resolving *x, const struct token *t)
{
    char *text = token_text(x->s, t), *end = text;
    for (char *at = strrchr(text, ' '); t->when.has_span && at; at = strrchr(text, ' ')) {
        bool dash = strchr("-–~", at[1]) || (at > text && strchr("-~", at[-1]));
        end = at + 1;
        if (!dash)
            break;
        *at = '\0';
    }
    *end = '\0';
    return text;
}

/* 15:00-14:00: the other way round, or without the end. */
bool ask_end(struct resolving *x, const struct token *t)
{
    struct call *c = x->c;
    const struct when *w = &x->f->when;
    char *from = hour_text(x, w->at_ms), *to = hour_text(x, w->end_ms);
    const char *day = day_before(x, t);
    char *turned = arena_printf(c->mem, "%s%s-%s", day, to, from);
    struct option options[] = {
        { arena_printf(c->mem, "%s–%s", to, from), "yes|y|はい", arena_printf(c->mem, "=%s", turned), NULL },
        { call_text(c, "when.start_only", ARGS(TXT("start", from))), from, arena_printf(c->mem, "=%s%s", day, from), "plain" },
        { call_text(c, "button.drop", NO_ARGS), "no|drop|いいえ|破棄", "drop", "quiet" },
    };
    struct reply *r = reply_new(c, REPLY_ASK, "when.end_first", ARGS(TXT("start", from), TXT("end", to)));
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, "when.end_first", token_text(x->s, t), options, 3, false, x->e) && asked(x);
}
