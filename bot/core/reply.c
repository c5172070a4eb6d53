#include "bot/core/reply.h"

#include <string.h>
#include "bot/base/crypto.h"
#include "bot/base/json.h"
#include "bot/base/log.h"
#include "bot/core/command.h"
#include "bot/store/notes.h"
#include "bot/text/csv.h"

static const char *const status_names[] = { "ok", "ask", "draft", "refused", "error" };

struct reply *reply_titled(struct call *c, enum reply_status status, const char *code,
    const char *title)
{
    struct reply *r = ARENA_NEW(c->mem, struct reply);
    r->call = c;
    r->json = json_pack("{s:b, s:s, s:s, s:s, s:s, s:[], s:[], s:[], s:[], s:[], s:n}",
        "private", 0, "status", status_names[status], "code", code, "locale",
        catalogue_locale(c->words, c->locale), "title", title, "parts", "buttons", "quick",
        "records", "assumed", "kpi");
    const char *style = c->member ? c->member->style : NULL;
    if (style && strcmp(style, "usual") != 0)
        (void)json_object_set_new(r->json, "style", json_string(style));
    if (!c->replies_end)
        c->replies_end = &c->replies;
    *c->replies_end = r;
    c->replies_end = &r->next;
    return r;
}

struct reply *reply_new(struct call *c, enum reply_status status, const char *key,
    const struct msg_arg *args)
{
    return reply_titled(c, status, key, call_text(c, key, args));
}

void reply_drop_all(struct call *c)
{
    for (struct reply *r = c->replies; r; r = r->next)
        json_decref(r->json);
    c->replies = NULL;
    c->replies_end = NULL;
}

static void append(struct reply *r, const char *list, json_t *value)
{
    (void)json_array_append_new(json_at(r->json, list), value);
}

static void add_part(struct reply *r, json_t *part)
{
    append(r, "parts", part);
    r->part = part;
}

void reply_line(struct reply *r, const char *text)
{
    if (text && *text)
        add_part(r, json_pack("{s:s, s:s}", "kind", "text", "text", text));
}

void reply_file(struct reply *r, const char *name, const char *type, const void *bytes, size_t n,
    const char *alt)
{
    char *data = arena_alloc(r->call->mem, BASE64_ROOM(n));
    base64_encode(bytes, n, data);
    add_part(r, json_pack("{s:s, s:s, s:s, s:s, s:s}", "kind", "file", "name", name, "type", type, "data", data, "alt", alt));
}

static json_t *note_ref(int64_t note, int64_t rev)
{
    return json_pack("{s:I, s:I}", "note", (json_int_t)note, "rev", (json_int_t)rev);
}

void reply_rows(struct reply *r, const char *name, const char *alt, const char *const *columns, int n)
{
    json_t *part = json_pack("{s:s, s:s, s:s, s:s, s:[], s:[]}", "kind", "file", "name", name, "type",
        "text/csv; charset=utf-8", "alt", alt, "columns", "rows");
    for (int i = 0; i < n; i++)
        (void)json_array_append_new(json_at(part, "columns"), json_string(columns[i]));
    add_part(r, part);
    r->part = part;
}

void reply_rows_add(struct reply *r, const char *const *cells, int n, int64_t note, int64_t rev)
{
    json_t *row = json_pack("{s:[]}", "cells");
    for (int i = 0; i < n; i++)
        (void)json_array_append_new(json_at(row, "cells"), cells[i] ? json_string(cells[i]) : json_null());
    if (note)
        (void)json_object_set_new(row, "words", note_ref(note, rev));
    (void)json_array_append_new(json_at(r->part, "rows"), row);
}

void reply_soft(struct reply *r, const char *text)
{
    if (text && *text)
        add_part(r, json_pack("{s:s, s:s, s:b}", "kind", "text", "text", text, "soft", 1));
}

void reply_once(struct reply *r, const char *text)
{
    add_part(r, json_pack("{s:s, s:s, s:b}", "kind", "text", "text", text, "once", 1));
}

