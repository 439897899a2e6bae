/* SPDX-License-Identifier: MIT */
/*
 * Multicast by whole addresses, of both families with one set of functions: who
 * gets a datagram to a group, on the loopback and across a wire between two
 * networks of our own. Multicast by one family is tested in opt_multicast.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"
#include "support/netns.h"

/* Both ends of a wire, and what the test needs to know of each family. */
struct wire {
    int sender;
    int receiver;
    uint32_t ifindex; /* the receiver's */
    libsock_addr group;
    libsock_addr source; /* whence the sender sends */
    libsock_addr other;  /* whence it does not */
};

static libsock_addr address(const char *text)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse_ip(text, strlen(text), 0, &addr));
    return addr;
}

static int bound_to_any(int domain)
{
    libsock_addr any;
    int fd = open_sort(domain == LIBSOCK_DOMAIN_IPV4 ? UDP4 : UDP6);

    CHECK_OK(libsock_addr_any(domain, 0, &any));
    CHECK_OK(libsock_bind(sock_of(fd), &any));
    return fd;
}

static void send_to_group(const struct wire *wire)
{
    libsock_addr to = wire->group;

    CHECK_OK(libsock_addr_set_port(&to, net_local_port(wire->receiver)));
    CHECK_EQ_INT(libsock_send_to(sock_of(wire->sender), "x", 1, 0, &to), 1);
}

/* It arrives within 5 s; or not even when something sent later has. */
static void expect(const struct wire *wire, bool expected)
{
    char byte;

    send_to_group(wire);
    CHECK_EQ_INT(net_wait_readable(wire->receiver, expected ? 5000 : 50),
                 expected);
    if (expected)
        CHECK_EQ_INT(net_recv(wire->receiver, &byte, 1), 1);
}

static void close_wire(const struct wire *wire)
{
    net_close(wire->sender);
    net_close(wire->receiver);
}

/* IPv4 over lo, and nothing but our own memberships counts. */
static struct wire loopback(void)
{
    static const uint8_t local[4] = {127, 0, 0, 1};
    struct wire wire;
    libsock_addr addr;

    wire.sender = open_sort(UDP4);
    wire.receiver = bound_to_any(LIBSOCK_DOMAIN_IPV4);
    wire.ifindex = if_nametoindex("lo");
    wire.group = address("239.255.17.20");
    wire.source = address("127.0.0.1");
    wire.other = address("127.0.0.2");
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    CHECK_OK(libsock_bind(sock_of(wire.sender), &addr));
    CHECK_OK(libsock_set_multicast_if_v4(sock_of(wire.sender), local));
    CHECK_OK(libsock_set_multicast_all_v4(sock_of(wire.receiver), false));
    return wire;
}

/* Two namespaces with a wire; the receiver is in the other. */
static struct wire across(int domain)
{
    bool v4 = domain == LIBSOCK_DOMAIN_IPV4;
    struct netns_end here = {-1, "near"};
    struct netns_end there = {-1, "far"};
    struct wire wire;

    netns_enter();
    here.fd = netns_open();
    netns_enter();
    there.fd = netns_open();
    netns_wire(&here, &there);
    netns_ip("addr add 10.9.0.1/24 dev near");
    netns_ip("addr add fd09::1/64 dev near nodad");
    wire.sender = open_sort(v4 ? UDP4 : UDP6);
    if (v4)
        CHECK_OK(libsock_set_multicast_if_v4_n(sock_of(wire.sender),
                                               if_nametoindex("near")));
    else
        CHECK_OK(libsock_set_multicast_if_v6(sock_of(wire.sender),
                                             if_nametoindex("near")));
    wire.source = address(v4 ? "10.9.0.1" : "fd09::1");
    if (libsock_bind(sock_of(wire.sender), &wire.source) < 0)
        SKIP("no IPv6 in a new namespace");
    netns_move(there.fd);
    netns_ip("addr add 10.9.0.2/24 dev far");
    netns_ip("addr add fd09::2/64 dev far nodad");
    wire.receiver = bound_to_any(domain);
    wire.ifindex = if_nametoindex("far");
    wire.group = address(v4 ? "239.255.17.21" : "ff15::1721");
    wire.other = address(v4 ? "10.9.0.3" : "fd09::3");
    net_close(here.fd);
    net_close(there.fd);
    return wire;
}

