/* notify: when and where the bot speaks up by itself, as each member wants it: the hour and
 * days of the morning list and of the weekly digest, quiet hours, the network, kinds that
 * say nothing. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/core/notice.h"
#include "bot/store/identities.h"
#include "bot/text/fold.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg notify_args[] = {
    { "notice", ARG_TEXT, 0 },
    { 0 },
};
enum { DAYS = 7, KINDS = 16 };

struct line {
    struct call *c;
    struct folded f;
    size_t at;
};

static void skip(struct line *l)
{
    while (l->at < l->f.n && strchr(" ,:~-", l->f.s[l->at]))
        l->at++;
}

/* The word of that kind which stands next, and goes past it; NULL: none. */
static const char *take(struct line *l, const char *kind)
{
    struct word w;
    skip(l);
    if (l->at >= l->f.n || !catalogue_match_kind(l->c->words, l->f.s, l->f.n, l->at, kind, 0, &w))
        return NULL;
    l->at += w.len;
    return w.value;
}

/* 7:45, 8, 8時, 8時30分; -1: none stands there. */
static int take_time(struct line *l)
{
    skip(l);
    const char *s = l->f.s + l->at;
    size_t digits = strspn(s, "0123456789"), n = digits;
    if (!digits || digits > 2)
        return -1;
    int minutes = notice_minutes(arena_strndup(l->c->mem, s, digits));
    if (s[n] == ':' && strspn(s + n + 1, "0123456789") == 2) {
        minutes = notice_minutes(arena_strndup(l->c->mem, s, digits + 3));
        n += 3;
    } else if (!strncmp(s + n, "時", strlen("時"))) {
        n += strlen("時");
        size_t more = strspn(s + n, "0123456789");
        if (more == 2 && !strncmp(s + n + more, "分", strlen("分"))) {
            minutes = notice_minutes(arena_printf(l->c->mem, "%.*s:%.2s", (int)digits, s, s + n));
            n += more + strlen("分");
        }
    }
    l->at += n;
    return minutes;
}

static char *hour_text(struct call *c, int minutes)
{
    return arena_printf(c->mem, "%02d:%02d", minutes / 60, minutes % 60);
}

static const char *take_weekday(struct line *l)
{
    const char *day = take(l, "when.weekday");
    return day ? day : take(l, "when.weekday_short");
}

/* mon-fri, 月〜金, mon wed fri: as "12345"; NULL: none. */
static char *take_days(struct line *l)
{
    bool on[DAYS + 1] = { 0 };
    char out[DAYS + 1];
    int n = 0;
    for (const char *day; (day = take_weekday(l));) {
        int from = *day - '0', to = from;
        bool span = l->at < l->f.n && strchr("-~", l->f.s[l->at]);
        bool wave = !strncmp(l->f.s + l->at, "〜", strlen("〜"));
        if (span || wave) {
            l->at += wave ? strlen("〜") : 1;
            const char *last = take_weekday(l);
            to = last ? *last - '0' : from;
        }
        for (int i = from;; i = i % DAYS + 1) {
            on[i] = true;
            if (i == to)
                break;
        }
    }
    for (int i = 1; i <= DAYS; i++)
        if (on[i])
            out[n++] = (char)('0' + i);
    return n ? arena_strndup(l->c->mem, out, (size_t)n) : NULL;
}

static char *days_text(struct call *c, const char *days)
{
    struct buf b = BUF_ON(c->mem);
    for (; *days; days++)
        buf_join(&b, comma(c), catalogue_word(c->words, c->locale, "when.weekday_short", arena_strndup(c->mem, days, 1)));
    return arena_strdup(c->mem, buf_str(&b));
}

static bool comes(const struct call *c, const char *kind)
{
    return (c->member->roles & notice_regular_find(kind)->roles) != 0;
}

/* Mon 08:30 */
static char *digest_text(struct call *c, struct err *e)
{
    int day = notice_digest_day(c->db, c->mem, c->member->id, e);
    return call_text(c, "notify.weekly", ARGS(TXT("day", days_text(c, arena_printf(c->mem, "%d", day))),
        TXT("hour", hour_text(c, notice_hour(c->db, c->mem, c->member->id, "digest", e)))));
}

/* Everything that is chosen or holds without. */
static bool show(struct call *c, const char *code, struct err *e)
{
    int64_t me = c->member->id;
    const char *kinds[KINDS];
    struct buf muted = BUF_ON(c->mem);
    e->code = ERR_NONE;
    const char *days = notice_get(c->db, c->mem, me, "days", e);
    const char *quiet = notice_get(c->db, c->mem, me, "quiet", e), *via = notice_get(c->db, c->mem, me, "via", e);
    struct reply *r = reply_new(c, REPLY_OK, code, NO_ARGS);
    if (comes(c, "morning")) {
        reply_field(r, "notify.label.morning", hour_text(c, notice_hour(c->db, c->mem, me, "morning", e)));
        reply_field(r, "notify.label.days", days ? days_text(c, days) : call_text(c, "notify.business_days", NO_ARGS));
    }
    if (comes(c, "digest"))
        reply_field(r, "notify.label.digest", digest_text(c, e));
    reply_field(r, "notify.label.quiet", quiet ? quiet : call_text(c, "notify.none", NO_ARGS));
    reply_field(r, "notify.label.via", via ? catalogue_word(c->words, c->locale, "notify_via", via) : call_text(c, "notify.last_used", NO_ARGS));
    int n = catalogue_values(c->words, "notify_kind", kinds, KINDS);
    for (int i = 0; i < n; i++)
        if (notice_get(c->db, c->mem, me, arena_printf(c->mem, "mute.%s", kinds[i]), e))
            buf_join(&muted, comma(c), catalogue_word(c->words, c->locale, "notify_kind", kinds[i]));
    reply_field(r, "notify.label.muted", muted.n ? buf_str(&muted) : call_text(c, "notify.none", NO_ARGS));
    reply_button(r, "fill", typed(c, "notify", ""), "button.edit", NO_ARGS);
    return e->code == ERR_NONE;
}

