/* From events to plans. An event that was planned before is found by its id; a person by the
 * address, else by the whole name where one alone has it; a firm by its name in the title. */
#include "handlers/agenda.h"

#include <stdlib.h>
#include <string.h>
#include "bot/base/clock.h"
#include "bot/base/crypto.h"
#include "bot/core/names.h"
#include "bot/store/people.h"
#include "bot/text/fold.h"
#include "bot/text/utf8.h"
#include "handlers/handlers.h"
#include "handlers/plan.h"
#include "handlers/record.h"

enum { HITS = 8, SURE = 1 /* a whole name, or an alias */ };

static const char *digest(struct call *c, const char *s)
{
    char hash[SHA256_HEX];
    sha256_hex(s, strlen(s), hash);
    return arena_strdup(c->mem, hash);
}

/* All that makes a difference to the plan. */
static const char *print_of(struct call *c, const struct ical_event *v)
{
    struct buf b = BUF_ON(c->mem);
    buf_printf(&b, "%lld %d %s %d %d\n%s\n%s\n%s", (long long)v->at_ms, v->minutes, v->zone, v->cancelled, v->secret,
        v->title, v->place, v->link ? v->link : "");
    for (int i = 0; i < v->n_people; i++)
        buf_printf(&b, "\n%s %s", v->people[i].mail, v->people[i].name);
    return digest(c, buf_str(&b));
}

/* Whom a name means: its one sure hit of the kind; 0: nobody, or several. */
static int64_t sure_hit(const struct name_hit *hits, int n, char kind)
{
    int64_t found = 0;
    for (int i = 0; i < n; i++) {
        if (hits[i].kind != kind || hits[i].score > SURE)
            continue;
        if (found && found != hits[i].id)
            return 0;
        found = hits[i].id;
    }
    return found;
}

static bool add_partner(struct touch *t, int64_t partner)
{
    for (int i = 0; i < t->n_partners; i++)
        if (t->partners[i] == partner)
            return true;
    if (partner && t->n_partners < TOUCH_PARTNERS)
        t->partners[t->n_partners++] = partner;
    return partner != 0;
}

static bool add_person(struct call *c, struct touch *t, int64_t id, struct err *e)
{
    struct person p;
    for (int i = 0; i < t->n_people; i++)
        if (t->people[i] == id)
            return true;
    if (t->n_people == TOUCH_PEOPLE || !person_load(c->db, c->mem, id, &p, e))
        return e->code == ERR_NONE;
    t->people[t->n_people++] = id;
    if (!t->customer_id)
        t->customer_id = p.customer_id;
    (void)add_partner(t, p.partner_id);
    return true;
}

static void name_unknown(struct call *c, struct agenda *a, const struct ical_person *p)
{
    const char *as = *p->name && *p->mail ? arena_printf(c->mem, "%s (%s)", p->name, p->mail) : *p->name ? p->name : p->mail;
    for (int i = 0; i < a->n_unknown; i++)
        if (!strcmp(a->unknown[i], as))
            return;
    if (a->n_unknown < AGENDA_NAMED)
        a->unknown[a->n_unknown++] = as;
}

static bool take_attendees(struct call *c, struct agenda *a, const struct ical_event *v, struct touch *t, struct err *e)
{
    const struct ical_person *strange[ICAL_PEOPLE];
    int n_strange = 0;
    for (int i = 0; i < v->n_people; i++) {
        const struct ical_person *p = &v->people[i];
        struct name_hit hits[HITS];
        int64_t id = *p->mail ? messenger_owner(c->db, "mail", p->mail, e) : 0;
        int n = e->code == ERR_NONE && !id && *p->name ? names_find(c->names, c->mem, p->name, hits, HITS) : 0;
        id = id ? id : sure_hit(hits, n, 'C');
        if (id && !add_person(c, t, id, e))
            return false;
        if (!id && !sure_hit(hits, n, 'U')) /* our own are no news */
            strange[n_strange++] = p;
        if (e->code != ERR_NONE)
            return false;
    }
    for (int i = 0; i < n_strange && t->n_people; i++)
        name_unknown(c, a, strange[i]);
    return true;
}

/* The first firm that the title names for sure. */
static void take_firm(struct call *c, const struct ical_event *v, struct touch *t)
{
    struct folded f = fold_text(c->mem, v->title, strlen(v->title));
    for (size_t at = 0; at < f.n && !t->customer_id && !t->n_partners;) {
        struct name_hit hits[HITS];
        int n;
        size_t len = names_match(c->names, c->mem, f.s, f.n, at, hits, HITS, &n);
        int64_t customer = sure_hit(hits, n, 'A'), partner = sure_hit(hits, n, 'P');
        if (customer && !partner)
            t->customer_id = customer;
        else if (partner && !customer)
            (void)add_partner(t, partner);
        if (len)
            at += len;
        else
            (void)utf8_next(f.s, f.n, &at);
    }
}

