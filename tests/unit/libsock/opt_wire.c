/* SPDX-License-Identifier: MIT */
/*
 * Options that choose a way, or judge one that is lost, on two wires between
 * two networks of our own: by which interface a socket is reached, by which it
 * sends, by which rule, and when it gives up on a peer that does not answer.
 * What needs no more than the loopback is tested in opt_effect.c.
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
#include "support/netns.h"

enum {
    NEAR = 1, /* the last part of the addresses of this end */
    FAR = 2,
    WIRES = 2,
    MARK = 7,
    SECONDS = 10 /* longer than anything here takes */
};

static const char *const near_names[WIRES] = {"near0", "near1"};
static const char *const far_names[WIRES] = {"far0", "far1"};

/* The two namespaces. Wire I has the addresses 10.9.I.END and fd09:I::END. */
struct wires {
    int near_ns;
    int far_ns;
};

static void add_addresses(const char *const names[WIRES], int end)
{
    for (int i = 0; i < WIRES; i++) {
        netns_ip("addr add 10.9.%d.%d/24 dev %s", i, end, names[i]);
        if (net_has_ipv6())
            netns_ip("addr add fd09:%d::%d/64 dev %s nodad", i, end, names[i]);
    }
}

/* The thread is at the near end afterwards. */
static struct wires wires_open(void)
{
    struct wires wires;

    netns_enter();
    wires.near_ns = netns_open();
    netns_enter();
    wires.far_ns = netns_open();
    for (int i = 0; i < WIRES; i++) {
        struct netns_end here = {wires.near_ns, near_names[i]};
        struct netns_end there = {wires.far_ns, far_names[i]};

        netns_wire(&here, &there);
    }
    netns_move(wires.far_ns);
    add_addresses(far_names, FAR);
    netns_move(wires.near_ns);
    add_addresses(near_names, NEAR);
    return wires;
}

static void wires_close(const struct wires *wires)
{
    net_close(wires->near_ns);
    net_close(wires->far_ns);
}

/* A socket that was made at the far end; sockets stay where they were made. */
static int far_socket(const struct wires *wires, enum sort sort)
{
    int fd;

    netns_move(wires->far_ns);
    fd = open_sort(sort);
    netns_move(wires->near_ns);
    return fd;
}

static libsock_addr address(const char *text, uint16_t port)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse_ip(text, strlen(text), port, &addr));
    return addr;
}

static libsock_addr on_wire(enum net_family family, int wire, int end,
                            uint16_t port)
{
    char text[32];

    (void)snprintf(text, sizeof(text),
                   family == NET_IPV4 ? "10.9.%d.%d" : "fd09:%d::%d", wire,
                   end);
    return address(text, port);
}

static void bind_to_any(int fd, enum net_family family)
{
    libsock_addr any;

    CHECK_OK(libsock_addr_any(family == NET_IPV4 ? LIBSOCK_DOMAIN_IPV4
                                                 : LIBSOCK_DOMAIN_IPV6,
                              0, &any));
    CHECK_OK(libsock_bind(sock_of(fd), &any));
}

/* Nothing arrives within 50 ms, or one byte within some seconds. */
static void expect_arrival(int fd, bool expected)
{
    char byte;

    CHECK_EQ_INT(net_wait_readable(fd, expected ? SECONDS * 1000 : 50),
                 expected);
    if (expected)
        CHECK_EQ_INT(net_recv(fd, &byte, 1), 1);
}

/* --- Bound to a device. */

/* Bind to near1, or to none any more. */
static int bind_by_name(int fd, enum net_family family, bool on)
{
    (void)family;
    return libsock_set_device(sock_of(fd), near_names[1],
                              on ? strlen(near_names[1]) : 0);
}

static int bind_by_index(int fd, enum net_family family, bool on)
{
    uint32_t index = on ? if_nametoindex(near_names[1]) : 0;

    return family == NET_IPV4 ? libsock_set_device_index_v4(sock_of(fd), index)
                              : libsock_set_device_index_v6(sock_of(fd), index);
}

static int (*const bind_ways[])(int, enum net_family, bool) = {bind_by_name,
                                                               bind_by_index};

