/* SPDX-License-Identifier: MIT */
/*
 * SCTP through the calls that every protocol has: one socket per association,
 * and one socket for many (RFC 6458, 3 and 4).
 * Runs where vm.py has loaded it, so a missing protocol is a failure.
 */
#include "pair.h"

#include <string.h>

/* Of linux/sctp.h. */
enum {
    SCTP_EVENTS = 11,
    SCTP_ASSOC_CHANGE = 0x8001
};

static const struct pair_shape sctp_one = {
    LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_STREAM, LIBSOCK_PROTOCOL_SCTP};
static const struct pair_shape sctp_many = {
    LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_SEQPACKET, LIBSOCK_PROTOCOL_SCTP};

static void sctp_pair(libsock_socket out[2])
{
    libsock_addr addr, peer, local;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, 0, &addr));
    pair_connect(&sctp_one, &addr, out, &peer);
    CHECK_OK(libsock_local_addr(out[0], &local));
    CHECK_EQ_UINT(libsock_addr_port(&peer), libsock_addr_port(&local));
    CHECK_OK(libsock_peer_addr(out[0], &peer));
    CHECK(libsock_addr_equal(&peer, &addr));
}

/* A socket for many associations that others may ask for. */
static libsock_socket sctp_server(libsock_addr *out_addr)
{
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, out_addr));
    return pair_listen(&sctp_many, out_addr);
}

TEST(it_is_what_it_was_opened_as)
{
    libsock_socket sock = pair_open(&sctp_many);
    int value = -1;

    CHECK_OK(libsock_get_type(sock, &value));
    CHECK_EQ_INT(value, LIBSOCK_TYPE_SEQPACKET);
    CHECK_OK(libsock_get_protocol(sock, &value));
    CHECK_EQ_INT(value, LIBSOCK_PROTOCOL_SCTP);
    sock_close(sock);
}

TEST(two_sends_are_two_receives)
{
    libsock_socket pair[2];
    char bytes[16];
    int flags;

    sctp_pair(pair);
    CHECK_EQ_INT(libsock_send(pair[0], "one", 3, 0), 3);
    CHECK_EQ_INT(libsock_send(pair[0], "three", 5, 0), 5);
    CHECK_EQ_INT(pair_recv(pair[1], bytes, sizeof(bytes), &flags), 3);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_EOR);
    CHECK_EQ_INT(pair_recv(pair[1], bytes, sizeof(bytes), &flags), 5);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_EOR);
    CHECK_EQ_MEM(bytes, "three", 5);
    sock_close_pair(pair);
}

/* Unlike a datagram's, the rest of a message stays for the next call. */
TEST(the_end_of_a_message_is_told_with_its_last_piece)
{
    libsock_socket pair[2];
    char bytes[4];
    int flags;

    sctp_pair(pair);
    CHECK_EQ_INT(libsock_send(pair[0], "sixsix", 6, 0), 6);
    CHECK_EQ_INT(pair_recv(pair[1], bytes, sizeof(bytes), &flags), 4);
    CHECK_EQ_INT(flags, 0);
    CHECK_EQ_INT(pair_recv(pair[1], bytes, sizeof(bytes), &flags), 2);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_EOR);
    CHECK_EQ_MEM(bytes, "ix", 2);
    sock_close_pair(pair);
}

/* There is no half-close: the end of one direction is that of both. */
TEST(the_end_and_a_dead_peer_are_told)
{
    libsock_socket pair[2];
    char byte;

    sctp_pair(pair);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, 0), 0);
    CHECK_KIND(libsock_send(pair[1], "x", 1, 0), BROKEN_PIPE);
    sock_close_pair(pair);
}

TEST(nobody_there_is_told)
{
    libsock_socket sock = pair_open(&sctp_one);
    libsock_socket listener;
    libsock_addr addr;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV6, 0, &addr));
    listener = pair_listen(&sctp_one, &addr);
    sock_close(listener);
    CHECK_KIND(libsock_connect_timeout(sock, &addr, LIBSOCK_NO_TIMEOUT),
               CONNECTION_REFUSED);
    sock_close(sock);
}

