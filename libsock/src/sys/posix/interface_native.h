/* SPDX-License-Identifier: MIT */
/*
 * What both ways to list interfaces need: the portable form of the flags.
 */
#ifndef LIBSOCK__POSIX_INTERFACE_NATIVE_H
#define LIBSOCK__POSIX_INTERFACE_NATIVE_H

#include <libsock/interface.h>

#include "platform.h"

static inline uint32_t libsock__interface_flags(unsigned native)
{
    return ((native & IFF_UP) != 0 ? LIBSOCK_INTERFACE_UP : 0U) |
           ((native & IFF_RUNNING) != 0 ? LIBSOCK_INTERFACE_RUNNING : 0U) |
           ((native & IFF_LOOPBACK) != 0 ? LIBSOCK_INTERFACE_LOOPBACK : 0U) |
           ((native & IFF_POINTOPOINT) != 0 ? LIBSOCK_INTERFACE_POINT_TO_POINT
                                            : 0U) |
           ((native & IFF_BROADCAST) != 0 ? LIBSOCK_INTERFACE_BROADCAST : 0U) |
           ((native & IFF_MULTICAST) != 0 ? LIBSOCK_INTERFACE_MULTICAST : 0U);
}

#endif
