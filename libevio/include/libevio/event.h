/* SPDX-License-Identifier: MIT */
/**
 * @file event.h
 * One event: whose it is, and what may be tried now.
 */
#ifndef EVIO_EVENT_H
#define EVIO_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include <libevio/attr.h>
#include <libevio/interest.h>

/*
 * The bits of an event are those of interest.h: directions that were requested,
 * and hints. A hint may be missing, but none is wrong at the time of the event.
 * (A TCP socket that was never connected is closed both ways, and opens when it
 * connects.) The operation itself has the last word. A source that hung up or
 * failed is also reported as readable and writable, if that was requested, so a
 * loop that tests these two alone misses nothing. EVIO_READ_CLOSED of a
 * half-close needs EVIO_READABLE or EVIO_CLOSED in the interest. An event has
 * at least one bit.
 */

/** One event; 16 bytes, copyable. */
typedef struct evio_event {
    uint64_t token;     /**< As given at registration; may be a pointer. */
    uint32_t readiness; /**< OR of directions and hints. */
    /** The selector's own bits, for programs that must distinguish what
     *  readiness combines: `events` of epoll_wait(2), `revents` of poll(2). 0
     *  for an event of no descriptor (wakers, triggers, evio_again()). */
    uint32_t detail;
} evio_event;

/** @return a token that is a pointer; evio_event_pointer() gives it back. */
EVIO__KEEPS_ONLY(1)
EVIO_INLINE uint64_t evio_token_of(const void *pointer)
{
    return (uintptr_t)pointer;
}

/** @return the pointer of an event whose token came from evio_token_of(). */
EVIO_INLINE void *evio_event_pointer(const evio_event *event)
{
    return (void *)(uintptr_t)event->token;
}

/** @return whether reading or accepting may be tried. */
EVIO_INLINE bool evio_is_readable(const evio_event *event)
{
    return (event->readiness & EVIO_READABLE) != 0;
}

/** @return whether writing may be tried, or a connect has ended. */
EVIO_INLINE bool evio_is_writable(const evio_event *event)
{
    return (event->readiness & EVIO_WRITABLE) != 0;
}

/** @return whether priority data is there. */
EVIO_INLINE bool evio_is_priority(const evio_event *event)
{
    return (event->readiness & EVIO_PRIORITY) != 0;
}

/** @return whether an error waits on the descriptor. */
EVIO_INLINE bool evio_is_error(const evio_event *event)
{
    return (event->readiness & EVIO_ERROR) != 0;
}

/** @return whether reading is known to end. */
EVIO_INLINE bool evio_is_read_closed(const evio_event *event)
{
    return (event->readiness & EVIO_READ_CLOSED) != 0;
}

/** @return whether writing is known to fail from now on. */
EVIO_INLINE bool evio_is_write_closed(const evio_event *event)
{
    return (event->readiness & EVIO_WRITE_CLOSED) != 0;
}

/** @return whether the peer closed, at least half; needs EVIO_CLOSED. */
EVIO_INLINE bool evio_is_closed(const evio_event *event)
{
    return (event->readiness & EVIO_CLOSED) != 0;
}

/** @return whether it hung up or failed; needs EVIO_HANGUP. */
EVIO_INLINE bool evio_is_hangup(const evio_event *event)
{
    return (event->readiness & EVIO_HANGUP) != 0;
}

#endif
