/* SPDX-License-Identifier: MIT */
/*
 * One long send that becomes many datagrams, and many datagrams that come as
 * one receive. What a kernel does not have is skipped aloud.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    GSO_SEGMENT = 1000,
    GSO_LEN = 9500, /* nine whole ones and a half */
    GSO_PIECES = 10
};

/* Two bound sockets; the second never waits. */
static void gso_open(libsock_socket out[2], libsock_addr *out_to)
{
    libsock_addr a;

    out[0] = sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    out[1] = sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM,
                        LIBSOCK_NONBLOCK, out_to);
}

static void gso_bytes(char bytes[GSO_LEN])
{
    for (size_t i = 0; i < GSO_LEN; i++)
        bytes[i] = (char)(i / GSO_SEGMENT + 'a');
}

/* Send all of it with a record that says where to cut. */
static ptrdiff_t gso_send(libsock_socket sock, const libsock_addr *to,
                          uint32_t segment)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    static char bytes[GSO_LEN];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_control_writer w;
    libsock_msg msg;
    int r;

    gso_bytes(bytes);
    CHECK_OK(libsock_control_writer_init(&w, room, sizeof(room)));
    r = libsock_control_put_udp_segment(&w, segment);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no UDP segmentation");
    CHECK_OK(r);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_to(&msg, to));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, libsock_control_len(&w)));
    return libsock_send_msg(sock, &msg, 0);
}

static void gso_expect_pieces(libsock_socket sock)
{
    char want[GSO_LEN], got[GSO_LEN];

    gso_bytes(want);
    for (size_t i = 0; i < GSO_PIECES; i++) {
        size_t len = i < GSO_PIECES - 1 ? GSO_SEGMENT : GSO_SEGMENT / 2;

        CHECK(net_wait_readable(sock_fd(sock), 5000));
        CHECK_EQ_INT(libsock_recv(sock, got, sizeof(got), 0), len);
        CHECK_EQ_MEM(got, want + i * GSO_SEGMENT, len);
    }
    CHECK(libsock_would_block(libsock_recv(sock, got, sizeof(got), 0)));
}

TEST(one_send_becomes_many_datagrams)
{
    libsock_socket pair[2];
    libsock_addr to;

    gso_open(pair, &to);
    CHECK_EQ_INT(gso_send(pair[0], &to, GSO_SEGMENT), GSO_LEN);
    gso_expect_pieces(pair[1]);
    sock_close_pair(pair);
}

TEST(the_option_cuts_every_send)
{
    static char bytes[GSO_LEN];
    libsock_socket pair[2];
    libsock_addr to;
    int r;

    gso_open(pair, &to);
    r = libsock_set_udp_segment(pair[0], GSO_SEGMENT);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no UDP segmentation");
    CHECK_OK(r);
    gso_bytes(bytes);
    CHECK_EQ_INT(libsock_send_to(pair[0], bytes, sizeof(bytes), 0, &to),
                 GSO_LEN);
    gso_expect_pieces(pair[1]);
    sock_close_pair(pair);
}

/* Thousands of pieces: the send fails as a whole. */
TEST(more_pieces_than_the_kernel_cuts_are_refused)
{
    libsock_socket pair[2];
    libsock_addr to;

    gso_open(pair, &to);
    CHECK_KIND(gso_send(pair[0], &to, 1), INVALID_INPUT);
    CHECK(!net_wait_readable(sock_fd(pair[1]), 0));
    sock_close_pair(pair);
}

TEST(many_datagrams_come_as_one)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    char want[GSO_LEN], got[GSO_LEN + 1];
    libsock_buf buf = libsock_buf_of(got, sizeof(got));
    libsock_socket pair[2];
    libsock_control c;
    libsock_addr to;
    libsock_msg msg;
    uint32_t segment = 0;
    int r;

    gso_open(pair, &to);
    r = libsock_set_udp_gro(pair[1], true);
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no UDP receive coalescing");
    CHECK_OK(r);
    CHECK_EQ_INT(gso_send(pair[0], &to, GSO_SEGMENT), GSO_LEN);
    CHECK(net_wait_readable(sock_fd(pair[1]), 5000));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), GSO_LEN);
    gso_bytes(want);
    CHECK_EQ_MEM(got, want, GSO_LEN);
    CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_UDP_SEGMENT, &c));
    CHECK_OK(libsock_control_get_udp_segment(&c, &segment));
    CHECK_EQ_UINT(segment, GSO_SEGMENT);
    /* A datagram alone says nothing of pieces. */
    CHECK_EQ_INT(libsock_send_to(pair[0], "x", 1, 0, &to), 1);
    CHECK(net_wait_readable(sock_fd(pair[1]), 5000));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 1);
    CHECK_KIND(libsock_control_find(&msg, LIBSOCK_CONTROL_UDP_SEGMENT, &c),
               NOT_FOUND);
    sock_close_pair(pair);
}

/* Segmentation and batches together: each message with its own size. */
TEST(a_batch_of_segmented_messages)
{
    uint64_t room[2][LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    static const uint32_t segments[2] = {100, 300};
    char bytes[600] = {0}, got[600];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_socket pair[2];
    libsock_msg msgs[2];
    libsock_addr to;

    gso_open(pair, &to);
    for (size_t i = 0; i < 2; i++) {
        libsock_control_writer w;
        int r;

        CHECK_OK(libsock_control_writer_init(&w, room[i], sizeof(room[i])));
        r = libsock_control_put_udp_segment(&w, segments[i]);
        if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
            SKIP("no UDP segmentation");
        CHECK_OK(r);
        CHECK_OK(libsock_msg_init(&msgs[i]));
        CHECK_OK(libsock_msg_set_to(&msgs[i], &to));
        CHECK_OK(libsock_msg_set_bufs(&msgs[i], &buf, 1));
        CHECK_OK(libsock_msg_set_control(&msgs[i], room[i],
                                         libsock_control_len(&w)));
    }
    CHECK_EQ_INT(libsock_send_batch(pair[0], msgs, 2, 0), 2);
    for (size_t i = 0; i < 8; i++) {
        CHECK(net_wait_readable(sock_fd(pair[1]), 5000));
        CHECK_EQ_INT(libsock_recv(pair[1], got, sizeof(got), 0),
                     segments[i / 6]);
    }
    sock_close_pair(pair);
}
