/* SPDX-License-Identifier: MIT */
/*
 * Promise: evio_poll_after_fork() gives the child a selector of its own with
 * the same registrations, wakers and triggers, and the parent's are not
 * touched. Without the call the first wait does the same. Failures inside of it
 * are in unit/libevio/faults_fork.c.
 */
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/taken.h"
#include "support/thread.h"

enum {
    FORK_EDGE,
    FORK_LEVEL,
    FORK_ONESHOT,
    FORK_SPENT, /* a oneshot that was reported */
    FORK_PEERS,
    FORK_WAKER = 10,
    FORK_TRIGGER = 11
};

struct fixture {
    struct loop l;
    struct peer peers[FORK_PEERS];
    evio_waker *waker;
    evio_trigger *trigger;
    bool explicit; /* the child calls evio_poll_after_fork() */
    int ready[2];  /* the parent writes when the child may go on */
    int done[2];   /* and the other way round */
};

static const uint32_t fork_modes[FORK_PEERS] = {EVIO_EDGE, EVIO_LEVEL,
                                                EVIO_ONESHOT, EVIO_ONESHOT};

static void fork_open(struct fixture *t, bool explicit)
{
    memset(t, 0, sizeof(*t));
    t->explicit = explicit;
    loop_open(&t->l, 16);
    for (unsigned i = 0; i < FORK_PEERS; i++)
        peer_open(&t->l, &t->peers[i], i, EVIO_READABLE | fork_modes[i]);
    CHECK_OK(evio_waker_new(t->l.registry, FORK_WAKER, &t->waker));
    CHECK_OK(evio_trigger_new(t->l.registry, &t->trigger));
    CHECK_OK(evio_register(t->l.registry, evio_trigger_source(t->trigger),
                           FORK_TRIGGER, LOOP_RW));
    peer_send(&t->peers[FORK_SPENT], 1);
    CHECK_EQ_UINT(taken_one(&t->l, FORK_SPENT).readiness, EVIO_READABLE);
    net_drain(t->peers[FORK_SPENT].fd[0]);
    loop_lasts(&t->l);
    net_pipe(t->ready);
    net_pipe(t->done);
}

static void fork_close(struct fixture *t)
{
    for (unsigned i = 0; i < FORK_PEERS; i++)
        peer_close(&t->l, &t->peers[i]);
    evio_waker_free(t->waker);
    evio_trigger_free(t->trigger);
    loop_close(&t->l);
    for (int i = 0; i < 2; i++) {
        net_close(t->ready[i]);
        net_close(t->done[i]);
    }
}

static void fork_signal(const int pipe[2])
{
    net_send_all(pipe[1], "x", 1);
}

static void fork_await(const int pipe[2])
{
    char byte;

    net_recv_all(pipe[0], &byte, 1);
}

static void fork_begin(struct fixture *t)
{
    if (t->explicit)
        CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
}

/* Each registration reports what it did before, in its mode. */
static void fork_works(struct fixture *t)
{
    struct loop *l = &t->l;
    char byte;

    CHECK_EQ_UINT(loop_wait(l, UINT64_MAX, 0), 0);
    peer_send(&t->peers[FORK_EDGE], 1);
    CHECK_EQ_UINT(taken_one(l, FORK_EDGE).readiness, EVIO_READABLE);
    net_drain(t->peers[FORK_EDGE].fd[0]);
    CHECK_OK(evio_rearm(&t->peers[FORK_EDGE].source, EVIO_READABLE));
    peer_send(&t->peers[FORK_LEVEL], 1);
    CHECK_EQ_UINT(taken_one(l, FORK_LEVEL).readiness, EVIO_READABLE);
    CHECK_EQ_UINT(taken_one(l, FORK_LEVEL).readiness, EVIO_READABLE);
    net_recv_all(t->peers[FORK_LEVEL].fd[0], &byte, 1);
    peer_send(&t->peers[FORK_ONESHOT], 1);
    CHECK_EQ_UINT(taken_one(l, FORK_ONESHOT).readiness, EVIO_READABLE);
    net_drain(t->peers[FORK_ONESHOT].fd[0]);
    peer_send(&t->peers[FORK_ONESHOT], 1);
    peer_send(&t->peers[FORK_SPENT], 1);
    loop_lasts(l);
    net_drain(t->peers[FORK_ONESHOT].fd[0]);
    net_drain(t->peers[FORK_SPENT].fd[0]);
    CHECK_OK(evio_wake(t->waker));
    CHECK_EQ_UINT(taken_one(l, FORK_WAKER).readiness, EVIO_READABLE);
    CHECK_OK(evio_trigger_fire(t->trigger, EVIO_WRITABLE));
    CHECK_EQ_UINT(taken_one(l, FORK_TRIGGER).readiness, EVIO_WRITABLE);
    loop_lasts(l);
}

/* The spent ones come back by reregister, as ever. */
static void fork_changes(struct fixture *t)
{
    for (unsigned i = FORK_ONESHOT; i <= FORK_SPENT; i++) {
        struct peer *p = &t->peers[i];

        CHECK_OK(evio_reregister(t->l.registry, &p->source, i,
                                 EVIO_READABLE | EVIO_ONESHOT));
        loop_lasts(&t->l);
        peer_send(p, 1);
        CHECK_EQ_UINT(taken_one(&t->l, i).readiness, EVIO_READABLE);
        net_drain(p->fd[0]);
        loop_remove(&t->l, &p->source);
        CHECK_OK(evio_register(t->l.registry, &p->source, i,
                               EVIO_READABLE | EVIO_ONESHOT));
    }
    loop_lasts(&t->l);
}

static void fork_threads_wake(void *arg)
{
    struct fixture *t = arg;

    CHECK_OK(evio_wake(t->waker));
}

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
