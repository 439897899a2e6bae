/* SPDX-License-Identifier: MIT */
/*
 * What the options of IPv4 and IPv6 do to packets, as the peer sees them, and
 * to who may bind where. What the kernel stores is tested in opt_kernel.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

#include <linux/errqueue.h>

/* Send one byte to `receiver` and fetch the control message. */
static void exchange(int sender, enum net_family family, int receiver,
                     struct opt_control *control)
{
    net_udp_send(sender, family, net_local_port(receiver), "x", 1);
    CHECK_EQ_INT(recv_control(receiver, 0, NULL, 0, control), 1);
}

TEST(ttl_and_tos_reach_the_peer)
{
    struct opt_control ttl = {IPPROTO_IP, IP_TTL, {0}, 0};
    struct opt_control tos = {IPPROTO_IP, IP_TOS, {0}, 0};
    uint16_t port;
    int sender = net_udp_bind(NET_IPV4, &port);
    int receiver = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_set_ttl_v4(sock_of(sender), 42));
    CHECK_OK(libsock_set_tos_v4(sock_of(sender), 0xb9));
    exchange(sender, NET_IPV4, receiver, &ttl);
    CHECK_EQ_INT(ttl.len, -1);
    CHECK_OK(libsock_set_recv_ttl_v4(sock_of(receiver), true));
    exchange(sender, NET_IPV4, receiver, &ttl);
    CHECK_EQ_INT(control_int(&ttl), 42);
    CHECK_OK(libsock_set_recv_tos_v4(sock_of(receiver), true));
    exchange(sender, NET_IPV4, receiver, &tos);
    CHECK_EQ_INT(tos.len, 1);
    CHECK_EQ_UINT(tos.bytes[0], 0xb9);
    net_close(sender);
    net_close(receiver);
}

TEST(hop_limit_and_class_reach_the_peer)
{
    struct opt_control hops = {IPPROTO_IPV6, IPV6_HOPLIMIT, {0}, 0};
    struct opt_control tclass = {IPPROTO_IPV6, IPV6_TCLASS, {0}, 0};
    uint16_t port;
    int sender;
    int receiver;

    if (!net_has_ipv6())
        SKIP("no ::1 here");
    sender = net_udp_bind(NET_IPV6, &port);
    receiver = net_udp_bind(NET_IPV6, &port);
    CHECK_OK(libsock_set_unicast_hops_v6(sock_of(sender), 42));
    CHECK_OK(libsock_set_tclass_v6(sock_of(sender), 0xb9));
    exchange(sender, NET_IPV6, receiver, &hops);
    CHECK_EQ_INT(hops.len, -1);
    CHECK_OK(libsock_set_recv_hoplimit_v6(sock_of(receiver), true));
    CHECK_OK(libsock_set_recv_tclass_v6(sock_of(receiver), true));
    exchange(sender, NET_IPV6, receiver, &hops);
    CHECK_EQ_INT(control_int(&hops), 42);
    exchange(sender, NET_IPV6, receiver, &tclass);
    CHECK_EQ_INT(control_int(&tclass), 0xb9);
    net_close(sender);
    net_close(receiver);
}

/* The class of traffic of a segment of `fd`, one with data, from below. */
static int class_of_segment(int watcher, int fd, enum net_family family)
{
    enum {
        PUSH = 8
    };
    struct opt_control class = {IPPROTO_IP, IP_TOS, {0}, 0};
    unsigned char bytes[256];
    unsigned at, port;

    if (family == NET_IPV6)
        class = (struct opt_control){IPPROTO_IPV6, IPV6_TCLASS, {0}, 0};
    net_send_all(fd, "x", 1);
    do {
        CHECK_INT(recv_control(watcher, 0, bytes, sizeof(bytes), &class), >=,
                  20);
        at = family == NET_IPV4 ? (bytes[0] & 15u) * 4 : 0;
        port = (unsigned)(bytes[at] << 8 | bytes[at + 1]);
    } while (port != net_local_port(fd) || (bytes[at + 13] & PUSH) == 0);
    return family == NET_IPV4 ? class.bytes[0] : control_int(&class);
}

