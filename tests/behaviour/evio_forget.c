/* SPDX-License-Identifier: MIT */
/*
 * Promise: evio_source_forget() ends a registration and touches nothing but it:
 * not the number, which may be another file's, and not the file, which may be
 * open under another. That it makes no system call is counted in
 * unit/libevio/calls_posted.c.
 */
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"
#include "support/thread.h"

static const uint32_t forget_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

/* The way it is meant to be used: closed elsewhere, then forgotten. */
TEST(a_descriptor_that_was_closed_elsewhere)
{
    for (int m = 0; m < 3; m++) {
        struct loop l;
        struct peer p;

        loop_open(&l, 4);
        peer_open(&l, &p, 1, EVIO_READABLE | forget_modes[m]);
        net_close(p.fd[0]);
        CHECK(evio_source_is_registered(&p.source));
        CHECK_EQ_INT(evio_source_forget(&p.source), 0);
        CHECK(!evio_source_is_registered(&p.source));
        loop_lasts(&l);
        CHECK_EQ_UINT(loop_stats(&l).events, 0);
        net_close(p.fd[1]);
        loop_close(&l);
    }
}

TEST(what_is_refused)
{
    struct loop l;
    struct peer p;
    evio_source nothing;

    memset(&nothing, 0, sizeof(nothing));
    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    CHECK_KIND(evio_source_forget(NULL), INVALID_INPUT);
    CHECK_KIND(evio_source_forget(&nothing), NOT_FOUND);
    CHECK_EQ_INT(evio_source_forget(&p.source), 0);
    CHECK_KIND(evio_source_forget(&p.source), NOT_FOUND);
    CHECK_KIND(evio_deregister(l.registry, &p.source), NOT_FOUND);
    CHECK_KIND(evio_reregister(l.registry, &p.source, 1, EVIO_READABLE),
               NOT_FOUND);
    CHECK_KIND(evio_again(&p.source, EVIO_READABLE), NOT_FOUND);
    CHECK_KIND(evio_rearm(&p.source, EVIO_READABLE), NOT_FOUND);
    peer_close_fds(&p);
    loop_close(&l);
}

static int forget_ops_add(evio_source *source, evio_registry *registry,
                          uint64_t token, uint32_t interest)
{
    (void)source, (void)registry, (void)token, (void)interest;
    return 0;
}

static int forget_ops_remove(evio_source *source, evio_registry *registry)
{
    (void)source, (void)registry;
    return 0;
}

TEST(a_composite_is_refused)
{
    static const evio_source_ops ops = {sizeof(ops), forget_ops_add,
                                        forget_ops_add, forget_ops_remove};
    struct loop l;
    evio_source source;

    loop_open(&l, 4);
    CHECK_OK(evio_source_from_ops(&ops, &source));
    CHECK_OK(evio_register(l.registry, &source, 1, EVIO_READABLE));
    CHECK_KIND(evio_source_forget(&source), UNSUPPORTED);
    loop_close(&l);
}

/* The number is another file's when it is forgotten. */
TEST(the_next_owner_of_the_number_is_left_alone)
{
    for (int m = 0; m < 3; m++) {
        struct loop l;
        struct peer p;
        struct peer next;

        loop_open(&l, 4);
        peer_open(&l, &p, 1, EVIO_READABLE | forget_modes[m]);
        net_unix_pair(NET_STREAM, next.fd);
        fd_dup_onto(next.fd[0], p.fd[0]);
        net_close(next.fd[0]);
        next.fd[0] = p.fd[0];
        CHECK_EQ_INT(evio_source_forget(&p.source), 0);
        peer_register(&l, &next, 2, EVIO_READABLE | forget_modes[m]);
        peer_send(&next, 1);
        CHECK_EQ_UINT(taken_one(&l, 2).readiness, EVIO_READABLE);
        CHECK_KIND(evio_source_forget(&p.source), NOT_FOUND);
        net_drain(next.fd[0]);
        CHECK_OK(evio_reregister(l.registry, &next.source, 2,
                                 EVIO_READABLE | forget_modes[m]));
        loop_lasts(&l);
        peer_send(&next, 1);
        CHECK_EQ_UINT(taken_one(&l, 2).readiness, EVIO_READABLE);
        peer_close(&l, &next);
        net_close(p.fd[1]);
        loop_close(&l);
    }
}

