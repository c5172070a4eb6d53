/* The last look at a line that is to be logged: evidence that reading left unused or that
 * says two things becomes a question. Each kind is a row. Never looks into a note; where
 * it is in doubt it asks, because a question costs little and a silent error much. */
#include <string.h>
#include "bot/core/ask.h"
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
    { TOKEN_WHEN, WORD__MAX, "$length", length_value },   /* 30分 45分 */
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
        labels[i] = o->type == TOKEN_WORD ? call_word(x->c, o->kind, all.value[i])
                                          : call_text(x->c, "when.minutes", ARGS(NUM("minutes", all.first[i]->when.minutes)));
    return all.n < 2 || ask_either(x, o->settles, &all, labels);
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

/* 豊川の森田さんと電話, 田中さん、吉川さんとランチ: somebody nobody knows, before it is said
 * how, is one of those who were there and not what was heard. */
static bool ask_stranger(struct resolving *x)
{
    struct name_hit near[HITS];
    int how = how_at(x);
    for (int i = 0; i < how; i++) {
        const struct token *t = &x->s->tokens[i];
        bool person = t->type == TOKEN_UNKNOWN && (t->honorific || t->title) && t->len <= LABEL_BYTES;
        if (person && (unsigned char)x->s->text.s[t->at] >= 0x80)
            return ask_unknown(x, t, near, 0);
    }
    return true;
}

bool ask_doubts(struct resolving *x)
{
    static bool (*const rows[])(struct resolving *) = { ask_stranger, ask_twice_said };
    bool logs = arg_accepts(x->s->command, ARG_NOTE) && x->s->command->flags & CMD_WRITES &&
                !arg_accepts(x->s->command, ARG_NAME);
    for (size_t i = 0; logs && i < sizeof rows / sizeof *rows && *x->out != READING_REPLIED; i++)
        if (!rows[i](x))
            return false;
    return true;
}
