/* SPDX-License-Identifier: MIT */
/*
 * What each flag of a transfer does to it, seen at the other end.
 * Errors of flags are in unit/libsock/io.c; control data in sock_control.c.
 * Nothing is guarded.
 */
#include <libsock/os.h>

#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"
#include "support/thread.h"

enum {
    TRANSFER_LARGE = 8 << 20 /* more than any socket buffer here */
};

TEST(peek_leaves_the_bytes)
{
    libsock_socket pair[2];
    char bytes[4] = {'-', '-', '-', '-'};

    sock_tcp_pair(pair);
    CHECK_EQ_INT(libsock_send(pair[0], "abc", 3, 0), 3);
    CHECK_EQ_INT(libsock_peek(pair[1], bytes, 2), 2);
    CHECK_EQ_MEM(bytes, "ab--", 4);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, 1, LIBSOCK_MSG_PEEK), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, 4, 0), 3);
    CHECK_EQ_MEM(bytes, "abc-", 4);
    sock_close_pair(pair);
}

TEST(dontwait_makes_one_call_nonblocking)
{
    libsock_socket pair[2];
    bool nonblock = true;
    char byte;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK(libsock_would_block(
        libsock_recv(pair[0], &byte, 1, LIBSOCK_MSG_DONTWAIT)));
    CHECK(libsock_would_block(
        libsock_recv_from(pair[0], &byte, 1, LIBSOCK_MSG_DONTWAIT, NULL)));
    CHECK_OK(libsock_get_nonblocking(pair[0], &nonblock));
    CHECK(!nonblock);
    sock_close_pair(pair);
}

TEST(dontwait_sends_until_there_is_no_room)
{
    static char block[65536];
    libsock_socket pair[2];
    ptrdiff_t n;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    do {
        n = libsock_send(pair[0], block, sizeof(block), LIBSOCK_MSG_DONTWAIT);
    } while (n > 0);
    CHECK(libsock_would_block(n));
    sock_close_pair(pair);
}

struct transfer_stream {
    libsock_socket sock;
    char *bytes;
};

static void transfer_send_large(void *arg)
{
    const struct transfer_stream *t = arg;
    size_t sent = 0;

    while (sent < TRANSFER_LARGE) {
        ptrdiff_t n =
            libsock_send(t->sock, t->bytes + sent, TRANSFER_LARGE - sent, 0);

        CHECK_INT(n, >, 0);
        sent += (size_t)n;
    }
}

TEST(waitall_waits_for_all)
{
    struct transfer_stream t = {.bytes = calloc(1, TRANSFER_LARGE)};
    char *got = malloc(TRANSFER_LARGE);
    libsock_socket pair[2];
    thread *sender;

    CHECK(t.bytes != NULL && got != NULL);
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    t.sock = pair[0];
    memset(t.bytes, 'w', TRANSFER_LARGE);
    sender = thread_start(transfer_send_large, &t);
    CHECK_EQ_INT(
        libsock_recv(pair[1], got, TRANSFER_LARGE, LIBSOCK_MSG_WAITALL),
        TRANSFER_LARGE);
    CHECK_EQ_MEM(got, t.bytes, TRANSFER_LARGE);
    thread_join(sender);
    sock_close_pair(pair);
    free(t.bytes);
    free(got);
}

TEST(more_holds_a_datagram_back)
{
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    char bytes[8] = {0};

    CHECK_EQ_INT(libsock_send_to(one, "ab", 2, LIBSOCK_MSG_MORE, &b), 2);
    CHECK(libsock_would_block(
        libsock_recv(two, bytes, sizeof(bytes), LIBSOCK_MSG_DONTWAIT)));
    CHECK_EQ_INT(libsock_send_to(one, "cd", 2, 0, &b), 2);
    CHECK_EQ_INT(libsock_recv(two, bytes, sizeof(bytes), 0), 4);
    CHECK_EQ_STR(bytes, "abcd");
    sock_close(one);
    sock_close(two);
}

enum {
    TRANSFER_WAYS = 4
};

static ptrdiff_t transfer_send_by(int way, libsock_socket sock, int flags,
                                  const libsock_addr *to)
{
    const libsock_buf buf = libsock_buf_of("x", 1);
    libsock_msg msg;

    switch (way) {
    case 0:
        return libsock_send(sock, "x", 1, flags);
    case 1:
        return libsock_send_to(sock, "x", 1, flags, to);
    case 2:
        return libsock_send_vectored(sock, &buf, 1, flags);
    default:
        CHECK_OK(libsock_msg_init(&msg));
        CHECK_OK(libsock_msg_set_to(&msg, to));
        CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
        return libsock_send_msg(sock, &msg, flags);
    }
}

static ptrdiff_t transfer_recv_by(int way, libsock_socket sock, int flags)
{
    char bytes[8];
    const libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_addr from;
    libsock_msg msg;

    switch (way) {
    case 0:
        return libsock_recv(sock, bytes, sizeof(bytes), flags);
    case 1:
        return libsock_recv_from(sock, bytes, sizeof(bytes), flags, &from);
    case 2:
        return libsock_recv_vectored(sock, &buf, 1, flags);
    default:
        CHECK_OK(libsock_msg_init(&msg));
        CHECK_OK(libsock_msg_set_from(&msg, &from));
        CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
        return libsock_recv_msg(sock, &msg, flags);
    }
}

