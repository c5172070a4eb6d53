/* Private to period.c and period_match.c; the public part is in when.h. */
#ifndef TEXT_PERIOD_H
#define TEXT_PERIOD_H

#include "bot/text/when.h"

const char *period_zone(const struct when_context *cx);
int32_t period_today(const struct when_context *cx);
struct period period_of_days(const struct when_context *cx, int32_t from, int32_t to);
struct period period_of_months(
    const struct when_context *cx, int year, int month, int months);

#endif
