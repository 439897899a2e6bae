/* SPDX-License-Identifier: MIT */
/*
 * When packets leave: paced by a rate, or at a time that each one carries. The
 * queues that keep to it, fq and etf, are set on the loopback of a network of
 * the test's own. Lower bounds of time only: the machine is slow.
 * Runs where vm.py has loaded them, so a missing queue is a failure.
 */
#include <errno.h>
#include <string.h>
#include <time.h>

#include "support/clock.h"
#include "support/netns.h"
#include "support/sock.h"

enum {
    PACE_RATE = 50000, /* bytes per second */
    PACE_LEN = 1000,
    PACE_COUNT = 6
};

/* A datagram socket to itself, in a network with this queue. */
static libsock_socket pacing_socket(const char *queue)
{
    libsock_socket sock;
    libsock_addr at;

    netns_enter();
    netns_tc("qdisc replace dev lo root %s", queue);
    sock = sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &at);
    CHECK_OK(libsock_connect(sock, &at));
    return sock;
}

TEST(datagrams_keep_to_the_rate)
{
    static char block[PACE_LEN];
    libsock_socket sock = pacing_socket("fq");
    uint64_t start;

    CHECK_OK(libsock_set_max_pacing_rate(sock, PACE_RATE));
    start = clock_ns();
    for (int i = 0; i < PACE_COUNT; i++)
        CHECK_EQ_INT(libsock_send(sock, block, PACE_LEN, 0), PACE_LEN);
    for (int i = 0; i < PACE_COUNT; i++)
        CHECK_EQ_INT(libsock_recv(sock, block, PACE_LEN, 0), PACE_LEN);
    /* The first leaves at once. */
    CHECK_UINT(clock_ns() - start, >=,
               (PACE_COUNT - 1) * PACE_LEN * CLOCK_S / PACE_RATE);
    sock_close(sock);
}

TEST(segments_leave_later_by_the_delay)
{
    const uint64_t delay = 400 * CLOCK_MS;
    libsock_socket pair[2];
    uint64_t start;
    char byte = 0;

    netns_enter();
    netns_tc("qdisc replace dev lo root fq");
    sock_tcp_pair(pair);
    CHECK_OK(libsock_set_tcp_tx_delay(pair[0], delay));
    start = clock_ns();
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 1);
    CHECK_UINT(clock_ns() - start, >=, delay);
    sock_close_pair(pair);
}

static uint64_t pacing_now(clockid_t clock)
{
    struct timespec now;

    CHECK_EQ_INT(clock_gettime(clock, &now), 0);
    return (uint64_t)now.tv_sec * CLOCK_S + (uint64_t)now.tv_nsec;
}

/* Send one byte, to leave at a time. */
static void pacing_send_at(libsock_socket sock, char byte, uint64_t ns)
{
    uint64_t room[8];
    libsock_buf buf = libsock_buf_of(&byte, 1);
    libsock_control_writer writer;
    libsock_msg msg;

    CHECK_OK(libsock_control_writer_init(&writer, room, sizeof(room)));
    CHECK_OK(libsock_control_put_tx_time(&writer, ns));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, libsock_control_len(&writer)));
    CHECK_EQ_INT(libsock_send_msg(sock, &msg, 0), 1);
}

TEST(a_datagram_leaves_at_its_time)
{
    static const libsock_txtime txtime = {LIBSOCK_CLOCK_MONOTONIC, 0};
    libsock_socket sock = pacing_socket("fq");
    uint64_t start = pacing_now(CLOCK_MONOTONIC);
    char byte = 0;

    CHECK_OK(libsock_set_txtime(sock, &txtime));
    pacing_send_at(sock, '3', start + 900 * CLOCK_MS);
    pacing_send_at(sock, '2', start + 600 * CLOCK_MS);
    CHECK_EQ_INT(libsock_send(sock, "1", 1, 0), 1);
    for (char expected = '1'; expected <= '3'; expected++) {
        CHECK_EQ_INT(libsock_recv(sock, &byte, 1, 0), 1);
        CHECK_EQ_INT(byte, expected);
        if (byte > '1')
            CHECK_UINT(pacing_now(CLOCK_MONOTONIC) - start, >=,
                       (uint64_t)(byte - '0') * 300 * CLOCK_MS);
    }
    sock_close(sock);
}

/* What the error queue says of a packet that was to leave at `ns`. */
static libsock_sock_error pacing_report(libsock_socket sock, uint64_t ns)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_SOCK_ERROR_SIZE) / 8];
    libsock_sock_error error;
    libsock_control c;
    libsock_msg msg;
    ptrdiff_t n;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    do {
        n = libsock_recv_msg(sock, &msg, LIBSOCK_MSG_ERRQUEUE);
    } while (libsock_would_block(n) && net_wait_readable(sock_fd(sock), 5000));
    CHECK_OK(n);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_ERROR, &c));
    CHECK_OK(libsock_control_get_error(&c, &error));
    CHECK_EQ_UINT(error.origin, LIBSOCK_ORIGIN_TX_TIME);
    CHECK_EQ_UINT((uint64_t)error.data << 32 | error.info, ns);
    return error;
}

/* etf lets a packet go a little before its time; here by nothing at all, which
 * is always too late. */
TEST(a_missed_time_is_told)
{
    static const libsock_txtime txtime = {LIBSOCK_CLOCK_TAI,
                                          LIBSOCK_TXTIME_REPORT};
    libsock_socket sock = pacing_socket("etf clockid CLOCK_TAI delta 0");
    libsock_sock_error error;
    uint64_t at;

    CHECK_OK(libsock_set_txtime(sock, &txtime));
    at = pacing_now(CLOCK_TAI) - CLOCK_S;
    pacing_send_at(sock, 'x', at);
    error = pacing_report(sock, at);
    CHECK_EQ_INT(error.error, -EINVAL);
    CHECK_EQ_UINT(error.code, 1);
    at = pacing_now(CLOCK_TAI) + 300 * CLOCK_MS;
    pacing_send_at(sock, 'x', at);
    error = pacing_report(sock, at);
    CHECK_EQ_INT(error.error, -ECANCELED);
    CHECK_EQ_UINT(error.code, 2);
    CHECK_UINT(pacing_now(CLOCK_TAI), >=, at);
    sock_close(sock);
}
