/* The message reader: what a person types, in any language, against a small store. The
 * reader brings its own door (bot/core/reader.h), because a store and the names in it
 * are opened once and not for each input. */
#include <stdint.h>
#include "bot/core/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return core_fuzz_read(data, size);
}
