/* SPDX-License-Identifier: MIT */
/*
 * Promise: what the library opens is inherited by nobody, and descriptors that
 * are closed, duplicated or reused against the rules never make a loop spin or
 * a token appear that is not registered. Which error says so differs; see
 * docs/PORTABILITY.md.
 */
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"

enum {
    NUMBERS = 64
};

TEST(nothing_is_inherited)
{
    bool before[NUMBERS];
    struct loop l;
    evio_waker *waker;
    int opened = 0;

    for (int fd = 0; fd < NUMBERS; fd++)
        before[fd] = net_is_open(fd);
    loop_open(&l, 1);
    CHECK_OK(evio_waker_new(l.registry, 1, &waker));
    for (int fd = 0; fd < NUMBERS; fd++) {
        if (before[fd] || !net_is_open(fd))
            continue;
        opened++;
        CHECK(net_is_cloexec(fd));
    }
    CHECK_INT(opened, >=, 2);
    CHECK_INT(opened, <=, 4);
    evio_waker_free(waker);
    loop_close(&l);
}

/* The flags of a descriptor are its owner's. */
TEST(a_borrowed_descriptor_keeps_its_flags)
{
    struct loop l;
    evio_source source;
    int pair[2];

    loop_open(&l, 1);
    net_unix_pair(NET_STREAM, pair);
    CHECK(!net_is_nonblocking(pair[0]));
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    CHECK(!net_is_nonblocking(pair[0]));
    loop_remove(&l, &source);
    CHECK(net_is_open(pair[0]));
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Closed while registered: silent, as a kernel's selector is. */
static void closed_does_not_spin(uint32_t mode)
{
    struct loop l;
    evio_source source;
    int pair[2];
    int r;

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE | mode);
    loop_quiet(&l);
    net_close(pair[0]);
    for (int i = 0; i < 4; i++)
        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_QUIET), 0);
    r = evio_deregister(l.registry, &source);
    CHECK(r == 0 || libsock_kind(r) == LIBSOCK_KIND_BAD_DESCRIPTOR);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(a_closed_descriptor_does_not_spin)
{
    closed_does_not_spin(EVIO_EDGE);
    closed_does_not_spin(EVIO_LEVEL);
    closed_does_not_spin(EVIO_ONESHOT);
}

/* The number is another file now, registered by another source. The old source
 * does not touch the new owner. */
