/* SPDX-License-Identifier: MIT */
/*
 * Promise: no wake is lost, none is doubled, and registration traffic changes
 * nothing about it. How many system calls a wake costs is counted in
 * unit/libevio/calls.c.
 */
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

#include <errno.h>
#include <stdatomic.h>

enum {
    WAKE_TOKEN = 99
};

struct wake {
    struct loop l;
    evio_waker *waker;
};

static void wake_open(struct wake *t)
{
    loop_open(&t->l, 8);
    CHECK_OK(evio_waker_new(t->l.registry, WAKE_TOKEN, &t->waker));
}

static void wake_close(struct wake *t)
{
    evio_waker_free(t->waker);
    loop_close(&t->l);
}

static void wake_now(void *arg)
{
    struct wake *t = arg;

    CHECK_OK(evio_wake(t->waker));
}

TEST(a_wake_before_the_wait)
{
    struct wake t;

    wake_open(&t);
    loop_quiet(&t.l);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    loop_quiet(&t.l);
    wake_close(&t);
}

TEST(a_wake_from_a_thread_ends_the_wait)
{
    struct wake t;

    wake_open(&t);
    for (int i = 0; i < 200; i++) {
        thread *waking = thread_start(wake_now, &t);

        CHECK_EQ_UINT(loop_wait(&t.l, WAKE_TOKEN, EVIO_FOREVER), EVIO_READABLE);
        thread_join(waking);
    }
    loop_quiet(&t.l);
    wake_close(&t);
}

TEST(a_storm_is_one_event)
{
    struct wake t;
    evio_event event;

    wake_open(&t);
    for (int i = 0; i < 10000; i++)
        CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    CHECK(evio_events_next(t.l.events, &event));
    CHECK(!evio_events_next(t.l.events, &event));
    loop_quiet(&t.l);
    wake_close(&t);
}

TEST(each_wait_between_two_wakes_gives_an_event)
{
    struct wake t;

    wake_open(&t);
    for (int i = 0; i < 1000; i++) {
        CHECK_OK(evio_wake(t.waker));
        CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    }
    CHECK_EQ_UINT(loop_wait(&t.l, WAKE_TOKEN, 0), 0);
    wake_close(&t);
}

/* What swallows wakes in designs where both share one bell. */
TEST(registration_between_wake_and_wait_changes_nothing)
{
    struct wake t;
    evio_source source;
    int pair[2];

    wake_open(&t);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    for (int i = 0; i < 50; i++) {
        CHECK_OK(evio_wake(t.waker));
        CHECK_OK(evio_register(t.l.registry, &source, 1, EVIO_READABLE));
        CHECK_OK(evio_reregister(t.l.registry, &source, 2, EVIO_READABLE));
        loop_remove(&t.l, &source);
        CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
        CHECK_EQ_UINT(loop_wait(&t.l, WAKE_TOKEN, 0), 0);
    }
    net_close(pair[0]);
    net_close(pair[1]);
    wake_close(&t);
}

TEST(another_ready_source_does_not_change_the_wake)
{
    struct wake t;
    evio_source source;
    evio_event event;
    uint32_t seen[2] = {0, 0};
    int pair[2];

    wake_open(&t);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_wake(t.waker));
    loop_add(&t.l, &source, pair[0], 1, EVIO_WRITABLE);
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 2);
    while (evio_events_next(t.l.events, &event))
        seen[event.token == WAKE_TOKEN] = event.readiness;
    CHECK_EQ_UINT(seen[0], EVIO_WRITABLE);
    CHECK_EQ_UINT(seen[1], EVIO_READABLE);
    loop_remove(&t.l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    wake_close(&t);
}

struct wake_storm {
    struct wake t;
    atomic_bool stop;
};

static void wake_register_storm(void *arg)
{
    struct wake_storm *s = arg;
    evio_source source;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    while (!atomic_load(&s->stop)) {
        CHECK_OK(evio_register(s->t.l.registry, &source, 1, EVIO_READABLE));
        loop_remove(&s->t.l, &source);
    }
    net_close(pair[0]);
    net_close(pair[1]);
}

