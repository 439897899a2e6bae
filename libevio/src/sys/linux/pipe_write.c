/* SPDX-License-Identifier: MIT */
/*
 * Writing into a pipe on Linux: since 6.18 pwritev2() has a flag against
 * SIGPIPE. Before that the signal is blocked around the write; sigpipe.c. The
 * one variable records which of the two to use, and any thread may set it.
 */
#include "base/atomic.h"
#include "sys/pipe.h"
#include "sys/posix/iov.h"
#include "sys/posix/platform.h"
#include "sys/posix/sigpipe.h"

#define PIPE_WRITE_NOSIGNAL 0x100 /* RWF_NOSIGNAL */

static evio__atomic32 pipe_write_has_no_flag;

#if defined(SYS_pwritev2)
/* The raw call: libcs differ in what they make of an offset of -1, which
 * stands for "no offset", and of flags that they do not know. */
static ssize_t pipe_write_flagged(int fd, const struct iovec *iov, int n)
{
    return (ssize_t)syscall(SYS_pwritev2, fd, iov, (long)n, -1L, -1L,
                            PIPE_WRITE_NOSIGNAL);
}
#else
static ssize_t pipe_write_flagged(int fd, const struct iovec *iov, int n)
{
    (void)fd, (void)iov, (void)n;
    errno = ENOSYS;
    return -1;
}
#endif

/* ENOSYS before 4.6, EINVAL up to 4.12, EOPNOTSUPP up to 6.17, EPERM in a
 * sandbox. No write to a pipe fails so by itself, but for EINVAL. */
static bool pipe_write_refused(ptrdiff_t n)
{
    return n == -EOPNOTSUPP || n == -ENOSYS || n == -EPERM || n == -EINVAL;
}

ptrdiff_t evio__pipe_write(libsock_raw end, const libsock_buf *bufs,
                           size_t n_bufs)
{
    const struct iovec *iov = evio__iov(bufs);
    int n = evio__iov_n(n_bufs);
    if (evio__load32_relaxed(&pipe_write_has_no_flag) == 0) {
        ptrdiff_t done =
            evio__count_result(SYS(pipe_write_flagged, (int)end, iov, n));
        if (!pipe_write_refused(done)) {
            return done;
        }
        if (done != -EINVAL) {
            evio__store32(&pipe_write_has_no_flag, 1);
        }
    }
    return evio__sigpipe_writev((int)end, iov, n);
}
