/* `link`: one person, several networks. A code made on one network and sent from another
 * makes that other account the same member's. */
#include <string.h>
#include "bot/store/identities.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"

static const struct arg link_args[] = {
    { "code", ARG_NAME, 0 },
    { 0 },
};

/* k7qm2xwp as people copy it: K7QM-2XWP. */
static char *printed(struct call *c, const char *code)
{
    int half = LINK_CODE_CHARS / 2;
    return arena_printf(c->mem, "%.*s-%s", half, code, code + half);
}

static bool give_code(struct call *c, const struct member *whose, struct err *e)
{
    char code[LINK_CODE_CHARS + 1];
    if (!link_code_add(c->db, whose->id, c->now_ms, code, e))
        return false;
    const char *key = whose->id == c->member->id ? "link.code" : "link.code_for";
    struct reply *r = reply_new(c, REPLY_OK, key,
        ARGS(TXT("name", whose->name), NUM("minutes", LINK_CODE_MINUTES)));
    reply_line(r, typed(c, "link", printed(c, code)));
    reply_private(r); /* whoever has it can be this member */
    return true;
}

static bool take_code(struct call *c, const char *code, struct err *e)
{
    struct member m;
    int64_t id = link_code_find(c->db, code, c->now_ms, e);
    if (!id || !member_by_id(c->db, c->mem, id, &m, e)) {
        reply_new(c, REPLY_REFUSED, "link.unknown_code", NO_ARGS);
        return e->code == ERR_NONE;
    }
    if (!c->remote_user) { /* it stays good for the account that it is meant for */
        reply_new(c, REPLY_REFUSED, "link.elsewhere", NO_ARGS);
        return true;
    }
    if (!link_code_use(c->db, code, c->now_ms, e) ||
        !identity_put(c->db, network_name(c->network), c->remote_user, id, c->now_ms, e))
        return false;
    reply_new(c, REPLY_OK, "link.done", ARGS(TXT("name", m.name)));
    return true;
}

/* The member whose handle was typed. An administrator gets codes for those whom the
 * networks don't introduce. */
static bool find_member(struct call *c, const char *typed_name, struct member *m, struct err *e)
{
    struct folded handle = fold_text(c->mem, typed_name, strlen(typed_name));
    return member_by_handle(c->db, c->mem, handle.s, m, e);
}

static bool link_run(struct call *c, struct err *e)
{
    char code[LINK_CODE_CHARS + 1];
    const char *rest = c->f->rest ? c->f->rest : "";
    if (!*rest)
        return give_code(c, c->member, e);
    bool admin = c->member->roles & ROLE_ADMIN;
    struct member m;
    if (admin && find_member(c, rest, &m, e)) /* first: a handle may look like a code */
        return give_code(c, &m, e);
    if (e->code != ERR_NONE)
        return false;
    if (link_code_read(rest, code))
        return take_code(c, code, e);
    reply_new(c, REPLY_REFUSED, admin ? "link.no_member" : "link.own", ARGS(TXT("name", rest)));
    return true;
}

const struct command link_command = {
    .id = "link",
    .args = link_args,
    .may = ROLE_ALL,
    .where = ANYWHERE,
    .flags = CMD_RAW,
    .run = link_run,
};
