/* SPDX-License-Identifier: MIT */
/*
 * Promise: evio_again() makes the next wait report directions that were not
 * drained, on every selector, so that a program may have a budget per event.
 * What it costs is counted in unit/libevio/calls_again.c.
 */
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"
#include "support/thread.h"

static const uint32_t again_directions[] = {EVIO_READABLE, EVIO_PRIORITY,
                                            EVIO_WRITABLE, EVIO_CLOSED};

#define AGAIN_ALL \
 ((uint32_t)EVIO_READABLE | EVIO_PRIORITY | EVIO_WRITABLE | EVIO_CLOSED)

/* Nothing to read, and no buffer space: no direction is ready. */
static void again_open_idle(struct loop *l, struct peer *p, uint32_t interest)
{
    loop_open(l, 8);
    net_unix_pair(NET_STREAM, p->fd);
    net_set_nonblocking(p->fd[0], true);
    net_fill(p->fd[0]);
    peer_register(l, p, 7, interest);
    loop_lasts(l);
}

static void again_close(struct loop *l, struct peer *p)
{
    peer_close(l, p);
    loop_close(l);
}

/* One read of a budget; whether it was used up. */
static bool again_read(struct peer *p, size_t budget)
{
    char buf[64];
    ptrdiff_t n = net_recv(p->fd[0], buf, budget);

    CHECK_OK(n);
    if (n == (ptrdiff_t)budget) {
        CHECK_OK(evio_again(&p->source, EVIO_READABLE));
        return true;
    }
    CHECK_OK(evio_rearm(&p->source, EVIO_READABLE));
    return false;
}

TEST(a_read_budget_on_edge)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 8);
    peer_open(&l, &p, 7, EVIO_READABLE);
    for (int round = 0; round < 20; round++) {
        peer_send(&p, 10);
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
        CHECK(again_read(&p, 4));
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
        CHECK(again_read(&p, 4));
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
        CHECK(!again_read(&p, 4));
        CHECK_EQ_UINT(loop_wait(&l, 7, 0), 0);
    }
    loop_lasts(&l);
    again_close(&l, &p);
}

/* Each wait reports it, however often it is not drained. */
TEST(a_budget_of_nothing)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 8);
    peer_open(&l, &p, 7, EVIO_READABLE);
    peer_send(&p, 1);
    for (int i = 0; i < 100; i++) {
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    }
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    loop_lasts(&l);
    again_close(&l, &p);
}

/* After the last evio_again() an edge is an edge as before. */
TEST(new_data_after_it_are_reported)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 8);
    peer_open(&l, &p, 7, EVIO_READABLE);
    peer_send(&p, 8);
    taken_one(&l, 7);
    CHECK(again_read(&p, 4));
    taken_one(&l, 7);
    net_drain(p.fd[0]);
    CHECK_OK(evio_rearm(&p.source, EVIO_READABLE));
    loop_lasts(&l);
    for (int i = 0; i < 5; i++) {
        peer_send(&p, 1);
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
        net_drain(p.fd[0]);
        CHECK_OK(evio_rearm(&p.source, EVIO_READABLE));
    }
    loop_lasts(&l);
    again_close(&l, &p);
}

/* Also where nothing is ready: another thread may have drained it meanwhile. */
TEST(each_direction)
{
    for (int d = 0; d < 4; d++) {
        uint32_t bit = again_directions[d];
        struct loop l;
        struct peer p;
        evio_event event;

        again_open_idle(&l, &p, AGAIN_ALL);
        CHECK_OK(evio_again(&p.source, bit));
        event = taken_one(&l, 7);
        CHECK_EQ_UINT(event.readiness, bit);
        CHECK_EQ_UINT(event.detail, 0);
        loop_lasts(&l);
        again_close(&l, &p);
    }
}

TEST(directions_add_up)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, AGAIN_ALL);
    CHECK_OK(evio_again(&p.source, LOOP_RW));
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, LOOP_RW);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_OK(evio_again(&p.source, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_wait(&l, 7, LOOP_PATIENCE), LOOP_RW);
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(twice_is_one_event)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_READABLE);
    for (int i = 0; i < 1000; i++)
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    loop_lasts(&l);
    again_close(&l, &p);
}

/* The buffer holds one already. */
TEST(while_an_event_is_not_taken_yet)
{
    struct loop l;
    struct peer p;
    struct taken taken;

    again_open_idle(&l, &p, EVIO_READABLE);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_EQ_UINT(taken_all(l.events, &taken), 1);
    CHECK_UINT(taken_wait(&l, 0, &taken), <=, 1);
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(directions_that_were_not_requested_are_passed_over)
{
    for (int d = 0; d < 4; d++) {
        uint32_t bit = again_directions[d];
        struct loop l;
        struct peer p;

        again_open_idle(&l, &p, bit);
        CHECK_OK(evio_again(&p.source, AGAIN_ALL & ~bit));
        loop_lasts(&l);
        CHECK_OK(evio_again(&p.source, AGAIN_ALL));
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, bit);
        loop_lasts(&l);
        again_close(&l, &p);
    }
}

