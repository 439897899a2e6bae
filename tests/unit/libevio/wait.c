/* SPDX-License-Identifier: MIT */
/*
 * The rounds of a wait over a selector that reports what the test tells it to:
 * deadlines, entries that nobody gets, errors, limits. What is posted has its
 * own file; real selectors are tested in behaviour/.
 * Guarded as fake_selector.h says.
 */
#include "fake_selector.h"

static struct loop wait_loop;
static evio_source wait_sources[8];
static evio__record *wait_records[8];
static unsigned wait_from; /* the wait from which on the hook reports */

/* Registered, level, so that nothing of one test is left for the next wait. */
static void wait_open(size_t capacity, uint32_t interest)
{
    fake_open(&wait_loop, capacity);
    for (unsigned i = 0; i < 8; i++)
        wait_records[i] = fake_register(&wait_loop, &wait_sources[i],
                                        10 + (int)i, i, interest);
}

static void wait_close(void)
{
    for (unsigned i = 0; i < 8; i++)
        loop_remove(&wait_loop, &wait_sources[i]);
    fake_close(&wait_loop);
}

static void wait_report_later(void)
{
    if (fake.waits == wait_from)
        fake_report_ready(wait_records[0], EVIO__IN);
}

/* The key of a registration that ended. */
static uint64_t wait_stale_key(void)
{
    evio_source source;
    uint64_t key =
        evio__record_key(fake_register(&wait_loop, &source, 99, 99, LOOP_RW));

    loop_remove(&wait_loop, &source);
    return key;
}

static uint64_t wait_stale;

static void wait_report_stale(void)
{
    fake_report(wait_stale, EVIO__IN);
}

/* --- deadlines --------------------------------------------------------------
 */

TEST(an_early_end_is_continued_to_the_deadline)
{
    const uint64_t ns = 20 * CLOCK_MS;
    uint64_t start;

    wait_open(4, EVIO_READABLE);
    fake.early = 5;
    start = clock_ns();
    CHECK_EQ_INT(evio_poll_wait(wait_loop.poll, wait_loop.events, ns), 0);
    CHECK_UINT(clock_ns() - start, >=, ns);
    CHECK_EQ_UINT(fake.waits, 6);
    CHECK_EQ_UINT(fake_stats(&wait_loop).empty, 5);
    CHECK_EQ_UINT(fake_stats(&wait_loop).waits, 1);
    CHECK_UINT(fake.timeout_ns, <=, ns);
    wait_close();
}

TEST(a_wait_for_ever_goes_on_until_something_is_ready)
{
    wait_open(4, EVIO_READABLE);
    fake.early = 1000;
    fake.on_wait = wait_report_later;
    wait_from = 7;
    CHECK_EQ_INT(evio_poll_wait(wait_loop.poll, wait_loop.events, EVIO_FOREVER),
                 1);
    CHECK_EQ_UINT(fake.waits, 7);
    CHECK_EQ_UINT(fake.timeout_ns, EVIO_FOREVER);
    CHECK_EQ_UINT(fake_stats(&wait_loop).empty, 6);
    CHECK_EQ_UINT(fake_next(&wait_loop, 0), EVIO_READABLE);
    wait_close();
}

TEST(the_selector_is_given_what_is_left)
{
    uint64_t before = 50 * CLOCK_MS;

    wait_open(4, EVIO_READABLE);
    fake.on_wait = wait_report_later;
    for (wait_from = 2; wait_from < 5; wait_from++) {
        fake.waits = 0;
        fake.early = 10;
        CHECK_EQ_INT(
            evio_poll_wait(wait_loop.poll, wait_loop.events, 50 * CLOCK_MS), 1);
        CHECK_UINT(fake.timeout_ns, <, before);
        CHECK_EQ_UINT(fake_next(&wait_loop, 0), EVIO_READABLE);
    }
    fake.on_wait = NULL;
    CHECK_EQ_INT(fake_check(&wait_loop), 0);
    CHECK_EQ_UINT(fake.timeout_ns, 0);
    CHECK_EQ_INT(evio_poll_wait_until(wait_loop.poll, wait_loop.events, 1), 0);
    CHECK_EQ_UINT(fake.timeout_ns, 0);
    wait_close();
}

TEST(a_check_is_one_call)
{
    wait_open(4, EVIO_READABLE);
    for (unsigned i = 1; i <= 10; i++) {
        CHECK_EQ_INT(fake_check(&wait_loop), 0);
        CHECK_EQ_UINT(fake.waits, i);
    }
    CHECK_EQ_UINT(fake_stats(&wait_loop).empty, 0);
    wait_close();
}

