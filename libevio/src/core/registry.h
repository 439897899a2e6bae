/* SPDX-License-Identifier: MIT */
/*
 * The shared half of a poll: selector, records, lock and life. References are
 * held by the poll, by users, by wakers and triggers, by event buffers, and by
 * each registration, so that a source outlives its poll safely.
 */
#ifndef EVIO__REGISTRY_H
#define EVIO__REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

#include <libevio/poll.h>
#include <libevio/source.h>

#include "base/atomic.h"
#include "base/by_handle.h"
#include "base/slab.h"
#include "sys/lock.h"
#include "sys/selector.h"

/* `state`. Between two waits it usually is 0: then a wait need not test any of
 * these. */
#define EVIO__STATE_WAITING   1u  /* a thread is in a wait */
#define EVIO__STATE_SIGNALLED 2u  /* the wakeup was signalled since */
#define EVIO__STATE_NESTED    4u  /* the descriptor was given out */
#define EVIO__STATE_FORKED    8u  /* selector and wakeup are the parent's */
#define EVIO__STATE_CLOSED    16u /* the poll was freed */
#define EVIO__STATE_QUEUED    32u /* the queue of posted records is not empty */

struct evio_registry {
    evio__host host;           /* first: a selector's host is its registry */
    evio__atomic32 state;      /* EVIO__STATE_… */
    evio__atomic32 posted;     /* a slot: the list of posted records, newest
                                  first; see posted.h */
    evio__atomic32 fifo_first; /* slots taken off the list, oldest first; */
    uint32_t fifo_last;        /*  written by the waiting thread */
    evio__atomic_ptr buffer; /* that the last wait filled; written under lock */
    const evio__selector_ops *ops;
    evio__selector *selector; /* lock; NULL when closed with the poll */
    evio__wakeup wakeup;
    evio__by_handle by_handle; /* lock */
    evio__atomic32 refs;
    bool kernel_first; /* waiting thread: posted events filled the last batch */
    uint32_t ended; /* records that ended while posted, since a sweep; lock */
    bool inherited; /* by fork; written while no other thread exists */
    uint64_t waits; /* waiting thread, as the four below */
    uint64_t collected; /* entries that came into a buffer */
    uint64_t dropped;   /* those that were not delivered */
    uint64_t stale;
    uint64_t empty;
    evio_registry *fork_next; /* fork.c */
    evio_registry *fork_previous;
};

/* What a registration is made of. */
typedef struct evio__registration {
    uint64_t token;
    uint32_t interest; /* may have private bits */
} evio__registration;

int evio__registry_new(const evio__selector_ops *ops,
                       evio_registry **out_registry);
/* The poll is freed: the selector is closed, the registry refuses. */
void evio__registry_close(evio_registry *registry);
int evio__registry_raw(evio_registry *registry, libsock_raw *out_raw);

/* Register the descriptor of a source. The source is complete before the
 * selector knows it, and is not touched after. */
int evio__registry_add(evio_registry *registry, evio_source *source,
                       evio__registration what);
int evio__registry_modify(evio_registry *registry, evio_source *source,
                          evio__record *record, evio__registration what);
int evio__registry_remove(evio_registry *registry, evio__record *record,
                          enum evio__removal why);
int evio__registry_rearm(evio_registry *registry, evio__record *record,
                         uint32_t directions);

/*
 * Records that only posts make ready. `take` holds the slot and a reference,
 * and begins no registration; `give` returns both. In between registrations
 * begin, change and end; who posts checks EVIO__POSTED_ENDED.
 */
int evio__registry_take_posted(evio_registry *registry,
                               evio__record **out_record);
void evio__registry_give_posted(evio_registry *registry, evio__record *record);
int evio__registry_add_posted(evio_registry *registry, evio_source *source,
                              evio__record *record, evio__registration what);
void evio__registry_modify_posted(evio_registry *registry, evio_source *source,
                                  evio__record *record,
                                  evio__registration what);
void evio__registry_end_posted(evio_registry *registry, evio__record *record);

/* Lock held: one holder (a bit of `posted`) gives up a slot. */
void evio__record_drop(evio_registry *registry, evio__record *record,
                       uint32_t holder);

/* Token and interest of one registration, whatever another thread does. */
evio__registration evio__record_read(const evio_registry *registry,
                                     const evio__record *record);

/* Lock held, in a forked child: a selector and a wakeup of its own. */
int evio__registry_after_fork(evio_registry *registry);

static inline bool evio__registry_is_open(const evio_registry *registry)
{
    return (evio__load32(&registry->state) & EVIO__STATE_CLOSED) == 0;
}

static inline void evio__registry_lock(const evio_registry *registry)
{
    evio__lock_acquire(registry->host.lock);
}

static inline void evio__registry_unlock(const evio_registry *registry)
{
    evio__lock_release(registry->host.lock);
}

#endif
