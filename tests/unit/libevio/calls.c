/* SPDX-License-Identifier: MIT */
/*
 * How many system calls and allocations each operation makes, counted by the
 * fault seam: the library's own calls, each through it. calls_strace.py looks
 * from outside, for what might go round the seam.
 */
#include "support/check.h"
#include "support/fault.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

#include <stdlib.h>

/* What one operation may cost. */
struct calls_cost {
    unsigned epoll;
    unsigned poll;
};

static unsigned calls_spent(void)
{
    unsigned n = fault_calls();

    fault_reset();
    return n;
}

#define CALLS_EXPECT(l, ...) \
 calls_check((l), (struct calls_cost){__VA_ARGS__}, __LINE__)

static void calls_check(struct loop *l, struct calls_cost cost, int line)
{
    unsigned want = loop_is(l, EVIO_SELECTOR_EPOLL) ? cost.epoll : cost.poll;
    unsigned got = calls_spent();

    if (got != want)
        check_fail(__FILE__, line, "%u calls, not %u", got, want);
}

struct calls {
    struct loop l;
    evio_source source;
    evio_waker *waker;
    int pair[2];
};

/* Set up, with slab and table grown, and a wait that finds out how the kernel,
 * or valgrind, takes its time. */
static void calls_open(struct calls *c)
{
    loop_open(&c->l, 8);
    net_unix_pair(NET_STREAM, c->pair);
    net_set_nonblocking(c->pair[0], true);
    CHECK_OK(evio_waker_new(c->l.registry, 9, &c->waker));
    loop_add(&c->l, &c->source, c->pair[0], 1, LOOP_RW);
    loop_remove(&c->l, &c->source);
    CHECK_EQ_INT(evio_poll_wait(c->l.poll, c->l.events, 1), 0);
    fault_reset();
}

static void calls_close(struct calls *c)
{
    evio_waker_free(c->waker);
    net_close(c->pair[0]);
    net_close(c->pair[1]);
    loop_close(&c->l);
}

/* poll checks the descriptor with fstat(), which epoll does by itself. */
TEST(registration)
{
    struct calls c;

    calls_open(&c);
    CHECK_OK(evio_register(c.l.registry, &c.source, 1, LOOP_RW));
    CALLS_EXPECT(&c.l, 1, 1);
    CHECK_OK(evio_reregister(c.l.registry, &c.source, 1, LOOP_RW));
    CALLS_EXPECT(&c.l, 1, 1);
    CHECK_OK(evio_deregister(c.l.registry, &c.source));
    CALLS_EXPECT(&c.l, 1, 0);
    calls_close(&c);
}

TEST(wait_next_and_rearm)
{
    struct calls c;
    evio_event event;

    calls_open(&c);
    CHECK_OK(evio_register(c.l.registry, &c.source, 1, LOOP_RW));
    calls_spent();
    CHECK_EQ_INT(evio_poll_wait(c.l.poll, c.l.events, LOOP_PATIENCE), 1);
    CALLS_EXPECT(&c.l, 1, 1);
    CHECK(evio_events_next(c.l.events, &event));
    CHECK(!evio_events_next(c.l.events, &event));
    CALLS_EXPECT(&c.l, 0, 0);
    CHECK_OK(evio_rearm(&c.source, LOOP_RW));
    CALLS_EXPECT(&c.l, 0, 0);
    loop_remove(&c.l, &c.source);
    calls_close(&c);
}

/* A wait that times out is one call too. */
TEST(an_empty_wait)
{
    struct calls c;

    calls_open(&c);
    CHECK_EQ_INT(evio_poll_wait(c.l.poll, c.l.events, 0), 0);
    CALLS_EXPECT(&c.l, 1, 1);
    CHECK_EQ_INT(evio_poll_wait(c.l.poll, c.l.events, CLOCK_MS), 0);
    CALLS_EXPECT(&c.l, 1, 1);
    CHECK_EQ_INT(evio_poll_wait(c.l.poll, c.l.events, 10), 0);
    CALLS_EXPECT(&c.l, 1, 1);
    calls_close(&c);
}

