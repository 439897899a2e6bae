/* SPDX-License-Identifier: MIT */
/*
 * What evio_again() costs: nothing while nobody waits, one system call to wake
 * who does. What it reports is tested in behaviour/evio_again.c.
 */
#include <errno.h>
#include <stdatomic.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/loop.h"
#include "support/taken.h"
#include "support/thread.h"
#include "waits.h"

struct calls {
    struct loop l;
    struct peer p;
    atomic_uint waits;
    atomic_bool stop;
};

static void calls_open(struct calls *c)
{
    loop_open(&c->l, 8);
    peer_open(&c->l, &c->p, 1, EVIO_READABLE);
    atomic_store(&c->waits, 0);
    atomic_store(&c->stop, false);
    CHECK_EQ_INT(evio_poll_wait(c->l.poll, c->l.events, 1), 0);
    fault_reset();
}

static void calls_close(struct calls *c)
{
    peer_close(&c->l, &c->p);
    loop_close(&c->l);
}

TEST(while_nobody_waits)
{
    struct calls c;

    calls_open(&c);
    for (int round = 0; round < 10; round++) {
        fault_reset();
        for (int i = 0; i < 1000; i++)
            CHECK_OK(evio_again(&c.p.source, EVIO_READABLE));
        CHECK_EQ_UINT(fault_calls(), 0);
        CHECK_EQ_UINT(taken_one(&c.l, 1).readiness, EVIO_READABLE);
        /* The wait looks at the selector too, once, and does not block. */
        CHECK_UINT(fault_calls(), <=, 1);
    }
    calls_close(&c);
}

/* Nor in level mode, nor where the direction was not requested. */
TEST(while_there_is_nothing_to_do)
{
    struct calls c;

    calls_open(&c);
    CHECK_OK(evio_again(&c.p.source, EVIO_WRITABLE));
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_OK(evio_reregister(c.l.registry, &c.p.source, 1,
                             EVIO_READABLE | EVIO_LEVEL));
    fault_reset();
    CHECK_OK(evio_again(&c.p.source, EVIO_READABLE));
    CHECK_EQ_UINT(fault_calls(), 0);
    calls_close(&c);
}

/* Refusals cost nothing. */
TEST(errors)
{
    struct calls c;

    calls_open(&c);
    CHECK_KIND(evio_again(&c.p.source, 0), INVALID_INPUT);
    CHECK_KIND(evio_again(NULL, EVIO_READABLE), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    calls_close(&c);
}

static void calls_wait(void *arg)
{
    struct calls *c = arg;

    while (!atomic_load(&c->stop)) {
        CHECK_EQ_UINT(loop_wait(&c->l, 1, EVIO_FOREVER), EVIO_READABLE);
        atomic_fetch_add(&c->waits, 1);
    }
}

/* A storm makes no more system calls than there were waits to end. */
TEST(while_a_thread_waits)
{
    struct calls c;
    thread *waiter;
    unsigned writes;

    calls_open(&c);
    waiter = thread_start(calls_wait, &c);
    waits_until_more_than(0);
    for (int i = 0; i < 20000; i++)
        CHECK_OK(evio_again(&c.p.source, EVIO_READABLE));
    while (atomic_load(&c.waits) == 0)
        thread_yield();
    atomic_store(&c.stop, true);
    CHECK_OK(evio_again(&c.p.source, EVIO_READABLE));
    thread_join(waiter);
    writes = fault_calls_of("write");
    CHECK_UINT(writes, >=, 1);
    CHECK_UINT(writes, <=, atomic_load(&c.waits) + 1);
    fault_reset();
    calls_close(&c);
}

static void calls_wait_once(void *arg)
{
    struct calls *c = arg;

    CHECK_EQ_UINT(loop_wait(&c->l, 1, EVIO_FOREVER), EVIO_READABLE);
}

/* A failure is reported, the event is pending all the same, and the next call
 * tries to wake again. */
TEST(the_wakeup_fails)
{
    struct calls c;
    thread *waiter;

    calls_open(&c);
    fault_fail_call("write", 1, EIO);
    waiter = thread_start(calls_wait_once, &c);
    waits_until_more_than(0);
    CHECK_ERR(evio_again(&c.p.source, EVIO_READABLE), EIO);
    CHECK(fault_fired());
    CHECK_OK(evio_again(&c.p.source, EVIO_READABLE));
    CHECK_EQ_UINT(fault_calls_of("write"), 2);
    thread_join(waiter);
    fault_reset();
    calls_close(&c);
}
