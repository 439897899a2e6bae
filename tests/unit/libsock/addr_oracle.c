/* SPDX-License-Identifier: MIT */
/*
 * Generated IPv4 and IPv6 addresses and texts, read and written by us and by
 * the C library: both must agree, but where we are stricter on purpose. The
 * generator is seeded with a constant. Nothing is guarded.
 */
#include "support/check.h"

#include <libsock/libsock.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static uint64_t oracle_state = 0x9e3779b97f4a7c15;

static uint32_t oracle_random(uint32_t below)
{
    oracle_state ^= oracle_state << 13;
    oracle_state ^= oracle_state >> 7;
    oracle_state ^= oracle_state << 17;
    return (uint32_t)(oracle_state >> 32) % below;
}

/* Groups that are often zero or small, so that runs and ties come up. */
static void oracle_octets(uint8_t out_octets[16])
{
    size_t i;

    for (i = 0; i < 16; i += 2) {
        uint32_t shape = oracle_random(4);

        out_octets[i] = shape == 3 ? (uint8_t)oracle_random(256) : 0;
        out_octets[i + 1] = shape >= 2 ? (uint8_t)oracle_random(256) : 0;
    }
    if (oracle_random(16) == 0) {
        memset(out_octets, 0, 10);
        memset(out_octets + 10, 0xff, 2);
    }
}

/* ::1.2.3.4, which glibc writes with dots; RFC 5952 asks for that only where
 * the prefix is known to hold IPv4, and this one is long deprecated. */
static bool oracle_is_compatible(const uint8_t octets[16])
{
    static const uint8_t zeros[12] = {0};

    return memcmp(octets, zeros, 12) == 0;
}

TEST(ipv6_is_written_as_the_c_library_does)
{
    static const unsigned char runs[16] = {[5] = 1, [11] = 1, [15] = 1};
    char first[INET6_ADDRSTRLEN];
    int compared = 0;
    int i;

    inet_ntop(AF_INET6, runs, first, sizeof(first));
    if (strcmp(first, "::1:0:0:1:0:1") != 0)
        SKIP("this C library leaves out another run of zeros than the first");
    for (i = 0; i < 20000; i++) {
        libsock_ipv6 ipv6 = {{0}, 0, 0, 0, 0};
        char want[INET6_ADDRSTRLEN];
        char text[64];
        libsock_addr addr;
        libsock_addr again;
        ptrdiff_t len;

        oracle_octets(ipv6.octets);
        CHECK_OK(libsock_addr_from_ipv6(&ipv6, &addr));
        len = libsock_addr_print_ip(&addr, text, sizeof(text));
        CHECK_OK(len);
        CHECK_OK(libsock_addr_parse_ip(text, (size_t)len, 0, &again));
        CHECK(libsock_addr_equal(&addr, &again));
        if (!oracle_is_compatible(ipv6.octets)) {
            inet_ntop(AF_INET6, ipv6.octets, want, sizeof(want));
            CHECK_EQ_STR(text, want);
            compared++;
        }
    }
    CHECK_INT(compared, >, 10000);
}

/* Pieces that good and bad IPv6 texts are made of. */
static size_t oracle_text(char out_text[128])
{
    static const char *const pieces[] = {
        ":",       ":",     "::",    "0",         "1",       "ff",
        "abcd",    "00",    "0a",    "fFfF",      "12345",   "g",
        "1.2.3.4", "1.2.3", ".",     "255.0.0.1", "1",       "2:",
        "3:",      "4:5:",  "6:7:8", "1:2:3:4",   "::ffff:", "256.1.1.1"};
    uint32_t n = 1 + oracle_random(7);
    size_t len = 0;

    while (n-- > 0) {
        const char *piece =
            pieces[oracle_random(sizeof(pieces) / sizeof(pieces[0]))];

        memcpy(out_text + len, piece, strlen(piece));
        len += strlen(piece);
    }
    out_text[len] = '\0';
    return len;
}

TEST(ipv6_is_read_as_the_c_library_does)
{
    int good = 0;
    int i;

    for (i = 0; i < 200000; i++) {
        char text[128];
        size_t len = oracle_text(text);
        uint8_t want[16];
        libsock_addr addr;
        libsock_ipv6 got;
        int expected = inet_pton(AF_INET6, text, want);
        int r = libsock_addr_parse_ip(text, len, 0, &addr);

        if (r == 0 && libsock_addr_domain(&addr) == LIBSOCK_DOMAIN_IPV4) {
            continue;
        }
        if ((expected == 1) != (r == 0)) {
            check_fail(__FILE__, __LINE__, "\"%s\": %d, but we say %d", text,
                       expected, r);
        }
        if (r == 0) {
            CHECK_OK(libsock_addr_get_ipv6(&addr, &got));
            CHECK_EQ_MEM(got.octets, want, 16);
            good++;
        }
    }
    CHECK_INT(good, >, 5000);
}

/* Octets of up to four digits, at times with a leading zero. */
TEST(ipv4_is_read_as_the_c_library_does)
{
    static const char *const formats[] = {"%u.%u.%u.%u", "%u.%u.%u",
                                          "%u.%u.0%u.%u", "%u.%u.%u.%u."};
    int good = 0;
    int i;

    for (i = 0; i < 20000; i++) {
        uint8_t want[4];
        uint8_t got[4];
        char text[64];
        char again[64];
        libsock_addr addr;
        int len =
            snprintf(text, sizeof(text),
                     formats[oracle_random(16) == 0 ? oracle_random(4) : 0],
                     oracle_random(300), oracle_random(256), oracle_random(256),
                     oracle_random(260));
        int expected = inet_pton(AF_INET, text, want);
        int r = libsock_addr_parse_ip(text, (size_t)len, 0, &addr);

        CHECK_EQ_INT(r == 0, expected == 1);
        if (r == 0) {
            CHECK_OK(libsock_addr_get_ipv4(&addr, got, NULL));
            CHECK_EQ_MEM(got, want, 4);
            CHECK_OK(libsock_addr_print_ip(&addr, again, sizeof(again)));
            CHECK_EQ_STR(again, text);
            good++;
        }
    }
    CHECK_INT(good, >, 10000);
}
