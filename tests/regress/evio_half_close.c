/* SPDX-License-Identifier: MIT */
/*
 * A half-close of the peer is reported while readable is disarmed: a program
 * that leaves data unread, because it cannot pass them on yet, learns that its
 * peer has finished. And it is reported once, so that the wait sleeps after it.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"

struct half {
    struct loop l;
    evio_source source;
    enum channel kind;
    int fd[2];
};

static void half_open(struct half *t, enum channel kind, uint32_t interest)
{
    t->kind = kind;
    loop_open(&t->l, 8);
    channel_open(kind, t->fd);
    loop_add(&t->l, &t->source, t->fd[0], 1, interest);
}

/* The write end of a pipe has nothing but its close. */
static void half_finish(struct half *t)
{
    if (t->kind != CHANNEL_PIPE) {
        net_shutdown_write(t->fd[1]);
        return;
    }
    net_close(t->fd[1]);
    t->fd[1] = -1;
}

static void half_close(struct half *t)
{
    loop_remove(&t->l, &t->source);
    net_close(t->fd[0]);
    if (t->fd[1] >= 0)
        net_close(t->fd[1]);
    loop_close(&t->l);
}

/* Until all of `bits` were reported, perhaps one after the other. */
static void half_await(struct half *t, uint64_t token, uint32_t bits)
{
    uint32_t seen = 0;

    while ((seen & bits) != bits)
        seen |= loop_await(&t->l, token);
}

TEST(reported_while_all_data_are_unread)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        struct half t;

        half_open(&t, kind, EVIO_READABLE);
        net_send_all(t.fd[1], "1234", 4);
        half_await(&t, 1, EVIO_READABLE);
        half_finish(&t);
        half_await(&t, 1, EVIO_READ_CLOSED);
        spin_quiet(&t.l, 50 * CLOCK_MS);
        CHECK_EQ_UINT(net_drain(t.fd[0]), 4);
        half_close(&t);
    }
}

TEST(reported_while_some_data_are_unread)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        struct half t;
        char byte;

        half_open(&t, kind, EVIO_READABLE);
        net_send_all(t.fd[1], "1234", 4);
        half_await(&t, 1, EVIO_READABLE);
        net_recv_all(t.fd[0], &byte, 1);
        half_finish(&t);
        half_await(&t, 1, EVIO_READ_CLOSED);
        net_recv_all(t.fd[0], &byte, 1);
        spin_quiet(&t.l, 50 * CLOCK_MS);
        CHECK_EQ_UINT(net_drain(t.fd[0]), 2);
        half_close(&t);
    }
}

/* A proxy that can neither read nor write: both directions are disarmed. */
TEST(reported_while_both_directions_are_disarmed)
{
    for (enum channel kind = 0; kind < CHANNEL_SOCKETS; kind++) {
        struct half t;

        half_open(&t, kind, LOOP_RW);
        half_await(&t, 1, EVIO_WRITABLE);
        net_fill(t.fd[0]);
        net_send_all(t.fd[1], "1234", 4);
        half_await(&t, 1, EVIO_READABLE);
        half_finish(&t);
        half_await(&t, 1, EVIO_READ_CLOSED);
        spin_quiet(&t.l, 50 * CLOCK_MS);
        half_close(&t);
    }
}

/* The typed streams, whose reads re-arm by themselves: here none does, as each
 * moves all that was requested. */
TEST(reported_to_a_typed_stream_with_a_budget)
{
    struct loop l;
    evio_unix_stream pair[2];
    uint32_t seen = 0;
    char buf[4];

    loop_open(&l, 8);
    CHECK_OK(evio_unix_pair(pair));
    CHECK_OK(evio_register(l.registry, &pair[0].source, 1, EVIO_READABLE));
    CHECK_EQ_INT(evio_unix_write(&pair[1], "12345678", 8), 8);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    CHECK_EQ_INT(evio_unix_read(&pair[0], buf, sizeof(buf)), sizeof(buf));
    CHECK_OK(evio_unix_shutdown(&pair[1], LIBSOCK_SHUT_WRITE));
    while ((seen & EVIO_READ_CLOSED) == 0)
        seen |= loop_await(&l, 1);
    spin_quiet(&l, 50 * CLOCK_MS);
    CHECK_EQ_INT(evio_unix_read(&pair[0], buf, sizeof(buf)), sizeof(buf));
    CHECK_EQ_INT(evio_unix_read(&pair[0], buf, sizeof(buf)), 0);
    CHECK_OK(evio_unix_close(&pair[0]));
    CHECK_OK(evio_unix_close(&pair[1]));
    loop_close(&l);
}

/* Reported once for each registration: reregistering shows it again. */
TEST(reported_again_after_reregister)
{
    for (enum channel kind = 0; kind < CHANNEL_SOCKETS; kind++) {
        struct half t;

        half_open(&t, kind, EVIO_READABLE);
        net_send_all(t.fd[1], "1234", 4);
        half_await(&t, 1, EVIO_READABLE);
        half_finish(&t);
        half_await(&t, 1, EVIO_READ_CLOSED);
        CHECK_OK(evio_reregister(t.l.registry, &t.source, 2, EVIO_READABLE));
        half_await(&t, 2, (uint32_t)EVIO_READABLE | EVIO_READ_CLOSED);
        spin_quiet(&t.l, 50 * CLOCK_MS);
        half_close(&t);
    }
}

/* The full close that follows a half-close is news to who waits for writing:
 * the first report must not have disarmed the second. */
TEST(the_close_after_a_half_close_is_reported_too)
{
    for (enum channel kind = 0; kind < CHANNEL_SOCKETS; kind++) {
        struct half t;

        half_open(&t, kind, LOOP_RW);
        half_await(&t, 1, EVIO_WRITABLE);
        net_send_all(t.fd[1], "1234", 4);
        half_await(&t, 1, EVIO_READABLE);
        half_finish(&t);
        half_await(&t, 1, EVIO_READ_CLOSED);
        if (kind == CHANNEL_TCP)
            net_reset(t.fd[1]);
        else
            net_close(t.fd[1]);
        t.fd[1] = -1;
        half_await(&t, 1, EVIO_WRITE_CLOSED);
        half_close(&t);
    }
}
