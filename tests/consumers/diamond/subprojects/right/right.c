/* SPDX-License-Identifier: MIT */
/* A library over libevio. */
#include "right.h"

static int right_watch(evio_poll *poll, evio_events *events,
                       libsock_socket sock)
{
    evio_registry *registry = evio_poll_registry(poll);
    evio_source source;
    evio_event event = {0, 0, 0};

    int r = evio_source_from_socket(sock, &source);
    if (r >= 0) {
        r = evio_register(registry, &source, 0, EVIO_WRITABLE);
    }
    if (r < 0) {
        return r;
    }
    r = evio_poll_wait(poll, events, EVIO_FOREVER);
    if (evio_events_next(events, &event)) {
        r = (int)event.readiness;
    }
    evio_deregister(registry, &source);
    return r;
}

int right_readiness(libsock_socket sock)
{
    evio_poll *poll;
    evio_events *events;

    int r = evio_poll_new(NULL, &poll);
    if (r < 0) {
        return r;
    }
    r = evio_events_new(1, &events);
    if (r >= 0) {
        r = right_watch(poll, events, sock);
        evio_events_free(events);
    }
    evio_poll_free(poll);
    return r;
}
