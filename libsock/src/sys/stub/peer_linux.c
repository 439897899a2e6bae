/* SPDX-License-Identifier: MIT */
/*
 * What Linux alone tells about a peer, on a system that does not.
 * The same functions as in sys/linux/peer.c, which has the rest too. No state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

int libsock__sys_peer_pidfd(libsock_raw sock, libsock_raw *out_fd)
{
    (void)sock;
    (void)out_fd;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

ptrdiff_t libsock__sys_peer_label(libsock_raw sock, char *buf_or_null,
                                  size_t cap)
{
    (void)sock;
    (void)buf_or_null;
    (void)cap;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}
