/* SPDX-License-Identifier: MIT */
/*
 * Fresh connections that one thread registers and another, which waits, takes
 * over at their first event: it may read, reregister, close and free them
 * before evio_register() has returned. Objects are really freed, for ASan.
 * Each test ends after a number of connections or, on a slow machine, a time.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/evio_net.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"
#include "support/thread.h"

enum {
    ACCEPTORS = 2,
    /* Few, so that the worker often sleeps when a connection comes. */
    UNDER_WAY = 4,
    WAKE_TOKEN = 1 /* no pointer */
};

struct handover;

/* Until evio_register() the acceptor's, from then on the worker's. */
struct conn {
    evio_unix_stream stream;
    evio_unix_stream peer;
    uint32_t mode;
    atomic_uint got;
    atomic_bool closed;
};

struct handover {
    struct loop l;
    evio_waker *waker;
    /* The acceptor's and the worker's half of a test. */
    void (*accept)(struct handover *h, struct conn *c);
    void (*event)(struct handover *h, struct conn *c);
    uint32_t mode;
    unsigned total;
    uint64_t end;
    atomic_uint started;
    atomic_uint finished;
    atomic_uint acceptors;
};

static struct conn *conn_new(struct handover *h)
{
    evio_unix_stream pair[2];
    struct conn *c = calloc(1, sizeof(*c));

    CHECK(c != NULL);
    CHECK_OK(evio_unix_pair(pair));
    c->stream = pair[0];
    c->peer = pair[1];
    c->mode = h->mode;
    return c;
}

static void conn_register(struct handover *h, struct conn *c)
{
    CHECK_OK(evio_register(h->l.registry, &c->stream.source, evio_token_of(c),
                           EVIO_READABLE | c->mode));
}

/* A oneshot is armed again by who takes its event. */
static void conn_arm(struct handover *h, struct conn *c)
{
    if (c->mode == EVIO_ONESHOT)
        CHECK_OK(evio_reregister(h->l.registry, &c->stream.source,
                                 evio_token_of(c), EVIO_READABLE | c->mode));
}

static void acceptor_run(void *arg)
{
    struct handover *h = arg;

    while (atomic_load(&h->started) < h->total && clock_ns() < h->end) {
        atomic_fetch_add(&h->started, 1);
        h->accept(h, conn_new(h));
        while (atomic_load(&h->started) - atomic_load(&h->finished) > UNDER_WAY)
            thread_yield();
    }
    atomic_fetch_sub(&h->acceptors, 1);
    CHECK_OK(evio_wake(h->waker));
}

static bool worker_goes_on(struct handover *h)
{
    return atomic_load(&h->acceptors) > 0 ||
           atomic_load(&h->finished) < atomic_load(&h->started);
}

static void worker_run(struct handover *h)
{
    evio_event event;

    while (worker_goes_on(h)) {
        int n = evio_poll_wait(h->l.poll, h->l.events,
                               LOOP_PATIENCE * clock_slow_factor());

        if (n <= 0)
            check_fail(__FILE__, __LINE__, "wait: %d; %u of %u connections", n,
                       atomic_load(&h->finished), atomic_load(&h->started));
        while (evio_events_next(h->l.events, &event)) {
            if (event.token != WAKE_TOKEN)
                h->event(h, evio_event_pointer(&event));
        }
    }
}

/* What is in `h` says what the two threads do. */
static void handover_run(struct handover *h)
{
    thread *acceptors[ACCEPTORS];

    loop_open(&h->l, 8);
    CHECK_OK(evio_waker_new(h->l.registry, WAKE_TOKEN, &h->waker));
    h->end = clock_ns() + 4 * CLOCK_S;
    atomic_store(&h->acceptors, ACCEPTORS);
    for (int i = 0; i < ACCEPTORS; i++)
        acceptors[i] = thread_start(acceptor_run, h);
    worker_run(h);
    for (int i = 0; i < ACCEPTORS; i++)
        thread_join(acceptors[i]);
    printf("# mode 0x%x: %u connections\n", (unsigned)h->mode,
           atomic_load(&h->finished));
    CHECK_UINT(atomic_load(&h->finished), >, 100);
    /* The last wakes. */
    loop_wait(&h->l, WAKE_TOKEN, 0);
    spin_quiet(&h->l, LOOP_QUIET);
    evio_waker_free(h->waker);
    loop_close(&h->l);
}

