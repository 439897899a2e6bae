/* SPDX-License-Identifier: MIT */
/*
 * What the kernel holds after each set, asked by getsockopt(2) with levels and
 * numbers written down here by hand, so that the library's table is not judged
 * by itself. What an option does to traffic is tested elsewhere.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <limits.h>
#include <stdio.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

struct bool_case {
    const char *name;
    int (*set)(libsock_socket, bool);
    int (*get)(libsock_socket, bool *);
    enum sort sort;
    int level;
    int option;
    int initial; /* 0 or 1; -1: up to the system */
};

static const struct bool_case bool_cases[] = {
    {BOTH(broadcast), UDP4, SOL_SOCKET, SO_BROADCAST, 0},
    {BOTH(keepalive), TCP4, SOL_SOCKET, SO_KEEPALIVE, 0},
    {BOTH(reuse_address), TCP4, SOL_SOCKET, SO_REUSEADDR, 0},
    {BOTH(reuse_port), TCP6, SOL_SOCKET, SO_REUSEPORT, 0},
    {BOTH(out_of_band_inline), TCP4, SOL_SOCKET, SO_OOBINLINE, 0},
    {BOTH(dont_route), UDP4, SOL_SOCKET, SO_DONTROUTE, 0},
    {BOTH(debug), TCP4, SOL_SOCKET, SO_DEBUG, 0},
    {BOTH(passcred), LOCAL, SOL_SOCKET, SO_PASSCRED, 0},
    {BOTH(passsec), LOCAL, SOL_SOCKET, SO_PASSSEC, 0},
    {BOTH(timestamp), UDP4, SOL_SOCKET, SO_TIMESTAMP, 0},
    {BOTH(timestamp_ns), UDP4, SOL_SOCKET, SO_TIMESTAMPNS, 0},
    {BOTH(recv_drop_count), UDP4, SOL_SOCKET, SO_RXQ_OVFL, 0},
    {BOTH(zerocopy), TCP4, SOL_SOCKET, SO_ZEROCOPY, 0},
    {BOTH(no_check), UDP4, SOL_SOCKET, SO_NO_CHECK, 0},
    {BOTH(prefer_busy_poll), UDP4, SOL_SOCKET, SO_PREFER_BUSY_POLL, 0},
    {BOTH(recv_ttl_v4), UDP4, IPPROTO_IP, IP_RECVTTL, 0},
    {BOTH(recv_tos_v4), UDP4, IPPROTO_IP, IP_RECVTOS, 0},
    {BOTH(recv_pktinfo_v4), UDP4, IPPROTO_IP, IP_PKTINFO, 0},
    {BOTH(recv_original_dst_v4), UDP4, IPPROTO_IP, IP_RECVORIGDSTADDR, 0},
    {BOTH(recv_err_v4), UDP4, IPPROTO_IP, IP_RECVERR, 0},
    {BOTH(header_included_v4), RAW4, IPPROTO_IP, IP_HDRINCL, 0},
    {BOTH(ip_transparent_v4), TCP4, IPPROTO_IP, IP_TRANSPARENT, 0},
    {BOTH(freebind_v4), TCP4, IPPROTO_IP, IP_FREEBIND, 0},
    {BOTH(bind_address_no_port), TCP4, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 0},
    {BOTH(multicast_all_v4), UDP4, IPPROTO_IP, IP_MULTICAST_ALL, 1},
    {BOTH(multicast_loop_v4), UDP4, IPPROTO_IP, IP_MULTICAST_LOOP, 1},
    {BOTH(only_v6), TCP6, IPPROTO_IPV6, IPV6_V6ONLY, -1},
    {BOTH(dont_fragment_v6), UDP6, IPPROTO_IPV6, IPV6_DONTFRAG, 0},
    {BOTH(auto_flow_label_v6), UDP6, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, -1},
    {BOTH(recv_hoplimit_v6), UDP6, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 0},
    {BOTH(recv_tclass_v6), UDP6, IPPROTO_IPV6, IPV6_RECVTCLASS, 0},
    {BOTH(recv_pktinfo_v6), UDP6, IPPROTO_IPV6, IPV6_RECVPKTINFO, 0},
    {BOTH(recv_original_dst_v6), UDP6, IPPROTO_IPV6, IPV6_RECVORIGDSTADDR, 0},
    {BOTH(recv_err_v6), UDP6, IPPROTO_IPV6, IPV6_RECVERR, 0},
    {BOTH(header_included_v6), RAW6, IPPROTO_IPV6, IPV6_HDRINCL, 0},
    {BOTH(ip_transparent_v6), TCP6, IPPROTO_IPV6, IPV6_TRANSPARENT, 0},
    {BOTH(freebind_v6), TCP6, IPPROTO_IPV6, IPV6_FREEBIND, 0},
    {BOTH(multicast_all_v6), UDP6, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 1},
    {BOTH(multicast_loop_v6), UDP6, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 1},
    {BOTH(tcp_nodelay), TCP4, IPPROTO_TCP, TCP_NODELAY, 0},
    {BOTH(tcp_cork), TCP4, IPPROTO_TCP, TCP_CORK, 0},
    {BOTH(tcp_quickack), TCP4, IPPROTO_TCP, TCP_QUICKACK, 1},
    {BOTH(tcp_thin_linear_timeouts), TCP4, IPPROTO_TCP,
     TCP_THIN_LINEAR_TIMEOUTS, 0},
    {BOTH(tcp_fastopen_connect), TCP4, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 0},
    {BOTH(tcp_fastopen_no_cookie), TCP4, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE,
     0},
    {BOTH(tcp_save_syn), TCP4, IPPROTO_TCP, TCP_SAVE_SYN, 0},
    {BOTH(tcp_recv_queued), TCP4, IPPROTO_TCP, TCP_INQ, 0},
    {BOTH(udp_cork), UDP4, IPPROTO_UDP, UDP_CORK, 0},
    {BOTH(udp_gro), UDP6, IPPROTO_UDP, UDP_GRO, 0},
};

