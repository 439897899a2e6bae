/* SPDX-License-Identifier: MIT */
/*
 * libevent, by persistent events in memory of ours, which is its fastest way.
 * Scenarios are elsewhere; the program's only thread guards all of it.
 */
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>
#include <event2/event_struct.h>

#include "loop.h"
#include "tool.h"

struct bench_loop {
    struct bench_setup setup;
    struct event_base *base;
    struct libevent_watch *watches; /* by id */
};

struct libevent_watch {
    struct event event;
    bench_loop *loop;
};

static bench_loop *libevent_open(const struct bench_setup *setup)
{
    bench_loop *loop = bench_alloc(1, sizeof(*loop));
    struct event_config *config = event_config_new();
    bench_check(config != NULL ? 0 : -1, "event_config_new");
    event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
    loop->setup = *setup;
    loop->watches = bench_alloc(setup->capacity, sizeof(*loop->watches));
    loop->base = event_base_new_with_config(config);
    bench_check(loop->base != NULL ? 0 : -1, "event_base_new");
    event_config_free(config);
    return loop;
}

static void libevent_close(bench_loop *loop)
{
    event_base_free(loop->base);
    free(loop->watches);
    free(loop);
}

static void libevent_ready(evutil_socket_t fd, short events, void *arg)
{
    struct libevent_watch *watch = arg;
    bench_loop *loop = watch->loop;
    (void)fd, (void)events;
    loop->setup.ready(loop->setup.ctx, (uint32_t)(watch - loop->watches));
}

static void libevent_add(bench_loop *loop, uint32_t id, int fd)
{
    struct libevent_watch *watch = &loop->watches[id];
    watch->loop = loop;
    bench_check(event_assign(&watch->event, loop->base, fd,
                             EV_READ | EV_PERSIST, libevent_ready, watch),
                "event_assign");
    bench_check(event_add(&watch->event, NULL), "event_add");
}

static void libevent_remove(bench_loop *loop, uint32_t id)
{
    bench_check(event_del(&loop->watches[id].event), "event_del");
}

static void libevent_end(bench_loop *loop, uint32_t id)
{
    libevent_remove(loop, id);
    bench_errno(close(event_get_fd(&loop->watches[id].event)), "close");
}

static void libevent_turn(bench_loop *loop)
{
    bench_check(event_base_loop(loop->base, EVLOOP_NONBLOCK), "turn");
}

static void libevent_run(bench_loop *loop)
{
    bench_check(event_base_dispatch(loop->base), "event_base_dispatch");
}

static void libevent_stop(bench_loop *loop)
{
    event_base_loopbreak(loop->base);
}

static ptrdiff_t libevent_recv(bench_loop *loop, uint32_t id, void *buf,
                               size_t cap)
{
    return bench_fd_recv(loop->watches[id].event.ev_fd, buf, cap);
}

static ptrdiff_t libevent_send(bench_loop *loop, uint32_t id, const void *buf,
                               size_t n)
{
    return bench_fd_send(loop->watches[id].event.ev_fd, buf, n);
}

static void libevent_drained(bench_loop *loop, uint32_t id)
{
    (void)loop, (void)id;
}

const struct bench_ops bench_contestant = {
    .name = "libevent",
    .open = libevent_open,
    .close = libevent_close,
    .add = libevent_add,
    .remove = libevent_remove,
    .end = libevent_end,
    .turn = libevent_turn,
    .run = libevent_run,
    .stop = libevent_stop,
    .recv = libevent_recv,
    .send = libevent_send,
    .drained = libevent_drained,
};
