/* The name of a person who was forgotten, taken out of whatever holds a copy of it: texts,
 * what was said on either side, open questions, what waits, former columns. Slice by slice,
 * each remembered, so that a crash goes on where it was. At last the word index loses what it
 * held, and the log of the file is cut. */
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/log.h"
#include "bot/core/engine_private.h"
#include "bot/core/forget.h"
#include "bot/core/redact.h"
#include "bot/core/search.h"

enum { SLICE_US = 15000, ROWS = 100, WINDOW = 500, LABEL_WINDOW = WINDOW / 3, REVISIONS = 64 };
enum step { STEP_NONE, STEP_ABOUT, STEP_TEXTS, STEP_MESSAGES, STEP_ASKS, STEP_WAITING, STEP_CHANGES,
    STEP_LABELS, STEP_INDEX, STEP_LOG };

struct sweep {
    struct engine *g;
    struct forgotten f;
    struct redact *names;
    int64_t until_us;
    struct forget_row rows[WINDOW];
};

static bool time_left(const struct sweep *s)
{
    return clock_ticks_us() < s->until_us;
}

static void next_step(struct sweep *s)
{
    s->f.step++;
    s->f.place = 0;
}

static bool store_text(struct sweep *s, const struct forget_row *old, const char *text, struct err *e)
{
    e->code = ERR_NONE;
    return search_rewrite(s->g->db, &s->g->mem, old->id, old->rev, old->text, text, e);
}

static bool sweep_about(struct sweep *s, struct err *e)
{
    struct forget_row revisions[REVISIONS];
    while (time_left(s)) {
        int64_t note = forget_note_next(s->g->db, s->f.id, e);
        if (!note) {
            if (e->code == ERR_NONE)
                next_step(s);
            return e->code == ERR_NONE;
        }
        int n = forget_revisions(s->g->db, &s->g->mem, note, revisions, REVISIONS, e);
        for (int i = 0; i < n && e->code == ERR_NONE; i++)
            if (!store_text(s, &revisions[i], "", e))
                return false;
        if (e->code != ERR_NONE || !forget_note_done(s->g->db, note, e))
            return false;
    }
    return true;
}

/* Without the name; NULL: it is not there, or the error. */
static char *clean_text(struct sweep *s, int64_t note, const char *text, bool about, struct err *e)
{
    bool doubtful = false;
    char *clean = redact_text(s->names, &s->g->mem, text, about, &doubtful);
    if (doubtful && !about && forget_text_about(s->g->db, s->f.ref, note, e))
        clean = redact_text(s->names, &s->g->mem, text, true, &doubtful);
    return e->code == ERR_NONE ? clean : NULL;
}

static bool sweep_text(struct sweep *s, const struct forget_row *r, struct err *e)
{
    char *clean = clean_text(s, r->id, r->text, false, e);
    return clean ? store_text(s, r, clean, e) : e->code == ERR_NONE;
}

/* A line whose record names the person may call them by a name that others have too. */
static bool sweep_line(struct sweep *s, const struct forget_row *r, struct err *e)
{
    struct forget_row revisions[REVISIONS];
    if (!forget_line_about(s->g->db, s->f.ref, r->member_id, r->at_ms, e))
        return e->code == ERR_NONE;
    int n = forget_revisions(s->g->db, &s->g->mem, r->rev, revisions, REVISIONS, e);
    for (int i = 0; i < n && e->code == ERR_NONE; i++) {
        char *clean = clean_text(s, r->rev, revisions[i].text, true, e);
        if (clean && !store_text(s, &revisions[i], clean, e))
            return false;
    }
    return e->code == ERR_NONE;
}

static bool sweep_message(struct sweep *s, const struct forget_row *r, struct err *e)
{
    bool doubtful = false;
    struct arena *mem = &s->g->mem;
    if (!r->out)
        return r->rev == 0 || sweep_line(s, r, e);
    /* Read as plain text first: most hold nothing of it. What is encoded, it can't see. */
    if (!strstr(r->text, "\"url\":") && !strstr(r->text, "\"kind\":\"file\"") &&
        !redact_text(s->names, mem, r->text, true, &doubtful))
        return true;
    struct forget_row now = *r;
    now.text = redact_json(s->names, mem, r->text, redact_is_about(s->names, r->text), &doubtful, e);
    return now.text ? forget_put(s->g->db, FORGET_MESSAGES, &now, e) : e->code == ERR_NONE;
}

static bool sweep_ask(struct sweep *s, const struct forget_row *r, struct err *e)
{
    bool doubtful = false;
    struct forget_row now = *r;
    char *bindings = redact_json(s->names, &s->g->mem, r->text, false, &doubtful, e);
    char *options = e->code == ERR_NONE ? redact_json(s->names, &s->g->mem, r->more, false, &doubtful, e) : NULL;
    if (e->code != ERR_NONE || (!bindings && !options))
        return e->code == ERR_NONE;
    now.text = bindings ? bindings : r->text;
    now.more = options ? options : r->more;
    return forget_put(s->g->db, FORGET_ASKS, &now, e);
}

