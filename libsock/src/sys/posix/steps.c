/* SPDX-License-Identifier: MIT */
/*
 * Making descriptors in steps: a plain call, then one for each flag.
 * flags_fcntl.c always does so, flags_atomic.c where the kernel forces it to.
 * Nothing is guarded: between two steps a fork() in another thread may take an
 * inheritable copy along. That is what the atomic calls exist for.
 */
#include "fd.h"

#include "../sys.h"

/* Where sends cannot say MSG_NOSIGNAL (Apple), sockets must be told once. */
static int steps_no_sigpipe(int fd)
{
#if defined(SO_NOSIGPIPE)
    const int on = 1;

    return libsock__result(
        SYS(setsockopt, fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)));
#else
    (void)fd;
    return 0;
#endif
}

/* `mode_known`: the descriptor is certain to be blocking now. */
static int steps_set_flags(int fd, uint32_t flags, bool mode_known)
{
    bool nonblock = (flags & LIBSOCK_NONBLOCK) != 0;
    int r = 0;

    if ((flags & LIBSOCK_INHERIT) == 0) {
        r = libsock__sys_set_inheritable(fd, false);
    }
    if (r >= 0 && (nonblock || !mode_known)) {
        r = libsock__sys_set_nonblocking(fd, nonblock);
    }
    return r;
}

static int steps_finish_new(int fd, uint32_t flags)
{
    int r = steps_set_flags(fd, flags, true);

    return r < 0 ? r : steps_no_sigpipe(fd);
}

int libsock__steps_open(const int native[3], uint32_t flags,
                        libsock_raw *out_raw)
{
    int fd = SYS(socket, native[0], native[1], native[2]);
    int r;

    if (fd < 0) {
        return libsock__errno();
    }
    r = steps_finish_new(fd, flags);
    if (r < 0) {
        close(fd);
        return r;
    }
    *out_raw = fd;
    return 0;
}

int libsock__steps_pair(const int native[3], uint32_t flags,
                        libsock_raw out_pair[2])
{
    int fd[2];
    int r;

    if (SYS(socketpair, native[0], native[1], native[2], fd) < 0) {
        return libsock__errno();
    }
    r = steps_finish_new(fd[0], flags);
    if (r >= 0) {
        r = steps_finish_new(fd[1], flags);
    }
    if (r < 0) {
        close(fd[0]);
        close(fd[1]);
        return r;
    }
    out_pair[0] = fd[0];
    out_pair[1] = fd[1];
    return 0;
}

int libsock__steps_accept(libsock_raw sock, uint32_t flags,
                          libsock_raw *out_raw, libsock_addr *out_peer_or_null)
{
    libsock_addr peer;
    socklen_t len = LIBSOCK_ADDR_SIZE;
    int fd = SYS(accept, libsock__fd(sock), libsock__out_name(&peer), &len);
    int r;

    if (fd < 0) {
        return libsock__errno();
    }
    /* BSD's accept() hands the listener's mode on, Linux's does not. */
    r = steps_set_flags(fd, flags, false);
    if (r >= 0) {
        r = (int)libsock__name_stored(&peer, len, 0);
    }
    if (r < 0) {
        close(fd);
        return r;
    }
    /* It has what the listener has, which may be somebody else's work; on
     * AF_UNIX, and when its peer has left, it refuses to be told. */
    (void)steps_no_sigpipe(fd);
    if (out_peer_or_null != NULL) {
        *out_peer_or_null = peer;
    }
    *out_raw = fd;
    return 0;
}
