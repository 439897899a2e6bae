/* SPDX-License-Identifier: MIT */
/*
 * Promise: EVIO_CLOSED reports the end of the peer and EVIO_HANGUP that of the
 * connection. Data that lie unread are not reported, and cost no spin.
 * Which hints come along is cut by what was requested; `detail` has the
 * selector's own bits.
 */
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/native.h"
#include "support/net.h"
#include "support/taken.h"

enum {
    CLOSED_TOKEN = 3
};

#define CLOSED_ENDS \
 ((uint32_t)EVIO_CLOSED | EVIO_READ_CLOSED | EVIO_WRITE_CLOSED)

static const uint32_t closed_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

struct fixture {
    struct loop l;
    struct peer p;
    uint32_t mode;
};

static void closed_open(struct fixture *t, bool tcp, uint32_t interest)
{
    loop_open(&t->l, 8);
    if (tcp)
        net_tcp_pair(NET_IPV4, t->p.fd);
    else
        net_unix_pair(NET_STREAM, t->p.fd);
    peer_register(&t->l, &t->p, CLOSED_TOKEN, interest);
    t->mode = interest & ((uint32_t)EVIO_LEVEL | EVIO_ONESHOT);
}

static void closed_close(struct fixture *t)
{
    peer_close(&t->l, &t->p);
    loop_close(&t->l);
}

/* The peer's end; [1] is then not open any more. */
static void closed_peer_closes(struct fixture *t)
{
    net_close(t->p.fd[1]);
    t->p.fd[1] = -1;
}

static void closed_peer_resets(struct fixture *t)
{
    net_reset(t->p.fd[1]);
    t->p.fd[1] = -1;
}

/* As often as the mode has it, and no more: a spin would be seen in the
 * counters of a wait that lasts. */
static void closed_repeats(struct fixture *t, uint32_t bits)
{
    if (t->mode == EVIO_LEVEL) {
        for (int i = 0; i < 5; i++)
            CHECK_EQ_UINT(taken_one(&t->l, CLOSED_TOKEN).readiness, bits);
        return;
    }
    loop_lasts(&t->l);
    CHECK_UINT(loop_stats(&t->l).empty, <=, 4);
}

/* Data lie unread, and more come: nothing, in waits that last. */
static void closed_ignores_data(struct fixture *t)
{
    uint64_t waits = loop_stats(&t->l).waits;

    for (int i = 0; i < 5; i++) {
        peer_send(&t->p, 4);
        CHECK(net_wait_readable(t->p.fd[0], 10000));
        loop_lasts(&t->l);
    }
    CHECK_EQ_UINT(loop_stats(&t->l).waits, waits + 5);
    CHECK_UINT(loop_stats(&t->l).empty, <=, 10);
    CHECK_EQ_UINT(loop_stats(&t->l).events, 0);
}

static void closed_half_close(bool tcp, bool data)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;
        evio_event event;

        closed_open(&t, tcp, EVIO_CLOSED | closed_modes[m]);
        loop_lasts(&t.l);
        if (data)
            closed_ignores_data(&t);
        net_shutdown_write(t.p.fd[1]);
        event = taken_one(&t.l, CLOSED_TOKEN);
        CHECK_EQ_UINT(event.readiness,
                      (uint32_t)EVIO_CLOSED | EVIO_READ_CLOSED);
        CHECK_UINT(event.detail & native_rdhup, !=, 0);
        CHECK_EQ_UINT(event.detail & (native_hup | native_err), 0);
        closed_repeats(&t, (uint32_t)EVIO_CLOSED | EVIO_READ_CLOSED);
        closed_close(&t);
    }
}

TEST(a_half_close)
{
    closed_half_close(false, false);
    closed_half_close(true, false);
}

TEST(a_half_close_behind_unread_data)
{
    closed_half_close(false, true);
    closed_half_close(true, true);
}

/* AF_UNIX hangs up at once; TCP when both ends have closed. */
TEST(a_hang_up)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;
        evio_event event;

        closed_open(&t, false, EVIO_CLOSED | closed_modes[m]);
        closed_ignores_data(&t);
        closed_peer_closes(&t);
        event = taken_one(&t.l, CLOSED_TOKEN);
        CHECK_EQ_UINT(event.readiness, CLOSED_ENDS);
        CHECK_UINT(event.detail & native_hup, !=, 0);
        closed_repeats(&t, CLOSED_ENDS);
        closed_close(&t);
    }
}

