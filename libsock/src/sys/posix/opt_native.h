/* SPDX-License-Identifier: MIT */
/*
 * One row of opt_list.h as the files of this port want it.
 * What a row means lives in the list. Constant data; nothing to guard.
 */
#ifndef LIBSOCK__POSIX_OPT_NATIVE_H
#define LIBSOCK__POSIX_OPT_NATIVE_H

#include <libsock/addr.h>

#include "platform.h"

/* Interfaces by number in IPv4's requests, which came from Linux; NetBSD knows
 * them by address alone. */
#if !defined(__NetBSD__)
# define LIBSOCK__OPT_HAS_MREQN 1
# define ADD_MEMBERSHIP_N       IP_ADD_MEMBERSHIP
# define DROP_MEMBERSHIP_N      IP_DROP_MEMBERSHIP
# define MULTICAST_IF_N         IP_MULTICAST_IF
#else
# define ADD_MEMBERSHIP_N  LIBSOCK__OPT_NONE
# define DROP_MEMBERSHIP_N LIBSOCK__OPT_NONE
# define MULTICAST_IF_N    LIBSOCK__OPT_NONE
#endif

struct libsock__opt_native {
    int level;
    int name; /* LIBSOCK__OPT_NONE where this OS lacks it */
    int kind; /* an enum libsock__opt_kind */
};

/* The row `id`, or NULL where this OS lacks it. */
const struct libsock__opt_native *libsock__opt_native_of(int id);

/* opt_group.c: of an IPv4 or IPv6 address the octets and the scope: ports and
 * flows have no meaning, and some kernels compare all of the address when a
 * source is taken away again. */
void libsock__opt_group_addr(const libsock_addr *addr,
                             struct sockaddr_storage *out);

#endif
