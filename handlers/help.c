/* help, made from the command table and the catalogue: a new command appears by itself,
 * in the last family until it is given one. */
#include "bot/text/utf8.h"
#include "handlers/handlers.h"

#include "bot/text/fold.h"
#include "handlers/facts.h"
#include <string.h>

enum { OTHER_WORDS = 8, MATCHES = 10 };

static const char *const family_of[][2] = {
    { "touch", "log" },
    { "inquiry", "log" },
    { "met", "log" },
    { "consensus", "log" },
    { "identify", "log" },
    { "champion", "names" },
    { "contact", "names" },
    { "partner", "names" },
    { "customer", "names" },
    { "merge", "names" },
    { "unmerge", "names" },
    { "speaks", "names" },
    { "access", "names" },
    { "tag", "names" },
    { "network", "names" },
    { "opens", "names" },
    { "nps", "names" },
    { "prefers", "names" },
    { "served", "names" },
    { "gate", "names" },
    { "gated", "look" },
    { "tech", "names" },
    { "away", "names" },
    { "supports", "partners" },
    { "silo", "partners" },
    { "trained", "partners" },
    { "activity", "partners" },
    { "lead", "partners" },
    { "casestudy", "partners" },
    { "capability", "partners" },
    { "focus", "partners" },
    { "perception", "partners" },
    { "task", "partners" },
    { "asset", "partners" },
    { "shadow", "partners" },
    { "duty", "partners" },
    { "belongs", "partners" },
    { "deal", "deals" },
    { "renewal", "deals" },
    { "legal", "deals" },
    { "committee", "deals" },
    { "risk", "deals" },
    { "objection", "deals" },
    { "pitch", "deals" },
    { "first", "deals" },
    { "references", "deals" },
    { "ringi", "deals" },
    { "holds", "deals" },
    { "owner", "deals" },
    { "members", "team" },
    { "role", "team" },
    { "invite", "team" },
    { "suspend", "team" },
    { "reinstate", "team" },
    { "forget", "team" },
    { "team", "team" },
    { "leaving", "team" },
    { "season", "team" },
    { "target", "team" },
    { "rate", "team" },
    { "market", "team" },
    { "holiday", "team" },
    { "milestone", "team" },
    { "setting", "team" },
    { "retention", "team" },
    { "plan", "later" },
    { "calendar", "later" },
    { "brief", "look" },
    { "wording", "later" },
    { "follow", "later" },
    { "today", "later" },
    { "morning", "later" },
    { "cadence", "later" },
    { "notify", "self" },
    { "done", "later" },
    { "snooze", "later" },
    { "kpi", "figures" },
    { "chart", "figures" },
    { "digest", "figures" },
    { "digest.off", "self" },
    { "digest.on", "self" },
    { "warnings", "figures" },
    { "why", "figures" },
    { "export", "figures" },
    { "mine", "self" },
    { "cues", "figures" },
    { "show", "look" },
    { "list", "look" },
    { "timeline", "look" },
    { "find", "look" },
    { "senior", "look" },
    { "handover", "look" },
    { "intro", "names" },
    { "introduce", "look" },
    { "quiet", "look" },
    { "undo", "correct" },
    { "redo", "correct" },
    { "edit", "correct" },
    { "share", "correct" },
    { "unshare", "correct" },
    { "cue", "correct" },
    { "help", "self" },
    { "lang", "self" },
    { "zone", "self" },
    { "style", "self" },
    { "whoami", "self" },
    { "link", "self" },
    { "sessions", "self" },
};
static const char *const families[] = { "log", "names", "partners", "deals", "later", "figures",
    "look", "team", "correct", "self", "other" };

/* deal.won belongs to where deal does. */
static const char *family(const struct command *k)
{
    size_t n = strcspn(k->id, ".");
    for (size_t i = 0; i < sizeof family_of / sizeof *family_of; i++)
        if (strlen(family_of[i][0]) == n && !strncmp(family_of[i][0], k->id, n))
            return family_of[i][1];
    return "other";
}

static bool offered(const struct call *c, const struct command *k)
{
    return !(k->flags & CMD_HIDDEN) && k->may & c->member->roles;
}

static const char *item(
    struct call *c, const struct command *k, const char *list, int i)
{
    return catalogue_item(
        c->words, c->locale, arena_printf(c->mem, "commands.%s.%s", k->id, list), i);
}

static const char *summary(struct call *c, const struct command *k)
{
    const char *s = catalogue_string(
        c->words, c->locale, arena_printf(c->mem, "commands.%s.summary", k->id));
    return s ? s : "";
}

static const char *name_of(struct call *c, const struct command *k)
{
    const char *word = item(c, k, "words", 0);
    return word ? word : k->id;
}

static void put_family(struct reply *r, const char *name)
{
    struct call *c = r->call;
    struct buf words = BUF_ON(c->mem);
    const char *example = NULL;
    for (const struct command *const *k = commands; *k; k++) {
        if (!offered(c, *k) || strcmp(family(*k), name) != 0)
            continue;
        buf_join(&words, comma(c), name_of(c, *k));
        if (!example)
            example = item(c, *k, "examples", 0);
    }
    if (words.n)
        reply_field(r, arena_printf(c->mem, "help.family.%s", name),
            call_text(c, "help.family",
                ARGS(TXT("words", buf_str(&words)),
                    TXT("example", example ? example : ""),
                    TXT("known", example ? "yes" : "no"))));
}

