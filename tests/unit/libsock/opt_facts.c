/* SPDX-License-Identifier: MIT */
/*
 * What Linux says to single values of options, written down here as facts: what
 * it begins with, takes, changes and refuses, asked through the raw escape, and
 * what users without privileges may do. The functions of the options refuse
 * what the kernel would change; that is tested in opt_kernel.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

enum {
    DEFAULT = -1, /* read back what a fresh socket reads */
    NOBODY = 65534
};

struct fact {
    enum sort sort;
    int level;
    int option;
    int value;
    int error; /* what setting it is refused with; 0: it is taken */
    int reads; /* what it reads back as */
};

static const struct fact facts[] = {
    {UDP4, IPPROTO_IP, IP_MULTICAST_TTL, 0, 0, 0},
    {UDP4, IPPROTO_IP, IP_MULTICAST_TTL, -1, 0, 1},
    {UDP4, IPPROTO_IP, IP_MULTICAST_TTL, 256, EINVAL, DEFAULT},
    {TCP4, IPPROTO_IP, IP_MULTICAST_TTL, 1, EINVAL, DEFAULT},
    {UDP4, IPPROTO_IP, IP_TTL, 0, EINVAL, DEFAULT},
    {UDP4, IPPROTO_IP, IP_TTL, 256, EINVAL, DEFAULT},
    {UDP4, IPPROTO_IP, IP_TTL, -1, 0, DEFAULT},
    {UDP6, IPPROTO_IP, IP_TTL, 33, 0, 33},
    {UDP6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 256, EINVAL, DEFAULT},
    {UDP6, IPPROTO_IPV6, IPV6_UNICAST_HOPS, -1, 0, DEFAULT},
    {TCP4, IPPROTO_TCP, TCP_MAXSEG, 40, EINVAL, 536},
    {TCP4, IPPROTO_TCP, TCP_MAXSEG, 70000, EINVAL, 536},
    {TCP4, IPPROTO_TCP, TCP_MAXSEG, 256, 0, 256},
    {TCP6, IPPROTO_TCP, TCP_MAXSEG, 256, 0, 256},
    {TCP4, IPPROTO_IP, IP_TOS, 0xb9, 0, 0xb8},
    {TCP6, IPPROTO_IPV6, IPV6_TCLASS, 0xb9, 0, 0xb8},
};

static int set_raw(int fd, const struct fact *fact)
{
    return libsock_setopt(sock_of(fd), fact->level, fact->option, &fact->value,
                          sizeof(fact->value));
}

TEST(values_are_taken_changed_or_refused)
{
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        const struct fact *fact = &facts[i];
        int fd = open_sort(fact->sort);
        int fresh;

        if (fd < 0)
            continue; /* no IPv6 */
        printf("# level %d, option %d: %d\n", fact->level, fact->option,
               fact->value);
        fresh = raw_int(fd, fact->level, fact->option);
        if (fact->error == 0)
            CHECK_OK(set_raw(fd, fact));
        else
            CHECK_ERR(set_raw(fd, fact), fact->error);
        CHECK_EQ_INT(raw_int(fd, fact->level, fact->option),
                     fact->reads == DEFAULT ? fresh : fact->reads);
        net_close(fd);
    }
}

TEST(options_begin_as_they_are_known_to)
{
    int tcp = open_sort(TCP4);
    int udp = open_sort(UDP4);
    uint8_t octets[4] = {1, 1, 1, 1};
    uint32_t value = 4711;
    bool on = false;

    CHECK_OK(libsock_get_tcp_quickack(sock_of(tcp), &on));
    CHECK(on);
    CHECK_OK(libsock_get_tcp_notsent_lowat(sock_of(tcp), &value));
    CHECK_EQ_UINT(value, 0);
    CHECK_OK(libsock_get_tcp_mss(sock_of(tcp), &value));
    CHECK_EQ_UINT(value, 536);
    on = false;
    CHECK_OK(libsock_get_multicast_loop_v4(sock_of(udp), &on));
    CHECK(on);
    CHECK_OK(libsock_get_multicast_ttl_v4(sock_of(udp), &value));
    CHECK_EQ_UINT(value, 1);
    CHECK_OK(libsock_get_multicast_if_v4(sock_of(udp), octets));
    CHECK_EQ_MEM(octets, "\0\0\0\0", 4);
    net_close(tcp);
    net_close(udp);
}

