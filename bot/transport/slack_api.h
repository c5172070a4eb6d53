/* Slack's Web API: how a request is made and what an answer means. Pure; sends nothing. */
#ifndef TRANSPORT_SLACK_API_H
#define TRANSPORT_SLACK_API_H

#include <jansson.h>
#include "bot/net/http.h"

struct slack_api {
    const char *url;       /* ends in /api/ */
    const char *app_token; /* xapp-…: opens sockets and nothing else */
    const char *bot_token; /* xoxb-… */
};
/* https anywhere, http only to this machine: tokens travel in it. ERR_USAGE. */
bool slack_api_check(const struct slack_api *api, struct err *e) MUST_CHECK;

/* POST `method` with a JSON object (NULL: no arguments); strings land on r->mem. */
void slack_api_request(const struct slack_api *api, struct http_request *r, const char *method,
    const json_t *args);
/* The same for methods that take a form: `args` of texts, numbers and booleans. */
void slack_api_form(const struct slack_api *api, struct http_request *r, const char *method,
    const json_t *args);

/* What has to be done about an answer. */
enum slack_class {
    SLACK_OK,
    SLACK_WAIT,      /* too fast: Retry-After */
    SLACK_TRANSIENT, /* Slack's trouble, or nobody knows: again later */
    SLACK_TOKENS,    /* credentials or scopes: a person has to act */
    SLACK_TARGET,    /* the conversation, message or person is not there (for us) */
    SLACK_CONTENT,   /* what we made is not accepted: plain text instead */
    SLACK_RACE,      /* too late, or done already */
    SLACK_OTHER,
};
enum slack_class slack_api_class(const char *error);
/* `error` (on mem; "" if ok) is Slack's word or, without an answer, ours. */
enum slack_class slack_api_judge(struct arena *mem, const struct http_response *a, const char **error);
/* Is it one of the few that no waiting mends? For apps.connections.open. */
bool slack_api_fatal(const char *error);

#endif
