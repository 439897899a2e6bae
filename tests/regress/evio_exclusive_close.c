/* SPDX-License-Identifier: MIT */
/*
 * Several polls share one open file with EVIO_EXCLUSIVE, and one of them closes
 * its source through the library and goes on waiting for other things: the file
 * lives on, and the others get all of its events. A wake-up that the kernel
 * still gave to the closed registration would be lost to them.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/thread.h"

#include <libsock/libsock.h>

enum {
    SHARED_ROUNDS = 10,
    SHARED_CLOSED = 1,  /* token of the source that is closed */
    SHARED_SERVING = 2, /* token of the one that stays */
    SHARED_WAKE = 3
};

/* The poll of the thread that closed its source, and waits for a wake. */
struct shared {
    struct loop closing;
    struct loop serving;
    evio_waker *waker;
    gate *waits;
    thread *waiter;
};

/* Until the second wake. */
static void shared_wait(void *arg)
{
    struct shared *t = arg;
    unsigned wakes = 0;

    while (wakes < 2) {
        wakes += loop_wait(&t->closing, SHARED_WAKE, EVIO_FOREVER) != 0;
        gate_open(t->waits);
    }
}

static void shared_open(struct shared *t)
{
    loop_open(&t->closing, 8);
    loop_open(&t->serving, 8);
    CHECK_OK(evio_waker_new(t->closing.registry, SHARED_WAKE, &t->waker));
    t->waits = gate_new();
}

static void shared_start_waiting(struct shared *t)
{
    t->waiter = thread_start(shared_wait, t);
    CHECK_OK(evio_wake(t->waker));
    gate_wait(t->waits);
    /* Most likely it waits again by then. */
    for (int i = 0; i < 200; i++)
        thread_yield();
}

static void shared_close(struct shared *t)
{
    CHECK_OK(evio_wake(t->waker));
    thread_join(t->waiter);
    gate_free(t->waits);
    evio_waker_free(t->waker);
    loop_close(&t->closing);
    loop_close(&t->serving);
}

static void shared_register(struct loop *l, evio_source *source, uint64_t token,
                            uint32_t interest)
{
    int r = evio_register(l->registry, source, token, interest);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this selector has no EVIO_EXCLUSIVE");
    CHECK_OK(r);
}

/* The kernel asks in the order of registration: the closed one comes first. */
static void shared_register_both(struct shared *t, evio_source *closed,
                                 evio_source *serving, uint32_t mode)
{
    const uint32_t interest = EVIO_READABLE | EVIO_EXCLUSIVE | mode;

    shared_register(&t->closing, closed, SHARED_CLOSED, interest);
    shared_register(&t->serving, serving, SHARED_SERVING, interest);
}

static void shared_accept_one(struct shared *t, evio_tcp_listener *listener,
                              uint16_t port)
{
    evio_tcp_stream stream;
    int peer = net_tcp_connect(NET_IPV4, port);

    CHECK_EQ_UINT(loop_await(&t->serving, SHARED_SERVING), EVIO_READABLE);
    CHECK_OK(evio_tcp_accept(listener, &stream, NULL));
    CHECK_KIND(evio_tcp_accept(listener, &stream, NULL), WOULD_BLOCK);
    CHECK_OK(evio_tcp_close(&stream));
    net_close(peer);
}

static void shared_tcp(uint32_t mode)
{
    struct shared t;
    evio_tcp_listener listeners[2];
    libsock_socket copy;
    uint16_t port;
    int fd = net_tcp_listen(NET_IPV4, &port);

    net_set_nonblocking(fd, true);
    shared_open(&t);
    CHECK_OK(evio_tcp_listener_from_socket(net_sock(fd), &listeners[0]));
    CHECK_OK(libsock_dup(net_sock(fd), &copy));
    CHECK_OK(evio_tcp_listener_from_socket(copy, &listeners[1]));
    shared_register_both(&t, &listeners[0].source, &listeners[1].source, mode);
    CHECK_OK(evio_tcp_listener_close(&listeners[0]));
    shared_start_waiting(&t);
    for (int i = 0; i < SHARED_ROUNDS; i++)
        shared_accept_one(&t, &listeners[1], port);
    CHECK_OK(evio_tcp_listener_close(&listeners[1]));
    shared_close(&t);
}

TEST(a_tcp_listener_in_edge_mode)
{
    shared_tcp(EVIO_EDGE);
}

TEST(a_tcp_listener_in_level_mode)
{
    shared_tcp(EVIO_LEVEL);
}

static void shared_unix(uint32_t mode)
{
    struct shared t;
    evio_unix_listener listeners[2];
    evio_unix_stream stream;
    libsock_socket copy;
    char path[NET_PATH_MAX];
    int fd;

    net_temp_path(path);
    fd = net_unix_listen(path);
    net_set_nonblocking(fd, true);
    shared_open(&t);
    CHECK_OK(evio_unix_listener_from_socket(net_sock(fd), &listeners[0]));
    CHECK_OK(libsock_dup(net_sock(fd), &copy));
    CHECK_OK(evio_unix_listener_from_socket(copy, &listeners[1]));
    shared_register_both(&t, &listeners[0].source, &listeners[1].source, mode);
    CHECK_OK(evio_unix_listener_close(&listeners[0]));
    shared_start_waiting(&t);
    for (int i = 0; i < SHARED_ROUNDS; i++) {
        int peer = net_unix_connect(path);

        CHECK_EQ_UINT(loop_await(&t.serving, SHARED_SERVING), EVIO_READABLE);
        CHECK_OK(evio_unix_accept(&listeners[1], &stream, NULL));
        CHECK_KIND(evio_unix_accept(&listeners[1], &stream, NULL), WOULD_BLOCK);
        CHECK_OK(evio_unix_close(&stream));
        net_close(peer);
    }
    CHECK_OK(evio_unix_listener_close(&listeners[1]));
    shared_close(&t);
}

