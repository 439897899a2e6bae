/* SPDX-License-Identifier: MIT */
/*
 * UDP sockets over loopback: datagrams one by one, peers that change, and when
 * a direction is reported again.
 * Peers are raw sockets of the test itself.
 */
#include "support/check.h"
#include "support/evio_net.h"

/* A bound socket, registered; a raw peer. */
struct udp_fix {
    struct loop loop;
    evio_udp_socket udp;
    libsock_addr addr;
    libsock_addr peer_addr;
    uint16_t port;
    int peer;
};

static void udp_open(struct udp_fix *f, enum net_family family,
                     uint32_t interest)
{
    uint16_t port;
    int domain = family == NET_IPV4 ? LIBSOCK_DOMAIN_IPV4 : LIBSOCK_DOMAIN_IPV6;

    loop_open(&f->loop, 16);
    f->addr = net_addr(domain, 0);
    CHECK_EQ_INT(evio_udp_bind(&f->addr, &f->udp), 0);
    CHECK_OK(evio_udp_local_addr(&f->udp, &f->addr));
    f->port = (uint16_t)libsock_addr_port(&f->addr);
    f->peer = net_udp_bind(family, &port);
    f->peer_addr = net_addr(domain, port);
    net_watch(&f->loop, &f->udp.source, 7, interest);
}

static void udp_close(struct udp_fix *f)
{
    CHECK_OK(evio_udp_close(&f->udp));
    net_close(f->peer);
    loop_close(&f->loop);
}

static void udp_exchanges(enum net_family family)
{
    struct udp_fix f;
    libsock_addr from;
    char buf[16] = "";
    int error = -1;

    udp_open(&f, family, LOOP_RW);
    CHECK(net_is_nonblocking(net_fd(&f.udp.source)));
    CHECK(net_is_cloexec(net_fd(&f.udp.source)));
    CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_WRITABLE);
    CHECK_KIND(evio_udp_recv_from(&f.udp, buf, 16, &from), WOULD_BLOCK);
    CHECK_KIND(evio_udp_peek_from(&f.udp, buf, 16, &from), WOULD_BLOCK);
    CHECK_EQ_INT(evio_udp_send_to(&f.udp, "ping", 4, &f.peer_addr), 4);
    CHECK_EQ_INT(net_recv(f.peer, buf, sizeof(buf)), 4);
    CHECK_EQ_MEM(buf, "ping", 4);
    net_udp_send(f.peer, family, f.port, "pong!", 5);
    net_until(&f.loop, 7, EVIO_READABLE);
    memset(buf, 0, sizeof(buf));
    CHECK_EQ_INT(evio_udp_peek_from(&f.udp, buf, 16, &from), 5);
    CHECK_EQ_STR(buf, "pong!");
    CHECK(libsock_addr_equal(&from, &f.peer_addr));
    memset(&from, 0, sizeof(from));
    CHECK_EQ_INT(evio_udp_recv_from(&f.udp, buf, 16, &from), 5);
    CHECK(libsock_addr_equal(&from, &f.peer_addr));
    CHECK_OK(evio_udp_take_error(&f.udp, &error));
    CHECK_EQ_INT(error, 0);
    udp_close(&f);
}

TEST(datagrams_are_exchanged_with_any_peer)
{
    udp_exchanges(NET_IPV4);
}

TEST(datagrams_are_exchanged_with_any_peer_on_ipv6)
{
    if (!net_has_ipv6())
        SKIP("no ::1 here");
    udp_exchanges(NET_IPV6);
}

TEST(datagrams_are_exchanged_with_the_connected_peer)
{
    struct udp_fix f;
    libsock_addr from;
    char buf[16] = "";

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    CHECK_KIND(evio_udp_peer_addr(&f.udp, &from), NOT_CONNECTED);
    CHECK_OK(evio_udp_connect(&f.udp, &f.peer_addr));
    CHECK_OK(evio_udp_peer_addr(&f.udp, &from));
    CHECK(libsock_addr_equal(&from, &f.peer_addr));
    CHECK_EQ_INT(evio_udp_send(&f.udp, "ping", 4), 4);
    CHECK_EQ_INT(net_recv(f.peer, buf, sizeof(buf)), 4);
    net_udp_send(f.peer, NET_IPV4, f.port, "pong", 4);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_udp_peek(&f.udp, buf, 2), 2); /* cut, and left */
    CHECK_EQ_INT(evio_udp_recv(&f.udp, buf, sizeof(buf)), 4);
    CHECK_EQ_MEM(buf, "pong", 4);
    udp_close(&f);
}

