/* SPDX-License-Identifier: MIT */
/*
 * Registrations: a record from the slab, and the selector, both under the
 * registry's lock; and the life of what they share. What a source is, what is
 * posted, and what an event reports is in source.c, posted.c and events.c.
 */
#include "core/registry.h"

#include <libsock/error.h>

#include "base/alloc.h"
#include "base/cold.h"
#include "core/fork.h"
#include "core/posted.h"
#include "core/source.h"

static evio_registry *registry_of(evio__host *host)
{
    return (evio_registry *)host;
}

/* A oneshot that is posted has been reported, as one that was collected. */
static uint32_t registry_posted_bits(const evio__record *record,
                                     uint32_t readiness)
{
    uint32_t interest = evio__load32(&record->interest);
    return (interest & EVIO_ONESHOT) != 0 ? readiness | EVIO__POSTED_FIRED
                                          : readiness;
}

static void registry_host_post(evio__host *host, evio__record *record,
                               uint32_t readiness)
{
    (void)evio__post(registry_of(host), record,
                     registry_posted_bits(record, readiness));
}

static void registry_host_post_inside(evio__host *host, evio__record *record,
                                      uint32_t readiness)
{
    evio__posted_add(registry_of(host), record,
                     registry_posted_bits(record, readiness));
}

static void registry_host_interrupt(evio__host *host)
{
    (void)evio__posted_signal(registry_of(host));
}

static void registry_host_released(evio__host *host, evio__record *record)
{
    evio__record_drop(registry_of(host), record, EVIO__POSTED_HELD);
}

