/* From pieces to a frame: which Tanaka, which firm, which deal, when. What fits two
 * records is asked, likeliest first; what fits none is asked with near misses first. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/label.h"
#include "bot/core/reader.h"
#include "bot/text/utf8.h"

struct resolving {
    struct scan *s;
    struct call *c;
    struct frame *f;
    enum reading *out;
    struct err *e;
};

static void add_id(int64_t *list, int *n, int max, int64_t id)
{
    for (int i = 0; i < *n; i++)
        if (list[i] == id)
            return;
    if (*n < max)
        list[(*n)++] = id;
}

static bool asked(struct resolving *x)
{
    *x->out = READING_REPLIED;
    return true;
}

static const char *mention_key(struct resolving *x, const struct token *t)
{
    return fold_name(x->c->mem, x->c->words, token_text(x->s, t));
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
    if (p.last_ms)
        buf_join(&b, " · ", call_text(c, "which.last", ARGS(TXT("when",
                                when_format_ago(&c->when, c->mem, c->locale, p.last_ms)))));
    return arena_strdup(c->mem, buf_str(&b));
}

static char *hit_value(struct call *c, struct name_hit h)
{
    return call_ref(c, h.kind, h.id);
}

/* Most recently talked to first: the likeliest answer is the first button. */
static void sort_by_talk(struct call *c, struct name_hit *hits, int n, struct err *e)
{
    int64_t last[HITS] = { 0 };
    struct person p;
    for (int i = 0; i < n; i++)
        if (hits[i].kind == 'C' && person_load(c->db, c->mem, hits[i].id, &p, e))
            last[i] = p.last_ms;
    for (int i = 1; i < n; i++) {
        for (int k = i; k > 0 && last[k] > last[k - 1]; k--) {
            struct name_hit h = hits[k];
            int64_t l = last[k];
            hits[k] = hits[k - 1], last[k] = last[k - 1];
            hits[k - 1] = h, last[k - 1] = l;
        }
    }
}

static bool ask_which(struct resolving *x, struct token *t, struct name_hit *hits, int n)
{
    struct call *c = x->c;
    struct option options[HITS + 1];
    sort_by_talk(c, hits, n, x->e);
    bool person = hits[0].kind == 'C';
    const char *typed = token_text(x->s, t);
    struct reply *r = reply_new(c, REPLY_ASK, person ? "which.person" : "which.firm",
        ARGS(TXT("name", arena_printf(c->mem, "%s%s", typed, t->honorific ? t->honorific : ""))));
    int k = 0;
    for (; k < n && k < ASK_OPTIONS - 1; k++) {
        char *label = hit_label(c, hits[k], x->e);
        reply_item(r, arena_printf(c->mem, "%d %s", k + 1, hit_line(c, hits[k], x->e)), NULL);
        options[k] = (struct option){ label, NULL, hit_value(c, hits[k]), "plain" };
        struct person p;
        if (hits[k].kind == 'C' && person_load(c->db, c->mem, hits[k].id, &p, x->e))
            options[k].label = p.name;
    }
    options[k++] = (struct option){ call_text(c, person ? "button.new_person" : "button.leave_out", NO_ARGS),
        person ? "new|新規" : "no|none", person ? "new C" : "none", "quiet" };
    return ask_question(c, r, "which", mention_key(x, t), options, k, true, x->e) && asked(x);
}

