/* SPDX-License-Identifier: MIT */
/*
 * libevio as its users write it: the token is a pointer to the connection, and
 * bytes move by the typed calls. The scenarios are in lean.c. The program's
 * only thread guards all of it.
 */
#include <errno.h>
#include <stdlib.h>

#include <libevio/libevio.h>
#include <libsock/libsock.h>

#include "lean.h"
#include "tool.h"

static evio_poll *lean_poll;
static evio_registry *lean_registry;
static evio_events *lean_events;
static evio_tcp_stream *lean_streams;

LEAN_APART static void lean_add(evio_tcp_stream *stream, int fd)
{
    libsock_socket sock;
    bench_check(libsock_from_raw(fd, &sock), "libsock_from_raw");
    bench_check(evio_tcp_from_socket(sock, stream), "evio_tcp_from_socket");
    bench_check(evio_register(lean_registry, &stream->source,
                              (uint64_t)(uintptr_t)stream, EVIO_READABLE),
                "evio_register");
}

void lean_open(const int *fds, uint32_t count)
{
    bench_check(evio_poll_new(NULL, &lean_poll), "evio_poll_new");
    bench_check(evio_events_new(LEAN_BATCH, &lean_events), "evio_events_new");
    lean_registry = evio_poll_registry(lean_poll);
    lean_streams = bench_alloc(count, sizeof(*lean_streams));
    for (uint32_t i = 0; i < count; i++) {
        lean_add(&lean_streams[i], fds[i]);
    }
}

void lean_close(void)
{
    evio_events_free(lean_events);
    evio_poll_free(lean_poll);
    free(lean_streams);
}

LEAN_APART static void lean_answer(evio_tcp_stream *stream)
{
    char buf[LEAN_BUFFER];
    ptrdiff_t n = evio_tcp_read(stream, buf, sizeof(buf));
    if (n <= 0 || evio_tcp_write(stream, buf, (size_t)n) != n) {
        bench_die(-EPIPE, "a short transfer");
    }
}

LEAN_APART void lean_serve(void)
{
    evio_event event;
    while (lean_load()) {
        bench_check(evio_poll_wait(lean_poll, lean_events, EVIO_FOREVER),
                    "evio_poll_wait");
        while (evio_events_next(lean_events, &event)) {
            lean_answer((evio_tcp_stream *)(uintptr_t)event.token);
        }
    }
}

LEAN_APART static void lean_delete(evio_tcp_stream *stream)
{
    bench_check(evio_deregister(lean_registry, &stream->source),
                "evio_deregister");
}

LEAN_APART void lean_add_and_delete(int fd, uint32_t rounds)
{
    evio_tcp_stream stream;
    for (uint32_t i = 0; i < rounds; i++) {
        lean_add(&stream, fd);
        lean_delete(&stream);
    }
}
