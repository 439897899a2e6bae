/* SPDX-License-Identifier: MIT */
/*
 * Servers that set a poll up and then fork: workers that share a listener, with
 * EVIO_EXCLUSIVE and without, and daemons whose parent exits. All connections
 * are served; a client has a timeout, so that a lost one fails the test.
 * The servers stop when their half of a socket pair reaches its end.
 */
#include "support/check.h"
#include "support/clock.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/spin.h"

enum {
    WORKERS = 4,
    CLIENTS = 150, /* one after the other */
    BURSTS = 5,
    BURST = 30, /* at once */
    LISTENER_TOKEN = 1,
    STOP_TOKEN = 2
};

/* How the workers come to a selector of their own. */
enum prefork_way {
    PREFORK_FIRST_WAIT,
    PREFORK_AFTER_FORK,
    PREFORK_REGISTRATION
};

struct prefork {
    struct loop l;
    evio_tcp_listener listener;
    evio_source stop;
    uint32_t interest; /* of the listener */
    enum prefork_way way;
    uint16_t port;
    int word[2]; /* [0] the client's, [1] the server's */
};

static void prefork_setup(struct prefork *p)
{
    int fd = net_tcp_listen(NET_IPV4, &p->port);

    net_set_nonblocking(fd, true);
    loop_open(&p->l, 8);
    CHECK_OK(evio_tcp_listener_from_socket(net_sock(fd), &p->listener));
    if ((p->interest & EVIO_EXCLUSIVE) != 0 &&
        !loop_is(&p->l, EVIO_SELECTOR_EPOLL))
        SKIP("this selector has no EVIO_EXCLUSIVE");
    net_watch(&p->l, &p->listener.source, LISTENER_TOKEN, p->interest);
}

/* A letter and the end for each connection. */
static void prefork_serve_ready(struct prefork *p)
{
    evio_tcp_stream stream;
    int r;

    while ((r = evio_tcp_accept(&p->listener, &stream, NULL)) >= 0) {
        CHECK_EQ_INT(evio_tcp_write(&stream, "k", 1), 1);
        CHECK_OK(evio_tcp_close(&stream));
    }
    CHECK_KIND(r, WOULD_BLOCK);
}

static void prefork_serve(struct prefork *p)
{
    bool stopped = false;
    evio_event event;

    while (!stopped) {
        CHECK_INT(evio_poll_wait(p->l.poll, p->l.events, EVIO_FOREVER), >, 0);
        while (evio_events_next(p->l.events, &event)) {
            if (event.token == LISTENER_TOKEN)
                prefork_serve_ready(p);
            else
                stopped = true;
        }
    }
}

static void prefork_worker(void *arg)
{
    struct prefork *p = arg;
    struct spin begin;

    net_close(p->word[0]);
    if (p->way == PREFORK_AFTER_FORK)
        CHECK_OK(evio_poll_after_fork(p->l.poll));
    if (p->way == PREFORK_REGISTRATION)
        loop_add(&p->l, &p->stop, p->word[1], STOP_TOKEN, EVIO_READABLE);
    prefork_serve(p);
    /* A spurious event is legal, a spin is not. */
    begin = spin_begin(&p->l);
    CHECK_OK(evio_poll_wait(p->l.poll, p->l.events, LOOP_QUIET));
    spin_end(&p->l, &begin);
    CHECK_OK(evio_tcp_listener_close(&p->listener));
    loop_close(&p->l);
}

static void client_finish(int fd)
{
    char byte;

    net_recv_all(fd, &byte, 1);
    CHECK_EQ_INT(byte, 'k');
    net_expect_eof(fd);
    net_close(fd);
}

static void client_run(uint16_t port)
{
    int fds[BURST];

    for (int i = 0; i < CLIENTS; i++)
        client_finish(net_tcp_connect(NET_IPV4, port));
    for (int i = 0; i < BURSTS; i++) {
        for (int j = 0; j < BURST; j++)
            fds[j] = net_tcp_connect(NET_IPV4, port);
        for (int j = 0; j < BURST; j++)
            client_finish(fds[j]);
    }
}

/* The parent only waits for its workers; it has the registrations too. */
static void prefork_run(uint32_t interest, enum prefork_way way)
{
    struct prefork p = {.interest = EVIO_READABLE | interest, .way = way};
    int workers[WORKERS];

    prefork_setup(&p);
    net_unix_pair(NET_STREAM, p.word);
    if (way != PREFORK_REGISTRATION)
        loop_add(&p.l, &p.stop, p.word[1], STOP_TOKEN, EVIO_READABLE);
    for (int i = 0; i < WORKERS; i++)
        workers[i] = process_fork(prefork_worker, &p);
    client_run(p.port);
    net_close(p.word[0]);
    for (int i = 0; i < WORKERS; i++)
        process_join(workers[i]);
    if (way != PREFORK_REGISTRATION)
        loop_remove(&p.l, &p.stop);
    CHECK_OK(evio_tcp_listener_close(&p.listener));
    net_close(p.word[1]);
    loop_close(&p.l);
}

