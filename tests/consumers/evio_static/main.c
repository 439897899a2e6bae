/* SPDX-License-Identifier: MIT */
/* A program that takes libevio, and with it libsock, into itself. */
#include <libevio/libevio.h>
#include <libsock/libsock.h>

static int wakes(evio_poll *poll, evio_events *events)
{
    evio_waker *waker;
    evio_event event;
    int good = 0;

    if (evio_waker_new(evio_poll_registry(poll), 7, &waker) < 0) {
        return 0;
    }
    if (evio_wake(waker) == 0 &&
        evio_poll_wait(poll, events, EVIO_FOREVER) == 1) {
        good = evio_events_next(events, &event) && event.token == 7;
    }
    evio_waker_free(waker);
    return good;
}

int main(void)
{
    evio_poll *poll;
    evio_events *events;

    if (evio_version() != EVIO_VERSION ||
        libsock_version() != LIBSOCK_VERSION ||
        evio_poll_new(NULL, &poll) < 0 || evio_events_new(4, &events) < 0) {
        return 1;
    }
    int good = wakes(poll, events);
    evio_events_free(events);
    evio_poll_free(poll);
    return good ? 0 : 1;
}