static void handover_each_mode(struct handover *h, unsigned total)
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

    for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
        struct handover run = {
            .accept = h->accept, .event = h->event, .mode = modes[i]};

        run.total = total;
        handover_run(&run);
    }
}

/* The peer has finished before the connection is registered. */
static void accept_finished(struct handover *h, struct conn *c)
{
    CHECK_EQ_INT(evio_unix_write(&c->peer, "x", 1), 1);
    CHECK_OK(evio_unix_close(&c->peer));
    conn_register(h, c);
}

/* Read to the end; true at the end. */
static bool event_reads(struct conn *c)
{
    char buf[8];
    ptrdiff_t n;

    do
        n = evio_unix_read(&c->stream, buf, sizeof(buf));
    while (n > 0);
    if (n < 0)
        CHECK_KIND(n, WOULD_BLOCK);
    return n == 0;
}

static void event_frees(struct handover *h, struct conn *c)
{
    if (!event_reads(c)) {
        conn_arm(h, c);
        return;
    }
    CHECK_OK(evio_unix_close(&c->stream));
    free(c);
    atomic_fetch_add(&h->finished, 1);
}

TEST(read_to_the_end_and_freed)
{
    struct handover h = {.accept = accept_finished, .event = event_frees};

    handover_each_mode(&h, 24000);
}

/* The acceptor keeps the object: what the worker did to it must last. */
static void accept_checks(struct handover *h, struct conn *c)
{
    accept_finished(h, c);
    while (!atomic_load(&c->closed))
        thread_yield();
    CHECK(!evio_source_is_registered(&c->stream.source));
    CHECK_KIND(evio_unix_close(&c->stream), BAD_DESCRIPTOR);
    free(c);
    atomic_fetch_add(&h->finished, 1);
    CHECK_OK(evio_wake(h->waker));
}

static void event_closes(struct handover *h, struct conn *c)
{
    if (!event_reads(c)) {
        conn_arm(h, c);
        return;
    }
    CHECK_OK(evio_unix_close(&c->stream));
    atomic_store(&c->closed, true);
}

TEST(closed_and_still_closed_when_register_returns)
{
    struct handover h = {.accept = accept_checks, .event = event_closes};

    handover_each_mode(&h, 8000);
}

/* Two bytes, the second after the worker has read the first: a short read must
 * have re-armed the direction, although evio_register() was not back. */
static void accept_writes_twice(struct handover *h, struct conn *c)
{
    evio_unix_stream peer = c->peer;

    CHECK_EQ_INT(evio_unix_write(&peer, "1", 1), 1);
    conn_register(h, c);
    while (atomic_load(&c->got) < 1)
        thread_yield();
    CHECK_EQ_INT(evio_unix_write(&peer, "2", 1), 1);
    while (!atomic_load(&c->closed))
        thread_yield();
    CHECK_OK(evio_unix_close(&peer));
    free(c);
    atomic_fetch_add(&h->finished, 1);
    CHECK_OK(evio_wake(h->waker));
}

static void event_reads_short(struct handover *h, struct conn *c)
{
    unsigned got = atomic_load(&c->got);
    char buf[8];
    ptrdiff_t n = evio_unix_read(&c->stream, buf, sizeof(buf));

    if (n < 0)
        CHECK_KIND(n, WOULD_BLOCK);
    else
        got += (unsigned)n;
    if (got < 2) {
        conn_arm(h, c);
        atomic_store(&c->got, got);
        return;
    }
    CHECK_OK(evio_unix_close(&c->stream));
    atomic_store(&c->closed, true);
}

TEST(read_short_and_the_next_byte_is_reported)
{
    struct handover h = {.accept = accept_writes_twice,
                         .event = event_reads_short};

    handover_each_mode(&h, 8000);
}
