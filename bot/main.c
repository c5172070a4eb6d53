/* Chooses the program by its first argument. */
#include <argp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "bot/guard.h"
#include "bot/program.h"

static int version_program(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    (void)puts(argp_program_version);
    return 0;
}

static const struct program {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
} programs[] = {
    { "serve", "run the bot with its web chat", serve_program },
    { "chat", "talk to the bot on standard input and output", chat_program },
    { "relay", "take LINE's webhooks for a bot without a public address", relay_program },
    { "line", "install the rich menu in the LINE channel", line_program },
    { "link", "print a one-time login link for a member", link_program },
    { "member", "list the members, or add one", member_program },
    { "backup", "copy the store into one file, also while it is served", backup_program },
    { "restore", "put a backup in the place of the store", restore_program },
    { "export", "write the records as CSV files into a folder", export_program },
    { "import", "take partners, customers, people, deals and touch points from CSV files", import_program },
    { "doctor", "check the settings and the store", doctor_program },
    { "print", "print the command reference, or the Slack app's manifest", print_program },
    { "version", "print the version", version_program },
};

static int list_programs(FILE *to, int status)
{
    (void)fputs("Usage: nemawashi PROGRAM [OPTION...]\n\n", to);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        (void)fprintf(to, "  %-8s %s\n", programs[i].name, programs[i].summary);
    (void)fputs("\nnemawashi PROGRAM --help tells about one.\n", to);
    return status;
}

int main(int argc, char **argv)
{
    argp_program_version = "nemawashi " NEMAWASHI_VERSION;
    guard_process();
    /* A file that may not grow (ulimit -f) is a failed write, not our end. */
    (void)signal(SIGXFSZ, SIG_IGN);
    if (argc < 2)
        return list_programs(stderr, 2);
    const char *name = argv[1];
    if (!strcmp(name, "--help") || !strcmp(name, "help") || !strcmp(name, "-?"))
        return list_programs(stdout, 0);
    if (!strcmp(name, "--version") || !strcmp(name, "-V"))
        name = "version";
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        char called[32]; /* how argp names the program in its messages */
        (void)snprintf(called, sizeof called, "nemawashi %s", programs[i].name);
        argv[1] = !strcmp(programs[i].name, name) ? called : argv[1];
        if (argv[1] == called)
            return programs[i].run(argc - 1, argv + 1);
    }
    (void)fprintf(stderr, "nemawashi: there is no program '%.80s'\n\n", name);
    return list_programs(stderr, 2);
}
