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

/**
 * What an event may say beyond EVIO_READABLE, EVIO_WRITABLE and EVIO_PRIORITY.
 * These are hints: one may be missing, but none is wrong about the moment of
 * the event. (A TCP socket that was never connected is closed both ways, and
 * opens when it connects.) The operation itself tells the truth. A source that
 * hung up or failed is also reported as readable and writable, as far as that
 * was asked for, so a loop that looks at these two alone misses nothing.
 */
enum evio_hint {
    EVIO_ERROR = 0x10,       /**< An error waits on the descriptor. */
    EVIO_READ_CLOSED = 0x20, /**< Reading will end: read on to end of file. */
    EVIO_WRITE_CLOSED = 0x40 /**< Writing fails from now on. */
};

/** One event; 16 bytes, copyable. */
typedef struct evio_event {
    uint64_t token;     /**< As given at registration; may be a pointer. */
    uint32_t readiness; /**< OR of the bits above. */
    uint32_t reserved;  /**< Zero. */
} evio_event;

/** @return a token that is a pointer; evio_event_pointer() gives it back. */
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

#endif
