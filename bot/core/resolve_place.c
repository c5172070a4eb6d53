/* What the pieces of a head say, put into the frame; what is left over is the note. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/core/label.h"
#include "bot/core/resolve_private.h"
#include "bot/store/people.h"
#include "bot/text/utf8.h"

void add_id(int64_t *list, int *n, int max, int64_t id)
{
    for (int i = 0; i < *n; i++)
        if (list[i] == id)
            return;
    if (*n < max)
        list[(*n)++] = id;
}

/* When, how long, how much: what says nothing about whom. */
static bool says_how(const struct token *t)
{
    return t->type == TOKEN_WHEN || t->type == TOKEN_MONEY || t->type == TOKEN_OTHERS ||
           (t->type == TOKEN_WORD && t->kind != WORD_TITLE);
}

/* 全体|として, 全員|が: no level. */
static bool goes_on(const struct scan *s, const struct token *t)
{
    static const char *const words[] = { "として", "が", "は", "も", "の", "と", "から", NULL };
    for (int i = 0; words[i]; i++)
        if (!strncmp(s->text.s + t->at + t->len, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Level words count at the head's end only, where times and the like may follow, or where
 * they cannot be anything else. A command about one record (edit T12 all) needs no
 * separator behind it. */
void place_levels(struct resolving *x)
{
    bool tail = x->f->separated || (x->s->command->args && x->s->command->args[0].type == ARG_RECORD);
    for (int i = x->s->n - 1; i >= 0; i--) {
        struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_WORD && t->kind == WORD_LEVEL) {
            bool plain = x->s->text.s[t->at] != '!' && strcmp(t->value, "offrecord") != 0;
            if (plain && (!tail || goes_on(x->s, t)))
                t->type = TOKEN_UNKNOWN;
        } else if (t->type == TOKEN_WORD && t->kind == WORD_MANNER && !x->f->separated &&
                   !arg_accepts(x->s->command, ARG_LABEL)) {
            t->type = TOKEN_UNKNOWN; /* perhaps the note */
        } else if ((t->type == TOKEN_NAME && t->n_hits && t->hits[0].kind == 'U') || (x->f->separated && says_how(t))) {
            continue;
        } else if (t->type != TOKEN_SKIP && t->type != TOKEN_PREP) {
            tail = false;
        }
    }
}

static void place_word(struct frame *f, const struct token *t)
{
    if (t->kind == WORD_PLACE && !f->word[WORD_CHANNEL])
        f->word[WORD_CHANNEL] = "in_person";
    if (t->kind == WORD_EVIDENCE && f->n_evidence < 3)
        f->evidence[f->n_evidence++] = t->value;
    if (t->kind == WORD_EDITABLE && f->n_editable < (int)(sizeof f->editable / sizeof *f->editable))
        f->editable[f->n_editable++] = t->value;
    if (t->kind == WORD_CAPTAG && f->n_captags < (int)(sizeof f->captags / sizeof *f->captags))
        f->captags[f->n_captags++] = t->value;
    /* 不在、伝言お願いした: the message says more. */
    if (!f->word[t->kind] || (t->kind == WORD_OUTCOME && !strcmp(t->value, "left_message")))
        f->word[t->kind] = t->value;
}

static void place_token(struct frame *f, struct token *t)
{
    switch (t->type) {
    case TOKEN_WORD:
        place_word(f, t);
        break;
    case TOKEN_WHEN:
        if (t->when.piece == WHEN_DURATION)
            f->minutes = t->when.minutes;
        else if (f->n_pieces < 6)
            f->pieces[f->n_pieces++] = t->when;
        break;
    case TOKEN_MONEY:
        if (t->key) {
            f->has_list = true;
            f->list_price = t->money;
            break;
        }
        f->has_money = true;
        f->money = t->money;
        f->dollar = t->dollar;
        break;
    case TOKEN_PERCENT:
        f->percent_bp = (int)t->number;
        break;
    case TOKEN_NUMBER:
        f->has_number = true;
        f->number = t->number;
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
        f->n_periods++;
        f->period = t->period;
        break;
    case TOKEN_OTHERS:
        f->others += (int)t->number; /* + 2 engineers + 1 other */
        break;
    case TOKEN_HANDLE:
        if (f->n_reach < (int)(sizeof f->reach / sizeof *f->reach)) {
            f->reach[f->n_reach].network = t->key;
            f->reach[f->n_reach++].handle = t->value;
        }
        break;
    default:
        break;
    }
}

/* NWT, ノースウィンド: each between commas, which are whole characters. */
static void place_aliases(struct call *c, struct frame *f, const char *list)
{
    for (const char *w = list; *w && f->n_aliases < 8;) {
        const char *comma = strchr(w, ','), *wide = strstr(w, "、");
        const char *end = wide && (!comma || wide < comma) ? wide : comma;
        size_t n = end ? (size_t)(end - w) : strlen(w);
        while (n && *w == ' ')
            w++, n--;
        if (n)
            f->aliases[f->n_aliases++] = arena_strndup(c->mem, w, n);
        w = !end ? w + n : end + (end == wide ? strlen("、") : 1);
    }
}

/* One step of five, in narrow or full-width digits; anything else is refused later. */
static void place_seniority(struct call *c, struct frame *f, const char *typed)
{
    const char *digit = fold_text(c->mem, typed, strlen(typed)).s;
    if (digit[0] >= '1' && digit[0] <= '5' && !digit[1]) {
        f->seniority = digit[0] - '0';
        return;
    }
    f->unknown = typed;
    f->unknown_kind = "seniority";
}

static void place_value(struct call *c, struct frame *f, const struct token *t)
{
    if (!strcmp(t->key, "reading"))
        f->reading = t->value;
    else if (!strcmp(t->key, "product"))
        f->product = t->value;
    else if (!strcmp(t->key, "team"))
        f->team = t->value;
    else if (!strcmp(t->key, "zone"))
        f->zone = t->value;
    else if (!strcmp(t->key, "factor"))
        f->factor = t->value;
    else if (!strcmp(t->key, "industry"))
        f->industry = t->value;
    else if (!strcmp(t->key, "title"))
        f->word[WORD_TITLE] = t->value;
    else if (!strcmp(t->key, "file"))
        f->file = t->value;
    else if (!strcmp(t->key, "outsourced_to"))
        f->outsourced_to = t->value;
    else if (!strcmp(t->key, "translated_from"))
        f->translated_from = t->value;
    else if (!strcmp(t->key, "leads")) {
        f->has_leads = true;
        f->leads = t->number;
    } else if (!strcmp(t->key, "meetings")) {
        f->has_meetings = true;
        f->meetings = t->number;
    } else if (!strcmp(t->key, "renewal")) {
        f->has_renewal = true;
        f->renewal_bp = (int)t->number;
    } else if (!strcmp(t->key, "type") || !strcmp(t->key, "silo")) {
        f->unknown = t->value;
        f->unknown_kind = strcmp(t->key, "type") ? "silo" : "partner_type";
    } else if (!strcmp(t->key, "seniority")) {
        place_seniority(c, f, t->value);
    } else if (!strcmp(t->key, "trained_at") || !strcmp(t->key, "worked_at") || !strcmp(t->key, "studied_at")) {
        f->tag = t->key;
        f->tag_firm = t->value;
    } else if (!strcmp(t->key, "alias"))
        place_aliases(c, f, t->value);
}

static bool names_firm(const struct token *t)
{
    return t->type == TOKEN_NAME && (t->hits[0].kind == 'P' || t->hits[0].kind == 'A');
}

/* 前向きだが慎重: of two stances of one person an answer chose the other. */
static bool answered_otherwise(const struct resolving *x, struct token *t)
{
    const char *chosen = ask_settled(x->c, "$stance");
    bool stance = t->type == TOKEN_WORD && t->kind == WORD_STANCE;
    if (!chosen || !stance || !strcmp(chosen, t->value))
        return chosen && t->type == TOKEN_PREP;
    t->type = TOKEN_SKIP;
    t->settled_none = true;
    return true;
}

/* Sato for, Suzuki unknown: where stances are noted, the one behind a name is that
 * person's own and no longer the group's. NULL: none stands there. */
const char *stance_behind(struct resolving *x, int at)
{
    struct scan *s = x->s;
    int i = at + 1;
    if (!arg_accepts(s->command, ARG_LAYER) || s->tokens[at].role)
        return NULL;
    while (i < s->n && (s->tokens[i].type == TOKEN_SKIP || names_firm(&s->tokens[i]) || answered_otherwise(x, &s->tokens[i])))
        i++;
    if (i == s->n || s->tokens[i].type != TOKEN_WORD || s->tokens[i].kind != WORD_STANCE)
        return NULL;
    s->tokens[i].type = TOKEN_SKIP;
    s->tokens[i].settled_none = true; /* no beginning of the note */
    return s->tokens[i].value;
}

/* A title by itself is somebody in the room whose name is not known: 部長. */
static void place_label(struct resolving *x, int at)
{
    struct frame *f = x->f;
    if (f->n_labels == FRAME_PEOPLE)
        return;
    f->label_stances[f->n_labels] = stance_behind(x, at);
    if (arg_accepts(x->s->command, ARG_RINGI_ACT) && f->n_named < FRAME_PEOPLE)
        f->named[f->n_named++] = (struct ref){ 'L', f->n_labels };
    f->labels[f->n_labels++] = token_text(x->s, &x->s->tokens[at]);
}

/* Who and what was named, in the order typed: merge C9 into 田中. */
static void place_named(struct frame *f, const struct token *t)
{
    struct ref r = t->ref;
    if (t->type == TOKEN_NAME)
        r = (struct ref){ t->hits[0].kind, t->hits[0].id };
    else if (t->type != TOKEN_REF)
        return;
    if (f->n_named < FRAME_PEOPLE)
        f->named[f->n_named++] = r;
}

/* 部長 silent: how the one named before took part. Without a separator it may as well be
 * the note, and is left to it. */
static void place_manner(struct resolving *x, const struct token *who, const char *manner)
{
    struct frame *f = x->f;
    if (!who)
        return;
    if (who->type == TOKEN_WORD && f->n_labels)
        f->manners[f->n_labels - 1] = manner;
    else if (who->type != TOKEN_WORD && f->n_quiet < FRAME_PEOPLE) {
        f->kept_quiet[f->n_quiet].person = who->type == TOKEN_REF ? who->ref.no : who->hits[0].id;
        f->kept_quiet[f->n_quiet++].manner = manner;
    }
}

static bool somebody(const struct token *t)
{
    return (t->type == TOKEN_NAME && t->hits[0].kind == 'C') || (t->type == TOKEN_REF && t->ref.kind == 'C') ||
           (t->type == TOKEN_WORD && t->kind == WORD_TITLE);
}

void place_all(struct resolving *x)
{
    const struct token *who = NULL;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (somebody(t))
            who = t;
        else if (t->type == TOKEN_WORD && t->kind == WORD_MANNER)
            place_manner(x, who, t->value);
        place_named(x->f, t);
        if (t->type == TOKEN_WORD && t->kind == WORD_TITLE)
            place_label(x, i);
        else if (t->type == TOKEN_VALUE)
            place_value(x->c, x->f, t);
        else
            place_token(x->f, t);
        if (t->type == TOKEN_WORD && t->kind == WORD_PLACE)
            x->f->word[WORD_PLACE] = token_text(x->s, t);
    }
}

void collect_words(struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_UNKNOWN && x->f->n_words < FRAME_WORDS)
            x->f->words[x->f->n_words++] = token_text(x->s, &x->s->tokens[i]);
}

