/* SPDX-License-Identifier: MIT */
/*
 * Posted readiness over a selector that reports what the test tells it to:
 * order, fairness, merging, and what becomes of what ended or changed. Who
 * holds a slot is tested in held.c, many threads in posted_threads.c.
 * Guarded as fake_selector.h says.
 */
#include "fake_selector.h"

#include <libevio/trigger.h>

enum {
    POSTED_MANY = 10
};

static struct loop posted_loop;
static evio_waker *posted_wakers[POSTED_MANY];

/* Wakers with the tokens 0, 1, 2... */
static void posted_open(size_t capacity)
{
    fake_open(&posted_loop, capacity);
    for (unsigned i = 0; i < POSTED_MANY; i++)
        CHECK_OK(evio_waker_new(posted_loop.registry, i, &posted_wakers[i]));
}

static void posted_close(void)
{
    for (unsigned i = 0; i < POSTED_MANY; i++)
        evio_waker_free(posted_wakers[i]);
    fake_close(&posted_loop);
}

static void posted_wake(unsigned i)
{
    CHECK_OK(evio_wake(posted_wakers[i]));
}

/* --- order ------------------------------------------------------------------
 */

TEST(first_in_is_first_out)
{
    const unsigned order[POSTED_MANY] = {7, 2, 9, 0, 1, 8, 3, 6, 5, 4};

    posted_open(POSTED_MANY);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < POSTED_MANY; i++)
            posted_wake(order[i]);
        CHECK_EQ_INT(fake_check(&posted_loop), POSTED_MANY);
        for (int i = 0; i < POSTED_MANY; i++)
            CHECK_EQ_UINT(fake_next(&posted_loop, order[i]), EVIO_READABLE);
        fake_no_next(&posted_loop);
    }
    CHECK_EQ_INT(fake_check(&posted_loop), 0);
    CHECK_EQ_UINT(fake.signals, 0);
    posted_close();
}

/* What did not fit comes next, before what is posted meanwhile. */
TEST(the_order_holds_over_several_waits)
{
    posted_open(3);
    for (unsigned i = 0; i < 7; i++)
        posted_wake(i);
    CHECK_EQ_INT(fake_check(&posted_loop), 3);
    for (unsigned i = 0; i < 3; i++)
        CHECK_EQ_UINT(fake_next(&posted_loop, i), EVIO_READABLE);
    posted_wake(1);
    posted_wake(9);
    for (unsigned i = 3; i < 7; i++) {
        if (i % 3 == 0)
            CHECK_EQ_INT(evio_poll_wait(posted_loop.poll, posted_loop.events,
                                        EVIO_FOREVER),
                         3);
        CHECK_EQ_UINT(fake_next(&posted_loop, i), EVIO_READABLE);
    }
    CHECK_EQ_UINT(fake_next(&posted_loop, 1), EVIO_READABLE);
    CHECK_EQ_UINT(fake_next(&posted_loop, 9), EVIO_READABLE);
    CHECK_EQ_INT(fake_check(&posted_loop), 0);
    CHECK_EQ_UINT(fake.blocked, 0);
    posted_close();
}

/* Of two that are always ready, each has its turn in every second wait. */
TEST(neither_kernel_nor_posts_starve_at_capacity_one)
{
    unsigned kernel = 0;
    evio_source source;
    evio_event event;

    posted_open(1);
    const evio__record *record =
        fake_register(&posted_loop, &source, 10, 99, EVIO_READABLE);
    for (int i = 0; i < 100; i++) {
        posted_wake(0);
        if (fake.n_queue == 0)
            fake_report_ready(record, EVIO__IN);
        CHECK_EQ_INT(fake_check(&posted_loop), 1);
        CHECK(evio_events_next(posted_loop.events, &event));
        kernel += event.token == 99;
    }
    CHECK_UINT(kernel, >=, 49);
    CHECK_UINT(kernel, <=, 51);
    loop_remove(&posted_loop, &source);
    posted_close();
}

/* Each of them could fill every batch. */
TEST(neither_starves_at_any_capacity)
{
    for (size_t capacity = 2; capacity <= 5; capacity++) {
        evio_source sources[5];
        const evio__record *records[5];
        unsigned seen[2] = {0, 0};
        evio_event event;

        posted_open(capacity);
        for (unsigned i = 0; i < capacity; i++)
            records[i] = fake_register(&posted_loop, &sources[i], 10 + (int)i,
                                       100, EVIO_READABLE);
        for (int round = 0; round < 60; round++) {
            for (unsigned i = 0; i < capacity; i++) {
                posted_wake(i);
                if (fake.n_queue < capacity)
                    fake_report_ready(records[i], EVIO__IN);
            }
            CHECK_EQ_INT(fake_check(&posted_loop), capacity);
            while (evio_events_next(posted_loop.events, &event))
                seen[event.token == 100]++;
        }
        CHECK_EQ_UINT(seen[0] + seen[1], 60 * capacity);
        CHECK_UINT(seen[0], >=, 20 * capacity);
        CHECK_UINT(seen[1], >=, 20 * capacity);
        for (unsigned i = 0; i < capacity; i++)
            loop_remove(&posted_loop, &sources[i]);
        posted_close();
    }
}

