/* SPDX-License-Identifier: MIT */
/*
 * The table of the poll selector with canned arrays: what it gives to poll(),
 * and what it makes of the answers, rule by rule. No descriptor is opened and
 * none is polled. Growing is tested with more rows than any first block has.
 */
#include "sys/posix/poll_table.h"

#include <string.h>

#include <libevio/event.h>

#include "base/ready.h"
#include "base/slab.h"
#include "support/check.h"
#include "support/fault.h"

#define WAKEUP 3
#define RW     ((uint32_t)EVIO_READABLE | EVIO_WRITABLE)
#define IN     (POLLIN | POLLRDHUP)

static const evio__poll_file no_file = {1, 2};

struct table {
    evio__slab slab;
    evio__poll_table t;
};

static void table_open(struct table *table)
{
    memset(table, 0, sizeof(*table));
    CHECK_OK(evio__poll_table_init(&table->t, WAKEUP));
}

static void table_close(struct table *table)
{
    evio__poll_table_free(&table->t);
    evio__slab_free(&table->slab);
}

static evio__record *table_record(struct table *table, int fd,
                                  uint32_t interest)
{
    evio__record *record = evio__slab_take(&table->slab);

    CHECK(record != NULL);
    record->handle = fd;
    evio__store32(&record->interest, interest);
    return record;
}

static evio__record *table_add(struct table *table, int fd, uint32_t interest)
{
    evio__record *record = table_record(table, fd, interest);

    CHECK_OK(evio__poll_table_add(&table->t, record, &no_file));
    return record;
}

static void table_modify(struct table *table, evio__record *record,
                         uint32_t interest)
{
    evio__stamp_change(record);
    evio__store32(&record->interest, interest);
    evio__stamp_changed(record);
    evio__poll_table_modify(&table->t, record);
}

static void table_remove(struct table *table, evio__record *record)
{
    evio__poll_table_remove(&table->t, record);
    evio__slab_end(record);
    evio__slab_give(&table->slab, record);
}

/* Where poll() is given `fd`; 0 when it is passed over. */
static uint32_t table_polled(struct table *table, int fd, bool sample)
{
    uint32_t n = evio__poll_table_copy(&table->t, sample);

    for (uint32_t i = 1; i < n; i++) {
        if (table->t.copy.fds[i].fd == fd)
            return i;
    }
    return 0;
}

/* What poll() would look for; -1 when the descriptor is passed over. */
static int table_events_of(struct table *table, int fd)
{
    uint32_t i = table_polled(table, fd, false);

    return i != 0 ? table->t.copy.fds[i].events : -1;
}

/* poll() answers for a descriptor of the next copy; what is reported. */
static uint32_t table_answer(struct table *table, int fd, int revents,
                             bool sample)
{
    uint32_t i = table_polled(table, fd, sample);

    CHECK_UINT(i, !=, 0);
    table->t.copy.fds[i].revents = (short)revents;
    return evio__poll_table_fired(&table->t, i, (short)revents, &table->slab);
}

static uint32_t table_fire(struct table *table, int fd, int revents)
{
    return table_answer(table, fd, revents, false);
}

TEST(the_wakeup_is_row_zero)
{
    struct table table;

    table_open(&table);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 1);
    CHECK_EQ_INT(table.t.copy.fds[0].fd, WAKEUP);
    CHECK_EQ_INT(table.t.copy.fds[0].events, POLLIN);
    evio__poll_table_set_wakeup(&table.t, 9);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 1);
    CHECK_EQ_INT(table.t.copy.fds[0].fd, 9);
    CHECK_EQ_INT(table.t.copy.fds[0].events, POLLIN);
    table_close(&table);
}

TEST(interest_becomes_events)
{
    struct table table;

    table_open(&table);
    table_add(&table, 5, EVIO_READABLE);
    table_add(&table, 6, EVIO_WRITABLE);
    table_add(&table, 7, EVIO_PRIORITY);
    table_add(&table, 8, RW | EVIO_PRIORITY);
    table_add(&table, 9, EVIO_CLOSED);
    table_add(&table, 10, EVIO_HANGUP);
    CHECK_EQ_INT(table_events_of(&table, 5), IN);
    CHECK_EQ_INT(table_events_of(&table, 6), POLLOUT);
    CHECK_EQ_INT(table_events_of(&table, 7), POLLPRI);
    CHECK_EQ_INT(table_events_of(&table, 8), IN | POLLOUT | POLLPRI);
    CHECK_EQ_INT(table_events_of(&table, 9), POLLRDHUP);
    CHECK_EQ_INT(table_events_of(&table, 10), 0); /* hang-ups, unasked */
    table_close(&table);
}