/* First the half, then the whole: neither hides the other. */
TEST(a_hang_up_after_a_half_close)
{
    struct fixture t;
    evio_event event;

    closed_open(&t, false, EVIO_CLOSED);
    peer_send(&t.p, 4);
    net_shutdown_write(t.p.fd[1]);
    CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness,
                  (uint32_t)EVIO_CLOSED | EVIO_READ_CLOSED);
    loop_lasts(&t.l);
    closed_peer_closes(&t);
    event = taken_one(&t.l, CLOSED_TOKEN);
    CHECK_EQ_UINT(event.readiness, CLOSED_ENDS);
    CHECK_UINT(event.detail & native_hup, !=, 0);
    loop_lasts(&t.l);
    CHECK_UINT(loop_stats(&t.l).empty, <=, 4);
    closed_close(&t);
}

TEST(a_reset)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;
        evio_event event;

        closed_open(&t, true, EVIO_CLOSED | closed_modes[m]);
        closed_ignores_data(&t);
        closed_peer_resets(&t);
        event = taken_one(&t.l, CLOSED_TOKEN);
        CHECK_EQ_UINT(event.readiness, CLOSED_ENDS | EVIO_ERROR);
        CHECK_UINT(event.detail & native_err, !=, 0);
        CHECK_UINT(event.detail & native_hup, !=, 0);
        closed_repeats(&t, CLOSED_ENDS | EVIO_ERROR);
        closed_close(&t);
    }
}

/* An error alone: a datagram that nobody took. */
static void closed_error(uint32_t direction)
{
    for (int m = 0; m < 3; m++) {
        struct loop l;
        evio_source source;
        evio_event event;
        uint16_t port;
        int fd = net_udp_bind(NET_IPV4, &port);

        loop_open(&l, 8);
        loop_add(&l, &source, fd, CLOSED_TOKEN, direction | closed_modes[m]);
        loop_lasts(&l);
        fd_udp_connect(fd, net_tcp_refused_port(NET_IPV4));
        (void)fd_udp_send(fd);
        event = taken_one(&l, CLOSED_TOKEN);
        CHECK_EQ_UINT(event.readiness, direction | EVIO_ERROR);
        CHECK_UINT(event.detail & native_err, !=, 0);
        CHECK_EQ_UINT(event.detail & native_hup, 0);
        if (closed_modes[m] == EVIO_LEVEL)
            taken_one(&l, CLOSED_TOKEN);
        else
            loop_lasts(&l);
        loop_remove(&l, &source);
        net_close(fd);
        loop_close(&l);
    }
}

TEST(an_error)
{
    closed_error(EVIO_CLOSED);
    closed_error(EVIO_HANGUP);
    closed_error(EVIO_READABLE);
}

/* HANGUP alone reports neither data nor the half-close. */
TEST(hang_up_alone)
{
    const uint32_t ends =
        (uint32_t)EVIO_HANGUP | EVIO_READ_CLOSED | EVIO_WRITE_CLOSED;

    for (int m = 0; m < 3; m++) {
        struct fixture t;
        evio_event event;

        closed_open(&t, false, EVIO_HANGUP | closed_modes[m]);
        loop_lasts(&t.l);
        closed_ignores_data(&t);
        net_shutdown_write(t.p.fd[1]);
        loop_lasts(&t.l);
        CHECK_EQ_UINT(loop_stats(&t.l).events, 0);
        CHECK_UINT(loop_stats(&t.l).empty, <=, 10);
        closed_peer_closes(&t);
        event = taken_one(&t.l, CLOSED_TOKEN);
        CHECK_UINT(event.readiness & EVIO_HANGUP, !=, 0);
        CHECK_EQ_UINT(event.readiness & ~ends, 0);
        CHECK_UINT(event.detail & native_hup, !=, 0);
        closed_repeats(&t, event.readiness);
        closed_close(&t);
    }
}

TEST(hang_up_alone_by_a_reset)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;
        evio_event event;

        closed_open(&t, true, EVIO_HANGUP | closed_modes[m]);
        closed_ignores_data(&t);
        closed_peer_resets(&t);
        event = taken_one(&t.l, CLOSED_TOKEN);
        CHECK_UINT(event.readiness & EVIO_HANGUP, !=, 0);
        CHECK_UINT(event.readiness & EVIO_ERROR, !=, 0);
        CHECK_EQ_UINT(event.readiness & (LOOP_RW | EVIO_CLOSED), 0);
        closed_repeats(&t, event.readiness);
        closed_close(&t);
    }
}

