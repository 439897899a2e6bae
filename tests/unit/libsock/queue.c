/* SPDX-License-Identifier: MIT */
/*
 * What waits in a socket against bytes that were counted, and who keeps the
 * size of a buffer. That a mark is urgent data is tested with transfers.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <limits.h>
#include <string.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

static size_t unread(libsock_socket sock)
{
    size_t bytes = SIZE_MAX;

    CHECK_OK(libsock_get_unread(sock, &bytes));
    return bytes;
}

static size_t unacked(libsock_socket sock)
{
    size_t bytes = SIZE_MAX;

    CHECK_OK(libsock_get_unacked(sock, &bytes));
    return bytes;
}

static size_t unsent(libsock_socket sock)
{
    size_t bytes = SIZE_MAX;

    CHECK_OK(libsock_get_unsent(sock, &bytes));
    return bytes;
}

/* What is sent arrives before the send returns: the loopback has no queue. */
TEST(a_stream_tells_all_that_waits)
{
    libsock_socket pair[2];
    char buf[4];

    sock_tcp_pair(pair);
    CHECK_EQ_UINT(unread(pair[1]), 0);
    CHECK_EQ_INT(libsock_send(pair[0], "12345", 5, 0), 5);
    CHECK_EQ_INT(libsock_send(pair[0], "678", 3, 0), 3);
    CHECK(net_wait_readable(sock_fd(pair[1]), 5000));
    while (unread(pair[1]) < 8)
        continue;
    CHECK_EQ_UINT(unread(pair[1]), 8);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 4, 0), 4);
    CHECK_EQ_UINT(unread(pair[1]), 4);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 4, 0), 4);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    CHECK(net_wait_readable(sock_fd(pair[1]), 5000));
    CHECK_EQ_UINT(unread(pair[1]), 0);
    sock_close_pair(pair);
}

TEST(a_local_stream_tells_it_too)
{
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "12345", 5, 0), 5);
    CHECK_EQ_INT(libsock_send(pair[0], "678", 3, 0), 3);
    CHECK_EQ_UINT(unread(pair[1]), 8);
    CHECK_UINT(unacked(pair[0]), >=, 8);
    sock_close_pair(pair);
}

TEST(a_datagram_socket_tells_the_next_one)
{
    libsock_addr addr;
    libsock_socket sock =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &addr);
    char buf[16];

    CHECK_EQ_INT(libsock_send_to(sock, "1234567", 7, 0, &addr), 7);
    CHECK_EQ_INT(libsock_send_to(sock, "123", 3, 0, &addr), 3);
    CHECK(net_wait_readable(sock_fd(sock), 5000));
    CHECK_EQ_UINT(unread(sock), 7);
    CHECK_EQ_INT(libsock_recv(sock, buf, sizeof(buf), 0), 7);
    CHECK_EQ_UINT(unread(sock), 3);
    CHECK_EQ_INT(libsock_recv(sock, buf, sizeof(buf), 0), 3);
    CHECK_EQ_UINT(unread(sock), 0);
    sock_close(sock);
}

/* Corked bytes have not left; those that the peer has answered have arrived. */
TEST(sent_and_arrived_are_two_things)
{
    libsock_socket pair[2];
    char buf[128];

    sock_tcp_pair(pair);
    memset(buf, 'x', sizeof(buf));
    CHECK_EQ_UINT(unacked(pair[0]), 0);
    CHECK_OK(libsock_set_tcp_cork(pair[0], true));
    CHECK_EQ_INT(libsock_send(pair[0], buf, 100, 0), 100);
    CHECK_EQ_UINT(unsent(pair[0]), 100);
    CHECK_EQ_UINT(unacked(pair[0]), 100);
    CHECK_OK(libsock_set_tcp_cork(pair[0], false));
    CHECK_EQ_UINT(unsent(pair[0]), 0);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 100, LIBSOCK_MSG_WAITALL), 100);
    CHECK_EQ_INT(libsock_send(pair[1], "!", 1, 0), 1);
    CHECK_EQ_INT(libsock_recv(pair[0], buf, 1, 0), 1);
    CHECK_EQ_UINT(unacked(pair[0]), 0);
    sock_close_pair(pair);
}

