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
    const char *v = ask_settled(x->c, part_key(x, t));
    return v && !strcmp(v, value);
}

static bool ask_piece(struct resolving *x, const struct token *t, const char *code, const char *yes)
{
    struct call *c = x->c;
    const char *typed = ask_discreetly(c) ? "…" : token_text(x->s, t);
    struct option options[] = {
        { call_text(c, yes, NO_ARGS), "yes|y|はい|うん", "yes", NULL },
        { call_text(c, "button.to_note", NO_ARGS), "no|note|いいえ|メモ", "note", "plain" },
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
        return t->hits[0].kind == 'C' || !head_says(x->s, t);
    case TOKEN_WORD:
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
    bool somebody = s->tokens[i].type == TOKEN_NAME && s->tokens[i].hits[0].kind == 'C' && begins(s, &s->tokens[i]);
    for (int k = 0; k < i && somebody; k++) {
        const struct token *t = &s->tokens[k];
        somebody = !(t->type == TOKEN_NAME && t->hits[0].kind == 'C') && !(t->type == TOKEN_WORD && t->kind == WORD_TITLE);
    }
    return somebody;
}

/* 訪問してきた 1h 反応まあまあ */
bool ask_facts(struct resolving *x)
{
    const struct scan *s = x->s;
    for (int i = x->note_from; i < x->note_to && !in_latin(s, &s->tokens[x->note_from]); i++) {
        const struct token *t = &s->tokens[i];
        bool apart = i > x->note_from && begins(s, t) && ends(s, t) && fact(x, t);
        if (t->in_note && (apart || first_person(x, i)) && !settled_as(x, t, "note"))
            return ask_piece(x, t, "doubt.part", "button.of_record");
    }
    return true;
}

/* 神保町：… : a word before the separator that led to nothing. Where an answer says what
 * the whole line is, all of it is meant. */
bool ask_left_over(struct resolving *x)
{
    const struct command *cmd = x->s->command;
    bool logs = arg_accepts(cmd, ARG_CHANNEL) || arg_accepts(cmd, ARG_LAYER) || cmd->flags & CMD_AHEAD;
    bool looks = x->f->separated && logs && !ask_settled(x->c, "$verb");
    for (int i = 0; looks && i < x->s->n; i++) {
        struct token *t = &x->s->tokens[i];
        if (t->type != TOKEN_UNKNOWN || in_latin(x->s, t) || t->settled_none || !utf8_says_something(token_text(x->s, t)) || settled_as(x, t, "note"))
            continue;
        if (!settled_as(x, t, "yes"))
            return ask_piece(x, t, "doubt.left", "button.leave_out");
        t->type = TOKEN_SKIP;
        t->settled_none = true;
    }
    return true;
}
