/* SPDX-License-Identifier: MIT */
/*
 * Triggers that many threads and a signal handler fire while another thread
 * waits, registers and deregisters: no fire is lost, and what was written
 * before it is seen. One thread's promises are in behaviour/evio_trigger.c.
 * Counters are atomics; what is not is ordered by the trigger alone, for TSan.
 */
#include <stdatomic.h>
#include <stdio.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/signals.h"
#include "support/taken.h"
#include "support/thread.h"

enum {
    FIRERS = 4,
    FIRES = 100000
};

static const uint32_t storm_bits[FIRERS] = {EVIO_READABLE, EVIO_PRIORITY,
                                            EVIO_WRITABLE, EVIO_CLOSED};

#define STORM_ALL \
 ((uint32_t)EVIO_READABLE | EVIO_PRIORITY | EVIO_WRITABLE | EVIO_CLOSED)

struct storm {
    struct loop l;
    evio_trigger *trigger;
    atomic_uint published[FIRERS]; /* relaxed: the fire orders it */
    atomic_uint seen[FIRERS];
    atomic_uint running;
    uint32_t mode;
    unsigned fires;
};

struct storm_firer {
    struct storm *storm;
    unsigned number;
};

static void storm_fire(struct storm *s, unsigned i, unsigned count)
{
    atomic_store_explicit(&s->published[i], count, memory_order_relaxed);
    CHECK_OK(evio_trigger_fire(s->trigger, storm_bits[i]));
}

/* Now and then it waits until the last fire was seen: were one lost, for
 * ever, and the test would end by its time limit. */
static void storm_run(void *arg)
{
    struct storm_firer *f = arg;
    struct storm *s = f->storm;

    for (unsigned count = 1; count <= s->fires; count++) {
        if (count % 64 == 0) {
            while (atomic_load(&s->seen[f->number]) < count - 1)
                thread_yield();
        }
        storm_fire(s, f->number, count);
    }
    atomic_fetch_sub(&s->running, 1);
    CHECK_OK(evio_trigger_fire(s->trigger, storm_bits[f->number]));
}

static void storm_see(struct storm *s, unsigned i)
{
    unsigned before = atomic_load_explicit(&s->seen[i], memory_order_relaxed);
    unsigned now = atomic_load_explicit(&s->published[i], memory_order_relaxed);

    CHECK_UINT(now, >=, before);
    atomic_store(&s->seen[i], now);
}

/* One wait; in level mode the bits are taken back before the data are read, in
 * oneshot mode the trigger is armed again before. */
static void storm_wait(struct storm *s)
{
    struct taken taken;

    taken_wait(&s->l, LOOP_PATIENCE, &taken);
    for (unsigned e = 0; e < taken.n; e++) {
        uint32_t bits = taken.events[e].readiness;

        CHECK_EQ_UINT(taken.events[e].token, 1);
        if (s->mode == EVIO_LEVEL)
            CHECK_OK(evio_trigger_clear(s->trigger, bits));
        if (s->mode == EVIO_ONESHOT)
            CHECK_OK(evio_reregister(s->l.registry,
                                     evio_trigger_source(s->trigger), 1,
                                     STORM_ALL | EVIO_ONESHOT));
        for (unsigned i = 0; i < FIRERS; i++) {
            if ((bits & storm_bits[i]) != 0)
                storm_see(s, i);
        }
    }
}

static bool storm_all_seen(const struct storm *s)
{
    for (unsigned i = 0; i < FIRERS; i++) {
        if (atomic_load(&s->seen[i]) < s->fires)
            return false;
    }
    return true;
}

