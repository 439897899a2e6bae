/* SPDX-License-Identifier: MIT */
/*
 * Promise: evio_poll_after_fork() gives the child a selector of its own with
 * the same registrations, wakers and triggers, and the parent's are not
 * touched. Without the call the first wait does the same. Failures inside of it
 * are in unit/libevio/faults_fork.c.
 */
#include "evio_after_fork.h"
#include "support/fd.h"

static void fork_child_all(void *arg)
{
    struct fixture *t = arg;
    thread *other;

    fork_begin(t);
    fork_works(t);
    fork_changes(t);
    other = thread_start(fork_threads_wake, t);
    CHECK_EQ_UINT(loop_wait(&t->l, FORK_WAKER, EVIO_FOREVER), EVIO_READABLE);
    thread_join(other);
    fork_close(t);
}

/* The child first, then the parent: its registrations are as they were. */
static void fork_everything_works(bool explicit)
{
    struct fixture t;

    fork_open(&t, explicit);
    process_run(fork_child_all, &t);
    fork_works(&t);
    fork_changes(&t);
    fork_close(&t);
}

TEST(everything_works_in_both)
{
    fork_everything_works(true);
}

TEST(everything_works_in_both_without_the_call)
{
    fork_everything_works(false);
}

TEST(in_the_parent_it_is_refused)
{
    struct fixture t;

    fork_open(&t, true);
    CHECK_KIND(evio_poll_after_fork(NULL), INVALID_INPUT);
    CHECK_KIND(evio_poll_after_fork(t.l.poll), INVALID_INPUT);
    CHECK_KIND(evio_poll_after_fork(t.l.poll), INVALID_INPUT);
    fork_works(&t);
    fork_close(&t);
}

static void fork_child_twice(void *arg)
{
    struct fixture *t = arg;

    CHECK_KIND(evio_poll_after_fork(NULL), INVALID_INPUT);
    for (int i = 0; i < 3; i++)
        CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
    fork_works(t);
    CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
    fork_changes(t);
}

TEST(twice_is_as_good_as_once)
{
    struct fixture t;

    fork_open(&t, true);
    process_run(fork_child_twice, &t);
    CHECK_KIND(evio_poll_after_fork(t.l.poll), INVALID_INPUT);
    fork_works(&t);
    fork_close(&t);
}

/* A poll that the child makes is its own. */
static void fork_child_own(void *arg)
{
    struct loop l;
    struct peer p;

    (void)arg;
    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    CHECK_KIND(evio_poll_after_fork(l.poll), INVALID_INPUT);
    peer_send(&p, 1);
    CHECK_EQ_UINT(taken_one(&l, 1).readiness, EVIO_READABLE);
    peer_close(&l, &p);
    loop_close(&l);
}

TEST(a_poll_that_the_child_made)
{
    process_run(fork_child_own, NULL);
}

static void fork_child_grandchild(void *arg)
{
    struct fixture *t = arg;

    fork_begin(t);
    CHECK_EQ_UINT(loop_wait(&t->l, UINT64_MAX, 0), 0);
    process_run(fork_child_all, t);
    fork_works(t);
}

TEST(a_child_of_the_child)
{
    struct fixture t;

    fork_open(&t, true);
    process_run(fork_child_grandchild, &t);
    fork_works(&t);
    fork_close(&t);
    fork_open(&t, false);
    process_run(fork_child_grandchild, &t);
    fork_works(&t);
    fork_close(&t);
}

/* One side's wakes are not the other's. */
static void fork_child_wakes(void *arg)
{
    struct fixture *t = arg;

    fork_begin(t);
    for (int i = 0; i < 100; i++) {
        CHECK_OK(evio_wake(t->waker));
        CHECK_OK(evio_trigger_fire(t->trigger, EVIO_READABLE));
        if (i % 10 == 0)
            CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, 0), 2);
    }
    fork_signal(t->done);
    fork_await(t->ready);
}

