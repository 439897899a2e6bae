/* SPDX-License-Identifier: MIT */
/*
 * Several buffers in one transfer: order, boundaries, and more of them than
 * the OS takes, which is a short transfer on a stream and an error elsewhere.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    VECTORED_MOST = 1024, /* UIO_MAXIOV */
    VECTORED_MANY = VECTORED_MOST + 1
};

struct vectored_many {
    char bytes[VECTORED_MANY];
    libsock_buf bufs[VECTORED_MANY];
};

/* One byte per buffer, each another. */
static void vectored_fill(struct vectored_many *m)
{
    for (size_t i = 0; i < VECTORED_MANY; i++) {
        m->bytes[i] = (char)('a' + i % 23);
        m->bufs[i] = libsock_buf_of(m->bytes + i, 1);
    }
}

static void vectored_clear(struct vectored_many *m)
{
    vectored_fill(m);
    memset(m->bytes, 0, sizeof(m->bytes));
}

static void vectored_check_pieces(int type)
{
    char got[3][4];
    const libsock_buf out[] = {libsock_buf_of("abc", 3),
                               libsock_buf_of(NULL, 0),
                               libsock_buf_of("de", 2)};
    const libsock_buf in[] = {libsock_buf_of(got[0], 1),
                              libsock_buf_of(got[1], 3),
                              libsock_buf_of(got[2], 4)};
    libsock_socket pair[2];

    memset(got, '-', sizeof(got));
    sock_pair(type, 0, pair);
    CHECK_EQ_INT(libsock_send_vectored(pair[0], out, 3, 0), 5);
    CHECK_EQ_INT(libsock_recv_vectored(pair[1], in, 3, 0), 5);
    CHECK_EQ_MEM(got[0], "a---", 4);
    CHECK_EQ_MEM(got[1], "bcd-", 4);
    CHECK_EQ_MEM(got[2], "e---", 4);
    sock_close_pair(pair);
}

TEST(pieces_arrive_in_order)
{
    vectored_check_pieces(LIBSOCK_TYPE_STREAM);
    vectored_check_pieces(LIBSOCK_TYPE_DGRAM);
    vectored_check_pieces(LIBSOCK_TYPE_SEQPACKET);
}

TEST(pieces_are_one_datagram)
{
    const libsock_buf out[] = {libsock_buf_of("ab", 2),
                               libsock_buf_of("cd", 2)};
    libsock_socket pair[2];
    char bytes[8];

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_EQ_INT(libsock_send_vectored(pair[0], out, 2, 0), 4);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, sizeof(bytes), 0), 4);
    CHECK_EQ_MEM(bytes, "abcd", 4);
    sock_close_pair(pair);
}

/* 18 bytes in 3 pieces to an address, into `cap` bytes in 2 other ones. */
static void vectored_check_message(int domain, size_t cap)
{
    libsock_addr a, b, from = {0};
    libsock_socket one = sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two = sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, &b);
    const libsock_buf out[] = {libsock_buf_of("pieces", 6),
                               libsock_buf_of(" of a ", 6),
                               libsock_buf_of("letter", 6)};
    char got[25] = "";
    const libsock_buf in[] = {libsock_buf_of(got, 4),
                              libsock_buf_of(got + 4, cap - 4)};
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_to(&msg, &b));
    CHECK_OK(libsock_msg_set_bufs(&msg, out, 3));
    CHECK_EQ_INT(libsock_send_msg(one, &msg, 0), 18);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_from(&msg, &from));
    CHECK_OK(libsock_msg_set_bufs(&msg, in, 2));
    CHECK_EQ_INT(libsock_recv_msg(two, &msg, 0), cap < 18 ? cap : 18);
    CHECK(libsock_addr_equal(&from, &a));
    CHECK_EQ_INT(libsock_msg_flags(&msg), cap < 18 ? LIBSOCK_MSG_TRUNC : 0);
    CHECK_EQ_MEM(got, "pieces of a letter", cap < 18 ? cap : 18);
    CHECK_EQ_INT(got[cap < 18 ? cap : 18], 0);
    sock_close(one);
    sock_close(two);
}

TEST(pieces_go_to_an_address_and_name_their_sender)
{
    vectored_check_message(LIBSOCK_DOMAIN_IPV4, 24);
    vectored_check_message(LIBSOCK_DOMAIN_IPV4, 11);
    if (!net_has_ipv6())
        SKIP("no IPv6 loopback");
    vectored_check_message(LIBSOCK_DOMAIN_IPV6, 24);
    vectored_check_message(LIBSOCK_DOMAIN_IPV6, 11);
}

