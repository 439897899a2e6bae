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
 *   deregisters, no later evio_events_next() delivers one. Likewise, after
 *   evio_reregister() returned no event comes under the old token or for the
 *   old interest.
 * - *No event lost.* What a program leaves in the buffer comes back with the
 *   next wait. A half-close of the peer is reported even while reading is
 *   disarmed.
 * - *Registration from any thread*, also while another one waits. The source is
 *   complete before the selector can report it: the waiting thread may read,
 *   close and free it before evio_register() or evio_reregister() has returned.
 * - *When to stop reading or writing.* In edge mode a direction is reported
 *   again after an operation in it would block (EAGAIN): draining until
 *   would-block is always right. On a TCP stream, and on a pipe of bytes, an
 *   operation that moved fewer bytes than requested may end it earlier, which
 *   saves a system call. A short count does not end it on datagrams and accept;
 *   after an event with EVIO_READ_CLOSED (read to end of file); nor where the
 *   peer can send what ends a receive early, so that more may be behind it: TCP
 *   urgent data, and on AF_UNIX descriptors (SCM_RIGHTS), credentials with
 *   SO_PASSCRED, out-of-band bytes, SEQPACKET; pipes with O_DIRECT; terminals.
 *   A program that stops before would-block for other reasons, such as a budget
 *   per event, calls evio_again(). The I/O functions of tcp.h, udp.h, uds.h and
 *   pipe.h re-arm what the selector needs re-armed; after I/O made elsewhere
 *   call evio_rearm().
 * - *Spurious events are legal.* An event means "try now". Would-block is an
 *   answer, not a failure. A source may have two events in one wait, as when
 *   evio_again() and the selector both report it.
 * - *Never early.* A wait without events lasts at least its timeout, whatever
 *   happens inside.
 * - *No allocation* in wait, next, wake, rearm and I/O. Registration takes
 *   from a slab, which grows.
 *
 * fork() (and not vfork() or _Fork(), which run no handlers): the child's copy
 * of a poll has the same registrations, wakers and triggers. What the child
 * does with it never touches the parent's: the first wait or registration in
 * the child gives it a selector of its own, as evio_poll_after_fork() does at a
 * time that the program chooses; a child that only closes, deregisters and
 * frees what it inherited, in any order, needs neither. Another thread of
 * the parent may be in any call meanwhile; do not fork() from a signal handler.
 * A daemon that forks after set-up and lets the parent exit goes on as if
 * nothing had happened.
 *
 * Threads and cancellation: no function of libevio is a cancellation point, but
 * for I/O functions. A thread that is cancelled (pthread_cancel()) in a wait
 * ends when it comes to its next cancellation point after the wait: wake it.
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

/** A buffer for the events of one wait, reused for the next: opaque. */
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

/** Flags of evio_poll_options. */
enum evio_poll_flag {
    /** For tests: be as strict about re-arming as the strictest selector. epoll
     *  forgives a program that leaves a direction undrained without
     *  evio_again(), or does I/O elsewhere without evio_rearm(); with this flag
     *  it does not. Costs a system call for each re-arm. */
    EVIO_POLL_STRICT_REARM = 1
};

/** Options of a poll. Set `size` to the size of the structure, all unused
 *  fields to 0. */
typedef struct evio_poll_options {
    size_t size;    /**< sizeof(evio_poll_options). */
    int selector;   /**< An `enum evio_selector`. */
    unsigned flags; /**< OR of `enum evio_poll_flag`. */
} evio_poll_options;

/** Initialiser of an evio_poll_options: the defaults. */
#define EVIO_POLL_OPTIONS_INIT                     \
 {                                                 \
  sizeof(evio_poll_options), EVIO_SELECTOR_AUTO, 0 \
 }

