/* bench NAME DIR runs one benchmark in a folder for its stores; tests/bench/run starts it. */
#include "tests/bench/bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bot/base/log.h"

_Noreturn void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    (void)fflush(stdout);
    (void)fputs("bench: ", stderr);
    (void)vfprintf(stderr, fmt, ap);
    (void)fputc('\n', stderr);
    va_end(ap);
    exit(1);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

double percentile(double *v, size_t n, double p)
{
    qsort(v, n, sizeof *v, compare);
    size_t at = (size_t)((double)n * p / 100);
    return n ? v[at < n ? at : n - 1] : 0;
}

void figure_add(struct figure *f, double v)
{
    if (f->n == RUNS_MAX)
        die("more than %d runs", RUNS_MAX);
    f->value[f->n++] = v;
}

double figure_median(const struct figure *f)
{
    struct figure copy = *f;
    return percentile(copy.value, (size_t)copy.n, 50);
}

static int decimals(double v)
{
    return v >= 100 ? 0 : v >= 10 ? 1 : 2;
}

void figure_print(const char *what, const struct figure *f, const char *unit, const char *aim)
{
    struct figure copy = *f;
    double mid = percentile(copy.value, (size_t)copy.n, 50);
    double low = copy.value[0], high = copy.value[copy.n - 1];
    char range[64];
    (void)snprintf(range, sizeof range, "(%.*f .. %.*f)", decimals(low), low,
        decimals(high), high);
    (void)printf("  %-44s %8.*f %-5s %-18s %s\n", what, decimals(mid), mid, unit, range,
        aim ? aim : "");
    (void)fflush(stdout);
}

static const struct {
    const char *name;
    void (*run)(const char *dir);
} benchmarks[] = {
    { "roundtrip", bench_roundtrip },
    { "throughput", bench_throughput },
    { "start", bench_start },
    { "scorecard", bench_scorecard },
    { "kpis", bench_kpis },
    { "beside", bench_beside },
    { "find", bench_find },
    { "secure_delete", bench_secure_delete },
    { "reader", bench_reader },
    { "longest_line", bench_longest_line },
    { "filled", bench_filled },
    { "line", bench_line },
    { "import", bench_import },
    { "scheduler", bench_scheduler },
};

int main(int argc, char **argv)
{
    log_quiet(true);
    for (size_t i = 0; argc == 3 && i < sizeof benchmarks / sizeof *benchmarks; i++)
        if (!strcmp(argv[1], benchmarks[i].name)) {
            benchmarks[i].run(argv[2]);
            return 0;
        }
    (void)fputs("bench NAME DIR, where NAME is one of:", stderr);
    for (size_t i = 0; i < sizeof benchmarks / sizeof *benchmarks; i++)
        (void)fprintf(stderr, " %s", benchmarks[i].name);
    (void)fputc('\n', stderr);
    return 2;
}