/* P3, A8 and C9 name firms and people as well as words do. */
bool refs_as_names(struct resolving *x)
{
    struct person p;
    struct partner g;
    struct customer a;
    struct frame *f = x->f;
    for (int i = 0; i < f->n_refs; i++) {
        int64_t id = f->refs[i].no;
        bool named = strchr("CPA", f->refs[i].kind) != NULL;
        bool seen = named && name_visible(x->c, f->refs[i].kind, id);
        if (seen && f->refs[i].kind == 'C' && person_load(x->c->db, x->c->mem, id, &p, x->e))
            add_id(f->people, &f->n_people, FRAME_PEOPLE, p.id);
        else if (seen && f->refs[i].kind == 'P' && partner_load(x->c->db, x->c->mem, id, &g, x->e))
            add_id(f->partners, &f->n_partners, FRAME_ORGS, g.id);
        else if (seen && f->refs[i].kind == 'A' && customer_load(x->c->db, x->c->mem, id, &a, x->e))
            add_id(f->customers, &f->n_customers, FRAME_ORGS, a.id);
        else if (named && x->e->code == ERR_NONE) {
            reply_new(x->c, REPLY_REFUSED, "record.none", ARGS(TXT("id", call_ref(x->c, f->refs[i].kind, id))));
            *x->out = READING_REPLIED;
        }
        if (x->e->code != ERR_NONE)
            return false;
    }
    for (int i = 0; i < x->s->n; i++)
        if (x->s->tokens[i].type == TOKEN_REF && x->s->tokens[i].ref.kind == 'C' &&
            x->s->tokens[i].role && !strcmp(x->s->tokens[i].role, "from"))
            for (int k = 0; k < f->n_people; k++)
                if (f->people[k] == x->s->tokens[i].ref.no) {
                    f->from_person = true;
                    f->source = k;
                }
    return true;
}