/* The bits EVIO_CLOSED and EVIO_HANGUP are for those who requested them. */
TEST(bits_that_were_not_requested)
{
    const uint32_t interests[] = {
        EVIO_READABLE, EVIO_WRITABLE, LOOP_RW,
        EVIO_CLOSED,   EVIO_HANGUP,   (uint32_t)EVIO_CLOSED | EVIO_HANGUP};

    for (int i = 0; i < 6; i++) {
        struct fixture t;
        uint32_t got;

        closed_open(&t, false, interests[i] | EVIO_LEVEL);
        closed_peer_closes(&t);
        got = taken_one(&t.l, CLOSED_TOKEN).readiness;
        CHECK_EQ_UINT(got & (LOOP_RW | EVIO_CLOSED | EVIO_HANGUP),
                      interests[i]);
        closed_close(&t);
    }
}

/* A half-close is not reported to who only writes, and costs no spin. */
TEST(a_half_close_is_not_reported_to_a_writer)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;

        closed_open(&t, true, EVIO_WRITABLE | closed_modes[m]);
        CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness, EVIO_WRITABLE);
        net_shutdown_write(t.p.fd[1]);
        CHECK(net_wait_readable(t.p.fd[0], 10000));
        if (closed_modes[m] == EVIO_LEVEL) {
            CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness,
                          EVIO_WRITABLE);
        } else {
            CHECK_EQ_UINT(loop_wait(&t.l, CLOSED_TOKEN, LOOP_QUIET) &
                              ~(uint32_t)EVIO_WRITABLE,
                          0);
            loop_lasts(&t.l);
        }
        CHECK_UINT(loop_stats(&t.l).empty, <=, 4);
        closed_close(&t);
    }
}

/* Half-closed before registration, and seen by who asks about priority. */
TEST(hints_are_cut_with_their_direction)
{
    const uint32_t without[] = {EVIO_WRITABLE, EVIO_PRIORITY, EVIO_HANGUP};
    const uint32_t with[] = {EVIO_READABLE, EVIO_CLOSED};

    for (int i = 0; i < 3; i++) {
        struct fixture t;

        closed_open(&t, true, without[i] | EVIO_LEVEL);
        net_shutdown_write(t.p.fd[1]);
        CHECK(net_wait_readable(t.p.fd[0], 10000));
        CHECK_EQ_UINT(loop_wait(&t.l, CLOSED_TOKEN, LOOP_QUIET),
                      without[i] & EVIO_WRITABLE);
        closed_close(&t);
    }
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        closed_open(&t, true, with[i] | EVIO_LEVEL);
        net_shutdown_write(t.p.fd[1]);
        CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness,
                      with[i] | EVIO_READ_CLOSED);
        closed_close(&t);
    }
}

/* Both: the data are reported as ever, the end by both bits. */
TEST(closed_together_with_readable)
{
    for (int m = 0; m < 2; m++) {
        struct fixture t;
        evio_event event;

        closed_open(&t, true,
                    (uint32_t)EVIO_READABLE | EVIO_CLOSED | closed_modes[m]);
        loop_lasts(&t.l);
        peer_send(&t.p, 4);
        CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness, EVIO_READABLE);
        net_drain(t.p.fd[0]);
        CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
        loop_lasts(&t.l);
        net_shutdown_write(t.p.fd[1]);
        event = taken_one(&t.l, CLOSED_TOKEN);
        CHECK_EQ_UINT(event.readiness,
                      (uint32_t)EVIO_READABLE | EVIO_CLOSED | EVIO_READ_CLOSED);
        CHECK_UINT(event.detail & native_in, !=, 0);
        CHECK_UINT(event.detail & native_rdhup, !=, 0);
        net_expect_eof(t.p.fd[0]);
        if (closed_modes[m] == EVIO_EDGE)
            loop_lasts(&t.l);
        closed_close(&t);
    }
}

/* Under back-pressure: reading is disarmed, the end is reported all the same.
 */