/* Passed over for good: a later interest does not bring it back. */
TEST(a_direction_that_was_passed_over_stays_so)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_WRITABLE);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_OK(evio_reregister(l.registry, &p.source, 8, LOOP_RW));
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(a_registration_for_hang_up_alone)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_HANGUP);
    CHECK_OK(evio_again(&p.source, AGAIN_ALL));
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(a_oneshot_is_reported_once_more)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 8);
    peer_open(&l, &p, 7, EVIO_READABLE | EVIO_ONESHOT);
    peer_send(&p, 10);
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    for (int i = 0; i < 5; i++) {
        loop_lasts(&l);
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
        CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    }
    /* It is as disarmed as before. */
    peer_send(&p, 10);
    loop_lasts(&l);
    net_drain(p.fd[0]);
    peer_send(&p, 10);
    loop_lasts(&l);
    CHECK_OK(evio_reregister(l.registry, &p.source, 7,
                             EVIO_READABLE | EVIO_ONESHOT));
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(level_loses_nothing)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 8);
    peer_open(&l, &p, 7, EVIO_READABLE | EVIO_LEVEL);
    peer_send(&p, 10);
    for (int i = 0; i < 10; i++) {
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
        CHECK_EQ_UINT(loop_wait(&l, 7, LOOP_PATIENCE), EVIO_READABLE);
    }
    net_drain(p.fd[0]);
    /* One that is left of the loop is legal, a second is not. */
    CHECK_EQ_UINT(loop_wait(&l, 7, 0) & ~(uint32_t)EVIO_READABLE, 0);
    loop_lasts(&l);
    peer_send(&p, 1);
    CHECK_EQ_UINT(loop_wait(&l, 7, LOOP_PATIENCE), EVIO_READABLE);
    again_close(&l, &p);
}

static void again_call(void *arg)
{
    struct peer *p = arg;

    CHECK_OK(evio_again(&p->source, EVIO_READABLE));
}

TEST(another_thread_ends_the_wait)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_READABLE);
    for (int i = 0; i < 200; i++) {
        thread *other = thread_start(again_call, &p);

        CHECK_EQ_UINT(loop_wait(&l, 7, EVIO_FOREVER), EVIO_READABLE);
        thread_join(other);
    }
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(a_deregistered_source_is_not_reported)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_READABLE);
    for (int i = 0; i < 20; i++) {
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
        loop_remove(&l, &p.source);
        loop_lasts(&l);
        CHECK_OK(evio_register(l.registry, &p.source, 7, EVIO_READABLE));
        loop_lasts(&l);
    }
    again_close(&l, &p);
}

/* The slot goes to another source, which is not reported for it. */
TEST(the_next_source_is_not_reported)
{
    struct loop l;
    struct peer p;
    struct peer next;

    again_open_idle(&l, &p, EVIO_READABLE);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    loop_remove(&l, &p.source);
    peer_open(&l, &next, 8, EVIO_READABLE);
    loop_lasts(&l);
    CHECK_OK(evio_again(&next.source, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&l, 8).readiness, EVIO_READABLE);
    peer_close(&l, &next);
    peer_close_fds(&p);
    loop_close(&l);
}

TEST(an_event_in_the_buffer_of_an_ended_registration_is_counted)
{
    struct loop l;
    struct peer p;
    evio_event event;

    again_open_idle(&l, &p, EVIO_READABLE);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    loop_remove(&l, &p.source);
    CHECK(!evio_events_next(l.events, &event));
    CHECK_EQ_UINT(loop_stats(&l).stale, 1);
    loop_lasts(&l);
    peer_close_fds(&p);
    loop_close(&l);
}

TEST(a_new_interest_does_not_bring_the_old_direction)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, LOOP_RW);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_OK(evio_reregister(l.registry, &p.source, 8, EVIO_WRITABLE));
    loop_lasts(&l);
    CHECK_OK(evio_again(&p.source, EVIO_WRITABLE));
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    CHECK_OK(evio_reregister(l.registry, &p.source, 9, EVIO_READABLE));
    loop_lasts(&l);
    peer_send(&p, 1);
    CHECK_EQ_UINT(taken_one(&l, 9).readiness, EVIO_READABLE);
    again_close(&l, &p);
}