TEST(an_af_unix_listener)
{
    shared_unix(EVIO_EDGE);
    shared_unix(EVIO_LEVEL);
}

static void shared_udp(uint32_t mode)
{
    struct shared t;
    evio_udp_socket sockets[2];
    libsock_socket copy;
    uint16_t port;
    uint16_t from;
    char byte;
    int fd = net_udp_bind(NET_IPV4, &port);
    int peer = net_udp_bind(NET_IPV4, &from);

    net_set_nonblocking(fd, true);
    shared_open(&t);
    CHECK_OK(evio_udp_from_socket(net_sock(fd), &sockets[0]));
    CHECK_OK(libsock_dup(net_sock(fd), &copy));
    CHECK_OK(evio_udp_from_socket(copy, &sockets[1]));
    shared_register_both(&t, &sockets[0].source, &sockets[1].source, mode);
    CHECK_OK(evio_udp_close(&sockets[0]));
    shared_start_waiting(&t);
    for (int i = 0; i < SHARED_ROUNDS; i++) {
        net_udp_send(peer, NET_IPV4, port, "x", 1);
        CHECK_EQ_UINT(loop_await(&t.serving, SHARED_SERVING), EVIO_READABLE);
        CHECK_EQ_INT(evio_udp_recv(&sockets[1], &byte, 1), 1);
        CHECK_KIND(evio_udp_recv(&sockets[1], &byte, 1), WOULD_BLOCK);
    }
    CHECK_OK(evio_udp_close(&sockets[1]));
    net_close(peer);
    shared_close(&t);
}

TEST(a_udp_socket)
{
    shared_udp(EVIO_EDGE);
    shared_udp(EVIO_LEVEL);
}

/* The end that closes is another process. */
struct forked {
    int listener;
    int word[2];
    uint32_t mode;
};

static void forked_child(void *arg)
{
    struct forked *f = arg;
    struct loop l;
    evio_tcp_listener listener;
    evio_source word;

    loop_open(&l, 8);
    CHECK_OK(evio_tcp_listener_from_socket(net_sock(f->listener), &listener));
    shared_register(&l, &listener.source, SHARED_CLOSED,
                    EVIO_READABLE | EVIO_EXCLUSIVE | f->mode);
    net_send_all(f->word[1], "r", 1);
    CHECK_OK(evio_tcp_listener_close(&listener));
    net_send_all(f->word[1], "c", 1);
    loop_add(&l, &word, f->word[1], SHARED_WAKE, EVIO_READABLE);
    while (loop_wait(&l, SHARED_WAKE, EVIO_FOREVER) == 0)
        continue;
}

static void forked_serve(uint32_t mode)
{
    struct forked f = {.mode = mode};
    struct shared t;
    evio_tcp_listener listener;
    uint16_t port;
    char word;
    int child;

    loop_open(&t.serving, 8);
    if (!loop_is(&t.serving, EVIO_SELECTOR_EPOLL))
        SKIP("this selector has no EVIO_EXCLUSIVE");
    f.listener = net_tcp_listen(NET_IPV4, &port);
    net_set_nonblocking(f.listener, true);
    net_unix_pair(NET_STREAM, f.word);
    child = process_fork(forked_child, &f);
    net_recv_all(f.word[0], &word, 1);
    CHECK_OK(evio_tcp_listener_from_socket(net_sock(f.listener), &listener));
    shared_register(&t.serving, &listener.source, SHARED_SERVING,
                    EVIO_READABLE | EVIO_EXCLUSIVE | mode);
    net_recv_all(f.word[0], &word, 1);
    for (int i = 0; i < SHARED_ROUNDS; i++)
        shared_accept_one(&t, &listener, port);
    net_send_all(f.word[0], "e", 1);
    process_join(child);
    CHECK_OK(evio_tcp_listener_close(&listener));
    net_close(f.word[0]);
    net_close(f.word[1]);
    loop_close(&t.serving);
}

TEST(a_listener_that_a_child_closed)
{
    forked_serve(EVIO_EDGE);
    forked_serve(EVIO_LEVEL);
}

/* A listener that was not exclusive: closed, it wakes nobody for nothing. */
static void plain_close(uint32_t mode)
{
    struct loop l;
    evio_tcp_listener listener;
    uint16_t port;
    int fd = net_tcp_listen(NET_IPV4, &port);
    int copy = fd_dup(fd);

    loop_open(&l, 8);
    net_set_nonblocking(fd, true);
    CHECK_OK(evio_tcp_listener_from_socket(net_sock(fd), &listener));
    net_watch(&l, &listener.source, SHARED_CLOSED, EVIO_READABLE | mode);
    CHECK_OK(evio_tcp_listener_close(&listener));
    for (int i = 0; i < 3; i++) {
        int peer = net_tcp_connect(NET_IPV4, port);

        CHECK_EQ_INT(evio_poll_wait(l.poll, l.events, LOOP_QUIET), 0);
        net_close(net_accept(copy));
        net_close(peer);
    }
    CHECK_EQ_UINT(loop_stale(&l), 0);
    net_close(copy);
    loop_close(&l);
}

TEST(a_plain_listener_that_is_closed)
{
    plain_close(EVIO_EDGE);
    plain_close(EVIO_LEVEL);
    plain_close(EVIO_ONESHOT);
}