static void prefork_each_way(uint32_t interest)
{
    prefork_run(interest, PREFORK_FIRST_WAIT);
    prefork_run(interest, PREFORK_AFTER_FORK);
    prefork_run(interest, PREFORK_REGISTRATION);
}

TEST(workers_of_a_listener_in_edge_mode)
{
    prefork_each_way(EVIO_EDGE);
}

TEST(workers_of_a_listener_in_level_mode)
{
    prefork_each_way(EVIO_LEVEL);
}

TEST(workers_of_an_exclusive_listener_in_edge_mode)
{
    prefork_each_way(EVIO_EXCLUSIVE);
}

TEST(workers_of_an_exclusive_listener_in_level_mode)
{
    prefork_each_way((uint32_t)EVIO_EXCLUSIVE | EVIO_LEVEL);
}

/* A worker that ends takes nothing with it: neither the others' registrations
 * nor, with EVIO_EXCLUSIVE, their wake-ups. */
struct departure {
    struct prefork p;
    int end[2];
};

static void departure_worker(void *arg)
{
    struct departure *d = arg;

    net_close(d->p.word[0]);
    CHECK_OK(evio_poll_after_fork(d->p.l.poll));
    CHECK_OK(evio_tcp_listener_close(&d->p.listener));
    net_send_all(d->end[1], "e", 1);
    /* It waits on, for other things. */
    CHECK_EQ_UINT(loop_await(&d->p.l, STOP_TOKEN) & EVIO_READABLE,
                  EVIO_READABLE);
    loop_close(&d->p.l);
}

static void departure_run(uint32_t interest)
{
    struct departure d = {
        .p = {.interest = EVIO_READABLE | interest, .way = PREFORK_AFTER_FORK}};
    int workers[2];
    char byte;

    prefork_setup(&d.p);
    net_unix_pair(NET_STREAM, d.p.word);
    net_unix_pair(NET_STREAM, d.end);
    loop_add(&d.p.l, &d.p.stop, d.p.word[1], STOP_TOKEN, EVIO_READABLE);
    workers[0] = process_fork(departure_worker, &d);
    net_recv_all(d.end[0], &byte, 1);
    workers[1] = process_fork(prefork_worker, &d.p);
    client_run(d.p.port);
    net_close(d.p.word[0]);
    for (int i = 0; i < 2; i++)
        process_join(workers[i]);
    loop_remove(&d.p.l, &d.p.stop);
    CHECK_OK(evio_tcp_listener_close(&d.p.listener));
    net_close(d.p.word[1]);
    net_close(d.end[0]);
    net_close(d.end[1]);
    loop_close(&d.p.l);
}

TEST(a_worker_that_closes_the_listener)
{
    departure_run(EVIO_EDGE);
    departure_run(EVIO_LEVEL);
}

TEST(a_worker_that_closes_an_exclusive_listener)
{
    departure_run(EVIO_EXCLUSIVE);
    departure_run((uint32_t)EVIO_EXCLUSIVE | EVIO_LEVEL);
}

/* Set up by a process that exits, and served by its child or grandchild. */
static void daemon_setup(void *arg)
{
    struct prefork *p = arg;

    net_close(p->word[0]);
    prefork_setup(p);
    loop_add(&p->l, &p->stop, p->word[1], STOP_TOKEN, EVIO_READABLE);
}

static void daemon_serve(void *arg)
{
    struct prefork *p = arg;

    if (p->way == PREFORK_AFTER_FORK)
        CHECK_OK(evio_poll_after_fork(p->l.poll));
    net_send_all(p->word[1], &p->port, sizeof(p->port));
    prefork_serve(p);
    CHECK_OK(evio_tcp_listener_close(&p->listener));
    loop_remove(&p->l, &p->stop);
    loop_close(&p->l);
    net_send_all(p->word[1], "k", 1);
}

static void daemon_run(uint32_t mode, enum prefork_way way,
                       unsigned generations)
{
    struct prefork p = {.interest = EVIO_READABLE | mode, .way = way};
    const struct process_daemon daemon = {daemon_setup, daemon_serve, &p,
                                          generations};
    char byte;

    net_unix_pair(NET_STREAM, p.word);
    process_daemon(&daemon);
    net_close(p.word[1]);
    net_recv_all(p.word[0], &p.port, sizeof(p.port));
    client_run(p.port);
    net_send_all(p.word[0], "s", 1);
    net_recv_all(p.word[0], &byte, 1);
    CHECK_EQ_INT(byte, 'k');
    net_close(p.word[0]);
}

TEST(a_daemon_goes_on_by_itself)
{
    for (unsigned generations = 1; generations <= 2; generations++) {
        daemon_run(EVIO_EDGE, PREFORK_FIRST_WAIT, generations);
        daemon_run(EVIO_LEVEL, PREFORK_FIRST_WAIT, generations);
    }
}

TEST(a_daemon_calls_after_fork)
{
    for (unsigned generations = 1; generations <= 2; generations++) {
        daemon_run(EVIO_EDGE, PREFORK_AFTER_FORK, generations);
        daemon_run(EVIO_LEVEL, PREFORK_AFTER_FORK, generations);
    }
}