TEST(the_end_behind_data_that_are_not_read)
{
    struct fixture t;

    closed_open(&t, true, (uint32_t)EVIO_READABLE | EVIO_CLOSED);
    peer_send(&t.p, 4);
    CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness, EVIO_READABLE);
    loop_lasts(&t.l);
    net_shutdown_write(t.p.fd[1]);
    CHECK_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness & EVIO_CLOSED, !=, 0);
    loop_lasts(&t.l);
    CHECK_UINT(loop_stats(&t.l).empty, <=, 4);
    closed_close(&t);
}

/* Changed from and to it. */
TEST(reregistered)
{
    struct fixture t;

    closed_open(&t, true, EVIO_CLOSED);
    peer_send(&t.p, 4);
    CHECK(net_wait_readable(t.p.fd[0], 10000));
    loop_lasts(&t.l);
    CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 4, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&t.l, 4).readiness, EVIO_READABLE);
    CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 5, EVIO_CLOSED));
    loop_lasts(&t.l);
    net_shutdown_write(t.p.fd[1]);
    CHECK_EQ_UINT(taken_one(&t.l, 5).readiness,
                  (uint32_t)EVIO_CLOSED | EVIO_READ_CLOSED);
    loop_lasts(&t.l);
    CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 6, EVIO_CLOSED));
    CHECK_EQ_UINT(taken_one(&t.l, 6).readiness,
                  (uint32_t)EVIO_CLOSED | EVIO_READ_CLOSED);
    closed_close(&t);
}

TEST(closed_and_exclusive_do_not_go_together)
{
    const uint32_t refused[] = {
        (uint32_t)EVIO_CLOSED | EVIO_EXCLUSIVE,
        (uint32_t)EVIO_CLOSED | EVIO_READABLE | EVIO_EXCLUSIVE,
        (uint32_t)EVIO_CLOSED | EVIO_LEVEL | EVIO_EXCLUSIVE};
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    for (int i = 0; i < 3; i++)
        CHECK_KIND(evio_register(l.registry, &source, 1, refused[i]),
                   INVALID_INPUT);
    CHECK(!evio_source_is_registered(&source));
    net_shutdown_write(pair[1]);
    loop_lasts(&l);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Exclusive: the end is readable, without the hint. */
TEST(a_half_close_of_an_exclusive_registration)
{
    struct fixture t;
    struct loop probe;

    loop_open(&probe, 1);
    if (!loop_is(&probe, EVIO_SELECTOR_EPOLL)) {
        loop_close(&probe);
        SKIP("only epoll has it");
    }
    loop_close(&probe);
    closed_open(&t, true, EVIO_READABLE | EVIO_EXCLUSIVE);
    net_shutdown_write(t.p.fd[1]);
    CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).readiness, EVIO_READABLE);
    net_expect_eof(t.p.fd[0]);
    closed_close(&t);
}

/* The selector's bits, and 0 where no selector was involved. */
TEST(detail_of_data_and_of_what_is_posted)
{
    struct fixture t;
    evio_event event;
    evio_waker *waker;

    closed_open(&t, true, EVIO_READABLE);
    peer_send(&t.p, 1);
    event = taken_one(&t.l, CLOSED_TOKEN);
    CHECK_EQ_UINT(event.detail, native_in);
    CHECK_EQ_UINT(event.detail, native_of(t.p.fd[0]) & native_in);
    CHECK_OK(evio_again(&t.p.source, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&t.l, CLOSED_TOKEN).detail, 0);
    CHECK_OK(evio_waker_new(t.l.registry, 9, &waker));
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_UINT(taken_one(&t.l, 9).detail, 0);
    evio_waker_free(waker);
    CHECK_OK(evio_reregister(t.l.registry, &t.p.source, CLOSED_TOKEN,
                             LOOP_RW | EVIO_LEVEL));
    event = taken_one(&t.l, CLOSED_TOKEN);
    CHECK_EQ_UINT(event.detail, native_in | native_out);
    closed_close(&t);
}

/* A token is not the only thing that is left in a buffer. */
TEST(detail_of_what_was_left_in_the_buffer)
{
    struct fixture t;
    evio_event event;

    closed_open(&t, false, EVIO_CLOSED | EVIO_ONESHOT);
    closed_peer_closes(&t);
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    event = taken_one(&t.l, CLOSED_TOKEN);
    CHECK_EQ_UINT(event.readiness, CLOSED_ENDS);
    CHECK(event.detail == 0 || (event.detail & native_hup) != 0);
    closed_close(&t);
}
