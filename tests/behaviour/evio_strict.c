/* SPDX-License-Identifier: MIT */
/*
 * Promise: with EVIO_POLL_STRICT_REARM, or EVIO_DEBUG=rearm, every selector is
 * as strict about re-arming as the strictest, so that a test on Linux finds a
 * program that only epoll forgives. The contract of the modes is run with it
 * too; see tests/meson.build.
 */
#include <string.h>

#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/taken.h"

struct fixture {
    struct loop l;
    struct peer p;
};

static void strict_open(struct fixture *t, uint32_t interest)
{
    loop_open_flags(&t->l, 8, EVIO_POLL_STRICT_REARM);
    peer_open(&t->l, &t->p, 7, interest);
}

static void strict_close(struct fixture *t)
{
    peer_close(&t->l, &t->p);
    loop_close(&t->l);
}

static void strict_read(struct fixture *t, size_t len)
{
    char buf[64];

    net_recv_all(t->p.fd[0], buf, len);
}

/* Nothing more is reported, whatever the peer sends. */
static void strict_is_disarmed(struct loop *l, struct peer *p)
{
    char byte;

    peer_send(p, 2);
    CHECK_EQ_UINT(taken_one(l, 7).readiness, EVIO_READABLE);
    net_recv_all(p->fd[0], &byte, 1);
    for (int i = 0; i < 5; i++) {
        peer_send(p, 1);
        CHECK(net_wait_readable(p->fd[0], 10000));
        loop_lasts(l);
    }
}

TEST(a_program_that_stops_early_waits_for_ever)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    strict_is_disarmed(&t.l, &t.p);
    CHECK_UINT(loop_stats(&t.l).empty, <=, 5);
    /* Until it re-arms, having drained it. */
    net_drain(t.p.fd[0]);
    CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
    loop_lasts(&t.l);
    peer_send(&t.p, 1);
    CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
    strict_close(&t);
}

/* The control: without the flag epoll reports each arrival. */
TEST(epoll_forgives_without_it)
{
    struct loop l;
    struct peer p;
    char byte;

    loop_open(&l, 8);
    if (!loop_is(&l, EVIO_SELECTOR_EPOLL)) {
        loop_close(&l);
        SKIP("only epoll forgives");
    }
    peer_open(&l, &p, 7, EVIO_READABLE);
    peer_send(&p, 2);
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    net_recv_all(p.fd[0], &byte, 1);
    peer_send(&p, 1);
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    peer_close(&l, &p);
    loop_close(&l);
}

/* The kernel reports what is disarmed, and the wait drops all of it: nothing of
 * that is in the buffer, which had another event before. */
TEST(what_is_disarmed_is_not_in_the_buffer)
{
    struct loop l;
    struct peer peers[4];
    struct taken taken;

    loop_open_flags(&l, 8, EVIO_POLL_STRICT_REARM);
    for (unsigned i = 0; i < 4; i++)
        peer_open(&l, &peers[i], i, EVIO_READABLE);
    for (unsigned i = 0; i < 3; i++)
        peer_send(&peers[i], 1);
    CHECK_EQ_UINT(taken_wait(&l, LOOP_PATIENCE, &taken), 3);
    peer_send(&peers[3], 1);
    CHECK_EQ_UINT(taken_one(&l, 3).readiness, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 4; i++)
            peer_send(&peers[i], 1);
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 0);
        CHECK_EQ_UINT(taken_all(l.events, &taken), 0);
        loop_lasts(&l);
    }
    for (unsigned i = 0; i < 4; i++)
        peer_close(&l, &peers[i]);
    loop_close(&l);
}

/* I/O elsewhere without evio_rearm(), even to would-block. */
TEST(plain_reads_without_rearm)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    peer_send(&t.p, 2);
    CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
    net_drain(t.p.fd[0]);
    peer_send(&t.p, 2);
    loop_lasts(&t.l);
    strict_close(&t);
}

TEST(plain_reads_with_rearm)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    for (int i = 0; i < 50; i++) {
        peer_send(&t.p, 2);
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        net_drain(t.p.fd[0]);
        CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
        CHECK_EQ_UINT(loop_wait(&t.l, 7, 0), 0);
    }
    strict_close(&t);
}

