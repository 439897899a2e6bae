/* SPDX-License-Identifier: MIT */
/*
 * TCP listeners over loopback: when a connection is reported, what an accepted
 * stream is like, and that an address can be taken again.
 * Clients are raw sockets of the test itself.
 */
#include <stdio.h>

#include "support/check.h"
#include "support/evio_net.h"
#include "support/thread.h"

struct listen_fix {
    struct loop loop;
    evio_tcp_listener listener;
    uint16_t port;
};

static void listen_open(struct listen_fix *f, uint32_t interest)
{
    libsock_addr addr = net_addr_v4(0);

    loop_open(&f->loop, 16);
    CHECK_EQ_INT(evio_tcp_listen(&addr, &f->listener), 0);
    CHECK_OK(evio_tcp_listener_local_addr(&f->listener, &addr));
    CHECK(libsock_addr_is_loopback(&addr));
    f->port = (uint16_t)libsock_addr_port(&addr);
    CHECK_UINT(f->port, !=, 0);
    net_watch(&f->loop, &f->listener.source, 7, interest);
}

static void listen_close(struct listen_fix *f)
{
    CHECK_OK(evio_tcp_listener_close(&f->listener));
    loop_close(&f->loop);
}

TEST(accepted_stream_is_what_connected)
{
    struct listen_fix f;
    evio_tcp_stream stream;
    libsock_addr peer;
    libsock_addr asked;
    int error = -1;

    listen_open(&f, EVIO_READABLE);
    CHECK(net_is_nonblocking(net_fd(&f.listener.source)));
    CHECK(net_is_cloexec(net_fd(&f.listener.source)));
    loop_quiet(&f.loop);
    int client = net_tcp_connect(NET_IPV4, f.port);
    CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
    CHECK_EQ_INT(evio_tcp_accept(&f.listener, &stream, &peer), 0);
    CHECK(net_is_nonblocking(net_fd(&stream.source)));
    CHECK(net_is_cloexec(net_fd(&stream.source)));
    CHECK(!evio_source_is_registered(&stream.source));
    CHECK_EQ_INT(libsock_addr_port(&peer), net_local_port(client));
    CHECK_OK(evio_tcp_peer_addr(&stream, &asked));
    CHECK(libsock_addr_equal(&peer, &asked));
    CHECK_OK(evio_tcp_listener_take_error(&f.listener, &error));
    CHECK_EQ_INT(error, 0);
    CHECK_EQ_INT(evio_tcp_write(&stream, "hi", 2), 2);
    char got[2];
    net_recv_all(client, got, 2);
    CHECK_OK(evio_tcp_close(&stream));
    net_close(client);
    listen_close(&f);
}

TEST(accept_that_would_block_lets_the_next_be_reported)
{
    struct listen_fix f;

    listen_open(&f, EVIO_READABLE);
    for (int round = 0; round < 3; round++) {
        evio_tcp_stream stream;
        int client = net_tcp_connect(NET_IPV4, f.port);

        CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_READABLE);
        CHECK_OK(evio_tcp_accept(&f.listener, &stream, NULL));
        CHECK_OK(evio_tcp_close(&stream));
        memset(&stream, 0x5a, sizeof(stream));
        evio_tcp_stream before = stream;
        CHECK_KIND(evio_tcp_accept(&f.listener, &stream, NULL), WOULD_BLOCK);
        CHECK_EQ_MEM(&stream, &before, sizeof(stream));
        loop_quiet(&f.loop);
        net_close(client);
    }
    listen_close(&f);
}

TEST(several_connections_in_one_turn_are_all_accepted)
{
    struct listen_fix f;
    int client[5];

    listen_open(&f, EVIO_READABLE);
    for (int i = 0; i < 5; i++)
        client[i] = net_tcp_connect(NET_IPV4, f.port);
    net_until(&f.loop, 7, EVIO_READABLE);
    for (int i = 0; i < 5; i++) {
        evio_tcp_stream stream;

        CHECK_OK(evio_tcp_accept(&f.listener, &stream, NULL));
        CHECK_OK(evio_tcp_close(&stream));
        net_expect_eof(client[i]);
        net_close(client[i]);
    }
    listen_close(&f);
}

/* The longest queue that the system allows, or 4096 where nobody knows. */
static unsigned listen_somaxconn(void)
{
    FILE *file = fopen("/proc/sys/net/core/somaxconn", "r");
    unsigned n = 4096;

    if (file != NULL) {
        CHECK_EQ_INT(fscanf(file, "%u", &n), 1);
        fclose(file);
    }
    return n;
}

