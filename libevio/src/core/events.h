/* SPDX-License-Identifier: MIT */
/* The event buffer as a wait sees it. Used by the waiting thread. */
#ifndef EVIO__EVENTS_H
#define EVIO__EVENTS_H

#include <libevio/poll.h>

#include "core/registry.h"
#include "sys/selector.h"

struct evio_events {
    evio__ready *next;       /* first entry that was not delivered */
    evio__ready *end;        /* behind the last */
    evio_registry *registry; /* whose keys the entries hold; a reference, but
                                for the one of buffers never filled */
    evio__batch batch;       /* all of it; its mask stays NULL */
    uint64_t timeout_ns;     /* of the wait that fills it */
};

/* Make this the buffer that a wait on `registry` fills: what was left in it, or
 * in the one that was filled before, is posted. */
void evio__events_claim(evio_events *events, evio_registry *registry);

static inline bool evio__events_is_claimed(const evio_events *events,
                                           const evio_registry *registry)
{
    return events->next == events->end &&
           evio__load_ptr_relaxed(&registry->buffer) == events;
}

/* In the child of a fork, its only thread: whatever was posted, and left in a
 * buffer, is on the list once, however far the parent's threads had come. */
void evio__events_after_fork(evio_registry *registry);

/* Pass over entries that cannot be delivered any more. False when none is
 * left. */
bool evio__events_skip_dead(evio_events *events);

/* Events that were delivered so far; waiting thread. */
uint64_t evio__events_delivered(const evio_registry *registry);

/*
 * The usual case: an entry of a registration that lives, and of nothing but
 * directions; of those the selector reports what was requested, and an equal
 * stamp means that this did not change. The stamp is read last: had another
 * thread begun to change the record, or the slot's next registration, before
 * the token was read, it would differ.
 */
static inline bool evio__events_read(const evio_registry *registry,
                                     const evio__ready *ready,
                                     evio_event *out_event)
{
    uint64_t slot = (uint32_t)ready->key;
    if (!evio__slab_has(&registry->host.slab, slot)) {
        return false;
    }
    const evio__record *record = evio__slab_at(&registry->host.slab, slot);
    uint64_t token = evio__load64(&record->token);
    uint32_t bits = ready->bits;
    if (evio__load32_relaxed(&record->stamp) != evio__key_stamp(ready->key) ||
        bits > EVIO__SAME) {
        return false;
    }
    out_event->token = token;
    out_event->readiness = bits;
    out_event->detail = bits;
    return true;
}

/* Whether an entry can be delivered, by the check of the usual case: with the
 * key of a registration that lives, whatever was reported was requested, or is
 * a hang-up or an error, which always is. */
static inline bool evio__events_is_plain(const evio_registry *registry,
                                         const evio__ready *ready)
{
    uint64_t slot = (uint32_t)ready->key;
    return evio__slab_has(&registry->host.slab, slot) &&
           evio__load32(&evio__slab_at(&registry->host.slab, slot)->stamp) ==
               evio__key_stamp(ready->key);
}

/* The buffer has `count` entries now. The one behind the last is a sentinel in
 * nobody's slot, so that the usual case need not compare with the end. */
static inline void evio__events_fill(evio_events *events, uint32_t count)
{
    evio__ready *end = events->batch.entries + count;
    end->key = EVIO__KEY_WAKEUP;
    events->next = events->batch.entries;
    events->end = end;
}

#endif
