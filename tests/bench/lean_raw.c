/* SPDX-License-Identifier: MIT */
/*
 * The lean yardstick: epoll, edge-triggered, without a library and without any
 * check beyond the return values, but transfers return minus errno, as those of
 * the contestants do. The scenarios are in lean.c. The program's
 * only thread guards all of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lean.h"
#include "tool.h"

struct lean_conn {
    int fd;
};

static int lean_epoll;
static struct lean_conn *lean_conns;

LEAN_APART static void lean_add(struct lean_conn *conn, int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                                .data.ptr = conn};
    conn->fd = fd;
    bench_errno(epoll_ctl(lean_epoll, EPOLL_CTL_ADD, fd, &event), "add");
}

void lean_open(const int *fds, uint32_t count)
{
    lean_epoll = bench_errno(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    lean_conns = bench_alloc(count, sizeof(*lean_conns));
    for (uint32_t i = 0; i < count; i++) {
        lean_add(&lean_conns[i], fds[i]);
    }
}

void lean_close(void)
{
    close(lean_epoll);
    free(lean_conns);
}

LEAN_APART static void lean_answer(const struct lean_conn *conn)
{
    char buf[LEAN_BUFFER];
    ptrdiff_t n = bench_fd_recv(conn->fd, buf, sizeof(buf));
    if (n <= 0 || bench_fd_send(conn->fd, buf, (size_t)n) != n) {
        bench_die(-EPIPE, "a short transfer");
    }
}

LEAN_APART void lean_serve(void)
{
    struct epoll_event events[LEAN_BATCH];
    while (lean_load()) {
        int n = epoll_wait(lean_epoll, events, LEAN_BATCH, -1);
        bench_errno(n, "epoll_wait");
        for (int i = 0; i < n; i++) {
            lean_answer(events[i].data.ptr);
        }
    }
}

LEAN_APART static void lean_delete(const struct lean_conn *conn)
{
    bench_errno(epoll_ctl(lean_epoll, EPOLL_CTL_DEL, conn->fd, NULL), "delete");
}

LEAN_APART void lean_add_and_delete(int fd, uint32_t rounds)
{
    struct lean_conn conn;
    for (uint32_t i = 0; i < rounds; i++) {
        lean_add(&conn, fd);
        lean_delete(&conn);
    }
}
