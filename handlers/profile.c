/* speaks, access and tag: what is known of a person outside besides the name. */
#include "bot/store/profile.h"

#include <string.h>
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg speaks_args[] = {
    { "person", ARG_PERSON, REQUIRED },
    { "org", ARG_ORG, 0 },
    { "language", ARG_LANGUAGE, 0 },
    { "fluency", ARG_FLUENCY, 0 },
    { 0 },
};
static const struct arg access_args[] = {
    { "customer", ARG_CUSTOMER, 0 },
    { "access", ARG_ACCESS, 0 },
    { "person", ARG_PERSON, 0 },
    { "partner", ARG_PARTNER, 0 },
    { 0 },
};
static const struct arg tag_args[] = {
    { "person", ARG_PERSON, REQUIRED },
    { "org", ARG_ORG, 0 },
    { "tag", ARG_TAG, 0 },
    { 0 },
};

/* The reply about a person whose facts changed. */
static struct reply *about(struct call *c, const struct person *p, const char *code, const char *fact)
{
    const char *id = call_ref(c, 'C', p->id);
    struct reply *r = reply_titled(c, REPLY_OK, code, fact_person(c, p));
    reply_line(r, fact);
    reply_button(r, "plain", typed(c, "show", id), "button.show", NO_ARGS);
    reply_button(r, "quiet", arena_printf(c->mem, "undo %s", id), "button.undo", NO_ARGS);
    reply_record(r, id, "changed");
    return r;
}

static bool whom(struct call *c, struct person *p, struct err *e)
{
    e->code = ERR_NONE;
    if (!c->f->n_people)
        return fail(e, ERR_USAGE, "profile.who", NULL, "nobody named");
    return person_load(c->db, c->mem, c->f->people[0], p, e) ||
           (e->code == ERR_NONE && fail(e, ERR_NOT_FOUND, "record.gone", NULL, "gone"));
}

static bool speaks_run(struct call *c, struct err *e)
{
    struct person p = { 0 };
    const char *language = c->f->word[WORD_LANGUAGE], *level = c->f->word[WORD_FLUENCY];
    if (!whom(c, &p, e))
        return false;
    if (!language)
        return fail(e, ERR_USAGE, "speaks.which", ARGS(TXT("who", label_person_full(c, &p))), "no language");
    if (!speaks_set(c->db, p.id, language, level ? level : "unknown", c->now_ms, e))
        return false;
    struct reply *r = about(c, &p, "speaks.noted", fact_languages(c, p.id, e));
    reply_data(r, "language", language);
    reply_data(r, "level", level);
    return e->code == ERR_NONE;
}

const struct command speaks_command = { .id = "speaks", .args = speaks_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = speaks_run };

/* "1 of 3 (33.3 %)"; a few deals say little, and the answer says so. */
static bool share(struct call *c, struct err *e)
{
    enum { SHOWN = 5, SMALL = 5 };
    int64_t deals, reached, missing[SHOWN + 1];
    int n = access_share(c->db, &deals, &reached, missing, SHOWN + 1, e);
    if (e->code != ERR_NONE)
        return false;
    if (!deals) {
        reply_new(c, REPLY_OK, "access.no_deals", NO_ARGS);
        return true;
    }
    struct reply *r = reply_new(c, REPLY_OK, "access.share",
        ARGS(NUM("k", reached), NUM("n", deals),
            TXT("percent", arena_printf(c->mem, "%.1f", 100.0 * (double)reached / (double)deals)),
            TXT("small", deals < SMALL ? "yes" : "no")));
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < n && i < SHOWN; i++)
        buf_join(&b, comma(c), label_deal(c, missing[i]));
    if (n > SHOWN)
        buf_join(&b, comma(c), call_text(c, "look.and_more", ARGS(NUM("n", deals - reached - SHOWN))));
    if (n)
        reply_line(r, call_text(c, "access.missing", ARGS(TXT("deals", buf_str(&b)))));
    return true;
}

/* Who we reach at a customer, decision makers first. */
static bool show_access(struct call *c, int64_t customer, struct err *e)
{
    struct access list[PROFILE_ROWS];
    struct person p;
    int n = access_list(c->db, c->mem, 0, customer, list, PROFILE_ROWS, e);
    char *firm = label_customer(c, customer);
    struct reply *r = n ? reply_new(c, REPLY_OK, "access.at", ARGS(TXT("firm", firm)))
                        : reply_new(c, REPLY_OK, "access.none", ARGS(TXT("firm", firm)));
    for (int i = 0; i < n; i++)
        if (person_load(c->db, c->mem, list[i].person_id, &p, e))
            reply_item(r, arena_printf(c->mem, "%s" FACTS "%s", label_person_full(c, &p),
                call_word(c, WORD_ACCESS, list[i].level)), typed(c, "show", call_ref(c, 'C', p.id)));
    return e->code == ERR_NONE;
}

static bool access_run(struct call *c, struct err *e)
{
    const struct frame *f = c->f;
    const char *level = f->word[WORD_ACCESS];
    struct person p = { 0 };
    e->code = ERR_NONE;
    if (!f->n_people && !level)
        return f->n_customers ? show_access(c, f->customers[0], e) : share(c, e);
    if (!whom(c, &p, e))
        return false;
    int64_t customer = f->n_customers ? f->customers[0] : p.customer_id;
    if (!level)
        return fail(e, ERR_USAGE, "access.which", ARGS(TXT("who", label_person_full(c, &p))), "no level");
    if (!customer)
        return fail(e, ERR_USAGE, "access.where", ARGS(TXT("who", label_person_full(c, &p))), "no customer");
    if (!access_set(c->db, p.id, customer, level, c->member->id, c->now_ms, e))
        return false;
    struct reply *r = about(c, &p, "access.noted", call_text(c, "access.noted",
        ARGS(TXT("level", call_word(c, WORD_ACCESS, level)), TXT("firm", label_customer(c, customer)))));
    reply_data(r, "access", level);
    reply_data_ref(r, "customer", 'A', customer);
    return true;
}

const struct command access_command = { .id = "access", .args = access_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = access_run };

static bool tag_run(struct call *c, struct err *e)
{
    struct person p = { 0 };
    const struct frame *f = c->f;
    if (!whom(c, &p, e))
        return false;
    if (!f->tag || !*f->tag_firm)
        return fail(e, ERR_USAGE, "tag.which", ARGS(TXT("who", label_person_full(c, &p))), "no tag");
    if (!tag_add(c->db, p.id, f->tag, f->tag_firm, e))
        return false;
    struct reply *r = about(c, &p, "tag.noted", fact_tags(c, p.id, e));
    reply_data(r, "tag", f->tag);
    return e->code == ERR_NONE;
}

const struct command tag_command = { .id = "tag", .args = tag_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES | CMD_KNOWN, .run = tag_run };