TEST(a_record_keeps_its_file)
{
    const evio__poll_file file = {77, 88};
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_record(&table, 5, EVIO_READABLE);
    CHECK_OK(evio__poll_table_add(&table.t, record, &file));
    const evio__poll_state *state =
        evio__poll_table_state(&table.t, record->slot);
    CHECK_EQ_UINT(state->file.device, 77);
    CHECK_EQ_UINT(state->file.inode, 88);
    CHECK_EQ_UINT(state->row, 1);
    CHECK_EQ_UINT(table.t.keys[1], evio__record_key(record));
    table_close(&table);
}

/* What is reported is what poll() answered and was armed. */
TEST(an_edge_disarms_what_fired)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 5, RW);
    CHECK_EQ_UINT(table_fire(&table, 5, POLLOUT), EVIO__OUT);
    CHECK_EQ_INT(table_events_of(&table, 5), IN);
    CHECK_EQ_UINT(table_fire(&table, 5, POLLIN | POLLOUT), EVIO__IN);
    CHECK_EQ_INT(table_events_of(&table, 5), POLLRDHUP);
    CHECK(evio__poll_table_rearm(&table.t, record, EVIO_READABLE));
    CHECK_EQ_INT(table_events_of(&table, 5), IN);
    CHECK(!evio__poll_table_rearm(&table.t, record, EVIO_READABLE));
    CHECK(!evio__poll_table_rearm(&table.t, record, EVIO_PRIORITY));
    CHECK_EQ_INT(table_events_of(&table, 5), IN);
    CHECK(evio__poll_table_rearm(&table.t, record, RW | EVIO_PRIORITY));
    CHECK_EQ_INT(table_events_of(&table, 5), IN | POLLOUT);
    CHECK_EQ_UINT(table_fire(&table, 5, IN | POLLOUT),
                  EVIO__IN | EVIO__RDHUP | EVIO__OUT);
    CHECK_EQ_INT(table_events_of(&table, 5), 0);
    table_close(&table);
}

/* A peer's half-close is reported while reading is disarmed. */
TEST(a_half_close_is_reported_once)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 5, EVIO_READABLE);
    CHECK_EQ_UINT(table_fire(&table, 5, POLLIN), EVIO__IN);
    CHECK_EQ_UINT(table_fire(&table, 5, IN), EVIO__RDHUP);
    CHECK_EQ_INT(table_events_of(&table, 5), 0);
    CHECK_EQ_UINT(table_fire(&table, 5, POLLHUP), EVIO__HUP);
    CHECK_EQ_UINT(table_polled(&table, 5, false), 0);
    CHECK(evio__poll_table_rearm(&table.t, record, EVIO_READABLE));
    table_close(&table);
}

/* poll() reports these whatever is asked, so the row must be passed over. */
TEST(what_cannot_be_masked_parks_the_row)
{
    const int conditions[] = {POLLHUP, POLLERR, POLLHUP | POLLIN,
                              POLLERR | POLLOUT, POLLHUP | POLLERR};

    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
        struct table table;
        evio__record *record;

        table_open(&table);
        record = table_add(&table, 5, RW);
        CHECK_UINT(table_fire(&table, 5, conditions[i]), !=, 0);
        CHECK_EQ_UINT(table_polled(&table, 5, false), 0);
        table_modify(&table, record, EVIO_WRITABLE);
        CHECK_EQ_INT(table_events_of(&table, 5), POLLOUT);
        CHECK_UINT(table_fire(&table, 5, conditions[i]), !=, 0);
        table_remove(&table, record);
        table_add(&table, 5, EVIO_READABLE);
        CHECK_EQ_INT(table_events_of(&table, 5), IN);
        table_close(&table);
    }
}

/* ~0 is negative: number 0 can be parked as any other. */
TEST(descriptor_zero_can_be_parked)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 0, EVIO_READABLE);
    CHECK_EQ_UINT(table_fire(&table, 0, POLLHUP), EVIO__HUP);
    CHECK_EQ_UINT(table_polled(&table, 0, false), 0);
    CHECK_EQ_INT(table.t.fds[1].fd, -1);
    table_modify(&table, record, EVIO_READABLE);
    CHECK_EQ_INT(table_events_of(&table, 0), IN);
    table_close(&table);
}

TEST(level_disarms_nothing)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 5, RW | EVIO_LEVEL);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_UINT(table_fire(&table, 5, POLLIN | POLLHUP | POLLERR),
                      EVIO__IN | EVIO__HUP | EVIO__ERR);
        CHECK_EQ_INT(table_events_of(&table, 5), IN | POLLOUT);
    }
    CHECK(!evio__poll_table_rearm(&table.t, record, RW));
    CHECK_EQ_UINT(table.t.n_paced, 0);
    table_close(&table);
}

