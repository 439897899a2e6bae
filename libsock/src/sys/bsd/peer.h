/* SPDX-License-Identifier: MIT */
/*
 * What the files about a peer share. Nothing is guarded: there is no state.
 */
#ifndef LIBSOCK__BSD_PEER_H
#define LIBSOCK__BSD_PEER_H

#include "../posix/fd.h"

/* What it means that there is no record of a peer, by the systems' EINVAL and
 * ENOTCONN: another sort of socket answers another question, or none. The
 * family is asked for on this failing path only. */
static inline int libsock__peer_missing(int fd, int error)
{
    libsock_addr addr;
    socklen_t len = LIBSOCK_ADDR_SIZE;

    if (error != -EINVAL && error != -ENOTCONN) {
        return error;
    }
    return getsockname(fd, libsock__out_name(&addr), &len) == 0 &&
                   libsock__name(&addr)->sa_family == AF_UNIX
               ? -ENOTCONN
               : -EOPNOTSUPP;
}

#endif
