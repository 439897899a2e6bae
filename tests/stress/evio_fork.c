/* SPDX-License-Identifier: MIT */
/*
 * fork() while other threads of the parent wait, register and wake: the child
 * can call everything, and the parent's wait neither spins nor gets anything of
 * the child's. A child has one thread, an alarm, and a result that is checked.
 * What one thread alone can show is in regress/evio_fork_*.c.
 */
#include <stdatomic.h>
#include <stdio.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/evio_net.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/spin.h"
#include "support/thread.h"

enum {
    FORKS = 150,
    SOURCES = 4,
    WAKE_TOKEN = 99,
    FOREIGN = 500 /* the first token of a child's */
};

/* A thread that waits, while the main thread forks. */
struct waiter {
    struct loop l;
    evio_waker *waker;
    evio_unix_stream streams[SOURCES]; /* tokens 0 to 3 */
    evio_unix_stream peers[SOURCES];
    thread *thread;
    gate *begins;
    int word[2];
    void (*act)(struct waiter *w);
};

static void waiter_open(struct waiter *w)
{
    loop_open(&w->l, 8);
    CHECK_OK(evio_waker_new(w->l.registry, WAKE_TOKEN, &w->waker));
    for (unsigned i = 0; i < SOURCES; i++) {
        evio_unix_stream pair[2];

        CHECK_OK(evio_unix_pair(pair));
        w->streams[i] = pair[0];
        w->peers[i] = pair[1];
        net_watch(&w->l, &w->streams[i].source, i,
                  (uint32_t)EVIO_READABLE |
                      (i % 2 == 0 ? EVIO_EDGE : EVIO_LEVEL));
    }
    w->begins = gate_new();
}

static void waiter_free_objects(struct waiter *w)
{
    for (unsigned i = 0; i < SOURCES; i++)
        CHECK_OK(evio_unix_close(&w->streams[i]));
    evio_waker_free(w->waker);
    loop_close(&w->l);
}

static void waiter_close(struct waiter *w)
{
    waiter_free_objects(w);
    for (unsigned i = 0; i < SOURCES; i++)
        CHECK_OK(evio_unix_close(&w->peers[i]));
    gate_free(w->begins);
}

/* Nothing for a while, although children come and go; then each source. */
static void waiter_run(void *arg)
{
    struct waiter *w = arg;

    gate_open(w->begins);
    spin_quiet(&w->l, 200 * CLOCK_MS);
    for (unsigned i = 0; i < SOURCES; i++) {
        char buf[8];

        CHECK_EQ_INT(evio_unix_write(&w->peers[i], "x", 1), 1);
        CHECK_EQ_UINT(loop_await(&w->l, i), EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_read(&w->streams[i], buf, sizeof(buf)), 1);
    }
    spin_quiet(&w->l, 50 * CLOCK_MS);
    CHECK_OK(evio_wake(w->waker));
    CHECK_EQ_UINT(loop_wait(&w->l, WAKE_TOKEN, EVIO_FOREVER), EVIO_READABLE);
}

static void waiter_child(void *arg)
{
    struct waiter *w = arg;
    char byte;

    net_close(w->word[0]);
    w->act(w);
    CHECK_EQ_INT(net_recv(w->word[1], &byte, 1), 0);
}

/* Two children, which live on to the end of the parent's waits. */
static void waiter_test(void (*act)(struct waiter *w))
{
    struct waiter w = {.act = act};
    int children[2];

    waiter_open(&w);
    net_unix_pair(NET_STREAM, w.word);
    w.thread = thread_start(waiter_run, &w);
    gate_wait(w.begins);
    /* Most likely it waits by then. */
    for (int i = 0; i < 200; i++)
        thread_yield();
    for (int i = 0; i < 2; i++)
        children[i] = process_fork(waiter_child, &w);
    net_close(w.word[1]);
    thread_join(w.thread);
    net_close(w.word[0]);
    for (int i = 0; i < 2; i++)
        process_join(children[i]);
    waiter_close(&w);
}

static void act_deregister(struct waiter *w)
{
    for (unsigned i = 0; i < SOURCES; i++)
        loop_remove(&w->l, &w->streams[i].source);
}

/* The child's first wait, while in its copy of the poll a thread waits that it
 * does not have. */
