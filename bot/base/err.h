/* Errors as values: a code for the program, a catalogue key with typed arguments for
 * the person, a line of English for the operator. Set once where known, logged where
 * handled. Refuses to print anything. Message arguments (text/catalogue.h formats
 * them) are defined here because an error carries them. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

#define ERR_CODES(X)                                                                   \
    X(NONE)                                                                            \
    X(USAGE)                                                                           \
    X(NOT_FOUND)                                                                       \
    X(CONFLICT)                                                                        \
    X(CONSTRAINT)                                                                      \
    X(FORBIDDEN)                                                                       \
    X(LIMIT)                                                                           \
    X(REMOTE)                                                                          \
    X(BUSY)                                                                            \
    X(BUG)

enum err_code {
#define X(name) ERR_##name,
    ERR_CODES(X)
#undef X
        ERR__MAX
};

/* A named, typed argument of a catalogue message. An array of them ends in {0}. */
enum msg_type { MSG_END, MSG_TEXT, MSG_INT, MSG_REAL };
struct msg_arg {
    const char *name;
    enum msg_type type;
    const char *text;
    int64_t integer;
    double real;
};
#define TXT(n, s) ((struct msg_arg){ .name = (n), .type = MSG_TEXT, .text = (s) })
#define NUM(n, i) ((struct msg_arg){ .name = (n), .type = MSG_INT, .integer = (i) })
#define REAL(n, d) ((struct msg_arg){ .name = (n), .type = MSG_REAL, .real = (d) })
#define ARGS(...) ((const struct msg_arg[]){ __VA_ARGS__, { 0 } })
#define NO_ARGS ((const struct msg_arg[]){ { 0 } })

#define ERR_ARGS 6
struct err {
    enum err_code code;
    const char *key; /* catalogue key; NULL: only an operator can have caused it */
    struct msg_arg args[ERR_ARGS + 1];
    char why[240]; /* English, lower case, no full stop, never a secret */
};

/* Fills `e` and returns false, so that callers write `return fail(e, ...)`. Text
 * arguments are borrowed: they live as long as the arena they come from. */
bool fail(struct err *e, enum err_code code, const char *key, const struct msg_arg *args,
    const char *why, ...) PRINTF(5, 6);

/* Puts `prefix: ` before what `e` says to the operator, when crossing a layer. */
bool fail_in(struct err *e, const char *prefix);

const char *err_name(enum err_code code);

#endif