/* What comes next moves along with the hour and the days. */
static bool plan_anew(struct call *c, struct err *e)
{
    const struct notice_regular *k;
    struct regular next;
    e->code = ERR_NONE;
    for (int i = 0; (k = notice_regular_at(i)) != NULL; i++) {
        if (!regular_known(c->db, c->member->id, k->kind, e))
            continue;
        if (!notice_next(c->db, c->mem, c->member, k->kind, c->now_ms, &next, e) || !regular_plan(c->db, &next, e))
            return false;
    }
    return e->code == ERR_NONE;
}

static bool put(struct call *c, const char *key, const char *value, struct err *e)
{
    return notice_put(c->db, c->member->id, key, value, c->now_ms, e) && plan_anew(c, e) && show(c, "notify.noted", e);
}

static bool put_morning(struct call *c, const char *key, const char *value, struct err *e)
{
    if (!comes(c, "morning"))
        return fail(e, ERR_FORBIDDEN, "notify.no_morning", NULL, "no list");
    return put(c, key, value, e);
}

/* fri 17:00, 金曜 17時, off */
static bool put_digest(struct line *l, struct err *e)
{
    struct call *c = l->c;
    const char *turned = take(l, "switch"), *day = turned ? NULL : take_weekday(l);
    int minutes = turned ? -1 : take_time(l);
    if (!comes(c, "digest"))
        return fail(e, ERR_FORBIDDEN, "notify.no_digest", NULL, "no digest");
    if (turned)
        return put(c, "mute.digest", strcmp(turned, "off") ? NULL : "on", e);
    if (!day)
        day = take_weekday(l); /* the hour came first */
    if (!day && minutes < 0)
        return fail(e, ERR_USAGE, "notify.what_digest", NULL, "no day");
    return (!day || notice_put(c->db, c->member->id, "digest_day", day, c->now_ms, e)) &&
           (minutes < 0 || notice_put(c->db, c->member->id, "digest", hour_text(c, minutes), c->now_ms, e)) &&
           plan_anew(c, e) && show(c, "notify.noted", e);
}

static bool put_quiet(struct line *l, struct err *e)
{
    struct call *c = l->c;
    if (take(l, "switch"))
        return put(c, "quiet", NULL, e);
    int from = take_time(l);
    if (!strncmp(l->f.s + l->at, "〜", strlen("〜")))
        l->at += strlen("〜");
    int to = from < 0 ? -1 : take_time(l);
    if (from < 0 || to < 0 || from == to)
        return fail(e, ERR_USAGE, "notify.what_quiet", NULL, "no span");
    return put(c, "quiet", arena_printf(c->mem, "%s-%s", hour_text(c, from), hour_text(c, to)), e);
}

static bool put_via(struct line *l, const char *network, struct err *e)
{
    struct call *c = l->c;
    struct identity i;
    if (!strcmp(network, "last"))
        return put(c, "via", NULL, e);
    if (!strcmp(network, "web") || identity_of_member(c->db, c->mem, c->member->id, network, &i, e))
        return put(c, "via", network, e);
    return e->code == ERR_NONE && fail(e, ERR_CONFLICT, "notify.not_there", ARGS(TXT("network", catalogue_word(c->words, c->locale, "notify_via", network))), "no account");
}

static bool notify_run(struct call *c, struct err *e)
{
    struct line l = { .c = c, .f = fold_text(c->mem, c->f->rest, strlen(c->f->rest)) };
    e->code = ERR_NONE;
    skip(&l);
    if (l.at >= l.f.n)
        return show(c, "notify.title", e);
    const char *what = take(&l, "notify"), *via = what ? NULL : take(&l, "notify_via");
    if (via)
        return put_via(&l, via, e);
    const char *kind = what && (!strcmp(what, "mute") || !strcmp(what, "unmute")) ? take(&l, "notify_kind") : NULL;
    if (kind)
        return put(c, arena_printf(c->mem, "mute.%s", kind), !strcmp(what, "mute") ? "on" : NULL, e);
    if (what && !strcmp(what, "quiet"))
        return put_quiet(&l, e);
    if (what && !strcmp(what, "digest"))
        return put_digest(&l, e);
    char *days = !what || !strcmp(what, "days") ? take_days(&l) : NULL;
    if (days)
        return put_morning(c, "days", days, e);
    int minutes = !what || !strcmp(what, "morning") ? take_time(&l) : -1;
    if (minutes >= 0)
        return put_morning(c, "morning", hour_text(c, minutes), e);
    return fail(e, ERR_USAGE, "notify.what", NULL, "unread");
}

const struct command notify_command = { .id = "notify", .args = notify_args, .may = ROLE_SALES | ROLE_HQ, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_RAW, .run = notify_run };
