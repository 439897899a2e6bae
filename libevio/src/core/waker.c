/* SPDX-License-Identifier: MIT */
/*
 * Wakers: a bell of the selector, registered like a source, with a flag that
 * lets one ring stand for a storm of wakes. The flag is set before the ring
 * and cleared when the event is delivered, so no wake is lost in between.
 */
#include <libsock/error.h>

#include "base/alloc.h"
#include "core/registry.h"
#include "core/waker.h"
#include "sys/port.h"

struct evio_waker {
    evio_registry *registry; /* a reference */
    evio__record *record;
    evio__bell bell;
};

int evio_waker_new(evio_registry *registry, uint64_t token,
                   evio_waker **out_waker)
{
    if (registry == NULL || out_waker == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    evio_waker *waker = evio__alloc(1, sizeof(*waker));
    if (waker == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    int r = registry->ops->bell->open(&waker->bell);
    if (r < 0) {
        goto free_waker;
    }
    r = evio__registry_add(registry, waker->bell.read_end, token,
                           (uint32_t)EVIO_READABLE | EVIO__INTEREST_WAKER,
                           &waker->record);
    if (r < 0) {
        goto close_bell;
    }
    evio__lock_acquire(registry->lock);
    waker->record->owner = waker;
    evio__lock_release(registry->lock);
    waker->registry = evio_registry_ref(registry);
    *out_waker = waker;
    return 0;

close_bell:
    registry->ops->bell->close(&waker->bell);
free_waker:
    evio__free(waker);
    return r;
}

void evio_waker_free(evio_waker *waker)
{
    if (waker == NULL) {
        return;
    }
    (void)evio__registry_remove(waker->registry, waker->bell.read_end,
                                waker->record, true);
    waker->registry->ops->bell->close(&waker->bell);
    evio_registry_unref(waker->registry);
    evio__free(waker);
}

int evio_wake(evio_waker *waker)
{
    if (waker == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    if (evio__load32(&waker->registry->closed) != 0) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    if (evio__swap32(&waker->record->wake, 1) != 0) {
        return 0;
    }
    int r = waker->registry->ops->bell->ring(&waker->bell);
    if (r < 0) {
        evio__swap32(&waker->record->wake, 0);
    }
    return r;
}

/* The flag stays up: the wake is still on its way. */
static void waker_ring_locked(const evio_registry *registry, uint64_t key)
{
    evio__record *record = evio__slab_at(&registry->slab, (uint32_t)key);
    if (evio__load32(&registry->closed) != 0 ||
        evio__record_key(record) != key) {
        return;
    }
    const evio_waker *waker = record->owner;
    if (registry->ops->bell->ring(&waker->bell) < 0) {
        evio__swap32(&record->wake, 0);
    }
}

void evio__waker_ring_again(evio_registry *registry, uint64_t key)
{
    evio__lock_acquire(registry->lock);
    waker_ring_locked(registry, key);
    evio__lock_release(registry->lock);
}
