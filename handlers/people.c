/* champion and contact: people outside, who they are, how to reach them, and who sells
 * for us inside. */
#include <string.h>
#include "bot/core/ask.h"
#include "bot/core/names.h"
#include "bot/text/fold.h"
#include "bot/store/profile.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"

static const struct arg champion_args[] = {
    { "person", ARG_PERSON, 0 },
    { "name", ARG_NAME, 0 },
    { "org", ARG_ORG, 0 },
    { "deal", ARG_DEAL, 0 },
    { "title", ARG_TITLE, 0 },
    { "evidence", ARG_EVIDENCE, MANY },
    { "handle", ARG_HANDLE, MANY },
    { "reading", ARG_READING, 0 },
    { "alias", ARG_ALIAS, 0 },
    { "seniority", ARG_SENIORITY, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};
static const struct arg contact_args[] = {
    { "person", ARG_PERSON, 0 },
    { "name", ARG_NAME, 0 },
    { "org", ARG_ORG, 0 },
    { "title", ARG_TITLE, 0 },
    { "handle", ARG_HANDLE, MANY },
    { "reading", ARG_READING, 0 },
    { "alias", ARG_ALIAS, 0 },
    { "seniority", ARG_SENIORITY, 0 },
    { "note", ARG_NOTE, 0 },
    { 0 },
};

static char *name_of(struct call *c, char kind, int64_t id)
{
    return kind == 'C'   ? label_person_id(c, id, NULL)
           : kind == 'P' ? label_partner(c, id)
                         : label_customer(c, id);
}

bool offer_known(struct call *c, char kind, bool *asked, struct err *e)
{
    struct name_hit near[4];
    struct option options[3];
    const char *name = c->f->name, *settled = ask_settled(c, name);
    int k = 0;
    *asked = false;
    if (settled && !strcmp(settled, "new"))
        return true;
    int n = names_near(c->names, c->mem, name, near, 4);
    struct folded f = fold_text(c->mem, name, strlen(name));
    if (!n && kind != 'C') /* Toyokawa Trading, where Toyokawa is known */
        (void)names_match(c->names, c->mem, f.s, f.n, 0, near, 4, &n);
    struct reply *r = NULL;
    for (int i = 0; i < n && k < 2; i++) {
        if (near[i].kind != kind)
            continue;
        char *label = name_of(c, kind, near[i].id);
        if (!k)
            r = reply_new(c, REPLY_ASK, "unknown.same", ARGS(TXT("name", name), TXT("near", label)));
        /* The known record's id is read where the name stood. */
        options[k] = (struct option){ call_text(c, "button.yes_this", ARGS(TXT("name", label))),
            k ? NULL : "yes|y|はい|うん", arena_printf(c->mem, "=%c%lld", kind, (long long)near[i].id), NULL };
        k++;
    }
    if (!k)
        return true;
    options[k++] = (struct option){ call_text(c, "button.new_named", ARGS(TXT("name", name))),
        "new|no|新規|いいえ", "new", "plain" };
    *asked = true;
    return ask_question(c, r, "unknown.same", name, options, k, false, e);
}

char *names_text(struct call *c)
{
    const struct frame *f = c->f;
    struct buf b = BUF_ON(c->mem), list = BUF_ON(c->mem);
    for (int i = 0; i < f->n_aliases; i++)
        buf_join(&list, call_text(c, "list.comma", NO_ARGS), f->aliases[i]);
    buf_join(&b, " · ", f->reading);
    if (list.n)
        buf_join(&b, " · ", call_text(c, "name.alias", ARGS(TXT("names", buf_str(&list)))));
    return b.n ? arena_strdup(c->mem, buf_str(&b)) : NULL;
}

bool add_typed_names(struct call *c, char kind, int64_t id, struct err *e)
{
    const struct frame *f = c->f;
    if (f->reading && !name_add(c->db, kind, id, f->reading, "reading", e))
        return false;
    for (int i = 0; i < f->n_aliases; i++)
        if (!name_add(c->db, kind, id, f->aliases[i], "alias", e))
            return false;
    return names_refresh(c->names, c->db, kind, id, e);
}

/* Does the line say of somebody known that they work at another firm than noted? */
static bool says_moved(const struct call *c, const struct person *p)
{
    const struct frame *f = c->f;
    if (!p->partner_id && !p->customer_id)
        return false;
    if (f->n_partners)
        return f->partners[0] != p->partner_id;
    return f->n_customers && f->customers[0] != p->customer_id;
}

/* 鈴木様 is at 桜川銀行: moved, or still there? Never guessed. */
static bool ask_moved(struct call *c, const struct person *p, struct err *e)
{
    const struct frame *f = c->f;
    char *to = f->n_partners ? label_partner(c, f->partners[0]) : label_customer(c, f->customers[0]);
    struct reply *r = reply_new(c, REPLY_ASK, "contact.moved",
        ARGS(TXT("who", label_person_full(c, p)), TXT("from", p->org), TXT("to", to)));
    struct option options[] = {
        { call_text(c, "button.moved", ARGS(TXT("to", to))), "yes|y|moved|はい", "moved", "primary" },
        { call_text(c, "button.still", ARGS(TXT("from", p->org))), "no|n|still|いいえ", "still", "plain" },
    };
    return ask_question(c, r, "contact.moved", "$moved", options, 2, false, e);
}

/* The old firm is remembered as a former one; the title was that firm's. */
static bool move_on(struct call *c, struct person *p, struct err *e)
{
    const struct frame *f = c->f;
    if (!former_add(c->db, p->id, p->partner_id, p->customer_id, p->title, c->now_ms, e))
        return false;
    p->partner_id = f->n_partners ? f->partners[0] : 0;
    p->customer_id = f->n_partners ? 0 : f->customers[0];
    p->title = p->department = NULL;
    return true;
}

/* A note of the person's own: a champion's says why they are one and is kept there. */
static bool says_note(const struct call *c)
{
    return c->command == &contact_command && !c->f->card && c->f->note && *c->f->note;
}

/* The person named, or a new one; what was typed about them is kept. */
static bool save_person(struct call *c, struct person *p, bool *fresh, struct err *e)
{
    const struct frame *f = c->f;
    *fresh = f->n_people == 0;
    if (!*fresh && !person_load(c->db, c->mem, f->people[0], p, e))
        return false;
    if (*fresh)
        *p = (struct person){ .name = f->name, .honorific = f->honorific };
    const char *moved = ask_settled(c, "$moved");
    if (!*fresh && moved && !strcmp(moved, "moved") && says_moved(c, p) && !move_on(c, p, e))
        return false;
    if (f->n_labels)
        p->title = f->labels[0];
    if (f->word[WORD_TITLE])
        p->title = f->word[WORD_TITLE];
    if (f->honorific && !*fresh && !p->honorific)
        p->honorific = f->honorific;
    if (f->seniority)
        p->seniority = f->seniority;
    if (f->n_partners && (*fresh || !p->partner_id))
        p->partner_id = f->partners[0];
    if (f->n_customers && !p->partner_id && (*fresh || !p->customer_id))
        p->customer_id = f->customers[0];
    int64_t rev;
    if (says_note(c) && !store_note(c, "all", 0, &p->note_id, &rev, e))
        return false;
    if (*fresh)
        p->id = person_add(c->db, p, c->now_ms, e);
    else if (!person_update(c->db, p, e))
        return false;
    if (!p->id || !add_typed_names(c, 'C', p->id, e))
        return false;
    for (int i = 0; i < f->n_reach; i++)
        if (!messenger_add(c->db, p->id, f->reach[i].network, f->reach[i].handle, e))
            return false;
    return true;
}

/* A champion is somebody known: a bare name that nobody has is asked about, one with a
 * title, a reading or a way to reach them makes the person known in the same breath. */
static bool ask_new(struct call *c, bool *asked, struct err *e)
{
    const struct frame *f = c->f;
    *asked = c->command == &champion_command && !f->n_labels && !f->word[WORD_TITLE] && !f->reading && !f->n_reach &&
             !f->n_aliases && !ask_settled(c, "$new");
    if (!*asked)
        return true;
    const char *name = ask_discreetly(c) ? call_text(c, "unknown.a_name", NO_ARGS) : f->name;
    struct reply *r = reply_new(c, REPLY_ASK, "unknown.name", ARGS(TXT("name", name)));
    reply_soft(r, call_text(c, "text.kept", NO_ARGS));
    struct option options[] = {
        { call_text(c, "button.new_contact", ARGS(TXT("name", name))), "new|new person|yes|y|新規|はい", "new", "primary" },
        { call_text(c, "button.drop", NO_ARGS), "drop|throw away|no|破棄|いいえ", "drop", "quiet" },
    };
    return ask_question(c, r, "unknown.name", "$new", options, 2, false, e);
}

/* What contact and champion ask before they store anything. */
static bool ask_first(struct call *c, bool *asked, struct err *e)
{
    struct person p;
    *asked = false;
    if (!c->f->n_people)
        return offer_known(c, 'C', asked, e) && (*asked || ask_new(c, asked, e));
    if (ask_settled(c, "$moved") || !person_load(c->db, c->mem, c->f->people[0], &p, e))
        return e->code == ERR_NONE;
    *asked = c->command == &contact_command && says_moved(c, &p);
    return !*asked || ask_moved(c, &p, e);
}

static void person_facts(struct call *c, struct reply *r, int64_t id, const char *verb, struct err *e)
{
    struct person p;
    struct messenger m[8];
    if (!person_load(c->db, c->mem, id, &p, e))
        return;
    int n = messenger_list(c->db, c->mem, id, m, 8, e);
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, " · ", names_text(c));
    bool direct = false;
    for (int i = 0; i < n; i++) {
        buf_join(&b, " · ", arena_printf(c->mem, "%s:%s", m[i].network, m[i].handle));
        direct = direct || (strcmp(m[i].network, "mail") != 0 && strcmp(m[i].network, "phone") != 0);
    }
    reply_soft(r, buf_str(&b));
    if (!direct)
        reply_soft(r, call_text(c, "contact.no_messenger", NO_ARGS));
    reply_record(r, call_ref(c, 'C', id), verb);
    reply_data(r, "name", p.name);
    reply_data(r, "title", p.title);
    reply_data_ref(r, "partner", 'P', p.partner_id);
    reply_data_ref(r, "customer", 'A', p.customer_id);
    for (int i = 0; i < n; i++)
        reply_data(r, m[i].network, m[i].handle);
}

