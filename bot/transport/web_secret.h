/* The two secrets that a browser brings: the token of a login link, and the cookie of its
 * session. Pure: fit for a fuzzer. */
#ifndef TRANSPORT_WEB_SECRET_H
#define TRANSPORT_WEB_SECRET_H

#include "bot/base/arena.h"

/* Letters, digits, - and _, and not too many of them: safe in a header. */
bool web_is_secret(const char *s); /* NULL is none */
/* Out of {"token":"…"}; NULL: there is none. */
const char *web_login_token(struct arena *mem, const char *body, size_t n);
/* The value of our cookie in a Cookie header (NULL: none was sent); NULL: there is none. */
char *web_cookie(struct arena *mem, const char *header);

#endif
