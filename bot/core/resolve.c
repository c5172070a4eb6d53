/* From pieces to a frame: which Tanaka, which firm, which deal, when. What fits two
 * records is asked, likeliest first; what fits none is asked with near misses first. */
#include <stdlib.h>
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/label.h"
#include "bot/base/clock.h"
#include "bot/core/resolve_private.h"
#include "bot/store/touches.h"
#include "bot/text/utf8.h"

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
            bool inside = t->in_note && t->type == TOKEN_NAME;
            const char *v = ask_settled(x->c, mention_key(x, t));
            if (v && !strncmp(v, "new ", 4) && (v[4] == 'C') == (pass == 1) &&
                !create_named(x, t, v))
                return false;
            if (pass == 0 && t->type == TOKEN_NAME && t->n_hits == 1 && !inside) {
                if (t->hits[0].kind == 'P')
                    add_id(x->f->partners, &x->f->n_partners, FRAME_ORGS, t->hits[0].id);
                else if (t->hits[0].kind == 'A')
                    add_id(x->f->customers, &x->f->n_customers, FRAME_ORGS, t->hits[0].id);
            }
        }
    }
    return true;
}

bool only_firms(const struct token *t)
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
        if (t->type != TOKEN_NAME || t->in_note)
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
        else if (t->role && !strcmp(t->role, "co_owner"))
            x->f->co_owner = t->hits[0].id;
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

/* 부장 and 部長 are one title. */
static const char *title_value(struct resolving *x, const char *title)
{
    struct word w;
    struct folded f = fold_text(x->c->mem, title, strlen(title));
    return catalogue_match_kind(x->c->words, f.s, f.n, 0, "title", f.n, &w) ? w.value : title;
}

static bool same_title_word(struct resolving *x, const char *a, const char *b)
{
    return !strcmp(a, b) || !strcmp(title_value(x, a), title_value(x, b));
}

/* The partner's person on a deal of the customer that is named works there too, where
 * nobody else has the name. */
static bool works_on_deal(struct resolving *x, const struct person *p, bool only)
{
    struct deal d;
    for (int i = 0; p->partner_id && only && i < x->f->n_customers; i++) {
        struct deal_filter by = { .customer = x->f->customers[i], .partner = p->partner_id, .live = true };
        if (deal_list(x->c->db, x->c->mem, &by, &d, 1, x->e) == 1)
            return true;
    }
    return false;
}

static bool works_at(const struct person *p, struct name_hit firm)
{
    return (firm.kind == 'P' && p->partner_id == firm.id) || (firm.kind == 'A' && p->customer_id == firm.id);
}

/* 電光田中部長＋白楊堂田中さん, 田中(電光): the firm right beside a name, where one of the
 * candidates works there. */
static void narrow_by_neighbour(struct resolving *x, struct token *t)
{
    int i = (int)(t - x->s->tokens), which = -1, found = 0;
    struct token *beside[] = { i > 0 ? t - 1 : NULL, i + 1 < x->s->n ? t + 1 : NULL };
    struct person p;
    for (int k = 0; k < 2 && found != 1; k++) {
        bool firm = beside[k] && beside[k]->type == TOKEN_NAME && !beside[k]->in_note && only_firms(beside[k]) && beside[k]->n_hits == 1;
        found = 0;
        for (int h = 0; firm && h < t->n_hits; h++)
            if (person_load(x->c->db, x->c->mem, t->hits[h].id, &p, x->e) && works_at(&p, beside[k]->hits[0])) {
                which = h;
                found++;
            }
    }
    if (found != 1)
        return;
    t->hits[0] = t->hits[which];
    t->n_hits = 1;
}

/* 田中部長(電光) 小野さん: a firm that is somebody else's here contradicts nobody. */
static bool firms_taken(struct resolving *x, const struct token *but)
{
    int taken = 0;
    struct person p;
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        int at = 0;
        for (int k = 0; t != but && t->type == TOKEN_NAME && !t->in_note && k < t->n_hits; k++)
            at += t->hits[k].kind == 'C' && person_load(x->c->db, x->c->mem, t->hits[k].id, &p, x->e) && works_at_named(x->f, &p);
        taken += at == 1;
    }
    return taken >= x->f->n_partners + x->f->n_customers;
}

