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

#endif
