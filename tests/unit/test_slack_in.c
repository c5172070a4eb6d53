/* What Slack sends, read: text out of its encoding, envelopes into what they mean. The
 * payloads have the shape of those that Slack documents. */
#include <string.h>
#include "tests/unit/t.h"
#include "bot/base/json.h"
#include "bot/transport/slack_in.h"
#include "bot/transport/slack_text.h"

static struct arena mem;
static const struct slack_self self = { .team = "T1", .user = "UBOT", .bot = "B1", .app = "A1" };

static int finish(void **state)
{
    (void)state;
    arena_finish(&mem);
    return 0;
}

static struct slack_in read_as(const char *text, const struct slack_self *who)
{
    struct slack_in in;
    struct err e = { 0 };
    if (!slack_in_read(&mem, text, strlen(text), who, &in, &e))
        fail_msg("%s: %s", e.why, text);
    return in;
}

static struct slack_in read_envelope(const char *type, const char *payload)
{
    return read_as(arena_printf(&mem, "{\"type\":\"%s\",\"envelope_id\":\"e-1\",\"payload\":%s}", type, payload), &self);
}

static struct slack_in read_event(const char *event)
{
    return read_envelope("events_api",
        arena_printf(&mem, "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"api_app_id\":\"A1\",\"event_id\":\"Ev1\","
                           "\"is_ext_shared_channel\":false,\"enterprise_id\":null,\"event\":{%s}}", event));
}

/* Text. */

