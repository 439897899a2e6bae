/* SPDX-License-Identifier: MIT */
/*
 * Reregistering against a thread that waits: the event of the new interest
 * comes, once it is ready, in exactly its directions and under its token, and
 * after evio_reregister() has returned none comes under the old one. The
 * waiting thread may free the source before it has returned.
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
    ROUNDS = 10000,
    WAKE_TOKEN = 1
};

/* Tokens grow from round to round; an even one wants to read, an odd one to
 * write. */
struct change {
    struct loop l;
    evio_waker *waker;
    evio_source source;
    uint32_t mode;
    bool disturb; /* the old interest fires while it is replaced */
    int pair[2];
    uint64_t random;
    uint64_t rounds;
    atomic_bool stop;
    atomic_ullong floor;     /* older tokens have ended */
    atomic_ullong delivered; /* the newest token that came */
};

static uint32_t change_direction(uint64_t token)
{
    return token % 2 == 0 ? EVIO_READABLE : EVIO_WRITABLE;
}

static void change_check(struct change *c, const evio_event *event,
                         uint64_t floor)
{
    if (event->token < floor ||
        event->readiness != change_direction(event->token))
        check_fail(__FILE__, __LINE__, "token %llu of %llu, readiness 0x%x",
                   (unsigned long long)event->token, (unsigned long long)floor,
                   (unsigned)event->readiness);
    atomic_store(&c->delivered, event->token);
}

static void change_wait(void *arg)
{
    struct change *c = arg;

    while (!atomic_load(&c->stop)) {
        evio_event event;
        uint64_t floor;

        CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, EVIO_FOREVER));
        for (;;) {
            /* Loaded before the call that must respect it. */
            floor = atomic_load(&c->floor);
            if (!evio_events_next(c->l.events, &event))
                break;
            if (event.token != WAKE_TOKEN)
                change_check(c, &event, floor);
        }
    }
}

/* A time that differs each round, so that the threads meet everywhere. */
static void change_pause(struct change *c)
{
    volatile unsigned spin;

    c->random ^= c->random << 13;
    c->random ^= c->random >> 7;
    c->random ^= c->random << 17;
    for (spin = (unsigned)(c->random >> 33) % 2000; spin > 0; spin--)
        continue;
}

static void change_to(struct change *c, uint64_t token)
{
    CHECK_OK(evio_reregister(c->l.registry, &c->source, token,
                             change_direction(token) | c->mode));
    atomic_store(&c->floor, token);
}

static void change_await(struct change *c, uint64_t token)
{
    uint64_t end = clock_ns() + LOOP_PATIENCE * clock_slow_factor();

    while (atomic_load(&c->delivered) != token) {
        if (clock_ns() > end)
            check_fail(__FILE__, __LINE__, "token %llu of mode 0x%x is lost",
                       (unsigned long long)token, (unsigned)c->mode);
        thread_yield();
    }
}

/* To readable, which may fire or not, and to writable, which must. */
static void change_round(struct change *c, uint64_t token)
{
    change_to(c, token);
    change_pause(c);
    if (c->disturb) {
        net_send_all(c->pair[1], "x", 1);
        change_pause(c);
    }
    change_to(c, token + 1);
    change_await(c, token + 1);
    net_drain(c->pair[0]);
}

static void change_run(uint32_t mode, bool disturb)
{
    struct change c = {.mode = mode, .disturb = disturb, .random = 88172645463};
    uint64_t end = clock_ns() + 2 * CLOCK_S;
    thread *waiter;

    loop_open(&c.l, 4);
    CHECK_OK(evio_waker_new(c.l.registry, WAKE_TOKEN, &c.waker));
    net_unix_pair(NET_STREAM, c.pair);
    net_set_nonblocking(c.pair[0], true);
    loop_add(&c.l, &c.source, c.pair[0], 2, EVIO_READABLE | mode);
    waiter = thread_start(change_wait, &c);
    for (c.rounds = 1; c.rounds <= ROUNDS && clock_ns() < end; c.rounds++)
        change_round(&c, 2 * c.rounds + 2);
    printf("# mode 0x%x: %llu rounds\n", (unsigned)mode,
           (unsigned long long)c.rounds - 1);
    CHECK_UINT(c.rounds, >, 50);
    atomic_store(&c.stop, true);
    loop_remove(&c.l, &c.source);
    CHECK_OK(evio_wake(c.waker));
    thread_join(waiter);
    evio_waker_free(c.waker);
    net_close(c.pair[0]);
    net_close(c.pair[1]);
    loop_close(&c.l);
}

