/* SPDX-License-Identifier: MIT */
/*
 * What the options of TCP and UDP do to segments, datagrams and connections.
 * What the kernel stores is tested in opt_kernel.c and opt_time.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/clock.h"
#include "support/net.h"

/* Connect a socket that was made and set up before. */
static int connect_to(int fd, uint16_t port)
{
    struct sockaddr_in to;

    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 ? 0 : -errno;
}

/* The kernel's structure as far as we need it: that of a C library ends early,
 * or late. */
struct long_tcp_info {
    unsigned char states[8];
    uint32_t timeouts[2];
    uint32_t snd_mss;
    unsigned char more[84];
    uint64_t rates_and_bytes[4];
    uint32_t segs_out;
    uint32_t segs_in;
};

static struct long_tcp_info info_of(int fd)
{
    struct long_tcp_info info;
    socklen_t len = sizeof(info);

    memset(&info, 0, sizeof(info));
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0);
    CHECK_EQ_UINT(len, sizeof(info));
    return info;
}

TEST(cork_holds_segments_back)
{
    NET_EACH_FAMILY(family)
    {
        char word[2];
        int pair[2];

        net_tcp_pair(family, pair);
        CHECK_OK(libsock_set_tcp_cork(sock_of(pair[0]), true));
        net_send_all(pair[0], "a", 1);
        net_send_all(pair[0], "b", 1);
        /* The kernel lets go after 200 ms by itself. */
        CHECK(!net_wait_readable(pair[1], 50));
        CHECK_OK(libsock_set_tcp_cork(sock_of(pair[0]), false));
        CHECK(net_wait_readable(pair[1], 5000));
        CHECK_EQ_INT(net_recv(pair[1], word, 2), 2);
        CHECK_EQ_MEM(word, "ab", 2);
        net_close(pair[0]);
        net_close(pair[1]);
    }
}

static void check_mss(enum net_family family)
{
    uint16_t port;
    int listener = net_tcp_listen(family, &port);
    int client = open_sort(tcp_of(family));
    libsock_addr addr;
    uint32_t mss = 0;
    int server;

    CHECK_OK(libsock_get_tcp_mss(sock_of(client), &mss));
    CHECK_EQ_UINT(mss, 536);
    CHECK_OK(libsock_set_tcp_mss(sock_of(client), 500));
    CHECK_EQ_INT(libsock_kind(libsock_set_tcp_mss(sock_of(client), 40)),
                 LIBSOCK_KIND_INVALID_INPUT);
    CHECK_ERR(libsock_set_tcp_mss(sock_of(client), UINT32_MAX), EINVAL);
    CHECK_OK(libsock_local_addr(sock_of(listener), &addr));
    CHECK_OK(libsock_connect(sock_of(client), &addr));
    server = net_accept(listener);
    CHECK_UINT(info_of(client).snd_mss, <=, 500);
    CHECK_UINT(info_of(server).snd_mss, <=, 500);
    CHECK_OK(libsock_get_tcp_mss(sock_of(server), &mss));
    CHECK_EQ_UINT(mss, info_of(server).snd_mss);
    net_close(client);
    net_close(server);
    net_close(listener);
}

TEST(mss_limits_the_segments_of_both_sides)
{
    NET_EACH_FAMILY(family)
    {
        check_mss(family);
    }
}

