/* SPDX-License-Identifier: MIT */
/*
 * A poll with a registration of each mode, a waker and a trigger, for the tests
 * of fork(); and that all of it works, in whichever process.
 * Header only; used by one thread of each process.
 */
#ifndef TESTS_BEHAVIOUR_EVIO_AFTER_FORK_H
#define TESTS_BEHAVIOUR_EVIO_AFTER_FORK_H

#include <string.h>

#include "support/check.h"
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

static inline void fork_open(struct fixture *t, bool explicit)
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

static inline void fork_close(struct fixture *t)
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

static inline void fork_signal(const int pipe[2])
{
    net_send_all(pipe[1], "x", 1);
}

static inline void fork_await(const int pipe[2])
{
    char byte;

    net_recv_all(pipe[0], &byte, 1);
}

static inline void fork_begin(struct fixture *t)
{
    if (t->explicit)
        CHECK_EQ_INT(evio_poll_after_fork(t->l.poll), 0);
}

/* Each registration reports what it did before, in its mode. */
static inline void fork_works(struct fixture *t)
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
static inline void fork_changes(struct fixture *t)
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

static inline void fork_threads_wake(void *arg)
{
    struct fixture *t = arg;

    CHECK_OK(evio_wake(t->waker));
}

#endif