/* Re-armed while data are left, the strictest selector reports them at once. */
TEST(rearm_with_data_left)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    peer_send(&t.p, 10);
    for (int i = 0; i < 10; i++) {
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        loop_lasts(&t.l);
        strict_read(&t, 1);
        CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
    }
    loop_lasts(&t.l);
    strict_close(&t);
}

TEST(a_budget_with_again)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    peer_send(&t.p, 10);
    for (int i = 0; i < 9; i++) {
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        strict_read(&t, 1);
        CHECK_OK(evio_again(&t.p.source, EVIO_READABLE));
    }
    CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
    net_drain(t.p.fd[0]);
    CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
    loop_lasts(&t.l);
    peer_send(&t.p, 1);
    CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
    strict_close(&t);
}

/* One direction is re-armed without the other. */
TEST(directions_are_strict_one_by_one)
{
    struct fixture t;

    strict_open(&t, LOOP_RW);
    CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_WRITABLE);
    for (int i = 0; i < 20; i++) {
        peer_send(&t.p, 1);
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        net_drain(t.p.fd[0]);
        CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
        CHECK_EQ_UINT(loop_wait(&t.l, 7, 0), 0);
    }
    net_fill(t.p.fd[0]);
    net_drain(t.p.fd[1]);
    loop_lasts(&t.l);
    CHECK_OK(evio_rearm(&t.p.source, EVIO_WRITABLE));
    CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_WRITABLE);
    strict_close(&t);
}

/* Typed I/O re-arms by itself: a short read, would-block, a full buffer. */
TEST(typed_io_needs_no_rearm)
{
    struct loop l;
    evio_unix_stream pair[2];
    char buf[4096];

    loop_open_flags(&l, 8, EVIO_POLL_STRICT_REARM);
    CHECK_OK(evio_unix_pair(pair));
    CHECK_OK(evio_register(l.registry, &pair[0].source, 7, LOOP_RW));
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_WRITABLE);
    for (int i = 0; i < 20; i++) {
        CHECK_EQ_INT(evio_unix_write(&pair[1], "abc", 3), 3);
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
        if (i % 2 == 0) {
            CHECK_EQ_INT(evio_unix_read(&pair[0], buf, sizeof(buf)), 3);
        } else {
            CHECK_EQ_INT(evio_unix_read(&pair[0], buf, 3), 3);
            CHECK_KIND(evio_unix_read(&pair[0], buf, 3), WOULD_BLOCK);
        }
        CHECK_EQ_UINT(loop_wait(&l, 7, 0), 0);
    }
    memset(buf, 'x', sizeof(buf));
    while (evio_unix_write(&pair[0], buf, sizeof(buf)) > 0)
        ;
    CHECK_EQ_UINT(loop_wait(&l, 7, 0), 0);
    while (evio_unix_read(&pair[1], buf, sizeof(buf)) > 0)
        ;
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_WRITABLE);
    CHECK_OK(evio_unix_close(&pair[0]));
    CHECK_OK(evio_unix_close(&pair[1]));
    loop_close(&l);
}

/* Level and oneshot have nothing to be strict about. */
TEST(level_and_oneshot_are_as_ever)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE | EVIO_LEVEL);
    peer_send(&t.p, 5);
    for (int i = 0; i < 5; i++) {
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        strict_read(&t, 1);
    }
    loop_lasts(&t.l);
    CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 7,
                             EVIO_READABLE | EVIO_ONESHOT));
    for (int i = 0; i < 5; i++) {
        peer_send(&t.p, 1);
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        peer_send(&t.p, 1);
        loop_lasts(&t.l);
        CHECK_OK(evio_rearm(&t.p.source, EVIO_READABLE));
        loop_lasts(&t.l);
        CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 7,
                                 EVIO_READABLE | EVIO_ONESHOT));
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 7,
                                 EVIO_READABLE | EVIO_ONESHOT));
        CHECK_EQ_UINT(taken_one(&t.l, 7).readiness, EVIO_READABLE);
        net_drain(t.p.fd[0]);
        CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 7,
                                 EVIO_READABLE | EVIO_ONESHOT));
    }
    strict_close(&t);
}

