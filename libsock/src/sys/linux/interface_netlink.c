/* SPDX-License-Identifier: MIT */
/*
 * The interfaces and their addresses by rtnetlink(7), which tells a peer from
 * a broadcast address and never cuts a name. How a dump is read stands in
 * netlink.c. One table per call, so nothing is guarded.
 */
#include "../posix/interface_native.h"
#include "netlink.h"

#include <string.h>

#include <libsock/error.h>

#include "interface_table.h"
#include "util.h"

enum {
    /* What the kernel fills at most, unless one message alone is longer. */
    INTERFACE_BUF_SIZE = 32768,
    INTERFACE_TRIES = 32
};

static uint32_t interface_u32(const libsock__netlink_attr *attr)
{
    uint32_t value = 0;

    if (attr->len >= sizeof(value)) {
        memcpy(&value, attr->data, sizeof(value));
    }
    return value;
}

/* A name or an address that has no room is an error, never a shorter one. */
static int interface_link_attr(libsock__link *link,
                               const libsock__netlink_attr *attr)
{
    size_t len;

    switch (attr->type) {
    case IFLA_IFNAME:
        len = strnlen((const char *)attr->data, attr->len);
        if (len >= sizeof(link->name)) {
            return -ENOBUFS;
        }
        memcpy(link->name, attr->data, len);
        return 0;
    case IFLA_MTU:
        link->mtu = interface_u32(attr);
        return 0;
    case IFLA_ADDRESS:
        if (attr->len > sizeof(link->hw)) {
            return -ENOBUFS;
        }
        memcpy(link->hw, attr->data, attr->len);
        link->hw_len = (uint32_t)attr->len;
        return 0;
    default:
        return 0;
    }
}

static int interface_link(void *ctx, const libsock__netlink_message *message)
{
    libsock__netlink_attr attr = {0};
    libsock__link link;
    struct ifinfomsg info;

    if (message->type != RTM_NEWLINK) {
        return 0;
    }
    if (message->len < sizeof(info)) {
        return -EBADMSG;
    }
    memcpy(&info, message->payload, sizeof(info));
    memset(&link, 0, sizeof(link));
    link.index = (uint32_t)info.ifi_index;
    link.flags = libsock__interface_flags(info.ifi_flags);
    link.hw_type = info.ifi_type;
    attr.rest = message->payload + sizeof(info);
    attr.rest_len = message->len - sizeof(info);
    while (libsock__netlink_next(&attr)) {
        int r = interface_link_attr(&link, &attr);

        if (r < 0) {
            return r;
        }
    }
    return libsock__link_table_add(ctx, &link);
}

/* The bytes of an IPv4 or IPv6 address, by the length that it has. */
static int interface_addr_put(const libsock__netlink_attr *attr, uint32_t index,
                              libsock_addr *out_addr)
{
    libsock_ipv6 ipv6 = {{0}, 0, 0, 0, 0};

    if (attr->len == 4) {
        return libsock__sys_addr_put_ipv4(attr->data, 0, out_addr);
    }
    if (attr->len != sizeof(ipv6.octets)) {
        return -EBADMSG;
    }
    memcpy(ipv6.octets, attr->data, sizeof(ipv6.octets));
    if (ipv6.octets[0] == 0xfe && (ipv6.octets[1] & 0xc0) == 0x80) {
        ipv6.scope_id = index;
    }
    return libsock__sys_addr_put_ipv6(&ipv6, out_addr);
}

/*
 * IFA_LOCAL is the address and IFA_ADDRESS the peer; where they would be the
 * same IPv4 sends both, IPv6 only IFA_ADDRESS.
 */
static int interface_addr_attr(const struct ifaddrmsg *info,
                               const libsock__netlink_attr *attr,
                               libsock_interface_addr *what)
{
    switch (attr->type) {
    case IFA_LOCAL:
        return interface_addr_put(attr, info->ifa_index, &what->addr);
    case IFA_ADDRESS:
        return interface_addr_put(attr, info->ifa_index, &what->peer);
    case IFA_BROADCAST:
        return interface_addr_put(attr, info->ifa_index, &what->broadcast);
    default:
        return 0;
    }
}

static int interface_addr(void *ctx, const libsock__netlink_message *message)
{
    libsock__netlink_attr attr = {0};
    libsock__link_addr found;
    struct ifaddrmsg info;

    if (message->type != RTM_NEWADDR) {
        return 0;
    }
    if (message->len < sizeof(info)) {
        return -EBADMSG;
    }
    memcpy(&info, message->payload, sizeof(info));
    if (info.ifa_family != AF_INET && info.ifa_family != AF_INET6) {
        return 0;
    }
    memset(&found, 0, sizeof(found));
    found.index = info.ifa_index;
    found.addr.prefix_len = info.ifa_prefixlen;
    attr.rest = message->payload + sizeof(info);
    attr.rest_len = message->len - sizeof(info);
    while (libsock__netlink_next(&attr)) {
        int r = interface_addr_attr(&info, &attr, &found.addr);

        if (r < 0) {
            return r;
        }
    }
    if (found.addr.addr.len == 0) {
        found.addr.addr = found.addr.peer;
    }
    if (memcmp(&found.addr.addr, &found.addr.peer, sizeof(libsock_addr)) == 0) {
        memset(&found.addr.peer, 0, sizeof(found.addr.peer));
    }
    return libsock__link_table_add_addr(ctx, &found);
}

/* DONE, AGAIN, or minus the code; `*cap` is what the longest message takes. */
static int interface_try(libsock__link_table *table, size_t *cap)
{
    libsock__netlink netlink;
    int r = libsock__netlink_open(&netlink, *cap);

    if (r < 0) {
        return r;
    }
    libsock__link_table_clear(table);
    r = libsock__netlink_dump(&netlink, RTM_GETLINK, interface_link, table);
    if (r == LIBSOCK__NETLINK_DONE) {
        r = libsock__netlink_dump(&netlink, RTM_GETADDR, interface_addr, table);
    }
    *cap = netlink.cap;
    libsock__netlink_close(&netlink);
    return r;
}

int libsock__sys_interfaces(libsock__link_table *table)
{
    size_t cap = INTERFACE_BUF_SIZE;

    for (int i = 0; i < INTERFACE_TRIES; i++) {
        int r = interface_try(table, &cap);

        if (r != LIBSOCK__NETLINK_AGAIN) {
            return r < 0 ? r : 0;
        }
    }
    return -EBUSY;
}