TEST(segments_have_the_class_but_not_its_ecn_bits)
{
    NET_EACH_FAMILY(family)
    {
        int watcher = socket(family == NET_IPV4 ? AF_INET : AF_INET6, SOCK_RAW,
                             IPPROTO_TCP);
        int pair[2];

        if (watcher < 0)
            SKIP("no CAP_NET_RAW");
        net_tcp_pair(family, pair);
        if (family == NET_IPV4) {
            CHECK_OK(libsock_set_recv_tos_v4(sock_of(watcher), true));
            CHECK_OK(libsock_set_tos_v4(sock_of(pair[0]), 0xb9));
        } else {
            CHECK_OK(libsock_set_recv_tclass_v6(sock_of(watcher), true));
            CHECK_OK(libsock_set_tclass_v6(sock_of(pair[0]), 0xb9));
        }
        CHECK_EQ_INT(class_of_segment(watcher, pair[0], family), 0xb8);
        net_close(watcher);
        net_close(pair[0]);
        net_close(pair[1]);
    }
}

TEST(pktinfo_tells_the_destination)
{
    struct opt_control v4 = {IPPROTO_IP, IP_PKTINFO, {0}, 0};
    struct opt_control v6 = {IPPROTO_IPV6, IPV6_PKTINFO, {0}, 0};
    struct in_pktinfo info4;
    struct in6_pktinfo info6;
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_set_recv_pktinfo_v4(sock_of(fd), true));
    exchange(fd, NET_IPV4, fd, &v4);
    CHECK_EQ_INT(v4.len, sizeof(info4));
    memcpy(&info4, v4.bytes, sizeof(info4));
    CHECK_EQ_UINT(ntohl(info4.ipi_addr.s_addr), INADDR_LOOPBACK);
    CHECK_EQ_UINT(info4.ipi_ifindex, if_nametoindex("lo"));
    net_close(fd);
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    fd = net_udp_bind(NET_IPV6, &port);
    CHECK_OK(libsock_set_recv_pktinfo_v6(sock_of(fd), true));
    exchange(fd, NET_IPV6, fd, &v6);
    CHECK_EQ_INT(v6.len, sizeof(info6));
    memcpy(&info6, v6.bytes, sizeof(info6));
    CHECK_EQ_MEM(&info6.ipi6_addr, &in6addr_loopback, 16);
    net_close(fd);
}

TEST(original_destination_comes_with_datagrams)
{
    struct opt_control v4 = {IPPROTO_IP, IP_ORIGDSTADDR, {0}, 0};
    struct opt_control v6 = {IPPROTO_IPV6, IPV6_ORIGDSTADDR, {0}, 0};
    struct sockaddr_in to4;
    struct sockaddr_in6 to6;
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_set_recv_original_dst_v4(sock_of(fd), true));
    exchange(fd, NET_IPV4, fd, &v4);
    CHECK_EQ_INT(v4.len, sizeof(to4));
    memcpy(&to4, v4.bytes, sizeof(to4));
    CHECK_EQ_UINT(ntohs(to4.sin_port), port);
    net_close(fd);
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    fd = net_udp_bind(NET_IPV6, &port);
    CHECK_OK(libsock_set_recv_original_dst_v6(sock_of(fd), true));
    exchange(fd, NET_IPV6, fd, &v6);
    CHECK_EQ_INT(v6.len, sizeof(to6));
    memcpy(&to6, v6.bytes, sizeof(to6));
    CHECK_EQ_UINT(ntohs(to6.sin6_port), port);
    net_close(fd);
}

/* Without a redirection there is none to tell; without connection tracking
 * nobody to ask. A socket of IPv6 may be one of IPv4 in disguise. */
TEST(original_destination_of_a_connection)
{
    NET_EACH_FAMILY(family)
    {
        libsock_addr addr;
        int pair[2];
        int v4, v6;

        memset(&addr, 0x5a, sizeof(addr));
        net_tcp_pair(family, pair);
        v4 = libsock_get_original_dst_v4(sock_of(pair[1]), &addr);
        v6 = libsock_get_original_dst_v6(sock_of(pair[1]), &addr);
        v4 = libsock_kind(v4);
        v6 = libsock_kind(v6);
        CHECK(v4 == LIBSOCK_KIND_NOT_FOUND || v4 == LIBSOCK_KIND_UNSUPPORTED);
        CHECK(v6 == LIBSOCK_KIND_UNSUPPORTED ||
              (v6 == LIBSOCK_KIND_NOT_FOUND && family == NET_IPV6));
        CHECK_EQ_UINT(addr.len, 0x5a5a5a5a);
        net_close(pair[0]);
        net_close(pair[1]);
    }
}