/* More have the name than there is room for: those at the firms named beside it come
 * first. */
static void prefer_colleagues(struct resolving *x, struct token *t)
{
    enum { COLLEAGUES = 64 };
    const struct frame *f = x->f;
    int64_t list[COLLEAGUES];
    int k = 0;
    for (int i = 0; t->n_hits == HITS && i < f->n_partners + f->n_customers; i++) {
        bool partner = i < f->n_partners;
        int n = person_at(x->c->db, partner ? f->partners[i] : 0, partner ? 0 : f->customers[i - f->n_partners], list, COLLEAGUES, x->e);
        for (int p = 0; p < n && k < HITS; p++)
            if (names_called(x->c->names, x->c->mem, token_text(x->s, t), 'C', list[p]))
                t->hits[k++] = (struct name_hit){ 'C', list[p], 2 };
    }
    t->n_hits = k ? k : t->n_hits;
}

/* The candidates of a name that are left: by their title, and at a firm that was named. */
struct narrowed {
    struct name_hit titled[HITS], at[HITS];
    int n_titled, n_at;
    bool exact; /* the typed title is somebody's: those without one are out */
};

static void weigh(struct resolving *x, const struct token *t, struct name_hit hit, const struct person *p,
    struct narrowed *w)
{
    bool both = t->title && p->title, same = both && same_title_word(x, t->title, p->title);
    if (same && !w->exact) { /* 田中部長 is the 部長, not the 田中 without a title */
        w->exact = true;
        w->n_titled = w->n_at = 0;
    }
    if ((both && !same) || (w->exact && !same))
        return;
    w->titled[w->n_titled++] = hit;
    bool nowhere = !p->partner_id && !p->customer_id && t->n_hits == 1;
    if (nowhere || works_at_named(x->f, p) || works_on_deal(x, p, t->n_hits == 1))
        w->at[w->n_at++] = hit;
}

/* Narrows by the firms named beside and by the title. A champion of the customer that is
 * talked about needs no firm, nor one whose firm nobody has typed yet. False where
 * somebody at another firm is all there is. */
static bool narrow_people(struct resolving *x, struct token *t, bool *at_named)
{
    struct narrowed w = { 0 };
    struct person p;
    bool firms = x->f->n_partners + x->f->n_customers > 0;
    bool same = false, differs = false; /* than the initial says */
    if (firms && t->n_hits == HITS)
        prefer_colleagues(x, t);
    if (t->n_hits > 1)
        narrow_by_neighbour(x, t);
    for (int i = 0; i < t->n_hits; i++) {
        if (!person_load(x->c->db, x->c->mem, t->hits[i].id, &p, x->e))
            continue;
        bool other = !initial_fits(x, t, p.id);
        differs = differs || other;
        same = same || !other;
        if (!other)
            weigh(x, t, t->hits[i], &p, &w);
    }
    if (w.n_titled) {
        memcpy(t->hits, w.titled, sizeof *w.titled * (size_t)w.n_titled);
        t->n_hits = w.n_titled;
    }
    if (w.n_at) {
        memcpy(t->hits, w.at, sizeof *w.at * (size_t)w.n_at);
        t->n_hits = w.n_at;
    }
    /* 鈴木課長, where 鈴木 is known as 部長: perhaps somebody else. */
    bool contradicted = t->title && !w.n_titled && !arg_accepts(x->s->command, ARG_TITLE);
    bool elsewhere = firms && !w.n_at && (t->n_hits > 1 || !firms_taken(x, t));
    *at_named = !elsewhere && !contradicted && (same || !differs);
    return true;
}

static bool settled_id(const struct resolving *x, const struct token *t)
{
    const char *v = ask_settled(x->c, ask_mention(x->c, token_text(x->s, t)));
    return v != NULL;
}

