/* SPDX-License-Identifier: MIT */
/*
 * What a registry does in the child of a fork, over a selector that comes out
 * empty: the state that fork() leaves is set by hand. Real children are tested
 * in behaviour/ and stress/.
 * Guarded as fake_selector.h says.
 */
#include "fake_selector.h"

#include <libevio/trigger.h>

#include "core/source.h"

static struct loop fork_loop;
static evio_source fork_sources[6];
static evio__record *fork_records[6];

/* Level, so that nothing of one test is left in a buffer. */
static void fork_open(uint32_t interest)
{
    fake_open(&fork_loop, 8);
    for (unsigned i = 0; i < 6; i++)
        fork_records[i] = fake_register(&fork_loop, &fork_sources[i],
                                        10 + (int)i, i, interest);
}

static void fork_close(void)
{
    for (unsigned i = 0; i < 6; i++) {
        if (evio_source_is_registered(&fork_sources[i]))
            loop_remove(&fork_loop, &fork_sources[i]);
    }
    fake_close(&fork_loop);
}

static unsigned fork_added[64]; /* by number */

static void fork_note(evio__record *record)
{
    CHECK_INT(record->handle, >=, 0);
    CHECK_EQ_UINT(evio__load32(&record->interest) & EVIO__INTEREST_POSTED, 0);
    fork_added[record->handle]++;
}

/* As the handlers of fork() leave a registry in the child. */
static void fork_now(void)
{
    fork_loop.registry->inherited = true;
    evio__or32(&fork_loop.registry->state, EVIO__STATE_FORKED);
    fake.fork_result = EVIO__FORK_EMPTY;
    fake.adds = fake.forks = fake.removes = fake.modifies = 0;
    fake.on_add = fork_note;
    memset(fork_added, 0, sizeof(fork_added));
}

static bool fork_is_forked(void)
{
    return (evio__load32(&fork_loop.registry->state) & EVIO__STATE_FORKED) != 0;
}

TEST(all_that_lives_is_added_again)
{
    evio_waker *waker;
    evio_trigger *trigger;

    fork_open(EVIO_READABLE);
    CHECK_OK(evio_waker_new(fork_loop.registry, 50, &waker));
    CHECK_OK(evio_trigger_new(fork_loop.registry, &trigger));
    CHECK_OK(evio_register(fork_loop.registry, evio_trigger_source(trigger), 51,
                           EVIO_READABLE));
    loop_remove(&fork_loop, &fork_sources[2]);
    fork_now();
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK(!fork_is_forked());
    CHECK_EQ_UINT(fake.forks, 1);
    CHECK_EQ_UINT(fake.adds, 5);
    for (int i = 0; i < 6; i++)
        CHECK_EQ_UINT(fork_added[10 + i], i == 2 ? 0 : 1);
    CHECK_EQ_PTR(fake.previous, NULL);
    /* With the keys that they had. */
    fake_report_ready(fork_records[0], EVIO__IN);
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_INT(fake_check(&fork_loop), 2);
    CHECK_EQ_UINT(fake_next(&fork_loop, 50), EVIO_READABLE);
    CHECK_EQ_UINT(fake_next(&fork_loop, 0), EVIO_READABLE);
    /* And once is enough. */
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK_EQ_UINT(fake.forks, 1);
    evio_trigger_free(trigger);
    evio_waker_free(waker);
    fork_close();
}

TEST(a_selector_that_kept_its_records_is_left_alone)
{
    fork_open(EVIO_READABLE);
    fork_now();
    fake.fork_result = 0;
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK_EQ_UINT(fake.adds, 0);
    CHECK(!fork_is_forked());
    fork_close();
}

TEST(a_poll_of_this_process_is_refused)
{
    fork_open(EVIO_READABLE);
    CHECK_KIND(evio_poll_after_fork(NULL), INVALID_INPUT);
    CHECK_KIND(evio_poll_after_fork(fork_loop.poll), INVALID_INPUT);
    CHECK_EQ_UINT(fake.forks, 0);
    fork_close();
}

