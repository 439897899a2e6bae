/* SPDX-License-Identifier: MIT */
/*
 * UDP as two programs see it: who sent what, boundaries, empty datagrams,
 * connected sockets and what does not fit. AF_UNIX datagrams are in
 * sock_unix.c. Nothing is guarded.
 */
#include <libsock/os.h>

#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    DATAGRAM_WAIT_MS = 5000
};

static libsock_socket datagram_bound(int domain, libsock_addr *out_addr)
{
    return sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, out_addr);
}

static void datagram_check_sender(int domain)
{
    libsock_addr a, b, from;
    libsock_socket one = datagram_bound(domain, &a);
    libsock_socket two = datagram_bound(domain, &b);
    char bytes[8] = {0};

    /* Longer than either family's, so that a stale length would show. */
    memset(&from, 0xff, sizeof(from));
    CHECK_EQ_INT(libsock_send_to(one, "abc", 3, 0, &b), 3);
    CHECK_EQ_INT(libsock_peek_from(two, bytes, sizeof(bytes), &from), 3);
    CHECK(libsock_addr_equal(&from, &a));
    memset(&from, 0, sizeof(from));
    CHECK_EQ_INT(libsock_recv_from(two, bytes, sizeof(bytes), 0, &from), 3);
    CHECK_EQ_MEM(bytes, "abc", 3);
    CHECK(libsock_addr_equal(&from, &a));
    CHECK_EQ_INT(libsock_send_to(two, "de", 2, 0, &from), 2);
    CHECK_EQ_INT(libsock_recv_from(one, bytes, sizeof(bytes), 0, &from), 2);
    CHECK(libsock_addr_equal(&from, &b));
    sock_close(one);
    sock_close(two);
}

TEST(the_sender_is_named_ipv4)
{
    datagram_check_sender(LIBSOCK_DOMAIN_IPV4);
}

TEST(the_sender_is_named_ipv6)
{
    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    datagram_check_sender(LIBSOCK_DOMAIN_IPV6);
}

TEST(the_sender_alone_can_be_asked_for)
{
    libsock_addr a, b, from;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = datagram_bound(LIBSOCK_DOMAIN_IPV4, &b);
    char bytes[4];

    CHECK_EQ_INT(libsock_send_to(one, "abc", 3, 0, &b), 3);
    CHECK_EQ_INT(libsock_peek_from(two, NULL, 0, &from), 0);
    CHECK(libsock_addr_equal(&from, &a));
    CHECK_EQ_INT(libsock_recv(two, bytes, sizeof(bytes), 0), 3);
    sock_close(one);
    sock_close(two);
}

TEST(an_empty_datagram_is_a_datagram)
{
    libsock_addr a, b, from;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = datagram_bound(LIBSOCK_DOMAIN_IPV4, &b);
    char bytes[4];

    CHECK_EQ_INT(libsock_send_to(one, NULL, 0, 0, &b), 0);
    CHECK_EQ_INT(libsock_send_to(one, "x", 1, 0, &b), 1);
    CHECK_EQ_INT(libsock_recv_from(two, bytes, sizeof(bytes), 0, &from), 0);
    CHECK(libsock_addr_equal(&from, &a));
    CHECK_EQ_INT(libsock_recv_from(two, bytes, sizeof(bytes), 0, NULL), 1);
    sock_close(one);
    sock_close(two);
}

