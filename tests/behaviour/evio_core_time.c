/* SPDX-License-Identifier: MIT */
/*
 * Promise: a wait without events lasts at least its timeout, whatever happens
 * inside, and not a multiple of it. Upper bounds are generous: the machine may
 * be busy, but the clock may never be early.
 */
#include "support/check.h"
#include "support/clock.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t time_empty_wait(struct loop *l, uint64_t timeout_ns)
{
    uint64_t start = clock_ns();

    CHECK_EQ_INT(evio_poll_wait(l->poll, l->events, timeout_ns), 0);
    return clock_ns() - start;
}

TEST(a_timeout_lasts)
{
    struct loop l;

    loop_open(&l, 1);
    for (unsigned ms = 1; ms <= 64; ms *= 2)
        CHECK_UINT(time_empty_wait(&l, ms * CLOCK_MS), >=, ms * CLOCK_MS);
    loop_close(&l);
}

static uint64_t time_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

TEST(parts_of_a_millisecond_are_never_early)
{
    struct loop l;
    uint64_t state = clock_ns() | 1;

    printf("# seed %llu\n", (unsigned long long)state);
    loop_open(&l, 1);
    for (int i = 0; i < 300; i++) {
        uint64_t ns = time_random(&state) % (2 * CLOCK_MS) + 1;

        CHECK_UINT(time_empty_wait(&l, ns), >=, ns);
    }
    CHECK_UINT(time_empty_wait(&l, 1), >=, 1);
    CHECK_UINT(time_empty_wait(&l, CLOCK_MS - 1), >=, CLOCK_MS - 1);
    CHECK_UINT(time_empty_wait(&l, CLOCK_MS + 1), >=, CLOCK_MS + 1);
    loop_close(&l);
}

TEST(zero_does_not_block)
{
    struct loop l;
    uint64_t start = clock_ns();

    loop_open(&l, 1);
    for (int i = 0; i < 1000; i++)
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 0);
    CHECK_UINT(clock_ns() - start, <, 5 * CLOCK_S * clock_slow_factor());
    loop_close(&l);
}

TEST(zero_still_looks)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 1);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_WRITABLE);
    CHECK_EQ_UINT(loop_wait(&l, 1, 0), EVIO_WRITABLE);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

struct time_storm {
    struct loop l;
    atomic_bool stop;
    unsigned rounds;
};

static void time_register_storm(void *arg)
{
    struct time_storm *s = arg;
    evio_source source;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    while (!atomic_load(&s->stop)) {
        CHECK_OK(evio_register(s->l.registry, &source, 1, EVIO_READABLE));
        loop_remove(&s->l, &source);
        s->rounds++;
        thread_yield();
    }
    net_close(pair[0]);
    net_close(pair[1]);
}

/* Each registration interrupts a wait on the poll selector. */
TEST(interrupts_inside_do_not_change_the_timeout)
{
    const uint64_t timeout = 300 * CLOCK_MS;
    struct time_storm s = {.rounds = 0};
    thread *storm;
    uint64_t lasted;

    loop_open(&s.l, 4);
    atomic_init(&s.stop, false);
    storm = thread_start(time_register_storm, &s);
    lasted = time_empty_wait(&s.l, timeout);
    atomic_store(&s.stop, true);
    thread_join(storm);
    CHECK_UINT(s.rounds, >, 10);
    CHECK_UINT(lasted, >=, timeout);
    CHECK_UINT(lasted, <, timeout + 2 * CLOCK_S * clock_slow_factor());
    loop_close(&s.l);
}

struct time_end {
    evio_waker *waker;
    uint64_t at; /* a moment of clock_ns() */
};

static void time_wake_later(void *arg)
{
    struct time_end *end = arg;

    while (clock_ns() < end->at)
        thread_yield();
    CHECK_OK(evio_wake(end->waker));
}

/* A wait that is too long for the kernel's types: only the wake may end it. */
static void time_long_wait(uint64_t timeout_ns)
{
    struct loop l;
    struct time_end end;
    thread *waking;

    loop_open(&l, 1);
    CHECK_OK(evio_waker_new(l.registry, 1, &end.waker));
    end.at = clock_ns() + 50 * CLOCK_MS;
    waking = thread_start(time_wake_later, &end);
    CHECK_EQ_UINT(loop_wait(&l, 1, timeout_ns), EVIO_READABLE);
    CHECK_UINT(clock_ns(), >=, end.at);
    thread_join(waking);
    evio_waker_free(end.waker);
    loop_close(&l);
}