/* A queue of 128 would let the kernel drop the last ones' first segments. */
TEST(more_than_128_connections_wait)
{
    enum {
        CLIENTS = 200
    };
    struct listen_fix f;
    int client[CLIENTS];

    if (listen_somaxconn() < CLIENTS)
        SKIP("net.core.somaxconn is less than 200");
    listen_open(&f, EVIO_READABLE);
    for (int i = 0; i < CLIENTS; i++)
        client[i] = net_tcp_connect(NET_IPV4, f.port);
    for (int i = 0; i < CLIENTS; i++) {
        evio_tcp_stream stream;

        CHECK_OK(evio_tcp_accept(&f.listener, &stream, NULL));
        CHECK_OK(evio_tcp_close(&stream));
        net_close(client[i]);
    }
    listen_close(&f);
}

TEST(writable_interest_says_nothing_of_connections)
{
    struct listen_fix f;

    listen_open(&f, EVIO_WRITABLE);
    int client = net_tcp_connect(NET_IPV4, f.port);
    loop_quiet(&f.loop);
    CHECK_OK(
        evio_reregister(f.loop.registry, &f.listener.source, 8, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&f.loop, 8), EVIO_READABLE);
    net_close(client);
    listen_close(&f);
}

TEST(deregistered_listener_is_silent_and_accepts)
{
    struct listen_fix f;
    evio_tcp_stream stream;

    listen_open(&f, EVIO_READABLE);
    int client = net_tcp_connect(NET_IPV4, f.port);
    loop_remove(&f.loop, &f.listener.source);
    loop_quiet(&f.loop);
    CHECK_OK(evio_tcp_accept(&f.listener, &stream, NULL));
    CHECK_OK(evio_tcp_close(&stream));
    net_close(client);
    listen_close(&f);
}

TEST(connection_that_hung_up_first_is_accepted_with_its_end)
{
    struct listen_fix f;
    evio_tcp_stream stream;
    char c;

    listen_open(&f, EVIO_READABLE);
    net_close(net_tcp_connect(NET_IPV4, f.port));
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_OK(evio_tcp_accept(&f.listener, &stream, NULL));
    net_watch(&f.loop, &stream.source, 8, EVIO_READABLE);
    net_until(&f.loop, 8, EVIO_READABLE | EVIO_READ_CLOSED);
    CHECK_EQ_INT(evio_tcp_read(&stream, &c, 1), 0);
    CHECK_OK(evio_tcp_close(&stream));
    listen_close(&f);
}

TEST(server_may_start_again_while_old_connections_linger)
{
    struct listen_fix f;
    evio_tcp_listener again;
    evio_tcp_stream stream;

    listen_open(&f, EVIO_READABLE);
    int client = net_tcp_connect(NET_IPV4, f.port);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_OK(evio_tcp_accept(&f.listener, &stream, NULL));
    libsock_addr addr = net_addr_v4(f.port);
    CHECK_KIND(evio_tcp_listen(&addr, &again), ADDR_IN_USE);
    /* The side that closes first is the one that lingers, in TIME_WAIT. */
    CHECK_OK(evio_tcp_close(&stream));
    net_expect_eof(client);
    net_close(client);
    CHECK_OK(evio_tcp_listener_close(&f.listener));
    CHECK_OK(evio_tcp_listen(&addr, &again));
    CHECK_OK(evio_tcp_listener_close(&again));
    loop_close(&f.loop);
}

TEST(closed_listener_resets_who_was_not_accepted)
{
    struct listen_fix f;
    char c;

    listen_open(&f, EVIO_READABLE);
    int client = net_tcp_connect(NET_IPV4, f.port);
    CHECK_OK(evio_tcp_listener_close(&f.listener));
    CHECK_KIND(net_recv(client, &c, 1), CONNECTION_RESET);
    loop_quiet(&f.loop);
    net_close(client);
    loop_close(&f.loop);
}

TEST(ipv6_listener_accepts)
{
    struct loop loop;
    evio_tcp_listener listener;
    evio_tcp_stream stream;
    libsock_addr peer;

    if (!net_has_ipv6())
        SKIP("no ::1 here");
    loop_open(&loop, 4);
    libsock_addr addr = net_addr(LIBSOCK_DOMAIN_IPV6, 0);
    CHECK_OK(evio_tcp_listen(&addr, &listener));
    net_watch(&loop, &listener.source, 7, EVIO_READABLE);
    CHECK_OK(evio_tcp_listener_local_addr(&listener, &addr));
    int client = net_tcp_connect(NET_IPV6, (uint16_t)libsock_addr_port(&addr));
    net_until(&loop, 7, EVIO_READABLE);
    CHECK_OK(evio_tcp_accept(&listener, &stream, &peer));
    CHECK(libsock_addr_is_loopback(&peer));
    CHECK_EQ_INT(libsock_addr_port(&peer), net_local_port(client));
    CHECK_OK(evio_tcp_close(&stream));
    CHECK_OK(evio_tcp_listener_close(&listener));
    net_close(client);
    loop_close(&loop);
}

