/* SPDX-License-Identifier: MIT */
/**
 * @file source.h
 * Anything that can be registered: a socket, a descriptor of any sort, or an
 * object of the user that is made of such.
 *
 * An evio_source lives inside the user's structure, holds no memory of its own
 * and owns nothing: who opened a descriptor closes it. (The types of tcp.h,
 * udp.h, uds.h and pipe.h do own theirs.) All zeros is a source that refers to
 * nothing; using it is an error, never an accident.
 */
#ifndef EVIO_SOURCE_H
#define EVIO_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libevio/attr.h>
#include <libevio/poll.h>
#include <libsock/types.h>

EVIO_BEGIN

/**
 * What a composite source does when it is registered: hand the call on to the
 * sources that it is made of. Each function has the contract of the function
 * evio_register(), evio_reregister() or evio_deregister(), and its result is
 * returned as it is.
 */
typedef struct evio_source_ops {
    size_t size; /**< sizeof(evio_source_ops). */
    int (*add)(evio_source *source, evio_registry *registry, uint64_t token,
               uint32_t interest);
    int (*modify)(evio_source *source, evio_registry *registry, uint64_t token,
                  uint32_t interest);
    int (*remove)(evio_source *source, evio_registry *registry);
} evio_source_ops;

/**
 * A source; private fields, 32 bytes where pointers have 64 bits. It may move
 * in memory, registered or not: the library keeps no pointer to it. Of two
 * copies, use one.
 */
struct evio_source {
    evio_registry *registry;    /**< Private: NULL when not registered. */
    const evio_source_ops *ops; /**< Private: NULL refers to nothing. */
    uint32_t slot;              /**< Private. */
    uint32_t generation;        /**< Private. */
    int32_t raw;    /**< Private: a descriptor, where there is one. */
    uint32_t flags; /**< Private. */
};

/**
 * A source for a socket of libsock.
 *
 * @param      sock        Open socket, normally non-blocking.
 * @param[out] out_source  The source.
 *
 * @return 0; kind BAD_DESCRIPTOR when the socket is not open; INVALID_INPUT
 *         for NULL.
 *
 * Ownership: the socket is lent: deregister before closing it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_source_from_socket(libsock_socket sock,
                                     evio_source *out_source);

/**
 * A source for any descriptor that the OS can wait for: eventfd, timerfd,
 * signalfd, pidfd, inotify, a terminal, a descriptor of another library.
 *
 * @param      fd          Open descriptor, normally non-blocking.
 * @param[out] out_source  The source.
 *
 * @return 0; kind BAD_DESCRIPTOR when no descriptor can have that number;
 * INVALID_INPUT for NULL.
 *
 * Ownership: the descriptor is lent: deregister before closing it.
 * Threads:   any.
 * Platforms: Unix; kind UNSUPPORTED on Windows.
 * Since:     0.1
 */
EVIO_API int evio_source_from_fd(libsock_raw fd, evio_source *out_source);

/**
 * A source that is made of others.
 *
 * @param      ops         What registering it does; must outlive the source.
 * @param[out] out_source  The source, inside the user's structure.
 *
 * @return 0; kind INVALID_INPUT for NULL, a wrong `size` or a missing
 *         function.
 *
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_source_from_ops(const evio_source_ops *ops,
                                  evio_source *out_source);

/**
 * Whether a source is registered. A composite never is: its parts are.
 *
 * @param source  The source, or NULL.
 *
 * @return true between a successful evio_register() and the end of that
 *         registration.
 *
 * Threads:   the one that uses the source.
 * Since:     0.1
 */
EVIO_API bool evio_source_is_registered(const evio_source *source);

/**
 * After I/O that was made outside of the library and would have blocked, or on
 * a stream moved fewer bytes than requested: re-arm directions of an edge
 * registration. Directions that are not disarmed stay as they are, so one
 * direction never makes the other be reported again.
 *
 * Not for stopping before would-block: then a selector of the kernel that has
 * edges of its own (epoll) reports nothing before new data come, and the others
 * report at once. That is what evio_again() is for.
 *
 * @param source      Registered source.
 * @param directions  OR of EVIO_READABLE, EVIO_PRIORITY, EVIO_WRITABLE and
 *                    EVIO_CLOSED; others than those of the interest are passed
 *                    over.
 *
 * @return 0; kind NOT_FOUND when not registered; BAD_DESCRIPTOR when the poll
 *         was freed; INVALID_INPUT for NULL, no direction or unknown bits;
 *         UNSUPPORTED for a composite: re-arm its parts.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. No system call on epoll; in level and oneshot mode there
 *            is nothing to do.
 * Since:     0.1
 */
EVIO_API int evio_rearm(evio_source *source, uint32_t directions);

/**
 * Have the next wait report directions that the program did not drain: the way
 * to a budget per event. It works on every selector and needs no system call
 * when no thread waits. The event comes even if another thread drains the
 * direction meanwhile.
 *
 * @param source      Registered source; also in oneshot mode, which it does not
 *                    re-arm: the event comes once more.
 * @param directions  As evio_rearm().
 *
 * @return 0, also in level mode, where the selector reports the directions
 *         anyway; errors as evio_rearm().
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. One system call when a thread waits and was not woken yet.
 * Since:     0.1
 */
EVIO_API int evio_again(evio_source *source, uint32_t directions);

/**
 * End a registration whose descriptor was closed elsewhere, without touching
 * the number, which may be another file's by now.
 *
 * @param source  Registered source.
 *
 * @return 0; kind NOT_FOUND when not registered, and when the number was
 *         registered for another source meanwhile: then that had ended the
 *         registration; INVALID_INPUT for NULL; UNSUPPORTED for a composite:
 *         forget its parts.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. No system call on epoll; on poll one when another thread
 *            waits.
 * Platforms: on epoll a duplicate of the descriptor that is open elsewhere
 *            keeps the kernel's entry. Its events are dropped; in level mode
 *            they keep each wait from sleeping until its time is used up.
 *            poll(2) is given numbers alone: until the registration ends, or
 *            the number is registered again, it reports a file that got the
 *            number as the old one. Deregister before closing where that can
 *            be.
 * Since:     0.1
 */
EVIO_API int evio_source_forget(evio_source *source);

EVIO_END

#endif