static void expect_datagram(const struct wires *wires, int receiver,
                            const libsock_addr *to, bool expected)
{
    bool v4 = libsock_addr_domain(to) == LIBSOCK_DOMAIN_IPV4;
    int sender = far_socket(wires, v4 ? UDP4 : UDP6);

    CHECK_EQ_INT(libsock_send_to(sock_of(sender), "x", 1, 0, to), 1);
    expect_arrival(receiver, expected);
    net_close(sender);
}

static void check_datagrams(const struct wires *wires, enum net_family family,
                            int way)
{
    int fd = open_sort(udp_of(family));
    libsock_addr to[WIRES];

    bind_to_any(fd, family);
    for (int i = 0; i < WIRES; i++) {
        to[i] = on_wire(family, i, NEAR, net_local_port(fd));
        expect_datagram(wires, fd, &to[i], true);
    }
    CHECK_OK(bind_ways[way](fd, family, true));
    expect_datagram(wires, fd, &to[0], false);
    expect_datagram(wires, fd, &to[1], true);
    CHECK_OK(bind_ways[way](fd, family, false));
    expect_datagram(wires, fd, &to[0], true);
    net_close(fd);
}

static int connect_from_far(const struct wires *wires, const libsock_addr *to)
{
    bool v4 = libsock_addr_domain(to) == LIBSOCK_DOMAIN_IPV4;
    int client = far_socket(wires, v4 ? TCP4 : TCP6);
    int r = libsock_connect_timeout(sock_of(client), to, SECONDS * CLOCK_S);

    net_close(client);
    return r;
}

static void check_listener(const struct wires *wires, enum net_family family,
                           int way)
{
    int fd = open_sort(tcp_of(family));
    libsock_addr to[WIRES];

    bind_to_any(fd, family);
    CHECK_OK(bind_ways[way](fd, family, true));
    CHECK_OK(libsock_listen(sock_of(fd), 8));
    for (int i = 0; i < WIRES; i++)
        to[i] = on_wire(family, i, NEAR, net_local_port(fd));
    CHECK_EQ_INT(libsock_kind(connect_from_far(wires, &to[0])),
                 LIBSOCK_KIND_CONNECTION_REFUSED);
    CHECK_OK(connect_from_far(wires, &to[1]));
    CHECK_OK(bind_ways[way](fd, family, false));
    CHECK_OK(connect_from_far(wires, &to[0]));
    net_close(fd);
}

TEST(a_device_decides_who_reaches_a_socket)
{
    struct wires wires = wires_open();

    NET_EACH_FAMILY(family)
    {
        for (int way = 0; way < 2; way++) {
            check_datagrams(&wires, family, way);
            check_listener(&wires, family, way);
        }
    }
    wires_close(&wires);
}

/* --- Which way out. */

/* Somewhere else is behind both wires, and nearer by the first. */
static void add_routes(void)
{
    for (int i = 0; i < WIRES; i++) {
        netns_ip("route add 198.51.100.0/24 dev %s metric %d", near_names[i],
                 i + 1);
        if (net_has_ipv6())
            netns_ip("route add 2001:db8::/32 dev %s metric %d", near_names[i],
                     i + 1);
    }
}

/* By which wire the socket goes there, told by the address that it gets. */
static void expect_way(int fd, enum net_family family, int wire)
{
    libsock_addr to =
        address(family == NET_IPV4 ? "198.51.100.1" : "2001:db8::1", 9);
    libsock_addr want = on_wire(family, wire, NEAR, 0);
    libsock_addr local;
    int r;

    net_set_nonblocking(fd, true);
    r = libsock_connect(sock_of(fd), &to);
    CHECK(r == 0 || libsock_in_progress(r));
    CHECK_OK(libsock_local_addr(sock_of(fd), &local));
    CHECK_OK(libsock_addr_set_port(&local, 0));
    CHECK(libsock_addr_equal(&local, &want));
    net_close(fd);
}

