#include "bot/transport/slack_api.h"

#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/json.h"

/* The sheet's §4.4, as data. A name that ends in * is a prefix. */
static const struct {
    enum slack_class class;
    const char *errors;
} classes[] = {
    { SLACK_WAIT, "ratelimited rate_limited" },
    { SLACK_TRANSIENT, "internal_error fatal_error service_unavailable request_timeout update_failed "
                       "team_added_to_org external_channel_migrating" },
    { SLACK_TOKENS, "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope "
                    "not_allowed_token_type no_permission accesslimited org_login_required "
                    "two_factor_setup_required enterprise_is_restricted team_access_not_granted "
                    "user_removed_from_team team_disabled forbidden_team" },
    { SLACK_TARGET, "channel_not_found not_in_channel user_not_in_channel is_archived user_not_found "
                    "user_disabled user_not_visible users_not_found messages_tab_disabled "
                    "restricted_action* ekm_access_denied app_access_restricted message_not_found "
                    "cant_update_message edit_window_closed thread_not_found cannot_reply_to_message "
                    "expired_url used_url no_service channel_is_archived" },
    { SLACK_CONTENT, "invalid_blocks* invalid_arguments invalid_json msg_too_long msg_blocks_too_long "
                     "no_text view_too_large invalid_post_type invalid_form_data too_many_attachments "
                     "block_mismatch invalid_metadata* metadata_too_large" },
    { SLACK_RACE, "hash_conflict expired_trigger_id exchanged_trigger_id trigger_expired "
                  "trigger_exchanged duplicate_external_id already_reacted" },
};

static bool is_one_of(const char *list, const char *error)
{
    size_t n = strlen(error);
    for (const char *s = list; *s; s += strcspn(s, " "), s += strspn(s, " ")) {
        size_t len = strcspn(s, " ");
        bool prefix = s[len - 1] == '*';
        if (prefix ? n >= len - 1 && !strncmp(s, error, len - 1) : n == len && !strncmp(s, error, n))
            return true;
    }
    return false;
}

enum slack_class slack_api_class(const char *error)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (is_one_of(classes[i].errors, error))
            return classes[i].class;
    return SLACK_OTHER;
}

bool slack_api_fatal(const char *error)
{
    return is_one_of("not_authed invalid_auth account_inactive user_removed_from_team team_disabled "
                     "token_revoked token_expired not_allowed_token_type missing_scope", error);
}

enum slack_class slack_api_judge(struct arena *mem, const struct http_response *a, const char **error)
{
    struct err e;
    *error = "no answer";
    if (a->result != HTTP_ANSWERED)
        return SLACK_TRANSIENT;
    *error = arena_printf(mem, "status %d", a->status);
    if (a->status == 429)
        return SLACK_WAIT;
    if (a->status >= 500)
        return SLACK_TRANSIENT;
    AUTO_JSON tree = json_parse(a->body, a->body_size, &e);
    if (tree && json_is_true(json_at(tree, "ok"))) {
        *error = "";
        return SLACK_OK;
    }
    const char *said = json_text(tree, "error");
    if (said) {
        *error = arena_strdup(mem, said);
        return slack_api_class(said);
    }
    /* A response_url answers "ok"; a broken answer may hide a success. */
    if (a->status == 200 && a->body_size == 2 && !strncmp(a->body, "ok", 2)) {
        *error = "";
        return SLACK_OK;
    }
    return a->status == 404 || a->status == 410 ? SLACK_TARGET : SLACK_TRANSIENT;
}

/* Requests. */

bool slack_api_check(const struct slack_api *api, struct err *e)
{
    static const char *const local[] = { "http://127.0.0.1", "http://localhost", "http://[::1]" };
    size_t n = strlen(api->url);
    bool ok = !strncmp(api->url, "https://", 8);
    for (size_t i = 0; i < sizeof local / sizeof *local && !ok; i++) {
        size_t len = strlen(local[i]);
        ok = !strncmp(api->url, local[i], len) && (api->url[len] == ':' || api->url[len] == '/');
    }
    if (!ok || n < 5 || strcmp(api->url + n - 5, "/api/") != 0)
        return fail(e, ERR_USAGE, NULL, NULL,
            "setting slack_api_url: '%.80s' must begin with https:// and end in /api/", api->url);
    if (strncmp(api->app_token, "xapp-", 5) != 0)
        return fail(e, ERR_USAGE, NULL, NULL,
            "SLACK_APP_TOKEN does not begin with xapp-; make one under Basic Information, App-Level Tokens, scope connections:write");
    if (strncmp(api->bot_token, "xoxb-", 5) != 0)
        return fail(e, ERR_USAGE, NULL, NULL,
            "SLACK_BOT_TOKEN does not begin with xoxb-; copy the Bot User OAuth Token under Install App");
    return true;
}

static void begin(const struct slack_api *api, struct http_request *r, const char *method, const char *type)
{
    bool app = !strcmp(method, "apps.connections.open");
    r->url = arena_printf(&r->mem, "%s%s", api->url, method);
    r->headers[0] = arena_printf(&r->mem, "Authorization: Bearer %s", app ? api->app_token : api->bot_token);
    r->headers[1] = arena_printf(&r->mem, "Content-Type: %s", type);
}

void slack_api_request(const struct slack_api *api, struct http_request *r, const char *method,
    const json_t *args)
{
    begin(api, r, method, "application/json; charset=utf-8");
    r->body = args ? json_print(&r->mem, args) : "{}";
    r->body_size = strlen(r->body);
}

static void put_encoded(struct buf *b, const char *s)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *s; s++)
        if (strchr(safe, *s))
            buf_putc(b, *s);
        else
            buf_printf(b, "%%%02X", (unsigned char)*s);
}

void slack_api_form(const struct slack_api *api, struct http_request *r, const char *method,
    const json_t *args)
{
    struct buf b = BUF_ON(&r->mem);
    const char *name;
    json_t *v;
    begin(api, r, method, "application/x-www-form-urlencoded");
    buf_puts(&b, "");
    json_object_foreach((json_t *)args, name, v)
    {
        buf_printf(&b, "%s%s=", b.n ? "&" : "", name);
        put_encoded(&b, json_is_string(v) ? json_string_value(v) : json_print(&r->mem, v));
    }
    r->body = b.s;
    r->body_size = b.n;
}
