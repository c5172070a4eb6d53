/* The neutral reply (reply.schema.json): what every handler returns and every network
 * renders. Built in the reader's language; notes stay references, resolved for the
 * viewer when shown, so that no reply on disk holds anybody's words. */
#ifndef CORE_REPLY_H
#define CORE_REPLY_H

#include <jansson.h>
#include "bot/base/buf.h"

struct call;
struct db;
struct catalogue;

enum reply_status { REPLY_OK, REPLY_ASK, REPLY_DRAFT, REPLY_REFUSED, REPLY_ERROR };

struct reply {
    struct reply *next;
    struct call *call;
    json_t *json; /* owned by the call's list: reply_drop_all */
    json_t *part, *record; /* the table, fields or record being filled; borrowed */
};

/* A new reply at the end of the call's list, its title the message `key` in the
 * reader's language. `key` is also the reply's code. */
struct reply *reply_new(struct call *c, enum reply_status status, const char *key,
    const struct msg_arg *args);
/* The same with a title that is already composed (facts joined by ` · `). */
struct reply *reply_titled(struct call *c, enum reply_status status, const char *code,
    const char *title);

void reply_text(struct reply *r, const char *key, const struct msg_arg *args);
void reply_line(struct reply *r, const char *text);  /* composed text */
void reply_soft(struct reply *r, const char *text);  /* second line, soft ink */
void reply_warning(struct reply *r, const char *text);
/* Said once: it is no part of what is kept of the reply. */
void reply_once(struct reply *r, const char *text);
/* The reply as it is kept. */
char *reply_kept(struct call *c, const struct reply *r);
void reply_note(struct reply *r, int64_t note, int64_t rev); /* quoted, by reference */

/* A file to be downloaded: `name` with its ending, the bytes, and where it can be had, for
 * networks that take no files. */
void reply_file(struct reply *r, const char *name, const char *type, const void *bytes, size_t n,
    const char *alt);

/* A CSV file of rows that are filled in; a row may end in a note by reference, so that the
 * file is only made when it is shown. The last of `n` columns is the note's. */
void reply_rows(struct reply *r, const char *name, const char *alt, const char *const *columns, int n);
void reply_rows_add(struct reply *r, const char *const *cells, int n, int64_t note, int64_t rev);

void reply_field(struct reply *r, const char *label_key, const char *value);
/* The same, to be looked into: `say` is the typed command. */
void reply_field_say(struct reply *r, const char *label_key, const char *value, const char *say);
/* The same with a note as the value, by reference; note 0: left out. */
void reply_field_note(struct reply *r, const char *label_key, int64_t note);
/* Columns first, then rows of as many cells. `align` 'l' or 'r'. */
void reply_table(struct reply *r);
void reply_column(struct reply *r, const char *label, char align);
void reply_row(struct reply *r, const char *const *cells, int n);
void reply_item(struct reply *r, const char *text, const char *say); /* list item */
/* A list item that is a note, by reference, behind `text`. */
void reply_item_note(struct reply *r, const char *text, const char *say, int64_t note, int64_t rev);

/* A picture of a figure as PNG, for light and for dark surroundings (dark may be NULL);
 * `alt` says in words all that it shows, and stands in its place where it can't. `name`
 * is the file's. */
struct reply_png {
    const unsigned char *bytes;
    size_t n;
};
void reply_chart(struct reply *r, const char *alt, const char *name,
    const struct reply_png *light, const struct reply_png *dark);

/* `style`: primary, plain, quiet; fill puts `say` into the composer. */
void reply_button(struct reply *r, const char *style, const char *say, const char *key,
    const struct msg_arg *args);
/* Opens an address, such as somebody's messenger; `say` is what stands in for it where a
 * network can't. */
void reply_link(struct reply *r, const char *style, const char *url, const char *say, const char *key,
    const struct msg_arg *args);
/* Puts the line that was typed back into the composer, by reference: a button on disk
 * must not hold it. */
void reply_button_line(struct reply *r, const char *key);
void reply_button_labelled(struct reply *r, const char *style, const char *say,
    const char *label);
void reply_quick(struct reply *r, const char *label, const char *say);

/* records[]: `verb` is created, changed, undone or shown; the data_ calls fill its
 * fields, free of locale. */
void reply_record(struct reply *r, const char *id, const char *verb);
void reply_data(struct reply *r, const char *name, const char *text); /* NULL: left out */
void reply_data_int(struct reply *r, const char *name, int64_t v);
void reply_data_ms(struct reply *r, const char *name, int64_t ms); /* ISO with offset */
void reply_data_ref(struct reply *r, const char *name, char kind, int64_t no);
/* Appends to a list of texts, or of ids: people, partners. */
void reply_data_append(struct reply *r, const char *name, const char *text);
void reply_data_add(struct reply *r, const char *name, char kind, int64_t no);
void reply_data_note(struct reply *r, int64_t note, int64_t rev);
/* The latest words of a note under another name; note 0: left out. */
void reply_data_words(struct reply *r, const char *name, int64_t note);
void reply_assumed(struct reply *r, const char *field);
void reply_private(struct reply *r);
/* The kpi object {id, scope, from, to, zone, num, den, value, unit, n, small,
 * excluded[]}; taken over. */
void reply_kpi_take(struct reply *r, json_t *kpi);

void reply_drop_all(struct call *c);

/* A reply goes to `viewer`: who read which note is kept for its author (note_seen_add).
 * In the open transaction. */
bool reply_seen(struct db *db, const json_t *reply, int64_t viewer, int64_t now_ms, struct err *e) MUST_CHECK;
/* Resolves the notes of a reply for `viewer`, in place, and fills `text`. The text of a
 * note that the viewer may not read is replaced by a word that says so. */
void reply_show(struct db *db, const struct catalogue *words, struct arena *mem,
    json_t *reply, int64_t viewer, int locale);
/* The same of a stored one; NULL where nothing is stored any more. */
json_t *reply_resolve(struct db *db, const struct catalogue *words, struct arena *mem,
    const char *stored, int64_t viewer, int locale);
/* The plain-text rendering: what the console prints and `text` holds. Tables are
 * aligned by display width and become lines past 40 columns. The reader's style chooses:
 * dense aligns all fields, short leaves out what only explains; the reply itself is the
 * same. */
char *reply_plain(struct arena *mem, const json_t *reply);

#endif
