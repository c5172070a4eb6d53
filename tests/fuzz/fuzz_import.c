/* Any bytes as a file to import: decoded, read and planned without harm, and what is said of
 * it is text. The first byte says which kind it is taken for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/log.h"
#include "bot/core/import.h"
#include "bot/text/charset.h"
#include "bot/text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_report(void *ctx, enum import_tone tone, int64_t row, const char *text)
{
    size_t bad;
    (void)ctx;
    (void)tone;
    if (row < 0 || !utf8_valid(text, strlen(text), &bad))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const kinds[] = { NULL, "partners", "customers", "people", "deals", "touch_points" };
    static const char *const orders[] = { NULL, "ymd", "dmy", "mdy" };
    static struct catalogue *words;
    static struct db *db;
    struct err e = { 0 };
    if (!db) {
        log_quiet(true);
        words = catalogue_open(SOURCE_DIR "/locales", &e);
        db = words ? db_open(":memory:", DB_WRITE, &e) : NULL;
        if (!db || !db_exec(db,
                       "insert into member (id, handle, name, role, market, zone, locale, created_ms)"
                       " values (1,'kenji','Kenji','rep','JP','Asia/Tokyo','en',0);"
                       "insert into partner (id, name, created_ms) values (1,'Denko',0);"
                       "insert into customer (id, name, created_ms) values (1,'Acme',0)", &e))
            abort();
    }
    if (!size)
        return 0;
    size_t n;
    const char *found;
    char *text = charset_decode(data + 1, size - 1, NULL, &n, &found, &e);
    struct import_options o = { .words = words, .zone = "Asia/Tokyo", .kind = kinds[data[0] % 6],
        .dates = orders[data[0] / 6 % 4], .member = data[0] % 2, .dry_run = true, .report = on_report };
    struct import_result result;
    if (text && import_text(db, "file.csv", text, n, &o, &result, &e) && result.refused)
        abort(); /* refused rows mean a refused file */
    free(text);
    return 0;
}