/** Counters of a poll since it was made. Set `size` before the call. */
typedef struct evio_poll_stats {
    size_t size;     /**< sizeof(evio_poll_stats). */
    uint64_t waits;  /**< Waits, counted when they return. */
    uint64_t events; /**< Events delivered by evio_events_next(). */
    uint64_t stale;  /**< Events dropped because their registration had ended
                          or changed. */
    uint64_t empty;  /**< Rounds inside of waits that ended early and found
                          nothing to deliver: a spin shows here. */
} evio_poll_stats;

/**
 * Make a poll.
 *
 * @param      options   NULL for the defaults.
 * @param[out] out_poll  The poll.
 *
 * @return 0; kind INVALID_INPUT for NULL, a wrong `size`, unknown non-zero
 *         bytes or flags, or an unknown selector or name in EVIO_SELECTOR or
 *         EVIO_DEBUG; kind UNSUPPORTED for a selector that is not in this
 *         build; else what the OS returned.
 *
 * Ownership: freed with evio_poll_free().
 * Threads:   any.
 * Platforms: the environment variable EVIO_SELECTOR (epoll, poll) decides
 *            when `selector` is AUTO; EVIO_DEBUG=rearm adds
 *            EVIO_POLL_STRICT_REARM. Both are ignored in setuid programs.
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
 * What is left in `events` from the wait before comes again; likewise what is
 * left in another buffer that an earlier wait of this poll used. It comes with
 * this wait; where it fills the buffer, the wait after that begins with what is
 * new.
 *
 * @param poll        The poll.
 * @param events      Takes up to its capacity; the rest comes with the next
 *                    wait.
 * @param timeout_ns  Nanoseconds; 0 only checks; EVIO_FOREVER.
 *
 * @return how many entries were collected, 0 when the time was used up. At
 *         least one of them could be delivered when the wait returned; fewer
 *         may be, when registrations ended or changed, or an entry only ended
 *         the wait. Kind INTERRUPTED when a signal came; INVALID_INPUT for
 *         NULL; BUSY when another thread is waiting on this poll; else what the
 *         OS returned.
 *
 * Threads:   one at a time; others may register and wake meanwhile.
 * Blocking:  up to the timeout, and never less when 0 is returned.
 * Since:     0.1
 */
EVIO_API int evio_poll_wait(evio_poll *poll, evio_events *events,
                            uint64_t timeout_ns);

/**
 * Wait until something is ready, or until a deadline.
 *
 * @param poll         The poll.
 * @param events       As evio_poll_wait().
 * @param deadline_ns  An absolute time of evio_now_ns(); one that has passed
 *                     only checks; EVIO_FOREVER.
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
 * Wait with a limit of events and a signal mask of its own, as epoll_pwait(2)
 * and ppoll(2) do.
 *
 * @param poll         The poll.
 * @param events       As evio_poll_wait().
 * @param max_events   The most that this wait collects; 0, or more than the
 *                     capacity: the capacity. The rest comes with the next
 * wait.
 * @param timeout_ns   As evio_poll_wait().
 * @param signal_mask  A `const sigset_t *`, the thread's signal mask during the
 *                     wait, set and restored atomically in the same system
 *                     call; NULL leaves the mask alone.
 *
 * @return as evio_poll_wait(); kind UNSUPPORTED for a mask where the system has
 *         no signals.
 *
 * Threads:   one at a time.
 * Blocking:  as evio_poll_wait().
 * Platforms: Unix; on Windows `signal_mask` must be NULL. A signal that is
 *            pending is taken by a wait that would block; whether also by one
 *            that finds events or only checks is the kernel's choice (poll(2)
 *            does, epoll does not).
 * Since:     0.1
 */
EVIO_API int evio_poll_wait_masked(evio_poll *poll, evio_events *events,
                                   size_t max_events, uint64_t timeout_ns,
                                   const void *signal_mask);

