/* Host tool of the build. `embed sql H C FILES...` turns the commented statements of
 * bot/store/sql into an enum and a table; `embed page C FILES...` turns the web page
 * into arrays. A statement begins with `-- name: x`, a piece of several statements with
 * `-- fragment: x`; both end before the next of these. A line `-- use: x` stands for the
 * fragment, whichever file it is in; fragments may use others. A line `-- opens: x` right
 * below the name lets the statement read what people typed (wall.h); one that opens
 * something unknown fails the build. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NOLINTBEGIN(cert-err33-c): what could not be written shows when the file is closed. */
static char *read_file(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(1);
    }
    size_t cap = 1 << 16;
    char *s = malloc(cap);
    for (*n = 0;; ) {
        if (!s)
            exit(1);
        *n += fread(s + *n, 1, cap - *n - 1, f);
        if (*n < cap - 1)
            break;
        cap *= 2;
        s = realloc(s, cap);
    }
    s[*n] = '\0';
    (void)fclose(f);
    return s;
}

static void put_string(FILE *out, const char *s, size_t n)
{
    fputs("    \"", out);
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '\n')
            fputs(i + 1 < n ? "\\n\"\n    \"" : "\\n", out);
        else if (s[i] == '"' || s[i] == '\\')
            fprintf(out, "\\%c", s[i]);
        else
            fputc(s[i], out);
    }
    fputc('"', out);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static FILE *open_out(const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

enum { FRAGMENTS = 64 };
static struct part {
    const char *name, *body;
    size_t len, n; /* of them */
    int is_fragment;
} fragments[FRAGMENTS];
static int n_fragments;

/* The next name or fragment at or behind `s`, or its end; `*name` is what it is called. */
static const char *next_part(const char *s, const char **name, int *is_fragment)
{
    static const char *const marks[] = { "-- name: ", "-- fragment: " };
    const char *first = NULL;
    for (int i = 0; i < 2; i++) {
        const char *p = strstr(s, marks[i]);
        if (!p || (first && p > first))
            continue;
        first = p;
        *name = p + strlen(marks[i]);
        *is_fragment = i;
    }
    return first ? first : s + strlen(s);
}

/* The part that begins at `*at`, which goes on behind it; 0: there is none. */
static int take_part(const char **at, struct part *out)
{
    const char *ignored;
    int next_is;
    *out = (struct part){ .name = "" };
    if (!*next_part(*at, &out->name, &out->is_fragment))
        return 0;
    out->len = strcspn(out->name, " \t\r\n");
    out->body = out->name + out->len;
    *at = next_part(out->body, &ignored, &next_is);
    out->n = (size_t)(*at - out->body);
    return 1;
}

static void collect_fragments(const char *sql)
{
    struct part part;
    while (take_part(&sql, &part)) {
        if (!part.is_fragment)
            continue;
        if (n_fragments == FRAGMENTS) {
            fputs("embed: too many fragments\n", stderr);
            exit(1);
        }
        fragments[n_fragments++] = part;
    }
}

static void put_body(FILE *out, const char *s, size_t n, int depth)
{
    static const char mark[] = "\n-- use: ";
    const char *end = s + n, *p;
    while ((p = strstr(s, mark)) && p < end) {
        put_string(out, s, (size_t)(p - s));
        const char *name = p + sizeof mark - 1;
        size_t len = strcspn(name, " \t\r\n");
        int i = 0;
        while (i < n_fragments && (fragments[i].len != len || strncmp(fragments[i].name, name, len) != 0))
            i++;
        if (i == n_fragments) {
            fprintf(stderr, "embed: no fragment '%.*s'\n", (int)len, name);
            exit(1);
        }
        if (depth == FRAGMENTS) {
            fprintf(stderr, "embed: fragment '%.*s' uses itself\n", (int)len, name);
            exit(1);
        }
        fputc('\n', out);
        put_body(out, fragments[i].body, fragments[i].n, depth + 1);
        fputc('\n', out);
        s = name + len;
    }
    put_string(out, s, (size_t)(end - s));
}

/* The bits of wall.h for what a statement opens, in the table's own words. */
static const char *opened(const struct part *part)
{
    static const char mark[] = "\n-- opens: ";
    static const struct {
        const char *name, *bit;
    } walls[] = { { "note_text", "OPENS_NOTE_TEXT" }, { "inbox", "OPENS_INBOX" }, { "note_index", "OPENS_NOTE_INDEX" } };
    if (strncmp(part->body, mark, sizeof mark - 1) != 0)
        return "0";
    const char *name = part->body + sizeof mark - 1;
    size_t len = strcspn(name, " \t\r\n");
    for (size_t i = 0; i < sizeof walls / sizeof *walls; i++)
        if (strlen(walls[i].name) == len && !strncmp(name, walls[i].name, len))
            return walls[i].bit;
    fprintf(stderr, "embed: '%.*s' opens what has no wall\n", (int)part->len, part->name);
    exit(1);
}

static void embed_statements(const char *sql, int wrapped, FILE *h, FILE *c)
{
    struct part part;
    while (take_part(&sql, &part)) {
        if (part.is_fragment)
            continue;
        fputs("    STMT_", h);
        for (size_t i = 0; i < part.len; i++)
            fputc(toupper((unsigned char)part.name[i]), h);
        fputs(",\n", h);
        fprintf(c, "    { \"%.*s\",\n", (int)part.len, part.name);
        put_body(c, part.body, part.n, 0);
        fprintf(c, ", %d, %s },\n", wrapped, opened(&part));
    }
}

static int embed_sql(int argc, char **argv)
{
    FILE *h = open_out(argv[2]), *c = open_out(argv[3]);
    size_t n;
    fputs("#ifndef SQL_TABLE_H\n#define SQL_TABLE_H\nenum stmt_id {\n", h);
    fputs("#include \"sql_table.h\"\n#include <stddef.h>\n"
          "const struct sql_statement sql_statements[] = {\n", c);
    for (int i = 4; i < argc; i++)
        collect_fragments(read_file(argv[i], &n));
    for (int i = 4; i < argc; i++) {
        if (strstr(argv[i], "/migrate/") || !strcmp(base_name(argv[i]), "schema.sql"))
            continue;
        embed_statements(read_file(argv[i], &n), strstr(argv[i], "/kpi/") != NULL, h, c);
    }
    fputs("    STMT__MAX\n};\nenum { OPENS_NOTE_TEXT = 1, OPENS_INBOX = 2, OPENS_NOTE_INDEX = 4 };\n"
          "struct sql_statement { const char *name, *text; int wrapped, opens; };\n"
          "extern const struct sql_statement sql_statements[];\n"
          "extern const char sql_schema[];\n"
          "struct sql_migration { int to; const char *text; };\n"
          "extern const struct sql_migration sql_migrations[];\n#endif\n", h);
    fputs("    { NULL, NULL, 0, 0 }\n};\nconst struct sql_migration sql_migrations[] = {\n", c);
    for (int i = 4; i < argc; i++) {
        if (!strstr(argv[i], "/migrate/"))
            continue;
        fprintf(c, "    { %d,\n", atoi(base_name(argv[i])));
        const char *s = read_file(argv[i], &n);
        put_string(c, s, n);
        fputs(" },\n", c);
    }
    fputs("    { 0, NULL }\n};\n", c);
    for (int i = 4; i < argc; i++) {
        if (strcmp(base_name(argv[i]), "schema.sql") != 0)
            continue;
        fputs("const char sql_schema[] =\n", c);
        const char *s = read_file(argv[i], &n);
        put_string(c, s, n);
        fputs(";\n", c);
    }
    return fclose(h) | fclose(c);
}

static const char *media_type(const char *name)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        { ".html", "text/html; charset=utf-8" },
        { ".css", "text/css; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".svg", "image/svg+xml" },
        { ".png", "image/png" },
        { ".webmanifest", "application/manifest+json" },
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t n = strlen(name), m = strlen(types[i].end);
        if (n > m && !strcmp(name + n - m, types[i].end))
            return types[i].type;
    }
    return "application/octet-stream";
}

