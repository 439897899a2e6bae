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
    evio_registry *registry; /* whose keys the entries hold; a reference */
    evio__ready *entries;
    uint32_t cap;
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

/* Pass over entries that cannot be delivered any more. False when none is
 * left. */
bool evio__events_skip_dead(evio_events *events);

#endif