/* --- entries that nobody gets -----------------------------------------------
 */

/* A duplicate that lives elsewhere may bring them for ever. */
TEST(a_check_with_nothing_but_stale_entries_ends)
{
    wait_open(4, EVIO_READABLE);
    wait_stale = wait_stale_key();
    fake.on_wait = wait_report_stale;
    CHECK_EQ_INT(fake_check(&wait_loop), 0);
    CHECK_UINT(fake.waits, >, 1);
    CHECK_UINT(fake.waits, <, 100);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, fake.waits);
    CHECK_EQ_UINT(fake_stats(&wait_loop).empty, fake.waits - 1);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 0);
    wait_close();
}

TEST(a_wait_with_nothing_but_stale_entries_ends_in_time)
{
    const uint64_t ns = 50 * CLOCK_MS;
    uint64_t start;

    wait_open(4, EVIO_READABLE);
    wait_stale = wait_stale_key();
    fake.on_wait = wait_report_stale;
    start = clock_ns();
    CHECK_EQ_INT(evio_poll_wait(wait_loop.poll, wait_loop.events, ns), 0);
    CHECK_UINT(clock_ns() - start, >=, ns);
    CHECK_UINT(fake.waits, >, 16);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, fake.waits);
    wait_close();
}

TEST(what_comes_behind_stale_entries_is_waited_for)
{
    wait_open(1, EVIO_READABLE);
    wait_stale = wait_stale_key();
    for (int i = 0; i < 5; i++)
        fake_report(wait_stale, EVIO__IN);
    fake_report_ready(wait_records[3], EVIO__IN);
    CHECK_EQ_INT(fake_check(&wait_loop), 1);
    CHECK_EQ_UINT(fake_next(&wait_loop, 3), EVIO_READABLE);
    fake_no_next(&wait_loop);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 5);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 1);
    wait_close();
}

/* A forked child may add whatever it likes to a selector that it shares. */
TEST(keys_that_no_record_has_are_stale)
{
    const uint32_t slots[] = {EVIO__SLAB_FIRST + 8,
                              EVIO__SLAB_FIRST + 63,
                              EVIO__SLAB_FIRST + 200,
                              INT32_MAX,
                              EVIO__SLOT_RARE | (EVIO__SLAB_FIRST + 8),
                              UINT32_MAX};
    const unsigned n = sizeof(slots) / sizeof(slots[0]);

    wait_open(16, EVIO_READABLE);
    for (unsigned last = 0; last < 2; last++) {
        for (unsigned i = 0; i < n; i++)
            fake_report(evio__key(slots[i], last == 0 ? 0 : UINT32_MAX),
                        EVIO__IN);
        fake_report_ready(wait_records[1], EVIO__IN);
        CHECK_INT(fake_check(&wait_loop), >=, 1);
        CHECK_EQ_UINT(fake_next(&wait_loop, 1), EVIO_READABLE);
        fake_no_next(&wait_loop);
    }
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 2 * n);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 2);
    wait_close();
}

/* The same behind an event, where the wait does not look. */
TEST(stale_entries_behind_an_event_are_passed_over)
{
    wait_open(16, EVIO_READABLE);
    wait_stale = wait_stale_key();
    for (unsigned i = 0; i < 5; i++) {
        fake_report_ready(wait_records[i], EVIO__IN);
        fake_report(wait_stale, EVIO__IN);
        fake_report(evio__key(UINT32_MAX, 7), EVIO__IN | EVIO__ERR);
    }
    CHECK_INT(fake_check(&wait_loop), >=, 5);
    for (unsigned i = 0; i < 5; i++)
        CHECK_EQ_UINT(fake_next(&wait_loop, i), EVIO_READABLE);
    fake_no_next(&wait_loop);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 10);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 5);
    wait_close();
}

/* Wherever it stands in the batch, and not counted as stale. */
TEST(the_key_of_the_wakeup_is_dropped)
{
    for (unsigned at = 0; at < 4; at++) {
        wait_open(16, EVIO_READABLE);
        for (unsigned i = 0; i < 4; i++) {
            if (i == at)
                fake_report(EVIO__KEY_WAKEUP, EVIO__IN);
            else
                fake_report_ready(wait_records[i], EVIO__IN);
        }
        CHECK_INT(fake_check(&wait_loop), >=, 3);
        for (unsigned i = 0; i < 4; i++) {
            if (i != at)
                CHECK_EQ_UINT(fake_next(&wait_loop, i), EVIO_READABLE);
        }
        fake_no_next(&wait_loop);
        CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 0);
        CHECK_EQ_UINT(fake_stats(&wait_loop).events, 3);
        wait_close();
    }
}

