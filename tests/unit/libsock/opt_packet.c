/* SPDX-License-Identifier: MIT */
/*
 * Sockets below UDP, in a network of our own: packet sockets that share, count
 * and listen in; raw ICMP and its filters; pings without privilege.
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

enum {
    ETHERTYPE_ALL = 0x0003,
    ETHERTYPE_V4 = 0x0800,
    DATAGRAMS = 10,
    ECHO = 8,
    ECHO_REPLY = 0,
    ECHO6 = 128,
    ECHO6_REPLY = 129
};

/* A packet socket on lo of this network that gets this protocol. */
static int open_another(uint16_t protocol)
{
    libsock_packet where = {.ifindex = if_nametoindex("lo"),
                            .protocol = protocol};
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    libsock_addr addr;
    int r = libsock_open(LIBSOCK_DOMAIN_PACKET, LIBSOCK_TYPE_DGRAM, 0,
                         LIBSOCK_NONBLOCK, &sock);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no packet sockets in this kernel");
    CHECK_OK(r);
    CHECK_OK(libsock_addr_from_packet(&where, &addr));
    CHECK_OK(libsock_bind(sock, &addr));
    return (int)libsock_as_raw(sock);
}

/* The kernel takes no address shorter than the structure, and tells some. */
TEST(a_local_address_is_one_to_bind_to)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    libsock_addr addr;
    libsock_addr again;
    int fd;

    netns_enter();
    fd = open_another(ETHERTYPE_V4);
    CHECK_OK(libsock_local_addr(sock_of(fd), &addr));
    CHECK_EQ_UINT(libsock_addr_raw_len(&addr), sizeof(struct sockaddr_ll));
    CHECK_OK(
        libsock_open(LIBSOCK_DOMAIN_PACKET, LIBSOCK_TYPE_DGRAM, 0, 0, &sock));
    CHECK_OK(libsock_bind(sock, &addr));
    CHECK_OK(libsock_local_addr(sock, &again));
    CHECK(libsock_addr_equal(&addr, &again));
    CHECK_OK(libsock_close(sock));
    net_close(fd);
}

static int open_packet(uint16_t protocol)
{
    netns_enter();
    return open_another(protocol);
}

/* All of one flow, to one that is there. */
static void send_datagrams(void)
{
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    for (int i = 0; i < DATAGRAMS; i++)
        net_udp_send(fd, NET_IPV4, port, "x", 1);
    net_close(fd);
}

static unsigned counted(int fd)
{
    libsock_packet_statistics statistics = {99, 99};

    CHECK_OK(libsock_take_packet_statistics(sock_of(fd), &statistics));
    CHECK_EQ_UINT(statistics.drops, 0);
    return statistics.packets;
}

static void join_fanout(int fd, uint16_t group, uint8_t mode)
{
    libsock_packet_fanout fanout = {group, mode, LIBSOCK_PACKET_FANOUT_DEFRAG};
    libsock_packet_fanout back = {0, 0, 0};

    CHECK_OK(libsock_set_packet_fanout(sock_of(fd), &fanout));
    CHECK_OK(libsock_get_packet_fanout(sock_of(fd), &back));
    CHECK_EQ_UINT(back.group, group);
    CHECK_EQ_UINT(back.mode, mode);
    CHECK_EQ_UINT(back.flags, LIBSOCK_PACKET_FANOUT_DEFRAG);
}

TEST(a_fanout_group_takes_turns)
{
    int first = open_packet(ETHERTYPE_V4);
    int second = open_another(ETHERTYPE_V4);

    join_fanout(first, 0xfedc, LIBSOCK_PACKET_FANOUT_TURNS);
    join_fanout(second, 0xfedc, LIBSOCK_PACKET_FANOUT_TURNS);
    send_datagrams();
    CHECK_EQ_UINT(counted(first), DATAGRAMS / 2);
    CHECK_EQ_UINT(counted(second), DATAGRAMS / 2);
    /* Counting starts again. */
    CHECK_EQ_UINT(counted(first), 0);
    net_close(first);
    net_close(second);
}

TEST(a_fanout_group_keeps_a_flow_together)
{
    int first = open_packet(ETHERTYPE_V4);
    int second = open_another(ETHERTYPE_V4);
    unsigned got[2];

    join_fanout(first, 7, LIBSOCK_PACKET_FANOUT_HASH);
    join_fanout(second, 7, LIBSOCK_PACKET_FANOUT_HASH);
    send_datagrams();
    got[0] = counted(first);
    got[1] = counted(second);
    CHECK_EQ_UINT(got[0] + got[1], DATAGRAMS);
    CHECK(got[0] == 0 || got[1] == 0);
    net_close(first);
    net_close(second);
}

