/* SPDX-License-Identifier: MIT */
/*
 * The event buffer: made once, filled by a wait, emptied by next, where stale
 * keys are silenced. It keeps its registry alive. Used by the waiting thread.
 */
#include "core/events.h"

#include <libsock/error.h>

#include "base/alloc.h"
#include "core/waker.h"
#include "sys/port.h"

#define EVENTS_CAPACITY_MAX (UINT32_C(1) << 20)
#define EVENTS_HINTS \
 ((uint32_t)EVIO_ERROR | EVIO_READ_CLOSED | EVIO_WRITE_CLOSED)

/* The largest native event of the selectors in this build; 1 when none has
 * one, because no allocator owes us memory of no size. */
static size_t events_native_size(void)
{
    size_t size = 1;
    for (size_t i = 0; evio__selectors[i] != NULL; i++) {
        if (evio__selectors[i]->native_size > size) {
            size = evio__selectors[i]->native_size;
        }
    }
    return size;
}

int evio_events_new(size_t capacity, evio_events **out_events)
{
    if (capacity == 0 || capacity > EVENTS_CAPACITY_MAX || out_events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    evio_events *events = evio__alloc(1, sizeof(*events));
    if (events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    events->batch.entries = evio__alloc(capacity, sizeof(evio__ready));
    events->batch.native = evio__alloc(capacity, events_native_size());
    events->batch.cap = (uint32_t)capacity;
    if (events->batch.entries == NULL || events->batch.native == NULL) {
        evio_events_free(events);
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    *out_events = events;
    return 0;
}

/* The record of an entry, if its registration lives; NULL when it ended. */
static evio__record *events_record(const evio_registry *registry,
                                   const evio__ready *ready)
{
    evio__record *record = evio__slab_at(&registry->slab, (uint32_t)ready->key);
    uint32_t generation = (uint32_t)(ready->key >> 32);
    return evio__load32(&record->generation) == generation ? record : NULL;
}

/* Whether an entry is an undelivered wake. */
static bool events_is_wake(const evio_registry *registry,
                           const evio__ready *ready)
{
    const evio__record *record = events_record(registry, ready);
    return record != NULL && (evio__load32_relaxed(&record->interest) &
                              EVIO__INTEREST_WAKER) != 0;
}

/* Drop what was not delivered, but for wakes, which go back to their wakers. */
static void events_drop(evio_events *events)
{
    evio__batch *batch = &events->batch;
    for (; events->next < batch->count; events->next++) {
        const evio__ready *ready = &batch->entries[events->next];
        if (events_is_wake(events->registry, ready)) {
            evio__waker_ring_again(events->registry, ready->key);
        }
    }
    batch->count = 0;
    events->next = 0;
}

/* Keep undelivered wakes of the same registry; returns how many. */
static uint32_t events_keep_wakes(evio_events *events)
{
    evio__batch *batch = &events->batch;
    uint32_t kept = 0;
    for (uint32_t i = events->next; i < batch->count; i++) {
        if (events_is_wake(events->registry, &batch->entries[i])) {
            batch->entries[kept++] = batch->entries[i];
        }
    }
    return kept;
}

uint32_t evio__events_begin(evio_events *events, evio_registry *registry)
{
    uint32_t kept = 0;
    if (events->registry != registry) {
        events_drop(events);
        evio_registry_unref(events->registry);
        events->registry = evio_registry_ref(registry);
    } else if (events->next < events->batch.count) {
        kept = events_keep_wakes(events);
    }
    events->batch.count = kept;
    events->next = 0;
    return kept;
}

void evio_events_free(evio_events *events)
{
    if (events == NULL) {
        return;
    }
    events_drop(events);
    evio_registry_unref(events->registry);
    evio__free(events->batch.native);
    evio__free(events->batch.entries);
    evio__free(events);
}

/* What only wakers and pipe ends need; kept out of the common path. */
static uint32_t events_private(evio__record *record, uint32_t interest,
                               uint32_t readiness)
{
    if ((interest & EVIO__INTEREST_WAKER) != 0) {
        evio__swap32(&record->wake, 0);
        return EVIO_READABLE;
    }
    if ((interest & EVIO__INTEREST_PIPE_END) != 0 &&
        (readiness & EVIO__READY_PIPE_BROKEN) != 0) {
        return EVIO_WRITE_CLOSED;
    }
    return 0;
}

/* False when the registration ended, or when what happened is no longer asked
 * for. */
static bool events_deliver(evio_registry *registry, const evio__ready *ready,
                           evio_event *out_event)
{
    evio__record *record = evio__slab_at(&registry->slab, (uint32_t)ready->key);
    uint64_t token = evio__load64(&record->token);
    uint32_t interest = evio__load32(&record->interest);
    /* Looked at last: had another thread begun the slot's next registration
     * before the two loads, this one would see the end of the old. */
    if (evio__load32_relaxed(&record->generation) !=
        (uint32_t)(ready->key >> 32)) {
        registry->stale++;
        return false;
    }
    uint32_t readiness = ready->readiness & (interest | EVENTS_HINTS);
    if ((interest & EVIO__INTEREST_PRIVATE) != 0) {
        readiness |= events_private(record, interest, ready->readiness);
    }
    if (readiness == 0) {
        return false;
    }
    registry->events++;
    out_event->token = token;
    out_event->readiness = readiness;
    out_event->reserved = 0;
    return true;
}

bool evio_events_next(evio_events *events, evio_event *out_event)
{
    if (events == NULL || out_event == NULL) {
        return false;
    }
    while (events->next < events->batch.count) {
        const evio__ready *ready = &events->batch.entries[events->next++];
        if (events_deliver(events->registry, ready, out_event)) {
            return true;
        }
    }
    return false;
}

size_t evio_events_capacity(const evio_events *events)
{
    return events != NULL ? events->batch.cap : 0;
}
