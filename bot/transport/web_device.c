#include "bot/transport/web_device.h"

#include <stdio.h>
#include <string.h>

struct sign {
    const char *in_header, *name;
};

/* In this order: browsers also name those that they are made after. */
static const struct sign browsers[] = {
    { " Line/", "LINE" }, { "Edg", "Edge" }, { "SamsungBrowser/", "Samsung Internet" },
    { "OPR/", "Opera" }, { "Firefox/", "Firefox" }, { "FxiOS/", "Firefox" }, { "CriOS/", "Chrome" },
    { "Chrome/", "Chrome" }, { "Safari/", "Safari" }, { 0 },
};
static const struct sign systems[] = {
    { "iPhone", "iPhone" }, { "iPad", "iPad" }, { "Android", "Android" }, { "CrOS", "ChromeOS" },
    { "Windows", "Windows" }, { "Mac OS X", "macOS" }, { "Linux", "Linux" }, { 0 },
};

static const char *find(const struct sign *list, const char *text)
{
    for (; list->name; list++)
        if (strstr(text, list->in_header))
            return list->name;
    return "";
}

void web_device(const char *user_agent, char out[WEB_DEVICE])
{
    const char *browser = user_agent ? find(browsers, user_agent) : "";
    const char *system = user_agent ? find(systems, user_agent) : "";
    (void)snprintf(out, WEB_DEVICE, "%s%s%s", browser, *browser && *system ? "/" : "", system);
}
