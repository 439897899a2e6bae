/* SPDX-License-Identifier: MIT */
/*
 * Stream sockets as two programs see them: bind, listen, connect, accept, the
 * addresses of both ends, waiting errors and the end of each direction.
 * The bytes themselves are in sock_transfer.c. Nothing is guarded.
 */
#include <libsock/os.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    CONNECTION_WAIT_MS = 5000
};

static void connection_check_names(int domain)
{
    libsock_addr at, local, peer;
    libsock_socket listener = sock_listening(domain, 0, &at);
    libsock_socket client = sock_open(domain, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket server = LIBSOCK_SOCKET_INIT;
    char byte = 0;

    CHECK_EQ_INT(libsock_addr_domain(&at), domain);
    CHECK_OK(libsock_connect(client, &at));
    CHECK_OK(libsock_accept(listener, 0, &server, &peer));
    CHECK_OK(libsock_local_addr(client, &local));
    CHECK(libsock_addr_equal(&peer, &local));
    CHECK(!libsock_addr_equal(&peer, &at));
    CHECK_OK(libsock_peer_addr(client, &peer));
    CHECK(libsock_addr_equal(&peer, &at));
    CHECK_OK(libsock_local_addr(server, &local));
    CHECK(libsock_addr_equal(&local, &at));
    CHECK_EQ_INT(libsock_send(client, "c", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(server, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'c');
    sock_close(server);
    sock_close(client);
    sock_close(listener);
}

TEST(both_ends_agree_about_their_names_ipv4)
{
    connection_check_names(LIBSOCK_DOMAIN_IPV4);
}

TEST(both_ends_agree_about_their_names_ipv6)
{
    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    connection_check_names(LIBSOCK_DOMAIN_IPV6);
}

TEST(nobody_connects_before_listen)
{
    libsock_addr at;
    libsock_socket server =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0, &at);
    libsock_socket client =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);

    CHECK_KIND(libsock_connect(client, &at), CONNECTION_REFUSED);
    CHECK_OK(libsock_listen(server, 0));
    CHECK_OK(libsock_connect(client, &at));
    sock_close(client);
    sock_close(server);
}

TEST(accept_without_a_peer_would_block)
{
    libsock_addr at, peer, before;
    libsock_socket listener =
        sock_listening(LIBSOCK_DOMAIN_IPV4, LIBSOCK_NONBLOCK, &at);
    libsock_socket made = {4711};

    memset(&peer, 0x5a, sizeof(peer));
    before = peer;
    CHECK(libsock_would_block(libsock_accept(listener, 0, &made, &peer)));
    CHECK_EQ_INT(libsock_as_raw(made), 4711);
    CHECK_EQ_MEM(&peer, &before, sizeof(peer));
    sock_close(listener);
}

TEST(a_nonblocking_connect_ends_well)
{
    libsock_addr at, peer;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    libsock_socket client =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK);
    int r = libsock_connect(client, &at);
    int error = 1;

    CHECK(r == 0 || libsock_in_progress(r));
    CHECK(net_wait_writable(sock_fd(client), CONNECTION_WAIT_MS));
    CHECK_OK(libsock_take_error(client, &error));
    CHECK_EQ_INT(error, 0);
    CHECK_OK(libsock_peer_addr(client, &peer));
    CHECK(libsock_addr_equal(&peer, &at));
    sock_close(client);
    sock_close(listener);
}

TEST(a_refused_nonblocking_connect_is_told_once)
{
    libsock_addr at;
    libsock_socket client =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK);
    int error = 0;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4,
                                   net_tcp_refused_port(NET_IPV4), &at));
    CHECK(libsock_in_progress(libsock_connect(client, &at)));
    CHECK(net_wait_writable(sock_fd(client), CONNECTION_WAIT_MS));
    CHECK_OK(libsock_take_error(client, &error));
    CHECK_KIND(error, CONNECTION_REFUSED);
    CHECK_OK(libsock_take_error(client, &error));
    CHECK_EQ_INT(error, 0);
    sock_close(client);
}

