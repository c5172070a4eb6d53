/* calendar: a pasted or uploaded calendar file becomes planned meetings; an address is fetched by
 * the clock; and one's own meetings and follow-ups can be read by a phone at a secret address. */
#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/ask.h"
#include "bot/text/fold.h"
#include "handlers/agenda.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/team.h"

enum { ADDRESSES = 5, ADDRESS_BYTES = 1000 };

static const struct arg calendar_args[] = {
    { "calendar", ARG_TEXT, 0 },
    { 0 },
};

/* What the member does with a calendar, as it is typed in the reader's language. */
static const char *word_of(struct call *c, const char *act)
{
    return catalogue_word(c->words, c->locale, "calendar_act", act);
}

/* Files. */

static bool tell_nothing(struct call *c, struct agenda *a, struct err *e)
{
    struct reply *r = a->n ? reply_new(c, REPLY_OK, "calendar.same", ARGS(NUM("n", a->n)))
                           : reply_new(c, REPLY_OK, "calendar.empty", NO_ARGS);
    agenda_tell(c, r, a, true);
    return e->code == ERR_NONE;
}

static bool preview(struct call *c, const struct agenda *a, bool ask, struct err *e)
{
    struct option options[] = {
        { call_text(c, "calendar.button.yes", NO_ARGS), call_text(c, "calendar.yes", NO_ARGS), "yes", "primary" },
        { call_text(c, "calendar.button.no", NO_ARGS), call_text(c, "calendar.no", NO_ARGS), "drop", "quiet" },
    };
    struct reply *r = reply_new(c, ask ? REPLY_ASK : REPLY_OK, "calendar.preview", ARGS(TXT("what", agenda_counts(c, a, false))));
    agenda_tell(c, r, a, false);
    return !ask || ask_question(c, r, "calendar", "$calendar", options, 2, false, e);
}

bool calendar_file(struct call *c, const char *text, enum calendar_how how, struct err *e)
{
    struct agenda a;
    if (!agenda_plan(c, text, strlen(text), 0, &a, e))
        return false;
    bool changes = agenda_changes(&a);
    if (changes && how != CALENDAR_DO)
        return preview(c, &a, how == CALENDAR_ASK, e);
    /* Also where nothing changes: what was planned by hand is known by its id from now on. */
    if (how != CALENDAR_SHOW && !agenda_write(c, &a, e))
        return false;
    if (!changes)
        return tell_nothing(c, &a, e);
    struct reply *r = reply_new(c, REPLY_OK, "calendar.done", ARGS(TXT("what", agenda_counts(c, &a, true))));
    agenda_tell(c, r, &a, true);
    undo_button(r);
    return true;
}

bool calendar_fetched(struct call *c, const struct calendar_row *row, const char *text, struct err *e)
{
    struct agenda a;
    if (!agenda_plan(c, text, strlen(text), row->id, &a, e) || !agenda_write(c, &a, e))
        return false;
    if (!agenda_changes(&a) && row->fetched_ms)
        return true;
    struct reply *r = agenda_changes(&a)
        ? reply_new(c, REPLY_OK, "calendar.fetched", ARGS(TXT("host", row->host), TXT("what", agenda_counts(c, &a, true))))
        : reply_new(c, REPLY_OK, "calendar.fetched_empty", ARGS(TXT("host", row->host)));
    agenda_tell(c, r, &a, true);
    if (agenda_changes(&a))
        undo_button(r);
    return true;
}

/* One's own, for a phone. */

