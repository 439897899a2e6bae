/* SPDX-License-Identifier: MIT */
/*
 * Batches of datagrams over typed sources: order, what a short, a full and a
 * failing batch mean for the next event, over UDP and AF_UNIX.
 * Single datagrams are in evio_udp.c and evio_uds_datagram.c; the content of
 * messages is libsock's, in sock_batch.c. Both ends are in the test.
 */
#include "support/check.h"
#include "support/evio_net.h"

enum {
    BATCH_SIZE = 64
};

/* Messages of one byte each. */
struct batch {
    libsock_msg msgs[BATCH_SIZE];
    libsock_buf bufs[BATCH_SIZE];
    uint8_t bytes[BATCH_SIZE];
};

/* Two sockets that are connected to each other; `a` is registered as 7. */
struct udp_fix {
    struct loop loop;
    evio_udp_socket a;
    evio_udp_socket b;
    struct batch batch;
};

static void batch_init(struct batch *batch)
{
    for (size_t i = 0; i < BATCH_SIZE; i++) {
        batch->bufs[i] = libsock_buf_of(&batch->bytes[i], 1);
        CHECK_OK(libsock_msg_init(&batch->msgs[i]));
        CHECK_OK(libsock_msg_set_bufs(&batch->msgs[i], &batch->bufs[i], 1));
    }
}

/* Whether the first `n` messages are the bytes that begin with `first`. */
static void batch_check(const struct batch *batch, ptrdiff_t n, int first)
{
    for (ptrdiff_t i = 0; i < n; i++) {
        CHECK_EQ_UINT(libsock_msg_len(&batch->msgs[i]), 1);
        CHECK_EQ_UINT(batch->bytes[i], first + i);
    }
}

static void batch_number(struct batch *batch, int first)
{
    for (int i = 0; i < BATCH_SIZE; i++)
        batch->bytes[i] = (uint8_t)(first + i);
}

static void udp_open(struct udp_fix *f, uint32_t interest)
{
    libsock_addr any = net_addr_v4(0);
    libsock_addr addr;

    loop_open(&f->loop, 16);
    CHECK_OK(evio_udp_bind(&any, &f->a));
    CHECK_OK(evio_udp_bind(&any, &f->b));
    CHECK_OK(evio_udp_local_addr(&f->b, &addr));
    CHECK_OK(evio_udp_connect(&f->a, &addr));
    CHECK_OK(evio_udp_local_addr(&f->a, &addr));
    CHECK_OK(evio_udp_connect(&f->b, &addr));
    batch_init(&f->batch);
    net_watch(&f->loop, &f->a.source, 7, interest);
    if ((interest & EVIO_WRITABLE) != 0)
        net_until(&f->loop, 7, EVIO_WRITABLE);
}

static void udp_close(struct udp_fix *f)
{
    CHECK_OK(evio_udp_close(&f->a));
    CHECK_OK(evio_udp_close(&f->b));
    loop_close(&f->loop);
}

/* The peer sends `n` datagrams, numbered from `first`. */
static void udp_send(struct udp_fix *f, size_t n, int first)
{
    batch_number(&f->batch, first);
    CHECK_EQ_INT(evio_udp_send_batch(&f->b, f->batch.msgs, n, 0), n);
}

/* A receive of up to `n`, which must bring `expected`. */
static void udp_take(struct udp_fix *f, size_t n, ptrdiff_t expected, int first)
{
    memset(f->batch.bytes, 0xff, sizeof(f->batch.bytes));
    CHECK_EQ_INT(evio_udp_recv_batch(&f->a, f->batch.msgs, n, 0), expected);
    batch_check(&f->batch, expected, first);
}

static void udp_take_nothing(struct udp_fix *f)
{
    CHECK_KIND(evio_udp_recv_batch(&f->a, f->batch.msgs, BATCH_SIZE, 0),
               WOULD_BLOCK);
}

TEST(a_batch_of_64_is_received_in_order)
{
    struct udp_fix f;

    udp_open(&f, LOOP_RW);
    udp_send(&f, BATCH_SIZE, 0);
    net_until(&f.loop, 7, EVIO_READABLE);
    udp_take(&f, BATCH_SIZE, BATCH_SIZE, 0);
    udp_take_nothing(&f);
    loop_quiet(&f.loop); /* writable was reported and is not re-armed */
    udp_close(&f);
}

