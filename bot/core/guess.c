/* Which command a line means: by its verb, or without one by what it holds. */
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/reader_private.h"
#include "bot/text/utf8.h"

bool reader_cjk_at(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_HAN || k == SCRIPT_HIRAGANA || k == SCRIPT_KATAKANA;
}

bool reader_latin_at(const char *s, size_t n, size_t at)
{
    if (at >= n)
        return false;
    enum script k = utf8_script(utf8_next(s, n, &at));
    return k == SCRIPT_LATIN || k == SCRIPT_DIGIT;
}

size_t reader_behind_tail(struct call *c, const struct folded *f, size_t at, enum tail *first)
{
    struct scan s = { .c = c, .text = *f };
    enum tail tail;
    *first = TAIL_NONE;
    for (size_t n; at < f->n && (n = scan_tail(&s, at, false, &tail)) > 0; at += n)
        *first = *first ? *first : tail;
    return at;
}

/* A verb ends at a word boundary; a short one in kanji too, unless an ending follows
 * (受注した), and a command without arguments must be the whole head: 今日 is a command,
 * 今日 田中さんと電話 is not. */
static bool verb_fits(const struct phrase *p, const struct folded *f, enum tail tail)
{
    bool cjk = (unsigned char)p->text[0] >= 0x80;
    size_t n = f->n;
    while (n > p->n && strchr(" ?!.", f->s[n - 1])) /* today? */
        n--;
    if (p->n == n)
        return true;
    if (p->command && !p->command->args)
        return false;
    if (!cjk)
        return !reader_latin_at(f->s, f->n, p->n);
    return utf8_count(p->text) > 2 || !reader_cjk_at(f->s, f->n, p->n) || tail >= TAIL_VERB;
}

/* 後で聞いた is the layer, not the command 後で; 会議中 is no meeting. */
static size_t longest_word(const struct call *c, const struct folded *f)
{
    static const char *const kinds[] = { "channel", "place", "outcome", "layer", "stance" };
    struct word w[8];
    int n = catalogue_match(c->words, f->s, f->n, 0, w, 8);
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (!strcmp(w[i].kind, kinds[k]))
                return w[i].len;
    return 0;
}

/* 打ち合わせの日程を…電話で: a meeting that was only spoken of, where the line tells how
 * behind it. */
static bool spoken_of(const struct call *c, const struct phrase *p, const struct folded *f, size_t end, enum tail tail)
{
    bool meeting = p->command && !strcmp(p->command->id, "met");
    for (size_t at = end; meeting && tail == TAIL_OF && at < f->n; (void)utf8_next(f->s, f->n, &at))
        if (catalogue_match_kind(c->words, f->s, f->n, at, "channel", 0, NULL))
            return true;
    return false;
}

const struct phrase *reader_verb(struct call *c, const struct folded *f, size_t *end)
{
    size_t word = longest_word(c, f);
    for (size_t i = 0; i < c->phrases->n; i++) {
        const struct phrase *p = &c->phrases->items[i];
        enum tail tail;
        if (p->n > f->n || memcmp(p->text, f->s, p->n) != 0 || p->n < word)
            continue;
        *end = reader_behind_tail(c, f, p->n, &tail);
        if (verb_fits(p, f, tail) && !spoken_of(c, p, f, *end, tail))
            return p;
    }
    return NULL;
}

/* How much of the text at `at` leads to a verb: a time, or words like I, we, please. */
static size_t leading(const struct call *c, const struct folded *f, size_t at)
{
    struct when_token when;
    struct word lead;
    if (when_match(&c->when, f->s, f->n, at, &when) && when.piece != WHEN_DURATION)
        return when.len;
    return catalogue_match_kind(c->words, f->s, f->n, at, "lead", 0, &lead) ? lead.len : 0;
}

