/* SPDX-License-Identifier: MIT */
/*
 * When posting signals the wakeup, and when it does not: what a wait that is
 * going on notices, from other threads and from inside of the selector.
 * Guarded as fake_selector.h says.
 */
#include "fake_selector.h"

static struct loop signal_loop;
static evio_source signal_source;
static evio__record *signal_record;

static void signal_open(size_t capacity)
{
    fake_open(&signal_loop, capacity);
    signal_record =
        fake_register(&signal_loop, &signal_source, 10, 99, LOOP_RW);
}

static void signal_close(void)
{
    loop_remove(&signal_loop, &signal_source);
    fake_close(&signal_loop);
}

/* Until the waiting thread blocks in the selector. */
static void signal_await_block(void)
{
    while (atomic_load(&fake.blocked) == 0)
        thread_yield();
}

static void signal_post(void *arg)
{
    (void)arg;
    signal_await_block();
    fake.host->post(fake.host, signal_record, EVIO_READABLE);
    fake.host->post(fake.host, signal_record, EVIO_WRITABLE);
}

/* As a selector does for a packet of its own. */
TEST(a_post_from_a_thread_ends_the_wait)
{
    thread *other;

    signal_open(4);
    other = thread_start(signal_post, NULL);
    CHECK_INT(
        evio_poll_wait(signal_loop.poll, signal_loop.events, EVIO_FOREVER), >=,
        1);
    thread_join(other);
    CHECK_UINT(fake_next(&signal_loop, 99) & EVIO_READABLE, !=, 0);
    /* The second signal, if any, was of a wait that was over. */
    CHECK_EQ_UINT(fake.signals, 1);
    signal_close();
}

static void signal_post_inside(void)
{
    fake.on_wait = NULL;
    fake.host->post_inside(fake.host, signal_record, EVIO_READABLE);
    atomic_store(&fake.signalled, true); /* it does not block then */
}

/* The selector itself posts during its wait: this wait has the event. */
TEST(a_post_inside_of_the_wait_is_of_this_wait)
{
    const uint64_t timeouts[] = {0, 10 * CLOCK_S, EVIO_FOREVER};

    for (int i = 0; i < 3; i++) {
        signal_open(4);
        fake.on_wait = signal_post_inside;
        CHECK_INT(
            evio_poll_wait(signal_loop.poll, signal_loop.events, timeouts[i]),
            >=, 1);
        CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
        fake_no_next(&signal_loop);
        CHECK_EQ_UINT(fake.signals, 0);
        signal_close();
    }
}

