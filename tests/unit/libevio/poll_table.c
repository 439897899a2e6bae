/* SPDX-License-Identifier: MIT */
/*
 * The table of the poll selector with canned arrays: what it gives to poll()
 * and what it makes of the answers, rule by rule. No descriptor is opened and
 * none is polled. Growing is tested with more rows than any first block has.
 */
#include "sys/posix/poll_table.h"

#include <libevio/event.h>

#include "base/slab.h"
#include "support/check.h"
#include "support/fault.h"

#define INTERRUPT 3
#define RW        ((uint32_t)EVIO_READABLE | EVIO_WRITABLE)

static evio__poll_table table_new(void)
{
    evio__poll_table t;

    CHECK_OK(evio__poll_table_init(&t, INTERRUPT));
    return t;
}

/* The row that poll() would be given for `fd`; NULL when it is parked. */
static const struct pollfd *table_polled(evio__poll_table *t, int fd)
{
    uint32_t n = evio__poll_table_copy(t);

    for (uint32_t i = 1; i < n; i++) {
        if (t->copy.fds[i].fd == fd)
            return &t->copy.fds[i];
    }
    return NULL;
}

/* What poll() would look for; -1 when the descriptor is passed over. */
static int table_events_of(evio__poll_table *t, int fd)
{
    const struct pollfd *row = table_polled(t, fd);

    return row != NULL ? row->events : -1;
}

/* As the selector does with an answer. */
static void table_fire(evio__poll_table *t, int fd, uint64_t key, int revents)
{
    uint32_t readiness = 0;
    uint32_t index = evio__poll_table_find(t, fd, key);

    CHECK_UINT(index, !=, 0);
    if ((revents & (POLLIN | POLLRDHUP)) != 0)
        readiness |= EVIO_READABLE;
    if ((revents & POLLOUT) != 0)
        readiness |= EVIO_WRITABLE;
    if ((revents & POLLPRI) != 0)
        readiness |= EVIO_PRIORITY;
    if ((revents & (POLLERR | POLLHUP | POLLNVAL)) != 0)
        readiness |= RW;
    evio__poll_table_silence(t, index, (short)revents, readiness);
}

TEST(the_interrupt_is_row_zero)
{
    evio__poll_table t = table_new();

    CHECK_EQ_UINT(evio__poll_table_copy(&t), 1);
    CHECK_EQ_INT(t.copy.fds[0].fd, INTERRUPT);
    CHECK_EQ_INT(t.copy.fds[0].events, POLLIN);
    CHECK_EQ_UINT(evio__poll_table_find(&t, INTERRUPT, 0), 0);
    evio__poll_table_free(&t);
}

TEST(interest_becomes_events)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, EVIO_READABLE));
    CHECK_OK(evio__poll_table_add(&t, 6, 60, EVIO_WRITABLE));
    CHECK_OK(evio__poll_table_add(&t, 7, 70, EVIO_PRIORITY));
    CHECK_OK(evio__poll_table_add(&t, 8, 80, RW | EVIO_PRIORITY));
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    CHECK_EQ_INT(table_events_of(&t, 6), POLLOUT);
    CHECK_EQ_INT(table_events_of(&t, 7), POLLPRI);
    CHECK_EQ_INT(table_events_of(&t, 8),
                 POLLIN | POLLRDHUP | POLLOUT | POLLPRI);
    evio__poll_table_free(&t);
}

TEST(a_descriptor_is_there_once)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, RW));
    CHECK_ERR(evio__poll_table_add(&t, 5, 51, RW), EEXIST);
    CHECK_ERR(evio__poll_table_add(&t, 5, 50, RW), EEXIST);
    CHECK_EQ_UINT(evio__poll_table_copy(&t), 2);
    evio__poll_table_free(&t);
}

TEST(another_key_is_not_found)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, RW));
    CHECK_ERR(evio__poll_table_modify(&t, 5, 51, RW), ENOENT);
    CHECK_ERR(evio__poll_table_rearm(&t, 5, 51, RW), ENOENT);
    CHECK_ERR(evio__poll_table_remove(&t, 5, 51), ENOENT);
    CHECK_ERR(evio__poll_table_remove(&t, 6, 50), ENOENT);
    CHECK_ERR(evio__poll_table_remove(&t, 1000000, 50), ENOENT);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP | POLLOUT);
    CHECK_OK(evio__poll_table_remove(&t, 5, 50));
    CHECK_ERR(evio__poll_table_remove(&t, 5, 50), ENOENT);
    CHECK_EQ_INT(table_events_of(&t, 5), -1);
    evio__poll_table_free(&t);
}