static void check_error_queue(enum net_family family,
                              int (*set)(libsock_socket, bool))
{
    struct opt_control error = {family == NET_IPV4 ? IPPROTO_IP : IPPROTO_IPV6,
                                family == NET_IPV4 ? IP_RECVERR : IPV6_RECVERR,
                                {0},
                                0};
    struct sock_extended_err detail;
    uint16_t port;
    int gone = net_udp_bind(family, &port);
    int fd = net_udp_bind(family, &(uint16_t){0});

    net_close(gone);
    CHECK_OK(set(sock_of(fd), true));
    net_udp_send(fd, family, port, "x", 1);
    CHECK_EQ_INT(recv_control(fd, MSG_ERRQUEUE, NULL, 0, &error), 1);
    CHECK_INT(error.len, >=, sizeof(detail));
    memcpy(&detail, error.bytes, sizeof(detail));
    CHECK_EQ_UINT(detail.ee_errno, ECONNREFUSED);
    net_close(fd);
}

TEST(icmp_errors_are_kept_in_detail)
{
    check_error_queue(NET_IPV4, libsock_set_recv_err_v4);
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    check_error_queue(NET_IPV6, libsock_set_recv_err_v6);
}

/* A segment that came too far is dropped, and arrives when resent closer. */
static void check_min_ttl(enum net_family family,
                          int (*set_min)(libsock_socket, uint32_t),
                          int (*set_ttl)(libsock_socket, uint32_t))
{
    int pair[2];

    net_tcp_pair(family, pair);
    CHECK_OK(set_ttl(sock_of(pair[0]), 64));
    CHECK_OK(set_min(sock_of(pair[1]), 200));
    net_send_all(pair[0], "x", 1);
    CHECK(!net_wait_readable(pair[1], 50));
    CHECK_OK(set_ttl(sock_of(pair[0]), 255));
    CHECK(net_wait_readable(pair[1], 10000));
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(packets_from_too_far_are_dropped)
{
    check_min_ttl(NET_IPV4, libsock_set_min_ttl_v4, libsock_set_ttl_v4);
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    check_min_ttl(NET_IPV6, libsock_set_min_hops_v6,
                  libsock_set_unicast_hops_v6);
}

/* --- Who may bind where. */

static int bind_any(int fd, int family, uint16_t port)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    memset(&v4, 0, sizeof(v4));
    memset(&v6, 0, sizeof(v6));
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (family == AF_INET)
        return bind(fd, (struct sockaddr *)&v4, sizeof(v4)) == 0 ? 0 : -errno;
    return bind(fd, (struct sockaddr *)&v6, sizeof(v6)) == 0 ? 0 : -errno;
}

/* One attempt; another program may have the port that the OS chose. */
static bool both_families_bind(void)
{
    int v6 = open_sort(TCP6);
    int v4 = open_sort(TCP4);
    int r;

    CHECK_OK(libsock_set_only_v6(sock_of(v6), true));
    CHECK_OK(bind_any(v6, AF_INET6, 0));
    r = bind_any(v4, AF_INET, net_local_port(v6));
    CHECK(r == 0 || r == -EADDRINUSE);
    CHECK_ERR(libsock_set_only_v6(sock_of(v6), false), EINVAL);
    net_close(v6);
    net_close(v4);
    return r == 0;
}

TEST(only_v6_leaves_ipv4_to_others)
{
    int attempts = 0;

    if (!net_has_ipv6())
        SKIP("no ::1 here");
    while (!both_families_bind())
        CHECK_INT(++attempts, <, 20);
}

TEST(a_dual_stack_socket_takes_ipv4)
{
    int v6 = open_sort(TCP6);
    int v4 = open_sort(TCP4);
    uint16_t port;

    if (!net_has_ipv6()) {
        net_close(v4);
        if (v6 >= 0)
            net_close(v6);
        SKIP("no ::1 here");
    }
    CHECK_OK(libsock_set_only_v6(sock_of(v6), false));
    CHECK_OK(bind_any(v6, AF_INET6, 0));
    CHECK(listen(v6, 4) == 0);
    port = net_local_port(v6);
    CHECK_ERR(bind_any(v4, AF_INET, port), EADDRINUSE);
    net_close(v4);
    v4 = net_tcp_connect(NET_IPV4, port);
    net_close(net_accept(v6));
    net_close(v4);
    net_close(v6);
}

TEST(only_v6_decides_about_datagrams)
{
    uint16_t ignored;
    char byte;

    if (!net_has_ipv6())
        SKIP("no ::1 here");
    for (int only = 0; only < 2; only++) {
        int sender = net_udp_bind(NET_IPV4, &ignored);
        int fd = open_sort(UDP6);

        CHECK_OK(libsock_set_only_v6(sock_of(fd), only == 1));
        CHECK_OK(bind_any(fd, AF_INET6, 0));
        net_udp_send(sender, NET_IPV4, net_local_port(fd), "x", 1);
        CHECK_EQ_INT(net_wait_readable(fd, only == 1 ? 50 : 5000), only == 0);
        net_udp_send(fd, NET_IPV6, net_local_port(fd), "y", 1);
        CHECK_EQ_INT(net_recv(fd, &byte, 1), 1);
        CHECK_EQ_INT(byte, only == 1 ? 'y' : 'x');
        net_close(sender);
        net_close(fd);
    }
}