const struct command *reader_verb_behind(struct call *c, struct scan *s, const struct folded *f)
{
    for (size_t at = 0, len; (len = leading(c, f, at));) {
        at += len;
        while (at < f->n && (f->s[at] == ' ' || f->s[at] == ','))
            at++;
        const struct folded rest = { .s = f->s + at, .n = f->n - at };
        size_t end;
        const struct phrase *p = reader_verb(c, &rest, &end);
        if (!p || !p->command || !p->command->args || p->command->flags & (CMD_RAW | CMD_NUMBERED))
            continue;
        s->verb_at = s->lead_end = at;
        s->verb_end = at + end;
        return p->command;
    }
    return NULL;
}

static bool has_token(const struct scan *s, enum token_type type, int kind)
{
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == type && (kind < 0 || (int)s->tokens[i].kind == kind))
            return true;
    return false;
}

static bool question(const char *text, size_t n)
{
    return (n >= 1 && text[n - 1] == '?') || (n >= 3 && !memcmp(text + n - 3, "？", 3));
}

/* A channel, a place or an outcome that is about the contact: not the one somebody wants in
 * "Suzuki wants a call". */
static bool says_channel(const struct scan *s)
{
    bool named = false, sentence = false;
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        bool latin = (unsigned char)s->text.s[t->at] < 0x80;
        bool says = t->type == TOKEN_WORD &&
                    (t->kind == WORD_CHANNEL || t->kind == WORD_PLACE || t->kind == WORD_OUTCOME);
        if (says && (!sentence || !latin || scan_names_way(s, i)))
            return true;
        sentence = sentence || (named && t->type == TOKEN_UNKNOWN && latin);
        named = named || t->type == TOKEN_NAME;
    }
    return false;
}

static bool asks_figures(struct call *c, const char *head, size_t n)
{
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    scan_head(s, c, command_find("kpi"), head, n);
    return has_token(s, TOKEN_KPI, -1) || has_token(s, TOKEN_WORD, WORD_ASK_ABOUT) || question(head, n);
}

/* D12を提案中に, 青葉 受注: words that change more than a log must stand for themselves. */
static bool verb_alone(const struct scan *s, int i)
{
    const struct token *t = &s->tokens[i], *next = t + 1;
    bool goes_on = i + 1 < s->n && next->type == TOKEN_UNKNOWN && next->at == t->end;
    bool loose = arg_accepts(t->verb, ARG_CHANNEL) || !strcmp(t->verb->id, "follow");
    return !goes_on || (loose && t->tail != TAIL_OF && t->tail != TAIL_TOPIC && t->tail != TAIL_NONE) ||
           (loose && t->tail == TAIL_NONE && !reader_cjk_at(s->text.s, s->text.n, next->at));
}

static bool ends_in_past(const struct scan *s, const struct token *t)
{
    static const char past[] = "た";
    size_t n = sizeof past - 1;
    return t->end >= t->at + t->len + n && !memcmp(s->text.s + t->end - n, past, n);
}

/* 高橋さん 金曜に再架電, 大野さんにメール フォロー: nothing but times stands behind it. */
static bool ends_line(const struct scan *s, int verb)
{
    for (int i = verb + 1; i < s->n; i++)
        if (s->tokens[i].type != TOKEN_WHEN && s->tokens[i].type != TOKEN_SKIP)
            return false;
    return !ends_in_past(s, &s->tokens[verb]);
}

static bool sentence_before(const struct scan *s, const struct token *t)
{
    static const char stop[] = "。";
    return t->at >= sizeof stop - 1 && !memcmp(s->text.s + t->at - (sizeof stop - 1), stop, sizeof stop - 1);
}

/* Japanese puts the verb behind: 青葉 定例 60分, 田中部長とミーティング. The first such word
 * before the note begins, or `follow` at the end of the line; -1: none. */
static int verb_inside(const struct scan *s)
{
    bool named = false, note = false;
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        bool verb = t->type == TOKEN_VERB && verb_alone(s, i) && (i > 0 || s->n > 1);
        bool told = i > 0 && named && says_channel(s) && s->tokens[i - 1].type == TOKEN_WHEN &&
                    s->tokens[i - 1].when.piece != WHEN_DURATION && s->tokens[i - 1].end == t->at;
        told = told || (verb && named && says_channel(s) && sentence_before(s, t)); /* 来社。デモへの反応は… */
        verb = verb && !told; /* Zoom 大野さん 来週の会議に… */
        if (verb && (!note || (!strcmp(t->verb->id, "follow") && ends_line(s, i))))
            return i;
        note = note || (t->type == TOKEN_UNKNOWN && named && !t->honorific && !t->title);
        named = named || t->type == TOKEN_NAME || t->type == TOKEN_REF;
    }
    return -1;
}

