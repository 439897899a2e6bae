/* SPDX-License-Identifier: MIT */
/*
 * What the options of level SOL_SOCKET do: to the peer, to the clock, to who
 * gets a connection. What the kernel stores is tested in opt_kernel.c.
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

#include <linux/errqueue.h>

TEST(linger_0_resets_the_peer)
{
    NET_EACH_FAMILY(family)
    {
        char byte;
        int pair[2];

        net_tcp_pair(family, pair);
        CHECK_OK(libsock_set_linger(sock_of(pair[0]), 0));
        net_close(pair[0]);
        CHECK_ERR(net_recv(pair[1], &byte, 1), ECONNRESET);
        net_close(pair[1]);
    }
}

TEST(linger_of_a_nanosecond_does_not_reset)
{
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_linger(sock_of(pair[0]), 1));
    net_close(pair[0]);
    net_expect_eof(pair[1]);
    net_close(pair[1]);
    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_linger(sock_of(pair[0]), 0));
    CHECK_OK(libsock_set_linger(sock_of(pair[0]), LIBSOCK_NO_LINGER));
    net_close(pair[0]);
    net_expect_eof(pair[1]);
    net_close(pair[1]);
}

static void check_read_timeout(int fd)
{
    uint64_t start;
    char byte;

    CHECK_OK(libsock_set_read_timeout(sock_of(fd), 30 * CLOCK_MS + 1));
    start = clock_ns();
    CHECK_ERR(net_recv(fd, &byte, 1), EAGAIN);
    CHECK_UINT(clock_ns() - start, >, clock_least(30 * CLOCK_MS));
    /* This must end at all: truncated to microseconds it would be for ever. */
    CHECK_OK(libsock_set_read_timeout(sock_of(fd), 1));
    CHECK_ERR(net_recv(fd, &byte, 1), EAGAIN);
    net_close(fd);
}

TEST(read_timeout_waits_and_no_shorter)
{
    NET_EACH_FAMILY(family)
    {
        uint16_t port;
        int pair[2];

        net_tcp_pair(family, pair);
        check_read_timeout(pair[0]);
        net_close(pair[1]);
        check_read_timeout(net_udp_bind(family, &port));
    }
}

static void check_write_timeout(const int pair[2])
{
    uint64_t start;

    net_set_nonblocking(pair[0], true);
    net_fill(pair[0]);
    net_set_nonblocking(pair[0], false);
    CHECK_OK(libsock_set_write_timeout(sock_of(pair[0]), 30 * CLOCK_MS + 1));
    do {
        start = clock_ns(); /* a late acknowledgement may make room */
    } while (send(pair[0], "x", 1, MSG_NOSIGNAL) == 1);
    CHECK_EQ_INT(errno, EAGAIN);
    CHECK_UINT(clock_ns() - start, >, clock_least(30 * CLOCK_MS));
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(write_timeout_waits_and_no_shorter)
{
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    check_write_timeout(pair);
    NET_EACH_FAMILY(family)
    {
        net_tcp_pair(family, pair);
        check_write_timeout(pair);
    }
}

/* --- Who may bind where, and who gets the connection. */

static int bind_to(int fd, enum net_family family, uint16_t port)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_loopback(family == NET_IPV4 ? LIBSOCK_DOMAIN_IPV4
                                                      : LIBSOCK_DOMAIN_IPV6,
                                   port, &addr));
    return libsock_bind(sock_of(fd), &addr);
}

/* Two listeners on one port, made with reuse_port; the first gets port 0. */
static uint16_t listen_twice(enum net_family family, int fd[2])
{
    uint16_t port = 0;

    for (int i = 0; i < 2; i++) {
        fd[i] = open_sort(tcp_of(family));
        CHECK_OK(libsock_set_reuse_port(sock_of(fd[i]), true));
        CHECK_OK(bind_to(fd[i], family, port));
        CHECK(listen(fd[i], 128) == 0);
        port = net_local_port(fd[i]);
    }
    return port;
}

/* Connect `n` times; how many each listener has to accept. */
static void connect_many(enum net_family family, const int fd[2], int n,
                         int got[2])
{
    got[0] = got[1] = 0;
    for (int i = 0; i < n; i++) {
        int client = net_tcp_connect(family, net_local_port(fd[0]));
        int which = 0;

        /* Nobody may have it at first: the last step of the handshake is the
         * kernel's, not connect()'s. */
        for (int turn = 0; turn < 5000; turn++) {
            which = turn % 2;
            if (net_wait_readable(fd[which], 1))
                break;
        }
        net_close(net_accept(fd[which]));
        got[which]++;
        net_close(client);
    }
}

