/* SPDX-License-Identifier: MIT */
/*
 * The test peers: do they carry bytes, and do they behave as tests assume?
 * libsock and libevio do not take part.
 * Nothing is guarded.
 */
#include "support/net.h"

#include "support/check.h"
#include "support/clock.h"

#include <errno.h>

static void net_check_pair(int pair[2])
{
    char word[4];

    net_send_all(pair[0], "ping", 4);
    net_recv_all(pair[1], word, 4);
    CHECK_EQ_MEM(word, "ping", 4);
    CHECK(net_is_cloexec(pair[0]) && net_is_cloexec(pair[1]));
    CHECK(!net_is_nonblocking(pair[0]));
    net_shutdown_write(pair[0]);
    net_expect_eof(pair[1]);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(tcp_pair_ipv4)
{
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_EQ_UINT(net_local_port(pair[0]), net_peer_port(pair[1]));
    net_check_pair(pair);
}

TEST(tcp_pair_ipv6)
{
    int pair[2];

    if (!net_has_ipv6())
        SKIP("no ::1 here");
    net_tcp_pair(NET_IPV6, pair);
    net_check_pair(pair);
}

TEST(unix_pair_and_path)
{
    char path[NET_PATH_MAX];
    int pair[2];
    int listener;

    net_unix_pair(NET_STREAM, pair);
    net_check_pair(pair);
    net_temp_path(path);
    listener = net_unix_listen(path);
    pair[0] = net_unix_connect(path);
    pair[1] = net_accept(listener);
    net_check_pair(pair);
    net_close(listener);
}

TEST(reset_reaches_the_peer)
{
    char byte;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    net_reset(pair[0]);
    CHECK_ERR(net_recv(pair[1], &byte, 1), ECONNRESET);
    net_close(pair[1]);
}

TEST(fill_then_drain_moves_the_same_bytes)
{
    size_t filled;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    net_set_nonblocking(pair[0], true);
    net_set_nonblocking(pair[1], true);
    filled = net_fill(pair[0]);
    CHECK_UINT(filled, >, 4096);
    CHECK(!net_wait_writable(pair[0], 0));
    CHECK_EQ_UINT(net_drain(pair[1]), filled);
    CHECK(net_wait_writable(pair[0], 1000));
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(udp_datagram_arrives)
{
    uint16_t port[2];
    char word[8];
    int a = net_udp_bind(NET_IPV4, &port[0]);
    int b = net_udp_bind(NET_IPV4, &port[1]);

    net_udp_send(a, NET_IPV4, port[1], "pong", 4);
    CHECK_EQ_INT(net_recv(b, word, sizeof(word)), 4);
    CHECK_EQ_MEM(word, "pong", 4);
    net_close(a);
    net_close(b);
}

TEST(wait_is_never_early)
{
    uint64_t start = clock_ns();
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    CHECK(!net_wait_readable(pair[0], 30));
    CHECK_UINT(clock_ns() - start, >=, 30 * CLOCK_MS);
    net_close(pair[0]);
    net_close(pair[1]);
}
