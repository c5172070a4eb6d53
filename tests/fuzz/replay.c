/* The main program of a fuzz target outside the kind `fuzz`: runs every file of the
 * given directories through the target once. Fails where there is none to run. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    struct arena mem = ARENA_INIT;
    struct buf b = BUF_ON(&mem);
    char chunk[4096];
    for (size_t n = 0; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    int ok = !ferror(f);
    (void)fclose(f);
    /* Exactly as many bytes as there are, so that a read behind them is noticed. */
    uint8_t *data = xmalloc(b.n);
    if (b.n)
        memcpy(data, b.s, b.n);
    (void)LLVMFuzzerTestOneInput(data, b.n);
    free(data);
    arena_finish(&mem);
    return ok;
}

int main(int argc, char **argv)
{
    int files = 0;
    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);
        for (struct dirent *d = dir ? readdir(dir) : NULL; d; d = readdir(dir)) {
            char path[1024];
            int n = snprintf(path, sizeof path, "%s/%s", argv[i], d->d_name);
            if (d->d_name[0] != '.' && n > 0 && n < (int)sizeof path)
                files += run_file(path);
        }
        if (dir)
            (void)closedir(dir);
    }
    printf("%d files\n", files);
    return files == 0;
}
