/* SPDX-License-Identifier: MIT */
/*
 * Promise: a source, and each typed object, may move in memory while it is
 * registered. It is copied, the first place is overwritten, and everything
 * works at the second: events, I/O that re-arms, changes, the end.
 * What the types do where they were made is tested in their own files.
 */
#include <string.h>

#include "support/check.h"
#include "support/evio_net.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"
#include "support/thread.h"

enum {
    MOVES_TOKEN = 11
};

/* Leave nothing at the first place that could be of use. */
static void moves_poison(void *from, size_t size)
{
    memset(from, 0xa5, size);
}

/* Move an object from one place of `places` to the other; they have two. */
#define MOVE(places)                                       \
 do {                                                      \
  memcpy(&(places)[1], &(places)[0], sizeof((places)[0])); \
  moves_poison(&(places)[0], sizeof((places)[0]));         \
 } while (0)

/* And back, so that several moves are one after the other. */
#define MOVE_BACK(places)                                  \
 do {                                                      \
  memcpy(&(places)[0], &(places)[1], sizeof((places)[0])); \
  moves_poison(&(places)[1], sizeof((places)[1]));         \
 } while (0)

static uint32_t moves_next(struct loop *l, uint64_t token)
{
    return taken_one(l, token).readiness;
}

TEST(a_source_of_a_descriptor)
{
    struct loop l;
    evio_source places[2];
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    net_set_nonblocking(pair[0], true);
    loop_add(&l, &places[0], pair[0], MOVES_TOKEN, EVIO_READABLE);
    MOVE(places);
    CHECK(evio_source_is_registered(&places[1]));
    for (int i = 0; i < 3; i++) {
        net_send_all(pair[1], "x", 1);
        CHECK_EQ_UINT(moves_next(&l, MOVES_TOKEN), EVIO_READABLE);
        net_drain(pair[0]);
        CHECK_OK(evio_rearm(&places[1], EVIO_READABLE));
    }
    CHECK_OK(evio_again(&places[1], EVIO_READABLE));
    MOVE_BACK(places);
    CHECK_EQ_UINT(moves_next(&l, MOVES_TOKEN), EVIO_READABLE);
    CHECK_OK(evio_reregister(l.registry, &places[0], 12, EVIO_WRITABLE));
    MOVE(places);
    CHECK_EQ_UINT(moves_next(&l, 12), EVIO_WRITABLE);
    CHECK_OK(evio_deregister(l.registry, &places[1]));
    loop_lasts(&l);
    CHECK_OK(evio_register(l.registry, &places[1], 13, EVIO_WRITABLE));
    MOVE_BACK(places);
    CHECK_OK(evio_source_forget(&places[0]));
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Moved while its event sits in the buffer. */
TEST(with_an_event_in_the_buffer)
{
    struct loop l;
    evio_source places[2];
    struct taken taken;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    loop_add(&l, &places[0], pair[0], MOVES_TOKEN, EVIO_WRITABLE);
    CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_PATIENCE), 1);
    MOVE(places);
    CHECK_EQ_UINT(taken_all(l.events, &taken), 1);
    CHECK_EQ_UINT(taken.events[0].token, MOVES_TOKEN);
    CHECK_OK(evio_deregister(l.registry, &places[1]));
    loop_lasts(&l);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* Moved while another thread is about to wait for it. */
struct moves_other {
    evio_source *source;
    int peer;
};

static void moves_send(void *arg)
{
    struct moves_other *o = arg;

    net_send_all(o->peer, "x", 1);
}

TEST(events_come_from_whatever_place)
{
    struct loop l;
    evio_source places[2];
    struct moves_other o;
    thread *other;
    int pair[2];

    loop_open(&l, 4);
    net_unix_pair(NET_STREAM, pair);
    net_set_nonblocking(pair[0], true);
    loop_add(&l, &places[0], pair[0], MOVES_TOKEN, EVIO_READABLE);
    o = (struct moves_other){&places[0], pair[1]};
    for (int i = 0; i < 50; i++) {
        other = thread_start(moves_send, &o);
        MOVE(places);
        CHECK_EQ_UINT(loop_await(&l, MOVES_TOKEN), EVIO_READABLE);
        thread_join(other);
        net_drain(pair[0]);
        CHECK_OK(evio_rearm(&places[1], EVIO_READABLE));
        MOVE_BACK(places);
    }
    loop_remove(&l, &places[0]);
    net_close(pair[0]);
    net_close(pair[1]);
    loop_close(&l);
}

