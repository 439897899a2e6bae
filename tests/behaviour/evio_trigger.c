/* SPDX-License-Identifier: MIT */
/*
 * Promise: a trigger reports the bits that were fired, in each mode as
 * trigger.h has it, and keeps those that the interest does not have. What is
 * refused, and how triggers end, is in evio_trigger_end.c; threads are in
 * stress/evio_trigger_threads.c.
 */
#include "support/check.h"
#include "support/loop.h"
#include "support/taken.h"
#include "support/thread.h"

enum {
    TRIGGER_TOKEN = 5
};

#define TRIGGER_ALL \
 ((uint32_t)EVIO_READABLE | EVIO_PRIORITY | EVIO_WRITABLE | EVIO_CLOSED)

struct fixture {
    struct loop l;
    evio_trigger *trigger;
};

static int trigger_register(struct fixture *t, uint64_t token,
                            uint32_t interest)
{
    return evio_register(t->l.registry, evio_trigger_source(t->trigger), token,
                         interest);
}

static int trigger_reregister(struct fixture *t, uint64_t token,
                              uint32_t interest)
{
    return evio_reregister(t->l.registry, evio_trigger_source(t->trigger),
                           token, interest);
}

static void trigger_open(struct fixture *t, uint32_t interest)
{
    loop_open(&t->l, 8);
    CHECK_OK(evio_trigger_new(t->l.registry, &t->trigger));
    CHECK_OK(trigger_register(t, TRIGGER_TOKEN, interest));
}

static void trigger_close(struct fixture *t)
{
    evio_trigger_free(t->trigger);
    loop_close(&t->l);
}

static void trigger_fire(struct fixture *t, uint32_t bits)
{
    CHECK_OK(evio_trigger_fire(t->trigger, bits));
}

static void trigger_expect(struct fixture *t, uint32_t bits)
{
    evio_event event = taken_one(&t->l, TRIGGER_TOKEN);

    CHECK_EQ_UINT(event.readiness, bits);
    CHECK_EQ_UINT(event.detail, 0);
}

static const uint32_t trigger_directions[] = {EVIO_READABLE, EVIO_PRIORITY,
                                              EVIO_WRITABLE, EVIO_CLOSED};
static const uint32_t trigger_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

TEST(silent_until_it_is_fired)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;

        trigger_open(&t, TRIGGER_ALL | trigger_modes[m]);
        loop_lasts(&t.l);
        CHECK_OK(trigger_reregister(&t, 6, TRIGGER_ALL | trigger_modes[m]));
        loop_lasts(&t.l);
        trigger_close(&t);
    }
}

TEST(each_direction_in_each_mode)
{
    for (int i = 0; i < 12; i++) {
        uint32_t bit = trigger_directions[i / 3];
        struct fixture t;

        trigger_open(&t, bit | trigger_modes[i % 3]);
        trigger_fire(&t, bit);
        trigger_expect(&t, bit);
        trigger_close(&t);
    }
}

TEST(an_edge_takes_the_bits)
{
    struct fixture t;

    trigger_open(&t, TRIGGER_ALL);
    for (int i = 0; i < 100; i++) {
        trigger_fire(&t, EVIO_READABLE);
        trigger_expect(&t, EVIO_READABLE);
        CHECK_EQ_UINT(loop_wait(&t.l, TRIGGER_TOKEN, 0), 0);
    }
    loop_lasts(&t.l);
    trigger_close(&t);
}