TEST(a_batch_goes_to_many_addresses_and_names_its_senders)
{
    struct udp_fix f;
    libsock_addr to[2];
    libsock_addr from[2];
    evio_udp_socket sender;
    libsock_addr any = net_addr_v4(0);

    udp_open(&f, EVIO_READABLE);
    CHECK_OK(evio_udp_bind(&any, &sender));
    CHECK_OK(evio_udp_local_addr(&sender, &any));
    CHECK_OK(evio_udp_connect(&f.a, &any));
    CHECK_OK(evio_udp_connect(&f.b, &any));
    CHECK_OK(evio_udp_local_addr(&f.a, &to[0]));
    CHECK_OK(evio_udp_local_addr(&f.b, &to[1]));
    for (size_t i = 0; i < 4; i++)
        CHECK_OK(libsock_msg_set_to(&f.batch.msgs[i], &to[i % 2]));
    batch_number(&f.batch, 0);
    CHECK_EQ_INT(evio_udp_send_batch(&sender, f.batch.msgs, 4, 0), 4);
    net_until(&f.loop, 7, EVIO_READABLE);
    for (size_t i = 0; i < 2; i++)
        CHECK_OK(libsock_msg_set_from(&f.batch.msgs[i], &from[i]));
    CHECK_EQ_INT(evio_udp_recv_batch(&f.a, f.batch.msgs, 2, 0), 2);
    CHECK_EQ_UINT(f.batch.bytes[0], 0);
    CHECK_EQ_UINT(f.batch.bytes[1], 2);
    CHECK(libsock_addr_equal(&from[0], &any));
    CHECK(libsock_addr_equal(&from[1], &any));
    CHECK_OK(evio_udp_close(&sender));
    udp_close(&f);
}

TEST(a_short_batch_lets_the_next_datagram_be_reported)
{
    struct udp_fix f;

    udp_open(&f, LOOP_RW);
    for (int round = 0; round < 3; round++) {
        udp_send(&f, 3, 10 * round);
        net_until(&f.loop, 7, EVIO_READABLE);
        net_settle(&f.loop);
        udp_take(&f, BATCH_SIZE, 3, 10 * round);
        loop_quiet(&f.loop);
    }
    udp_close(&f);
}

TEST(a_batch_that_would_block_lets_the_next_datagram_be_reported)
{
    struct udp_fix f;

    udp_open(&f, LOOP_RW);
    for (int round = 0; round < 3; round++) {
        udp_send(&f, 4, 10 * round);
        net_until(&f.loop, 7, EVIO_READABLE);
        net_settle(&f.loop);
        udp_take(&f, 4, 4, 10 * round);
        udp_take_nothing(&f);
        loop_quiet(&f.loop);
    }
    udp_close(&f);
}

/* A full batch re-arms nothing: who drains on finds the rest. */
TEST(what_a_full_batch_leaves_is_found_by_draining)
{
    struct udp_fix f;

    udp_open(&f, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        udp_send(&f, 10, 20 * round);
        net_until(&f.loop, 7, EVIO_READABLE);
        net_settle(&f.loop);
        udp_take(&f, 4, 4, 20 * round);
        loop_quiet(&f.loop);
        udp_take(&f, 4, 4, 20 * round + 4);
        loop_quiet(&f.loop);
        udp_take(&f, 4, 2, 20 * round + 8);
        udp_take_nothing(&f);
        loop_quiet(&f.loop);
    }
    udp_close(&f);
}

TEST(level_mode_reports_what_a_batch_leaves)
{
    struct udp_fix f;

    udp_open(&f, EVIO_READABLE | EVIO_LEVEL);
    udp_send(&f, 6, 0);
    CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
    udp_take(&f, 4, 4, 0);
    CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
    udp_take(&f, 4, 2, 4);
    loop_quiet(&f.loop);
    udp_close(&f);
}

TEST(a_short_batch_does_not_undo_oneshot)
{
    struct udp_fix f;

    udp_open(&f, EVIO_READABLE | EVIO_ONESHOT);
    udp_send(&f, 3, 0);
    CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
    udp_take(&f, BATCH_SIZE, 3, 0);
    udp_send(&f, 1, 3);
    loop_quiet(&f.loop);
    CHECK_OK(evio_reregister(f.loop.registry, &f.a.source, 8,
                             EVIO_READABLE | EVIO_ONESHOT));
    CHECK_EQ_UINT(loop_await(&f.loop, 8), EVIO_READABLE);
    udp_close(&f);
}

/* The third message has more buffers than the kernel takes. The short count is
 * that of an empty queue, and only a selector that simulates edges reports what
 * is left. */