/* “Denco” is not known. Did you mean …? */
static bool ask_unknown(struct resolving *x, const struct token *t, struct name_hit *near, int n)
{
    struct call *c = x->c;
    struct option options[ASK_OPTIONS];
    int k = 0;
    const char *typed = token_text(x->s, t);
    bool person = arg_accepts(x->s->command, ARG_PERSON) && !t->firm &&
                  !(t->role && (!strcmp(t->role, "with") || !strcmp(t->role, "via")));
    bool firm = !t->honorific && !t->title;
    struct reply *r = n ? reply_new(c, REPLY_ASK, "unknown.near", ARGS(TXT("name", typed),
                              TXT("near", hit_line(c, near[0], x->e))))
                        : reply_new(c, REPLY_ASK, "unknown.name", ARGS(TXT("name", typed)));
    for (; k < n && k < 3; k++)
        options[k] = (struct option){ n == 1 ? call_text(c, "button.yes_this", ARGS(TXT("name",
                                                   hit_label(c, near[k], x->e))))
                                             : hit_label(c, near[k], x->e),
            k ? NULL : "yes|y|はい|うん|ok", hit_value(c, near[k]), NULL };
    if (person)
        options[k++] = (struct option){ call_text(c, "button.new_contact", ARGS(TXT("name", typed))),
            person && !firm ? "new|新規" : "new contact|new person", "new C", "plain" };
    if (firm && arg_accepts(x->s->command, ARG_PARTNER))
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

/* Creates what an answer asked for: "new C", "new P", "new A". */
static bool create_named(struct resolving *x, struct token *t, const char *value)
{
    struct call *c = x->c;
    const char *name = token_text(x->s, t);
    char kind = value[4];
    int64_t id = 0;
    if (kind == 'C') {
        struct person p = { .name = name, .title = t->title, .honorific = t->honorific,
            .partner_id = x->f->n_partners ? x->f->partners[0] : 0,
            .customer_id = !x->f->n_partners && x->f->n_customers ? x->f->customers[0] : 0 };
        id = person_add(c->db, &p, c->now_ms, x->e);
    } else if (kind == 'P') {
        struct partner p = { .name = name, .market = c->member->market, .commission_bp = -1 };
        id = partner_add(c->db, &p, c->now_ms, x->e);
    } else {
        struct customer a = { .name = name, .market = c->member->market };
        id = customer_add(c->db, &a, c->now_ms, x->e);
    }
    if (!id || !names_refresh(c->names, c->db, kind, id, x->e))
        return false;
    t->type = TOKEN_NAME;
    t->hits[0] = (struct name_hit){ kind, id, 0 };
    t->n_hits = 1;
    return true;
}

static bool create_settled(struct resolving *x)
{
    /* Firms first, so that a new person belongs to the firm of the same message. */
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < x->s->n; i++) {
            struct token *t = &x->s->tokens[i];
            if (t->type != TOKEN_UNKNOWN && t->type != TOKEN_NAME)
                continue;
            const char *v = ask_settled(x->c, mention_key(x, t));
            if (v && !strncmp(v, "new ", 4) && (v[4] == 'C') == (pass == 1) &&
                !create_named(x, t, v))
                return false;
            if (pass == 0 && t->type == TOKEN_NAME && t->n_hits == 1) {
                if (t->hits[0].kind == 'P')
                    add_id(x->f->partners, &x->f->n_partners, FRAME_ORGS, t->hits[0].id);
                else if (t->hits[0].kind == 'A')
                    add_id(x->f->customers, &x->f->n_customers, FRAME_ORGS, t->hits[0].id);
            }
        }
    }
    return true;
}

static bool only_firms(const struct token *t)
{
    for (int i = 0; i < t->n_hits; i++)
        if (t->hits[i].kind == 'C')
            return false;
    return true;
}

static int keep_kinds(struct token *t, bool people)
{
    int k = 0;
    for (int i = 0; i < t->n_hits; i++)
        if ((t->hits[i].kind == 'C') == people)
            t->hits[k++] = t->hits[i];
    return k;
}

/* 山田様 is the person, @山田 and via 山田 the firm. */
static void narrow_kind(struct token *t)
{
    bool mixed = !only_firms(t) && keep_kinds(&(struct token){ .n_hits = t->n_hits }, true) != t->n_hits;
    if (!mixed)
        return;
    bool firm = t->firm || (t->role && (!strcmp(t->role, "via") || !strcmp(t->role, "with")));
    struct token copy = *t;
    int n = keep_kinds(&copy, t->honorific || t->title ? true : !firm);
    if (n && (t->honorific || t->title || firm)) {
        copy.n_hits = n;
        *t = copy;
    }
}

/* An exact name beats a part of another firm's name: Acme, not Acme Trading. */
static void prefer_whole_firm(struct token *t)
{
    int k = 0;
    for (int i = 0; i < t->n_hits; i++)
        if (t->hits[i].score <= 1)
            k++;
    if (!k || k == t->n_hits)
        return;
    int n = 0;
    for (int i = 0; i < t->n_hits; i++)
        if (t->hits[i].score <= 1)
            t->hits[n++] = t->hits[i];
    t->n_hits = n;
}

