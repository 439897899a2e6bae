/* SPDX-License-Identifier: MIT */
/*
 * Equality, order and hash of addresses: what takes part, what does not, and
 * that the three agree on every pair of a list that is in order.
 * Nothing is guarded.
 */
#include "support/check.h"

#include <libsock/libsock.h>

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static const uint64_t order_seed[2] = {11, 22};

static void order_check_equal(const libsock_addr *a, const libsock_addr *b)
{
    CHECK(libsock_addr_equal(a, b) && libsock_addr_equal(b, a));
    CHECK_EQ_INT(libsock_addr_compare(a, b), 0);
    CHECK_EQ_INT(libsock_addr_compare(b, a), 0);
    CHECK_EQ_UINT(libsock_addr_hash(a, order_seed),
                  libsock_addr_hash(b, order_seed));
}

static void order_check_before(const libsock_addr *a, const libsock_addr *b)
{
    CHECK(!libsock_addr_equal(a, b) && !libsock_addr_equal(b, a));
    CHECK_INT(libsock_addr_compare(a, b), <, 0);
    CHECK_INT(libsock_addr_compare(b, a), >, 0);
    CHECK_UINT(libsock_addr_hash(a, order_seed), !=,
               libsock_addr_hash(b, order_seed));
}

static libsock_addr order_parse(const char *text)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse(text, strlen(text), &addr));
    return addr;
}

/* In order: by family, address, port, scope. */
static const char *const order_texts[] = {
    "0.0.0.0:0",
    "0.0.0.0:65535",
    "1.2.3.4:80",
    "1.2.3.4:256",
    "1.2.4.3:1",
    "127.0.0.1:1",
    "255.255.255.255:65535",
    "[::]:0",
    "[::1]:0",
    "[::ffff:1.2.3.4]:80",
    "[fe80::1]:1",
    "[fe80::1%1]:1",
    "[fe80::1%256]:1",
    "[fe80::1]:2",
    "[fe80::2]:1",
    "unix:",
    "unix:/a",
    "unix:/a/b",
    "unix:/b",
    "unix:@",
    "unix:@\\x00",
    "unix:@a",
    "unix:@a\\x00",
    "unix:@b",
    "vsock:2:10",
    "vsock:3:1",
    "vsock:*:*",
    "packet:1:0x0800",
    "packet:1:0x0800:00",
    "packet:1:0x0800:00:00",
    "packet:1:0x86dd",
    "packet:2:0x0003",
    "netlink:0:0x0",
    "netlink:0:0x1",
    "netlink:1:0x0",
};

TEST(the_order_is_total)
{
    const size_t n = sizeof(order_texts) / sizeof(order_texts[0]);
    size_t i;
    size_t j;

    for (i = 0; i < n; i++) {
        libsock_addr a = order_parse(order_texts[i]);

        for (j = 0; j < n; j++) {
            libsock_addr b = order_parse(order_texts[j]);

            if (i == j) {
                order_check_equal(&a, &b);
            } else {
                order_check_before(i < j ? &a : &b, i < j ? &b : &a);
            }
        }
    }
}

TEST(null_then_empty_then_the_rest)
{
    const libsock_addr empty = {{0}, 0, 0};
    libsock_addr also = {{5}, 0, 7};
    libsock_addr first = order_parse("0.0.0.0:0");

    order_check_equal(NULL, NULL);
    order_check_equal(&empty, &also);
    order_check_before(NULL, &empty);
    order_check_before(&empty, &first);
    order_check_before(NULL, &first);
}

TEST(padding_takes_no_part)
{
    struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(80)};
    libsock_addr clean;
    libsock_addr dirty;

    CHECK_OK(libsock_addr_any(LIBSOCK_DOMAIN_IPV4, 80, &clean));
    memset(sin.sin_zero, 0xee, sizeof(sin.sin_zero));
    CHECK_OK(libsock_addr_from_raw(&sin, sizeof(sin), &dirty));
    CHECK(memcmp(&clean, &dirty, sizeof(clean)) != 0);
    order_check_equal(&clean, &dirty);
    dirty.len = LIBSOCK_ADDR_SIZE;
    order_check_equal(&clean, &dirty);
}

