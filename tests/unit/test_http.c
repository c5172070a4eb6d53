/* The HTTP client against a server that answers by script: what came back, and what is
 * certain when nothing did. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "tests/fakes/script.h"
#include "tests/unit/t.h"
#include "bot/base/queue.h"
#include "bot/net/http.h"

enum { PATIENCE_MS = 20000, SHORT_MS = 200 };

struct result {
    struct result *next;
    enum http_result how;
    int status;
    int64_t retry_after_ms;
    char *body, *headers;
    size_t size;
    bool cut;
};

struct world {
    struct script *script;
    struct http *http;
    pthread_t thread;
    struct queue results;
};

static void on_done(struct http_request *r, const struct http_response *a)
{
    struct world *w = r->user;
    struct result *out = xcalloc(1, sizeof *out);
    *out = (struct result){ .how = a->result, .status = a->status, .cut = a->cut,
        .retry_after_ms = a->retry_after_ms, .body = xstrdup(a->body), .size = a->body_size,
        .headers = a->headers ? xstrdup(a->headers) : NULL };
    (void)queue_push(&w->results, out);
}

static void *run(void *ctx)
{
    http_run(ctx);
    return NULL;
}

static void open_world(struct world *w, const char *proxy)
{
    struct err e;
    *w = (struct world){ .script = script_start() };
    queue_init(&w->results);
    w->http = http_create(&(struct http_config){ .proxy = proxy }, &e);
    assert_non_null(w->http);
    assert_int_equal(pthread_create(&w->thread, NULL, run, w->http), 0);
}

static void close_world(struct world *w)
{
    http_stop(w->http);
    (void)pthread_join(w->thread, NULL);
    http_destroy(w->http);
    assert_null(queue_take(&w->results));
    queue_finish(&w->results);
    script_stop(w->script);
}

static struct http_request *request(struct world *w, const char *path)
{
    struct http_request *r = http_request_create();
    r->url = arena_printf(&r->mem, "%s%s", script_url(w->script), path);
    r->done = on_done;
    r->user = w;
    return r;
}

static struct http_request *post(struct world *w, const char *body)
{
    struct http_request *r = request(w, "/post");
    r->headers[0] = "Content-Type: application/json";
    r->body = arena_strdup(&r->mem, body);
    r->body_size = strlen(body);
    return r;
}

/* One result, freed by the next call. */
static const struct result *result(struct world *w)
{
    static struct result *list;
    if (list) {
        struct result *old = list;
        list = old->next;
        free(old->body);
        free(old->headers);
        free(old);
    }
    if (!w)
        return NULL;
    if (!list)
        list = queue_wait(&w->results, PATIENCE_MS);
    assert_non_null(list);
    return list;
}

static void http__submit__sends_and_receives(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    script_add(w.script, (struct script_step){ .status = 201, .body = "{\"ok\":true}" });
    http_submit(w.http, post(&w, "{\"text\":\"x\"}"));
    const struct result *r = result(&w);
    assert_int_equal(r->how, HTTP_ANSWERED);
    assert_int_equal(r->status, 201);
    assert_string_equal(r->body, "{\"ok\":true}");
    assert_ptr_equal(strstr(script_request(w.script, 0), "POST /post HTTP/1.1\r\n"),
        script_request(w.script, 0));
    assert_string_equal(script_header(w.script, 0, "Content-Type"), "application/json");
    assert_string_equal(script_header(w.script, 0, "Expect"), "");
    assert_string_equal(script_body(w.script, 0), "{\"text\":\"x\"}");

    http_submit(w.http, request(&w, "/get"));
    assert_int_equal(result(&w)->status, 200);
    assert_non_null(strstr(script_request(w.script, 1), "GET /get "));
    assert_string_equal(script_header(w.script, 1, "Content-Type"), "");

    struct http_request *put = post(&w, "1");
    put->method = "PUT";
    http_submit(w.http, put);
    assert_int_equal(result(&w)->status, 200);
    assert_non_null(strstr(script_request(w.script, 2), "PUT /post "));
    (void)result(NULL);
    close_world(&w);
}