static bool resolve_firms(struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_NAME)
            continue;
        narrow_kind(t);
        if (!only_firms(t))
            continue;
        prefer_whole_firm(t);
        if (t->n_hits > 1)
            return ask_which(x, t, t->hits, t->n_hits);
        if (t->hits[0].kind == 'P')
            add_id(x->f->partners, &x->f->n_partners, FRAME_ORGS, t->hits[0].id);
        else if (t->hits[0].kind == 'A')
            add_id(x->f->customers, &x->f->n_customers, FRAME_ORGS, t->hits[0].id);
        else
            add_id(x->f->members, &x->f->n_members, FRAME_ORGS, t->hits[0].id);
    }
    return true;
}

static bool has(const int64_t *list, int n, int64_t id)
{
    for (int i = 0; i < n; i++)
        if (id && list[i] == id)
            return true;
    return false;
}

static bool works_at_named(const struct frame *f, const struct person *p)
{
    return has(f->partners, f->n_partners, p->partner_id) ||
           has(f->customers, f->n_customers, p->customer_id);
}

/* Narrows by the firms named beside and by the title. A champion of the customer that
 * is talked about needs no firm. False where somebody at another firm is all there is. */
static bool narrow_people(struct resolving *x, struct token *t, bool *at_named)
{
    struct name_hit titled[HITS], at[HITS];
    int n_titled = 0, n_at = 0;
    struct person p;
    bool firms = x->f->n_partners + x->f->n_customers > 0;
    for (int i = 0; i < t->n_hits; i++) {
        if (!person_load(x->c->db, x->c->mem, t->hits[i].id, &p, x->e))
            continue;
        bool other_title = t->title && p.title && strcmp(t->title, p.title) != 0;
        if (!other_title)
            titled[n_titled++] = t->hits[i];
        if (!other_title && works_at_named(x->f, &p))
            at[n_at++] = t->hits[i];
    }
    if (n_titled) {
        memcpy(t->hits, titled, sizeof *titled * (size_t)n_titled);
        t->n_hits = n_titled;
    }
    if (n_at) {
        memcpy(t->hits, at, sizeof *at * (size_t)n_at);
        t->n_hits = n_at;
    }
    *at_named = n_at > 0 || !firms;
    return true;
}

static bool settled_id(const struct resolving *x, const struct token *t)
{
    const char *v = ask_settled(x->c, fold_name(x->c->mem, x->c->words, token_text(x->s, t)));
    return v != NULL;
}

static bool known_source(struct resolving *x, const struct token *t)
{
    bool from = t->role && !strcmp(t->role, "from");
    return from && t->n_hits == 1 && champion_is(x->c->db, t->hits[0].id, x->e);
}

static bool resolve_people(struct resolving *x)
{
    bool at_named = true;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_NAME || only_firms(t))
            continue;
        if (!settled_id(x, t) && !narrow_people(x, t, &at_named))
            return false;
        if (t->n_hits > 1 || (!at_named && !settled_id(x, t) && !known_source(x, t)))
            return ask_which(x, t, t->hits, t->n_hits);
        at_named = true;
        struct frame *f = x->f;
        if (t->role && !strcmp(t->role, "from")) {
            f->from_person = true;
            f->source = f->n_people;
        }
        add_id(f->people, &f->n_people, FRAME_PEOPLE, t->hits[0].id);
        if (f->n_people == 1)
            f->honorific = t->honorific ? t->honorific : t->title;
    }
    return true;
}

/* Level words count at the head's end only, or where they cannot be anything else. */
static void place_levels(struct resolving *x)
{
    bool tail = x->f->separated;
    for (int i = x->s->n - 1; i >= 0; i--) {
        struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_WORD && t->kind == WORD_LEVEL) {
            bool plain = x->s->text.s[t->at] != '!' && strcmp(t->value, "offrecord") != 0;
            if (plain && !tail)
                t->type = TOKEN_UNKNOWN;
        } else if (t->type == TOKEN_NAME && t->n_hits && t->hits[0].kind == 'U') {
            continue;
        } else if (t->type != TOKEN_SKIP && t->type != TOKEN_PREP) {
            tail = false;
        }
    }
}

