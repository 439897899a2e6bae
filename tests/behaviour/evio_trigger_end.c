/* SPDX-License-Identifier: MIT */
/*
 * Promise: what a trigger refuses, with which code, and that nothing is
 * reported after a trigger, its registration or its poll has ended. What it
 * reports before is in evio_trigger.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/taken.h"

enum {
    END_TOKEN = 5
};

static evio_trigger *end_trigger(struct loop *l, uint32_t interest)
{
    evio_trigger *trigger = NULL;

    CHECK_OK(evio_trigger_new(l->registry, &trigger));
    if (interest != 0)
        CHECK_OK(evio_register(l->registry, evio_trigger_source(trigger),
                               END_TOKEN, interest));
    return trigger;
}

TEST(null_is_refused)
{
    struct loop l;
    evio_trigger *untouched = (evio_trigger *)&l;

    loop_open(&l, 4);
    CHECK_KIND(evio_trigger_new(NULL, &untouched), INVALID_INPUT);
    CHECK_KIND(evio_trigger_new(l.registry, NULL), INVALID_INPUT);
    CHECK_EQ_PTR(untouched, &l);
    CHECK_KIND(evio_trigger_fire(NULL, EVIO_READABLE), INVALID_INPUT);
    CHECK_KIND(evio_trigger_clear(NULL, EVIO_READABLE), INVALID_INPUT);
    CHECK(evio_trigger_source(NULL) == NULL);
    evio_trigger_free(NULL);
    loop_close(&l);
}

static const uint32_t end_bad[] = {
    0,
    EVIO_HANGUP,
    EVIO_LEVEL,
    EVIO_ONESHOT,
    EVIO_EXCLUSIVE,
    0x800u,
    0x10000u,
    0x20000u,
    0x40000u,
    0x80000000u,
    UINT32_MAX,
    EVIO_READABLE | 0x800u,
};

/* The bits beside a bad one are not fired either. */
TEST(bad_bits_are_refused)
{
    struct loop l;
    evio_trigger *trigger;

    loop_open(&l, 4);
    trigger = end_trigger(&l, EVIO_READABLE);
    for (size_t i = 0; i < sizeof(end_bad) / sizeof(end_bad[0]); i++) {
        CHECK_KIND(evio_trigger_fire(trigger, end_bad[i]), INVALID_INPUT);
        CHECK_KIND(evio_trigger_clear(trigger, end_bad[i]), INVALID_INPUT);
    }
    loop_lasts(&l);
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_KIND(evio_trigger_clear(trigger, EVIO_READABLE | 0x800u),
               INVALID_INPUT);
    CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    evio_trigger_free(trigger);
    loop_close(&l);
}

TEST(fired_before_registration)
{
    struct loop l;
    evio_trigger *trigger;

    loop_open(&l, 4);
    trigger = end_trigger(&l, 0);
    CHECK(!evio_source_is_registered(evio_trigger_source(trigger)));
    CHECK_KIND(evio_trigger_fire(trigger, EVIO_READABLE), NOT_FOUND);
    CHECK_KIND(evio_trigger_clear(trigger, EVIO_READABLE), NOT_FOUND);
    loop_lasts(&l);
    CHECK_OK(evio_register(l.registry, evio_trigger_source(trigger), END_TOKEN,
                           EVIO_READABLE));
    loop_lasts(&l);
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    evio_trigger_free(trigger);
    loop_close(&l);
}

TEST(fired_after_deregistration)
{
    struct loop l;
    evio_trigger *trigger;

    loop_open(&l, 4);
    trigger = end_trigger(&l, EVIO_READABLE);
    for (int i = 0; i < 20; i++) {
        loop_remove(&l, evio_trigger_source(trigger));
        CHECK_KIND(evio_trigger_fire(trigger, EVIO_READABLE), NOT_FOUND);
        loop_lasts(&l);
        CHECK_OK(evio_register(l.registry, evio_trigger_source(trigger),
                               END_TOKEN, EVIO_READABLE));
        loop_lasts(&l);
        CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
        CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    }
    evio_trigger_free(trigger);
    loop_close(&l);
}

