/* The last look at a line that is to be logged: evidence that reading left unused or that
 * says two things becomes a question. Each kind is a row. Never looks into a note; where
 * it is in doubt it asks, because a question costs little and a silent error much. */
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/label.h"
#include "bot/core/resolve_private.h"
#include "bot/text/utf8.h"

enum { CHOICES = 4, LABEL_BYTES = 64 };

static bool asked(struct resolving *x)
{
    *x->out = READING_REPLIED;
    return true;
}

/* Is a piece of the head that still means something? */
static bool counts(const struct token *t, enum token_type type)
{
    return t->type == type && !t->in_note && !t->settled_none;
}

/* What one kind of piece says, each once. */
struct said {
    const struct token *first[CHOICES];
    const char *value[CHOICES];
    int n;
};

static void add_said(struct said *all, const struct token *t, const char *value)
{
    for (int i = 0; i < all->n; i++)
        if (!strcmp(all->value[i], value))
            return;
    if (all->n == CHOICES)
        return;
    all->first[all->n] = t;
    all->value[all->n++] = value;
}

/* “For” or “against”? The answer settles `key`. */
static bool ask_either(struct resolving *x, const char *key, const struct said *all, const char *const *labels)
{
    struct call *c = x->c;
    struct option options[CHOICES + 1];
    struct reply *r = reply_new(c, REPLY_ASK, "doubt.two", ARGS(TXT("first", labels[0]), TXT("second", labels[1])));
    int n = 0;
    for (; n < all->n; n++)
        options[n] = (struct option){ labels[n], NULL, all->value[n], n ? "plain" : "primary" };
    options[n++] = (struct option){ call_text(c, "button.drop", NO_ARGS), "drop|throw away|破棄", "drop", "quiet" };
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, "doubt.two", key, options, n, false, x->e) && asked(x);
}

/* A picture beside a word decorates it: 会食🍷. */
static const char *word_value(struct resolving *x, const struct token *t)
{
    enum { PICTURES = 0x1F000 };
    size_t at = t->at;
    return utf8_next(x->s->text.s, x->s->text.n, &at) < PICTURES ? t->value : NULL;
}

static const char *length_value(struct resolving *x, const struct token *t)
{
    return t->when.piece == WHEN_DURATION ? arena_printf(x->c->mem, "%d", t->when.minutes) : NULL;
}

/* 部長 反対: whose stance it is, where it is not the group's. */
static bool own_stance(const struct scan *s, int i)
{
    while (--i >= 0 && s->tokens[i].type == TOKEN_SKIP)
        ;
    const struct token *t = &s->tokens[i < 0 ? 0 : i];
    return i >= 0 && t->type == TOKEN_WORD && t->kind == WORD_TITLE;
}

/* An amount with a name of its own (list price ¥6M) is none of two. */
static const char *money_value(struct resolving *x, const struct token *t)
{
    return t->key ? NULL : arena_printf(x->c->mem, "%lld %s", (long long)t->money.minor, t->money.currency);
}

/* 留守電 → 話せた: reached or not; a message left says more than nobody there. */
static const char *reached_value(struct resolving *x, const struct token *t)
{
    (void)x;
    return t->value && !strcmp(t->value, "reached") ? "reached" : "no_answer";
}

/* D1とD3 */
static const char *deal_value(struct resolving *x, const struct token *t)
{
    return t->ref.kind == 'D' ? arena_printf(x->c->mem, "D%lld", (long long)t->ref.no) : NULL;
}

/* What can be said once only of a record. */
static const struct once {
    enum token_type type;
    enum frame_word kind; /* of a TOKEN_WORD */
    const char *settles;
    const char *(*value_of)(struct resolving *, const struct token *);
} once[] = {
    { TOKEN_WORD, WORD_STANCE, "$stance", word_value },   /* 賛成 反対 */
    { TOKEN_WORD, WORD_LEVEL, "$level", word_value },     /* 自分のみ 全員 */
    { TOKEN_WORD, WORD_CHANNEL, "$channel", word_value }, /* 電話 メール */
    { TOKEN_WORD, WORD_OUTCOME, "$outcome", reached_value }, /* 留守電 話せた */
    { TOKEN_REF, WORD__MAX, "$deals", deal_value },       /* D1 D3 */
    { TOKEN_WHEN, WORD__MAX, "$length", length_value },   /* 30分 45分 */
    { TOKEN_MONEY, WORD__MAX, "$money", money_value },    /* 300万→250万 */
};