/* The end of the peer is reported even so. */
TEST(the_end_is_reported_while_reading_is_disarmed)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    strict_is_disarmed(&t.l, &t.p);
    net_shutdown_write(t.p.fd[1]);
    CHECK_UINT(taken_one(&t.l, 7).readiness & EVIO_READ_CLOSED, !=, 0);
    loop_lasts(&t.l);
    CHECK_UINT(loop_stats(&t.l).empty, <=, 8);
    strict_close(&t);
}

TEST(registration_from_nothing_to_strict)
{
    struct fixture t;

    strict_open(&t, EVIO_READABLE);
    strict_is_disarmed(&t.l, &t.p);
    CHECK_OK(evio_reregister(t.l.registry, &t.p.source, 8, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&t.l, 8).readiness, EVIO_READABLE);
    loop_lasts(&t.l);
    peer_send(&t.p, 1);
    loop_lasts(&t.l);
    strict_close(&t);
}

TEST(exclusive_and_strict)
{
    struct loop l;
    struct peer p;
    int r;

    loop_open_flags(&l, 8, EVIO_POLL_STRICT_REARM);
    net_unix_pair(NET_STREAM, p.fd);
    net_set_nonblocking(p.fd[0], true);
    CHECK_OK(evio_source_from_fd(p.fd[0], &p.source));
    r = evio_register(l.registry, &p.source, 7, EVIO_READABLE | EVIO_EXCLUSIVE);
    if (loop_is(&l, EVIO_SELECTOR_EPOLL)) {
        CHECK_OK(r);
        for (int i = 0; i < 3; i++) {
            net_send_all(p.fd[1], "x", 1);
            CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
            net_drain(p.fd[0]);
            CHECK_OK(evio_rearm(&p.source, EVIO_READABLE));
        }
        loop_remove(&l, &p.source);
    } else {
        CHECK_KIND(r, UNSUPPORTED);
    }
    net_close(p.fd[0]);
    net_close(p.fd[1]);
    loop_close(&l);
}

TEST(unknown_flags_are_refused)
{
    const unsigned bad[] = {2, 3, 4, 0x80000000u, ~0u};

    for (int i = 0; i < 5; i++) {
        evio_poll_options options = EVIO_POLL_OPTIONS_INIT;
        evio_poll *poll = NULL;

        options.flags = bad[i];
        CHECK_KIND(evio_poll_new(&options, &poll), INVALID_INPUT);
        CHECK(poll == NULL);
    }
}

static void strict_environment(const char *value)
{
    process_env("EVIO_DEBUG", value);
}

TEST(the_environment_can_ask_for_it)
{
    struct loop l;
    struct peer p;

    strict_environment("rearm");
    loop_open(&l, 8);
    peer_open(&l, &p, 7, EVIO_READABLE);
    strict_is_disarmed(&l, &p);
    peer_close(&l, &p);
    loop_close(&l);
}

/* It adds the flag to what the program chose, its selector too. */
TEST(the_environment_counts_for_a_chosen_selector_too)
{
    evio_poll_options options = EVIO_POLL_OPTIONS_INIT;
    struct loop l;
    struct peer p;

    loop_open(&l, 8);
    options.selector = evio_poll_selector(l.poll);
    loop_close(&l);
    strict_environment("rearm");
    CHECK_OK(evio_poll_new(&options, &l.poll));
    CHECK_OK(evio_events_new(8, &l.events));
    l.registry = evio_poll_registry(l.poll);
    peer_open(&l, &p, 7, EVIO_READABLE);
    strict_is_disarmed(&l, &p);
    peer_close(&l, &p);
    loop_close(&l);
}

TEST(other_values_in_the_environment_are_refused)
{
    const char *const bad[] = {"rearn",  "rear", "rearm ", "REARM",
                               "rearm,", "1",    "all",    "epoll"};
    evio_poll *poll = NULL;

    for (int i = 0; i < 8; i++) {
        evio_poll_options options = EVIO_POLL_OPTIONS_INIT;

        strict_environment(bad[i]);
        CHECK_KIND(evio_poll_new(NULL, &poll), INVALID_INPUT);
        options.flags = EVIO_POLL_STRICT_REARM;
        CHECK_KIND(evio_poll_new(&options, &poll), INVALID_INPUT);
        CHECK(poll == NULL);
    }
    process_env("EVIO_DEBUG", NULL);
    CHECK_OK(evio_poll_new(NULL, &poll));
    evio_poll_free(poll);
}
