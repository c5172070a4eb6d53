/* Pieces of which nobody can tell whether they are the record's or the note's: words left
 * over in a head that a separator ends, and facts that stand by themselves inside a note
 * that none begins (訪問してきた 1h 反応まあまあ). Asks for each; an answer is remembered by
 * the piece's own key. Decides nothing by itself. */
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/resolve_private.h"
#include "bot/text/utf8.h"

static const char *part_key(struct resolving *x, const struct token *t)
{
    return arena_printf(x->c->mem, "$part%s", mention_key(x, t));
}

static bool settled_as(struct resolving *x, const struct token *t, const char *value)
{
    const char *v = x->c->settled ? ask_settled(x->c, part_key(x, t)) : NULL;
    return v && !strcmp(v, value);
}

static bool ask_piece(struct resolving *x, const struct token *t, const char *code, const char *yes, const char *no)
{
    struct call *c = x->c;
    const char *typed = ask_discreetly(c) ? "…" : token_text(x->s, t);
    struct option options[] = {
        { call_text(c, yes, NO_ARGS), "yes|y|はい|うん", "yes", NULL },
        { call_text(c, no, NO_ARGS), "no|note|いいえ|メモ", "note", "plain" },
        { call_text(c, "button.drop", NO_ARGS), "drop|throw away|破棄", "drop", "quiet" } };
    struct reply *r = reply_new(c, REPLY_ASK, code, ARGS(TXT("typed", typed)));
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    *x->out = READING_REPLIED;
    return ask_question(c, r, code, part_key(x, t), options, 3, false, x->e);
}

/* Is there a gap before the piece, and one behind it and what hangs on it? */
static bool begins(const struct scan *s, const struct token *t)
{
    size_t before = t->at;
    while (before > 0 && ((unsigned char)s->text.s[--before] & 0xC0) == 0x80)
        ;
    return !t->at || scan_separates(s, before);
}

static bool ends(const struct scan *s, const struct token *t)
{
    return t->end >= s->text.n || scan_separates(s, t->end);
}

static bool is_person(const struct token *t)
{
    return t->type == TOKEN_NAME && t->hits[0].kind == 'C';
}

static bool length(const struct token *t)
{
    return t->type == TOKEN_WHEN && t->when.piece == WHEN_DURATION;
}

/* Does the head say already what such a piece would say? */
static bool head_says(const struct scan *s, const struct token *piece)
{
    for (int i = 0; i < s->n; i++) {
        const struct token *t = &s->tokens[i];
        bool same = t->type == piece->type && length(t) == length(piece) && (t->type != TOKEN_WORD || t->kind == piece->kind);
        if (same && !t->in_note)
            return true;
    }
    return false;
}

static bool fact(const struct resolving *x, const struct token *t)
{
    switch (t->type) {
    case TOKEN_NAME: /* two people may have been there */
        return is_person(t) || !head_says(x->s, t);
    case TOKEN_WORD:
        if (t->kind == WORD_STANCE)
            return arg_accepts(x->s->command, ARG_LAYER) && !head_says(x->s, t);
        return t->kind == WORD_TITLE || ((t->kind == WORD_CHANNEL || t->kind == WORD_OUTCOME) && !head_says(x->s, t));
    case TOKEN_WHEN:
    case TOKEN_OTHERS:
        return !head_says(x->s, t);
    default:
        return false;
    }
}

void take_parts(struct resolving *x)
{
    for (int i = x->note_from; i < x->note_to; i++) {
        struct token *t = &x->s->tokens[i];
        t->own = t->in_note && t->type != TOKEN_UNKNOWN && settled_as(x, t, "yes");
        t->in_note = t->in_note && !t->own;
    }
}

static bool in_latin(const struct scan *s, const struct token *t)
{
    for (size_t i = t->at; i < t->at + t->len; i++)
        if ((unsigned char)s->text.s[i] >= 0x80)
            return false;
    return true;
}

/* アクメ訪問。佐藤課長が…: the first person of the line begins a clause of the note. */
static bool first_person(const struct resolving *x, int i)
{
    const struct scan *s = x->s;
    bool somebody = is_person(&s->tokens[i]) && begins(s, &s->tokens[i]);
    for (int k = 0; k < i && somebody; k++) {
        const struct token *t = &s->tokens[k];
        somebody = !is_person(t) && !(t->type == TOKEN_WORD && t->kind == WORD_TITLE);
    }
    return somebody;
}

/* 田中部長と神田で飲み。…: words before the only word that tells how, and more behind it. */
static bool leads_to_way(const struct resolving *x, int i)
{
    const struct scan *s = x->s;
    int how = i == x->note_from ? channel_inside(x, i) : -1;
    return how > i && how + 1 < x->note_to && s->tokens[i].type == TOKEN_UNKNOWN;
}

/* The answer left them out: the note begins behind the way. */
static void drop_to_way(struct resolving *x)
{
    int how = channel_inside(x, x->note_from);
    for (int i = x->note_from; i < how; i++)
        x->s->tokens[i].type = TOKEN_SKIP;
    x->note_from = how + 1;
}

