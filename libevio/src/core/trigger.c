/* SPDX-License-Identifier: MIT */
/*
 * Triggers: a source whose readiness any thread posts. It holds one record from
 * birth to death, so that firing is safe whatever its registration does;
 * whether there is one is EVIO__POSTED_ENDED of that record. Registering is
 * guarded by the registry's lock, firing by atomics.
 */
#include <libevio/trigger.h>

#include <libsock/error.h>

#include "base/alloc.h"
#include "core/posted.h"
#include "core/registry.h"
#include "core/source.h"

struct evio_trigger {
    evio_source source; /* first: a source of this class is a trigger */
    evio_registry *registry;
    evio__record *record; /* held, and a reference on the registry with it */
};

#define TRIGGER_READINESS \
 ((EVIO__DIRECTIONS & ~(uint32_t)EVIO_HANGUP) | EVIO__HINTS)

static int trigger_invalid(void)
{
    return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
}

static evio_trigger *trigger_of(evio_source *source)
{
    return (evio_trigger *)(void *)source;
}

static int trigger_add(evio_source *source, evio_registry *registry,
                       uint64_t token, uint32_t interest)
{
    evio_trigger *trigger = trigger_of(source);
    if (registry != trigger->registry) {
        return trigger_invalid();
    }
    if (source->registry != NULL) {
        return libsock_error_of(LIBSOCK_KIND_ALREADY_EXISTS);
    }
    if ((interest & EVIO_EXCLUSIVE) != 0) {
        return libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    }
    evio__registration what = {token, interest | EVIO__INTEREST_POSTED};
    return evio__registry_add_posted(registry, source, trigger->record, what);
}

static int trigger_modify(evio_source *source, evio_registry *registry,
                          uint64_t token, uint32_t interest)
{
    int r = 0;
    evio__record *record = evio__source_record(registry, source, &r);
    if (record == NULL) {
        return r;
    }
    if ((interest & EVIO_EXCLUSIVE) != 0) {
        return libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    }
    if (!evio__registry_is_open(registry)) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    evio__registration what = {token, interest | EVIO__INTEREST_POSTED};
    evio__registry_modify_posted(registry, source, record, what);
    return 0;
}

static int trigger_remove(evio_source *source, evio_registry *registry)
{
    int r = 0;
    evio__record *record = evio__source_record(registry, source, &r);
    if (record == NULL) {
        return r;
    }
    evio__source_unbind(source);
    evio__registry_end_posted(registry, record);
    return 0;
}

/* Nothing disarms a trigger's directions. */
static int trigger_rearm(evio_source *source, uint32_t directions)
{
    int r = 0;
    (void)directions;
    if (evio__source_record(source->registry, source, &r) == NULL) {
        return r;
    }
    return evio__registry_is_open(source->registry)
               ? 0
               : libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
}

static int trigger_forget(evio_source *source)
{
    return trigger_remove(source, source->registry);
}

static const evio__source_class trigger_class = {
    {sizeof(evio_source_ops), trigger_add, trigger_modify, trigger_remove},
    trigger_rearm,
    trigger_forget,
};

int evio_trigger_new(evio_registry *registry, evio_trigger **out_trigger)
{
    if (registry == NULL || out_trigger == NULL) {
        return trigger_invalid();
    }
    evio_trigger *trigger = evio__alloc(1, sizeof(*trigger));
    if (trigger == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    int r = evio__registry_take_posted(registry, &trigger->record);
    if (r < 0) {
        evio__free(trigger);
        return r;
    }
    trigger->registry = registry;
    trigger->source.raw = -1;
    trigger->source.ops = &trigger_class.ops;
    trigger->source.flags = EVIO__SOURCE_BUILTIN;
    *out_trigger = trigger;
    return 0;
}

void evio_trigger_free(evio_trigger *trigger)
{
    if (trigger == NULL) {
        return;
    }
    if (trigger->source.registry != NULL) {
        (void)trigger_remove(&trigger->source, trigger->registry);
    }
    evio__registry_give_posted(trigger->registry, trigger->record);
    evio__free(trigger);
}

evio_source *evio_trigger_source(evio_trigger *trigger)
{
    return trigger != NULL ? &trigger->source : NULL;
}

static int trigger_check(const evio_trigger *trigger, uint32_t readiness)
{
    return trigger == NULL || readiness == 0 ||
                   (readiness & ~TRIGGER_READINESS) != 0
               ? trigger_invalid()
               : 0;
}

int evio_trigger_fire(evio_trigger *trigger, uint32_t readiness)
{
    int r = trigger_check(trigger, readiness);
    if (r < 0) {
        return r;
    }
    evio__record *record = trigger->record;
    uint32_t posted = evio__load32(&record->posted);
    do {
        if ((posted & EVIO__POSTED_ENDED) != 0) {
            return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
        }
    } while (!evio__replace32(&record->posted, &posted, posted | readiness));
    /* What the interest does not have waits for it, and wakes nobody. Whoever
     * changes the interest reads `posted` after that. */
    if (evio__posted_readiness(posted | readiness,
                               evio__load32(&record->interest)) == 0) {
        return 0;
    }
    return evio__post(trigger->registry, record, 0);
}

int evio_trigger_clear(evio_trigger *trigger, uint32_t readiness)
{
    int r = trigger_check(trigger, readiness);
    if (r < 0) {
        return r;
    }
    uint32_t posted = evio__load32(&trigger->record->posted);
    do {
        if ((posted & EVIO__POSTED_ENDED) != 0) {
            return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
        }
    } while (!evio__replace32(&trigger->record->posted, &posted,
                              posted & ~readiness));
    return 0;
}
