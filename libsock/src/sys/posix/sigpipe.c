/* SPDX-License-Identifier: MIT */
/*
 * Holding SIGPIPE back, on systems that have sigtimedwait(); see sigpipe.h.
 * Apple has neither that nor the need: its sockets are told once.
 * The mask is the calling thread's; nothing else is guarded.
 */
#include "sigpipe.h"

static bool sigpipe_is_pending(void)
{
    sigset_t pending;

    sigemptyset(&pending);
    return SYS(sigpending, &pending) == 0 && sigismember(&pending, SIGPIPE) > 0;
}

int libsock__sigpipe_hold(libsock__sigpipe *guard)
{
    sigset_t sigpipe;
    int r;

    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    /* The one call of this kind that answers with the code itself. */
    r = SYS(pthread_sigmask, SIG_BLOCK, &sigpipe, &guard->before);
    if (r != 0) {
        return r < 0 ? libsock__errno() : -r;
    }
    /* Unblocked, a signal cannot have been pending: it would have come. */
    guard->was_blocked = sigismember(&guard->before, SIGPIPE) > 0;
    guard->was_pending = guard->was_blocked && sigpipe_is_pending();
    return 0;
}

static void sigpipe_take(void)
{
    const struct timespec now = {0, 0};
    sigset_t sigpipe;

    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    /* Interrupted by a signal of another sort: ours is still there. */
    while (SYS(sigtimedwait, &sigpipe, NULL, &now) < 0 && errno == EINTR) {
    }
}

void libsock__sigpipe_release(const libsock__sigpipe *guard, ptrdiff_t n,
                              size_t len)
{
    /* A transfer that broke after its first piece raises the signal too, and
     * answers with the count. */
    bool broke = n == -EPIPE || (n > 0 && (size_t)n < len);

    if (broke && !guard->was_pending) {
        sigpipe_take();
    }
    if (!guard->was_blocked) {
        (void)pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
    }
}
