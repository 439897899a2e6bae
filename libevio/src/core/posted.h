/* SPDX-License-Identifier: MIT */
/*
 * Posted readiness: the one way by which a registration gets into the next
 * batch without a kernel's event. Wakers, triggers, evio_again(), events that
 * were left in a buffer, and selectors whose packets come one by one use it.
 *
 * A record is the node of a list that any thread pushes to, without a lock. The
 * waiting thread takes the whole list, and moves it to a first-in-first-out
 * queue of its own. A record stays posted (EVIO__POSTED_QUEUED) from the push
 * until its event is delivered, so it is in one place at a time: on the list,
 * in the queue, or in a batch.
 *
 * Whoever posts holds the record: a slot that may have a new owner must not be
 * posted to.
 */
#ifndef EVIO__CORE_POSTED_H
#define EVIO__CORE_POSTED_H

#include <stdbool.h>
#include <stdint.h>

#include <libevio/event.h>

#include "core/registry.h"

/* Add bits of EVIO__POSTED_PENDING, and end the wait that is going on. 0, or
 * what the OS returned for the wakeup; the bits are pending all the same.
 * Async-signal-safe. */
int evio__post(evio_registry *registry, evio__record *record, uint32_t bits);

/* The same, for the waiting thread itself: nobody has to be woken. */
void evio__posted_add(evio_registry *registry, evio__record *record,
                      uint32_t bits);

/* In the child of a fork, its only thread: make the list again, of all records
 * that are queued, whether the parent's threads had pushed them yet or not. */
void evio__posted_after_fork(evio_registry *registry);

/* Lock held: give back slots of registrations that have ended and are only held
 * by the list. A wait does so by itself; this is for programs that begin and
 * end wakers without waiting. */
void evio__posted_sweep(evio_registry *registry);

/* What can be delivered of `posted` now; 0 for nothing. */
uint32_t evio__posted_readiness(uint32_t posted, uint32_t interest);

/* End the wait that is going on, or make the descriptor of a nested poll
 * readable. Async-signal-safe. */
int evio__posted_signal(evio_registry *registry);

/* Push a record that is queued already, from a batch that is given up. */
void evio__posted_push(evio_registry *registry, evio__record *record);

/* Whether anything is posted. */
static inline bool evio__posted_any(const evio_registry *registry)
{
    return (evio__load32_ordered(&registry->posted) |
            evio__load32_relaxed(&registry->fifo_first)) != 0;
}

/* Waiting thread, in a wait that found EVIO__STATE_QUEUED not set: the same. */
static inline bool evio__posted_arrived(const evio_registry *registry)
{
    return evio__load32_ordered(&registry->posted) != 0;
}

/* Waiting thread: fill up to `cap` entries, each of which can be delivered.
 * Returns how many. */
uint32_t evio__posted_take(evio_registry *registry, evio__ready *entries,
                           uint32_t cap);

/* Waiting thread: deliver an entry of take. False when there is nothing to
 * deliver any more. */
bool evio__posted_deliver(evio_registry *registry, uint32_t slot,
                          evio_event *out_event);

#endif