static void act_wait(struct waiter *w)
{
    evio_source source;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    loop_add(&w->l, &source, pair[0], FOREIGN, EVIO_WRITABLE);
    CHECK_EQ_UINT(loop_await(&w->l, FOREIGN), EVIO_WRITABLE);
    CHECK_OK(evio_wake(w->waker));
    CHECK_EQ_UINT(loop_await(&w->l, WAKE_TOKEN), EVIO_READABLE);
    loop_remove(&w->l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
}

static void act_close(struct waiter *w)
{
    for (unsigned i = 0; i < SOURCES; i++)
        CHECK_OK(evio_unix_close(&w->streams[i]));
}

static void act_free_poll_first(struct waiter *w)
{
    evio_poll_free(w->l.poll);
    evio_waker_free(w->waker);
    act_close(w);
    evio_events_free(w->l.events);
}

static void act_after_fork(struct waiter *w)
{
    CHECK_OK(evio_poll_after_fork(w->l.poll));
    act_wait(w);
    act_deregister(w);
}

static void act_register_and_leave(struct waiter *w)
{
    static evio_unix_stream own[SOURCES][2];

    for (unsigned i = 0; i < SOURCES; i++) {
        CHECK_OK(evio_unix_pair(own[i]));
        net_watch(&w->l, &own[i][0].source, FOREIGN + i, LOOP_RW);
    }
}

TEST(a_child_that_deregisters_during_a_wait)
{
    waiter_test(act_deregister);
}

TEST(a_child_that_closes_during_a_wait)
{
    waiter_test(act_close);
}

TEST(a_child_that_waits_during_a_wait)
{
    waiter_test(act_wait);
}

TEST(a_child_that_calls_after_fork_during_a_wait)
{
    waiter_test(act_after_fork);
}

TEST(a_child_that_registers_during_a_wait)
{
    waiter_test(act_register_and_leave);
}

TEST(a_child_that_frees_everything_during_a_wait)
{
    waiter_test(waiter_free_objects);
}

TEST(a_child_that_frees_the_poll_first_during_a_wait)
{
    waiter_test(act_free_poll_first);
}

/* Threads that use the registry, while the main thread forks again and again:
 * whichever lock one of them holds, the child can go on. */
struct churn {
    struct loop l;
    evio_waker *waker;
    evio_source mine; /* the main thread's: token 0 */
    int pair[2];
    atomic_bool stop;
    atomic_uint rounds;
    bool explicitly;
};

static void churn_register(void *arg)
{
    struct churn *c = arg;
    evio_source source;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    while (!atomic_load(&c->stop)) {
        CHECK_OK(evio_register(c->l.registry, &source, 1, LOOP_RW));
        CHECK_OK(
            evio_reregister(c->l.registry, &source, 2, LOOP_RW | EVIO_LEVEL));
        CHECK_OK(evio_rearm(&source, LOOP_RW));
        CHECK_OK(evio_deregister(c->l.registry, &source));
        atomic_fetch_add(&c->rounds, 1);
    }
    net_close(pair[0]);
    net_close(pair[1]);
}

/* Wakers come and go, and memory of the slab with them. */
static void churn_wake(void *arg)
{
    struct churn *c = arg;

    while (!atomic_load(&c->stop)) {
        evio_waker *own;

        CHECK_OK(evio_waker_new(c->l.registry, WAKE_TOKEN, &own));
        CHECK_OK(evio_wake(own));
        CHECK_OK(evio_wake(c->waker));
        evio_waker_free(own);
    }
}

static void churn_wait(void *arg)
{
    struct churn *c = arg;
    evio_event event;

    while (!atomic_load(&c->stop)) {
        CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, 2 * CLOCK_MS));
        while (evio_events_next(c->l.events, &event))
            CHECK(event.token == 1 || event.token == 2 ||
                  event.token == WAKE_TOKEN);
    }
}

/* The events of the parent's buffer are the waiting thread's: a child of
 * another thread makes its own. */
static void churn_child(void *arg)
{
    struct churn *c = arg;
    evio_events *events;
    evio_event event;
    evio_source own;
    int pair[2];
    bool seen = false;

    if (c->explicitly)
        CHECK_OK(evio_poll_after_fork(c->l.poll));
    CHECK_OK(evio_events_new(16, &events));
    net_unix_pair(NET_STREAM, pair);
    loop_add(&c->l, &own, pair[0], FOREIGN, EVIO_WRITABLE);
    while (!seen) {
        CHECK_INT(evio_poll_wait(c->l.poll, events, LOOP_PATIENCE), >, 0);
        while (evio_events_next(events, &event))
            seen = seen || event.token == FOREIGN;
    }
    CHECK_OK(evio_wake(c->waker));
    loop_remove(&c->l, &own);
    loop_remove(&c->l, &c->mine);
    evio_waker_free(c->waker);
    evio_poll_free(c->l.poll);
    evio_events_free(events);
}

/* Deregisters and frees at once, with no selector of its own. */
static void churn_child_leaves(void *arg)
{
    struct churn *c = arg;

    loop_remove(&c->l, &c->mine);
    CHECK_OK(evio_wake(c->waker));
    evio_poll_free(c->l.poll);
    evio_waker_free(c->waker);
}

static void churn_fork(struct churn *c)
{
    uint64_t end = clock_ns() + 2 * CLOCK_S;
    unsigned forks = 0;

    while (forks < FORKS && clock_ns() < end) {
        c->explicitly = forks % 3 == 0;
        process_run(forks % 3 == 1 ? churn_child_leaves : churn_child, c);
        forks++;
    }
    printf("# %u forks, %u rounds\n", forks, atomic_load(&c->rounds));
    CHECK_UINT(forks, >, 2);
}

TEST(forks_while_threads_wait_register_and_wake)
{
    static void (*const bodies[])(void *arg) = {churn_register, churn_wake,
                                                churn_wait};
    struct churn c = {.waker = NULL};
    thread *threads[3];

    loop_open(&c.l, 4);
    CHECK_OK(evio_waker_new(c.l.registry, WAKE_TOKEN, &c.waker));
    net_unix_pair(NET_STREAM, c.pair);
    loop_add(&c.l, &c.mine, c.pair[0], 0, EVIO_READABLE);
    for (int i = 0; i < 3; i++)
        threads[i] = thread_start(bodies[i], &c);
    churn_fork(&c);
    atomic_store(&c.stop, true);
    for (int i = 0; i < 3; i++)
        thread_join(threads[i]);
    loop_wait(&c.l, WAKE_TOKEN, 0);
    spin_quiet(&c.l, LOOP_QUIET);
    net_send_all(c.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&c.l, 0), EVIO_READABLE);
    loop_remove(&c.l, &c.mine);
    evio_waker_free(c.waker);
    net_close(c.pair[0]);
    net_close(c.pair[1]);
    loop_close(&c.l);
}
