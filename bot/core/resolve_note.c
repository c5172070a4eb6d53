/* Where no separator was typed: which pieces of a head are the note, and where it ends.
 * What stands inside a note means nothing: no name in it is resolved, no amount taken. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/resolve_private.h"
#include "bot/text/utf8.h"

enum { SHORT_NOTE = 3 }; /* words of a note behind which a day is still the record's */

/* Is it said with whom or about what? */
bool anchored(const struct resolving *x)
{
    for (int i = 0; i < x->s->n; i++) {
        const struct token *t = &x->s->tokens[i];
        if (t->type == TOKEN_REF || (t->type == TOKEN_WORD && t->kind == WORD_TITLE))
            return true;
    }
    return x->f->n_people || x->f->n_partners || x->f->n_customers;
}

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

static bool latin_at(const struct scan *s, int i)
{
    return (unsigned char)s->text.s[s->tokens[i].at] < 0x80;
}

static bool word_of(const struct token *t, enum frame_word kind)
{
    return t->type == TOKEN_WORD && t->kind == kind;
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

/* What stands between two pieces: the text from the end of the one before, marks too. */
static struct str gap_before(const struct scan *s, int i)
{
    int k = i - 1;
    while (k >= 0 && s->tokens[k].type == TOKEN_MARK)
        k--;
    size_t from = k >= 0 ? s->tokens[k].at + s->tokens[k].len : 0;
    if (k >= 0 && from && s->text.s[from - 1] == '.')
        from--; /* the full stop that a name may hold */
    size_t at = s->tokens[i].at;
    return (struct str){ s->text.s + from, at > from ? at - from : 0 };
}

static bool gap_has(struct str gap, const char *const *marks)
{
    for (; *marks; marks++)
        for (size_t at = 0, n = strlen(*marks); at + n <= gap.n; at++)
            if (!memcmp(gap.p + at, *marks, n))
                return true;
    return false;
}

/* A dash, a full stop, an arrow: what stands behind it is a sentence of its own. */
static bool sentence_begins(const struct scan *s, int i)
{
    static const char *const marks[] = { " -", "- ", "–", ". ", "..", ";", "|", "→", "->", "=>",
        "…", "//", "。", "! ", NULL };
    return gap_has(gap_before(s, i), marks);
}

static bool listed_before(const struct scan *s, int i)
{
    static const char *const marks[] = { "+", "&", NULL };
    return gap_has(gap_before(s, i), marks);
}

static bool comma_before(const struct scan *s, int i)
{
    static const char *const marks[] = { ",", "、", NULL };
    return gap_has(gap_before(s, i), marks);
}

/* ばったり、3月の… */
static bool wide_comma_before(const struct scan *s, int i)
{
    static const char *const mark[] = { "、", NULL };
    return gap_has(gap_before(s, i), mark);
}

/* Sato + Priya: the list goes on with somebody nobody knows, one word long. */
static bool lists_unknown(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i], *next = i + 1 < s->n ? t + 1 : NULL;
    bool alone = !next || (next->type != TOKEN_UNKNOWN && !links(next)) || comma_before(s, i + 1);
    return alone && i > 0 && listed_before(s, i) && !memchr(s->text.s + t->at, ' ', t->len);
}

/* re Aoba timeline: a topic, whose names were not there, where words go on from them. */
static bool topic_begins(const struct resolving *x, int i)
{
    const struct scan *s = x->s;
    int k = i + 1;
    if (k < s->n && s->tokens[k].type == TOKEN_SKIP && latin_at(s, k))
        k++; /* about the Toyokawa pilot */
    if (!links(&s->tokens[i]) || k + 1 >= s->n || s->tokens[k].type != TOKEN_NAME ||
        !token_says(x->s, &s->tokens[i], "topic"))
        return false;
    while (k < s->n && s->tokens[k].type == TOKEN_NAME)
        k++;
    return k < s->n && s->tokens[k].type == TOKEN_UNKNOWN && !comma_before(s, k);
}

/* Sakuragawa ginko Suzuki: a word of the firm's name that nobody noted, where nothing else
 * is left over. */
static bool inside_firm(const struct scan *s, int i)
{
    if (i == 0 || i + 1 >= s->n)
        return false;
    const struct token *before = &s->tokens[i - 1], *next = &s->tokens[i + 1];
    if (before->type != TOKEN_NAME || next->type != TOKEN_NAME ||
        before->hits[0].kind == 'C' || next->hits[0].kind != 'C' || gap_before(s, i).n > 1)
        return false;
    for (int k = i + 1; k < s->n; k++)
        if (s->tokens[k].type == TOKEN_UNKNOWN)
            return false;
    return true;
}

