/* SPDX-License-Identifier: MIT */
/*
 * Connecting within a time: how each wait ends, that it is neither early nor
 * long, that a call can be repeated, and that the mode stays what it was.
 * System calls and injected failures are in unit/libsock/connect.c.
 * Threads meet at gates or in accept(); nothing else is shared.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/fd.h"
#include "support/net.h"
#include "support/netns.h"
#include "support/sock.h"
#include "support/thread.h"

#define CONNECT_SHORT_NS (30 * CLOCK_MS)
#define CONNECT_LONG_NS  (20 * CLOCK_S)

enum {
    CONNECT_CROWD_MAX = 16
};

/* A listener whose backlog takes nobody any more, and who filled it. */
struct connect_crowd {
    libsock_socket listener;
    libsock_addr at;
    libsock_socket waiting[CONNECT_CROWD_MAX];
    size_t n;
};

static void connect_crowd_close(struct connect_crowd *crowd)
{
    while (crowd->n > 0)
        sock_close(crowd->waiting[--crowd->n]);
    sock_close(crowd->listener);
}

/* Connect without waiting until one does not get through. */
static void connect_crowd_fill(struct connect_crowd *crowd)
{
    int domain = libsock_addr_domain(&crowd->at);
    bool full = false;

    while (!full) {
        libsock_socket sock =
            sock_open(domain, LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK);
        int r = libsock_connect(sock, &crowd->at);

        CHECK(r == 0 || libsock_in_progress(r) || libsock_would_block(r));
        CHECK_UINT(crowd->n, <, CONNECT_CROWD_MAX);
        full = r < 0 && !net_wait_writable(sock_fd(sock), 0);
        full = full || libsock_would_block(r);
        crowd->waiting[crowd->n++] = sock;
    }
    sock_close(crowd->waiting[--crowd->n]);
}

static void connect_crowd_tcp(struct connect_crowd *crowd)
{
    memset(crowd, 0, sizeof(*crowd));
    crowd->listener =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0, &crowd->at);
    CHECK_OK(libsock_listen(crowd->listener, 0));
    connect_crowd_fill(crowd);
}

static void connect_crowd_unix(struct connect_crowd *crowd)
{
    char path[NET_PATH_MAX];

    memset(crowd, 0, sizeof(*crowd));
    net_temp_path(path);
    CHECK_OK(libsock_addr_from_unix_path(path, strlen(path), &crowd->at));
    crowd->listener = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    CHECK_OK(libsock_bind(crowd->listener, &crowd->at));
    CHECK_OK(libsock_listen(crowd->listener, 0));
    connect_crowd_fill(crowd);
}

/* As libsock_connect_timeout(), with what every outcome has in common. */
static int connect_checked(libsock_socket sock, const libsock_addr *addr,
                           uint64_t timeout_ns)
{
    bool before = net_is_nonblocking(sock_fd(sock));
    uint64_t start = clock_ns();
    int r = libsock_connect_timeout(sock, addr, timeout_ns);
    uint64_t took = clock_ns() - start;

    CHECK_EQ_INT(net_is_nonblocking(sock_fd(sock)), before);
    if (libsock_kind(r) == LIBSOCK_KIND_TIMED_OUT)
        CHECK_UINT(took, >=, timeout_ns);
    CHECK_UINT(took, <,
               timeout_ns % CONNECT_LONG_NS +
                   CLOCK_S * 2 * clock_slow_factor());
    return r;
}

static const uint32_t connect_modes[] = {0, LIBSOCK_NONBLOCK};

#define EACH_MODE(flags)                                 \
 for (uint32_t i_ = 0, flags = connect_modes[0]; i_ < 2; \
      i_++, flags = connect_modes[i_ & 1])

static void connect_listener(int domain, uint64_t timeout_ns)
{
    EACH_MODE(flags)
    {
        libsock_addr at, peer;
        libsock_socket listener = sock_listening(domain, 0, &at);
        libsock_socket sock = sock_open(domain, LIBSOCK_TYPE_STREAM, flags);
        libsock_socket made = LIBSOCK_SOCKET_INIT;
        char byte = 0;

        CHECK_OK(connect_checked(sock, &at, timeout_ns));
        CHECK_OK(libsock_peer_addr(sock, &peer));
        CHECK(libsock_addr_equal(&peer, &at));
        CHECK_OK(libsock_accept(listener, 0, &made, NULL));
        CHECK_EQ_INT(libsock_send(sock, "x", 1, 0), 1);
        CHECK_EQ_INT(libsock_recv(made, &byte, 1, 0), 1);
        CHECK_EQ_INT(byte, 'x');
        sock_close(made);
        sock_close(sock);
        sock_close(listener);
    }
}