/* It may come again under the new token, never under the old one. */
TEST(a_new_token_is_the_only_one)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_READABLE);
    for (uint64_t token = 8; token < 50; token++) {
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
        if (token % 2 == 0)
            CHECK_OK(evio_poll_wait(l.poll, l.events, 0));
        CHECK_OK(evio_reregister(l.registry, &p.source, token, EVIO_READABLE));
        CHECK_EQ_UINT(loop_wait(&l, token, 0) & ~(uint32_t)EVIO_READABLE, 0);
        loop_lasts(&l);
    }
    again_close(&l, &p);
}

static const uint32_t again_bad[] = {0,
                                     EVIO_ERROR,
                                     EVIO_READ_CLOSED,
                                     EVIO_WRITE_CLOSED,
                                     EVIO_LEVEL,
                                     EVIO_ONESHOT,
                                     EVIO_EXCLUSIVE,
                                     EVIO_HANGUP,
                                     0x800u,
                                     0x10000u,
                                     0x20000u,
                                     0x80000000u,
                                     UINT32_MAX,
                                     EVIO_READABLE | 0x1000u};

TEST(bad_directions_are_refused)
{
    struct loop l;
    struct peer p;

    again_open_idle(&l, &p, EVIO_READABLE);
    for (size_t i = 0; i < sizeof(again_bad) / sizeof(again_bad[0]); i++) {
        CHECK_KIND(evio_again(&p.source, again_bad[i]), INVALID_INPUT);
        CHECK_KIND(evio_again(&p.source, again_bad[i] | EVIO_ERROR),
                   INVALID_INPUT);
        CHECK_KIND(evio_rearm(&p.source, again_bad[i]), INVALID_INPUT);
    }
    CHECK_KIND(evio_again(NULL, EVIO_READABLE), INVALID_INPUT);
    loop_lasts(&l);
    again_close(&l, &p);
}

TEST(a_source_that_is_not_registered)
{
    struct loop l;
    struct peer p;
    evio_source nothing;

    memset(&nothing, 0, sizeof(nothing));
    again_open_idle(&l, &p, EVIO_READABLE);
    loop_remove(&l, &p.source);
    CHECK_KIND(evio_again(&p.source, EVIO_READABLE), NOT_FOUND);
    CHECK_KIND(evio_again(&nothing, EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_register(l.registry, &p.source, 7, EVIO_READABLE));
    loop_lasts(&l);
    again_close(&l, &p);
}

/* Of two copies one was deregistered; the slot may be another's by now. */
TEST(a_copy_of_an_ended_registration)
{
    struct loop l;
    struct peer p;
    struct peer next;
    evio_source copy;

    again_open_idle(&l, &p, EVIO_READABLE);
    copy = p.source;
    loop_remove(&l, &p.source);
    CHECK_KIND(evio_again(&copy, EVIO_READABLE), NOT_FOUND);
    peer_open(&l, &next, 8, EVIO_READABLE);
    CHECK_KIND(evio_again(&copy, EVIO_READABLE), NOT_FOUND);
    loop_lasts(&l);
    peer_close(&l, &next);
    peer_close_fds(&p);
    loop_close(&l);
}

static int again_ops_add(evio_source *source, evio_registry *registry,
                         uint64_t token, uint32_t interest)
{
    (void)source, (void)registry, (void)token, (void)interest;
    return 0;
}

static int again_ops_remove(evio_source *source, evio_registry *registry)
{
    (void)source, (void)registry;
    return 0;
}

TEST(a_composite_is_refused)
{
    static const evio_source_ops ops = {sizeof(ops), again_ops_add,
                                        again_ops_add, again_ops_remove};
    struct loop l;
    evio_source source;

    loop_open(&l, 8);
    CHECK_OK(evio_source_from_ops(&ops, &source));
    CHECK_KIND(evio_again(&source, EVIO_READABLE), UNSUPPORTED);
    CHECK_OK(evio_register(l.registry, &source, 1, EVIO_READABLE));
    CHECK_KIND(evio_again(&source, EVIO_READABLE), UNSUPPORTED);
    CHECK_KIND(evio_again(&source, 0), INVALID_INPUT);
    loop_lasts(&l);
    loop_close(&l);
}

TEST(a_freed_poll)
{
    struct loop l;
    struct peer p;
    evio_registry *registry;

    again_open_idle(&l, &p, EVIO_READABLE);
    registry = evio_registry_ref(l.registry);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    loop_close(&l);
    CHECK_KIND(evio_again(&p.source, EVIO_READABLE), BAD_DESCRIPTOR);
    CHECK_KIND(evio_rearm(&p.source, EVIO_READABLE), BAD_DESCRIPTOR);
    CHECK_KIND(evio_again(&p.source, 0), INVALID_INPUT);
    CHECK_OK(evio_deregister(registry, &p.source));
    CHECK_KIND(evio_again(&p.source, EVIO_READABLE), NOT_FOUND);
    evio_registry_unref(registry);
    peer_close_fds(&p);
}
