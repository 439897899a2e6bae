/* SPDX-License-Identifier: MIT */
/*
 * Options that Linux does not have: there, listed, and refused without asking
 * the kernel, to which their numbers would mean something else; what is
 * nonsense everywhere is called so first. Those of FreeBSD that came first are
 * in opt_table.c. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include "support/check.h"
#include "support/fault.h"
#include "support/sock.h"

/* A row that is listed, but has no number here. */
static void expect_row(const char *name, int access)
{
    libsock_opt_info info;
    size_t i;

    CHECK_OK(libsock_opt_find(name, &i));
    CHECK_OK(libsock_opt_info_at(i, &info));
    CHECK(!info.present);
    CHECK_EQ_INT(info.level, 0);
    CHECK_EQ_INT(info.native, 0);
    CHECK_EQ_INT(info.access, access);
}

TEST(they_are_listed)
{
    const int both = LIBSOCK_OPT_GET | LIBSOCK_OPT_SET;

    expect_row("skip_peercred", LIBSOCK_OPT_CALL);
    expect_row("tcp_ack_frequency", LIBSOCK_OPT_SET);
    expect_row("user_cookie", LIBSOCK_OPT_SET);
    expect_row("rtable", both);
    expect_row("accept_filter", both);
    expect_row("recv_overflow_error", both);
}

TEST(they_are_refused_without_asking)
{
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0);
    char buf[LIBSOCK_OPT_TEXT_SIZE] = "?";
    uint32_t value = 7;
    bool on = true;

    fault_reset();
    CHECK_KIND(libsock_skip_peercred(sock), UNSUPPORTED);
    CHECK_KIND(libsock_set_tcp_ack_frequency(sock, 1), UNSUPPORTED);
    CHECK_KIND(libsock_set_user_cookie(sock, 1), UNSUPPORTED);
    CHECK_KIND(libsock_set_rtable(sock, 1), UNSUPPORTED);
    CHECK_KIND(libsock_get_rtable(sock, &value), UNSUPPORTED);
    CHECK_KIND(libsock_set_accept_filter(sock, "dataready", 9), UNSUPPORTED);
    CHECK_KIND(libsock_set_accept_filter(sock, NULL, 0), UNSUPPORTED);
    CHECK_KIND(libsock_get_accept_filter(sock, buf, sizeof(buf)), UNSUPPORTED);
    CHECK_KIND(libsock_set_recv_overflow_error(sock, true), UNSUPPORTED);
    CHECK_KIND(libsock_get_recv_overflow_error(sock, &on), UNSUPPORTED);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_EQ_UINT(value, 7);
    CHECK_EQ_STR(buf, "?");
    CHECK(on);
    sock_close(sock);
}

TEST(nonsense_is_nonsense_here_too)
{
    libsock_socket none = LIBSOCK_SOCKET_INIT;

    CHECK_KIND(libsock_set_tcp_ack_frequency(none, 0), INVALID_INPUT);
    CHECK_KIND(libsock_set_tcp_ack_frequency(none, 256), INVALID_INPUT);
    CHECK_KIND(libsock_set_rtable(none, 256), INVALID_INPUT);
    CHECK_KIND(libsock_set_accept_filter(none, NULL, 1), INVALID_INPUT);
    CHECK_KIND(libsock_set_accept_filter(none, "data\0ready", 10),
               INVALID_INPUT);
    CHECK_KIND(libsock_set_accept_filter(none, "sixteen_letters_", 16),
               INVALID_INPUT);
    CHECK_KIND(libsock_get_accept_filter(none, NULL, 16), INVALID_INPUT);
}