/* NULL: the piece says nothing of that kind. */
static const char *said_by(struct resolving *x, const struct once *o, const struct token *t)
{
    return counts(t, o->type) && (o->type != TOKEN_WORD || t->kind == o->kind) ? o->value_of(x, t) : NULL;
}

/* An answer chose one: the others mean nothing any more. */
static void keep_only(struct resolving *x, const struct once *o, const char *value)
{
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        const char *said = said_by(x, o, t);
        if (said && strcmp(said, value) != 0) {
            t->type = TOKEN_SKIP;
            t->settled_none = true;
        }
    }
}

static const char *label_said(struct resolving *x, const struct once *o, const struct token *t, const char *value)
{
    if (o->type == TOKEN_REF)
        return value;
    if (o->type == TOKEN_MONEY)
        return label_money(x->c, t->money.minor, t->money.currency);
    return o->type == TOKEN_WORD ? call_word(x->c, o->kind, value)
                                 : call_text(x->c, "when.minutes", ARGS(NUM("minutes", t->when.minutes)));
}

static bool ask_once(struct resolving *x, const struct once *o)
{
    struct said all = { 0 };
    const char *labels[CHOICES], *settled = ask_settled(x->c, o->settles);
    if (settled) {
        keep_only(x, o, settled);
        return true;
    }
    for (int i = 0; i < x->s->n; i++) {
        const char *value = said_by(x, o, &x->s->tokens[i]);
        if (value && !(o->kind == WORD_STANCE && own_stance(x->s, i)))
            add_said(&all, &x->s->tokens[i], value);
    }
    for (int i = 0; i < all.n; i++)
        labels[i] = label_said(x, o, all.first[i], all.value[i]);
    return all.n < 2 || ask_either(x, o->settles, &all, labels);
}

/* 鈴木部長 前向きだが慎重: two stances of one person. */
static bool ask_own_stance(struct resolving *x)
{
    const struct token *own = NULL;
    for (int i = 0; i < x->s->n && !ask_settled(x->c, "$stance"); i++) {
        const struct token *t = &x->s->tokens[i];
        bool stance = t->kind == WORD_STANCE && t->value;
        if (t->type == TOKEN_SKIP && t->settled_none && stance)
            own = t;
        else if (own && counts(t, TOKEN_WORD) && stance && strcmp(own->value, t->value) != 0) {
            struct said all = { .first = { own, t }, .value = { own->value, t->value }, .n = 2 };
            const char *labels[] = { call_word(x->c, WORD_STANCE, own->value), call_word(x->c, WORD_STANCE, t->value) };
            return ask_either(x, "$stance", &all, labels);
        } else if (t->type != TOKEN_SKIP && t->type != TOKEN_PREP)
            own = NULL;
    }
    return true;
}

static bool ask_twice_said(struct resolving *x)
{
    for (size_t i = 0; i < sizeof once / sizeof *once && *x->out != READING_REPLIED; i++)
        if (!ask_once(x, &once[i]))
            return false;
    return true;
}

/* Where the last word of the head stands that tells how: 電話, 打ち合わせ. -1: none. */
static int how_at(const struct resolving *x)
{
    int how = -1;
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        bool tells = is_channel(t) || t->type == TOKEN_VERB;
        if (tells && (!t->in_note || how < 0))
            how = i;
    }
    return how;
}

/* 電話 豊川の森田さん 5分, 電話 森田さんと高橋さん: right behind those who are known, and no
 * sentence goes on from it. */
static bool listed(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i], *next = i + 1 < s->n ? t + 1 : NULL;
    int k = i - 1;
    if (k >= 0 && s->tokens[k].type == TOKEN_UNKNOWN && s->tokens[k].end == t->at)
        k--; /* 経理の|村上さん */
    const struct token *before = k >= 0 ? &s->tokens[k] : NULL;
    bool known = !before || (!before->in_note && (before->type == TOKEN_NAME || is_channel(before) || before->type == TOKEN_VERB));
    if (!next || t->tail == TAIL_LINK)
        return known && (!next || next->type == TOKEN_NAME);
    return known && t->tail == TAIL_NONE && next->type != TOKEN_UNKNOWN && next->at > t->end;
}

/* 豊川の森田さんと電話, 田中さん、吉川さんとランチ: somebody nobody knows, before it is said
 * how, is one of those who were there and not what was heard. */