static void http__headers__are_told_where_wanted(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    struct world w;
    open_world(&w, NULL);
    script_add(w.script, (struct script_step){ .headers = "X-OAuth-Scopes:  chat:write,commands\r\nX-More: 1\r\n" });
    struct http_request *wanted = post(&w, "1");
    wanted->want_headers = true;
    http_submit(w.http, wanted);
    const struct result *r = result(&w);
    assert_string_equal(http_header(&mem, r->headers, "x-oauth-scopes"), "chat:write,commands");
    assert_null(http_header(&mem, r->headers, "x-oauth"));
    http_submit(w.http, post(&w, "1"));
    assert_null(result(&w)->headers);
    (void)result(NULL);
    close_world(&w);
    arena_finish(&mem);
}

/* A name is looked up and nobody is called. */
static void http__resolve__gives_addresses_and_sends_nothing(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    static const char *const hosts[] = { "localhost", "nobody.invalid" };
    for (size_t i = 0; i < COUNT(hosts); i++) {
        struct http_request *r = http_request_create();
        const char *port = strrchr(script_url(w.script), ':');
        r->url = arena_printf(&r->mem, "http://%s%s/", hosts[i], port);
        r->only_resolve = true;
        r->done = on_done;
        r->user = &w;
        http_submit(w.http, r);
        const struct result *got = result(&w);
        assert_int_equal(got->how, i ? HTTP_NOT_SENT : HTTP_ANSWERED);
        assert_true(i ? !got->size : strstr(got->body, "127.0.0.1") || strstr(got->body, "::1"));
    }
    assert_int_equal(script_count(w.script), 0);
    (void)result(NULL);
    close_world(&w);
}

static void http__answer__status_and_retry_after(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    script_add(w.script, (struct script_step){ .status = 429, .headers = "Retry-After: 30\r\n" });
    script_add(w.script, (struct script_step){ .status = 302, .headers = "Location: /there\r\n" });
    http_submit(w.http, post(&w, "1"));
    const struct result *r = result(&w);
    assert_int_equal(r->how, HTTP_ANSWERED);
    assert_int_equal(r->status, 429);
    assert_int_equal(r->retry_after_ms, 30000);
    http_submit(w.http, request(&w, "/here"));
    r = result(&w);
    assert_int_equal(r->status, 302); /* not followed */
    assert_int_equal(r->retry_after_ms, 0);
    assert_int_equal(script_count(w.script), 2);
    (void)result(NULL);
    close_world(&w);
}

static void http__no_answer__is_ambiguous(void **state)
{
    (void)state;
    static const struct script_step steps[] = {
        { .act = SCRIPT_CLOSE },
        { .act = SCRIPT_CUT },
        { .act = SCRIPT_HANG },
    };
    struct world w;
    open_world(&w, NULL);
    for (size_t i = 0; i < COUNT(steps); i++) {
        script_add(w.script, steps[i]);
        struct http_request *q = post(&w, "1");
        if (steps[i].act == SCRIPT_HANG)
            q->timeout_ms = SHORT_MS;
        http_submit(w.http, q);
        const struct result *r = result(&w);
        assert_int_equal(r->how, HTTP_AMBIGUOUS);
        assert_int_equal(r->status, steps[i].act == SCRIPT_CUT ? 200 : 0);
    }
    assert_int_equal(script_count(w.script), COUNT(steps));
    (void)result(NULL);
    close_world(&w);
}

/* On a kept connection curl would send the second request twice. */
static void http__once__is_never_repeated(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    http_submit(w.http, post(&w, "1"));
    assert_int_equal(result(&w)->how, HTTP_ANSWERED);
    script_add(w.script, (struct script_step){ .act = SCRIPT_CLOSE });
    struct http_request *r = post(&w, "2");
    r->once = true;
    http_submit(w.http, r);
    assert_int_equal(result(&w)->how, HTTP_AMBIGUOUS);
    assert_int_equal(script_count(w.script), 2);
    (void)result(NULL);
    close_world(&w);
}

static void http__no_connection__is_not_sent(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    static const char *const urls[] = { "http://127.0.0.1:1/", "file:///etc/passwd",
        "ftp://127.0.0.1/", "nonsense://", "http://name.invalid/" };
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct http_request *r = post(&w, "1");
        r->url = urls[i];
        http_submit(w.http, r);
        assert_int_equal(result(&w)->how, HTTP_NOT_SENT);
    }
    /* Speaks no TLS: the handshake fails, nothing was said. */
    struct http_request *r = post(&w, "1");
    r->url = arena_printf(&r->mem, "https%s/", script_url(w.script) + 4);
    r->timeout_ms = SHORT_MS;
    http_submit(w.http, r);
    assert_int_equal(result(&w)->how, HTTP_NOT_SENT);
    (void)result(NULL);
    close_world(&w);
}

