/* SPDX-License-Identifier: MIT */
/*
 * Two connected descriptors of any family, for tests of what all share: [0] is
 * read from, [1] is written into, both non-blocking.
 * Header only; used by one thread.
 */
#ifndef TESTS_SUPPORT_CHANNEL_H
#define TESTS_SUPPORT_CHANNEL_H

#include "fd.h"
#include "net.h"

enum channel {
    CHANNEL_UNIX,
    CHANNEL_TCP,
    CHANNEL_PIPE,
    CHANNELS,
    /* Families in which both ends are read and written come first. */
    CHANNEL_SOCKETS = CHANNEL_PIPE
};

static inline void channel_open(enum channel kind, int out_fd[2])
{
    if (kind == CHANNEL_UNIX)
        net_unix_pair(NET_STREAM, out_fd);
    else if (kind == CHANNEL_TCP)
        net_tcp_pair(NET_IPV4, out_fd);
    else
        net_pipe(out_fd);
    net_set_nonblocking(out_fd[0], true);
    net_set_nonblocking(out_fd[1], true);
}

/* The same, with [0] under a number that is closed. */
static inline void channel_open_at(enum channel kind, int number, int out_fd[2])
{
    channel_open(kind, out_fd);
    if (out_fd[1] == number)
        out_fd[1] = fd_dup(number);
    if (out_fd[0] == number)
        return;
    fd_dup_onto(out_fd[0], number);
    net_close(out_fd[0]);
    out_fd[0] = number;
}

static inline void channel_close(const int fd[2])
{
    net_close(fd[0]);
    net_close(fd[1]);
}

#endif
