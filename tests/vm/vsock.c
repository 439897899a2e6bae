/* SPDX-License-Identifier: MIT */
/*
 * VSOCK between two ends of one machine, for which the kernel needs a loopback.
 * The options and the addresses of the family are tested in unit/libsock.
 * Runs where vm.py has loaded it, so a missing protocol is a failure.
 */
#include "pair.h"

enum {
    VSOCK_LOOPBACK = 1
};

static void vsock_connect(int type, libsock_socket out[2])
{
    struct pair_shape shape = {LIBSOCK_DOMAIN_VSOCK, type, 0};
    libsock_addr addr, peer;
    uint32_t cid = 0, port = 0;

    CHECK_OK(libsock_addr_from_vsock(VSOCK_LOOPBACK, UINT32_MAX, &addr));
    pair_connect(&shape, &addr, out, &peer);
    CHECK_OK(libsock_addr_get_vsock(&addr, &cid, &port));
    CHECK_EQ_UINT(cid, VSOCK_LOOPBACK);
    CHECK_UINT(port, !=, UINT32_MAX);
    CHECK_OK(libsock_addr_get_vsock(&peer, &cid, &port));
    CHECK_EQ_UINT(cid, VSOCK_LOOPBACK);
}

TEST(a_stream_connects_by_context_and_port)
{
    libsock_socket pair[2];
    char buf[8];

    vsock_connect(LIBSOCK_TYPE_STREAM, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "hello", 5, 0), 5);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 5, LIBSOCK_MSG_WAITALL), 5);
    CHECK_EQ_MEM(buf, "hello", 5);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    CHECK_EQ_INT(libsock_recv(pair[1], buf, sizeof(buf), 0), 0);
    sock_close_pair(pair);
}

TEST(a_seqpacket_keeps_the_ends_of_records)
{
    libsock_socket pair[2];
    char buf[8];
    int flags;

    vsock_connect(LIBSOCK_TYPE_SEQPACKET, pair);
    CHECK_EQ_INT(libsock_send(pair[0], "one", 3, LIBSOCK_MSG_EOR), 3);
    CHECK_EQ_INT(libsock_send(pair[0], "much too long", 13, 0), 13);
    CHECK_EQ_INT(libsock_send(pair[0], "end", 3, 0), 3);
    CHECK_EQ_INT(pair_recv(pair[1], buf, sizeof(buf), &flags), 3);
    CHECK_EQ_INT(flags, LIBSOCK_MSG_EOR);
    CHECK_EQ_INT(pair_recv(pair[1], buf, sizeof(buf), &flags), sizeof(buf));
    CHECK_EQ_INT(flags, LIBSOCK_MSG_TRUNC);
    CHECK_EQ_INT(pair_recv(pair[1], buf, sizeof(buf), &flags), 3);
    CHECK_EQ_INT(flags, 0);
    CHECK_EQ_MEM(buf, "end", 3);
    sock_close_pair(pair);
}

TEST(nobody_there_is_told)
{
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_VSOCK, LIBSOCK_TYPE_STREAM, 0);
    libsock_addr addr;

    CHECK_OK(libsock_addr_from_vsock(VSOCK_LOOPBACK, 4711, &addr));
    CHECK_KIND(libsock_connect(sock, &addr), CONNECTION_RESET);
    sock_close(sock);
}