/* A closed descriptor reports nothing, in any mode, and would for ever. */
TEST(a_closed_descriptor_is_silent)
{
    const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

    for (int i = 0; i < 3; i++) {
        struct table table;
        evio__record *record;

        table_open(&table);
        record = table_add(&table, 5, RW | modes[i]);
        CHECK_EQ_UINT(table_fire(&table, 5, POLLNVAL), 0);
        CHECK_EQ_UINT(table_polled(&table, 5, false), 0);
        table_modify(&table, record, EVIO_READABLE | modes[i]);
        CHECK_EQ_INT(table_events_of(&table, 5), IN);
        table_close(&table);
    }
}

TEST(oneshot_is_disarmed_until_modified)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 5, RW | EVIO_ONESHOT);
    CHECK_EQ_UINT(table_fire(&table, 5, POLLOUT), EVIO__OUT);
    CHECK_EQ_UINT(table_polled(&table, 5, false), 0);
    CHECK(!evio__poll_table_rearm(&table.t, record, RW));
    CHECK_EQ_UINT(table_polled(&table, 5, false), 0);
    table_modify(&table, record, EVIO_READABLE);
    CHECK_EQ_INT(table_events_of(&table, 5), IN);
    table_close(&table);
}

/* poll() was called with a copy, and has an answer for what has changed. */
TEST(answers_for_what_changed_meanwhile_are_dropped)
{
    struct table table;
    evio__record *records[3];
    uint32_t n;

    table_open(&table);
    for (int i = 0; i < 3; i++)
        records[i] = table_add(&table, 10 + i, RW);
    n = evio__poll_table_copy(&table.t, false);
    CHECK_EQ_UINT(n, 4);
    table_modify(&table, records[0], EVIO_WRITABLE);
    table_remove(&table, records[1]);
    table_add(&table, 11, RW); /* the slot of the one that went */
    for (uint32_t i = 1; i < 3; i++)
        CHECK_EQ_UINT(evio__poll_table_fired(&table.t, i, POLLOUT, &table.slab),
                      0);
    /* They are armed as they were. */
    CHECK_EQ_UINT(evio__poll_table_fired(&table.t, 3, POLLOUT, &table.slab),
                  EVIO__OUT);
    CHECK_EQ_INT(table_events_of(&table, 10), POLLOUT);
    CHECK_EQ_INT(table_events_of(&table, 11), IN | POLLOUT);
    CHECK_EQ_INT(table_events_of(&table, 12), IN);
    table_close(&table);
}

/* Removed, and nobody came: the answer has no row. */
TEST(an_answer_for_what_is_gone_is_dropped)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 10, RW);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 2);
    table_remove(&table, record);
    CHECK_EQ_UINT(evio__poll_table_fired(&table.t, 1, POLLOUT, &table.slab), 0);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 1);
    table_close(&table);
}

/* A disarmed bit may still come: of a copy from before. */
TEST(only_what_is_armed_now_is_reported)
{
    struct table table;

    table_open(&table);
    table_add(&table, 5, RW);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 2);
    CHECK_EQ_UINT(evio__poll_table_fired(&table.t, 1, POLLIN, &table.slab),
                  EVIO__IN);
    CHECK_EQ_UINT(
        evio__poll_table_fired(&table.t, 1, POLLIN | POLLOUT, &table.slab),
        EVIO__OUT);
    CHECK_EQ_UINT(
        evio__poll_table_fired(&table.t, 1, POLLIN | POLLOUT, &table.slab), 0);
    table_close(&table);
}

/* The last row takes the place of the one that goes, parked or not. */
TEST(removing_moves_the_last_row)
{
    struct table table;
    evio__record *records[4];

    table_open(&table);
    for (int i = 0; i < 4; i++)
        records[i] = table_add(&table, 10 + i, RW);
    CHECK_EQ_UINT(table_fire(&table, 13, POLLHUP), EVIO__HUP);
    table_remove(&table, records[0]);
    CHECK_EQ_UINT(table_polled(&table, 10, false), 0);
    CHECK_EQ_UINT(table_polled(&table, 13, false), 0);
    CHECK_EQ_UINT(evio__poll_table_state(&table.t, records[3]->slot)->row, 1);
    table_modify(&table, records[3], EVIO_WRITABLE);
    CHECK_EQ_INT(table_events_of(&table, 13), POLLOUT);
    table_remove(&table, records[2]);
    table_remove(&table, records[3]);
    CHECK_EQ_INT(table_events_of(&table, 11), IN | POLLOUT);
    CHECK_EQ_UINT(table_fire(&table, 11, POLLOUT), EVIO__OUT);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 2);
    table_close(&table);
}