TEST(a_wakeup_alone_ends_no_wait)
{
    wait_open(4, EVIO_READABLE);
    fake_report(EVIO__KEY_WAKEUP, EVIO__IN);
    fake.on_wait = wait_report_later;
    wait_from = 2;
    CHECK_EQ_INT(evio_poll_wait(wait_loop.poll, wait_loop.events, EVIO_FOREVER),
                 1);
    CHECK_EQ_UINT(fake_next(&wait_loop, 0), EVIO_READABLE);
    CHECK_EQ_UINT(fake_stats(&wait_loop).empty, 1);
    wait_close();
}

/* Cut to nothing: a hint of reading for who asked for writing. */
TEST(what_the_interest_does_not_have_is_not_delivered)
{
    wait_open(4, EVIO_WRITABLE);
    fake_report_ready(wait_records[0], EVIO__RDHUP);
    CHECK_EQ_INT(fake_check(&wait_loop), 0);
    fake_report_ready(wait_records[0], EVIO__OUT | EVIO__RDHUP);
    CHECK_EQ_INT(fake_check(&wait_loop), 1);
    CHECK_EQ_UINT(fake_next(&wait_loop, 0), EVIO_WRITABLE);
    fake_no_next(&wait_loop);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 0);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 1);
    wait_close();
}

/* In the batch when the registration ends or changes. */
TEST(entries_of_what_ended_or_changed_are_dropped)
{
    wait_open(8, EVIO_READABLE);
    for (unsigned i = 0; i < 4; i++)
        fake_report_ready(wait_records[i], i == 3 ? EVIO__HUP : EVIO__IN);
    CHECK_EQ_INT(fake_check(&wait_loop), 4);
    loop_remove(&wait_loop, &wait_sources[0]);
    CHECK_OK(evio_reregister(wait_loop.registry, &wait_sources[1], 55,
                             EVIO_READABLE));
    loop_remove(&wait_loop, &wait_sources[3]);
    CHECK_EQ_UINT(fake_next(&wait_loop, 2), EVIO_READABLE);
    fake_no_next(&wait_loop);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 3);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 1);
    /* A slot's next owner does not get them either. */
    fake_report(evio__key(wait_records[0]->slot, 0), EVIO__IN);
    fake_register(&wait_loop, &wait_sources[0], 10, 0, EVIO_READABLE);
    fake_register(&wait_loop, &wait_sources[3], 13, 3, EVIO_READABLE);
    CHECK_EQ_INT(fake_check(&wait_loop), 0);
    CHECK_EQ_UINT(fake_stats(&wait_loop).stale, 4);
    wait_close();
}

/* --- limits, errors, order --------------------------------------------------
 */

TEST(the_capacity_is_a_limit)
{
    unsigned seen = 0;

    wait_open(3, EVIO_READABLE);
    for (unsigned i = 0; i < 8; i++)
        fake_report_ready(wait_records[i], EVIO__IN);
    for (int left = 8; left > 0; left -= 3) {
        CHECK_EQ_INT(fake_check(&wait_loop), left < 3 ? left : 3);
        CHECK_EQ_UINT(fake.cap, 3);
        for (int i = 0; i < left && i < 3; i++)
            CHECK_EQ_UINT(fake_next(&wait_loop, seen++), EVIO_READABLE);
        fake_no_next(&wait_loop);
    }
    wait_close();
}

TEST(a_wait_may_have_a_lower_limit_and_a_mask)
{
    const char mask = 0;
    const struct {
        size_t max;
        uint32_t cap;
    } limits[] = {{0, 4}, {1, 1}, {3, 3}, {4, 4}, {5, 4}, {SIZE_MAX, 4}};

    wait_open(4, EVIO_READABLE);
    for (int i = 0; i < 6; i++) {
        CHECK_EQ_INT(evio_poll_wait_masked(wait_loop.poll, wait_loop.events,
                                           limits[i].max, 0, &mask),
                     0);
        CHECK_EQ_UINT(fake.cap, limits[i].cap);
        CHECK_EQ_PTR(fake.mask, &mask);
    }
    fake.early = 2;
    CHECK_EQ_INT(evio_poll_wait_masked(wait_loop.poll, wait_loop.events, 2,
                                       CLOCK_MS, &mask),
                 0);
    CHECK_EQ_UINT(fake.cap, 2);
    CHECK_EQ_PTR(fake.mask, &mask);
    CHECK_EQ_INT(fake_check(&wait_loop), 0);
    CHECK_EQ_UINT(fake.cap, 4);
    CHECK_EQ_PTR(fake.mask, NULL);
    wait_close();
}

