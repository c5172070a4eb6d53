/* Where a note begins and ends that no separator parts from its head, and what inside it
 * still says something about the record. Places nothing else. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/resolve_private.h"
#include "bot/text/utf8.h"

static bool names_somebody(const struct token *t)
{
    return t->type == TOKEN_NAME || t->type == TOKEN_REF ||
           (t->type == TOKEN_WORD && t->kind == WORD_TITLE);
}

/* Words that only link and stand right before the note are its beginning in Latin
 * scripts: "to ask about price". */
static bool links(const struct token *t)
{
    return t->type == TOKEN_SKIP || t->type == TOKEN_PREP;
}

/* A day that has not come is not when the touch point was: he will call me tomorrow. */
static bool still_ahead(const struct resolving *x, const struct token *t)
{
    struct when w;
    struct err ignored = { 0 };
    if (t->type != TOKEN_WHEN || t->when.piece == WHEN_DURATION || x->s->command->flags & CMD_AHEAD)
        return false;
    return t->when.deadline ||
           (when_resolve(&x->c->when, &t->when, 1, WHEN_PAST, &w, x->c->mem, x->c->locale, &ignored) &&
               w.at_ms > x->c->now_ms + 10 * MINUTE_MS);
}

static int take_links(const struct resolving *x, int from)
{
    const struct scan *s = x->s;
    while (from > 0) {
        const struct token *t = &s->tokens[from - 1];
        char c = s->text.s[t->at];
        bool latin_link = links(t) && !t->settled_none && c >= 'a' && c <= 'z';
        if (!latin_link && !t->before && !still_ahead(x, t))
            break;
        from--;
    }
    return from;
}

/* Does the token stand right at the one before it, as words of one sentence do in
 * scripts without spaces? */
static bool hangs_on(const struct scan *s, int i)
{
    return i > 0 && s->tokens[i - 1].end == s->tokens[i].at && (unsigned char)s->text.s[s->tokens[i].at - 1] >= 0x80;
}

static bool ends_in(const struct scan *s, const struct token *t, const char *tail)
{
    size_t n = strlen(tail);
    return t->len > n && !memcmp(s->text.s + t->at + t->len - n, tail, n);
}

static bool is_channel(const struct token *t)
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
    if (j->goes_on)
        return j->of || j->topic || j->to || ends_in(s, t, "日");
    if (!j->next)
        return false;
    return j->topic || ((j->of || j->to) && is_channel(j->next)) || (t->tail == TAIL_OF && j->next->type == TOKEN_WORD);
}

/* メールの件, 部長に確認する, 休み明け, 反対の理由 */
static bool word_begins(const struct resolving *x, int i, const struct joint *j)
{
    const struct token *t = &x->s->tokens[i];
    if (t->kind == WORD_LEVEL)
        return (t->tail || j->goes_on) && i + 1 < x->s->n && off_record_speech(x, t);
    if (is_channel(t))
        return j->of || (j->goes_on && t->tail != TAIL_VERB) || (t->tail && !same_channel(x->s, i));
    bool told = (t->kind == WORD_OUTCOME && t->tail == TAIL_NONE) || (t->kind == WORD_TITLE && t->tail == TAIL_LINK);
    return j->goes_on && (j->of || j->topic || told);
}

/* Once it is said with whom and how, a word that only goes on into a sentence belongs to
 * what was heard. */
static bool begins_sentence(const struct resolving *x, int i)
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
        return j.goes_on && (j.of || j.topic);
    default:
        return false;
    }
}

/* Has everything been said that the head of such a line says? */
static bool head_complete(const struct resolving *x, int i)
{
    bool person = false, how = !arg_accepts(x->s->command, ARG_CHANNEL) || arg_accepts(x->s->command, ARG_LAYER) ||
                  !strcmp(x->s->command->id, "met"), when = !(x->s->command->flags & CMD_AHEAD);
    for (int k = 0; k < i; k++) {
        const struct token *t = &x->s->tokens[k];
        person = person || (t->type == TOKEN_NAME && t->hits[0].kind == 'C') || (t->type == TOKEN_WORD && t->kind == WORD_TITLE);
        how = how || (t->type == TOKEN_WORD && (t->kind == WORD_CHANNEL || t->kind == WORD_PLACE));
        when = when || t->type == TOKEN_WHEN;
    }
    return person && how && when && !arg_accepts(x->s->command, ARG_LAYER);
}