static void place_token(struct frame *f, struct token *t)
{
    switch (t->type) {
    case TOKEN_WORD:
        if (t->kind == WORD_PLACE && !f->word[WORD_CHANNEL])
            f->word[WORD_CHANNEL] = "in_person";
        if (!f->word[t->kind])
            f->word[t->kind] = t->value;
        break;
    case TOKEN_WHEN:
        if (t->when.piece == WHEN_DURATION)
            f->minutes = t->when.minutes;
        else if (f->n_pieces < 6)
            f->pieces[f->n_pieces++] = t->when;
        break;
    case TOKEN_MONEY:
        f->has_money = true;
        f->money = t->money;
        f->dollar = t->dollar;
        break;
    case TOKEN_PERCENT:
        f->percent_bp = t->number;
        break;
    case TOKEN_REF:
        if (f->n_refs < FRAME_REFS)
            f->refs[f->n_refs++] = t->ref;
        break;
    case TOKEN_KPI:
        if (f->n_kpis < FRAME_KPIS)
            f->kpis[f->n_kpis++] = t->value;
        break;
    case TOKEN_PERIOD:
        f->has_period = true;
        f->period = t->period;
        break;
    case TOKEN_OTHERS:
        f->others = t->number;
        break;
    case TOKEN_HANDLE:
        f->messenger = t->key;
        f->handle = t->value;
        break;
    default:
        break;
    }
}

static void place_value(struct call *c, struct frame *f, const struct token *t)
{
    if (!strcmp(t->key, "reading"))
        f->reading = t->value;
    else if (!strcmp(t->key, "product"))
        f->product = t->value;
    else if (!strcmp(t->key, "title"))
        f->word[WORD_TITLE] = t->value;
    else if (!strcmp(t->key, "seniority"))
        f->seniority = (int)strtol(t->value, NULL, 10);
    else if (!strcmp(t->key, "alias")) {
        char *copy = arena_strdup(c->mem, t->value), *save = NULL;
        for (char *w = strtok_r(copy, ",、", &save); w && f->n_aliases < 8; w = strtok_r(NULL, ",、", &save)) {
            while (*w == ' ')
                w++;
            if (*w)
                f->aliases[f->n_aliases++] = w;
        }
    }
}

/* A title by itself is somebody in the room whose name is not known: 部長. */
static void place_label(struct resolving *x, const struct token *t)
{
    if (x->f->n_labels < FRAME_PEOPLE)
        x->f->labels[x->f->n_labels++] = token_text(x->s, t);
}

static void place_all(struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_WORD && t->kind == WORD_TITLE)
            place_label(x, t);
        else if (t->type == TOKEN_VALUE)
            place_value(x->c, x->f, t);
        else
            place_token(x->f, t);
        if (t->type == TOKEN_WORD && t->kind == WORD_PLACE)
            x->f->word[WORD_PLACE] = token_text(x->s, t);
    }
}

/* Does it look like a name? Capital, Han, katakana, Hangul, or an honorific behind. */
static bool name_like(const struct resolving *x, const struct token *t)
{
    size_t i = 0;
    const char *s = x->s->head + x->s->text.src[t->at];
    if (t->honorific || t->title || t->firm)
        return true;
    uint32_t c = utf8_next(s, strlen(s), &i);
    enum script k = utf8_script(c);
    return (c >= 'A' && c <= 'Z') || k == SCRIPT_HAN || k == SCRIPT_KATAKANA || k == SCRIPT_HANGUL;
}

static int near_hits(const struct resolving *x, const struct token *t, struct name_hit *out)
{
    struct name_hit all[HITS];
    int n = names_near(x->c->names, x->c->mem, token_text(x->s, t), all, HITS), k = 0;
    for (int i = 0; i < n; i++) {
        const struct command *cmd = x->s->command;
        bool ok = all[i].kind == 'C'   ? arg_accepts(cmd, ARG_PERSON)
                  : all[i].kind == 'P' ? arg_accepts(cmd, ARG_PARTNER) || arg_accepts(cmd, ARG_ORG)
                                       : arg_accepts(cmd, ARG_CUSTOMER) || arg_accepts(cmd, ARG_ORG);
        if (ok)
            out[k++] = all[i];
    }
    return k;
}

static bool takes_names(const struct command *cmd)
{
    return arg_accepts(cmd, ARG_PERSON) || arg_accepts(cmd, ARG_PARTNER) ||
           arg_accepts(cmd, ARG_CUSTOMER) || arg_accepts(cmd, ARG_ORG);
}

