/* SPDX-License-Identifier: MIT */
/*
 * Promise: however many wakers and triggers a poll has, they share one wakeup
 * and open no descriptor; wakes are never lost, wherever they come from, and
 * none comes after its waker. How many system calls they make is counted in
 * unit/libevio/calls_posted.c.
 */
#include <stdatomic.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/fdcount.h"
#include "support/loop.h"
#include "support/taken.h"
#include "support/thread.h"

enum {
    MANY = 100,
    MANY_ALL = 2 * MANY
};

struct many {
    struct loop l;
    evio_waker *wakers[MANY];
    evio_trigger *triggers[MANY];
};

/* All but the first waker. */
static void many_fill(struct many *m)
{
    for (unsigned i = 0; i < MANY; i++) {
        if (i > 0)
            CHECK_OK(evio_waker_new(m->l.registry, i, &m->wakers[i]));
        CHECK_OK(evio_trigger_new(m->l.registry, &m->triggers[i]));
        CHECK_OK(evio_register(m->l.registry,
                               evio_trigger_source(m->triggers[i]), MANY + i,
                               EVIO_READABLE));
    }
}

static void many_post(struct many *m)
{
    for (unsigned i = 0; i < MANY; i++) {
        CHECK_OK(evio_wake(m->wakers[i]));
        CHECK_OK(evio_trigger_fire(m->triggers[i], EVIO_READABLE));
    }
}

/* Each of them once. */
static void many_take(struct many *m)
{
    static struct taken taken;
    unsigned seen[MANY_ALL] = {0};

    CHECK_EQ_UINT(taken_wait(&m->l, LOOP_PATIENCE, &taken), MANY_ALL);
    for (unsigned i = 0; i < MANY_ALL; i++) {
        CHECK_EQ_UINT(taken.events[i].readiness, EVIO_READABLE);
        CHECK_UINT(taken.events[i].token, <, MANY_ALL);
        CHECK_EQ_UINT(seen[taken.events[i].token]++, 0);
    }
    loop_lasts(&m->l);
}

TEST(a_hundred_of_each_open_no_descriptor)
{
    static struct fdcount before;
    struct many m;

    loop_open(&m.l, MANY_ALL);
    CHECK_OK(evio_waker_new(m.l.registry, 0, &m.wakers[0]));
    fdcount_take(&before);
    many_fill(&m);
    CHECK_EQ_UINT(fdcount_report(&before), 0);
    for (int round = 0; round < 5; round++) {
        many_post(&m);
        many_take(&m);
    }
    CHECK_EQ_UINT(fdcount_report(&before), 0);
    for (unsigned i = 0; i < MANY; i++) {
        if (i > 0)
            evio_waker_free(m.wakers[i]);
        evio_trigger_free(m.triggers[i]);
    }
    CHECK_OK(evio_wake(m.wakers[0]));
    CHECK_EQ_UINT(taken_one(&m.l, 0).readiness, EVIO_READABLE);
    CHECK_EQ_UINT(fdcount_report(&before), 0);
    evio_waker_free(m.wakers[0]);
    loop_close(&m.l);
}

/* Whichever goes first takes the shared wakeup from nobody. */
TEST(the_first_of_them_may_go_first)
{
    struct loop l;
    evio_waker *first;
    evio_waker *second;
    evio_trigger *trigger;

    loop_open(&l, 8);
    CHECK_OK(evio_waker_new(l.registry, 1, &first));
    CHECK_OK(evio_waker_new(l.registry, 2, &second));
    CHECK_OK(evio_wake(first));
    evio_waker_free(first);
    loop_lasts(&l);
    CHECK_OK(evio_wake(second));
    CHECK_EQ_UINT(taken_one(&l, 2).readiness, EVIO_READABLE);
    CHECK_OK(evio_trigger_new(l.registry, &trigger));
    CHECK_OK(evio_register(l.registry, evio_trigger_source(trigger), 3,
                           EVIO_READABLE));
    evio_waker_free(second);
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&l, 3).readiness, EVIO_READABLE);
    evio_trigger_free(trigger);
    loop_lasts(&l);
    loop_close(&l);
}

/* More than fit come in pieces, in order. */
TEST(more_than_fit)
{
    struct many m;
    struct taken taken;
    unsigned got = 0;

    loop_open(&m.l, 7);
    CHECK_OK(evio_waker_new(m.l.registry, 0, &m.wakers[0]));
    many_fill(&m);
    many_post(&m);
    while (got < MANY_ALL) {
        CHECK_UINT(taken_wait(&m.l, LOOP_PATIENCE, &taken), >, 0);
        for (unsigned i = 0; i < taken.n; i++, got++)
            CHECK_EQ_UINT(taken.events[i].token, got / 2 + got % 2 * MANY);
    }
    loop_lasts(&m.l);
    for (unsigned i = 0; i < MANY; i++) {
        evio_waker_free(m.wakers[i]);
        evio_trigger_free(m.triggers[i]);
    }
    loop_close(&m.l);
}

