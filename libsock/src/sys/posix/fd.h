/* SPDX-License-Identifier: MIT */
/*
 * What the files of the port that work on descriptors share: a handle as a
 * descriptor, the address that a call has stored, and how descriptors are made
 * where the system cannot do it at once. Nothing here makes a system call.
 */
#ifndef LIBSOCK__POSIX_FD_H
#define LIBSOCK__POSIX_FD_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/types.h>

#include "platform.h"

/* Keeps a rarely taken path apart, so that the usual one saves no registers
 * for it. */
#if defined(__GNUC__)
# define LIBSOCK__APART __attribute__((noinline))
#else
# define LIBSOCK__APART
#endif

/* Part of every send: a broken connection is an error, not a signal. Where the
 * flag is missing, SO_NOSIGPIPE was set when the socket was made. */
#if defined(MSG_NOSIGNAL)
# define LIBSOCK__SEND_FLAGS MSG_NOSIGNAL
#else
# define LIBSOCK__SEND_FLAGS 0
#endif

/* Apple's library refuses to move as much as an int counts, where the others
 * move a part. */
#if defined(__APPLE__)
# define LIBSOCK__IO_LEN(len) ((len) < INT_MAX ? (len) : (size_t)INT_MAX - 1)
#else
# define LIBSOCK__IO_LEN(len) (len)
#endif

/* One comparison: a negative handle is a large unsigned one. */
static inline bool libsock__is_fd(libsock_raw raw)
{
    return (uintptr_t)raw <= INT_MAX;
}

/* A handle that is no int becomes -1, which the OS answers with EBADF. */
static inline int libsock__fd(libsock_raw raw)
{
    return libsock__is_fd(raw) ? (int)raw : -1;
}

static inline const struct sockaddr *libsock__name(const libsock_addr *addr)
{
    return (const struct sockaddr *)(const void *)addr->storage;
}

static inline struct sockaddr *libsock__out_name(libsock_addr *addr)
{
    return (struct sockaddr *)(void *)addr->storage;
}

/*
 * Complete an address after a call stored `len` bytes in it. What lies behind
 * them keeps its former content, which nobody reads. `n` is what the call
 * returned, 0 or more; it is the result too, unless the address was cut.
 */
static inline ptrdiff_t libsock__name_stored(libsock_addr *addr, socklen_t len,
                                             ptrdiff_t n)
{
    /* Bytes for which there was no room are lost: it would be a wrong one. */
    if (len > LIBSOCK_ADDR_SIZE) {
        return -ENOBUFS;
    }
    addr->len = len;
    addr->reserved = 0;
    return n;
}

/* msg.c: libsock__sys_msg_flags() with the answer as its value. Out of line, so
 * that transfers without flags do not pay for it. */
int libsock__msg_native(int flags);

/* steps.c: as libsock__sys_open(), _pair() and _accept(), by a plain call and
 * further ones that set the flags, which a fork() in another thread may see
 * unset. */
int libsock__steps_open(const int native[3], uint32_t flags,
                        libsock_raw *out_raw);
int libsock__steps_pair(const int native[3], uint32_t flags,
                        libsock_raw out_pair[2]);
int libsock__steps_accept(libsock_raw sock, uint32_t flags,
                          libsock_raw *out_raw, libsock_addr *out_peer_or_null);

/* flags_atomic.c or flags_fcntl.c: recvmsg(), with descriptors that come along
 * made close-on-exec. */
ssize_t libsock__fd_recvmsg(int fd, struct msghdr *msg, int flags);
/* <os>/control.c: after a look that takes nothing, cut off descriptors that are
 * none. */
void libsock__fd_peeked(struct msghdr *msg);

#endif
