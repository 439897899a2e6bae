/* SPDX-License-Identifier: MIT */
/*
 * Promise: a wait that found only what has ended or changed goes on for the
 * rest of its time, and one that returns a count has something to deliver;
 * `empty` counts the rounds between. The random part prints its seed;
 * EVIO_SEED=n repeats a run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"
#include "support/thread.h"

/* A close by the library, while a duplicate keeps the open file: on epoll the
 * kernel has an entry that nobody owns any more, and reports it. */
static int empty_leave_entry(struct loop *l, uint32_t mode, int out_peer[1])
{
    evio_unix_stream stream;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int fd[2];
    int copy;

    net_unix_pair(NET_STREAM, fd);
    net_set_nonblocking(fd[0], true);
    copy = fd_dup(fd[0]);
    CHECK_OK(libsock_from_raw(fd[0], &sock));
    CHECK_OK(evio_unix_from_socket(sock, &stream));
    CHECK_OK(
        evio_register(l->registry, &stream.source, 1, EVIO_READABLE | mode));
    loop_lasts(l);
    CHECK_OK(evio_unix_close(&stream));
    out_peer[0] = fd[1];
    return copy;
}

TEST(a_left_over_entry_of_a_closed_source)
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

    for (int m = 0; m < 3; m++) {
        struct loop l;
        int peer[1];
        int copy;

        loop_open(&l, 4);
        copy = empty_leave_entry(&l, modes[m], peer);
        for (int i = 0; i < 5; i++) {
            net_send_all(peer[0], "x", 1);
            loop_lasts(&l);
        }
        CHECK_EQ_UINT(loop_stats(&l).events, 0);
        CHECK_UINT(loop_stats(&l).empty, <=, 10);
        net_close(copy);
        net_close(peer[0]);
        loop_close(&l);
    }
}

/* Closed while registered: whatever the selector finds out about it, a wait
 * that returns 0 leaves nothing in the buffer, be it fresh or used. */
static void empty_closed(bool used)
{
    struct loop l;
    struct peer p;
    struct peer closed[3];
    struct taken taken;

    loop_open(&l, 8);
    peer_open(&l, &p, 1, EVIO_READABLE);
    for (unsigned i = 0; i < 3; i++)
        peer_open(&l, &closed[i], 2 + i, EVIO_READABLE);
    if (used) {
        peer_send(&p, 1);
        CHECK_EQ_UINT(taken_one(&l, 1).readiness, EVIO_READABLE);
    }
    for (unsigned i = 0; i < 3; i++)
        net_close(closed[i].fd[0]);
    for (int round = 0; round < 3; round++) {
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 0);
        CHECK_EQ_UINT(taken_all(l.events, &taken), 0);
        loop_lasts(&l);
    }
    CHECK_EQ_UINT(loop_stats(&l).events, used);
    for (unsigned i = 0; i < 3; i++) {
        CHECK_OK(evio_source_forget(&closed[i].source));
        net_close(closed[i].fd[1]);
    }
    peer_close(&l, &p);
    loop_close(&l);
}

TEST(closed_while_registered)
{
    empty_closed(false);
    empty_closed(true);
}

/* Its round is not the end of the wait: what comes later is found by it. */
struct empty_later {
    int peer;
    evio_waker *waker;
};

static void empty_send_then_wake(void *arg)
{
    struct empty_later *e = arg;

    net_send_all(e->peer, "x", 1);
    for (int i = 0; i < 100; i++)
        thread_yield();
    CHECK_OK(evio_wake(e->waker));
}