TEST(an_error_within_a_received_batch_comes_next)
{
    static libsock_buf many[1025];
    struct udp_fix f;

    udp_open(&f, EVIO_READABLE);
    udp_send(&f, 5, 0);
    net_until(&f.loop, 7, EVIO_READABLE);
    net_settle(&f.loop);
    CHECK_OK(libsock_msg_set_bufs(&f.batch.msgs[2], many, 1025));
    udp_take(&f, BATCH_SIZE, 2, 0);
    if (loop_is(&f.loop, EVIO_SELECTOR_EPOLL))
        loop_quiet(&f.loop);
    else
        net_until(&f.loop, 7, EVIO_READABLE);
    batch_init(&f.batch);
    CHECK_KIND(evio_udp_recv_batch(&f.a, f.batch.msgs, BATCH_SIZE, 0),
               MSG_SIZE);
    udp_take(&f, BATCH_SIZE, 3, 2);
    udp_take_nothing(&f);
    udp_send(&f, 1, 5);
    net_until(&f.loop, 7, EVIO_READABLE);
    udp_take(&f, BATCH_SIZE, 1, 5);
    udp_close(&f);
}

/* The third message is too long for UDP: it fails again when it is the first,
 * and passing over it sends the rest. */
TEST(an_error_within_a_sent_batch_comes_with_the_rest)
{
    static uint8_t bytes[70000];
    struct udp_fix f;

    udp_open(&f, EVIO_WRITABLE);
    net_settle(&f.loop);
    batch_number(&f.batch, 0);
    f.batch.bufs[2] = libsock_buf_of(bytes, sizeof(bytes));
    CHECK_EQ_INT(evio_udp_send_batch(&f.a, f.batch.msgs, 5, 0), 2);
    if (!loop_is(&f.loop, EVIO_SELECTOR_EPOLL))
        net_until(&f.loop, 7, EVIO_WRITABLE);
    CHECK_KIND(evio_udp_send_batch(&f.a, f.batch.msgs + 2, 3, 0), MSG_SIZE);
    CHECK_EQ_INT(evio_udp_send_batch(&f.a, f.batch.msgs + 3, 2, 0), 2);
    batch_init(&f.batch);
    CHECK_EQ_INT(evio_udp_recv_batch(&f.b, f.batch.msgs, BATCH_SIZE, 0), 4);
    CHECK_EQ_UINT(f.batch.bytes[1], 1);
    CHECK_EQ_UINT(f.batch.bytes[2], 3);
    CHECK_EQ_UINT(f.batch.bytes[3], 4);
    udp_close(&f);
}

/* What came before the refusal is received after it. */
TEST(a_refusal_before_a_received_batch_loses_no_datagram)
{
    struct udp_fix f;
    libsock_addr addr;
    libsock_addr any = net_addr_v4(0);

    udp_open(&f, EVIO_READABLE);
    udp_send(&f, 3, 0);
    CHECK_OK(evio_udp_close(&f.b));
    CHECK_EQ_INT(evio_udp_send(&f.a, "x", 1), 1);
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_ERROR);
    net_settle(&f.loop);
    CHECK_KIND(evio_udp_recv_batch(&f.a, f.batch.msgs, BATCH_SIZE, 0),
               CONNECTION_REFUSED);
    udp_take(&f, BATCH_SIZE, 3, 0);
    udp_take_nothing(&f);
    CHECK_OK(evio_udp_bind(&any, &f.b));
    CHECK_OK(evio_udp_local_addr(&f.b, &addr));
    CHECK_OK(evio_udp_connect(&f.a, &addr));
    CHECK_OK(evio_udp_local_addr(&f.a, &addr));
    CHECK_OK(evio_udp_connect(&f.b, &addr));
    udp_send(&f, 1, 3);
    net_until(&f.loop, 7, EVIO_READABLE);
    udp_take(&f, BATCH_SIZE, 1, 3);
    udp_close(&f);
}

/* The errors in the error queue (IP_RECVERR), all of them refusals. */
static unsigned udp_take_refusals(struct udp_fix *f)
{
    uint64_t space[64];
    uint8_t byte;
    libsock_buf buf = libsock_buf_of(&byte, 1);
    libsock_addr to;
    libsock_sock_error error;
    libsock_control c;
    libsock_msg msg;
    unsigned n = 0;
    ptrdiff_t r;

    for (;;) {
        CHECK_OK(libsock_msg_init(&msg));
        CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
        CHECK_OK(libsock_msg_set_from(&msg, &to));
        CHECK_OK(libsock_msg_set_control(&msg, space, sizeof(space)));
        r = evio_udp_recv_msg(&f->a, &msg, LIBSOCK_MSG_ERRQUEUE);
        if (libsock_would_block(r))
            return n;
        CHECK_OK(r);
        CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_ERROR, &c));
        CHECK_OK(libsock_control_get_error(&c, &error));
        CHECK_KIND(error.error, CONNECTION_REFUSED);
        n++;
    }
}

