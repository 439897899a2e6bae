/* SPDX-License-Identifier: MIT */
/*
 * The event buffer: made once, filled by a wait, emptied by next, where stale
 * keys are dropped. It keeps its registry alive. Used by the waiting thread; a
 * wait or a free that finds events left takes the registry's lock.
 */
#include "core/events.h"

#include <libsock/error.h>

#include "base/alloc.h"
#include "base/cold.h"
#include "core/posted.h"

#define EVENTS_CAPACITY_MAX (UINT32_C(1) << 20)

/* Of a buffer that no wait has filled: a registry without records, so that next
 * need not check whether there is one. */
static evio_registry events_nowhere;

int evio_events_new(size_t capacity, evio_events **out_events)
{
    if (capacity == 0 || capacity > EVENTS_CAPACITY_MAX || out_events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    evio_events *events = evio__alloc(1, sizeof(*events));
    if (events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    events->batch.entries = evio__alloc(capacity + 1, sizeof(evio__ready));
    if (events->batch.entries == NULL) {
        evio__free(events);
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    events->batch.cap = (uint32_t)capacity;
    events->registry = &events_nowhere;
    evio__events_fill(events, 0);
    *out_events = events;
    return 0;
}

/* The record of a kernel's entry; NULL when its registration ended or changed,
 * or when the key is a forked child's. */
static evio__record *events_record(const evio_registry *registry, uint64_t key)
{
    evio__record *record =
        evio__slab_find(&registry->host.slab, evio__key_slot(key));
    return record != NULL &&
                   evio__load32(&record->stamp) == evio__key_stamp(key)
               ? record
               : NULL;
}

/* Lock held: post an entry that was not delivered. In level mode the selector
 * reports it again by itself. */
static void events_post_again(evio_registry *registry, const evio__ready *ready)
{
    evio__record *record = events_record(registry, ready->key);
    if (record == NULL) {
        registry->stale += ready->key != EVIO__KEY_WAKEUP;
        return;
    }
    uint32_t interest = evio__load32_relaxed(&record->interest);
    uint32_t bits =
        evio__ready_for(ready->bits, interest) & EVIO__POSTED_READINESS;
    if (bits == 0 || (interest & EVIO_LEVEL) != 0) {
        return;
    }
    if ((interest & EVIO_ONESHOT) != 0) {
        bits |= EVIO__POSTED_FIRED;
    }
    bits |= (ready->bits << EVIO__POSTED_DETAIL_SHIFT) & EVIO__POSTED_DETAIL;
    evio__posted_add(registry, record, bits);
}

/* Give up what is in a buffer: under the lock, since a slot must not change its
 * owner between the check of its stamp and the post. `posted`: posted records
 * that have an entry in the buffer go back to the list. */
static void events_give_up(evio_events *events, bool posted)
{
    evio_registry *registry = events->registry;
    for (; events->next != events->end; events->next++) {
        const evio__ready *ready = events->next;
        registry->dropped++;
        if ((ready->bits & EVIO__POSTED) == 0) {
            events_post_again(registry, ready);
        } else if (posted) {
            evio__posted_push(registry,
                              evio__slab_at(&registry->host.slab,
                                            evio__key_slot(ready->key)));
        }
    }
}

void evio__events_after_fork(evio_registry *registry)
{
    evio_events *events = evio__load_ptr_relaxed(&registry->buffer);
    evio__posted_after_fork(registry);
    if (events != NULL) {
        events_give_up(events, false);
    }
}

/* The buffer is no longer this registry's. */
static void events_leave(evio_events *events)
{
    evio_registry *registry = events->registry;
    if (registry == &events_nowhere) {
        return;
    }
    evio__registry_lock(registry);
    events_give_up(events, true);
    if (evio__load_ptr_relaxed(&registry->buffer) == events) {
        evio__store_ptr(&registry->buffer, NULL);
    }
    evio__registry_unlock(registry);
    (void)evio__posted_signal(registry);
    evio_registry_unref(registry);
    events->registry = &events_nowhere;
}

void evio__events_claim(evio_events *events, evio_registry *registry)
{
    if (events->registry != registry) {
        events_leave(events);
        events->registry = evio_registry_ref(registry);
    }
    evio__registry_lock(registry);
    evio_events *before = evio__load_ptr_relaxed(&registry->buffer);
    if (before != NULL) {
        events_give_up(before, true);
    }
    events_give_up(events, true);
    evio__store_ptr(&registry->buffer, events);
    evio__registry_unlock(registry);
}

void evio_events_free(evio_events *events)
{
    if (events == NULL) {
        return;
    }
    events_leave(events);
    evio__free(events->batch.entries);
    evio__free(events);
}

/* A oneshot was reported: after a fork the child's selector leaves it disarmed.
 * Another thread may have changed or ended the registration meanwhile: then
 * the new one has not been reported. */
static void events_note_fired(evio__record *record, uint64_t key)
{
    evio__or32(&record->posted, EVIO__POSTED_FIRED);
    if (evio__load32_ordered(&record->stamp) != evio__key_stamp(key)) {
        evio__and32(&record->posted, ~EVIO__POSTED_FIRED);
    }
}

/* What is rare: an entry that stands for a posted record, a key that no record
 * has, a oneshot, a hang-up, an event that the interest does not have. */
static bool events_deliver_rare(evio_registry *registry,
                                const evio__ready *ready, evio_event *out_event)
{
    if ((ready->bits & EVIO__POSTED) != 0) {
        return evio__posted_deliver(registry, evio__key_slot(ready->key),
                                    out_event);
    }
    evio__record *record =
        evio__slab_find(&registry->host.slab, evio__key_slot(ready->key));
    if (record == NULL) {
        registry->stale += ready->key != EVIO__KEY_WAKEUP;
        return false;
    }
    uint64_t token = evio__load64(&record->token);
    uint32_t interest = evio__load32(&record->interest);
    if (evio__load32(&record->stamp) != evio__key_stamp(ready->key)) {
        registry->stale++;
        return false;
    }
    uint32_t readiness = evio__ready_for(ready->bits, interest);
    if (readiness == 0) {
        return false;
    }
    if ((interest & EVIO_ONESHOT) != 0) {
        events_note_fired(record, ready->key);
    }
    out_event->token = token;
    out_event->readiness = readiness;
    out_event->detail = ready->bits;
    return true;
}

/* From the next entry on. */
EVIO__COLD static bool events_next_rare(evio_events *events,
                                        evio_event *out_event)
{
    while (events->next != events->end) {
        if (events_deliver_rare(events->registry, events->next++, out_event)) {
            return true;
        }
        events->registry->dropped++;
    }
    return false;
}

bool evio_events_next(evio_events *events, evio_event *out_event)
{
    if (events == NULL || out_event == NULL) {
        return false;
    }
    const evio__ready *ready = events->next;
    if (!evio__events_read(events->registry, ready, out_event)) {
        return ready == events->end ? false
                                    : events_next_rare(events, out_event);
    }
    events->next++;
    return true;
}

uint64_t evio__events_delivered(const evio_registry *registry)
{
    /* Another thread may free the buffer. */
    evio__registry_lock(registry);
    const evio_events *events = evio__load_ptr_relaxed(&registry->buffer);
    uint64_t left = events != NULL ? (uint64_t)(events->end - events->next) : 0;
    evio__registry_unlock(registry);
    return registry->collected - registry->dropped - left;
}

bool evio__events_skip_dead(evio_events *events)
{
    evio_registry *registry = events->registry;
    for (; events->next != events->end; events->next++, registry->dropped++) {
        const evio__ready *ready = events->next;
        if ((ready->bits & EVIO__POSTED) != 0) {
            return true;
        }
        const evio__record *record = events_record(registry, ready->key);
        if (record == NULL) {
            registry->stale += ready->key != EVIO__KEY_WAKEUP;
        } else if (evio__ready_for(ready->bits,
                                   evio__load32(&record->interest)) != 0) {
            return true;
        }
    }
    return false;
}

size_t evio_events_capacity(const evio_events *events)
{
    return events != NULL ? events->batch.cap : 0;
}
