/* The web page's files, compiled in by bot/store/embed.c from bot/transport/page/. */
#ifndef TRANSPORT_PAGE_H
#define TRANSPORT_PAGE_H

#include <stddef.h>

struct page_file {
    const char *name; /* "index.html" */
    const char *type; /* "text/html; charset=utf-8" */
    const unsigned char *bytes;
    size_t size;
};
extern const struct page_file page_files[]; /* ended by {0} */

#endif
