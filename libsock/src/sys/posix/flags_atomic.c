/* SPDX-License-Identifier: MIT */
/*
 * The calls that make descriptors, where each takes the flags of the new
 * descriptor along. flags_fcntl.c is for the systems that have no such calls.
 * Nothing is guarded: there is no state.
 *
 * A kernel or a sandbox may refuse at run time what its headers promise: WSL 1
 * the flags of socket(), emulators and seccomp filters accept4(). On EINVAL and
 * ENOSYS, and only then, the work is done again in steps; an EINVAL that had
 * another reason comes back from there.
 */
#include "fd.h"

#include "../sys.h"

static int flags_native(uint32_t flags)
{
    int native = (flags & LIBSOCK_INHERIT) != 0 ? 0 : SOCK_CLOEXEC;

    return (flags & LIBSOCK_NONBLOCK) != 0 ? native | SOCK_NONBLOCK : native;
}

static bool flags_refused(int r)
{
    return r == -EINVAL || r == -ENOSYS;
}

int libsock__sys_open(int domain, int type, int protocol, uint32_t flags,
                      libsock_raw *out_raw)
{
    int r = libsock__result(
        SYS(socket, domain, type | flags_native(flags), protocol));

    if (flags_refused(r)) {
        return libsock__steps_open((const int[3]){domain, type, protocol},
                                   flags, out_raw);
    }
    if (r < 0) {
        return r;
    }
    *out_raw = r;
    return 0;
}

int libsock__sys_pair(const int native[3], uint32_t flags,
                      libsock_raw out_pair[2])
{
    int fd[2];
    int r = libsock__result(SYS(
        socketpair, native[0], native[1] | flags_native(flags), native[2], fd));

    if (flags_refused(r)) {
        return libsock__steps_pair(native, flags, out_pair);
    }
    if (r < 0) {
        return r;
    }
    out_pair[0] = fd[0];
    out_pair[1] = fd[1];
    return 0;
}

int libsock__sys_accept(libsock_raw sock, uint32_t flags, libsock_raw *out_raw,
                        libsock_addr *out_peer_or_null)
{
    libsock_addr *peer = out_peer_or_null;
    socklen_t len = LIBSOCK_ADDR_SIZE;
    int fd =
        libsock__result(SYS(accept4, libsock__fd(sock),
                            peer != NULL ? libsock__out_name(peer) : NULL,
                            peer != NULL ? &len : NULL, flags_native(flags)));
    int r;

    if (flags_refused(fd)) {
        return libsock__steps_accept(sock, flags, out_raw, peer);
    }
    if (fd < 0) {
        return fd;
    }
    r = peer != NULL ? (int)libsock__name_stored(peer, len, 0) : 0;
    if (r < 0) {
        close(fd);
        return r;
    }
    *out_raw = fd;
    return 0;
}

LIBSOCK__APART static ssize_t flags_look(int fd, struct msghdr *msg, int flags)
{
    ssize_t n = SYS(recvmsg, fd, msg, flags | MSG_CMSG_CLOEXEC);

    if (n >= 0) {
        libsock__fd_peeked(msg);
    }
    return n;
}

ssize_t libsock__fd_recvmsg(int fd, struct msghdr *msg, int flags)
{
    if ((flags & MSG_PEEK) != 0) {
        return flags_look(fd, msg, flags);
    }
    return SYS(recvmsg, fd, msg, flags | MSG_CMSG_CLOEXEC);
}
