/* A calendar file on the command line: the same plan as in the chat, said on standard output and,
 * without --dry-run, written in one transaction that the member can undo. */
#include "bot/port.h"

#include <stdio.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/json.h"
#include "bot/core/names.h"
#include "bot/core/own_days.h"
#include "bot/store/journal.h"
#include "handlers/handlers.h"

static void print_replies(struct call *c, const char *name)
{
    for (struct reply *r = c->replies; r; r = r->next) {
        AUTO_JSON shown = reply_resolve(c->db, c->words, c->mem, json_print(c->mem, r->json), c->member->id, c->locale);
        (void)printf("%s: %s\n", name, json_text(shown, "text"));
    }
}

/* Why not, in the member's language, where the calendar is at fault. */
static bool explain(struct call *c, struct err *e)
{
    if (e->key)
        (void)fail(e, e->code, NULL, NULL, "%.200s", call_text(c, e->key, e->args));
    return false;
}

static bool take(struct call *c, const char *text, bool dry_run, struct err *e)
{
    if (dry_run)
        return calendar_file(c, text, CALENDAR_SHOW, e);
    if (!db_begin(c->db, e))
        return false;
    c->group = journal_begin(c->db, c->member->id, c->conversation, c->now_ms, e);
    if (c->group && calendar_file(c, text, CALENDAR_DO, e) && journal_about(c->db, c->group, "calendar", NULL, e) &&
        journal_end(c->db, c->group, e) && db_commit(c->db, e))
        return true;
    db_rollback(c->db);
    return false;
}

bool port_calendar(struct config *config, struct db *db, const struct catalogue *words, int64_t member, const char *name,
    const char *text, bool dry_run, struct err *e)
{
    struct arena *mem = &config->mem;
    struct member m;
    if (!member)
        return fail(e, ERR_USAGE, NULL, NULL, "whose meetings are in '%.100s'? add --as HANDLE", name);
    if (!member_by_id(db, mem, member, &m, e))
        return false;
    if (!(m.roles & calendar_command.may))
        return fail(e, ERR_FORBIDDEN, NULL, NULL, "'%s' plans no meetings; name a rep or a manager with --as", m.handle);
    struct own_days days = { 0 };
    struct frame frame = { .percent_bp = -1 };
    const char *locale = config->from[SET_LOCALE] == FROM_FLAG ? config->value[SET_LOCALE] : m.locale;
    struct call c = { .mem = mem, .db = db, .words = words, .member = &m, .f = &frame, .now_ms = clock_now_ms(),
        .locale = catalogue_find_locale(words, locale), .conversation = "console", .network = NETWORK_CONSOLE, .text = "" };
    c.when = (struct when_context){ .words = words, .now_ms = c.now_ms, .zone = m.zone, .market = m.market,
        .team_zone = config->value[SET_ZONE] };
    c.names = names_open(db, words, e);
    own_days_use(&days, db);
    bool ok = c.names && (take(&c, text, dry_run, e) || explain(&c, e));
    if (ok)
        print_replies(&c, name);
    reply_drop_all(&c);
    names_close(c.names);
    own_days_finish(&days);
    return ok;
}