TEST(an_error_is_returned_and_ends_the_wait)
{
    wait_open(4, EVIO_READABLE);
    for (int i = 0; i < 3; i++) {
        fake.wait_result = i == 1 ? -EINTR : -EIO;
        CHECK_ERR(evio_poll_wait(wait_loop.poll, wait_loop.events,
                                 i == 0 ? 0 : EVIO_FOREVER),
                  -fake.wait_result);
        CHECK_EQ_UINT(fake.waits, i + 1);
        fake_no_next(&wait_loop);
        CHECK_EQ_UINT(evio__load32(&wait_loop.registry->state), 0);
    }
    fake.wait_result = 0;
    fake_report_ready(wait_records[0], EVIO__IN);
    CHECK_EQ_INT(fake_check(&wait_loop), 1);
    CHECK_EQ_UINT(fake_next(&wait_loop, 0), EVIO_READABLE);
    CHECK_EQ_UINT(fake_stats(&wait_loop).waits, 4);
    wait_close();
}

static void wait_again_inside(void)
{
    evio_events *events;

    CHECK_OK(evio_events_new(1, &events));
    CHECK_KIND(evio_poll_wait(wait_loop.poll, events, 0), BUSY);
    CHECK_KIND(evio_poll_wait(wait_loop.poll, wait_loop.events, 0), BUSY);
    CHECK_KIND(evio_poll_wait_masked(wait_loop.poll, events, 0, 1, NULL), BUSY);
    evio_events_free(events);
}

TEST(a_second_wait_is_refused)
{
    wait_open(4, EVIO_READABLE);
    fake_report_ready(wait_records[0], EVIO__IN);
    fake.on_wait = wait_again_inside;
    CHECK_EQ_INT(fake_check(&wait_loop), 1);
    fake.on_wait = NULL;
    CHECK_EQ_UINT(fake_next(&wait_loop, 0), EVIO_READABLE);
    CHECK_EQ_UINT(fake_stats(&wait_loop).waits, 1);
    CHECK_EQ_INT(fake_check(&wait_loop), 0);
    wait_close();
}

/* Beyond one batch's memory: what next passes over is not counted twice. */
TEST(delivered_events_are_counted_wherever_they_are)
{
    wait_open(8, EVIO_READABLE);
    for (unsigned i = 0; i < 4; i++)
        fake_report_ready(wait_records[i], EVIO__IN);
    CHECK_EQ_INT(fake_check(&wait_loop), 4);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 0);
    for (unsigned i = 0; i < 3; i++) {
        CHECK_EQ_UINT(fake_next(&wait_loop, i), EVIO_READABLE);
        CHECK_EQ_UINT(fake_stats(&wait_loop).events, i + 1);
    }
    /* The fourth is left; it is posted, and delivered later. */
    CHECK_EQ_INT(fake_check(&wait_loop), 1);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 3);
    CHECK_EQ_UINT(fake_next(&wait_loop, 3), EVIO_READABLE);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 4);
    evio_events_free(wait_loop.events);
    CHECK_EQ_UINT(fake_stats(&wait_loop).events, 4);
    CHECK_OK(evio_events_new(1, &wait_loop.events));
    wait_close();
}

/* A oneshot fires once, and the core notes that it has. */
TEST(a_oneshot_that_fired_is_noted)
{
    wait_open(4, EVIO_READABLE | EVIO_ONESHOT);
    fake_report_ready(wait_records[2], EVIO__IN);
    CHECK_EQ_INT(fake_check(&wait_loop), 1);
    CHECK_EQ_UINT(fake_next(&wait_loop, 2), EVIO_READABLE);
    CHECK_EQ_UINT(evio__load32(&wait_records[2]->posted), EVIO__POSTED_FIRED);
    CHECK_OK(evio_reregister(wait_loop.registry, &wait_sources[2], 2,
                             EVIO_READABLE | EVIO_ONESHOT));
    CHECK_EQ_UINT(evio__load32(&wait_records[2]->posted), 0);
    wait_close();
}