TEST(listener_is_adopted_and_given_back)
{
    uint16_t port;
    evio_tcp_listener listener;
    evio_tcp_stream stream;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int fd = net_tcp_listen(NET_IPV4, &port);

    CHECK_OK(evio_tcp_listener_from_socket(net_sock(fd), &listener));
    CHECK(!net_is_nonblocking(fd)); /* its modes are its maker's */
    int client = net_tcp_connect(NET_IPV4, port);
    CHECK_OK(evio_tcp_accept(&listener, &stream, NULL));
    CHECK(net_is_nonblocking(net_fd(&stream.source)));
    CHECK_OK(evio_tcp_close(&stream));
    CHECK_OK(evio_tcp_listener_into_socket(&listener, &sock));
    CHECK_EQ_INT(libsock_as_raw(sock), fd);
    CHECK_KIND(evio_tcp_listener_close(&listener), BAD_DESCRIPTOR);
    net_close(fd);
    net_close(client);
}

TEST(listener_given_back_is_not_watched)
{
    struct listen_fix f;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    listen_open(&f, EVIO_READABLE);
    CHECK_OK(evio_tcp_listener_into_socket(&f.listener, &sock));
    int client = net_tcp_connect(NET_IPV4, f.port);
    CHECK(net_wait_readable((int)libsock_as_raw(sock), 10000));
    loop_quiet(&f.loop);
    /* And back again, under another token. */
    CHECK_OK(evio_tcp_listener_from_socket(sock, &f.listener));
    net_watch(&f.loop, &f.listener.source, 8, EVIO_READABLE);
    CHECK_EQ_UINT(loop_await(&f.loop, 8), EVIO_READABLE);
    net_close(client);
    listen_close(&f);
}

static void listen_refuses_all(evio_tcp_listener *l)
{
    evio_tcp_stream stream;
    libsock_socket sock;
    libsock_addr addr;
    int error;

    CHECK_KIND(evio_tcp_accept(l, &stream, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_listener_take_error(l, &error), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_listener_local_addr(l, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_listener_into_socket(l, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(evio_tcp_listener_close(l), BAD_DESCRIPTOR);
    CHECK(!libsock_is_open(evio_tcp_listener_as_socket(l)));
}

TEST(zeroed_listener_is_inert)
{
    evio_tcp_listener listener;

    memset(&listener, 0, sizeof(listener));
    listen_refuses_all(&listener);
    listen_refuses_all(NULL);
}

TEST(listen_refuses_what_is_no_ip_address)
{
    struct listen_fix f;
    evio_tcp_listener listener;
    libsock_addr path = net_addr_path("/tmp/x");
    libsock_addr addr = net_addr_v4(0);
    libsock_socket none = LIBSOCK_SOCKET_INIT;

    CHECK_KIND(evio_tcp_listen(&path, &listener), INVALID_INPUT);
    CHECK_KIND(evio_tcp_listen(NULL, &listener), INVALID_INPUT);
    CHECK_KIND(evio_tcp_listen(&addr, NULL), INVALID_INPUT);
    CHECK_KIND(evio_tcp_listener_from_socket(none, &listener), BAD_DESCRIPTOR);
    listen_open(&f, EVIO_READABLE);
    CHECK_KIND(evio_tcp_accept(&f.listener, NULL, NULL), INVALID_INPUT);
    listen_close(&f);
}

#define ACCEPTORS 3
#define CLIENTS   60

struct listen_shared {
    evio_tcp_listener *listener;
    unsigned accepted;
};

/* Accept until told to stop by a connection that says so. */
static void listen_accept_some(void *arg)
{
    struct listen_shared *shared = arg;
    bool stop = false;

    while (!stop) {
        evio_tcp_stream stream;
        char c = 0;
        int r = evio_tcp_accept(shared->listener, &stream, NULL);

        if (libsock_would_block(r)) {
            net_wait_readable(net_fd(&shared->listener->source), 10);
            continue;
        }
        CHECK_OK(r);
        CHECK(net_wait_readable(net_fd(&stream.source), 10000));
        CHECK_EQ_INT(evio_tcp_read(&stream, &c, 1), 1);
        stop = c == 's';
        shared->accepted += c == 'c';
        CHECK_OK(evio_tcp_close(&stream));
    }
}

TEST(each_connection_goes_to_one_of_several_threads)
{
    struct listen_fix f;
    struct listen_shared shared[ACCEPTORS];
    thread *threads[ACCEPTORS];
    unsigned total = 0;

    listen_open(&f, EVIO_READABLE);
    for (int i = 0; i < ACCEPTORS; i++) {
        shared[i] = (struct listen_shared){&f.listener, 0};
        threads[i] = thread_start(listen_accept_some, &shared[i]);
    }
    for (int i = 0; i < CLIENTS + ACCEPTORS; i++) {
        int client = net_tcp_connect(NET_IPV4, f.port);

        net_send_all(client, i < CLIENTS ? "c" : "s", 1);
        net_expect_eof(client);
        net_close(client);
    }
    for (int i = 0; i < ACCEPTORS; i++) {
        thread_join(threads[i]);
        total += shared[i].accepted;
    }
    CHECK_EQ_UINT(total, CLIENTS);
    listen_close(&f);
}