TEST(an_edge_silences_what_fired)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, RW));
    table_fire(&t, 5, 50, POLLOUT);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    table_fire(&t, 5, 50, POLLIN);
    CHECK_EQ_INT(table_events_of(&t, 5), 0); /* for hang-ups alone */
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, EVIO_READABLE), 1);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, EVIO_READABLE), 0);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, EVIO_PRIORITY), 0);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, RW | EVIO_PRIORITY), 1);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP | POLLOUT);
    table_fire(&t, 5, 50, POLLIN | POLLOUT);
    CHECK_EQ_INT(table_events_of(&t, 5), 0);
    evio__poll_table_free(&t);
}

/* A source that has nothing to do still learns that its peer is gone. */
TEST(a_hang_up_is_told_once_to_a_silent_row)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, EVIO_READABLE));
    table_fire(&t, 5, 50, POLLIN);
    CHECK_EQ_INT(table_events_of(&t, 5), 0);
    table_fire(&t, 5, 50, POLLHUP);
    CHECK(table_polled(&t, 5) == NULL);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, EVIO_WRITABLE), 0);
    CHECK(table_polled(&t, 5) == NULL);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, EVIO_READABLE), 1);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    table_fire(&t, 5, 50, POLLIN);
    CHECK_EQ_INT(table_events_of(&t, 5), 0);
    evio__poll_table_free(&t);
}

TEST(a_half_close_is_of_reading)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, RW));
    table_fire(&t, 5, 50, POLLRDHUP);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLOUT);
    evio__poll_table_free(&t);
}

/* poll() reports these whatever is asked, so the row must be passed over. */
TEST(what_cannot_be_masked_parks_the_row)
{
    const int conditions[] = {POLLHUP, POLLERR, POLLHUP | POLLIN,
                              POLLERR | POLLOUT, POLLHUP | POLLERR};

    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
        evio__poll_table t = table_new();

        CHECK_OK(evio__poll_table_add(&t, 5, 50, EVIO_READABLE));
        table_fire(&t, 5, 50, conditions[i]);
        CHECK(table_polled(&t, 5) == NULL);
        CHECK_UINT(evio__poll_table_find(&t, 5, 50), !=, 0);
        CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, EVIO_READABLE), 1);
        CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
        table_fire(&t, 5, 50, conditions[i]);
        CHECK_OK(evio__poll_table_modify(&t, 5, 50, EVIO_WRITABLE));
        CHECK_EQ_INT(table_events_of(&t, 5), POLLOUT);
        table_fire(&t, 5, 50, conditions[i]);
        CHECK_OK(evio__poll_table_remove(&t, 5, 50));
        CHECK_OK(evio__poll_table_add(&t, 5, 51, EVIO_READABLE));
        CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
        evio__poll_table_free(&t);
    }
}

TEST(descriptor_zero_can_be_parked)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 0, 50, EVIO_READABLE));
    table_fire(&t, 0, 50, POLLHUP);
    CHECK(table_polled(&t, 0) == NULL);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 0, 50, EVIO_READABLE), 1);
    CHECK(table_polled(&t, 0) != NULL);
    evio__poll_table_free(&t);
}

TEST(level_silences_nothing_but_a_closed_descriptor)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, RW | EVIO_LEVEL));
    table_fire(&t, 5, 50, POLLIN | POLLOUT);
    table_fire(&t, 5, 50, POLLIN | POLLHUP | POLLERR);
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP | POLLOUT);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, RW), 0);
    table_fire(&t, 5, 50, POLLNVAL);
    CHECK(table_polled(&t, 5) == NULL);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, RW), 0);
    CHECK(table_polled(&t, 5) == NULL);
    CHECK_OK(evio__poll_table_modify(&t, 5, 50, EVIO_READABLE | EVIO_LEVEL));
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    evio__poll_table_free(&t);
}

TEST(oneshot_is_silent_until_modified)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, RW | EVIO_ONESHOT));
    table_fire(&t, 5, 50, POLLOUT);
    CHECK(table_polled(&t, 5) == NULL);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 5, 50, RW), 0);
    CHECK(table_polled(&t, 5) == NULL);
    CHECK_OK(evio__poll_table_modify(&t, 5, 50, EVIO_READABLE));
    CHECK_EQ_INT(table_events_of(&t, 5), POLLIN | POLLRDHUP);
    evio__poll_table_free(&t);
}

