/* members, role, invite, suspend, reinstate: who is in the team and as what. Only an
 * administrator changes that, and never so that none is left. What somebody logged stays
 * theirs whatever becomes of them. */
#include <string.h>
#include "bot/core/names.h"
#include "bot/text/calendar.h"
#include "bot/text/fold.h"
#include "handlers/cards.h"
#include "handlers/facts.h"
#include "handlers/handlers.h"
#include "handlers/record.h"
#include "handlers/team.h"

enum { NAME_BYTES = 100 };

static const char *const role_names[] = { "rep", "manager", "country", "hq", "partner", "admin" };
enum { ROLES = sizeof role_names / sizeof *role_names };

static const struct arg who_args[] = {
    { "member", ARG_MEMBER, 0 },
    { 0 },
};
static const struct arg role_args[] = {
    { "member", ARG_MEMBER, 0 },
    { "role", ARG_NAME, 0 },
    { 0 },
};
static const struct arg invite_args[] = {
    { "name", ARG_NAME, 0 },
    { "role", ARG_NAME, 0 },
    { "market", ARG_MARKET, 0 },
    { 0 },
};

static bool same(struct call *c, const char *a, const char *b)
{
    return !strcmp(fold_text(c->mem, a, strlen(a)).s, fold_text(c->mem, b, strlen(b)).s);
}

static const char *role_text(struct call *c, const char *role)
{
    return call_text(c, arena_printf(c->mem, "web.role.%s", role), NO_ARGS);
}

/* By its id or as it is called in any language; NULL: none. */
static const char *role_typed(struct call *c, const char *text)
{
    for (int i = 0; i < ROLES; i++) {
        if (same(c, text, role_names[i]))
            return role_names[i];
        for (int loc = 0; loc < catalogue_locales(c->words); loc++)
            if (same(c, text, catalogue_text(c->words, c->mem, loc,
                                  arena_printf(c->mem, "web.role.%s", role_names[i]), NO_ARGS)))
                return role_names[i];
    }
    return NULL;
}

static char *all_roles(struct call *c)
{
    struct buf b = BUF_ON(c->mem);
    for (int i = 0; i < ROLES; i++)
        buf_join(&b, comma(c), role_text(c, role_names[i]));
    return arena_strdup(c->mem, buf_str(&b));
}

/* What was typed, with plain blanks. */
static char *typed_rest(struct call *c)
{
    static const char wide[] = "\xe3\x80\x80"; /* U+3000 */
    struct buf b = BUF_ON(c->mem);
    const char *at = c->f->rest ? c->f->rest : "";
    buf_puts(&b, "");
    for (const char *gap; (gap = strstr(at, wide)); at = gap + sizeof wide - 1) {
        buf_add(&b, at, (size_t)(gap - at));
        buf_putc(&b, ' ');
    }
    buf_puts(&b, at);
    return arena_strdup(c->mem, buf_str(&b));
}

/* "Haruka Sato country manager": the longest end that is a role, and what stands before
 * it. NULL: no role, or nobody before it. */
static const char *split_role(struct call *c, const char *rest, const char **who)
{
    for (const char *at = strchr(rest, ' '); at; at = strchr(at + 1, ' ')) {
        const char *role = role_typed(c, at + 1);
        *who = arena_strndup(c->mem, rest, (size_t)(at - rest));
        if (role && **who)
            return role;
    }
    return NULL;
}

/* By handle, else by name; a name that two have is nobody's. */
static bool find_one(struct call *c, const char *typed_name, struct member *out, struct err *e)
{
    int n, found = 0;
    const struct member *all = member_list_all(c->db, c->mem, &n, e);
    if (e->code != ERR_NONE)
        return false;
    for (int i = 0; i < n; i++)
        if (same(c, typed_name, all[i].handle)) {
            *out = all[i];
            return true;
        }
    for (int i = 0; i < n; i++)
        if (same(c, typed_name, all[i].name)) {
            *out = all[i];
            found++;
        }
    return found == 1 || fail(e, ERR_NOT_FOUND, "members.unknown", ARGS(TXT("name", typed_name)), "no member");
}