/* 青葉 Zoom 定例: a meeting, where the channel is one of meetings. */
static bool held(const struct scan *s)
{
    static const char *const ways[] = { "in_person", "zoom", "teams", "meet", "webex", "video" };
    for (int i = 0; i < s->n; i++)
        for (size_t k = 0; k < sizeof ways / sizeof *ways; k++)
            if (s->tokens[i].type == TOKEN_WORD && s->tokens[i].kind == WORD_CHANNEL && !strcmp(s->tokens[i].value, ways[k]))
                return true;
    return has_token(s, TOKEN_WORD, WORD_PLACE); /* ランチしながら打ち合わせ */
}

static bool tells_how(const struct token *t)
{
    return t->type == TOKEN_WORD && (t->kind == WORD_CHANNEL || t->kind == WORD_PLACE);
}

/* 明日鈴木部長に電話する: what is meant to be done is a follow-up; not where something was
 * done before it (電話 来週訪問する). */
static bool plans(const struct scan *s)
{
    bool plan = false, done = false;
    for (int i = 0; i < s->n && !plan; i++) {
        const struct token *t = &s->tokens[i];
        plan = t->type == TOKEN_WORD && t->tail == TAIL_PLAN;
        done = done || (tells_how(t) && !plan && t->tail != TAIL_OF);
    }
    return plan && !done && has_token(s, TOKEN_WHEN, -1);
}

/* 打ち合わせ 1時間 湯呑みが…: the meeting at piece `i` comes before a sentence that holds the
 * only word that might tell how. */
static bool way_in_note(const struct scan *s, int i)
{
    bool words = false;
    for (int k = 0; k < s->n; k++) {
        if (tells_how(&s->tokens[k]))
            return k > i && words;
        words = words || (k > i && s->tokens[k].type == TOKEN_UNKNOWN);
    }
    return false;
}

static const struct command *take_verb(struct scan *s, const struct scan *v, int i)
{
    s->verb_at = v->tokens[i].at;
    s->verb_end = v->tokens[i].end;
    s->command = NULL; /* to be read again without it */
    return v->tokens[i].verb;
}

/* The command that a word behind the names means. `channel`: a touch point, if none;
 * `log`: only what logs or reminds. */
static const struct command *say_inside(struct call *c, struct scan *s, const char *head, size_t n, bool channel, bool log)
{
    struct scan *v = ARENA_NEW(c->mem, struct scan);
    v->seek = true;
    scan_head(v, c, command_find("touch"), head, n);
    int i = verb_inside(v);
    if (i < 0)
        return NULL;
    const struct command *verb = v->tokens[i].verb;
    bool follow = !strcmp(verb->id, "follow"), meeting = !strcmp(verb->id, "met");
    if (log && !follow && !arg_accepts(verb, ARG_CHANNEL) && !arg_accepts(verb, ARG_LAYER))
        return NULL;
    if (!channel)
        return follow && !ends_line(v, i) && ends_in_past(v, &v->tokens[i]) ? NULL : take_verb(s, v, i);
    if ((meeting && (held(v) || way_in_note(v, i))) || (follow && ends_line(v, i) && !has_token(v, TOKEN_WORD, WORD_OUTCOME)))
        return take_verb(s, v, i);
    if (!meeting || i == 0 || v->tokens[i - 1].tail != TAIL_LINK)
        return NULL;
    (void)take_verb(s, v, i); /* 電話で打ち合わせ */
    return command_find("touch");
}

/* my deals, follow ups: the name of a list by itself. */
bool reader_names_list(struct call *c, const char *head, size_t n)
{
    struct folded f = fold_text(c->mem, head, n);
    while (f.n && strchr(" ?!.", f.s[f.n - 1]))
        f.n--;
    return f.n && catalogue_match_kind(c->words, f.s, f.n, 0, "list", f.n, NULL);
}

