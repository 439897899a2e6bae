/* SPDX-License-Identifier: MIT */
/*
 * Who is at the other end of an AF_UNIX socket, on FreeBSD, DragonFly and
 * Apple's systems. The level is that of IP, so another sort of socket answers
 * another question: its length gives it away.
 * Nothing is guarded: there is no state.
 */
#include "../posix/platform.h"

#include <string.h>

#include "../posix/fd.h"
#include "../sys.h"
#include "peer.h"

#if !defined(SOL_LOCAL)
# define SOL_LOCAL 0
#endif

#if defined(XU_NGROUPS)
# define PEER_GROUPS XU_NGROUPS
#else
# define PEER_GROUPS NGROUPS
#endif

static int peer_ask(libsock_raw sock, struct xucred *out)
{
    int fd = libsock__fd(sock);
    socklen_t len = sizeof(*out);

    memset(out, 0, sizeof(*out));
    if (SYS(getsockopt, fd, SOL_LOCAL, LOCAL_PEERCRED, out, &len) < 0) {
        return libsock__peer_missing(fd, libsock__errno());
    }
    return len == sizeof(*out) && out->cr_version == XUCRED_VERSION &&
                   out->cr_ngroups > 0 && out->cr_ngroups <= PEER_GROUPS
               ? 0
               : -EOPNOTSUPP;
}

/* Apple has a question for it, FreeBSD a field since 13, DragonFly nothing. */
static int peer_pid(libsock_raw sock, const struct xucred *native, pid_t *out)
{
#if defined(LOCAL_PEERPID)
    socklen_t len = sizeof(*out);

    (void)native;
    return libsock__result(SYS(getsockopt, libsock__fd(sock), SOL_LOCAL,
                               LOCAL_PEERPID, out, &len));
#elif defined(__FreeBSD_version) && __FreeBSD_version >= 1300000
    (void)sock;
    *out = native->cr_pid;
    return 0;
#else
    (void)sock;
    (void)native;
    *out = -1;
    return 0;
#endif
}

int libsock__sys_peer_cred(libsock_raw sock, libsock_cred *out_cred)
{
    struct xucred native;
    pid_t pid = 0;
    int r = peer_ask(sock, &native);

    if (r >= 0) {
        r = peer_pid(sock, &native, &pid);
    }
    if (r < 0) {
        return r;
    }
    out_cred->pid = pid > 0 ? pid : -1;
    out_cred->uid = native.cr_uid;
    out_cred->gid = native.cr_groups[0];
    return 0;
}

/* The first of the list is the effective group. */
ptrdiff_t libsock__sys_peer_groups(libsock_raw sock, uint32_t *groups_or_null,
                                   size_t cap)
{
    struct xucred native;
    int r = peer_ask(sock, &native);
    size_t n;

    if (r < 0) {
        return r;
    }
    n = (size_t)native.cr_ngroups - 1;
    if (cap == 0) {
        return (ptrdiff_t)n;
    }
    if (n > cap) {
        return -ENOBUFS;
    }
    memcpy(groups_or_null, native.cr_groups + 1, n * sizeof(*groups_or_null));
    return (ptrdiff_t)n;
}