static void check_bool(const struct bool_case *c, int fd)
{
    bool on = raw_int(fd, c->level, c->option) != 0;
    bool read = !on;

    CHECK(c->initial < 0 || on == (c->initial == 1));
    CHECK_OK(c->get(sock_of(fd), &read));
    CHECK_EQ_INT(read, on);
    for (int turn = 0; turn < 2; turn++) {
        int r = c->set(sock_of(fd), !on);

        if (!may(r, c->name))
            return;
        CHECK_OK(r);
        on = !on;
        CHECK_EQ_INT(raw_int(fd, c->level, c->option), on ? 1 : 0);
        CHECK_OK(c->get(sock_of(fd), &read));
        CHECK_EQ_INT(read, on);
    }
}

TEST(bools_reach_the_kernel)
{
    for (size_t i = 0; i < sizeof(bool_cases) / sizeof(bool_cases[0]); i++) {
        int fd = open_sort(bool_cases[i].sort);

        printf("# %s\n", bool_cases[i].name);
        if (fd < 0) {
            printf("# not tested: no such socket here\n");
            continue;
        }
        check_bool(&bool_cases[i], fd);
        net_close(fd);
    }
}

struct uint_case {
    const char *name;
    int (*set)(libsock_socket, uint32_t);
    int (*get)(libsock_socket, uint32_t *);
    enum sort sort;
    int level;
    int option;
    uint32_t good[3];
    uint32_t bad[2]; /* refused without asking; 0: none */
};