static int registry_open(evio_registry *registry)
{
    registry->host.lock = evio__lock_new();
    if (registry->host.lock == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    int r = registry->ops->open(&registry->host, &registry->wakeup,
                                &registry->selector);
    if (r >= 0) {
        r = evio__fork_join(registry);
        if (r < 0) {
            registry->ops->close(registry->selector, false);
            registry->wakeup.ops->close(&registry->wakeup);
        }
    }
    if (r < 0) {
        evio__lock_free(registry->host.lock);
    }
    return r;
}

int evio__registry_new(const evio__selector_ops *ops,
                       evio_registry **out_registry)
{
    evio_registry *registry = evio__alloc(1, sizeof(*registry));
    if (registry == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    registry->ops = ops;
    registry->host.post = registry_host_post;
    registry->host.post_inside = registry_host_post_inside;
    registry->host.interrupt = registry_host_interrupt;
    registry->host.released = registry_host_released;
    evio__store32(&registry->refs, 1);
    int r = registry_open(registry);
    if (r < 0) {
        evio__free(registry);
        return r;
    }
    *out_registry = registry;
    return 0;
}

static bool registry_is_forked(const evio_registry *registry)
{
    return (evio__load32(&registry->state) & EVIO__STATE_FORKED) != 0;
}

void evio__registry_close(evio_registry *registry)
{
    evio__registry_lock(registry);
    evio__selector *selector = registry->selector;
    registry->selector = NULL;
    evio__or32(&registry->state, EVIO__STATE_CLOSED);
    evio__registry_unlock(registry);
    registry->ops->close(selector, registry_is_forked(registry));
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
    evio__fork_leave(registry);
    registry->wakeup.ops->close(&registry->wakeup);
    evio__by_handle_free(&registry->by_handle);
    evio__slab_free(&registry->host.slab);
    evio__lock_free(registry->host.lock);
    evio__free(registry);
}

EVIO__COLD static int registry_check_rare(evio_registry *registry)
{
    return registry->selector == NULL
               ? libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR)
               : evio__registry_after_fork(registry);
}

/* Lock held: a registry that can register. */
static int registry_check(evio_registry *registry)
{
    const uint32_t rare = EVIO__STATE_CLOSED | EVIO__STATE_FORKED;
    return (evio__load32_relaxed(&registry->state) & rare) == 0
               ? 0
               : registry_check_rare(registry);
}

void evio__record_drop(evio_registry *registry, evio__record *record,
                       uint32_t holder)
{
    const uint32_t holders = EVIO__POSTED_QUEUED | EVIO__POSTED_HELD;
    uint32_t posted = evio__and32(&record->posted, ~holder);
    if ((posted & EVIO__POSTED_ENDED) != 0 &&
        (posted & holders & ~holder) == 0) {
        evio__slab_give(&registry->host.slab, record);
    }
}

/* Lock held: the registration has ended. Whoever else holds the slot gives it
 * back later. */
EVIO__COLD static void registry_end_held(evio_registry *registry,
                                         evio__record *record, uint32_t holders)
{
    holders |= evio__or32(&record->posted, EVIO__POSTED_ENDED | holders);
    registry->ended += (holders & EVIO__POSTED_QUEUED) != 0;
    if ((holders & (EVIO__POSTED_QUEUED | EVIO__POSTED_HELD)) == 0) {
        evio__slab_give(&registry->host.slab, record);
    }
}

static inline void registry_end(evio_registry *registry, evio__record *record,
                                uint32_t holders)
{
    evio__slab_end(record);
    /* Who could post meanwhile holds it already, or needs the lock. */
    if ((evio__load32(&record->posted) | holders) == 0) {
        evio__slab_give(&registry->host.slab, record);
    } else {
        registry_end_held(registry, record, holders);
    }
}

/* What is unusual: the poll was freed, or is another process's; the selector
 * does not have the record; the handle is another source's. */
EVIO__COLD static int registry_remove_rare(evio_registry *registry,
                                           evio__record *record,
                                           enum evio__removal why)
{
    uint32_t interest = evio__load32_relaxed(&record->interest);
    int r = 0;
    if (registry->selector != NULL && (interest & EVIO__INTEREST_ABSENT) == 0) {
        r = registry->ops->remove(registry->selector, record,
                                  registry_is_forked(registry) ? EVIO__FORGOTTEN
                                                               : why);
    }
    registry_end(registry, record,
                 r == EVIO__REMOVE_HELD ? EVIO__POSTED_HELD : 0);
    if ((interest & EVIO__INTEREST_LOST) != 0) {
        return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
    }
    return r < 0 ? r : 0;
}

static int registry_remove_locked(evio_registry *registry, evio__record *record,
                                  enum evio__removal why)
{
    uint32_t *place =
        evio__by_handle_find(&registry->by_handle, record->handle);
    if (place != NULL && *place == record->slot) {
        *place = 0;
    }
    const uint32_t rare = EVIO__STATE_CLOSED | EVIO__STATE_FORKED;
    if ((evio__load32_relaxed(&registry->state) & rare) != 0 ||
        (evio__load32_relaxed(&record->interest) & EVIO__INTEREST_ABSENT) !=
            0) {
        return registry_remove_rare(registry, record, why);
    }
    int r = registry->ops->remove(registry->selector, record, why);
    registry_end(registry, record,
                 r == EVIO__REMOVE_HELD ? EVIO__POSTED_HELD : 0);
    return r < 0 ? r : 0;
}

int evio__registry_remove(evio_registry *registry, evio__record *record,
                          enum evio__removal why)
{
    evio__registry_lock(registry);
    int r = registry_remove_locked(registry, record, why);
    evio__registry_unlock(registry);
    evio_registry_unref(registry);
    return r;
}

/* Lock held: a free record. A sweep costs a look at all that is posted, so it
 * waits until it gives back its share. */
static evio__record *registry_slot(evio_registry *registry)
{
    const evio__slab *slab = &registry->host.slab;
    if (slab->free_head == 0 &&
        registry->ended > evio__load32_relaxed(&slab->end) / 8) {
        evio__posted_sweep(registry);
        registry->ended = 0;
    }
    return evio__slab_take(&registry->host.slab);
}

/* Lock held: a record that no other thread can reach yet; it lacks its token.
 */
static evio__record *registry_take(evio_registry *registry, int32_t handle,
                                   uint32_t interest)
{
    evio__record *record = registry_slot(registry);
    if (record != NULL) {
        record->handle = handle;
        evio__store32(&record->interest, interest);
    }
    return record;
}

/* All that the waiting thread may read in a source. */
static void registry_bind(evio_registry *registry, evio_source *source,
                          const evio__record *record)
{
    source->registry = registry;
    source->slot = record->slot;
    source->generation =
        evio__load32_relaxed(&record->stamp) & EVIO__STAMP_GENERATION;
    if ((registry->ops->abilities & EVIO__NEEDS_REARM) != 0) {
        source->flags &= ~EVIO__SOURCE_PLAIN;
    }
    evio__increment32(&registry->refs);
}

/* Lock held: the descriptor of a live record was closed, and its number came
 * back. The record reports nothing more, and waits for its source's owner to
 * end it. */
EVIO__COLD static void registry_lose(evio_registry *registry,
                                     evio__record *record)
{
    uint32_t interest = evio__load32_relaxed(&record->interest);
    int r =
        (interest & EVIO__INTEREST_ABSENT) == 0
            ? registry->ops->remove(registry->selector, record, EVIO__FORGOTTEN)
            : 0;
    uint32_t held = r == EVIO__REMOVE_HELD ? EVIO__POSTED_HELD : 0;
    evio__stamp_change(record);
    evio__store32(&record->interest,
                  interest | EVIO__INTEREST_ABSENT | EVIO__INTEREST_LOST);
    evio__stamp_changed(record);
    evio__or32(&record->posted, held);
    evio__and32(&record->posted, ~EVIO__POSTED_PENDING);
}

/* Lock held: the selector refused. The record is unknown to it, so still this
 * thread's alone, and so is the source. */
EVIO__COLD static int registry_refused(evio_registry *registry,
                                       evio_source *source,
                                       evio__record *record, int r)
{
    evio__source_unbind(source);
    (void)evio__decrement32(&registry->refs);
    evio__slab_untake(&registry->host.slab, record);
    return r;
}

/* Lock held. From `add` on another thread may use the source, up to freeing it.
 */
static int registry_add_locked(evio_registry *registry, evio_source *source,
                               evio__registration what)
{
    uint32_t *place = evio__by_handle_place(&registry->by_handle, source->raw);
    evio__record *record =
        place != NULL ? registry_take(registry, source->raw, what.interest)
                      : NULL;
    if (record == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    evio__record *previous =
        *place != 0 ? evio__slab_at(&registry->host.slab, *place) : NULL;
    registry_bind(registry, source, record);
    /* Released last: who delivers the event sees the source, and what the
     * caller did before. */
    evio__store64(&record->token, what.token);
    int r = registry->ops->add(registry->selector, record, previous);
    if (r < 0) {
        return registry_refused(registry, source, record, r);
    }
    *place = record->slot;
    if (previous != NULL) {
        registry_lose(registry, previous);
    }
    return 0;
}

int evio__registry_add(evio_registry *registry, evio_source *source,
                       evio__registration what)
{
    evio__registry_lock(registry);
    int r = registry_check(registry);
    if (r >= 0) {
        r = registry_add_locked(registry, source, what);
    }
    evio__registry_unlock(registry);
    return r;
}

/* Lock held: replace token and interest, of a source if there is one. Events of
 * the old ones are stale: the selector reports again what is ready now. The
 * token is released last, as in add. */
static void registry_change(evio_source *source, evio__record *record,
                            evio__registration what)
{
    evio__stamp_change(record);
    uint32_t stamp = evio__stamp_after(record);
    if (source != NULL) {
        source->generation = stamp & EVIO__STAMP_GENERATION;
    }
    evio__store32(&record->interest, what.interest);
    evio__store64(&record->token, what.token);
    evio__store32(&record->stamp, stamp);
}

static int registry_modify_locked(evio_registry *registry, evio_source *source,
                                  evio__record *record, evio__registration what)
{
    uint32_t stamp = evio__load32_relaxed(&record->stamp);
    evio__registration old = {evio__load64(&record->token),
                              evio__load32_relaxed(&record->interest)};
    const uint32_t kept = EVIO__INTEREST_PRIVATE & ~EVIO__INTEREST_ABSENT;
    if ((old.interest & EVIO__INTEREST_LOST) != 0) {
        return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
    }
    what.interest |= old.interest & kept;
    registry_change(source, record, what);
    int r =
        (old.interest & EVIO__INTEREST_ABSENT) != 0
            ? registry->ops->add(registry->selector, record, NULL)
            : registry->ops->modify(registry->selector, record, old.interest);
    if (r < 0) {
        /* As it was, with the keys that the kernel still has. */
        registry_change(source, record, old);
        source->generation = stamp & EVIO__STAMP_GENERATION;
        evio__store32(&record->stamp, stamp);
        return r;
    }
    evio__and32(&record->posted, ~(EVIO__POSTED_PENDING | EVIO__POSTED_FIRED));
    return 0;
}

int evio__registry_modify(evio_registry *registry, evio_source *source,
                          evio__record *record, evio__registration what)
{
    evio__registry_lock(registry);
    int r = registry_check(registry);
    if (r >= 0) {
        r = registry_modify_locked(registry, source, record, what);
    }
    evio__registry_unlock(registry);
    return r;
}

int evio__registry_rearm(evio_registry *registry, evio__record *record,
                         uint32_t directions)
{
    evio__registry_lock(registry);
    int r = registry_check(registry);
    if (r >= 0 && registry->ops->rearm != NULL &&
        (evio__load32_relaxed(&record->interest) & EVIO__INTEREST_ABSENT) ==
            0) {
        r = registry->ops->rearm(registry->selector, record, directions);
    }
    evio__registry_unlock(registry);
    return r;
}

int evio__registry_raw(evio_registry *registry, libsock_raw *out_raw)
{
    evio__registry_lock(registry);
    int r = registry_check(registry);
    if (r >= 0) {
        libsock_raw raw = registry->ops->raw(registry->selector);
        if (raw == LIBSOCK_RAW_INVALID) {
            r = libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
        } else {
            *out_raw = raw;
            evio__or32(&registry->state, EVIO__STATE_NESTED);
        }
    }
    evio__registry_unlock(registry);
    if (r >= 0 && evio__posted_any(registry)) {
        (void)evio__posted_signal(registry);
    }
    return r;
}

int evio__registry_take_posted(evio_registry *registry,
                               evio__record **out_record)
{
    int r = 0;
    evio__registry_lock(registry);
    if (registry->selector == NULL) {
        r = libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    } else {
        evio__record *record = registry_slot(registry);
        if (record == NULL) {
            r = libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
        } else {
            record->handle = -1;
            evio__store32(&record->posted,
                          EVIO__POSTED_HELD | EVIO__POSTED_ENDED);
            evio_registry_ref(registry);
            *out_record = record;
        }
    }
    evio__registry_unlock(registry);
    return r;
}

void evio__registry_give_posted(evio_registry *registry, evio__record *record)
{
    evio__registry_lock(registry);
    evio__record_drop(registry, record, EVIO__POSTED_HELD);
    evio__registry_unlock(registry);
    evio_registry_unref(registry);
}

int evio__registry_add_posted(evio_registry *registry, evio_source *source,
                              evio__record *record, evio__registration what)
{
    int r = 0;
    evio__registry_lock(registry);
    if (registry->selector == NULL) {
        r = libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    } else {
        if (source != NULL) {
            source->registry = registry;
            source->slot = record->slot;
        }
        registry_change(source, record, what);
        /* Who posts may begin now. */
        evio__and32(
            &record->posted,
            ~(EVIO__POSTED_ENDED | EVIO__POSTED_PENDING | EVIO__POSTED_FIRED));
    }
    evio__registry_unlock(registry);
    return r;
}

void evio__registry_modify_posted(evio_registry *registry, evio_source *source,
                                  evio__record *record, evio__registration what)
{
    evio__registry_lock(registry);
    registry_change(source, record, what);
    uint32_t posted = evio__and32(&record->posted, ~EVIO__POSTED_FIRED);
    evio__registry_unlock(registry);
    /* What was pending, and the interest has now. */
    if (evio__ready_posted(posted, what.interest) != 0) {
        (void)evio__post(registry, record, 0);
    }
}

void evio__registry_end_posted(evio_registry *registry, evio__record *record)
{
    evio__registry_lock(registry);
    registry_end(registry, record, 0);
    evio__registry_unlock(registry);
}

evio__registration evio__record_read(const evio_registry *registry,
                                     const evio__record *record)
{
    for (;;) {
        uint32_t stamp = evio__load32(&record->stamp);
        evio__registration what = {evio__load64(&record->token),
                                   evio__load32(&record->interest)};
        if ((stamp & 1) == 0 && evio__load32_relaxed(&record->stamp) == stamp) {
            return what;
        }
        /* Another thread changes it, under the lock: let it finish. */
        evio__registry_lock(registry);
        evio__registry_unlock(registry);
    }
}

/* Whether the child has closed the descriptor, or opened another file under its
 * number: then the registration reports nothing. */
static bool registry_is_gone(int r)
{
    int kind = libsock_kind(r);
    return kind == LIBSOCK_KIND_BAD_DESCRIPTOR ||
           kind == LIBSOCK_KIND_PERMISSION_DENIED;
}

/* A number that the child has closed may be one of the new selector's own. */
static bool registry_is_own(const evio_registry *registry, int32_t handle)
{
    return handle == registry->wakeup.read_end ||
           handle == registry->wakeup.write_end ||
           handle == registry->ops->raw(registry->selector);
}

/* What a oneshot reported stays reported: the new selector does not get it
 * before evio_reregister(). What was absent in the parent, too: its number may
 * be another file's. */
static int registry_add_again(evio_registry *registry, evio__record *record)
{
    const uint32_t not_there = EVIO__INTEREST_POSTED | EVIO__INTEREST_ABSENT;
    uint32_t interest = evio__load32_relaxed(&record->interest);
    uint32_t absent = interest | EVIO__INTEREST_ABSENT;
    if (interest == 0 || (interest & not_there) != 0) {
        return 0;
    }
    if ((evio__load32(&record->posted) & EVIO__POSTED_FIRED) != 0) {
        evio__store32(&record->interest, absent);
        return 0;
    }
    int r = registry_is_own(registry, record->handle)
                ? libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR)
                : registry->ops->add(registry->selector, record, NULL);
    if (registry_is_gone(r)) {
        evio__store32(&record->interest, absent);
        return 0;
    }
    return r;
}

static int registry_add_all(evio_registry *registry)
{
    const evio__slab *slab = &registry->host.slab;
    uint32_t end = evio__load32_relaxed(&slab->end);
    for (uint32_t slot = EVIO__SLAB_FIRST; slot < end; slot++) {
        int r = registry_add_again(registry, evio__slab_at(slab, slot));
        if (r < 0) {
            return r;
        }
    }
    return 0;
}

/* A failure leaves EVIO__STATE_FORKED set: the next call begins again. */
int evio__registry_after_fork(evio_registry *registry)
{
    int r = registry->ops->after_fork(registry->selector, &registry->wakeup);
    if (r == EVIO__FORK_EMPTY) {
        r = registry_add_all(registry);
    }
    if (r >= 0) {
        evio__and32(&registry->state, ~EVIO__STATE_FORKED);
    }
    return r;
}
