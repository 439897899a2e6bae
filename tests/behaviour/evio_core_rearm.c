/* SPDX-License-Identifier: MIT */
/*
 * Promise: in edge mode a direction is reported again after would-block or a
 * short count in it, and re-arming one direction never re-reports the other.
 * The I/O is made outside the library, so evio_rearm() says how it ended.
 */
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

#include <errno.h>
#include <string.h>

struct rearm {
    struct loop l;
    evio_source source;
    int pair[2];
};

static void rearm_open(struct rearm *t, uint32_t interest)
{
    loop_open(&t->l, 8);
    net_unix_pair(NET_STREAM, t->pair);
    net_set_nonblocking(t->pair[0], true);
    loop_add(&t->l, &t->source, t->pair[0], 7, interest);
}

static void rearm_close(struct rearm *t)
{
    loop_remove(&t->l, &t->source);
    net_close(t->pair[0]);
    net_close(t->pair[1]);
    loop_close(&t->l);
}

static void rearm_read_to_the_end(struct rearm *t)
{
    net_drain(t->pair[0]);
    CHECK_OK(evio_rearm(&t->source, EVIO_READABLE));
}

TEST(reading_to_would_block_never_reports_writable_again)
{
    struct rearm t;

    rearm_open(&t, LOOP_RW);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_WRITABLE);
    for (int i = 0; i < 50; i++) {
        CHECK_EQ_UINT(loop_wait(&t.l, 7, 0), 0);
        net_send_all(t.pair[1], "x", 1);
        CHECK_UINT(loop_await(&t.l, 7) & EVIO_READABLE, !=, 0);
        rearm_read_to_the_end(&t);
    }
    loop_quiet(&t.l);
    rearm_close(&t);
}

/* On the selector that simulates edges an event says what fired, no more. */
TEST(a_simulated_edge_reports_one_direction_at_a_time)
{
    struct rearm t;

    rearm_open(&t, LOOP_RW);
    if (!loop_is(&t.l, EVIO_SELECTOR_POLL))
        SKIP("the kernel makes the edges of this selector");
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_WRITABLE);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    rearm_read_to_the_end(&t);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    CHECK_OK(evio_rearm(&t.source, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_WRITABLE);
    rearm_close(&t);
}

TEST(an_unread_edge_is_not_repeated)
{
    struct rearm t;

    rearm_open(&t, EVIO_READABLE);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    loop_quiet(&t.l);
    rearm_close(&t);
}

TEST(rearming_what_is_not_silenced_changes_nothing)
{
    struct rearm t;

    rearm_open(&t, EVIO_READABLE);
    for (int i = 0; i < 10; i++)
        CHECK_OK(evio_rearm(&t.source, EVIO_READABLE));
    loop_quiet(&t.l);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    loop_quiet(&t.l);
    rearm_close(&t);
}

TEST(rearming_a_direction_not_asked_for_is_passed_over)
{
    struct rearm t;

    rearm_open(&t, EVIO_READABLE);
    CHECK_OK(evio_rearm(&t.source, EVIO_WRITABLE | EVIO_PRIORITY));
    loop_quiet(&t.l);
    rearm_close(&t);
}

TEST(a_full_stream_reports_writable_when_it_drains)
{
    struct rearm t;

    rearm_open(&t, LOOP_RW);
    net_set_nonblocking(t.pair[1], true);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_WRITABLE);
    for (int i = 0; i < 20; i++) {
        net_fill(t.pair[0]);
        CHECK_OK(evio_rearm(&t.source, EVIO_WRITABLE));
        CHECK_EQ_UINT(loop_wait(&t.l, 7, 0), 0);
        net_drain(t.pair[1]);
        CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_WRITABLE);
    }
    rearm_close(&t);
}

/* The turn ends with a short count: no read that would block is needed. */
TEST(a_short_read_ends_the_turn)
{
    struct rearm t;
    char buf[64];

    rearm_open(&t, EVIO_READABLE);
    for (int i = 0; i < 20; i++) {
        net_send_all(t.pair[1], "0123456789", 10);
        CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
        CHECK_EQ_INT(net_recv(t.pair[0], buf, sizeof(buf)), 10);
        CHECK_OK(evio_rearm(&t.source, EVIO_READABLE));
        CHECK_EQ_UINT(loop_wait(&t.l, 7, 0), 0);
    }
    rearm_close(&t);
}

/* Data between the short read and the re-arm is not missed. */
TEST(data_that_comes_before_the_rearm_is_reported)
{
    struct rearm t;
    char buf[64];

    rearm_open(&t, EVIO_READABLE);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    CHECK_EQ_INT(net_recv(t.pair[0], buf, sizeof(buf)), 1);
    net_send_all(t.pair[1], "x", 1);
    CHECK_OK(evio_rearm(&t.source, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    rearm_close(&t);
}

static void rearm_reader(void *arg)
{
    struct rearm *t = arg;
    char buf[64];

    CHECK_EQ_INT(net_recv(t->pair[0], buf, sizeof(buf)), 1);
    net_send_all(t->pair[1], "y", 1);
    CHECK_OK(evio_rearm(&t->source, EVIO_READABLE));
}

TEST(a_rearm_by_another_thread_ends_the_wait)
{
    struct rearm t;
    thread *reader;

    rearm_open(&t, EVIO_READABLE);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    reader = thread_start(rearm_reader, &t);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    thread_join(reader);
    rearm_close(&t);
}

TEST(oneshot_is_not_revived_by_a_rearm)
{
    struct rearm t;

    rearm_open(&t, EVIO_READABLE | EVIO_ONESHOT);
    net_send_all(t.pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    CHECK_OK(evio_rearm(&t.source, EVIO_READABLE));
    loop_quiet(&t.l);
    CHECK_OK(evio_reregister(t.l.registry, &t.source, 7,
                             EVIO_READABLE | EVIO_ONESHOT));
    CHECK_EQ_UINT(loop_await(&t.l, 7), EVIO_READABLE);
    rearm_close(&t);
}

TEST(bad_rearms_are_refused)
{
    struct rearm t;
    evio_source empty;

    memset(&empty, 0, sizeof(empty));
    rearm_open(&t, EVIO_READABLE);
    CHECK_KIND(evio_rearm(NULL, EVIO_READABLE), INVALID_INPUT);
    CHECK_KIND(evio_rearm(&t.source, 0), INVALID_INPUT);
    CHECK_KIND(evio_rearm(&t.source, EVIO_LEVEL), INVALID_INPUT);
    CHECK_KIND(evio_rearm(&t.source, 0x80000001u), INVALID_INPUT);
    CHECK_KIND(evio_rearm(&empty, EVIO_READABLE), NOT_FOUND);
    loop_remove(&t.l, &t.source);
    CHECK_KIND(evio_rearm(&t.source, EVIO_READABLE), NOT_FOUND);
    CHECK_OK(evio_register(t.l.registry, &t.source, 7, EVIO_READABLE));
    rearm_close(&t);
}