TEST(no_room_consumes_the_datagram)
{
    libsock_addr a, b, from;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = datagram_bound(LIBSOCK_DOMAIN_IPV4, &b);
    char byte = 0;

    CHECK_EQ_INT(libsock_send_to(one, "abc", 3, 0, &b), 3);
    CHECK_EQ_INT(libsock_send_to(one, "d", 1, 0, &b), 1);
    CHECK_EQ_INT(libsock_recv_from(two, NULL, 0, 0, &from), 0);
    CHECK(libsock_addr_equal(&from, &a));
    CHECK_EQ_INT(libsock_recv(two, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'd');
    sock_close(one);
    sock_close(two);
}

TEST(a_connected_socket_hears_its_peer_alone)
{
    libsock_addr a, b, c, peer;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = datagram_bound(LIBSOCK_DOMAIN_IPV4, &b);
    libsock_socket stranger = datagram_bound(LIBSOCK_DOMAIN_IPV4, &c);
    char byte = 0;

    CHECK_OK(libsock_connect(one, &b));
    CHECK_OK(libsock_peer_addr(one, &peer));
    CHECK(libsock_addr_equal(&peer, &b));
    CHECK_EQ_INT(libsock_send_to(stranger, "s", 1, 0, &a), 1);
    CHECK_EQ_INT(libsock_send_to(two, "p", 1, 0, &a), 1);
    CHECK_EQ_INT(libsock_recv(one, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'p');
    CHECK(
        libsock_would_block(libsock_recv(one, &byte, 1, LIBSOCK_MSG_DONTWAIT)));
    CHECK_EQ_INT(libsock_send(one, "q", 1, 0), 1);
    CHECK_EQ_INT(libsock_send_to(one, "r", 1, 0, NULL), 1);
    CHECK_EQ_INT(libsock_recv(two, &byte, 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(two, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'r');
    sock_close(one);
    sock_close(two);
    sock_close(stranger);
}

TEST(an_unconnected_socket_has_nobody_to_send_to)
{
    libsock_addr a;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);

    CHECK_INT(libsock_send(one, "x", 1, 0), <, 0);
    CHECK_INT(libsock_send_to(one, "x", 1, 0, NULL), <, 0);
    sock_close(one);
}

TEST(nobody_there_is_told_to_a_connected_socket)
{
    libsock_addr a, b;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = datagram_bound(LIBSOCK_DOMAIN_IPV4, &b);
    char byte;

    CHECK_OK(libsock_connect(one, &b));
    sock_close(two);
    CHECK_EQ_INT(libsock_send(one, "x", 1, 0), 1);
    CHECK(net_wait_readable(sock_fd(one), DATAGRAM_WAIT_MS));
    CHECK_KIND(libsock_recv(one, &byte, 1, LIBSOCK_MSG_DONTWAIT),
               CONNECTION_REFUSED);
    sock_close(one);
}

TEST(too_long_a_datagram_is_refused)
{
    enum {
        TOO_LONG = 65508 /* 65535 less the headers of IPv4 and UDP, plus one */
    };
    libsock_addr a;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    char *bytes = calloc(1, TOO_LONG);
    char byte;

    CHECK(bytes != NULL);
    CHECK_KIND(libsock_send_to(one, bytes, TOO_LONG, 0, &a), MSG_SIZE);
    CHECK(
        libsock_would_block(libsock_recv(one, &byte, 1, LIBSOCK_MSG_DONTWAIT)));
    free(bytes);
    sock_close(one);
}

TEST(what_does_not_fit_is_cut_and_the_next_is_whole)
{
    libsock_addr a, b, from;
    libsock_socket one = datagram_bound(LIBSOCK_DOMAIN_IPV4, &a);
    libsock_socket two = datagram_bound(LIBSOCK_DOMAIN_IPV4, &b);
    char bytes[4] = {'-', '-', '-', '-'};

    CHECK_EQ_INT(libsock_send_to(one, "abcdef", 6, 0, &b), 6);
    CHECK_EQ_INT(libsock_send_to(one, "gh", 2, 0, &b), 2);
    CHECK_EQ_INT(libsock_recv_from(two, bytes, 2, 0, &from), 2);
    CHECK_EQ_MEM(bytes, "ab--", 4);
    CHECK(libsock_addr_equal(&from, &a));
    CHECK_EQ_INT(libsock_recv(two, bytes, 4, 0), 2);
    CHECK_EQ_MEM(bytes, "gh--", 4);
    sock_close(one);
    sock_close(two);
}
