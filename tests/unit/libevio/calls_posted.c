/* SPDX-License-Identifier: MIT */
/*
 * What wakers and triggers cost: a storm of them is no system call while nobody
 * waits, and one for each wait that it ends. What they report is tested in
 * behaviour/evio_trigger.c and evio_posted_many.c.
 */
#include <errno.h>
#include <stdatomic.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/loop.h"
#include "support/taken.h"
#include "support/thread.h"
#include "waits.h"

enum {
    POSTED_EACH = 5,
    POSTED_STORM = 10000
};

struct posted {
    struct loop l;
    evio_waker *wakers[POSTED_EACH];
    evio_trigger *triggers[POSTED_EACH];
    atomic_uint waits;
    atomic_uint running;
};

static void posted_open(struct posted *t)
{
    loop_open(&t->l, 32);
    for (unsigned i = 0; i < POSTED_EACH; i++) {
        CHECK_OK(evio_waker_new(t->l.registry, i, &t->wakers[i]));
        CHECK_OK(evio_trigger_new(t->l.registry, &t->triggers[i]));
        CHECK_OK(evio_register(t->l.registry,
                               evio_trigger_source(t->triggers[i]),
                               POSTED_EACH + i, LOOP_RW));
    }
    atomic_store(&t->waits, 0);
    CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, 1), 0);
    fault_reset();
}

static void posted_close(struct posted *t)
{
    fault_reset();
    for (unsigned i = 0; i < POSTED_EACH; i++) {
        evio_waker_free(t->wakers[i]);
        evio_trigger_free(t->triggers[i]);
    }
    loop_close(&t->l);
}

static void posted_storm(struct posted *t)
{
    for (unsigned i = 0; i < POSTED_STORM; i++) {
        CHECK_OK(evio_wake(t->wakers[i % POSTED_EACH]));
        CHECK_OK(
            evio_trigger_fire(t->triggers[i % POSTED_EACH], EVIO_READABLE));
    }
}

TEST(while_nobody_waits)
{
    struct posted t;
    struct taken taken;

    posted_open(&t);
    for (int round = 0; round < 5; round++) {
        fault_reset();
        posted_storm(&t);
        CHECK_EQ_UINT(fault_calls(), 0);
        CHECK_EQ_UINT(taken_wait(&t.l, EVIO_FOREVER, &taken), 2 * POSTED_EACH);
        CHECK_UINT(fault_calls(), <=, 1);
        /* While events of it are in the buffer, too. */
        posted_storm(&t);
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, 0), 2 * POSTED_EACH);
        fault_reset();
        posted_storm(&t);
        CHECK_EQ_UINT(fault_calls(), 0);
        while (taken_wait(&t.l, 0, &taken) > 0)
            ;
    }
    posted_close(&t);
}

TEST(clear_and_refusals_are_no_calls)
{
    struct posted t;
    evio_source *source;

    posted_open(&t);
    source = evio_trigger_source(t.triggers[0]);
    CHECK_OK(evio_trigger_fire(t.triggers[0], EVIO_READABLE));
    CHECK_OK(evio_trigger_clear(t.triggers[0], EVIO_READABLE));
    CHECK_KIND(evio_trigger_fire(t.triggers[0], 0), INVALID_INPUT);
    CHECK_OK(evio_deregister(t.l.registry, source));
    CHECK_KIND(evio_trigger_fire(t.triggers[0], EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_register(t.l.registry, source, 1, EVIO_READABLE));
    CHECK_OK(evio_reregister(t.l.registry, source, 2, EVIO_READABLE));
    CHECK_OK(evio_source_forget(source));
    CHECK_EQ_UINT(fault_calls(), 0);
    posted_close(&t);
}

TEST(forgetting_is_no_call)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    fault_reset();
    CHECK_OK(evio_source_forget(&p.source));
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_EQ_UINT(fault_calls_of("close"), 0);
    peer_close_fds(&p);
    loop_close(&l);
}

TEST(a_wake_after_the_poll_was_freed_is_no_call)
{
    struct posted t;
    evio_waker *waker;

    posted_open(&t);
    CHECK_OK(evio_waker_new(t.l.registry, 99, &waker));
    posted_close(&t);
    fault_reset();
    CHECK_EQ_INT(evio_wake(waker), 0);
    CHECK_EQ_UINT(fault_calls(), 0);
    evio_waker_free(waker);
}

static void posted_run(void *arg)
{
    struct posted *t = arg;

    posted_storm(t);
    atomic_fetch_sub(&t->running, 1);
    CHECK_OK(evio_wake(t->wakers[0]));
}

/* Each wait is ended by one write at most; a write whose wait had ended by
 * itself in the meantime may end the next one. */
TEST(four_threads_against_a_waiter)
{
    struct posted t;
    thread *threads[4];
    unsigned waits = 0;
    unsigned writes;
    unsigned n;

    posted_open(&t);
    atomic_store(&t.running, 4);
    for (int i = 0; i < 4; i++)
        threads[i] = thread_start(posted_run, &t);
    do {
        struct taken taken;

        n = taken_wait(&t.l, atomic_load(&t.running) > 0 ? LOOP_PATIENCE : 0,
                       &taken);
        waits++;
    } while (n > 0 || atomic_load(&t.running) > 0);
    for (int i = 0; i < 4; i++)
        thread_join(threads[i]);
    writes = fault_calls_of("write");
    CHECK_UINT(writes, <=, waits + 1);
    CHECK_UINT(writes, <, 4 * POSTED_STORM / 10);
    posted_close(&t);
}

static void posted_wait_once(void *arg)
{
    struct posted *t = arg;
    struct taken taken;

    CHECK_UINT(taken_wait(&t->l, EVIO_FOREVER, &taken), >, 0);
}

/* Asleep, and struck by a storm of one thread: one write. */
TEST(a_storm_against_a_sleeping_waiter)
{
    struct posted t;
    thread *waiter;

    posted_open(&t);
    waiter = thread_start(posted_wait_once, &t);
    waits_until_more_than(0);
    posted_storm(&t);
    thread_join(waiter);
    CHECK_EQ_UINT(fault_calls_of("write"), 1);
    posted_close(&t);
}

static int posted_fire(struct posted *t)
{
    return evio_trigger_fire(t->triggers[0], EVIO_READABLE);
}

static int posted_wake(struct posted *t)
{
    return evio_wake(t->wakers[0]);
}

/* Reported as it was; pending all the same; the next one tries again. */
static void posted_fails(int (*post)(struct posted *t))
{
    struct posted t;
    thread *waiter;

    posted_open(&t);
    fault_fail_call("write", 1, EIO);
    waiter = thread_start(posted_wait_once, &t);
    waits_until_more_than(0);
    CHECK_ERR(post(&t), EIO);
    CHECK(fault_fired());
    CHECK_OK(post(&t));
    CHECK_EQ_UINT(fault_calls_of("write"), 2);
    thread_join(waiter);
    posted_close(&t);
}

TEST(the_wakeup_fails)
{
    posted_fails(posted_fire);
    posted_fails(posted_wake);
}