TEST(fired_twice_is_fired_once)
{
    struct fixture t;

    trigger_open(&t, TRIGGER_ALL);
    for (int i = 0; i < 1000; i++)
        trigger_fire(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    trigger_close(&t);
}

TEST(bits_add_up)
{
    struct fixture t;

    trigger_open(&t, TRIGGER_ALL);
    trigger_fire(&t, EVIO_READABLE);
    trigger_fire(&t, EVIO_CLOSED);
    trigger_expect(&t, (uint32_t)EVIO_READABLE | EVIO_CLOSED);
    trigger_fire(&t, TRIGGER_ALL);
    trigger_expect(&t, TRIGGER_ALL);
    loop_lasts(&t.l);
    trigger_close(&t);
}

/* Fired while an event of it is in the buffer: one event or two, all bits. */
TEST(fired_while_an_event_is_not_taken_yet)
{
    struct fixture t;
    struct taken taken;
    uint32_t bits;
    uint32_t more;

    trigger_open(&t, TRIGGER_ALL);
    for (int i = 0; i < 20; i++) {
        trigger_fire(&t, EVIO_READABLE);
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
        trigger_fire(&t, EVIO_WRITABLE);
        taken_all(t.l.events, &taken);
        CHECK_EQ_UINT(taken_of(&taken, TRIGGER_TOKEN, &bits), 1);
        taken_wait(&t.l, 0, &taken);
        taken_of(&taken, TRIGGER_TOKEN, &more);
        CHECK_EQ_UINT(bits | more, LOOP_RW);
        loop_lasts(&t.l);
    }
    trigger_close(&t);
}

/* What comes after the bits were taken is new. */
TEST(fired_after_the_event_was_taken)
{
    struct fixture t;
    evio_event event;

    trigger_open(&t, TRIGGER_ALL);
    trigger_fire(&t, EVIO_READABLE);
    for (int i = 0; i < 50; i++) {
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
        CHECK(evio_events_next(t.l.events, &event));
        CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
        trigger_fire(&t, EVIO_READABLE);
        CHECK(!evio_events_next(t.l.events, &event));
    }
    trigger_expect(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    trigger_close(&t);
}

TEST(a_oneshot_waits_for_reregister)
{
    struct fixture t;

    trigger_open(&t, TRIGGER_ALL | EVIO_ONESHOT);
    trigger_fire(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    trigger_fire(&t, EVIO_WRITABLE);
    trigger_fire(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN, TRIGGER_ALL | EVIO_ONESHOT));
    trigger_expect(&t, LOOP_RW);
    loop_lasts(&t.l);
    CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN, TRIGGER_ALL | EVIO_ONESHOT));
    loop_lasts(&t.l);
    trigger_close(&t);
}

/* A oneshot is disarmed by the event, not by what is fired. */
TEST(a_oneshot_that_becomes_an_edge)
{
    struct fixture t;

    trigger_open(&t, EVIO_READABLE | EVIO_ONESHOT);
    trigger_fire(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    trigger_fire(&t, EVIO_READABLE);
    CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN, EVIO_READABLE));
    trigger_expect(&t, EVIO_READABLE);
    trigger_fire(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    trigger_close(&t);
}

TEST(a_level_lasts_until_it_is_cleared)
{
    struct fixture t;

    trigger_open(&t, TRIGGER_ALL | EVIO_LEVEL);
    trigger_fire(&t, LOOP_RW);
    for (int i = 0; i < 20; i++)
        trigger_expect(&t, LOOP_RW);
    CHECK_OK(evio_trigger_clear(t.trigger, EVIO_READABLE));
    for (int i = 0; i < 20; i++)
        trigger_expect(&t, EVIO_WRITABLE);
    CHECK_OK(evio_trigger_clear(t.trigger, TRIGGER_ALL));
    loop_lasts(&t.l);
    CHECK_OK(evio_trigger_clear(t.trigger, TRIGGER_ALL));
    loop_lasts(&t.l);
    trigger_fire(&t, EVIO_PRIORITY);
    trigger_expect(&t, EVIO_PRIORITY);
    trigger_expect(&t, EVIO_PRIORITY);
    trigger_close(&t);
}

/* The bit is gone before the event that was collected for it is taken. */
TEST(cleared_while_an_event_is_in_the_buffer)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;
        struct taken taken;
        uint32_t bits;

        trigger_open(&t, TRIGGER_ALL | trigger_modes[m]);
        trigger_fire(&t, LOOP_RW);
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
        CHECK_OK(evio_trigger_clear(t.trigger, EVIO_READABLE));
        taken_all(t.l.events, &taken);
        CHECK_EQ_UINT(taken_of(&taken, TRIGGER_TOKEN, &bits), 1);
        CHECK_EQ_UINT(bits, EVIO_WRITABLE);
        trigger_close(&t);
    }
}

TEST(cleared_before_the_wait)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;

        trigger_open(&t, TRIGGER_ALL | trigger_modes[m]);
        trigger_fire(&t, LOOP_RW);
        CHECK_OK(evio_trigger_clear(t.trigger, EVIO_READABLE));
        trigger_expect(&t, EVIO_WRITABLE);
        CHECK_OK(evio_trigger_clear(t.trigger, TRIGGER_ALL));
        loop_lasts(&t.l);
        CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN, TRIGGER_ALL));
        loop_lasts(&t.l);
        trigger_close(&t);
    }
}

