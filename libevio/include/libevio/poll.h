/* SPDX-License-Identifier: MIT */
/**
 * @file poll.h
 * The poll, its registry and its event buffer: the heart of libevio.
 *
 * The life of a poll: evio_poll_new(); register sources with the registry of
 * the poll; in a loop evio_poll_wait(), then evio_events_next() until it is
 * empty; evio_poll_free().
 *
 * Guarantees, on every selector:
 *
 * - *No stale event.* After evio_deregister(), or a close through the library,
 *   returned on the polling thread, no event of that registration is delivered
 *   any more, not even one that already sits in the buffer. A token may
 *   therefore be a pointer that is freed right after. When another thread
 *   deregisters, no later evio_events_next() delivers one.
 * - *The end of a turn.* In edge mode a direction is reported again after an
 *   operation in it would block or, on streams and pipes, moved fewer bytes
 *   than asked: there is no need to run into would-block. The exception is an
 *   event with EVIO_READ_CLOSED: then read to the end of file. Whoever takes
 *   out-of-band data or descriptors goes on to would-block as well, because a
 *   receive stops short at them. The I/O functions of tcp.h, udp.h, uds.h and
 *   pipe.h do what the selector needs for this; after I/O made elsewhere call
 *   evio_rearm().
 * - *Spurious events are legal.* An event means "try now". Would-block is an
 *   answer, not a failure.
 * - *Never early.* A wait without events lasts at least its timeout, whatever
 *   happens inside.
 * - *No allocation* in wait, next, wake, rearm and I/O. Registration takes
 *   from a slab, which grows.
 *
 * Portability: which hints (event.h) appear differs by system and selector;
 * docs/PORTABILITY.md has the table. Code that acts on readable and writable
 * alone is right everywhere.
 */
#ifndef EVIO_POLL_H
#define EVIO_POLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libevio/attr.h>
#include <libevio/event.h>
#include <libevio/interest.h>
#include <libsock/error.h>
#include <libsock/types.h>

EVIO_BEGIN

/** A poll: opaque; used by one thread at a time. */
typedef struct evio_poll evio_poll;

/** The part of a poll that other threads may hold: opaque, reference-counted.
 */
typedef struct evio_registry evio_registry;

/** Room for the events of one wait, reused for the next: opaque. */
typedef struct evio_events evio_events;

/** Anything that can be registered; see source.h. */
typedef struct evio_source evio_source;

/** A timeout that never ends. */
#define EVIO_FOREVER UINT64_MAX

/** Selectors. */
enum evio_selector {
    EVIO_SELECTOR_AUTO = 0, /**< EVIO_SELECTOR=name, else the best there is. */
    EVIO_SELECTOR_EPOLL = 1,
    EVIO_SELECTOR_POLL = 2
};

/** Options of a poll. Set `size` to the size of the structure, all unused
 *  fields to 0. */
typedef struct evio_poll_options {
    size_t size;  /**< sizeof(evio_poll_options). */
    int selector; /**< An `enum evio_selector`. */
} evio_poll_options;

/** Initialiser of an evio_poll_options that asks for nothing. */
#define EVIO_POLL_OPTIONS_INIT                  \
 {                                              \
  sizeof(evio_poll_options), EVIO_SELECTOR_AUTO \
 }

/** Counters of a poll since its birth. Set `size` before asking. */
typedef struct evio_poll_stats {
    size_t size;     /**< sizeof(evio_poll_stats). */
    uint64_t waits;  /**< Calls of evio_poll_wait() that reached the OS. */
    uint64_t events; /**< Events delivered by evio_events_next(). */
    uint64_t stale;  /**< Events silenced because their registration ended. */
} evio_poll_stats;

/**
 * Make a poll.
 *
 * @param      options   NULL for the defaults.
 * @param[out] out_poll  The poll.
 *
 * @return 0; kind INVALID_INPUT for NULL, a wrong `size`, unknown non-zero
 *         bytes, or an unknown selector or name in EVIO_SELECTOR; kind
 *         UNSUPPORTED for a selector that is not in this build; else what the
 *         OS said.
 *
 * Ownership: freed with evio_poll_free().
 * Threads:   any.
 * Platforms: the environment variable EVIO_SELECTOR (epoll, poll) decides
 *            when `selector` is AUTO; it is ignored in setuid programs.
 * Since:     0.1
 */
EVIO_API int evio_poll_new(const evio_poll_options *options,
                           evio_poll **out_poll);