/* Without a group both get all; the listing's numbers are told apart. */
TEST(without_a_group_everybody_gets_all)
{
    libsock_packet_fanout none = {9, 9, 9};
    int first = open_packet(ETHERTYPE_V4);
    int second = open_another(ETHERTYPE_V4);

    CHECK_OK(libsock_get_packet_fanout(sock_of(first), &none));
    CHECK_EQ_UINT(none.group + none.mode + none.flags, 0);
    send_datagrams();
    CHECK_EQ_UINT(counted(first), DATAGRAMS);
    CHECK_EQ_UINT(counted(second), DATAGRAMS);
    net_close(first);
    net_close(second);
}

TEST(what_we_send_ourselves_can_be_left_out)
{
    int first = open_packet(ETHERTYPE_ALL);
    int second = open_another(ETHERTYPE_ALL);
    bool on = false;

    CHECK_OK(libsock_set_packet_ignore_outgoing(sock_of(second), true));
    CHECK_OK(libsock_get_packet_ignore_outgoing(sock_of(second), &on));
    CHECK(on);
    counted(first);
    counted(second);
    send_datagrams();
    CHECK_EQ_UINT(counted(first), 2 * DATAGRAMS);
    CHECK_EQ_UINT(counted(second), DATAGRAMS);
    net_close(first);
    net_close(second);
}

/* Whether `ip` says so of the device. */
static void expect_shown(const char *command, const char *text, bool expected)
{
    char shown[4096];

    netns_read_ip(shown, sizeof(shown), "%s dev near", command);
    if ((strstr(shown, text) != NULL) != expected)
        check_fail(__FILE__, __LINE__, "'%s' %s in: %s", text,
                   expected ? "is not" : "is", shown);
}

TEST(a_device_lets_in_what_was_asked_for)
{
    struct netns_end here = {-1, "near"};
    struct netns_end there = {-1, "far"};
    libsock_packet_membership all = {.join = LIBSOCK_PACKET_PROMISCUOUS};
    libsock_packet_membership one = {.join = LIBSOCK_PACKET_MULTICAST,
                                     .len = 6,
                                     .octets = {1, 0, 0x5e, 1, 2, 3}};
    int fd = open_packet(ETHERTYPE_V4);
    libsock_socket sock = sock_of(fd);

    here.fd = there.fd = netns_open();
    netns_wire(&here, &there);
    net_close(here.fd);
    all.ifindex = one.ifindex = if_nametoindex("near");
    expect_shown("-d link show", "promiscuity 1", false);
    CHECK_OK(libsock_join_packet(sock, &all));
    expect_shown("-d link show", "promiscuity 1", true);
    CHECK_OK(libsock_leave_packet(sock, &all));
    expect_shown("-d link show", "promiscuity 1", false);
    CHECK_OK(libsock_join_packet(sock, &one));
    expect_shown("maddr show", "01:00:5e:01:02:03", true);
    CHECK_OK(libsock_leave_packet(sock, &one));
    expect_shown("maddr show", "01:00:5e:01:02:03", false);
    net_close(fd);
}

TEST(nonsense_about_packets_is_refused)
{
    libsock_packet_membership type = {1, 4, 0, {0}};
    libsock_packet_membership len = {1, LIBSOCK_PACKET_MULTICAST, 9, {0}};
    libsock_packet_membership index = {UINT32_MAX, 1, 0, {0}};
    libsock_packet_membership gone = {99999, 1, 0, {0}};
    libsock_packet_fanout mode = {1, 6, 0};
    libsock_packet_fanout flag = {1, 0, 4};
    int fd = open_packet(ETHERTYPE_V4);
    libsock_socket sock = sock_of(fd);

    CHECK_ERR(libsock_join_packet(sock, NULL), EINVAL);
    CHECK_ERR(libsock_leave_packet(sock, NULL), EINVAL);
    CHECK_ERR(libsock_join_packet(sock, &type), EINVAL);
    CHECK_ERR(libsock_join_packet(sock, &len), EINVAL);
    CHECK_ERR(libsock_leave_packet(sock, &index), EINVAL);
    CHECK_EQ_INT(libsock_kind(libsock_join_packet(sock, &gone)),
                 LIBSOCK_KIND_NOT_FOUND);
    CHECK_ERR(libsock_set_packet_fanout(sock, NULL), EINVAL);
    CHECK_ERR(libsock_get_packet_fanout(sock, NULL), EINVAL);
    CHECK_ERR(libsock_set_packet_fanout(sock, &mode), EINVAL);
    CHECK_ERR(libsock_set_packet_fanout(sock, &flag), EINVAL);
    CHECK_ERR(libsock_take_packet_statistics(sock, NULL), EINVAL);
    net_close(fd);
}

