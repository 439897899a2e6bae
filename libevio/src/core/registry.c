/* SPDX-License-Identifier: MIT */
/*
 * Registrations: a record from the slab, and the selector told, both under the
 * registry's lock; and the life of what they share. What a source is, and what
 * an event says, live in source.c and events.c.
 */
#include "core/registry.h"

#include <libsock/error.h>

#include "base/alloc.h"
#include "sys/port.h"

int evio__registry_new(const evio__selector_ops *ops,
                       evio_registry **out_registry)
{
    int r = libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    evio_registry *registry = evio__alloc(1, sizeof(*registry));
    if (registry == NULL) {
        return r;
    }
    registry->ops = ops;
    registry->lock = evio__lock_new();
    if (registry->lock == NULL) {
        goto free_registry;
    }
    r = ops->open(registry->lock, &registry->selector);
    if (r < 0) {
        goto free_lock;
    }
    evio__store32(&registry->refs, 1);
    *out_registry = registry;
    return 0;

free_lock:
    evio__lock_free(registry->lock);
free_registry:
    evio__free(registry);
    return r;
}

void evio__registry_close(evio_registry *registry)
{
    evio__lock_acquire(registry->lock);
    evio__store32(&registry->closed, 1);
    registry->ops->close(registry->selector);
    registry->selector = NULL;
    evio__lock_release(registry->lock);
    evio_registry_unref(registry);
}

evio_registry *evio_registry_ref(evio_registry *registry)
{
    if (registry != NULL) {
        evio__increment32(&registry->refs);
    }
    return registry;
}

void evio_registry_unref(evio_registry *registry)
{
    if (registry == NULL || !evio__decrement32(&registry->refs)) {
        return;
    }
    evio__slab_free(&registry->slab);
    evio__lock_free(registry->lock);
    evio__free(registry);
}

static bool registry_is_closed(const evio_registry *registry)
{
    return evio__load32(&registry->closed) != 0;
}

static int registry_add_locked(evio_registry *registry, libsock_raw raw,
                               uint64_t token, uint32_t interest,
                               evio__record **out_record)
{
    if (registry_is_closed(registry)) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    evio__record *record = evio__slab_take(&registry->slab);
    if (record == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    /* Before the selector knows: an event may come at once. */
    evio__store64(&record->token, token);
    evio__store32(&record->interest, interest);
    int r = registry->ops->add(registry->selector, raw,
                               evio__record_key(record), interest);
    if (r < 0) {
        evio__slab_give(&registry->slab, record);
        return r;
    }
    evio__increment32(&registry->refs);
    *out_record = record;
    return 0;
}

int evio__registry_add(evio_registry *registry, libsock_raw raw, uint64_t token,
                       uint32_t interest, evio__record **out_record)
{
    evio__lock_acquire(registry->lock);
    int r = registry_add_locked(registry, raw, token, interest, out_record);
    evio__lock_release(registry->lock);
    return r;
}

static int registry_modify_locked(evio_registry *registry, libsock_raw raw,
                                  evio__record *record, uint64_t token,
                                  uint32_t interest)
{
    if (registry_is_closed(registry)) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    uint32_t old = evio__load32_relaxed(&record->interest);
    interest |= old & EVIO__INTEREST_PRIVATE;
    /* Both, while the selector changes over: an event of either is not cut,
     * whichever thread delivers it meanwhile. */
    evio__store32(&record->interest, old | interest);
    int r = registry->ops->modify(registry->selector, raw,
                                  evio__record_key(record), interest);
    if (r >= 0) {
        evio__store64(&record->token, token);
    }
    evio__store32(&record->interest, r < 0 ? old : interest);
    return r;
}

int evio__registry_modify(evio_registry *registry, libsock_raw raw,
                          evio__record *record, uint64_t token,
                          uint32_t interest)
{
    evio__lock_acquire(registry->lock);
    int r = registry_modify_locked(registry, raw, record, token, interest);
    evio__lock_release(registry->lock);
    return r;
}

/* Whether the selector forgets this registration when the descriptor closes.
 * A level one would spin for ever if a duplicate kept it alive. */
static bool registry_close_removes(const evio_registry *registry,
                                   const evio__record *record)
{
    return (registry->ops->abilities & EVIO__CLOSE_REMOVES) != 0 &&
           (evio__load32_relaxed(&record->interest) & EVIO_LEVEL) == 0;
}

int evio__registry_remove(evio_registry *registry, libsock_raw raw,
                          evio__record *record, bool closing)
{
    int r = 0;
    evio__lock_acquire(registry->lock);
    uint64_t key = evio__record_key(record);
    bool forgets = closing && registry_close_removes(registry, record);
    if (!registry_is_closed(registry) && !forgets) {
        r = registry->ops->remove(registry->selector, raw, key);
    }
    evio__slab_give(&registry->slab, record);
    evio__lock_release(registry->lock);
    evio_registry_unref(registry);
    return r;
}

int evio__registry_rearm(evio_registry *registry, libsock_raw raw,
                         const evio__record *record, uint32_t directions)
{
    if (registry->ops->rearm == NULL) {
        return registry_is_closed(registry)
                   ? libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR)
                   : 0;
    }
    evio__lock_acquire(registry->lock);
    int r = registry_is_closed(registry)
                ? libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR)
                : registry->ops->rearm(registry->selector, raw,
                                       evio__record_key(record), directions);
    evio__lock_release(registry->lock);
    return r;
}