/* Is it said with whom or about what? */
static bool anchored(const struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_REF || (t->type == TOKEN_WORD && t->kind == WORD_TITLE))
            return true;
    }
    return x->f->n_people || x->f->n_partners || x->f->n_customers;
}

/* Unknown words of a head: a near miss or a likely name is asked about; the rest is
 * the note where no separator was typed. */
static bool ask_about_unknown(struct resolving *x, int note_from)
{
    struct name_hit near[HITS];
    const struct command *cmd = x->s->command;
    if (!takes_names(cmd) || arg_accepts(cmd, ARG_NAME))
        return true;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_UNKNOWN)
            continue;
        bool in_note = i >= note_from;
        if (in_note && anchored(x) && !t->honorific)
            continue;
        int n = near_hits(x, t, near);
        if (n || t->honorific || (!in_note && name_like(x, t)))
            return ask_unknown(x, t, near, n);
    }
    return true;
}

/* Where no separator was typed: the note is what could not be placed, from the first
 * such word behind the last placed one (or the first of all) to the end. */
static int note_start(const struct resolving *x)
{
    if (x->f->separated)
        return x->s->n;
    int last = -1;
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_UNKNOWN)
            last = i;
    if (last < 0)
        return x->s->n;
    int from = last;
    for (int i = last; i >= 0; i--) {
        enum token_type k = x->s->tokens[i].type;
        if (k == TOKEN_UNKNOWN)
            from = i;
        else if (k != TOKEN_SKIP && k != TOKEN_PREP && anchored(x))
            break;
    }
    while (from > 0 && (x->s->tokens[from - 1].type == TOKEN_SKIP || x->s->tokens[from - 1].type == TOKEN_PREP) &&
           !x->s->tokens[from - 1].settled_none && x->s->text.s[x->s->tokens[from - 1].at] < 0x7f &&
           x->s->text.s[x->s->tokens[from - 1].at] > 0)
        from--;
    return from;
}

static void cut_note(struct resolving *x, int from)
{
    struct scan *s = x->s;
    int last = s->n - 1;
    while (last >= from && s->tokens[last].type != TOKEN_UNKNOWN)
        last--;
    if (last < from)
        return;
    struct token span = { .at = s->tokens[from].at };
    span.len = s->tokens[last].at + s->tokens[last].len - span.at;
    /* Punctuation at the end of the sentence belongs to the note. */
    size_t end = last + 1 < s->n ? s->tokens[last + 1].at : s->text.n;
    span.len = end - span.at;
    while (span.len && s->text.s[span.at + span.len - 1] == ' ')
        span.len--;
    x->f->note = token_text(s, &span);
    for (int i = from; i <= last; i++)
        s->tokens[i].type = TOKEN_SKIP;
}

static void collect_words(struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_UNKNOWN && x->f->n_words < FRAME_WORDS)
            x->f->words[x->f->n_words++] = token_text(x->s, &x->s->tokens[i]);
}

/* 31 Feb: asked with two dates, the text kept. */
static bool ask_date(struct resolving *x, const struct err *bad)
{
    struct call *c = x->c;
    const char *typed = bad->args[0].text;
    struct option options[2];
    struct reply *r = reply_new(c, REPLY_ASK, bad->key, bad->args);
    for (int i = 0; i < 2; i++)
        options[i] = (struct option){ bad->args[i + 1].text, NULL,
            arena_printf(c->mem, "=%s", bad->args[i + 1].text), i ? "plain" : "primary" };
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, bad->key, typed, options, 2, false, x->e) && asked(x);
}

static bool resolve_when(struct resolving *x)
{
    struct err bad = { 0 };
    enum when_direction d = x->s->command->flags & CMD_AHEAD ? WHEN_FUTURE : WHEN_PAST;
    if (when_resolve(&x->c->when, x->f->pieces, x->f->n_pieces, d, &x->f->when, x->c->mem,
            x->c->locale, &bad))
        return true;
    return ask_date(x, &bad);
}

static bool refuse_money(struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_MONEY && t->negative) {
            reply_new(x->c, REPLY_REFUSED, "money.negative", ARGS(TXT("typed", token_text(x->s, t))));
            *x->out = READING_REPLIED;
        }
    }
    return true;
}