TEST(registration_is_checked)
{
    struct loop l;
    evio_trigger *trigger;
    evio_source *source;

    loop_open(&l, 4);
    trigger = end_trigger(&l, 0);
    source = evio_trigger_source(trigger);
    CHECK_KIND(evio_register(l.registry, source, 1, 0), INVALID_INPUT);
    CHECK_KIND(evio_register(l.registry, source, 1, EVIO_ERROR), INVALID_INPUT);
    CHECK_KIND(evio_register(l.registry, source, 1,
                             EVIO_READABLE | EVIO_LEVEL | EVIO_ONESHOT),
               INVALID_INPUT);
    CHECK_KIND(evio_reregister(l.registry, source, 1, EVIO_READABLE),
               NOT_FOUND);
    CHECK_KIND(evio_deregister(l.registry, source), NOT_FOUND);
    CHECK_KIND(evio_again(source, EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_register(l.registry, source, END_TOKEN, EVIO_READABLE));
    CHECK_KIND(evio_register(l.registry, source, 1, EVIO_READABLE),
               ALREADY_EXISTS);
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    evio_trigger_free(trigger);
    loop_close(&l);
}

/* Unsupported, and nothing has changed: not on epoll, not on others. */
TEST(exclusive_is_unsupported)
{
    struct loop l;
    evio_trigger *trigger;
    evio_source *source;

    loop_open(&l, 4);
    trigger = end_trigger(&l, 0);
    source = evio_trigger_source(trigger);
    CHECK_KIND(evio_register(l.registry, source, END_TOKEN,
                             EVIO_READABLE | EVIO_EXCLUSIVE),
               UNSUPPORTED);
    CHECK_KIND(evio_register(l.registry, source, END_TOKEN,
                             EVIO_READABLE | EVIO_LEVEL | EVIO_EXCLUSIVE),
               UNSUPPORTED);
    CHECK(!evio_source_is_registered(source));
    CHECK_KIND(evio_trigger_fire(trigger, EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_register(l.registry, source, END_TOKEN, EVIO_READABLE));
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    evio_trigger_free(trigger);
    loop_close(&l);
}

TEST(another_registry_is_refused)
{
    struct loop l;
    struct loop other;
    evio_trigger *trigger;
    evio_source *source;

    loop_open(&l, 4);
    loop_open(&other, 4);
    trigger = end_trigger(&l, 0);
    source = evio_trigger_source(trigger);
    CHECK_KIND(evio_register(other.registry, source, 1, EVIO_READABLE),
               INVALID_INPUT);
    CHECK(!evio_source_is_registered(source));
    CHECK_OK(evio_register(l.registry, source, END_TOKEN, EVIO_READABLE));
    CHECK_KIND(evio_reregister(other.registry, source, 1, EVIO_READABLE),
               ALREADY_EXISTS);
    CHECK_KIND(evio_deregister(other.registry, source), ALREADY_EXISTS);
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    loop_lasts(&other);
    CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    evio_trigger_free(trigger);
    loop_close(&other);
    loop_close(&l);
}

/* Wherever the bits are when the registration ends, they end with it. */
static void end_is_silent(bool collected,
                          void (*end)(struct loop *l, evio_trigger *trigger))
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

    for (int m = 0; m < 3; m++) {
        struct loop l;
        evio_trigger *trigger;
        evio_event event;

        loop_open(&l, 4);
        trigger = end_trigger(&l, EVIO_READABLE | modes[m]);
        CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
        if (collected)
            CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
        end(&l, trigger);
        if (collected)
            CHECK(!evio_events_next(l.events, &event));
        loop_lasts(&l);
        loop_lasts(&l);
        CHECK_EQ_UINT(loop_stats(&l).events, 0);
        loop_close(&l);
    }
}

static void end_deregister(struct loop *l, evio_trigger *trigger)
{
    loop_remove(l, evio_trigger_source(trigger));
    loop_lasts(l);
    evio_trigger_free(trigger);
}

static void end_free(struct loop *l, evio_trigger *trigger)
{
    (void)l;
    evio_trigger_free(trigger);
}

static void end_forget(struct loop *l, evio_trigger *trigger)
{
    CHECK_OK(evio_source_forget(evio_trigger_source(trigger)));
    CHECK_KIND(evio_trigger_fire(trigger, EVIO_READABLE), NOT_FOUND);
    loop_lasts(l);
    evio_trigger_free(trigger);
}

TEST(deregistered_with_bits_pending)
{
    end_is_silent(false, end_deregister);
    end_is_silent(true, end_deregister);
}

TEST(freed_with_bits_pending)
{
    end_is_silent(false, end_free);
    end_is_silent(true, end_free);
}

TEST(forgotten_with_bits_pending)
{
    end_is_silent(false, end_forget);
    end_is_silent(true, end_forget);
}

/* Its memory may be another trigger's at once. */
TEST(the_next_trigger_is_not_reported_for_the_last)
{
    struct loop l;

    loop_open(&l, 4);
    for (int i = 0; i < 100; i++) {
        evio_trigger *trigger = end_trigger(&l, EVIO_READABLE);

        CHECK_EQ_UINT(loop_wait(&l, END_TOKEN, 0), 0);
        CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
        if (i % 2 == 0)
            CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 1);
        evio_trigger_free(trigger);
    }
    loop_lasts(&l);
    loop_close(&l);
}

