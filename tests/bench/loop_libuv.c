/* SPDX-License-Identifier: MIT */
/*
 * libuv, by its poll handles, which spare it the buffers of its streams.
 * Scenarios are elsewhere; the program's only thread guards all of it.
 */
#include <stdlib.h>
#include <unistd.h>

#include <uv.h>

#include "loop.h"
#include "tool.h"

struct bench_loop {
    uv_loop_t uv;
    struct bench_setup setup;
    uv_poll_t *handles; /* by id */
    int *fds;           /* ditto */
};

static bench_loop *libuv_open(const struct bench_setup *setup)
{
    bench_loop *loop = bench_alloc(1, sizeof(*loop));
    loop->setup = *setup;
    loop->handles = bench_alloc(setup->capacity, sizeof(*loop->handles));
    loop->fds = bench_alloc(setup->capacity, sizeof(*loop->fds));
    bench_check(uv_loop_init(&loop->uv), "uv_loop_init");
    loop->uv.data = loop;
    return loop;
}

/* Handles may be open still: the memory goes with the process. */
static void libuv_close(bench_loop *loop)
{
    if (uv_loop_close(&loop->uv) == 0) {
        free(loop->handles);
        free(loop->fds);
        free(loop);
    }
}

static void libuv_ready(uv_poll_t *handle, int status, int events)
{
    bench_loop *loop = handle->loop->data;
    (void)status, (void)events;
    loop->setup.ready(loop->setup.ctx, (uint32_t)(handle - loop->handles));
}

static void libuv_add(bench_loop *loop, uint32_t id, int fd)
{
    uv_poll_t *handle = &loop->handles[id];
    loop->fds[id] = fd;
    bench_check(uv_poll_init_socket(&loop->uv, handle, fd), "uv_poll_init");
    bench_check(uv_poll_start(handle, UV_READABLE, libuv_ready),
                "uv_poll_start");
}

static void libuv_remove(bench_loop *loop, uint32_t id)
{
    uv_close((uv_handle_t *)&loop->handles[id], NULL);
}

static void libuv_end(bench_loop *loop, uint32_t id)
{
    libuv_remove(loop, id);
    bench_errno(close(loop->fds[id]), "close");
}

static void libuv_turn(bench_loop *loop)
{
    uv_run(&loop->uv, UV_RUN_NOWAIT);
}

static void libuv_run(bench_loop *loop)
{
    uv_run(&loop->uv, UV_RUN_DEFAULT);
}

static void libuv_stop(bench_loop *loop)
{
    uv_stop(&loop->uv);
}

static ptrdiff_t libuv_recv(bench_loop *loop, uint32_t id, void *buf,
                            size_t cap)
{
    return bench_fd_recv(loop->fds[id], buf, cap);
}

static ptrdiff_t libuv_send(bench_loop *loop, uint32_t id, const void *buf,
                            size_t n)
{
    return bench_fd_send(loop->fds[id], buf, n);
}

static void libuv_drained(bench_loop *loop, uint32_t id)
{
    (void)loop, (void)id;
}

const struct bench_ops bench_contestant = {
    .name = "libuv",
    .open = libuv_open,
    .close = libuv_close,
    .add = libuv_add,
    .remove = libuv_remove,
    .end = libuv_end,
    .turn = libuv_turn,
    .run = libuv_run,
    .stop = libuv_stop,
    .recv = libuv_recv,
    .send = libuv_send,
    .drained = libuv_drained,
};
