/* SPDX-License-Identifier: MIT */
/*
 * Sending into a broken connection is an error and never a signal: every send
 * of libsock, with SIGPIPE at its default, which would end the test.
 * What else a broken connection does is in sock_connection.c.
 */
#include <signal.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

static void sigpipe_check_sends(libsock_socket sock, int flags)
{
    libsock_buf bufs[2] = {libsock_buf_of("a", 1), libsock_buf_of("b", 1)};
    libsock_msg msg;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, bufs, 2));
    CHECK_KIND(libsock_send(sock, "x", 1, flags), BROKEN_PIPE);
    CHECK_KIND(libsock_send_to(sock, "x", 1, flags, NULL), BROKEN_PIPE);
    CHECK_KIND(libsock_send_vectored(sock, bufs, 2, flags), BROKEN_PIPE);
    CHECK_KIND(libsock_send_msg(sock, &msg, flags), BROKEN_PIPE);
}

/* The disposition that a C program starts with. */
static void sigpipe_default(void)
{
    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
}

TEST(sending_after_the_peer_closed_a_unix_stream)
{
    libsock_socket pair[2];

    sigpipe_default();
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    sigpipe_check_sends(pair[0], 0);
    sigpipe_check_sends(pair[0], LIBSOCK_MSG_DONTWAIT);
    sock_close(pair[0]);
}

TEST(sending_after_the_peer_closed_a_seqpacket)
{
    libsock_socket pair[2];

    sigpipe_default();
    sock_pair(LIBSOCK_TYPE_SEQPACKET, 0, pair);
    sock_close(pair[1]);
    sigpipe_check_sends(pair[0], 0);
    sock_close(pair[0]);
}

TEST(sending_on_a_side_that_was_shut)
{
    libsock_socket pair[2];
    libsock_addr peer;

    sigpipe_default();
    sock_tcp_pair(pair);
    CHECK_OK(libsock_peer_addr(pair[0], &peer));
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    sigpipe_check_sends(pair[0], 0);
    sigpipe_check_sends(pair[0], LIBSOCK_MSG_DONTWAIT | LIBSOCK_MSG_MORE);
    CHECK_KIND(libsock_send_to(pair[0], "x", 1, 0, &peer), BROKEN_PIPE);
    sock_close_pair(pair);
}

TEST(sending_on_a_socket_of_foreign_make)
{
    int fd[2];

    sigpipe_default();
    net_unix_pair(NET_STREAM, fd);
    net_close(fd[1]);
    sigpipe_check_sends(sock_adopt(fd[0]), 0);
    net_close(fd[0]);
}

TEST(the_flag_of_the_os_does_not_replace_ours)
{
    libsock_socket pair[2];

    sigpipe_default();
    sock_pair(LIBSOCK_TYPE_STREAM, 0, pair);
    sock_close(pair[1]);
    sigpipe_check_sends(pair[0], LIBSOCK_RAW(0));
    sock_close(pair[0]);
}
