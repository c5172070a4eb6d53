/* Any text as a signature: whatever is read must be text that was there, within bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/log.h"
#include "bot/text/card.h"
#include "bot/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct catalogue *words;

static void check(const char *field)
{
    size_t bad;
    if (field && (!utf8_valid(field, strlen(field), &bad) || strlen(field) > 4 * CARD_BYTES))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t bad;
    struct err e;
    struct card c;
    struct arena mem = ARENA_INIT;
    if (!words) {
        log_quiet(true);
        words = catalogue_open(SOURCE_DIR "/locales", &e);
        if (!words)
            abort();
    }
    if (memchr(data, 0, size) || !utf8_valid((const char *)data, size, &bad))
        return 0;
    if (card_parse(&mem, words, NULL, (const char *)data, size, &c)) {
        const char *const fields[] = { c.name, c.kana, c.company, c.department, c.title, c.mail };
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            check(fields[i]);
        for (int i = 0; i < c.n_phones; i++)
            check(c.phones[i]);
        if (c.n_lines > CARD_LINES || c.n_left > c.n_lines || c.n_plain > c.n_left || c.n_plain < 0)
            abort();
    } else if (size <= CARD_BYTES && size < CARD_LINES) {
        abort();
    }
    arena_finish(&mem);
    return 0;
}
