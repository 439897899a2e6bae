/* SPDX-License-Identifier: MIT */
/*
 * A thread that is cancelled in a wait does not end there: it ends at its next
 * cancellation point, the poll is not busy afterwards, and another thread has
 * what the cancelled one has left. No other function is a cancellation point.
 */
#include <stdatomic.h>
#include <stdio.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"
#include "support/thread.h"

enum {
    ROUNDS = 60,
    WAKE_TOKEN = 99
};

struct cancelled {
    struct loop l;
    evio_waker *waker;
    evio_source source; /* token 1 */
    int pair[2];
    uint64_t timeout;
    atomic_uint waits;     /* begun */
    atomic_uint returned;  /* from the wait */
    atomic_bool requested; /* the cancellation */
    atomic_bool passed;
};

static void cancelled_open(struct cancelled *c, uint64_t timeout)
{
    c->timeout = timeout;
    loop_open(&c->l, 8);
    CHECK_OK(evio_waker_new(c->l.registry, WAKE_TOKEN, &c->waker));
    net_unix_pair(NET_STREAM, c->pair);
    loop_add(&c->l, &c->source, c->pair[0], 1,
             (uint32_t)EVIO_READABLE | EVIO_LEVEL);
}

/* This thread can wait: the poll is not busy, and everything works. */
static void cancelled_is_usable(struct cancelled *c)
{
    char byte;

    spin_quiet(&c->l, 5 * CLOCK_MS);
    net_send_all(c->pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&c->l, 1), EVIO_READABLE);
    net_recv_all(c->pair[0], &byte, 1);
    CHECK_OK(evio_wake(c->waker));
    CHECK_EQ_UINT(loop_await(&c->l, WAKE_TOKEN), EVIO_READABLE);
}

static void cancelled_close(struct cancelled *c)
{
    loop_remove(&c->l, &c->source);
    evio_waker_free(c->waker);
    net_close(c->pair[0]);
    net_close(c->pair[1]);
    loop_close(&c->l);
}

/* What it collects it leaves in the buffer. */
static void cancelled_wait(void *arg)
{
    struct cancelled *c = arg;

    for (;;) {
        atomic_fetch_add(&c->waits, 1);
        CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, c->timeout));
        atomic_fetch_add(&c->returned, 1);
        thread_cancel_point();
    }
}

static void cancelled_let_wait(struct cancelled *c, unsigned waits)
{
    while (atomic_load(&c->waits) < waits)
        thread_yield();
    /* Most likely it waits by then. */
    for (int i = 0; i < 100; i++)
        thread_yield();
}

TEST(a_wait_without_end_that_is_woken)
{
    struct cancelled c = {.waker = NULL};

    cancelled_open(&c, EVIO_FOREVER);
    for (unsigned i = 1; i <= 20; i++) {
        thread *t = thread_start(cancelled_wait, &c);

        cancelled_let_wait(&c, i);
        thread_cancel(t);
        CHECK_OK(evio_wake(c.waker));
        thread_join(t);
        CHECK_EQ_UINT(atomic_load(&c.returned), i);
        CHECK_EQ_UINT(loop_await(&c.l, WAKE_TOKEN), EVIO_READABLE);
        cancelled_is_usable(&c);
    }
    cancelled_close(&c);
}

/* The event that ends it is a descriptor's, and is delivered to the next. */
TEST(a_wait_without_end_that_has_an_event)
{
    struct cancelled c = {.waker = NULL};
    char byte;

    cancelled_open(&c, EVIO_FOREVER);
    for (unsigned i = 1; i <= 20; i++) {
        thread *t = thread_start(cancelled_wait, &c);

        cancelled_let_wait(&c, i);
        thread_cancel(t);
        net_send_all(c.pair[1], "x", 1);
        thread_join(t);
        CHECK_EQ_UINT(atomic_load(&c.returned), i);
        CHECK_EQ_UINT(loop_await(&c.l, 1), EVIO_READABLE);
        net_recv_all(c.pair[0], &byte, 1);
        cancelled_is_usable(&c);
    }
    cancelled_close(&c);
}

