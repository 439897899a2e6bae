/* SPDX-License-Identifier: MIT */
/*
 * Promise: evio_poll_wait_masked() has the thread's signal mask for as long as
 * it waits, and no longer, and collects no more than its limit, losing
 * nothing. That it is one system call is counted in
 * unit/libevio/calls_masked.c.
 */
#include <stdatomic.h>
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/signals.h"
#include "support/taken.h"
#include "support/thread.h"

static atomic_uint masked_handled;

static void masked_on_signal(void)
{
    atomic_fetch_add(&masked_handled, 1);
}

static void masked_open(struct loop *l, bool block)
{
    loop_open(l, 8);
    signal_handle(masked_on_signal);
    atomic_store(&masked_handled, 0);
    signals_block(block);
}

/* A wait that found nothing, with `mask`; the thread's own is as before. */
static int masked_wait(struct loop *l, const struct signals_mask *mask,
                       uint64_t ns)
{
    struct signals_mask before;
    struct signals_mask after;
    bool blocked = signals_is_blocked();
    int r;

    signals_mask(blocked, &before);
    r = evio_poll_wait_masked(l->poll, l->events, 0, ns, mask);
    signals_mask(signals_is_blocked(), &after);
    CHECK_EQ_INT(signals_is_blocked(), blocked);
    CHECK(signals_same(&before, &after));
    return r;
}

TEST(a_signal_that_is_unblocked_during_the_wait)
{
    struct signals_mask open;
    struct loop l;

    masked_open(&l, true);
    signals_mask(false, &open);
    for (unsigned i = 1; i <= 5; i++) {
        signal_every(20);
        CHECK_KIND(masked_wait(&l, &open, LOOP_PATIENCE), INTERRUPTED);
        signal_every(0);
        CHECK_UINT(atomic_load(&masked_handled), >=, i);
    }
    signals_block(false);
    loop_lasts(&l);
    loop_close(&l);
}

TEST(for_ever)
{
    struct signals_mask open;
    struct loop l;

    masked_open(&l, true);
    signals_mask(false, &open);
    signal_every(20);
    CHECK_KIND(masked_wait(&l, &open, EVIO_FOREVER), INTERRUPTED);
    signal_every(0);
    CHECK_UINT(atomic_load(&masked_handled), >=, 1);
    loop_close(&l);
}

/* The race that the call is for: pending since before the wait. */
TEST(a_signal_that_is_pending_before_the_wait)
{
    struct signals_mask open;
    struct loop l;

    masked_open(&l, true);
    signals_mask(false, &open);
    for (unsigned i = 1; i <= 50; i++) {
        signal_raise();
        CHECK(signals_is_pending());
        CHECK_EQ_UINT(atomic_load(&masked_handled), i - 1);
        CHECK_KIND(masked_wait(&l, &open, EVIO_FOREVER), INTERRUPTED);
        CHECK_EQ_UINT(atomic_load(&masked_handled), i);
        CHECK(!signals_is_pending());
    }
    loop_lasts(&l);
    loop_close(&l);
}

struct masked_other {
    struct signals_thread target;
};

static void masked_send(void *arg)
{
    struct masked_other *o = arg;

    signals_block(true);
    signals_send(o->target);
}

TEST(a_signal_from_another_thread_at_any_time)
{
    struct masked_other other = {signals_self()};
    struct signals_mask open;
    struct loop l;

    masked_open(&l, true);
    signals_mask(false, &open);
    for (unsigned i = 1; i <= 200; i++) {
        thread *t = thread_start(masked_send, &other);

        CHECK_KIND(masked_wait(&l, &open, EVIO_FOREVER), INTERRUPTED);
        CHECK_EQ_UINT(atomic_load(&masked_handled), i);
        thread_join(t);
    }
    loop_close(&l);
}

TEST(a_signal_that_is_blocked_during_the_wait)
{
    struct signals_mask shut;
    struct loop l;
    uint64_t start;

    masked_open(&l, false);
    signals_mask(true, &shut);
    start = evio_now_ns();
    signal_every(20);
    CHECK_EQ_INT(masked_wait(&l, &shut, 100 * CLOCK_MS), 0);
    signal_every(0);
    CHECK_UINT(evio_now_ns() - start, >=, 100 * CLOCK_MS);
    /* It was kept, and handled as soon as the wait was over. */
    CHECK_UINT(atomic_load(&masked_handled), >=, 1);
    loop_close(&l);
}

