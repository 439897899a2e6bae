/* SPDX-License-Identifier: MIT */
/*
 * libsock's buffers as the kernel's: they have one layout, which is asserted
 * here for what libevio hands over itself. Nothing is copied.
 */
#ifndef EVIO__POSIX_IOV_H
#define EVIO__POSIX_IOV_H

#include <libsock/types.h>

#include "sys/posix/platform.h"

#if !defined(IOV_MAX)
# define EVIO__IOV_MAX 1024
#else
# define EVIO__IOV_MAX IOV_MAX
#endif

_Static_assert(sizeof(libsock_buf) == sizeof(struct iovec) &&
                   offsetof(libsock_buf, base) ==
                       offsetof(struct iovec, iov_base) &&
                   offsetof(libsock_buf, len) ==
                       offsetof(struct iovec, iov_len),
               "libsock_buf is not struct iovec");

static inline const struct iovec *evio__iov(const libsock_buf *bufs)
{
    return (const struct iovec *)(const void *)bufs;
}

/* More than the OS takes is a short count, not a failure. */
static inline int evio__iov_n(size_t n_bufs)
{
    return n_bufs < EVIO__IOV_MAX ? (int)n_bufs : EVIO__IOV_MAX;
}

/* The result of a transfer that returns -1 and errno. */
static inline ptrdiff_t evio__count_result(ssize_t n)
{
    return n < 0 ? -errno : n;
}

#endif