/* Each first use in the child, with a failure and a second try. */
static int fork_use(unsigned i, evio_source *more)
{
    libsock_raw raw;

    switch (i) {
    case 0:
        return evio_poll_after_fork(fork_loop.poll);
    case 1:
        return fake_check(&fork_loop);
    case 2:
        return evio_poll_wait(fork_loop.poll, fork_loop.events, CLOCK_MS);
    case 3:
        return evio_register(fork_loop.registry, more, 60, EVIO_READABLE);
    case 4:
        return evio_reregister(fork_loop.registry, &fork_sources[0], 61,
                               EVIO_READABLE);
    case 5:
        return evio_rearm(&fork_sources[0], EVIO_READABLE);
    default:
        return evio_poll_raw(fork_loop.poll, &raw);
    }
}

TEST(the_first_use_gets_a_selector)
{
    for (unsigned i = 0; i < 7; i++) {
        evio_source more;

        fork_open(EVIO_READABLE);
        CHECK_OK(evio_source_from_fd(30, &more));
        fork_now();
        fake.fork_result = -EMFILE;
        CHECK_ERR(fork_use(i, &more), EMFILE);
        CHECK(fork_is_forked());
        CHECK_EQ_UINT(fake.adds, 0);
        CHECK(!evio_source_is_registered(&more));
        CHECK_EQ_UINT(evio__load32(&fork_loop.registry->state),
                      EVIO__STATE_FORKED);
        CHECK_EQ_UINT(evio__load64(&fork_records[0]->token), 0);
        fake.fork_result = EVIO__FORK_EMPTY;
        CHECK_OK(fork_use(i, &more));
        CHECK(!fork_is_forked());
        CHECK_EQ_UINT(fake.forks, 2);
        CHECK_EQ_UINT(fake.adds, i == 3 ? 7 : 6);
        if (evio_source_is_registered(&more))
            loop_remove(&fork_loop, &more);
        fork_close();
    }
}

/* Who only ends what it inherited does not touch the parent's selector. */
TEST(an_end_needs_no_selector)
{
    fork_open(EVIO_READABLE);
    fork_now();
    loop_remove(&fork_loop, &fork_sources[0]);
    CHECK_EQ_INT(fake.why, EVIO__FORGOTTEN);
    CHECK_EQ_INT(evio__source_detach(&fork_sources[1], false), 11);
    CHECK_EQ_INT(fake.why, EVIO__FORGOTTEN);
    CHECK_OK(evio_source_forget(&fork_sources[2]));
    CHECK_EQ_UINT(fake.forks, 0);
    CHECK(fork_is_forked());
    fork_close();
    CHECK_EQ_UINT(fake.forks, 0);
}

/* The wakeup is the parent's. */
TEST(nobody_is_signalled_before_that)
{
    libsock_raw raw;
    evio_waker *waker;

    fork_open(EVIO_READABLE);
    CHECK_OK(evio_waker_new(fork_loop.registry, 50, &waker));
    CHECK_OK(evio_poll_raw(fork_loop.poll, &raw));
    fork_now();
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_UINT(fake.signals, 0);
    CHECK_EQ_INT(fake_check(&fork_loop), 1);
    CHECK_EQ_UINT(fake_next(&fork_loop, 50), EVIO_READABLE);
    CHECK_OK(evio_wake(waker));
    CHECK_EQ_UINT(fake.signals, 1);
    evio_waker_free(waker);
    fork_close();
}

/* A descriptor that the child has closed: silent, and no failure. */
static void fork_refuse_closed(evio__record *record)
{
    fork_note(record);
    fake.add_result = record->handle == 13 ? -EBADF : 0;
}

TEST(what_cannot_be_added_is_absent)
{
    fork_open(EVIO_READABLE);
    fork_now();
    fake.on_add = fork_refuse_closed;
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    fake.on_add = NULL;
    fake.add_result = 0;
    CHECK_EQ_UINT(fake.adds, 6);
    CHECK_OK(evio_rearm(&fork_sources[3], EVIO_READABLE));
    CHECK_EQ_UINT(fake.rearms, 0);
    /* A change adds it, and then it is there. */
    fake.add_result = -EBADF;
    CHECK_KIND(
        evio_reregister(fork_loop.registry, &fork_sources[3], 3, EVIO_READABLE),
        BAD_DESCRIPTOR);
    CHECK_EQ_UINT(fake.modifies, 0);
    fake.add_result = 0;
    CHECK_OK(evio_reregister(fork_loop.registry, &fork_sources[3], 3,
                             EVIO_READABLE));
    CHECK_EQ_UINT(fake.adds, 8);
    CHECK_EQ_PTR(fake.added, fork_records[3]);
    CHECK_EQ_UINT(evio__load32(&fork_records[3]->interest), EVIO_READABLE);
    CHECK_OK(evio_reregister(fork_loop.registry, &fork_sources[3], 3,
                             EVIO_READABLE));
    CHECK_EQ_UINT(fake.modifies, 1);
    CHECK_EQ_UINT(fake.old, EVIO_READABLE);
    fork_close();
}