static bool sweep_plain(struct sweep *s, enum forget_table table, const struct forget_row *r, struct err *e)
{
    bool doubtful = false;
    struct forget_row now = *r;
    now.text = table == FORGET_CHANGES ? redact_json(s->names, &s->g->mem, r->text, false, &doubtful, e)
                                       : redact_text(s->names, &s->g->mem, r->text, false, &doubtful);
    return now.text ? forget_put(s->g->db, table, &now, e) : true;
}

static bool sweep_row(struct sweep *s, enum forget_table table, const struct forget_row *r, struct err *e)
{
    e->code = ERR_NONE;
    return table == FORGET_TEXTS      ? sweep_text(s, r, e)
           : table == FORGET_MESSAGES ? sweep_message(s, r, e)
           : table == FORGET_ASKS     ? sweep_ask(s, r, e)
                                      : sweep_plain(s, table, r, e);
}

static bool sweep_table(struct sweep *s, enum forget_table table, struct err *e)
{
    int n = ROWS;
    while (n == ROWS && time_left(s)) {
        n = forget_rows(s->g->db, &s->g->mem, table, s->f.place, 0, s->rows, ROWS, e);
        for (int i = 0; i < n && time_left(s); i++) {
            if (!sweep_row(s, table, &s->rows[i], e))
                return false;
            s->f.place = s->rows[i].place;
            if (i == n - 1 && n < ROWS)
                next_step(s);
        }
        if (e->code != ERR_NONE)
            return false;
        if (!n)
            next_step(s);
    }
    return true;
}

/* By windows of numbers: few rows of these tables are of interest. */
static bool sweep_window(struct sweep *s, enum forget_table table, int width, struct err *e)
{
    int64_t changes, labels;
    if (!forget_last(s->g->db, &changes, &labels, e))
        return false;
    int64_t last = table == FORGET_CHANGES ? changes : labels;
    while (s->f.place < last && time_left(s)) {
        int64_t to = s->f.place + width;
        if (table == FORGET_CHANGES && !forget_journal(s->g->db, s->f.ref, s->f.place, to, e))
            return false;
        int n = forget_rows(s->g->db, &s->g->mem, table, s->f.place, to, s->rows, WINDOW, e);
        for (int i = 0; i < n && e->code == ERR_NONE; i++)
            if (!sweep_row(s, table, &s->rows[i], e))
                return false;
        if (e->code != ERR_NONE)
            return false;
        s->f.place = to;
    }
    if (s->f.place >= last)
        next_step(s);
    return true;
}

/* Nothing is searched any more: the names go, and the index forgets what it held. */
static bool end_search(struct sweep *s, struct err *e)
{
    s->f.names = NULL;
    next_step(s);
    return search_begin_purge(s->g->db, e);
}

static bool end_log(struct sweep *s, int64_t now, struct err *e)
{
    if (s->f.step == STEP_LOG && s->g->cut_log == LOG_CUT) {
        s->f.done_ms = now;
        s->g->cut_log = LOG_STAYS;
        log_info("forget: C%lld is forgotten, no text names them", (long long)s->f.ref);
        return true;
    }
    if (!search_purges(s->g->db, &s->g->mem, e) && e->code == ERR_NONE) {
        s->f.step = STEP_LOG;
        s->g->cut_log = LOG_TO_CUT;
    }
    return e->code == ERR_NONE;
}

static bool sweep(struct sweep *s, int64_t now, struct err *e)
{
    e->code = ERR_NONE;
    switch ((enum step)s->f.step) {
    case STEP_NONE: /* an older backup was put back */
        return forget_person(s->g->db, &s->g->mem, s->g->config.words, s->g->names, &s->f, now, e);
    case STEP_ABOUT:
        return sweep_about(s, e);
    case STEP_TEXTS:
        return sweep_table(s, FORGET_TEXTS, e);
    case STEP_MESSAGES: /* the desk may still bring what it read before */
        return s->g->held || sweep_table(s, FORGET_MESSAGES, e);
    case STEP_ASKS:
        return sweep_table(s, FORGET_ASKS, e);
    case STEP_WAITING:
        return sweep_table(s, FORGET_WAITING, e);
    case STEP_CHANGES:
        return sweep_window(s, FORGET_CHANGES, WINDOW, e);
    case STEP_LABELS:
        return sweep_window(s, FORGET_LABELS, LABEL_WINDOW, e);
    case STEP_INDEX:
        return s->f.names ? end_search(s, e) : end_log(s, now, e);
    case STEP_LOG:
        break;
    }
    return end_log(s, now, e);
}

bool engine_forget(struct engine *g, int64_t now, bool *more, struct err *e)
{
    struct sweep *s = ARENA_NEW(&g->mem, struct sweep);
    s->g = g;
    *more = false;
    e->code = ERR_NONE;
    if (g->cut_log == LOG_TO_CUT || !forgotten_next(g->db, &g->mem, &s->f, e))
        return e->code == ERR_NONE;
    if (s->f.names)
        s->names = redact_open(g->config.words, g->names, s->f.ref, s->f.names, e);
    s->until_us = clock_ticks_us() + SLICE_US;
    bool ok = e->code == ERR_NONE && sweep(s, now, e) && forgotten_update(g->db, &s->f, e);
    redact_close(s->names);
    *more = ok && !s->f.done_ms && g->cut_log != LOG_TO_CUT && !(g->held && s->f.step == STEP_MESSAGES);
    return ok;
}