TEST(a_trigger_of_a_freed_poll_cannot_be_made)
{
    struct loop l;
    evio_registry *registry;
    evio_trigger *trigger = NULL;

    loop_open(&l, 4);
    registry = evio_registry_ref(l.registry);
    loop_close(&l);
    CHECK_KIND(evio_trigger_new(registry, &trigger), BAD_DESCRIPTOR);
    CHECK(trigger == NULL);
    evio_registry_unref(registry);
}

/* It keeps the registry, so nobody else need hold it. */
TEST(a_trigger_outlives_its_poll)
{
    struct loop l;
    evio_trigger *triggers[2];
    evio_source *source;
    evio_registry *registry;

    loop_open(&l, 4);
    registry = l.registry;
    triggers[0] = end_trigger(&l, EVIO_READABLE);
    triggers[1] = end_trigger(&l, 0);
    CHECK_OK(evio_trigger_fire(triggers[0], EVIO_READABLE));
    loop_close(&l);
    source = evio_trigger_source(triggers[1]);
    CHECK_KIND(evio_trigger_fire(triggers[1], EVIO_READABLE), NOT_FOUND);
    CHECK_KIND(evio_register(registry, source, 1, EVIO_READABLE),
               BAD_DESCRIPTOR);
    source = evio_trigger_source(triggers[0]);
    CHECK_OK(evio_deregister(registry, source));
    CHECK_KIND(evio_trigger_fire(triggers[0], EVIO_READABLE), NOT_FOUND);
    evio_trigger_free(triggers[0]);
    evio_trigger_free(triggers[1]);
}

