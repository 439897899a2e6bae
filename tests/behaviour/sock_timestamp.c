/* SPDX-License-Identifier: MIT */
/*
 * When datagrams came in and went out, against the clock of this host. Hardware
 * times need a device that takes them; where none is, they are told as absent.
 */
#include <libsock/libsock.h>

#include <string.h>
#include <time.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

/* What was received with its control data. */
struct stamp_msg {
    libsock_msg msg;
    libsock_buf buf;
    uint64_t room[32];
    char bytes[64];
};

static uint64_t stamp_now(void)
{
    struct timespec now;

    CHECK(timespec_get(&now, TIME_UTC) == TIME_UTC);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static ptrdiff_t stamp_recv(libsock_socket sock, struct stamp_msg *m, int flags)
{
    memset(m, 0, sizeof(*m));
    m->buf = libsock_buf_of(m->bytes, sizeof(m->bytes));
    CHECK_OK(libsock_msg_init(&m->msg));
    CHECK_OK(libsock_msg_set_bufs(&m->msg, &m->buf, 1));
    CHECK_OK(libsock_msg_set_control(&m->msg, m->room, sizeof(m->room)));
    return libsock_recv_msg(sock, &m->msg, flags);
}

/* One step of the clock is let through: adjtime may run beside. */
static void stamp_expect(uint64_t ns, uint64_t before)
{
    CHECK_UINT(ns, >=, before - 1000);
    CHECK_UINT(ns, <=, stamp_now() + 1000);
}

/* The time of one datagram, asked for by `set`. */
static uint64_t stamp_plain(int (*set)(libsock_socket, bool))
{
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    uint64_t before, ns = 0;
    struct stamp_msg m;
    libsock_control c;
    int r = set(two, true);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no such timestamps here");
    CHECK_OK(r);
    /* Switching them on for the host may take effect late: the first datagram
     * is stamped when it is read. */
    before = stamp_now();
    CHECK_EQ_INT(libsock_send_to(one, "x", 1, 0, &b), 1);
    CHECK_EQ_INT(stamp_recv(two, &m, 0), 1);
    CHECK_OK(libsock_control_find(&m.msg, LIBSOCK_CONTROL_TIMESTAMP, &c));
    CHECK_OK(libsock_control_get_timestamp(&c, &ns));
    /* Microseconds are cut, not rounded up. */
    stamp_expect(ns, before);
    sock_close(one);
    sock_close(two);
    return ns;
}

TEST(a_datagram_tells_when_it_came)
{
    CHECK_EQ_UINT(stamp_plain(libsock_set_timestamp) % 1000, 0);
}

TEST(a_datagram_tells_when_it_came_in_nanoseconds)
{
    (void)stamp_plain(libsock_set_timestamp_ns);
}

static void stamp_ask(libsock_socket sock, uint32_t flags)
{
    int r = libsock_set_timestamping(sock, flags);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no SO_TIMESTAMPING here");
    CHECK_OK(r);
}

TEST(received_times_by_flags)
{
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    libsock_timestamps times = {0};
    struct stamp_msg m;
    libsock_control c;
    uint64_t before;

    stamp_ask(two, LIBSOCK_TIMESTAMPING_RX_SOFTWARE |
                       LIBSOCK_TIMESTAMPING_SOFTWARE |
                       LIBSOCK_TIMESTAMPING_RX_HARDWARE |
                       LIBSOCK_TIMESTAMPING_RAW_HARDWARE);
    before = stamp_now();
    do {
        CHECK_EQ_INT(libsock_send_to(one, "x", 1, 0, &b), 1);
        CHECK_EQ_INT(stamp_recv(two, &m, 0), 1);
        /* The host takes times from a moment after the first one asked. */
    } while (libsock_control_find(&m.msg, LIBSOCK_CONTROL_TIMESTAMPS, &c) < 0);
    CHECK_OK(libsock_control_get_timestamps(&c, &times));
    stamp_expect(times.software_ns, before);
    CHECK_EQ_UINT(times.hardware_ns, 0);
    sock_close(one);
    sock_close(two);
}

/* The next report of the error queue. */
static libsock_tx_report stamp_report(libsock_socket sock, uint64_t before)
{
    libsock_tx_report report = {0};
    libsock_timestamps times;
    struct stamp_msg m;
    libsock_control c;
    ptrdiff_t n = stamp_recv(sock, &m, LIBSOCK_MSG_ERRQUEUE);

    while (libsock_would_block(n)) {
        (void)net_wait_readable(sock_fd(sock), 5000);
        n = stamp_recv(sock, &m, LIBSOCK_MSG_ERRQUEUE);
    }
    CHECK_OK(n);
    CHECK_EQ_INT(libsock_msg_flags(&m.msg), LIBSOCK_MSG_ERRQUEUE);
    CHECK_OK(libsock_control_find(&m.msg, LIBSOCK_CONTROL_TIMESTAMPS, &c));
    CHECK_OK(libsock_control_get_timestamps(&c, &times));
    stamp_expect(times.software_ns, before);
    CHECK_OK(libsock_control_find(&m.msg, LIBSOCK_CONTROL_ERROR, &c));
    CHECK_OK(libsock_control_get_tx_report(&c, &report));
    return report;
}

TEST(sent_times_come_from_the_error_queue)
{
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    uint64_t before = stamp_now();

    stamp_ask(one,
              LIBSOCK_TIMESTAMPING_TX_SOFTWARE | LIBSOCK_TIMESTAMPING_TX_SCHED |
                  LIBSOCK_TIMESTAMPING_SOFTWARE | LIBSOCK_TIMESTAMPING_OPT_ID |
                  LIBSOCK_TIMESTAMPING_OPT_TSONLY);
    for (uint32_t i = 0; i < 3; i++) {
        libsock_tx_report report;

        CHECK_EQ_INT(libsock_send_to(one, "x", 1, 0, &b), 1);
        report = stamp_report(one, before);
        CHECK_EQ_UINT(report.id, i);
        CHECK_EQ_UINT(report.stage, LIBSOCK_TX_SCHEDULED);
        report = stamp_report(one, before);
        CHECK_EQ_UINT(report.id, i);
        CHECK_EQ_UINT(report.stage, LIBSOCK_TX_SENT);
    }
    sock_close(one);
    sock_close(two);
}

TEST(tcp_tells_when_bytes_were_acknowledged)
{
    libsock_socket pair[2];
    libsock_tx_report report;
    uint64_t before = stamp_now();

    sock_tcp_pair(pair);
    stamp_ask(pair[0], LIBSOCK_TIMESTAMPING_TX_ACK |
                           LIBSOCK_TIMESTAMPING_SOFTWARE |
                           LIBSOCK_TIMESTAMPING_OPT_ID |
                           LIBSOCK_TIMESTAMPING_OPT_TSONLY);
    CHECK_EQ_INT(libsock_send(pair[0], "12345", 5, 0), 5);
    report = stamp_report(pair[0], before);
    CHECK_EQ_UINT(report.stage, LIBSOCK_TX_ACKED);
    /* The number of the last byte. */
    CHECK_EQ_UINT(report.id, 4);
    sock_close_pair(pair);
}

TEST(flags_that_the_kernel_lacks_are_refused)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    uint32_t flags = 1;

    stamp_ask(sock, 0);
    CHECK_KIND(libsock_set_timestamping(sock, 0x40000000), INVALID_INPUT);
    CHECK_KIND(libsock_set_timestamping(sock, UINT32_MAX), INVALID_INPUT);
    CHECK_OK(libsock_get_timestamping(sock, &flags));
    CHECK_EQ_UINT(flags, 0);
    sock_close(sock);
}
