/* SPDX-License-Identifier: MIT */
/*
 * Who the peer is, on a system that does not tell.
 * The same functions as sys/linux/peer.c and sys/bsd/peer.c. No state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

int libsock__sys_peer_cred(libsock_raw sock, libsock_cred *out_cred)
{
    (void)sock;
    (void)out_cred;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

ptrdiff_t libsock__sys_peer_groups(libsock_raw sock, uint32_t *groups_or_null,
                                   size_t cap)
{
    (void)sock;
    (void)groups_or_null;
    (void)cap;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}
