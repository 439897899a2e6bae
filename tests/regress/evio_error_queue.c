/* SPDX-License-Identifier: MIT */
/*
 * A UDP socket whose error queue (IP_RECVERR) is not drained, in edge mode: the
 * queue makes the kernel report an error for as long as it holds something. A
 * program that reads until would-block and waits must not spin on that, and
 * what arrives meanwhile is reported all the same.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"

#include <libsock/libsock.h>

enum {
    QUEUE_EVENTS_MAX = 40,
    QUEUE_ROUNDS = 5
};

/* While an error is queued, new data may be found late, but no later. */
#define QUEUE_LATE (100 * CLOCK_MS)

struct queue {
    struct loop l;
    evio_udp_socket udp;
    uint32_t interest;
    int peer; /* sends to it */
    uint16_t port;
    uint16_t refused;
};

static void queue_open(struct queue *q, uint32_t interest)
{
    int fd = net_udp_bind(NET_IPV4, &q->port);
    uint16_t from;
    int r;

    q->interest = interest;
    q->peer = net_udp_bind(NET_IPV4, &from);
    q->refused = net_tcp_refused_port(NET_IPV4);
    net_set_nonblocking(fd, true);
    r = libsock_set_recv_err_v4(net_sock(fd), true);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no error queue here");
    CHECK_OK(r);
    loop_open(&q->l, 8);
    CHECK_OK(evio_udp_from_socket(net_sock(fd), &q->udp));
    net_watch(&q->l, &q->udp.source, 1, interest);
}

static void queue_close(struct queue *q)
{
    CHECK_OK(evio_udp_close(&q->udp));
    net_close(q->peer);
    loop_close(&q->l);
}

/* Read data, not the error queue, until would-block; how many bytes came. The
 * error that the socket itself holds is reported once. */
static unsigned queue_read(struct queue *q)
{
    unsigned bytes = 0;
    char buf[8];

    for (;;) {
        ptrdiff_t n = evio_udp_recv(&q->udp, buf, sizeof(buf));

        if (libsock_kind(n) == LIBSOCK_KIND_WOULD_BLOCK)
            return bytes;
        if (n < 0)
            CHECK_KIND(n, CONNECTION_REFUSED);
        else
            bytes += (unsigned)n;
    }
}

/* Wait and read for so long, or until `bytes` came; how many did. */
static unsigned queue_loop(struct queue *q, uint64_t ns, unsigned bytes)
{
    struct spin begin = spin_begin(&q->l);
    uint64_t deadline = evio_now_ns() + ns;
    unsigned events = 0;
    unsigned got = 0;
    evio_event event;

    while (evio_now_ns() < deadline && (bytes == 0 || got < bytes)) {
        CHECK_OK(evio_poll_wait_until(q->l.poll, q->l.events, deadline));
        while (evio_events_next(q->l.events, &event)) {
            CHECK_EQ_UINT(event.token, 1);
            events++;
            got += queue_read(q);
        }
    }
    CHECK_UINT(events, <=, QUEUE_EVENTS_MAX);
    spin_end(&q->l, &begin);
    return got;
}

static void queue_fail_once(struct queue *q)
{
    const libsock_addr to = net_addr_v4(q->refused);

    CHECK_EQ_INT(evio_udp_send_to(&q->udp, "x", 1, &to), 1);
    /* The buffer space that came back may be reported first. */
    while ((loop_await(&q->l, 1) & EVIO_ERROR) == 0)
        continue;
    CHECK_EQ_UINT(queue_read(q), 0);
}

static void queue_undrained(uint32_t interest)
{
    struct queue q;

    queue_open(&q, interest);
    queue_loop(&q, LOOP_QUIET, 0);
    queue_fail_once(&q);
    CHECK_EQ_UINT(queue_loop(&q, 200 * CLOCK_MS, 0), 0);
    queue_close(&q);
}

TEST(an_undrained_queue_does_not_spin)
{
    queue_undrained(EVIO_READABLE);
    queue_undrained(LOOP_RW);
}

static void queue_data_meanwhile(uint32_t interest)
{
    struct queue q;

    queue_open(&q, interest);
    queue_loop(&q, LOOP_QUIET, 0);
    queue_fail_once(&q);
    for (int i = 0; i < QUEUE_ROUNDS; i++) {
        uint64_t begin;

        queue_loop(&q, LOOP_QUIET, 0);
        begin = clock_ns();
        net_udp_send(q.peer, NET_IPV4, q.port, "abc", 3);
        CHECK_EQ_UINT(queue_loop(&q, LOOP_PATIENCE, 3), 3);
        CHECK_UINT(clock_ns() - begin, <=,
                   (QUEUE_LATE + 50 * CLOCK_MS) * clock_slow_factor());
    }
    queue_close(&q);
}

TEST(data_that_arrives_meanwhile_is_reported)
{
    queue_data_meanwhile(EVIO_READABLE);
    queue_data_meanwhile(LOOP_RW);
}

/* Take one error from the queue; false when there is none. */
static bool queue_drain_one(struct queue *q)
{
    char byte;
    libsock_buf buf = {&byte, 1};
    libsock_msg msg;
    ptrdiff_t n;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    n = evio_udp_recv_msg(&q->udp, &msg, LIBSOCK_MSG_ERRQUEUE);
    if (n < 0)
        CHECK_KIND(n, WOULD_BLOCK);
    return n >= 0;
}

/* Drained at last, it is as any other socket, and so is its next error. */
TEST(after_the_queue_was_drained)
{
    struct queue q;

    queue_open(&q, EVIO_READABLE);
    for (int i = 0; i < QUEUE_ROUNDS; i++) {
        queue_fail_once(&q);
        queue_loop(&q, LOOP_QUIET, 0);
        CHECK(queue_drain_one(&q));
        CHECK(!queue_drain_one(&q));
        queue_read(&q);
        spin_quiet(&q.l, 20 * CLOCK_MS);
    }
    net_udp_send(q.peer, NET_IPV4, q.port, "abc", 3);
    CHECK_EQ_UINT(loop_await(&q.l, 1), EVIO_READABLE);
    CHECK_EQ_UINT(queue_read(&q), 3);
    queue_close(&q);
}

/* Connected to where nobody is: a send fails, its error stays queued. */
TEST(a_connected_socket)
{
    struct queue q;

    queue_open(&q, EVIO_READABLE);
    fd_udp_connect(net_fd(&q.udp.source), q.refused);
    CHECK_EQ_INT(evio_udp_send(&q.udp, "x", 1), 1);
    CHECK((loop_await(&q.l, 1) & EVIO_ERROR) != 0);
    CHECK_EQ_UINT(queue_read(&q), 0);
    CHECK_EQ_UINT(queue_loop(&q, 200 * CLOCK_MS, 0), 0);
    queue_close(&q);
}

TEST(other_sources_are_reported)
{
    struct queue q;
    evio_source source;
    int pair[2];

    queue_open(&q, EVIO_READABLE);
    queue_fail_once(&q);
    queue_loop(&q, LOOP_QUIET, 0);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&q.l, &source, pair[0], 2, EVIO_READABLE);
    net_send_all(pair[1], "x", 1);
    net_until(&q.l, 2, EVIO_READABLE);
    loop_remove(&q.l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    queue_close(&q);
}
