/* SPDX-License-Identifier: MIT */
/*
 * Options that choose, by what they choose: the socket of a group, the program
 * that drops, the port, the interface, the pace, the time of departure.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/clock.h"
#include "support/net.h"
#include "support/netns.h"

/* After the C library's headers, which it repeats in part. */
#include <linux/bpf.h>

enum {
    DATAGRAMS = 64,
    PORTS_FIRST = 40000,
    PORTS = 8,
    PORT_RANGE = 51 /* IP_LOCAL_PORT_RANGE */
};

/* Two receivers of one address, bound in this order. */
struct group {
    int fd[2];
    uint16_t port;
};

static struct group group_of_two(void)
{
    struct group group;
    libsock_addr addr;
    bool on = false;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    for (int i = 0; i < 2; i++) {
        libsock_socket sock;

        group.fd[i] = open_sort(UDP4);
        sock = sock_of(group.fd[i]);
        CHECK_OK(libsock_set_reuse_port_balanced(sock, true));
        CHECK_OK(libsock_get_reuse_port_balanced(sock, &on));
        CHECK(on);
        CHECK_OK(libsock_bind(sock, &addr));
        CHECK_OK(libsock_local_addr(sock, &addr));
        net_set_nonblocking(group.fd[i], true);
    }
    group.port = (uint16_t)libsock_addr_port(&addr);
    return group;
}

static void group_close(const struct group *group)
{
    net_close(group->fd[0]);
    net_close(group->fd[1]);
}

/* Send from as many ports; who got how many? */
static void group_count(const struct group *group, unsigned out_got[2])
{
    char byte;

    for (int i = 0; i < DATAGRAMS; i++) {
        uint16_t port;
        int sender = net_udp_bind(NET_IPV4, &port);

        net_udp_send(sender, NET_IPV4, group->port, "x", 1);
        net_close(sender);
    }
    out_got[0] = out_got[1] = 0;
    /* Ends in the test's time-out if one is lost. */
    for (int i = 0; out_got[0] + out_got[1] < DATAGRAMS; i = 1 - i) {
        while (net_recv(group->fd[i], &byte, 1) == 1)
            out_got[i]++;
    }
    CHECK_EQ_UINT(out_got[0] + out_got[1], DATAGRAMS);
}

TEST(a_balanced_port_spreads)
{
    struct group group = group_of_two();
    unsigned got[2];

    group_count(&group, got);
    CHECK_UINT(got[0], >, 0);
    CHECK_UINT(got[1], >, 0);
    group_close(&group);
}

/* Whose the next connection is: all go to one socket of the group. */
static void expect_listener(int fd, uint16_t port)
{
    int client = net_tcp_connect(NET_IPV4, port);

    CHECK(net_wait_readable(fd, 5000));
    net_close(net_accept(fd));
    net_close(client);
}

TEST(listeners_are_counted_in_the_order_of_listening)
{
    const libsock_filter number_0 = {BPF_RET | BPF_K, 0, 0, 0};
    libsock_addr addr;
    uint16_t port;
    int fd[3];

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    for (int i = 0; i < 3; i++) {
        fd[i] = open_sort(TCP4);
        CHECK_OK(libsock_set_reuse_port(sock_of(fd[i]), true));
        CHECK_OK(libsock_bind(sock_of(fd[i]), &addr));
        CHECK_OK(libsock_local_addr(sock_of(fd[i]), &addr));
    }
    port = (uint16_t)libsock_addr_port(&addr);
    CHECK_OK(libsock_listen(sock_of(fd[1]), 8));
    CHECK_OK(libsock_listen(sock_of(fd[0]), 8));
    CHECK_OK(libsock_listen(sock_of(fd[2]), 8));
    CHECK_OK(libsock_attach_reuse_port_filter(sock_of(fd[0]), &number_0, 1));
    expect_listener(fd[1], port);
    net_close(fd[1]); /* the last one takes its number */
    expect_listener(fd[2], port);
    net_close(fd[2]);
    expect_listener(fd[0], port);
    net_close(fd[0]);
}