static void text__tokens__read_as_they_were_typed(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *typed;
    } rows[] = {
        { "met &lt;Acme&gt; &amp; Co", "met <Acme> & Co" },
        { "<@UBOT> zoom Tanaka", "zoom Tanaka" },
        { "zoom Tanaka <@UBOT>", "zoom Tanaka" },
        { "with <@U2|kim>, <@U3>", "with @kim, @U3" },
        { "see <#C1|sales> and <#C2|>", "see #sales and #C2" },
        { "<http://acme.example|acme.example>", "acme.example" },
        { "<https://acme.example/>", "https://acme.example/" },
        { "<https://acme.example/a|the page>", "the page (https://acme.example/a)" },
        { "mail <mailto:a@b.example|a@b.example>", "mail a@b.example" },
        { "call <tel:+15551234567|555-123-4567>", "call 555-123-4567" },
        { "<!here> and <!subteam^S1|@sales> <!date^1392734382^{date}|18 Feb>", "@here and @sales 18 Feb" },
        { "1 < 2 and a<b", "1 < 2 and a<b" },
        { "a <> b", "a <> b" },
        { "&amp;lt; stays", "&lt; stays" },
        { "zoom\xC2\xA0Tanaka \u201Cx\u201D it\u2019s 30m", "zoom Tanaka \"x\" it's 30m" },
        { "zoom Tanaka: it\u2019s \u201Cfine\u201D", "zoom Tanaka: it\u2019s \u201Cfine\u201D" },
        { "電話 田中様 20分：\u201C法務\u201D", "電話 田中様 20分：\u201C法務\u201D" },
        { "  a\r\nb \n", "a\nb" },
        { "a\x07z", "a\uFFFDz" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(slack_text_read(&mem, rows[i].sent, "UBOT"), rows[i].typed);
    assert_string_equal(slack_text_escape(&mem, "<!channel> & <@U1>"), "&lt;!channel&gt; &amp; &lt;@U1&gt;");
}

/* Messages. */

#define DM "\"type\":\"message\",\"channel\":\"D1\",\"channel_type\":\"im\",\"ts\":\"17.1\",\"event_ts\":\"17.1\","
#define KIM "\"user\":\"U1\",\"team\":\"T1\","

static void in__direct_message__is_said(void **state)
{
    (void)state;
    struct slack_in in = read_event(DM KIM "\"client_msg_id\":\"x\",\"text\":\"help\"");
    assert_int_equal(in.kind, SLACK_SAID);
    assert_string_equal(in.envelope, "e-1");
    assert_string_equal(in.account, "slack:T1/U1");
    assert_string_equal(in.remote_id, "D1/17.1");
    assert_string_equal(in.conversation, "slack:D1");
    assert_string_equal(in.text, "help");
    assert_true(in.direct && !in.outsider && !in.edits);
}

static void in__thread_of_direct_messages__answers_there(void **state)
{
    (void)state;
    struct slack_in in = read_event(DM KIM "\"thread_ts\":\"16.5\",\"text\":\"help\"");
    assert_string_equal(in.conversation, "slack:D1/16.5");
    assert_false(in.direct);
    in = read_event(DM KIM "\"thread_ts\":\"17.1\",\"text\":\"help\""); /* the first message itself */
    assert_string_equal(in.conversation, "slack:D1");
}

static void in__mention__answers_in_its_thread(void **state)
{
    (void)state;
    struct slack_in in = read_event("\"type\":\"app_mention\",\"channel\":\"C1\",\"ts\":\"17.1\"," KIM "\"text\":\"<@UBOT> help\"");
    assert_string_equal(in.conversation, "slack:C1/17.1");
    assert_string_equal(in.remote_id, "C1/17.1");
    assert_string_equal(in.text, "help");
    assert_false(in.direct);
    in = read_event("\"type\":\"app_mention\",\"channel\":\"C1\",\"ts\":\"17.1\",\"thread_ts\":\"16.5\"," KIM "\"text\":\"help <@UBOT>\"");
    assert_string_equal(in.conversation, "slack:C1/16.5");
}

/* Where people of other firms read along, only who asked sees the answer. */
static void in__shared_with_another_firm__answers_the_member_alone(void **state)
{
    (void)state;
    struct slack_place p;
    struct slack_in in = read_envelope("events_api",
        "{\"team_id\":\"T1\",\"api_app_id\":\"A1\",\"is_ext_shared_channel\":true,\"event\":{\"type\":\"app_mention\","
        "\"channel\":\"C1\",\"ts\":\"17.1\",\"user\":\"U1\",\"team\":\"T1\",\"text\":\"<@UBOT> kpi\"}}");
    assert_string_equal(in.conversation, "slack:C1/17.1/me");
    assert_true(slack_place_read(&mem, in.conversation, &p) && p.only_member);
    assert_string_equal(p.thread, "17.1");
}

static void in__people_of_other_workspaces__are_outsiders(void **state)
{
    (void)state;
    static const char *const teams[] = { "\"team\":\"T2\"", "\"user_team\":\"T2\",\"team\":\"T1\"",
        "\"source_team\":\"T2\",\"team\":\"T1\"" };
    for (size_t i = 0; i < COUNT(teams); i++) {
        struct slack_in in = read_event(arena_printf(&mem,
            "\"type\":\"app_mention\",\"channel\":\"C1\",\"ts\":\"1.1\",\"user\":\"U1\",%s,\"text\":\"x\"", teams[i]));
        assert_true(in.kind == SLACK_SAID && in.outsider);
        assert_string_equal(in.account, "slack:T2/U1");
    }
    struct slack_self both = self;
    both.allowed = "T1, T2";
    assert_true(slack_in_allows(&both, "T2") && !slack_in_allows(&both, "T3") && !slack_in_allows(&both, "T"));
    both.allowed = "T2";
    assert_false(slack_in_allows(&both, "T1"));
}

static void in__own_and_other_bots__are_ignored(void **state)
{
    (void)state;
    static const char *const events[] = {
        DM "\"user\":\"UBOT\",\"bot_id\":\"B1\",\"text\":\"T1 · Zoom\"", /* our own: no subtype */
        DM "\"user\":\"UBOT\",\"text\":\"x\"",
        DM "\"user\":\"U7\",\"bot_id\":\"B7\",\"bot_profile\":{\"app_id\":\"A7\"},\"text\":\"x\"",
        DM "\"subtype\":\"bot_message\",\"bot_id\":\"B8\",\"text\":\"x\"",
        DM KIM "\"subtype\":\"channel_join\",\"text\":\"joined\"",
        DM "\"subtype\":\"message_deleted\",\"hidden\":true,\"deleted_ts\":\"16.1\"",
        DM KIM "\"text\":\"  \"",
        "\"type\":\"message\",\"channel\":\"C1\",\"channel_type\":\"channel\",\"ts\":\"1.1\"," KIM "\"text\":\"<@UBOT> x\"",
        "\"type\":\"member_joined_channel\",\"user\":\"UBOT\",\"channel\":\"C1\"",
        "\"type\":\"reaction_added\"", "\"type\":1", "",
    };
    for (size_t i = 0; i < COUNT(events); i++) {
        struct slack_in in = read_event(events[i]);
        if (in.kind != SLACK_NOTHING || !in.why || !in.envelope)
            fail_msg("taken for something: %s", events[i]);
    }
}

static void in__edit__is_noticed_and_unfolding_is_not(void **state)
{
    (void)state;
#define CHANGED(now, before)                                                             \
    "\"type\":\"message\",\"subtype\":\"message_changed\",\"hidden\":true,\"channel\":\"D1\",\"channel_type\":\"im\"," \
    "\"ts\":\"18.1\",\"message\":{" KIM "\"ts\":\"17.1\",\"text\":\"" now "\",\"edited\":{\"user\":\"U1\",\"ts\":\"18.0\"}}," \
    "\"previous_message\":{" KIM "\"ts\":\"17.1\",\"text\":\"" before "\"}"
    struct slack_in in = read_event(CHANGED("zoom Acme", "zom Acme"));
    assert_int_equal(in.kind, SLACK_SAID);
    assert_string_equal(in.edits, "D1/17.1");
    assert_string_equal(in.remote_id, "D1/17.1/edit/18.0");
    assert_string_equal(in.text, "zoom Acme");
    in = read_event(CHANGED("zoom Acme", "zoom Acme")); /* a link unfolded */
    assert_int_equal(in.kind, SLACK_NOTHING);
}

/* Commands and taps. */

static void in__command__is_said(void **state)
{
    (void)state;
#define COMMAND(channel, text)                                                           \
    "{\"command\":\"/nema\",\"text\":\"" text "\",\"user_id\":\"U1\",\"team_id\":\"T1\",\"channel_id\":\"" channel "\"," \
    "\"api_app_id\":\"A1\",\"is_enterprise_install\":\"false\",\"trigger_id\":\"1.2.ab\"," \
    "\"response_url\":\"https://hooks.slack.com/commands/T1/1/x\"}"
    struct slack_in in = read_envelope("slash_commands", COMMAND("D1", "zoom <@U2|kim> 30m"));
    assert_string_equal(in.text, "zoom @kim 30m");
    assert_string_equal(in.remote_id, "command/1.2.ab");
    assert_string_equal(in.conversation, "slack:D1");
    assert_string_equal(in.response_url, "https://hooks.slack.com/commands/T1/1/x");
    in = read_envelope("slash_commands", COMMAND("C1", " "));
    assert_string_equal(in.text, "help");
    struct slack_place p;
    assert_true(slack_place_read(&mem, in.conversation, &p) && p.only_member && !p.thread);
}

static struct slack_in tap(const char *container, const char *action)
{
    return read_envelope("interactive",
        arena_printf(&mem, "{\"type\":\"block_actions\",\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},\"team\":{\"id\":\"T1\"},"
                           "\"api_app_id\":\"A1\",\"trigger_id\":\"1.2.ab\",\"enterprise\":null,\"container\":{%s},"
                           "\"actions\":[{%s,\"action_ts\":\"19.1\",\"block_id\":\"b\"}]}", container, action));
}

#define ON(channel, more) "\"type\":\"message\",\"message_ts\":\"17.1\",\"channel_id\":\"" channel "\"" more

static void in__tap__stands_for_its_words(void **state)
{
    (void)state;
    struct slack_in in = tap(ON("D1", ",\"is_ephemeral\":false"), "\"type\":\"button\",\"action_id\":\"say:0\",\"value\":\"undo T1\"");
    assert_int_equal(in.kind, SLACK_SAID);
    assert_string_equal(in.text, "undo T1");
    assert_string_equal(in.conversation, "slack:D1");
    in = tap(ON("D1", ""), "\"type\":\"overflow\",\"action_id\":\"say:menu3\",\"selected_option\":{\"value\":\"show T1\"}");
    assert_string_equal(in.text, "show T1");
    in = tap(ON("C1", ""), "\"type\":\"button\",\"action_id\":\"say:0\",\"value\":\"x\"");
    assert_string_equal(in.conversation, "slack:C1/17.1");
    in = tap(ON("C1", ",\"thread_ts\":\"16.5\""), "\"type\":\"button\",\"action_id\":\"say:0\",\"value\":\"x\"");
    assert_string_equal(in.conversation, "slack:C1/16.5");
    in = tap(ON("C1", ",\"is_ephemeral\":true"), "\"type\":\"button\",\"action_id\":\"say:0\",\"value\":\"x\"");
    assert_string_equal(in.conversation, "slack:C1");
    in = tap(ON("C1", ",\"is_ephemeral\":true,\"thread_ts\":\"16.5\""), "\"type\":\"button\",\"action_id\":\"say:0\",\"value\":\"x\"");
    assert_string_equal(in.conversation, "slack:C1/16.5/me");
    in = tap("\"type\":\"view\",\"view_id\":\"V1\"", "\"type\":\"button\",\"action_id\":\"say:0\",\"value\":\"x\"");
    assert_null(in.conversation); /* where the bot may write */
}

static void in__tap_to_complete__opens_a_form(void **state)
{
    (void)state;
    struct slack_in in = tap(ON("D1", ""), "\"type\":\"button\",\"action_id\":\"fill:0\",\"value\":\"edit T1 \"");
    assert_int_equal(in.kind, SLACK_FORM);
    assert_string_equal(in.form, "say");
    assert_string_equal(in.text, "edit T1 ");
    in = tap(ON("D1", ""), "\"type\":\"overflow\",\"action_id\":\"say:menu1\",\"selected_option\":{\"value\":\"+edit T1 \"}");
    assert_true(in.kind == SLACK_FORM && !strcmp(in.text, "edit T1 "));
    in = tap("\"type\":\"view\"", "\"type\":\"button\",\"action_id\":\"open:touch\"");
    assert_true(in.kind == SLACK_FORM && !strcmp(in.form, "touch"));
    in = tap(ON("D1", ""), "\"type\":\"button\",\"action_id\":\"x\",\"url\":\"https://a.example\"");
    assert_int_equal(in.kind, SLACK_NOTHING);
}

static void in__shortcuts__open_forms(void **state)
{
    (void)state;
    struct slack_in in = read_envelope("interactive",
        "{\"type\":\"shortcut\",\"callback_id\":\"follow\",\"trigger_id\":\"1.2\",\"team\":{\"id\":\"T1\"},\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"}}");
    assert_true(in.kind == SLACK_FORM && !strcmp(in.form, "follow") && !*in.text);
    in = read_envelope("interactive",
        "{\"type\":\"message_action\",\"callback_id\":\"touch_message\",\"trigger_id\":\"1.2\",\"team\":{\"id\":\"T1\"},"
        "\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},\"message\":{\"text\":\"they &amp; we\"}}");
    assert_true(in.kind == SLACK_FORM && !strcmp(in.form, "touch"));
    assert_string_equal(in.text, "they & we");
}