TEST(keepalive_probes_are_sent)
{
    libsock_keepalive soon = {1, 1, 9, 0};
    uint64_t start;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_tcp_keepalive(sock_of(pair[0]), &soon));
    /* A probe repeats an old byte, which shows as nothing but a segment. */
    start = info_of(pair[1]).segs_in;
    for (int turn = 0; turn < 100; turn++) {
        if (info_of(pair[1]).segs_in > start)
            break;
        CHECK(!net_wait_readable(pair[1], 100));
    }
    CHECK_UINT(info_of(pair[1]).segs_in, >, start);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(congestion_control_by_name)
{
    char buf[LIBSOCK_OPT_TEXT_SIZE];
    char raw[16] = "";
    socklen_t len = sizeof(raw);
    int fd = open_sort(TCP4);
    libsock_socket sock = sock_of(fd);

    CHECK_INT(libsock_get_tcp_congestion(sock, buf, sizeof(buf)), >, 0);
    CHECK_OK(libsock_set_tcp_congestion(sock, buf, strlen(buf)));
    /* Every kernel has it; where it is the first, hardly one lacks the other.
     */
    if (strcmp(buf, "reno") == 0)
        CHECK_OK(libsock_set_tcp_congestion(sock, "cubic", 5));
    CHECK_OK(libsock_set_tcp_congestion(sock, "reno", 4));
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, raw, &len) == 0);
    CHECK_EQ_STR(raw, "reno");
    CHECK_EQ_INT(libsock_get_tcp_congestion(sock, buf, sizeof(buf)), 4);
    CHECK_EQ_STR(buf, "reno");
    CHECK_EQ_INT(libsock_kind(libsock_set_tcp_congestion(sock, "nosuch", 6)),
                 LIBSOCK_KIND_NOT_FOUND);
    CHECK_ERR(libsock_set_tcp_congestion(sock, "", 0), EINVAL);
    CHECK_ERR(libsock_set_tcp_congestion(sock, NULL, 4), EINVAL);
    CHECK_ERR(libsock_set_tcp_congestion(sock, "reno", 5), EINVAL);
    CHECK_ERR(libsock_set_tcp_congestion(sock, "0123456789abcdef", 16), EINVAL);
    CHECK_EQ_INT(libsock_get_tcp_congestion(sock, buf, sizeof(buf)), 4);
    net_close(fd);
}

TEST(upper_layer_protocol_by_name)
{
    char buf[LIBSOCK_OPT_TEXT_SIZE];
    int fd = open_sort(TCP4);
    libsock_socket sock = sock_of(fd);

    CHECK_EQ_INT(libsock_get_tcp_ulp(sock, buf, sizeof(buf)), 0);
    CHECK_EQ_STR(buf, "");
    CHECK_EQ_INT(libsock_kind(libsock_set_tcp_ulp(sock, "nosuch", 6)),
                 LIBSOCK_KIND_NOT_FOUND);
    CHECK_ERR(libsock_set_tcp_ulp(sock, "", 0), EINVAL);
    net_close(fd);
}

TEST(defer_accept_hides_silent_connections)
{
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    uint64_t ns = 0;
    int client;

    CHECK_OK(libsock_set_tcp_defer_accept(sock_of(listener), 1));
    CHECK_OK(libsock_get_tcp_defer_accept(sock_of(listener), &ns));
    CHECK_UINT(ns, >=, NS_PER_S);
    CHECK_EQ_UINT(ns % NS_PER_S, 0);
    client = net_tcp_connect(NET_IPV4, port);
    CHECK(!net_wait_readable(listener, 50));
    net_send_all(client, "x", 1);
    CHECK(net_wait_readable(listener, 5000));
    net_close(net_accept(listener));
    net_close(client);
    net_close(listener);
}

TEST(fast_open_connects_with_the_first_bytes)
{
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    int client = open_sort(TCP4);
    uint32_t queue = 0;
    int raw;

    CHECK_OK(libsock_set_tcp_fastopen(sock_of(listener), 5));
    raw = raw_int(listener, IPPROTO_TCP, TCP_FASTOPEN);
    CHECK_EQ_INT(raw, 5);
    CHECK_OK(libsock_get_tcp_fastopen(sock_of(listener), &queue));
    CHECK_EQ_UINT(queue, 5);
    CHECK_ERR(libsock_set_tcp_fastopen(sock_of(listener), UINT32_MAX), EINVAL);
    CHECK_OK(libsock_set_tcp_fastopen_no_cookie(sock_of(client), true));
    CHECK_OK(libsock_set_tcp_fastopen_connect(sock_of(client), true));
    CHECK_OK(connect_to(client, port));
    /* Not a segment has left. */
    CHECK(!net_wait_readable(listener, 50));
    CHECK_EQ_UINT(info_of(client).segs_out, 0);
    net_send_all(client, "x", 1);
    CHECK(net_wait_readable(listener, 5000));
    net_close(net_accept(listener));
    net_close(client);
    net_close(listener);
}