/* A program that returns this number, loaded; -1 when we may not. */
static int load_program(int number)
{
    struct bpf_insn program[2] = {
        {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = number},
        {.code = BPF_JMP | BPF_EXIT},
    };
    union bpf_attr attr;

    memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    attr.insn_cnt = 2;
    attr.insns = (uintptr_t)program;
    attr.license = (uintptr_t) "MIT";
    return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

TEST(a_loaded_program_chooses_the_socket)
{
    int program = load_program(1);
    struct group group;
    unsigned got[2];

    if (program < 0)
        SKIP("no bpf(2) here, or not for us");
    group = group_of_two();
    CHECK_OK(libsock_attach_reuse_port_bpf(sock_of(group.fd[0]), program));
    net_close(program);
    group_count(&group, got);
    CHECK_EQ_UINT(got[1], DATAGRAMS);
    CHECK_OK(libsock_detach_reuse_port_filter(sock_of(group.fd[0])));
    group_count(&group, got);
    CHECK_UINT(got[0], >, 0);
    CHECK_UINT(got[1], >, 0);
    group_close(&group);
}

/* Nothing but what the filter says decides; the sender is the loopback. */
static void expect_datagram(int fd, bool expected)
{
    char byte;

    net_udp_send(fd, NET_IPV4, net_local_port(fd), "x", 1);
    CHECK_EQ_INT(net_wait_readable(fd, expected ? 5000 : 20), expected);
    if (expected)
        CHECK_EQ_INT(net_recv(fd, &byte, 1), 1);
}

TEST(a_loaded_program_drops_until_it_is_detached)
{
    int program = load_program(0);
    uint16_t port;
    int fd;

    if (program < 0)
        SKIP("no bpf(2) here, or not for us");
    fd = net_udp_bind(NET_IPV4, &port);
    expect_datagram(fd, true);
    CHECK_OK(libsock_attach_bpf(sock_of(fd), program));
    net_close(program);
    expect_datagram(fd, false);
    CHECK_OK(libsock_detach_filter(sock_of(fd)));
    expect_datagram(fd, true);
    net_close(fd);
}

TEST(a_descriptor_that_is_no_program_is_refused)
{
    int fd = open_sort(UDP4);
    libsock_socket sock = sock_of(fd);

    CHECK_ERR(libsock_attach_bpf(sock, -1), EBADF);
    CHECK_ERR(libsock_attach_reuse_port_bpf(sock, LIBSOCK_RAW_INVALID), EBADF);
#if INTPTR_MAX > INT32_MAX
    CHECK_ERR(libsock_attach_bpf(sock, (libsock_raw)INT32_MAX + 1), EBADF);
#endif
    CHECK_EQ_INT(libsock_kind(libsock_attach_bpf(sock, fd)),
                 LIBSOCK_KIND_INVALID_INPUT);
    net_close(fd);
}

TEST(a_locked_filter_stays)
{
    static const libsock_filter drop[] = {{BPF_RET | BPF_K, 0, 0, 0}};
    static const libsock_filter pass[] = {{BPF_RET | BPF_K, 0, 0, UINT32_MAX}};
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);
    libsock_socket sock = sock_of(fd);

    CHECK_OK(libsock_attach_filter(sock, pass, 1));
    expect_datagram(fd, true);
    CHECK_OK(libsock_attach_filter(sock, drop, 1));
    CHECK_OK(libsock_set_lock_filter(sock, true));
    CHECK_ERR(libsock_attach_filter(sock, pass, 1), EPERM);
    CHECK_ERR(libsock_detach_filter(sock), EPERM);
    CHECK_ERR(libsock_set_lock_filter(sock, false), EPERM);
    expect_datagram(fd, false);
    net_close(fd);
}