TEST(one_socket_talks_to_many)
{
    libsock_addr at, from, local;
    libsock_socket server = sctp_server(&at);
    char bytes[16];

    for (int i = 0; i < 3; i++) {
        libsock_socket client = pair_open(&sctp_many);

        /* The first message asks for the association. */
        CHECK_EQ_INT(libsock_send_to(client, "ask", 3, 0, &at), 3);
        CHECK_EQ_INT(libsock_recv_from(server, bytes, sizeof(bytes), 0, &from),
                     3);
        CHECK_EQ_MEM(bytes, "ask", 3);
        CHECK_OK(libsock_local_addr(client, &local));
        CHECK_EQ_UINT(libsock_addr_port(&from), libsock_addr_port(&local));
        CHECK_EQ_INT(libsock_send_to(server, "reply", 5, 0, &from), 5);
        CHECK_EQ_INT(libsock_recv_from(client, bytes, sizeof(bytes), 0, &from),
                     5);
        CHECK(libsock_addr_equal(&from, &at));
        sock_close(client);
    }
    sock_close(server);
}

TEST(a_message_has_its_sender_and_its_end)
{
    libsock_addr at, from;
    libsock_socket server = sctp_server(&at);
    libsock_socket client = pair_open(&sctp_many);
    libsock_buf pieces[2];
    char bytes[16];
    libsock_msg msg;

    pieces[0] = libsock_buf_of((void *)(uintptr_t) "two ", 4);
    pieces[1] = libsock_buf_of((void *)(uintptr_t) "pieces", 6);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_to(&msg, &at));
    CHECK_OK(libsock_msg_set_bufs(&msg, pieces, 2));
    CHECK_EQ_INT(libsock_send_msg(client, &msg, 0), 10);
    pieces[0] = libsock_buf_of(bytes, sizeof(bytes));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_from(&msg, &from));
    CHECK_OK(libsock_msg_set_bufs(&msg, pieces, 1));
    CHECK_EQ_INT(libsock_recv_msg(server, &msg, 0), 10);
    CHECK_EQ_MEM(bytes, "two pieces", 10);
    CHECK_EQ_INT(libsock_msg_flags(&msg), LIBSOCK_MSG_EOR);
    CHECK_EQ_INT(libsock_addr_domain(&from), LIBSOCK_DOMAIN_IPV4);
    CHECK_UINT(libsock_addr_port(&from), >, 0);
    sock_close(client);
    sock_close(server);
}

TEST(a_socket_for_many_accepts_none)
{
    libsock_addr at;
    libsock_socket server = sctp_server(&at);
    libsock_socket made = LIBSOCK_SOCKET_INIT;

    CHECK_KIND(libsock_accept(server, 0, &made, NULL), UNSUPPORTED);
    sock_close(server);
}

/* Events come between the data, and only the flag tells them apart. */
TEST(an_event_is_told_from_data)
{
    static const uint8_t asked[] = {0, 1}; /* of its second kind, no more */
    libsock_addr at;
    libsock_socket server = sctp_server(&at);
    libsock_socket client = pair_open(&sctp_many);
    uint16_t type = 0;
    char bytes[64];
    int flags;

    CHECK_OK(libsock_setopt(server, LIBSOCK_PROTOCOL_SCTP, SCTP_EVENTS, asked,
                            sizeof(asked)));
    CHECK_EQ_INT(libsock_send_to(client, "ask", 3, 0, &at), 3);
    CHECK_INT(pair_recv(server, bytes, sizeof(bytes), &flags), >, 3);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_NOTIFICATION | LIBSOCK_MSG_EOR);
    memcpy(&type, bytes, sizeof(type));
    CHECK_EQ_UINT(type, SCTP_ASSOC_CHANGE);
    CHECK_EQ_INT(pair_recv(server, bytes, sizeof(bytes), &flags), 3);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_EOR);
    sock_close(client);
    sock_close(server);
}
