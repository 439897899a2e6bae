/* SPDX-License-Identifier: MIT */
/*
 * Threads that register, deregister, re-arm and wake while one waits, for TSan
 * above all. What one thread alone can prove is in behaviour/.
 * Counters are atomics; each source belongs to one thread.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

enum {
    THREADS = 4,
    SOURCES = 8
};

struct crew {
    struct loop l;
    evio_waker *waker;
    atomic_bool stop;
    atomic_uint wakes;    /* begun */
    atomic_uint sentinel; /* sources that are kept registered and fired */
};

struct crew_member {
    struct crew *crew;
    unsigned number;
    unsigned rounds;
};

static uint32_t crew_interest(unsigned round)
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};
    static const uint32_t directions[] = {EVIO_READABLE, EVIO_WRITABLE,
                                          LOOP_RW};

    return modes[round % 3] | directions[round / 3 % 3];
}

static uint64_t crew_token(const struct crew_member *m, unsigned i)
{
    return m->number * 1000 + i;
}

static void crew_round(struct crew_member *m, evio_source *source, unsigned i)
{
    evio_registry *registry = m->crew->l.registry;
    unsigned round = m->rounds++;

    CHECK_OK(evio_register(registry, source, crew_token(m, i),
                           crew_interest(round)));
    if (round % 2 == 0)
        CHECK_OK(evio_reregister(registry, source, crew_token(m, i),
                                 crew_interest(round + 1)));
    CHECK_OK(evio_rearm(source, LOOP_RW));
    if (round % 5 == 0)
        CHECK_OK(evio_wake(m->crew->waker));
    if (round % 7 == 0)
        thread_yield();
    CHECK_OK(evio_deregister(registry, source));
}

static void crew_churn(void *arg)
{
    struct crew_member *m = arg;
    evio_source sources[SOURCES];
    int pairs[SOURCES][2];

    for (unsigned i = 0; i < SOURCES; i++) {
        net_unix_pair(NET_STREAM, pairs[i]);
        net_send_all(pairs[i][1], "x", 1);
        CHECK_OK(evio_source_from_fd(pairs[i][0], &sources[i]));
    }
    while (!atomic_load(&m->crew->stop)) {
        for (unsigned i = 0; i < SOURCES; i++)
            crew_round(m, &sources[i], i);
    }
    for (unsigned i = 0; i < SOURCES; i++) {
        net_close(pairs[i][0]);
        net_close(pairs[i][1]);
    }
}

/* Wait for a while, taking all that comes. */
static unsigned crew_wait(struct crew *c, uint64_t ns)
{
    uint64_t end = clock_ns() + ns;
    unsigned wakes = 0;
    evio_event event;

    while (clock_ns() < end) {
        CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, 5 * CLOCK_MS));
        while (evio_events_next(c->l.events, &event)) {
            CHECK_UINT(event.readiness, !=, 0);
            CHECK(event.token == 1 || event.token / 1000 <= THREADS);
            wakes += event.token == 1;
        }
    }
    return wakes;
}

TEST(registration_from_four_threads_while_one_waits)
{
    struct crew c = {.waker = NULL};
    struct crew_member members[THREADS];
    thread *threads[THREADS];
    unsigned rounds = 0;
    unsigned wakes;

    loop_open(&c.l, 8);
    CHECK_OK(evio_waker_new(c.l.registry, 1, &c.waker));
    for (unsigned i = 0; i < THREADS; i++) {
        members[i] = (struct crew_member){&c, i + 1, i};
        threads[i] = thread_start(crew_churn, &members[i]);
    }
    wakes = crew_wait(&c, 2 * CLOCK_S);
    atomic_store(&c.stop, true);
    for (unsigned i = 0; i < THREADS; i++) {
        thread_join(threads[i]);
        rounds += members[i].rounds;
    }
    printf("# %u rounds, %u wakes seen\n", rounds, wakes);
    CHECK_UINT(rounds, >, 100);
    CHECK_UINT(wakes, >, 0);
    crew_wait(&c, 10 * CLOCK_MS);
    CHECK_EQ_UINT(loop_wait(&c.l, 0, 0), 0);
    evio_waker_free(c.waker);
    loop_close(&c.l);
}