/* かなり前向き: how somebody was is no stance that a touch point records. */
static bool described(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    return i > 0 && t->type == TOKEN_WORD && t->kind == WORD_STANCE && (t - 1)->before && hangs_on(x->s, i) &&
           !arg_accepts(x->s->command, ARG_LAYER);
}

/* Where no separator was typed, the note begins at the first word that could not be
 * placed behind somebody's name; with nobody named before, at the last run of such
 * words. Dates and numbers inside it mean nothing. */
int note_start(const struct resolving *x)
{
    const struct scan *s = x->s;
    bool named = false;
    int run = s->n;
    if (x->f->separated)
        return s->n;
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        bool ahead = still_ahead(x, t) && i + 1 < s->n;
        if ((ahead || begins_sentence(x, i)) && head_complete(x, i))
            return take_links(x, i);
        named = named || names_somebody(t);
        bool unknown = t->type == TOKEN_UNKNOWN || described(x, i);
        if (unknown && named)
            return take_links(x, i);
        if (unknown && (run == s->n || s->tokens[i - 1].type != TOKEN_UNKNOWN))
            run = i;
    }
    return run == s->n ? run : take_links(x, run);
}

static bool behind_topic(const struct scan *s, const struct token *t)
{
    static const char *const topics[] = { "が", "は", "も", "を", "の", NULL };
    for (int k = 0; topics[k]; k++)
        if (t->at >= 3 && !memcmp(s->text.s + t->at - 3, topics[k], 3))
            return true;
    return false;
}

/* Was somebody named, was a channel, before the note that begins at `from`? */
static bool before_note(const struct scan *s, int from, bool channel)
{
    for (int i = 0; i < from; i++)
        if (channel ? is_channel(&s->tokens[i]) : names_somebody(&s->tokens[i]))
            return true;
    return false;
}

/* 結論|が|出ない, 予算|は|480万: part of the sentence before it. Not so a length behind
 * anything but a topic, whom a line names only here (見積書を佐藤課長にメール), and its
 * only channel. */
static bool in_sentence(const struct resolving *x, int from, int i)
{
    const struct token *t = &x->s->tokens[i];
    if (is_channel(t))
        return before_note(x->s, from, true) && (unsigned char)x->s->text.s[t->at - 1] >= 0x80;
    if (!hangs_on(x->s, i))
        return false;
    if (t->type == TOKEN_WHEN && t->when.piece == WHEN_DURATION)
        return behind_topic(x->s, t);
    if (t->type == TOKEN_NAME)
        return before_note(x->s, from, false);
    return t->type != TOKEN_WORD || t->kind != WORD_LEVEL;
}

/* At the end of a note without a separator a time or a length is still about the
 * record; a stance is not (it is never guessed from a note), nor is a day ahead, nor one
 * that a preposition ties to what was said: ok for thurs. */
static bool belongs_to_note(const struct resolving *x, int from, int i)
{
    const struct token *t = &x->s->tokens[i];
    bool tied = t->type == TOKEN_WHEN && t->when.piece != WHEN_DURATION && i > 0 && links(t - 1) &&
                !(x->s->command->flags & CMD_AHEAD) && (unsigned char)x->s->text.s[(t - 1)->at] < 0x80;
    return t->type == TOKEN_UNKNOWN || (t->type == TOKEN_WORD && t->kind == WORD_STANCE) || links(t) ||
           tied || still_ahead(x, t) || (t->type == TOKEN_MONEY && t->tail == TAIL_LINK) || (i > 0 && in_sentence(x, from, i));
}

/* 受付に|伝言, テレワークで|不在: an outcome that ends the sentence is one, with its words
 * left in the note; 結論が|出ない is none. */
static void place_last_outcome(const struct resolving *x, int from, int last)
{
    const struct token *t = &x->s->tokens[last];
    if (last > from && t->type == TOKEN_WORD && t->kind == WORD_OUTCOME && !x->f->word[WORD_OUTCOME] && !behind_topic(x->s, t))
        x->f->word[WORD_OUTCOME] = t->value;
}