static char *person_title(struct call *c, int64_t id, struct err *e)
{
    struct person p;
    struct buf b = BUF_ON(c->mem);
    if (!person_load(c->db, c->mem, id, &p, e))
        return call_ref(c, 'C', id);
    buf_join(&b, " · ", call_ref(c, 'C', id));
    buf_join(&b, " · ", label_person_long(c, &p));
    buf_join(&b, " · ", p.org);
    return arena_strdup(c->mem, buf_str(&b));
}

bool tell_contact(struct call *c, int64_t person, bool fresh, struct err *e)
{
    struct person p;
    struct reply *r = reply_titled(c, REPLY_OK, fresh ? "contact.added" : "contact.changed", person_title(c, person, e));
    reply_soft(r, call_text(c, fresh ? "contact.added" : "contact.changed", NO_ARGS));
    if (says_note(c) && person_load(c->db, c->mem, person, &p, e))
        reply_note(r, p.note_id, 0);
    person_facts(c, r, person, fresh ? "created" : "changed", e);
    reply_button(r, "fill", arena_printf(c->mem, "touch C%lld: ", (long long)person), "button.log", NO_ARGS);
    reply_button(r, "fill", arena_printf(c->mem, "contact C%lld ", (long long)person), "button.edit", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo C%lld", (long long)person), "button.undo", NO_ARGS);
    return e->code == ERR_NONE;
}

static bool contact_run(struct call *c, struct err *e)
{
    struct person p;
    bool fresh, asked;
    e->code = ERR_NONE;
    if (c->f->card)
        return card_run(c, e);
    if (!c->f->name && !c->f->n_people)
        return fail(e, ERR_USAGE, "contact.who", NULL, "no name");
    if (!ask_first(c, &asked, e) || asked)
        return e->code == ERR_NONE;
    return save_person(c, &p, &fresh, e) && tell_contact(c, p.id, fresh, e);
}

const struct command contact_command = {
    .id = "contact",
    .args = contact_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = contact_run,
};

/* The same person at the same place once more adds to what is known of them there. */
static bool add_evidence(struct call *c, struct champion *h, struct err *e)
{
    struct champion known[16];
    int n = champion_list_of(c->db, c->mem, h->person_id, known, 16, e);
    for (int i = 0; i < n; i++) {
        struct champion *k = &known[i];
        if (k->deal_id != h->deal_id || k->customer_id != h->customer_id || k->partner_id != h->partner_id)
            continue;
        k->power = k->power || h->power;
        k->stake = k->stake || h->stake;
        k->sells = k->sells || h->sells;
        k->note_id = h->note_id ? h->note_id : k->note_id;
        *h = *k;
        return champion_update(c->db, h, e);
    }
    h->id = e->code == ERR_NONE ? champion_add(c->db, h, e) : 0;
    return h->id != 0;
}

/* Where the person sells for us: the deal or customer named, else their own firm. */
static bool save_champion(struct call *c, const struct person *p, struct champion *h, struct err *e)
{
    const struct frame *f = c->f;
    *h = (struct champion){ .person_id = p->id, .since_ms = c->now_ms, .member_id = c->member->id };
    for (int i = 0; i < f->n_refs; i++)
        if (f->refs[i].kind == 'D')
            h->deal_id = f->refs[i].no;
    if (f->n_customers)
        h->customer_id = f->customers[0];
    if (!h->deal_id && !h->customer_id) {
        h->partner_id = p->partner_id;
        h->customer_id = p->partner_id ? 0 : p->customer_id;
    }
    struct deal d;
    if (h->deal_id && !deal_load(c->db, c->mem, h->deal_id, &d, e))
        return e->code == ERR_NONE ? fail(e, ERR_NOT_FOUND, "deal.none",
            ARGS(TXT("id", call_ref(c, 'D', h->deal_id))), "no deal") : false;
    int64_t rev;
    if (!store_note(c, h->deal_id ? "deal" : "managers", h->deal_id, &h->note_id, &rev, e))
        return false;
    for (int i = 0; i < f->n_evidence; i++) {
        h->power = h->power || !strcmp(f->evidence[i], "power");
        h->stake = h->stake || !strcmp(f->evidence[i], "stake");
        h->sells = h->sells || !strcmp(f->evidence[i], "sells");
    }
    return add_evidence(c, h, e);
}

static char *champion_where(struct call *c, const struct champion *h)
{
    return h->deal_id       ? label_deal(c, h->deal_id)
           : h->customer_id ? label_customer(c, h->customer_id)
           : h->partner_id  ? label_partner(c, h->partner_id)
                            : arena_strdup(c->mem, "–");
}

static bool champion_run(struct call *c, struct err *e)
{
    struct person p;
    struct champion h;
    bool fresh, asked;
    e->code = ERR_NONE;
    if (!c->f->name && !c->f->n_people)
        return fail(e, ERR_USAGE, "champion.who", NULL, "no name");
    if (!ask_first(c, &asked, e) || asked)
        return e->code == ERR_NONE;
    if (!save_person(c, &p, &fresh, e) || !person_load(c->db, c->mem, p.id, &p, e) || !save_champion(c, &p, &h, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "champion.named", person_title(c, p.id, e));
    bool coach = fact_coach(&h);
    reply_soft(r, call_text(c, coach ? "champion.coach" : "champion.named", ARGS(TXT("where", champion_where(c, &h)))));
    reply_soft(r, fact_evidence(c, &h));
    if (c->f->note)
        reply_note(r, h.note_id, 0);
    person_facts(c, r, p.id, fresh ? "created" : "changed", e);
    reply_button(r, "fill", arena_printf(c->mem, "touch C%lld: ", (long long)p.id), "button.log", NO_ARGS);
    reply_button(r, "fill", arena_printf(c->mem, "contact C%lld ", (long long)p.id), "button.edit", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo C%lld", (long long)p.id), "button.undo", NO_ARGS);
    return e->code == ERR_NONE;
}

const struct command champion_command = {
    .id = "champion",
    .args = champion_args,
    .may = ROLE_SALES,
    .where = ANYWHERE,
    .flags = CMD_WRITES,
    .run = champion_run,
};