TEST(the_mark_is_where_the_urgent_byte_was)
{
    libsock_socket pair[2];
    bool at_mark = true;
    char buf[8];

    sock_tcp_pair(pair);
    CHECK_OK(libsock_is_at_mark(pair[1], &at_mark));
    CHECK(!at_mark);
    CHECK_EQ_INT(libsock_send(pair[0], "ab", 2, 0), 2);
    CHECK_EQ_INT(libsock_send(pair[0], "!", 1, LIBSOCK_MSG_OOB), 1);
    CHECK_EQ_INT(libsock_send(pair[0], "cd", 2, 0), 2);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 1, LIBSOCK_MSG_WAITALL), 1);
    CHECK_OK(libsock_is_at_mark(pair[1], &at_mark));
    CHECK(!at_mark);
    /* It stops there, although more has come. */
    CHECK_EQ_INT(libsock_recv(pair[1], buf, sizeof(buf), 0), 1);
    CHECK_OK(libsock_is_at_mark(pair[1], &at_mark));
    CHECK(at_mark);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 2, LIBSOCK_MSG_WAITALL), 2);
    CHECK_EQ_MEM(buf, "cd", 2);
    CHECK_OK(libsock_is_at_mark(pair[1], &at_mark));
    CHECK(!at_mark);
    sock_close_pair(pair);
}

TEST(what_cannot_be_told_is_refused)
{
    libsock_addr addr;
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    libsock_socket udp =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &addr);
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &addr);
    size_t bytes = 7;
    bool at_mark = true;

    CHECK_KIND(libsock_get_unsent(udp, &bytes), UNSUPPORTED);
    CHECK_KIND(libsock_is_at_mark(udp, &at_mark), UNSUPPORTED);
    CHECK_KIND(libsock_get_unread(listener, &bytes), INVALID_INPUT);
    CHECK_KIND(libsock_get_unacked(listener, &bytes), INVALID_INPUT);
    CHECK_KIND(libsock_get_unread(none, &bytes), BAD_DESCRIPTOR);
    CHECK_KIND(libsock_is_at_mark(none, &at_mark), BAD_DESCRIPTOR);
    CHECK_EQ_UINT(bytes, 7);
    CHECK(at_mark);
    fault_reset();
    CHECK_KIND(libsock_get_unread(udp, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_get_unacked(udp, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_get_unsent(udp, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_is_at_mark(udp, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_OK(libsock_get_unread(udp, &bytes));
    CHECK_EQ_UINT(fault_calls(), 1);
    sock_close(udp);
    sock_close(listener);
}

/* Old kernels have no such options. */
static void need(int r)
{
    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this kernel lacks the option");
    CHECK_OK(r);
}

/* The size of the send buffer of a connection, which was small before. */
static size_t size_once_connected(bool locked)
{
    libsock_addr addr;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &addr);
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    uint32_t lock = 7;
    size_t size = 0;

    need(libsock_get_buffer_lock(sock, &lock));
    CHECK_EQ_UINT(lock, 0);
    CHECK_OK(libsock_set_send_buffer_size(sock, 8192));
    CHECK_OK(libsock_get_buffer_lock(sock, &lock));
    CHECK_EQ_UINT(lock, LIBSOCK_LOCK_SEND_BUFFER);
    if (!locked)
        CHECK_OK(libsock_set_buffer_lock(sock, LIBSOCK_LOCK_RECV_BUFFER));
    CHECK_OK(libsock_get_buffer_lock(sock, &lock));
    CHECK_EQ_UINT(lock,
                  locked ? LIBSOCK_LOCK_SEND_BUFFER : LIBSOCK_LOCK_RECV_BUFFER);
    CHECK_OK(libsock_connect(sock, &addr));
    CHECK_OK(libsock_get_send_buffer_size(sock, &size));
    sock_close(sock);
    sock_close(listener);
    return size;
}

TEST(a_buffer_keeps_its_size_as_long_as_it_is_locked)
{
    int fd = open_sort(TCP4);

    CHECK_EQ_UINT(size_once_connected(true), 16384);
    CHECK_UINT(size_once_connected(false), >, 16384);
    CHECK_ERR(libsock_set_buffer_lock(sock_of(fd), 4), EINVAL);
    CHECK_ERR(libsock_set_buffer_lock(sock_of(fd), UINT32_MAX), EINVAL);
    net_close(fd);
}

TEST(reserved_memory_is_whole_pages)
{
    int fd = open_sort(TCP4);
    size_t bytes = 7;

    CHECK_ERR(libsock_set_reserved_memory(sock_of(fd), (size_t)INT_MAX + 1),
              EINVAL);
    need(libsock_get_reserved_memory(sock_of(fd), &bytes));
    CHECK_EQ_UINT(bytes, 0);
    need(libsock_set_reserved_memory(sock_of(fd), 5000));
    CHECK_OK(libsock_get_reserved_memory(sock_of(fd), &bytes));
    CHECK_UINT(bytes, >=, 5000);
    CHECK_EQ_UINT(bytes % 4096, 0);
    net_close(fd);
}
