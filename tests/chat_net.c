#include "tests/chat_net.h"

#include <string.h>

static bool holds(const json_t *text, const char *notification)
{
    return json_is_string(text) && json_string_length(text) && strstr(notification, json_string_value(text));
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
        if (kind && !strcmp(json_string_value(kind), "note") && holds(json_object_get(part, "text"), notification))
            return true;
        json_array_foreach(json_object_get(part, "items"), k, item)
            if (holds(json_object_get(item, "note"), notification))
                return true;
    }
    return false;
}
