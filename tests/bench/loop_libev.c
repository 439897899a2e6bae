/* SPDX-License-Identifier: MIT */
/*
 * libev, by its I/O watchers. Scenarios are elsewhere; the program's only
 * thread guards all of it.
 */
#include <stdlib.h>
#include <unistd.h>

#include <ev.h>

#include "loop.h"
#include "tool.h"

struct bench_loop {
    struct bench_setup setup;
    struct ev_loop *ev;
    ev_io *watchers; /* by id */
};

static bench_loop *libev_open(const struct bench_setup *setup)
{
    bench_loop *loop = bench_alloc(1, sizeof(*loop));
    loop->setup = *setup;
    loop->watchers = bench_alloc(setup->capacity, sizeof(*loop->watchers));
    loop->ev = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    bench_check(loop->ev != NULL ? 0 : -1, "ev_loop_new");
    ev_set_userdata(loop->ev, loop);
    return loop;
}

static void libev_close(bench_loop *loop)
{
    ev_loop_destroy(loop->ev);
    free(loop->watchers);
    free(loop);
}

static void libev_ready(struct ev_loop *ev, ev_io *watcher, int events)
{
    bench_loop *loop = ev_userdata(ev);
    (void)events;
    loop->setup.ready(loop->setup.ctx, (uint32_t)(watcher - loop->watchers));
}

static void libev_add(bench_loop *loop, uint32_t id, int fd)
{
    ev_io *watcher = &loop->watchers[id];
    ev_init(watcher, libev_ready);
    ev_io_set(watcher, fd, EV_READ);
    ev_io_start(loop->ev, watcher);
}

static void libev_remove(bench_loop *loop, uint32_t id)
{
    ev_io_stop(loop->ev, &loop->watchers[id]);
}

static void libev_end(bench_loop *loop, uint32_t id)
{
    libev_remove(loop, id);
    bench_errno(close(loop->watchers[id].fd), "close");
}

static void libev_turn(bench_loop *loop)
{
    ev_run(loop->ev, EVRUN_NOWAIT);
}

static void libev_run(bench_loop *loop)
{
    ev_run(loop->ev, 0);
}

static void libev_stop(bench_loop *loop)
{
    ev_break(loop->ev, EVBREAK_ALL);
}

static ptrdiff_t libev_recv(bench_loop *loop, uint32_t id, void *buf,
                            size_t cap)
{
    return bench_fd_recv(loop->watchers[id].fd, buf, cap);
}

static ptrdiff_t libev_send(bench_loop *loop, uint32_t id, const void *buf,
                            size_t n)
{
    return bench_fd_send(loop->watchers[id].fd, buf, n);
}

static void libev_drained(bench_loop *loop, uint32_t id)
{
    (void)loop, (void)id;
}

const struct bench_ops bench_contestant = {
    .name = "libev",
    .open = libev_open,
    .close = libev_close,
    .add = libev_add,
    .remove = libev_remove,
    .end = libev_end,
    .turn = libev_turn,
    .run = libev_run,
    .stop = libev_stop,
    .recv = libev_recv,
    .send = libev_send,
    .drained = libev_drained,
};
