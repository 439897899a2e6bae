/* SPDX-License-Identifier: MIT */
/*
 * Sources: what can be registered, and the checks that make double
 * registration, a foreign poll or an empty source an error instead of an
 * accident. Registration itself is registry.c's.
 */
#include "core/source.h"

#include <string.h>

#include <libsock/error.h>

#include "core/interest.h"
#include "core/registry.h"
#include "sys/port.h"

static int source_invalid(void)
{
    return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
}

int evio__source_init(libsock_raw raw, uint32_t kind, evio_source *out_source)
{
    if (out_source == NULL) {
        return source_invalid();
    }
    if (!evio__port_is_raw(raw)) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    memset(out_source, 0, sizeof(*out_source));
    out_source->raw = raw;
    out_source->kind = kind;
    return 0;
}

int evio_source_from_socket(libsock_socket sock, evio_source *out_source)
{
    return evio__source_init(libsock_as_raw(sock), EVIO__SOURCE_DESCRIPTOR,
                             out_source);
}

int evio_source_from_fd(libsock_raw fd, evio_source *out_source)
{
    return evio__source_init(fd, EVIO__SOURCE_DESCRIPTOR, out_source);
}

int evio_source_from_ops(const evio_source_ops *ops, evio_source *out_source)
{
    if (ops == NULL || out_source == NULL || ops->size != sizeof(*ops) ||
        ops->add == NULL || ops->modify == NULL || ops->remove == NULL) {
        return source_invalid();
    }
    memset(out_source, 0, sizeof(*out_source));
    out_source->raw = LIBSOCK_RAW_INVALID;
    out_source->ops = ops;
    out_source->kind = EVIO__SOURCE_COMPOSITE;
    return 0;
}

bool evio_source_is_registered(const evio_source *source)
{
    return source != NULL && source->registry != NULL;
}

static evio__record *source_record(const evio_source *source)
{
    return evio__slab_at(&source->registry->slab, source->slot);
}

/* Whether `source` is registered with `registry`, for the calls that need it.
 */
static int source_check_home(const evio_registry *registry,
                             const evio_source *source)
{
    if (source->registry == NULL) {
        return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
    }
    if (source->registry != registry) {
        return libsock_error_of(LIBSOCK_KIND_ALREADY_EXISTS);
    }
    /* A copy whose original was deregistered is registered no more. */
    if (evio__load32_relaxed(&source_record(source)->generation) !=
        source->generation) {
        return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
    }
    return 0;
}

static uint32_t source_private_bits(const evio_source *source)
{
    return source->kind == EVIO__SOURCE_PIPE_END ? EVIO__INTEREST_PIPE_END : 0;
}

static int source_add(evio_registry *registry, evio_source *source,
                      uint64_t token, uint32_t interest)
{
    if (source->registry != NULL) {
        return libsock_error_of(LIBSOCK_KIND_ALREADY_EXISTS);
    }
    if (source->kind == EVIO__SOURCE_NONE) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    evio__record *record = NULL;
    int r = evio__registry_add(registry, source->raw, token,
                               interest | source_private_bits(source), &record);
    if (r < 0) {
        return r;
    }
    source->registry = registry;
    source->slot = record->slot;
    source->generation = evio__load32_relaxed(&record->generation);
    source->flags = (registry->ops->abilities & EVIO__NEEDS_REARM) != 0
                        ? EVIO__SOURCE_NEEDS_REARM
                        : 0;
    return 0;
}

int evio_register(evio_registry *registry, evio_source *source, uint64_t token,
                  uint32_t interest)
{
    if (registry == NULL || source == NULL) {
        return source_invalid();
    }
    int r = evio__interest_check(interest, registry->ops->abilities);
    if (r < 0) {
        return r;
    }
    if (source->ops != NULL) {
        return source->ops->add(source, registry, token, interest);
    }
    return source_add(registry, source, token, interest);
}

int evio_reregister(evio_registry *registry, evio_source *source,
                    uint64_t token, uint32_t interest)
{
    if (registry == NULL || source == NULL) {
        return source_invalid();
    }
    int r = evio__interest_check(interest, registry->ops->abilities);
    if (r < 0) {
        return r;
    }
    if (source->ops != NULL) {
        return source->ops->modify(source, registry, token, interest);
    }
    r = source_check_home(registry, source);
    if (r < 0) {
        return r;
    }
    return evio__registry_modify(registry, source->raw, source_record(source),
                                 token, interest);
}

/* Forget the registration and tell the registry. */
static int source_remove(evio_source *source, bool closing)
{
    evio_registry *registry = source->registry;
    evio__record *record = source_record(source);
    source->registry = NULL;
    source->flags = 0;
    return evio__registry_remove(registry, source->raw, record, closing);
}

int evio_deregister(evio_registry *registry, evio_source *source)
{
    if (registry == NULL || source == NULL) {
        return source_invalid();
    }
    if (source->ops != NULL) {
        return source->ops->remove(source, registry);
    }
    int r = source_check_home(registry, source);
    return r < 0 ? r : source_remove(source, false);
}

int evio_rearm(evio_source *source, uint32_t directions)
{
    const uint32_t all =
        (uint32_t)EVIO_READABLE | EVIO_WRITABLE | EVIO_PRIORITY;
    if (source == NULL || directions == 0 || (directions & ~all) != 0) {
        return source_invalid();
    }
    if (source->ops != NULL) {
        return libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    }
    int r = source_check_home(source->registry, source);
    if (r < 0) {
        return r;
    }
    return evio__registry_rearm(source->registry, source->raw,
                                source_record(source), directions);
}

void evio__source_rearm_quietly(evio_source *source, uint32_t direction)
{
    (void)evio_rearm(source, direction);
}

libsock_raw evio__source_detach(evio_source *source)
{
    if (!evio__source_is_descriptor(source)) {
        return LIBSOCK_RAW_INVALID;
    }
    libsock_raw raw = source->raw;
    if (source_check_home(source->registry, source) >= 0) {
        (void)source_remove(source, true);
    }
    memset(source, 0, sizeof(*source));
    return raw;
}