/* A stream of either family, by what they have in common. */
static void moves_tcp(struct loop *l, evio_tcp_stream *places, int peer)
{
    char buf[16];

    CHECK_OK(evio_register(l->registry, &places[0].source, MOVES_TOKEN,
                           EVIO_READABLE));
    MOVE(places);
    for (int i = 0; i < 3; i++) {
        net_send_all(peer, "abc", 3);
        CHECK_EQ_UINT(loop_await(l, MOVES_TOKEN), EVIO_READABLE);
        CHECK_EQ_INT(evio_tcp_read(&places[1], buf, sizeof(buf)), 3);
        CHECK_KIND(evio_tcp_read(&places[1], buf, sizeof(buf)), WOULD_BLOCK);
        CHECK_EQ_INT(evio_tcp_write(&places[1], "abc", 3), 3);
        net_recv_all(peer, buf, 3);
    }
    CHECK_OK(evio_reregister(l->registry, &places[1].source, 12, LOOP_RW));
    MOVE_BACK(places);
    CHECK_EQ_UINT(loop_await(l, 12), EVIO_WRITABLE);
    CHECK_OK(evio_deregister(l->registry, &places[0].source));
    CHECK_OK(evio_register(l->registry, &places[0].source, 13, EVIO_READABLE));
    MOVE(places);
    net_send_all(peer, "x", 1);
    CHECK_EQ_UINT(loop_await(l, 13), EVIO_READABLE);
    CHECK_OK(evio_tcp_close(&places[1]));
    CHECK_KIND(evio_tcp_close(&places[1]), BAD_DESCRIPTOR);
    loop_lasts(l);
}

TEST(a_tcp_stream_and_its_listener)
{
    struct loop l;
    evio_tcp_listener listeners[2];
    evio_tcp_stream streams[2];
    libsock_addr addr = net_addr_v4(0);
    uint16_t port;

    loop_open(&l, 4);
    CHECK_OK(evio_tcp_listen(&addr, &listeners[0]));
    CHECK_OK(evio_tcp_listener_local_addr(&listeners[0], &addr));
    port = (uint16_t)libsock_addr_port(&addr);
    net_watch(&l, &listeners[0].source, 1, EVIO_READABLE);
    for (int i = 0; i < 3; i++) {
        int peer = net_tcp_connect(NET_IPV4, port);

        MOVE(listeners);
        CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
        CHECK_OK(evio_tcp_accept(&listeners[1], &streams[0], NULL));
        CHECK_KIND(evio_tcp_accept(&listeners[1], &streams[1], NULL),
                   WOULD_BLOCK);
        moves_tcp(&l, streams, peer);
        net_close(peer);
        MOVE_BACK(listeners);
    }
    CHECK_OK(
        evio_reregister(l.registry, &listeners[0].source, 2, EVIO_READABLE));
    MOVE(listeners);
    CHECK_OK(evio_tcp_listener_close(&listeners[1]));
    loop_lasts(&l);
    loop_close(&l);
}

TEST(a_connect_in_progress)
{
    struct loop l;
    evio_tcp_stream streams[2];
    libsock_addr addr;
    uint16_t port;
    int error = -1;
    int listener = net_tcp_listen(NET_IPV4, &port);

    addr = net_addr_v4(port);
    loop_open(&l, 4);
    CHECK_OK(evio_tcp_connect(&addr, &streams[0]));
    net_watch(&l, &streams[0].source, 1, EVIO_WRITABLE);
    MOVE(streams);
    CHECK_UINT(loop_await(&l, 1) & EVIO_WRITABLE, !=, 0);
    CHECK_OK(evio_tcp_take_error(&streams[1], &error));
    CHECK_EQ_INT(error, 0);
    CHECK_OK(evio_tcp_close(&streams[1]));
    loop_lasts(&l);
    net_close(listener);
    loop_close(&l);
}

