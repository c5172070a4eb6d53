#include "bot/signals.h"

#include <signal.h>
#include <unistd.h>

static struct loop *stoppable;

static void on_signal(int number)
{
    static volatile sig_atomic_t asked;
    if (asked)
        _exit(128 + number);
    asked = 1;
    loop_stop(stoppable);
}

static void mask(int how)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)pthread_sigmask(how, &set, NULL);
}

void signals_hold(void)
{
    mask(SIG_BLOCK);
    (void)signal(SIGPIPE, SIG_IGN);
}

void signals_stop(struct loop *l)
{
    struct sigaction action = { .sa_handler = on_signal };
    stoppable = l;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    mask(SIG_UNBLOCK);
}
