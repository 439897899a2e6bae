/* SPDX-License-Identifier: MIT */
/*
 * The bits of base/ready.h as poll()'s, there and back: pure, so that every
 * combination is tested. On Linux they are the same.
 */
#ifndef EVIO__POLL_FLAGS_H
#define EVIO__POLL_FLAGS_H

#include <stdint.h>

#include "base/ready.h"
#include "sys/posix/platform.h"

/* The peer's half-close; a Linux invention. */
#if defined(POLLRDHUP)
# define EVIO__POLLRDHUP POLLRDHUP
#else
# define EVIO__POLLRDHUP 0
#endif

static inline short evio__poll_events(uint32_t bits)
{
    int events = 0;
    events |= (bits & EVIO__IN) != 0 ? POLLIN : 0;
    events |= (bits & EVIO__OUT) != 0 ? POLLOUT : 0;
    events |= (bits & EVIO__PRI) != 0 ? POLLPRI : 0;
    events |= (bits & EVIO__RDHUP) != 0 ? EVIO__POLLRDHUP : 0;
    return (short)events;
}

/* POLLNVAL has no bit: a closed descriptor reports nothing. */
static inline uint32_t evio__poll_bits(short revents)
{
    uint32_t bits = 0;
    bits |= (revents & POLLIN) != 0 ? EVIO__IN : 0;
    bits |= (revents & POLLOUT) != 0 ? EVIO__OUT : 0;
    bits |= (revents & POLLPRI) != 0 ? EVIO__PRI : 0;
    bits |= (revents & POLLERR) != 0 ? EVIO__ERR : 0;
    bits |= (revents & POLLHUP) != 0 ? EVIO__HUP : 0;
    bits |= (revents & EVIO__POLLRDHUP) != 0 ? EVIO__RDHUP : 0;
    return bits;
}

#endif