TEST(a_device_decides_which_way_a_socket_sends)
{
    struct wires wires = wires_open();

    add_routes();
    NET_EACH_FAMILY(family)
    {
        const enum sort sorts[] = {udp_of(family), tcp_of(family)};

        for (int i = 0; i < 2; i++) {
            expect_way(open_sort(sorts[i]), family, 0);
            for (int way = 0; way < 2; way++) {
                int fd = open_sort(sorts[i]);

                CHECK_OK(bind_ways[way](fd, family, true));
                expect_way(fd, family, 1);
            }
        }
    }
    wires_close(&wires);
}

static void add_rule(const char *ip_version, const char *to)
{
    if (!netns_try_ip("%s rule add fwmark %d table 100", ip_version, MARK))
        SKIP("no rules for routing in this kernel");
    netns_ip("%s route add %s dev near1 table 100", ip_version, to);
}

TEST(a_mark_is_seen_by_the_rules_of_routing)
{
    struct wires wires = wires_open();

    add_routes();
    add_rule("-4", "198.51.100.0/24");
    if (net_has_ipv6())
        add_rule("-6", "2001:db8::/32");
    NET_EACH_FAMILY(family)
    {
        const enum sort sorts[] = {udp_of(family), tcp_of(family)};

        for (int i = 0; i < 2; i++) {
            int other = open_sort(sorts[i]);
            int fd = open_sort(sorts[i]);

            CHECK_OK(libsock_set_mark(sock_of(other), MARK + 1));
            expect_way(other, family, 0);
            CHECK_OK(libsock_set_mark(sock_of(fd), MARK));
            expect_way(fd, family, 1);
        }
    }
    wires_close(&wires);
}

/* --- Which way to a group. */

static const uint8_t group4[4] = {239, 255, 17, 22};
static const uint8_t group6[16] = {0xff, 0x15, [14] = 0x17, [15] = 0x22};

/*
 * A member at the far end, on wire 0 or 1, or by index 0. It is bound to the
 * device as well: IPv6 would take what came by another, as others have joined.
 */
static int far_member(const struct wires *wires, enum net_family family,
                      int wire, uint16_t port)
{
    int fd = far_socket(wires, udp_of(family));
    libsock_socket sock = sock_of(fd);
    libsock_addr any;
    uint32_t index;

    netns_move(wires->far_ns);
    index = wire < WIRES ? if_nametoindex(far_names[wire]) : 0;
    netns_move(wires->near_ns);
    CHECK_OK(libsock_set_reuse_address(sock, true));
    CHECK_OK(libsock_addr_any(family == NET_IPV4 ? LIBSOCK_DOMAIN_IPV4
                                                 : LIBSOCK_DOMAIN_IPV6,
                              port, &any));
    CHECK_OK(libsock_bind(sock, &any));
    if (family == NET_IPV4) {
        CHECK_OK(libsock_set_device_index_v4(sock, index));
        CHECK_OK(libsock_join_multicast_v4_n(sock, group4, index));
    } else {
        CHECK_OK(libsock_set_device_index_v6(sock, index));
        CHECK_OK(libsock_join_multicast_v6(sock, group6, index));
    }
    return fd;
}

static void send_to_group(int sender, enum net_family family, uint16_t port)
{
    libsock_addr to =
        address(family == NET_IPV4 ? "239.255.17.22" : "ff15::1722", port);

    CHECK_EQ_INT(libsock_send_to(sock_of(sender), "x", 1, 0, &to), 1);
}

/* Who gets what the sender sends: the member on this wire, not the other. */
static void expect_member(const int member[WIRES], int sender,
                          enum net_family family, int wire)
{
    send_to_group(sender, family, net_local_port(member[0]));
    expect_arrival(member[wire], true);
    expect_arrival(member[1 - wire], false);
}

static void check_group_v4(const int member[WIRES])
{
    for (int wire = WIRES - 1; wire >= 0; wire--) {
        const uint8_t local[4] = {10, 9, (uint8_t)wire, NEAR};
        int sender = open_sort(UDP4);
        libsock_socket sock = sock_of(sender);
        uint8_t octets[4];

        CHECK_OK(libsock_set_multicast_if_v4(sock, local));
        expect_member(member, sender, NET_IPV4, wire);
        CHECK_OK(libsock_get_multicast_if_v4(sock, octets));
        CHECK_EQ_MEM(octets, local, 4);
        CHECK_OK(libsock_set_multicast_if_v4_n(
            sock, if_nametoindex(near_names[1 - wire])));
        expect_member(member, sender, NET_IPV4, 1 - wire);
        net_close(sender);
    }
}