TEST(wakers_are_told_apart)
{
    evio__poll_table t = table_new();

    CHECK_OK(
        evio__poll_table_add(&t, 5, 50, EVIO_READABLE | EVIO__INTEREST_WAKER));
    CHECK_OK(evio__poll_table_add(&t, 6, 60, EVIO_READABLE));
    CHECK(evio__poll_table_is_waker(&t, evio__poll_table_find(&t, 5, 50)));
    CHECK(!evio__poll_table_is_waker(&t, evio__poll_table_find(&t, 6, 60)));
    evio__poll_table_free(&t);
}

/* The last row takes the place of the one that goes, parked or not. */
TEST(removing_moves_the_last_row)
{
    evio__poll_table t = table_new();

    for (int fd = 10; fd < 14; fd++)
        CHECK_OK(evio__poll_table_add(&t, fd, (uint64_t)fd * 10, RW));
    table_fire(&t, 13, 130, POLLHUP);
    CHECK_OK(evio__poll_table_remove(&t, 10, 100));
    CHECK(table_polled(&t, 10) == NULL && table_polled(&t, 13) == NULL);
    CHECK_EQ_UINT(evio__poll_table_find(&t, 13, 130), 1);
    CHECK_EQ_INT(evio__poll_table_rearm(&t, 13, 130, EVIO_WRITABLE), 1);
    CHECK_EQ_INT(table_events_of(&t, 13), POLLOUT);
    CHECK_OK(evio__poll_table_remove(&t, 12, 120));
    CHECK_OK(evio__poll_table_remove(&t, 13, 130));
    CHECK_EQ_INT(table_events_of(&t, 11), POLLIN | POLLRDHUP | POLLOUT);
    CHECK_EQ_UINT(evio__poll_table_copy(&t), 2);
    evio__poll_table_free(&t);
}

/* While a wait polls the copy, the table may grow and change: the copy stays
 * where and what it was. */
TEST(the_copy_is_left_alone)
{
    evio__poll_table t = table_new();
    struct pollfd *fds;
    uint64_t *keys;

    CHECK_OK(evio__poll_table_add(&t, 5, 50, EVIO_READABLE));
    CHECK_EQ_UINT(evio__poll_table_copy(&t), 2);
    fds = t.copy.fds;
    keys = t.copy.keys;
    for (int fd = 100; fd < 1100; fd++)
        CHECK_OK(evio__poll_table_add(&t, fd, (uint64_t)fd, RW));
    CHECK_OK(evio__poll_table_remove(&t, 5, 50));
    CHECK(t.copy.fds == fds && t.copy.keys == keys);
    CHECK_EQ_INT(fds[1].fd, 5);
    CHECK_EQ_UINT(keys[1], 50);
    CHECK_EQ_UINT(evio__poll_table_copy(&t), 1001);
    for (int fd = 100; fd < 1100; fd++)
        CHECK_UINT(evio__poll_table_find(&t, fd, (uint64_t)fd), !=, 0);
    evio__poll_table_free(&t);
}

/* Nothing changed: not even the answers of the last poll() are wiped. */
TEST(an_unchanged_table_is_not_copied)
{
    evio__poll_table t = table_new();

    CHECK_OK(evio__poll_table_add(&t, 5, 50, EVIO_LEVEL | EVIO_READABLE));
    evio__poll_table_copy(&t);
    t.copy.fds[1].revents = 77;
    table_fire(&t, 5, 50, POLLIN);
    evio__poll_table_copy(&t);
    CHECK_EQ_INT(t.copy.fds[1].revents, 77);
    evio__poll_table_free(&t);
}

/* The n-th allocation fails: nothing changed, and the next try succeeds. */
TEST(growth_that_fails_changes_nothing)
{
    evio__poll_table t = table_new();
    unsigned failures = 0;

    for (int fd = 0; fd < 600; fd++) {
        for (unsigned nth = 1;; nth++) {
            uint32_t count = t.count;

            fault_fail_nth(nth, ENOMEM);
            int r = evio__poll_table_add(&t, fd * 7, (uint64_t)fd, RW);
            bool fired = fault_fired();

            fault_reset();
            if (!fired) {
                CHECK_OK(r);
                break;
            }
            CHECK_ERR(r, ENOMEM);
            CHECK_EQ_UINT(t.count, count);
            CHECK_EQ_UINT(evio__poll_table_find(&t, fd * 7, (uint64_t)fd), 0);
            CHECK_EQ_UINT(evio__poll_table_copy(&t), count);
            failures++;
        }
    }
    CHECK_UINT(failures, >=, 3 * 6);
    CHECK_EQ_UINT(evio__poll_table_copy(&t), 601);
    evio__poll_table_free(&t);
}
