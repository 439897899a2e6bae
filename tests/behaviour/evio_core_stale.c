/* SPDX-License-Identifier: MIT */
/*
 * Promise: after deregister no event of that registration is delivered, so its
 * token's memory may be freed at once. Wakes have a file of their own.
 * Tokens are pointers into memory that is really freed, for ASan to see.
 */
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

struct stale_peer {
    evio_source source;
    int pair[2];
    int seen;
};

static struct stale_peer *stale_new(struct loop *l, uint32_t mode)
{
    struct stale_peer *p = malloc(sizeof(*p));

    CHECK(p != NULL);
    p->seen = 0;
    net_unix_pair(NET_STREAM, p->pair);
    loop_add(l, &p->source, p->pair[0], (uintptr_t)p, EVIO_READABLE | mode);
    net_send_all(p->pair[1], "x", 1);
    return p;
}

static void stale_close(struct stale_peer *p)
{
    net_close(p->pair[0]);
    net_close(p->pair[1]);
    free(p);
}

/* The handler of whichever comes first ends the other, as servers do. */
static void stale_one_ends_the_other(uint32_t mode)
{
    struct loop l;
    struct stale_peer *p[2];
    struct stale_peer *first;
    struct stale_peer *other;
    evio_event event;

    loop_open(&l, 8);
    p[0] = stale_new(&l, mode);
    p[1] = stale_new(&l, mode);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 2);
    CHECK(evio_events_next(l.events, &event));
    first = (struct stale_peer *)(uintptr_t)event.token;
    first->seen++;
    other = p[first == p[0]];
    loop_remove(&l, &other->source);
    stale_close(other);
    while (evio_events_next(l.events, &event))
        ((struct stale_peer *)(uintptr_t)event.token)->seen++;
    CHECK_EQ_INT(first->seen, 1);
    CHECK_EQ_UINT(loop_stale(&l), 1);
    loop_remove(&l, &first->source);
    stale_close(first);
    loop_close(&l);
}

TEST(deregister_silences_the_rest_of_an_edge_batch)
{
    stale_one_ends_the_other(EVIO_EDGE);
}

TEST(deregister_silences_the_rest_of_a_level_batch)
{
    stale_one_ends_the_other(EVIO_LEVEL);
}

TEST(deregister_silences_the_rest_of_a_oneshot_batch)
{
    stale_one_ends_the_other(EVIO_ONESHOT);
}

