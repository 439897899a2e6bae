/* SPDX-License-Identifier: MIT */
/*
 * Multicast by delivery: who gets a datagram to a group, after joining,
 * leaving, filtering senders, and with the loop switched off. For IPv4 the
 * loopback serves as the network. It ignores the loop switch and has no route
 * to IPv6 groups, so that other tests use another interface, with groups and
 * limits that keep packets on this host; if there is none, one of their own.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"
#include "support/netns.h"

static const uint8_t group4[4] = {239, 255, 17, 19};
static const uint8_t group6[16] = {0xff, 0x11, 0, 0, 0, 0, 0,  0,
                                   0,    0,    0, 0, 0, 0, 17, 19};
static const uint8_t unicast4[4] = {127, 0, 0, 1};
static const uint8_t other4[4] = {127, 0, 0, 2};
static const uint8_t any4[4] = {0, 0, 0, 0};
static const uint8_t other6[16] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0,
                                   0,    0, 0,   0,    0, 0, 0, 2};

enum {
    NO_INTERFACE = 99999,
    IF_TOO_BIG = INT32_MAX
};

static uint32_t loopback_index(void)
{
    return if_nametoindex("lo");
}

/* A UDP socket on every address; port 0 for any port. */
static int receiver_on(int family, uint16_t port)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    int fd = open_sort(family == AF_INET ? UDP4 : UDP6);

    memset(&v4, 0, sizeof(v4));
    memset(&v6, 0, sizeof(v6));
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    CHECK_OK(libsock_set_reuse_address(sock_of(fd), true));
    if (family == AF_INET)
        CHECK(bind(fd, (struct sockaddr *)&v4, sizeof(v4)) == 0);
    else
        CHECK(bind(fd, (struct sockaddr *)&v6, sizeof(v6)) == 0);
    return fd;
}

static int sender4(void)
{
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_set_multicast_if_v4(sock_of(fd), unicast4));
    return fd;
}

/* An interface that is up and does multicast: its index, and its IPv4 address;
 * 0 when there is none. */
static unsigned find_interface(uint8_t out_address[4])
{
    struct if_nameindex *all = if_nameindex();
    int fd = open_sort(UDP4);
    unsigned index = 0;

    CHECK(all != NULL);
    for (size_t i = 0; all[i].if_index != 0 && index == 0; i++) {
        struct ifreq request;
        struct sockaddr_in addr;
        int need = IFF_UP | IFF_MULTICAST;

        memset(&request, 0, sizeof(request));
        memcpy(request.ifr_name, all[i].if_name, strlen(all[i].if_name));
        if (ioctl(fd, SIOCGIFFLAGS, &request) < 0 ||
            (request.ifr_flags & need) != need ||
            ioctl(fd, SIOCGIFADDR, &request) < 0)
            continue;
        memcpy(&addr, &request.ifr_addr, sizeof(addr));
        memcpy(out_address, &addr.sin_addr, 4);
        index = all[i].if_index;
    }
    if_freenameindex(all);
    net_close(fd);
    return index;
}

static unsigned multicast_interface(uint8_t out_address[4])
{
    struct netns_end here = {-1, "one"};
    struct netns_end there = {-1, "two"};
    unsigned index = find_interface(out_address);

    if (index != 0)
        return index;
    netns_enter();
    here.fd = there.fd = netns_open();
    netns_wire(&here, &there);
    net_close(here.fd);
    netns_ip("addr add 10.9.0.1/24 dev one");
    (void)netns_try_ip("addr add fd09::1/64 dev one nodad");
    return find_interface(out_address);
}

/* What the IPv6 tests need; false when this machine has not got it. */
struct network6 {
    unsigned index;
    int sender;
    int receiver;
    uint8_t source[16]; /* from which the sender sends */
};

