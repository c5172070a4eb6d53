/* retention: how long notes are kept, for administrators. Off unless they set it; what it
 * means is done by the engine's clock (core/engine_retention.c). */
#include "bot/core/retention.h"

#include <string.h>
#include "bot/store/team.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"
#include "handlers/team.h"

enum { YEAR_MONTHS = 12, MONTHS_MAX = 240 };

static const struct arg retention_args[] = {
    { "period", ARG_TEXT, 0 },
    { 0 },
};

/* "notes 24 months", "メモ 2年", "off": in months, 0 for off; -1: not read. */
static int64_t months_typed(struct call *c, const char *typed)
{
    struct folded f = fold_text(c->mem, typed, strlen(typed));
    struct word w;
    size_t digits = strcspn(f.s, "0123456789");
    int64_t n;
    for (size_t at = 0; at < f.n; (void)utf8_next(f.s, f.n, &at))
        if (catalogue_match_kind(c->words, f.s, f.n, at, "switch", 0, &w) && !strcmp(w.value, "off") && at + w.len == f.n)
            return 0;
    size_t len = f.s[digits] ? read_decimal(f.s + digits, 0, &n) : 0;
    const char *unit = f.s + digits + len + strspn(f.s + digits + len, " ");
    bool years = !strncmp(unit, "year", 4) || !strcmp(unit, "y") || !strncmp(unit, "年", strlen("年"));
    bool months = !strncmp(unit, "month", 5) || !strncmp(unit, "か月", strlen("か月")) ||
                  !strncmp(unit, "ヶ月", strlen("ヶ月")) || !strncmp(unit, "カ月", strlen("カ月")) ||
                  !strncmp(unit, "ヵ月", strlen("ヵ月"));
    if (!len || (!years && !months) || n < 1 || n > MONTHS_MAX)
        return -1;
    return years ? n * YEAR_MONTHS : n;
}

static void tell(struct call *c, int months)
{
    struct reply *r = months ? reply_new(c, REPLY_OK, "retention.is", ARGS(NUM("months", months)))
                             : reply_new(c, REPLY_OK, "retention.is_off", NO_ARGS);
    reply_soft(r, call_text(c, months ? "retention.told_before" : "retention.to_set", NO_ARGS));
}

static bool retention_run(struct call *c, struct err *e)
{
    const char *rest = c->f->rest ? c->f->rest : "";
    e->code = ERR_NONE;
    if (!*rest) {
        int months = retention_months(c->db, c->mem, e);
        tell(c, months);
        return e->code == ERR_NONE;
    }
    int64_t months = months_typed(c, rest);
    if (months < 0 || months > MONTHS_MAX)
        return fail(e, ERR_USAGE, "retention.what", NULL, "no period");
    const char *value = months ? arena_printf(c->mem, "%lld", (long long)months) : "off";
    if (!setting_put(c->db, "retention", value, c->member->id, c->now_ms, e) || !retention_again(c->db, e))
        return false;
    tell(c, (int)months);
    undo_button(c->replies);
    return true;
}

const struct command retention_command = { .id = "retention", .args = retention_args, .may = ROLE_ADMIN,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_RAW, .run = retention_run };