TEST(a_month_and_longer)
{
    const uint64_t day = UINT64_C(86400) * CLOCK_S;

    time_long_wait(24 * day);
    time_long_wait(UINT64_C(2147483647) * CLOCK_MS + 1);
    time_long_wait(UINT64_C(4294967295) * CLOCK_MS);
    time_long_wait(UINT64_C(4294967296) * CLOCK_MS + CLOCK_MS);
    time_long_wait(UINT64_MAX / 2 + 1);
    time_long_wait(UINT64_MAX - CLOCK_MS);
    time_long_wait(UINT64_MAX - 1);
    time_long_wait(EVIO_FOREVER);
}

TEST(deadlines)
{
    struct loop l;
    uint64_t deadline;

    loop_open(&l, 1);
    CHECK_EQ_INT(evio_poll_wait_until(l.poll, l.events, 0), 0);
    CHECK_EQ_INT(evio_poll_wait_until(l.poll, l.events, evio_now_ns()), 0);
    for (int i = 0; i < 20; i++) {
        deadline = evio_now_ns() + 700000 + (unsigned)i * 100000;
        CHECK_EQ_INT(evio_poll_wait_until(l.poll, l.events, deadline), 0);
        CHECK_UINT(evio_now_ns(), >=, deadline);
    }
    loop_close(&l);
}

TEST(deadlines_beyond_the_clock)
{
    struct loop l;
    struct time_end end;
    thread *waking;
    const uint64_t moments[] = {UINT64_MAX - 1, UINT64_MAX - CLOCK_S,
                                EVIO_FOREVER};

    loop_open(&l, 1);
    CHECK_OK(evio_waker_new(l.registry, 1, &end.waker));
    for (int i = 0; i < 3; i++) {
        end.at = clock_ns() + 20 * CLOCK_MS;
        waking = thread_start(time_wake_later, &end);
        CHECK_EQ_INT(evio_poll_wait_until(l.poll, l.events, moments[i]), 1);
        CHECK_UINT(clock_ns(), >=, end.at);
        thread_join(waking);
        CHECK_EQ_UINT(loop_wait(&l, 1, 0), EVIO_READABLE);
    }
    evio_waker_free(end.waker);
    loop_close(&l);
}

TEST(the_clock_never_goes_back)
{
    uint64_t last = evio_now_ns();

    for (int i = 0; i < 100000; i++) {
        uint64_t now = evio_now_ns();

        CHECK_UINT(now, >=, last);
        last = now;
    }
}

static atomic_uint time_signals;

static void time_on_signal(void)
{
    atomic_fetch_add(&time_signals, 1);
}

TEST(a_signal_is_reported)
{
    const uint64_t timeouts[] = {CLOCK_S, EVIO_FOREVER, UINT64_MAX - 1};
    struct loop l;

    loop_open(&l, 1);
    signal_handle(time_on_signal);
    for (int i = 0; i < 3; i++) {
        uint64_t start = clock_ns();

        signal_every(30);
        CHECK_KIND(evio_poll_wait(l.poll, l.events, timeouts[i]), INTERRUPTED);
        signal_every(0);
        CHECK_UINT(atomic_load(&time_signals), >, 0);
        CHECK_UINT(clock_ns() - start, <, LOOP_PATIENCE);
    }
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, CLOCK_MS), 0);
    loop_close(&l);
}

struct time_busy {
    struct loop l;
    gate *inside;
};

static void time_second_waiter(void *arg)
{
    struct time_busy *b = arg;
    evio_events *events;

    CHECK_OK(evio_events_new(1, &events));
    gate_wait(b->inside);
    while (libsock_kind(evio_poll_wait(b->l.poll, events, 0)) !=
           LIBSOCK_KIND_BUSY)
        thread_yield();
    evio_events_free(events);
}

/* The second one is refused while the first is inside, then lets it go on. */
TEST(a_second_waiter_is_refused)
{
    struct time_busy b = {.inside = gate_new()};
    thread *second;

    loop_open(&b.l, 1);
    second = thread_start(time_second_waiter, &b);
    gate_open(b.inside);
    for (uint64_t end = clock_ns() + 200 * CLOCK_MS; clock_ns() < end;) {
        int r = evio_poll_wait(b.l.poll, b.l.events, 100 * CLOCK_MS);

        CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_BUSY);
    }
    thread_join(second);
    CHECK_EQ_INT(evio_poll_wait(b.l.poll, b.l.events, 0), 0);
    gate_free(b.inside);
    loop_close(&b.l);
}