/* Nothing wakes it: it ends when its time is up, and not before. */
TEST(a_timed_wait_that_is_left_alone)
{
    const uint64_t timeout = 50 * CLOCK_MS;
    struct cancelled c = {.waker = NULL};

    cancelled_open(&c, timeout);
    for (unsigned i = 1; i <= 5; i++) {
        uint64_t begin = clock_ns();
        thread *t = thread_start(cancelled_wait, &c);

        thread_cancel(t);
        thread_join(t);
        if (atomic_load(&c.returned) == i)
            CHECK_UINT(clock_ns() - begin, >=, timeout);
        /* It may have ended before its first wait, or after it. */
        CHECK_EQ_UINT(atomic_load(&c.waits), atomic_load(&c.returned));
        atomic_store(&c.returned, i);
        atomic_store(&c.waits, i);
        cancelled_is_usable(&c);
    }
    cancelled_close(&c);
}

/* At any point of a loop of short waits. */
TEST(cancelled_at_any_point)
{
    struct cancelled c = {.waker = NULL};

    cancelled_open(&c, CLOCK_MS / 4);
    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned returned = atomic_load(&c.returned) + i % 3;
        thread *t = thread_start(cancelled_wait, &c);

        while (atomic_load(&c.returned) < returned)
            thread_yield();
        for (volatile unsigned spin = i * 1000; spin > 0; spin--)
            continue;
        thread_cancel(t);
        thread_join(t);
        cancelled_is_usable(&c);
    }
    cancelled_close(&c);
}

/* The request is pending before the first call, and outlives all of them. */
static void cancelled_calls(void *arg)
{
    struct cancelled *c = arg;
    evio_poll *poll;
    evio_registry *registry;
    evio_waker *waker;
    evio_source source;
    evio_event event;

    while (!atomic_load(&c->requested))
        thread_yield();
    CHECK_OK(evio_source_from_fd(c->pair[1], &source));
    CHECK_OK(evio_register(c->l.registry, &source, 2, EVIO_WRITABLE));
    CHECK_EQ_INT(evio_poll_wait(c->l.poll, c->l.events, LOOP_PATIENCE), 1);
    CHECK(evio_events_next(c->l.events, &event));
    CHECK_OK(evio_rearm(&source, EVIO_WRITABLE));
    CHECK_OK(evio_again(&source, EVIO_WRITABLE));
    CHECK_OK(evio_reregister(c->l.registry, &source, 3, EVIO_READABLE));
    CHECK_OK(evio_deregister(c->l.registry, &source));
    CHECK_OK(evio_waker_new(c->l.registry, 4, &waker));
    CHECK_OK(evio_wake(waker));
    CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, CLOCK_MS));
    evio_waker_free(waker);
    CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, 0));
    CHECK_OK(evio_poll_new(NULL, &poll));
    registry = evio_registry_ref(evio_poll_registry(poll));
    evio_poll_free(poll);
    evio_registry_unref(registry);
    atomic_store(&c->passed, true);
    thread_cancel_point();
    check_fail(__FILE__, __LINE__, "not cancelled at all");
}

/* gcc's AddressSanitizer takes a stack that a cancellation unwound for one that
 * is in use. */
#if defined(__SANITIZE_ADDRESS__)
# define CANCEL_ASAN true
#else
# define CANCEL_ASAN false
#endif

TEST(no_other_function_is_a_cancellation_point)
{
    struct cancelled c = {.waker = NULL};
    thread *t;

    if (CANCEL_ASAN)
        SKIP("AddressSanitizer does not bear a cancelled thread's stack");

    cancelled_open(&c, 0);
    t = thread_start(cancelled_calls, &c);
    thread_cancel(t);
    atomic_store(&c.requested, true);
    thread_join(t);
    CHECK(atomic_load(&c.passed));
    cancelled_is_usable(&c);
    cancelled_close(&c);
}