static bool ask_stranger(struct resolving *x)
{
    struct name_hit near[HITS];
    int how = how_at(x);
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        bool person = t->type == TOKEN_UNKNOWN && (t->honorific || t->title) && t->len <= LABEL_BYTES &&
                      (unsigned char)x->s->text.s[t->at] >= 0x80;
        if ((t->type == TOKEN_UNKNOWN && t->longer) || (person && (i < how || listed(x->s, i))))
            return ask_unknown(x, t, near, 0);
    }
    return true;
}

/* Is it said with whom and how before the piece? */
static bool told_before(const struct scan *s, int i)
{
    bool who = false, how = false;
    for (int k = 0; k < i; k++) {
        who = who || s->tokens[k].type == TOKEN_NAME;
        how = how || is_channel(&s->tokens[k]) || s->tokens[k].type == TOKEN_VERB;
    }
    return who && how;
}

/* 会議中、16時にかけ直す: an hour that a sentence goes on from, once it is said who and how,
 * is perhaps not when it was. */
static bool ask_hour(struct resolving *x)
{
    struct call *c = x->c;
    struct scan *s = x->s;
    const char *settled = ask_settled(c, "$hour");
    for (int i = 0; i < s->n && !(settled && !strcmp(settled, "yes")); i++) {
        bool more = i + 1 < s->n;
        const struct token *t = &s->tokens[i], *next = more ? t + 1 : t;
        bool goes_on = more && next->at == t->end && (next->type == TOKEN_UNKNOWN || (next->type == TOKEN_WORD && next->kind == WORD_OUTCOME));
        bool ends = t->when.deadline && !t->when.has_span && !(s->command->flags & CMD_AHEAD) && (more || arg_accepts(s->command, ARG_CHANNEL)); /* 13時までランチ */
        static const char *const from[] = { "以降", "以後" };
        for (int k = 0; k < 2 && !(s->command->flags & CMD_AHEAD); k++) /* 15時以降に再度 */
            ends = ends || !strncmp(s->text.s + t->at + t->len, from[k], strlen(from[k]));
        if (!counts(t, TOKEN_WHEN) || t->when.piece == WHEN_DURATION || !(ends || (t->tail && goes_on && told_before(s, i))))
            continue;
        if (settled) {
            note_from_here(x, i);
            return true;
        }
        struct option options[] = {
            { call_text(c, "button.hour_yes", NO_ARGS), "yes|y|はい|うん", "yes", NULL },
            { call_text(c, "button.to_note", NO_ARGS), "no|note|いいえ|メモ", "note", "plain" },
            { call_text(c, "button.drop", NO_ARGS), "drop|throw away|破棄", "drop", "quiet" } };
        struct reply *r = reply_new(c, REPLY_ASK, "doubt.hour", ARGS(TXT("typed", token_text(s, t))));
        reply_soft(r, call_text(c, "text.kept", NO_ARGS));
        return ask_question(c, r, "doubt.hour", "$hour", options, 3, false, x->e) && asked(x);
    }
    return true;
}

static bool latin_letter(const struct folded *f, size_t at)
{
    if (at >= f->n)
        return false;
    enum script k = utf8_script(utf8_next(f->s, f->n, &at));
    return k == SCRIPT_LATIN || k == SCRIPT_DIGIT;
}

/* A way of talking that begins at `at` of the line: a channel, or `met`; 0: none. */
static size_t way_at(struct resolving *x, const struct folded *f, size_t at, const char **value)
{
    const struct call *c = x->c;
    struct word w;
    size_t len = 0;
    for (size_t i = 0; i < c->phrases->n; i++) {
        const struct phrase *p = &c->phrases->items[i];
        bool met = p->command && !strcmp(p->command->id, "met") && p->n > len && p->n <= f->n - at && !memcmp(f->s + at, p->text, p->n);
        if (met && !(latin_letter(f, at + p->n - 1) && latin_letter(f, at + p->n)))
            len = p->n;
    }
    *value = "met";
    if (catalogue_match_kind(c->words, f->s, f->n, at, "place", 0, &w) && w.len > len) {
        len = w.len;
        *value = "in_person"; /* ランチのあと */
    }
    if (catalogue_match_kind(c->words, f->s, f->n, at, "channel", 0, &w) && w.len >= len) {
        len = w.len;
        *value = w.value;
    }
    return (unsigned char)f->s[at] >= 0x80 || !at || !latin_letter(f, at - 1) ? len : 0;
}