static char *member_row(struct call *c, const struct member *m)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, fact_member(c, m));
    if (*m->team)
        buf_join(&b, FACTS, m->team);
    if (m->partner_id)
        buf_join(&b, FACTS, label_partner(c, m->partner_id));
    if (m->suspended)
        buf_join(&b, FACTS, call_text(c, "members.suspended", NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

static bool members_run(struct call *c, struct err *e)
{
    int n;
    const struct member *all = member_list_all(c->db, c->mem, &n, e);
    struct reply *r = reply_new(c, REPLY_OK, "members.list", ARGS(NUM("n", n)));
    for (int i = 0; i < n; i++)
        reply_item(r, member_row(c, &all[i]), NULL);
    return e->code == ERR_NONE;
}

static bool other_admin(struct call *c, int64_t than, struct err *e)
{
    int n;
    const struct member *all = member_list(c->db, c->mem, &n, e);
    for (int i = 0; i < n; i++)
        if (all[i].id != than && all[i].roles & ROLE_ADMIN)
            return true;
    return false;
}

/* An administrator goes on doing what they did before. */
static int roles_after(const struct member *m, const char *role)
{
    return role_of(role) == ROLE_ADMIN ? ROLE_ADMIN | (m->roles & ~ROLE_PARTNER) : role_of(role);
}

static bool role_run(struct call *c, struct err *e)
{
    const char *who = NULL, *role = split_role(c, typed_rest(c), &who);
    struct member m;
    e->code = ERR_NONE;
    if (!role)
        return fail(e, ERR_USAGE, "role.which", ARGS(TXT("roles", all_roles(c))), "no role");
    if (!find_one(c, who, &m, e))
        return false;
    const char *was = m.role;
    if (!strcmp(was, role))
        return fail(e, ERR_CONFLICT, "role.same", ARGS(TXT("who", m.name), TXT("role", role_text(c, role))), "same role");
    if (m.roles & ROLE_ADMIN && strcmp(role, "admin") != 0 && !other_admin(c, m.id, e))
        return e->code == ERR_NONE && fail(e, ERR_CONFLICT, "role.last_admin", ARGS(TXT("who", m.name)), "last one");
    m.roles = roles_after(&m, role);
    m.role = role;
    m.partner_id = role_of(role) == ROLE_PARTNER ? m.partner_id : 0;
    if (!member_set_role(c->db, &m, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "role.changed", member_row(c, &m));
    reply_soft(r, call_text(c, "role.was", ARGS(TXT("role", role_text(c, was)))));
    if (role_of(role) == ROLE_PARTNER && !m.partner_id)
        reply_soft(r, call_text(c, "role.partner_next", ARGS(TXT("name", m.name))));
    undo_button(r);
    return true;
}

/* What a name is typed as: small letters, a dash for each blank. */
static char *handle_for(struct call *c, const char *name)
{
    char *handle = arena_strdup(c->mem, fold_text(c->mem, name, strlen(name)).s);
    for (char *p = handle; *p; p++)
        if (*p == ' ')
            *p = '-';
    return handle;
}

/* The market at the end of the line, which is cut off; else the asker's. */
static const struct market *market_typed(struct call *c, char *rest)
{
    char *at = strrchr(rest, ' ');
    const struct market *m = at ? market_find(at + 1) : NULL;
    if (m)
        *at = '\0';
    return m ? m : market_find(c->member->market);
}

static bool invite_run(struct call *c, struct err *e)
{
    char *rest = typed_rest(c);
    const struct market *market = market_typed(c, rest);
    const char *name = NULL, *role = split_role(c, rest, &name);
    e->code = ERR_NONE;
    if (!role || !market || strlen(name) > NAME_BYTES)
        return fail(e, ERR_USAGE, "invite.which", ARGS(TXT("roles", all_roles(c))), "no role");
    struct member m = { .handle = handle_for(c, name), .name = name, .role = role, .roles = role_of(role),
        .market = market->code, .zone = market->zone, .locale = c->member->locale, .team = "", .source = "typed" };
    if (member_handle_taken(c->db, m.handle, e))
        return fail(e, ERR_CONFLICT, "invite.taken", ARGS(TXT("name", m.handle)), "handle taken");
    if (e->code != ERR_NONE)
        return false;
    m.id = member_add(c->db, &m, c->now_ms, e);
    if (!m.id || !names_refresh(c->names, c->db, 'U', m.id, e))
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "invite.done", member_row(c, &m));
    reply_soft(r, call_text(c, "invite.next", ARGS(TXT("handle", m.handle))));
    if (m.roles & ROLE_PARTNER)
        reply_soft(r, call_text(c, "role.partner_next", ARGS(TXT("name", m.name))));
    reply_button(r, "plain", typed(c, "link", m.handle), "invite.button", NO_ARGS);
    return true;
}

static bool suspend(struct call *c, bool out, struct err *e)
{
    struct member m = { 0 };
    const char *rest = typed_rest(c);
    e->code = ERR_NONE;
    if (!*rest)
        return fail(e, ERR_USAGE, out ? "suspend.whom" : "reinstate.whom", NULL, "nobody named");
    if (!find_one(c, rest, &m, e))
        return false;
    if (out && m.id == c->member->id) /* so that one administrator is always left */
        return fail(e, ERR_CONFLICT, "suspend.self", NULL, "oneself");
    if (m.suspended == out)
        return fail(e, ERR_CONFLICT, out ? "suspend.already" : "reinstate.active", ARGS(TXT("who", m.name), TXT("handle", m.handle)), "no change");
    if (!member_suspend(c->db, m.id, out, e) || !names_refresh(c->names, c->db, 'U', m.id, e))
        return false;
    m.suspended = out;
    c->shut = out ? m.id : 0;
    struct reply *r = reply_titled(c, REPLY_OK, out ? "suspend.done" : "reinstate.done", member_row(c, &m));
    if (out)
        reply_soft(r, call_text(c, "suspend.means", NO_ARGS));
    undo_button(r);
    return true;
}

static bool suspend_run(struct call *c, struct err *e)
{
    return suspend(c, true, e);
}

static bool reinstate_run(struct call *c, struct err *e)
{
    return suspend(c, false, e);
}

const struct command members_command = { .id = "members", .may = ROLE_SALES | ROLE_ADMIN, .where = ANYWHERE,
    .run = members_run };
const struct command role_command = { .id = "role", .args = role_args, .may = ROLE_ADMIN, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_RAW, .run = role_run };
const struct command invite_command = { .id = "invite", .args = invite_args, .may = ROLE_ADMIN, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_RAW, .run = invite_run };
const struct command suspend_command = { .id = "suspend", .args = who_args, .may = ROLE_ADMIN, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_RAW, .run = suspend_run };
const struct command reinstate_command = { .id = "reinstate", .args = who_args, .may = ROLE_ADMIN, .where = ANYWHERE,
    .flags = CMD_WRITES | CMD_RAW, .run = reinstate_run };