TEST(reuse_port_lets_two_bind_and_both_get_connections)
{
    NET_EACH_FAMILY(family)
    {
        int got[2];
        int fd[2];
        int third = open_sort(tcp_of(family));
        uint16_t port = listen_twice(family, fd);

        CHECK_ERR(bind_to(third, family, port), EADDRINUSE);
        connect_many(family, fd, 64, got);
        CHECK_INT(got[0], >, 0);
        CHECK_INT(got[1], >, 0);
        net_close(third);
        net_close(fd[0]);
        net_close(fd[1]);
    }
}

TEST(reuse_port_filter_chooses_the_listener)
{
    /* "Return 1": the second that bound. */
    libsock_filter second = {BPF_RET | BPF_K, 0, 0, 1};
    libsock_filter first = {BPF_RET | BPF_K, 0, 0, 0};
    int got[2];
    int fd[2];

    (void)listen_twice(NET_IPV4, fd);
    CHECK_OK(libsock_attach_reuse_port_filter(sock_of(fd[0]), &second, 1));
    connect_many(NET_IPV4, fd, 8, got);
    CHECK(got[0] == 0 && got[1] == 8);
    CHECK_OK(libsock_attach_reuse_port_filter(sock_of(fd[0]), &first, 1));
    connect_many(NET_IPV4, fd, 8, got);
    CHECK(got[0] == 8 && got[1] == 0);
    CHECK_OK(libsock_detach_reuse_port_filter(sock_of(fd[0])));
    connect_many(NET_IPV4, fd, 64, got);
    CHECK(got[0] > 0 && got[1] > 0);
    CHECK_EQ_INT(libsock_kind(libsock_detach_reuse_port_filter(sock_of(fd[0]))),
                 LIBSOCK_KIND_NOT_FOUND);
    net_close(fd[0]);
    net_close(fd[1]);
}

static void check_reuse_address(enum net_family family)
{
    int listener = open_sort(tcp_of(family));
    int next = open_sort(tcp_of(family));
    uint16_t port;
    int client;
    int server;

    CHECK_OK(libsock_set_reuse_address(sock_of(listener), true));
    CHECK_OK(bind_to(listener, family, 0));
    CHECK(listen(listener, 1) == 0);
    port = net_local_port(listener);
    client = net_tcp_connect(family, port);
    server = net_accept(listener);
    /* The side that closes first keeps the address for a minute. */
    net_close(server);
    net_expect_eof(client);
    net_close(client);
    net_close(listener);
    CHECK_ERR(bind_to(next, family, port), EADDRINUSE);
    CHECK_OK(libsock_set_reuse_address(sock_of(next), true));
    CHECK_OK(bind_to(next, family, port));
    net_close(next);
}

TEST(reuse_address_passes_an_old_connection)
{
    NET_EACH_FAMILY(family)
    {
        check_reuse_address(family);
    }
}

TEST(broadcast_is_refused_until_allowed)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct sockaddr_in any = {.sin_family = AF_INET};
    char word[4];
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    int receiver = socket(AF_INET, SOCK_DGRAM, 0);

    CHECK(bind(receiver, (struct sockaddr *)&any, sizeof(any)) == 0);
    to.sin_port = htons(net_local_port(receiver));
    to.sin_addr.s_addr = htonl(0x7fffffff); /* of 127.0.0.0/8 */
    CHECK(sendto(sender, "ping", 4, 0, (struct sockaddr *)&to, sizeof(to)) <
              0 &&
          errno == EACCES);
    CHECK_OK(libsock_set_broadcast(sock_of(sender), true));
    CHECK_EQ_INT(
        sendto(sender, "ping", 4, 0, (struct sockaddr *)&to, sizeof(to)), 4);
    CHECK(net_wait_readable(receiver, 5000));
    CHECK_EQ_INT(net_recv(receiver, word, 4), 4);
    CHECK_EQ_MEM(word, "ping", 4);
    net_close(sender);
    net_close(receiver);
}

TEST(urgent_bytes_stay_in_line)
{
    NET_EACH_FAMILY(family)
    {
        char byte = 0;
        int pair[2];

        net_tcp_pair(family, pair);
        CHECK_OK(libsock_set_out_of_band_inline(sock_of(pair[1]), true));
        CHECK_EQ_INT(send(pair[0], "!", 1, MSG_OOB), 1);
        CHECK_EQ_INT(net_recv(pair[1], &byte, 1), 1);
        CHECK_EQ_INT(byte, '!');
        net_close(pair[0]);
        net_close(pair[1]);
    }
}