static void http__body__is_bounded(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    char *big = xmalloc(50001);
    memset(big, 'x', 50000);
    big[50000] = '\0';
    script_add(w.script, (struct script_step){ .body = big });
    script_add(w.script, (struct script_step){ .body = big });
    struct http_request *r = request(&w, "/");
    r->max_body = 1000;
    http_submit(w.http, r);
    const struct result *got = result(&w);
    assert_int_equal(got->how, HTTP_ANSWERED);
    assert_true(got->cut);
    assert_int_equal(got->size, 1000);
    http_submit(w.http, request(&w, "/"));
    got = result(&w);
    assert_false(got->cut);
    assert_int_equal(got->size, 50000);
    (void)result(NULL);
    close_world(&w);
    free(big);
}

/* More than connections and transfers: each ends once. */
static void http__many__all_end(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    for (int i = 0; i < 150; i++)
        http_submit(w.http, post(&w, "1"));
    for (int i = 0; i < 150; i++)
        assert_int_equal(result(&w)->how, HTTP_ANSWERED);
    assert_int_equal(script_count(w.script), 150);
    (void)result(NULL);
    close_world(&w);
}

static void http__drain__ends_what_hangs_and_takes_no_more(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    script_add(w.script, (struct script_step){ .act = SCRIPT_HANG });
    http_submit(w.http, post(&w, "1"));
    assert_true(script_wait(w.script, 1));
    http_drain(w.http, 50);
    http_submit(w.http, post(&w, "2"));
    assert_int_equal(result(&w)->how, HTTP_NOT_SENT);
    assert_int_equal(result(&w)->how, HTTP_AMBIGUOUS);
    assert_int_equal(script_count(w.script), 1);
    (void)result(NULL);
    close_world(&w);
}

static void http__stop__ends_everything(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL);
    script_add(w.script, (struct script_step){ .act = SCRIPT_HANG });
    http_submit(w.http, post(&w, "1"));
    assert_true(script_wait(w.script, 1));
    http_stop(w.http);
    (void)pthread_join(w.thread, NULL);
    assert_int_equal(result(&w)->how, HTTP_AMBIGUOUS);
    http_submit(w.http, post(&w, "2"));
    http_destroy(w.http);
    assert_int_equal(result(&w)->how, HTTP_NOT_SENT);
    (void)result(NULL);
    queue_finish(&w.results);
    script_stop(w.script);
}

static void http__proxy__comes_from_the_setting_alone(void **state)
{
    (void)state;
    struct world w;
    assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
    open_world(&w, NULL);
    http_submit(w.http, request(&w, "/direct"));
    assert_int_equal(result(&w)->how, HTTP_ANSWERED);
    (void)result(NULL);
    char proxy[80];
    (void)snprintf(proxy, sizeof proxy, "%s", script_url(w.script));
    struct world far;
    open_world(&far, proxy);
    struct http_request *r = request(&far, "/");
    r->url = "http://far.invalid/through";
    http_submit(far.http, r);
    assert_int_equal(result(&far)->how, HTTP_ANSWERED);
    assert_non_null(strstr(script_request(w.script, 1), "GET http://far.invalid/through "));
    (void)result(NULL);
    close_world(&far);
    close_world(&w);
    (void)unsetenv("http_proxy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http__submit__sends_and_receives),
        cmocka_unit_test(http__answer__status_and_retry_after),
        cmocka_unit_test(http__no_answer__is_ambiguous),
        cmocka_unit_test(http__once__is_never_repeated),
        cmocka_unit_test(http__no_connection__is_not_sent),
        cmocka_unit_test(http__body__is_bounded),
        cmocka_unit_test(http__many__all_end),
        cmocka_unit_test(http__drain__ends_what_hangs_and_takes_no_more),
        cmocka_unit_test(http__stop__ends_everything),
        cmocka_unit_test(http__headers__are_told_where_wanted),
        cmocka_unit_test(http__resolve__gives_addresses_and_sends_nothing),
        cmocka_unit_test(http__proxy__comes_from_the_setting_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