TEST(a_wake_after_the_poll_was_freed)
{
    struct loop l;
    evio_waker *wakers[2];

    loop_open(&l, 8);
    for (unsigned i = 0; i < 2; i++)
        CHECK_OK(evio_waker_new(l.registry, i, &wakers[i]));
    CHECK_OK(evio_wake(wakers[0]));
    loop_close(&l);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_INT(evio_wake(wakers[0]), 0);
        CHECK_EQ_INT(evio_wake(wakers[1]), 0);
    }
    evio_waker_free(wakers[0]);
    CHECK_EQ_INT(evio_wake(wakers[1]), 0);
    evio_waker_free(wakers[1]);
}

TEST(a_waker_that_is_freed_with_a_wake_pending)
{
    struct loop l;

    loop_open(&l, 8);
    for (unsigned i = 0; i < 50; i++) {
        evio_waker *waker;

        CHECK_OK(evio_waker_new(l.registry, i, &waker));
        CHECK_OK(evio_wake(waker));
        evio_waker_free(waker);
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 0);
    }
    loop_lasts(&l);
    CHECK_EQ_UINT(loop_stats(&l).events, 0);
    loop_close(&l);
}

/* Between two waits: the next one does not block, and has no descriptor to ask
 * about it. */
TEST(a_wake_between_waits)
{
    struct loop l;
    evio_waker *waker;

    loop_open(&l, 8);
    CHECK_OK(evio_waker_new(l.registry, 9, &waker));
    for (int i = 0; i < 1000; i++) {
        CHECK_OK(evio_wake(waker));
        CHECK_OK(evio_wake(waker));
        CHECK_EQ_UINT(loop_wait(&l, 9, EVIO_FOREVER), EVIO_READABLE);
    }
    loop_lasts(&l);
    evio_waker_free(waker);
    loop_close(&l);
}

static evio_waker *many_waker;
static atomic_uint many_handled;

static void many_on_signal(void)
{
    if (evio_wake(many_waker) != 0)
        check_fail(__FILE__, __LINE__, "wake in a handler");
    atomic_fetch_add(&many_handled, 1);
}

/* The handler's wake is found by the wait that it interrupts, or the next. */
TEST(wakes_from_a_handler)
{
    struct loop l;
    unsigned events = 0;

    loop_open(&l, 8);
    CHECK_OK(evio_waker_new(l.registry, 9, &many_waker));
    signal_handle(many_on_signal);
    signal_every(2);
    while (events < 100) {
        struct taken taken;
        int r = evio_poll_wait(l.poll, l.events, EVIO_FOREVER);

        if (r < 0)
            CHECK_KIND(r, INTERRUPTED);
        events += taken_all(l.events, &taken);
    }
    signal_every(0);
    CHECK_UINT(atomic_load(&many_handled), >=, 100);
    CHECK_EQ_UINT(loop_wait(&l, 9, 0) & ~(uint32_t)EVIO_READABLE, 0);
    loop_lasts(&l);
    evio_waker_free(many_waker);
    loop_close(&l);
}

/* After its poll too. */
TEST(a_wake_from_a_handler_after_the_poll_was_freed)
{
    struct loop l;

    loop_open(&l, 8);
    CHECK_OK(evio_waker_new(l.registry, 9, &many_waker));
    loop_close(&l);
    signal_handle(many_on_signal);
    signal_raise();
    signal_raise();
    CHECK_EQ_UINT(atomic_load(&many_handled), 2);
    evio_waker_free(many_waker);
}

/* Four threads that wait for an answer to each wake. */
struct many_storm {
    struct loop l;
    evio_waker *wakers[4];
    atomic_uint sent[4];
    atomic_uint answered[4];
    atomic_uint running;
};

struct many_asker {
    struct many_storm *storm;
    unsigned number;
};

enum {
    MANY_QUESTIONS = 5000
};

static void many_ask(void *arg)
{
    struct many_asker *a = arg;
    struct many_storm *s = a->storm;

    for (unsigned i = 1; i <= MANY_QUESTIONS; i++) {
        atomic_store_explicit(&s->sent[a->number], i, memory_order_relaxed);
        CHECK_EQ_INT(evio_wake(s->wakers[a->number]), 0);
        if (i % 4 != 0)
            continue;
        while (atomic_load(&s->answered[a->number]) < i)
            thread_yield();
    }
    atomic_fetch_sub(&s->running, 1);
    CHECK_OK(evio_wake(s->wakers[a->number]));
}

TEST(four_threads_against_a_sleeping_waiter)
{
    struct many_storm s = {.running = 4};
    struct many_asker askers[4];
    thread *threads[4];

    loop_open(&s.l, 2);
    for (unsigned i = 0; i < 4; i++)
        CHECK_OK(evio_waker_new(s.l.registry, i, &s.wakers[i]));
    for (unsigned i = 0; i < 4; i++) {
        askers[i] = (struct many_asker){&s, i};
        threads[i] = thread_start(many_ask, &askers[i]);
    }
    while (atomic_load(&s.running) > 0) {
        struct taken taken;

        CHECK_UINT(taken_wait(&s.l, LOOP_PATIENCE, &taken), >, 0);
        for (unsigned i = 0; i < taken.n; i++) {
            uint64_t token = taken.events[i].token;

            atomic_store(
                &s.answered[token],
                atomic_load_explicit(&s.sent[token], memory_order_relaxed));
        }
    }
    for (unsigned i = 0; i < 4; i++) {
        thread_join(threads[i]);
        evio_waker_free(s.wakers[i]);
    }
    loop_lasts(&s.l);
    loop_close(&s.l);
}