/* Cheap, so that most lines are looked through no further. */
static bool says_then(struct resolving *x, const struct folded *f)
{
    for (size_t at = 0; at < f->n; (void)utf8_next(f->s, f->n, &at))
        if (catalogue_match_kind(x->c->words, f->s, f->n, at, "sequence", 0, NULL))
            return true;
    return false;
}

/* The length of a word here that leads from one way to the next, or 0; `*far`: how far
 * the next may be from it. */
static size_t then_at(struct resolving *x, const struct folded *f, size_t at, size_t *far)
{
    enum { FAR = 48, FAR_LATIN = 24, BESIDE = 1 }; /* bytes */
    struct word w;
    bool latin = (unsigned char)f->s[at] < 0x80;
    if ((latin && at && latin_letter(f, at - 1)) || !catalogue_match_kind(x->c->words, f->s, f->n, at, "sequence", 0, &w))
        return 0;
    *far = !strcmp(w.value, "joined") ? BESIDE : latin ? FAR_LATIN : FAR;
    return w.len;
}

/* 電話のあとメール, called Sato then emailed her: two ways, one behind the other, in the
 * line's first sentence. Fills what they say; false: there are none. */
static bool two_in_a_row(struct resolving *x, const struct folded *f, struct said *all)
{
    enum { NEAR = 18, NEAR_LATIN = 48 }; /* bytes from a way to the word */
    size_t way_end = 0, then = 0, far = 0;
    for (size_t at = 0; at < f->n && strncmp(f->s + at, "。", 3) != 0;) {
        const char *value;
        size_t len = way_at(x, f, at, &value), near = (unsigned char)f->s[at] < 0x80 ? NEAR_LATIN : NEAR;
        bool starts = !at || !latin_letter(f, at - 1);
        if (len && way_end) {
            add_said(all, NULL, value);
            return then && at - then <= far && all->n == 2;
        }
        if (way_end && starts && catalogue_match_kind(x->c->words, f->s, f->n, at, "pronoun", 0, NULL))
            return false; /* called Sato, she'll check then email */
        if (len) {
            add_said(all, NULL, value);
            way_end = at + len;
        } else if (way_end && at - way_end <= near && (len = then_at(x, f, at, &far)) > 0) {
            then = at + len;
        }
        if (len)
            at += len;
        else
            (void)utf8_next(f->s, f->n, &at);
    }
    return false;
}

/* Of two ways the answer keeps one. */
static void keep_way(struct resolving *x, const char *way)
{
    struct token *first = NULL;
    for (int i = 0; i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        bool place = counts(t, TOKEN_WORD) && t->kind == WORD_PLACE, how = counts(t, TOKEN_WORD) && t->kind == WORD_CHANNEL;
        bool keep = how && !first && strcmp(way, "met") != 0;
        if ((how && !keep) || (place && strcmp(way, "in_person") != 0))
            t->type = TOKEN_SKIP;
        if (keep) {
            first = t;
            t->value = way;
        }
    }
}

/* Of what was typed, up to the note behind a separator, which is its end. */
static size_t head_length(const struct frame *f)
{
    size_t n = strlen(f->typed), note = f->separated && f->note ? strlen(f->note) : 0;
    while (n && strchr(" \n", f->typed[n - 1]))
        n--;
    return note && note <= n && !memcmp(f->typed + n - note, f->note, note) ? n - note : strcspn(f->typed, "\n");
}

static bool ask_way(struct resolving *x)
{
    struct call *c = x->c;
    struct said all = { 0 };
    const char *settled = ask_settled(c, "$way"), *labels[CHOICES], *typed = x->f->typed;
    if (settled) {
        keep_way(x, settled);
        return true;
    }
    enum { LOOKED_AT = 300 };
    size_t n = head_length(x->f);
    struct folded f = fold_text(c->mem, typed, n < LOOKED_AT ? n : LOOKED_AT);
    if (!arg_accepts(x->s->command, ARG_CHANNEL) || !says_then(x, &f) || !two_in_a_row(x, &f, &all))
        return true;
    for (int i = 0; i < all.n; i++)
        labels[i] = strcmp(all.value[i], "met") ? call_word(c, WORD_CHANNEL, all.value[i])
                                                : catalogue_item(c->words, c->locale, "commands.met.words", 0);
    return ask_either(x, "$way", &all, labels);
}

static bool only_digits(const struct scan *s, const struct token *t)
{
    for (size_t i = t->at; i < t->at + t->len; i++)
        if (s->text.s[i] < '0' || s->text.s[i] > '9')
            return false;
    return true;
}

