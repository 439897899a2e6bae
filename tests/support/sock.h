/* SPDX-License-Identifier: MIT */
/*
 * libsock sockets in tests: taken over from net.h, opened and bound, closed.
 * Only inline functions, since the harness is not linked with libsock.
 * A helper that cannot do its work fails the test.
 */
#ifndef TESTS_SUPPORT_SOCK_H
#define TESTS_SUPPORT_SOCK_H

#include <libsock/libsock.h>

#include "check.h"
#include "net.h"

/* A kind by its last words: CHECK_KIND(r, BAD_DESCRIPTOR). */
#define CHECK_KIND(r, kind) \
 CHECK_EQ_INT(libsock_kind((ptrdiff_t)(r)), LIBSOCK_KIND_##kind)

static inline libsock_socket sock_adopt(int fd)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_OK(libsock_from_raw(fd, &sock));
    return sock;
}

static inline int sock_fd(libsock_socket sock)
{
    return (int)libsock_as_raw(sock);
}

static inline libsock_socket sock_open(int domain, int type, uint32_t flags)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    CHECK_OK(libsock_open(domain, type, 0, flags, &sock));
    return sock;
}

static inline void sock_close(libsock_socket sock)
{
    CHECK_OK(libsock_close(sock));
}

static inline void sock_close_pair(const libsock_socket pair[2])
{
    sock_close(pair[0]);
    sock_close(pair[1]);
}

static inline void sock_pair(int type, uint32_t flags, libsock_socket out[2])
{
    CHECK_OK(libsock_pair(LIBSOCK_DOMAIN_UNIX, type, 0, flags, out));
}

/* A socket on the loopback address, with a port that the OS chose. */
static inline libsock_socket sock_bound(int domain, int type, uint32_t flags,
                                        libsock_addr *out_addr)
{
    libsock_socket sock = sock_open(domain, type, flags);

    CHECK_OK(libsock_addr_loopback(domain, 0, out_addr));
    CHECK_OK(libsock_bind(sock, out_addr));
    CHECK_OK(libsock_local_addr(sock, out_addr));
    CHECK_INT(libsock_addr_port(out_addr), >, 0);
    return sock;
}

static inline libsock_socket sock_listening(int domain, uint32_t flags,
                                            libsock_addr *out_addr)
{
    libsock_socket sock =
        sock_bound(domain, LIBSOCK_TYPE_STREAM, flags, out_addr);

    CHECK_OK(libsock_listen(sock, LIBSOCK_BACKLOG_MAX));
    return sock;
}

/* Both ends of a TCP connection on IPv4, made by the OS's own calls. */
static inline void sock_tcp_pair(libsock_socket out[2])
{
    int fd[2];

    net_tcp_pair(NET_IPV4, fd);
    out[0] = sock_adopt(fd[0]);
    out[1] = sock_adopt(fd[1]);
}

#endif
