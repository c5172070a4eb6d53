#include "bot/transport/web_secret.h"

#include <string.h>
#include "bot/base/json.h"

enum { SECRET_MAX = 128 };

bool web_is_secret(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    return n > 0 && n <= SECRET_MAX &&
           strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

const char *web_login_token(struct arena *mem, const char *body, size_t n)
{
    struct login {
        const char *token;
    } login = { 0 };
    static const struct json_field fields[] = {
        { "token", JSON_FIELD_STR, JSON_REQUIRED, offsetof(struct login, token) }, { 0 },
    };
    struct err e;
    AUTO_JSON tree = json_parse(body, n, &e);
    return tree && json_decode(mem, tree, fields, &login, &e) && web_is_secret(login.token) ? login.token : NULL;
}

char *web_cookie(struct arena *mem, const char *header)
{
    static const char name[] = "nemawashi=";
    for (const char *p = header; p && *p;) {
        p += strspn(p, " ;");
        size_t n = strcspn(p, ";");
        if (strncmp(p, name, sizeof name - 1) == 0) {
            char *value = arena_strndup(mem, p + sizeof name - 1, n - (sizeof name - 1));
            value[strcspn(value, " \t")] = '\0';
            return web_is_secret(value) ? value : NULL;
        }
        p += n;
    }
    return NULL;
}
