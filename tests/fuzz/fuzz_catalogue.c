/* Translators' work: any MessageFormat pattern, and any file as locales/en.json. The
 * first byte chooses: `{` begins a catalogue file, all else is a pattern behind the
 * letter of a locale (e, j, k, t or another for German). Either is refused with a
 * reason or can be used. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bot/base/log.h"
#include "bot/text/catalogue.h"
#include "bot/text/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void promise(bool kept)
{
    if (!kept)
        abort();
}

static const char *locale_of(char letter)
{
    switch (letter) {
    case 'e': return "en";
    case 'j': return "ja";
    case 'k': return "ko";
    case 't': return "th";
    default: return "de";
    }
}

static void try_pattern(struct arena *mem, const char *locale, const char *pattern)
{
    char why[64] = "";
    struct message *m = message_create(locale, pattern, why, (int)sizeof why);
    if (!m) {
        promise(*why && strlen(why) < sizeof why);
        return;
    }
    const char *names[32];
    int n = message_args(m, names, 32);
    promise(n >= 0 && n <= 32);
    /* Once without arguments, once with each as text, number and fraction in turn. */
    free(message_format(m, NO_ARGS));
    struct msg_arg *args = ARENA_ARRAY(mem, struct msg_arg, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        args[i] = i % 3 == 0 ? NUM(names[i], i - 1)
            : i % 3 == 1     ? TXT(names[i], "田中様 {x}")
                             : REAL(names[i], -0.5);
    free(message_format(m, args));
    message_destroy(m);
}

static char dir[] = "/tmp/nemawashi-fuzz-XXXXXX";
static char file[sizeof dir + 16];

static void remove_dir(void)
{
    (void)unlink(file);
    (void)rmdir(dir);
}

static void try_catalogue(struct arena *mem, const uint8_t *data, size_t size)
{
    if (!*file) {
        promise(mkdtemp(dir) != NULL);
        (void)snprintf(file, sizeof file, "%s/en.json", dir);
        (void)atexit(remove_dir);
    }
    FILE *f = fopen(file, "we");
    promise(f && fwrite(data, 1, size, f) == size);
    (void)fclose(f);
    struct err e = { 0 };
    struct catalogue *c = catalogue_open(dir, &e);
    if (!c) {
        promise(e.code != ERR_NONE && *e.why);
        return;
    }
    promise(*catalogue_text(c, mem, 0, "a.b", ARGS(TXT("name", "x"), NUM("n", 2))) != '\0' ||
        catalogue_has(c, 0, "a.b"));
    int n = catalogue_list(c, 0, "commands.touch.words");
    for (int i = 0; i < n; i++)
        (void)catalogue_item(c, 0, "commands.touch.words", i);
    struct word words[8];
    static const char text[] = "zoom 電話 lunch";
    for (size_t at = 0; at < sizeof text - 1; at++) {
        int found = catalogue_match(c, text, sizeof text - 1, at, words, 8);
        for (int i = 0; i < found; i++)
            promise(words[i].len > 0 && at + words[i].len <= sizeof text - 1);
    }
    (void)catalogue_word(c, 0, "channel", "zoom");
    catalogue_close(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena mem = ARENA_INIT;
    log_quiet(true);
    if (size && data[0] == '{')
        try_catalogue(&mem, data, size);
    else if (size)
        try_pattern(&mem, locale_of((char)data[0]),
            arena_strndup(&mem, (const char *)data + 1, size - 1));
    arena_finish(&mem);
    return 0;
}