static void crew_wake(void *arg)
{
    struct crew *c = arg;

    while (!atomic_load(&c->stop)) {
        CHECK_OK(evio_wake(c->waker));
        atomic_fetch_add(&c->wakes, 1);
    }
}

/* After the last wake one event must come; a storm may not starve others. */
TEST(many_threads_wake)
{
    struct crew c = {.waker = NULL};
    thread *threads[THREADS];
    evio_source source;
    evio_event event;
    unsigned seen[2] = {0, 0};
    int pair[2];

    loop_open(&c.l, 2);
    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_waker_new(c.l.registry, 1, &c.waker));
    loop_add(&c.l, &source, pair[0], 0, EVIO_WRITABLE | EVIO_LEVEL);
    for (unsigned i = 0; i < THREADS; i++)
        threads[i] = thread_start(crew_wake, &c);
    for (uint64_t end = clock_ns() + CLOCK_S; clock_ns() < end;) {
        CHECK_OK(evio_poll_wait(c.l.poll, c.l.events, EVIO_FOREVER));
        while (evio_events_next(c.l.events, &event))
            seen[event.token]++;
    }
    atomic_store(&c.stop, true);
    for (unsigned i = 0; i < THREADS; i++)
        thread_join(threads[i]);
    CHECK_UINT(seen[0], >, 0);
    CHECK_UINT(seen[1], >, 0);
    CHECK_UINT(seen[1], <=, atomic_load(&c.wakes));
    loop_remove(&c.l, &source);
    CHECK_EQ_UINT(loop_wait(&c.l, 1, 0) & ~(uint32_t)EVIO_READABLE, 0);
    CHECK_OK(evio_wake(c.waker));
    CHECK_EQ_UINT(loop_await(&c.l, 1), EVIO_READABLE);
    evio_waker_free(c.waker);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&c.l);
}

/* Ping-pong: each wake is answered, so that a lost one ends the test. */
struct pong {
    struct loop l[2];
    evio_waker *wakers[2];
};

enum {
    PONG_ROUNDS = 3000
};

static void pong_other(void *arg)
{
    struct pong *p = arg;

    for (int i = 0; i < PONG_ROUNDS; i++) {
        CHECK_EQ_UINT(loop_await(&p->l[1], 1), EVIO_READABLE);
        CHECK_OK(evio_wake(p->wakers[0]));
    }
}

TEST(no_wake_of_a_ping_pong_is_lost)
{
    struct pong p;
    thread *other;

    for (int i = 0; i < 2; i++) {
        loop_open(&p.l[i], 4);
        CHECK_OK(evio_waker_new(p.l[i].registry, (uint64_t)i, &p.wakers[i]));
    }
    other = thread_start(pong_other, &p);
    for (int i = 0; i < PONG_ROUNDS; i++) {
        CHECK_OK(evio_wake(p.wakers[1]));
        CHECK_EQ_UINT(loop_await(&p.l[0], 0), EVIO_READABLE);
    }
    thread_join(other);
    for (int i = 0; i < 2; i++) {
        evio_waker_free(p.wakers[i]);
        loop_close(&p.l[i]);
    }
}

/* Wakers come and go on other threads while the poll waits. */
static void crew_recreate(void *arg)
{
    struct crew *c = arg;

    while (!atomic_load(&c->stop)) {
        evio_waker *waker;

        CHECK_OK(evio_waker_new(c->l.registry, 1, &waker));
        CHECK_OK(evio_wake(waker));
        evio_waker_free(waker);
    }
}

TEST(wakers_come_and_go_while_one_waits)
{
    struct crew c = {.waker = NULL};
    thread *threads[2];

    loop_open(&c.l, 8);
    for (unsigned i = 0; i < 2; i++)
        threads[i] = thread_start(crew_recreate, &c);
    crew_wait(&c, CLOCK_S);
    atomic_store(&c.stop, true);
    for (unsigned i = 0; i < 2; i++)
        thread_join(threads[i]);
    CHECK_EQ_UINT(loop_wait(&c.l, 0, 0), 0);
    loop_close(&c.l);
}

/* The reader of each connection is another thread than the one that waits. */
struct relay {
    struct loop l;
    evio_source source;
    int pair[2];
    gate *turn[64];
};

