/* SPDX-License-Identifier: MIT */
/*
 * What libsock's plain transfers cost over the system's own: one program that
 * makes the same call either way, to be counted by callgrind. No timing here.
 * One thread.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libsock/libsock.h>

#include "tool.h"

/* A datagram socket that is connected to itself. */
struct calls {
    int fd;
    libsock_socket sock;
    struct sockaddr_in name;
    libsock_addr addr;
    char buf[64];
};

static struct sockaddr *calls_name(struct sockaddr_in *name)
{
    return (struct sockaddr *)(void *)name;
}

static ptrdiff_t calls_raw_send(struct calls *c)
{
    return send(c->fd, c->buf, sizeof(c->buf), MSG_NOSIGNAL);
}

static ptrdiff_t calls_raw_recv(struct calls *c)
{
    return recv(c->fd, c->buf, sizeof(c->buf), 0);
}

static ptrdiff_t calls_raw_send_to(struct calls *c)
{
    return sendto(c->fd, c->buf, sizeof(c->buf), MSG_NOSIGNAL,
                  calls_name(&c->name), sizeof(c->name));
}

static ptrdiff_t calls_raw_recv_from(struct calls *c)
{
    socklen_t len = sizeof(c->name);
    return recvfrom(c->fd, c->buf, sizeof(c->buf), 0, calls_name(&c->name),
                    &len);
}

static ptrdiff_t calls_sock_send(struct calls *c)
{
    return libsock_send(c->sock, c->buf, sizeof(c->buf), 0);
}

static ptrdiff_t calls_sock_recv(struct calls *c)
{
    return libsock_recv(c->sock, c->buf, sizeof(c->buf), 0);
}

static ptrdiff_t calls_sock_send_to(struct calls *c)
{
    return libsock_send_to(c->sock, c->buf, sizeof(c->buf), 0, &c->addr);
}

static ptrdiff_t calls_sock_recv_from(struct calls *c)
{
    return libsock_recv_from(c->sock, c->buf, sizeof(c->buf), 0, &c->addr);
}

/* Each is followed, or preceded, by a plain call that empties or fills. */
static const struct calls_pair {
    const char *name;
    ptrdiff_t (*first)(struct calls *);
    ptrdiff_t (*second)(struct calls *);
} calls_pairs[] = {
    {"raw-send", calls_raw_send, calls_raw_recv},
    {"raw-recv", calls_raw_send, calls_raw_recv},
    {"raw-send_to", calls_raw_send_to, calls_raw_recv},
    {"raw-recv_from", calls_raw_send, calls_raw_recv_from},
    {"sock-send", calls_sock_send, calls_raw_recv},
    {"sock-recv", calls_raw_send, calls_sock_recv},
    {"sock-send_to", calls_sock_send_to, calls_raw_recv},
    {"sock-recv_from", calls_raw_send, calls_sock_recv_from},
};

static void calls_open(struct calls *c)
{
    socklen_t len = sizeof(c->name);
    c->name.sin_family = AF_INET;
    c->name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = bench_errno(socket(AF_INET, SOCK_DGRAM, 0), "socket");
    bench_errno(bind(c->fd, calls_name(&c->name), len), "bind");
    bench_errno(getsockname(c->fd, calls_name(&c->name), &len), "getsockname");
    bench_errno(connect(c->fd, calls_name(&c->name), len), "connect");
    bench_check(libsock_from_raw(c->fd, &c->sock), "libsock_from_raw");
    bench_check(libsock_local_addr(c->sock, &c->addr), "local_addr");
}

static void calls_run(const struct calls_pair *pair, uint32_t rounds)
{
    struct calls c = {0};
    calls_open(&c);
    for (uint32_t i = 0; i < rounds; i++) {
        if (pair->first(&c) != sizeof(c.buf) ||
            pair->second(&c) != sizeof(c.buf)) {
            bench_check(-1, pair->name);
        }
    }
    close(c.fd);
}

int main(int argc, char **argv)
{
    const size_t n = sizeof(calls_pairs) / sizeof(calls_pairs[0]);
    for (size_t i = 0; argc == 3 && i < n; i++) {
        if (strcmp(argv[1], calls_pairs[i].name) == 0) {
            calls_run(&calls_pairs[i], bench_number(argv[2]));
            return 0;
        }
    }
    fprintf(stderr, "usage: %s raw-CALL|sock-CALL ROUNDS\n", argv[0]);
    return 2;
}