static void calls_storm(const struct calls *c)
{
    for (int i = 0; i < 10000; i++)
        CHECK_OK(evio_wake(c->waker));
}

/* Nobody waits, so nobody is signalled: the next wait finds the wake. */
TEST(a_storm_of_wakes_between_two_waits)
{
    struct calls c;
    evio_event event;

    calls_open(&c);
    for (int round = 0; round < 3; round++) {
        calls_storm(&c);
        CALLS_EXPECT(&c.l, 0, 0);
        CHECK_EQ_INT(evio_poll_wait(c.l.poll, c.l.events, LOOP_PATIENCE), 1);
        CALLS_EXPECT(&c.l, 1, 1);
        /* Not delivered yet, so one with the storm. */
        CHECK_OK(evio_wake(c.waker));
        CALLS_EXPECT(&c.l, 0, 0);
        CHECK(evio_events_next(c.l.events, &event));
        CHECK(!evio_events_next(c.l.events, &event));
        CALLS_EXPECT(&c.l, 0, 0);
    }
    calls_close(&c);
}

static const char *calls_of_wait(const struct loop *l)
{
    return loop_is(l, EVIO_SELECTOR_EPOLL) ? "epoll_wait_raw" : "ppoll";
}

static void calls_wait(void *arg)
{
    struct calls *c = arg;

    CHECK_EQ_INT(evio_poll_wait(c->l.poll, c->l.events, EVIO_FOREVER), 1);
}

/* The wait has looked at what is posted, and blocks. */
static thread *calls_start_wait(struct calls *c)
{
    thread *waiting;

    fault_reset();
    waiting = thread_start(calls_wait, c);
    while (fault_calls_of(calls_of_wait(&c->l)) == 0)
        thread_yield();
    return waiting;
}

/* One write for the wait that it ends. The poll selector drains the pipe; an
 * eventfd is never read. */
TEST(a_storm_of_wakes_during_a_wait)
{
    struct calls c;
    evio_event event;

    calls_open(&c);
    for (int round = 0; round < 3; round++) {
        thread *waiting = calls_start_wait(&c);

        calls_storm(&c);
        thread_join(waiting);
        CHECK_EQ_UINT(fault_calls_of("write"), 1);
        CALLS_EXPECT(&c.l, 2, 3);
        CHECK(evio_events_next(c.l.events, &event));
        CHECK(!evio_events_next(c.l.events, &event));
    }
    calls_close(&c);
}

/* Wakers and triggers share the wakeup: none opens a descriptor. */
TEST(a_hundred_wakers_cost_no_descriptor)
{
    struct calls c;
    evio_waker *wakers[100];
    thread *waiting;
    evio_event event;
    int n = 0;

    calls_open(&c);
    for (unsigned i = 0; i < 100; i++)
        CHECK_OK(evio_waker_new(c.l.registry, i, &wakers[i]));
    CHECK_EQ_UINT(fault_calls(), fault_calls_of("malloc"));
    waiting = calls_start_wait(&c);
    CHECK_OK(evio_wake(wakers[0]));
    thread_join(waiting);
    for (unsigned i = 0; i < 100; i++)
        CHECK_OK(evio_wake(wakers[i]));
    CHECK_EQ_UINT(fault_calls_of("write"), 1);
    for (int waits = 0; waits < 13; waits++) {
        CHECK_OK(evio_poll_wait(c.l.poll, c.l.events, 0));
        while (evio_events_next(c.l.events, &event))
            n++;
    }
    CHECK_EQ_INT(n, 100);
    for (unsigned i = 0; i < 100; i++)
        evio_waker_free(wakers[i]);
    calls_close(&c);
}

static long calls_allocations;

static void *calls_alloc(void *ctx, size_t n)
{
    (void)ctx;
    calls_allocations++;
    return malloc(n);
}