/* --- What messages bring along. */

static void check_passcred(enum net_kind kind)
{
    struct opt_control creds = {SOL_SOCKET, SCM_CREDENTIALS, {0}, 0};
    struct ucred who;
    int pair[2];

    net_unix_pair(kind, pair);
    net_send_all(pair[0], "a", 1);
    CHECK_EQ_INT(recv_control(pair[1], 0, NULL, 0, &creds), 1);
    CHECK_EQ_INT(creds.len, -1);
    CHECK_OK(libsock_set_passcred(sock_of(pair[1]), true));
    net_send_all(pair[0], "b", 1);
    CHECK_EQ_INT(recv_control(pair[1], 0, NULL, 0, &creds), 1);
    CHECK_EQ_INT(creds.len, sizeof(who));
    memcpy(&who, creds.bytes, sizeof(who));
    CHECK_EQ_INT(who.pid, getpid());
    CHECK_EQ_INT(who.uid, getuid());
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(passcred_brings_the_sender)
{
    check_passcred(NET_DGRAM);
    check_passcred(NET_STREAM);
}

static void check_stamp(int type, size_t size, int (*set)(libsock_socket, bool))
{
    struct opt_control stamp = {SOL_SOCKET, type, {0}, 0};
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    net_udp_send(fd, NET_IPV4, port, "a", 1);
    CHECK_EQ_INT(recv_control(fd, 0, NULL, 0, &stamp), 1);
    CHECK_EQ_INT(stamp.len, -1);
    CHECK_OK(set(sock_of(fd), true));
    net_udp_send(fd, NET_IPV4, port, "b", 1);
    CHECK_EQ_INT(recv_control(fd, 0, NULL, 0, &stamp), 1);
    CHECK_EQ_INT(stamp.len, size);
    net_close(fd);
}

TEST(timestamps_arrive)
{
    check_stamp(SCM_TIMESTAMP, sizeof(struct timeval), libsock_set_timestamp);
    check_stamp(SCM_TIMESTAMPNS, sizeof(struct timespec),
                libsock_set_timestamp_ns);
}

TEST(recv_drop_count_counts)
{
    struct opt_control drops = {SOL_SOCKET, SO_RXQ_OVFL, {0}, 0};
    static const char block[1000];
    char waste[1000];
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_set_recv_buffer_size(sock_of(fd), 0));
    CHECK_OK(libsock_set_recv_drop_count(sock_of(fd), true));
    for (int i = 0; i < 100; i++)
        net_udp_send(fd, NET_IPV4, port, block, sizeof(block));
    while (net_wait_readable(fd, 20))
        CHECK_EQ_INT(net_recv(fd, waste, sizeof(waste)), sizeof(block));
    net_udp_send(fd, NET_IPV4, port, "z", 1);
    CHECK_EQ_INT(recv_control(fd, 0, NULL, 0, &drops), 1);
    CHECK_INT(control_int(&drops), >, 50);
    net_close(fd);
}

TEST(peek_offset_moves_the_view)
{
    char word[8];
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    net_send_all(pair[0], "abcdef", 6);
    CHECK_OK(libsock_set_peek_offset(sock_of(pair[1]), 2));
    CHECK_EQ_INT(recv(pair[1], word, 2, MSG_PEEK), 2);
    CHECK_EQ_MEM(word, "cd", 2);
    CHECK_EQ_INT(recv(pair[1], word, 2, MSG_PEEK), 2);
    CHECK_EQ_MEM(word, "ef", 2);
    CHECK_EQ_INT(recv(pair[1], word, 2, 0), 2);
    CHECK_EQ_MEM(word, "ab", 2);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(low_water_mark_holds_readiness_back)
{
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_recv_low_water(sock_of(pair[1]), 4));
    net_send_all(pair[0], "abc", 3);
    CHECK(!net_wait_readable(pair[1], 50));
    net_send_all(pair[0], "d", 1);
    CHECK(net_wait_readable(pair[1], 5000));
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(zerocopy_sends_are_confirmed)
{
    struct opt_control note = {SOL_IP, IP_RECVERR, {0}, 0};
    struct sock_extended_err error;
    static const char block[16384];
    char back[sizeof(block)];
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_zerocopy(sock_of(pair[0]), true));
    CHECK_EQ_INT(send(pair[0], block, sizeof(block), MSG_ZEROCOPY),
                 sizeof(block));
    net_recv_all(pair[1], back, sizeof(back));
    /* The error queue shows as POLLERR, which every wait reports. */
    CHECK(net_wait_readable(pair[0], 5000));
    CHECK_EQ_INT(recv_control(pair[0], MSG_ERRQUEUE, NULL, 0, &note), 0);
    CHECK_INT(note.len, >=, sizeof(error));
    memcpy(&error, note.bytes, sizeof(error));
    CHECK_EQ_INT(error.ee_origin, SO_EE_ORIGIN_ZEROCOPY);
    net_close(pair[0]);
    net_close(pair[1]);
}