TEST(what_is_absent_ends_without_the_selector)
{
    fork_open(EVIO_READABLE);
    fork_now();
    fake.on_add = fork_refuse_closed;
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    fake.on_add = NULL;
    loop_remove(&fork_loop, &fork_sources[3]);
    CHECK_EQ_UINT(fake.removes, 0);
    CHECK_EQ_PTR(
        fake_register(&fork_loop, &fork_sources[3], 13, 3, EVIO_READABLE),
        fork_records[3]);
    CHECK_EQ_PTR(fake.previous, NULL);
    fork_close();
}

/* A child of the child: what was absent is not added, whose number may have
 * another owner by now. */
TEST(what_is_absent_stays_so)
{
    fork_open(EVIO_READABLE);
    fork_now();
    fake.on_add = fork_refuse_closed;
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    fake.add_result = 0;
    fork_now();
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK_EQ_UINT(fake.adds, 5);
    CHECK_EQ_UINT(fork_added[13], 0);
    loop_remove(&fork_loop, &fork_sources[3]);
    CHECK_EQ_UINT(fake.removes, 0);
    fork_close();
}

TEST(what_was_lost_is_not_added)
{
    evio_source new;

    fork_open(EVIO_READABLE);
    fake_register(&fork_loop, &new, 14, 77, EVIO_READABLE);
    fork_now();
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK_EQ_UINT(fake.adds, 6);
    CHECK_EQ_UINT(fork_added[14], 1);
    CHECK_KIND(evio_deregister(fork_loop.registry, &fork_sources[4]),
               NOT_FOUND);
    loop_remove(&fork_loop, &new);
    fork_close();
}

/* A oneshot that was reported stays disarmed until it is changed. */
TEST(a_oneshot_that_fired_is_not_added)
{
    const uint32_t interest = (uint32_t)EVIO_READABLE | EVIO_ONESHOT;

    fork_open(interest);
    fake_report_ready(fork_records[1], EVIO__IN);
    fake_report_ready(fork_records[2], EVIO__IN);
    CHECK_EQ_INT(fake_check(&fork_loop), 2);
    CHECK_EQ_UINT(fake_next(&fork_loop, 1), EVIO_READABLE);
    CHECK_EQ_UINT(fake_next(&fork_loop, 2), EVIO_READABLE);
    CHECK_OK(
        evio_reregister(fork_loop.registry, &fork_sources[2], 2, interest));
    fork_now();
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK_EQ_UINT(fake.adds, 5);
    CHECK_EQ_UINT(fork_added[11], 0);
    CHECK_OK(
        evio_reregister(fork_loop.registry, &fork_sources[1], 1, interest));
    CHECK_EQ_UINT(fork_added[11], 1);
    fork_close();
}

/* --- failures, and what was under way ----------------------------------------
 */

/* The kernel is short of memory once, in the middle. */
static void fork_fail_once(evio__record *record)
{
    fork_note(record);
    fake.add_result = record->handle == 13 && fork_added[13] == 1 ? -ENOMEM : 0;
}

TEST(an_add_that_fails_is_begun_again)
{
    fork_open(EVIO_READABLE);
    fork_now();
    fake.on_add = fork_fail_once;
    CHECK_KIND(evio_poll_after_fork(fork_loop.poll), OUT_OF_MEMORY);
    CHECK(fork_is_forked());
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK(!fork_is_forked());
    CHECK_EQ_UINT(fake.forks, 2);
    CHECK_EQ_UINT(fork_added[13], 2);
    CHECK_EQ_UINT(fork_added[15], 1);
    for (unsigned i = 0; i < 6; i++)
        CHECK_EQ_UINT(evio__load32(&fork_records[i]->interest), EVIO_READABLE);
    fork_close();
}