TEST(the_first_segment_is_kept)
{
    unsigned char syn[128];
    socklen_t len = sizeof(syn);
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    int client;
    int server;

    CHECK_OK(libsock_set_tcp_save_syn(sock_of(listener), true));
    client = net_tcp_connect(NET_IPV4, port);
    server = net_accept(listener);
    CHECK(getsockopt(server, IPPROTO_TCP, TCP_SAVED_SYN, syn, &len) == 0);
    CHECK_UINT(len, >=, 40);
    CHECK_EQ_UINT(syn[0], 0x45); /* an IPv4 header of 20 bytes */
    CHECK_EQ_UINT((unsigned)(syn[22] << 8 | syn[23]), port);
    net_close(server);
    net_close(client);
    net_close(listener);
}

TEST(a_receive_tells_what_is_left)
{
    struct opt_control left = {IPPROTO_TCP, TCP_CM_INQ, {0}, 0};
    char word[4];
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_tcp_recv_queued(sock_of(pair[1]), true));
    CHECK_OK(libsock_set_recv_low_water(sock_of(pair[1]), 10));
    net_send_all(pair[0], "0123456789", 10);
    CHECK(net_wait_readable(pair[1], 5000));
    CHECK_EQ_INT(recv_control(pair[1], 0, word, 4, &left), 4);
    CHECK_EQ_INT(control_int(&left), 6);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(notsent_lowat_bounds_what_waits)
{
    size_t filled[2];

    for (int turn = 0; turn < 2; turn++) {
        int pair[2];

        net_tcp_pair(NET_IPV4, pair);
        if (turn == 1)
            CHECK_OK(libsock_set_tcp_notsent_lowat(sock_of(pair[0]), 1));
        net_set_nonblocking(pair[0], true);
        net_set_nonblocking(pair[1], true);
        filled[turn] = net_fill(pair[0]);
        net_close(pair[0]);
        net_close(pair[1]);
    }
    CHECK_UINT(filled[1], <, filled[0]);
}

TEST(window_clamp_limits_what_is_offered)
{
    size_t bytes = 0;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_tcp_window_clamp(sock_of(pair[1]), 8192));
    CHECK_EQ_INT(raw_int(pair[1], IPPROTO_TCP, TCP_WINDOW_CLAMP), 8192);
    CHECK_OK(libsock_get_tcp_window_clamp(sock_of(pair[1]), &bytes));
    CHECK_EQ_UINT(bytes, 8192);
    CHECK_ERR(libsock_set_tcp_window_clamp(sock_of(pair[1]), SIZE_MAX), EINVAL);
    net_close(pair[0]);
    net_close(pair[1]);
}

/* --- UDP */

TEST(udp_cork_gathers_one_datagram)
{
    char word[8];
    uint16_t port;
    int receiver = net_udp_bind(NET_IPV4, &port);
    int sender = open_sort(UDP4);

    CHECK_OK(connect_to(sender, port));
    CHECK_OK(libsock_set_udp_cork(sock_of(sender), true));
    net_send_all(sender, "ab", 2);
    net_send_all(sender, "cd", 2);
    CHECK(!net_wait_readable(receiver, 50));
    CHECK_OK(libsock_set_udp_cork(sock_of(sender), false));
    CHECK_EQ_INT(net_recv(receiver, word, sizeof(word)), 4);
    CHECK_EQ_MEM(word, "abcd", 4);
    net_close(sender);
    net_close(receiver);
}

TEST(udp_segment_cuts_and_udp_gro_joins)
{
    struct opt_control size = {IPPROTO_UDP, UDP_GRO, {0}, 0};
    static const char block[2500];
    char got[4000];
    uint16_t port;
    int receiver = net_udp_bind(NET_IPV4, &port);
    int sender = open_sort(UDP4);

    CHECK_OK(connect_to(sender, port));
    CHECK_OK(libsock_set_udp_segment(sock_of(sender), 1000));
    net_send_all(sender, block, sizeof(block));
    CHECK_EQ_INT(net_recv(receiver, got, sizeof(got)), 1000);
    CHECK_EQ_INT(net_recv(receiver, got, sizeof(got)), 1000);
    CHECK_EQ_INT(net_recv(receiver, got, sizeof(got)), 500);
    CHECK_OK(libsock_set_udp_gro(sock_of(receiver), true));
    net_send_all(sender, block, sizeof(block));
    CHECK_EQ_INT(recv_control(receiver, 0, got, sizeof(got), &size),
                 sizeof(block));
    CHECK_EQ_INT(control_int(&size), 1000);
    net_close(sender);
    net_close(receiver);
}