/* The refusal of one datagram ends the batch at the next, and is cleared by
 * that: only the error queue keeps it. */
TEST(a_refusal_within_a_sent_batch_is_in_the_error_queue)
{
    struct udp_fix f;
    ptrdiff_t n;
    size_t done = 0;
    unsigned refused = 0;

    udp_open(&f, LOOP_RW);
    CHECK_OK(libsock_set_recv_err_v4(evio_udp_as_socket(&f.a), true));
    CHECK_OK(evio_udp_close(&f.b));
    batch_number(&f.batch, 0);
    n = evio_udp_send_batch(&f.a, f.batch.msgs, 4, 0);
    CHECK_INT(n, >=, 1);
    CHECK_INT(n, <, 4);
    net_until(&f.loop, 7, EVIO_ERROR);
    for (done = (size_t)n; done < 4;) {
        n = evio_udp_send_batch(&f.a, f.batch.msgs + done, 4 - done, 0);
        if (n < 0)
            CHECK_KIND(n, CONNECTION_REFUSED);
        else
            done += (size_t)n;
    }
    do {
        refused += udp_take_refusals(&f);
    } while (refused < 4 && net_wait_readable(net_fd(&f.a.source), 10000));
    CHECK_EQ_UINT(refused, 4);
    CHECK_OK(libsock_take_error(evio_udp_as_socket(&f.a), &(int){0}));
    udp_take_nothing(&f);
    CHECK_OK(evio_udp_close(&f.a));
    loop_close(&f.loop);
}

/* AF_UNIX: the queue of the peer is short, so that sending would block. */

struct dgram_fix {
    struct loop loop;
    evio_unix_datagram end[2];
    struct batch batch;
};

static void dgram_open(struct dgram_fix *f, uint32_t interest)
{
    loop_open(&f->loop, 16);
    CHECK_OK(evio_unix_datagram_pair(f->end));
    batch_init(&f->batch);
    net_watch(&f->loop, &f->end[0].source, 7, interest);
    if ((interest & EVIO_WRITABLE) != 0)
        net_until(&f->loop, 7, EVIO_WRITABLE);
}

static void dgram_close(struct dgram_fix *f)
{
    CHECK_OK(evio_unix_datagram_close(&f->end[0]));
    CHECK_OK(evio_unix_datagram_close(&f->end[1]));
    loop_close(&f->loop);
}

/* Send batches until one is short, or would block; how many messages went. */
static int dgram_fill(struct dgram_fix *f, bool until_would_block)
{
    int sent = 0;
    ptrdiff_t n;

    for (;;) {
        batch_number(&f->batch, sent);
        n = evio_unix_datagram_send_batch(&f->end[0], f->batch.msgs, BATCH_SIZE,
                                          0);
        if (n > 0)
            sent += (int)n;
        if (n < 0)
            CHECK_KIND(n, WOULD_BLOCK);
        if (n < (until_would_block ? 0 : BATCH_SIZE))
            return sent;
    }
}

/* The peer takes all of the `n` that were sent, in order. */
static void dgram_drain(struct dgram_fix *f, int n)
{
    int got = 0;

    while (got < n) {
        ptrdiff_t r = evio_unix_datagram_recv_batch(&f->end[1], f->batch.msgs,
                                                    BATCH_SIZE, 0);

        CHECK_INT(r, >, 0);
        for (ptrdiff_t i = 0; i < r; i++)
            CHECK_EQ_UINT(f->batch.bytes[i], (uint8_t)(got + i));
        got += (int)r;
    }
    CHECK_EQ_INT(got, n);
    CHECK_KIND(
        evio_unix_datagram_recv_batch(&f->end[1], f->batch.msgs, BATCH_SIZE, 0),
        WOULD_BLOCK);
}

static void dgram_full_queue(bool until_would_block)
{
    struct dgram_fix f;

    dgram_open(&f, EVIO_WRITABLE);
    for (int round = 0; round < 3; round++) {
        int sent = dgram_fill(&f, until_would_block);

        loop_quiet(&f.loop);
        dgram_drain(&f, sent);
        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_WRITABLE);
    }
    dgram_close(&f);
}