/* --- Filters. */

TEST(filter_decides_what_arrives)
{
    libsock_filter drop = {BPF_RET | BPF_K, 0, 0, 0};
    libsock_filter cut = {BPF_RET | BPF_K, 0, 0, 8 + 2}; /* with the header */
    char word[8];
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_attach_filter(sock_of(fd), &drop, 1));
    net_udp_send(fd, NET_IPV4, port, "lost", 4);
    CHECK(!net_wait_readable(fd, 0));
    CHECK_OK(libsock_attach_filter(sock_of(fd), &cut, 1));
    net_udp_send(fd, NET_IPV4, port, "cut off", 7);
    CHECK_EQ_INT(net_recv(fd, word, sizeof(word)), 2);
    CHECK_OK(libsock_detach_filter(sock_of(fd)));
    net_udp_send(fd, NET_IPV4, port, "whole", 5);
    CHECK_EQ_INT(net_recv(fd, word, sizeof(word)), 5);
    CHECK_EQ_INT(libsock_kind(libsock_detach_filter(sock_of(fd))),
                 LIBSOCK_KIND_NOT_FOUND);
    net_close(fd);
}

TEST(faulty_filters_are_refused)
{
    libsock_filter pass = {BPF_RET | BPF_K, 0, 0, UINT32_MAX};
    libsock_filter bad = {0xffff, 0, 0, 0};
    bool locked = true;
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_ERR(libsock_attach_filter(sock_of(fd), NULL, 1), EINVAL);
    CHECK_ERR(libsock_attach_filter(sock_of(fd), &pass, 0), EINVAL);
    /* 65537 is 1 in 16 bits, and would be taken. */
    CHECK_ERR(libsock_attach_filter(sock_of(fd), &pass, 65537), EINVAL);
    CHECK_ERR(libsock_attach_filter(sock_of(fd), &bad, 1), EINVAL);
    CHECK_OK(libsock_attach_filter(sock_of(fd), &pass, 1));
    CHECK_OK(libsock_get_lock_filter(sock_of(fd), &locked));
    CHECK(!locked);
    CHECK_OK(libsock_set_lock_filter(sock_of(fd), true));
    CHECK_OK(libsock_get_lock_filter(sock_of(fd), &locked));
    CHECK(locked);
    CHECK_ERR(libsock_detach_filter(sock_of(fd)), EPERM);
    CHECK_ERR(libsock_attach_filter(sock_of(fd), &pass, 1), EPERM);
    CHECK_ERR(libsock_set_lock_filter(sock_of(fd), false), EPERM);
    net_close(fd);
}

/* --- Who am I. */

TEST(identity_is_told_in_portable_numbers)
{
    static const struct {
        int native[3];
        int domain, type, protocol;
    } all[] = {
        {{AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0},
         LIBSOCK_DOMAIN_IPV4,
         LIBSOCK_TYPE_STREAM,
         LIBSOCK_PROTOCOL_TCP},
        {{AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0},
         LIBSOCK_DOMAIN_IPV6,
         LIBSOCK_TYPE_DGRAM,
         LIBSOCK_PROTOCOL_UDP},
        {{AF_UNIX, SOCK_SEQPACKET, 0},
         LIBSOCK_DOMAIN_UNIX,
         LIBSOCK_TYPE_SEQPACKET,
         0},
        {{AF_NETLINK, SOCK_RAW, NETLINK_ROUTE},
         LIBSOCK_DOMAIN_NETLINK,
         LIBSOCK_TYPE_RAW,
         0},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        int fd = socket(all[i].native[0], all[i].native[1], all[i].native[2]);
        int domain = -1, type = -1, protocol = -1;

        CHECK(fd >= 0);
        CHECK_OK(libsock_get_domain(sock_of(fd), &domain));
        CHECK_OK(libsock_get_type(sock_of(fd), &type));
        CHECK_OK(libsock_get_protocol(sock_of(fd), &protocol));
        CHECK_EQ_INT(domain, all[i].domain);
        CHECK_EQ_INT(type, all[i].type);
        CHECK_EQ_INT(protocol, all[i].protocol);
        net_close(fd);
    }
}

