/* SPDX-License-Identifier: MIT */
/*
 * The lean scenarios, for callgrind alone: nothing here is timed. The load of
 * echo runs in lock step with the server, in the same thread: it sends one
 * request on each connection, and only then does the server wait. The sockets
 * are Unix socket pairs, which deliver before send() returns. So each wait
 * finds all connections ready, and the count is the same in each run.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lean.h"
#include "tool.h"

static struct lean {
    uint32_t count;  /* connections */
    uint32_t rounds; /* still to be sent */
    bool asked;
    int *clients;
    int *servers;
} lean;

static void lean_pairs_open(void)
{
    lean.clients = bench_alloc(lean.count, sizeof(*lean.clients));
    lean.servers = bench_alloc(lean.count, sizeof(*lean.servers));
    for (uint32_t i = 0; i < lean.count; i++) {
        int pair[2];
        bench_errno(socketpair(AF_UNIX,
                               SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                               pair),
                    "socketpair");
        lean.clients[i] = pair[0];
        lean.servers[i] = pair[1];
    }
}

static void lean_pairs_close(void)
{
    for (uint32_t i = 0; i < lean.count; i++) {
        close(lean.clients[i]);
        close(lean.servers[i]);
    }
    free(lean.clients);
    free(lean.servers);
}

static void lean_ask(int fd)
{
    const char request[LEAN_REQUEST] = {0};
    ptrdiff_t n = bench_fd_send(fd, request, sizeof(request));
    bench_check(n == LEAN_REQUEST ? 0 : -EPIPE, "a short request");
}

static void lean_take(int fd)
{
    char answer[LEAN_REQUEST];
    ptrdiff_t n = bench_fd_recv(fd, answer, sizeof(answer));
    /* Would-block: the wait did not find all of them. */
    bench_check(n == LEAN_REQUEST ? 0 : -EPIPE, "a request without answer");
}

LEAN_APART bool lean_load(void)
{
    for (uint32_t i = 0; lean.asked && i < lean.count; i++) {
        lean_take(lean.clients[i]);
    }
    lean.asked = lean.rounds > 0;
    for (uint32_t i = 0; lean.asked && i < lean.count; i++) {
        lean_ask(lean.clients[i]);
    }
    lean.rounds -= lean.asked ? 1 : 0;
    return lean.asked;
}

static void lean_echo(void)
{
    lean_pairs_open();
    lean_open(lean.servers, lean.count);
    lean_serve();
    lean_close();
    lean_pairs_close();
}

/* Beside `count` others. */
static void lean_register(void)
{
    int fd = bench_errno(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
    lean_pairs_open();
    lean_open(lean.servers, lean.count);
    lean_add_and_delete(fd, lean.rounds);
    lean_close();
    lean_pairs_close();
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc == 4) {
        lean.count = bench_number(argv[2]);
        lean.rounds = bench_number(argv[3]);
        if (strcmp(argv[1], "echo") == 0) {
            lean_echo();
            return 0;
        }
        if (strcmp(argv[1], "register") == 0) {
            lean_register();
            return 0;
        }
    }
    fprintf(stderr,
            "usage: %s echo CONNECTIONS ROUNDS\n"
            "       %s register OTHERS ROUNDS\n",
            argv[0], argv[0]);
    return 2;
}