/* A level changed to an edge: its bits come once more, and are taken. */
TEST(a_level_that_becomes_an_edge)
{
    struct fixture t;

    trigger_open(&t, EVIO_READABLE | EVIO_LEVEL);
    trigger_fire(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN, EVIO_READABLE));
    trigger_expect(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN, EVIO_READABLE | EVIO_LEVEL));
    loop_lasts(&t.l);
    trigger_close(&t);
}

TEST(bits_outside_of_the_interest_stay)
{
    for (int m = 0; m < 3; m++) {
        struct fixture t;

        trigger_open(&t, EVIO_READABLE | trigger_modes[m]);
        trigger_fire(&t, EVIO_WRITABLE);
        loop_lasts(&t.l);
        trigger_fire(&t, LOOP_RW);
        trigger_expect(&t, EVIO_READABLE);
        CHECK_OK(evio_trigger_clear(t.trigger, EVIO_READABLE));
        loop_lasts(&t.l);
        CHECK_OK(trigger_reregister(&t, TRIGGER_TOKEN,
                                    EVIO_WRITABLE | trigger_modes[m]));
        trigger_expect(&t, EVIO_WRITABLE);
        CHECK_OK(evio_trigger_clear(t.trigger, EVIO_WRITABLE));
        loop_lasts(&t.l);
        trigger_close(&t);
    }
}

/* Waits that find nothing but such bits do not spin. */
TEST(bits_outside_of_the_interest_cost_no_rounds)
{
    struct fixture t;

    trigger_open(&t, EVIO_READABLE | EVIO_LEVEL);
    trigger_fire(&t, EVIO_WRITABLE);
    for (int i = 0; i < 10; i++)
        loop_lasts(&t.l);
    CHECK_UINT(loop_stats(&t.l).empty, <=, 10);
    CHECK_EQ_UINT(loop_stats(&t.l).events, 0);
    trigger_close(&t);
}

TEST(hints_come_with_their_directions)
{
    const uint32_t hints =
        (uint32_t)EVIO_ERROR | EVIO_READ_CLOSED | EVIO_WRITE_CLOSED;
    struct fixture t;

    trigger_open(&t, TRIGGER_ALL);
    trigger_fire(&t, TRIGGER_ALL | hints);
    trigger_expect(&t, TRIGGER_ALL | hints);
    loop_lasts(&t.l);
    trigger_fire(&t, (uint32_t)EVIO_READABLE | EVIO_READ_CLOSED);
    trigger_expect(&t, (uint32_t)EVIO_READABLE | EVIO_READ_CLOSED);
    trigger_fire(&t, (uint32_t)EVIO_WRITABLE | EVIO_WRITE_CLOSED);
    trigger_expect(&t, (uint32_t)EVIO_WRITABLE | EVIO_WRITE_CLOSED);
    loop_lasts(&t.l);
    trigger_close(&t);
}

/* A hint alone is an event; it is taken by it. */
TEST(a_hint_alone)
{
    const uint32_t hints[] = {EVIO_ERROR, EVIO_READ_CLOSED, EVIO_WRITE_CLOSED};

    for (int i = 0; i < 3; i++) {
        struct fixture t;

        trigger_open(&t, TRIGGER_ALL);
        trigger_fire(&t, hints[i]);
        CHECK_UINT(taken_one(&t.l, TRIGGER_TOKEN).readiness & hints[i], !=, 0);
        loop_lasts(&t.l);
        trigger_close(&t);
    }
}

TEST(read_closed_does_not_come_to_who_only_writes)
{
    struct fixture t;

    trigger_open(&t, EVIO_WRITABLE);
    trigger_fire(&t, (uint32_t)EVIO_WRITABLE | EVIO_READ_CLOSED);
    trigger_expect(&t, EVIO_WRITABLE);
    loop_lasts(&t.l);
    trigger_close(&t);
}

TEST(a_new_token)
{
    struct fixture t;

    trigger_open(&t, EVIO_READABLE);
    trigger_fire(&t, EVIO_READABLE);
    CHECK_OK(trigger_reregister(&t, 77, EVIO_READABLE));
    CHECK_EQ_UINT(taken_one(&t.l, 77).readiness, EVIO_READABLE);
    trigger_fire(&t, EVIO_READABLE);
    CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), 1);
    CHECK_OK(trigger_reregister(&t, 78, EVIO_READABLE));
    CHECK_EQ_UINT(loop_wait(&t.l, 78, LOOP_PATIENCE), EVIO_READABLE);
    loop_lasts(&t.l);
    trigger_close(&t);
}

