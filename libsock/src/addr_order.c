/* SPDX-License-Identifier: MIT */
/*
 * Equality, order and hash of addresses, all three over one key, so that they
 * cannot disagree. What stands in the key takes part; what does not is padding
 * or not a property of the endpoint. Keys live on the stack.
 */
#include <libsock/addr.h>

#include "addr.h"
#include "siphash.h"
#include "util.h"

#include <string.h>

/* What sorts first. */
enum {
    ORDER_NULL = 0,
    ORDER_EMPTY = 1,
    ORDER_PARTS = 2, /* by what it means */
    ORDER_BYTES = 3  /* by its bytes, where the family has no meaning here */
};

/* Rank, family, and at most the whole address; numbers big-endian, so that
 * memcmp() puts them in order. */
struct order_key {
    uint8_t bytes[1 + 4 + LIBSOCK_ADDR_SIZE];
    size_t len;
};

static void order_put(struct order_key *key, const void *bytes, size_t len)
{
    if (len > 0) {
        memcpy(key->bytes + key->len, bytes, len);
        key->len += len;
    }
}

static void order_put_number(struct order_key *key, uint32_t number,
                             size_t width)
{
    while (width > 0) {
        width--;
        key->bytes[key->len++] = (uint8_t)(number >> (8 * width));
    }
}

static void order_put_ipv6(struct order_key *key, const libsock_ipv6 *ipv6)
{
    order_put(key, ipv6->octets, 16);
    order_put_number(key, ipv6->port, 2);
    order_put_number(key, ipv6->scope_id, 4);
    order_put_number(key, ipv6->flow_info, 4);
}

/* The ARP type follows from the interface, the packet type is the packet's. */
static void order_put_packet(struct order_key *key,
                             const libsock_packet *packet)
{
    order_put_number(key, packet->ifindex, 4);
    order_put_number(key, packet->protocol, 2);
    order_put(key, packet->octets, packet->len);
}

static void order_put_parts(struct order_key *key,
                            const struct libsock__parts *parts)
{
    switch (parts->domain) {
    case LIBSOCK_DOMAIN_IPV4:
        order_put(key, parts->u.ipv4.octets, 4);
        order_put_number(key, parts->u.ipv4.port, 2);
        break;
    case LIBSOCK_DOMAIN_IPV6:
        order_put_ipv6(key, &parts->u.ipv6);
        break;
    case LIBSOCK_DOMAIN_UNIX:
        order_put_number(key, (uint32_t)parts->u.un.form, 1);
        order_put(key, parts->u.un.name, parts->u.un.len);
        break;
    case LIBSOCK_DOMAIN_PACKET:
        order_put_packet(key, &parts->u.packet);
        break;
    default:
        order_put_number(key, parts->u.pair[0], 4);
        order_put_number(key, parts->u.pair[1], 4);
        break;
    }
}

static void order_make_key(const libsock_addr *addr, struct order_key *out_key)
{
    struct libsock__parts parts;
    int r;

    out_key->len = 0;
    if (libsock__addr_is_empty(addr)) {
        order_put_number(out_key, addr == NULL ? ORDER_NULL : ORDER_EMPTY, 1);
        return;
    }
    r = libsock__addr_parts(addr, &parts);
    order_put_number(out_key, r < 0 ? ORDER_BYTES : ORDER_PARTS, 1);
    order_put_number(out_key, (uint32_t)parts.domain, 4);
    if (r < 0) {
        order_put(out_key, addr->storage, addr->len);
    } else {
        order_put_parts(out_key, &parts);
    }
}

int libsock_addr_compare(const libsock_addr *a, const libsock_addr *b)
{
    struct order_key key[2];
    size_t common;
    int r;

    order_make_key(a, &key[0]);
    order_make_key(b, &key[1]);
    common = key[0].len < key[1].len ? key[0].len : key[1].len;
    r = memcmp(key[0].bytes, key[1].bytes, common);
    if (r != 0) {
        return r;
    }
    return (key[0].len > key[1].len) - (key[0].len < key[1].len);
}

bool libsock_addr_equal(const libsock_addr *a, const libsock_addr *b)
{
    return libsock_addr_compare(a, b) == 0;
}

uint64_t libsock_addr_hash(const libsock_addr *addr, const uint64_t seed[2])
{
    static const uint64_t no_seed[2] = {0, 0};
    struct order_key key;

    order_make_key(addr, &key);
    return libsock__siphash(seed != NULL ? seed : no_seed, key.bytes, key.len);
}