/* who is Tanaka? */
static bool names_person(const struct scan *s)
{
    for (int i = 0; i < s->n; i++)
        if (s->tokens[i].type == TOKEN_NAME && s->tokens[i].hits[0].kind == 'C')
            return true;
    return false;
}

/* 今の記録、…: the record itself, in the words of the command that makes one. */
static bool says_record(const struct call *c, const struct scan *s, const struct token *t)
{
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        if (p->command && !strcmp(p->command->id, "touch") && p->n == t->len && !memcmp(p->text, s->text.s + t->at, p->n))
            return true;
    }
    return false;
}

/* Is nothing named before `end` that a correction could not be about? さっきの, T12を. */
static bool nothing_named(const struct call *c, const struct scan *s, size_t end)
{
    for (int i = 0; i < s->n && s->tokens[i].at < end; i++) {
        const struct token *t = &s->tokens[i];
        bool unknown = t->type == TOKEN_UNKNOWN && t->at + t->len <= end && !says_record(c, s, t);
        if (t->type == TOKEN_NAME || unknown)
            return false;
    }
    return true;
}

/* The phrase that ends at `end`, of a command that changes nothing or takes back. */
static const struct phrase *asked_at(const struct call *c, const struct scan *s, size_t end)
{
    for (size_t k = 0; k < c->phrases->n; k++) {
        const struct phrase *p = &c->phrases->items[k];
        if (!p->command || !reader_cjk_at(p->text, p->n, 0) || utf8_count(p->text) < 2 || p->n > end ||
            memcmp(s->text.s + end - p->n, p->text, p->n) != 0)
            continue;
        bool corrects = !strcmp(p->command->id, "undo") || !strcmp(p->command->id, "edit");
        bool takes_back = corrects && nothing_named(c, s, end - p->n);
        bool whole = p->command->args || end == p->n || nothing_named(c, s, end - p->n);
        if (takes_back || (!(p->command->flags & CMD_WRITES) && whole))
            return p;
    }
    return NULL;
}

/* Does the name of a list end there, and what stands behind ask to be shown it? Or does the
 * name ask by itself: 花橋で|認定を持っているのは誰, 今月|決まりそうな案件は. */
static bool list_ends(const struct call *c, const struct folded *f, size_t end)
{
    static const char *const shows[] = { "見せて", "みせて", "出して", "を見せて", "を出して", NULL };
    static const char *const asking[] = { "誰", "は", NULL };
    bool asked = false;
    for (int i = 0; shows[i] && !asked; i++)
        asked = !strncmp(f->s + end, shows[i], strlen(shows[i]));
    for (int i = 0; asking[i] && !asked; i++)
        asked = end >= strlen(asking[i]) && !memcmp(f->s + end - strlen(asking[i]), asking[i], strlen(asking[i]));
    for (size_t at = 0; asked && at < end; (void)utf8_next(f->s, f->n, &at))
        if (catalogue_match_kind(c->words, f->s, f->n, at, "list", end - at, NULL))
            return true;
    return false;
}

enum { POLITE_LONG = 512, POLITE_WORDS = 96 };

/* Where the line ends once polite words, marks and a full stop are taken off, each by each. */
static void mark_ends(const struct call *c, const struct folded *f, bool *end_here)
{
    static const char stop[] = "。";
    size_t from[POLITE_WORDS], to[POLITE_WORDS];
    int n_polite = 0;
    for (size_t at = 0; at < f->n; (void)utf8_next(f->s, f->n, &at)) {
        struct word w[8];
        int n = catalogue_match(c->words, f->s, f->n, at, w, 8);
        for (int i = 0; i < n; i++)
            if (!strcmp(w[i].kind, "polite") && at && n_polite < POLITE_WORDS) {
                from[n_polite] = at;
                to[n_polite++] = at + w[i].len;
            }
    }
    end_here[f->n] = true;
    for (size_t end = f->n; end > 0; end--) {
        if (end_here[end] && strchr(" ?!~-", f->s[end - 1]))
            end_here[end - 1] = true;
        if (end_here[end] && end >= sizeof stop && !memcmp(f->s + end - (sizeof stop - 1), stop, sizeof stop - 1))
            end_here[end - (sizeof stop - 1)] = true;
        for (int i = 0; end_here[end] && i < n_polite; i++)
            if (to[i] == end)
                end_here[from[i]] = true;
    }
}