static void trigger_call(void *arg)
{
    struct fixture *t = arg;

    trigger_fire(t, EVIO_READABLE);
}

TEST(another_thread_ends_the_wait)
{
    struct fixture t;

    trigger_open(&t, EVIO_READABLE);
    for (int i = 0; i < 200; i++) {
        thread *other = thread_start(trigger_call, &t);

        CHECK_EQ_UINT(loop_wait(&t.l, TRIGGER_TOKEN, EVIO_FOREVER),
                      EVIO_READABLE);
        thread_join(other);
    }
    loop_lasts(&t.l);
    trigger_close(&t);
}

/* Its source can do what any source can. */
TEST(again_and_rearm_of_its_source)
{
    struct fixture t;
    evio_source *source;

    trigger_open(&t, EVIO_READABLE | EVIO_ONESHOT);
    source = evio_trigger_source(t.trigger);
    CHECK(evio_source_is_registered(source));
    CHECK_OK(evio_rearm(source, EVIO_READABLE));
    loop_lasts(&t.l);
    trigger_fire(&t, EVIO_READABLE);
    trigger_expect(&t, EVIO_READABLE);
    CHECK_OK(evio_again(source, EVIO_READABLE));
    trigger_expect(&t, EVIO_READABLE);
    loop_lasts(&t.l);
    trigger_close(&t);
}

enum {
    TRIGGER_MANY = 20
};

/* In the order in which they were fired, in pieces. */
static void trigger_many(size_t capacity)
{
    struct loop l;
    evio_trigger *triggers[TRIGGER_MANY];
    struct taken taken;
    unsigned next = 0;

    loop_open(&l, capacity);
    for (unsigned i = 0; i < TRIGGER_MANY; i++) {
        CHECK_OK(evio_trigger_new(l.registry, &triggers[i]));
        CHECK_OK(evio_register(l.registry, evio_trigger_source(triggers[i]), i,
                               EVIO_READABLE));
    }
    for (unsigned i = 0; i < TRIGGER_MANY; i++)
        CHECK_OK(evio_trigger_fire(triggers[i], EVIO_READABLE));
    while (next < TRIGGER_MANY) {
        CHECK_UINT(taken_wait(&l, LOOP_PATIENCE, &taken), >, 0);
        for (unsigned i = 0; i < taken.n; i++)
            CHECK_EQ_UINT(taken.events[i].token, next++);
    }
    loop_lasts(&l);
    for (unsigned i = 0; i < TRIGGER_MANY; i++)
        evio_trigger_free(triggers[i]);
    loop_close(&l);
}

TEST(many_come_in_order)
{
    trigger_many(64);
    trigger_many(1);
    trigger_many(7);
}

/* Levels that last fill each buffer; each is reported, a descriptor too. */
TEST(levels_are_fair)
{
    struct loop l;
    struct peer p;
    evio_trigger *triggers[TRIGGER_MANY];
    unsigned seen[TRIGGER_MANY + 1] = {0};
    struct taken taken;

    loop_open(&l, 3);
    peer_open(&l, &p, TRIGGER_MANY, EVIO_READABLE | EVIO_LEVEL);
    peer_send(&p, 1);
    for (unsigned i = 0; i < TRIGGER_MANY; i++) {
        CHECK_OK(evio_trigger_new(l.registry, &triggers[i]));
        CHECK_OK(evio_register(l.registry, evio_trigger_source(triggers[i]), i,
                               EVIO_READABLE | EVIO_LEVEL));
        CHECK_OK(evio_trigger_fire(triggers[i], EVIO_READABLE));
    }
    for (unsigned got = 0; got < 10 * TRIGGER_MANY; got += taken.n) {
        CHECK_UINT(taken_wait(&l, LOOP_PATIENCE, &taken), >, 0);
        for (unsigned i = 0; i < taken.n; i++)
            seen[taken.events[i].token]++;
    }
    for (unsigned i = 0; i <= TRIGGER_MANY; i++)
        CHECK_UINT(seen[i], >=, 5);
    for (unsigned i = 0; i < TRIGGER_MANY; i++)
        evio_trigger_free(triggers[i]);
    peer_close(&l, &p);
    loop_close(&l);
}