static bool network6_open(struct network6 *net)
{
    uint8_t ignored[4];

    net->index = multicast_interface(ignored);
    if (net->index == 0 || !net_has_ipv6())
        return false;
    net->sender = open_sort(UDP6);
    net->receiver = receiver_on(AF_INET6, 0);
    CHECK_OK(libsock_set_multicast_if_v6(sock_of(net->sender), net->index));
    /* Else other sockets' memberships count as well. */
    CHECK_OK(libsock_set_multicast_all_v6(sock_of(net->receiver), false));
    return true;
}

static void network6_close(struct network6 *net)
{
    net_close(net->sender);
    net_close(net->receiver);
}

static void send_group4(int fd, uint16_t port)
{
    struct sockaddr_in to;

    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    memcpy(&to.sin_addr, group4, sizeof(group4));
    CHECK_EQ_INT(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
}

static void send_group6(int fd, uint16_t port)
{
    struct sockaddr_in6 to;

    memset(&to, 0, sizeof(to));
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    memcpy(&to.sin6_addr, group6, sizeof(group6));
    CHECK_EQ_INT(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to)), 1);
}

/* Nothing arrives within 50 ms, or one byte within 5 s. */
static void expect_arrival(int fd, bool expected)
{
    char byte;

    CHECK_EQ_INT(net_wait_readable(fd, expected ? 5000 : 50), expected);
    if (expected)
        CHECK_EQ_INT(net_recv(fd, &byte, 1), 1);
}

static void expect_group4(int sender, int receiver, bool expected)
{
    send_group4(sender, net_local_port(receiver));
    expect_arrival(receiver, expected);
}

static void expect_group6(int sender, int receiver, bool expected)
{
    send_group6(sender, net_local_port(receiver));
    expect_arrival(receiver, expected);
}

TEST(a_member_gets_what_is_sent_to_the_group)
{
    int sender = sender4();
    int receiver = receiver_on(AF_INET, 0);
    libsock_socket sock = sock_of(receiver);

    expect_group4(sender, receiver, false);
    CHECK_OK(libsock_join_multicast_v4(sock, group4, unicast4));
    expect_group4(sender, receiver, true);
    CHECK_ERR(libsock_join_multicast_v4(sock, group4, unicast4), EADDRINUSE);
    CHECK_OK(libsock_leave_multicast_v4(sock, group4, unicast4));
    expect_group4(sender, receiver, false);
    CHECK_ERR(libsock_leave_multicast_v4(sock, group4, unicast4),
              EADDRNOTAVAIL);
    net_close(sender);
    net_close(receiver);
}

TEST(an_index_serves_as_well_as_an_address)
{
    uint16_t port;
    int sender = net_udp_bind(NET_IPV4, &port);
    int receiver = receiver_on(AF_INET, 0);
    libsock_socket sock = sock_of(receiver);

    CHECK_OK(libsock_set_multicast_if_v4_n(sock_of(sender), loopback_index()));
    CHECK_OK(libsock_join_multicast_v4_n(sock, group4, loopback_index()));
    expect_group4(sender, receiver, true);
    CHECK_OK(libsock_leave_multicast_v4_n(sock, group4, loopback_index()));
    expect_group4(sender, receiver, false);
    net_close(sender);
    net_close(receiver);
}