char *reply_kept(struct call *c, const struct reply *r)
{
    size_t i;
    json_t *part;
    AUTO_JSON kept = NULL;
    json_array_foreach(json_at(r->json, "parts"), i, part)
    {
        if (!json_is_true(json_at(part, "once")))
            continue;
        kept = kept ? kept : json_deep_copy(r->json);
        json_t *left = json_array_get(json_at(kept, "parts"), i);
        (void)json_object_set_new(left, "text", json_string(call_text(c, "reply.once", NO_ARGS)));
    }
    return json_print(c->mem, kept ? kept : r->json);
}

void reply_text(struct reply *r, const char *key, const struct msg_arg *args)
{
    reply_line(r, call_text(r->call, key, args));
}

void reply_warning(struct reply *r, const char *text)
{
    add_part(r, json_pack("{s:s, s:s}", "kind", "warning", "text", text));
}

/* What only its author or named readers may read is answered for their eyes only. */
static void guard_note(struct reply *r, int64_t note)
{
    struct call *c = r->call;
    struct note_text t;
    struct err e;
    if (note_text_facts(c->db, c->mem, note, &t, &e) &&
        (!strcmp(t.level, "me") || !strcmp(t.level, "offrecord") ||
            (c->shared && strcmp(t.level, "all") != 0)))
        reply_private(r);
}

void reply_note(struct reply *r, int64_t note, int64_t rev)
{
    guard_note(r, note);
    add_part(r, json_pack("{s:s, s:o}", "kind", "note", "text", note_ref(note, rev)));
}

/* The part being filled, if it is of this kind, else a new one. */
static json_t *filling(struct reply *r, const char *kind, json_t *fresh)
{
    const char *now = r->part ? json_text(r->part, "kind") : NULL;
    if (now && !strcmp(now, kind))
        json_decref(fresh);
    else
        add_part(r, fresh);
    return r->part;
}

static json_t *add_field(struct reply *r, const char *label_key, json_t *value)
{
    json_t *part = filling(r, "fields", json_pack("{s:s, s:[]}", "kind", "fields", "fields"));
    json_t *field = json_pack("{s:s, s:o}", "label", call_text(r->call, label_key, NO_ARGS), "value", value);
    (void)json_array_append_new(json_at(part, "fields"), field);
    return field;
}

void reply_field_say(struct reply *r, const char *label_key, const char *value, const char *say)
{
    if (value && *value)
        (void)json_object_set_new(
            add_field(r, label_key, json_string(value)), "say", json_string(say));
}

void reply_field(struct reply *r, const char *label_key, const char *value)
{
    if (value && *value)
        (void)add_field(r, label_key, json_string(value));
}

void reply_field_note(struct reply *r, const char *label_key, int64_t note)
{
    if (!note)
        return;
    guard_note(r, note);
    (void)add_field(r, label_key, note_ref(note, 0));
}

void reply_table(struct reply *r)
{
    add_part(r, json_pack("{s:s, s:[], s:[]}", "kind", "table", "columns", "rows"));
}

void reply_column(struct reply *r, const char *label, char align)
{
    (void)json_array_append_new(json_at(r->part, "columns"),
        json_pack("{s:s, s:s}", "label", label, "align", align == 'r' ? "right" : "left"));
}

void reply_row(struct reply *r, const char *const *cells, int n)
{
    json_t *row = json_array();
    for (int i = 0; i < n; i++)
        (void)json_array_append_new(row, json_string(cells[i] ? cells[i] : ""));
    (void)json_array_append_new(json_at(r->part, "rows"), row);
}

static json_t *add_item(struct reply *r, const char *text, const char *say)
{
    json_t *part = filling(r, "list", json_pack("{s:s, s:[]}", "kind", "list", "items"));
    json_t *item = json_pack("{s:s}", "text", text);
    if (say)
        (void)json_object_set_new(item, "say", json_string(say));
    (void)json_array_append_new(json_at(part, "items"), item);
    return item;
}

void reply_item(struct reply *r, const char *text, const char *say)
{
    (void)add_item(r, text, say);
}

void reply_item_note(struct reply *r, const char *text, const char *say, int64_t note,
    int64_t rev)
{
    guard_note(r, note);
    (void)json_object_set_new(add_item(r, text, say), "note", note_ref(note, rev));
}

