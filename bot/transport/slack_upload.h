/* A picture or a file on its way to Slack, in three requests: an address, its bytes, and
 * where it belongs. A reply brings it in a part `chart` (`png`) or `file` (`data`), base64. */
#ifndef TRANSPORT_SLACK_UPLOAD_H
#define TRANSPORT_SLACK_UPLOAD_H

#include <jansson.h>
#include "bot/transport/courier.h"
#include "bot/transport/slack_api.h"

bool slack_upload_wanted(const json_t *reply);
bool slack_upload_begin(const struct slack_api *api, const json_t *reply, struct http_request *out,
    struct err *e) MUST_CHECK;
/* From the answer to the first request; the file's id is kept in way->data. False: the answer
 * names no address, or one that is not https (of a Slack on this machine http). */
bool slack_upload_bytes(const struct slack_api *api, struct courier_way *way, const json_t *reply,
    const struct http_response *a, struct http_request *out);
bool slack_upload_complete(const struct slack_api *api, struct courier_way *way, const json_t *reply,
    const char *channel, const char *thread, struct http_request *out);

#endif