static void storm(uint32_t mode)
{
    struct storm s = {.mode = mode, .fires = FIRES / clock_slow_factor()};
    struct storm_firer firers[FIRERS];
    thread *threads[FIRERS];
    uint64_t limit = evio_now_ns() + 25 * CLOCK_S * clock_slow_factor();

    loop_open(&s.l, 4);
    CHECK_OK(evio_trigger_new(s.l.registry, &s.trigger));
    CHECK_OK(evio_register(s.l.registry, evio_trigger_source(s.trigger), 1,
                           STORM_ALL | mode));
    atomic_store(&s.running, FIRERS);
    for (unsigned i = 0; i < FIRERS; i++) {
        firers[i] = (struct storm_firer){&s, i};
        threads[i] = thread_start(storm_run, &firers[i]);
    }
    while (!storm_all_seen(&s)) {
        storm_wait(&s);
        CHECK_UINT(evio_now_ns(), <, limit);
    }
    while (atomic_load(&s.running) > 0)
        storm_wait(&s);
    for (unsigned i = 0; i < FIRERS; i++)
        thread_join(threads[i]);
    printf("# %llu events of %u fires\n",
           (unsigned long long)loop_stats(&s.l).events, FIRERS * s.fires);
    /* The last fires were for nothing, and come as any. */
    CHECK_OK(evio_trigger_clear(s.trigger, STORM_ALL));
    CHECK_OK(evio_trigger_fire(s.trigger, EVIO_READABLE));
    CHECK_UINT(loop_wait(&s.l, 1, LOOP_PATIENCE) & EVIO_READABLE, !=, 0);
    evio_trigger_free(s.trigger);
    loop_close(&s.l);
}

TEST(no_fire_is_lost_on_edge)
{
    storm(EVIO_EDGE);
}

TEST(no_fire_is_lost_in_oneshot_mode)
{
    storm(EVIO_ONESHOT);
}

/* Clear first, read the data second: what is fired between is either taken
 * back, and its data are read, or it is reported. */
TEST(no_fire_is_lost_on_level)
{
    storm(EVIO_LEVEL);
}

/* One fire at a time, and data that nothing but the trigger orders. */
struct relay {
    struct loop l;
    evio_trigger *trigger;
    unsigned data;
    atomic_uint seen;
    unsigned rounds;
};

static void relay_run(void *arg)
{
    struct relay *r = arg;

    for (unsigned i = 1; i <= r->rounds; i++) {
        r->data = i;
        CHECK_OK(evio_trigger_fire(r->trigger, EVIO_READABLE));
        while (atomic_load(&r->seen) < i)
            thread_yield();
    }
}

static void relay(uint32_t mode)
{
    struct relay r = {.rounds = 20000 / clock_slow_factor()};
    thread *other;

    loop_open(&r.l, 4);
    CHECK_OK(evio_trigger_new(r.l.registry, &r.trigger));
    CHECK_OK(evio_register(r.l.registry, evio_trigger_source(r.trigger), 1,
                           EVIO_READABLE | mode));
    other = thread_start(relay_run, &r);
    for (unsigned i = 1; i <= r.rounds; i++) {
        CHECK_EQ_UINT(taken_one(&r.l, 1).readiness, EVIO_READABLE);
        CHECK_EQ_UINT(r.data, i);
        if (mode == EVIO_ONESHOT)
            CHECK_OK(evio_reregister(r.l.registry,
                                     evio_trigger_source(r.trigger), 1,
                                     EVIO_READABLE | EVIO_ONESHOT));
        atomic_store(&r.seen, i);
    }
    thread_join(other);
    loop_lasts(&r.l);
    evio_trigger_free(r.trigger);
    loop_close(&r.l);
}

TEST(what_was_written_before_the_fire_is_seen)
{
    relay(EVIO_EDGE);
    relay(EVIO_ONESHOT);
}

/* Fires against registration by another thread. */
struct churn {
    struct loop l;
    evio_trigger *trigger;
    atomic_uint fired;
    atomic_uint refused;
    atomic_uint rounds;
    atomic_bool stop;
};

static void churn_fire(void *arg)
{
    struct churn *c = arg;

    for (unsigned i = 0; !atomic_load(&c->stop); i++) {
        int r = evio_trigger_fire(c->trigger, storm_bits[i % FIRERS]);

        if (r < 0)
            CHECK_KIND(r, NOT_FOUND);
        atomic_fetch_add(r < 0 ? &c->refused : &c->fired, 1);
        if (i % 16 == 0) {
            r = evio_trigger_clear(c->trigger, storm_bits[i % FIRERS]);
            CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_NOT_FOUND);
        }
    }
}