TEST(options_begin_as_they_are_known_to_v6)
{
    int udp = open_sort(UDP6);
    uint32_t value = 4711;
    bool on = false;

    if (udp < 0)
        SKIP("no IPv6");
    CHECK_OK(libsock_get_multicast_loop_v6(sock_of(udp), &on));
    CHECK(on);
    CHECK_OK(libsock_get_multicast_hops_v6(sock_of(udp), &value));
    CHECK_EQ_UINT(value, 1);
    CHECK_OK(libsock_get_multicast_if_v6(sock_of(udp), &value));
    CHECK_EQ_UINT(value, 0);
    net_close(udp);
}

/* Not redirected, and asked with too little room; likewise a cookie. */
TEST(too_small_a_room_is_refused_by_the_kernel)
{
    enum {
        ORIGINAL_DST = 80 /* SO_ORIGINAL_DST */
    };
    unsigned char room[16];
    size_t len = sizeof(room);
    int pair[2];
    int r;

    net_tcp_pair(NET_IPV4, pair);
    r = libsock_getopt(sock_of(pair[0]), IPPROTO_IP, ORIGINAL_DST, room, &len);
    if (libsock_kind(r) != LIBSOCK_KIND_UNSUPPORTED) {
        CHECK_ERR(r, ENOENT);
        len = 4;
        CHECK_ERR(libsock_getopt(sock_of(pair[0]), IPPROTO_IP, ORIGINAL_DST,
                                 room, &len),
                  EINVAL);
    }
    len = 4;
    CHECK_ERR(
        libsock_getopt(sock_of(pair[0]), SOL_SOCKET, SO_COOKIE, room, &len),
        EINVAL);
    CHECK_EQ_UINT(len, 4);
    net_close(pair[0]);
    net_close(pair[1]);
}

/* --- Without privileges. */

/* An algorithm that the kernel has and keeps for the privileged, or "". */
static void restricted_congestion(char out_name[32])
{
    char allowed[256] = " ";
    FILE *file =
        fopen("/proc/sys/net/ipv4/tcp_allowed_congestion_control", "re");

    CHECK(file != NULL);
    CHECK(fgets(allowed, sizeof(allowed), file) != NULL);
    CHECK_EQ_INT(fclose(file), 0);
    file = fopen("/proc/sys/net/ipv4/tcp_available_congestion_control", "re");
    CHECK(file != NULL);
    while (fscanf(file, "%31s", out_name) == 1 &&
           strstr(allowed, out_name) != NULL)
        out_name[0] = '\0';
    CHECK_EQ_INT(fclose(file), 0);
}

static void expect_no_socket(int domain, int type, int protocol)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_ERR(libsock_open(domain, type, protocol, 0, &sock), EPERM);
    CHECK(!libsock_is_open(sock));
}

TEST(what_nobody_may_and_may_not)
{
    int tcp = open_sort(TCP4);
    char name[32] = "";

    restricted_congestion(name);
    /* Only the effective user, so that the harness can look at the rest. */
    if (getuid() == 0)
        CHECK(seteuid(NOBODY) == 0);
    expect_no_socket(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_RAW,
                     LIBSOCK_PROTOCOL_ICMPV4);
    expect_no_socket(LIBSOCK_DOMAIN_PACKET, LIBSOCK_TYPE_RAW, 0);
    CHECK_OK(libsock_set_freebind_v4(sock_of(tcp), true));
    if (name[0] != '\0')
        CHECK_ERR(libsock_set_tcp_congestion(sock_of(tcp), name, strlen(name)),
                  EPERM);
    else
        printf("# every congestion control is allowed here\n");
    if (getuid() == 0)
        CHECK(seteuid(0) == 0);
    net_close(tcp);
}