/**
 * Free a poll. Its registry answers kind BAD_DESCRIPTOR from now on. Sources
 * that are still registered stay usable: deregister or close them as ever; the
 * last one gives the remaining memory back.
 *
 * @param poll  The poll, or NULL.
 *
 * Threads:   none may be waiting.
 * Since:     0.1
 */
EVIO_API void evio_poll_free(evio_poll *poll);

/**
 * The registry of a poll.
 *
 * @param poll  The poll, or NULL.
 *
 * @return the registry, or NULL for NULL.
 *
 * Ownership: lent, as long as the poll lives; evio_registry_ref() keeps it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API evio_registry *evio_poll_registry(evio_poll *poll);

/**
 * Wait until something is ready, for at most a while.
 *
 * What is left in `events` from the wait before is dropped, except wakes,
 * which are reported again. Wakes that are left in another buffer stay there
 * until it is emptied or freed.
 *
 * @param poll        The poll.
 * @param events      Takes up to its capacity; the rest comes with the next
 *                    wait.
 * @param timeout_ns  Nanoseconds; 0 looks without waiting; EVIO_FOREVER.
 *
 * @return how many events were collected, 0 when the time was used up. Fewer
 *         may be delivered, when registrations end in between. Kind
 *         INTERRUPTED when a signal came; INVALID_INPUT for NULL; BUSY when
 *         another thread is waiting on this poll; else what the OS said.
 *
 * Threads:   one at a time; others may register and wake meanwhile.
 * Blocking:  up to the timeout, and never less when 0 is returned.
 * Since:     0.1
 */
EVIO_API int evio_poll_wait(evio_poll *poll, evio_events *events,
                            uint64_t timeout_ns);

/**
 * Wait until something is ready, or until a moment has come.
 *
 * @param poll         The poll.
 * @param events       As evio_poll_wait().
 * @param deadline_ns  A moment of evio_now_ns(); one that has passed looks
 *                     without waiting; EVIO_FOREVER.
 *
 * @return as evio_poll_wait().
 *
 * Threads:   one at a time.
 * Blocking:  up to the deadline.
 * Since:     0.1
 */
EVIO_API int evio_poll_wait_until(evio_poll *poll, evio_events *events,
                                  uint64_t deadline_ns);

/**
 * The clock of the deadlines: it never goes back and counts no sleep of the
 * machine (CLOCK_MONOTONIC).
 *
 * @return nanoseconds since some moment before the program began.
 *
 * Threads:   any; async-signal-safe.
 * Since:     0.1
 */
EVIO_API uint64_t evio_now_ns(void);

/**
 * The selector that a poll runs on.
 *
 * @param poll  The poll.
 *
 * @return an `enum evio_selector`; kind INVALID_INPUT for NULL.
 *
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_poll_selector(const evio_poll *poll);

/**
 * The name of a selector, as the environment variable spells it.
 *
 * @param selector  An `enum evio_selector`.
 *
 * @return "epoll", "poll"...; NULL when this build does not have it.
 *
 * Ownership: static.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API const char *evio_selector_name(int selector);

/**
 * The selector of a name, for a program's own option.
 *
 * @param name  As evio_selector_name() gives it; NUL-terminated.
 *
 * @return an `enum evio_selector`; kind NOT_FOUND when this build has none of
 *         that name; kind INVALID_INPUT for NULL.
 *
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_selector_from_name(const char *name);

/**
 * The descriptor of the selector itself, to nest it in another loop: it is
 * readable while the poll has events.
 *
 * @param      poll     The poll.
 * @param[out] out_raw  The descriptor.
 *
 * @return 0; kind UNSUPPORTED when the selector has none (poll); kind
 *         INVALID_INPUT for NULL.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_poll_raw(const evio_poll *poll, libsock_raw *out_raw);

/**
 * The counters of a poll.
 *
 * @param         poll       The poll.
 * @param[in,out] out_stats  `size` set by the caller; the rest is written.
 *
 * @return 0; kind INVALID_INPUT for NULL or a wrong `size`.
 *
 * Threads:   the one that waits.
 * Since:     0.1
 */
EVIO_API int evio_poll_get_stats(const evio_poll *poll,
                                 evio_poll_stats *out_stats);