static void check_group_v6(const int member[WIRES])
{
    int sender = open_sort(UDP6);

    for (int wire = WIRES - 1; wire >= 0; wire--) {
        uint32_t index = if_nametoindex(near_names[wire]);
        uint32_t read = 0;

        CHECK_OK(libsock_set_multicast_if_v6(sock_of(sender), index));
        expect_member(member, sender, NET_IPV6, wire);
        CHECK_OK(libsock_get_multicast_if_v6(sock_of(sender), &read));
        CHECK_EQ_UINT(read, index);
    }
    net_close(sender);
}

TEST(a_group_is_sent_to_by_the_interface)
{
    struct wires wires = wires_open();

    NET_EACH_FAMILY(family)
    {
        int member[WIRES];

        member[0] = far_member(&wires, family, 0, 0);
        member[1] = far_member(&wires, family, 1, net_local_port(member[0]));
        if (family == NET_IPV4)
            check_group_v4(member);
        else
            check_group_v6(member);
        net_close(member[0]);
        net_close(member[1]);
    }
    wires_close(&wires);
}

/* Index 0, and no choice at all: as the routes say. */
TEST(without_an_interface_routes_decide_about_groups)
{
    static const uint8_t any[4] = {0};
    struct wires wires = wires_open();
    int sender = open_sort(UDP4);
    int member;

    netns_move(wires.far_ns);
    netns_ip("route add 239.0.0.0/8 dev far1");
    netns_move(wires.near_ns);
    netns_ip("route add 239.0.0.0/8 dev near1");
    member = far_member(&wires, NET_IPV4, WIRES, 0);
    send_to_group(sender, NET_IPV4, net_local_port(member));
    expect_arrival(member, true);
    CHECK_OK(libsock_set_multicast_if_v4_n(sock_of(sender),
                                           if_nametoindex("near0")));
    send_to_group(sender, NET_IPV4, net_local_port(member));
    expect_arrival(member, false);
    CHECK_OK(libsock_set_multicast_if_v4(sock_of(sender), any));
    send_to_group(sender, NET_IPV4, net_local_port(member));
    expect_arrival(member, true);
    CHECK_OK(libsock_leave_multicast_v4_n(sock_of(member), group4, 0));
    send_to_group(sender, NET_IPV4, net_local_port(member));
    expect_arrival(member, false);
    CHECK_EQ_INT(
        libsock_kind(libsock_leave_multicast_v4_n(sock_of(member), group4, 0)),
        LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
    net_close(sender);
    net_close(member);
    wires_close(&wires);
}

/* --- A peer that is lost. */

/* A connection by wire 0 from here, on which nothing arrives any more. */
static void lost_pair(const struct wires *wires, enum net_family family,
                      int out_fd[2])
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    libsock_addr to = on_wire(family, 0, FAR, 0);
    int listener = far_socket(wires, tcp_of(family));

    CHECK_OK(libsock_bind(sock_of(listener), &to));
    CHECK_OK(libsock_listen(sock_of(listener), 1));
    CHECK_OK(libsock_local_addr(sock_of(listener), &to));
    netns_try_ip("neigh del %s dev near0",
                 family == NET_IPV4 ? "10.9.0.2" : "fd09:0::2");
    out_fd[0] = open_sort(tcp_of(family));
    CHECK_OK(
        libsock_connect_timeout(sock_of(out_fd[0]), &to, SECONDS * CLOCK_S));
    out_fd[1] = net_accept(listener);
    net_close(listener);
    CHECK_OK(libsock_addr_print_ip(&to, text, sizeof(text)));
    netns_ip("neigh replace %s lladdr 02:00:00:00:00:99 dev near0 "
             "nud permanent",
             text);
}