TEST(without_a_peer_there_is_no_peer_address)
{
    const int types[] = {LIBSOCK_TYPE_STREAM, LIBSOCK_TYPE_DGRAM};

    for (int i = 0; i < 2; i++) {
        libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, types[i], 0);
        libsock_addr addr, before;

        memset(&addr, 0x5a, sizeof(addr));
        before = addr;
        CHECK_KIND(libsock_peer_addr(sock, &addr), NOT_CONNECTED);
        CHECK_EQ_MEM(&addr, &before, sizeof(addr));
        CHECK_OK(libsock_local_addr(sock, &addr));
        CHECK(libsock_addr_is_unspecified(&addr));
        CHECK_EQ_INT(libsock_addr_port(&addr), 0);
        sock_close(sock);
    }
}

TEST(an_address_is_bound_once)
{
    libsock_addr at, elsewhere;
    libsock_socket one = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    libsock_socket two = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    const uint8_t documentation[4] = {192, 0, 2, 1};

    CHECK_KIND(libsock_bind(two, &at), ADDR_IN_USE);
    CHECK_OK(libsock_addr_from_ipv4(documentation, 0, &elsewhere));
    CHECK_KIND(libsock_bind(two, &elsewhere), ADDR_NOT_AVAILABLE);
    sock_close(one);
    CHECK_OK(libsock_bind(two, &at));
    sock_close(two);
}

TEST(shutting_the_writing_side_ends_one_direction)
{
    libsock_socket pair[2];
    char byte = 0;

    sock_tcp_pair(pair);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 0);
    CHECK_KIND(libsock_send(pair[0], "x", 1, 0), BROKEN_PIPE);
    CHECK_EQ_INT(libsock_send(pair[1], "y", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[0], &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'y');
    sock_close_pair(pair);
}

TEST(shutting_the_reading_side_ends_one_direction)
{
    libsock_socket pair[2];
    char byte = 0;

    sock_tcp_pair(pair);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_READ));
    CHECK_EQ_INT(libsock_recv(pair[0], &byte, 1, 0), 0);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'x');
    sock_close_pair(pair);
}

TEST(shutting_both_sides_ends_both_directions)
{
    libsock_socket pair[2];
    char byte = 0;

    sock_tcp_pair(pair);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_BOTH));
    CHECK_EQ_INT(libsock_recv(pair[0], &byte, 1, 0), 0);
    CHECK_KIND(libsock_send(pair[0], "x", 1, 0), BROKEN_PIPE);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 0);
    sock_close_pair(pair);
}

TEST(shutting_an_unconnected_socket_is_an_error)
{
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);

    CHECK_KIND(libsock_shutdown(sock, LIBSOCK_SHUT_WRITE), NOT_CONNECTED);
    sock_close(sock);
}

/* What left before it was accepted: accepted like any other, then at its end.
 */
static void connection_check_early_leaver(int domain)
{
    libsock_addr at, own, peer;
    libsock_socket listener = sock_listening(domain, 0, &at);
    libsock_socket client = sock_open(domain, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket server = LIBSOCK_SOCKET_INIT;
    char bytes[8];

    CHECK_OK(libsock_connect(client, &at));
    CHECK_OK(libsock_local_addr(client, &own));
    CHECK_EQ_INT(libsock_send(client, "bye", 3, 0), 3);
    sock_close(client);
    CHECK_OK(libsock_accept(listener, 0, &server, &peer));
    CHECK(libsock_addr_equal(&peer, &own));
    CHECK(net_is_cloexec(sock_fd(server)));
    CHECK_EQ_INT(libsock_recv(server, bytes, 3, LIBSOCK_MSG_WAITALL), 3);
    CHECK_EQ_MEM(bytes, "bye", 3);
    CHECK_EQ_INT(libsock_recv(server, bytes, sizeof(bytes), 0), 0);
    sock_close(server);
    sock_close(listener);
}

TEST(who_left_before_is_accepted_all_the_same)
{
    connection_check_early_leaver(LIBSOCK_DOMAIN_IPV4);
    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    connection_check_early_leaver(LIBSOCK_DOMAIN_IPV6);
}

TEST(a_reset_is_told_apart_from_the_end)
{
    libsock_socket pair[2];
    char byte;

    sock_tcp_pair(pair);
    net_reset(sock_fd(pair[0]));
    CHECK_KIND(libsock_recv(pair[1], &byte, 1, 0), CONNECTION_RESET);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 0);
    sock_close(pair[1]);
}