static bool give_address(struct call *c, struct err *e)
{
    char secret[AGENDA_SECRET];
    if (!c->web_url)
        return fail(e, ERR_USAGE, "calendar.no_server", NULL, "no server");
    if (!agenda_feed_new(c->db, c->member->id, c->now_ms, secret, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "calendar.address", NO_ARGS);
    reply_once(r, arena_printf(c->mem, "%s/calendar/%s.ics", c->web_url, secret));
    reply_soft(r, call_text(c, "calendar.address_why", NO_ARGS));
    if (strncmp(c->web_url, "https:", 6) != 0)
        reply_soft(r, call_text(c, "calendar.address_local", NO_ARGS));
    reply_button(r, "quiet", typed(c, "calendar", word_of(c, "revoke")), "calendar.button.revoke", NO_ARGS);
    reply_private(r); /* whoever has it reads the calendar */
    return true;
}

static bool revoke_address(struct call *c, struct err *e)
{
    int64_t made = agenda_feed_made(c->db, c->member->id, e);
    if (e->code != ERR_NONE || !agenda_feed_drop(c->db, c->member->id, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, made ? "calendar.revoked" : "calendar.no_address", NO_ARGS);
    reply_button(r, "plain", typed(c, "calendar", word_of(c, "new")), "calendar.button.new", NO_ARGS);
    return true;
}

/* Those of others. */

/* The name of the host in an address that may be fetched; NULL: it is none. */
static char *host_of(struct call *c, const char *url)
{
    if (strncasecmp(url, "https://", 8) != 0 || strlen(url) > ADDRESS_BYTES || strpbrk(url, " \n\t\"<>\\"))
        return NULL;
    char *host = arena_strndup(c->mem, url + 8, strcspn(url + 8, "/?#"));
    bool plain = !strpbrk(host, "@[]%"); /* no password in it, no number in brackets */
    host[strcspn(host, ":")] = '\0';
    return *host && plain ? host : NULL;
}

/* webcal: is how pages make a phone subscribe. */
static const char *address_of(struct call *c, const char *typed_address)
{
    bool webcal = !strncasecmp(typed_address, "webcal://", 9);
    return webcal ? arena_printf(c->mem, "https://%s", typed_address + 9) : typed_address;
}

static bool add_address(struct call *c, const char *typed_address, struct err *e)
{
    struct calendar_row rows[ADDRESSES], row = { .member_id = c->member->id, .url = address_of(c, typed_address), .next_ms = c->now_ms };
    row.host = host_of(c, row.url);
    int n = calendar_list(c->db, c->mem, c->member->id, rows, ADDRESSES, e);
    for (int i = 0; i < n; i++)
        if (!strcmp(rows[i].url, row.url))
            return fail(e, ERR_CONFLICT, "calendar.have", ARGS(TXT("host", rows[i].host)), "twice");
    if (e->code != ERR_NONE || !row.host)
        return e->code == ERR_NONE && fail(e, ERR_USAGE, "calendar.https", NULL, "no address");
    if (n == ADDRESSES)
        return fail(e, ERR_LIMIT, "calendar.enough", ARGS(NUM("max", ADDRESSES)), "too many");
    if (!calendar_add(c->db, &row, c->now_ms, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "calendar.added", ARGS(TXT("host", row.host)));
    undo_button(r);
    reply_private(r);
    return true;
}

/* By its number in the list, its host, or because there is only one. */
static bool remove_address(struct call *c, const char *which, struct err *e)
{
    struct calendar_row rows[ADDRESSES];
    int n = calendar_list(c->db, c->mem, c->member->id, rows, ADDRESSES, e), found = -1;
    long number = strtol(which, NULL, 10);
    for (int i = 0; i < n; i++)
        if (number == i + 1 || !strcasecmp(which, rows[i].host) || (!*which && n == 1))
            found = i;
    if (found < 0)
        return e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "calendar.which", ARGS(NUM("n", n)), "unknown");
    if (!calendar_remove(c->db, rows[found].id, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_new(c, REPLY_OK, "calendar.removed", ARGS(TXT("host", rows[found].host)));
    undo_button(r);
    return true;
}

/* 1 cal.example · read today 17:20 */
static char *row_text(struct call *c, const struct calendar_row *row, int number)
{
    const char *key = row->failed ? "calendar.row_failed" : row->fetched_ms ? "calendar.row_read" : "calendar.row_new";
    return call_text(c, key, ARGS(NUM("number", number), TXT("host", row->host), TXT("known", row->fetched_ms ? "yes" : "no"),
        TXT("when", label_date(c, row->fetched_ms))));
}

static bool overview(struct call *c, struct err *e)
{
    struct calendar_row rows[ADDRESSES];
    int64_t made = agenda_feed_made(c->db, c->member->id, e);
    int n = e->code == ERR_NONE ? calendar_list(c->db, c->mem, c->member->id, rows, ADDRESSES, e) : 0;
    struct reply *r = reply_new(c, REPLY_OK, made ? "calendar.is_read" : "calendar.not_read", ARGS(TXT("when", label_date(c, made))));
    for (int i = 0; i < n; i++)
        reply_item(r, row_text(c, &rows[i], i + 1), NULL);
    reply_soft(r, call_text(c, "calendar.how", NO_ARGS));
    reply_button(r, "plain", typed(c, "calendar", word_of(c, "new")), "calendar.button.new", NO_ARGS);
    if (made)
        reply_button(r, "plain", typed(c, "calendar", word_of(c, "revoke")), "calendar.button.revoke", NO_ARGS);
    reply_button(r, "fill", typed(c, "calendar", arena_printf(c->mem, "%s ", word_of(c, "add"))), "calendar.button.add", NO_ARGS);
    return e->code == ERR_NONE;
}

/* The command. */

static bool calendar_run(struct call *c, struct err *e)
{
    const char *rest = c->f->rest;
    struct word act;
    e->code = ERR_NONE;
    if (ical_begins(rest))
        return calendar_file(c, rest, ask_settled(c, "$calendar") ? CALENDAR_DO : CALENDAR_ASK, e);
    if (!*rest)
        return overview(c, e);
    size_t head = strnlen(rest, ADDRESS_BYTES + 100);
    struct folded f = fold_text(c->mem, rest, head);
    if (!catalogue_match_kind(c->words, f.s, f.n, 0, "calendar_act", 0, &act))
        return fail(e, ERR_USAGE, "calendar.what", NULL, "unread");
    const char *behind = rest + f.src[act.len];
    behind += strspn(behind, " ");
    if (!strcmp(act.value, "add"))
        return add_address(c, behind, e);
    if (!strcmp(act.value, "remove"))
        return remove_address(c, behind, e);
    return !strcmp(act.value, "new") ? give_address(c, e) : revoke_address(c, e);
}

const struct command calendar_command = { .id = "calendar", .args = calendar_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_RAW, .run = calendar_run };