TEST(nonsense_groups_and_interfaces_are_refused)
{
    int fd = open_sort(UDP4);
    libsock_socket sock = sock_of(fd);
    uint8_t octets[4] = {9, 9, 9, 9};

    CHECK_ERR(libsock_join_multicast_v4(sock, unicast4, any4), EINVAL);
    CHECK_ERR(libsock_join_multicast_v4(sock, NULL, any4), EINVAL);
    CHECK_ERR(libsock_join_multicast_v4(sock, group4, NULL), EINVAL);
    CHECK_ERR(libsock_leave_multicast_v4(sock, NULL, any4), EINVAL);
    CHECK_ERR(libsock_leave_multicast_v4(sock, group4, NULL), EINVAL);
    CHECK_ERR(libsock_join_multicast_v4_n(sock, group4, NO_INTERFACE), ENODEV);
    CHECK_ERR(libsock_join_multicast_v4_n(sock, NULL, 0), EINVAL);
    CHECK_ERR(libsock_join_multicast_v4_n(sock, group4, IF_TOO_BIG + 1u),
              EINVAL);
    CHECK_ERR(libsock_leave_multicast_v4_n(sock, group4, UINT32_MAX), EINVAL);
    CHECK_ERR(libsock_set_multicast_if_v4_n(sock, UINT32_MAX), EINVAL);
    CHECK_EQ_INT(
        libsock_kind(libsock_set_multicast_if_v4_n(sock, NO_INTERFACE)),
        LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
    CHECK_ERR(libsock_set_multicast_if_v4(sock, NULL), EINVAL);
    CHECK_ERR(libsock_get_multicast_if_v4(sock, NULL), EINVAL);
    CHECK_OK(libsock_get_multicast_if_v4(sock, octets));
    CHECK_EQ_MEM(octets, any4, 4);
    CHECK_OK(libsock_set_multicast_if_v4(sock, unicast4));
    CHECK_OK(libsock_get_multicast_if_v4(sock, octets));
    CHECK_EQ_MEM(octets, unicast4, 4);
    net_close(fd);
}

TEST(a_membership_for_one_sender)
{
    int sender = sender4();
    int receiver = receiver_on(AF_INET, 0);
    libsock_socket sock = sock_of(receiver);

    CHECK_OK(libsock_join_ssm_v4(sock, other4, group4, unicast4));
    expect_group4(sender, receiver, false);
    CHECK_OK(libsock_join_ssm_v4(sock, unicast4, group4, unicast4));
    expect_group4(sender, receiver, true);
    CHECK_OK(libsock_leave_ssm_v4(sock, unicast4, group4, unicast4));
    expect_group4(sender, receiver, false);
    CHECK_ERR(libsock_leave_ssm_v4(sock, unicast4, group4, unicast4),
              EADDRNOTAVAIL);
    CHECK_ERR(libsock_join_ssm_v4(sock, NULL, group4, unicast4), EINVAL);
    CHECK_ERR(libsock_join_ssm_v4(sock, other4, NULL, unicast4), EINVAL);
    CHECK_ERR(libsock_join_ssm_v4(sock, other4, group4, NULL), EINVAL);
    net_close(sender);
    net_close(receiver);
}

TEST(one_sender_can_be_blocked)
{
    int sender = sender4();
    int receiver = receiver_on(AF_INET, 0);
    libsock_socket sock = sock_of(receiver);

    CHECK_OK(libsock_join_multicast_v4(sock, group4, unicast4));
    CHECK_OK(libsock_block_source_v4(sock, unicast4, group4, unicast4));
    expect_group4(sender, receiver, false);
    CHECK_OK(libsock_unblock_source_v4(sock, unicast4, group4, unicast4));
    expect_group4(sender, receiver, true);
    CHECK_EQ_INT(
        libsock_kind(libsock_unblock_source_v4(sock, other4, group4, unicast4)),
        LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
    CHECK_ERR(libsock_block_source_v4(sock, unicast4, group4, NULL), EINVAL);
    CHECK_ERR(libsock_unblock_source_v4(sock, NULL, group4, any4), EINVAL);
    net_close(sender);
    net_close(receiver);
}

TEST(others_memberships_can_be_ignored)
{
    int sender = sender4();
    int member = receiver_on(AF_INET, 0);
    int stranger = receiver_on(AF_INET, net_local_port(member));

    CHECK_OK(libsock_join_multicast_v4(sock_of(member), group4, unicast4));
    expect_group4(sender, member, true);
    expect_arrival(stranger, true);
    CHECK_OK(libsock_set_multicast_all_v4(sock_of(stranger), false));
    expect_group4(sender, member, true);
    expect_arrival(stranger, false);
    net_close(sender);
    net_close(member);
    net_close(stranger);
}

TEST(multicast_ttl_reaches_the_member)
{
    struct opt_control ttl = {IPPROTO_IP, IP_TTL, {0}, 0};
    int sender = sender4();
    int receiver = receiver_on(AF_INET, 0);

    CHECK_OK(libsock_join_multicast_v4(sock_of(receiver), group4, unicast4));
    CHECK_OK(libsock_set_recv_ttl_v4(sock_of(receiver), true));
    CHECK_OK(libsock_set_ttl_v4(sock_of(sender), 9)); /* of unicast only */
    send_group4(sender, net_local_port(receiver));
    CHECK_EQ_INT(recv_control(receiver, 0, NULL, 0, &ttl), 1);
    CHECK_EQ_INT(control_int(&ttl), 1);
    CHECK_OK(libsock_set_multicast_ttl_v4(sock_of(sender), 200));
    send_group4(sender, net_local_port(receiver));
    CHECK_EQ_INT(recv_control(receiver, 0, NULL, 0, &ttl), 1);
    CHECK_EQ_INT(control_int(&ttl), 200);
    net_close(sender);
    net_close(receiver);
}

TEST(without_the_loop_nothing_comes_back)
{
    uint8_t address[4];
    unsigned index = multicast_interface(address);
    int sender;
    int receiver;

    if (index == 0)
        SKIP("no interface but lo does multicast");
    sender = open_sort(UDP4);
    receiver = receiver_on(AF_INET, 0);
    CHECK_OK(libsock_set_multicast_if_v4(sock_of(sender), address));
    /* Not beyond this host. */
    CHECK_OK(libsock_set_multicast_ttl_v4(sock_of(sender), 0));
    CHECK_OK(libsock_join_multicast_v4(sock_of(receiver), group4, address));
    expect_group4(sender, receiver, true);
    CHECK_OK(libsock_set_multicast_loop_v4(sock_of(sender), false));
    expect_group4(sender, receiver, false);
    CHECK_OK(libsock_set_multicast_loop_v4(sock_of(sender), true));
    expect_group4(sender, receiver, true);
    net_close(sender);
    net_close(receiver);
}

TEST(without_the_loop_nothing_comes_back_v6)
{
    struct network6 net;

    if (!network6_open(&net))
        SKIP("no interface but lo does multicast, or no IPv6");
    CHECK_OK(
        libsock_join_multicast_v6(sock_of(net.receiver), group6, net.index));
    expect_group6(net.sender, net.receiver, true);
    CHECK_OK(libsock_set_multicast_loop_v6(sock_of(net.sender), false));
    expect_group6(net.sender, net.receiver, false);
    CHECK_OK(libsock_set_multicast_loop_v6(sock_of(net.sender), true));
    expect_group6(net.sender, net.receiver, true);
    network6_close(&net);
}

TEST(a_member_gets_what_is_sent_to_the_group_v6)
{
    struct network6 net;
    libsock_socket sock;

    if (!network6_open(&net))
        SKIP("no interface but lo does multicast, or no IPv6");
    sock = sock_of(net.receiver);
    expect_group6(net.sender, net.receiver, false);
    CHECK_OK(libsock_join_multicast_v6(sock, group6, net.index));
    expect_group6(net.sender, net.receiver, true);
    CHECK_ERR(libsock_join_multicast_v6(sock, group6, net.index), EADDRINUSE);
    CHECK_OK(libsock_leave_multicast_v6(sock, group6, net.index));
    expect_group6(net.sender, net.receiver, false);
    CHECK_ERR(libsock_leave_multicast_v6(sock, group6, net.index),
              EADDRNOTAVAIL);
    network6_close(&net);
}

TEST(nonsense_groups_and_interfaces_are_refused_v6)
{
    int fd = open_sort(UDP6);
    libsock_socket sock = sock_of(fd);

    if (!net_has_ipv6()) {
        if (fd >= 0)
            net_close(fd);
        SKIP("no ::1 here");
    }
    CHECK_ERR(libsock_join_multicast_v6(sock, other6, 0), EINVAL);
    CHECK_ERR(libsock_join_multicast_v6(sock, NULL, 0), EINVAL);
    CHECK_ERR(libsock_leave_multicast_v6(sock, NULL, 0), EINVAL);
    CHECK_ERR(libsock_join_multicast_v6(sock, group6, UINT32_MAX), EINVAL);
    CHECK_EQ_INT(
        libsock_kind(libsock_join_multicast_v6(sock, group6, NO_INTERFACE)),
        LIBSOCK_KIND_NOT_FOUND);
    CHECK_EQ_INT(libsock_kind(libsock_set_multicast_if_v6(sock, NO_INTERFACE)),
                 LIBSOCK_KIND_NOT_FOUND);
    CHECK_ERR(libsock_join_ssm_v6(sock, NULL, group6, 0), EINVAL);
    CHECK_ERR(libsock_leave_ssm_v6(sock, other6, NULL, 0), EINVAL);
    CHECK_ERR(libsock_join_ssm_v6(sock, other6, group6, UINT32_MAX), EINVAL);
    net_close(fd);
}

/* Find out which address the sender has. */
static void network6_learn_source(struct network6 *net)
{
    libsock_socket sock = sock_of(net->receiver);
    struct sockaddr_in6 from;
    socklen_t len = sizeof(from);
    char byte;

    CHECK_OK(libsock_join_multicast_v6(sock, group6, net->index));
    send_group6(net->sender, net_local_port(net->receiver));
    CHECK(net_wait_readable(net->receiver, 5000));
    CHECK_EQ_INT(
        recvfrom(net->receiver, &byte, 1, 0, (struct sockaddr *)&from, &len),
        1);
    memcpy(net->source, &from.sin6_addr, 16);
    CHECK_OK(libsock_leave_multicast_v6(sock, group6, net->index));
}

TEST(a_membership_for_one_sender_v6)
{
    struct network6 net;
    libsock_socket sock;

    if (!network6_open(&net))
        SKIP("no interface but lo does multicast, or no IPv6");
    sock = sock_of(net.receiver);
    network6_learn_source(&net);
    CHECK_OK(libsock_join_ssm_v6(sock, other6, group6, net.index));
    expect_group6(net.sender, net.receiver, false);
    CHECK_OK(libsock_join_ssm_v6(sock, net.source, group6, net.index));
    expect_group6(net.sender, net.receiver, true);
    CHECK_OK(libsock_leave_ssm_v6(sock, net.source, group6, net.index));
    expect_group6(net.sender, net.receiver, false);
    network6_close(&net);
}

TEST(others_memberships_can_be_ignored_v6)
{
    struct network6 net;
    int stranger;

    if (!network6_open(&net))
        SKIP("no interface but lo does multicast, or no IPv6");
    stranger = receiver_on(AF_INET6, net_local_port(net.receiver));
    CHECK_OK(
        libsock_join_multicast_v6(sock_of(net.receiver), group6, net.index));
    expect_group6(net.sender, net.receiver, true);
    expect_arrival(stranger, true);
    CHECK_OK(libsock_set_multicast_all_v6(sock_of(stranger), false));
    expect_group6(net.sender, net.receiver, true);
    expect_arrival(stranger, false);
    net_close(stranger);
    network6_close(&net);
}

TEST(multicast_hops_reach_the_member)
{
    struct opt_control hops = {IPPROTO_IPV6, IPV6_HOPLIMIT, {0}, 0};
    struct network6 net;

    if (!network6_open(&net))
        SKIP("no interface but lo does multicast, or no IPv6");
    CHECK_OK(
        libsock_join_multicast_v6(sock_of(net.receiver), group6, net.index));
    CHECK_OK(libsock_set_recv_hoplimit_v6(sock_of(net.receiver), true));
    CHECK_OK(libsock_set_multicast_hops_v6(sock_of(net.sender), 200));
    send_group6(net.sender, net_local_port(net.receiver));
    CHECK_EQ_INT(recv_control(net.receiver, 0, NULL, 0, &hops), 1);
    CHECK_EQ_INT(control_int(&hops), 200);
    network6_close(&net);
}