TEST(without_a_mask_the_threads_own_counts)
{
    struct loop l;

    masked_open(&l, false);
    signal_every(20);
    CHECK_KIND(masked_wait(&l, NULL, LOOP_PATIENCE), INTERRUPTED);
    signal_every(0);
    signals_block(true);
    atomic_store(&masked_handled, 0);
    signal_raise();
    loop_lasts(&l);
    CHECK_EQ_INT(masked_wait(&l, NULL, LOOP_QUIET), 0);
    CHECK_EQ_UINT(atomic_load(&masked_handled), 0);
    CHECK(signals_is_pending());
    signals_block(false);
    CHECK_EQ_UINT(atomic_load(&masked_handled), 1);
    loop_close(&l);
}

/* The mask is for this wait alone. */
TEST(the_next_wait_has_no_mask)
{
    struct signals_mask open;
    struct loop l;

    masked_open(&l, true);
    signals_mask(false, &open);
    CHECK_EQ_INT(masked_wait(&l, &open, CLOCK_MS), 0);
    signal_raise();
    loop_lasts(&l);
    CHECK_EQ_INT(
        evio_poll_wait_until(l.poll, l.events, evio_now_ns() + LOOP_QUIET), 0);
    CHECK_EQ_UINT(atomic_load(&masked_handled), 0);
    loop_close(&l);
}

/* The caller's set is read, never written. */
TEST(the_set_is_not_changed)
{
    struct signals_mask open;
    struct signals_mask copy;
    struct loop l;

    masked_open(&l, true);
    signals_mask(false, &open);
    memcpy(&copy, &open, sizeof(copy));
    signal_raise();
    CHECK_KIND(masked_wait(&l, &open, LOOP_PATIENCE), INTERRUPTED);
    CHECK_EQ_INT(masked_wait(&l, &open, 0), 0);
    CHECK_EQ_MEM(&copy, &open, sizeof(copy));
    loop_close(&l);
}

/* Events, wakes and a timeout of 0 end it as any wait. */
TEST(it_is_a_wait_as_any_other)
{
    struct signals_mask open;
    struct loop l;
    struct peer p;
    struct taken taken;
    evio_waker *waker;

    masked_open(&l, true);
    signals_mask(false, &open);
    peer_open(&l, &p, 1, EVIO_READABLE);
    CHECK_OK(evio_waker_new(l.registry, 2, &waker));
    CHECK_EQ_INT(masked_wait(&l, &open, 0), 0);
    peer_send(&p, 1);
    CHECK_EQ_INT(masked_wait(&l, &open, LOOP_PATIENCE), 1);
    CHECK_EQ_UINT(taken_all(l.events, &taken), 1);
    CHECK_EQ_UINT(taken.events[0].token, 1);
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_INT(masked_wait(&l, &open, EVIO_FOREVER), 1);
    CHECK_EQ_UINT(taken_all(l.events, &taken), 1);
    CHECK_EQ_UINT(taken.events[0].token, 2);
    evio_waker_free(waker);
    peer_close(&l, &p);
    loop_close(&l);
}

/* What is left in the buffer and what is posted is not lost by a signal. */
TEST(an_interrupted_wait_loses_nothing)
{
    struct signals_mask open;
    struct loop l;
    struct peer p;
    int r;

    masked_open(&l, true);
    signals_mask(false, &open);
    peer_open(&l, &p, 1, EVIO_READABLE | EVIO_ONESHOT);
    for (int i = 0; i < 20; i++) {
        signal_raise();
        peer_send(&p, 1);
        r = masked_wait(&l, &open, LOOP_PATIENCE);
        CHECK(r == 1 || libsock_kind(r) == LIBSOCK_KIND_INTERRUPTED);
        CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
        if (signals_is_pending())
            CHECK_KIND(masked_wait(&l, &open, LOOP_PATIENCE), INTERRUPTED);
        net_drain(p.fd[0]);
        CHECK_OK(evio_reregister(l.registry, &p.source, 1,
                                 EVIO_READABLE | EVIO_ONESHOT));
    }
    peer_close(&l, &p);
    loop_close(&l);
}

TEST(null_is_refused)
{
    struct loop l;

    loop_open(&l, 1);
    CHECK_KIND(evio_poll_wait_masked(NULL, l.events, 0, 0, NULL),
               INVALID_INPUT);
    CHECK_KIND(evio_poll_wait_masked(l.poll, NULL, 0, 0, NULL), INVALID_INPUT);
    loop_close(&l);
}

struct masked_pair {
    struct loop l;
    atomic_bool seen;
};

static void masked_busy(void *arg)
{
    struct masked_pair *t = arg;
    evio_events *events;
    int r = 0;

    CHECK_OK(evio_events_new(1, &events));
    while (r == 0) {
        r = evio_poll_wait_masked(t->l.poll, events, 1, 0, NULL);
        thread_yield();
    }
    CHECK_KIND(r, BUSY);
    atomic_store(&t->seen, true);
    evio_events_free(events);
}