TEST(the_wait_goes_on_after_a_left_over_entry)
{
    struct loop l;
    struct empty_later e;
    thread *other;
    int peer[1];
    int copy;

    loop_open(&l, 1);
    copy = empty_leave_entry(&l, EVIO_EDGE, peer);
    e.peer = peer[0];
    CHECK_OK(evio_waker_new(l.registry, 2, &e.waker));
    for (int i = 0; i < 50; i++) {
        other = thread_start(empty_send_then_wake, &e);
        CHECK_EQ_UINT(loop_wait(&l, 2, EVIO_FOREVER), EVIO_READABLE);
        thread_join(other);
    }
    evio_waker_free(e.waker);
    net_close(copy);
    net_close(peer[0]);
    loop_close(&l);
}

/* Entries that nobody owns fill the whole buffer; the one that counts is
 * behind them. */
TEST(left_over_entries_do_not_hide_a_source)
{
    enum {
        ENTRIES = 8
    };
    struct loop l;
    struct peer p;
    int peers[ENTRIES][1];
    int copies[ENTRIES];

    loop_open(&l, 2);
    for (int i = 0; i < ENTRIES; i++)
        copies[i] = empty_leave_entry(&l, EVIO_EDGE, peers[i]);
    peer_open(&l, &p, 7, EVIO_READABLE);
    for (int i = 0; i < ENTRIES; i++)
        net_send_all(peers[i][0], "x", 1);
    peer_send(&p, 1);
    CHECK_EQ_UINT(taken_one(&l, 7).readiness, EVIO_READABLE);
    loop_lasts(&l);
    peer_close(&l, &p);
    for (int i = 0; i < ENTRIES; i++) {
        net_close(copies[i]);
        net_close(peers[i][0]);
    }
    loop_close(&l);
}

/* Forgotten in level mode while a duplicate is readable: each round of epoll
 * reports it. The wait lasts, and the counter shows the spin. */
TEST(a_forgotten_level_is_dropped)
{
    struct loop l;
    struct peer p;
    int copy;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE | EVIO_LEVEL);
    copy = fd_dup(p.fd[0]);
    net_close(p.fd[0]);
    CHECK_OK(evio_source_forget(&p.source));
    peer_send(&p, 1);
    loop_lasts(&l);
    CHECK_EQ_UINT(loop_stats(&l).events, 0);
    if (loop_is(&l, EVIO_SELECTOR_EPOLL))
        CHECK_UINT(loop_stats(&l).empty, >, 0);
    else
        CHECK_UINT(loop_stats(&l).empty, <=, 2);
    net_close(copy);
    net_close(p.fd[1]);
    loop_close(&l);
}

/* What is posted and has ended: wakers, triggers, again. */
TEST(what_is_posted_and_ended)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    for (int i = 0; i < 10; i++) {
        evio_waker *waker;
        evio_trigger *trigger;

        CHECK_OK(evio_waker_new(l.registry, 2, &waker));
        CHECK_OK(evio_trigger_new(l.registry, &trigger));
        CHECK_OK(evio_register(l.registry, evio_trigger_source(trigger), 3,
                               EVIO_READABLE));
        CHECK_OK(evio_wake(waker));
        CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
        CHECK_OK(evio_again(&p.source, EVIO_READABLE));
        evio_waker_free(waker);
        evio_trigger_free(trigger);
        loop_remove(&l, &p.source);
        loop_lasts(&l);
        CHECK_OK(evio_register(l.registry, &p.source, 1, EVIO_READABLE));
    }
    CHECK_EQ_UINT(loop_stats(&l).events, 0);
    CHECK_UINT(loop_stats(&l).empty, <=, 20);
    peer_close(&l, &p);
    loop_close(&l);
}