static int embed_page(int argc, char **argv)
{
    FILE *c = open_out(argv[2]);
    fputs("#include \"bot/transport/page.h\"\n#include <stddef.h>\n", c);
    for (int i = 3; i < argc; i++) {
        size_t n;
        const char *s = read_file(argv[i], &n);
        fprintf(c, "static const unsigned char file%d[] = {", i);
        for (size_t k = 0; k < n; k++)
            fprintf(c, "%s%u,", k % 24 ? "" : "\n", (unsigned char)s[k]);
        fputs("\n0};\n", c);
    }
    fputs("const struct page_file page_files[] = {\n", c);
    for (int i = 3; i < argc; i++)
        fprintf(c, "    { \"%s\", \"%s\", file%d, sizeof file%d - 1 },\n",
            base_name(argv[i]), media_type(argv[i]), i, i);
    fputs("    { NULL, NULL, NULL, 0 }\n};\n", c);
    return fclose(c);
}

int main(int argc, char **argv)
{
    if (argc > 4 && !strcmp(argv[1], "sql"))
        return embed_sql(argc, argv) ? 1 : 0;
    if (argc > 2 && !strcmp(argv[1], "page"))
        return embed_page(argc, argv) ? 1 : 0;
    fputs("usage: embed sql H C FILES... | embed page C FILES...\n", stderr);
    return 2;
}
/* NOLINTEND(cert-err33-c) */
