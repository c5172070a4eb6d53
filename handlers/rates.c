/* rate: what one currency is worth in another from a day on; without it no sum crosses
 * currencies. setting: what the team decided about ranking, expiry and stage weights. */
#include "bot/store/team.h"

#include <string.h>
#include "bot/text/fold.h"
#include "bot/text/money.h"
#include "handlers/handlers.h"
#include "handlers/team.h"

enum { ROWS = 20, NANO = 9, EXPIRY_MAX = 1000, STAGES = 5 };

static const struct arg rate_args[] = {
    { "rate", ARG_TEXT, 0 },
    { 0 },
};
static const struct arg setting_args[] = {
    { "setting", ARG_TEXT, 0 },
    { 0 },
};

size_t read_decimal(const char *s, int places, int64_t *out)
{
    size_t i = 0;
    int64_t v = 0;
    int left = places;
    for (; s[i] >= '0' && s[i] <= '9' && i < 7; i++)
        v = v * 10 + (s[i] - '0');
    if (!i || (s[i] >= '0' && s[i] <= '9'))
        return 0;
    if (s[i] == '.' && s[i + 1] >= '0' && s[i + 1] <= '9')
        for (i++; s[i] >= '0' && s[i] <= '9'; i++, left--) {
            if (!left)
                return 0;
            v = v * 10 + (s[i] - '0');
        }
    for (; left > 0; left--)
        v *= 10;
    *out = v;
    return v ? i : 0;
}

char *decimal_text(struct arena *mem, int64_t value, int places)
{
    int64_t unit = 1;
    for (int i = 0; i < places; i++)
        unit *= 10;
    char *text = arena_printf(mem, "%lld.%0*lld", (long long)(value / unit), places, (long long)(value % unit));
    size_t n = strlen(text);
    while (text[n - 1] == '0')
        text[--n] = '\0';
    if (text[n - 1] == '.')
        text[n - 1] = '\0';
    return text;
}

static const char *skip(const char *s)
{
    return s + strspn(s, " =/:");
}

/* aud, AUD: a code of ISO 4217. */
static bool take_code(struct call *c, const char **s, const char **out)
{
    char *code = arena_strndup(c->mem, *s, strnlen(*s, 3));
    for (char *k = code; *k; k++)
        if (*k >= 'a' && *k <= 'z')
            *k = (char)(*k - 'a' + 'A');
    if (!currency_valid(code) || ((*s)[3] != ' ' && (*s)[3] != '/' && (*s)[3] != '='))
        return false;
    *out = code;
    *s = skip(*s + 3);
    return true;
}

/* AUD JPY 98.2 2026-06-30; without a day from today. */
static bool take_rate(struct call *c, const char *s, struct fx_rate *r, struct err *e)
{
    struct when_token t;
    struct when w;
    size_t n;
    r->at_day = day_of(c->now_ms, c->when.team_zone);
    bool ok = take_code(c, &s, &r->base) && take_code(c, &s, &r->quote) && strcmp(r->base, r->quote) != 0 &&
              (n = read_decimal(s, NANO, &r->nano)) != 0;
    if (!ok)
        return fail(e, ERR_USAGE, "rate.what", NULL, "unread");
    s = skip(s + n);
    if (!*s)
        return true;
    if (!when_match(&c->when, s, strlen(s), 0, &t) || t.piece != WHEN_DATE || *skip(s + t.len))
        return fail(e, ERR_USAGE, "rate.what", NULL, "no day");
    if (!when_resolve(&c->when, &t, 1, WHEN_PAST, &w, c->mem, c->locale, e))
        return false;
    r->at_day = day_of(w.at_ms, c->when.team_zone);
    return true;
}

static char *rate_text(struct call *c, const struct fx_rate *r)
{
    return call_text(c, "rate.one", ARGS(TXT("base", r->base), TXT("quote", r->quote),
        TXT("rate", decimal_text(c->mem, r->nano, NANO)),
        TXT("day", when_format_day(&c->when, c->mem, c->locale, r->at_day))));
}

