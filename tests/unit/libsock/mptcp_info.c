/* SPDX-License-Identifier: MIT */
/*
 * What is told about a connection of Multipath TCP, and about one that has
 * fallen back to TCP. How one is opened is tested in connect.c. Skipped where
 * the kernel has none of it. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

static libsock_socket mptcp_open(void)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    bool is_mptcp = false;

    CHECK_OK(libsock_open_mptcp(LIBSOCK_DOMAIN_IPV4, 0, &sock, &is_mptcp));
    if (!is_mptcp) {
        sock_close(sock);
        SKIP("this kernel has no Multipath TCP");
    }
    return sock;
}

/* A connection from one that speaks it to a listener that may. */
static void mptcp_pair(bool listener_too, libsock_socket out[2])
{
    libsock_addr addr;
    libsock_socket listener =
        listener_too ? mptcp_open()
                     : sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);

    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 0, &addr));
    CHECK_OK(libsock_bind(listener, &addr));
    CHECK_OK(libsock_local_addr(listener, &addr));
    CHECK_OK(libsock_listen(listener, 1));
    out[0] = mptcp_open();
    CHECK_OK(libsock_connect(out[0], &addr));
    CHECK_OK(libsock_accept(listener, 0, &out[1], NULL));
    sock_close(listener);
}

static libsock_mptcp_info mptcp_info(libsock_socket sock)
{
    libsock_mptcp_info info;
    int r = libsock_get_mptcp_info(sock, sizeof(info), &info);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this kernel tells nothing about Multipath TCP");
    CHECK_OK(r);
    return info;
}

static bool mptcp_is(libsock_socket sock)
{
    bool on = false;
    int r = libsock_get_tcp_is_mptcp(sock, &on);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("this kernel does not tell whether it is Multipath TCP");
    CHECK_OK(r);
    return on;
}

TEST(all_ways_are_counted_together)
{
    libsock_mptcp_info info;
    libsock_socket pair[2];
    char buf[8];

    mptcp_pair(true, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "12345", 5, 0), 5);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 5, LIBSOCK_MSG_WAITALL), 5);
    CHECK_EQ_INT(libsock_send(pair[1], "678", 3, 0), 3);
    CHECK_EQ_INT(libsock_recv(pair[0], buf, 3, LIBSOCK_MSG_WAITALL), 3);
    info = mptcp_info(pair[0]);
    CHECK((info.flags & LIBSOCK_MPTCP_REMOTE_KEY) != 0);
    CHECK_UINT(info.token, !=, 0);
    CHECK_UINT(info.token, !=, mptcp_info(pair[1]).token);
    CHECK_EQ_UINT(info.extra_subflows, 0);
    CHECK(libsock_mptcp_info_has(&info, LIBSOCK_MPTCP_INFO_TOKEN));
    if (libsock_mptcp_info_has(&info, LIBSOCK_MPTCP_INFO_BYTES_SENT)) {
        CHECK_EQ_UINT(info.bytes_sent, 5);
        CHECK_EQ_UINT(info.bytes_received, 3);
        CHECK_EQ_UINT(info.bytes_retransmitted, 0);
        CHECK_EQ_UINT(mptcp_info(pair[1]).bytes_received, 5);
    }
    CHECK(mptcp_is(pair[0]));
    CHECK(mptcp_is(pair[1]));
    sock_close_pair(pair);
}

TEST(falling_back_is_told)
{
    libsock_mptcp_info info;
    libsock_socket pair[2];

    mptcp_pair(false, pair);
    CHECK_KIND(libsock_get_mptcp_info(pair[0], sizeof(info), &info),
               UNSUPPORTED);
    CHECK_KIND(libsock_get_mptcp_info(pair[1], sizeof(info), &info),
               UNSUPPORTED);
    CHECK(!mptcp_is(pair[0]));
    CHECK(!mptcp_is(pair[1]));
    sock_close_pair(pair);
}

/* A program that was built with another version's structure. */
TEST(the_size_of_the_answer_is_the_callers)
{
    libsock_socket sock = mptcp_open();
    struct {
        libsock_mptcp_info info;
        unsigned char more[16];
    } large;

    (void)mptcp_info(sock);
    memset(&large, 7, sizeof(large));
    CHECK_OK(libsock_get_mptcp_info(sock, 16, &large.info));
    CHECK_EQ_UINT(large.info.extra_subflows, 0x07070707);
    CHECK_OK(libsock_get_mptcp_info(sock, sizeof(large), &large.info));
    CHECK_EQ_UINT(large.info.extra_subflows, 0);
    CHECK_EQ_UINT(large.more[15], 0);
    fault_reset();
    CHECK_KIND(libsock_get_mptcp_info(sock, 7, &large.info), INVALID_INPUT);
    CHECK_KIND(libsock_get_mptcp_info(sock, 64, NULL), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    sock_close(sock);
}
