/* SPDX-License-Identifier: MIT */
/*
 * The yardstick: what one writes by hand over epoll, edge-triggered, without a
 * library and without any check that the others make. Scenarios are elsewhere;
 * the program's only thread guards all of it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loop.h"
#include "tool.h"

struct bench_loop {
    struct bench_setup setup;
    int epoll;
    bool stopped;
    int *fds; /* by id */
    struct epoll_event events[BENCH_BATCH];
};

static bench_loop *raw_open(const struct bench_setup *setup)
{
    bench_loop *loop = bench_alloc(1, sizeof(*loop));
    loop->setup = *setup;
    loop->fds = bench_alloc(setup->capacity, sizeof(*loop->fds));
    loop->epoll = bench_errno(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    return loop;
}

static void raw_close(bench_loop *loop)
{
    close(loop->epoll);
    free(loop->fds);
    free(loop);
}

static void raw_add(bench_loop *loop, uint32_t id, int fd)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                                .data.u64 = id};
    loop->fds[id] = fd;
    bench_errno(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event), "add");
}

static void raw_remove(bench_loop *loop, uint32_t id)
{
    bench_errno(epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->fds[id], NULL),
                "remove");
}

/* The kernel forgets a descriptor that has no duplicate. */
static void raw_end(bench_loop *loop, uint32_t id)
{
    bench_errno(close(loop->fds[id]), "close");
}

static void raw_wait(bench_loop *loop, int timeout_ms)
{
    int n = epoll_wait(loop->epoll, loop->events, BENCH_BATCH, timeout_ms);
    bench_errno(n, "epoll_wait");
    for (int i = 0; i < n; i++) {
        uint64_t id = loop->events[i].data.u64;
        loop->setup.ready(loop->setup.ctx, (uint32_t)id);
    }
}

static void raw_turn(bench_loop *loop)
{
    raw_wait(loop, 0);
}

static void raw_run(bench_loop *loop)
{
    loop->stopped = false;
    while (!loop->stopped) {
        raw_wait(loop, -1);
    }
}

static void raw_stop(bench_loop *loop)
{
    loop->stopped = true;
}

static ptrdiff_t raw_recv(bench_loop *loop, uint32_t id, void *buf, size_t cap)
{
    return bench_fd_recv(loop->fds[id], buf, cap);
}

static ptrdiff_t raw_send(bench_loop *loop, uint32_t id, const void *buf,
                          size_t n)
{
    return bench_fd_send(loop->fds[id], buf, n);
}

static void raw_drained(bench_loop *loop, uint32_t id)
{
    (void)loop, (void)id;
}

const struct bench_ops bench_contestant = {
    .name = "raw epoll",
    .open = raw_open,
    .close = raw_close,
    .add = raw_add,
    .remove = raw_remove,
    .end = raw_end,
    .turn = raw_turn,
    .run = raw_run,
    .stop = raw_stop,
    .recv = raw_recv,
    .send = raw_send,
    .drained = raw_drained,
};