/* Each wake is waited for, for ever: a lost one ends the test. */
TEST(no_wake_is_lost_in_a_registration_storm)
{
    struct wake_storm s;
    thread *storm;

    wake_open(&s.t);
    atomic_init(&s.stop, false);
    storm = thread_start(wake_register_storm, &s);
    for (int i = 0; i < 300; i++) {
        thread *waking = thread_start(wake_now, &s.t);

        CHECK_EQ_UINT(loop_await(&s.t.l, WAKE_TOKEN), EVIO_READABLE);
        thread_join(waking);
    }
    atomic_store(&s.stop, true);
    thread_join(storm);
    wake_close(&s.t);
}

static struct wake *wake_of_signal;

static void wake_on_signal(void)
{
    errno = 4711;
    if (evio_wake(wake_of_signal->waker) < 0 || errno != 4711)
        check_fail(__FILE__, __LINE__, "wake in a handler: errno %d", errno);
}

TEST(a_wake_from_a_signal_handler_keeps_errno)
{
    struct wake t;

    wake_open(&t);
    wake_of_signal = &t;
    signal_handle(wake_on_signal);
    for (int i = 0; i < 10; i++) {
        signal_raise();
        signal_raise();
        CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    }
    wake_close(&t);
}

/* The signal ends the wait and leaves a wake behind. */
TEST(a_signal_that_wakes_during_the_wait)
{
    struct wake t;
    int r;

    wake_open(&t);
    wake_of_signal = &t;
    signal_handle(wake_on_signal);
    signal_every(20);
    r = evio_poll_wait(t.l.poll, t.l.events, EVIO_FOREVER);
    signal_every(0);
    if (r < 0) {
        CHECK_KIND(r, INTERRUPTED);
        CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    } else {
        CHECK_EQ_INT(r, 1);
    }
    wake_close(&t);
}

TEST(several_wakers_have_events_of_their_own)
{
    struct loop l;
    evio_waker *wakers[5];
    unsigned seen = 0;
    evio_event event;

    loop_open(&l, 8);
    for (unsigned i = 0; i < 5; i++)
        CHECK_OK(evio_waker_new(l.registry, i, &wakers[i]));
    for (unsigned i = 0; i < 5; i += 2)
        CHECK_OK(evio_wake(wakers[i]));
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 3);
    while (evio_events_next(l.events, &event)) {
        CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
        seen |= 1u << event.token;
    }
    CHECK_EQ_UINT(seen, 0x15);
    for (unsigned i = 0; i < 5; i++)
        evio_waker_free(wakers[i]);
    loop_close(&l);
}

TEST(wakers_come_and_go)
{
    struct loop l;

    loop_open(&l, 8);
    for (unsigned i = 0; i < 200; i++) {
        evio_waker *waker;

        CHECK_OK(evio_waker_new(l.registry, i, &waker));
        CHECK_OK(evio_wake(waker));
        if (i % 2 == 0)
            CHECK_EQ_UINT(loop_await(&l, i), EVIO_READABLE);
        evio_waker_free(waker);
        CHECK_EQ_UINT(loop_wait(&l, UINT64_MAX, 0), 0);
    }
    loop_close(&l);
}

/* It sits in the buffer when its waker goes. */
TEST(a_freed_waker_says_nothing)
{
    struct wake t;
    evio_event event;

    wake_open(&t);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    evio_waker_free(t.waker);
    CHECK(!evio_events_next(t.l.events, &event));
    loop_quiet(&t.l);
    loop_close(&t.l);
}

TEST(undelivered_wakes_are_reported_again)
{
    struct wake t;
    evio_waker *other;
    unsigned seen = 0;
    evio_event event;

    wake_open(&t);
    CHECK_OK(evio_waker_new(t.l.registry, 1, &other));
    CHECK_OK(evio_wake(t.waker));
    CHECK_OK(evio_wake(other));
    for (int i = 0; i < 3; i++)
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, EVIO_FOREVER), 2);
    CHECK_OK(evio_wake(other));
    while (evio_events_next(t.l.events, &event))
        seen += event.token == WAKE_TOKEN ? 0x10 : 1;
    CHECK_EQ_UINT(seen, 0x11);
    loop_quiet(&t.l);
    evio_waker_free(other);
    wake_close(&t);
}