TEST(flags_hold_for_several_buffers)
{
    char bytes[2] = {'-', '-'};
    const libsock_buf in[] = {libsock_buf_of(bytes, 1),
                              libsock_buf_of(bytes + 1, 1)};
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK(libsock_would_block(
        libsock_recv_vectored(pair[1], in, 2, LIBSOCK_MSG_DONTWAIT)));
    net_send_all(sock_fd(pair[0]), "ab", 2);
    CHECK_EQ_INT(libsock_recv_vectored(pair[1], in, 2, LIBSOCK_MSG_PEEK), 2);
    CHECK_EQ_INT(libsock_recv_vectored(pair[1], in, 2, 0), 2);
    CHECK_EQ_MEM(bytes, "ab", 2);
    sock_close_pair(pair);
}

TEST(too_many_buffers_are_a_short_send_on_a_stream)
{
    struct vectored_many out, got;
    libsock_socket pair[2];

    vectored_fill(&out);
    sock_tcp_pair(pair);
    CHECK_EQ_INT(libsock_send_vectored(pair[0], out.bufs, VECTORED_MANY, 0),
                 VECTORED_MOST);
    CHECK_EQ_INT(libsock_send_vectored(pair[0], out.bufs + VECTORED_MOST, 1, 0),
                 1);
    net_recv_all(sock_fd(pair[1]), got.bytes, VECTORED_MANY);
    CHECK_EQ_MEM(got.bytes, out.bytes, VECTORED_MANY);
    sock_close_pair(pair);
}

TEST(too_many_buffers_are_a_short_receive_on_a_stream)
{
    struct vectored_many out, got;
    libsock_socket pair[2];

    vectored_fill(&out);
    vectored_clear(&got);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    net_send_all(sock_fd(pair[0]), out.bytes, VECTORED_MANY);
    CHECK_EQ_INT(libsock_recv_vectored(pair[1], got.bufs, VECTORED_MANY, 0),
                 VECTORED_MOST);
    CHECK_EQ_MEM(got.bytes, out.bytes, VECTORED_MOST);
    CHECK_EQ_INT(got.bytes[VECTORED_MOST], 0);
    CHECK_EQ_INT(libsock_recv(pair[1], got.bytes, 8, 0), 1);
    sock_close_pair(pair);
}

static void vectored_check_records(int type)
{
    struct vectored_many m;
    libsock_socket pair[2];
    char bytes[4] = {'-', '-', '-', '-'};

    vectored_fill(&m);
    sock_pair(type, LIBSOCK_NONBLOCK, pair);
    CHECK_KIND(libsock_send_vectored(pair[0], m.bufs, VECTORED_MANY, 0),
               MSG_SIZE);
    CHECK(libsock_would_block(libsock_recv(pair[1], bytes, 4, 0)));
    CHECK_EQ_INT(libsock_send_vectored(pair[0], m.bufs, VECTORED_MOST, 0),
                 VECTORED_MOST);
    vectored_clear(&m);
    CHECK_KIND(libsock_recv_vectored(pair[1], m.bufs, VECTORED_MANY, 0),
               MSG_SIZE);
    CHECK_EQ_INT(libsock_recv_vectored(pair[1], m.bufs, VECTORED_MOST, 0),
                 VECTORED_MOST);
    CHECK_EQ_INT(m.bytes[0], 'a');
    sock_close_pair(pair);
}

TEST(too_many_buffers_never_split_a_record)
{
    vectored_check_records(LIBSOCK_TYPE_DGRAM);
    vectored_check_records(LIBSOCK_TYPE_SEQPACKET);
}

TEST(a_message_of_too_many_buffers_is_treated_alike)
{
    struct vectored_many out, got;
    libsock_socket stream[2], dgram[2];
    libsock_msg msg;

    vectored_fill(&out);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, stream);
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, dgram);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, out.bufs, VECTORED_MANY));
    CHECK_EQ_INT(libsock_send_msg(stream[0], &msg, 0), VECTORED_MOST);
    CHECK_KIND(libsock_send_msg(dgram[0], &msg, 0), MSG_SIZE);
    vectored_clear(&got);
    CHECK_OK(libsock_msg_set_bufs(&msg, got.bufs, VECTORED_MANY));
    CHECK_EQ_INT(libsock_recv_msg(stream[1], &msg, 0), VECTORED_MOST);
    CHECK_EQ_MEM(got.bytes, out.bytes, VECTORED_MOST);
    sock_close_pair(stream);
    sock_close_pair(dgram);
}