bool note_leads(const char *s, size_t n)
{
    static const char *const marks[] = { " ", "-", "–", ".", ",", "、", "。", "・", "→", "!", "~", "…", NULL };
    for (int i = 0; marks[i]; i++)
        if (strlen(marks[i]) <= n && !memcmp(s, marks[i], strlen(marks[i])))
            return true;
    return false;
}

/* 見積の件|で, 資料送付|の, before the channel that the line ends with. */
static void drop_last_particle(const struct scan *s, struct token *span)
{
    static const char *const particles[] = { "について", "に関して", "のため", "で", "を", "に", "の", NULL };
    for (int k = 0; particles[k]; k++) {
        size_t n = strlen(particles[k]);
        if (span->len > n && !memcmp(s->text.s + span->at + span->len - n, particles[k], n)) {
            span->len -= n;
            return;
        }
    }
}

static int note_last(const struct resolving *x, int from)
{
    int last = x->s->n - 1;
    while (last > from && !belongs_to_note(x, from, last))
        last--;
    return last;
}

/* 桜川の稟議、鈴木部長に確認の電話。… : where a line tells how only inside what would be
 * its note. -1: it does not. */
static int channel_inside(const struct resolving *x, int from)
{
    if (!arg_accepts(x->s->command, ARG_CHANNEL) || before_note(x->s, from, true))
        return -1;
    for (int i = from; i < x->s->n; i++)
        if (is_channel(&x->s->tokens[i]))
            return i;
    return -1;
}

/* Who is only spoken about was not there. */
void forget_names(struct resolving *x, int from)
{
    int how = channel_inside(x, from);
    for (int i = note_last(x, from); i >= from && i > how; i--)
        if (x->s->tokens[i].type == TOKEN_NAME)
            x->s->tokens[i].type = TOKEN_SKIP;
}

/* 「予算とれそう」だって begins with its bracket. */
static void take_quote(const struct scan *s, struct token *span)
{
    static const char *const pairs[][2] = { { "「", "」" }, { "『", "』" }, { "(", ")" }, { "\"", "\"" } };
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        size_t n = strlen(pairs[k][0]), m = strlen(pairs[k][1]);
        bool open = span->at >= n && !memcmp(s->text.s + span->at - n, pairs[k][0], n);
        for (size_t i = span->at; open && i + m <= span->at + span->len; i++)
            if (!memcmp(s->text.s + i, pairs[k][1], m)) {
                bool all = i + m == span->at + span->len; /* 失注(価格) says 価格 */
                span->at -= all ? 0 : n;
                span->len = all ? span->len - m : span->len + n;
                return;
            }
    }
}

void cut_note(struct resolving *x, int from)
{
    struct scan *s = x->s;
    int last = note_last(x, from);
    if (last < from)
        return;
    place_last_outcome(x, from, last);
    int how = channel_inside(x, from);
    if (how >= 0 && how <= last)
        place_token(x->f, &s->tokens[how]);
    struct token span = { .at = s->tokens[from].at };
    /* Punctuation at the end of the sentence belongs to the note, not before it. */
    size_t end = last + 1 < s->n ? s->tokens[last + 1].at : s->text.n;
    span.len = end - span.at;
    while (span.len && strchr(" ([<", s->text.s[span.at + span.len - 1]))
        span.len--;
    if (last + 1 < s->n && (s->tokens[last + 1].type == TOKEN_WORD || s->tokens[last + 1].type == TOKEN_NAME))
        drop_last_particle(s, &span);
    while (span.len && note_leads(s->text.s + span.at, span.len)) {
        size_t next = span.at;
        (void)utf8_next(s->text.s, s->text.n, &next);
        span.len -= next - span.at;
        span.at = next;
    }
    take_quote(s, &span);
    const char *note = span.len ? token_text(s, &span) : "";
    if (utf8_says_something(note))
        x->f->note = note;
    for (int i = from; i <= last; i++)
        s->tokens[i].type = TOKEN_SKIP;
}