/* 訪問してきた 1h 反応まあまあ */
bool ask_facts(struct resolving *x)
{
    const struct scan *s = x->s;
    for (int i = x->note_from; i < x->note_to && !in_latin(s, &s->tokens[x->note_from]); i++) {
        const struct token *t = &s->tokens[i];
        bool apart = i > x->note_from && begins(s, t) && ends(s, t) && fact(x, t);
        if (leads_to_way(x, i) && settled_as(x, t, "yes")) {
            drop_to_way(x);
            return true;
        }
        if (leads_to_way(x, i) && !settled_as(x, t, "note"))
            return ask_piece(x, t, "doubt.left", "button.leave_out", "button.to_note");
        if (t->in_note && (apart || first_person(x, i)) && !settled_as(x, t, "note"))
            return ask_piece(x, t, "doubt.part", "button.of_record", "button.to_note");
    }
    return true;
}

/* Behind the name and what is polite, where particles begin. */
static size_t behind_name(const struct token *t)
{
    size_t n = t->len + (t->honorific ? strlen(t->honorific) : 0);
    return t->title_len && t->title_at + t->title_len > t->at + n ? t->title_at + t->title_len - t->at : n;
}

static void leave_out(struct resolving *x, struct token *t)
{
    struct frame *f = x->f;
    for (int i = 0; is_person(t) && i < f->n_people; i++)
        if (f->people[i] == t->hits[0].id) {
            memmove(&f->people[i], &f->people[i + 1], sizeof *f->people * (size_t)(f->n_people - i - 1));
            memmove(&f->stances[i], &f->stances[i + 1], sizeof *f->stances * (size_t)(f->n_people - i - 1));
            f->n_people--;
            break;
        }
    t->type = TOKEN_SKIP;
    t->settled_none = true;
}

/* 神保町：… : a word before the separator that led to nothing, where it is not in Latin letters
 * (resolve_doubt.c asks about those). Where an answer says what
 * the whole line is, all of it is meant. */
bool ask_left_over(struct resolving *x)
{
    const struct command *cmd = x->s->command;
    bool logs = arg_accepts(cmd, ARG_CHANNEL) || arg_accepts(cmd, ARG_LAYER) || cmd->flags & CMD_AHEAD;
    bool looks = x->f->separated && logs && !ask_settled(x->c, "$verb");
    for (int i = 0; looks && i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_UNKNOWN || (unsigned char)x->s->text.s[t->at] < 0x80 || ask_settled(x->c, mention_key(x, t)) || t->settled_none || !utf8_says_something(token_text(x->s, t)) || settled_as(x, t, "note"))
            continue;
        if (!settled_as(x, t, "yes"))
            return ask_piece(x, t, "doubt.left", "button.leave_out", "button.to_note");
        t->type = TOKEN_SKIP;
        t->settled_none = true;
    }
    return true;
}

static bool text_at(const struct scan *s, size_t at, const char *const *list)
{
    for (; *list; list++)
        if (at + strlen(*list) <= s->text.n && !memcmp(s->text.s + at, *list, strlen(*list)))
            return true;
    return false;
}

/* 小野様は不在, 佐藤課長の件: spoken of before the separator, and perhaps not there. */
static bool spoken_of(const struct resolving *x, const struct token *t)
{
    static const char *const topics[] = { "は", "が", "の件", "も欠席", "欠席", "不参加", NULL };
    size_t at = t->at + behind_name(t);
    at += at < x->s->text.n && x->s->text.s[at] == ' ' ? 1 : 0;
    return x->f->separated && is_person(t) && !arg_accepts(x->s->command, ARG_LAYER) && text_at(x->s, at, topics);
}

/* 弊社3名, 担当2名: whether that many more were there. */
static bool counts_others(const struct scan *s, int i)
{
    static const char *const ours[] = { "弊社", "当社", "自社", "当方", "うち", "こちら", NULL };
    const struct token *t = &s->tokens[i], *before = i > 0 ? t - 1 : NULL;
    bool digit = t->type == TOKEN_OTHERS && s->text.s[t->at] >= '0' && s->text.s[t->at] <= '9';
    return digit && before && before->at + before->len == t->at &&
           (text_at(s, before->at, ours) || (before->type == TOKEN_WORD && before->kind == WORD_TITLE));
}

/* 小野さん？大野さん？ 渡辺さんじゃなくて: typed, and doubted or denied. */
static bool denied(const struct scan *s, const struct token *t)
{
    bool known = t->type == TOKEN_NAME || t->type == TOKEN_WHEN || t->type == TOKEN_MONEY || t->type == TOKEN_REF || t->type == TOKEN_WORD;
    return known && t->end < s->text.n && (s->text.s[t->end] == '?' || catalogue_match_kind(s->c->words, s->text.s, s->text.n, t->end, "denial", 0, NULL));
}

/* What stands in the head and may all the same not be the record's. */
bool ask_unsure(struct resolving *x)
{
    const struct scan *s = x->s;
    for (int i = 0; i < s->n; i++) {
        struct token *t = &x->s->tokens[i];
        bool unsure = spoken_of(x, t) || counts_others(s, i) || (denied(s, t) && !(x->s->command->flags & CMD_AHEAD));
        if (!unsure || t->in_note || t->settled_none || settled_as(x, t, "yes"))
            continue;
        if (!settled_as(x, t, "note"))
            return ask_piece(x, t, "doubt.sure", "button.of_record", "button.leave_out");
        leave_out(x, t);
    }
    return true;
}