static struct slack_in submit(const char *form, const char *values)
{
    return read_envelope("interactive",
        arena_printf(&mem, "{\"type\":\"view_submission\",\"user\":{\"id\":\"U1\",\"team_id\":\"T1\"},\"team\":{\"id\":\"T1\"},"
                           "\"trigger_id\":\"1.2\",\"view\":{\"id\":\"V1\",\"hash\":\"1.a\",\"callback_id\":\"%s\","
                           "\"private_metadata\":\"slack:C1/17.1\",\"state\":{\"values\":{%s}}}}", form, values));
}

static void in__form__becomes_a_line(void **state)
{
    (void)state;
    struct slack_in in = submit("touch",
        "\"who\":{\"who\":{\"value\":\"Tanaka: Denko\"}},\"channel\":{\"channel\":{\"selected_option\":{\"value\":\"Zoom\"}}},"
        "\"minutes\":{\"minutes\":{\"value\":\"45\"}},\"day\":{\"day\":{\"selected_date\":\"2026-03-02\"}},"
        "\"note\":{\"note\":{\"value\":\"legal <b> agrees\"}}");
    assert_string_equal(in.text, "Zoom Tanaka  Denko 45m 2026-03-02: legal <b> agrees");
    assert_string_equal(in.conversation, "slack:C1/17.1");
    assert_string_equal(in.remote_id, "form/V1/1.a");
    in = submit("touch", "\"who\":{\"who\":{\"value\":\"Acme\"}},\"channel\":{\"channel\":{\"selected_option\":null}},"
                         "\"minutes\":{\"minutes\":{\"value\":null}}");
    assert_string_equal(in.text, "touch Acme");
    in = submit("touch", "\"recent\":{\"recent\":{\"selected_option\":{\"value\":\"C1\"}}},\"who\":{\"who\":{\"value\":null}}");
    assert_true(in.n_errors == 0 && !strcmp(in.text, "touch C1"));
    in = submit("follow", "\"who\":{\"who\":{\"value\":\"Acme\"}},\"day\":{\"day\":{\"selected_date\":\"2026-03-03\"}},"
                          "\"time\":{\"time\":{\"selected_time\":\"10:30\"}}");
    assert_string_equal(in.text, "follow Acme 2026-03-03 10:30");
    in = submit("say", "\"line\":{\"line\":{\"value\":\"edit T1 dinner\"}}");
    assert_string_equal(in.text, "edit T1 dinner");
}

