/* SPDX-License-Identifier: MIT */
/*
 * Lent pages: which sends are done with their buffers, told by the error queue.
 * On loopback the kernel always copies, and says so.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    LENT_LEN = 8192,
    LENT_SENDS = 5
};

/* Read completions until `wanted` sends are told about; each exactly once. */
static void lent_expect(libsock_socket sock, uint32_t wanted)
{
    uint64_t room[LIBSOCK_CONTROL_SPACE(LIBSOCK_SOCK_ERROR_SIZE) / 8];
    uint32_t next = 0;

    while (next < wanted) {
        libsock_zerocopy range = {0};
        libsock_sock_error error;
        libsock_tx_report report;
        libsock_control c;
        libsock_msg msg;
        ptrdiff_t n;

        CHECK_OK(libsock_msg_init(&msg));
        CHECK_OK(libsock_msg_set_control(&msg, room, sizeof(room)));
        n = libsock_recv_msg(sock, &msg, LIBSOCK_MSG_ERRQUEUE);
        if (libsock_would_block(n)) {
            /* An error to fetch ends this wait too. */
            (void)net_wait_readable(sock_fd(sock), 5000);
            continue;
        }
        CHECK_EQ_INT(n, 0);
        CHECK_EQ_INT(libsock_msg_flags(&msg), LIBSOCK_MSG_ERRQUEUE);
        CHECK_OK(libsock_control_find(&msg, LIBSOCK_CONTROL_ERROR, &c));
        CHECK_OK(libsock_control_get_zerocopy(&c, &range));
        CHECK_EQ_UINT(range.first, next);
        CHECK_UINT(range.last, >=, range.first);
        CHECK(range.copied);
        CHECK_OK(libsock_control_get_error(&c, &error));
        CHECK_EQ_INT(error.error, 0);
        CHECK_EQ_UINT(error.origin, LIBSOCK_ORIGIN_ZEROCOPY);
        CHECK_KIND(libsock_control_get_tx_report(&c, &report), INVALID_INPUT);
        next = range.last + 1;
    }
    CHECK_EQ_UINT(next, wanted);
}

static void lent_enable(libsock_socket sock)
{
    int r = libsock_set_zerocopy(sock, true);

    if (libsock_kind(r) == LIBSOCK_KIND_UNSUPPORTED)
        SKIP("no SO_ZEROCOPY here");
    CHECK_OK(r);
}

TEST(a_stream_tells_which_sends_are_done)
{
    static char bytes[LENT_LEN], got[LENT_LEN];
    libsock_socket pair[2];

    sock_tcp_pair(pair);
    lent_enable(pair[0]);
    memset(bytes, 'z', sizeof(bytes));
    for (int i = 0; i < LENT_SENDS; i++) {
        CHECK_EQ_INT(
            libsock_send(pair[0], bytes, sizeof(bytes), LIBSOCK_MSG_ZEROCOPY),
            LENT_LEN);
        net_recv_all(sock_fd(pair[1]), got, sizeof(got));
        CHECK_EQ_MEM(got, bytes, sizeof(got));
    }
    lent_expect(pair[0], LENT_SENDS);
    sock_close_pair(pair);
}

TEST(datagrams_tell_which_sends_are_done)
{
    static char bytes[LENT_LEN], got[LENT_LEN];
    libsock_addr a, b;
    libsock_socket one =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &a);
    libsock_socket two =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &b);

    lent_enable(one);
    for (int i = 0; i < LENT_SENDS; i++) {
        CHECK_EQ_INT(libsock_send_to(one, bytes, sizeof(bytes),
                                     LIBSOCK_MSG_ZEROCOPY, &b),
                     LENT_LEN);
        CHECK_EQ_INT(libsock_recv(two, got, sizeof(got), 0), LENT_LEN);
    }
    lent_expect(one, LENT_SENDS);
    sock_close(one);
    sock_close(two);
}