/* Addresses for documentation: nobody has them. */
static int bind_foreign(int fd, int family)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    memset(&v4, 0, sizeof(v4));
    memset(&v6, 0, sizeof(v6));
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(0xc6336401); /* 198.51.100.1 */
    v6.sin6_family = AF_INET6;
    memcpy(&v6.sin6_addr, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    if (family == AF_INET)
        return bind(fd, (struct sockaddr *)&v4, sizeof(v4)) == 0 ? 0 : -errno;
    return bind(fd, (struct sockaddr *)&v6, sizeof(v6)) == 0 ? 0 : -errno;
}

static void check_foreign(const char *name, enum sort sort,
                          int (*set)(libsock_socket, bool))
{
    int family = sort == TCP4 ? AF_INET : AF_INET6;
    int fd = open_sort(sort);
    int r;

    CHECK_ERR(bind_foreign(fd, family), EADDRNOTAVAIL);
    r = set(sock_of(fd), true);
    if (may(r, name)) {
        CHECK_OK(r);
        CHECK_OK(bind_foreign(fd, family));
    }
    net_close(fd);
}

TEST(foreign_addresses_can_be_bound)
{
    check_foreign("freebind_v4", TCP4, libsock_set_freebind_v4);
    check_foreign("ip_transparent_v4", TCP4, libsock_set_ip_transparent_v4);
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    check_foreign("freebind_v6", TCP6, libsock_set_freebind_v6);
    check_foreign("ip_transparent_v6", TCP6, libsock_set_ip_transparent_v6);
}

TEST(the_port_can_wait_for_connect)
{
    struct sockaddr_in addr;
    uint16_t port;
    int listener = net_tcp_listen(NET_IPV4, &port);
    int fd = open_sort(TCP4);

    memset(&addr, 0, sizeof(addr));
    addr.sin_family = AF_INET;
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_OK(libsock_set_bind_address_no_port(sock_of(fd), true));
    CHECK(bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0);
    CHECK_EQ_UINT(net_local_port(fd), 0);
    addr.sin_port = htons(port);
    CHECK(connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0);
    CHECK_UINT(net_local_port(fd), !=, 0);
    net_close(fd);
    net_close(listener);
}

/* --- Raw packets and packet sizes. */

TEST(our_own_ipv4_header_is_sent)
{
    struct sockaddr_in to;
    unsigned char packet[24] = {0x45, 0,   0, 24, 0,   0,   0,   0,
                                77,   253, 0, 0,  127, 0,   0,   1,
                                127,  0,   0, 1,  'd', 'a', 't', 'a'};
    unsigned char got[64];
    int sender = socket(AF_INET, SOCK_RAW, 253);
    int receiver = socket(AF_INET, SOCK_RAW, 253);

    if (sender < 0)
        SKIP("no CAP_NET_RAW");
    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_OK(libsock_set_header_included_v4(sock_of(sender), true));
    CHECK_EQ_INT(sendto(sender, packet, sizeof(packet), 0,
                        (struct sockaddr *)&to, sizeof(to)),
                 sizeof(packet));
    CHECK(net_wait_readable(receiver, 5000));
    CHECK_EQ_INT(net_recv(receiver, got, sizeof(got)), sizeof(packet));
    CHECK_EQ_UINT(got[8], 77);
    CHECK_EQ_MEM(got + 20, "data", 4);
    net_close(sender);
    net_close(receiver);
}

TEST(our_own_ipv6_header_is_sent)
{
    struct opt_control hops = {IPPROTO_IPV6, IPV6_HOPLIMIT, {0}, 0};
    struct sockaddr_in6 to;
    unsigned char packet[44] = {0x60, 0, 0, 0, 0, 4, 253, 77};
    unsigned char got[64];
    int sender = socket(AF_INET6, SOCK_RAW, 253);
    int receiver = socket(AF_INET6, SOCK_RAW, 253);
    bool on = false;

    if (sender < 0 || !net_has_ipv6())
        SKIP("no CAP_NET_RAW, or no ::1");
    packet[23] = packet[39] = 1;
    memcpy(packet + 40, "data", 4);
    memset(&to, 0, sizeof(to));
    to.sin6_family = AF_INET6;
    to.sin6_addr = in6addr_loopback;
    CHECK_OK(libsock_set_recv_hoplimit_v6(sock_of(receiver), true));
    CHECK_OK(libsock_set_header_included_v6(sock_of(sender), true));
    CHECK_OK(libsock_get_header_included_v6(sock_of(sender), &on));
    CHECK(on);
    CHECK_EQ_INT(sendto(sender, packet, sizeof(packet), 0,
                        (struct sockaddr *)&to, sizeof(to)),
                 sizeof(packet));
    CHECK(net_wait_readable(receiver, 5000));
    CHECK_EQ_INT(recv_control(receiver, 0, got, sizeof(got), &hops), 4);
    CHECK_EQ_INT(control_int(&hops), 77);
    CHECK_EQ_MEM(got, "data", 4);
    net_close(sender);
    net_close(receiver);
}

