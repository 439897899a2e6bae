/* SPDX-License-Identifier: MIT */
/*
 * What SCTP has besides the calls of every protocol: its options by their
 * effect, streams and payloads of messages, several addresses for one end.
 * Runs where vm.py has loaded it, so a missing protocol is a failure.
 */
#include <string.h>

#include "pair.h"

#define SCTP_S UINT64_C(1000000000)

static const struct pair_shape sctp_one = {
    LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, LIBSOCK_PROTOCOL_SCTP};
static const struct pair_shape sctp_many = {
    LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_SEQPACKET, LIBSOCK_PROTOCOL_SCTP};

static libsock_addr sctp_addr(const char *text)
{
    libsock_addr addr;

    CHECK_OK(libsock_addr_parse_ip(text, strlen(text), 0, &addr));
    return addr;
}

/* A connection of which the first end asked for `init`. */
static void sctp_pair(const libsock_sctp_init *init, libsock_socket out[2])
{
    libsock_addr addr = sctp_addr("127.0.0.1");
    libsock_socket listener = pair_listen(&sctp_one, &addr);

    out[0] = pair_open(&sctp_one);
    CHECK_OK(libsock_set_sctp_init(out[0], init));
    CHECK_OK(libsock_connect(out[0], &addr));
    CHECK_OK(libsock_accept(listener, 0, &out[1], NULL));
    sock_close(listener);
}

static ptrdiff_t sctp_send(libsock_socket sock,
                           const libsock_sctp_message *message)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_SCTP_MESSAGE_SIZE) / 8];
    libsock_buf buf = libsock_buf_of("hello", 5);
    libsock_control_writer writer;
    libsock_msg msg;

    CHECK_OK(libsock_control_writer_init(&writer, room, sizeof(room)));
    CHECK_OK(libsock_control_put_sctp(&writer, message));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, libsock_control_len(&writer)));
    return libsock_send_msg(sock, &msg, 0);
}

static libsock_sctp_message sctp_recv(libsock_socket sock)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_SCTP_MESSAGE_SIZE) / 8];
    char bytes[8];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_sctp_message message;
    libsock_control record;
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    CHECK_EQ_INT(libsock_recv_msg(sock, &msg, 0), 5);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_SCTP, &record));
    CHECK_OK(libsock_control_get_sctp(&record, &message));
    return message;
}

TEST(a_message_has_a_stream_and_a_payload)
{
    const libsock_sctp_init init = {5, 0, 0, 0};
    libsock_sctp_message out = {4, 0, 0, 0x12345678, 7, 0};
    libsock_sctp_message in;
    libsock_socket pair[2];

    sctp_pair(&init, pair);
    CHECK_OK(libsock_set_sctp_recv_info(pair[1], true));
    for (uint16_t i = 0; i < 2; i++) {
        CHECK_EQ_INT(sctp_send(pair[0], &out), 5);
        in = sctp_recv(pair[1]);
        CHECK_EQ_UINT(in.stream, 4);
        CHECK_EQ_UINT(in.sequence, i);
        CHECK_EQ_UINT(in.flags, 0);
        CHECK_EQ_UINT(in.payload, 0x12345678);
    }
    out.stream = 0;
    out.flags = LIBSOCK_SCTP_UNORDERED;
    CHECK_EQ_INT(sctp_send(pair[0], &out), 5);
    in = sctp_recv(pair[1]);
    CHECK_EQ_UINT(in.stream, 0);
    CHECK_EQ_UINT(in.flags, LIBSOCK_SCTP_UNORDERED);
    sock_close_pair(pair);
}

TEST(there_are_as_many_streams_as_were_asked_for)
{
    const libsock_sctp_init init = {3, 9, 0, 1500000001};
    libsock_sctp_message message = {2, 0, 0, 0, 0, 0};
    libsock_sctp_init now;
    libsock_socket pair[2];

    sctp_pair(&init, pair);
    CHECK_OK(libsock_get_sctp_init(pair[0], &now));
    CHECK_EQ_UINT(now.out_streams, 3);
    CHECK_EQ_UINT(now.max_in_streams, 9);
    CHECK_UINT(now.attempts, >, 0);
    CHECK_EQ_UINT(now.max_timeout_ns, 1501000000);
    CHECK_EQ_INT(sctp_send(pair[0], &message), 5);
    message.stream = 3;
    CHECK_KIND(sctp_send(pair[0], &message), INVALID_INPUT);
    sock_close_pair(pair);
}

TEST(without_pieces_long_messages_are_refused)
{
    static char block[100000];
    const libsock_sctp_init init = {0, 0, 0, 0};
    libsock_socket pair[2];
    bool on = true;

    sctp_pair(&init, pair);
    CHECK_OK(libsock_get_sctp_no_fragments(pair[0], &on));
    CHECK(!on);
    CHECK_EQ_INT(libsock_send(pair[0], block, sizeof(block), 0), sizeof(block));
    CHECK_OK(libsock_set_sctp_no_fragments(pair[0], true));
    CHECK_KIND(libsock_send(pair[0], block, sizeof(block), 0), MSG_SIZE);
    CHECK_OK(libsock_set_sctp_nodelay(pair[0], true));
    CHECK_OK(libsock_get_sctp_nodelay(pair[0], &on));
    CHECK(on);
    sock_close_pair(pair);
}

/* The server's end of it comes by itself; the client sees it. */
TEST(an_idle_association_ends)
{
    libsock_addr addr = sctp_addr("127.0.0.1");
    libsock_socket server = pair_listen(&sctp_many, &addr);
    libsock_socket client = pair_open(&sctp_one);
    uint64_t ns = 7;
    char byte;

    CHECK_OK(libsock_set_sctp_autoclose(server, SCTP_S / 2));
    CHECK_OK(libsock_get_sctp_autoclose(server, &ns));
    CHECK_EQ_UINT(ns, SCTP_S);
    CHECK_KIND(libsock_set_sctp_autoclose(client, SCTP_S), UNSUPPORTED);
    CHECK_KIND(libsock_set_sctp_autoclose(server, 2147484 * SCTP_S),
               INVALID_INPUT);
    CHECK_OK(libsock_connect(client, &addr));
    CHECK_EQ_INT(libsock_recv(client, &byte, 1, 0), 0);
    sock_close(client);
    sock_close(server);
}

TEST(an_end_may_have_several_addresses)
{
    libsock_addr addrs[2] = {sctp_addr("127.0.0.2"), sctp_addr("127.0.0.3")};
    libsock_addr first = sctp_addr("127.0.0.1");
    libsock_socket listener = pair_listen(&sctp_one, &first);
    libsock_socket client = pair_open(&sctp_one);
    libsock_socket other = pair_open(&sctp_one);

    for (int i = 0; i < 2; i++)
        CHECK_OK(libsock_addr_set_port(&addrs[i],
                                       (uint16_t)libsock_addr_port(&first)));
    CHECK_KIND(libsock_connect(client, &addrs[0]), CONNECTION_REFUSED);
    CHECK_OK(libsock_sctp_bind_add(listener, addrs, 2));
    sock_close(client);
    client = pair_open(&sctp_one);
    CHECK_OK(libsock_connect(client, &addrs[0]));
    CHECK_OK(libsock_sctp_bind_remove(listener, addrs, 1));
    CHECK_KIND(libsock_connect(other, &addrs[0]), CONNECTION_REFUSED);
    sock_close(other);
    other = pair_open(&sctp_one);
    CHECK_OK(libsock_sctp_connect(other, &addrs[1], 1));
    sock_close(other);
    sock_close(client);
    sock_close(listener);
}