/* The counters of an ordinary loop: no round is empty. */
TEST(an_ordinary_loop_has_no_empty_rounds)
{
    struct loop l;
    struct peer p;

    loop_open(&l, 4);
    peer_open(&l, &p, 1, EVIO_READABLE);
    for (int i = 0; i < 100; i++) {
        peer_send(&p, 1);
        CHECK_EQ_UINT(taken_one(&l, 1).readiness, EVIO_READABLE);
        net_drain(p.fd[0]);
        CHECK_OK(evio_rearm(&p.source, EVIO_READABLE));
    }
    CHECK_EQ_UINT(loop_stats(&l).empty, 0);
    CHECK_EQ_UINT(loop_stats(&l).waits, 100);
    CHECK_EQ_UINT(loop_stats(&l).events, 100);
    CHECK_EQ_UINT(loop_stats(&l).stale, 0);
    /* A wait whose time is used up ended not early. */
    loop_lasts(&l);
    CHECK_EQ_UINT(loop_stats(&l).empty, 0);
    CHECK_EQ_UINT(loop_stats(&l).waits, 101);
    peer_close(&l, &p);
    loop_close(&l);
}

/* Collected, and ended by another thread before it is delivered: that is what
 * `stale` counts. */
struct empty_pair {
    struct loop *l;
    evio_source *source;
};

static void empty_remove(void *arg)
{
    struct empty_pair *pair = arg;

    loop_remove(pair->l, pair->source);
}

TEST(ended_by_another_thread_after_the_wait)
{
    struct loop l;
    struct peer p;
    evio_event event;
    struct empty_pair pair = {&l, &p.source};

    loop_open(&l, 4);
    for (unsigned i = 1; i <= 20; i++) {
        peer_open(&l, &p, 1, EVIO_READABLE);
        peer_send(&p, 1);
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
        thread_join(thread_start(empty_remove, &pair));
        CHECK(!evio_events_next(l.events, &event));
        CHECK_EQ_UINT(loop_stats(&l).stale, i);
        loop_lasts(&l);
        peer_close_fds(&p);
    }
    loop_close(&l);
}

/* Random calls of one thread: then nothing ends during a wait, and each wait
 * keeps the promise. */
enum {
    HONEST_PEERS = 8
};

struct honest {
    struct loop l;
    struct peer peers[HONEST_PEERS];
    bool registered[HONEST_PEERS];
    evio_trigger *triggers[HONEST_PEERS];
    evio_waker *wakers[HONEST_PEERS];
    uint64_t state;
    unsigned events;
    unsigned quiet;
};

static uint32_t honest_random(struct honest *h, uint32_t below)
{
    h->state ^= h->state << 13;
    h->state ^= h->state >> 7;
    h->state ^= h->state << 17;
    return (uint32_t)(h->state >> 33) % below;
}

static uint32_t honest_interest(struct honest *h)
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};
    static const uint32_t directions[] = {EVIO_READABLE, EVIO_WRITABLE, LOOP_RW,
                                          EVIO_CLOSED, EVIO_HANGUP};

    return modes[honest_random(h, 3)] | directions[honest_random(h, 5)];
}

static void honest_register(struct honest *h, unsigned i)
{
    if (h->registered[i])
        loop_remove(&h->l, &h->peers[i].source);
    else
        CHECK_OK(evio_register(h->l.registry, &h->peers[i].source, i,
                               honest_interest(h)));
    h->registered[i] = !h->registered[i];
}

static void honest_change(struct honest *h, unsigned i)
{
    if (h->registered[i])
        CHECK_OK(evio_reregister(h->l.registry, &h->peers[i].source, i,
                                 honest_interest(h)));
    CHECK_OK(evio_reregister(h->l.registry, evio_trigger_source(h->triggers[i]),
                             100 + i, honest_interest(h)));
}

static void honest_replace(struct honest *h, unsigned i)
{
    evio_waker_free(h->wakers[i]);
    CHECK_OK(evio_waker_new(h->l.registry, 200 + i, &h->wakers[i]));
    evio_trigger_free(h->triggers[i]);
    CHECK_OK(evio_trigger_new(h->l.registry, &h->triggers[i]));
    CHECK_OK(evio_register(h->l.registry, evio_trigger_source(h->triggers[i]),
                           100 + i, honest_interest(h)));
}