TEST(ports_come_from_the_range)
{
    int fd[PORTS + 1];
    libsock_addr any;
    uint16_t low = 1;
    uint16_t high = 1;

    netns_enter();
    fd[0] = open_sort(UDP4);
    if (libsock_kind(libsock_get_local_port_range(
            sock_of(fd[0]), &low, &high)) == LIBSOCK_KIND_UNSUPPORTED) {
        net_close(fd[0]);
        SKIP("Linux before 6.3");
    }
    CHECK_EQ_UINT(low, 0);
    CHECK_EQ_UINT(high, 0);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &any));
    for (int i = 0; i <= PORTS; i++) {
        if (i > 0)
            fd[i] = open_sort(UDP4);
        CHECK_OK(libsock_set_local_port_range(sock_of(fd[i]), PORTS_FIRST,
                                              PORTS_FIRST + PORTS - 1));
        if (i == PORTS) {
            CHECK_ERR(libsock_bind(sock_of(fd[i]), &any), EADDRINUSE);
            continue;
        }
        CHECK_OK(libsock_bind(sock_of(fd[i]), &any));
        CHECK_UINT(net_local_port(fd[i]), >=, PORTS_FIRST);
        CHECK_UINT(net_local_port(fd[i]), <, PORTS_FIRST + PORTS);
    }
    CHECK_EQ_UINT((uint32_t)raw_int(fd[0], IPPROTO_IP, PORT_RANGE),
                  (PORTS_FIRST + PORTS - 1) * 65536u + PORTS_FIRST);
    CHECK_OK(libsock_get_local_port_range(sock_of(fd[0]), &low, &high));
    CHECK_EQ_UINT(low, PORTS_FIRST);
    CHECK_EQ_UINT(high, PORTS_FIRST + PORTS - 1);
    CHECK_ERR(libsock_set_local_port_range(sock_of(fd[0]), 2, 1), EINVAL);
    CHECK_ERR(libsock_get_local_port_range(sock_of(fd[0]), NULL, &high),
              EINVAL);
    CHECK_ERR(libsock_get_local_port_range(sock_of(fd[0]), &low, NULL), EINVAL);
    CHECK_OK(libsock_set_local_port_range(sock_of(fd[0]), 0, 0));
    for (int i = 0; i <= PORTS; i++)
        net_close(fd[i]);
}

/* Whence it would send, which says by which of the two interfaces. */
static void expect_source(int fd, const char *to, const char *from)
{
    char text[LIBSOCK_ADDR_TEXT_SIZE];
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse_ip(to, strlen(to), 9, &addr));
    CHECK_OK(libsock_connect(sock_of(fd), &addr));
    CHECK_OK(libsock_local_addr(sock_of(fd), &addr));
    CHECK_OK(libsock_addr_print_ip(&addr, text, sizeof(text)));
    CHECK_EQ_STR(text, from);
    net_close(fd);
}

static void two_ways(void)
{
    struct netns_end here = {-1, "first"};
    struct netns_end there = {-1, "second"};

    netns_enter();
    here.fd = there.fd = netns_open();
    netns_wire(&here, &there);
    net_close(here.fd);
}

TEST(unicast_leaves_by_the_interface)
{
    uint32_t index;
    uint32_t read = 7;
    int fd;

    two_ways();
    netns_ip("addr add 10.9.1.1/24 dev first");
    netns_ip("addr add 10.9.2.1/24 dev second");
    netns_ip("route add 192.0.2.0/24 dev first");
    netns_ip("route add 192.0.2.0/24 dev second metric 5");
    index = if_nametoindex("second");
    expect_source(open_sort(UDP4), "192.0.2.1", "10.9.1.1");
    fd = open_sort(UDP4);
    CHECK_OK(libsock_set_unicast_if_v4(sock_of(fd), index));
    CHECK_EQ_UINT((uint32_t)raw_int(fd, IPPROTO_IP, IP_UNICAST_IF),
                  htonl(index));
    CHECK_OK(libsock_get_unicast_if_v4(sock_of(fd), &read));
    CHECK_EQ_UINT(read, index);
    CHECK_EQ_INT(libsock_kind(libsock_set_unicast_if_v4(sock_of(fd), 99999)),
                 LIBSOCK_KIND_ADDR_NOT_AVAILABLE);
    CHECK_ERR(libsock_set_unicast_if_v4(sock_of(fd), UINT32_MAX), EINVAL);
    expect_source(fd, "192.0.2.1", "10.9.2.1");
}

