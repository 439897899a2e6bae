/* SPDX-License-Identifier: MIT */
/*
 * Posted readiness; posted.h has the idea. The list and `posted` of a record
 * are atomics that any thread and signal handler changes; the queue is the
 * waiting thread's.
 */
#include "core/posted.h"

#include "base/cold.h"

void evio__posted_push(evio_registry *registry, evio__record *record)
{
    uint32_t head = evio__load32_relaxed(&registry->posted);
    do {
        record->next = head;
    } while (!evio__replace32(&registry->posted, &head, record->slot));
}

int evio__posted_signal(evio_registry *registry)
{
    const uint32_t awake = EVIO__STATE_WAITING | EVIO__STATE_NESTED;
    const uint32_t needless = EVIO__STATE_SIGNALLED | EVIO__STATE_FORKED;
    uint32_t state = evio__load32_ordered(&registry->state);
    do {
        if ((state & awake) == 0 || (state & needless) != 0) {
            return 0;
        }
    } while (!evio__replace32(&registry->state, &state,
                              state | EVIO__STATE_SIGNALLED));
    int r = registry->wakeup.ops->signal(&registry->wakeup);
    if (r < 0) {
        evio__and32(&registry->state, ~EVIO__STATE_SIGNALLED);
    }
    return r;
}

void evio__posted_add(evio_registry *registry, evio__record *record,
                      uint32_t bits)
{
    uint32_t before = evio__or32(&record->posted, bits | EVIO__POSTED_QUEUED);
    if ((before & EVIO__POSTED_QUEUED) == 0) {
        evio__posted_push(registry, record);
    }
}

/* The push comes before `state` is read, as the waiting thread sets `state`
 * before it reads the list: one of the two sees the other's store. */
int evio__post(evio_registry *registry, evio__record *record, uint32_t bits)
{
    evio__posted_add(registry, record, bits);
    return evio__posted_signal(registry);
}

void evio__posted_after_fork(evio_registry *registry)
{
    const evio__slab *slab = &registry->host.slab;
    uint32_t end = evio__load32_relaxed(&slab->end);
    evio__store32(&registry->posted, 0);
    evio__store32_relaxed(&registry->fifo_first, 0);
    for (uint32_t slot = EVIO__SLAB_FIRST; slot < end; slot++) {
        evio__record *record = evio__slab_at(slab, slot);
        if ((evio__load32(&record->posted) & EVIO__POSTED_QUEUED) != 0) {
            evio__posted_push(registry, record);
        }
    }
}

static void posted_append(evio_registry *registry, evio__record *record)
{
    record->next = 0;
    if (evio__load32_relaxed(&registry->fifo_first) == 0) {
        evio__store32_relaxed(&registry->fifo_first, record->slot);
    } else {
        evio__slab_at(&registry->host.slab, registry->fifo_last)->next =
            record->slot;
    }
    registry->fifo_last = record->slot;
}

/* Take the whole list, oldest first. Its end is *out_newest. */
static uint32_t posted_take_list(evio_registry *registry, uint32_t *out_newest)
{
    uint32_t oldest = 0;
    uint32_t slot = evio__swap32(&registry->posted, 0);
    *out_newest = slot;
    while (slot != 0) {
        evio__record *record = evio__slab_at(&registry->host.slab, slot);
        uint32_t older = record->next;
        record->next = oldest;
        oldest = slot;
        slot = older;
    }
    return oldest;
}

/* Move the list behind the queue. */
static void posted_collect(evio_registry *registry)
{
    uint32_t newest;
    uint32_t oldest = posted_take_list(registry, &newest);
    if (oldest == 0) {
        return;
    }
    if (evio__load32_relaxed(&registry->fifo_first) == 0) {
        evio__store32_relaxed(&registry->fifo_first, oldest);
    } else {
        evio__slab_at(&registry->host.slab, registry->fifo_last)->next = oldest;
    }
    registry->fifo_last = newest;
}

void evio__posted_sweep(evio_registry *registry)
{
    uint32_t newest;
    uint32_t slot = posted_take_list(registry, &newest);
    while (slot != 0) {
        evio__record *record = evio__slab_at(&registry->host.slab, slot);
        slot = record->next;
        if ((evio__load32(&record->posted) & EVIO__POSTED_ENDED) != 0) {
            evio__record_drop(registry, record, EVIO__POSTED_QUEUED);
        } else {
            evio__posted_push(registry, record);
        }
    }
    /* A wait that has begun meanwhile found the list empty. */
    if (newest != 0) {
        (void)evio__posted_signal(registry);
    }
}

static evio__record *posted_pop(evio_registry *registry)
{
    uint32_t first = evio__load32_relaxed(&registry->fifo_first);
    if (first == 0) {
        return NULL;
    }
    evio__record *record = evio__slab_at(&registry->host.slab, first);
    evio__store32_relaxed(&registry->fifo_first, record->next);
    return record;
}