/* --- ICMP */

struct echo {
    unsigned char bytes[8];
};

/* The checksum of RFC 1071. */
static struct echo echo_request(uint8_t type)
{
    struct echo echo = {{type, 0, 0, 0, 0x12, 0x34, 0, 1}};
    unsigned sum = 0;

    for (size_t i = 0; i < sizeof(echo.bytes); i += 2)
        sum += (unsigned)(echo.bytes[i] << 8 | echo.bytes[i + 1]);
    sum = ~((sum & 0xffff) + (sum >> 16));
    echo.bytes[2] = (unsigned char)(sum >> 8);
    echo.bytes[3] = (unsigned char)sum;
    return echo;
}

static int open_icmp(int domain, int type)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    libsock_addr addr;
    bool v4 = domain == LIBSOCK_DOMAIN_IPV4;

    CHECK_OK(libsock_open(
        domain, type, v4 ? LIBSOCK_PROTOCOL_ICMPV4 : LIBSOCK_PROTOCOL_ICMPV6, 0,
        &sock));
    CHECK_OK(libsock_addr_loopback(domain, 0, &addr));
    if (libsock_connect(sock, &addr) < 0) {
        net_close((int)libsock_as_raw(sock));
        SKIP("no IPv6 here");
    }
    return (int)libsock_as_raw(sock);
}

static void send_echo(int fd, uint8_t type)
{
    struct echo echo = echo_request(type);

    net_send_all(fd, echo.bytes, sizeof(echo.bytes));
}

/* The next message's type, `skip` bytes into it. */
static unsigned next_type(int fd, ptrdiff_t skip)
{
    unsigned char bytes[128];
    ptrdiff_t n;

    CHECK(net_wait_readable(fd, 5000));
    n = net_recv(fd, bytes, sizeof(bytes));
    CHECK_EQ_INT(n, skip + (ptrdiff_t)sizeof(struct echo));
    return bytes[skip];
}

/* On the loopback a raw socket hears the question as well as the answer. */
TEST(a_filter_lets_through_answers_alone)
{
    uint32_t value = 0;
    int fd;

    netns_enter();
    fd = open_icmp(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_RAW);
    CHECK_OK(libsock_get_icmp_filter_v4(sock_of(fd), &value));
    CHECK_EQ_UINT(value, 0);
    send_echo(fd, ECHO);
    CHECK_EQ_UINT(next_type(fd, 20), ECHO);
    CHECK_EQ_UINT(next_type(fd, 20), ECHO_REPLY);
    CHECK_OK(libsock_set_icmp_filter_v4(sock_of(fd), ~(1u << ECHO_REPLY)));
    CHECK_OK(libsock_get_icmp_filter_v4(sock_of(fd), &value));
    CHECK_EQ_UINT(value, UINT32_MAX - 1);
    CHECK_EQ_UINT((uint32_t)raw_int(fd, 255, 1), UINT32_MAX - 1);
    send_echo(fd, ECHO);
    CHECK_EQ_UINT(next_type(fd, 20), ECHO_REPLY);
    CHECK(!net_wait_readable(fd, 20));
    net_close(fd);
}

TEST(a_filter_lets_through_answers_alone_v6)
{
    libsock_icmp_filter filter;
    libsock_icmp_filter back;
    struct icmp6_filter raw;
    socklen_t len = sizeof(raw);
    int fd;

    netns_enter();
    fd = open_icmp(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_RAW);
    send_echo(fd, ECHO6);
    CHECK_EQ_UINT(next_type(fd, 0), ECHO6);
    CHECK_EQ_UINT(next_type(fd, 0), ECHO6_REPLY);
    libsock_icmp_filter_block_all(&filter);
    libsock_icmp_filter_pass(&filter, ECHO6_REPLY);
    CHECK_OK(libsock_set_icmp_filter_v6(sock_of(fd), &filter));
    CHECK(getsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &raw, &len) == 0);
    for (unsigned type = 0; type < 256; type++)
        CHECK_EQ_INT(ICMP6_FILTER_WILLPASS(type, &raw) != 0,
                     type == ECHO6_REPLY);
    CHECK_OK(libsock_get_icmp_filter_v6(sock_of(fd), &back));
    CHECK_EQ_MEM(&back, &filter, sizeof(filter));
    send_echo(fd, ECHO6);
    CHECK_EQ_UINT(next_type(fd, 0), ECHO6_REPLY);
    CHECK(!net_wait_readable(fd, 20));
    CHECK_ERR(libsock_set_icmp_filter_v6(sock_of(fd), NULL), EINVAL);
    CHECK_ERR(libsock_get_icmp_filter_v6(sock_of(fd), NULL), EINVAL);
    net_close(fd);
}