static json_t *png_json(struct arena *mem, const struct reply_png *png)
{
    char *text = arena_alloc(mem, BASE64_ROOM(png->n));
    base64_encode(png->bytes, png->n, text);
    return json_string(text);
}

void reply_chart(struct reply *r, const char *alt, const char *name,
    const struct reply_png *light, const struct reply_png *dark)
{
    struct arena *mem = r->call->mem;
    json_t *part = json_pack("{s:s, s:s, s:s, s:o}", "kind", "chart", "alt", alt, "name",
        name, "png", png_json(mem, light));
    if (dark)
        (void)json_object_set_new(part, "png_dark", png_json(mem, dark));
    append(r, "parts", part);
}

void reply_button_labelled(struct reply *r, const char *style, const char *say,
    const char *label)
{
    append(r, "buttons", json_pack("{s:s, s:s, s:s}", "label", label, "say", say, "style", style));
}

void reply_button_line(struct reply *r, const char *key)
{
    struct call *c = r->call;
    if (c->line_note)
        append(r, "buttons", json_pack("{s:s, s:o, s:s}", "label", call_text(c, key, NO_ARGS),
                                 "say", note_ref(c->line_note, 1), "style", "fill"));
}

void reply_button(struct reply *r, const char *style, const char *say, const char *key,
    const struct msg_arg *args)
{
    reply_button_labelled(r, style, say, call_text(r->call, key, args));
}

void reply_link(struct reply *r, const char *style, const char *url, const char *say, const char *key,
    const struct msg_arg *args)
{
    append(r, "buttons", json_pack("{s:s, s:s, s:s, s:s}", "label", call_text(r->call, key, args), "say", say,
                             "style", style, "url", url));
}

void reply_quick(struct reply *r, const char *label, const char *say)
{
    append(r, "quick", json_pack("{s:s, s:s}", "label", label, "say", say));
}

void reply_record(struct reply *r, const char *id, const char *verb)
{
    r->record = json_pack("{s:s, s:s, s:{}}", "id", id, "verb", verb, "fields");
    append(r, "records", r->record);
}

static void set_data(struct reply *r, const char *name, json_t *value)
{
    (void)json_object_set_new(json_at(r->record, "fields"), name, value);
}

void reply_data(struct reply *r, const char *name, const char *text)
{
    if (text)
        set_data(r, name, json_string(text));
}

void reply_data_int(struct reply *r, const char *name, int64_t v)
{
    set_data(r, name, json_integer(v));
}

void reply_data_ms(struct reply *r, const char *name, int64_t ms)
{
    set_data(r, name, json_string(zone_iso(r->call->mem, ms, r->call->when.zone)));
}

void reply_data_ref(struct reply *r, const char *name, char kind, int64_t no)
{
    if (no)
        set_data(r, name, json_string(call_ref(r->call, kind, no)));
}

void reply_data_append(struct reply *r, const char *name, const char *text)
{
    json_t *fields = json_at(r->record, "fields");
    json_t *list = json_at(fields, name);
    if (!list) {
        list = json_array();
        (void)json_object_set_new(fields, name, list);
    }
    (void)json_array_append_new(list, json_string(text));
}

void reply_data_add(struct reply *r, const char *name, char kind, int64_t no)
{
    reply_data_append(r, name, call_ref(r->call, kind, no));
}

void reply_data_note(struct reply *r, int64_t note, int64_t rev)
{
    if (note)
        set_data(r, "note", note_ref(note, rev));
}

void reply_data_words(struct reply *r, const char *name, int64_t note)
{
    if (note)
        set_data(r, name, note_ref(note, 0));
}

void reply_assumed(struct reply *r, const char *field)
{
    append(r, "assumed", json_string(field));
}

void reply_private(struct reply *r)
{
    (void)json_object_set_new(r->json, "private", json_true());
}

void reply_kpi_take(struct reply *r, json_t *kpi)
{
    (void)json_object_set_new(r->json, "kpi", kpi);
}

