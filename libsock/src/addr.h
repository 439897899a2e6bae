/* SPDX-License-Identifier: MIT */
/*
 * What the files about addresses share: an address taken apart. Not the public
 * interface, which is libsock/addr.h.
 */
#ifndef LIBSOCK__ADDR_H
#define LIBSOCK__ADDR_H

#include <libsock/addr.h>
#include <libsock/types.h>

/* What an address means; `domain` says which member of the union counts. */
struct libsock__parts {
    int domain; /* an enum libsock_domain, or LIBSOCK_RAW(family) */
    union {
        struct {
            uint8_t octets[4];
            uint16_t port;
        } ipv4;
        libsock_ipv6 ipv6;
        struct {
            int form;
            const char *name; /* points into the address */
            size_t len;
        } un;
        uint32_t pair[2]; /* VSOCK: cid, port; NETLINK: port id, groups */
        libsock_packet packet;
    } u;
};

/* The shortest structure: a BSD's length byte and the family, or the family. */
#define LIBSOCK__ADDR_LEAST 2

/* NULL, zeroed, or with a length that no address has, which is taken for none.
 * One unsigned compare: what is shorter wraps round. */
static inline bool libsock__addr_is_empty(const libsock_addr *addr)
{
    return addr == NULL || addr->len - LIBSOCK__ADDR_LEAST >
                               LIBSOCK_ADDR_SIZE - LIBSOCK__ADDR_LEAST;
}

/*
 * Take any address apart. `out->domain` is set in any case. INVALID_INPUT when
 * the address is shorter than its family, UNSUPPORTED when it is empty or of a
 * family without parts, NO_BUFFERS when a hardware address is too long.
 */
int libsock__addr_parts(const libsock_addr *addr, struct libsock__parts *out);

#endif
