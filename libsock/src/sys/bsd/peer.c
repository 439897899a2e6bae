/* SPDX-License-Identifier: MIT */
/*
 * Who is at the other end of an AF_UNIX socket, on NetBSD and OpenBSD: each has
 * one question that tells more than getpeereid() does.
 * FreeBSD and Apple are in peer_xucred.c.
 * Nothing is guarded: there is no state.
 */
#include "../posix/platform.h"

#include <string.h>

#include "../posix/fd.h"
#include "../sys.h"
#include "peer.h"

#if defined(LOCAL_PEEREID)

/* NetBSD. The level is that of IP, so another sort of socket answers another
 * question: its length gives it away. */
int libsock__sys_peer_cred(libsock_raw sock, libsock_cred *out_cred)
{
    int fd = libsock__fd(sock);
    struct unpcbid native;
    socklen_t len = sizeof(native);

    memset(&native, 0, sizeof(native));
    if (SYS(getsockopt, fd, 0, LOCAL_PEEREID, &native, &len) < 0) {
        return libsock__peer_missing(fd, libsock__errno());
    }
    if (len != sizeof(native)) {
        return -EOPNOTSUPP;
    }
    out_cred->pid = native.unp_pid > 0 ? native.unp_pid : -1;
    out_cred->uid = native.unp_euid;
    out_cred->gid = native.unp_egid;
    return 0;
}

#else

/* OpenBSD */
int libsock__sys_peer_cred(libsock_raw sock, libsock_cred *out_cred)
{
    int fd = libsock__fd(sock);
    struct sockpeercred native;
    socklen_t len = sizeof(native);

    memset(&native, 0, sizeof(native));
    if (SYS(getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &native, &len) < 0) {
        return libsock__peer_missing(fd, libsock__errno());
    }
    out_cred->pid = native.pid > 0 ? native.pid : -1;
    out_cred->uid = native.uid;
    out_cred->gid = native.gid;
    return 0;
}

#endif

ptrdiff_t libsock__sys_peer_groups(libsock_raw sock, uint32_t *groups_or_null,
                                   size_t cap)
{
    (void)sock;
    (void)groups_or_null;
    (void)cap;
    return -EOPNOTSUPP;
}
