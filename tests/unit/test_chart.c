/* Charts: every kind draws at phone width, in both themes, with fonts for every script of
 * the eight markets, and what is drawn follows the values. CHART_DIR, where set, gets the
 * pictures, to be looked at. */
#include "tests/unit/t.h"

#include "bot/draw/canvas.h"
#include "bot/draw/chart.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct picture {
    cairo_surface_t *surface;
    int w, h;
};
struct feed {
    const unsigned char *at;
    size_t left;
};

static cairo_status_t read_bytes(void *ctx, unsigned char *out, unsigned n)
{
    struct feed *f = ctx;
    if (n > f->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(out, f->at, n);
    f->at += n;
    f->left -= n;
    return CAIRO_STATUS_SUCCESS;
}

static struct picture draw(const struct chart *c, const char *name)
{
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    const unsigned char *bytes = NULL;
    size_t n = 0;
    int unknown = 0;
    if (!chart_png(c, &mem, &bytes, &n, &unknown, &e))
        fail_msg("%s: %s", name, e.why);
    assert_int_equal(unknown, 0);
    assert_true(n < 200 * 1024); /* a phone on a train */
    if (getenv("CHART_DIR")) {
        FILE *f = fopen(arena_printf(&mem, "%s/%s.png", getenv("CHART_DIR"), name), "wb");
        assert_non_null(f);
        assert_int_equal(fwrite(bytes, 1, n, f), n);
        (void)fclose(f);
    }
    struct feed feed = { bytes, n };
    struct picture p = { .surface = cairo_image_surface_create_from_png_stream(read_bytes, &feed) };
    assert_int_equal(cairo_surface_status(p.surface), CAIRO_STATUS_SUCCESS);
    p.w = cairo_image_surface_get_width(p.surface);
    p.h = cairo_image_surface_get_height(p.surface);
    assert_int_equal(p.w, 720);
    arena_finish(&mem);
    return p;
}

/* How many pixels have this colour. */
static int count(const struct picture *p, unsigned rgb)
{
    const unsigned char *rows = cairo_image_surface_get_data(p->surface);
    int stride = cairo_image_surface_get_stride(p->surface), n = 0;
    for (int y = 0; y < p->h; y++)
        for (int x = 0; x < p->w; x++) {
            uint32_t v;
            memcpy(&v, rows + (size_t)y * (size_t)stride + (size_t)x * 4, 4);
            n += (v & 0xFFFFFF) == rgb;
        }
    return n;
}

static void done(struct picture p)
{
    cairo_surface_destroy(p.surface);
}

static const char *const partners[] = { "架橋ソリューションズ", "電光デジタル", "白楊堂" };
static const double touches[] = { 8, 18, 11.2 };
static const char *const touch_texts[] = { "8.0", "18.0", "11.2" };

static struct chart bars(bool dark)
{
    return (struct chart){ .kind = CHART_BAR, .title = "受注までの接点数", .language = "ja", .dark = dark,
        .subtitle = "日本 · 2025/4/1–2026/3/31 · 受注19件", .foot = "白楊堂は受注が5件未満のため順位なし",
        .rows = partners, .n_rows = 3, .n_series = 1,
        .series = { { "接点", touches, touch_texts } } };
}

static void chart__bars__follow_the_values_in_both_themes(void **state)
{
    (void)state;
    struct chart c = bars(false), half = c;
    struct picture a = draw(&c, "bar"), b;
    int full = count(&a, 0x1f4e79);
    assert_true(full > 10000);
    static const double less[] = { 4, 18, 5.6 };
    half.series[0].values = less;
    b = draw(&half, "bar_half");
    double ratio = (double)count(&b, 0x1f4e79) / full;
    assert_true(fabs(ratio - (4 + 18 + 5.6) / (8 + 18 + 11.2)) < 0.03);
    done(a);
    done(b);
    struct chart night = bars(true);
    a = draw(&night, "bar_dark");
    assert_true(count(&a, 0x5b97cc) > 10000);
    assert_int_equal(count(&a, 0xffffff), 0);
    done(a);
}

static void chart__stack__shows_parts_of_a_whole(void **state)
{
    (void)state;
    static const char *const months[] = { "Jan 2026", "Feb 2026", "Mar 2026" };
    static const double zoom[] = { 6, 4, 5 }, line[] = { 4, 8, 5 }, dinner[] = { 2, 0, 1 };
    static const char *const share[] = { "50 %", "33 %", "45 %" };
    struct chart c = { .kind = CHART_STACK, .title = "Communication mix", .language = "en",
        .subtitle = "電光デジタル · Jan 1 – Mar 31 2026 · 35 touch points", .rows = months, .n_rows = 3,
        .n_series = 3, .series = { { "Zoom", zoom, share }, { "LINE", line, NULL }, { "Dinner", dinner, NULL } } };
    struct picture p = draw(&c, "stack");
    double zooms = count(&p, 0x1f4e79), lines = count(&p, 0xd58936), dinners = count(&p, 0x4f8a6b);
    assert_true(zooms > dinners && lines > dinners && dinners > 100);
    done(p);
}

static void chart__funnel__narrows(void **state)
{
    (void)state;
    static const char *const stages[] = { "紹介", "打ち合わせ", "登録", "受注" };
    static const double n[] = { 22, 14, 9, 3 };
    static const char *const texts[] = { "22", "14 (63.6 %)", "9 (40.9 %)", "3 (13.6 %)" };
    struct chart c = { .kind = CHART_FUNNEL, .title = "紹介から受注まで", .language = "ja", .rows = stages,
        .n_rows = 4, .n_series = 1, .series = { { "件数", n, texts } }, .subtitle = "山田様 · 直近12か月" };
    struct picture p = draw(&c, "funnel");
    assert_true(count(&p, 0x1f4e79) > 5000);
    done(p);
}

static const char *in_millions(void *ctx, double v)
{
    static char text[32];
    (void)ctx;
    (void)snprintf(text, sizeof text, "¥%.10gM", v / 1e6);
    return text;
}

static void chart__lines__draw_several_series_with_gaps(void **state)
{
    (void)state;
    static const char *const months[] = { "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar" };
    static const double sourced[] = { 1.2e6, 0, 4.8e6, 3e6, 0, 7.5e6, 6e6, 2e6, 9e6, 4.8e6, 3e6, 8e6 };
    static const double influenced[] = { 0, 2e6, NAN, NAN, 1e6, 3e6, 6e6, 6e6, 0, 2e6, 5e6, 6e6 };
    struct chart c = { .kind = CHART_LINE, .title = "Partner revenue", .language = "en", .rows = months, .n_rows = 12,
        .n_series = 2, .series = { { "Sourced", sourced, NULL }, { "Influenced", influenced, NULL } },
        .tick = in_millions, .subtitle = "Japan · fiscal 2025, JPY" };
    struct picture p = draw(&c, "line");
    assert_true(count(&p, 0x1f4e79) > 300 && count(&p, 0xd58936) > 300);
    done(p);
}

static void chart__curve__warns_of_a_plateau_only(void **state)
{
    (void)state;
    static const char *const quarters[] = { "Q1", "Q2", "Q3", "Q4", "Q5", "Q6" };
    static const double n[] = { 6, 9, 7, 3, 1, 0 };
    static const char *const texts[] = { "6", "9", "7", "3", "1", "0" };
    struct chart c = { .kind = CHART_CURVE, .title = "登録数：立ち上がりと停滞", .language = "ja", .rows = quarters,
        .n_rows = 6, .n_series = 1, .series = { { "登録", n, texts } }, .level = 8, .level_text = "立ち上がり 8",
        .warn = true, .subtitle = "電光デジタル · 契約から91日ごと", .foot = "直近2四半期 0.5 ÷ 8 = 0.06：停滞" };
    struct picture p = draw(&c, "curve");
    assert_true(count(&p, 0xc0392b) > 300);
    done(p);
    c.warn = false;
    p = draw(&c, "curve_calm");
    assert_int_equal(count(&p, 0xc0392b), 0);
    done(p);
}

static void chart__text__of_every_market_has_its_font(void **state)
{
    (void)state;
    static const char *const names[] = { "한빛파트너스 부장", "臺灣夥伴股份有限公司", "深圳合作伙伴", "บริษัท พันธมิตร จำกัด",
        "Rakan Niaga Sdn Bhd", "Öresund Nguyễn Straße", "a very long name of a partner that does not fit on one line of a phone" };
    static const double v[] = { 1, 2, 3, 4, 5, 6, 7 };
    static const char *const texts[] = { "₩5,000", "NT$300", "¥1.2億", "฿40", "RM 7", "€6", "S$7,000,000" };
    struct chart c = { .kind = CHART_BAR, .title = "文字", .language = "ja", .rows = names, .n_rows = 7,
        .n_series = 1, .series = { { "x", v, texts } } };
    done(draw(&c, "scripts"));
}

static void chart__without_values__says_so(void **state)
{
    (void)state;
    static const double none[] = { NAN, NAN, NAN };
    struct chart c = bars(false);
    c.series[0].values = none;
    c.empty = "この期間の受注はありません";
    struct picture p = draw(&c, "empty");
    assert_int_equal(count(&p, 0x1f4e79), 0);
    done(p);
    static const double zero[] = { 0, 0, 0 };
    for (int kind = CHART_BAR; kind <= CHART_CURVE; kind++) {
        c.kind = (enum chart_kind)kind;
        c.series[0].values = zero;
        done(draw(&c, "zero"));
        c.n_rows = 1;
        done(draw(&c, "one"));
        c.n_rows = 3;
    }
}

static int give_back(void **state)
{
    (void)state;
    chart_finish();
    return 0;
}

static void chart__refuses__more_than_a_phone_shows(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct err e = { 0 };
    const unsigned char *bytes;
    size_t n;
    struct chart c = bars(false);
    c.n_rows = CHART_POINTS + 1;
    assert_false(chart_png(&c, &mem, &bytes, &n, NULL, &e));
    assert_int_equal(e.code, ERR_USAGE);
    arena_finish(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chart__bars__follow_the_values_in_both_themes),
        cmocka_unit_test(chart__stack__shows_parts_of_a_whole),
        cmocka_unit_test(chart__funnel__narrows),
        cmocka_unit_test(chart__lines__draw_several_series_with_gaps),
        cmocka_unit_test(chart__curve__warns_of_a_plateau_only),
        cmocka_unit_test(chart__text__of_every_market_has_its_font),
        cmocka_unit_test(chart__without_values__says_so),
        cmocka_unit_test(chart__refuses__more_than_a_phone_shows),
    };
    return cmocka_run_group_tests(tests, NULL, give_back);
}
