/* SPDX-License-Identifier: MIT */
/*
 * What options do that shows on the loopback already, of both families: how
 * many segments leave, when they are acknowledged, when a timer runs, how much
 * fits, how long close() takes, who of two receivers is taken. What needs wires
 * is tested in opt_wire.c, what a peer sees of an address in opt_ip.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/clock.h"
#include "support/net.h"

enum {
    ATTEMPTS = 50, /* for what a busy machine may spoil */
    SMALL = 4096,
    LARGE = 65536
};

static libsock_tcp_info info_of(int fd)
{
    libsock_tcp_info info;

    CHECK_OK(libsock_get_tcp_info(sock_of(fd), sizeof(info), &info));
    return info;
}

/* --- Segments. */

/* Three writes of one byte: in how many segments do they arrive? */
static uint32_t segments_of_three(enum net_family family, bool nodelay)
{
    uint32_t before;
    uint32_t after;
    char word[3];
    int pair[2];

    net_tcp_pair(family, pair);
    /* Else an acknowledgement lets the next go before all are written. */
    CHECK_OK(libsock_set_tcp_quickack(sock_of(pair[1]), false));
    CHECK_OK(libsock_set_tcp_nodelay(sock_of(pair[0]), nodelay));
    before = info_of(pair[1]).segments_received;
    for (int i = 0; i < 3; i++)
        net_send_all(pair[0], &"abc"[i], 1);
    net_recv_all(pair[1], word, 3);
    after = info_of(pair[1]).segments_received;
    CHECK_EQ_MEM(word, "abc", 3);
    net_close(pair[0]);
    net_close(pair[1]);
    return after - before;
}

TEST(nodelay_sends_each_write_at_once)
{
    NET_EACH_FAMILY(family)
    {
        int attempts = 0;

        while (segments_of_three(family, false) != 2)
            CHECK_INT(++attempts, <, ATTEMPTS);
        CHECK_EQ_UINT(segments_of_three(family, true), 3);
    }
}

/* Whether a byte that was received is acknowledged not before it is made quick.
 * One attempt: the delay, of 40 ms, may have passed. */
static bool is_acknowledged_late(enum net_family family)
{
    bool late;
    char byte;
    int pair[2];

    net_tcp_pair(family, pair);
    CHECK_OK(libsock_set_tcp_quickack(sock_of(pair[1]), false));
    net_send_all(pair[0], "x", 1);
    CHECK_EQ_INT(net_recv(pair[1], &byte, 1), 1);
    late = info_of(pair[0]).unacked == 1;
    CHECK_OK(libsock_set_tcp_quickack(sock_of(pair[1]), true));
    late = late && info_of(pair[0]).unacked == 0;
    net_close(pair[0]);
    net_close(pair[1]);
    return late;
}

TEST(quickack_acknowledges_at_once)
{
    NET_EACH_FAMILY(family)
    {
        int attempts = 0;

        while (!is_acknowledged_late(family))
            CHECK_INT(++attempts, <, ATTEMPTS);
    }
}

/* --- Timers, as the kernel lists them. */

/* The kernel's line about a connection: which timer runs, and how long yet. */
struct timer {
    unsigned sort; /* 0: none, 2: keepalive */
    uint64_t ns;
};

static struct timer timer_of(int fd, enum net_family family)
{
    FILE *file =
        fopen(family == NET_IPV4 ? "/proc/net/tcp" : "/proc/net/tcp6", "re");
    struct timer timer = {99, 0};
    char line[512];

    CHECK(file != NULL);
    while (fgets(line, sizeof(line), file) != NULL) {
        unsigned local, peer, sort;
        unsigned long ticks;

        if (sscanf(line, "%*d: %*[0-9A-F]:%x %*[0-9A-F]:%x %*x %*x:%*x %x:%lx",
                   &local, &peer, &sort, &ticks) != 4 ||
            local != net_local_port(fd) || peer != net_peer_port(fd))
            continue;
        timer.sort = sort;
        timer.ns = ticks * (NS_PER_S / 100); /* in every kernel's lists */
    }
    CHECK_EQ_INT(fclose(file), 0);
    CHECK_UINT(timer.sort, !=, 99);
    return timer;
}

