/* SPDX-License-Identifier: MIT */
/* The event buffer as the poll sees it. Used by the waiting thread alone. */
#ifndef EVIO__EVENTS_H
#define EVIO__EVENTS_H

#include <libevio/poll.h>

#include "core/registry.h"
#include "sys/selector.h"

struct evio_events {
    evio__batch batch;
    uint32_t next;           /* first entry that was not delivered */
    evio_registry *registry; /* whose keys the entries hold; a reference */
};

/* Empty the buffer for a wait on `registry`, but for undelivered wakes, which
 * move to its front. Returns how many those are. */
uint32_t evio__events_begin(evio_events *events, evio_registry *registry);

/* The usual case of it: all was delivered. False when it is not. */
static inline bool evio__events_begin_empty(evio_events *events,
                                            const evio_registry *registry)
{
    if (events->registry != registry || events->next < events->batch.count) {
        return false;
    }
    events->batch.count = 0;
    events->next = 0;
    return true;
}

#endif