TEST(a_listener_is_reached)
{
    connect_listener(LIBSOCK_DOMAIN_IPV4, CONNECT_LONG_NS);
    if (net_has_ipv6())
        connect_listener(LIBSOCK_DOMAIN_IPV6, CONNECT_LONG_NS);
}

TEST(a_time_of_zero_looks_once_and_may_succeed)
{
    connect_listener(LIBSOCK_DOMAIN_IPV4, 0);
}

TEST(for_ever_and_other_long_times_are_no_hindrance)
{
    /* 25 days are more milliseconds than an int holds. */
    connect_listener(LIBSOCK_DOMAIN_IPV4, 25 * 86400 * CLOCK_S);
    connect_listener(LIBSOCK_DOMAIN_IPV4, LIBSOCK_NO_TIMEOUT - 1);
    connect_listener(LIBSOCK_DOMAIN_IPV4, LIBSOCK_NO_TIMEOUT);
}

TEST(a_moment_that_has_passed_looks_once)
{
    struct connect_crowd crowd;
    libsock_addr at;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);

    CHECK_OK(libsock_connect_until(sock, &at, 0));
    sock_close(sock);
    sock_close(listener);
    connect_crowd_tcp(&crowd);
    sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    CHECK_KIND(libsock_connect_until(sock, &crowd.at, libsock_now_ns()),
               TIMED_OUT);
    sock_close(sock);
    connect_crowd_close(&crowd);
}

TEST(the_clock_goes_forward)
{
    uint64_t before = clock_ns();
    uint64_t now = libsock_now_ns();

    CHECK_UINT(now, >=, before);
    CHECK_UINT(libsock_now_ns(), >=, now);
    CHECK_UINT(clock_ns(), >=, now);
}

TEST(a_closed_port_refuses)
{
    libsock_addr at;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4,
                                   net_tcp_refused_port(NET_IPV4), &at));
    EACH_MODE(flags)
    {
        libsock_socket sock =
            sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, flags);
        int error = 1;

        CHECK_KIND(connect_checked(sock, &at, CONNECT_LONG_NS),
                   CONNECTION_REFUSED);
        CHECK_OK(libsock_take_error(sock, &error));
        CHECK_EQ_INT(error, 0);
        sock_close(sock);
    }
}

TEST(a_full_backlog_takes_the_whole_time)
{
    struct connect_crowd crowd;

    connect_crowd_tcp(&crowd);
    EACH_MODE(flags)
    {
        libsock_socket sock =
            sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, flags);

        CHECK_KIND(connect_checked(sock, &crowd.at, CONNECT_SHORT_NS),
                   TIMED_OUT);
        CHECK_KIND(connect_checked(sock, &crowd.at, 0), TIMED_OUT);
        CHECK_KIND(connect_checked(sock, &crowd.at, 1), TIMED_OUT);
        sock_close(sock);
    }
    connect_crowd_close(&crowd);
}

TEST(a_second_call_goes_on_with_the_connection)
{
    struct connect_crowd crowd;
    libsock_socket sock, made;
    libsock_addr local, peer;

    connect_crowd_tcp(&crowd);
    sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    CHECK_KIND(connect_checked(sock, &crowd.at, CONNECT_SHORT_NS), TIMED_OUT);
    CHECK_OK(libsock_local_addr(sock, &local));
    for (size_t i = 0; i < crowd.n; i++) {
        CHECK_OK(libsock_accept(crowd.listener, 0, &made, NULL));
        sock_close(made);
    }
    /* The system knocks again after a second. */
    CHECK_OK(connect_checked(sock, &crowd.at, CONNECT_LONG_NS));
    CHECK_OK(libsock_accept(crowd.listener, 0, &made, &peer));
    CHECK(libsock_addr_equal(&peer, &local));
    sock_close(made);
    sock_close(sock);
    connect_crowd_close(&crowd);
}

TEST(connected_to_that_peer_already_is_a_success)
{
    libsock_addr at, other;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);

    CHECK_OK(connect_checked(sock, &at, CONNECT_LONG_NS));
    CHECK_OK(connect_checked(sock, &at, CONNECT_LONG_NS));
    CHECK_OK(connect_checked(sock, &at, 0));
    other = at;
    CHECK_OK(libsock_addr_set_port(&other, 1));
    CHECK_KIND(connect_checked(sock, &other, 0), ALREADY_CONNECTED);
    sock_close(sock);
    sock_close(listener);
}

/* Words in a row for a thread that lets people in. */
struct connect_door {
    struct connect_crowd *crowd;
    gate *go;
    libsock_socket made;
};

static void connect_open_door(void *arg)
{
    struct connect_door *door = arg;

    gate_wait(door->go);
    /* The one that is wanted stands behind all who wait. */
    for (size_t i = 0; i < door->crowd->n; i++) {
        CHECK_OK(libsock_accept(door->crowd->listener, 0, &door->made, NULL));
        sock_close(door->made);
    }
    CHECK_OK(libsock_accept(door->crowd->listener, 0, &door->made, NULL));
}

