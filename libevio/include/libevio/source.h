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

/** A source; private fields. It may be copied to another place by memcpy()
 * while it is not registered; of two copies, use one. */
struct evio_source {
    libsock_raw raw;            /**< Private. */
    evio_registry *registry;    /**< Private: NULL when not registered. */
    const evio_source_ops *ops; /**< Private: of a composite. */
    uint32_t slot;              /**< Private. */
    uint32_t generation;        /**< Private. */
    uint32_t kind;              /**< Private: 0 refers to nothing. */
    uint32_t flags;             /**< Private. */
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
 * @return 0; kind BAD_DESCRIPTOR when negative or too large; INVALID_INPUT for
 *         NULL.
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
 * Say that an operation made outside the library would have blocked, or moved
 * fewer bytes than asked, so that an edge registration reports the directions
 * again. Directions that were not silenced stay as they are, so one direction
 * never re-reports the other.
 *
 * @param source      Registered source.
 * @param directions  OR of `enum evio_direction`; others than those asked for
 *                    at registration are passed over.
 *
 * @return 0; kind NOT_FOUND when not registered; BAD_DESCRIPTOR when the poll
 *         was freed; INVALID_INPUT for NULL, no direction or unknown bits;
 *         UNSUPPORTED for a composite: rearm its parts.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. No system call on epoll; in level and oneshot mode there
 *            is nothing to do.
 * Since:     0.1
 */
EVIO_API int evio_rearm(evio_source *source, uint32_t directions);

EVIO_END

#endif