static void churn_register(void *arg)
{
    struct churn *c = arg;
    evio_source *source = evio_trigger_source(c->trigger);
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};
    unsigned n = 0;

    while (!atomic_load(&c->stop)) {
        CHECK_OK(evio_register(c->l.registry, source, n,
                               storm_bits[n % 4] | modes[n % 3]));
        for (unsigned i = 0; i < n % 5; i++)
            CHECK_OK(evio_reregister(c->l.registry, source, n,
                                     STORM_ALL | modes[(n + i) % 3]));
        if (n % 3 == 0)
            thread_yield();
        CHECK_OK(evio_deregister(c->l.registry, source));
        n++;
        atomic_store(&c->rounds, n);
    }
}

/* An event is of a registration that had not ended before the call. */
static void churn_take(struct churn *c)
{
    evio_event event;

    CHECK_OK(evio_poll_wait(c->l.poll, c->l.events, CLOCK_MS));
    for (;;) {
        unsigned ended = atomic_load(&c->rounds);

        if (!evio_events_next(c->l.events, &event))
            return;
        CHECK_UINT(event.token, >=, ended);
        CHECK_EQ_UINT(event.readiness & ~STORM_ALL, 0);
        CHECK_UINT(event.readiness, !=, 0);
    }
}

TEST(fires_against_registration)
{
    struct churn c = {.trigger = NULL};
    thread *threads[4];
    uint64_t end;

    loop_open(&c.l, 4);
    CHECK_OK(evio_trigger_new(c.l.registry, &c.trigger));
    threads[0] = thread_start(churn_register, &c);
    for (int i = 1; i < 4; i++)
        threads[i] = thread_start(churn_fire, &c);
    end = clock_ns() + 2 * CLOCK_S;
    while (clock_ns() < end)
        churn_take(&c);
    atomic_store(&c.stop, true);
    for (int i = 0; i < 4; i++)
        thread_join(threads[i]);
    printf("# %u rounds, %u fired, %u refused\n", atomic_load(&c.rounds),
           atomic_load(&c.fired), atomic_load(&c.refused));
    CHECK_UINT(atomic_load(&c.rounds), >, 100);
    CHECK_UINT(atomic_load(&c.fired), >, 100);
    loop_lasts(&c.l);
    CHECK_OK(evio_register(c.l.registry, evio_trigger_source(c.trigger), 1,
                           EVIO_READABLE));
    CHECK_EQ_UINT(loop_wait(&c.l, 1, 0) & ~STORM_ALL, 0);
    CHECK_OK(evio_trigger_fire(c.trigger, EVIO_READABLE));
    CHECK_EQ_UINT(loop_wait(&c.l, 1, LOOP_PATIENCE), EVIO_READABLE);
    evio_trigger_free(c.trigger);
    loop_close(&c.l);
}

/* Fires go on over the end of the poll. */
static void free_fire(void *arg)
{
    struct churn *c = arg;

    while (!atomic_load(&c->stop)) {
        (void)evio_trigger_fire(c->trigger, EVIO_READABLE);
        atomic_fetch_add(&c->fired, 1);
    }
}

TEST(fires_while_the_poll_is_freed)
{
    for (unsigned round = 0; round < 100; round++) {
        struct churn c = {.trigger = NULL};
        thread *threads[2];

        loop_open(&c.l, 4);
        CHECK_OK(evio_trigger_new(c.l.registry, &c.trigger));
        CHECK_OK(evio_register(c.l.registry, evio_trigger_source(c.trigger), 1,
                               EVIO_READABLE));
        threads[0] = thread_start(free_fire, &c);
        threads[1] = thread_start(free_fire, &c);
        while (atomic_load(&c.fired) < 10)
            CHECK_OK(evio_poll_wait(c.l.poll, c.l.events, 0));
        if (round % 2 == 0) {
            loop_close(&c.l);
        } else {
            evio_poll_free(c.l.poll);
            evio_events_free(c.l.events);
        }
        atomic_store(&c.fired, 0);
        while (atomic_load(&c.fired) < 10)
            thread_yield();
        atomic_store(&c.stop, true);
        thread_join(threads[0]);
        thread_join(threads[1]);
        evio_trigger_free(c.trigger);
    }
}