static void in__form__errors_stand_on_their_inputs(void **state)
{
    (void)state;
    struct slack_in in = submit("touch", "\"who\":{\"who\":{\"value\":\" - \"}},\"minutes\":{\"minutes\":{\"value\":\"soon\"}}");
    assert_int_equal(in.n_errors, 2);
    assert_string_equal(in.error[0].block, "who");
    assert_string_equal(in.error[1].block, "minutes");
    in = submit("follow", "\"who\":{\"who\":{\"value\":\"Acme\"}}");
    assert_true(in.n_errors == 1 && !strcmp(in.error[0].block, "day"));
    in = submit("say", "");
    assert_true(in.n_errors == 1 && !strcmp(in.error[0].block, "line"));
}

/* The rest. */

static void in__hello_and_disconnect__are_read(void **state)
{
    (void)state;
    struct slack_in in = read_as("{\"type\":\"hello\",\"num_connections\":2,\"connection_info\":{\"app_id\":\"A1\"}}", &self);
    assert_true(in.kind == SLACK_HELLO && in.connections == 2 && !strcmp(in.app, "A1") && !in.envelope);
    in = read_as("{\"type\":\"disconnect\",\"reason\":\"link_disabled\"}", &self);
    assert_true(in.kind == SLACK_DISCONNECT && !strcmp(in.reason, "link_disabled"));
    in = read_as("{\"type\":\"disconnect\"}", &self);
    assert_true(in.kind == SLACK_DISCONNECT && !in.reason);
}

