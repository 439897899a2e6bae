/* SPDX-License-Identifier: MIT */
/*
 * io.c: which arguments are refused, that each transfer is one system call,
 * that flags are judged, and what a failure leaves in the outputs. What the
 * peer sees of a transfer is in behaviour/sock_*.c. Nothing is guarded.
 */
#include <libsock/addr.h>
#include <libsock/libsock.h>

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

/* A bit that no transfer flag has. */
enum {
    IO_UNKNOWN = 0x8000
};

TEST(null_buffers_are_refused_unless_empty)
{
    libsock_socket pair[2];
    libsock_addr from;

    sock_pair(LIBSOCK_TYPE_DGRAM, LIBSOCK_NONBLOCK, pair);
    fault_reset();
    CHECK_KIND(libsock_send(pair[0], NULL, 1, 0), INVALID_INPUT);
    CHECK_KIND(libsock_recv(pair[0], NULL, 1, 0), INVALID_INPUT);
    CHECK_KIND(libsock_peek(pair[0], NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_send_to(pair[0], NULL, 1, 0, NULL), INVALID_INPUT);
    CHECK_KIND(libsock_recv_from(pair[0], NULL, 1, 0, &from), INVALID_INPUT);
    CHECK_KIND(libsock_peek_from(pair[0], NULL, 1, &from), INVALID_INPUT);
    CHECK_KIND(libsock_send_vectored(pair[0], NULL, 1, 0), INVALID_INPUT);
    CHECK_KIND(libsock_recv_vectored(pair[0], NULL, 1, 0), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    for (int i = 0; i < 3; i++)
        CHECK_EQ_INT(libsock_send(pair[0], NULL, 0, 0), 0);
    CHECK_EQ_INT(libsock_send_vectored(pair[0], NULL, 0, 0), 0);
    CHECK_EQ_INT(libsock_recv(pair[1], NULL, 0, 0), 0);
    CHECK_EQ_INT(libsock_peek(pair[1], NULL, 0), 0);
    CHECK_EQ_INT(libsock_recv_from(pair[1], NULL, 0, 0, &from), 0);
    CHECK_EQ_INT(libsock_recv_from(pair[1], NULL, 0, 0, NULL), 0);
    CHECK_EQ_INT(libsock_recv_vectored(pair[1], NULL, 0, 0), 0);
    CHECK(libsock_would_block(libsock_recv(pair[1], NULL, 0, 0)));
    sock_close_pair(pair);
}

TEST(empty_and_broken_receivers_are_refused)
{
    libsock_addr empty = {0};
    libsock_addr broken = {.len = LIBSOCK_ADDR_SIZE + 1};
    libsock_socket pair[2];

    sock_tcp_pair(pair);
    CHECK_KIND(libsock_send_to(pair[0], "x", 1, 0, &empty), INVALID_INPUT);
    CHECK_KIND(libsock_send_to(pair[0], "x", 1, 0, &broken), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    sock_close_pair(pair);
}

/* All transfers on `sock`; the sender's address must stay as it is. */
static void io_all_fail(libsock_socket sock, int flags, int kind)
{
    char bytes[2] = "x";
    libsock_buf buf = libsock_buf_of(bytes, 1);
    libsock_addr to, from, before;

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &to));
    memset(&from, 0x5a, sizeof(from));
    before = from;
    CHECK_EQ_INT(libsock_kind(libsock_send(sock, bytes, 1, flags)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_recv(sock, bytes, 1, flags)), kind);
    CHECK_EQ_INT(libsock_kind(libsock_send_to(sock, bytes, 1, flags, &to)),
                 kind);
    CHECK_EQ_INT(libsock_kind(libsock_send_to(sock, bytes, 1, flags, NULL)),
                 kind);
    CHECK_EQ_INT(libsock_kind(libsock_recv_from(sock, bytes, 1, flags, &from)),
                 kind);
    CHECK_EQ_INT(libsock_kind(libsock_recv_from(sock, bytes, 1, flags, NULL)),
                 kind);
    CHECK_EQ_INT(libsock_kind(libsock_send_vectored(sock, &buf, 1, flags)),
                 kind);
    CHECK_EQ_INT(libsock_kind(libsock_recv_vectored(sock, &buf, 1, flags)),
                 kind);
    CHECK_EQ_MEM(&from, &before, sizeof(from));
    CHECK_EQ_STR(bytes, "x");
}

TEST(unknown_flags_are_refused_before_the_system_call)
{
    libsock_socket pair[2];

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    fault_reset();
    io_all_fail(pair[0], IO_UNKNOWN, LIBSOCK_KIND_INVALID_INPUT);
    io_all_fail(pair[0], LIBSOCK_MSG_PEEK | IO_UNKNOWN,
                LIBSOCK_KIND_INVALID_INPUT);
    io_all_fail(pair[0], INT_MIN, LIBSOCK_KIND_INVALID_INPUT);
    io_all_fail(pair[0], LIBSOCK_MSG_CTRUNC, LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_UINT(fault_calls(), 0);
    sock_close_pair(pair);
}

TEST(transfers_on_nothing_are_a_bad_descriptor)
{
    libsock_socket sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0);
    libsock_socket none = LIBSOCK_SOCKET_INIT;

#if INTPTR_MAX > INT_MAX
    libsock_socket wide = {sock.raw + ((libsock_raw)1 << 32)};

    io_all_fail(wide, 0, LIBSOCK_KIND_BAD_DESCRIPTOR);
    io_all_fail(wide, LIBSOCK_MSG_DONTWAIT, LIBSOCK_KIND_BAD_DESCRIPTOR);
#endif
    io_all_fail(none, 0, LIBSOCK_KIND_BAD_DESCRIPTOR);
    io_all_fail(none, LIBSOCK_MSG_DONTWAIT, LIBSOCK_KIND_BAD_DESCRIPTOR);
    sock_close(sock);
    io_all_fail(sock, 0, LIBSOCK_KIND_BAD_DESCRIPTOR);
}

TEST(failures_of_the_os_come_back_as_they_are)
{
    const int codes[] = {EINTR, ENOBUFS, ENOMEM, ECONNRESET};
    libsock_socket pair[2];
    libsock_addr from, before;
    char byte = 'x';

    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    memset(&from, 0x5a, sizeof(from));
    before = from;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        fault_reset();
        fault_fail_call("send", 0, codes[i]);
        fault_fail_call("recvfrom", 0, codes[i]);
        CHECK_ERR(libsock_send(pair[0], &byte, 1, 0), codes[i]);
        CHECK_ERR(libsock_recv_from(pair[1], &byte, 1, 0, &from), codes[i]);
        CHECK_EQ_MEM(&from, &before, sizeof(from));
        CHECK_EQ_UINT(fault_calls(), 2);
    }
    fault_reset();
    sock_close_pair(pair);
}