/* Might a word be somebody's name? */
static bool all_letters(const struct scan *s, const struct token *t)
{
    for (size_t at = t->at; at < t->at + t->len;)
        if (utf8_script(utf8_next(s->text.s, s->text.n, &at)) != SCRIPT_LATIN)
            return false;
    return t->len > 2;
}

/* What is “second try”? The words from `t` on that nothing took. */
static bool ask_word(struct resolving *x, const struct token *t, const char *question)
{
    struct call *c = x->c;
    const struct token *last = t, *end = x->s->tokens + x->s->n;
    while (last + 1 < end && counts(last + 1, TOKEN_UNKNOWN) && (last + 1)->at <= last->end + 1)
        last++;
    struct token span = { .at = t->at, .len = last->at + last->len - t->at };
    const char *typed = ask_discreetly(c) ? "…" : token_text(x->s, &span);
    struct option options[3];
    int n = 0;
    options[n++] = (struct option){ call_text(c, "button.to_note", NO_ARGS), "note|yes|はい|メモ", "note", NULL };
    if (last == t && all_letters(x->s, t) && arg_accepts(x->s->command, ARG_PERSON))
        options[n++] = (struct option){ call_text(c, "button.new_contact", ARGS(TXT("name", typed))), "new|new contact|新規", "new C", "plain" };
    options[n++] = (struct option){ call_text(c, "button.drop", NO_ARGS), "drop|throw away|破棄", "drop", "quiet" };
    struct reply *r = reply_new(c, REPLY_ASK, question, ARGS(TXT("typed", typed)));
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    return ask_question(c, r, question, mention_key(x, t), options, n, false, x->e) && asked(x);
}

/* follow kobayashi tomorrow: one word that may be all of a note, or whom it is about. */
static bool nobody_named(const struct resolving *x)
{
    bool one = !x->f->separated && x->s->command->flags & CMD_AHEAD && x->note_from == 0 && x->note_to == 1;
    return one && all_letters(x->s, &x->s->tokens[0]) && !anchored(x);
}

/* A line that was typed as a log, a reminder or what became of a deal: what was first kept as
 * a draft is a sentence. */
static bool says_of_contact(const struct resolving *x)
{
    const struct command *k = x->s->command;
    bool says = arg_accepts(k, ARG_CHANNEL) || arg_accepts(k, ARG_LAYER) || !strcmp(k->id, "follow") || !strncmp(k->id, "deal.", 5);
    return says && !ask_settled(x->c, "$verb") && !ask_settled(x->c, "$taken");
}

/* 1000 電話 高橋様：…, zoom Sato, nomura: a number, or in Latin letters any word, that
 * nothing in the head took. */
static bool ask_latin_left(struct resolving *x)
{
    const struct token *first = NULL;
    bool words = says_of_contact(x), number = false;
    if (nobody_named(x) && !ask_settled(x->c, mention_key(x, &x->s->tokens[x->note_from])))
        return ask_word(x, &x->s->tokens[x->note_from], "doubt.word");
    for (int i = 0; x->f->separated && i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        bool digits = counts(t, TOKEN_UNKNOWN) && only_digits(x->s, t);
        bool word = words && counts(t, TOKEN_UNKNOWN) && (unsigned char)x->s->text.s[t->at] < 0x80 && t->len <= LABEL_BYTES &&
                    !catalogue_match_kind(x->c->words, x->s->text.s, x->s->text.n, t->at, "level", t->len, NULL); /* says who may read the note */
        if (!digits && !word)
            continue;
        if (ask_settled(x->c, mention_key(x, t)))
            return true; /* one answer is enough for all */
        number = first ? number : digits;
        first = first ? first : t;
    }
    return !first || ask_word(x, first, number ? "doubt.number" : "doubt.word");
}

bool ask_doubts(struct resolving *x)
{
    static bool (*const rows[])(struct resolving *) = { ask_stranger, ask_taken_back, ask_hour, ask_way, ask_own_stance, ask_twice_said,
        ask_latin_left, ask_unsure, ask_left_over, ask_facts };
    bool logs = arg_accepts(x->s->command, ARG_NOTE) && x->s->command->flags & CMD_WRITES &&
                !arg_accepts(x->s->command, ARG_NAME) && !arg_accepts(x->s->command, ARG_SOFTWARE);
    for (size_t i = 0; logs && i < sizeof rows / sizeof *rows && *x->out != READING_REPLIED; i++)
        if (!rows[i](x))
            return false;
    return true;
}
