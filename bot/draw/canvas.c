#include "bot/draw/canvas.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <string.h>

enum { SCALE = 2, PNG_MAX = 4 * 1024 * 1024 };

static const unsigned light[COLOUR__MAX] = { 0xfaf9f5, 0xffffff, 0x1d1c1a, 0x66635d, 0xe2dfd6, 0xc0392b,
    0x1f4e79, 0xd58936, 0x4f8a6b, 0x8f6aa8, 0x6fa8d6, 0x9a7b4f, 0xa8a49b, 0xc4b7d9 };
static const unsigned dark_[COLOUR__MAX] = { 0x161719, 0x1f2023, 0xeceae4, 0xa3a19a, 0x34353a, 0xe57368,
    0x5b97cc, 0xe0a458, 0x6db28d, 0xb391cc, 0x9cc7ec, 0xc0a070, 0x7d7a73, 0x8f7fb0 };

bool canvas_open(struct canvas *c, double width, double height, bool dark, const char *language,
    struct err *e)
{
    *c = (struct canvas){ .width = width, .height = height, .dark = dark, .language = language };
    c->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(width * SCALE), (int)ceil(height * SCALE));
    c->cr = cairo_create(c->surface);
    if (cairo_status(c->cr) != CAIRO_STATUS_SUCCESS) {
        (void)fail(e, ERR_REMOTE, NULL, NULL, "no picture of %.0f by %.0f: %s", width, height,
            cairo_status_to_string(cairo_status(c->cr)));
        canvas_close(c);
        return false;
    }
    cairo_scale(c->cr, SCALE, SCALE);
    canvas_colour(c, COLOUR_CARD);
    cairo_paint(c->cr);
    return true;
}

void canvas_close(struct canvas *c)
{
    cairo_destroy(c->cr);
    cairo_surface_destroy(c->surface);
    c->cr = NULL;
    c->surface = NULL;
}

void canvas_finish(void)
{
    pango_cairo_font_map_set_default(NULL);
    cairo_debug_reset_static_data();
    FcFini();
}

struct png {
    struct arena *mem;
    unsigned char *bytes;
    size_t n, cap;
};

static cairo_status_t on_bytes(void *ctx, const unsigned char *bytes, unsigned n)
{
    struct png *p = ctx;
    if (p->n + n > PNG_MAX)
        return CAIRO_STATUS_WRITE_ERROR;
    while (p->n + n > p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 16384;
        unsigned char *grown = ARENA_ARRAY(p->mem, unsigned char, cap);
        if (p->n)
            memcpy(grown, p->bytes, p->n);
        p->bytes = grown;
        p->cap = cap;
    }
    memcpy(p->bytes + p->n, bytes, n);
    p->n += n;
    return CAIRO_STATUS_SUCCESS;
}

bool canvas_png(struct canvas *c, struct arena *mem, const unsigned char **bytes, size_t *n,
    struct err *e)
{
    struct png p = { .mem = mem };
    cairo_surface_flush(c->surface);
    cairo_status_t status = cairo_surface_write_to_png_stream(c->surface, on_bytes, &p);
    *bytes = p.bytes;
    *n = p.n;
    return status == CAIRO_STATUS_SUCCESS ||
           fail(e, ERR_REMOTE, NULL, NULL, "picture to PNG: %s", cairo_status_to_string(status));
}

void canvas_colour(struct canvas *c, enum colour colour)
{
    unsigned rgb = c->dark ? dark_[colour] : light[colour];
    cairo_set_source_rgb(c->cr, (rgb >> 16) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

void canvas_box(struct canvas *c, enum colour colour, double x, double y, double w, double h,
    double radius)
{
    double r = fmin(radius, fmin(w, h) / 2);
    if (w <= 0 || h <= 0)
        return;
    cairo_new_path(c->cr);
    cairo_arc(c->cr, x + w - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(c->cr, x + w - r, y + h - r, r, 0, M_PI / 2);
    cairo_arc(c->cr, x + r, y + h - r, r, M_PI / 2, M_PI);
    cairo_arc(c->cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(c->cr);
    canvas_colour(c, colour);
    cairo_fill(c->cr);
}

void canvas_rule(struct canvas *c, enum colour colour, double x0, double y0, double x1, double y1,
    double thick)
{
    cairo_new_path(c->cr);
    cairo_move_to(c->cr, x0, y0);
    cairo_line_to(c->cr, x1, y1);
    cairo_set_line_width(c->cr, thick);
    canvas_colour(c, colour);
    cairo_stroke(c->cr);
}

static PangoLayout *layout_of(struct canvas *c, const struct text_style *s, double width, const char *text)
{
    PangoLayout *l = pango_cairo_create_layout(c->cr);
    PangoFontDescription *font = pango_font_description_from_string("Noto Sans CJK JP, Noto Sans, sans-serif");
    pango_font_description_set_absolute_size(font, s->size * PANGO_SCALE);
    pango_font_description_set_weight(font, s->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    if (c->language)
        pango_context_set_language(pango_layout_get_context(l), pango_language_from_string(c->language));
    if (width > 0) {
        pango_layout_set_width(l, (int)(width * PANGO_SCALE));
        pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
        pango_layout_set_height(l, s->lines > 1 ? -s->lines : -1);
        pango_layout_set_ellipsize(l, PANGO_ELLIPSIZE_END);
        pango_layout_set_alignment(l, s->align == ALIGN_RIGHT    ? PANGO_ALIGN_RIGHT
                                      : s->align == ALIGN_CENTRE ? PANGO_ALIGN_CENTER
                                                                 : PANGO_ALIGN_LEFT);
    }
    pango_layout_set_text(l, text, -1);
    return l;
}

static double layout_height(PangoLayout *l)
{
    int w, h;
    pango_layout_get_size(l, &w, &h);
    return (double)h / PANGO_SCALE;
}

double canvas_text(struct canvas *c, const struct text_style *style, double x, double y,
    double width, const char *text)
{
    PangoLayout *l = layout_of(c, style, width, text);
    cairo_move_to(c->cr, x, y);
    canvas_colour(c, style->colour);
    pango_cairo_show_layout(c->cr, l);
    cairo_new_path(c->cr); /* show_layout leaves a point behind */
    c->unknown_glyphs += pango_layout_get_unknown_glyphs_count(l);
    double h = layout_height(l);
    g_object_unref(l);
    return h;
}

double canvas_text_width(struct canvas *c, const struct text_style *style, const char *text)
{
    PangoLayout *l = layout_of(c, style, 0, text);
    int w, h;
    pango_layout_get_size(l, &w, &h);
    g_object_unref(l);
    return (double)w / PANGO_SCALE;
}