/* Room for one, and the wake takes it until it is delivered. */
TEST(an_undelivered_wake_counts_against_the_capacity)
{
    struct loop l;
    evio_waker *waker;
    evio_source source;
    int pair[2];

    loop_open(&l, 1);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_waker_new(l.registry, WAKE_TOKEN, &waker));
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    loop_add(&l, &source, pair[0], 1, EVIO_WRITABLE);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    CHECK_EQ_UINT(loop_await(&l, WAKE_TOKEN), EVIO_READABLE);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_WRITABLE);
    loop_remove(&l, &source);
    evio_waker_free(waker);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* A wake that was left in the buffer comes with the next wait, and so does what
 * happened meanwhile. */
TEST(an_undelivered_wake_holds_nobody_else_back)
{
    struct wake t;
    evio_source source;
    evio_event event;
    uint64_t seen = 0;
    int pair[2];

    wake_open(&t);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&t.l, &source, pair[0], 64, EVIO_READABLE);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 2);
    while (evio_events_next(t.l.events, &event))
        seen += event.token;
    CHECK_EQ_UINT(seen, WAKE_TOKEN + 64);
    loop_remove(&t.l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    wake_close(&t);
}

/* A buffer that goes, or serves another poll, must not leave the waker deaf:
 * what it held is a wake that was not delivered. */
TEST(a_wake_outlives_the_buffer_that_held_it)
{
    struct wake t;

    wake_open(&t);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    evio_events_free(t.l.events);
    CHECK_OK(evio_events_new(8, &t.l.events));
    CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    loop_quiet(&t.l);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    wake_close(&t);
}

TEST(a_wake_outlives_the_buffers_change_of_poll)
{
    struct wake t;
    struct loop other;

    wake_open(&t);
    loop_open(&other, 1);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    CHECK_EQ_INT(evio_poll_wait(other.poll, t.l.events, 0), 0);
    CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    loop_close(&other);
    wake_close(&t);
}

/* What was left comes with the next wait, whichever buffer that fills, and is
 * one event with the wakes that follow. */
TEST(a_wake_moves_to_the_buffer_of_the_next_wait)
{
    struct wake t;
    evio_events *second;
    evio_event event;

    wake_open(&t);
    CHECK_OK(evio_events_new(8, &second));
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, second, 0), 1);
    CHECK(!evio_events_next(t.l.events, &event));
    CHECK_OK(evio_wake(t.waker));
    CHECK(evio_events_next(second, &event));
    CHECK_EQ_UINT(event.token, WAKE_TOKEN);
    CHECK(!evio_events_next(second, &event));
    CHECK_OK(evio_wake(t.waker));
    CHECK_EQ_UINT(loop_await(&t.l, WAKE_TOKEN), EVIO_READABLE);
    CHECK(!evio_events_next(second, &event));
    loop_quiet(&t.l);
    evio_events_free(second);
    wake_close(&t);
}

struct wake_seen {
    struct wake t;
    int before; /* not atomic on purpose: the wake orders it */
};

static void wake_publish(void *arg)
{
    struct wake_seen *s = arg;

    s->before = 42;
    CHECK_OK(evio_wake(s->t.waker));
}

TEST(what_happened_before_the_wake_is_seen)
{
    struct wake_seen s = {.before = 0};
    thread *publisher;

    wake_open(&s.t);
    publisher = thread_start(wake_publish, &s);
    CHECK_EQ_UINT(loop_await(&s.t.l, WAKE_TOKEN), EVIO_READABLE);
    CHECK_EQ_INT(s.before, 42);
    thread_join(publisher);
    wake_close(&s.t);
}