static bool help_all(struct call *c)
{
    static const char *const likeliest[] = { "touch", "met", "kpi", "list", "show",
        "find", "whoami" };
    struct reply *r = reply_new(c, REPLY_OK, "help.title", NO_ARGS);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        put_family(r, families[i]);
    reply_soft(r, call_text(c, "help.shape", NO_ARGS));
    for (size_t i = 0, n = 0;
         n < CARD_BUTTONS && i < sizeof likeliest / sizeof *likeliest; i++) {
        const struct command *k = command_find(likeliest[i]);
        if (!k || !offered(c, k))
            continue;
        reply_button_labelled(
            r, "plain", typed(c, "help", name_of(c, k)), name_of(c, k));
        n++;
    }
    return true;
}

/* The command's other words, of every language: what else is understood. */
static char *other_words(struct call *c, const struct command *k)
{
    struct buf b = BUF_ON(c->mem);
    char *path = arena_printf(c->mem, "commands.%s.words", k->id);
    int n = 0;
    for (int l = 0; l < catalogue_locales(c->words); l++) {
        int loc = l == 0 ? c->locale : l <= c->locale ? l - 1 : l;
        for (int i = loc == c->locale;
             i < catalogue_list(c->words, loc, path) && n < OTHER_WORDS; i++, n++)
            buf_join(&b, comma(c), catalogue_item(c->words, loc, path, i));
    }
    return arena_strdup(c->mem, buf_str(&b));
}

static bool help_one(struct call *c, const struct command *k)
{
    char *others = other_words(c, k);
    struct reply *r = reply_titled(c, REPLY_OK, "help.command",
        arena_printf(c->mem, "%s" FACTS "%s", name_of(c, k), summary(c, k)));
    reply_line(r, command_usage(c->mem, c->words, c->locale, k));
    reply_soft(r, catalogue_string(c->words, c->locale,
                      arena_printf(c->mem, "commands.%s.help", k->id)));
    if (*others)
        reply_soft(r, call_text(c, "help.also", ARGS(TXT("words", others))));
    for (int i = 0; i < CARD_BUTTONS; i++) {
        const char *example = item(c, k, "examples", i);
        if (example)
            reply_button_labelled(r, "fill", example, example);
    }
    return true;
}

/* How near the typed word is to the command: 0 one of its words, 1 the beginning of
 * one (deal), 2 and more the distance of a slip; INT_MAX-like where neither. */
enum { EXACT, BEGINS, SLIP, FAR = 9 };
static int nearness(struct call *c, const struct command *k, const struct folded *asked)
{
    char *path = arena_printf(c->mem, "commands.%s.words", k->id);
    int best = FAR, letters = (int)utf8_count(asked->s), cut = letters < 3 ? 0 : letters < 5 ? 1 : 2;
    for (int l = 0; l < catalogue_locales(c->words); l++) {
        for (int i = 0; i < catalogue_list(c->words, l, path); i++) {
            const char *word = catalogue_item(c->words, l, path, i);
            struct folded f = fold_text(c->mem, word, strlen(word));
            int d = fold_distance(asked->s, f.s, cut);
            int near = !d                                  ? EXACT
                       : !strncmp(f.s, asked->s, asked->n) ? BEGINS
                       : d <= cut                          ? SLIP
                                                           : FAR;
            best = near < best ? near : best;
        }
    }
    return strcmp(k->id, asked->s) ? best : EXACT;
}

static bool help_some(struct call *c, const struct command *const *found, int n)
{
    struct reply *r = reply_new(
        c, n ? REPLY_OK : REPLY_REFUSED, n ? "help.which" : "help.unknown", NO_ARGS);
    for (int i = 0; i < n; i++)
        reply_item(r,
            arena_printf(
                c->mem, "%s" FACTS "%s", name_of(c, found[i]), summary(c, found[i])),
            typed(c, "help", name_of(c, found[i])));
    if (!n)
        reply_button(
            r, "plain", name_of(c, command_find("help")), "help.button.all", NO_ARGS);
    return true;
}

static bool help_run(struct call *c, struct err *e)
{
    (void)e;
    const char *rest = c->f->rest ? c->f->rest : "";
    struct folded asked = fold_text(c->mem, rest, strlen(rest));
    const struct command *found[MATCHES];
    int best = FAR, n = 0;
    if (!asked.n)
        return help_all(c);
    for (const struct command *const *k = commands; *k; k++) {
        int near = offered(c, *k) ? nearness(c, *k, &asked) : FAR;
        if (near < best)
            n = 0;
        if (near < FAR && near <= best && n < MATCHES) {
            best = near;
            found[n++] = *k;
        }
    }
    return n == 1 ? help_one(c, found[0]) : help_some(c, found, n);
}

static const struct arg help_args[] = {
    { "command", ARG_COMMAND, 0 },
    { 0 },
};
const struct command help_command = {
    .id = "help",
    .args = help_args,
    .may = ROLE_ALL,
    .where = ANYWHERE,
    .flags = CMD_RAW | CMD_READS,
    .run = help_run,
};
