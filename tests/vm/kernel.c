/* SPDX-License-Identifier: MIT */
/*
 * What the kernel of a test machine seldom has: VSOCK with a loopback, SCTP,
 * TLS in the kernel. Runs in the virtual machine of vm.py, where all of it is
 * loaded, so a missing protocol is a failure. One program, for one boot.
 */
#include "support/check.h"
#include "support/net.h"
#include "support/sock.h"

enum {
    VM_VSOCK_LOOPBACK = 1,
    VM_VSOCK_ANY_PORT = -1
};

/* A listener on `addr`, whose name is told back, and a connection to it. */
static void vm_connect(const int shape[3], libsock_addr *addr,
                       libsock_socket out[2], libsock_addr *out_peer)
{
    libsock_socket listener = LIBSOCK_SOCKET_INIT;

    CHECK_OK(libsock_open(shape[0], shape[1], shape[2], 0, &listener));
    CHECK_OK(libsock_bind(listener, addr));
    CHECK_OK(libsock_listen(listener, 1));
    CHECK_OK(libsock_local_addr(listener, addr));
    CHECK_OK(libsock_open(shape[0], shape[1], shape[2], 0, &out[0]));
    CHECK_OK(libsock_connect(out[0], addr));
    CHECK_OK(libsock_accept(listener, 0, &out[1], out_peer));
    sock_close(listener);
}

TEST(vsock_connects_by_context_and_port)
{
    static const int shape[3] = {LIBSOCK_DOMAIN_VSOCK, LIBSOCK_TYPE_STREAM, 0};
    libsock_socket pair[2];
    libsock_addr addr;
    libsock_addr peer;
    uint32_t cid = 0;
    uint32_t port = 0;
    char buf[8];

    CHECK_OK(libsock_addr_from_vsock(VM_VSOCK_LOOPBACK,
                                     (uint32_t)VM_VSOCK_ANY_PORT, &addr));
    vm_connect(shape, &addr, pair, &peer);
    CHECK_OK(libsock_addr_get_vsock(&addr, &cid, &port));
    CHECK_EQ_UINT(cid, VM_VSOCK_LOOPBACK);
    CHECK(port != (uint32_t)VM_VSOCK_ANY_PORT);
    CHECK_OK(libsock_addr_get_vsock(&peer, &cid, &port));
    CHECK_EQ_UINT(cid, VM_VSOCK_LOOPBACK);
    CHECK_EQ_INT(libsock_send(pair[0], "hello", 5, 0), 5);
    CHECK_EQ_INT(libsock_recv(pair[1], buf, 5, LIBSOCK_MSG_WAITALL), 5);
    CHECK_EQ_MEM(buf, "hello", 5);
    CHECK_OK(libsock_shutdown(pair[0], LIBSOCK_SHUT_WRITE));
    CHECK_EQ_INT(libsock_recv(pair[1], buf, sizeof(buf), 0), 0);
    sock_close_pair(pair);
}

/* A stream of messages: two sends are two receives, each with its end told. */
TEST(sctp_keeps_the_ends_of_messages)
{
    static const int shape[3] = {LIBSOCK_DOMAIN_IPV6, LIBSOCK_TYPE_STREAM,
                                 LIBSOCK_PROTOCOL_SCTP};
    libsock_socket pair[2];
    libsock_addr addr;
    char bytes[16];
    libsock_buf buf = libsock_buf_of(bytes, sizeof(bytes));
    libsock_msg msg;

    CHECK_OK(libsock_addr_parse("[::1]:0", 7, &addr));
    vm_connect(shape, &addr, pair, NULL);
    CHECK_EQ_INT(libsock_send(pair[0], "one", 3, 0), 3);
    CHECK_EQ_INT(libsock_send(pair[0], "three", 5, 0), 5);
    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 3);
    CHECK((libsock_msg_flags(&msg) & LIBSOCK_MSG_EOR) != 0);
    CHECK_EQ_INT(libsock_recv_msg(pair[1], &msg, 0), 5);
    CHECK((libsock_msg_flags(&msg) & LIBSOCK_MSG_EOR) != 0);
    sock_close_pair(pair);
}

TEST(tls_is_layered_over_a_connection_once)
{
    libsock_socket sock;
    char name[16];
    int fd[2];

    net_tcp_pair(NET_IPV4, fd);
    sock = sock_adopt(fd[0]);
    CHECK_OK(libsock_set_tcp_ulp(sock, "tls", 3));
    CHECK_EQ_INT(libsock_get_tcp_ulp(sock, name, sizeof(name)), 3);
    CHECK_EQ_MEM(name, "tls", 3);
    CHECK_KIND(libsock_set_tcp_ulp(sock, "tls", 3), ALREADY_EXISTS);
    net_close(fd[0]);
    net_close(fd[1]);
}