/* A source of any sort cannot change any more. */
TEST(reregistered_after_the_poll_was_freed)
{
    struct loop l;
    struct peer p;
    evio_trigger *trigger;
    evio_registry *registry;

    loop_open(&l, 4);
    registry = evio_registry_ref(l.registry);
    trigger = end_trigger(&l, EVIO_READABLE);
    peer_open(&l, &p, 1, EVIO_READABLE);
    loop_close(&l);
    CHECK_KIND(evio_reregister(registry, &p.source, 1, EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_reregister(registry, evio_trigger_source(trigger), 1,
                               EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK_OK(evio_deregister(registry, &p.source));
    peer_close_fds(&p);
    evio_trigger_free(trigger);
    evio_registry_unref(registry);
}

/* Nobody is left to wake, and nothing breaks: 0, or one of the two codes that
 * trigger.h and source.h have for it. */
TEST(fired_after_the_poll_was_freed)
{
    struct loop l;
    evio_trigger *trigger;
    int r;

    loop_open(&l, 4);
    trigger = end_trigger(&l, EVIO_READABLE);
    loop_close(&l);
    for (int i = 0; i < 3; i++) {
        r = evio_trigger_fire(trigger, EVIO_READABLE);
        CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_NOT_FOUND ||
              libsock_kind(r) == LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    CHECK_KIND(evio_trigger_fire(trigger, 0), INVALID_INPUT);
    CHECK_KIND(evio_again(evio_trigger_source(trigger), EVIO_READABLE),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_rearm(evio_trigger_source(trigger), EVIO_READABLE),
               BAD_DESCRIPTOR);
    evio_trigger_free(trigger);
}

static evio_trigger *end_of_signal;

static void end_on_signal(void)
{
    errno = 4711;
    if (evio_trigger_fire(end_of_signal, EVIO_READABLE) < 0 || errno != 4711)
        check_fail(__FILE__, __LINE__, "fire in a handler: errno %d", errno);
}

TEST(a_handler_that_fires_keeps_errno)
{
    struct loop l;
    int r;

    loop_open(&l, 4);
    end_of_signal = end_trigger(&l, EVIO_READABLE);
    signal_handle(end_on_signal);
    signal_raise();
    CHECK_EQ_UINT(taken_one(&l, END_TOKEN).readiness, EVIO_READABLE);
    signal_every(20);
    r = evio_poll_wait(l.poll, l.events, EVIO_FOREVER);
    signal_every(0);
    CHECK(r == 1 || libsock_kind(r) == LIBSOCK_KIND_INTERRUPTED);
    CHECK_EQ_UINT(loop_wait(&l, END_TOKEN, 0), EVIO_READABLE);
    evio_trigger_free(end_of_signal);
    loop_close(&l);
}

static long end_blocks;
static long end_calls;

static void *end_alloc(void *ctx, size_t n)
{
    (void)ctx;
    end_blocks++;
    end_calls++;
    return malloc(n);
}

static void end_release(void *ctx, void *p)
{
    (void)ctx;
    if (p != NULL)
        end_blocks--;
    free(p);
}

static void end_storm(struct loop *l, evio_trigger *const *triggers)
{
    evio_event event;

    for (unsigned i = 0; i < 100000; i++) {
        CHECK_OK(evio_trigger_fire(triggers[i % 10],
                                   i % 3 == 0 ? EVIO_READABLE : EVIO_WRITABLE));
        if (i % 1000 == 0)
            CHECK_EQ_INT(evio_poll_wait(l->poll, l->events, 0), 4);
        if (i % 3000 == 0)
            CHECK(evio_events_next(l->events, &event));
    }
}

/* However often they are fired, and whoever takes the events. */
TEST(memory_is_bounded)
{
    evio_allocator allocator = {sizeof(allocator), end_alloc, end_release,
                                NULL};
    struct loop l;
    evio_trigger *triggers[10];
    long calls;

    CHECK_OK(evio_set_allocator(&allocator));
    loop_open(&l, 4);
    for (unsigned i = 0; i < 10; i++) {
        triggers[i] = end_trigger(&l, LOOP_RW);
        CHECK_OK(evio_trigger_fire(triggers[i], EVIO_READABLE));
    }
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 4);
    calls = end_calls;
    CHECK_INT(calls, >, 10);
    end_storm(&l, triggers);
    CHECK_EQ_INT(end_calls, calls);
    for (unsigned i = 0; i < 10; i++)
        evio_trigger_free(triggers[i]);
    loop_close(&l);
    CHECK_EQ_INT(end_blocks, 0);
}

/* In any order, with bits pending, nothing is left. */
TEST(ends_in_any_order)
{
    evio_allocator allocator = {sizeof(allocator), end_alloc, end_release,
                                NULL};

    CHECK_OK(evio_set_allocator(&allocator));
    for (unsigned order = 0; order < 8; order++) {
        struct loop l;
        evio_trigger *a;
        evio_trigger *b;

        loop_open(&l, 4);
        a = end_trigger(&l, EVIO_READABLE);
        b = end_trigger(&l, EVIO_READABLE | EVIO_LEVEL);
        CHECK_OK(evio_trigger_fire(a, EVIO_READABLE));
        CHECK_OK(evio_trigger_fire(b, EVIO_READABLE));
        if ((order & 1) != 0)
            CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, 0), 2);
        if ((order & 2) != 0)
            evio_trigger_free(a);
        if ((order & 4) != 0)
            evio_events_free(l.events);
        evio_poll_free(l.poll);
        evio_trigger_free(b);
        if ((order & 2) == 0)
            evio_trigger_free(a);
        if ((order & 4) == 0)
            evio_events_free(l.events);
        CHECK_EQ_INT(end_blocks, 0);
    }
}