static bool rate_run(struct call *c, struct err *e)
{
    struct folded f = fold_text(c->mem, c->f->rest, strlen(c->f->rest));
    struct fx_rate list[ROWS], rate = { 0 };
    e->code = ERR_NONE;
    if (!f.n) {
        int n = rate_list(c->db, c->mem, list, ROWS, e);
        struct reply *r = reply_new(c, REPLY_OK, "rate.list", ARGS(NUM("n", n)));
        for (int i = 0; i < n; i++)
            reply_item(r, rate_text(c, &list[i]), NULL);
        return e->code == ERR_NONE;
    }
    if (!take_rate(c, f.s, &rate, e) || !rate_add(c->db, &rate, c->member->id, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "rate.noted", rate_text(c, &rate));
    undo_button(r);
    return true;
}

static size_t word_at(struct call *c, const struct folded *f, size_t at, const char *kind, const char **value)
{
    struct word w;
    if (at >= f->n || !catalogue_match_kind(c->words, f->s, f->n, at, kind, 0, &w))
        return 0;
    *value = w.value;
    return w.len;
}

/* 60, or 10 20 40 60 80 that never fall; as they are stored. NULL: not that. */
static char *take_numbers(struct call *c, const char *s, int n, int max)
{
    struct buf b = BUF_ON(c->mem);
    int64_t v, last = 1;
    int k = 0;
    for (; *s; k++) {
        size_t len = read_decimal(s, 0, &v);
        if (!len || v < last || v > max || k == n)
            return NULL;
        last = v;
        buf_join(&b, " ", arena_printf(c->mem, "%lld", (long long)v));
        s += len;
        s += strspn(s, " %,");
    }
    return k == n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

static const char *usual(const char *key)
{
    return !strcmp(key, "ranking") ? "off" : !strcmp(key, "expiry") ? "90" : "10 20 40 60 80";
}

static char *setting_text(struct call *c, const char *key, const char *value)
{
    const char *shown = !strcmp(key, "ranking") ? catalogue_word(c->words, c->locale, "switch", value) : value;
    return call_text(c, arena_printf(c->mem, "setting.%s", key), ARGS(TXT("value", shown)));
}

static bool show_settings(struct call *c, struct err *e)
{
    static const char *const keys[] = { "ranking", "expiry", "weights" };
    struct reply *r = reply_new(c, REPLY_OK, "setting.list", NO_ARGS);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char *value = setting_get(c->db, c->mem, keys[i], e);
        reply_item(r, setting_text(c, keys[i], value ? value : usual(keys[i])), NULL);
    }
    return e->code == ERR_NONE;
}

static bool setting_run(struct call *c, struct err *e)
{
    struct folded f = fold_text(c->mem, c->f->rest, strlen(c->f->rest));
    const char *key = NULL, *value = NULL;
    size_t at = word_at(c, &f, 0, "setting", &key);
    e->code = ERR_NONE;
    if (!f.n)
        return show_settings(c, e);
    const char *rest = skip(f.s + at);
    if (key && !strcmp(key, "ranking")) {
        size_t from = (size_t)(rest - f.s), n = word_at(c, &f, from, "switch", &value);
        value = n && from + n == f.n ? value : NULL;
    } else if (key) {
        value = take_numbers(c, rest, !strcmp(key, "expiry") ? 1 : STAGES, !strcmp(key, "expiry") ? EXPIRY_MAX : 100);
    }
    if (!value)
        return fail(e, ERR_USAGE, "setting.what", NULL, "unread");
    if (!setting_put(c->db, key, value, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "setting.noted", setting_text(c, key, value));
    undo_button(r);
    return true;
}

const struct command rate_command = { .id = "rate", .args = rate_args,
    .may = ROLE_MANAGER | ROLE_COUNTRY | ROLE_ADMIN, .where = ANYWHERE, .flags = CMD_WRITES | CMD_RAW, .run = rate_run };
const struct command setting_command = { .id = "setting", .args = setting_args,
    .may = ROLE_MANAGER | ROLE_COUNTRY | ROLE_ADMIN, .where = ANYWHERE, .flags = CMD_WRITES | CMD_RAW, .run = setting_run };