/* Did the member lately meet a customer named here together with this champion's firm? */
static bool met_with(struct resolving *x, const struct champion *h)
{
    struct touch m;
    struct touch_filter by = { .member = x->c->member->id, .kind = 'M',
        .from_ms = x->c->now_ms - 14 * DAY_MS, .to_ms = x->c->now_ms + 1 };
    for (int i = 0; i < x->f->n_customers; i++) {
        by.customer = x->f->customers[i];
        if (touch_list(x->c->db, x->c->mem, &by, &m, 1, x->e) == 1 && has(m.partners, m.n_partners, h->partner_id))
            return true;
    }
    return false;
}

static bool champion_here(struct resolving *x, int64_t person)
{
    struct champion h[8];
    int n = champion_list_of(x->c->db, x->c->mem, person, h, 8, x->e);
    for (int i = 0; i < n; i++) {
        bool anywhere = !x->f->n_customers;
        if (anywhere || has(x->f->customers, x->f->n_customers, h[i].customer_id) || met_with(x, &h[i]))
            return true;
    }
    return false;
}

/* "from Tanaka" means our champion there, where exactly one Tanaka is one. */
static bool take_champion(struct resolving *x, struct token *t)
{
    int champions = 0, which = 0;
    if (!t->role || strcmp(t->role, "from") != 0 || !arg_accepts(x->s->command, ARG_LAYER))
        return false; /* 田中さんからメール tells nothing about which */
    for (int i = 0; i < t->n_hits; i++) {
        if (champion_here(x, t->hits[i].id)) {
            champions++;
            which = i;
        }
    }
    if (champions != 1)
        return false;
    t->hits[0] = t->hits[which];
    t->n_hits = 1;
    return true;
}

/* A whole name is nobody else's, whatever firm stands beside it; only surnames are. */
static bool whole_name(struct resolving *x, const struct token *t)
{
    struct person p;
    return t->n_hits == 1 && t->hits[0].score <= 1 && !t->title &&
           person_load(x->c->db, x->c->mem, t->hits[0].id, &p, x->e) &&
           (strchr(token_text(x->s, t), ' ') || (t->hits[0].score == 0 && strchr(p.name, ' ')));
}

static bool resolve_people(struct resolving *x)
{
    bool at_named = true;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_NAME || t->in_note || only_firms(t))
            continue;
        if (!settled_id(x, t) && !narrow_people(x, t, &at_named))
            return false;
        bool sure = settled_id(x, t) || (t->n_hits == 1 && at_named) || take_champion(x, t) || whole_name(x, t);
        if (!sure)
            return ask_which(x, t, t->hits, t->n_hits);
        at_named = true;
        struct frame *f = x->f;
        if (t->role && !strcmp(t->role, "from")) {
            f->from_person = true;
            f->source = f->n_people;
        }
        int before = f->n_people;
        const char *stance = stance_behind(x, i);
        add_id(f->people, &f->n_people, FRAME_PEOPLE, t->hits[0].id);
        if (f->n_people > before)
            f->stances[before] = stance;
        bool new_title = t->title && arg_accepts(x->s->command, ARG_TITLE); /* promoted */
        if (new_title)
            f->word[WORD_TITLE] = t->title;
        if (f->n_people == 1)
            f->honorific = t->honorific || new_title ? t->honorific : t->title;
    }
    return true;
}

/* May, Mon: capitals that name a time. */
static bool names_a_time(const struct resolving *x, const struct token *t)
{
    struct word w[8];
    int n = catalogue_match(x->c->words, x->s->text.s, x->s->text.n, t->at, w, 8);
    for (int i = 0; i < n; i++)
        if (w[i].len == t->len && !strncmp(w[i].kind, "when.", 5))
            return true;
    return false;
}

/* Does it look like a name? Capital, Han, katakana, Hangul, or an honorific behind. */
static bool name_like(const struct resolving *x, const struct token *t)
{
    size_t i = 0;
    const char *s = x->s->head + x->s->text.src[t->at];
    if (t->honorific || t->title || t->firm || t->listed)
        return true;
    if (names_a_time(x, t))
        return false;
    uint32_t c = utf8_next(s, strlen(s), &i);
    enum script k = utf8_script(c);
    return (c >= 'A' && c <= 'Z') || k == SCRIPT_HAN || k == SCRIPT_KATAKANA || k == SCRIPT_HANGUL;
}

