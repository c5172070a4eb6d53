/* Forms (modals) and the page (App Home): what they look like and what was filled in.
 * Pure. A form is a way to type one line: what is sent is that line. */
#ifndef TRANSPORT_SLACK_FORM_H
#define TRANSPORT_SLACK_FORM_H

#include <jansson.h>
#include "bot/text/catalogue.h"
#include "bot/transport/slack_in.h"

/* What action_id of buttons begins with: `value` is said; it is put into a form to be
 * completed; a form is opened. In a select, whose option has a value alone, the sign in
 * front of it says that it is to be completed. */
#define SLACK_SAY "say"
#define SLACK_FILL "fill"
#define SLACK_OPEN "open:"
#define SLACK_FILL_SIGN "+"

/* What a form is opened with. */
struct slack_form {
    const char *name;         /* say, touch or follow */
    const char *text;         /* filled in */
    const char *conversation; /* comes back with what is sent; NULL: none */
    const json_t *people;     /* to choose from, as in DELIVERY_FORM; NULL: not known yet */
};
/* It as a view; NULL: there is none of that name. What was typed meanwhile stays when a
 * view is replaced by one with people: its inputs keep their names. */
json_t *slack_form(struct arena *mem, const struct catalogue *words, int locale,
    const struct slack_form *form);
/* Is there something to choose from that is not known at once? */
bool slack_form_has_people(const char *name);
/* Reads a sent form into in->text, or into in->error. */
void slack_form_read(struct arena *mem, const json_t *view, struct slack_in *in);

/* The page; `json` as in DELIVERY_HOME, NULL: nobody known, `text` says what to do. */
json_t *slack_home(struct arena *mem, const struct catalogue *words, const char *json,
    const char *text);

#endif