static const struct uint_case uint_cases[] = {
    {BOTH(mark), UDP4, SOL_SOCKET, SO_MARK, {1, 0x80000000, UINT32_MAX}, {0}},
    {BOTH(priority), UDP4, SOL_SOCKET, SO_PRIORITY, {6, 1, 0}, {0}},
    {BOTH(ttl_v4), UDP4, IPPROTO_IP, IP_TTL, {1, 255, 33}, {256, UINT32_MAX}},
    {BOTH(tos_v4), UDP4, IPPROTO_IP, IP_TOS, {0xb8, 255, 0}, {256, 300}},
    {BOTH(min_ttl_v4), TCP4, IPPROTO_IP, IP_MINTTL, {1, 255, 0}, {256, 300}},
    {BOTH(mtu_discover_v4),
     UDP4,
     IPPROTO_IP,
     IP_MTU_DISCOVER,
     {0, 5, 2},
     {6, UINT32_MAX}},
    {BOTH(mtu_discover_v6),
     UDP6,
     IPPROTO_IPV6,
     IPV6_MTU_DISCOVER,
     {0, 5, 2},
     {6, UINT32_MAX}},
    {BOTH(multicast_ttl_v4),
     UDP4,
     IPPROTO_IP,
     IP_MULTICAST_TTL,
     {0, 255, 3},
     {256, UINT32_MAX}},
    {BOTH(unicast_hops_v6),
     UDP6,
     IPPROTO_IPV6,
     IPV6_UNICAST_HOPS,
     {1, 255, 33},
     {256, UINT32_MAX}},
    {BOTH(multicast_hops_v6),
     UDP6,
     IPPROTO_IPV6,
     IPV6_MULTICAST_HOPS,
     {0, 255, 33},
     {256, UINT32_MAX}},
    {BOTH(tclass_v6),
     UDP6,
     IPPROTO_IPV6,
     IPV6_TCLASS,
     {0xb8, 255, 0},
     {256, UINT32_MAX}},
    {BOTH(min_hops_v6),
     TCP6,
     IPPROTO_IPV6,
     IPV6_MINHOPCOUNT,
     {1, 255, 0},
     {256, UINT32_MAX}},
    {BOTH(multicast_if_v6),
     UDP6,
     IPPROTO_IPV6,
     IPV6_MULTICAST_IF,
     {1, 0, 1},
     {0x80000000, UINT32_MAX}},
    {BOTH(device_index_v4),
     UDP4,
     SOL_SOCKET,
     SO_BINDTOIFINDEX,
     {1, 0, 1},
     {0x80000000, UINT32_MAX}},
    {BOTH(device_index_v6),
     UDP6,
     SOL_SOCKET,
     SO_BINDTOIFINDEX,
     {1, 0, 1},
     {0x80000000, UINT32_MAX}},
    {BOTH(tcp_notsent_lowat),
     TCP4,
     IPPROTO_TCP,
     TCP_NOTSENT_LOWAT,
     {1, UINT32_MAX, 0},
     {0}},
    {BOTH(tcp_keepalive_retries),
     TCP4,
     IPPROTO_TCP,
     TCP_KEEPCNT,
     {1, 127, 9},
     {128, UINT32_MAX}},
    {BOTH(tcp_syn_retries),
     TCP4,
     IPPROTO_TCP,
     TCP_SYNCNT,
     {1, 127, 9},
     {128, UINT32_MAX}},
    {BOTH(udp_segment),
     UDP4,
     IPPROTO_UDP,
     UDP_SEGMENT,
     {1200, 65535, 0},
     {65536, UINT32_MAX}},
    {BOTH(timestamping),
     UDP4,
     SOL_SOCKET,
     SO_TIMESTAMPING,
     {0x18, 0x59a, 0},
     {0x80000000, UINT32_MAX}},
};

static void check_uint(const struct uint_case *c, int fd)
{
    uint32_t value = 0;
    int before;

    for (size_t i = 0; i < 3; i++) {
        int r = c->set(sock_of(fd), c->good[i]);

        if (!may(r, c->name))
            return;
        CHECK_OK(r);
        CHECK_EQ_UINT((uint32_t)raw_int(fd, c->level, c->option), c->good[i]);
        CHECK_OK(c->get(sock_of(fd), &value));
        CHECK_EQ_UINT(value, c->good[i]);
    }
    before = raw_int(fd, c->level, c->option);
    for (size_t i = 0; i < 2 && c->bad[i] != 0; i++)
        CHECK_ERR(c->set(sock_of(fd), c->bad[i]), EINVAL);
    CHECK_EQ_INT(raw_int(fd, c->level, c->option), before);
}

TEST(numbers_reach_the_kernel_or_are_refused)
{
    for (size_t i = 0; i < sizeof(uint_cases) / sizeof(uint_cases[0]); i++) {
        int fd = open_sort(uint_cases[i].sort);

        printf("# %s\n", uint_cases[i].name);
        if (fd < 0) {
            printf("# not tested: no such socket here\n");
            continue;
        }
        check_uint(&uint_cases[i], fd);
        net_close(fd);
    }
}

/* -1 would mean "the default" to Linux, 0 is refused by it. */
TEST(ttl_0_is_refused)
{
    int fd = open_sort(UDP4);
    int before = raw_int(fd, IPPROTO_IP, IP_TTL);

    CHECK_ERR(libsock_set_ttl_v4(sock_of(fd), 0), EINVAL);
    CHECK_ERR(libsock_set_tcp_keepalive_retries(sock_of(fd), 0), EINVAL);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_IP, IP_TTL), before);
    net_close(fd);
}

