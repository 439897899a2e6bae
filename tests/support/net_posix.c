/* SPDX-License-Identifier: MIT */
/*
 * net.h over POSIX sockets.
 * Moving bytes and closing lives in net_io_posix.c.
 * No shared state but the counter of temporary paths, which is atomic.
 */
#include "net.h"

#include "check.h"
#include "clock.h"
#include "runner.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    NET_TIMEOUT_S = 10,
    NET_BACKLOG = 128
};

union net_addr {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_un un;
};

static atomic_uint net_path_count;

static int net_limit(int fd)
{
    struct timeval limit = {NET_TIMEOUT_S * (int)clock_slow_factor(), 0};

    CHECK(fd >= 0);
    CHECK(fcntl(fd, F_SETFD, FD_CLOEXEC) == 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) == 0);
    return fd;
}

static socklen_t net_loopback(enum net_family family, uint16_t port,
                              union net_addr *out_addr)
{
    memset(out_addr, 0, sizeof(*out_addr));
    if (family == NET_IPV4) {
        out_addr->v4.sin_family = AF_INET;
        out_addr->v4.sin_port = htons(port);
        out_addr->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return sizeof(out_addr->v4);
    }
    out_addr->v6.sin6_family = AF_INET6;
    out_addr->v6.sin6_port = htons(port);
    out_addr->v6.sin6_addr = in6addr_loopback;
    return sizeof(out_addr->v6);
}

static int net_open(enum net_family family, int type)
{
    return net_limit(socket(family == NET_IPV4 ? AF_INET : AF_INET6, type, 0));
}

static int net_bind(enum net_family family, int type, uint16_t *out_port)
{
    union net_addr addr;
    socklen_t len = net_loopback(family, 0, &addr);
    int fd = net_open(family, type);

    CHECK(bind(fd, &addr.any, len) == 0);
    *out_port = net_local_port(fd);
    return fd;
}

bool net_has_ipv6(void)
{
    union net_addr addr;
    socklen_t len = net_loopback(NET_IPV6, 0, &addr);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);
    bool bound = fd >= 0 && bind(fd, &addr.any, len) == 0;

    if (fd >= 0)
        close(fd);
    return bound;
}

int net_tcp_listen(enum net_family family, uint16_t *out_port)
{
    int fd = net_bind(family, SOCK_STREAM, out_port);

    CHECK(listen(fd, NET_BACKLOG) == 0);
    return fd;
}

int net_tcp_connect(enum net_family family, uint16_t port)
{
    union net_addr addr;
    socklen_t len = net_loopback(family, port, &addr);
    int fd = net_open(family, SOCK_STREAM);

    CHECK(connect(fd, &addr.any, len) == 0);
    return fd;
}

int net_accept(int listener)
{
    return net_limit(accept(listener, NULL, NULL));
}

void net_tcp_pair(enum net_family family, int out_fd[2])
{
    uint16_t port;
    int listener = net_tcp_listen(family, &port);

    out_fd[0] = net_tcp_connect(family, port);
    out_fd[1] = net_accept(listener);
    close(listener);
}

int net_udp_bind(enum net_family family, uint16_t *out_port)
{
    return net_bind(family, SOCK_DGRAM, out_port);
}

void net_udp_send(int fd, enum net_family family, uint16_t port,
                  const void *bytes, size_t len)
{
    union net_addr addr;
    socklen_t addr_len = net_loopback(family, port, &addr);

    CHECK_INT(sendto(fd, bytes, len, 0, &addr.any, addr_len), ==, len);
}

uint16_t net_tcp_refused_port(enum net_family family)
{
    uint16_t port;
    int fd = net_bind(family, SOCK_STREAM, &port);

    close(fd);
    return port;
}

void net_unix_pair(enum net_kind kind, int out_fd[2])
{
    int type = kind == NET_STREAM ? SOCK_STREAM : SOCK_DGRAM;

    CHECK(socketpair(AF_UNIX, type, 0, out_fd) == 0);
    net_limit(out_fd[0]);
    net_limit(out_fd[1]);
}

static socklen_t net_unix_addr(const char *path, union net_addr *out_addr)
{
    size_t len = strlen(path);

    memset(out_addr, 0, sizeof(*out_addr));
    CHECK_UINT(len, <, sizeof(out_addr->un.sun_path));
    out_addr->un.sun_family = AF_UNIX;
    memcpy(out_addr->un.sun_path, path, len + 1);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
}

int net_unix_listen(const char *path)
{
    union net_addr addr;
    socklen_t len = net_unix_addr(path, &addr);
    int fd = net_limit(socket(AF_UNIX, SOCK_STREAM, 0));

    CHECK(bind(fd, &addr.any, len) == 0);
    CHECK(listen(fd, NET_BACKLOG) == 0);
    return fd;
}

int net_unix_connect(const char *path)
{
    union net_addr addr;
    socklen_t len = net_unix_addr(path, &addr);
    int fd = net_limit(socket(AF_UNIX, SOCK_STREAM, 0));

    CHECK(connect(fd, &addr.any, len) == 0);
    return fd;
}

void net_pipe(int out_fd[2])
{
    CHECK(pipe(out_fd) == 0);
    CHECK(fcntl(out_fd[0], F_SETFD, FD_CLOEXEC) == 0);
    CHECK(fcntl(out_fd[1], F_SETFD, FD_CLOEXEC) == 0);
}

void net_temp_path(char out_path[NET_PATH_MAX])
{
    const char *dir = getenv(RUNNER_TMPDIR_ENV);
    int len;

    CHECK(dir != NULL);
    len = snprintf(out_path, NET_PATH_MAX, "%s/%u", dir,
                   atomic_fetch_add(&net_path_count, 1));
    CHECK_INT(len, <, NET_PATH_MAX);
}

static uint16_t net_port_of(const union net_addr *addr)
{
    if (addr->any.sa_family == AF_INET)
        return ntohs(addr->v4.sin_port);
    if (addr->any.sa_family == AF_INET6)
        return ntohs(addr->v6.sin6_port);
    return 0;
}

uint16_t net_local_port(int fd)
{
    union net_addr addr;
    socklen_t len = sizeof(addr);

    CHECK(getsockname(fd, &addr.any, &len) == 0);
    return net_port_of(&addr);
}

uint16_t net_peer_port(int fd)
{
    union net_addr addr;
    socklen_t len = sizeof(addr);

    CHECK(getpeername(fd, &addr.any, &len) == 0);
    return net_port_of(&addr);
}
