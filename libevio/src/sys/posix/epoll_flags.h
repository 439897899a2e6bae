/* SPDX-License-Identifier: MIT */
/*
 * What interest means to epoll: pure, so that every combination of bits is
 * tested. What epoll's events mean needs no translation: base/ready.h.
 */
#ifndef EVIO__EPOLL_FLAGS_H
#define EVIO__EPOLL_FLAGS_H

#include <stdint.h>

#include "base/ready.h"
#include "sys/posix/platform.h"

_Static_assert(EVIO__IN == (uint32_t)EPOLLIN &&
                   EVIO__PRI == (uint32_t)EPOLLPRI &&
                   EVIO__OUT == (uint32_t)EPOLLOUT &&
                   EVIO__ERR == (uint32_t)EPOLLERR &&
                   EVIO__HUP == (uint32_t)EPOLLHUP &&
                   EVIO__RDHUP == (uint32_t)EPOLLRDHUP,
               "epoll's bits are those of base/ready.h");
_Static_assert(sizeof(evio__ready) == sizeof(struct epoll_event) &&
                   offsetof(evio__ready, bits) ==
                       offsetof(struct epoll_event, events) &&
                   offsetof(evio__ready, key) ==
                       offsetof(struct epoll_event, data),
               "an entry of a batch is a struct epoll_event");

static inline uint32_t evio__epoll_mask(uint32_t interest)
{
    uint32_t mask = evio__ready_wanted(interest);
    if ((interest & EVIO_EXCLUSIVE) != 0) {
        /* EINVAL with the half-close hint (Linux); a loss of no event. */
        mask = (mask & ~EVIO__RDHUP) | EPOLLEXCLUSIVE;
    }
    if ((interest & EVIO_ONESHOT) != 0) {
        mask |= EPOLLONESHOT;
    } else if ((interest & EVIO_LEVEL) == 0) {
        mask |= EPOLLET;
    }
    return mask;
}

#endif
