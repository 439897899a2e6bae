/* SPDX-License-Identifier: MIT */
/*
 * Reregistered between the wait that collected an event and its delivery: what
 * was collected for the old interest is dropped, and what is ready comes with
 * the next wait, under the new token and in the new directions alone. No event
 * without a direction is left of it.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/thread.h"

static const uint32_t batch_modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

enum {
    BATCH_MODES = sizeof(batch_modes) / sizeof(batch_modes[0])
};

struct batch {
    struct loop l;
    evio_source source;
    int fd[2];
};

static void batch_open(struct batch *t, enum channel kind, uint32_t interest)
{
    loop_open(&t->l, 8);
    channel_open(kind, t->fd);
    loop_add(&t->l, &t->source, t->fd[0], 1, interest);
}

static void batch_close(struct batch *t)
{
    loop_remove(&t->l, &t->source);
    net_close(t->fd[0]);
    if (t->fd[1] >= 0)
        net_close(t->fd[1]);
    loop_close(&t->l);
}

/* One event is in the buffer afterwards. */
static void batch_collect(struct batch *t)
{
    CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, LOOP_PATIENCE), 1);
}

static void batch_reregister(struct batch *t, uint64_t token, uint32_t interest)
{
    CHECK_OK(evio_reregister(t->l.registry, &t->source, token, interest));
}

static void batch_nothing_left(struct batch *t)
{
    evio_event event;

    if (evio_events_next(t->l.events, &event))
        check_fail(__FILE__, __LINE__, "token %u, readiness 0x%x",
                   (unsigned)event.token, (unsigned)event.readiness);
}

typedef void batch_body(enum channel kind, uint32_t mode);

static void batch_each(enum channel end, batch_body *body)
{
    for (enum channel kind = 0; kind < end; kind++) {
        for (int i = 0; i < BATCH_MODES; i++)
            body(kind, batch_modes[i]);
    }
}

/* {token, READ_CLOSED} alone would be an event of neither interest. */
static void batch_half_closed(enum channel kind, uint32_t mode)
{
    struct batch t;

    batch_open(&t, kind, EVIO_READABLE | mode);
    net_shutdown_write(t.fd[1]);
    batch_collect(&t);
    batch_reregister(&t, 2, EVIO_WRITABLE | mode);
    batch_nothing_left(&t);
    CHECK_EQ_UINT(loop_await(&t.l, 2), EVIO_WRITABLE);
    batch_close(&t);
}

TEST(from_readable_to_writable_after_a_half_close)
{
    batch_each(CHANNEL_SOCKETS, batch_half_closed);
}

/* Hung up, every direction that was requested is ready, and no other. */
static void batch_hung_up(enum channel kind, uint32_t mode)
{
    struct batch t;
    uint32_t got;

    batch_open(&t, kind, EVIO_READABLE | mode);
    if (kind == CHANNEL_TCP)
        net_reset(t.fd[1]);
    else
        net_close(t.fd[1]);
    t.fd[1] = -1;
    batch_collect(&t);
    batch_reregister(&t, 2, EVIO_WRITABLE | mode);
    batch_nothing_left(&t);
    got = loop_await(&t.l, 2);
    CHECK_EQ_UINT(got & LOOP_RW, EVIO_WRITABLE);
    batch_close(&t);
}

TEST(from_readable_to_writable_after_a_hang_up)
{
    batch_each(CHANNELS, batch_hung_up);
}

/* The new interest is not ready: nothing at all is delivered. */
static void batch_writable_to_readable(enum channel kind, uint32_t mode)
{
    struct batch t;

    batch_open(&t, kind, EVIO_WRITABLE | mode);
    batch_collect(&t);
    batch_reregister(&t, 2, EVIO_READABLE | mode);
    batch_nothing_left(&t);
    loop_quiet(&t.l);
    net_send_all(t.fd[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&t.l, 2), EVIO_READABLE);
    batch_close(&t);
}

TEST(from_writable_to_readable_with_nothing_to_read)
{
    batch_each(CHANNEL_SOCKETS, batch_writable_to_readable);
}

/* What is ready is reported again, by the next wait and no sooner: a program
 * that reregisters gets one event. */
static void batch_same_interest(enum channel kind, uint32_t mode)
{
    struct batch t;

    batch_open(&t, kind, EVIO_READABLE | mode);
    net_send_all(t.fd[1], "x", 1);
    batch_collect(&t);
    batch_reregister(&t, 2, EVIO_READABLE | mode);
    batch_nothing_left(&t);
    CHECK_EQ_UINT(loop_await(&t.l, 2), EVIO_READABLE);
    batch_close(&t);
}

TEST(to_the_same_interest)
{
    batch_each(CHANNELS, batch_same_interest);
}

/* A mode that waits for a oneshot: the old event, dropped, does not spend it.
 */
TEST(from_edge_to_oneshot_and_back)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        struct batch t;

        batch_open(&t, kind, EVIO_READABLE);
        net_send_all(t.fd[1], "x", 1);
        batch_collect(&t);
        batch_reregister(&t, 2, (uint32_t)EVIO_READABLE | EVIO_ONESHOT);
        batch_nothing_left(&t);
        batch_collect(&t);
        batch_reregister(&t, 3, EVIO_READABLE);
        batch_nothing_left(&t);
        CHECK_EQ_UINT(loop_await(&t.l, 3), EVIO_READABLE);
        loop_quiet(&t.l);
        batch_close(&t);
    }
}

static void batch_from_elsewhere(void *arg)
{
    struct batch *t = arg;

    batch_reregister(t, 2, EVIO_WRITABLE);
}

TEST(by_another_thread)
{
    for (enum channel kind = 0; kind < CHANNEL_SOCKETS; kind++) {
        struct batch t;

        batch_open(&t, kind, EVIO_READABLE);
        net_shutdown_write(t.fd[1]);
        batch_collect(&t);
        thread_join(thread_start(batch_from_elsewhere, &t));
        batch_nothing_left(&t);
        CHECK_EQ_UINT(loop_await(&t.l, 2), EVIO_WRITABLE);
        batch_close(&t);
    }
}

/* A refused one changes nothing: what was collected is delivered. */
TEST(refused_it_drops_nothing)
{
    struct batch t;
    evio_event event;

    batch_open(&t, CHANNEL_UNIX, EVIO_READABLE);
    net_send_all(t.fd[1], "x", 1);
    batch_collect(&t);
    CHECK_KIND(
        evio_reregister(t.l.registry, &t.source, 2,
                        (uint32_t)EVIO_READABLE | EVIO_LEVEL | EVIO_ONESHOT),
        INVALID_INPUT);
    CHECK(evio_events_next(t.l.events, &event));
    CHECK_EQ_UINT(event.token, 1);
    CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
    batch_close(&t);
}

/* However often: the kernel's key never comes back while an event lies about.
 */
TEST(changed_any_number_of_times)
{
    for (unsigned times = 126; times <= 514; times++) {
        struct batch t;

        if (times == 131)
            times = 254;
        else if (times == 259)
            times = 510;
        batch_open(&t, CHANNEL_UNIX, EVIO_WRITABLE);
        batch_collect(&t);
        for (unsigned i = 0; i < times; i++)
            batch_reregister(&t, 2 + i, EVIO_READABLE);
        batch_nothing_left(&t);
        net_send_all(t.fd[1], "x", 1);
        CHECK_EQ_UINT(loop_await(&t.l, 1 + times), EVIO_READABLE);
        batch_close(&t);
    }
}