/* Does `next` go on with a new name? A known surname does in a person's, a known firm
 * in a firm's: Toyokawa Trading is not Toyokawa. */
static bool part_of_name(const struct scan *s, const struct token *t, const struct token *next)
{
    bool person = arg_accepts(s->command, ARG_PERSON);
    const struct token *both[] = { t, next };
    bool known = false;
    for (int i = 0; i < 2; i++) {
        if (both[i]->type != TOKEN_UNKNOWN &&
            (both[i]->type != TOKEN_NAME || both[i]->hits[0].kind == 'U' || (both[i]->hits[0].kind == 'C') != person))
            return false;
        known = known || both[i]->type == TOKEN_NAME;
    }
    size_t gap = next->at - t->at - t->len;
    return !known || person || gap == 0 || (gap == 1 && s->text.s[next->at - 1] == ' ');
}

/* 株式会社電光デジタル is 電光デジタル: what folds to a known name is that record. */
static bool known_whole(struct resolving *x, struct token *t, const char *name)
{
    const struct command *cmd = x->s->command;
    char kind = arg_accepts(cmd, ARG_PERSON) ? 'C' : arg_accepts(cmd, ARG_PARTNER) ? 'P' : 'A';
    struct name_hit all[HITS];
    int n = ask_settled(x->c, name) ? 0 : names_find(x->c->names, x->c->mem, name, all, HITS), k = 0;
    for (int i = 0; i < n; i++)
        if (all[i].kind == kind)
            t->hits[k++] = all[i];
    if (!k)
        return false;
    t->type = TOKEN_NAME;
    t->n_hits = k;
    return true;
}