/* follow Hasegawa fri: a capital where somebody must be named. */
static bool capital_word(const struct resolving *x, const struct token *t)
{
    char c = x->s->head[x->s->text.src[t->at]];
    struct name_hit known[1]; /* a firm that the command has no use for */
    return c >= 'A' && c <= 'Z' && !names_a_time(x, t) &&
           !names_find(x->c->names, x->c->mem, token_text(x->s, t), known, 1);
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
        if (ok && name_visible(x->c, all[i].kind, all[i].id))
            out[k++] = all[i];
    }
    return k;
}

static bool takes_names(const struct command *cmd)
{
    return arg_accepts(cmd, ARG_PERSON) || arg_accepts(cmd, ARG_PARTNER) ||
           arg_accepts(cmd, ARG_CUSTOMER) || arg_accepts(cmd, ARG_ORG);
}

/* A question is stored with its words and choices, where off-record words must not be:
 * they stay in the note. */
static bool off_record(const struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_WORD && t->kind == WORD_LEVEL && !strcmp(t->value, "offrecord"))
            return true;
    }
    return false;
}

enum { NAME_BYTES = 240 }; /* what is longer is a sentence without spaces */

static bool says_word(const struct resolving *x, enum frame_word kind)
{
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_WORD && x->s->tokens[i].kind == kind)
            return true;
    return false;
}

/* Unknown words of a head: a near miss or a likely name is asked about; the rest is
 * the note where no separator was typed. */
static bool ask_about_unknown(struct resolving *x)
{
    struct name_hit near[HITS];
    const struct command *cmd = x->s->command;
    bool no_kind = arg_accepts(cmd, ARG_OBJECTION) && !says_word(x, WORD_OBJECTION);
    if (!takes_names(cmd) || arg_accepts(cmd, ARG_NAME) || arg_accepts(cmd, ARG_SOFTWARE) || off_record(x) || no_kind)
        return true;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_UNKNOWN || t->len > NAME_BYTES)
            continue;
        bool in_note = t->in_note;
        bool typo = in_note && i == x->note_from && i + 1 < x->s->n; /* denco 45m legal worried */
        bool person = t->honorific || t->title;
        if (in_note && anchored(x) && !typo)
            continue;
        int n = near_hits(x, t, near);
        bool first = in_note && !anchored(x) && i == x->note_from && capital_word(x, t);
        bool named = t->role && x->f->separated; /* w/ priya: */
        if (n || (person && !(in_note && anchored(x))) || (!in_note && (named || name_like(x, t))) || first)
            return ask_unknown(x, t, near, n);
    }
    return true;
}

bool resolve_frame(struct scan *s, enum reading *out, struct err *e)
{
    struct resolving x = { s, s->c, s->c->f, out, e, s->n, s->n };
    *out = READING_RUN;
    place_levels(&x);
    if (arg_accepts(s->command, ARG_NAME))
        take_name(&x);
    take_deal_names(&x);
    join_rest_of_firms(&x);
    mark_note(&x);
    join_longer_names(&x);
    mark_note(&x);
    bool ok = create_settled(&x);
    x.f->n_partners = x.f->n_customers = 0; /* a firm inside the note is not meant */
    mark_note(&x);
    ok = ok && (*out == READING_REPLIED || resolve_firms(&x));
    ok = ok && (*out == READING_REPLIED || resolve_people(&x));
    if (!ok || *out == READING_REPLIED)
        return ok;
    if (!ask_about_unknown(&x) || *out == READING_REPLIED)
        return e->code == ERR_NONE || *out == READING_REPLIED;
    if (!ask_doubts(&x) || *out == READING_REPLIED)
        return *out == READING_REPLIED;
    cut_note(&x);
    take_dated(&x);
    place_all(&x);
    if (!refs_as_names(&x) || *out == READING_REPLIED)
        return e->code == ERR_NONE;
    collect_words(&x);
    join_words(&x);
    refuse_unknown(&x);
    refuse_words(&x);
    refuse_long_names(&x);
    return refuse_money(&x) && (*out == READING_REPLIED || resolve_when(&x));
}
