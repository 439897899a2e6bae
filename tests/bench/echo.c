/* SPDX-License-Identifier: MIT */
/*
 * A TCP echo server: accepts, receives, sends back what came. A short count
 * ends the turn: no contestant runs into would-block after a request. Load
 * comes from another process, load.c; one thread here.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "scenario.h"
#include "tool.h"

#define ECHO_LISTENER 0u
#define ECHO_BUFFER   4096

struct echo {
    bench_loop *loop;
    int listener;
    uint32_t expected; /* connections that will come */
    uint32_t accepted;
    uint32_t closed;
    uint32_t served;  /* requests */
    uint32_t warm_up; /* requests before the clock starts */
    uint32_t last;    /* the request that stops it */
    uint64_t start_ns;
    uint64_t end_ns;
};

static void echo_accept(struct echo *echo)
{
    const int one = 1;
    for (;;) {
        int fd =
            accept4(echo->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && errno == EAGAIN) {
            bench_contestant.drained(echo->loop, ECHO_LISTENER);
            return;
        }
        bench_errno(fd, "accept4");
        bench_check(echo->accepted < echo->expected ? 0 : -E2BIG, "accept4");
        bench_errno(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)),
                    "TCP_NODELAY");
        bench_contestant.add(echo->loop, ++echo->accepted, fd);
    }
}

static void echo_count(struct echo *echo)
{
    echo->served++;
    if (echo->served == echo->warm_up) {
        echo->start_ns = bench_cpu_ns();
    } else if (echo->served == echo->last) {
        echo->end_ns = bench_cpu_ns();
    }
}

static void echo_end(struct echo *echo, uint32_t id)
{
    bench_contestant.end(echo->loop, id);
    if (++echo->closed == echo->expected) {
        bench_contestant.stop(echo->loop);
    }
}

static void echo_serve(struct echo *echo, uint32_t id)
{
    char buf[ECHO_BUFFER];
    ptrdiff_t n;
    do {
        n = bench_contestant.recv(echo->loop, id, buf, sizeof(buf));
        if (n == -EAGAIN) {
            return;
        }
        if (n <= 0) {
            echo_end(echo, id);
            return;
        }
        /* A client waits for its answer, so there is always room. */
        ptrdiff_t sent = bench_contestant.send(echo->loop, id, buf, (size_t)n);
        bench_check(sent == n ? 0 : -EPIPE, "a short send");
        echo_count(echo);
    } while (n == (ptrdiff_t)sizeof(buf));
}

static void echo_ready(void *ctx, uint32_t id)
{
    struct echo *echo = ctx;
    if (id == ECHO_LISTENER) {
        echo_accept(echo);
    } else {
        echo_serve(echo, id);
    }
}

static void echo_listen(struct echo *echo)
{
    struct sockaddr_in addr = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(addr);
    struct sockaddr *name = (struct sockaddr *)(void *)&addr;
    int fd = bench_errno(
        socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
        "socket");
    bench_errno(bind(fd, name, len), "bind");
    bench_errno(listen(fd, (int)echo->expected), "listen");
    bench_errno(getsockname(fd, name, &len), "getsockname");
    echo->listener = fd;
    bench_contestant.add(echo->loop, ECHO_LISTENER, fd);
    bench_contestant.turn(echo->loop);
    bench_print("port", ntohs(addr.sin_port));
}

int bench_echo(char **args)
{
    struct echo echo = {.expected = bench_number(args[0])};
    uint32_t requests = bench_number(args[1]);
    struct bench_setup setup = {
        .capacity = echo.expected + 1, .ready = echo_ready, .ctx = &echo};
    echo.warm_up = echo.expected;
    echo.last = echo.warm_up + requests;
    echo.loop = bench_contestant.open(&setup);
    echo_listen(&echo);
    bench_contestant.run(echo.loop);
    bench_check(echo.served == echo.last ? 0 : -EPROTO, "requests lost");
    bench_print("request_ns", (double)(echo.end_ns - echo.start_ns) / requests);
    bench_contestant.remove(echo.loop, ECHO_LISTENER);
    bench_contestant.turn(echo.loop);
    bench_contestant.close(echo.loop);
    close(echo.listener);
    return 0;
}
