/* SPDX-License-Identifier: MIT */
/*
 * Multicast requests that carry whole addresses, of either family (RFC 3678).
 * Those of one family are in opt_membership.c. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

void libsock__opt_group_addr(const libsock_addr *addr,
                             struct sockaddr_storage *out)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;

    memset(out, 0, sizeof(*out));
    if (libsock__sys_addr_family(addr) == AF_INET) {
        memcpy(&v4, addr->storage, sizeof(v4));
        v4.sin_port = 0;
        memcpy(out, &v4, sizeof(v4));
    } else {
        memcpy(&v6, addr->storage, sizeof(v6));
        v6.sin6_port = 0;
        v6.sin6_flowinfo = 0;
        memcpy(out, &v6, sizeof(v6));
    }
}

#if defined(MCAST_JOIN_GROUP)

int libsock__sys_opt_set_group(libsock_raw sock, int id,
                               const libsock__group *what)
{
    const struct libsock__opt_native *row = libsock__opt_native_of(id);
    bool v4 = libsock__sys_addr_family(what->group) == AF_INET;
    struct group_source_req with;
    struct group_req without;
    int level = v4 ? IPPROTO_IP : IPPROTO_IPV6;

    if (row == NULL) {
        return -ENOPROTOOPT;
    }
    memset(&with, 0, sizeof(with));
    memset(&without, 0, sizeof(without));
    if (row->kind == LIBSOCK__OPT_KIND_SOURCE) {
        with.gsr_interface = what->ifindex;
        libsock__opt_group_addr(what->group, &with.gsr_group);
        libsock__opt_group_addr(what->source, &with.gsr_source);
        return libsock__sys_setopt(sock, level, row->name, &with, sizeof(with));
    }
    without.gr_interface = what->ifindex;
    libsock__opt_group_addr(what->group, &without.gr_group);
    return libsock__sys_setopt(sock, level, row->name, &without,
                               sizeof(without));
}

#else

int libsock__sys_opt_set_group(libsock_raw sock, int id,
                               const libsock__group *what)
{
    (void)sock;
    (void)id;
    (void)what;
    return -ENOPROTOOPT;
}

#endif