static void fork_wakes(bool explicit)
{
    struct fixture t;
    int child;

    fork_open(&t, explicit);
    child = process_fork(fork_child_wakes, &t);
    fork_await(t.done);
    loop_lasts(&t.l);
    loop_lasts(&t.l);
    CHECK_UINT(loop_stats(&t.l).empty, <=, 2);
    fork_signal(t.ready);
    process_join(child);
    fork_works(&t);
    fork_close(&t);
}

TEST(wakes_of_the_child_are_not_the_parents)
{
    fork_wakes(true);
    fork_wakes(false);
}

/* Changes of the child do not reach the parent. */
static void fork_child_removes(void *arg)
{
    struct fixture *t = arg;

    fork_begin(t);
    for (unsigned i = 0; i < FORK_PEERS; i++)
        CHECK_OK(evio_reregister(t->l.registry, &t->peers[i].source, 50 + i,
                                 EVIO_WRITABLE | EVIO_LEVEL));
    for (unsigned i = 0; i < FORK_PEERS; i += 2)
        loop_remove(&t->l, &t->peers[i].source);
    CHECK_OK(evio_poll_wait(t->l.poll, t->l.events, 0));
    loop_remove(&t->l, evio_trigger_source(t->trigger));
}

TEST(changes_of_the_child_are_not_the_parents)
{
    for (int i = 0; i < 2; i++) {
        struct fixture t;

        fork_open(&t, i == 0);
        process_run(fork_child_removes, &t);
        loop_lasts(&t.l);
        fork_works(&t);
        fork_changes(&t);
        fork_close(&t);
    }
}

/* The descriptor of the child's selector is the child's own. */
static void fork_child_raw(void *arg)
{
    struct fixture *t = arg;
    libsock_raw raw;

    CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
    CHECK_OK(evio_poll_raw(t->l.poll, &raw));
    CHECK(!net_wait_readable((int)raw, 0));
    CHECK_OK(evio_wake(t->waker));
    CHECK(net_wait_readable((int)raw, 0));
    peer_send(&t->peers[FORK_EDGE], 1);
    CHECK_UINT(loop_stats(&t->l).waits, >, 0);
}

TEST(the_descriptor_of_the_child)
{
    struct fixture t;
    libsock_raw raw;

    fork_open(&t, true);
    if (!loop_is(&t.l, EVIO_SELECTOR_EPOLL))
        SKIP("this selector has no descriptor");
    CHECK_OK(evio_poll_raw(t.l.poll, &raw));
    process_run(fork_child_raw, &t);
    CHECK(net_wait_readable((int)raw, 0));
    CHECK_EQ_UINT(taken_one(&t.l, FORK_EDGE).readiness, EVIO_READABLE);
    net_drain(t.peers[FORK_EDGE].fd[0]);
    CHECK(!net_wait_readable((int)raw, 0));
    fork_close(&t);
}

/* A daemon: the parent of the poll ends, the child goes on. */
static void fork_daemon(void *arg)
{
    struct fixture *t = arg;

    fork_await(t->ready);
    fork_works(t);
    fork_signal(t->done);
}

static void fork_daemon_parent(void *arg)
{
    struct fixture t;
    struct fixture *pipes = arg;

    fork_open(&t, false);
    for (int i = 0; i < 2; i++) {
        fd_dup_onto(pipes->ready[i], t.ready[i]);
        fd_dup_onto(pipes->done[i], t.done[i]);
    }
    (void)process_fork(fork_daemon, &t);
}

TEST(a_daemon_whose_parent_has_ended)
{
    struct fixture pipes;

    net_pipe(pipes.ready);
    net_pipe(pipes.done);
    process_run(fork_daemon_parent, &pipes);
    fork_signal(pipes.ready);
    CHECK(net_wait_readable(pipes.done[0], 10000));
    fork_await(pipes.done);
    for (int i = 0; i < 2; i++) {
        net_close(pipes.ready[i]);
        net_close(pipes.done[i]);
    }
}