TEST(one_wait_has_both)
{
    evio_source source;

    posted_open(8);
    const evio__record *record =
        fake_register(&posted_loop, &source, 10, 99, EVIO_READABLE);
    posted_wake(3);
    fake_report_ready(record, EVIO__IN);
    CHECK_EQ_INT(
        evio_poll_wait(posted_loop.poll, posted_loop.events, EVIO_FOREVER), 2);
    CHECK_EQ_UINT(fake.timeout_ns, 0);
    CHECK_EQ_UINT(fake_next(&posted_loop, 3), EVIO_READABLE);
    CHECK_EQ_UINT(fake_next(&posted_loop, 99), EVIO_READABLE);
    fake_no_next(&posted_loop);
    loop_remove(&posted_loop, &source);
    posted_close();
}

/* --- merging ----------------------------------------------------------------
 */

TEST(posting_again_is_one_event_with_all_bits)
{
    evio_source source;

    posted_open(4);
    evio__record *record =
        fake_register(&posted_loop, &source, 10, 99, LOOP_RW | EVIO_PRIORITY);
    CHECK_OK(evio__post(posted_loop.registry, record, EVIO_READABLE));
    CHECK_OK(evio__post(posted_loop.registry, record, EVIO_READABLE));
    CHECK_OK(evio__post(posted_loop.registry, record, EVIO_PRIORITY));
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    /* In the batch, and still one. */
    CHECK_OK(evio__post(posted_loop.registry, record, EVIO_WRITABLE));
    CHECK_EQ_UINT(fake_next(&posted_loop, 99), LOOP_RW | EVIO_PRIORITY);
    fake_no_next(&posted_loop);
    CHECK_EQ_INT(fake_check(&posted_loop), 0);
    /* From here on it is another. */
    CHECK_OK(evio__post(posted_loop.registry, record, EVIO_READABLE));
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK_EQ_UINT(fake_next(&posted_loop, 99), EVIO_READABLE);
    loop_remove(&posted_loop, &source);
    posted_close();
}

/* The selector's own bits come with what it posted; a waker has none. */
TEST(detail_comes_with_the_bits)
{
    const uint32_t bits = EVIO__IN | EVIO__HUP | EVIO__RDHUP;
    evio_source source;
    evio_event event;

    posted_open(4);
    evio__record *record =
        fake_register(&posted_loop, &source, 10, 99, LOOP_RW);
    CHECK_OK(evio__post(posted_loop.registry, record,
                        (uint32_t)EVIO_READABLE |
                            bits << EVIO__POSTED_DETAIL_SHIFT));
    posted_wake(0);
    CHECK_EQ_INT(fake_check(&posted_loop), 2);
    CHECK(evio_events_next(posted_loop.events, &event));
    CHECK_EQ_UINT(event.token, 99);
    CHECK_EQ_UINT(event.detail, bits);
    CHECK(evio_events_next(posted_loop.events, &event));
    CHECK_EQ_UINT(event.detail, 0);
    CHECK_OK(evio__post(posted_loop.registry, record, EVIO_READABLE));
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK(evio_events_next(posted_loop.events, &event));
    CHECK_EQ_UINT(event.detail, 0);
    loop_remove(&posted_loop, &source);
    posted_close();
}

/* --- what was left, ended, changed ------------------------------------------
 */

/* Left in the buffer: an edge and a oneshot come again, a level does not: the
 * selector reports it by itself. */