/* The slot is taken again at once: same slot, same descriptor, new token. */
TEST(the_slots_next_owner_gets_none_of_the_old_events)
{
    struct loop l;
    evio_source source;
    evio_event event;
    int pair[2];

    loop_open(&l, 8);
    net_unix_pair(NET_STREAM, pair);
    net_send_all(pair[1], "x", 1);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    loop_remove(&l, &source);
    CHECK_OK(evio_register(l.registry, &source, 2, EVIO_READABLE));
    CHECK(!evio_events_next(l.events, &event));
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* A copy outlives its original's registration: giving its descriptor back must
 * not end the registration of the slot's next owner. */
TEST(a_copy_that_is_closed_late_ends_nobody_elses_registration)
{
    struct loop l;
    evio_unix_stream pair[2];
    evio_unix_stream copy;
    evio_source next;
    libsock_socket sock;
    int fds[2];

    loop_open(&l, 8);
    CHECK_OK(evio_unix_pair(pair));
    CHECK_OK(evio_register(l.registry, &pair[0].source, 1, EVIO_READABLE));
    copy = pair[0];
    CHECK_OK(evio_deregister(l.registry, &pair[0].source));
    net_unix_pair(NET_STREAM, fds);
    loop_add(&l, &next, fds[0], 2, EVIO_READABLE);
    CHECK_OK(evio_unix_into_socket(&copy, &sock));
    net_send_all(fds[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_remove(&l, &next);
    CHECK_OK(libsock_close(sock));
    CHECK_OK(evio_unix_close(&pair[1]));
    net_close(fds[0]);
    net_close(fds[1]);
    loop_close(&l);
}

static void stale_round(struct loop *l, uint64_t token, int numbers[2])
{
    evio_source source;
    evio_event event;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    CHECK(token == 1 || (pair[0] == numbers[0] && pair[1] == numbers[1]));
    numbers[0] = pair[0];
    numbers[1] = pair[1];
    loop_add(l, &source, pair[0], token, EVIO_READABLE);
    /* What the round before left in the buffer. */
    while (evio_events_next(l->events, &event))
        check_fail(__FILE__, __LINE__, "stale token in round %u",
                   (unsigned)token);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_INT(evio_poll_wait(l->poll, l->events, LOOP_PATIENCE), 1);
    if (token % 3 != 0)
        CHECK(evio_events_next(l->events, &event) && event.token == token);
    loop_remove(l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(ten_thousand_rounds_of_close_and_reuse)
{
    struct loop l;
    int numbers[2] = {-1, -1};

    loop_open(&l, 4);
    for (uint64_t token = 1; token <= 10000; token++)
        stale_round(&l, token, numbers);
    CHECK_EQ_UINT(loop_stale(&l), 3333);
    loop_close(&l);
}

TEST(a_duplicate_that_lives_on_says_nothing)
{
    struct loop l;
    evio_source source;
    int pair[2];
    int copy;

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    copy = fd_dup(pair[0]);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_send_all(pair[1], "x", 1);
    loop_quiet(&l);
    CHECK_EQ_UINT(loop_stale(&l), 0);
    net_close(copy);
    net_close(pair[1]);
    loop_close(&l);
}

/* Closed before deregistering, against the rules: said, and still silent. */
TEST(closing_too_early_is_reported_and_ends_the_registration)
{
    struct loop l;
    evio_source source;
    int pair[2];
    int copy;
    int r;

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    copy = fd_dup(pair[0]);
    net_close(pair[0]);
    r = evio_deregister(l.registry, &source);
    CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_BAD_DESCRIPTOR);
    CHECK(!evio_source_is_registered(&source));
    CHECK_KIND(evio_deregister(l.registry, &source), NOT_FOUND);
    net_send_all(pair[1], "x", 1);
    loop_quiet(&l);
    net_close(copy);
    net_close(pair[1]);
    loop_close(&l);
}

struct stale_other {
    struct loop l;
    struct stale_peer *peer;
};

static void stale_deregister(void *arg)
{
    struct stale_other *o = arg;

    CHECK_OK(evio_deregister(o->l.registry, &o->peer->source));
}

TEST(another_threads_deregister_silences_the_buffer)
{
    struct stale_other o;
    evio_event event;

    loop_open(&o.l, 4);
    o.peer = stale_new(&o.l, EVIO_EDGE);
    CHECK_EQ_INT(evio_poll_wait(o.l.poll, o.l.events, LOOP_PATIENCE), 1);
    thread_join(thread_start(stale_deregister, &o));
    CHECK(!evio_events_next(o.l.events, &event));
    CHECK_EQ_UINT(loop_stale(&o.l), 1);
    stale_close(o.peer);
    loop_close(&o.l);
}

struct stale_waiter {
    struct loop l;
    atomic_uint seen;
    atomic_bool done;
};

static void stale_wait(void *arg)
{
    struct stale_waiter *w = arg;
    evio_event event;

    while (!atomic_load(&w->done)) {
        CHECK_OK(evio_poll_wait(w->l.poll, w->l.events, EVIO_FOREVER));
        while (evio_events_next(w->l.events, &event))
            atomic_fetch_add(&w->seen, 1);
    }
}

/* poll() holds on to the files that it waits for. */
TEST(a_close_during_a_wait_reaches_the_peer_at_once)
{
    struct stale_waiter w = {.seen = 0};
    evio_waker *waker;
    thread *t;

    loop_open(&w.l, 4);
    CHECK_OK(evio_waker_new(w.l.registry, 2, &waker));
    t = thread_start(stale_wait, &w);
    for (unsigned round = 1; round <= 20; round++) {
        evio_source source;
        int pair[2];

        net_unix_pair(NET_STREAM, pair);
        net_send_all(pair[1], "x", 1);
        loop_add(&w.l, &source, pair[0], 1, EVIO_READABLE);
        while (atomic_load(&w.seen) < round)
            thread_yield();
        /* Most likely it waits again by then. */
        for (int i = 0; i < 200; i++)
            thread_yield();
        loop_remove(&w.l, &source);
        net_close(pair[0]);
        CHECK(net_wait_readable(pair[1], 10000));
        net_close(pair[1]);
    }
    atomic_store(&w.done, true);
    CHECK_OK(evio_wake(waker));
    thread_join(t);
    evio_waker_free(waker);
    loop_close(&w.l);
}

struct stale_race {
    struct loop l;
    int pair[2];
    atomic_ullong ended; /* the last token whose deregister has returned */
    atomic_bool done;
};

static void stale_race_churn(void *arg)
{
    struct stale_race *s = arg;
    evio_source source;

    CHECK_OK(evio_source_from_fd(s->pair[0], &source));
    for (uint64_t token = 1; token <= 3000; token++) {
        CHECK_OK(evio_register(s->l.registry, &source, token, EVIO_READABLE));
        if (token % 4 == 0)
            thread_yield();
        CHECK_OK(evio_deregister(s->l.registry, &source));
        atomic_store(&s->ended, token);
    }
    atomic_store(&s->done, true);
}

/* The descriptor is always readable, so each registration may fire. */
TEST(no_next_after_the_end_delivers_across_threads)
{
    struct stale_race s;
    thread *churn;
    evio_event event;

    loop_open(&s.l, 4);
    net_unix_pair(NET_STREAM, s.pair);
    net_send_all(s.pair[1], "x", 1);
    atomic_init(&s.ended, 0);
    atomic_init(&s.done, false);
    churn = thread_start(stale_race_churn, &s);
    while (!atomic_load(&s.done)) {
        CHECK_OK(evio_poll_wait(s.l.poll, s.l.events, CLOCK_MS));
        for (;;) {
            unsigned long long ended = atomic_load(&s.ended);

            if (!evio_events_next(s.l.events, &event))
                break;
            CHECK_UINT(event.token, >, ended);
        }
    }
    thread_join(churn);
    net_close(s.pair[0]);
    net_close(s.pair[1]);
    loop_close(&s.l);
}
