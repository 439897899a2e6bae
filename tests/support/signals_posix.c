/* SPDX-License-Identifier: MIT */
/*
 * signals.h over POSIX threads' signals; the signal is SIGALRM, as in
 * fd_posix.c.
 * No state.
 */
#include "signals.h"

#include "check.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>

_Static_assert(sizeof(sigset_t) <= sizeof(struct signals_mask), "room");
_Static_assert(sizeof(pthread_t) <= sizeof(struct signals_thread), "room");

static sigset_t signals_now(void)
{
    sigset_t now;

    CHECK_EQ_INT(pthread_sigmask(SIG_BLOCK, NULL, &now), 0);
    return now;
}

void signals_mask(bool blocked, struct signals_mask *out_mask)
{
    sigset_t mask = signals_now();

    CHECK_EQ_INT(
        blocked ? sigaddset(&mask, SIGALRM) : sigdelset(&mask, SIGALRM), 0);
    memset(out_mask, 0, sizeof(*out_mask));
    memcpy(out_mask, &mask, sizeof(mask));
}

void signals_block(bool on)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    CHECK_EQ_INT(pthread_sigmask(on ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL), 0);
}

bool signals_is_blocked(void)
{
    sigset_t now = signals_now();

    return sigismember(&now, SIGALRM) == 1;
}

bool signals_is_pending(void)
{
    sigset_t set;

    CHECK_EQ_INT(sigpending(&set), 0);
    return sigismember(&set, SIGALRM) == 1;
}

struct signals_thread signals_self(void)
{
    pthread_t self = pthread_self();
    struct signals_thread out = {0};

    memcpy(&out, &self, sizeof(self));
    return out;
}

void signals_send(struct signals_thread to)
{
    pthread_t id;

    memcpy(&id, &to, sizeof(id));
    CHECK_EQ_INT(pthread_kill(id, SIGALRM), 0);
}

bool signals_same(const struct signals_mask *a, const struct signals_mask *b)
{
    sigset_t sets[2];

    memcpy(&sets[0], a, sizeof(sets[0]));
    memcpy(&sets[1], b, sizeof(sets[1]));
    for (int number = 1; number < 65; number++) {
        if (sigismember(&sets[0], number) != sigismember(&sets[1], number))
            return false;
    }
    return true;
}
