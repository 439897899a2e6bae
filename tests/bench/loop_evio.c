/* SPDX-License-Identifier: MIT */
/*
 * libevio as its users write it: sources, edge mode, next() until empty. The
 * selector is EVIO_SELECTOR's. The program's only thread guards all of it.
 */
#include <stdbool.h>
#include <stdlib.h>

#include <libevio/libevio.h>
#include <libsock/libsock.h>

#include "loop.h"
#include "tool.h"

struct bench_loop {
    struct bench_setup setup;
    evio_poll *poll;
    evio_registry *registry;
    evio_events *events;
    bool stopped;
    bool rearms;              /* the selector must be told */
    evio_tcp_stream *streams; /* by id */
};

static bench_loop *evio_loop_open(const struct bench_setup *setup)
{
    bench_loop *loop = bench_alloc(1, sizeof(*loop));
    loop->setup = *setup;
    loop->streams = bench_alloc(setup->capacity, sizeof(*loop->streams));
    bench_check(evio_poll_new(NULL, &loop->poll), "evio_poll_new");
    bench_check(evio_events_new(BENCH_BATCH, &loop->events), "evio_events_new");
    loop->registry = evio_poll_registry(loop->poll);
    loop->rearms = evio_poll_selector(loop->poll) != EVIO_SELECTOR_EPOLL;
    return loop;
}

static void evio_loop_close(bench_loop *loop)
{
    evio_events_free(loop->events);
    evio_poll_free(loop->poll);
    free(loop->streams);
    free(loop);
}

static void evio_loop_add(bench_loop *loop, uint32_t id, int fd)
{
    evio_tcp_stream *stream = &loop->streams[id];
    libsock_socket sock;
    bench_check(libsock_from_raw(fd, &sock), "libsock_from_raw");
    bench_check(evio_tcp_from_socket(sock, stream), "evio_tcp_from_socket");
    bench_check(
        evio_register(loop->registry, &stream->source, id, EVIO_READABLE),
        "evio_register");
}

static void evio_loop_remove(bench_loop *loop, uint32_t id)
{
    bench_check(evio_deregister(loop->registry, &loop->streams[id].source),
                "evio_deregister");
}

static void evio_loop_end(bench_loop *loop, uint32_t id)
{
    bench_check(evio_tcp_close(&loop->streams[id]), "evio_tcp_close");
}

static void evio_loop_wait(bench_loop *loop, uint64_t timeout_ns)
{
    evio_event event;
    bench_check(evio_poll_wait(loop->poll, loop->events, timeout_ns),
                "evio_poll_wait");
    while (evio_events_next(loop->events, &event)) {
        loop->setup.ready(loop->setup.ctx, (uint32_t)event.token);
    }
}

static void evio_loop_turn(bench_loop *loop)
{
    evio_loop_wait(loop, 0);
}

static void evio_loop_run(bench_loop *loop)
{
    loop->stopped = false;
    while (!loop->stopped) {
        evio_loop_wait(loop, EVIO_FOREVER);
    }
}

static void evio_loop_stop(bench_loop *loop)
{
    loop->stopped = true;
}

static ptrdiff_t evio_loop_recv(bench_loop *loop, uint32_t id, void *buf,
                                size_t cap)
{
    return evio_tcp_read(&loop->streams[id], buf, cap);
}

static ptrdiff_t evio_loop_send(bench_loop *loop, uint32_t id, const void *buf,
                                size_t n)
{
    return evio_tcp_write(&loop->streams[id], buf, n);
}

static void evio_loop_drained(bench_loop *loop, uint32_t id)
{
    if (!loop->rearms) {
        return;
    }
    bench_check(evio_rearm(&loop->streams[id].source, EVIO_READABLE),
                "evio_rearm");
}

const struct bench_ops bench_contestant = {
    .name = "libevio",
    .open = evio_loop_open,
    .close = evio_loop_close,
    .add = evio_loop_add,
    .remove = evio_loop_remove,
    .end = evio_loop_end,
    .turn = evio_loop_turn,
    .run = evio_loop_run,
    .stop = evio_loop_stop,
    .recv = evio_loop_recv,
    .send = evio_loop_send,
    .drained = evio_loop_drained,
};