/* P3, A8 and C9 name firms and people as well as words do. */
static void refs_as_names(struct resolving *x)
{
    struct person p;
    struct partner g;
    struct customer a;
    struct frame *f = x->f;
    for (int i = 0; i < f->n_refs; i++) {
        int64_t id = f->refs[i].no;
        if (f->refs[i].kind == 'C' && person_load(x->c->db, x->c->mem, id, &p, x->e))
            add_id(f->people, &f->n_people, FRAME_PEOPLE, id);
        else if (f->refs[i].kind == 'P' && partner_load(x->c->db, x->c->mem, id, &g, x->e))
            add_id(f->partners, &f->n_partners, FRAME_ORGS, id);
        else if (f->refs[i].kind == 'A' && customer_load(x->c->db, x->c->mem, id, &a, x->e))
            add_id(f->customers, &f->n_customers, FRAME_ORGS, id);
    }
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_REF && x->s->tokens[i].ref.kind == 'C' &&
            x->s->tokens[i].role && !strcmp(x->s->tokens[i].role, "from"))
            for (int k = 0; k < f->n_people; k++)
                if (f->people[k] == x->s->tokens[i].ref.no) {
                    f->from_person = true;
                    f->source = k;
                }
}

/* contact 佐々木 花子 …: a new name is the run of words that nobody knows, together with
 * a known surname beside them. */
static void take_name(struct resolving *x)
{
    struct scan *s = x->s;
    int from = 0, to;
    while (from < s->n && s->tokens[from].type != TOKEN_UNKNOWN)
        from++;
    if (from == s->n)
        return;
    for (to = from; to + 1 < s->n; to++) {
        const struct token *t = &s->tokens[to + 1];
        if (t->type != TOKEN_UNKNOWN && !(t->type == TOKEN_NAME && t->hits[0].kind == 'C'))
            break;
    }
    while (from > 0 && s->tokens[from - 1].type == TOKEN_NAME && s->tokens[from - 1].hits[0].kind == 'C')
        from--;
    struct token span = { .at = s->tokens[from].at };
    span.len = s->tokens[to].at + s->tokens[to].len - span.at;
    x->f->name = token_text(s, &span);
    for (int i = from; i <= to; i++) {
        if (s->tokens[i].honorific)
            x->f->honorific = s->tokens[i].honorific;
        if (s->tokens[i].title)
            x->f->word[WORD_TITLE] = s->tokens[i].title;
        s->tokens[i].type = TOKEN_SKIP;
    }
}

/* What a separated head could not place goes in front of the note: never lost. */
static void join_words(struct resolving *x)
{
    struct frame *f = x->f;
    if (!f->separated || !f->n_words || !arg_accepts(x->s->command, ARG_NOTE) ||
        arg_accepts(x->s->command, ARG_NAME))
        return;
    struct buf b = BUF_ON(x->c->mem);
    for (int i = 0; i < f->n_words; i++)
        buf_join(&b, " ", f->words[i]);
    if (f->note && *f->note)
        buf_join(&b, ": ", f->note);
    f->note = buf_str(&b);
    f->n_words = 0;
}

bool resolve_frame(struct scan *s, enum reading *out, struct err *e)
{
    struct resolving x = { s, s->c, s->c->f, out, e };
    *out = READING_RUN;
    place_levels(&x);
    if (arg_accepts(s->command, ARG_NAME))
        take_name(&x);
    bool ok = create_settled(&x);
    ok = ok && (*out == READING_REPLIED || resolve_firms(&x));
    ok = ok && (*out == READING_REPLIED || resolve_people(&x));
    if (!ok || *out == READING_REPLIED)
        return ok;
    int from = arg_accepts(s->command, ARG_NOTE) && !arg_accepts(s->command, ARG_NAME)
                   ? note_start(&x) : s->n;
    if (!ask_about_unknown(&x, from) || *out == READING_REPLIED)
        return e->code == ERR_NONE || *out == READING_REPLIED;
    cut_note(&x, from);
    place_all(&x);
    refs_as_names(&x);
    collect_words(&x);
    join_words(&x);
    return refuse_money(&x) && (*out == READING_REPLIED || resolve_when(&x));
}