static void udp_would_block_rearms(ptrdiff_t (*receive)(evio_udp_socket *))
{
    struct udp_fix f;

    udp_open(&f, NET_IPV4, LOOP_RW);
    net_until(&f.loop, 7, EVIO_WRITABLE);
    for (int round = 0; round < 3; round++) {
        net_udp_send(f.peer, NET_IPV4, f.port, "x", 1);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(receive(&f.udp), 1);
        CHECK_KIND(receive(&f.udp), WOULD_BLOCK);
        loop_quiet(&f.loop); /* no storm of writable */
    }
    udp_close(&f);
}

static ptrdiff_t udp_by_recv(evio_udp_socket *udp)
{
    char buf[8];

    return evio_udp_recv(udp, buf, sizeof(buf));
}

static ptrdiff_t udp_by_recv_from(evio_udp_socket *udp)
{
    char buf[8];
    libsock_addr from;

    return evio_udp_recv_from(udp, buf, sizeof(buf), &from);
}

static ptrdiff_t udp_by_recv_msg(evio_udp_socket *udp)
{
    char buf[8];
    libsock_buf one = libsock_buf_of(buf, sizeof(buf));
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &one, 1));
    return evio_udp_recv_msg(udp, &msg, 0);
}

/* Peeks until it takes: only the peek runs into would-block. */
static ptrdiff_t udp_by_peek(evio_udp_socket *udp)
{
    char c;
    ptrdiff_t n = evio_udp_peek(udp, &c, 1);

    return n < 0 ? n : evio_udp_recv(udp, &c, 1);
}

TEST(recv_that_would_block_lets_the_next_be_reported)
{
    udp_would_block_rearms(udp_by_recv);
}

TEST(recv_from_that_would_block_lets_the_next_be_reported)
{
    udp_would_block_rearms(udp_by_recv_from);
}

TEST(recv_msg_that_would_block_lets_the_next_be_reported)
{
    udp_would_block_rearms(udp_by_recv_msg);
}

TEST(peek_that_would_block_lets_the_next_be_reported)
{
    udp_would_block_rearms(udp_by_peek);
}

TEST(empty_datagram_is_a_datagram)
{
    struct udp_fix f;
    libsock_addr from;
    char buf[4];

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    net_udp_send(f.peer, NET_IPV4, f.port, "", 0);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_udp_recv_from(&f.udp, buf, sizeof(buf), &from), 0);
    CHECK(libsock_addr_equal(&from, &f.peer_addr));
    CHECK_KIND(evio_udp_recv(&f.udp, buf, sizeof(buf)), WOULD_BLOCK);
    CHECK_EQ_INT(evio_udp_send_to(&f.udp, NULL, 0, &f.peer_addr), 0);
    CHECK_EQ_INT(net_recv(f.peer, buf, sizeof(buf)), 0);
    udp_close(&f);
}

TEST(long_datagram_is_cut_and_recv_msg_tells)
{
    struct udp_fix f;
    char buf[4] = "";
    libsock_buf one = libsock_buf_of(buf, 3);
    libsock_addr from;
    libsock_msg msg;

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    net_udp_send(f.peer, NET_IPV4, f.port, "first", 5);
    net_udp_send(f.peer, NET_IPV4, f.port, "second", 6);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_udp_recv(&f.udp, buf, 3), 3);
    CHECK_EQ_STR(buf, "fir");
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &one, 1));
    CHECK_OK(libsock_msg_set_from(&msg, &from));
    CHECK_EQ_INT(evio_udp_recv_msg(&f.udp, &msg, 0), 3);
    CHECK_EQ_STR(buf, "sec");
    CHECK_EQ_INT(libsock_msg_flags(&msg), LIBSOCK_MSG_TRUNC);
    CHECK(libsock_addr_equal(&from, &f.peer_addr));
    /* As it is, it goes back. */
    CHECK_EQ_INT(evio_udp_send_msg(&f.udp, &msg, 0), 3);
    CHECK_EQ_INT(net_recv(f.peer, buf, sizeof(buf)), 3);
    udp_close(&f);
}

