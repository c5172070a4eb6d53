/* An HTTP server on loopback that answers as a test says, for what sends requests. One
 * thread a connection; connections are kept open unless the script closes them. */
#ifndef TESTS_FAKES_SCRIPT_H
#define TESTS_FAKES_SCRIPT_H

#include <stdbool.h>

struct script;

enum script_act {
    SCRIPT_ANSWER,
    SCRIPT_CLOSE, /* reads the request, answers nothing */
    SCRIPT_CUT,   /* promises more body than it sends, then closes */
    SCRIPT_HANG,  /* reads the request, says nothing until the end */
};
struct script_step {
    enum script_act act;
    int status;          /* 0: 200 */
    const char *headers; /* "Name: value\r\n"...; NULL: none */
    const char *body;    /* NULL: {} */
};

struct script *script_start(void);
void script_stop(struct script *s);
/* "http://127.0.0.1:PORT", until script_stop. */
const char *script_url(const struct script *s);
/* For the requests to come, one step each; afterwards 200 {}. */
void script_add(struct script *s, struct script_step step);
/* Waits until `n` requests came in all; false after 20 s. */
bool script_wait(struct script *s, int n);
int script_count(struct script *s);
/* The whole i-th request, from 0, head and body; until script_stop. */
const char *script_request(struct script *s, int i);
/* The value of its header, "" if it has none; static memory. */
const char *script_header(struct script *s, int i, const char *name);
const char *script_body(struct script *s, int i);

#endif