enum { NAME_MAX_POINTS = 80 };

static bool too_long(const char *name)
{
    return name && utf8_count(name) > NAME_MAX_POINTS;
}

/* contact 佐々木 花子 …: a new name is the run of words that nobody knows, together with
 * a known surname beside them. */
void take_name(struct resolving *x)
{
    struct scan *s = x->s;
    int from = 0, to;
    while (from < s->n && s->tokens[from].type != TOKEN_UNKNOWN)
        from++;
    if (from == s->n)
        return;
    for (to = from; to + 1 < s->n && part_of_name(s, &s->tokens[to], &s->tokens[to + 1]); to++)
        ;
    while (from > 0 && s->tokens[from - 1].type == TOKEN_NAME &&
           part_of_name(s, &s->tokens[from - 1], &s->tokens[from]))
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
    if (!too_long(x->f->name) && known_whole(x, &s->tokens[from], x->f->name))
        x->f->name = NULL;
}

void refuse_long_names(struct resolving *x)
{
    const struct frame *f = x->f;
    bool long_one = too_long(f->name) || too_long(f->reading) || too_long(f->word[WORD_TITLE]);
    for (int i = 0; i < f->n_aliases; i++)
        long_one = long_one || too_long(f->aliases[i]);
    if (!long_one || *x->out == READING_REPLIED)
        return;
    reply_new(x->c, REPLY_REFUSED, "name.too_long", ARGS(NUM("max", NAME_MAX_POINTS)));
    *x->out = READING_REPLIED;
}

/* What the head could not place goes in front of the note: never lost. */
void join_words(struct resolving *x)
{
    struct frame *f = x->f;
    bool software = arg_accepts(x->s->command, ARG_SOFTWARE); /* the words are what is named */
    if (software && !f->separated) {
        f->name = f->note;
        f->note = NULL;
    }
    if (!f->n_words || !arg_accepts(x->s->command, ARG_NOTE) ||
        arg_accepts(x->s->command, ARG_NAME))
        return;
    const struct scan *s = x->s;
    int from = 0, to = s->n - 1;
    while (s->tokens[from].type != TOKEN_UNKNOWN)
        from++;
    while (s->tokens[to].type != TOKEN_UNKNOWN)
        to--;
    struct token span = { .at = s->tokens[from].at };
    span.len = s->tokens[to].at + s->tokens[to].len - span.at;
    struct buf b = BUF_ON(x->c->mem);
    buf_puts(&b, token_text(s, &span)); /* as typed, with what stands in between */
    if (software) {
        buf_join(&b, " ", f->name);
        f->name = buf_str(&b);
        f->n_words = 0;
        return;
    }
    const char *colon = strstr(x->c->text, "：") ? "：" : ": "; /* the one that was typed */
    if (f->note && *f->note)
        buf_join(&b, f->separated ? colon : " ", f->note);
    f->note = buf_str(&b);
    f->n_words = 0;
}