static void relay_reader(void *arg)
{
    struct relay *r = arg;

    for (int i = 0; i < 64; i++) {
        gate_wait(r->turn[i]);
        CHECK_UINT(net_drain(r->pair[0]), >, 0);
        CHECK_OK(evio_rearm(&r->source, EVIO_READABLE));
        net_send_all(r->pair[1], "yy", 2);
    }
}

TEST(io_on_another_thread_never_stalls)
{
    struct relay r;
    thread *reader;

    loop_open(&r.l, 4);
    net_unix_pair(NET_STREAM, r.pair);
    net_set_nonblocking(r.pair[0], true);
    loop_add(&r.l, &r.source, r.pair[0], 1, EVIO_READABLE);
    for (int i = 0; i < 64; i++)
        r.turn[i] = gate_new();
    net_send_all(r.pair[1], "x", 1);
    reader = thread_start(relay_reader, &r);
    for (int i = 0; i < 64; i++) {
        CHECK_UINT(loop_await(&r.l, 1) & EVIO_READABLE, !=, 0);
        gate_open(r.turn[i]);
    }
    thread_join(reader);
    for (int i = 0; i < 64; i++)
        gate_free(r.turn[i]);
    loop_remove(&r.l, &r.source);
    net_close(r.pair[0]);
    net_close(r.pair[1]);
    loop_close(&r.l);
}

struct farewell {
    evio_registry *registry;
    evio_waker *waker;
    gate *begun;
};

/* Until the registry refuses; what is registered by then ends cleanly. */
static void farewell_register(void *arg)
{
    struct farewell *f = arg;
    evio_source source;
    int pair[2];
    int r;

    net_unix_pair(NET_STREAM, pair);
    CHECK_OK(evio_source_from_fd(pair[0], &source));
    do {
        r = evio_register(f->registry, &source, 1, EVIO_READABLE);
        gate_open(f->begun);
        if (r < 0)
            break;
        r = evio_rearm(&source, EVIO_READABLE);
        CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_BAD_DESCRIPTOR);
        CHECK_OK(evio_deregister(f->registry, &source));
        r = evio_wake(f->waker);
    } while (r >= 0);
    CHECK_KIND(r, BAD_DESCRIPTOR);
    CHECK(!evio_source_is_registered(&source));
    net_close(pair[0]);
    net_close(pair[1]);
}

/* The poll is freed under the hands of threads that hold its registry. */
TEST(a_poll_goes_while_others_register)
{
    for (int round = 0; round < 100; round++) {
        struct loop l;
        struct farewell f = {.begun = gate_new()};
        thread *threads[2];

        loop_open(&l, 4);
        f.registry = evio_registry_ref(l.registry);
        CHECK_OK(evio_waker_new(f.registry, 1, &f.waker));
        for (int i = 0; i < 2; i++)
            threads[i] = thread_start(farewell_register, &f);
        gate_wait(f.begun);
        CHECK_OK(evio_poll_wait(l.poll, l.events, 0));
        loop_close(&l);
        for (int i = 0; i < 2; i++)
            thread_join(threads[i]);
        evio_waker_free(f.waker);
        evio_registry_unref(f.registry);
        gate_free(f.begun);
    }
}

struct buffers {
    struct loop l;
    atomic_bool stop;
};

/* Wakes that are dropped with their buffers on one thread, and a waker that
 * goes on another: the ring of the one must not use the other's bell. */
static void buffers_wakers(void *arg)
{
    struct buffers *b = arg;

    while (!atomic_load(&b->stop)) {
        evio_waker *waker;

        CHECK_OK(evio_waker_new(b->l.registry, 1, &waker));
        CHECK_OK(evio_wake(waker));
        thread_yield();
        evio_waker_free(waker);
    }
}

TEST(buffers_drop_wakes_while_wakers_go)
{
    struct buffers b;
    thread *other;

    loop_open(&b.l, 4);
    atomic_init(&b.stop, false);
    other = thread_start(buffers_wakers, &b);
    for (uint64_t end = clock_ns() + CLOCK_S; clock_ns() < end;) {
        CHECK_OK(evio_poll_wait(b.l.poll, b.l.events, CLOCK_MS));
        evio_events_free(b.l.events);
        CHECK_OK(evio_events_new(4, &b.l.events));
    }
    atomic_store(&b.stop, true);
    thread_join(other);
    CHECK_EQ_UINT(loop_wait(&b.l, 1, 0), 0);
    loop_close(&b.l);
}