TEST(oneshot_from_an_interest_that_fires)
{
    change_run(EVIO_ONESHOT, true);
}

TEST(oneshot_from_an_interest_that_is_silent)
{
    change_run(EVIO_ONESHOT, false);
}

TEST(edge_from_an_interest_that_fires)
{
    change_run(EVIO_EDGE, true);
}

TEST(edge_from_an_interest_that_is_silent)
{
    change_run(EVIO_EDGE, false);
}

TEST(level_from_an_interest_that_fires)
{
    change_run(EVIO_LEVEL, true);
}

TEST(level_from_an_interest_that_is_silent)
{
    change_run(EVIO_LEVEL, false);
}

/* Objects that are handed over by evio_reregister(), and freed at their next
 * event. */
struct handed {
    evio_unix_stream stream;
};

struct hand {
    struct loop l;
    uint32_t mode;
    uint64_t end;
    atomic_uint given;
    atomic_uint taken;
    atomic_bool done;
    evio_waker *waker;
};

static void hand_give(struct hand *h)
{
    struct handed *object = calloc(1, sizeof(*object));
    evio_unix_stream pair[2];

    CHECK(object != NULL);
    CHECK_OK(evio_unix_pair(pair));
    object->stream = pair[0];
    /* Never ready: this thread owns the object still. */
    net_watch(&h->l, &object->stream.source, evio_token_of(object),
              EVIO_READABLE | h->mode);
    atomic_fetch_add(&h->given, 1);
    CHECK_OK(evio_reregister(h->l.registry, &object->stream.source,
                             evio_token_of(object), EVIO_WRITABLE | h->mode));
    while (atomic_load(&h->taken) < atomic_load(&h->given))
        thread_yield();
    CHECK_OK(evio_unix_close(&pair[1]));
}

static void hand_run(void *arg)
{
    struct hand *h = arg;

    for (int i = 0; i < ROUNDS && clock_ns() < h->end; i++)
        hand_give(h);
    atomic_store(&h->done, true);
    CHECK_OK(evio_wake(h->waker));
}

static void hand_take(struct hand *h)
{
    evio_event event;

    CHECK_INT(evio_poll_wait(h->l.poll, h->l.events,
                             LOOP_PATIENCE * clock_slow_factor()),
              >, 0);
    while (evio_events_next(h->l.events, &event)) {
        struct handed *object = evio_event_pointer(&event);

        if (event.token == WAKE_TOKEN)
            continue;
        CHECK_EQ_UINT(event.readiness, EVIO_WRITABLE);
        CHECK_OK(evio_unix_close(&object->stream));
        free(object);
        atomic_fetch_add(&h->taken, 1);
    }
}

static void hand_over(uint32_t mode)
{
    struct hand h = {.mode = mode, .end = clock_ns() + 2 * CLOCK_S};
    thread *giver;

    loop_open(&h.l, 4);
    CHECK_OK(evio_waker_new(h.l.registry, WAKE_TOKEN, &h.waker));
    giver = thread_start(hand_run, &h);
    while (!atomic_load(&h.done))
        hand_take(&h);
    thread_join(giver);
    CHECK_UINT(atomic_load(&h.taken), >, 50);
    loop_wait(&h.l, WAKE_TOKEN, 0);
    spin_quiet(&h.l, LOOP_QUIET);
    evio_waker_free(h.waker);
    loop_close(&h.l);
}

TEST(freed_before_reregister_returns)
{
    hand_over(EVIO_EDGE);
    hand_over(EVIO_LEVEL);
    hand_over(EVIO_ONESHOT);
}