/* A handler that fires, in whatever its thread is just doing. */
static struct churn *handler_churn;
static atomic_uint handler_calls;

static void handler_fire(void)
{
    int r = evio_trigger_fire(handler_churn->trigger, EVIO_READABLE);

    if (r < 0 && libsock_kind(r) != LIBSOCK_KIND_NOT_FOUND)
        check_fail(__FILE__, __LINE__, "fire in a handler: %d", r);
    atomic_fetch_add(&handler_calls, 1);
}

struct handler_sender {
    struct churn *churn;
    struct signals_thread target;
};

static void handler_send(void *arg)
{
    struct handler_sender *s = arg;

    signals_block(true);
    while (!atomic_load(&s->churn->stop)) {
        signals_send(s->target);
        for (int i = 0; i < 20; i++)
            thread_yield();
    }
}

/* Register, wait, next, reregister, deregister, each struck by signals. */
static unsigned handler_round(struct churn *c, unsigned n)
{
    evio_source *source = evio_trigger_source(c->trigger);
    evio_event event;
    unsigned events = 0;
    int r;

    CHECK_OK(evio_register(c->l.registry, source, n, EVIO_READABLE));
    for (int i = 0; i < 4; i++) {
        r = evio_poll_wait(c->l.poll, c->l.events, CLOCK_MS);
        if (r < 0)
            CHECK_KIND(r, INTERRUPTED);
        while (evio_events_next(c->l.events, &event)) {
            CHECK_EQ_UINT(event.token, n);
            CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
            events++;
        }
        CHECK_OK(evio_reregister(c->l.registry, source, n, EVIO_READABLE));
    }
    CHECK_OK(evio_deregister(c->l.registry, source));
    return events;
}

TEST(a_handler_fires_in_the_middle_of_everything)
{
    struct churn c = {.trigger = NULL};
    struct handler_sender sender = {&c, signals_self()};
    thread *other;
    unsigned events = 0;
    uint64_t end;

    loop_open(&c.l, 4);
    CHECK_OK(evio_trigger_new(c.l.registry, &c.trigger));
    handler_churn = &c;
    signal_handle(handler_fire);
    other = thread_start(handler_send, &sender);
    end = clock_ns() + 2 * CLOCK_S;
    for (unsigned n = 0; clock_ns() < end; n++)
        events += handler_round(&c, n);
    atomic_store(&c.stop, true);
    thread_join(other);
    printf("# %u signals, %u events\n", atomic_load(&handler_calls), events);
    CHECK_UINT(atomic_load(&handler_calls), >, 10);
    CHECK_UINT(events, >, 0);
    evio_trigger_free(c.trigger);
    loop_close(&c.l);
}

/* In a wait that never ends by itself: the signal or its trigger ends it. */
TEST(a_handler_fires_during_the_wait)
{
    struct churn c = {.trigger = NULL};
    unsigned interrupted = 0;
    unsigned events = 0;

    loop_open(&c.l, 4);
    CHECK_OK(evio_trigger_new(c.l.registry, &c.trigger));
    CHECK_OK(evio_register(c.l.registry, evio_trigger_source(c.trigger), 1,
                           EVIO_READABLE));
    handler_churn = &c;
    signal_handle(handler_fire);
    signal_every(2);
    while (events < 100) {
        struct taken taken;
        int r = evio_poll_wait(c.l.poll, c.l.events, EVIO_FOREVER);

        if (r < 0) {
            CHECK_KIND(r, INTERRUPTED);
            interrupted++;
        }
        events += taken_all(c.l.events, &taken);
    }
    signal_every(0);
    printf("# %u waits interrupted\n", interrupted);
    evio_trigger_free(c.trigger);
    loop_close(&c.l);
}