/* Does the sentence that begins at `i` hold a word that nothing knows? */
static bool sentence_says(const struct scan *s, int i)
{
    for (int k = i; k < s->n && (k == i || !sentence_begins(s, k)); k++)
        if (s->tokens[k].type == TOKEN_UNKNOWN)
            return true;
    return false;
}

/* zoom Suzuki 30m, Sato will join: behind a length and a comma a name that goes on as a
 * sentence is its subject, not one more who was there. */
static bool subject_of_note(const struct scan *s, int i)
{
    bool goes_on = i + 1 < s->n && s->tokens[i + 1].type == TOKEN_UNKNOWN && !comma_before(s, i + 1);
    return i > 0 && s->tokens[i].type == TOKEN_NAME && s->tokens[i - 1].type == TOKEN_WHEN && goes_on &&
           comma_before(s, i) && !s->tokens[i].honorific;
}

/* Is this piece said already by one of the head before the note? */
static bool said_before(const struct scan *s, int from, enum frame_word kind)
{
    for (int i = 0; i < from; i++)
        if (word_of(&s->tokens[i], kind) ||
            (kind == WORD_CHANNEL && word_of(&s->tokens[i], WORD_PLACE)))
            return true;
    return false;
}

/* What a sentence may go on from, so that it is part of the note: a stance (keen but
 * slow), that somebody was reached (answered my questions), a second channel (sent mail
 * instead), where it was (in the lobby). */
static bool leads_over(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    char c = x->s->text.s[t->at];
    if (c < 'a' || c > 'z' || t->type != TOKEN_WORD)
        return false;
    bool parted = comma_before(x->s, i + 1) || sentence_begins(x->s, i + 1);
    bool where = t->kind == WORD_PLACE && memchr(x->s->text.s + t->at, ' ', t->len);
    if (t->kind == WORD_CHANNEL || t->kind == WORD_PLACE)
        return where || said_before(x->s, i, WORD_CHANNEL);
    bool stance = t->kind == WORD_STANCE && !arg_accepts(x->s->command, ARG_LAYER);
    return !parted && (stance || (t->kind == WORD_OUTCOME && !strcmp(t->value, "reached")));
}

/* The words that lead over to the note are its own. */
static int take_links(const struct resolving *x, int from, int behind)
{
    const struct scan *s = x->s;
    while (from > behind + 1 && !sentence_begins(s, from)) {
        const struct token *t = &s->tokens[from - 1];
        char c = s->text.s[t->at];
        bool link = t->before || (links(t) && !t->settled_none && c >= 'a' && c <= 'z');
        if ((!link && !leads_over(x, from - 1) && !still_ahead(x, t)) || (t->before && wide_comma_before(s, from)))
            break;
        from--;
    }
    return from;
}

