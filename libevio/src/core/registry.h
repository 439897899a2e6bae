/* SPDX-License-Identifier: MIT */
/*
 * The shared half of a poll: selector, records, lock and life. References are
 * held by the poll, by users, by wakers, by event buffers, and by each
 * registration, so that a source outlives its poll safely.
 */
#ifndef EVIO__REGISTRY_H
#define EVIO__REGISTRY_H

#include <stdbool.h>
#include <stdint.h>

#include <libevio/poll.h>
#include <libevio/source.h>

#include "base/atomic.h"
#include "base/slab.h"
#include "sys/lock.h"
#include "sys/selector.h"

struct evio_registry {
    evio__slab slab; /* lock; look-up without */
    const evio__selector_ops *ops;
    evio__selector *selector; /* lock; closed with the poll */
    evio__lock *lock;
    evio__atomic32 refs;
    evio__atomic32 closed; /* 1: the poll was freed; written under lock */
    uint64_t stale;        /* waiting thread */
    uint64_t events;       /* waiting thread */
};

int evio__registry_new(const evio__selector_ops *ops,
                       evio_registry **out_registry);
/* The poll goes: the selector is closed, the registry refuses. */
void evio__registry_close(evio_registry *registry);

/* Register a descriptor itself; `interest` may have private bits. On success
 * the record is in *out_record. */
int evio__registry_add(evio_registry *registry, libsock_raw raw, uint64_t token,
                       uint32_t interest, evio__record **out_record);
int evio__registry_modify(evio_registry *registry, libsock_raw raw,
                          evio__record *record, uint64_t token,
                          uint32_t interest);
/* `closing`: the descriptor is closed right after, so that a remove that the
 * kernel does by itself can be saved. */
int evio__registry_remove(evio_registry *registry, libsock_raw raw,
                          evio__record *record, bool closing);
int evio__registry_rearm(evio_registry *registry, libsock_raw raw,
                         const evio__record *record, uint32_t directions);

#endif
