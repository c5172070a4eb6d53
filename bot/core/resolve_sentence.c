/* Where, in scripts without spaces, a piece of the head is no longer the record's but the
 * beginning of a sentence. Tells; changes nothing. */
#include <string.h>
#include "bot/core/resolve_private.h"

bool hangs_on(const struct scan *s, int i)
{
    return i > 0 && s->tokens[i - 1].end == s->tokens[i].at && (unsigned char)s->text.s[s->tokens[i].at - 1] >= 0x80;
}

static bool ends_in(const struct scan *s, const struct token *t, const char *tail)
{
    size_t n = strlen(tail);
    return t->len > n && !memcmp(s->text.s + t->at + t->len - n, tail, n);
}

bool is_channel(const struct token *t)
{
    return t->type == TOKEN_WORD && (t->kind == WORD_CHANNEL || t->kind == WORD_PLACE);
}

static bool same_channel(const struct scan *s, int i)
{
    for (int k = 0; k < i; k++)
        if (is_channel(&s->tokens[k]) && !strcmp(s->tokens[k].value, s->tokens[i].value))
            return true;
    return false;
}

/* ここだけの話で、…: said, not a setting. */
static bool off_record_speech(const struct resolving *x, const struct token *t)
{
    struct word w[8];
    int n = catalogue_match(x->c->words, x->s->text.s, x->s->text.n, t->at, w, 8);
    for (int i = 0; i < n; i++)
        if (!strcmp(w[i].kind, "offrecord_phrase") && w[i].len >= t->len)
            return !strchr("!o", x->s->text.s[t->at]) && memcmp(x->s->text.s + t->at, "オフレコ", strlen("オフレコ")) != 0;
    return false;
}

static bool comma_behind(const struct scan *s, const struct token *t)
{
    static const char comma[] = "、";
    return !strncmp(s->text.s + t->end, comma, sizeof comma - 1);
}

/* How a token goes on: what hangs on it, and what stands right behind that. */
struct joint {
    bool of, topic, to;       /* の, は が も を, に */
    bool goes_on;             /* into what nobody knows */
    const struct token *next; /* NULL: a gap */
};

static struct joint joint_of(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i];
    struct joint j = { .next = i + 1 < s->n && hangs_on(s, i + 1) ? t + 1 : NULL };
    j.goes_on = j.next && j.next->type == TOKEN_UNKNOWN;
    j.of = t->tail == TAIL_OF || ends_in(s, t, "の"); /* a time holds its particle */
    j.topic = t->tail == TAIL_TOPIC || ends_in(s, t, "は");
    j.to = ends_in(s, t, "に");
    return j;
}

/* 青葉は値引き待ち, アクメの件 */
static bool name_begins(const struct token *t, const struct joint *j)
{
    if (j->goes_on)
        return t->tail == TAIL_TOPIC || (!t->honorific && !t->title && t->tail != TAIL_LINK);
    if (!j->next)
        return t->tail == TAIL_OF;
    bool said = j->next->type != TOKEN_NAME && j->next->type != TOKEN_PREP;
    return t->tail == TAIL_TOPIC && said && (j->next->type != TOKEN_WORD || j->next->kind == WORD_STANCE);
}

/* 金曜の会議の件, 13時に戻る, 月曜は休み, 15日締切 */
static bool time_begins(const struct scan *s, const struct token *t, const struct joint *j)
{
    if (j->goes_on && t->when.piece == WHEN_DURATION && catalogue_match_kind(s->c->words, s->text.s, s->text.n, t->end, "lasting", 0, NULL))
        return true; /* 30分待たされた */
    if (j->goes_on)
        return j->of || j->topic || j->to || ends_in(s, t, "日");
    if (!j->next)
        return false;
    return j->topic || ((j->of || j->to) && is_channel(j->next)) || (t->tail == TAIL_OF && j->next->type == TOKEN_WORD);
}

/* 社長不在で決まらず, 部長から電話がほしいと; not 部長同席, 部長他2名 */
static bool title_speaks(const struct token *next)
{
    bool source = next->type == TOKEN_PREP && next->key && !strcmp(next->key, "from");
    return source || (next->type == TOKEN_WORD && (next->kind == WORD_OUTCOME || next->kind == WORD_CHANNEL));
}

/* メールの件, 部長に確認する, 休み明け, 反対の理由 */
static bool word_begins(const struct resolving *x, int i, const struct joint *j)
{
    const struct token *t = &x->s->tokens[i];
    if (t->kind == WORD_LEVEL)
        return (t->tail || j->goes_on || comma_behind(x->s, t)) && i + 1 < x->s->n && off_record_speech(x, t);
    bool how_long = j->next && j->next->type == TOKEN_WHEN && j->next->when.piece == WHEN_DURATION;
    if (is_channel(t)) /* 渡辺さんと、Zoomで30分 goes on with the record */
        return j->of || (j->goes_on && t->tail != TAIL_VERB) || (t->tail && !how_long && !same_channel(x->s, i));
    if (t->kind == WORD_TITLE && j->next && title_speaks(j->next))
        return true;
    bool told = (t->kind == WORD_OUTCOME && t->tail == TAIL_NONE) || (t->kind == WORD_TITLE && t->tail == TAIL_LINK);
    return j->goes_on && (j->of || j->topic || told);
}

bool begins_sentence(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    struct joint j = joint_of(x->s, i);
    if (hangs_on(x->s, i))
        return false;
    switch (t->type) {
    case TOKEN_WORD:
        return word_begins(x, i, &j);
    case TOKEN_NAME:
        return name_begins(t, &j);
    case TOKEN_WHEN:
        return time_begins(x->s, t, &j);
    case TOKEN_OTHERS: /* 3人で検討 */
        return j.next && t->tail == TAIL_LINK && x->s->text.s[t->at] >= '0' && x->s->text.s[t->at] <= '9';
    case TOKEN_MONEY:
        return j.goes_on;
    default:
        return false;
    }
}