TEST(user_timeout_ends_a_connection_without_answers)
{
    struct wires wires = wires_open();

    NET_EACH_FAMILY(family)
    {
        uint64_t start;
        int pair[2];
        char byte;

        lost_pair(&wires, family, pair);
        CHECK_OK(
            libsock_set_tcp_user_timeout(sock_of(pair[0]), 300 * CLOCK_MS));
        start = clock_ns();
        net_send_all(pair[0], "x", 1);
        CHECK(net_wait_readable(pair[0], SECONDS * 1000));
        CHECK_EQ_INT(libsock_kind(net_recv(pair[0], &byte, 1)),
                     LIBSOCK_KIND_TIMED_OUT);
        CHECK_UINT(clock_ns() - start, >=, 300 * CLOCK_MS);
        net_close(pair[0]);
        net_close(pair[1]);
    }
    wires_close(&wires);
}

/* How often the timer was doubled, once something was sent three times. */
static uint32_t backoff_of(int fd)
{
    libsock_tcp_info info;

    do {
        CHECK(!net_wait_readable(fd, 20));
        CHECK_OK(libsock_get_tcp_info(sock_of(fd), sizeof(info), &info));
    } while (info.retransmits < 2);
    return info.backoff;
}

TEST(thin_streams_do_not_back_off)
{
    struct wires wires = wires_open();
    int plain[2];
    int thin[2];

    lost_pair(&wires, NET_IPV4, plain);
    lost_pair(&wires, NET_IPV4, thin);
    /* Others may never leave the slow start, in which no stream is thin. */
    CHECK_OK(libsock_set_tcp_congestion(sock_of(plain[0]), "reno", 4));
    CHECK_OK(libsock_set_tcp_congestion(sock_of(thin[0]), "reno", 4));
    CHECK_OK(libsock_set_tcp_thin_linear_timeouts(sock_of(thin[0]), true));
    net_send_all(plain[0], "x", 1);
    net_send_all(thin[0], "x", 1);
    CHECK_EQ_UINT(backoff_of(thin[0]), 0);
    CHECK_UINT(backoff_of(plain[0]), >, 0);
    for (int i = 0; i < 2; i++) {
        net_close(plain[i]);
        net_close(thin[i]);
    }
    wires_close(&wires);
}

/* --- Addresses of others. */

/* From an address that nobody has, to this host: what the receiver sees. */
static void check_foreign_source(enum net_family family)
{
    libsock_addr from =
        address(family == NET_IPV4 ? "198.51.100.7" : "2001:db8::7", 0);
    libsock_addr at, seen;
    uint16_t port;
    int receiver = net_udp_bind(family, &port);
    int fd = open_sort(udp_of(family));
    char byte;

    CHECK_OK(family == NET_IPV4
                 ? libsock_set_ip_transparent_v4(sock_of(fd), true)
                 : libsock_set_ip_transparent_v6(sock_of(fd), true));
    CHECK_OK(libsock_bind(sock_of(fd), &from));
    CHECK_OK(libsock_local_addr(sock_of(fd), &from));
    CHECK_OK(libsock_local_addr(sock_of(receiver), &at));
    CHECK_EQ_INT(libsock_send_to(sock_of(fd), "x", 1, 0, &at), 1);
    CHECK(net_wait_readable(receiver, SECONDS * 1000));
    CHECK_EQ_INT(libsock_recv_from(sock_of(receiver), &byte, 1, 0, &seen), 1);
    CHECK(libsock_addr_equal(&seen, &from));
    net_close(fd);
    net_close(receiver);
}

TEST(a_transparent_socket_sends_from_foreign_addresses)
{
    libsock_addr from = address("198.51.100.7", 0);
    uint16_t port;
    int receiver;
    int fd;

    netns_enter();
    NET_EACH_FAMILY(family)
    {
        check_foreign_source(family);
    }
    /* To be bound is all that the other option is for. */
    receiver = net_udp_bind(NET_IPV4, &port);
    fd = open_sort(UDP4);
    CHECK_OK(libsock_set_freebind_v4(sock_of(fd), true));
    CHECK_OK(libsock_bind(sock_of(fd), &from));
    CHECK_OK(libsock_local_addr(sock_of(receiver), &from));
    CHECK_INT(libsock_send_to(sock_of(fd), "x", 1, 0, &from), <, 0);
    net_close(fd);
    net_close(receiver);
}
