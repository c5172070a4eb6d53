/* A certificate and its key as files, looked at before a server is given them: a library
 * that finds them wanting later can't say which and why, or asks a terminal for a
 * passphrase. Keeps nothing of the key. */
#ifndef BASE_CERTIFICATE_H
#define BASE_CERTIFICATE_H

#include "bot/base/err.h"

/* PEM: a chain, the server's own certificate first, and its key without a passphrase in
 * a file for the owner's eyes only. ERR_USAGE: `why` names the file and the mend. */
bool certificate_check(const char *cert, const char *key, struct err *e) MUST_CHECK;

#endif
