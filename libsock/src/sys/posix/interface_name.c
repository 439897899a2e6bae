/* SPDX-License-Identifier: MIT */
/*
 * The name of an interface by its number; the way back is in addr.c, where
 * zones need it. Lists are in interface_netlink.c or interface_getifaddrs.c.
 * Nothing is guarded: there is no state.
 */
#include "platform.h"

#include <string.h>

#include "../sys.h"

_Static_assert(IF_NAMESIZE <= LIBSOCK_INTERFACE_NAME_SIZE, "any name fits");

static int interface_to_name(unsigned index, char *name)
{
    return if_indextoname(index, name) == NULL ? -1 : 0;
}

int libsock__sys_if_name(uint32_t index,
                         char out_name[LIBSOCK_INTERFACE_NAME_SIZE])
{
    char name[IF_NAMESIZE] = "";
    int r = libsock__result(SYS(interface_to_name, index, name));

    if (r >= 0) {
        memset(out_name, 0, LIBSOCK_INTERFACE_NAME_SIZE);
        memcpy(out_name, name, strnlen(name, sizeof(name) - 1));
    }
    return r;
}