TEST(a_short_sent_batch_lets_writable_be_reported)
{
    dgram_full_queue(false);
}

TEST(a_sent_batch_that_would_block_lets_writable_be_reported)
{
    dgram_full_queue(true);
}

TEST(unix_batch_that_is_short_lets_the_next_be_reported)
{
    struct dgram_fix f;

    dgram_open(&f, LOOP_RW);
    for (int round = 0; round < 3; round++) {
        batch_number(&f.batch, 0);
        CHECK_EQ_INT(
            evio_unix_datagram_send_batch(&f.end[1], f.batch.msgs, 3, 0), 3);
        net_until(&f.loop, 7, EVIO_READABLE);
        memset(f.batch.bytes, 0, sizeof(f.batch.bytes));
        CHECK_EQ_INT(evio_unix_datagram_recv_batch(&f.end[0], f.batch.msgs,
                                                   BATCH_SIZE, 0),
                     3);
        batch_check(&f.batch, 3, 0);
        loop_quiet(&f.loop);
    }
    dgram_close(&f);
}

TEST(the_end_of_sequenced_packets_fills_the_batch_with_empty_messages)
{
    libsock_socket pair[2];
    evio_unix_datagram end;
    struct batch batch;

    CHECK_OK(libsock_pair(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_SEQPACKET, 0,
                          LIBSOCK_NONBLOCK, pair));
    CHECK_OK(evio_unix_datagram_from_socket(pair[0], &end));
    batch_init(&batch);
    CHECK_EQ_INT(libsock_send(pair[1], "x", 1, 0), 1);
    CHECK_OK(libsock_close(pair[1]));
    CHECK_EQ_INT(evio_unix_datagram_recv_batch(&end, batch.msgs, 4, 0), 4);
    CHECK_EQ_UINT(libsock_msg_len(&batch.msgs[0]), 1);
    CHECK_EQ_UINT(libsock_msg_len(&batch.msgs[1]), 0);
    CHECK_EQ_UINT(libsock_msg_len(&batch.msgs[3]), 0);
    CHECK_OK(evio_unix_datagram_close(&end));
}

static void batch_refuses_all(evio_udp_socket *udp, evio_unix_datagram *dgram)
{
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_KIND(evio_udp_send_batch(udp, &msg, 1, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_recv_batch(udp, &msg, 1, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_send_batch(udp, NULL, 0, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_recv_batch(udp, NULL, 0, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_send_batch(dgram, &msg, 1, 0),
               BAD_DESCRIPTOR);
    CHECK_KIND(evio_unix_datagram_recv_batch(dgram, &msg, 1, 0),
               BAD_DESCRIPTOR);
}

TEST(a_batch_of_a_socket_that_is_not_open_is_refused)
{
    evio_udp_socket udp;
    evio_unix_datagram dgram;

    memset(&udp, 0, sizeof(udp));
    memset(&dgram, 0, sizeof(dgram));
    batch_refuses_all(&udp, &dgram);
    batch_refuses_all(NULL, NULL);
}

/* An empty batch does nothing: it re-arms nothing either. */
TEST(empty_and_wrong_batches_change_nothing)
{
    struct udp_fix f;
    libsock_msg *msgs = f.batch.msgs;
    const int unknown = 1 << 29;

    udp_open(&f, EVIO_READABLE);
    udp_send(&f, 2, 0);
    net_until(&f.loop, 7, EVIO_READABLE);
    net_settle(&f.loop);
    CHECK_EQ_INT(evio_udp_recv_batch(&f.a, NULL, 0, 0), 0);
    CHECK_EQ_INT(evio_udp_recv_batch(&f.a, msgs, 0, 0), 0);
    CHECK_EQ_INT(evio_udp_send_batch(&f.a, NULL, 0, 0), 0);
    CHECK_EQ_INT(evio_udp_send_batch(&f.a, msgs, 0, 0), 0);
    CHECK_KIND(evio_udp_recv_batch(&f.a, NULL, 1, 0), INVALID_INPUT);
    CHECK_KIND(evio_udp_send_batch(&f.a, NULL, 1, 0), INVALID_INPUT);
    CHECK_KIND(evio_udp_recv_batch(&f.a, msgs, 1, unknown), INVALID_INPUT);
    CHECK_KIND(evio_udp_send_batch(&f.a, msgs, 1, unknown), INVALID_INPUT);
    loop_quiet(&f.loop);
    udp_take(&f, 2, 2, 0);
    udp_take_nothing(&f);
    udp_close(&f);
}