/* 案件一覧みせて, 青葉のこれまでの経緯, さっきの取り消して: what is asked for stands at the
 * end, with polite words, each of which may be taken off. */
static const struct command *asked_politely(const struct call *c, struct scan *s)
{
    const struct folded *f = &s->text;
    bool end_here[POLITE_LONG] = { false };
    if (f->n >= POLITE_LONG)
        return NULL;
    mark_ends(c, f, end_here);
    for (size_t end = 1; end <= f->n; end++) /* 白楊堂の案件|見せて */
        if (end_here[end] && list_ends(c, f, end)) {
            s->verb_at = end;
            s->verb_end = f->n;
            return command_find("list");
        }
    for (size_t end = 1; end <= f->n; end++) { /* 数字|見せて asks for the figures */
        const struct phrase *p = end_here[end] ? asked_at(c, s, end) : NULL;
        if (p) {
            s->verb_at = end - p->n;
            s->verb_end = f->n;
            return p->command;
        }
    }
    return NULL;
}

/* 本日の予定をお願いします。 さっきの記録を取り消していただけますか: nothing else is asked for. */
static const struct command *only_asks(struct call *c, struct scan *s)
{
    const struct command *asked = asked_politely(c, s);
    bool all = asked && (!strcmp(asked->id, "undo") || (!strcmp(asked->id, "today") && s->verb_at == 0));
    if (!all)
        s->verb_at = s->verb_end = 0;
    return all ? asked : NULL;
}

bool reader_takes_back(struct call *c, const char *text, size_t n)
{
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    scan_head(s, c, command_find("touch"), text, n);
    return only_asks(c, s) == command_find("undo");
}

size_t reader_denial(struct call *c, const struct folded *f, size_t from)
{
    for (size_t at = from; at < f->n; (void)utf8_next(f->s, f->n, &at)) {
        struct word denial;
        if (!catalogue_match_kind(c->words, f->s, f->n, at, "denial", 0, &denial))
            continue;
        struct scan *s = ARENA_NEW(c->mem, struct scan);
        scan_head(s, c, command_find("edit"), arena_strndup(c->mem, f->s + from, at - from), at - from);
        int said = 0; /* only one thing is denied: the rest of a sentence is no correction */
        for (int k = 0; k < s->n; k++)
            said += s->tokens[k].type != TOKEN_SKIP;
        return said == 1 && s->tokens[s->n - 1].type != TOKEN_UNKNOWN ? at + denial.len : 0;
    }
    return 0;
}

/* T12を会食に変更, オフレコにして: the latest record or the one whose number is typed. */
static const struct command *corrected(const struct call *c, struct scan *s)
{
    const struct phrase *p = asked_at(c, s, s->text.n);
    if (!p || strcmp(p->command->id, "edit") != 0 || s->text.n == p->n)
        return NULL;
    s->verb_at = s->text.n - p->n;
    s->verb_end = s->text.n;
    return p->command;
}

/* 席上 青葉 反対: the layer and a stance, by themselves or with the command's own word
 * (アクメの温度感席上は反対), which is no part of the rest. */
static const struct command *weighs(struct call *c, struct scan *s, const char *head, size_t n)
{
    struct scan *v = ARENA_NEW(c->mem, struct scan);
    const struct command *consensus = command_find("consensus");
    v->seek = true;
    scan_head(v, c, consensus, head, n);
    bool says = has_token(v, TOKEN_WORD, WORD_LAYER) && has_token(v, TOKEN_WORD, WORD_STANCE) &&
                (has_token(v, TOKEN_NAME, -1) || has_token(v, TOKEN_REF, -1));
    for (int i = 0; says && i < v->n; i++)
        if (v->tokens[i].type == TOKEN_VERB && v->tokens[i].verb == consensus)
            return take_verb(s, v, i);
    return says ? consensus : NULL;
}