struct resolving {
    struct db *db;
    const struct catalogue *words;
    struct arena *mem;
    int64_t viewer;
    int locale;
};

static bool is_note_ref(const json_t *v)
{
    return json_is_object(v) && json_object_size(v) == 2 && json_is_integer(json_at(v, "note")) &&
           json_is_integer(json_at(v, "rev"));
}

/* What was erased stands empty where it would be typed again (`key` say), else that is said. */
static json_t *read_ref(const struct resolving *x, const char *key, const json_t *ref)
{
    struct note_text t;
    struct err e = { 0 };
    if (note_text_read(x->db, x->mem, json_int(ref, "note", 0), json_int(ref, "rev", 0),
            x->viewer, &t, &e))
        return json_string(*t.text || !strcmp(key, "say") ? t.text
                                                           : catalogue_text(x->words, x->mem, x->locale, "note.erased", NO_ARGS));
    if (e.code != ERR_NONE)
        log_err("read note", &e);
    return json_string(catalogue_text(x->words, x->mem, x->locale, "note.hidden", NO_ARGS));
}

/* Depth is bounded by what the builders above make. */
static void resolve_in(const struct resolving *x, json_t *v)
{
    if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v); i++)
            resolve_in(x, json_array_get(v, i));
        return;
    }
    const char *key;
    json_t *child;
    void *tmp;
    json_object_foreach_safe(v, tmp, key, child)
    {
        if (is_note_ref(child))
            (void)json_object_set_new(v, key, read_ref(x, key, child));
        else
            resolve_in(x, child);
    }
}

bool reply_seen(struct db *db, const json_t *v, int64_t viewer, int64_t now_ms, struct err *e)
{
    bool ok = true;
    size_t i;
    const char *key;
    json_t *child;
    if (is_note_ref(v))
        return note_seen_add(db, json_int(v, "note", 0), json_int(v, "rev", 0), viewer, now_ms, e);
    json_array_foreach(v, i, child)
        ok = ok && reply_seen(db, child, viewer, now_ms, e);
    json_object_foreach((json_t *)v, key, child)
        ok = ok && reply_seen(db, child, viewer, now_ms, e);
    return ok;
}

/* The rows of a file, with their notes read, become its bytes. */
static void make_file(struct arena *mem, json_t *part)
{
    const char *cells[CSV_CELLS];
    struct buf b = BUF_ON(mem);
    size_t i, k;
    json_t *row, *v;
    int n = 0;
    json_array_foreach(json_at(part, "columns"), k, v)
        cells[n++] = json_string_value(v);
    buf_puts(&b, "\xEF\xBB\xBF"); /* spreadsheets take it for UTF-8 by this alone */
    csv_line(&b, cells, n);
    json_array_foreach(json_at(part, "rows"), i, row)
    {
        n = 0;
        json_array_foreach(json_at(row, "cells"), k, v)
            cells[n++] = json_string_value(v);
        cells[n++] = json_text(row, "words");
        csv_line(&b, cells, n);
    }
    char *data = arena_alloc(mem, BASE64_ROOM(b.n));
    base64_encode(buf_str(&b), b.n, data);
    (void)json_object_set_new(part, "data", json_string(data));
    (void)json_object_del(part, "rows");
    (void)json_object_del(part, "columns");
}

void reply_show(struct db *db, const struct catalogue *words, struct arena *mem,
    json_t *reply, int64_t viewer, int locale)
{
    struct resolving x = { db, words, mem, viewer, locale };
    resolve_in(&x, reply);
    size_t i;
    json_t *part;
    json_array_foreach(json_at(reply, "parts"), i, part)
        if (json_at(part, "rows") && !strcmp(json_text(part, "kind"), "file"))
            make_file(mem, part);
    (void)json_object_set_new(reply, "text", json_string(reply_plain(mem, reply)));
}

json_t *reply_resolve(struct db *db, const struct catalogue *words, struct arena *mem,
    const char *stored, int64_t viewer, int locale)
{
    struct err e;
    json_t *reply = stored ? json_parse(stored, strlen(stored), &e) : NULL;
    if (reply)
        reply_show(db, words, mem, reply, viewer, locale);
    return reply;
}
