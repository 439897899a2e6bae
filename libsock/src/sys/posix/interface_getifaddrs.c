/* SPDX-License-Identifier: MIT */
/*
 * The interfaces and their addresses by getifaddrs(), which the BSDs, macOS
 * and illumos have. interface_netlink.c is for Linux; the tests build both.
 * One table per call, so nothing is guarded.
 */
#include "interface_native.h"

#include <string.h>

#include <libsock/error.h>

#include "interface_table.h"
#include "util.h"

/* Where hardware addresses are: in an entry of this family. illumos defines
 * both names and has the second. */
#if !defined(AF_LINK)
# define INTERFACE_AF_LINK AF_PACKET
#else
# define INTERFACE_AF_LINK AF_LINK
#endif

/* One call's table, and a socket to ask for what getifaddrs() leaves out. */
struct ifaddrs_walk {
    libsock__link_table *table;
    int fd;
};

/* What a socket address may take; on a BSD one of a mask is often shorter. */
static size_t ifaddrs_len(const struct sockaddr *sa, size_t most)
{
#if defined(SIN6_LEN)
    return sa->sa_len < most ? sa->sa_len : most;
#else
    (void)sa;
    return most;
#endif
}

static uint32_t ifaddrs_bits(const uint8_t *octets, size_t n)
{
    uint32_t bits = 0;

    for (size_t i = 0; i < n * 8; i++) {
        if ((octets[i / 8] & (0x80 >> (i % 8))) == 0) {
            break;
        }
        bits++;
    }
    return bits;
}

static uint32_t ifaddrs_prefix(const struct sockaddr *mask, int family)
{
    union {
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } copy;

    if (mask == NULL) {
        return family == AF_INET ? 32 : 128;
    }
    memset(&copy, 0, sizeof(copy));
    if (family == AF_INET) {
        memcpy(&copy.in, mask, ifaddrs_len(mask, sizeof(copy.in)));
        return ifaddrs_bits((const uint8_t *)&copy.in.sin_addr, 4);
    }
    memcpy(&copy.in6, mask, ifaddrs_len(mask, sizeof(copy.in6)));
    return ifaddrs_bits((const uint8_t *)&copy.in6.sin6_addr, 16);
}

/* Kernels of the KAME family keep a link-local scope inside the address. */
static void ifaddrs_scope(libsock_ipv6 *ipv6)
{
#if defined(__KAME__)
    uint8_t *octets = ipv6->octets;

    if (octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80) {
        uint32_t inside = (uint32_t)octets[2] << 8 | octets[3];

        ipv6->scope_id = ipv6->scope_id == 0 ? inside : ipv6->scope_id;
        octets[2] = 0;
        octets[3] = 0;
    }
#endif
    ipv6->flow_info = 0;
}

/* Left empty when there is none, or one of another family. */
static int ifaddrs_addr(const struct sockaddr *sa, int family,
                        libsock_addr *out_addr)
{
    libsock_addr addr = {{0}, 0, 0};
    libsock_ipv6 ipv6;
    uint8_t octets[4];
    uint16_t port;
    int r;

    if (sa == NULL || sa->sa_family != family) {
        return 0;
    }
    addr.len = family == AF_INET ? sizeof(struct sockaddr_in)
                                 : sizeof(struct sockaddr_in6);
    memcpy(addr.storage, sa, ifaddrs_len(sa, addr.len));
    if (family == AF_INET) {
        r = libsock__sys_addr_get_ipv4(&addr, octets, &port);
        return r < 0 ? r : libsock__sys_addr_put_ipv4(octets, 0, out_addr);
    }
    r = libsock__sys_addr_get_ipv6(&addr, &ipv6);
    if (r < 0) {
        return r;
    }
    ifaddrs_scope(&ipv6);
    return libsock__sys_addr_put_ipv6(&ipv6, out_addr);
}

/* Where there is none, some systems repeat the address itself. */
static void ifaddrs_drop_own(const libsock_addr *own, libsock_addr *other)
{
    if (memcmp(own, other, sizeof(*other)) == 0) {
        memset(other, 0, sizeof(*other));
    }
}

static int ifaddrs_add_addr(const struct ifaddrs_walk *walk,
                            const struct ifaddrs *at, uint32_t index)
{
    int family = at->ifa_addr->sa_family;
    libsock__link_addr found;
    int r;

    memset(&found, 0, sizeof(found));
    found.index = index;
    found.addr.prefix_len = ifaddrs_prefix(at->ifa_netmask, family);
    r = ifaddrs_addr(at->ifa_addr, family, &found.addr.addr);
    if (r >= 0 && (at->ifa_flags & IFF_BROADCAST) != 0) {
        r = ifaddrs_addr(at->ifa_broadaddr, family, &found.addr.broadcast);
    }
    if (r >= 0 && (at->ifa_flags & IFF_POINTOPOINT) != 0) {
        r = ifaddrs_addr(at->ifa_dstaddr, family, &found.addr.peer);
    }
    ifaddrs_drop_own(&found.addr.addr, &found.addr.broadcast);
    ifaddrs_drop_own(&found.addr.addr, &found.addr.peer);
    return r < 0 ? r : libsock__link_table_add_addr(walk->table, &found);
}