/* Zoom 大野さん 来週の会議に…: a day ahead, where more follows, is what was spoken of. */
static bool goes_ahead(const struct resolving *x, int i)
{
    bool words = false;
    for (int k = i + 1; k < x->s->n; k++)
        words = words || x->s->tokens[k].type == TOKEN_UNKNOWN || !latin_at(x->s, k);
    return words && still_ahead(x, &x->s->tokens[i]);
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

/* Might it be a day ahead as well? monday, 3/14; not yesterday, last week. */
static bool may_be_ahead(const struct resolving *x, const struct token *t)
{
    struct when w;
    struct err ignored = { 0 };
    return !when_resolve(&x->c->when, &t->when, 1, WHEN_FUTURE, &w, x->c->mem, x->c->locale, &ignored) ||
           w.at_ms > x->c->now_ms;
}

/* A day behind the note is the record's where the note is short or a topic (about the
 * price), or where a comma parts it: behind a sentence it is part of what was said, and
 * she'll confirm monday says nothing about last Monday. */
static bool dates_record(const struct resolving *x, int from, int i)
{
    const struct scan *s = x->s;
    int words = 0;
    while (i - 1 > from && s->tokens[i - 1].type == TOKEN_WHEN && s->tokens[i - 1].when.piece != WHEN_DURATION)
        i--; /* moved to mon 3pm: the hour goes with its day */
    const struct token *t = &s->tokens[i];
    for (int k = from; k < i; k++)
        words += s->tokens[k].type == TOKEN_UNKNOWN;
    bool tied = links(t - 1) && (unsigned char)s->text.s[(t - 1)->at] < 0x80;
    if (tied || still_ahead(x, t))
        return false;
    if (comma_before(s, i) || sentence_begins(s, i))
        return true;
    int said = from;
    while (said < i && links(&s->tokens[said]) && !token_says(x->s, &s->tokens[said], "topic"))
        said++; /* and he said the board met yesterday */
    if (token_says(x->s, &s->tokens[said], "pronoun"))
        return false;
    return links(&s->tokens[from]) || (!may_be_ahead(x, t) && words <= SHORT_NOTE);
}

static bool behind_topic(const struct scan *s, const struct token *t)
{
    static const char *const topics[] = { "が", "は", "も", "を", "の", NULL };
    for (int k = 0; topics[k]; k++)
        if (t->at >= 3 && !memcmp(s->text.s + t->at - 3, topics[k], 3))
            return true;
    return false;
}

/* 桜川の温度感 ◎ 鈴木部長がやる気: said by whom, once it is said how it stands. */
static bool weighed_before(const struct resolving *x, int i)
{
    const struct token *t = &x->s->tokens[i];
    return arg_accepts(x->s->command, ARG_LAYER) && t->type == TOKEN_NAME && t->tail == TAIL_TOPIC && begins_sentence(x, i) &&
           said_before(x->s, i, WORD_STANCE);
}

/* Was somebody named, was a channel, before the note that begins at `from`? */
static bool before_note(const struct scan *s, int from, bool channel)
{
    for (int i = 0; i < from; i++)
        if (channel ? is_channel(&s->tokens[i]) : names_somebody(&s->tokens[i]))
            return true;
    return false;
}

/* A firm alone is none: Acmeの見積を|佐藤さんに|メール. */
static bool person_before(const struct scan *s, int from)
{
    for (int i = 0; i < from; i++)
        if (names_somebody(&s->tokens[i]) && (s->tokens[i].type != TOKEN_NAME || s->tokens[i].hits[0].kind == 'C'))
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
        return person_before(x->s, from);
    return t->type != TOKEN_WORD || t->kind != WORD_LEVEL;
}

/* At the end of a note in Japanese: what does not hang on its sentence is the record's. */
static bool ends_record_cjk(const struct resolving *x, int from, int i)
{
    const struct token *t = &x->s->tokens[i];
    bool source = t->type == TOKEN_PREP && t->key && !strcmp(t->key, "from");
    if (source && hangs_on(x->s, i) && (t - 1)->type == TOKEN_NAME && i - 1 > from)
        return ends_record_cjk(x, from, i - 1); /* 大野さん|から|電話 */
    bool tied = t->type == TOKEN_WHEN && t->when.piece != WHEN_DURATION && i > 0 && links(t - 1) &&
                !(x->s->command->flags & CMD_AHEAD) && (unsigned char)x->s->text.s[(t - 1)->at] < 0x80;
    return t->type != TOKEN_UNKNOWN && t->type != TOKEN_MARK && !word_of(t, WORD_STANCE) && !links(t) && !tied &&
           !still_ahead(x, t) && !(t->type == TOKEN_MONEY && t->tail == TAIL_LINK) && !(i > 0 && in_sentence(x, from, i));
}

/* 25m budget is 4M not 5M: how long it was is said already. */
static bool length_before(const struct scan *s, int from)
{
    for (int i = 0; i < from; i++)
        if (s->tokens[i].type == TOKEN_WHEN && s->tokens[i].when.piece == WHEN_DURATION)
            return true;
    return false;
}

/* At the end of a note a time or a length is still about the record, where no
 * preposition ties it to what was said (ok for thurs) and it has been; so is who may read
 * it, an outcome, and a channel that was not named before. A stance is never guessed from
 * a note, and an amount or a name in one is nobody's. */
static bool ends_record(const struct resolving *x, int from, int i)
{
    const struct scan *s = x->s;
    const struct token *t = &s->tokens[i];
    bool ahead = x->s->command->flags & CMD_AHEAD;
    if (!latin_at(s, from))
        return ends_record_cjk(x, from, i);
    if (t->type == TOKEN_WHEN && t->when.piece == WHEN_DURATION)
        return !length_before(s, from) || i < from + 2;
    if (t->type == TOKEN_WHEN)
        return ahead || dates_record(x, from, i);
    if (word_of(t, WORD_CHANNEL) || word_of(t, WORD_PLACE))
        return scan_names_way(s, i) && !said_before(s, from, WORD_CHANNEL);
    if (word_of(t, WORD_OUTCOME)) /* she's in a meeting keeps its words */
        return !said_before(s, from, WORD_OUTCOME) && !token_says(x->s, &s->tokens[from], "pronoun");
    if (t->type == TOKEN_MONEY || t->type == TOKEN_OTHERS || names_somebody(t))
        return ahead;
    return t->type != TOKEN_UNKNOWN && t->type != TOKEN_MARK && !word_of(t, WORD_STANCE) && !links(t);
}

/* 桜川の稟議、鈴木部長に確認の電話。… : where a line tells how only inside what would be its
 * note. -1: it does not. */
int channel_inside(const struct resolving *x, int from)
{
    if (!arg_accepts(x->s->command, ARG_CHANNEL) || before_note(x->s, from, true))
        return -1;
    for (int i = from; i < x->s->n; i++)
        if (is_channel(&x->s->tokens[i]) && !latin_at(x->s, latin_at(x->s, from) ? i : from))
            return i;
    return -1;
}

/* What the note holds means nothing; but whom a line names before it tells how was there. */
static void mark_span(struct resolving *x, int from, int to)
{
    int how = channel_inside(x, from);
    x->note_from = from;
    x->note_to = to;
    for (int i = from; i < to; i++)
        x->s->tokens[i].in_note = i > how || x->s->tokens[i].type == TOKEN_UNKNOWN;
    take_parts(x);
}

static int note_end(const struct resolving *x, int from);

void note_from_here(struct resolving *x, int i)
{
    mark_span(x, i, note_end(x, i));
}

static int note_end(const struct resolving *x, int from)
{
    const struct scan *s = x->s;
    int to = s->n, marks = s->n;
    while (marks > from && s->tokens[marks - 1].type == TOKEN_MARK)
        marks--;
    while (to > from && (ends_record(x, from, to - 1) || s->tokens[to - 1].type == TOKEN_MARK)) {
        to--; /* the PO | by email: the way goes with its word */
        bool way = word_of(&s->tokens[to], WORD_CHANNEL) && to > from + 1 && links(&s->tokens[to - 1]);
        to -= way && scan_names_way(s, to) ? 1 : 0;
    }
    /* by 10|%, nothing at all|. end the note's last word */
    return to == marks && to > from && to < s->n && s->tokens[to].at == s->tokens[to - 1].end ? s->n : to;
}

/* 先日の|件で: an adverb that belongs to the word behind it. */
static bool says_which(const struct scan *s, int i)
{
    static const char of[] = "の";
    const struct token *t = &s->tokens[i];
    size_t n = sizeof of - 1;
    return t->before && t->len > n && !memcmp(s->text.s + t->at + t->len - n, of, n);
}

/* Nobody is named before them: the last run of words that could not be placed. */
static void mark_run(struct resolving *x, int last)
{
    struct scan *s = x->s;
    int from = last;
    if (!latin_at(s, last)) {
        while (from > 0 && s->tokens[from - 1].type == TOKEN_UNKNOWN)
            from--;
        from = take_links(x, from, -1);
        last = note_end(x, from) - 1;
    }
    while (from > 0 && (s->tokens[from - 1].type == TOKEN_UNKNOWN || links(&s->tokens[from - 1])))
        from--;
    while (from < last && s->tokens[from].type != TOKEN_UNKNOWN && !still_ahead(x, &s->tokens[from]) && !says_which(s, from))
        from++;
    mark_span(x, from, last + 1);
}

/* The note begins behind somebody's name: at the first word that could not be placed, or
 * with the sentence that holds one. */
void mark_note(struct resolving *x)
{
    struct scan *s = x->s;
    int first = 0, start = s->n, unknown = -1;
    for (int i = 0; i < s->n; i++) {
        s->tokens[i].in_note = s->tokens[i].listed = false;
        unknown = s->tokens[i].type == TOKEN_UNKNOWN || described(x, i) ? i : unknown;
    }
    x->note_from = x->note_to = s->n;
    if (x->f->separated || !arg_accepts(s->command, ARG_NOTE) || arg_accepts(s->command, ARG_NAME))
        return;
    while (first < s->n && !names_somebody(&s->tokens[first]))
        first++;
    for (int i = first + 1; i < s->n && start == s->n; i++) {
        struct token *t = &s->tokens[i];
        t->listed = t->type == TOKEN_UNKNOWN && lists_unknown(s, i);
        if ((t->type == TOKEN_UNKNOWN && !t->listed && !inside_firm(s, i)) || described(x, i) ||
            ((begins_sentence(x, i) || goes_ahead(x, i)) && head_complete(x, i)) || subject_of_note(s, i) ||
            topic_begins(x, i) || weighed_before(x, i) || (sentence_begins(s, i) && sentence_says(s, i)))
            start = i;
    }
    if (start == s->n) {
        if (unknown >= 0 && unknown < first)
            mark_run(x, unknown);
        return;
    }
    while (start + 1 < s->n && word_of(&s->tokens[start], WORD_OUTCOME) && comma_before(s, start + 1))
        start++; /* - out today, back thu */
    start = take_links(x, start, first);
    mark_span(x, start, note_end(x, start));
}

static bool leads(const char *s, size_t n)
{
    static const char *const marks[] = { " ", "-", "–", ".", ",", "、", "。", "・", "→", "!", "~", "…",
        ")", "]", "|", ";", ">", NULL };
    for (int i = 0; marks[i]; i++)
        if (strlen(marks[i]) <= n && !memcmp(s, marks[i], strlen(marks[i])))
            return true;
    return false;
}

/* 受付に|伝言, テレワークで|不在: an outcome that ends the sentence is one, with its words
 * left in the note; 結論が|出ない is none. */
static void place_last_outcome(const struct resolving *x, int from, int last)
{
    const struct token *t = &x->s->tokens[last];
    if (last > from && t->type == TOKEN_WORD && t->kind == WORD_OUTCOME && !x->f->word[WORD_OUTCOME] && !behind_topic(x->s, t))
        x->f->word[WORD_OUTCOME] = t->value;
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

/* 見積の件、|渡辺さん: it parts the note from the record. */
static void drop_comma(const struct scan *s, struct token *span)
{
    static const char comma[] = "、";
    size_t n = sizeof comma - 1;
    if (span->len > n && !memcmp(s->text.s + span->at + span->len - n, comma, n))
        span->len -= n;
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

/* The note as typed, from its first piece to its last; punctuation at the end of the
 * sentence belongs to it, before it not. */
void cut_note(struct resolving *x)
{
    struct scan *s = x->s;
    int from = x->note_from, last = x->note_to - 1;
    if (x->f->runs_on) { /* too long to be read: all the rest is note */
        size_t at = s->text.src[from < s->n ? s->tokens[from].at : s->text.n];
        x->f->note = arena_strdup(x->c->mem, s->head + at);
        for (int i = from; i < s->n; i++)
            s->tokens[i].type = TOKEN_SKIP;
        return;
    }
    if (last < from)
        return;
    int how = channel_inside(x, from);
    place_last_outcome(x, from, last);
    struct token span = { .at = s->tokens[from].at };
    size_t end = last + 1 < s->n ? s->tokens[last + 1].at : s->text.n;
    span.len = end - span.at;
    while (span.len && strchr(" ([<,;", s->text.s[span.at + span.len - 1]))
        span.len--;
    if (last + 1 < s->n)
        drop_comma(s, &span);
    if (last + 1 < s->n && (s->tokens[last + 1].type == TOKEN_WORD || s->tokens[last + 1].type == TOKEN_NAME))
        drop_last_particle(s, &span);
    while (span.len && leads(s->text.s + span.at, span.len)) {
        size_t next = span.at;
        (void)utf8_next(s->text.s, s->text.n, &next);
        span.len -= next - span.at;
        span.at = next;
    }
    take_quote(s, &span);
    const char *note = span.len ? token_text(s, &span) : "";
    if (utf8_says_something(note))
        x->f->note = note;
    for (int i = from; i <= last; i++) {
        bool where = word_of(&s->tokens[i], WORD_PLACE) && !said_before(s, i, WORD_CHANNEL) && i == from;
        bool level = word_of(&s->tokens[i], WORD_LEVEL); /* !me holds wherever it stands */
        if (!where && !level && i != how && !s->tokens[i].own)
            s->tokens[i].type = TOKEN_SKIP;
    }
}