TEST(filters_are_bits_of_their_own)
{
    libsock_icmp_filter filter;

    memset(&filter, 0, sizeof(filter));
    for (unsigned type = 0; type < 256; type++)
        CHECK(!libsock_icmp_filter_blocks(&filter, (uint8_t)type));
    libsock_icmp_filter_block(&filter, 255);
    libsock_icmp_filter_block(&filter, 31);
    libsock_icmp_filter_block(&filter, 32);
    libsock_icmp_filter_pass(&filter, 31);
    CHECK(libsock_icmp_filter_blocks(&filter, 255));
    CHECK(libsock_icmp_filter_blocks(&filter, 32));
    CHECK(!libsock_icmp_filter_blocks(&filter, 31));
    libsock_icmp_filter_block_all(&filter);
    for (unsigned type = 0; type < 256; type++)
        CHECK(libsock_icmp_filter_blocks(&filter, (uint8_t)type));
}

TEST(a_ping_needs_to_be_allowed)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    netns_enter();
    netns_sysctl("ipv4/ping_group_range", "1 0");
    CHECK_EQ_INT(
        libsock_kind(libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM,
                                  LIBSOCK_PROTOCOL_ICMPV4, 0, &sock)),
        LIBSOCK_KIND_PERMISSION_DENIED);
    CHECK(!libsock_is_open(sock));
}

static void check_ping(int domain, uint8_t question, uint8_t answer)
{
    int fd;

    netns_enter();
    netns_sysctl("ipv4/ping_group_range", "0 0");
    fd = open_icmp(domain, LIBSOCK_TYPE_DGRAM);
    send_echo(fd, question);
    CHECK_EQ_UINT(next_type(fd, 0), answer);
    CHECK(!net_wait_readable(fd, 20));
    net_close(fd);
}

TEST(a_ping_is_answered)
{
    check_ping(LIBSOCK_DOMAIN_IPV4, ECHO, ECHO_REPLY);
}

TEST(a_ping_is_answered_v6)
{
    check_ping(LIBSOCK_DOMAIN_IPV6, ECHO6, ECHO6_REPLY);
}

/* A protocol of nobody's (RFC 3692), so that nothing else minds. */
static int open_experiment(void)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    libsock_addr addr;

    CHECK_OK(
        libsock_open(LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_RAW, 253, 0, &sock));
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, 0, &addr));
    if (libsock_connect(sock, &addr) < 0) {
        net_close((int)libsock_as_raw(sock));
        SKIP("no IPv6 here");
    }
    return (int)libsock_as_raw(sock);
}

TEST(the_kernel_writes_and_checks_checksums)
{
    unsigned char bytes[8] = {1, 2, 3, 4, 0, 0, 5, 6};
    unsigned char got[8];
    int value = 0;
    int fd;

    netns_enter();
    fd = open_experiment();
    CHECK_OK(libsock_get_checksum_v6(sock_of(fd), &value));
    CHECK_EQ_INT(value, -1);
    CHECK_OK(libsock_set_checksum_v6(sock_of(fd), 4));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_IPV6, IPV6_CHECKSUM), 4);
    net_send_all(fd, bytes, sizeof(bytes));
    net_recv_all(fd, got, sizeof(got));
    CHECK_EQ_MEM(got, bytes, 4);
    CHECK(got[4] != 0 || got[5] != 0);
    /* Written no longer, but still looked for by another socket. */
    value = open_experiment();
    CHECK_OK(libsock_set_checksum_v6(sock_of(value), -1));
    net_send_all(value, bytes, sizeof(bytes));
    CHECK(!net_wait_readable(fd, 20));
    CHECK(net_wait_readable(value, 5000));
    net_close(value);
    CHECK_ERR(libsock_set_checksum_v6(sock_of(fd), -2), EINVAL);
    CHECK_ERR(libsock_set_checksum_v6(sock_of(fd), 65536), EINVAL);
    CHECK_EQ_INT(libsock_kind(libsock_set_checksum_v6(sock_of(fd), 3)),
                 LIBSOCK_KIND_INVALID_INPUT);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_IPV6, IPV6_CHECKSUM), 4);
    net_close(fd);
}
