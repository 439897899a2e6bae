/* SPDX-License-Identifier: MIT */
/*
 * Pipes of a Unix: making, reading, modes. Writing is a file of its own, since
 * systems differ in how to avoid SIGPIPE.
 */
#include "sys/pipe.h"

#include "sys/posix/iov.h"
#include "sys/posix/platform.h"

int evio__pipe_open(libsock_raw out_ends[2])
{
    int fds[2];
    int r = evio__result(SYS(pipe2, fds, O_CLOEXEC | O_NONBLOCK));
    if (r < 0) {
        return r;
    }
    out_ends[0] = fds[0];
    out_ends[1] = fds[1];
    return 0;
}

int evio__pipe_close(libsock_raw end)
{
    return evio__result(SYS(close, (int)end));
}

int evio__pipe_set_nonblocking(libsock_raw end, bool nonblock)
{
    int on = nonblock;
    return evio__result(SYS(ioctl, (int)end, FIONBIO, &on));
}

ptrdiff_t evio__pipe_read(libsock_raw end, const libsock_buf *bufs,
                          size_t n_bufs)
{
    const struct iovec *iov = evio__iov(bufs);
    ssize_t n = n_bufs == 1 ? SYS(read, (int)end, iov->iov_base, iov->iov_len)
                            : SYS(readv, (int)end, iov, evio__iov_n(n_bufs));
    return evio__count_result(n);
}
