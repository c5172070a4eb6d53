#include "tests/chat_net.h"

#include <string.h>

/* A note that says no more than the title does ("against") hides nothing. */
static bool holds(const json_t *reply, const json_t *text, const char *notification)
{
    const char *title = json_string_value(json_object_get(reply, "title")), *s = json_string_value(text);
    return s && *s && strstr(notification, s) && !(title && strstr(title, s));
}

bool shows_private(const json_t *reply, const char *notification)
{
    size_t i, k;
    json_t *part, *item;
    if (!json_is_true(json_object_get(reply, "private")))
        return false;
    json_array_foreach(json_object_get(reply, "parts"), i, part)
    {
        const json_t *kind = json_object_get(part, "kind");
        if (kind && !strcmp(json_string_value(kind), "note") && holds(reply, json_object_get(part, "text"), notification))
            return true;
        json_array_foreach(json_object_get(part, "items"), k, item)
            if (holds(reply, json_object_get(item, "note"), notification))
                return true;
    }
    return false;
}