TEST(one_thread_at_a_time)
{
    struct masked_pair t = {.seen = false};
    thread *other;

    loop_open(&t.l, 1);
    other = thread_start(masked_busy, &t);
    while (!atomic_load(&t.seen)) {
        int r =
            evio_poll_wait_masked(t.l.poll, t.l.events, 1, 5 * CLOCK_MS, NULL);

        CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_BUSY);
    }
    thread_join(other);
    loop_lasts(&t.l);
    loop_close(&t.l);
}

enum {
    MASKED_PEERS = 6
};

struct masked_crowd {
    struct loop l;
    struct peer peers[MASKED_PEERS];
    unsigned seen[MASKED_PEERS];
};

static void masked_crowd_open(struct masked_crowd *c, uint32_t interest)
{
    memset(c, 0, sizeof(*c));
    loop_open(&c->l, MASKED_PEERS + 2);
    for (unsigned i = 0; i < MASKED_PEERS; i++) {
        peer_open(&c->l, &c->peers[i], i, interest);
        peer_send(&c->peers[i], 1);
    }
}

static void masked_crowd_close(struct masked_crowd *c)
{
    for (unsigned i = 0; i < MASKED_PEERS; i++)
        peer_close(&c->l, &c->peers[i]);
    loop_close(&c->l);
}

/* Waits of at most `max`, until nothing comes. */
static unsigned masked_crowd_waits(struct masked_crowd *c, size_t max)
{
    struct taken taken;
    unsigned waits = 0;
    int r;

    for (;;) {
        r = evio_poll_wait_masked(c->l.poll, c->l.events, max, 0, NULL);
        CHECK_OK(r);
        if (r == 0)
            return waits;
        waits++;
        CHECK_UINT(r, <=, max == 0 ? MASKED_PEERS + 2 : max);
        CHECK_EQ_INT(taken_all(c->l.events, &taken), r);
        for (unsigned i = 0; i < taken.n; i++)
            c->seen[taken.events[i].token]++;
    }
}

static void masked_limit(size_t max, uint32_t mode)
{
    struct masked_crowd c;
    unsigned want = max == 0 || max >= MASKED_PEERS
                        ? 1
                        : (unsigned)((MASKED_PEERS + max - 1) / max);

    masked_crowd_open(&c, EVIO_READABLE | mode);
    CHECK_EQ_UINT(masked_crowd_waits(&c, max), want);
    for (unsigned i = 0; i < MASKED_PEERS; i++)
        CHECK_EQ_UINT(c.seen[i], 1);
    loop_lasts(&c.l);
    masked_crowd_close(&c);
}

TEST(a_limit_loses_nothing)
{
    for (size_t max = 0; max <= MASKED_PEERS + 1; max++) {
        masked_limit(max, EVIO_EDGE);
        masked_limit(max, EVIO_ONESHOT);
    }
    masked_limit(1000, EVIO_EDGE);
    masked_limit(SIZE_MAX, EVIO_EDGE);
    masked_limit((size_t)UINT32_MAX + 1, EVIO_EDGE);
    masked_limit((size_t)UINT32_MAX + 2, EVIO_ONESHOT);
}

/* In level mode each is reported, whatever the limit. */
TEST(a_limit_is_fair)
{
    for (size_t max = 1; max < MASKED_PEERS; max++) {
        struct masked_crowd c;
        struct taken taken;

        masked_crowd_open(&c, EVIO_READABLE | EVIO_LEVEL);
        for (unsigned got = 0; got < 10 * MASKED_PEERS; got += taken.n) {
            CHECK_EQ_INT(
                evio_poll_wait_masked(c.l.poll, c.l.events, max, 0, NULL), max);
            taken_all(c.l.events, &taken);
            for (unsigned i = 0; i < taken.n; i++)
                c.seen[taken.events[i].token]++;
        }
        for (unsigned i = 0; i < MASKED_PEERS; i++)
            CHECK_UINT(c.seen[i], >=, 8);
        masked_crowd_close(&c);
    }
}

/* What is posted counts, too. */
TEST(a_limit_for_what_is_posted)
{
    struct loop l;
    evio_waker *wakers[5];
    struct taken taken;

    loop_open(&l, 8);
    for (unsigned i = 0; i < 5; i++) {
        CHECK_OK(evio_waker_new(l.registry, i, &wakers[i]));
        CHECK_OK(evio_wake(wakers[i]));
    }
    for (unsigned i = 0; i < 5; i++) {
        CHECK_EQ_INT(
            evio_poll_wait_masked(l.poll, l.events, 1, EVIO_FOREVER, NULL), 1);
        CHECK_EQ_UINT(taken_all(l.events, &taken), 1);
        CHECK_EQ_UINT(taken.events[0].token, i);
    }
    loop_lasts(&l);
    for (unsigned i = 0; i < 5; i++)
        evio_waker_free(wakers[i]);
    loop_close(&l);
}
