/* SPDX-License-Identifier: MIT */
/*
 * What directions mean to poll(), and what its answers mean: pure, so that
 * every combination of bits is tested. Modes are poll_table.c's.
 */
#ifndef EVIO__POLL_FLAGS_H
#define EVIO__POLL_FLAGS_H

#include <stdint.h>

#include <libevio/event.h>

#include "sys/posix/platform.h"
#include "sys/selector.h"

/* The peer's half-close; a Linux invention. */
#if defined(POLLRDHUP)
# define EVIO__POLLRDHUP POLLRDHUP
#else
# define EVIO__POLLRDHUP 0
#endif

static inline short evio__poll_events(uint32_t directions)
{
    int events = 0;
    if ((directions & EVIO_READABLE) != 0) {
        events |= POLLIN | EVIO__POLLRDHUP;
    }
    if ((directions & EVIO_WRITABLE) != 0) {
        events |= POLLOUT;
    }
    if ((directions & EVIO_PRIORITY) != 0) {
        events |= POLLPRI;
    }
    return (short)events;
}

/* HUP and errors count in both directions, so that a loop which looks only at
 * readable and writable misses nothing; the core cuts that to the interest. */
static inline uint32_t evio__poll_readiness(short revents)
{
    uint32_t readiness = 0;
    if ((revents & POLLIN) != 0) {
        readiness |= EVIO_READABLE;
    }
    if ((revents & POLLOUT) != 0) {
        readiness |= EVIO_WRITABLE;
    }
    if ((revents & POLLPRI) != 0) {
        readiness |= EVIO_PRIORITY;
    }
    if ((revents & EVIO__POLLRDHUP) != 0) {
        readiness |= EVIO_READABLE | EVIO_READ_CLOSED;
    }
    if ((revents & (POLLERR | POLLNVAL)) != 0) {
        readiness |= EVIO_READABLE | EVIO_WRITABLE | EVIO_ERROR;
    }
    if ((revents & POLLERR) != 0) {
        readiness |= EVIO__READY_PIPE_BROKEN;
    }
    if ((revents & POLLHUP) != 0) {
        readiness |= EVIO_READABLE | EVIO_WRITABLE | EVIO_READ_CLOSED |
                     EVIO_WRITE_CLOSED;
    }
    return readiness;
}

#endif