TEST(unicast_leaves_by_the_interface_v6)
{
    uint32_t index;
    uint32_t read = 7;
    int fd;

    two_ways();
    if (!netns_try_ip("addr add fd09:1::1/64 dev first nodad"))
        SKIP("no IPv6");
    netns_ip("addr add fd09:2::1/64 dev second nodad");
    netns_ip("route add 2001:db8::/32 dev first");
    netns_ip("route add 2001:db8::/32 dev second metric 2000");
    index = if_nametoindex("second");
    expect_source(open_sort(UDP6), "2001:db8::1", "fd09:1::1");
    fd = open_sort(UDP6);
    CHECK_OK(libsock_set_unicast_if_v6(sock_of(fd), index));
    CHECK_EQ_UINT((uint32_t)raw_int(fd, IPPROTO_IPV6, IPV6_UNICAST_IF),
                  htonl(index));
    CHECK_OK(libsock_get_unicast_if_v6(sock_of(fd), &read));
    CHECK_EQ_UINT(read, index);
    expect_source(fd, "2001:db8::1", "fd09:2::1");
}

TEST(address_preferences_reach_the_kernel)
{
    int fd = open_sort(UDP6);
    uint32_t value = 0;

    if (fd < 0)
        SKIP("no IPv6");
    CHECK_OK(libsock_set_addr_preferences_v6(sock_of(fd), LIBSOCK_ADDR_PUBLIC));
    value = (uint32_t)raw_int(fd, IPPROTO_IPV6, IPV6_ADDR_PREFERENCES);
    CHECK_EQ_UINT(value & (LIBSOCK_ADDR_PUBLIC | LIBSOCK_ADDR_TEMPORARY),
                  LIBSOCK_ADDR_PUBLIC);
    CHECK_OK(
        libsock_set_addr_preferences_v6(sock_of(fd), LIBSOCK_ADDR_TEMPORARY));
    CHECK_OK(libsock_get_addr_preferences_v6(sock_of(fd), &value));
    CHECK_EQ_UINT(value & (LIBSOCK_ADDR_PUBLIC | LIBSOCK_ADDR_TEMPORARY),
                  LIBSOCK_ADDR_TEMPORARY);
    CHECK_ERR(libsock_set_addr_preferences_v6(
                  sock_of(fd), LIBSOCK_ADDR_PUBLIC | LIBSOCK_ADDR_TEMPORARY),
              EINVAL);
    CHECK_ERR(libsock_set_addr_preferences_v6(sock_of(fd), 0x1000), EINVAL);
    net_close(fd);
}

/* --- pace and time */

static uint64_t raw_rate(int fd)
{
    uint64_t rate = 0;
    socklen_t len = sizeof(rate);

    CHECK(getsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len) == 0);
    CHECK_EQ_UINT(len, sizeof(rate));
    return rate;
}