TEST(what_was_left_comes_again)
{
    const uint32_t modes[] = {EVIO_EDGE, EVIO_ONESHOT, EVIO_LEVEL};
    evio_source sources[3];
    evio_event event;

    posted_open(8);
    for (unsigned i = 0; i < 3; i++)
        fake_report_ready(fake_register(&posted_loop, &sources[i], 10 + (int)i,
                                        100 + i, EVIO_READABLE | modes[i]),
                          EVIO__IN | EVIO__HUP);
    posted_wake(0);
    CHECK_EQ_INT(fake_check(&posted_loop), 4);
    for (int i = 0; i < 3; i++)
        CHECK_EQ_INT(
            evio_poll_wait(posted_loop.poll, posted_loop.events, EVIO_FOREVER),
            3);
    CHECK_EQ_UINT(fake_next(&posted_loop, 0), EVIO_READABLE);
    for (unsigned i = 0; i < 2; i++) {
        CHECK(evio_events_next(posted_loop.events, &event));
        CHECK_EQ_UINT(event.token, 100 + i);
        CHECK_EQ_UINT(event.readiness, (uint32_t)EVIO_READABLE |
                                           EVIO_READ_CLOSED |
                                           EVIO_WRITE_CLOSED);
        CHECK_EQ_UINT(event.detail, EVIO__IN | EVIO__HUP);
    }
    fake_no_next(&posted_loop);
    for (unsigned i = 0; i < 3; i++)
        loop_remove(&posted_loop, &sources[i]);
    posted_close();
}

/* The kernel has disarmed it, so a fork must not arm it again. */
TEST(a_oneshot_that_was_left_has_fired)
{
    evio_source source;

    posted_open(4);
    const evio__record *record = fake_register(
        &posted_loop, &source, 10, 99, (uint32_t)EVIO_READABLE | EVIO_ONESHOT);
    fake_report_ready(record, EVIO__IN);
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK_EQ_UINT(fake_next(&posted_loop, 99), EVIO_READABLE);
    CHECK_EQ_UINT(evio__load32(&record->posted), EVIO__POSTED_FIRED);
    loop_remove(&posted_loop, &source);
    posted_close();
}

/* evio_again() re-arms nothing, and disarms nothing. */
TEST(a_oneshot_that_was_posted_has_not_fired)
{
    evio_source source;

    posted_open(4);
    const evio__record *record = fake_register(
        &posted_loop, &source, 10, 99, (uint32_t)EVIO_READABLE | EVIO_ONESHOT);
    CHECK_OK(evio_again(&source, EVIO_READABLE));
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK_EQ_UINT(fake_next(&posted_loop, 99), EVIO_READABLE);
    CHECK_EQ_UINT(evio__load32(&record->posted), 0);
    loop_remove(&posted_loop, &source);
    posted_close();
}

/* On the list, in the queue, and in the batch. */
TEST(what_ended_is_dropped_and_counted)
{
    posted_open(2);
    for (int where = 0; where < 3; where++) {
        evio_source source;
        evio__record *record;

        fake.n_queue = 0;
        record = fake_register(&posted_loop, &source, 10, 99, EVIO_READABLE);
        if (where == 1) {
            posted_wake(0);
            posted_wake(1);
        }
        CHECK_OK(evio__post(posted_loop.registry, record, EVIO_READABLE));
        if (where > 0)
            CHECK_INT(fake_check(&posted_loop), >=, 1);
        loop_remove(&posted_loop, &source);
        if (where == 1) {
            CHECK_EQ_UINT(fake_next(&posted_loop, 0), EVIO_READABLE);
            CHECK_EQ_UINT(fake_next(&posted_loop, 1), EVIO_READABLE);
        }
        fake_no_next(&posted_loop);
        CHECK_EQ_INT(fake_check(&posted_loop), 0);
        CHECK_EQ_UINT(fake_stats(&posted_loop).stale, where + 1);
    }
    posted_close();
}

TEST(what_changed_is_dropped)
{
    posted_open(2);
    for (int in_batch = 0; in_batch < 2; in_batch++) {
        evio_source source;
        evio__record *record =
            fake_register(&posted_loop, &source, 10, 99, EVIO_READABLE);

        CHECK_OK(evio__post(posted_loop.registry, record, EVIO_READABLE));
        if (in_batch)
            CHECK_EQ_INT(fake_check(&posted_loop), 1);
        CHECK_OK(evio_reregister(posted_loop.registry, &source, 98, LOOP_RW));
        fake_no_next(&posted_loop);
        CHECK_EQ_INT(fake_check(&posted_loop), 0);
        /* And it can be posted as ever. */
        CHECK_EQ_UINT(evio__load32(&record->posted), 0);
        CHECK_OK(evio_again(&source, EVIO_WRITABLE));
        CHECK_EQ_INT(fake_check(&posted_loop), 1);
        CHECK_EQ_UINT(fake_next(&posted_loop, 98), EVIO_WRITABLE);
        loop_remove(&posted_loop, &source);
    }
    posted_close();
}