/* Is there a word of the kind anywhere? Cheap: names are not looked up. */
static bool has_word(struct call *c, const char *head, size_t n, const char *kind)
{
    struct folded f = fold_text(c->mem, head, n);
    for (size_t at = 0; at < f.n; (void)utf8_next(f.s, f.n, &at))
        if (catalogue_match_kind(c->words, f.s, f.n, at, kind, 0, NULL))
            return true;
    return false;
}

bool reader_says_away(struct call *c, const char *head, size_t n, bool reason)
{
    if (!has_word(c, head, n, "absence"))
        return false;
    struct scan *s = ARENA_NEW(c->mem, struct scan);
    bool until = false, why = false;
    scan_head(s, c, command_find("away"), head, n);
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        bool absent = t->type == TOKEN_WORD && t->kind == WORD_ABSENCE;
        until = until || (t->type == TOKEN_WHEN && t->when.deadline) || (absent && !strcmp(t->value, "back"));
        why = why || (absent && (!reason || strcmp(t->value, "unknown") != 0));
    }
    if (!names_person(s) || (reason ? !until && !why : !until || !why))
        return false;
    scan_head(s, c, command_find("touch"), head, n);
    return !has_token(s, TOKEN_WORD, WORD_CHANNEL);
}

/* M7 部長 is Ogawa, M7の部長は小川さん, M7 部長 silent: who was in the room. The word that
 * links is neither name nor note. */
static bool names_attendee(struct call *c, struct scan *s, const char *head, size_t n)
{
    static const char *const links[] = { " is ", " was ", " = ", "=", "は", NULL };
    struct folded f = fold_text(c->mem, head, n);
    if (f.s[0] != 'm' || !reader_digit(f.s[1]))
        return false;
    scan_head(s, c, command_find("identify"), head, n);
    bool meeting = s->n > 1 && s->tokens[0].type == TOKEN_REF && s->tokens[0].ref.kind == 'M';
    bool label = has_token(s, TOKEN_WORD, WORD_TITLE);
    if (!meeting || (!label && !names_person(s)))
        return false;
    for (int i = 0; links[i] && label; i++) {
        const char *at = strstr(s->text.s, links[i]);
        if (!at)
            continue;
        s->verb_at = (size_t)(at - s->text.s);
        s->verb_end = s->verb_at + strlen(links[i]);
        return true;
    }
    return has_token(s, TOKEN_WORD, WORD_MANNER);
}

/* No verb: a channel or an outcome means a touch point, a figure or a question the
 * figures, one record or name its card. NULL: nothing fits. `s` holds the head as read
 * for a touch point, which it mostly is. */
const struct command *reader_guess(struct call *c, struct scan *s, const char *head, size_t n)
{
    if (reader_names_list(c, head, n))
        return command_find("list");
    if (reader_says_away(c, head, n, false))
        return command_find("away");
    if (names_attendee(c, s, head, n))
        return s->command;
    scan_head(s, c, command_find("touch"), head, n);
    bool channel = says_channel(s);
    if (channel && plans(s))
        return command_find("follow");
    const struct command *inside = corrected(c, s);
    if (!inside && !channel)
        inside = only_asks(c, s);
    if (!inside && !question(head, n))
        inside = say_inside(c, s, head, n, channel, true);
    if (inside)
        return inside;
    if (channel && s->tokens[0].type == TOKEN_WORD)
        return s->command;
    if (question(head, n) && !channel && names_person(s))
        return command_find("show");
    inside = channel ? NULL : asked_politely(c, s);
    if (inside)
        return inside;
    if (asks_figures(c, head, n))
        return command_find("kpi");
    if (channel)
        return s->command;
    inside = weighs(c, s, head, n);
    if (inside)
        return inside;
    inside = reader_named_deal_act(c, s);
    if (inside)
        return inside;
    inside = say_inside(c, s, head, n, false, false);
    if (inside)
        return inside;
    bool one = s->n == 1 && (s->tokens[0].type == TOKEN_NAME || s->tokens[0].type == TOKEN_REF);
    return one ? command_find("show") : NULL;
}
