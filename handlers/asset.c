/* asset: material of ours or a partner's, its language, and whether there is an editable
 * original; without one it can't be put into another language. Words in pictures are to be
 * redrawn. */
#include <string.h>
#include "bot/store/readiness.h"
#include "handlers/cards.h"
#include "handlers/filed.h"
#include "handlers/handlers.h"
#include "handlers/list.h"
#include "handlers/record.h"

enum { SHOWN = 3 };

static const struct arg asset_args[] = {
    { "record", ARG_FILED, 0 },
    { "file", ARG_FILE, 0 },
    { "language", ARG_LANGUAGE, 0 },
    { "editable", ARG_EDITABLE, 0 },
    { "partner", ARG_PARTNER, 0 },
    { "customer", ARG_CUSTOMER, 0 },
    { 0 },
};

/* G8 · deck.pptx · Japanese · 電光デジタル · no editable original */
static char *asset_text(struct call *c, const struct asset *a)
{
    struct buf b = BUF_ON(c->mem);
    buf_join(&b, FACTS, call_ref(c, 'G', a->id));
    buf_join(&b, FACTS, a->name);
    buf_join(&b, FACTS, call_word(c, WORD_LANGUAGE, a->language));
    if (a->partner_id)
        buf_join(&b, FACTS, label_partner(c, a->partner_id));
    if (a->customer_id)
        buf_join(&b, FACTS, label_customer(c, a->customer_id));
    buf_join(&b, FACTS, a->editable ? call_word(c, WORD_EDITABLE, a->editable > 0 ? "original" : "none")
                                    : call_text(c, "asset.unknown", NO_ARGS));
    return arena_strdup(c->mem, buf_str(&b));
}

char *line_asset(struct call *c, int64_t no)
{
    struct asset a;
    struct err e;
    return asset_load(c->db, c->mem, no, &a, &e) ? asset_text(c, &a) : NULL;
}

bool put_assets(struct reply *r, int64_t customer, int64_t partner, struct err *e)
{
    struct call *c = r->call;
    struct asset list[SHOWN];
    int n = asset_list(c->db, c->mem, customer, partner, false, list, SHOWN, e);
    for (int i = 0; i < n; i++)
        reply_field(r, "asset.label", asset_text(c, &list[i]));
    return e->code == ERR_NONE;
}

static bool list_of(struct listing *l, bool missing, struct err *e)
{
    struct call *c = l->c;
    struct asset *all = ARENA_ARRAY(c->mem, struct asset, LIST_COUNTED);
    int n = asset_list(c->db, c->mem, l->scope.customer, l->scope.partner, missing, all, LIST_COUNTED, e);
    l->cut = n == LIST_COUNTED;
    for (int i = 0; i < n; i++)
        list_put(l, 'G', all[i].id, asset_text(c, &all[i]));
    return e->code == ERR_NONE;
}

bool list_assets(struct listing *l, struct err *e)
{
    return list_of(l, false, e);
}

bool list_missing_original(struct listing *l, struct err *e)
{
    return list_of(l, true, e);
}

static void put_facts(struct reply *r, const struct asset *a, const char *verb)
{
    struct call *c = r->call;
    reply_record(r, call_ref(c, 'G', a->id), verb);
    reply_data(r, "name", a->name);
    reply_data(r, "language", a->language);
    reply_data_ref(r, "partner", 'P', a->partner_id);
    reply_data_int(r, "editable", a->editable > 0);
    reply_data_int(r, "text_in_image", a->text_in_image);
    if (a->text_in_image && !a->localised)
        reply_warning(r, call_text(c, "asset.redraw", NO_ARGS));
    reply_field(r, "asset.place", a->place);
    reply_field(r, "asset.localised", a->localised);
}

bool card_asset(struct call *c, int64_t no, struct err *e)
{
    struct asset a;
    if (!asset_load(c->db, c->mem, no, &a, e))
        return e->code == ERR_NONE && refuse_none(c, 'G', no, e);
    struct reply *r = reply_titled(c, REPLY_OK, "show.card", asset_text(c, &a));
    put_facts(r, &a, "shown");
    reply_field(r, "show.label.by", label_member(c, a.member_id));
    return true;
}

static void take_facts(struct call *c, struct asset *a)
{
    const struct frame *f = c->f;
    const char *link = typed_link(c);
    if (f->word[WORD_LANGUAGE])
        a->language = f->word[WORD_LANGUAGE];
    if (f->n_partners)
        a->partner_id = f->partners[0];
    if (f->n_customers)
        a->customer_id = f->customers[0];
    bool copy = false;
    for (int i = 0; i < f->n_editable; i++) {
        const char *what = f->editable[i];
        if (!strcmp(what, "image"))
            a->text_in_image = true;
        else if (!strcmp(what, "localised"))
            copy = true;
        else
            a->editable = !strcmp(what, "original") ? 1 : -1;
    }
    if (link)
        *(copy ? &a->localised : &a->place) = link;
}

static bool asset_run(struct call *c, struct err *e)
{
    struct asset a = { .name = c->f->file, .member_id = c->member->id };
    int64_t no = filed_typed(c, 'G');
    bool fresh = !no;
    e->code = ERR_NONE;
    if (no && !asset_load(c->db, c->mem, no, &a, e))
        return e->code == ERR_NONE && refuse_none(c, 'G', no, e);
    take_facts(c, &a);
    if (words_left(c))
        return true;
    if (!a.name)
        return fail(e, ERR_USAGE, "asset.which", NULL, "no file");
    if (fresh)
        a.id = asset_add(c->db, &a, c->now_ms, e);
    else if (!asset_update(c->db, &a, e))
        return false;
    if (!a.id)
        return false;
    struct reply *r = reply_titled(c, REPLY_OK, "asset.noted", asset_text(c, &a));
    put_facts(r, &a, fresh ? "created" : "changed");
    show_and_undo(r, call_ref(c, 'G', a.id));
    return true;
}

const struct command asset_command = { .id = "asset", .args = asset_args, .may = ROLE_SALES,
    .where = ANYWHERE, .flags = CMD_WRITES, .run = asset_run };
