/* A small program out of the layer `base`, compiled as a release is in every kind of build,
 * so that tests/hardening.sh sees what the flags of CMakeLists.txt do. */
#include <stdio.h>
#include <string.h>
#include "bot/base/buf.h"
#include "bot/base/crypto.h"

int main(int argc, char **argv)
{
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    char hash[SHA256_HEX], copy[64] = "";
    for (int i = 1; i < argc; i++)
        buf_printf(&b, "%s\n", argv[i]);
    size_t n = strnlen(buf_str(&b), sizeof copy - 1);
    memcpy(copy, buf_str(&b), n);
    sha256_hex(copy, n, hash);
    (void)printf("%s\n", hash);
    arena_finish(&mem);
    return 0;
}