/**
 * In the child of a fork(): give the poll a selector and a wakeup of its own,
 * with the same registrations. What is ready now is reported, so edge
 * registrations may be reported once more than they were armed; a oneshot that
 * was reported before stays disarmed. A registration whose descriptor the child
 * has closed meanwhile reports nothing; where the child has opened another file
 * of that number already, deregister the source first (epoll cannot tell).
 *
 * @param poll  The poll.
 *
 * @return 0, also when the poll has its own already; kind INVALID_INPUT for
 *         NULL, and where the poll was made by this process itself: then
 *         nothing changed; else what the OS returned: the poll then still has
 *         none, and the call can be tried again.
 *
 * Threads:   none may be waiting in the child.
 * Since:     0.1
 */
EVIO_API int evio_poll_after_fork(evio_poll *poll);

/**
 * The clock of the deadlines: it never goes back and counts no sleep of the
 * machine (CLOCK_MONOTONIC).
 *
 * @return nanoseconds since some time before the program began.
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
 * readable while a wait would find events, those of wakers, triggers and
 * evio_again() included; a wait may find none all the same. Empty the event
 * buffer before going back to the outer loop: what is left in it does not make
 * the descriptor readable. fork() changes the descriptor of the child.
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
 * The same, of the registry: for interfaces of the OS that take a
 * kernel's queue of events, such as POSIX AIO on kqueue.
 *
 * @param      registry  The registry.
 * @param[out] out_raw   The descriptor.
 *
 * @return as evio_poll_raw(); kind BAD_DESCRIPTOR when the poll was freed.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API int evio_registry_raw(const evio_registry *registry,
                               libsock_raw *out_raw);

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
 * @param source    What; not registered anywhere. It may move in memory while
 *                  it is registered. What it refers to must stay open until
 *                  deregistered; if it was closed elsewhere, end the
 *                  registration with evio_source_forget().
 * @param token     Comes back with every event; need not be unique.
 * @param interest  Directions and mode; see interest.h.
 *
 * @return 0; kind INVALID_INPUT for NULL, no direction, unknown bits, or two
 *         modes; ALREADY_EXISTS when the source, or its open descriptor,
 *         is registered here; BAD_DESCRIPTOR when the source is empty or
 * closed, or the poll was freed; PERMISSION_DENIED for a descriptor that cannot
 * be waited for, such as a regular file (epoll); UNSUPPORTED for a mode that
 * the selector lacks; OUT_OF_MEMORY. On failure nothing changed.
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. One system call on epoll.
 * Since:     0.1
 */
EVIO_API int evio_register(evio_registry *registry, evio_source *source,
                           uint64_t token, uint32_t interest);

/**
 * Replace token, directions and mode of a registration. What is ready now is
 * reported again, under the new token; what an earlier wait collected and has
 * not delivered is dropped.
 *
 * @param registry  Where the source is registered.
 * @param source    What.
 * @param token     The new token.
 * @param interest  The new directions and mode.
 *
 * @return 0; kind NOT_FOUND when the source is not registered, or its
 *         descriptor was closed and its number registered for another source;
 *         ALREADY_EXISTS when it is registered elsewhere; INVALID_INPUT for a
 *         registration with EVIO_EXCLUSIVE, and for adding it; otherwise as
 *         evio_register(). On failure the registration is as before.
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
 * @return 0; kind NOT_FOUND when the source is not registered; ALREADY_EXISTS
 *         when it is registered elsewhere: then nothing changed. After any
 *         other failure the registration has ended all the same: NOT_FOUND when
 *         the descriptor was closed and its number registered for another
 *         source, which is left alone; else what the OS returned
 *         (BAD_DESCRIPTOR when the descriptor was closed too early).
 *
 * Threads:   any; the source itself by one thread at a time.
 * Blocking:  never. One system call on epoll.
 * Since:     0.1
 */
EVIO_API int evio_deregister(evio_registry *registry, evio_source *source);

/**
 * Make a buffer for the events of a wait.
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
 * Free a buffer of events. What was not delivered comes with the next wait.
 *
 * @param events  The buffer, or NULL.
 *
 * Threads:   any, when no wait and no evio_events_next() uses it.
 * Since:     0.1
 */
EVIO_API void evio_events_free(evio_events *events);

/**
 * Take the next event. Events of registrations that ended or changed since the
 * wait are passed over.
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