static void io_on_alarm(int number)
{
    (void)number;
}

TEST(a_signal_is_reported_and_not_retried)
{
    /* Again and again, since the first may come before the call blocks. */
    const struct itimerval often = {{0, 10000}, {0, 10000}};
    const struct itimerval never = {{0, 0}, {0, 0}};
    struct sigaction action = {0};
    libsock_socket pair[2];
    libsock_addr from;
    libsock_buf buf;
    char byte = 0;

    action.sa_handler = io_on_alarm;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    buf = libsock_buf_of(&byte, 1);
    CHECK(setitimer(ITIMER_REAL, &often, NULL) == 0);
    CHECK(libsock_interrupted(libsock_recv(pair[0], &byte, 1, 0)));
    CHECK(libsock_interrupted(libsock_recv_from(pair[0], &byte, 1, 0, &from)));
    CHECK(libsock_interrupted(libsock_recv_vectored(pair[0], &buf, 1, 0)));
    CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);
    sock_close_pair(pair);
}

/* One call of this name and no other since the last time. */
static void io_one_call(const char *call)
{
    CHECK_EQ_UINT(fault_calls_of(call), 1);
    CHECK_EQ_UINT(fault_calls(), 1);
    fault_reset();
}

TEST(each_transfer_is_one_system_call)
{
    libsock_addr a, b, from;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    char byte = 'x';
    libsock_buf buf = libsock_buf_of(&byte, 1);

    CHECK_OK(libsock_connect(two, &a));
    fault_reset();
    CHECK_EQ_INT(libsock_send(two, &byte, 1, 0), 1);
    io_one_call("send");
    CHECK_EQ_INT(libsock_peek(one, &byte, 1), 1);
    io_one_call("recv");
    CHECK_EQ_INT(libsock_recv(one, &byte, 1, 0), 1);
    io_one_call("recv");
    CHECK_EQ_INT(libsock_send_to(one, &byte, 1, LIBSOCK_MSG_DONTWAIT, &b), 1);
    io_one_call("sendto");
    CHECK_EQ_INT(libsock_peek_from(two, &byte, 1, &from), 1);
    io_one_call("recvfrom");
    CHECK_EQ_INT(libsock_peek_from(two, NULL, 0, &from), 0);
    io_one_call("recvfrom");
    CHECK_EQ_INT(libsock_recv_from(two, &byte, 1, 0, &from), 1);
    io_one_call("recvfrom");
    CHECK_EQ_INT(libsock_send_vectored(two, &buf, 1, 0), 1);
    io_one_call("sendmsg");
    CHECK_EQ_INT(libsock_recv_vectored(one, &buf, 1, 0), 1);
    io_one_call("recvmsg");
    sock_close(one);
    sock_close(two);
}

TEST(the_sender_replaces_all_of_the_old_address)
{
    libsock_addr a, b, from;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);
    libsock_socket pair[2];
    const libsock_addr empty = {0};
    char byte = 'x';

    memset(&from, 0xff, sizeof(from));
    CHECK_EQ_INT(libsock_send_to(two, &byte, 1, 0, &a), 1);
    CHECK_EQ_INT(libsock_recv_from(one, &byte, 1, 0, &from), 1);
    CHECK(libsock_addr_equal(&from, &b));
    CHECK_EQ_UINT(from.reserved, 0);
    /* A sender without a name: nothing of the IPv4 address remains. */
    sock_pair(LIBSOCK_TYPE_DGRAM, 0, pair);
    CHECK_EQ_INT(libsock_send(pair[0], &byte, 1, 0), 1);
    CHECK_EQ_INT(libsock_recv_from(pair[1], &byte, 1, 0, &from), 1);
    CHECK(libsock_addr_equal(&from, &empty));
    CHECK_EQ_UINT(from.len, 0);
    sock_close_pair(pair);
    sock_close(one);
    sock_close(two);
}

TEST(buffers_have_the_asked_shape)
{
    char bytes[4];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));

    CHECK_EQ_PTR(buf.base, bytes);
    CHECK_EQ_UINT(buf.len, sizeof(bytes));
}
