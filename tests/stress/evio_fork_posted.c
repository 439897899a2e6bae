/* SPDX-License-Identifier: MIT */
/*
 * fork() while one thread waits and takes events and others wake and fire: no
 * waker, trigger or registration of the child is lost, whatever the fork cut
 * short. One thread's forks are in behaviour/evio_after_fork.c.
 * The child touches nothing that another thread of the parent may hold but the
 * library.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/taken.h"
#include "support/thread.h"

enum {
    FORKED_EACH = 32,
    FORKED_ALL = 3 * FORKED_EACH,
    FORKED_FORKS = 1000
};

struct forked {
    struct loop l;
    evio_waker *wakers[FORKED_EACH];
    evio_trigger *triggers[FORKED_EACH];
    struct peer peers[FORKED_EACH];
    evio_events *own; /* for the child: the other is its waiting thread's */
    atomic_bool stop;
    unsigned round;
};

static void forked_open(struct forked *t)
{
    memset(t, 0, sizeof(*t));
    loop_open(&t->l, 16);
    CHECK_OK(evio_events_new(128, &t->own));
    for (unsigned i = 0; i < FORKED_EACH; i++) {
        CHECK_OK(evio_waker_new(t->l.registry, i, &t->wakers[i]));
        CHECK_OK(evio_trigger_new(t->l.registry, &t->triggers[i]));
        CHECK_OK(evio_register(t->l.registry,
                               evio_trigger_source(t->triggers[i]),
                               FORKED_EACH + i, EVIO_READABLE));
        peer_open(&t->l, &t->peers[i], 2 * FORKED_EACH + i, EVIO_READABLE);
    }
}

static void forked_close(struct forked *t)
{
    for (unsigned i = 0; i < FORKED_EACH; i++) {
        evio_waker_free(t->wakers[i]);
        evio_trigger_free(t->triggers[i]);
        peer_close(&t->l, &t->peers[i]);
    }
    evio_events_free(t->own);
    loop_close(&t->l);
}

static void forked_wait(void *arg)
{
    struct forked *t = arg;
    evio_event event;

    while (!atomic_load(&t->stop)) {
        CHECK_OK(evio_poll_wait(t->l.poll, t->l.events, CLOCK_MS));
        while (evio_events_next(t->l.events, &event)) {
            CHECK_UINT(event.token, <, FORKED_ALL);
            if (event.token < 2 * FORKED_EACH)
                continue;
            net_drain(t->peers[event.token - 2 * FORKED_EACH].fd[0]);
            CHECK_OK(evio_rearm(&t->peers[event.token - 2 * FORKED_EACH].source,
                                EVIO_READABLE));
        }
    }
}

static void forked_post(void *arg)
{
    struct forked *t = arg;

    for (unsigned i = 0; !atomic_load(&t->stop); i = (i + 1) % FORKED_EACH) {
        CHECK_OK(evio_wake(t->wakers[i]));
        CHECK_OK(evio_trigger_fire(t->triggers[i], EVIO_READABLE));
    }
}

/* Everything is posted once more, so everything must come. */
static void forked_child(void *arg)
{
    struct forked *t = arg;
    bool seen[2 * FORKED_EACH] = {false};
    unsigned missing = 2 * FORKED_EACH;
    evio_event event;

    if (t->round % 2 == 0)
        CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
    for (unsigned i = 0; i < FORKED_EACH; i++) {
        CHECK_OK(evio_wake(t->wakers[i]));
        CHECK_OK(evio_trigger_fire(t->triggers[i], EVIO_READABLE));
    }
    for (unsigned waits = 0; missing > 0; waits++) {
        int r = evio_poll_wait(t->l.poll, t->own, 100 * CLOCK_MS);

        CHECK_OK(r);
        if (r == 0)
            check_fail(__FILE__, __LINE__, "fork %u: %u are lost", t->round,
                       missing);
        CHECK_UINT(waits, <, 1000);
        while (evio_events_next(t->own, &event)) {
            if (event.token >= 2 * FORKED_EACH || seen[event.token])
                continue;
            seen[event.token] = true;
            missing--;
        }
    }
}

TEST(nothing_is_lost_in_the_child)
{
    struct forked t;
    thread *threads[2];

    forked_open(&t);
    threads[0] = thread_start(forked_wait, &t);
    threads[1] = thread_start(forked_post, &t);
    for (t.round = 0; t.round < FORKED_FORKS / clock_slow_factor(); t.round++)
        process_run(forked_child, &t);
    atomic_store(&t.stop, true);
    for (int i = 0; i < 2; i++)
        thread_join(threads[i]);
    forked_close(&t);
}

/* The same for descriptors: new data in the child are reported there, however
 * far the parent's waiting thread had got with the last ones. */
static void forked_send(void *arg)
{
    struct forked *t = arg;

    for (unsigned i = 0; !atomic_load(&t->stop); i = (i + 1) % FORKED_EACH)
        (void)net_fill(t->peers[i].fd[1]);
}

static void forked_child_descriptors(void *arg)
{
    struct forked *t = arg;
    bool seen[FORKED_EACH] = {false};
    unsigned missing = FORKED_EACH;
    evio_event event;

    if (t->round % 2 == 0)
        CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
    for (unsigned waits = 0; missing > 0; waits++) {
        int r = evio_poll_wait(t->l.poll, t->own, LOOP_PATIENCE / 5);

        CHECK_OK(r);
        if (r == 0)
            check_fail(__FILE__, __LINE__, "fork %u: %u are lost", t->round,
                       missing);
        CHECK_UINT(waits, <, 1000);
        while (evio_events_next(t->own, &event)) {
            unsigned i = (unsigned)event.token - 2 * FORKED_EACH;

            CHECK_UINT(i, <, FORKED_EACH);
            missing -= !seen[i];
            seen[i] = true;
        }
    }
}

/* The parent never reads: what is in the buffers of the sockets stays, and is
 * ready in each child. */
static void forked_wait_only(void *arg)
{
    struct forked *t = arg;
    evio_event event;

    while (!atomic_load(&t->stop)) {
        CHECK_OK(evio_poll_wait(t->l.poll, t->l.events, 0));
        while (evio_events_next(t->l.events, &event))
            CHECK_OK(evio_rearm(&t->peers[event.token - 2 * FORKED_EACH].source,
                                EVIO_READABLE));
    }
}

TEST(what_is_ready_is_reported_in_the_child)
{
    struct forked t;
    thread *waiter;
    thread *sender;

    forked_open(&t);
    for (unsigned i = 0; i < FORKED_EACH; i++)
        peer_send(&t.peers[i], 1);
    waiter = thread_start(forked_wait_only, &t);
    sender = thread_start(forked_send, &t);
    for (t.round = 0; t.round < FORKED_FORKS / clock_slow_factor(); t.round++)
        process_run(forked_child_descriptors, &t);
    atomic_store(&t.stop, true);
    thread_join(waiter);
    thread_join(sender);
    forked_close(&t);
}
