// icu::MessageFormat is the only part of ICU that takes named, typed arguments; the C
// API (umsg_*) reads varargs whose types the pattern decides. Out of memory ends the
// program, as everywhere.
#include "bot/text/message.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <unicode/locid.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

struct message {
    icu::MessageFormat format;
    std::vector<std::string> names;

    message(const icu::UnicodeString &pattern, const char *locale, UParseError &at,
        UErrorCode &err)
        : format(pattern, icu::Locale::createCanonical(locale), at, err)
    {
    }
};

namespace {

enum { ARGS_MAX = 24 };

void say_why(char *why, int n, const UParseError &at, UErrorCode err)
{
    if (why && n > 0)
        (void)std::snprintf(why, static_cast<size_t>(n), "%s at character %d",
            u_errorName(err), at.offset);
}

std::vector<std::string> argument_names(const icu::UnicodeString &pattern)
{
    UErrorCode err = U_ZERO_ERROR;
    icu::MessagePattern parts(pattern, nullptr, err);
    std::vector<std::string> names;
    for (int32_t i = 0; U_SUCCESS(err) && i < parts.countParts(); i++) {
        const icu::MessagePattern::Part &part = parts.getPart(i);
        if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME
            && part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER)
            continue;
        std::string name;
        parts.getSubstring(part).toUTF8String(name);
        bool known = false;
        for (const std::string &other : names)
            known = known || other == name;
        if (!known)
            names.push_back(name);
    }
    return names;
}

icu::Formattable value_of(const msg_arg &arg)
{
    switch (arg.type) {
    case MSG_INT:
        return icu::Formattable(arg.integer);
    case MSG_REAL:
        return icu::Formattable(arg.real);
    default:
        return icu::Formattable(icu::UnicodeString::fromUTF8(arg.text ? arg.text : ""));
    }
}

} // namespace

struct message *message_create(const char *locale, const char *pattern, char *why,
    int n)
{
    UErrorCode err = U_ZERO_ERROR;
    UParseError at = {};
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(pattern);
    message *m = new message(text, locale, at, err);
    if (U_FAILURE(err)) {
        say_why(why, n, at, err);
        delete m;
        return nullptr;
    }
    m->names = argument_names(text);
    return m;
}

void message_destroy(struct message *m)
{
    delete m;
}

char *message_format(const struct message *m, const struct msg_arg *args)
{
    icu::UnicodeString names[ARGS_MAX];
    icu::Formattable values[ARGS_MAX];
    int32_t n = 0;
    for (; args && args[n].name && n < ARGS_MAX; n++) {
        names[n] = icu::UnicodeString::fromUTF8(args[n].name);
        values[n] = value_of(args[n]);
    }
    UErrorCode err = U_ZERO_ERROR;
    icu::UnicodeString text;
    m->format.format(names, values, n, text, err);
    if (U_FAILURE(err))
        return nullptr;
    std::string out;
    text.toUTF8String(out);
    return strdup(out.c_str());
}

int message_args(const struct message *m, const char **names, int max)
{
    int n = 0;
    for (const std::string &name : m->names) {
        if (n < max)
            names[n] = name.c_str();
        n++;
    }
    return n < max ? n : max;
}
