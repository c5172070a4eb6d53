/* Text as terms of the word index, and what is looked for. */
#include <string.h>
#include "tests/unit/t.h"
#include "bot/text/terms.h"

static const struct {
    const char *text, *terms, *match, *open;
} cases[] = {
    { "予算", "予算 算", "\"予算\"", "\"予算\"" },
    { "予算化", "予算 算化 化", "\"予算\" \"算化\"", "\"予算\" \"算化\"" },
    { "倍", "倍", "\"倍\"", "\"倍\"*" },
    { "データ センター", "デー ータ タ セン ンタ ター ー", "\"デー\" \"ータ\" \"セン\" \"ンタ\" \"ター\"",
        "\"デー\" \"ータ\" \"セン\" \"ンタ\" \"ター\"" },
    { "ﾃﾞｰﾀ", "デー ータ タ", "\"デー\" \"ータ\"", "\"デー\" \"ータ\"" },
    { "CFO予算", "cfo 予算 算", "\"cfo\" \"予算\"", "\"cfo\"* \"予算\"" },
    { "ＩＳＯ Certificate", "iso certificate", "\"iso\" \"certificate\"", "\"iso\"* \"certificate\"*" },
    { "案件77号", "案件 件 77 号", "\"案件\" \"77\" \"号\"", "\"案件\" \"77\"* \"号\"" },
    { "can't, 4.8M!", "can t 4 8m", "\"can\" \"t\" \"4\" \"8m\"", "\"can\"* \"t\"* \"4\"* \"8m\"*" },
    { "𠮷田", "𠮷田 田", "\"𠮷田\"", "\"𠮷田\"" },
    { "계약서 검토", "계약서 검토", "\"계약서\" \"검토\"", "\"계약서\"* \"검토\"*" },
    { "สัญญาใหม่", "สัญญา ใหม่", "\"สัญญา\" \"ใหม่\"", "\"สัญญา\"* \"ใหม่\"*" },
    { "\"or\" NEAR(*)", "or near", "\"or\" \"near\"", "\"or\"* \"near\"*" },
    { "", "", NULL, NULL },
    { "!? 👍 ・", "", NULL, NULL },
};

static void check(const char *what, const char *text, const char *got, const char *want)
{
    if ((got == NULL) != (want == NULL) || (got && strcmp(got, want) != 0))
        fail_msg("%s of “%s”: %s, not %s", what, text, got ? got : "none", want ? want : "none");
}

static void terms__texts__split(void **state)
{
    (void)state;
    struct arena mem = ARENA_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check("terms", cases[i].text, terms_of(&mem, cases[i].text), cases[i].terms);
        check("match", cases[i].text, terms_match(&mem, cases[i].text, false), cases[i].match);
        check("open match", cases[i].text, terms_match(&mem, cases[i].text, true), cases[i].open);
    }
    arena_finish(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(terms__texts__split) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
