/* SPDX-License-Identifier: MIT */
/**
 * @file waker.h
 * Wake a poll from another thread, or from a signal handler.
 */
#ifndef EVIO_WAKER_H
#define EVIO_WAKER_H

#include <stdint.h>

#include <libevio/attr.h>
#include <libevio/poll.h>

EVIO_BEGIN

/** A waker: opaque; shared by any number of threads. A poll may have any
 * number: they share one wakeup, and none opens a descriptor of its own. */
typedef struct evio_waker evio_waker;

/**
 * Make a waker.
 *
 * @param      registry   Whom to wake.
 * @param      token      Comes with the event of a wake.
 * @param[out] out_waker  The waker.
 *
 * @return 0; kind INVALID_INPUT for NULL; BAD_DESCRIPTOR when the poll was
 *         freed; OUT_OF_MEMORY.
 *
 * Ownership: freed with evio_waker_free().
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_waker_new(evio_registry *registry, uint64_t token,
                            evio_waker **out_waker);

/**
 * Free a waker. A wake that was not delivered yet is dropped.
 *
 * @param waker  The waker, or NULL.
 *
 * Threads:   no other may be using it.
 * Since:     0.1
 */
EVIO_API void evio_waker_free(evio_waker *waker);

/**
 * Wake the poll: the wait that is going on, or else the next one, reports one
 * readable event with the waker's token. Wakes between two such events are one
 * wake. What the calling thread did before is seen by the thread that takes the
 * event.
 *
 * @param waker  The waker.
 *
 * @return 0, also after the poll was freed: nobody is left to wake. Kind
 *         INVALID_INPUT for NULL; else what the OS returned for the wakeup: the
 *         wake is pending all the same, and waking again tries again.
 *
 * Threads:   any; async-signal-safe.
 * Blocking:  never. One system call when a thread waits and was not woken yet,
 *            else none, however many wakes there are.
 * Since:     0.1
 */
EVIO_API int evio_wake(evio_waker *waker);

EVIO_END

#endif
