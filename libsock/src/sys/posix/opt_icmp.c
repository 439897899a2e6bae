/* SPDX-License-Identifier: MIT */
/*
 * Which ICMPv6 messages a raw socket gets (RFC 3542, 3.2). Systems disagree
 * whether a bit lets in or keeps out, so only the macros touch them; that of
 * IPv4 is a plain number. No state to guard.
 */
#include "platform.h"

#include <string.h>

#include "opt_native.h"

#include "opt_list.h"
#include "sys/sys.h"

#if defined(ICMP6_FILTER_SETPASS)

enum {
    OPT_ICMP6_TYPES = 256
};

/* One option, whatever the row, so that the native number is asked once. */
static const struct libsock__opt_native *opt_icmp6_row(void)
{
    return libsock__opt_native_of(LIBSOCK__OPT_icmp_filter_v6);
}

int libsock__sys_opt_set_icmp6(libsock_raw sock,
                               const libsock_icmp_filter *filter)
{
    const struct libsock__opt_native *row = opt_icmp6_row();
    struct icmp6_filter native;

    memset(&native, 0, sizeof(native));
    for (unsigned type = 0; type < OPT_ICMP6_TYPES; type++) {
        if (libsock_icmp_filter_blocks(filter, (uint8_t)type)) {
            ICMP6_FILTER_SETBLOCK(type, &native);
        } else {
            ICMP6_FILTER_SETPASS(type, &native);
        }
    }
    return libsock__sys_setopt(sock, row->level, row->name, &native,
                               sizeof(native));
}

int libsock__sys_opt_get_icmp6(libsock_raw sock,
                               libsock_icmp_filter *out_filter)
{
    const struct libsock__opt_native *row = opt_icmp6_row();
    struct icmp6_filter native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, row->level, row->name, &native, &len);
    if (r < 0) {
        return r;
    }
    if (len != sizeof(native)) {
        return -ENOPROTOOPT;
    }
    memset(out_filter, 0, sizeof(*out_filter));
    for (unsigned type = 0; type < OPT_ICMP6_TYPES; type++) {
        if (ICMP6_FILTER_WILLBLOCK(type, &native)) {
            libsock_icmp_filter_block(out_filter, (uint8_t)type);
        }
    }
    return r;
}

#else

int libsock__sys_opt_set_icmp6(libsock_raw sock,
                               const libsock_icmp_filter *filter)
{
    (void)sock;
    (void)filter;
    return -ENOPROTOOPT;
}

int libsock__sys_opt_get_icmp6(libsock_raw sock,
                               libsock_icmp_filter *out_filter)
{
    (void)sock;
    (void)out_filter;
    return -ENOPROTOOPT;
}

#endif