static int ifaddrs_mtu(int fd, libsock__link *link)
{
    struct ifreq request;
    int r;

    memset(&request, 0, sizeof(request));
    memcpy(request.ifr_name, link->name,
           strnlen(link->name, sizeof(request.ifr_name) - 1));
    r = libsock__result(SYS(ioctl, fd, SIOCGIFMTU, &request));
    if (r >= 0) {
        link->mtu = (uint32_t)request.ifr_mtu;
    }
    return r;
}

/* The hardware's part; on Linux and elsewhere it looks different. */
static int ifaddrs_hardware(const struct sockaddr *sa, libsock__link *link)
{
    const unsigned char *octets;
    size_t len;
#if !defined(AF_LINK)
    const struct sockaddr_ll *hw = (const void *)sa;

    /* InfiniBand's address goes beyond the member, which has eight bytes. */
    link->hw_type = hw->sll_hatype;
    octets = (const unsigned char *)sa + offsetof(struct sockaddr_ll, sll_addr);
    len = hw->sll_halen;
#else
    const struct sockaddr_dl *hw = (const void *)sa;

    link->hw_type = hw->sdl_type;
    /* As LLADDR() has it, which drops the const. */
    octets = (const unsigned char *)hw->sdl_data + hw->sdl_nlen;
    len = hw->sdl_alen;
#endif
    if (len > sizeof(link->hw)) {
        return -ENOBUFS;
    }
    memcpy(link->hw, octets, len);
    link->hw_len = (uint32_t)len;
    return 0;
}

static int ifaddrs_add_link(const struct ifaddrs_walk *walk,
                            const struct ifaddrs *at, uint32_t index)
{
    libsock__link link;
    int r;

    memset(&link, 0, sizeof(link));
    link.index = index;
    link.flags = libsock__interface_flags((unsigned)at->ifa_flags);
    r = libsock__sys_if_name(index, link.name);
    if (r >= 0) {
        r = ifaddrs_mtu(walk->fd, &link);
    }
    return r < 0 ? r : libsock__link_table_add(walk->table, &link);
}

static int ifaddrs_add_of(const struct ifaddrs_walk *walk,
                          const struct ifaddrs *at, uint32_t index)
{
    /* Linux has no hardware entry for an interface without an address. */
    if (at->ifa_addr == NULL) {
        return 0;
    }
    switch (at->ifa_addr->sa_family) {
    case INTERFACE_AF_LINK:
        return ifaddrs_hardware(at->ifa_addr,
                                libsock__link_table_find(walk->table, index));
    case AF_INET:
    case AF_INET6:
        return ifaddrs_add_addr(walk, at, index);
    default:
        return 0;
    }
}

/* Linux appends a label to a name, "eth0:1". */
static int ifaddrs_index(const char *label, uint32_t *out_index)
{
    char name[IF_NAMESIZE] = "";
    size_t len = strcspn(label, ":");

    if (len >= sizeof(name)) {
        return -ENODEV;
    }
    memcpy(name, label, len);
    return libsock__sys_if_index(name, out_index);
}

/* An interface that is gone by now is left out. */
static int ifaddrs_add(const struct ifaddrs_walk *walk,
                       const struct ifaddrs *at)
{
    uint32_t index = 0;
    int r = ifaddrs_index(at->ifa_name, &index);

    if (r >= 0 && libsock__link_table_find(walk->table, index) == NULL) {
        r = ifaddrs_add_link(walk, at, index);
    }
    if (r < 0) {
        return libsock__sys_error_kind(-r) == LIBSOCK_KIND_NOT_FOUND ? 0 : r;
    }
    return ifaddrs_add_of(walk, at, index);
}

static int ifaddrs_walk(const struct ifaddrs_walk *walk)
{
    struct ifaddrs *all = NULL;
    int r = libsock__result(SYS(getifaddrs, &all));

    if (r < 0) {
        return r;
    }
    for (const struct ifaddrs *at = all; at != NULL && r >= 0;
         at = at->ifa_next) {
        r = ifaddrs_add(walk, at);
    }
    freeifaddrs(all);
    return r;
}

int libsock__sys_interfaces(libsock__link_table *table)
{
    struct ifaddrs_walk walk = {table, -1};
    libsock_raw sock = LIBSOCK_RAW_INVALID;
    /* Any socket can ask, and a host may be without IPv4. */
    int r = libsock__sys_open(AF_UNIX, SOCK_DGRAM, 0, 0, &sock);

    if (r < 0) {
        return r;
    }
    walk.fd = (int)sock;
    r = ifaddrs_walk(&walk);
    close(walk.fd);
    return r;
}