static void connect_unix_crowded(uint32_t flags)
{
    struct connect_crowd crowd;
    struct connect_door door = {&crowd, gate_new(), LIBSOCK_SOCKET_INIT};
    libsock_socket sock;
    thread *doorman;
    char byte = 0;

    connect_crowd_unix(&crowd);
    sock = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, flags);
    CHECK_KIND(connect_checked(sock, &crowd.at, 0), TIMED_OUT);
    CHECK_KIND(connect_checked(sock, &crowd.at, CONNECT_SHORT_NS), TIMED_OUT);
    doorman = thread_start(connect_open_door, &door);
    gate_open(door.go);
    CHECK_OK(connect_checked(sock, &crowd.at, CONNECT_LONG_NS));
    thread_join(doorman);
    CHECK_EQ_INT(libsock_send(sock, "u", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(door.made, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'u');
    sock_close(door.made);
    sock_close(sock);
    connect_crowd_close(&crowd);
    gate_free(door.go);
}

TEST(a_full_unix_backlog_is_waited_for)
{
    connect_unix_crowded(0);
    connect_unix_crowded(LIBSOCK_NONBLOCK);
}

TEST(a_unix_listener_that_is_gone_refuses)
{
    struct connect_crowd crowd;
    libsock_socket sock;

    connect_crowd_unix(&crowd);
    connect_crowd_close(&crowd);
    EACH_MODE(flags)
    {
        sock = sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, flags);
        CHECK_KIND(connect_checked(sock, &crowd.at, CONNECT_LONG_NS),
                   CONNECTION_REFUSED);
        sock_close(sock);
    }
}

static void connect_on_signal(void)
{
}

TEST(a_signal_is_reported_and_the_wait_can_go_on)
{
    void (*const crowds[])(struct connect_crowd *) = {connect_crowd_tcp,
                                                      connect_crowd_unix};

    signal_handle(connect_on_signal);
    for (size_t i = 0; i < 2; i++) {
        struct connect_crowd crowd;
        libsock_socket sock;
        uint64_t deadline;
        int interrupted = 0;
        int r;

        crowds[i](&crowd);
        sock =
            sock_open(libsock_addr_domain(&crowd.at), LIBSOCK_TYPE_STREAM, 0);
        deadline = libsock_now_ns() + 100 * CLOCK_MS;
        signal_every(5);
        do {
            r = libsock_connect_until(sock, &crowd.at, deadline);
            CHECK(!net_is_nonblocking(sock_fd(sock)));
            interrupted += libsock_interrupted(r);
        } while (libsock_interrupted(r));
        signal_every(0);
        CHECK_KIND(r, TIMED_OUT);
        CHECK_INT(interrupted, >, 0);
        CHECK_UINT(libsock_now_ns(), >=, deadline);
        sock_close(sock);
        connect_crowd_close(&crowd);
    }
}

TEST(a_datagram_socket_is_connected_at_once)
{
    libsock_addr at, peer;
    libsock_socket to =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &at);

    EACH_MODE(flags)
    {
        libsock_socket sock =
            sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, flags);

        CHECK_OK(connect_checked(sock, &at, 0));
        CHECK_OK(libsock_peer_addr(sock, &peer));
        CHECK(libsock_addr_equal(&peer, &at));
        sock_close(sock);
    }
    sock_close(to);
}

/* 198.51.100.2 is known to be behind a wire on which nobody answers. */
static void connect_black_hole(void)
{
    int ns = netns_open();
    const struct netns_end here = {ns, "v0"};
    const struct netns_end there = {ns, "v1"};

    netns_wire(&here, &there);
    netns_ip("addr add 198.51.100.1/24 dev v0");
    netns_ip("neigh add 198.51.100.2 lladdr 02:00:00:00:00:02 dev v0");
    net_close(ns);
}

TEST(what_answers_nothing_times_out)
{
    libsock_addr at;

    netns_enter();
    connect_black_hole();
    CHECK_OK(libsock_addr_parse("198.51.100.2:80", 15, &at));
    EACH_MODE(flags)
    {
        libsock_socket sock =
            sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, flags);

        CHECK_KIND(connect_checked(sock, &at, CONNECT_SHORT_NS), TIMED_OUT);
        CHECK_KIND(connect_checked(sock, &at, CONNECT_SHORT_NS), TIMED_OUT);
        sock_close(sock);
    }
    netns_ip("route add unreachable 203.0.113.0/24");
    CHECK_OK(libsock_addr_parse("203.0.113.1:80", 14, &at));
    EACH_MODE(flags)
    {
        libsock_socket sock =
            sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, flags);

        CHECK_KIND(connect_checked(sock, &at, CONNECT_LONG_NS),
                   HOST_UNREACHABLE);
        sock_close(sock);
    }
}
