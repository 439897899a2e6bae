/* SPDX-License-Identifier: MIT */
/*
 * What a datagram can tell besides its bytes that the older tests do not ask
 * for: priority and mark, its own or the socket's, and how large its pieces
 * were. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/netns.h"
#include "support/sock.h"

/* Old kernels have no such options; some ask for a privilege. */
static void need(int r)
{
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this kernel lacks the option");
    if (libsock_kind(r) == LIBSOCK_KIND_PERMISSION_DENIED)
        SKIP("no privilege");
    CHECK_OK(r);
}

typedef int (*meta_get)(const libsock_control *, uint32_t *);

/* The number that the next datagram brings; -1 when it has no such record. */
static int64_t meta_next(libsock_socket sock, int kind, meta_get get)
{
    static char bytes[65536];
    uint64_t room[4 * LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_control record;
    libsock_msg msg;
    uint32_t value = 0;

    CHECK(net_wait_readable(sock_fd(sock), 5000));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
    CHECK_INT(libsock_recv_msg(sock, &msg, 0), >, 0);
    if (libsock_control_find(&msg, kind, &record) < 0)
        return -1;
    CHECK_OK(get(&record, &value));
    return value;
}

static int64_t meta_priority(libsock_socket sock)
{
    return meta_next(sock, LIBSOCK_CONTROL_PRIORITY,
                     libsock_control_get_priority);
}

static int64_t meta_mark(libsock_socket sock)
{
    return meta_next(sock, LIBSOCK_CONTROL_MARK, libsock_control_get_mark);
}

/* One datagram to `to`, with a number of its own. */
static void meta_send(libsock_socket sock, const libsock_addr *to,
                      int (*put)(libsock_control_writer *, uint32_t),
                      uint32_t value)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_NUMBER_SIZE) / 8];
    libsock_buf buf = libsock_buf_of("x", 1);
    libsock_control_writer writer;
    libsock_msg msg;

    CHECK_OK(libsock_control_writer_init(&writer, room, sizeof(room)));
    CHECK_OK(put(&writer, value));
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_to(&msg, to));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_OK(libsock_msg_set_control(&msg, room, libsock_control_len(&writer)));
    CHECK_EQ_INT(libsock_send_msg(sock, &msg, 0), 1);
}

TEST(the_priority_comes_with_the_datagram)
{
    libsock_addr addr;
    libsock_socket sock =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &addr);

    CHECK_EQ_INT(libsock_send_to(sock, "x", 1, 0, &addr), 1);
    CHECK_EQ_INT(meta_priority(sock), -1);
    need(libsock_set_recv_priority(sock, true));
    CHECK_OK(libsock_set_priority(sock, 5));
    CHECK_EQ_INT(libsock_send_to(sock, "x", 1, 0, &addr), 1);
    CHECK_EQ_INT(meta_priority(sock), 5);
    meta_send(sock, &addr, libsock_control_put_priority, 3);
    CHECK_EQ_INT(meta_priority(sock), 3);
    sock_close(sock);
}

TEST(the_mark_comes_with_the_datagram)
{
    libsock_addr addr;
    libsock_socket sock;

    netns_enter();
    sock = sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &addr);
    need(libsock_set_recv_mark(sock, true));
    CHECK_OK(libsock_set_mark(sock, 0x80000005));
    CHECK_EQ_INT(libsock_send_to(sock, "x", 1, 0, &addr), 1);
    CHECK_EQ_INT(meta_mark(sock), 0x80000005);
    meta_send(sock, &addr, libsock_control_put_mark, 77);
    CHECK_EQ_INT(meta_mark(sock), 77);
    CHECK_OK(libsock_set_recv_mark(sock, false));
    CHECK_EQ_INT(libsock_send_to(sock, "x", 1, 0, &addr), 1);
    CHECK_EQ_INT(meta_mark(sock), -1);
    sock_close(sock);
}

/* 4000 bytes over a device of 1500 come in pieces of that size. */
static void meta_check_fragments(int domain, int (*set)(libsock_socket, bool))
{
    char bytes[4000];
    libsock_addr addr;
    libsock_socket sock;

    netns_enter();
    netns_ip("link set lo mtu 1500");
    if (domain == LIBSOCK_DOMAIN_IPV6 && !net_has_ipv6())
        SKIP("no IPv6 loopback");
    memset(bytes, 'x', sizeof(bytes));
    sock = sock_bound(domain, LIBSOCK_TYPE_DGRAM, 0, &addr);
    need(set(sock, true));
    CHECK_EQ_INT(libsock_send_to(sock, bytes, sizeof(bytes), 0, &addr), 4000);
    CHECK_INT(meta_next(sock, LIBSOCK_CONTROL_FRAGMENT,
                        libsock_control_get_fragment_size),
              >=, 1490);
    CHECK_EQ_INT(libsock_send_to(sock, bytes, 1000, 0, &addr), 1000);
    CHECK_EQ_INT(meta_next(sock, LIBSOCK_CONTROL_FRAGMENT,
                           libsock_control_get_fragment_size),
                 -1);
    CHECK_OK(set(sock, false));
    CHECK_EQ_INT(libsock_send_to(sock, bytes, sizeof(bytes), 0, &addr), 4000);
    CHECK_EQ_INT(meta_next(sock, LIBSOCK_CONTROL_FRAGMENT,
                           libsock_control_get_fragment_size),
                 -1);
    sock_close(sock);
}

TEST(the_size_of_the_pieces_is_told)
{
    meta_check_fragments(LIBSOCK_DOMAIN_IPV4,
                         libsock_set_recv_fragment_size_v4);
}

TEST(the_size_of_the_pieces_is_told_v6)
{
    meta_check_fragments(LIBSOCK_DOMAIN_IPV6,
                         libsock_set_recv_fragment_size_v6);
}
