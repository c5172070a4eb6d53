/* When a weekly digest is due: Monday 08:30 of the member, or the first business day of
 * the market after it. */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include "bot/store/digest.h"

/* The next one after `now_ms`, on `mem`. */
struct digest digest_next(struct arena *mem, int64_t member, const char *market,
    const char *zone, int64_t now_ms);

#endif