static void expect_keepalive(int fd, enum net_family family, uint64_t ns)
{
    struct timer timer = timer_of(fd, family);

    CHECK_EQ_UINT(timer.sort, 2);
    CHECK_UINT(timer.ns, <=, ns + NS_PER_S);
    CHECK_UINT(timer.ns, >, ns - ns / 4);
}

TEST(keepalive_runs_a_timer)
{
    libsock_keepalive all = {500 * NS_PER_S, NS_PER_S, 9, 0};

    NET_EACH_FAMILY(family)
    {
        int pair[2];

        net_tcp_pair(family, pair);
        CHECK_EQ_UINT(timer_of(pair[0], family).sort, 0);
        CHECK_OK(
            libsock_set_tcp_keepalive_time(sock_of(pair[0]), 1000 * NS_PER_S));
        CHECK_EQ_UINT(timer_of(pair[0], family).sort, 0);
        CHECK_OK(libsock_set_keepalive(sock_of(pair[0]), true));
        expect_keepalive(pair[0], family, 1000 * NS_PER_S);
        CHECK_OK(libsock_set_keepalive(sock_of(pair[0]), false));
        CHECK_EQ_UINT(timer_of(pair[0], family).sort, 0);
        CHECK_OK(libsock_set_tcp_keepalive(sock_of(pair[0]), &all));
        expect_keepalive(pair[0], family, 500 * NS_PER_S);
        net_close(pair[0]);
        net_close(pair[1]);
    }
}

/* --- How much fits. */

static unsigned datagrams_that_fit(enum net_family family, size_t size)
{
    static const char block[1000];
    char waste[sizeof(block)];
    unsigned count = 0;
    size_t limit = 0;
    uint16_t port;
    int fd = net_udp_bind(family, &port);

    CHECK_OK(libsock_set_recv_buffer_size(sock_of(fd), size));
    CHECK_OK(libsock_get_recv_buffer_size(sock_of(fd), &limit));
    for (int i = 0; i < 200; i++)
        net_udp_send(fd, family, port, block, sizeof(block));
    net_set_nonblocking(fd, true);
    while (net_recv(fd, waste, sizeof(waste)) == sizeof(block))
        count++;
    CHECK_UINT(count * sizeof(block), <=, limit);
    net_close(fd);
    return count;
}

TEST(recv_buffer_size_bounds_what_waits)
{
    NET_EACH_FAMILY(family)
    {
        unsigned small = datagrams_that_fit(family, SMALL);

        CHECK_UINT(small, >, 0);
        CHECK_UINT(datagrams_that_fit(family, LARGE), >, small * 4);
    }
}

/* What one end takes while the other, with a small window, reads nothing. */
static size_t bytes_that_fit(int pair[2], size_t size)
{
    size_t filled;

    CHECK_OK(libsock_set_recv_buffer_size(sock_of(pair[1]), SMALL));
    CHECK_OK(libsock_set_send_buffer_size(sock_of(pair[0]), size));
    net_set_nonblocking(pair[0], true);
    filled = net_fill(pair[0]);
    net_close(pair[0]);
    net_close(pair[1]);
    return filled;
}

TEST(send_buffer_size_bounds_what_is_taken)
{
    size_t small;
    int pair[2];

    NET_EACH_FAMILY(family)
    {
        net_tcp_pair(family, pair);
        small = bytes_that_fit(pair, SMALL);
        net_tcp_pair(family, pair);
        CHECK_UINT(bytes_that_fit(pair, LARGE), >, small + LARGE / 2);
    }
    net_unix_pair(NET_STREAM, pair);
    small = bytes_that_fit(pair, SMALL);
    net_unix_pair(NET_STREAM, pair);
    CHECK_UINT(bytes_that_fit(pair, LARGE), >, small + LARGE / 2);
}

