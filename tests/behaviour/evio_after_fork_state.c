/* SPDX-License-Identifier: MIT */
/*
 * Promise: what is ready, left in a buffer or posted when a process forks is
 * reported in the child as it is in the parent, a oneshot that was reported
 * stays disarmed, and what the child closed reports nothing. The call itself is
 * tested in evio_after_fork.c.
 */
#include "evio_after_fork.h"

/* What is ready at the fork is reported in both; data are shared, so the
 * parent reads only when the child has seen them. */
static void fork_child_ready(void *arg)
{
    struct fixture *t = arg;
    struct taken taken;
    uint32_t bits;

    fork_begin(t);
    CHECK_UINT(taken_wait(&t->l, LOOP_PATIENCE, &taken), >=, 3);
    for (unsigned i = FORK_EDGE; i <= FORK_ONESHOT; i++)
        CHECK_EQ_UINT(taken_of(&taken, i, &bits), 1);
    CHECK_EQ_UINT(taken_of(&taken, FORK_SPENT, &bits), 0);
    fork_signal(t->done);
}

static void fork_ready_before(bool explicit)
{
    struct fixture t;
    struct taken taken;
    uint32_t bits;
    int child;

    fork_open(&t, explicit);
    for (unsigned i = 0; i < FORK_PEERS; i++)
        peer_send(&t.peers[i], 1);
    child = process_fork(fork_child_ready, &t);
    fork_await(t.done);
    CHECK_EQ_UINT(taken_wait(&t.l, LOOP_PATIENCE, &taken), 3);
    CHECK_EQ_UINT(taken_of(&taken, FORK_SPENT, &bits), 0);
    process_join(child);
    fork_close(&t);
}

TEST(what_is_ready_is_reported_in_both)
{
    fork_ready_before(true);
    fork_ready_before(false);
}

/* An edge that was reported and not drained is ready now, in the child. */
static void fork_child_undrained(void *arg)
{
    struct fixture *t = arg;

    fork_begin(t);
    CHECK_EQ_UINT(taken_one(&t->l, FORK_EDGE).readiness, EVIO_READABLE);
    loop_lasts(&t->l);
}

TEST(what_was_not_drained_is_reported_in_the_child)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        peer_send(&t.peers[FORK_EDGE], 1);
        CHECK_EQ_UINT(taken_one(&t.l, FORK_EDGE).readiness, EVIO_READABLE);
        process_run(fork_child_undrained, &t);
        loop_lasts(&t.l);
        fork_close(&t);
    }
}

/* A oneshot stays disarmed, also one whose event was left in the buffer once,
 * and came with the wait after that. */
static void fork_child_quiet(void *arg)
{
    struct fixture *t = arg;

    fork_begin(t);
    loop_lasts(&t->l);
}

TEST(a_oneshot_that_was_left_once_stays_disarmed)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        peer_send(&t.peers[FORK_ONESHOT], 1);
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
        CHECK_EQ_UINT(taken_one(&t.l, FORK_ONESHOT).readiness, EVIO_READABLE);
        process_run(fork_child_quiet, &t);
        loop_lasts(&t.l);
        fork_close(&t);
    }
}

/* One that is in the buffer at the fork is reported once by each. */
static void fork_child_once(void *arg)
{
    struct fixture *t = arg;

    fork_begin(t);
    CHECK_EQ_UINT(taken_one(&t->l, FORK_ONESHOT).readiness, EVIO_READABLE);
    loop_lasts(&t->l);
}

TEST(a_oneshot_in_the_buffer_is_reported_once)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        peer_send(&t.peers[FORK_ONESHOT], 1);
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
        process_run(fork_child_once, &t);
        t.explicit = false;
        fork_child_once(&t);
        fork_close(&t);
    }
}

/* Wakes and fires of before the fork are pending in both. */
static void fork_child_posted(void *arg)
{
    struct fixture *t = arg;
    struct taken taken;
    uint32_t bits;

    fork_begin(t);
    CHECK_EQ_UINT(taken_wait(&t->l, LOOP_PATIENCE, &taken), 2);
    CHECK_EQ_UINT(taken_of(&taken, FORK_WAKER, &bits), 1);
    CHECK_EQ_UINT(taken_of(&taken, FORK_TRIGGER, &bits), 1);
    loop_lasts(&t->l);
}

TEST(what_is_posted_is_reported_in_both)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        CHECK_OK(evio_wake(t.waker));
        CHECK_OK(evio_trigger_fire(t.trigger, EVIO_READABLE));
        process_run(fork_child_posted, &t);
        t.explicit = false;
        fork_child_posted(&t);
        fork_close(&t);
    }
}

/* A wait that sleeps, and is woken. */
static void fork_sleeps(struct fixture *t)
{
    for (int i = 0; i < 3; i++) {
        thread *other = thread_start(fork_threads_wake, t);

        CHECK_EQ_UINT(loop_wait(&t->l, FORK_WAKER, LOOP_PATIENCE),
                      EVIO_READABLE);
        thread_join(other);
        loop_lasts(&t->l);
    }
}

/* Their numbers may be those of the child's selector and wakeup. */
static void fork_child_wakes_after_closes(void *arg)
{
    struct fixture *t = arg;

    net_close(t->peers[FORK_EDGE].fd[0]);
    net_close(t->peers[FORK_LEVEL].fd[0]);
    fork_begin(t);
    fork_sleeps(t);
    (void)evio_deregister(t->l.registry, &t->peers[FORK_LEVEL].source);
    (void)evio_deregister(t->l.registry, &t->peers[FORK_EDGE].source);
    fork_sleeps(t);
}

TEST(what_the_child_closed_does_not_take_its_wakeup)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        process_run(fork_child_wakes_after_closes, &t);
        fork_works(&t);
        fork_close(&t);
    }
}

/* The child closes some before it has a selector: they report nothing, and
 * the numbers may be other files by then. */
static void fork_child_closes(void *arg)
{
    struct fixture *t = arg;
    int pair[2];

    net_close(t->peers[FORK_EDGE].fd[0]);
    net_close(t->peers[FORK_LEVEL].fd[0]);
    fork_begin(t);
    loop_lasts(&t->l);
    peer_send(&t->peers[FORK_ONESHOT], 1);
    CHECK_EQ_UINT(taken_one(&t->l, FORK_ONESHOT).readiness, EVIO_READABLE);
    net_drain(t->peers[FORK_ONESHOT].fd[0]);
    CHECK_OK(evio_source_forget(&t->peers[FORK_EDGE].source));
    net_unix_pair(NET_STREAM, pair);
    net_send_all(pair[1], "x", 1);
    loop_lasts(&t->l);
    (void)evio_deregister(t->l.registry, &t->peers[FORK_LEVEL].source);
    CHECK(!evio_source_is_registered(&t->peers[FORK_LEVEL].source));
    loop_lasts(&t->l);
    CHECK_UINT(loop_stats(&t->l).empty, <=, 4);
}

TEST(what_the_child_closed_is_silent)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        process_run(fork_child_closes, &t);
        fork_works(&t);
        fork_close(&t);
    }
}