/* The child closed it, and the new selector opened its own there. */
TEST(a_number_of_the_new_selector_is_not_added)
{
    evio_source source;

    fork_open(EVIO_READABLE);
    fake_register(&fork_loop, &source, FAKE_RAW, 77, EVIO_READABLE);
    fork_now();
    fake.on_add = NULL;
    CHECK_OK(evio_poll_after_fork(fork_loop.poll));
    CHECK_EQ_UINT(fake.adds, 6);
    loop_remove(&fork_loop, &source);
    CHECK_EQ_UINT(fake.removes, 0);
    fork_close();
}

/* A thread of the parent had marked a record, and not pushed it yet; another
 * was on the list, others in the queue and in a batch. */
TEST(each_posted_record_is_on_the_list_once)
{
    evio_waker *wakers[5];
    evio__record *half;
    evio_event event;
    unsigned seen = 0;

    fork_open(EVIO_READABLE);
    for (unsigned i = 0; i < 5; i++)
        CHECK_OK(evio_waker_new(fork_loop.registry, i, &wakers[i]));
    for (unsigned i = 0; i < 3; i++)
        CHECK_OK(evio_wake(wakers[i]));
    CHECK_EQ_INT(
        evio_poll_wait_masked(fork_loop.poll, fork_loop.events, 1, 0, NULL), 1);
    CHECK_OK(evio_wake(wakers[3]));
    half =
        evio__slab_at(&fork_loop.registry->host.slab, EVIO__SLAB_FIRST + 6 + 4);
    evio__or32(&half->posted, EVIO__POSTED_QUEUED | EVIO_READABLE);
    fork_now();
    evio__events_after_fork(fork_loop.registry);
    fake_no_next(&fork_loop);
    CHECK_EQ_INT(fake_check(&fork_loop), 5);
    while (evio_events_next(fork_loop.events, &event)) {
        CHECK_EQ_UINT(seen >> event.token & 1, 0);
        seen |= 1u << event.token;
    }
    CHECK_EQ_UINT(seen, 0x1f);
    CHECK_EQ_INT(fake_check(&fork_loop), 0);
    for (unsigned i = 0; i < 5; i++)
        evio_waker_free(wakers[i]);
    fork_close();
}

/* Left in the buffer of the parent: delivered once, and a oneshot not armed. */
TEST(what_lay_in_a_buffer_comes_once)
{
    const uint32_t interest = (uint32_t)EVIO_READABLE | EVIO_ONESHOT;

    fork_open(interest);
    fake_report_ready(fork_records[2], EVIO__IN);
    fake_report_ready(fork_records[4], EVIO__HUP);
    CHECK_EQ_INT(fake_check(&fork_loop), 2);
    fork_now();
    evio__events_after_fork(fork_loop.registry);
    CHECK_EQ_INT(fake_check(&fork_loop), 2);
    CHECK_EQ_UINT(fake.adds, 4);
    CHECK_EQ_UINT(fork_added[12] + fork_added[14], 0);
    CHECK_EQ_UINT(fake_next(&fork_loop, 2), EVIO_READABLE);
    CHECK_UINT(fake_next(&fork_loop, 4) & EVIO_READ_CLOSED, !=, 0);
    CHECK_EQ_INT(fake_check(&fork_loop), 0);
    fork_close();
}

/* --- fork() itself, over the list of all registries --------------------------
 */

TEST(registries_leave_the_list_in_any_order)
{
    const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                             {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};

    for (int i = 0; i < 6; i++) {
        evio_registry *registries[3];

        memset(&fake, 0, sizeof(fake));
        for (int j = 0; j < 3; j++)
            CHECK_OK(evio__registry_new(&fake_ops, &registries[j]));
        for (int j = 0; j < 3; j++) {
            const evio_registry *left = registries[orders[i][(j + 1) % 3]];

            evio__registry_close(registries[orders[i][j]]);
            if (j < 2)
                CHECK(left->fork_next != registries[orders[i][j]] &&
                      left->fork_previous != registries[orders[i][j]]);
        }
        CHECK_EQ_UINT(fake.wakeup_closes, 3);
    }
}

/* A port whose kernel objects a child does not inherit must not close their
 * numbers. */
TEST(a_selector_is_closed_as_inherited_until_the_child_has_its_own)
{
    for (int own = 0; own < 2; own++) {
        fork_open(LOOP_RW | EVIO_LEVEL);
        fork_now();
        if (own != 0)
            CHECK_OK(evio_poll_after_fork(fork_loop.poll));
        fork_close();
        CHECK(fake.closed_inherited == (own == 0));
    }
}