static void in__unknown_and_foreign__is_acknowledged_and_ignored(void **state)
{
    (void)state;
    struct slack_in in = read_envelope("brand_new", "{}");
    assert_true(in.kind == SLACK_NOTHING && in.envelope);
    in = read_envelope("events_api", "{\"api_app_id\":\"A9\",\"team_id\":\"T1\",\"event\":{" DM KIM "\"text\":\"x\"}}");
    assert_int_equal(in.kind, SLACK_NOTHING);
    in = read_envelope("events_api", "{\"type\":\"app_rate_limited\",\"minute_rate_limited\":1,\"team_id\":\"T1\"}");
    assert_int_equal(in.kind, SLACK_NOTHING);
    in = read_envelope("interactive", "null");
    assert_int_equal(in.kind, SLACK_NOTHING);
    in = read_event("\"type\":\"tokens_revoked\",\"tokens\":{\"bot\":[\"UBOT\"]}");
    assert_int_equal(in.kind, SLACK_REVOKED);
    in = read_event("\"type\":\"app_home_opened\",\"user\":\"U1\",\"channel\":\"D1\",\"tab\":\"home\"");
    assert_int_equal(in.kind, SLACK_HOME);
    in = read_event("\"type\":\"app_home_opened\",\"user\":\"U1\",\"channel\":\"D1\",\"tab\":\"messages\"");
    assert_int_equal(in.kind, SLACK_NOTHING);
}

static void in__garbage__is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "{", "[]", "{\"type\":1}", "\"x\"", "{\"type\":\"a\",\"type\":\"b\"}",
        "{\"type\":\"hello\xFF\"}" };
    struct slack_in in;
    struct err e;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_false(slack_in_read(&mem, texts[i], strlen(texts[i]), &self, &in, &e));
    struct slack_in odd = read_event(DM "\"user\":\"U1/../x\",\"team\":\"T1\",\"text\":\"x\"");
    assert_int_equal(odd.kind, SLACK_NOTHING); /* that is no id */
}

static void in__long_text__is_said_to_be_so(void **state)
{
    (void)state;
    char *text = arena_alloc(&mem, SLACK_TEXT_MAX + 2);
    memset(text, 'x', SLACK_TEXT_MAX + 1);
    assert_true(read_event(arena_printf(&mem, DM KIM "\"text\":\"%s\"", text)).too_long);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text__tokens__read_as_they_were_typed),
        cmocka_unit_test(in__direct_message__is_said),
        cmocka_unit_test(in__thread_of_direct_messages__answers_there),
        cmocka_unit_test(in__mention__answers_in_its_thread),
        cmocka_unit_test(in__shared_with_another_firm__answers_the_member_alone),
        cmocka_unit_test(in__people_of_other_workspaces__are_outsiders),
        cmocka_unit_test(in__own_and_other_bots__are_ignored),
        cmocka_unit_test(in__edit__is_noticed_and_unfolding_is_not),
        cmocka_unit_test(in__command__is_said),
        cmocka_unit_test(in__tap__stands_for_its_words),
        cmocka_unit_test(in__tap_to_complete__opens_a_form),
        cmocka_unit_test(in__shortcuts__open_forms),
        cmocka_unit_test(in__form__becomes_a_line),
        cmocka_unit_test(in__form__errors_stand_on_their_inputs),
        cmocka_unit_test(in__hello_and_disconnect__are_read),
        cmocka_unit_test(in__unknown_and_foreign__is_acknowledged_and_ignored),
        cmocka_unit_test(in__garbage__is_refused),
        cmocka_unit_test(in__long_text__is_said_to_be_so),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