/* Registered by its next owner before the old registration is forgotten. */
TEST(the_next_owner_may_be_registered_first)
{
    struct loop l;
    struct peer p;
    struct peer next;
    int r;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    net_unix_pair(NET_STREAM, next.fd);
    net_set_nonblocking(next.fd[0], true);
    fd_dup_onto(next.fd[0], p.fd[0]);
    net_close(next.fd[0]);
    next.fd[0] = p.fd[0];
    CHECK_OK(evio_source_from_fd(next.fd[0], &next.source));
    r = evio_register(l.registry, &next.source, 2, EVIO_READABLE);
    CHECK_OK(r);
    /* Its registration ended with the other's beginning; it knows by now. */
    CHECK_KIND(evio_source_forget(&p.source), NOT_FOUND);
    CHECK(!evio_source_is_registered(&p.source));
    for (int i = 0; i < 3; i++) {
        peer_send(&next, 1);
        CHECK_EQ_UINT(taken_one(&l, 2).readiness, EVIO_READABLE);
        net_drain(next.fd[0]);
        CHECK_OK(evio_rearm(&next.source, EVIO_READABLE));
    }
    loop_lasts(&l);
    peer_close(&l, &next);
    net_close(p.fd[1]);
    loop_close(&l);
}

/* A duplicate keeps the kernel's entry: its events are dropped. */
TEST(a_duplicate_that_is_still_open)
{
    for (int m = 0; m < 3; m++) {
        struct loop l;
        struct peer p;
        int copy;

        loop_open(&l, 4);
        peer_open(&l, &p, 1, EVIO_READABLE | forget_modes[m]);
        copy = fd_dup(p.fd[0]);
        net_close(p.fd[0]);
        CHECK_EQ_INT(evio_source_forget(&p.source), 0);
        for (int i = 0; i < 3; i++) {
            peer_send(&p, 1);
            loop_lasts(&l);
        }
        CHECK_EQ_UINT(loop_stats(&l).events, 0);
        net_close(copy);
        loop_lasts(&l);
        net_close(p.fd[1]);
        loop_close(&l);
    }
}

/* The duplicate can be registered, and is reported as itself. */
TEST(the_duplicate_is_registered)
{
    struct loop l;
    struct peer p;
    evio_source other;
    int copy;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    copy = fd_dup(p.fd[0]);
    net_close(p.fd[0]);
    CHECK_EQ_INT(evio_source_forget(&p.source), 0);
    loop_add(&l, &other, copy, 2, EVIO_READABLE);
    for (int i = 0; i < 5; i++) {
        peer_send(&p, 1);
        CHECK_EQ_UINT(loop_wait(&l, 2, LOOP_PATIENCE), EVIO_READABLE);
        net_drain(copy);
        CHECK_OK(evio_rearm(&other, EVIO_READABLE));
    }
    loop_lasts(&l);
    loop_remove(&l, &other);
    net_close(copy);
    net_close(p.fd[1]);
    loop_close(&l);
}

/* Forgotten by mistake, while the descriptor is open: it can be registered
 * again, by the same source or another. */
TEST(a_descriptor_that_is_open_after_all)
{
    for (int m = 0; m < 3; m++) {
        struct loop l;
        struct peer p;
        evio_source other;

        loop_open(&l, 4);
        peer_open(&l, &p, 1, EVIO_READABLE | forget_modes[m]);
        CHECK_EQ_INT(evio_source_forget(&p.source), 0);
        CHECK_OK(evio_register(l.registry, &p.source, 2,
                               EVIO_READABLE | forget_modes[m]));
        peer_send(&p, 1);
        CHECK_EQ_UINT(taken_one(&l, 2).readiness, EVIO_READABLE);
        CHECK_EQ_INT(evio_source_forget(&p.source), 0);
        loop_add(&l, &other, p.fd[0], 3, EVIO_READABLE | forget_modes[m]);
        CHECK_EQ_UINT(taken_one(&l, 3).readiness, EVIO_READABLE);
        loop_remove(&l, &other);
        loop_lasts(&l);
        peer_close_fds(&p);
        loop_close(&l);
    }
}

