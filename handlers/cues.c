/* Cue tags, what the room said without words: taken off and put on by a tap or a line,
 * and counted by what became of the deal. */
#include <string.h>
#include "bot/text/fold.h"
#include "bot/text/utf8.h"
#include "handlers/correct.h"
#include "handlers/handlers.h"

enum { CUES = 32 };

static const struct arg cue_args[] = {
    { "record", ARG_RECORD, REQUIRED },
    { "cue", ARG_TEXT, REQUIRED },
    { 0 },
};
static const struct arg cues_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "period", ARG_PERIOD, 0 },
    { 0 },
};

/* The cues named in a line, and whether it takes them off. */
struct wanted {
    const char *cues[CUES];
    int n;
    bool off;
};

static void read_wanted(struct call *c, struct wanted *w)
{
    struct folded f = fold_text(c->mem, c->f->rest, strlen(c->f->rest));
    for (size_t at = 0; at < f.n;) {
        struct word words[8];
        size_t step = 0;
        int n = catalogue_match(c->words, f.s, f.n, at, words, 8);
        for (int i = 0; i < n && !step; i++) {
            if (!strcmp(words[i].kind, "off"))
                w->off = true;
            else if (!strcmp(words[i].kind, "cue") && w->n < CUES)
                w->cues[w->n++] = words[i].value;
            else
                continue;
            step = words[i].len;
        }
        if (step)
            at += step;
        else
            (void)utf8_next(f.s, f.n, &at);
    }
}

static bool listed(const char *list, const char *cue)
{
    size_t n = strlen(cue);
    for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',')
        if (!strncmp(p, cue, n) && (p[n] == ',' || !p[n]))
            return true;
    return false;
}

/* The list without those taken off, with those put on; NULL: none are left. */
static char *changed_list(struct call *c, const char *list, const struct wanted *w)
{
    struct buf b = BUF_ON(c->mem);
    for (const char *p = list; p && *p; p += strcspn(p, ","), p += *p == ',') {
        const char *one = arena_strndup(c->mem, p, strcspn(p, ","));
        bool gone = false;
        for (int i = 0; i < w->n; i++)
            gone = gone || (w->off && !strcmp(w->cues[i], one));
        buf_join(&b, ",", gone ? NULL : one);
    }
    for (int i = 0; i < w->n; i++)
        buf_join(&b, ",", w->off || listed(list, w->cues[i]) ? NULL : w->cues[i]);
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

static bool refuse_unknown(struct call *c, struct err *e)
{
    const char *values[CUES];
    struct buf b = BUF_ON(c->mem);
    int n = catalogue_values(c->words, "cue", values, CUES);
    for (int i = 0; i < n; i++)
        buf_join(&b, call_text(c, "list.comma", NO_ARGS), catalogue_word(c->words, c->locale, "cue", values[i]));
    return fail(e, ERR_USAGE, "cue.unknown", ARGS(TXT("cues", arena_strdup(c->mem, buf_str(&b)))), "no cue");
}

static bool cue_run(struct call *c, struct err *e)
{
    struct touch t;
    struct wanted w = { 0 };
    struct ref ref = c->f->refs[0];
    const char *id = call_ref(c, ref.kind, ref.no);
    e->code = ERR_NONE;
    if (!strchr("TM", ref.kind) || !touch_load(c->db, c->mem, ref.kind, ref.no, &t, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "record.none", ARGS(TXT("id", id)), "no record") : false;
    read_wanted(c, &w);
    if (!w.n)
        return refuse_unknown(c, e);
    if (!may_change(c, t.member_id, e))
        return false;
    t.cues = changed_list(c, t.cues, &w);
    if (!touch_update(c->db, c->mem, &t, c->now_ms, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "cue.changed", touch_line(c, &t));
    char *cues = cues_of(c, t.cues, "touch.cue");
    reply_soft(r, cues ? cues : call_text(c, "cue.none", NO_ARGS));
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    record_touch(c, r, &t, "changed", NULL);
    return true;
}

/* How often a cue was seen, and what became of the deals. */
struct count {
    const char *cue;
    int times, won, lost, open;
};

static struct count *count_of(struct count *all, int *n, const char *cue)
{
    for (int i = 0; i < *n; i++)
        if (!strcmp(all[i].cue, cue))
            return &all[i];
    if (*n == CUES)
        return NULL;
    all[*n] = (struct count){ .cue = cue };
    return &all[(*n)++];
}

static void count_cues(struct call *c, const struct cue_row *row, struct count *all, int *n)
{
    for (const char *p = row->cues; *p; p += strcspn(p, ","), p += *p == ',') {
        struct count *x = count_of(all, n, arena_strndup(c->mem, p, strcspn(p, ",")));
        if (!x)
            continue;
        x->times += row->times;
        if (row->state && !strcmp(row->state, "won"))
            x->won += row->times;
        else if (row->state && !strcmp(row->state, "lost"))
            x->lost += row->times;
        else if (row->state)
            x->open += row->times;
    }
}

static void put_counts(struct call *c, struct reply *r, struct count *all, int n)
{
    static const char *const columns[] = { "cue.column", "cue.times", "cue.won", "cue.lost", "cue.open" };
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && all[k].times > all[k - 1].times; k--) {
            struct count x = all[k];
            all[k] = all[k - 1];
            all[k - 1] = x;
        }
    reply_table(r);
    for (int i = 0; i < 5; i++)
        reply_column(r, call_text(c, columns[i], NO_ARGS), i ? 'r' : 'l');
    for (int i = 0; i < n; i++) {
        const int numbers[] = { all[i].times, all[i].won, all[i].lost, all[i].open };
        const char *cells[5] = { catalogue_word(c->words, c->locale, "cue", all[i].cue) };
        for (int k = 0; k < 4; k++)
            cells[k + 1] = arena_printf(c->mem, "%d", numbers[k]);
        reply_row(r, cells, 5);
    }
    reply_soft(r, call_text(c, "cue.counted", NO_ARGS));
}

static bool cues_run(struct call *c, struct err *e)
{
    struct cue_row rows[CUES * 4];
    struct count *all = ARENA_ARRAY(c->mem, struct count, CUES);
    struct period p = c->f->has_period ? c->f->period : period_trailing_months(&c->when, 12);
    int n = 0;
    e->code = ERR_NONE;
    int64_t customer = c->f->n_customers ? c->f->customers[0] : 0;
    int count = touch_cues(c->db, c->mem, c->member->id, customer, p.from_ms,
        p.to_ms + (p.to_date ? 1 : 0), rows, CUES * 4, e);
    for (int i = 0; i < count; i++)
        count_cues(c, &rows[i], all, &n);
    if (e->code != ERR_NONE)
        return false;
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", call_text(c, n ? "cue.title" : "cue.no_counts", NO_ARGS));
    buf_join(&b, " · ", customer ? label_customer(c, customer) : NULL);
    buf_join(&b, " · ", period_format(&c->when, c->mem, c->locale, &p));
    struct reply *r = reply_titled(c, REPLY_OK, n ? "cue.title" : "cue.no_counts", buf_str(&b));
    if (n)
        put_counts(c, r, all, n);
    return true;
}

const struct command cue_command = { .id = "cue", .args = cue_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = cue_run };
const struct command cues_command = { .id = "cues", .args = cues_args, .may = ROLE_TEAM,
    .where = ANYWHERE, .flags = CMD_DESK, .run = cues_run };