/* Zoom, Teams …: by the words of the place, else by where one joins. */
static const char *channel_of(struct call *c, const struct ical_event *v)
{
    static const char *const hosts[][2] = { { "zoom.", "zoom" }, { "teams.", "teams" }, { "meet.google.", "meet" }, { "webex.", "webex" } };
    struct folded f = fold_text(c->mem, v->place, strlen(v->place));
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        if (v->link && strstr(v->link, hosts[i][0]))
            return hosts[i][1];
    for (size_t at = 0; at < f.n; (void)utf8_next(f.s, f.n, &at)) {
        struct word w;
        if ((!at || f.s[at - 1] == ' ') && catalogue_match_kind(c->words, f.s, f.n, at, "channel", 0, &w))
            return w.value;
    }
    return v->link ? "video" : "in_person";
}

static void take_time(struct touch *t, const struct ical_event *v)
{
    t->at_ms = v->at_ms;
    t->zone = v->zone;
    t->minutes = v->minutes ? v->minutes : PLAN_MINUTES;
}

/* The meeting that a new event is: one planned by hand for that minute and firm, else its own. */
static bool settle_new(struct call *c, struct agenda_item *it, const struct ical_event *v, struct err *e)
{
    struct touch *t = &it->t, same;
    struct meant_deal meant;
    struct touch_filter by = { .member = c->member->id, .customer = t->customer_id,
        .partner = t->customer_id || !t->n_partners ? 0 : t->partners[0], .from_ms = v->at_ms, .to_ms = v->at_ms + 1 };
    if (touch_list_planned(c->db, c->mem, &by, &same, 1, e) == 1) {
        *t = same;
        it->change = AGENDA_SAME;
    } else if (e->code == ERR_NONE && find_deal(c, t->customer_id, t->n_partners ? t->partners[0] : 0, &meant, e)) {
        t->deal_id = meant.id;
    }
    return e->code == ERR_NONE;
}

static bool plan_new(struct call *c, struct agenda *a, struct agenda_item *it, const struct ical_event *v, bool *taken, struct err *e)
{
    *taken = false;
    if (v->cancelled || v->at_ms <= c->when.now_ms)
        return true;
    if (v->at_ms >= c->when.now_ms + AGENDA_DAYS * DAY_MS) {
        a->later++;
        return true;
    }
    it->t = (struct touch){ .kind = 'M', .state = "planned", .member_id = c->member->id, .outcome = "reached",
        .channel = channel_of(c, v), .link = v->link };
    take_time(&it->t, v);
    if (!take_attendees(c, a, v, &it->t, e))
        return false;
    take_firm(c, v, &it->t);
    if (!it->t.n_people && !it->t.customer_id && !it->t.n_partners) {
        if (a->nobody < (int)(sizeof a->nobody_ms / sizeof *a->nobody_ms))
            a->nobody_ms[a->nobody] = v->at_ms;
        a->nobody++;
        return true;
    }
    *taken = true;
    it->change = AGENDA_NEW;
    return settle_new(c, it, v, e);
}

/* As the calendar has it now; where nobody in it is known it stays with whom it was. */
static bool plan_changed(struct call *c, struct agenda *a, struct agenda_item *it, const struct ical_event *v, struct err *e)
{
    struct touch now = it->t;
    bool back = strcmp(now.state, "planned") != 0;
    now.n_people = 0;
    if (!take_attendees(c, a, v, &now, e))
        return false;
    if (!now.n_people) {
        memcpy(now.people, it->t.people, sizeof now.people);
        now.n_people = it->t.n_people;
    }
    now.state = "planned";
    now.channel = channel_of(c, v);
    now.link = v->link;
    take_time(&now, v);
    it->change = back ? AGENDA_NEW : now.at_ms != it->t.at_ms || now.minutes != it->t.minutes ? AGENDA_MOVED : AGENDA_CHANGED;
    it->t = now;
    return true;
}

/* Would it be changed? A file is asked for, so it is held against the meeting itself; what is
 * fetched, against what was fetched before, since the member may have decided otherwise. */
static bool differs(const struct agenda *a, const struct agenda_item *it, const struct ical_event *v, const char *print)
{
    bool moved = v->at_ms != it->t.at_ms || (v->minutes ? v->minutes : PLAN_MINUTES) != it->t.minutes;
    return strcmp(it->link.print, print) != 0 || (!a->calendar && moved);
}

/* What was planned of it before. One that was held or called off here stays so; one that the
 * calendar itself called off can come back. `*fresh`: it was taken back, so a file plans it anew. */