/* As 32 bits, the last would be "no limit", and the one after it 704. */
TEST(rates_are_whole)
{
    static const uint64_t rates[] = {1, 1000000, UINT32_MAX - 1, UINT32_MAX,
                                     UINT64_C(4294968000)};
    int fd = open_sort(TCP4);
    uint64_t rate = 0;
    uint64_t longest;
    socklen_t len = sizeof(longest);

    CHECK_OK(libsock_get_max_pacing_rate(sock_of(fd), &rate));
    CHECK_EQ_UINT(rate, LIBSOCK_NO_LIMIT);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &longest, &len) == 0);
    if (len != sizeof(longest)) {
        CHECK_ERR(libsock_set_max_pacing_rate(sock_of(fd), UINT32_MAX), EINVAL);
        net_close(fd);
        SKIP("a kernel with rates of 32 bits: more is refused");
    }
    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        CHECK_OK(libsock_set_max_pacing_rate(sock_of(fd), rates[i]));
        CHECK_EQ_UINT(raw_rate(fd), rates[i]);
        CHECK_OK(libsock_get_max_pacing_rate(sock_of(fd), &rate));
        CHECK_EQ_UINT(rate, rates[i]);
    }
    CHECK_OK(libsock_set_max_pacing_rate(sock_of(fd), LIBSOCK_NO_LIMIT));
    CHECK_EQ_UINT(raw_rate(fd), UINT64_MAX);
    CHECK_ERR(libsock_set_max_pacing_rate(sock_of(fd), 0), EINVAL);
    CHECK_ERR(libsock_get_max_pacing_rate(sock_of(fd), NULL), EINVAL);
    CHECK_EQ_UINT(raw_rate(fd), UINT64_MAX);
    net_close(fd);
}

TEST(a_pace_is_kept)
{
    enum {
        RATE = 20 << 20,
        BLOCK = 2 << 20
    };
    static char block[BLOCK];
    libsock_tcp_info info;
    size_t sent = 0;
    size_t got = 0;
    uint64_t start = clock_ns();
    int pair[2];

    net_tcp_pair(NET_IPV4, pair);
    CHECK_OK(libsock_set_max_pacing_rate(sock_of(pair[0]), RATE));
    net_set_nonblocking(pair[0], true);
    while (got < BLOCK) {
        ptrdiff_t n =
            net_wait_writable(pair[0], 0)
                ? libsock_send(sock_of(pair[0]), block, BLOCK - sent, 0)
                : 0;

        CHECK(n >= 0 || libsock_would_block(n));
        sent += n > 0 ? (size_t)n : 0;
        CHECK(net_wait_readable(pair[1], 5000));
        n = net_recv(pair[1], block, BLOCK);
        CHECK_INT(n, >, 0);
        got += (size_t)n;
    }
    /* 100 ms, less what the first window holds. */
    CHECK_UINT(clock_ns() - start, >, 50 * CLOCK_MS);
    CHECK_OK(libsock_get_tcp_info(sock_of(pair[0]), sizeof(info), &info));
    CHECK_UINT(info.pacing_rate, <=, RATE);
    CHECK_EQ_UINT(info.max_pacing_rate, RATE);
    net_close(pair[0]);
    net_close(pair[1]);
}

/* With a time of departure as control data; what the OS said. */
static int send_at(int fd, uint64_t time_ns)
{
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(uint64_t))];
    } space;
    struct iovec piece = {(void *)(uintptr_t) "x", 1};
    struct msghdr msg;
    struct cmsghdr *head;

    memset(&msg, 0, sizeof(msg));
    memset(&space, 0, sizeof(space));
    msg.msg_iov = &piece;
    msg.msg_iovlen = 1;
    msg.msg_control = space.room;
    msg.msg_controllen = sizeof(space.room);
    head = CMSG_FIRSTHDR(&msg);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_TXTIME;
    head->cmsg_len = CMSG_LEN(sizeof(time_ns));
    memcpy(CMSG_DATA(head), &time_ns, sizeof(time_ns));
    return sendmsg(fd, &msg, 0) == 1 ? 0 : -errno;
}

