/* SPDX-License-Identifier: MIT */
/*
 * What a network that delays and loses does to connections, and which options
 * have a say in it: the queue netem is set on the loopback of a network of the
 * test's own. Lower bounds of time only: the machine is slow.
 * Runs where vm.py has loaded it, so a missing queue is a failure.
 */
#include <stdio.h>
#include <string.h>

#include "support/clock.h"
#include "support/netns.h"
#include "support/sock.h"

/* Every packet is late by `ms`; so is every answer. */
static void loss_delay(unsigned ms)
{
    netns_tc("qdisc replace dev lo root netem delay %ums", ms);
}

static void loss_of_all(void)
{
    netns_tc("qdisc replace dev lo root netem loss 100%%");
}

static void loss_of_none(void)
{
    netns_tc("qdisc del dev lo root");
}

static libsock_tcp_info loss_info(libsock_socket sock)
{
    libsock_tcp_info info;

    CHECK_OK(libsock_get_tcp_info(sock, sizeof(info), &info));
    return info;
}

TEST(a_round_trip_takes_as_long_as_the_network)
{
    libsock_socket pair[2];
    libsock_tcp_info info;
    char byte;

    netns_enter();
    loss_delay(20);
    sock_tcp_pair(pair);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 1);
    info = loss_info(pair[0]);
    CHECK_UINT(info.rtt_ns, >=, 40 * CLOCK_MS);
    CHECK_UINT(info.min_rtt_ns, >=, 40 * CLOCK_MS);
    CHECK_UINT(info.rto_ns, >, info.rtt_ns);
    CHECK_EQ_UINT(info.total_retransmits, 0);
    sock_close_pair(pair);
}

TEST(what_was_lost_is_sent_again_and_counted)
{
    libsock_socket pair[2];
    libsock_tcp_info info;
    char bytes[5];

    netns_enter();
    sock_tcp_pair(pair);
    loss_of_all();
    CHECK_EQ_INT(libsock_send(pair[0], "again", 5, 0), 5);
    info = loss_info(pair[0]);
    CHECK_EQ_UINT(info.unacked, 1);
    loss_of_none();
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, 5, LIBSOCK_MSG_WAITALL), 5);
    CHECK_EQ_MEM(bytes, "again", 5);
    info = loss_info(pair[0]);
    CHECK_UINT(info.total_retransmits, >=, 1);
    CHECK_UINT(info.bytes_retransmitted, >=, 5);
    CHECK_EQ_UINT(info.bytes_retransmitted % 5, 0);
    sock_close_pair(pair);
}

/* Without it the system would try for a quarter of an hour. */
TEST(the_user_timeout_ends_what_nobody_acknowledges)
{
    libsock_socket pair[2];
    uint64_t start;
    char byte;

    netns_enter();
    sock_tcp_pair(pair);
    CHECK_OK(libsock_set_tcp_user_timeout(pair[0], 300 * CLOCK_MS));
    loss_of_all();
    start = clock_ns();
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_KIND(libsock_recv(pair[0], &byte, 1, 0), TIMED_OUT);
    /* The kernel counts from one whole millisecond to another. */
    CHECK_UINT(clock_ns() - start, >=, 299 * CLOCK_MS);
    CHECK_UINT(loss_info(pair[0]).total_retransmits, >=, 1);
    CHECK_EQ_UINT(loss_info(pair[0]).state, LIBSOCK_TCP_CLOSED);
    sock_close_pair(pair);
}

TEST(keepalive_ends_a_connection_to_a_dead_peer)
{
    static const libsock_keepalive keepalive = {
        .time_ns = CLOCK_S, .interval_ns = CLOCK_S, .retries = 1};
    libsock_socket pair[2];
    uint64_t start;
    char byte;

    netns_enter();
    start = clock_ns();
    sock_tcp_pair(pair);
    CHECK_OK(libsock_set_tcp_keepalive(pair[0], &keepalive));
    loss_of_all();
    CHECK_KIND(libsock_recv(pair[0], &byte, 1, 0), TIMED_OUT);
    CHECK_UINT(clock_ns() - start, >=, clock_least(2 * CLOCK_S));
    sock_close_pair(pair);
}

/* How many packets the queue has thrown away. */
static unsigned loss_count(void)
{
    char text[1024];
    const char *at;
    unsigned n = 0;

    netns_read_tc(text, sizeof(text), "-s qdisc show dev lo");
    at = strstr(text, "(dropped ");
    CHECK(at != NULL && sscanf(at, "(dropped %u,", &n) == 1);
    return n;
}

TEST(connect_asks_as_often_as_it_was_told)
{
    libsock_socket sock, listener;
    libsock_addr at;

    netns_enter();
    listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    CHECK_OK(libsock_set_tcp_syn_retries(sock, 1));
    loss_of_all();
    CHECK_KIND(libsock_connect(sock, &at), TIMED_OUT);
    CHECK_EQ_UINT(loss_count(), 2);
    sock_close(sock);
    sock_close(listener);
}