/* A waker that goes while it is posted, wherever that is. */
TEST(a_freed_waker_is_dropped)
{
    for (int in_batch = 0; in_batch < 2; in_batch++) {
        posted_open(4);
        posted_wake(0);
        posted_wake(1);
        if (in_batch)
            CHECK_EQ_INT(fake_check(&posted_loop), 2);
        evio_waker_free(posted_wakers[0]);
        posted_wakers[0] = NULL;
        if (!in_batch)
            CHECK_EQ_INT(fake_check(&posted_loop), 1);
        CHECK_EQ_UINT(fake_next(&posted_loop, 1), EVIO_READABLE);
        fake_no_next(&posted_loop);
        CHECK_EQ_UINT(fake_stats(&posted_loop).stale, 1);
        posted_close();
    }
}

/* --- triggers ---------------------------------------------------------------
 */

/* A level trigger goes to the end of the queue: the others have their turn. */
TEST(a_level_trigger_is_fair)
{
    evio_trigger *trigger;
    unsigned seen[2] = {0, 0};
    evio_event event;

    posted_open(1);
    CHECK_OK(evio_trigger_new(posted_loop.registry, &trigger));
    CHECK_OK(evio_register(posted_loop.registry, evio_trigger_source(trigger),
                           77, LOOP_RW | EVIO_LEVEL));
    CHECK_OK(evio_trigger_fire(trigger, EVIO_WRITABLE));
    for (int i = 0; i < 40; i++) {
        posted_wake(0);
        CHECK_EQ_INT(fake_check(&posted_loop), 1);
        CHECK(evio_events_next(posted_loop.events, &event));
        seen[event.token == 77]++;
        if (event.token == 77)
            CHECK_EQ_UINT(event.readiness, EVIO_WRITABLE);
    }
    CHECK_UINT(seen[0], >=, 19);
    CHECK_UINT(seen[1], >=, 19);
    CHECK_OK(evio_trigger_clear(trigger, EVIO_WRITABLE));
    while (fake_check(&posted_loop) > 0) {
        CHECK(evio_events_next(posted_loop.events, &event));
        CHECK_EQ_UINT(event.token, 0);
    }
    evio_trigger_free(trigger);
    posted_close();
}

/* What the interest does not have stays, and wakes nobody. */
TEST(a_trigger_keeps_what_is_not_wanted_yet)
{
    evio_trigger *trigger;
    evio_source *source;

    posted_open(4);
    CHECK_OK(evio_trigger_new(posted_loop.registry, &trigger));
    source = evio_trigger_source(trigger);
    CHECK_OK(evio_register(posted_loop.registry, source, 77, EVIO_READABLE));
    CHECK_OK(evio_trigger_fire(trigger, EVIO_WRITABLE));
    CHECK(!evio__posted_any(posted_loop.registry));
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK_EQ_UINT(fake_next(&posted_loop, 77), EVIO_READABLE);
    CHECK_EQ_INT(fake_check(&posted_loop), 0);
    CHECK_OK(evio_reregister(posted_loop.registry, source, 78, LOOP_RW));
    CHECK_EQ_INT(fake_check(&posted_loop), 1);
    CHECK_EQ_UINT(fake_next(&posted_loop, 78), EVIO_WRITABLE);
    CHECK_EQ_INT(fake_check(&posted_loop), 0);
    /* Of a registration that ended nothing is kept. */
    CHECK_OK(evio_trigger_fire(trigger, EVIO_READABLE));
    CHECK_OK(evio_deregister(posted_loop.registry, source));
    CHECK_KIND(evio_trigger_fire(trigger, EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_register(posted_loop.registry, source, 79, LOOP_RW));
    CHECK_EQ_INT(fake_check(&posted_loop), 0);
    evio_trigger_free(trigger);
    posted_close();
}

TEST(what_a_oneshot_trigger_reports_waits_for_a_change)
{
    const uint32_t interest =
        (uint32_t)EVIO_READABLE | EVIO_ONESHOT | EVIO__INTEREST_POSTED;

    CHECK_EQ_UINT(evio__posted_readiness(EVIO_READABLE, interest),
                  EVIO_READABLE);
    CHECK_EQ_UINT(
        evio__posted_readiness(EVIO_READABLE | EVIO__POSTED_FIRED, interest),
        0);
    /* evio_again() on a descriptor's oneshot does not wait. */
    CHECK_EQ_UINT(evio__posted_readiness(EVIO_READABLE | EVIO__POSTED_FIRED,
                                         interest & ~EVIO__INTEREST_POSTED),
                  EVIO_READABLE);
    CHECK_EQ_UINT(evio__posted_readiness(EVIO_READABLE | EVIO__POSTED_FIRED,
                                         interest & ~(uint32_t)EVIO_ONESHOT),
                  EVIO_READABLE);
}
