/* SPDX-License-Identifier: MIT */
/*
 * Connections of protocols that the harness's own peers do not speak, made by
 * libsock's own calls.
 * Only inline functions; one that cannot do its work fails the test.
 */
#ifndef TESTS_VM_PAIR_H
#define TESTS_VM_PAIR_H

#include "support/sock.h"

/* What libsock_open() wants. */
struct pair_shape {
    int domain;
    int type;
    int protocol;
};

static inline libsock_socket pair_open(const struct pair_shape *shape)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_OK(
        libsock_open(shape->domain, shape->type, shape->protocol, 0, &sock));
    return sock;
}

/* A listener on `addr`, whose name is told back. */
static inline libsock_socket pair_listen(const struct pair_shape *shape,
                                         libsock_addr *addr)
{
    libsock_socket listener = pair_open(shape);

    CHECK_OK(libsock_bind(listener, addr));
    CHECK_OK(libsock_listen(listener, 5));
    CHECK_OK(libsock_local_addr(listener, addr));
    return listener;
}

/* A listener on `addr` and a connection to it; all but out[] is closed. */
static inline void pair_connect(const struct pair_shape *shape,
                                libsock_addr *addr, libsock_socket out[2],
                                libsock_addr *out_peer)
{
    libsock_socket listener = pair_listen(shape, addr);

    out[0] = pair_open(shape);
    CHECK_OK(libsock_connect(out[0], addr));
    CHECK_OK(libsock_accept(listener, 0, &out[1], out_peer));
    sock_close(listener);
}

/* One message of up to `cap` bytes, and its flags. */
static inline ptrdiff_t pair_recv(libsock_socket sock, void *bytes, size_t cap,
                                  int *out_flags)
{
    libsock_buf buf = libsock_buf_of(bytes, cap);
    libsock_msg msg;
    ptrdiff_t n;

    CHECK_OK(libsock_msg_init(&msg));
    CHECK_OK(libsock_msg_set_bufs(&msg, &buf, 1));
    n = libsock_recv_msg(sock, &msg, 0);
    *out_flags = libsock_msg_flags(&msg);
    return n;
}

#endif