/* No kernel tells it back, so all that shows is who is refused. */
TEST(busy_poll_budget_is_16_bits)
{
    int fd = open_sort(UDP4);
    int r = libsock_set_busy_poll_budget(sock_of(fd), 65535);

    CHECK_ERR(libsock_set_busy_poll_budget(sock_of(fd), 65536), EINVAL);
    CHECK_ERR(libsock_set_busy_poll_budget(sock_of(fd), UINT32_MAX), EINVAL);
    if (may(r, "busy_poll_budget"))
        CHECK_OK(r);
    net_close(fd);
}

TEST(signed_numbers_keep_their_sign)
{
    int fd = open_sort(UDP4);
    int value = 0;

    CHECK_OK(libsock_get_incoming_cpu(sock_of(fd), &value));
    CHECK_EQ_INT(value, -1);
    CHECK_OK(libsock_set_incoming_cpu(sock_of(fd), 0));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_INCOMING_CPU), 0);
    CHECK_OK(libsock_set_incoming_cpu(sock_of(fd), -1));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_INCOMING_CPU), -1);
    CHECK_ERR(libsock_set_incoming_cpu(sock_of(fd), -2), EINVAL);
    CHECK_OK(libsock_get_peek_offset(sock_of(fd), &value));
    CHECK_EQ_INT(value, -1);
    CHECK_OK(libsock_set_peek_offset(sock_of(fd), 3));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_PEEK_OFF), 3);
    CHECK_ERR(libsock_set_peek_offset(sock_of(fd), -2), EINVAL);
    net_close(fd);
}

TEST(buffer_sizes_never_wrap)
{
    int fd = open_sort(UDP4);
    size_t size = 0;
    int before;

    CHECK_OK(libsock_set_recv_buffer_size(sock_of(fd), 65536));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_RCVBUF), 131072);
    CHECK_OK(libsock_get_recv_buffer_size(sock_of(fd), &size));
    CHECK_EQ_UINT(size, 131072);
    CHECK_OK(libsock_set_send_buffer_size(sock_of(fd), 65536));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_SNDBUF), 131072);
    CHECK_OK(libsock_get_send_buffer_size(sock_of(fd), &size));
    CHECK_EQ_UINT(size, 131072);
    before = raw_int(fd, SOL_SOCKET, SO_RCVBUF);
    /* 2^32 is 0 to an int, and SIZE_MAX is -1. */
    CHECK_ERR(libsock_set_recv_buffer_size(sock_of(fd), SIZE_MAX), EINVAL);
    CHECK_ERR(libsock_set_recv_buffer_size(sock_of(fd), (size_t)INT_MAX + 1),
              EINVAL);
#if SIZE_MAX > UINT32_MAX
    CHECK_ERR(libsock_set_send_buffer_size(sock_of(fd), (size_t)UINT32_MAX + 1),
              EINVAL);
#endif
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_RCVBUF), before);
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_SNDBUF), before);
    net_close(fd);
}

TEST(forced_buffer_sizes_pass_the_limit)
{
    enum {
        HUGE_SIZE = 64 << 20
    };
    int fd = open_sort(UDP4);
    int r = libsock_set_recv_buffer_size_force(sock_of(fd), HUGE_SIZE);

    if (libsock_kind(r) == LIBSOCK_KIND_PERMISSION_DENIED) {
        net_close(fd);
        SKIP("no CAP_NET_ADMIN");
    }
    CHECK_OK(r);
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_RCVBUF), 2 * HUGE_SIZE);
    CHECK_OK(libsock_set_send_buffer_size_force(sock_of(fd), HUGE_SIZE));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_SNDBUF), 2 * HUGE_SIZE);
    net_close(fd);
}

TEST(low_water_marks)
{
    int fd = open_sort(TCP4);
    size_t bytes = 0;

    CHECK_OK(libsock_get_recv_low_water(sock_of(fd), &bytes));
    CHECK_EQ_UINT(bytes, 1);
    CHECK_OK(libsock_set_recv_low_water(sock_of(fd), 100));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_RCVLOWAT), 100);
    CHECK_ERR(libsock_set_recv_low_water(sock_of(fd), 0), EINVAL);
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_RCVLOWAT), 100);
    CHECK_OK(libsock_get_send_low_water(sock_of(fd), &bytes));
    CHECK_EQ_UINT(bytes, 1);
    CHECK_EQ_INT(libsock_kind(libsock_set_send_low_water(sock_of(fd), 2)),
                 LIBSOCK_KIND_UNSUPPORTED);
    net_close(fd);
}
