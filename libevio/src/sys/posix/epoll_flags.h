/* SPDX-License-Identifier: MIT */
/*
 * What interest means to epoll, and what epoll's events mean: pure, so that
 * every combination of bits is tested. System calls live in selector_epoll.c.
 */
#ifndef EVIO__EPOLL_FLAGS_H
#define EVIO__EPOLL_FLAGS_H

#include <stdint.h>

#include <libevio/event.h>

#include "base/apart.h"
#include "sys/posix/platform.h"
#include "sys/selector.h"

static inline uint32_t evio__epoll_mask(uint32_t interest)
{
    uint32_t mask = 0;
    if ((interest & EVIO_READABLE) != 0) {
        mask |= EPOLLIN | EPOLLRDHUP;
    }
    if ((interest & EVIO_WRITABLE) != 0) {
        mask |= EPOLLOUT;
    }
    if ((interest & EVIO_PRIORITY) != 0) {
        mask |= EPOLLPRI;
    }
    if ((interest & EVIO_EXCLUSIVE) != 0) {
        /* EINVAL with the half-close hint (Linux); a loss of no event. */
        mask = (mask & ~(uint32_t)EPOLLRDHUP) | EPOLLEXCLUSIVE;
    }
    if ((interest & EVIO_ONESHOT) != 0) {
        mask |= EPOLLONESHOT;
    } else if ((interest & EVIO_LEVEL) == 0) {
        mask |= EPOLLET;
    }
    return mask;
}

/* What epoll and event.h have the same bits for. */
#define EVIO__EPOLL_SAME ((uint32_t)EPOLLIN | EPOLLOUT | EPOLLPRI)

_Static_assert((int)EPOLLIN == EVIO_READABLE &&
                   (int)EPOLLOUT == EVIO_WRITABLE &&
                   (int)EPOLLPRI == EVIO_PRIORITY,
               "a direction's bit is that of poll(2)");

/* HUP and errors count in both directions, so that a loop which looks only at
 * readable and writable misses nothing; the core cuts that to the interest. */
EVIO__APART static uint32_t evio__epoll_readiness_closed(uint32_t events)
{
    uint32_t readiness = events & EVIO__EPOLL_SAME;
    if ((events & EPOLLRDHUP) != 0) {
        readiness |= EVIO_READABLE | EVIO_READ_CLOSED;
    }
    if ((events & EPOLLERR) != 0) {
        readiness |= EVIO_READABLE | EVIO_WRITABLE | EVIO_ERROR |
                     EVIO__READY_PIPE_BROKEN;
    }
    if ((events & EPOLLHUP) != 0) {
        readiness |= EVIO_READABLE | EVIO_WRITABLE | EVIO_READ_CLOSED |
                     EVIO_WRITE_CLOSED;
    }
    return readiness;
}

static inline uint32_t evio__epoll_readiness(uint32_t events)
{
    return (events & ~EVIO__EPOLL_SAME) == 0
               ? events
               : evio__epoll_readiness_closed(events);
}

#endif