TEST(a_reused_number_never_speaks_for_its_former_owner)
{
    struct loop l;
    evio_source old;
    evio_source new;
    int pair[2];
    int other[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    net_unix_pair(NET_STREAM, other);
    loop_add(&l, &old, pair[0], 1, EVIO_READABLE);
    fd_dup_onto(other[0], pair[0]);
    CHECK_OK(evio_source_from_fd(pair[0], &new));
    CHECK_OK(evio_register(l.registry, &new, 2, EVIO_READABLE));
    net_send_all(other[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_quiet(&l);
    CHECK_KIND(evio_reregister(l.registry, &old, 1, EVIO_READABLE), NOT_FOUND);
    CHECK_KIND(evio_deregister(l.registry, &old), NOT_FOUND);
    CHECK(!evio_source_is_registered(&old));
    CHECK_OK(evio_rearm(&new, EVIO_READABLE));
    net_send_all(other[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    loop_remove(&l, &new);
    net_close(pair[0]);
    net_close(pair[1]);
    net_close(other[0]);
    net_close(other[1]);
    loop_close(&l);
}

/* Readers of a FIFO outlive its writers; the end is reported each time. */
TEST(a_fifo_reader_survives_its_writers)
{
    struct loop l;
    evio_source source;
    char path[NET_PATH_MAX];
    int reader;

    loop_open(&l, 4);
    net_temp_path(path);
    reader = fd_fifo_reader(path);
    loop_add(&l, &source, reader, 1, EVIO_READABLE);
    for (int i = 0; i < 10; i++) {
        int writer = fd_fifo_writer(path);

        CHECK_EQ_UINT(loop_wait(&l, 1, 0) & EVIO_WRITE_CLOSED, 0);
        CHECK_OK(evio_rearm(&source, EVIO_READABLE));
        net_send_all(writer, "x", 1);
        CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
        CHECK_EQ_UINT(net_drain(reader), 1);
        CHECK_OK(evio_rearm(&source, EVIO_READABLE));
        net_close(writer);
        CHECK_UINT(loop_await(&l, 1) & EVIO_READ_CLOSED, !=, 0);
        net_expect_eof(reader);
        loop_quiet(&l);
    }
    loop_remove(&l, &source);
    net_close(reader);
    loop_close(&l);
}

/* A reader may leave part of the data until the end: nothing hides the end. */
TEST(an_end_behind_data_is_reported)
{
    struct loop l;
    evio_source source;
    uint32_t seen;
    char byte;
    int pair[2];

    loop_open(&l, 4);
    net_tcp_pair(NET_IPV4, pair);
    net_set_nonblocking(pair[0], true);
    loop_add(&l, &source, pair[0], 1, EVIO_READABLE);
    net_send_all(pair[1], "xy", 2);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    net_recv_all(pair[0], &byte, 1);
    net_shutdown_write(pair[1]);
    CHECK_EQ_UINT(net_drain(pair[0]), 1);
    CHECK_OK(evio_rearm(&source, EVIO_READABLE));
    seen = loop_await(&l, 1);
    CHECK_UINT(seen & EVIO_READABLE, !=, 0);
    CHECK_UINT(seen & EVIO_READ_CLOSED, !=, 0);
    net_expect_eof(pair[0]);
    loop_remove(&l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Accept until it would block, then another connection: an edge each time. */
TEST(a_listener_reports_each_burst)
{
    struct loop l;
    evio_source source;
    uint16_t port;
    int listener;

    loop_open(&l, 4);
    listener = net_tcp_listen(NET_IPV4, &port);
    loop_add(&l, &source, listener, 1, EVIO_READABLE);
    for (int i = 0; i < 5; i++) {
        int client = net_tcp_connect(NET_IPV4, port);

        CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
        net_close(net_accept(listener));
        CHECK(!net_wait_readable(listener, 0));
        CHECK_OK(evio_rearm(&source, EVIO_READABLE));
        loop_quiet(&l);
        net_close(client);
    }
    loop_remove(&l, &source);
    net_close(listener);
    loop_close(&l);
}

/* The selector's descriptor in another loop: readable while events wait. */
TEST(a_poll_may_be_nested)
{
    struct loop inner;
    struct loop outer;
    evio_source nested;
    evio_source source;
    libsock_raw raw;
    int pair[2];

    loop_open(&inner, 4);
    loop_open(&outer, 4);
    if (evio_poll_raw(inner.poll, &raw) < 0) {
        loop_close(&inner);
        loop_close(&outer);
        SKIP("this selector has no descriptor");
    }
    net_unix_pair(NET_STREAM, pair);
    loop_add(&outer, &nested, (int)raw, 1, EVIO_READABLE | EVIO_LEVEL);
    loop_add(&inner, &source, pair[0], 2, EVIO_READABLE);
    loop_quiet(&outer);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&outer, 1), EVIO_READABLE);
    CHECK_EQ_UINT(loop_await(&inner, 2), EVIO_READABLE);
    loop_quiet(&outer);
    loop_remove(&inner, &source);
    loop_remove(&outer, &nested);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&inner);
    loop_close(&outer);
}

/* Numbers far above the first block of any table. */
TEST(large_descriptor_numbers)
{
    struct loop l;
    evio_source source;
    int pair[2];
    const int large = 1000;

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    fd_dup_onto(pair[0], large);
    loop_add(&l, &source, large, 1, EVIO_READABLE);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    loop_remove(&l, &source);
    net_close(large);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

TEST(a_poll_without_descriptors_left_says_so)
{
    evio_poll *poll = NULL;

    fd_limit(3);
    CHECK_KIND(evio_poll_new(NULL, &poll), TOO_MANY_FILES);
    CHECK(poll == NULL);
    fd_limit(64);
    CHECK_OK(evio_poll_new(NULL, &poll));
    evio_poll_free(poll);
}