/* A number that a forked child has closed. */
TEST(a_parked_row_is_silent_until_modified)
{
    struct table table;
    evio__record *record;

    table_open(&table);
    record = table_add(&table, 5, RW | EVIO_LEVEL);
    evio__poll_table_park(&table.t, record);
    CHECK_EQ_UINT(table_polled(&table, 5, false), 0);
    CHECK(!evio__poll_table_rearm(&table.t, record, RW));
    CHECK_EQ_UINT(table_polled(&table, 5, true), 0);
    table_modify(&table, record, EVIO_READABLE);
    CHECK_EQ_INT(table_events_of(&table, 5), IN);
    table_close(&table);
}

/* --- the copy ---------------------------------------------------------------
 */

/* While a wait polls the copy, the table may grow and change: the copy stays
 * where and what it was. */
TEST(the_copy_in_use_is_left_alone)
{
    struct table table;
    evio__record *first;

    table_open(&table);
    first = table_add(&table, 5, EVIO_READABLE);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 2);
    const struct pollfd *fds = table.t.copy.fds;
    const uint64_t *keys = table.t.copy.keys;
    uint64_t key = evio__record_key(first);
    for (int fd = 100; fd < 1100; fd++)
        table_add(&table, fd, RW);
    table_remove(&table, first);
    CHECK_EQ_PTR(table.t.copy.fds, fds);
    CHECK_EQ_PTR(table.t.copy.keys, keys);
    CHECK_EQ_INT(fds[1].fd, 5);
    CHECK_EQ_UINT(keys[1], key);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 1001);
    CHECK_UINT(table.t.copy.cap, >=, 1001);
    for (int fd = 100; fd < 1100; fd++)
        CHECK_UINT(table_polled(&table, fd, false), !=, 0);
    table_close(&table);
}

/* The copy takes the spare, and the next growth needs another one. */
TEST(the_table_grows_between_copies)
{
    struct table table;

    table_open(&table);
    for (int fd = 0; fd < 2000; fd++) {
        table_add(&table, 10 + fd, EVIO_READABLE);
        if (fd % 3 == 0)
            CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), fd + 2);
        if (fd % 7 == 0)
            CHECK_EQ_UINT(table_fire(&table, 10 + fd, POLLIN), EVIO__IN);
    }
    for (int fd = 0; fd < 2000; fd++)
        CHECK_EQ_INT(table_events_of(&table, 10 + fd),
                     fd % 7 == 0 ? POLLRDHUP : IN);
    table_close(&table);
}

/* Nothing changed: not even the answers of the last poll() are wiped. */
TEST(an_unchanged_table_is_not_copied)
{
    struct table table;

    table_open(&table);
    table_add(&table, 5, EVIO_READABLE);
    evio__poll_table_copy(&table.t, false);
    table.t.copy.fds[1].revents = 77;
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 2);
    CHECK_EQ_INT(table.t.copy.fds[1].revents, 77);
    table_add(&table, 6, EVIO_READABLE);
    CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), 3);
    CHECK_EQ_INT(table.t.copy.fds[1].revents, 0);
    table_close(&table);
}

/* The n-th allocation fails: nothing changed, and the next try succeeds. */
TEST(growth_that_fails_changes_nothing)
{
    struct table table;
    unsigned failures = 0;

    table_open(&table);
    for (int fd = 0; fd < 600; fd++) {
        evio__record *record = table_record(&table, fd, RW);

        for (unsigned nth = 1;; nth++) {
            uint32_t count = table.t.count;

            fault_fail_nth(nth, ENOMEM);
            int r = evio__poll_table_add(&table.t, record, &no_file);
            bool fired = fault_fired();
            fault_reset();
            if (!fired) {
                CHECK_OK(r);
                break;
            }
            CHECK_ERR(r, ENOMEM);
            CHECK_EQ_UINT(table.t.count, count);
            CHECK_EQ_UINT(evio__poll_table_copy(&table.t, false), count);
            CHECK_EQ_UINT(table_polled(&table, fd, false), 0);
            failures++;
        }
    }
    /* Rows and their spare at 16, 32... 512, and the states at each chunk. */
    CHECK_UINT(failures, >=, 2 * 6 + 3);
    for (int fd = 0; fd < 600; fd++)
        CHECK_EQ_INT(table_events_of(&table, fd), IN | POLLOUT);
    table_close(&table);
}

TEST(a_table_that_cannot_begin_leaves_nothing)
{
    evio__poll_table t;

    for (unsigned nth = 1; nth <= 2; nth++) {
        fault_fail_nth(nth, ENOMEM);
        CHECK_ERR(evio__poll_table_init(&t, WAKEUP), ENOMEM);
        CHECK(fault_fired());
        fault_reset();
    }
    CHECK_OK(evio__poll_table_init(&t, WAKEUP));
    CHECK_EQ_UINT(fault_calls(), 2);
    evio__poll_table_free(&t);
}