TEST(an_event_in_the_buffer)
{
    struct loop l;
    struct peer p;
    evio_event event;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    peer_send(&p, 1);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    CHECK_EQ_INT(evio_source_forget(&p.source), 0);
    CHECK(!evio_events_next(l.events, &event));
    CHECK_EQ_UINT(loop_stats(&l).stale, 1);
    net_close(p.fd[0]);
    net_close(p.fd[1]);
    loop_lasts(&l);
    loop_close(&l);
}

TEST(a_posted_event)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    CHECK_OK(evio_again(&p.source, EVIO_READABLE));
    CHECK_EQ_INT(evio_source_forget(&p.source), 0);
    loop_lasts(&l);
    peer_close_fds(&p);
    loop_close(&l);
}

/* Its slot is free for others, and theirs alone. */
TEST(slots_are_given_back)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 4);
    for (unsigned i = 0; i < 1000; i++) {
        peer_open(&l, &p, i, EVIO_READABLE);
        peer_send(&p, 1);
        if (i % 3 == 0)
            CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 1);
        peer_close_fds(&p);
        CHECK_EQ_INT(evio_source_forget(&p.source), 0);
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 0);
    }
    loop_close(&l);
}

TEST(after_the_poll_was_freed)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    loop_close(&l);
    CHECK(evio_source_is_registered(&p.source));
    CHECK_EQ_INT(evio_source_forget(&p.source), 0);
    CHECK(!evio_source_is_registered(&p.source));
    peer_close_fds(&p);
}

TEST(a_copy_of_an_ended_registration)
{
    struct loop l;
    struct peer p;
    struct peer next;
    evio_source copy;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    copy = p.source;
    CHECK_EQ_INT(evio_source_forget(&p.source), 0);
    peer_open(&l, &next, 2, EVIO_READABLE);
    CHECK_KIND(evio_source_forget(&copy), NOT_FOUND);
    peer_send(&next, 1);
    CHECK_EQ_UINT(taken_one(&l, 2).readiness, EVIO_READABLE);
    peer_close(&l, &next);
    peer_close_fds(&p);
    loop_close(&l);
}

/* While another thread waits: the wait goes on, and sees nothing of it. */
struct forget_other {
    struct loop l;
    struct peer p;
    evio_waker *waker;
    gate *waiting;
};

static void forget_from_elsewhere(void *arg)
{
    struct forget_other *o = arg;

    gate_wait(o->waiting);
    for (int i = 0; i < 100; i++)
        thread_yield();
    net_close(o->p.fd[0]);
    CHECK_EQ_INT(evio_source_forget(&o->p.source), 0);
    CHECK_OK(evio_wake(o->waker));
}

TEST(while_another_thread_waits)
{
    for (int i = 0; i < 20; i++) {
        struct forget_other o;
        thread *other;

        loop_open(&o.l, 4);
        o.waiting = gate_new();
        CHECK_OK(evio_waker_new(o.l.registry, 9, &o.waker));
        peer_open(&o.l, &o.p, 1, EVIO_READABLE);
        other = thread_start(forget_from_elsewhere, &o);
        gate_open(o.waiting);
        CHECK_EQ_UINT(loop_wait(&o.l, 9, EVIO_FOREVER), EVIO_READABLE);
        thread_join(other);
        loop_lasts(&o.l);
        net_close(o.p.fd[1]);
        gate_free(o.waiting);
        evio_waker_free(o.waker);
        loop_close(&o.l);
    }
}
