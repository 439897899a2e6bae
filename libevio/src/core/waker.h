/* SPDX-License-Identifier: MIT */
/* What an event buffer needs of the wakers whose wakes it holds. */
#ifndef EVIO__WAKER_H
#define EVIO__WAKER_H

#include <stdint.h>

#include <libevio/waker.h>

/* A wake was collected and is dropped undelivered: signal it anew, so that
 * the next wait reports it. Nothing happens when the waker of `key` was freed.
 * Takes the registry's lock. */
void evio__waker_ring_again(evio_registry *registry, uint64_t key);

#endif