static void check_membership(const struct wire *wire)
{
    libsock_socket sock = sock_of(wire->receiver);

    expect(wire, false);
    CHECK_OK(libsock_join_group(sock, &wire->group, wire->ifindex));
    expect(wire, true);
    CHECK_EQ_INT(
        libsock_kind(libsock_join_group(sock, &wire->group, wire->ifindex)),
        LIBSOCK_KIND_ADDR_IN_USE);
    CHECK_OK(libsock_leave_group(sock, &wire->group, wire->ifindex));
    expect(wire, false);
    CHECK_EQ_INT(
        libsock_kind(libsock_leave_group(sock, &wire->group, wire->ifindex)),
        LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
}

static void check_source(const struct wire *wire)
{
    libsock_socket sock = sock_of(wire->receiver);
    const libsock_addr *group = &wire->group;
    uint32_t index = wire->ifindex;

    CHECK_OK(libsock_join_group_source(sock, &wire->other, group, index));
    expect(wire, false);
    CHECK_OK(libsock_join_group_source(sock, &wire->source, group, index));
    expect(wire, true);
    CHECK_OK(libsock_leave_group_source(sock, &wire->source, group, index));
    expect(wire, false);
    CHECK_OK(libsock_leave_group_source(sock, &wire->other, group, index));
}

static void check_block(const struct wire *wire)
{
    libsock_socket sock = sock_of(wire->receiver);
    const libsock_addr *group = &wire->group;
    uint32_t index = wire->ifindex;

    CHECK_OK(libsock_join_group(sock, group, index));
    CHECK_OK(libsock_block_group_source(sock, &wire->other, group, index));
    expect(wire, true);
    CHECK_OK(libsock_block_group_source(sock, &wire->source, group, index));
    expect(wire, false);
    CHECK_OK(libsock_unblock_group_source(sock, &wire->source, group, index));
    expect(wire, true);
    CHECK_EQ_INT(libsock_kind(libsock_unblock_group_source(sock, &wire->source,
                                                           group, index)),
                 LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
    CHECK_OK(libsock_leave_group(sock, group, index));
}

static void check_all(struct wire wire)
{
    check_membership(&wire);
    check_source(&wire);
    check_block(&wire);
    close_wire(&wire);
}

TEST(a_group_on_the_loopback)
{
    check_all(loopback());
}

TEST(a_group_across_a_wire)
{
    check_all(across(LIBSOCK_DOMAIN_IPV4));
}

TEST(a_group_across_a_wire_v6)
{
    struct wire wire = across(LIBSOCK_DOMAIN_IPV6);

    check_all(wire);
}

/* Ports and scopes of the addresses are not part of a membership. */
TEST(only_the_octets_count)
{
    struct wire wire = loopback();
    libsock_addr with_port = wire.group;
    libsock_addr source = wire.source;

    CHECK_OK(libsock_addr_set_port(&with_port, 4711));
    CHECK_OK(libsock_addr_set_port(&source, 4712));
    CHECK_OK(
        libsock_join_group(sock_of(wire.receiver), &with_port, wire.ifindex));
    expect(&wire, true);
    CHECK_OK(libsock_block_group_source(sock_of(wire.receiver), &source,
                                        &with_port, wire.ifindex));
    expect(&wire, false);
    CHECK_OK(libsock_unblock_group_source(sock_of(wire.receiver), &wire.source,
                                          &wire.group, wire.ifindex));
    CHECK_OK(
        libsock_leave_group(sock_of(wire.receiver), &wire.group, wire.ifindex));
    close_wire(&wire);
}

static void refused(int r)
{
    CHECK_EQ_INT(libsock_kind(r), LIBSOCK_KIND_INVALID_INPUT);
}

TEST(nonsense_is_refused)
{
    libsock_addr group = address("239.255.17.20");
    libsock_addr group6 = address("ff15::1721");
    libsock_addr single = address("192.0.2.1");
    libsock_addr empty;
    libsock_addr path;
    int fd = open_sort(UDP4);
    libsock_socket sock = sock_of(fd);

    memset(&empty, 0, sizeof(empty));
    CHECK_OK(libsock_addr_from_unix_path("/x", 2, &path));
    refused(libsock_join_group(sock, NULL, 0));
    refused(libsock_join_group(sock, &empty, 0));
    refused(libsock_join_group(sock, &path, 0));
    refused(libsock_join_group(sock, &single, 0));
    refused(libsock_leave_group(sock, NULL, 0));
    refused(libsock_join_group_source(sock, NULL, &group, 0));
    refused(libsock_join_group_source(sock, &single, NULL, 0));
    refused(libsock_leave_group_source(sock, &single, &group6, 0));
    refused(libsock_block_group_source(sock, &path, &group, 0));
    refused(libsock_unblock_group_source(sock, &empty, &group, 0));
    CHECK_EQ_INT(libsock_kind(libsock_join_group(sock, &group, 99999)),
                 LIBSOCK_KIND_NOT_FOUND);
    CHECK_EQ_INT(libsock_kind(libsock_join_group(sock, &group6, 0)),
                 LIBSOCK_KIND_UNSUPPORTED);
    net_close(fd);
}

TEST(a_scope_may_not_contradict_the_interface)
{
    libsock_ipv6 parts = {{0xff, 0x12, [15] = 9}, 0, 0, 2, 0};
    libsock_addr group;
    int fd = open_sort(UDP6);

    if (fd < 0)
        SKIP("no IPv6");
    CHECK_OK(libsock_addr_from_ipv6(&parts, &group));
    refused(libsock_join_group(sock_of(fd), &group, 1));
    refused(libsock_join_group(sock_of(fd), &group, 0));
    net_close(fd);
}