static uint32_t loopback_mtu(void)
{
    struct ifreq request;
    int fd = open_sort(UDP4);

    memset(&request, 0, sizeof(request));
    memcpy(request.ifr_name, "lo", 3);
    CHECK(ioctl(fd, SIOCGIFMTU, &request) == 0);
    net_close(fd);
    return (uint32_t)request.ifr_mtu;
}

TEST(mtu_is_known_once_connected)
{
    uint32_t mtu = 4711;
    int fd = open_sort(UDP4);
    int pair[2];

    CHECK_EQ_INT(libsock_kind(libsock_get_mtu_v4(sock_of(fd), &mtu)),
                 LIBSOCK_KIND_NOT_CONNECTED);
    CHECK_EQ_UINT(mtu, 4711);
    net_close(fd);
    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_get_mtu_v4(sock_of(pair[0]), &mtu));
    /* A length has 16 bits in IPv4. */
    CHECK_EQ_UINT(mtu, loopback_mtu() < 65535 ? loopback_mtu() : 65535);
    net_close(pair[0]);
    net_close(pair[1]);
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    net_tcp_pair(NET_IPV6, pair);
    CHECK_OK(libsock_get_mtu_v6(sock_of(pair[0]), &mtu));
    CHECK_EQ_UINT(mtu, loopback_mtu());
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(dont_fragment_refuses_what_needs_it)
{
    static const char block[2000];
    struct sockaddr_in6 to;
    int limit = 1280;
    uint16_t port;
    int fd;

    if (!net_has_ipv6())
        SKIP("no ::1 here");
    fd = net_udp_bind(NET_IPV6, &port);
    memset(&to, 0, sizeof(to));
    to.sin6_family = AF_INET6;
    to.sin6_addr = in6addr_loopback;
    to.sin6_port = htons(port);
    /* As if the way were that narrow. */
    CHECK(setsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &limit, sizeof(limit)) == 0);
    CHECK_EQ_INT(
        sendto(fd, block, sizeof(block), 0, (struct sockaddr *)&to, sizeof(to)),
        sizeof(block));
    CHECK_OK(libsock_set_dont_fragment_v6(sock_of(fd), true));
    CHECK(sendto(fd, block, sizeof(block), 0, (struct sockaddr *)&to,
                 sizeof(to)) < 0 &&
          errno == EMSGSIZE);
    net_close(fd);
}

/* The "don't fragment" bit of the next datagram to `port`, seen from below. */
static bool is_unfragmentable(int watcher, int sender, uint16_t port)
{
    unsigned char packet[128];

    net_udp_send(sender, NET_IPV4, port, "x", 1);
    do {
        CHECK_INT(net_recv(watcher, packet, sizeof(packet)), >=, 28);
    } while ((packet[22] << 8 | packet[23]) != port);
    return (packet[6] & 0x40) != 0;
}

TEST(mtu_discovery_decides_about_fragments)
{
    uint16_t port;
    uint16_t ignored;
    int watcher = socket(AF_INET, SOCK_RAW, IPPROTO_UDP);
    int receiver = net_udp_bind(NET_IPV4, &port);
    int sender = net_udp_bind(NET_IPV4, &ignored);
    libsock_socket sock = sock_of(sender);

    if (watcher < 0) {
        net_close(receiver);
        net_close(sender);
        SKIP("no CAP_NET_RAW");
    }
    CHECK_OK(libsock_set_mtu_discover_v4(sock, LIBSOCK_MTU_DISCOVER_OFF));
    CHECK(!is_unfragmentable(watcher, sender, port));
    CHECK_OK(libsock_set_mtu_discover_v4(sock, LIBSOCK_MTU_DISCOVER_DO));
    CHECK(is_unfragmentable(watcher, sender, port));
    net_close(watcher);
    net_close(receiver);
    net_close(sender);
}