/* A trigger's oneshot waits for evio_reregister(). */
uint32_t evio__posted_readiness(uint32_t posted, uint32_t interest)
{
    if ((interest & EVIO__INTEREST_LOST) != 0) {
        return 0;
    }
    const uint32_t oneshot = EVIO__INTEREST_POSTED | EVIO_ONESHOT;
    if ((posted & EVIO__POSTED_FIRED) != 0 && (interest & oneshot) == oneshot) {
        return 0;
    }
    return evio__ready_posted(posted, interest);
}

/* What is left of `posted` when `readiness` is delivered. A trigger keeps what
 * its interest does not have, and in level mode everything. */
static uint32_t posted_rest(uint32_t posted, uint32_t interest,
                            uint32_t readiness)
{
    if ((interest & EVIO__INTEREST_POSTED) == 0) {
        return posted & ~(EVIO__POSTED_QUEUED | EVIO__POSTED_PENDING);
    }
    if (readiness != 0 && (interest & EVIO_LEVEL) != 0) {
        return posted;
    }
    if (readiness != 0 && (interest & EVIO_ONESHOT) != 0) {
        posted |= EVIO__POSTED_FIRED;
    }
    return posted & ~(EVIO__POSTED_QUEUED | readiness);
}

EVIO__COLD static void posted_drop(evio_registry *registry,
                                   evio__record *record)
{
    evio__registry_lock(registry);
    evio__record_drop(registry, record, EVIO__POSTED_QUEUED);
    evio__registry_unlock(registry);
}

/* After a record left the queue with bits pending: another thread may have
 * widened its interest meanwhile, and have found it queued still. */
static void posted_recheck(evio_registry *registry, evio__record *record,
                           uint32_t posted)
{
    if ((posted & EVIO__POSTED_PENDING) != 0 &&
        evio__posted_readiness(evio__load32_ordered(&record->posted),
                               evio__load32_ordered(&record->interest)) != 0) {
        (void)evio__post(registry, record, 0);
    }
}

/* Take a record out of the queue, or off a batch: what it delivers, and what
 * its registration is; 0 for nothing. With `keep` it stays where it is if it
 * has something to deliver. */
static uint32_t posted_settle(evio_registry *registry, evio__record *record,
                              bool keep, evio__registration *out_what,
                              uint32_t *out_posted)
{
    uint32_t posted = evio__load32(&record->posted);
    uint32_t rest;
    uint32_t readiness;
    do {
        if ((posted & EVIO__POSTED_ENDED) != 0) {
            registry->stale += (posted & EVIO__POSTED_PENDING) != 0;
            posted_drop(registry, record);
            return 0;
        }
        *out_what = evio__record_read(registry, record);
        readiness = evio__posted_readiness(posted, out_what->interest);
        if (keep && readiness != 0) {
            return readiness;
        }
        rest = posted_rest(posted, out_what->interest, readiness);
    } while (!evio__replace32(&record->posted, &posted, rest));
    *out_posted = posted;
    if ((rest & EVIO__POSTED_QUEUED) != 0) {
        posted_append(registry, record);
        evio__or32(&registry->state, EVIO__STATE_QUEUED);
        (void)evio__posted_signal(registry);
    } else {
        posted_recheck(registry, record, rest);
    }
    return readiness;
}

uint32_t evio__posted_take(evio_registry *registry, evio__ready *entries,
                           uint32_t cap)
{
    uint32_t count = 0;
    posted_collect(registry);
    while (count < cap) {
        evio__record *record = posted_pop(registry);
        evio__registration what;
        uint32_t posted;
        if (record == NULL) {
            break;
        }
        if (posted_settle(registry, record, true, &what, &posted) != 0) {
            entries[count].bits = EVIO__POSTED;
            entries[count].key = evio__key(record->slot | EVIO__SLOT_RARE, 0);
            count++;
        }
    }
    if (evio__load32_relaxed(&registry->fifo_first) != 0) {
        evio__or32(&registry->state, EVIO__STATE_QUEUED);
    } else {
        evio__and32(&registry->state, ~EVIO__STATE_QUEUED);
    }
    return count;
}

bool evio__posted_deliver(evio_registry *registry, uint32_t slot,
                          evio_event *out_event)
{
    evio__record *record = evio__slab_at(&registry->host.slab, slot);
    evio__registration what;
    uint32_t posted;
    uint32_t readiness = posted_settle(registry, record, false, &what, &posted);
    if (readiness == 0) {
        return false;
    }
    out_event->token = what.token;
    out_event->readiness = readiness;
    out_event->detail =
        (posted & EVIO__POSTED_DETAIL) >> EVIO__POSTED_DETAIL_SHIFT;
    return true;
}