/* --- Closing. */

TEST(linger_waits_for_what_was_sent)
{
    uint64_t start;
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_linger(sock_of(pair[0]), NS_PER_S / 2));
    net_set_nonblocking(pair[0], true);
    net_fill(pair[0]);
    net_set_nonblocking(pair[0], false);
    start = clock_ns();
    net_close(pair[0]);
    /* The kernel counts whole seconds, from half of one up. */
    CHECK_UINT(clock_ns() - start, >=, NS_PER_S / 2);
    /* Without any of it the same is quick, and nothing is lost by that. */
    net_set_nonblocking(pair[1], true);
    CHECK_UINT(net_drain(pair[1]), >, 0);
    net_close(pair[1]);
}

/* --- Who gets it, and how it is told. */

/* Two receivers of one address; the one that was bound last is taken when
 * nothing else decides. */
static void open_receivers(enum net_family family, int out_fd[2])
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_loopback(family == NET_IPV4 ? LIBSOCK_DOMAIN_IPV4
                                                      : LIBSOCK_DOMAIN_IPV6,
                                   0, &addr));
    for (int i = 0; i < 2; i++) {
        out_fd[i] = open_sort(udp_of(family));
        CHECK_OK(libsock_set_reuse_address(sock_of(out_fd[i]), true));
        CHECK_OK(libsock_bind(sock_of(out_fd[i]), &addr));
        CHECK_OK(libsock_local_addr(sock_of(out_fd[i]), &addr));
        net_set_nonblocking(out_fd[i], true);
    }
}

/* Stay on the processor on which the thread runs: its number. */
static int stay_here(void)
{
    cpu_set_t one;
    int cpu = sched_getcpu();

    CHECK_INT(cpu, >=, 0);
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
    return cpu;
}

TEST(incoming_cpu_is_preferred)
{
    int cpu = stay_here();

    NET_EACH_FAMILY(family)
    {
        uint16_t ignored;
        int sender = net_udp_bind(family, &ignored);
        char byte;
        int fd[2];

        open_receivers(family, fd);
        for (int turn = 0; turn < 4; turn++) {
            int preferred = turn % 2;

            CHECK_OK(libsock_set_incoming_cpu(sock_of(fd[preferred]), cpu));
            CHECK_OK(
                libsock_set_incoming_cpu(sock_of(fd[1 - preferred]), cpu + 1));
            net_udp_send(sender, family, net_local_port(fd[0]), "x", 1);
            CHECK_EQ_INT(net_recv(fd[preferred], &byte, 1), 1);
            CHECK_ERR(net_recv(fd[1 - preferred], &byte, 1), EAGAIN);
        }
        net_close(fd[0]);
        net_close(fd[1]);
        net_close(sender);
    }
}

TEST(priority_goes_with_the_packet)
{
    enum {
        RECV_PRIORITY = 82 /* SO_RCVPRIORITY */
    };
    const int on = 1;

    NET_EACH_FAMILY(family)
    {
        struct opt_control priority = {SOL_SOCKET, SO_PRIORITY, {0}, 0};
        uint16_t port;
        int receiver = net_udp_bind(family, &port);
        int sender = open_sort(udp_of(family));

        if (setsockopt(receiver, SOL_SOCKET, RECV_PRIORITY, &on, sizeof(on)) <
            0) {
            net_close(receiver);
            net_close(sender);
            SKIP("Linux before 6.14 does not show it");
        }
        for (uint32_t value = 0; value <= 6; value++) {
            CHECK_OK(libsock_set_priority(sock_of(sender), value));
            net_udp_send(sender, family, port, "x", 1);
            CHECK_EQ_INT(recv_control(receiver, 0, NULL, 0, &priority), 1);
            CHECK_EQ_INT(control_int(&priority), value);
        }
        net_close(receiver);
        net_close(sender);
    }
}