/**
 * Keep a registry beyond its poll, or on another thread.
 *
 * @param registry  The registry, or NULL.
 *
 * @return `registry`.
 *
 * Ownership: give it back with evio_registry_unref().
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API evio_registry *evio_registry_ref(evio_registry *registry);

/**
 * Give a registry back.
 *
 * @param registry  The registry, or NULL.
 *
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API void evio_registry_unref(evio_registry *registry);

/**
 * Begin to watch a source. A wait that is going on takes it into account.
 *
 * @param registry  Where.
 * @param source    What; not registered anywhere. It may move in memory, but
 *                  what it refers to must stay open until deregistered.
 * @param token     Comes back with every event; need not be unique.
 * @param interest  Directions and mode; see interest.h.
 *
 * @return 0; kind INVALID_INPUT for NULL, no direction, unknown bits, or two
 *         modes; ALREADY_EXISTS when the source, or its descriptor, is
 *         registered; BAD_DESCRIPTOR when the source is empty or closed, or
 *         the poll was freed; PERMISSION_DENIED for a descriptor that cannot be
 *         waited for, such as a regular file (epoll); UNSUPPORTED for a mode
 *         that the selector lacks; OUT_OF_MEMORY. On failure nothing changed.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. One system call on epoll.
 * Since:     0.1
 */
EVIO_API int evio_register(evio_registry *registry, evio_source *source,
                           uint64_t token, uint32_t interest);

/**
 * Replace token, directions and mode of a registration, and look anew: what is
 * ready now is reported again.
 *
 * @param registry  Where the source is registered.
 * @param source    What.
 * @param token     The new token.
 * @param interest  The new directions and mode.
 *
 * @return 0; kind NOT_FOUND when the source is not registered; ALREADY_EXISTS
 *         when it is, but elsewhere; otherwise as evio_register(). On failure
 *         the registration is as before.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. One system call on epoll.
 * Since:     0.1
 */
EVIO_API int evio_reregister(evio_registry *registry, evio_source *source,
                             uint64_t token, uint32_t interest);

/**
 * Stop watching a source; see the first guarantee above.
 *
 * @param registry  Where the source is registered.
 * @param source    What.
 *
 * @return 0; kind NOT_FOUND when the source is not registered, ALREADY_EXISTS
 *         when it is, but elsewhere: then nothing changed. Any other failure
 *         is what the OS said (BAD_DESCRIPTOR when the descriptor was closed
 *         too early); the registration has ended all the same.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. One system call on epoll.
 * Since:     0.1
 */
EVIO_API int evio_deregister(evio_registry *registry, evio_source *source);

/**
 * Make room for events.
 *
 * @param      capacity    1 to 1 048 576 events: the most that one wait
 *                         collects, on every selector.
 * @param[out] out_events  The buffer.
 *
 * @return 0; kind INVALID_INPUT for a capacity out of range or NULL;
 *         OUT_OF_MEMORY.
 *
 * Ownership: freed with evio_events_free().
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_events_new(size_t capacity, evio_events **out_events);

/**
 * Free a buffer of events. What was not delivered is dropped, except wakes,
 * which the next wait reports.
 *
 * @param events  The buffer, or NULL.
 *
 * Threads:   any, when no wait uses it.
 * Since:     0.1
 */
EVIO_API void evio_events_free(evio_events *events);

/**
 * Take the next event. Registrations that ended since the wait are passed
 * over.
 *
 * @param      events     The buffer.
 * @param[out] out_event  The event.
 *
 * @return true when there was one; false when none is left, or for NULL.
 *
 * Threads:   the one that waits.
 * Since:     0.1
 */
EVIO_API bool evio_events_next(evio_events *events, evio_event *out_event);

/**
 * How many events a wait can collect.
 *
 * @param events  The buffer, or NULL.
 *
 * @return the capacity; 0 for NULL.
 *
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API size_t evio_events_capacity(const evio_events *events);

/** How libevio gets memory. All three must be given. */
typedef struct evio_allocator {
    size_t size;                         /**< sizeof(evio_allocator). */
    void *(*alloc)(void *ctx, size_t n); /**< As malloc(); NULL: none left. */
    void (*release)(void *ctx, void *p); /**< As free(); `p` may be NULL. */
    void *ctx;                           /**< Handed to both. */
} evio_allocator;

/**
 * Choose where libevio's memory comes from: once, before anything else.
 *
 * @param allocator  Copied; NULL for malloc() and free().
 *
 * @return 0; kind INVALID_INPUT for a wrong `size` or a missing function.
 *
 * Threads:   none may be using the library.
 * Since:     0.1
 */
EVIO_API int evio_set_allocator(const evio_allocator *allocator);

EVIO_END

#endif
