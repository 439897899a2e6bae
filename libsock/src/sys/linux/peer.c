/* SPDX-License-Identifier: MIT */
/*
 * What Linux keeps about the process at the other end of an AF_UNIX socket.
 * What travels in messages is control.c's.
 * Nothing is guarded: there is no state.
 */
#include "../posix/platform.h"

#include <limits.h>
#include <string.h>

#include "../posix/fd.h"
#include "../sys.h"

/* Linux 6.5, younger than many C libraries' headers. */
#if !defined(SO_PEERPIDFD) && !defined(__sparc__) && !defined(__hppa__)
# define SO_PEERPIDFD 77
#endif

_Static_assert(sizeof(gid_t) == sizeof(uint32_t), "groups go as they are");

/* No record of a peer: there is none, or this is another sort of socket. Asked
 * on this failing path only. */
static int peer_missing(int fd)
{
    int domain = AF_UNIX;
    socklen_t len = sizeof(domain);

    (void)getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len);
    return domain == AF_UNIX ? -ENOTCONN : -EOPNOTSUPP;
}

int libsock__sys_peer_cred(libsock_raw sock, libsock_cred *out_cred)
{
    int fd = libsock__fd(sock);
    struct ucred native;
    socklen_t len = sizeof(native);

    memset(&native, 0, sizeof(native));
    if (SYS(getsockopt, fd, SOL_SOCKET, SO_PEERCRED, &native, &len) < 0) {
        return libsock__errno();
    }
    /* What the kernel answers for nobody; no process can be this. */
    if (native.pid == 0 && native.uid == UINT32_MAX &&
        native.gid == UINT32_MAX) {
        return peer_missing(fd);
    }
    out_cred->pid = native.pid > 0 ? native.pid : -1;
    out_cred->uid = native.uid;
    out_cred->gid = native.gid;
    return 0;
}

ptrdiff_t libsock__sys_peer_groups(libsock_raw sock, uint32_t *groups_or_null,
                                   size_t cap)
{
    /* More room than any process has groups for need not be told. */
    const size_t most = INT_MAX / sizeof(gid_t);
    int fd = libsock__fd(sock);
    socklen_t len = (socklen_t)((cap < most ? cap : most) * sizeof(gid_t));
    int r = libsock__result(
        SYS(getsockopt, fd, SOL_SOCKET, SO_PEERGROUPS, groups_or_null, &len));

    if (r == -ENODATA) {
        return peer_missing(fd);
    }
    /* It leaves the length that it needs. */
    if (r == -ERANGE) {
        return cap == 0 ? (ptrdiff_t)(len / sizeof(gid_t)) : -ENOBUFS;
    }
    return r < 0 ? r : (ptrdiff_t)(len / sizeof(gid_t));
}

#if defined(SO_PEERPIDFD)
int libsock__sys_peer_pidfd(libsock_raw sock, libsock_raw *out_fd)
{
    int fd = libsock__fd(sock);
    int pidfd = -1;
    socklen_t len = sizeof(pidfd);
    int r = libsock__result(
        SYS(getsockopt, fd, SOL_SOCKET, SO_PEERPIDFD, &pidfd, &len));

    if (r == -ENODATA) {
        return peer_missing(fd);
    }
    /* A process that has ended; later kernels say so, or know it still. */
    if (r == -EINVAL) {
        return -ESRCH;
    }
    if (r >= 0) {
        *out_fd = pidfd;
    }
    return r;
}
#else
int libsock__sys_peer_pidfd(libsock_raw sock, libsock_raw *out_fd)
{
    (void)sock;
    (void)out_fd;
    return -EOPNOTSUPP;
}
#endif

ptrdiff_t libsock__sys_peer_label(libsock_raw sock, char *buf_or_null,
                                  size_t cap)
{
    socklen_t len = (socklen_t)(cap < INT_MAX ? cap : INT_MAX);
    int r = libsock__result(SYS(getsockopt, libsock__fd(sock), SOL_SOCKET,
                                SO_PEERSEC, buf_or_null, &len));
    size_t n = len;

    if (r == -ERANGE) {
        return cap == 0 ? (ptrdiff_t)n : -ENOBUFS;
    }
    if (r < 0 || cap == 0) {
        return r;
    }
    /* Some modules write the NUL, some do not. */
    if (n > 0 && buf_or_null[n - 1] == '\0') {
        n--;
    }
    if (n >= cap) {
        return -ENOBUFS;
    }
    buf_or_null[n] = '\0';
    return (ptrdiff_t)n;
}
