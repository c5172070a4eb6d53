/* What the questions about figures share: `kpi`, `why` and `list`. */
#ifndef HANDLERS_KPIS_H
#define HANDLERS_KPIS_H

#include "bot/core/kpi.h"
#include "handlers/handlers.h"

/* Reads what is asked: figure, scope, period and split. With `refer`, what is not typed
 * is that of the last figure asked in this conversation; `*known` says whether there is
 * anything to answer. False with ERR_NONE where a refusal was already replied. */
bool kpi_read_ask(
    struct call *c, bool refer, struct kpi_ask *a, bool *known, struct err *e);
/* The period that a figure takes where none was typed. */
void kpi_default_period(struct call *c, struct kpi_ask *a);
/* What a figure says besides its value: interval, parts, what makes it doubtful. */
void kpi_details(
    struct reply *r, const struct kpi_ask *a, const struct kpi_answer *out);
/* A row a group: by name; ranked only where each has enough behind it for a rank to mean
 * something. */
void kpi_split_table(struct reply *r, const struct kpi_ask *a, struct kpi_answer *out);
/* trained at Oracle, of a person; Analytics, of a firm; NULL: no tag. */
const char *kpi_tag_name(struct call *c, const char *tag);
/* Names the groups and puts them in the order of that table; how many have too few behind
 * them for a rank. */
int kpi_order_groups(struct call *c, const struct kpi_ask *a, struct kpi_answer *out);
/* "D31, D40, D44" of the rows with that mark, at most `max` and then "…". */
char *kpi_ids(struct call *c, const struct kpi_answer *out, const char *mark, int max);
/* Where a split was typed and no figure: the one that is split like that most. */
void kpi_settle_figure(struct call *c, struct kpi_ask *a);
/* The last twelve calendar months instead of a trailing year. */
void kpi_whole_months(struct call *c, struct kpi_ask *a);
/* chart.c: the figure as a picture. */
bool kpi_chart(struct call *c, struct err *e);
/* kpi_trend.c: the figure of each month or quarter, and of the period before. */
bool kpi_trend(struct call *c, struct kpi_ask *a, struct err *e);
/* What a trend takes where no period is typed: a year of months, two of quarters. */
struct period kpi_time_period(struct call *c, enum kpi_by by);
/* "50.0 %", "4.0", "n/a": a value without what stands behind it. */
const char *kpi_value_text(
    struct call *c, const struct kpi *k, const struct kpi_figure *f);
/* The card that a scope is: a bit of CARD_*. */
int kpi_card_of(const struct kpi_scope *s);
/* The figures typed, or those of the scope's card, or all of them. */
bool kpi_card(struct call *c, struct kpi_ask *a, struct err *e);
/* kpi_compare.c: the partners named, side by side. */
bool kpi_compare(struct call *c, struct kpi_ask *a, struct err *e);
/* [Why] [List], each a whole command; `why` NULL: of the card. */
void kpi_buttons(
    struct reply *r, const char *why, const char *list, const struct kpi_ask *a);
/* [Chart] [CSV] of a figure that has something to show. */
void kpi_file_buttons(struct reply *r, bool chart, const struct kpi_ask *a);
/* Do the words typed hold one of this list of the catalogue, in any locale? */
bool kpi_typed_one_of(struct call *c, const char *path);
/* Composed title: name, scope and period. */
char *kpi_title(struct call *c, const char *name, const struct kpi_ask *a);

#endif
