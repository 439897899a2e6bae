/* SPDX-License-Identifier: MIT */
/*
 * Addresses: build one, take it apart, ask what it is. Order and hash are in
 * addr_order.c, text in addr_parse.c and addr_print.c, native structures in
 * the port. Addresses are plain values of the caller, so nothing is guarded.
 */
#include <libsock/addr.h>

#include "addr.h"
#include "util.h"

#include <string.h>

int libsock_addr_from_ipv4(const uint8_t octets[4], uint16_t port,
                           libsock_addr *out_addr)
{
    if (octets == NULL || out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_ipv4(octets, port, out_addr);
}

int libsock_addr_from_ipv6(const libsock_ipv6 *ipv6, libsock_addr *out_addr)
{
    if (ipv6 == NULL || out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_ipv6(ipv6, out_addr);
}

/* The IPv4 address, or the one whose last octet alone is set in IPv6. */
static int addr_well_known(int domain, const uint8_t ipv4[4],
                           const libsock_ipv6 *ipv6, libsock_addr *out_addr)
{
    switch (domain) {
    case LIBSOCK_DOMAIN_IPV4:
        return libsock_addr_from_ipv4(ipv4, ipv6->port, out_addr);
    case LIBSOCK_DOMAIN_IPV6:
        return libsock_addr_from_ipv6(ipv6, out_addr);
    default:
        return libsock__invalid();
    }
}

int libsock_addr_any(int domain, uint16_t port, libsock_addr *out_addr)
{
    const libsock_ipv6 ipv6 = {.port = port};

    return addr_well_known(domain, (const uint8_t[4]){0}, &ipv6, out_addr);
}

int libsock_addr_loopback(int domain, uint16_t port, libsock_addr *out_addr)
{
    const libsock_ipv6 ipv6 = {.octets = {[15] = 1}, .port = port};

    return addr_well_known(domain, (const uint8_t[4]){127, 0, 0, 1}, &ipv6,
                           out_addr);
}

int libsock_addr_from_unix_path(const char *path, size_t len,
                                libsock_addr *out_addr)
{
    if (path == NULL || out_addr == NULL || len == 0 ||
        len > LIBSOCK_UNIX_PATH_MAX || memchr(path, '\0', len) != NULL) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_unix(LIBSOCK_UNIX_PATHNAME, path, len,
                                      out_addr);
}

int libsock_addr_from_unix_abstract(const void *name, size_t len,
                                    libsock_addr *out_addr)
{
    if ((name == NULL && len > 0) || out_addr == NULL ||
        len > LIBSOCK_UNIX_PATH_MAX - 1) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_unix(LIBSOCK_UNIX_ABSTRACT, name, len,
                                      out_addr);
}

int libsock_addr_from_unix_unnamed(libsock_addr *out_addr)
{
    if (out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_unix(LIBSOCK_UNIX_UNNAMED, NULL, 0, out_addr);
}

int libsock_addr_from_vsock(uint32_t cid, uint32_t port, libsock_addr *out_addr)
{
    if (out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_vsock(cid, port, out_addr);
}

int libsock_addr_from_packet(const libsock_packet *packet,
                             libsock_addr *out_addr)
{
    if (packet == NULL || out_addr == NULL ||
        packet->len > sizeof(packet->octets) || packet->ifindex > INT32_MAX) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_packet(packet, out_addr);
}

int libsock_addr_from_netlink(uint32_t port_id, uint32_t groups,
                              libsock_addr *out_addr)
{
    if (out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_addr_put_netlink(port_id, groups, out_addr);
}

/* Only a structure too short for its family is wrong: one that this library
 * cannot take apart may still be what the kernel wants. */
int libsock_addr_from_raw(const void *sockaddr, size_t len,
                          libsock_addr *out_addr)
{
    libsock_addr addr = {{0}, 0, 0};
    struct libsock__parts parts;

    if (sockaddr == NULL || out_addr == NULL || len < LIBSOCK__ADDR_LEAST ||
        len > LIBSOCK_ADDR_SIZE) {
        return libsock__invalid();
    }
    memcpy(addr.storage, sockaddr, len);
    addr.len = (uint32_t)len;
    if (libsock__addr_parts(&addr, &parts) == libsock__invalid()) {
        return libsock__invalid();
    }
    libsock__sys_addr_whole(&addr);
    *out_addr = addr;
    return 0;
}

int libsock_addr_domain(const libsock_addr *addr)
{
    if (libsock__addr_is_empty(addr)) {
        return LIBSOCK_DOMAIN_UNSPEC;
    }
    return libsock__sys_domain_of(libsock__sys_addr_family(addr));
}

int libsock__addr_parts(const libsock_addr *addr, struct libsock__parts *out)
{
    memset(out, 0, sizeof(*out));
    out->domain = libsock_addr_domain(addr);
    switch (out->domain) {
    case LIBSOCK_DOMAIN_IPV4:
        return libsock__sys_addr_get_ipv4(addr, out->u.ipv4.octets,
                                          &out->u.ipv4.port);
    case LIBSOCK_DOMAIN_IPV6:
        return libsock__sys_addr_get_ipv6(addr, &out->u.ipv6);
    case LIBSOCK_DOMAIN_UNIX:
        return libsock__sys_addr_get_unix(addr, &out->u.un.form,
                                          &out->u.un.name, &out->u.un.len);
    case LIBSOCK_DOMAIN_VSOCK:
        return libsock__sys_addr_get_vsock(addr, &out->u.pair[0],
                                           &out->u.pair[1]);
    case LIBSOCK_DOMAIN_PACKET:
        return libsock__sys_addr_get_packet(addr, &out->u.packet);
    case LIBSOCK_DOMAIN_NETLINK:
        return libsock__sys_addr_get_netlink(addr, &out->u.pair[0],
                                             &out->u.pair[1]);
    default:
        return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
    }
}

/* The parts of an address that must be of one family. */
static int addr_parts_of(const libsock_addr *addr, int domain,
                         struct libsock__parts *out)
{
    int r = libsock__addr_parts(addr, out);

    return out->domain == domain ? r : libsock__invalid();
}

int libsock_addr_get_ipv4(const libsock_addr *addr, uint8_t out_octets[4],
                          uint16_t *out_port)
{
    struct libsock__parts parts;
    int r = addr_parts_of(addr, LIBSOCK_DOMAIN_IPV4, &parts);

    if (r < 0) {
        return r;
    }
    if (out_octets != NULL) {
        memcpy(out_octets, parts.u.ipv4.octets, 4);
    }
    if (out_port != NULL) {
        *out_port = parts.u.ipv4.port;
    }
    return 0;
}

int libsock_addr_get_ipv6(const libsock_addr *addr, libsock_ipv6 *out_ipv6)
{
    struct libsock__parts parts;
    int r = addr_parts_of(addr, LIBSOCK_DOMAIN_IPV6, &parts);

    if (out_ipv6 == NULL) {
        return libsock__invalid();
    }
    if (r < 0) {
        return r;
    }
    *out_ipv6 = parts.u.ipv6;
    return 0;
}

int libsock_addr_get_unix(const libsock_addr *addr, int *out_form,
                          const char **out_name, size_t *out_len)
{
    struct libsock__parts parts;
    int r = addr_parts_of(addr, LIBSOCK_DOMAIN_UNIX, &parts);

    if (out_form == NULL || out_name == NULL || out_len == NULL) {
        return libsock__invalid();
    }
    if (r < 0) {
        return r;
    }
    *out_form = parts.u.un.form;
    *out_name = parts.u.un.name;
    *out_len = parts.u.un.len;
    return 0;
}

static int addr_get_pair(const libsock_addr *addr, int domain,
                         uint32_t *out_first, uint32_t *out_second)
{
    struct libsock__parts parts;
    int r = addr_parts_of(addr, domain, &parts);

    if (r < 0) {
        return r;
    }
    if (out_first != NULL) {
        *out_first = parts.u.pair[0];
    }
    if (out_second != NULL) {
        *out_second = parts.u.pair[1];
    }
    return 0;
}

int libsock_addr_get_vsock(const libsock_addr *addr, uint32_t *out_cid,
                           uint32_t *out_port)
{
    return addr_get_pair(addr, LIBSOCK_DOMAIN_VSOCK, out_cid, out_port);
}

int libsock_addr_get_packet(const libsock_addr *addr,
                            libsock_packet *out_packet)
{
    struct libsock__parts parts;
    int r = addr_parts_of(addr, LIBSOCK_DOMAIN_PACKET, &parts);

    if (out_packet == NULL) {
        return libsock__invalid();
    }
    if (r < 0) {
        return r;
    }
    *out_packet = parts.u.packet;
    return 0;
}

int libsock_addr_get_netlink(const libsock_addr *addr, uint32_t *out_port_id,
                             uint32_t *out_groups)
{
    return addr_get_pair(addr, LIBSOCK_DOMAIN_NETLINK, out_port_id, out_groups);
}

int libsock_addr_port(const libsock_addr *addr)
{
    struct libsock__parts parts;
    int r = libsock__addr_parts(addr, &parts);

    if (parts.domain == LIBSOCK_DOMAIN_IPV4) {
        return r < 0 ? r : parts.u.ipv4.port;
    }
    if (parts.domain == LIBSOCK_DOMAIN_IPV6) {
        return r < 0 ? r : parts.u.ipv6.port;
    }
    return libsock__invalid();
}

int libsock_addr_set_port(libsock_addr *addr, uint16_t port)
{
    struct libsock__parts parts;
    int r = libsock__addr_parts(addr, &parts);

    if (parts.domain == LIBSOCK_DOMAIN_IPV4) {
        return r < 0 ? r
                     : libsock__sys_addr_put_ipv4(parts.u.ipv4.octets, port,
                                                  addr);
    }
    if (parts.domain == LIBSOCK_DOMAIN_IPV6) {
        parts.u.ipv6.port = port;
        return r < 0 ? r : libsock__sys_addr_put_ipv6(&parts.u.ipv6, addr);
    }
    return libsock__invalid();
}

int libsock_addr_set_scope(libsock_addr *addr, uint32_t scope_id)
{
    libsock_ipv6 ipv6;
    int r = libsock_addr_get_ipv6(addr, &ipv6);

    ipv6.scope_id = scope_id;
    return r < 0 ? r : libsock__sys_addr_put_ipv6(&ipv6, addr);
}

/* How an IPv4-mapped IPv6 address begins: ::ffff:a.b.c.d. */
static const uint8_t addr_mapped[12] = {[10] = 0xff, [11] = 0xff};

bool libsock_addr_map(libsock_addr *addr)
{
    libsock_ipv6 ipv6 = {.port = 0};

    if (libsock_addr_get_ipv4(addr, ipv6.octets + 12, &ipv6.port) < 0) {
        return false;
    }
    memcpy(ipv6.octets, addr_mapped, sizeof(addr_mapped));
    return libsock__sys_addr_put_ipv6(&ipv6, addr) >= 0;
}

bool libsock_addr_unmap(libsock_addr *addr)
{
    libsock_ipv6 ipv6;

    return libsock_addr_get_ipv6(addr, &ipv6) >= 0 &&
           memcmp(ipv6.octets, addr_mapped, sizeof(addr_mapped)) == 0 &&
           libsock__sys_addr_put_ipv4(ipv6.octets + 12, ipv6.port, addr) >= 0;
}

/*
 * The IP octets, 16 of them: IPv4 in its mapped form. False for another family.
 */
static bool addr_octets(const libsock_addr *addr, int *out_domain,
                        uint8_t out_octets[16])
{
    struct libsock__parts parts;

    if (libsock__addr_parts(addr, &parts) < 0) {
        return false;
    }
    *out_domain = parts.domain;
    if (parts.domain == LIBSOCK_DOMAIN_IPV4) {
        memcpy(out_octets, addr_mapped, sizeof(addr_mapped));
        memcpy(out_octets + 12, parts.u.ipv4.octets, 4);
        return true;
    }
    memcpy(out_octets, parts.u.ipv6.octets, 16);
    return parts.domain == LIBSOCK_DOMAIN_IPV6;
}

static bool addr_has_prefix(const libsock_addr *addr, const uint8_t *prefix,
                            size_t len)
{
    uint8_t octets[16];
    int domain;

    return addr_octets(addr, &domain, octets) &&
           memcmp(octets, prefix, len) == 0;
}

bool libsock_addr_is_unspecified(const libsock_addr *addr)
{
    static const uint8_t zero[16] = {0};
    uint8_t octets[16];
    int domain;

    if (!addr_octets(addr, &domain, octets)) {
        return false;
    }
    if (domain == LIBSOCK_DOMAIN_IPV4) {
        return memcmp(octets + 12, zero, 4) == 0;
    }
    return memcmp(octets, zero, 16) == 0;
}

bool libsock_addr_is_loopback(const libsock_addr *addr)
{
    static const uint8_t ipv6[16] = {[15] = 1};
    static const uint8_t ipv4[13] = {[10] = 0xff, [11] = 0xff, [12] = 127};

    return addr_has_prefix(addr, ipv6, 16) || addr_has_prefix(addr, ipv4, 13);
}

bool libsock_addr_is_multicast(const libsock_addr *addr)
{
    uint8_t octets[16];
    int domain;

    if (!addr_octets(addr, &domain, octets)) {
        return false;
    }
    if (domain == LIBSOCK_DOMAIN_IPV4) {
        return (octets[12] & 0xf0) == 0xe0;
    }
    return octets[0] == 0xff;
}