TEST(a_udp_socket)
{
    struct loop l;
    evio_udp_socket places[2];
    libsock_addr addr = net_addr_v4(0);
    uint16_t port;
    char buf[16];
    int peer = net_udp_bind(NET_IPV4, &port);

    loop_open(&l, 4);
    CHECK_OK(evio_udp_bind(&addr, &places[0]));
    CHECK_OK(evio_udp_local_addr(&places[0], &addr));
    port = (uint16_t)libsock_addr_port(&addr);
    net_watch(&l, &places[0].source, MOVES_TOKEN, EVIO_READABLE);
    MOVE(places);
    for (int i = 0; i < 3; i++) {
        net_udp_send(peer, NET_IPV4, port, "abc", 3);
        CHECK_EQ_UINT(loop_await(&l, MOVES_TOKEN), EVIO_READABLE);
        CHECK_EQ_INT(evio_udp_recv(&places[1], buf, sizeof(buf)), 3);
        CHECK_KIND(evio_udp_recv(&places[1], buf, sizeof(buf)), WOULD_BLOCK);
    }
    MOVE_BACK(places);
    CHECK_OK(evio_reregister(l.registry, &places[0].source, 12, LOOP_RW));
    MOVE(places);
    CHECK_EQ_UINT(loop_await(&l, 12), EVIO_WRITABLE);
    CHECK_OK(evio_udp_close(&places[1]));
    loop_lasts(&l);
    net_close(peer);
    loop_close(&l);
}

TEST(a_unix_stream_and_its_listener)
{
    struct loop l;
    evio_unix_listener listeners[2];
    evio_unix_stream streams[2];
    libsock_addr addr;
    char path[NET_PATH_MAX];
    char buf[16];
    int peer;

    net_temp_path(path);
    addr = net_addr_path(path);
    loop_open(&l, 4);
    CHECK_OK(evio_unix_listen(&addr, &listeners[0]));
    net_watch(&l, &listeners[0].source, 1, EVIO_READABLE);
    MOVE(listeners);
    peer = net_unix_connect(path);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    CHECK_OK(evio_unix_accept(&listeners[1], &streams[0], NULL));
    CHECK_KIND(evio_unix_accept(&listeners[1], &streams[1], NULL), WOULD_BLOCK);
    net_watch(&l, &streams[0].source, MOVES_TOKEN, EVIO_READABLE);
    MOVE(streams);
    for (int i = 0; i < 3; i++) {
        net_send_all(peer, "abc", 3);
        CHECK_EQ_UINT(loop_await(&l, MOVES_TOKEN), EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_read(&streams[1], buf, 3), 3);
        CHECK_KIND(evio_unix_read(&streams[1], buf, 3), WOULD_BLOCK);
    }
    CHECK_OK(evio_reregister(l.registry, &streams[1].source, 12, LOOP_RW));
    MOVE_BACK(streams);
    CHECK_EQ_UINT(loop_await(&l, 12), EVIO_WRITABLE);
    CHECK_OK(evio_unix_close(&streams[0]));
    net_expect_eof(peer);
    net_close(peer);
    peer = net_unix_connect(path);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_READABLE);
    MOVE_BACK(listeners);
    CHECK_OK(evio_unix_listener_close(&listeners[0]));
    loop_lasts(&l);
    net_close(peer);
    loop_close(&l);
}

TEST(a_unix_datagram)
{
    struct loop l;
    evio_unix_datagram pair[2];
    evio_unix_datagram places[2];
    char buf[16];

    loop_open(&l, 4);
    CHECK_OK(evio_unix_datagram_pair(pair));
    places[0] = pair[0];
    net_watch(&l, &places[0].source, MOVES_TOKEN, EVIO_READABLE);
    MOVE(places);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_INT(evio_unix_datagram_send(&pair[1], "abc", 3), 3);
        CHECK_EQ_UINT(loop_await(&l, MOVES_TOKEN), EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_datagram_recv(&places[1], buf, sizeof(buf)), 3);
        CHECK_KIND(evio_unix_datagram_recv(&places[1], buf, sizeof(buf)),
                   WOULD_BLOCK);
    }
    CHECK_OK(evio_reregister(l.registry, &places[1].source, 12, EVIO_WRITABLE));
    MOVE_BACK(places);
    CHECK_EQ_UINT(loop_await(&l, 12), EVIO_WRITABLE);
    CHECK_OK(evio_deregister(l.registry, &places[0].source));
    CHECK_OK(evio_unix_datagram_close(&places[0]));
    CHECK_OK(evio_unix_datagram_close(&pair[1]));
    loop_lasts(&l);
    loop_close(&l);
}