static bool plan_known(struct call *c, struct agenda *a, struct agenda_item *it, const struct ical_event *v, const char *print,
    bool *fresh, struct err *e)
{
    bool off = !strcmp(it->link.print, AGENDA_OFF_PRINT);
    it->change = AGENDA_SAME;
    e->code = ERR_NONE;
    if (!touch_load_id(c->db, c->mem, it->link.touch_id, &it->t, e)) {
        *fresh = !a->calendar;
        it->t.at_ms = v->at_ms;
        return e->code == ERR_NONE;
    }
    bool planned = !strcmp(it->t.state, "planned");
    if (v->cancelled)
        it->change = planned && !(a->calendar && off) ? AGENDA_OFF : AGENDA_SAME;
    else if (v->at_ms > c->when.now_ms && (planned ? !(a->calendar && off) && differs(a, it, v, print) : off))
        return plan_changed(c, a, it, v, e);
    return true;
}

static bool plan_event(struct call *c, struct agenda *a, const struct ical_event *v, struct err *e)
{
    if (v->all_day) {
        a->all_day++;
        return true;
    }
    if (a->n == AGENDA_ITEMS) {
        a->full = true;
        return true;
    }
    struct agenda_item *it = &a->items[a->n];
    const char *uid = digest(c, v->uid), *print = print_of(c, v);
    *it = (struct agenda_item){ .change = AGENDA_SAME };
    bool taken = agenda_event_find(c->db, c->mem, c->member->id, uid, v->occurrence, &it->link, e), fresh = !taken;
    if (e->code != ERR_NONE || (taken && !plan_known(c, a, it, v, print, &fresh, e)) || (fresh && !plan_new(c, a, it, v, &taken, e)))
        return false;
    it->link.uid = uid;
    it->link.occurrence = v->occurrence;
    if (it->change != AGENDA_SAME || !it->link.id)
        it->link.print = it->change == AGENDA_OFF ? AGENDA_OFF_PRINT : print;
    it->title = v->title;
    it->secret = v->secret;
    a->floating += taken && v->floating;
    a->n += taken;
    return true;
}

static bool is_in(const struct agenda *a, int64_t link)
{
    for (int i = 0; i < a->n; i++)
        if (a->items[i].link.id == link)
            return true;
    return false;
}

/* What was planned and is not there any more: called off. */
static bool drop_rest(struct call *c, struct agenda *a, const char *uid, struct err *e)
{
    struct agenda_event *rest = ARENA_ARRAY(c->mem, struct agenda_event, AGENDA_ITEMS);
    int n = agenda_event_list(c->db, c->mem, c->member->id, uid, a->calendar, c->when.now_ms, rest, AGENDA_ITEMS, e);
    for (int i = 0; i < n && a->n < AGENDA_ITEMS && e->code == ERR_NONE; i++) {
        struct agenda_item *it = &a->items[a->n];
        if (is_in(a, rest[i].id) || !touch_load_id(c->db, c->mem, rest[i].touch_id, &it->t, e))
            continue;
        it->link = rest[i];
        it->link.print = AGENDA_OFF_PRINT;
        it->change = AGENDA_OFF;
        it->title = "";
        a->n++;
    }
    return e->code == ERR_NONE;
}

/* A calendar that is fetched is whole; a file tells of the events in it alone. */
static bool drop_gone(struct call *c, struct agenda *a, struct err *e)
{
    if (a->file.more || a->full || a->file.unread)
        return true;
    if (a->calendar)
        return drop_rest(c, a, NULL, e);
    for (int i = 0; i < a->file.n_whole; i++)
        if (!drop_rest(c, a, digest(c, a->file.whole[i]), e))
            return false;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct agenda_item *x = a, *y = b;
    return x->t.at_ms != y->t.at_ms ? (x->t.at_ms < y->t.at_ms ? -1 : 1) : x->t.no < y->t.no ? -1 : x->t.no > y->t.no;
}

bool agenda_plan(struct call *c, const char *text, size_t n, int64_t calendar, struct agenda *out, struct err *e)
{
    struct ical_range range = { .zone = c->when.zone, .from_ms = c->when.now_ms, .to_ms = c->when.now_ms + AGENDA_DAYS * DAY_MS };
    *out = (struct agenda){ .calendar = calendar };
    e->code = ERR_NONE;
    if (!ical_read(c->mem, text, n, &range, &out->file, e))
        return false;
    out->items = ARENA_ARRAY(c->mem, struct agenda_item, AGENDA_ITEMS);
    for (int i = 0; i < out->file.n; i++)
        if (!plan_event(c, out, &out->file.events[i], e))
            return false;
    if (!drop_gone(c, out, e))
        return false;
    qsort(out->items, (size_t)out->n, sizeof *out->items, by_time);
    for (int i = 0; i < out->n; i++)
        out->n_of[out->items[i].change]++;
    return true;
}

bool agenda_changes(const struct agenda *a)
{
    return a->n_of[AGENDA_SAME] < a->n;
}