static void calls_release(void *ctx, void *p)
{
    (void)ctx;
    calls_allocations++;
    free(p);
}

enum {
    CALLS_SOURCES = 200
};

struct calls_crowd {
    struct loop l;
    evio_waker *waker;
    evio_source sources[CALLS_SOURCES];
    int pairs[CALLS_SOURCES][2];
};

static void calls_crowd_open(struct calls_crowd *c)
{
    loop_open(&c->l, 64);
    CHECK_OK(evio_waker_new(c->l.registry, 9999, &c->waker));
    for (unsigned i = 0; i < CALLS_SOURCES; i++) {
        net_unix_pair(NET_STREAM, c->pairs[i]);
        net_set_nonblocking(c->pairs[i][0], true);
        loop_add(&c->l, &c->sources[i], c->pairs[i][0], i, LOOP_RW);
    }
}

static void calls_crowd_close(struct calls_crowd *c)
{
    evio_waker_free(c->waker);
    for (unsigned i = 0; i < CALLS_SOURCES; i++) {
        loop_remove(&c->l, &c->sources[i]);
        net_close(c->pairs[i][0]);
        net_close(c->pairs[i][1]);
    }
    loop_close(&c->l);
}

static void calls_crowd_turn(struct calls_crowd *c, unsigned i)
{
    evio_event event;

    net_send_all(c->pairs[i][1], "x", 1);
    CHECK_OK(evio_wake(c->waker));
    CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, 0));
    while (evio_events_next(c->l.events, &event)) {
        if (event.token < CALLS_SOURCES) {
            net_drain(c->pairs[event.token][0]);
            CHECK_OK(evio_rearm(&c->sources[event.token], LOOP_RW));
        }
    }
    loop_remove(&c->l, &c->sources[i]);
    CHECK_OK(evio_register(c->l.registry, &c->sources[i], i, LOOP_RW));
    CHECK_OK(evio_reregister(c->l.registry, &c->sources[i], i, EVIO_READABLE));
}

/* Not even registration, once there were as many before. */
TEST(nothing_is_allocated_after_set_up)
{
    evio_allocator allocator = {sizeof(allocator), calls_alloc, calls_release,
                                NULL};
    struct calls_crowd c;
    long before;

    CHECK_OK(evio_set_allocator(&allocator));
    calls_crowd_open(&c);
    CHECK_OK(evio_poll_wait(c.l.poll, c.l.events, 0));
    CHECK_INT(calls_allocations, >, 5);
    before = calls_allocations;
    fault_reset();
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < CALLS_SOURCES; i++)
            calls_crowd_turn(&c, i);
    }
    CHECK_EQ_INT(calls_allocations, before);
    CHECK_EQ_UINT(fault_calls_of("malloc"), 0);
    calls_crowd_close(&c);
}

static void calls_wake_and_register(void *arg)
{
    struct calls *c = arg;

    CHECK_OK(evio_register(c->l.registry, &c->source, 1, EVIO_READABLE));
    CHECK_OK(evio_wake(c->waker));
}

/* Interrupted from inside: at most one signal for a wait, and one more round.
 */
TEST(an_interrupted_wait_on_the_poll_selector)
{
    struct calls c;
    thread *other;

    calls_open(&c);
    if (!loop_is(&c.l, EVIO_SELECTOR_POLL)) {
        calls_close(&c);
        SKIP("the kernel does it on this selector");
    }
    fault_reset();
    other = thread_start(calls_wake_and_register, &c);
    CHECK_EQ_UINT(loop_wait(&c.l, 9, LOOP_PATIENCE), EVIO_READABLE);
    thread_join(other);
    CHECK_UINT(fault_calls_of("ppoll"), <=, 2);
    CHECK_UINT(fault_calls_of("write"), <=, 2);
    CHECK_UINT(fault_calls_of("read"), <=, 2);
    CHECK_EQ_UINT(fault_calls_of("fstat"), 1);
    loop_remove(&c.l, &c.source);
    calls_close(&c);
}
