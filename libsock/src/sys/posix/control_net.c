/* SPDX-License-Identifier: MIT */
/*
 * Control records with addresses of this host: where a datagram arrived and
 * whence one is sent. Numbers are in control.c. Records are copied in and out,
 * so nothing here needs alignment; no state to guard.
 */
#include "platform.h"

#include <limits.h>
#include <string.h>

#include <libsock/control_net.h>

#include "../sys.h"

_Static_assert(sizeof(struct in6_pktinfo) <= LIBSOCK_PKTINFO_SIZE,
               "LIBSOCK_PKTINFO_SIZE is too small");
_Static_assert(sizeof(struct sockaddr_in6) <= LIBSOCK_ORIGINAL_DST_SIZE,
               "LIBSOCK_ORIGINAL_DST_SIZE is too small");

/* An address that no host has for its own: a group, or everybody. */
static bool control_is_group_v4(const uint8_t octets[4])
{
    static const uint8_t everybody[4] = {255, 255, 255, 255};

    return (octets[0] & 0xf0) == 0xe0 || memcmp(octets, everybody, 4) == 0;
}

static bool control_is_group_v6(const uint8_t octets[16])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0,    0,
                                       0, 0, 0, 0, 0xff, 0xff};

    return octets[0] == 0xff || (memcmp(octets, mapped, 12) == 0 &&
                                 control_is_group_v4(octets + 12));
}

#if defined(IPV6_PKTINFO)
static int control_get_v6(const libsock_control *record,
                          libsock_pktinfo *out_info)
{
    struct in6_pktinfo native;

    if (record->len != sizeof(native)) {
        return -EINVAL;
    }
    memcpy(&native, record->data, sizeof(native));
    memset(out_info, 0, sizeof(*out_info));
    out_info->domain = LIBSOCK_DOMAIN_IPV6;
    out_info->ifindex = native.ipi6_ifindex;
    memcpy(out_info->dst, &native.ipi6_addr, 16);
    if (!control_is_group_v6(out_info->dst)) {
        memcpy(out_info->local, out_info->dst, 16);
    }
    return 0;
}

static int control_put_v6(const libsock_pktinfo *info,
                          libsock__control_made *out)
{
    struct in6_pktinfo native;

    memset(&native, 0, sizeof(native));
    native.ipi6_ifindex = info->ifindex;
    memcpy(&native.ipi6_addr, info->local, 16);
    out->level = IPPROTO_IPV6;
    out->type = IPV6_PKTINFO;
    out->len = sizeof(native);
    memcpy(out->bytes, &native, sizeof(native));
    return 0;
}
#else
static int control_get_v6(const libsock_control *record,
                          libsock_pktinfo *out_info)
{
    (void)record;
    (void)out_info;
    return -EINVAL;
}

static int control_put_v6(const libsock_pktinfo *info,
                          libsock__control_made *out)
{
    (void)info;
    (void)out;
    return -EOPNOTSUPP;
}
#endif

#if defined(IP_PKTINFO)
static int control_get_v4(const libsock_control *record,
                          libsock_pktinfo *out_info)
{
    struct in_pktinfo native;

    if (record->len != sizeof(native)) {
        return -EINVAL;
    }
    memcpy(&native, record->data, sizeof(native));
    memset(out_info, 0, sizeof(*out_info));
    out_info->domain = LIBSOCK_DOMAIN_IPV4;
    out_info->ifindex = (uint32_t)native.ipi_ifindex;
    memcpy(out_info->dst, &native.ipi_addr, 4);
    memcpy(out_info->local, &native.ipi_spec_dst, 4);
    /* Apple leaves it zero. */
    if (native.ipi_spec_dst.s_addr == 0 &&
        !control_is_group_v4(out_info->dst)) {
        memcpy(out_info->local, out_info->dst, 4);
    }
    return 0;
}

static int control_put_v4(const libsock_pktinfo *info,
                          libsock__control_made *out)
{
    struct in_pktinfo native;

    if (info->ifindex > INT_MAX) {
        return -EINVAL;
    }
    memset(&native, 0, sizeof(native));
    /* An int on Linux, unsigned elsewhere. */
    memcpy(&native.ipi_ifindex, &info->ifindex, sizeof(native.ipi_ifindex));
    memcpy(&native.ipi_spec_dst, info->local, 4);
    out->level = IPPROTO_IP;
    out->type = IP_PKTINFO;
    out->len = sizeof(native);
    memcpy(out->bytes, &native, sizeof(native));
    return 0;
}
#elif defined(IP_RECVDSTADDR)
/* The address without the interface. */
static int control_get_v4(const libsock_control *record,
                          libsock_pktinfo *out_info)
{
    if (record->len != sizeof(struct in_addr)) {
        return -EINVAL;
    }
    memset(out_info, 0, sizeof(*out_info));
    out_info->domain = LIBSOCK_DOMAIN_IPV4;
    memcpy(out_info->dst, record->data, 4);
    if (!control_is_group_v4(out_info->dst)) {
        memcpy(out_info->local, out_info->dst, 4);
    }
    return 0;
}

static int control_put_v4(const libsock_pktinfo *info,
                          libsock__control_made *out)
{
# if defined(IP_SENDSRCADDR)
    if (info->ifindex != 0) {
        return -EOPNOTSUPP;
    }
    out->level = IPPROTO_IP;
    out->type = IP_SENDSRCADDR;
    out->len = sizeof(struct in_addr);
    memcpy(out->bytes, info->local, 4);
    return 0;
# else
    (void)info;
    (void)out;
    return -EOPNOTSUPP;
# endif
}
#else
static int control_get_v4(const libsock_control *record,
                          libsock_pktinfo *out_info)
{
    (void)record;
    (void)out_info;
    return -EINVAL;
}

static int control_put_v4(const libsock_pktinfo *info,
                          libsock__control_made *out)
{
    (void)info;
    (void)out;
    return -EOPNOTSUPP;
}
#endif

int libsock__sys_control_get_pktinfo(const libsock_control *record,
                                     libsock_pktinfo *out_info)
{
    return record->level == IPPROTO_IPV6 ? control_get_v6(record, out_info)
                                         : control_get_v4(record, out_info);
}

int libsock__sys_control_put_pktinfo(const libsock_pktinfo *info,
                                     libsock__control_made *out)
{
    return info->domain == LIBSOCK_DOMAIN_IPV6 ? control_put_v6(info, out)
                                               : control_put_v4(info, out);
}