TEST(flow_takes_part)
{
    libsock_ipv6 ipv6 = {{[15] = 1}, 80, 0, 0, 0};
    libsock_addr addr[3];

    CHECK_OK(libsock_addr_from_ipv6(&ipv6, &addr[0]));
    ipv6.reserved = 99;
    CHECK_OK(libsock_addr_from_ipv6(&ipv6, &addr[1]));
    ipv6.flow_info = 1;
    CHECK_OK(libsock_addr_from_ipv6(&ipv6, &addr[2]));
    order_check_equal(&addr[0], &addr[1]);
    order_check_before(&addr[0], &addr[2]);
}

TEST(a_path_is_itself_whether_its_nul_is_counted_or_not)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/x"};
    libsock_addr built;
    libsock_addr given;
    size_t len;

    CHECK_OK(libsock_addr_from_unix_path("/x", 2, &built));
    for (len = 4; len <= sizeof(un); len++) {
        CHECK_OK(libsock_addr_from_raw(&un, len, &given));
        order_check_equal(&built, &given);
    }
    memcpy(un.sun_path, "/x\0junk", 7);
    CHECK_OK(libsock_addr_from_raw(&un, sizeof(un), &given));
    order_check_equal(&built, &given);
}

TEST(what_a_packet_was_received_as_takes_no_part)
{
    libsock_packet packet = {2, 0x0800, 0, 0, 6, {1, 2, 3, 4, 5, 6}, {0}};
    libsock_addr addr[3];

    CHECK_OK(libsock_addr_from_packet(&packet, &addr[0]));
    packet.hatype = 1;
    packet.pkttype = 4;
    CHECK_OK(libsock_addr_from_packet(&packet, &addr[1]));
    packet.octets[5] = 7;
    CHECK_OK(libsock_addr_from_packet(&packet, &addr[2]));
    order_check_equal(&addr[0], &addr[1]);
    order_check_before(&addr[1], &addr[2]);
}

TEST(unknown_families_go_by_their_bytes)
{
    uint8_t bytes[16] = {29, 0, 1, 2, 3};
    libsock_addr addr[4];

    CHECK_OK(libsock_addr_from_raw(bytes, 15, &addr[0]));
    CHECK_OK(libsock_addr_from_raw(bytes, 15, &addr[1]));
    CHECK_OK(libsock_addr_from_raw(bytes, 16, &addr[2]));
    bytes[4] = 4;
    CHECK_OK(libsock_addr_from_raw(bytes, 15, &addr[3]));
    order_check_equal(&addr[0], &addr[1]);
    order_check_before(&addr[0], &addr[2]);
    order_check_before(&addr[2], &addr[3]);
}

/* An InfiniBand address has no parts here: its bytes come after all parts. */
TEST(what_cannot_be_taken_apart_sorts_last)
{
    uint8_t bytes[32] = {AF_PACKET, 0, [11] = 20};
    libsock_addr last = order_parse("packet:2147483647:0xffff:ff:ff");
    libsock_addr addr[2];

    CHECK_OK(libsock_addr_from_raw(bytes, sizeof(bytes), &addr[0]));
    bytes[31] = 1;
    CHECK_OK(libsock_addr_from_raw(bytes, sizeof(bytes), &addr[1]));
    order_check_before(&last, &addr[0]);
    order_check_before(&addr[0], &addr[1]);
}

TEST(the_seed_changes_every_hash)
{
    libsock_addr addr = order_parse("1.2.3.4:80");
    const uint64_t zero[2] = {0, 0};
    const uint64_t other[2] = {11, 23};
    const uint64_t hash = libsock_addr_hash(&addr, order_seed);

    CHECK_UINT(libsock_addr_hash(&addr, zero), !=, hash);
    CHECK_UINT(libsock_addr_hash(&addr, other), !=, hash);
    CHECK_EQ_UINT(libsock_addr_hash(&addr, NULL),
                  libsock_addr_hash(&addr, zero));
}

/* 64 ports of one host into 64 buckets: a hash that ignores bits piles up. */
TEST(neighbours_spread)
{
    unsigned bucket[64] = {0};
    unsigned worst = 0;
    unsigned i;

    for (i = 0; i < 4096; i++) {
        libsock_addr addr;
        uint64_t hash;

        CHECK_OK(
            libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, (uint16_t)i, &addr));
        hash = libsock_addr_hash(&addr, order_seed);
        if (++bucket[hash & 63] > worst) {
            worst = bucket[hash & 63];
        }
    }
    CHECK_UINT(worst, <, 128);
}