static void honest_step(struct honest *h)
{
    unsigned i = honest_random(h, HONEST_PEERS);

    switch (honest_random(h, 8)) {
    case 0:
        honest_register(h, i);
        break;
    case 1:
        honest_change(h, i);
        break;
    case 2:
        /* 0x1 to 0x40 are the directions and hints that can be fired. */
        CHECK_OK(evio_trigger_fire(h->triggers[i], 1u << honest_random(h, 7)));
        break;
    case 3:
        CHECK_OK(evio_trigger_clear(h->triggers[i], LOOP_RW));
        break;
    case 4:
        CHECK_OK(evio_wake(h->wakers[i]));
        break;
    case 5:
        if (h->registered[i])
            CHECK_OK(evio_again(&h->peers[i].source, LOOP_RW));
        break;
    case 6:
        net_drain(h->peers[i].fd[0]);
        peer_send(&h->peers[i], 1);
        break;
    default:
        honest_replace(h, i);
        break;
    }
}

/* Something may be left in the buffer, for the next wait. */
static void honest_wait(struct honest *h)
{
    uint64_t ns = honest_random(h, 3) == 0 ? CLOCK_MS : 0;
    uint64_t start = evio_now_ns();
    unsigned n = 0;
    evio_event event;
    int r = evio_poll_wait(h->l.poll, h->l.events, ns);

    CHECK_OK(r);
    if (r == 0) {
        CHECK_UINT(evio_now_ns() - start, >=, ns);
        CHECK(!evio_events_next(h->l.events, &event));
        h->quiet++;
        return;
    }
    CHECK(evio_events_next(h->l.events, &event));
    for (n = 1; honest_random(h, 4) != 0; n++) {
        CHECK_UINT(event.readiness, !=, 0);
        if (!evio_events_next(h->l.events, &event))
            break;
    }
    CHECK_UINT(n, <=, r);
    h->events += n;
}

static void honest_open(struct honest *h, size_t capacity)
{
    memset(h, 0, sizeof(*h));
    h->state = getenv("EVIO_SEED") != NULL
                   ? strtoull(getenv("EVIO_SEED"), NULL, 10)
                   : clock_ns() | 1;
    fprintf(stderr, "EVIO_SEED=%llu\n", (unsigned long long)h->state);
    loop_open(&h->l, capacity);
    for (unsigned i = 0; i < HONEST_PEERS; i++) {
        peer_open(&h->l, &h->peers[i], i, EVIO_READABLE);
        h->registered[i] = true;
        CHECK_OK(evio_waker_new(h->l.registry, 200 + i, &h->wakers[i]));
        CHECK_OK(evio_trigger_new(h->l.registry, &h->triggers[i]));
        CHECK_OK(evio_register(h->l.registry,
                               evio_trigger_source(h->triggers[i]), 100 + i,
                               EVIO_READABLE));
    }
}

static void honest_run(size_t capacity)
{
    struct honest h;
    uint64_t end;

    honest_open(&h, capacity);
    end = clock_ns() + CLOCK_S;
    while (clock_ns() < end) {
        for (uint32_t n = honest_random(&h, 12); n > 0; n--)
            honest_step(&h);
        honest_wait(&h);
    }
    fprintf(stderr, "%u events, %u quiet waits\n", h.events, h.quiet);
    CHECK_UINT(h.events, >, 100);
    for (unsigned i = 0; i < HONEST_PEERS; i++) {
        if (h.registered[i])
            loop_remove(&h.l, &h.peers[i].source);
        peer_close_fds(&h.peers[i]);
        evio_waker_free(h.wakers[i]);
        evio_trigger_free(h.triggers[i]);
    }
    loop_close(&h.l);
}

TEST(each_wait_returns_what_it_promises)
{
    honest_run(64);
}

TEST(each_wait_returns_what_it_promises_with_capacity_one)
{
    honest_run(1);
}

TEST(each_wait_returns_what_it_promises_with_capacity_five)
{
    honest_run(5);
}