TEST(every_way_to_transfer_takes_flags)
{
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);

    CHECK_OK(libsock_connect(one, &b));
    for (int way = 0; way < TRANSFER_WAYS; way++) {
        CHECK_EQ_INT(transfer_send_by(way, one, LIBSOCK_MSG_MORE, &b), 1);
        CHECK(libsock_would_block(
            transfer_recv_by(way, two, LIBSOCK_MSG_DONTWAIT)));
        CHECK_EQ_INT(transfer_send_by(way, one, 0, &b), 1);
        CHECK_EQ_INT(transfer_recv_by(way, two, LIBSOCK_MSG_PEEK), 2);
        CHECK_EQ_INT(transfer_recv_by(way, two, 0), 2);
        CHECK(libsock_would_block(
            transfer_recv_by(way, two, LIBSOCK_MSG_DONTWAIT)));
    }
    sock_close(one);
    sock_close(two);
}

TEST(out_of_band_overtakes)
{
    libsock_socket pair[2];
    char bytes[4] = {'-', '-', '-', '-'};
    ptrdiff_t n;

    sock_tcp_pair(pair);
    CHECK_KIND(libsock_recv(pair[1], bytes, 1, LIBSOCK_MSG_OOB), INVALID_INPUT);
    CHECK_EQ_INT(libsock_send(pair[0], "ab", 2, 0), 2);
    CHECK_EQ_INT(libsock_send(pair[0], "!", 1, LIBSOCK_MSG_OOB), 1);
    /* The OS says "invalid" until it has arrived, and nothing waits for it. */
    do {
        n = libsock_recv(pair[1], bytes, 1, LIBSOCK_MSG_OOB);
        thread_yield();
    } while (libsock_kind(n) == LIBSOCK_KIND_INVALID_INPUT ||
             libsock_would_block(n));
    CHECK_EQ_INT(n, 1);
    CHECK_EQ_MEM(bytes, "!---", 4);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, 4, 0), 2);
    CHECK_EQ_MEM(bytes, "ab--", 4);
    sock_close_pair(pair);
}

TEST(trunc_asks_for_the_whole_length)
{
    libsock_socket pair[2];
    char bytes[4] = {'-', '-', '-', '-'};

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "abcdef", 6, 0), 6);
    CHECK_EQ_INT(
        libsock_recv(pair[1], bytes, 2, LIBSOCK_MSG_PEEK | LIBSOCK_MSG_TRUNC),
        6);
    CHECK_EQ_INT(libsock_recv(pair[1], bytes, 2, LIBSOCK_MSG_TRUNC), 6);
    CHECK_EQ_MEM(bytes, "ab--", 4);
    sock_close_pair(pair);
}

TEST(a_flag_of_the_os_goes_through)
{
    libsock_socket pair[2];
    char byte = 0;

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "x", 1, LIBSOCK_RAW(MSG_DONTWAIT)), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, LIBSOCK_RAW(MSG_PEEK)), 1);
    CHECK_EQ_INT(libsock_recv(pair[1], &byte, 1, LIBSOCK_RAW(0)), 1);
    CHECK(libsock_would_block(
        libsock_recv(pair[1], &byte, 1, LIBSOCK_RAW(MSG_DONTWAIT))));
    sock_close_pair(pair);
}

TEST(dontroute_reaches_the_own_host)
{
    libsock_addr a;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    char byte = 0;

    CHECK_EQ_INT(libsock_send_to(one, "x", 1, LIBSOCK_MSG_DONTROUTE, &a), 1);
    CHECK_EQ_INT(libsock_recv(one, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'x');
    sock_close(one);
}

TEST(confirm_sends_all_the_same)
{
    libsock_addr a;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    char byte = 0;

    CHECK_EQ_INT(libsock_send_to(one, "c", 1, LIBSOCK_MSG_CONFIRM, &a), 1);
    CHECK_EQ_INT(libsock_recv(one, &byte, 1, 0), 1);
    CHECK_EQ_INT(byte, 'c');
    sock_close(one);
}

TEST(fastopen_connects_and_sends_at_once)
{
    libsock_addr at, peer;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    libsock_socket client =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    libsock_socket server = LIBSOCK_SOCKET_INIT;
    char bytes[4];
    ptrdiff_t n = libsock_send_to(client, "fast", 4, LIBSOCK_MSG_FASTOPEN, &at);

    if (libsock_kind(n) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("TCP Fast Open is switched off");
    CHECK_EQ_INT(n, 4);
    CHECK_OK(libsock_accept(listener, 0, &server, NULL));
    CHECK_EQ_INT(libsock_recv(server, bytes, 4, LIBSOCK_MSG_WAITALL), 4);
    CHECK_EQ_MEM(bytes, "fast", 4);
    CHECK_OK(libsock_peer_addr(client, &peer));
    CHECK(libsock_addr_equal(&peer, &at));
    sock_close(server);
    sock_close(client);
    sock_close(listener);
}
