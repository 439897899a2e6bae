/* SPDX-License-Identifier: MIT */
/*
 * The clocks of TCP that the caller may set: when it sends again, how long it
 * holds an acknowledgement back; and whether it tries other ways. What the
 * delay of sending does needs a queue that few kernels have, and is tested in
 * the virtual machine. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/sock.h"

#define TIME_MS UINT64_C(1000000)

/* The kernel's numbers, by hand. */
enum {
    TIME_TX_DELAY = 37,
    TIME_RTO_MAX_MS = 44,
    TIME_RTO_MIN_US = 45,
    TIME_DELACK_MAX_US = 46,
    TIME_TXREHASH = 74
};

/* Old kernels have no such options. */
static void need(int r)
{
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this kernel lacks the option");
    CHECK_OK(r);
}

/* How long a connection waits before it sends again, after a few answers. */
static uint64_t time_rto(uint64_t rto_min)
{
    libsock_tcp_info info;
    libsock_socket pair[2];
    char byte = 0;

    sock_tcp_pair(pair);
    if (rto_min != 0)
        need(libsock_set_tcp_rto_min(pair[0], rto_min));
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
        CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 1);
        CHECK_EQ_INT(libsock_send(pair[1], "y", 1, 0), 1);
        CHECK_EQ_INT(libsock_recv(pair[0], &byte, 1, 0), 1);
    }
    CHECK_OK(libsock_get_tcp_info(pair[0], sizeof(info), &info));
    sock_close_pair(pair);
    return info.rto_ns;
}

TEST(the_least_wait_can_be_less)
{
    CHECK_UINT(time_rto(20 * TIME_MS), <, 200 * TIME_MS);
    CHECK_UINT(time_rto(0), >=, 200 * TIME_MS);
}

struct time_case {
    int (*set)(libsock_socket, uint64_t);
    int (*get)(libsock_socket, uint64_t *);
    int option;
    int initial;
    uint64_t good;
    int native;
    uint64_t bad[2];
};

static const struct time_case time_cases[] = {
    {libsock_set_tcp_rto_min,
     libsock_get_tcp_rto_min,
     TIME_RTO_MIN_US,
     200000,
     100 * TIME_MS,
     100000,
     {0, 200 * TIME_MS + 1}},
    {libsock_set_tcp_rto_max,
     libsock_get_tcp_rto_max,
     TIME_RTO_MAX_MS,
     120000,
     1500 * TIME_MS,
     1500,
     {999 * TIME_MS, 120000 * TIME_MS + 1}},
    {libsock_set_tcp_delayed_ack_max,
     libsock_get_tcp_delayed_ack_max,
     TIME_DELACK_MAX_US,
     200000,
     100 * TIME_MS,
     100000,
     {0, LIBSOCK_NO_TIMEOUT}},
    {libsock_set_tcp_tx_delay,
     libsock_get_tcp_tx_delay,
     TIME_TX_DELAY,
     0,
     50 * TIME_MS,
     50000,
     {UINT64_C(268435455001), LIBSOCK_NO_TIMEOUT}},
};

static bool time_check(const struct time_case *c, int fd)
{
    uint64_t ns = 7;

    if (libsock_kind(c->get(sock_of(fd), &ns)) == LIBSOCK_KIND_UNSUPPORTED)
        return false;
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, c->option), c->initial);
    CHECK_OK(c->set(sock_of(fd), c->good));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, c->option), c->native);
    CHECK_OK(c->get(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, c->good);
    fault_reset();
    CHECK_ERR(c->set(sock_of(fd), c->bad[0]), EINVAL);
    CHECK_ERR(c->set(sock_of(fd), c->bad[1]), EINVAL);
    CHECK_EQ_UINT(fault_calls(), 0);
    return true;
}

TEST(clocks_reach_the_kernel_or_are_refused)
{
    size_t missing = 0;

    for (size_t i = 0; i < sizeof(time_cases) / sizeof(time_cases[0]); i++) {
        int fd = open_sort(TCP4);

        missing += !time_check(&time_cases[i], fd);
        sock_close(sock_of(fd));
    }
    if (missing > 0)
        SKIP("this kernel lacks some of the options");
}

TEST(trying_other_ways_is_yes_or_no)
{
    int fd = open_sort(TCP4);
    int udp = open_sort(UDP4);
    bool on = false;

    need(libsock_get_tcp_tx_rehash(sock_of(fd), &on));
    CHECK_OK(libsock_set_tcp_tx_rehash(sock_of(fd), !on));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, TIME_TXREHASH), !on);
    CHECK_OK(libsock_set_tcp_tx_rehash(sock_of(fd), on));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, TIME_TXREHASH), on);
    sock_close(sock_of(fd));
    sock_close(sock_of(udp));
}