TEST(both_ends_of_a_pipe)
{
    struct loop l;
    evio_pipe_sender senders[2];
    evio_pipe_receiver receivers[2];
    char buf[4096];

    loop_open(&l, 4);
    CHECK_OK(evio_pipe_open(&senders[0], &receivers[0]));
    net_watch(&l, &senders[0].source, 1, EVIO_WRITABLE);
    MOVE(senders);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_WRITABLE);
    net_watch(&l, &receivers[0].source, 2, EVIO_READABLE);
    MOVE(receivers);
    for (int i = 0; i < 3; i++) {
        CHECK_EQ_INT(evio_pipe_write(&senders[1], "abc", 3), 3);
        CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
        CHECK_EQ_INT(evio_pipe_read(&receivers[1], buf, 3), 3);
        CHECK_KIND(evio_pipe_read(&receivers[1], buf, 3), WOULD_BLOCK);
    }
    memset(buf, 'x', sizeof(buf));
    while (evio_pipe_write(&senders[1], buf, sizeof(buf)) > 0)
        ;
    MOVE_BACK(senders);
    CHECK_EQ_UINT(loop_await(&l, 2), EVIO_READABLE);
    while (evio_pipe_read(&receivers[1], buf, sizeof(buf)) > 0)
        ;
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_WRITABLE);
    CHECK_OK(
        evio_reregister(l.registry, &receivers[1].source, 3, EVIO_READABLE));
    MOVE_BACK(receivers);
    CHECK_OK(evio_pipe_sender_close(&senders[0]));
    CHECK_UINT(loop_await(&l, 3) & EVIO_READ_CLOSED, !=, 0);
    CHECK_OK(evio_pipe_receiver_close(&receivers[0]));
    loop_lasts(&l);
    loop_close(&l);
}

/* The end of a reader is a hint that the write end knows by its type. */
TEST(a_pipe_whose_reader_ends)
{
    struct loop l;
    evio_pipe_sender senders[2];
    evio_pipe_receiver receiver;

    loop_open(&l, 4);
    CHECK_OK(evio_pipe_open(&senders[0], &receiver));
    net_watch(&l, &senders[0].source, 1, EVIO_WRITABLE);
    MOVE(senders);
    CHECK_EQ_UINT(loop_await(&l, 1), EVIO_WRITABLE);
    CHECK_OK(evio_pipe_receiver_close(&receiver));
    CHECK_UINT(loop_await(&l, 1) & EVIO_WRITE_CLOSED, !=, 0);
    CHECK_OK(evio_pipe_sender_close(&senders[1]));
    loop_close(&l);
}

/* Moved, and the poll goes first. */
TEST(after_the_poll_was_freed)
{
    struct loop l;
    evio_unix_stream pair[2];
    evio_unix_stream places[2];
    char byte;

    loop_open(&l, 4);
    CHECK_OK(evio_unix_pair(pair));
    places[0] = pair[0];
    net_watch(&l, &places[0].source, 1, EVIO_READABLE);
    MOVE(places);
    loop_close(&l);
    CHECK_EQ_INT(evio_unix_write(&pair[1], "x", 1), 1);
    CHECK_EQ_INT(evio_unix_read(&places[1], &byte, 1), 1);
    CHECK_KIND(evio_unix_read(&places[1], &byte, 1), WOULD_BLOCK);
    MOVE_BACK(places);
    CHECK_OK(evio_unix_close(&places[0]));
    CHECK_OK(evio_unix_close(&pair[1]));
}

/* In an array that grows: each object has another address. */
TEST(an_array_that_is_copied)
{
    enum {
        COUNT = 40
    };
    static evio_source small[COUNT];
    static evio_source large[2 * COUNT];
    static struct taken taken;
    int pairs[COUNT][2];
    struct loop l;

    loop_open(&l, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        net_unix_pair(NET_STREAM, pairs[i]);
        loop_add(&l, &small[i], pairs[i][0], i, EVIO_WRITABLE);
    }
    memcpy(large, small, sizeof(small));
    moves_poison(small, sizeof(small));
    CHECK_EQ_UINT(taken_wait(&l, LOOP_PATIENCE, &taken), COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        CHECK_OK(
            evio_reregister(l.registry, &large[i], 100 + i, EVIO_WRITABLE));
    }
    CHECK_EQ_UINT(taken_wait(&l, LOOP_PATIENCE, &taken), COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        CHECK_UINT(taken.events[i].token, >=, 100);
        loop_remove(&l, &large[i]);
        net_close(pairs[i][0]);
        net_close(pairs[i][1]);
    }
    loop_close(&l);
}