/* Reported, so a child of fork() does not arm it again. */
TEST(a_oneshot_that_a_selector_posts_has_fired)
{
    signal_open(4);
    CHECK_OK(evio_reregister(signal_loop.registry, &signal_source, 99,
                             EVIO_READABLE | EVIO_ONESHOT));
    fake.host->post(fake.host, signal_record, EVIO_READABLE);
    CHECK_EQ_INT(fake_check(&signal_loop), 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
    CHECK_EQ_UINT(evio__load32(&signal_record->posted), EVIO__POSTED_FIRED);
    signal_close();
}

/* And has it behind what the kernel filled the buffer with. */
TEST(a_post_into_a_full_buffer_is_of_the_next_wait)
{
    signal_open(1);
    fake_report_ready(signal_record, EVIO__OUT);
    fake.on_wait = signal_post_inside;
    CHECK_EQ_INT(
        evio_poll_wait(signal_loop.poll, signal_loop.events, EVIO_FOREVER), 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_WRITABLE);
    CHECK_EQ_INT(
        evio_poll_wait(signal_loop.poll, signal_loop.events, EVIO_FOREVER), 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
    CHECK_EQ_UINT(fake.blocked, 0);
    signal_close();
}

TEST(nobody_is_signalled_while_nobody_waits)
{
    signal_open(4);
    fake.host->interrupt(fake.host);
    fake.host->post(fake.host, signal_record, EVIO_READABLE);
    CHECK_OK(evio__post(signal_loop.registry, signal_record, EVIO_READABLE));
    CHECK_EQ_UINT(fake.signals, 0);
    CHECK_EQ_INT(fake_check(&signal_loop), 1);
    CHECK_OK(evio_again(&signal_source, EVIO_READABLE));
    CHECK_EQ_UINT(fake.signals, 0);
    signal_close();
}

static void signal_interrupt(void *arg)
{
    (void)arg;
    signal_await_block();
    for (int i = 0; i < 100; i++)
        fake.host->interrupt(fake.host);
}

/* The selector looks again; the wait goes on to its deadline. */
TEST(an_interrupt_ends_no_wait_of_the_user)
{
    const uint64_t ns = 20 * CLOCK_MS;
    uint64_t start;
    thread *other;

    signal_open(4);
    other = thread_start(signal_interrupt, NULL);
    start = clock_ns();
    CHECK_EQ_INT(evio_poll_wait(signal_loop.poll, signal_loop.events, ns), 0);
    CHECK_UINT(clock_ns() - start, >=, ns);
    thread_join(other);
    CHECK_UINT(fake.signals, >=, 1);
    CHECK_UINT(fake.waits, >=, 2);
    CHECK_EQ_UINT(fake_stats(&signal_loop).empty, fake.waits - 1);
    CHECK_EQ_UINT(evio__load32(&signal_loop.registry->state), 0);
    signal_close();
}

static void signal_storm_inside(void)
{
    unsigned before = fake.signals;

    for (int i = 0; i < 100; i++) {
        fake.host->interrupt(fake.host);
        CHECK_OK(evio__posted_signal(signal_loop.registry));
    }
    CHECK_EQ_UINT(fake.signals, before + 1);
}

/* One signal for a round, however many want it. */
TEST(a_storm_is_one_signal)
{
    signal_open(4);
    fake.on_wait = signal_storm_inside;
    for (unsigned i = 1; i <= 5; i++)
        CHECK_EQ_INT(fake_check(&signal_loop), 0);
    CHECK_UINT(fake.signals, >=, 5);
    fake.on_wait = NULL;
    CHECK_EQ_INT(fake_check(&signal_loop), 0);
    signal_close();
}

static void signal_failing_inside(void)
{
    fake.signal_result = -EIO;
    for (int i = 0; i < 3; i++)
        CHECK_ERR(
            evio__post(signal_loop.registry, signal_record, EVIO_READABLE),
            EIO);
    CHECK_EQ_UINT(fake.signals, 3);
    fake.signal_result = 0;
    CHECK_OK(evio__post(signal_loop.registry, signal_record, EVIO_READABLE));
    CHECK_OK(evio__post(signal_loop.registry, signal_record, EVIO_READABLE));
    CHECK_EQ_UINT(fake.signals, 4);
}

/* Reported each time, tried each time, and the bits are pending. */
TEST(a_signal_that_fails_is_tried_again)
{
    signal_open(4);
    fake.on_wait = signal_failing_inside;
    CHECK_INT(
        evio_poll_wait(signal_loop.poll, signal_loop.events, EVIO_FOREVER), >=,
        1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
    fake_no_next(&signal_loop);
    signal_close();
}

/* An error of the selector, and something posted: nothing of it is lost. */
TEST(an_error_leaves_what_is_posted)
{
    evio_waker *waker;

    signal_open(1);
    CHECK_OK(evio_waker_new(signal_loop.registry, 1, &waker));
    CHECK_OK(evio_wake(waker));
    CHECK_OK(evio_again(&signal_source, EVIO_READABLE));
    fake.wait_result = -EIO;
    /* Posted first: there was no need to ask the kernel. */
    CHECK_EQ_INT(fake_check(&signal_loop), 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 1), EVIO_READABLE);
    /* The kernel first. */
    CHECK_ERR(fake_check(&signal_loop), EIO);
    CHECK_EQ_INT(fake_check(&signal_loop), 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
    evio_waker_free(waker);
    signal_close();
}

/* Both in one batch: what was posted is there, and the error comes again. */
TEST(an_error_does_not_hide_what_is_posted)
{
    signal_open(4);
    CHECK_OK(evio_again(&signal_source, EVIO_READABLE));
    fake.wait_result = -EIO;
    CHECK_EQ_INT(
        evio_poll_wait(signal_loop.poll, signal_loop.events, EVIO_FOREVER), 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
    CHECK_ERR(fake_check(&signal_loop), EIO);
    signal_close();
}

/* --- nested polls -----------------------------------------------------------
 */

TEST(a_nested_poll_is_signalled_when_nobody_waits)
{
    libsock_raw raw;

    signal_open(1);
    CHECK_OK(evio_poll_raw(signal_loop.poll, &raw));
    CHECK_EQ_INT(raw, FAKE_RAW);
    CHECK_EQ_UINT(fake.signals, 0);
    for (unsigned round = 1; round <= 3; round++) {
        CHECK_OK(evio_again(&signal_source, EVIO_READABLE));
        CHECK_OK(evio_again(&signal_source, EVIO_WRITABLE));
        CHECK_EQ_UINT(fake.signals, round);
        CHECK_INT(fake_check(&signal_loop), >=, 1);
        CHECK_EQ_UINT(fake_next(&signal_loop, 99), LOOP_RW);
        CHECK_EQ_UINT(evio__load32(&signal_loop.registry->state),
                      EVIO__STATE_NESTED);
    }
    signal_close();
}

/* What did not fit keeps the descriptor readable. */
TEST(a_nested_poll_with_more_is_signalled_again)
{
    evio_waker *waker;
    libsock_raw raw;

    signal_open(1);
    CHECK_OK(evio_waker_new(signal_loop.registry, 1, &waker));
    CHECK_OK(evio_again(&signal_source, EVIO_READABLE));
    CHECK_OK(evio_poll_raw(signal_loop.poll, &raw));
    CHECK_EQ_UINT(fake.signals, 1); /* posted before it was nested */
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_UINT(fake.signals, 1);
    CHECK_EQ_INT(fake_check(&signal_loop), 1);
    CHECK_EQ_UINT(fake.signals, 2);
    CHECK_EQ_UINT(fake_next(&signal_loop, 99), EVIO_READABLE);
    fake.n_queue = 0;
    CHECK_INT(fake_check(&signal_loop), >=, 1);
    CHECK_EQ_UINT(fake_next(&signal_loop, 1), EVIO_READABLE);
    CHECK_EQ_UINT(fake.signals, 2);
    evio_waker_free(waker);
    signal_close();
}