TEST(sending_follows_the_peer_while_registered)
{
    struct udp_fix f;
    uint16_t port;
    char buf[8];
    int other = net_udp_bind(NET_IPV4, &port);
    libsock_addr other_addr = net_addr_v4(port);

    udp_open(&f, NET_IPV4, LOOP_RW);
    CHECK_OK(evio_udp_connect(&f.udp, &f.peer_addr));
    CHECK_EQ_INT(evio_udp_send(&f.udp, "a", 1), 1);
    CHECK_OK(evio_udp_connect(&f.udp, &other_addr));
    CHECK_EQ_INT(evio_udp_send(&f.udp, "bb", 2), 2);
    CHECK_EQ_INT(net_recv(f.peer, buf, sizeof(buf)), 1);
    CHECK_EQ_INT(net_recv(other, buf, sizeof(buf)), 2);
    net_close(other);
    udp_close(&f);
}

TEST(receiving_follows_the_peer_while_registered)
{
    struct udp_fix f;
    uint16_t port;
    int other = net_udp_bind(NET_IPV4, &port);
    libsock_addr addr[2];
    int fd[2];

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    addr[0] = f.peer_addr;
    addr[1] = net_addr_v4(port);
    fd[0] = f.peer;
    fd[1] = other;
    for (int round = 0; round < 4; round++) {
        int who = round % 2;

        CHECK_OK(evio_udp_connect(&f.udp, &addr[who]));
        CHECK_KIND(udp_by_recv(&f.udp), WOULD_BLOCK);
        net_udp_send(fd[1 - who], NET_IPV4, f.port, "stray", 5);
        net_udp_send(fd[who], NET_IPV4, f.port, "x", 1);
        net_until(&f.loop, 7, EVIO_READABLE);
        CHECK_EQ_INT(udp_by_recv(&f.udp), 1);
        CHECK_KIND(udp_by_recv(&f.udp), WOULD_BLOCK);
    }
    net_close(other);
    udp_close(&f);
}

TEST(strangers_are_not_heard_when_connected)
{
    struct udp_fix f;
    uint16_t port;
    int stranger = net_udp_bind(NET_IPV4, &port);

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    CHECK_OK(evio_udp_connect(&f.udp, &f.peer_addr));
    net_udp_send(stranger, NET_IPV4, f.port, "psst", 4);
    loop_quiet(&f.loop);
    CHECK_KIND(udp_by_recv(&f.udp), WOULD_BLOCK);
    net_close(stranger);
    udp_close(&f);
}

TEST(unconnected_socket_needs_a_receiver)
{
    struct udp_fix f;
    libsock_addr empty = {.len = 0};

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    CHECK_INT(evio_udp_send(&f.udp, "x", 1), <, 0);
    CHECK_KIND(evio_udp_send_to(&f.udp, "x", 1, NULL), INVALID_INPUT);
    CHECK_KIND(evio_udp_send_to(&f.udp, "x", 1, &empty), INVALID_INPUT);
    CHECK_KIND(evio_udp_connect(&f.udp, NULL), INVALID_INPUT);
    net_udp_send(f.peer, NET_IPV4, f.port, "x", 1);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(udp_by_recv(&f.udp), 1);
    udp_close(&f);
}