TEST(times_of_departure_are_taken_once_switched_on)
{
    libsock_txtime txtime = {LIBSOCK_CLOCK_MONOTONIC, LIBSOCK_TXTIME_REPORT};
    libsock_txtime back = {-1, 99};
    struct sock_txtime raw;
    socklen_t len = sizeof(raw);
    libsock_addr addr;
    uint16_t port;
    int fd = net_udp_bind(NET_IPV4, &port);

    CHECK_OK(libsock_local_addr(sock_of(fd), &addr));
    CHECK_OK(libsock_connect(sock_of(fd), &addr));
    CHECK_ERR(send_at(fd, clock_ns()), EINVAL);
    CHECK_OK(libsock_set_txtime(sock_of(fd), &txtime));
    CHECK(getsockopt(fd, SOL_SOCKET, SO_TXTIME, &raw, &len) == 0);
    CHECK_EQ_INT(raw.clockid, CLOCK_MONOTONIC);
    CHECK_EQ_UINT(raw.flags, SOF_TXTIME_REPORT_ERRORS);
    CHECK_OK(libsock_get_txtime(sock_of(fd), &back));
    CHECK_EQ_INT(back.clock, LIBSOCK_CLOCK_MONOTONIC);
    CHECK_EQ_UINT(back.flags, LIBSOCK_TXTIME_REPORT);
    CHECK_OK(send_at(fd, clock_ns()));
    CHECK(net_wait_readable(fd, 5000));
    net_close(fd);
}

TEST(nonsense_about_departure_is_refused)
{
    libsock_txtime clocks = {5, 0};
    libsock_txtime flags = {LIBSOCK_CLOCK_MONOTONIC, 4};
    int fd = open_sort(UDP4);

    CHECK_ERR(libsock_set_txtime(sock_of(fd), NULL), EINVAL);
    CHECK_ERR(libsock_get_txtime(sock_of(fd), NULL), EINVAL);
    CHECK_ERR(libsock_set_txtime(sock_of(fd), &clocks), EINVAL);
    CHECK_ERR(libsock_set_txtime(sock_of(fd), &flags), EINVAL);
    net_close(fd);
}

TEST(too_long_is_told_instead_of_cut)
{
    static char block[3000];
    libsock_addr addr;
    bool on = true;
    uint16_t port;
    int receiver;
    int fd;

    netns_enter();
    netns_ip("link set lo mtu 1500");
    receiver = net_udp_bind(NET_IPV4, &port);
    fd = open_sort(UDP4);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, port, &addr));
    CHECK_OK(libsock_connect(sock_of(fd), &addr));
    CHECK_OK(libsock_set_dont_fragment_v4(sock_of(fd), false));
    CHECK_OK(libsock_get_dont_fragment_v4(sock_of(fd), &on));
    CHECK(!on);
    CHECK_EQ_INT(libsock_send(sock_of(fd), block, sizeof(block), 0),
                 sizeof(block));
    CHECK_EQ_INT(net_recv(receiver, block, sizeof(block)), sizeof(block));
    CHECK_OK(libsock_set_dont_fragment_v4(sock_of(fd), true));
    CHECK_OK(libsock_get_dont_fragment_v4(sock_of(fd), &on));
    CHECK(on);
    CHECK_ERR(libsock_send(sock_of(fd), block, sizeof(block), 0), EMSGSIZE);
    CHECK_EQ_INT(libsock_send(sock_of(fd), block, 1000, 0), 1000);
    /* The same thing, finer. */
    CHECK_OK(
        libsock_set_mtu_discover_v4(sock_of(fd), LIBSOCK_MTU_DISCOVER_WANT));
    CHECK_OK(libsock_get_dont_fragment_v4(sock_of(fd), &on));
    CHECK(!on);
    CHECK_OK(libsock_set_mtu_discover_v4(sock_of(fd), LIBSOCK_MTU_DISCOVER_DO));
    CHECK_OK(libsock_get_dont_fragment_v4(sock_of(fd), &on));
    CHECK(on);
    net_close(fd);
    net_close(receiver);
}