TEST(is_listener_after_listen_only)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool is = true;

    CHECK_OK(bind_to(fd, NET_IPV4, 0));
    CHECK_OK(libsock_get_is_listener(sock_of(fd), &is));
    CHECK(!is);
    CHECK(listen(fd, 1) == 0);
    CHECK_OK(libsock_get_is_listener(sock_of(fd), &is));
    CHECK(is);
    net_close(fd);
}

TEST(cookies_are_8_bytes_stable_and_unlike)
{
    int a = open_sort(TCP4);
    int b = open_sort(UDP6);
    uint64_t cookie[3] = {0}, netns[2] = {0}, raw = 0;
    socklen_t len = sizeof(raw);

    CHECK_OK(libsock_get_cookie(sock_of(a), &cookie[0]));
    CHECK_OK(libsock_get_cookie(sock_of(a), &cookie[1]));
    CHECK_OK(libsock_get_cookie(sock_of(b), &cookie[2]));
    CHECK(getsockopt(a, SOL_SOCKET, SO_COOKIE, &raw, &len) == 0);
    CHECK_EQ_UINT(cookie[0], raw);
    CHECK_EQ_UINT(cookie[0], cookie[1]);
    CHECK_UINT(cookie[0], !=, cookie[2]);
    CHECK_OK(libsock_get_netns_cookie(sock_of(a), &netns[0]));
    CHECK_OK(libsock_get_netns_cookie(sock_of(b), &netns[1]));
    CHECK_EQ_UINT(netns[0], netns[1]);
    net_close(a);
    net_close(b);
}

TEST(incoming_cpu_is_known_after_traffic)
{
    uint32_t napi = 4711;
    char byte;
    int cpu = -1;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    net_send_all(pair[0], "a", 1);
    CHECK_EQ_INT(net_recv(pair[1], &byte, 1), 1);
    CHECK_OK(libsock_get_incoming_cpu(sock_of(pair[1]), &cpu));
    CHECK_INT(cpu, >=, 0);
    CHECK_OK(libsock_get_incoming_napi_id(sock_of(pair[1]), &napi));
    CHECK_UINT(napi, !=, 4711);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(tos_sets_the_priority_too)
{
    int fd = open_sort(UDP4);
    uint32_t priority = 0;

    CHECK_OK(libsock_set_tos_v4(sock_of(fd), 0x10)); /* low delay */
    CHECK_OK(libsock_get_priority(sock_of(fd), &priority));
    CHECK_EQ_UINT(priority, 6);
    net_close(fd);
}

/* --- Without privileges. */

static void expect_denied(int r)
{
    CHECK_EQ_INT(libsock_kind(r), LIBSOCK_KIND_PERMISSION_DENIED);
}

TEST(privileged_options_are_denied_to_others)
{
    int udp = open_sort(UDP4);
    int tcp = open_sort(TCP4);
    uint32_t priority = 0;
    size_t before = 0;
    size_t after = 0;

    CHECK_OK(libsock_get_recv_buffer_size(sock_of(udp), &before));
    /* Only the effective user, so that the harness can look at the rest. */
    if (getuid() == 0)
        CHECK(seteuid(65534) == 0);
    expect_denied(libsock_set_mark(sock_of(udp), 1));
    expect_denied(libsock_set_recv_buffer_size_force(sock_of(udp), 1 << 20));
    expect_denied(libsock_set_send_buffer_size_force(sock_of(udp), 1 << 20));
    expect_denied(libsock_set_priority(sock_of(udp), 7));
    CHECK_OK(libsock_set_priority(sock_of(udp), 6));
    expect_denied(libsock_set_ip_transparent_v4(sock_of(tcp), true));
    expect_denied(libsock_set_debug(sock_of(tcp), true));
    expect_denied(libsock_set_prefer_busy_poll(sock_of(udp), true));
    CHECK_OK(libsock_get_priority(sock_of(udp), &priority));
    CHECK_EQ_UINT(priority, 6);
    CHECK_OK(libsock_get_recv_buffer_size(sock_of(udp), &after));
    CHECK_EQ_UINT(after, before);
    if (getuid() == 0)
        CHECK(seteuid(0) == 0);
    net_close(udp);
    net_close(tcp);
}