/* A raw socket that nobody receives from: its port answers with an ICMP. */
TEST(refusal_is_an_error_and_the_socket_goes_on)
{
    struct udp_fix f;
    uint16_t port;
    char c;

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    net_close(net_udp_bind(NET_IPV4, &port));
    libsock_addr nobody = net_addr_v4(port);
    CHECK_OK(evio_udp_connect(&f.udp, &nobody));
    CHECK_EQ_INT(evio_udp_send(&f.udp, "x", 1), 1);
    net_until(&f.loop, 7, EVIO_READABLE | EVIO_ERROR);
    CHECK_KIND(evio_udp_recv(&f.udp, &c, 1), CONNECTION_REFUSED);
    CHECK_KIND(evio_udp_recv(&f.udp, &c, 1), WOULD_BLOCK);
    CHECK_OK(evio_udp_connect(&f.udp, &f.peer_addr));
    net_udp_send(f.peer, NET_IPV4, f.port, "x", 1);
    net_until(&f.loop, 7, EVIO_READABLE);
    CHECK_EQ_INT(evio_udp_recv(&f.udp, &c, 1), 1);
    udp_close(&f);
}

TEST(reregistered_interest_reports_what_waited)
{
    struct udp_fix f;

    udp_open(&f, NET_IPV4, EVIO_WRITABLE);
    net_udp_send(f.peer, NET_IPV4, f.port, "x", 1);
    CHECK_EQ_UINT(loop_await(&f.loop, 7), EVIO_WRITABLE);
    CHECK_OK(evio_reregister(f.loop.registry, &f.udp.source, 8, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&f.loop, 8), EVIO_READABLE);
    loop_remove(&f.loop, &f.udp.source);
    CHECK_EQ_INT(udp_by_recv(&f.udp), 1);
    net_udp_send(f.peer, NET_IPV4, f.port, "x", 1);
    loop_quiet(&f.loop);
    CHECK_EQ_INT(udp_by_recv(&f.udp), 1);
    udp_close(&f);
}

TEST(bound_address_is_not_shared)
{
    struct udp_fix f;
    evio_udp_socket other;

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    CHECK_KIND(evio_udp_bind(&f.addr, &other), ADDR_IN_USE);
    udp_close(&f);
}

TEST(socket_is_adopted_and_given_back)
{
    struct udp_fix f;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    udp_open(&f, NET_IPV4, EVIO_READABLE);
    CHECK_OK(evio_udp_into_socket(&f.udp, &sock));
    CHECK_KIND(evio_udp_close(&f.udp), BAD_DESCRIPTOR);
    net_udp_send(f.peer, NET_IPV4, f.port, "x", 1);
    loop_quiet(&f.loop);
    CHECK_OK(evio_udp_from_socket(sock, &f.udp));
    CHECK_EQ_INT(libsock_as_raw(evio_udp_as_socket(&f.udp)),
                 libsock_as_raw(sock));
    CHECK_EQ_INT(udp_by_recv(&f.udp), 1);
    udp_close(&f);
}

static void udp_refuses_all(evio_udp_socket *udp)
{
    libsock_addr addr = net_addr_v4(1);
    libsock_socket sock;
    libsock_msg msg;
    int error;
    char c;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_KIND(evio_udp_connect(udp, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_send(udp, "x", 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_send_to(udp, "x", 1, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_recv(udp, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_recv_from(udp, &c, 1, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_peek(udp, &c, 1), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_peek_from(udp, &c, 1, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_send_msg(udp, &msg, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_recv_msg(udp, &msg, 0), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_take_error(udp, &error), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_local_addr(udp, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_peer_addr(udp, &addr), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_into_socket(udp, &sock), BAD_DESCRIPTOR);
    CHECK_KIND(evio_udp_close(udp), BAD_DESCRIPTOR);
    CHECK(!libsock_is_open(evio_udp_as_socket(udp)));
}

TEST(zeroed_socket_is_inert)
{
    evio_udp_socket udp;
    libsock_addr path = net_addr_path("/tmp/x");
    libsock_addr addr = net_addr_v4(0);
    libsock_socket none = LIBSOCK_SOCKET_INIT;

    memset(&udp, 0, sizeof(udp));
    udp_refuses_all(&udp);
    udp_refuses_all(NULL);
    CHECK_KIND(evio_udp_bind(&path, &udp), INVALID_INPUT);
    CHECK_KIND(evio_udp_bind(NULL, &udp), INVALID_INPUT);
    CHECK_KIND(evio_udp_bind(&addr, NULL), INVALID_INPUT);
    CHECK_KIND(evio_udp_from_socket(none, &udp), BAD_DESCRIPTOR);
}