TEST(a_connect_that_is_slow_is_gone_on_with)
{
    libsock_socket sock, listener;
    libsock_addr at;
    uint64_t start;

    netns_enter();
    listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    loss_delay(250);
    start = clock_ns();
    CHECK_KIND(libsock_connect_timeout(sock, &at, CLOCK_MS), TIMED_OUT);
    CHECK(!net_is_nonblocking(sock_fd(sock)));
    CHECK_OK(libsock_connect_timeout(sock, &at, LIBSOCK_NO_TIMEOUT));
    CHECK(!net_is_nonblocking(sock_fd(sock)));
    CHECK_UINT(clock_ns() - start, >=, 500 * CLOCK_MS);
    sock_close(sock);
    sock_close(listener);
}

TEST(close_lingers_for_what_is_not_acknowledged)
{
    libsock_socket pair[2];
    uint64_t start;

    netns_enter();
    sock_tcp_pair(pair);
    CHECK_OK(libsock_set_linger(pair[0], CLOCK_S));
    loss_of_all();
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    start = clock_ns();
    sock_close(pair[0]);
    CHECK_UINT(clock_ns() - start, >=, clock_least(CLOCK_S));
    sock_close(pair[1]);
}

/* A message with control data: what was received, or an entry of the error
 * queue, for which this waits. */
struct loss_msg {
    libsock_msg msg;
    libsock_buf buf;
    uint64_t room[32];
    char bytes[64];
};

static void loss_recv(libsock_socket sock, int flags, struct loss_msg *m)
{
    ptrdiff_t n;

    do {
        memset(m, 0, sizeof(*m));
        m->buf = libsock_buf_of(m->bytes, sizeof(m->bytes));
        CHECK_OK(libsock_msg_init(&m->msg));
        CHECK_OK(libsock_msg_set_bufs(&m->msg, &m->buf, 1));
        CHECK_OK(libsock_msg_set_control(&m->msg, m->room, sizeof(m->room)));
        n = libsock_recv_msg(sock, &m->msg, flags);
    } while (libsock_would_block(n) && net_wait_readable(sock_fd(sock), 5000));
    CHECK_OK(n);
}

/* The time that a report of this stage tells; the stages come in order. */
static uint64_t loss_sent_ns(libsock_socket sock, uint32_t stage)
{
    libsock_timestamps times = {0, 0};
    libsock_tx_report report = {99, 99};
    libsock_control c;
    struct loss_msg m;

    loss_recv(sock, LIBSOCK_MSG_ERRQUEUE, &m);
    CHECK_OK(libsock_control_find(&m.msg, LIBSOCK_CONTROL_ERROR, &c));
    CHECK_OK(libsock_control_get_tx_report(&c, &report));
    CHECK_EQ_UINT(report.stage, stage);
    CHECK_OK(libsock_control_find(&m.msg, LIBSOCK_CONTROL_TIMESTAMPS, &c));
    CHECK_OK(libsock_control_get_timestamps(&c, &times));
    return times.software_ns;
}

TEST(each_stage_of_a_packet_has_its_time)
{
    libsock_socket pair[2];
    uint64_t queued, sent;

    netns_enter();
    sock_tcp_pair(pair);
    CHECK_OK(libsock_set_timestamping(
        pair[0], LIBSOCK_TIMESTAMPING_SOFTWARE | LIBSOCK_TIMESTAMPING_TX_SCHED |
                     LIBSOCK_TIMESTAMPING_TX_SOFTWARE |
                     LIBSOCK_TIMESTAMPING_TX_ACK));
    loss_delay(30);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    queued = loss_sent_ns(pair[0], LIBSOCK_TX_SCHEDULED);
    sent = loss_sent_ns(pair[0], LIBSOCK_TX_SENT);
    CHECK_UINT(sent, >=, queued + 30 * CLOCK_MS);
    CHECK_UINT(loss_sent_ns(pair[0], LIBSOCK_TX_ACKED), >=,
               sent + 30 * CLOCK_MS);
    sock_close_pair(pair);
}

/* Loopback copies lent bytes for its receiver. Here there is none. */
TEST(bytes_that_were_lent_to_the_device_are_not_copied)
{
    static char bytes[8192];
    libsock_zerocopy range = {9, 9, true};
    libsock_socket sock;
    libsock_control c;
    libsock_addr at;
    struct loss_msg m;

    netns_enter();
    loss_of_all();
    sock = sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &at);
    CHECK_OK(libsock_set_zerocopy(sock, true));
    CHECK_EQ_INT(
        libsock_send_to(sock, bytes, sizeof(bytes), LIBSOCK_MSG_ZEROCOPY, &at),
        sizeof(bytes));
    loss_recv(sock, LIBSOCK_MSG_ERRQUEUE, &m);
    CHECK_OK(libsock_control_find(&m.msg, LIBSOCK_CONTROL_ERROR, &c));
    CHECK_OK(libsock_control_get_zerocopy(&c, &range));
    CHECK_EQ_UINT(range.first, 0);
    CHECK_EQ_UINT(range.last, 0);
    CHECK(!range.copied);
    sock_close(sock);
}
