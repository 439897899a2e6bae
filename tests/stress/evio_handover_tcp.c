/* SPDX-License-Identifier: MIT */
/*
 * A server over TCP of two threads: one accepts and registers each connection
 * with the poll of the other, which echoes, closes and frees it. Clients are
 * blocking sockets of threads of their own, and have a timeout.
 * What one connection alone can show is in evio_handover.c.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/evio_net.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"
#include "support/thread.h"

enum {
    CLIENTS = 2,
    CONNECTIONS = 4000,
    WAKE_TOKEN = 1, /* no pointer */
    LISTENER_TOKEN = 2
};

struct server {
    struct loop accepting;
    struct loop working;
    evio_waker *wakers[2];
    evio_tcp_listener listener;
    uint32_t mode;
    uint16_t port;
    uint64_t end;
    atomic_bool stop;
    atomic_uint begun;    /* by clients */
    atomic_uint accepted; /* by the acceptor */
    atomic_uint ended;    /* by the worker */
};

struct guest {
    evio_tcp_stream stream;
};

static void acceptor_take_all(struct server *s)
{
    for (;;) {
        struct guest *g = calloc(1, sizeof(*g));
        int r;

        CHECK(g != NULL);
        r = evio_tcp_accept(&s->listener, &g->stream, NULL);
        if (r < 0) {
            free(g);
            CHECK_KIND(r, WOULD_BLOCK);
            return;
        }
        atomic_fetch_add(&s->accepted, 1);
        CHECK_OK(evio_register(s->working.registry, &g->stream.source,
                               evio_token_of(g), EVIO_READABLE | s->mode));
    }
}

static void acceptor_run(void *arg)
{
    struct server *s = arg;
    evio_event event;

    net_watch(&s->accepting, &s->listener.source, LISTENER_TOKEN,
              EVIO_READABLE);
    while (!atomic_load(&s->stop)) {
        CHECK_OK(evio_poll_wait(s->accepting.poll, s->accepting.events,
                                EVIO_FOREVER));
        while (evio_events_next(s->accepting.events, &event)) {
            if (event.token == LISTENER_TOKEN)
                acceptor_take_all(s);
        }
    }
}

/* Echo until would-block or, where poll.h allows it, a short read; true when
 * the connection has ended. */
static bool worker_echo(struct guest *g, bool to_the_end)
{
    char buf[8];

    for (;;) {
        ptrdiff_t n = evio_tcp_read(&g->stream, buf, sizeof(buf));

        if (libsock_kind(n) == LIBSOCK_KIND_WOULD_BLOCK)
            return false;
        if (n <= 0)
            return true;
        /* The client may have gone. */
        (void)evio_tcp_write(&g->stream, buf, (size_t)n);
        if (!to_the_end && n < (ptrdiff_t)sizeof(buf))
            return false;
    }
}

static void worker_event(struct server *s, const evio_event *event)
{
    struct guest *g = evio_event_pointer(event);

    if (worker_echo(g, evio_is_read_closed(event))) {
        CHECK_OK(evio_tcp_close(&g->stream));
        free(g);
        atomic_fetch_add(&s->ended, 1);
    } else if (s->mode == EVIO_ONESHOT) {
        CHECK_OK(evio_reregister(s->working.registry, &g->stream.source,
                                 evio_token_of(g), EVIO_READABLE | s->mode));
    }
}

static void worker_run(void *arg)
{
    struct server *s = arg;
    evio_event event;

    while (!atomic_load(&s->stop) ||
           atomic_load(&s->ended) < atomic_load(&s->accepted)) {
        CHECK_INT(evio_poll_wait(s->working.poll, s->working.events,
                                 LOOP_PATIENCE * clock_slow_factor()),
                  >, 0);
        while (evio_events_next(s->working.events, &event)) {
            if (event.token != WAKE_TOKEN)
                worker_event(s, &event);
        }
    }
}

/* A byte and its echo, twice, then a reset, which leaves no port behind. */
static void client_talk(struct server *s)
{
    int fd = net_tcp_connect(NET_IPV4, s->port);
    char byte;

    for (int i = 0; i < 2; i++) {
        net_send_all(fd, "x", 1);
        net_recv_all(fd, &byte, 1);
        CHECK_EQ_INT(byte, 'x');
    }
    net_reset(fd);
}

/* Nine bytes and the end at once: more than one read takes. */
static void client_leave(struct server *s)
{
    int fd = net_tcp_connect(NET_IPV4, s->port);
    char buf[9];

    net_send_all(fd, "123456789", sizeof(buf));
    net_shutdown_write(fd);
    net_recv_all(fd, buf, sizeof(buf));
    net_expect_eof(fd);
    net_close(fd);
}

static void client_run(void *arg)
{
    struct server *s = arg;

    while (clock_ns() < s->end) {
        unsigned number = atomic_fetch_add(&s->begun, 1);

        if (number >= CONNECTIONS)
            break;
        if (number % 8 == 0)
            client_leave(s);
        else
            client_talk(s);
    }
}

static void server_open(struct server *s)
{
    int fd = net_tcp_listen(NET_IPV4, &s->port);

    net_set_nonblocking(fd, true);
    CHECK_OK(evio_tcp_listener_from_socket(net_sock(fd), &s->listener));
    loop_open(&s->accepting, 8);
    loop_open(&s->working, 8);
    CHECK_OK(evio_waker_new(s->accepting.registry, WAKE_TOKEN, &s->wakers[0]));
    CHECK_OK(evio_waker_new(s->working.registry, WAKE_TOKEN, &s->wakers[1]));
    s->end = clock_ns() + 3 * CLOCK_S;
}

static void server_close(struct server *s)
{
    CHECK_OK(evio_tcp_listener_close(&s->listener));
    loop_wait(&s->working, WAKE_TOKEN, 0);
    spin_quiet(&s->working, LOOP_QUIET);
    for (int i = 0; i < 2; i++)
        evio_waker_free(s->wakers[i]);
    loop_close(&s->accepting);
    loop_close(&s->working);
}

static void server_run(uint32_t mode)
{
    struct server s = {.mode = mode};
    thread *clients[CLIENTS];
    thread *acceptor;
    thread *worker;

    server_open(&s);
    worker = thread_start(worker_run, &s);
    acceptor = thread_start(acceptor_run, &s);
    for (int i = 0; i < CLIENTS; i++)
        clients[i] = thread_start(client_run, &s);
    for (int i = 0; i < CLIENTS; i++)
        thread_join(clients[i]);
    atomic_store(&s.stop, true);
    CHECK_OK(evio_wake(s.wakers[0]));
    thread_join(acceptor);
    CHECK_OK(evio_wake(s.wakers[1]));
    thread_join(worker);
    printf("# mode 0x%x: %u connections\n", (unsigned)mode,
           atomic_load(&s.ended));
    CHECK_UINT(atomic_load(&s.ended), >, 20);
    CHECK_EQ_UINT(atomic_load(&s.ended), atomic_load(&s.accepted));
    server_close(&s);
}

TEST(accepted_by_one_thread_and_served_by_another_in_edge_mode)
{
    server_run(EVIO_EDGE);
}

TEST(accepted_by_one_thread_and_served_by_another_in_level_mode)
{
    server_run(EVIO_LEVEL);
}

TEST(accepted_by_one_thread_and_served_by_another_in_oneshot_mode)
{
    server_run(EVIO_ONESHOT);
}
