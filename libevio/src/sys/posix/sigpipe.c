/* SPDX-License-Identifier: MIT */
/*
 * A write that blocks SIGPIPE for this thread meanwhile and consumes the one
 * that it caused. The signal of a failing write is sent to the writing thread,
 * so no other thread is concerned and nothing is guarded.
 */
#include "sys/posix/sigpipe.h"

#include "sys/posix/iov.h"

static bool sigpipe_is_pending(void)
{
    sigset_t pending;
    sigemptyset(&pending);
    return SYS(sigpending, &pending) == 0 && sigismember(&pending, SIGPIPE) > 0;
}

static void sigpipe_take(const sigset_t *sigpipe)
{
    const struct timespec now = {0, 0};
    /* Interrupted by a signal of another sort: ours is still there. */
    while (SYS(sigtimedwait, sigpipe, NULL, &now) < 0 && errno == EINTR) {
    }
}

/* A blocking write that broke after its first piece raises the signal too, and
 * returns the count. */
static bool sigpipe_broke(const struct iovec *iov, int n, ptrdiff_t done)
{
    size_t asked = 0;
    for (int i = 0; i < n; i++) {
        asked += iov[i].iov_len;
    }
    return done == -EPIPE || (done > 0 && (size_t)done < asked);
}

ptrdiff_t evio__sigpipe_writev(int fd, const struct iovec *iov, int n)
{
    sigset_t sigpipe;
    sigset_t before;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    /* The one call of this kind that returns the code itself. */
    int r = SYS(pthread_sigmask, SIG_BLOCK, &sigpipe, &before);
    if (r != 0) {
        return r < 0 ? -errno : -r;
    }
    /* Unblocked, a signal cannot have been pending: it would have come. */
    bool was_blocked = sigismember(&before, SIGPIPE) > 0;
    bool was_pending = was_blocked && sigpipe_is_pending();
    ptrdiff_t done = evio__count_result(SYS(writev, fd, iov, n));
    if (!was_pending && sigpipe_broke(iov, n, done)) {
        sigpipe_take(&sigpipe);
    }
    if (!was_blocked) {
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return done;
}
