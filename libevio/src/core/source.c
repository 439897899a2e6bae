/* SPDX-License-Identifier: MIT */
/*
 * Sources: what can be registered, and the checks that make double
 * registration, a foreign poll or an empty source an error instead of an
 * accident. Registration itself is registry.c's.
 */
#include "core/source.h"

#include <string.h>

#include "core/interest.h"
#include "core/posted.h"
#include "core/registry.h"
#include "sys/port.h"

static int source_invalid(void)
{
    return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
}

static evio__record *source_record_at(const evio_source *source)
{
    return evio__slab_at(&source->registry->host.slab, source->slot);
}

evio__record *evio__source_record(const evio_registry *registry,
                                  const evio_source *source, int *out_error)
{
    if (source->registry == NULL) {
        *out_error = libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
        return NULL;
    }
    if (source->registry != registry) {
        *out_error = libsock_error_of(LIBSOCK_KIND_ALREADY_EXISTS);
        return NULL;
    }
    evio__record *record = source_record_at(source);
    /* A copy whose original was deregistered is registered no more. */
    if ((evio__load32_relaxed(&record->stamp) & EVIO__STAMP_GENERATION) !=
        source->generation) {
        *out_error = libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
        return NULL;
    }
    return record;
}

/* --- the class of descriptors -----------------------------------------------
 */

static bool source_is_lost(const evio__record *record)
{
    return (evio__load32_relaxed(&record->interest) & EVIO__INTEREST_LOST) != 0;
}

static int descriptor_add(evio_source *source, evio_registry *registry,
                          uint64_t token, uint32_t interest)
{
    if (source->registry != NULL) {
        return libsock_error_of(LIBSOCK_KIND_ALREADY_EXISTS);
    }
    if ((source->flags & EVIO__SOURCE_PIPE_END) != 0) {
        interest |= EVIO__INTEREST_PIPE_END;
    }
    evio__registration what = {token, interest};
    return evio__registry_add(registry, source, what);
}

static int descriptor_modify(evio_source *source, evio_registry *registry,
                             uint64_t token, uint32_t interest)
{
    int r = 0;
    evio__record *record = evio__source_record(registry, source, &r);
    if (record == NULL) {
        return r;
    }
    if (source_is_lost(record)) {
        return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
    }
    if (((evio__load32_relaxed(&record->interest) | interest) &
         EVIO_EXCLUSIVE) != 0) {
        return source_invalid(); /* the kernel's error, before any change */
    }
    evio__registration what = {token, interest};
    return evio__registry_modify(registry, source, record, what);
}

/* End the registration of a source that has one. */
static int descriptor_end(evio_source *source, evio__record *record,
                          enum evio__removal why)
{
    evio_registry *registry = source->registry;
    evio__source_unbind(source);
    return evio__registry_remove(registry, record, why);
}

static int descriptor_remove(evio_source *source, evio_registry *registry)
{
    int r = 0;
    evio__record *record = evio__source_record(registry, source, &r);
    return record != NULL ? descriptor_end(source, record, EVIO__DEREGISTERED)
                          : r;
}

static int descriptor_rearm(evio_source *source, uint32_t directions)
{
    int r = 0;
    evio__record *record = evio__source_record(source->registry, source, &r);
    return record != NULL
               ? evio__registry_rearm(source->registry, record, directions)
               : r;
}

static int descriptor_forget(evio_source *source)
{
    int r = 0;
    evio__record *record = evio__source_record(source->registry, source, &r);
    return record != NULL ? descriptor_end(source, record, EVIO__FORGOTTEN) : r;
}

static const evio__source_class source_descriptor = {
    {sizeof(evio_source_ops), descriptor_add, descriptor_modify,
     descriptor_remove},
    descriptor_rearm,
    descriptor_forget,
};

int evio__source_init(libsock_raw raw, uint32_t flags, evio_source *out_source)
{
    if (out_source == NULL) {
        return source_invalid();
    }
    if (!evio__port_is_raw(raw)) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    memset(out_source, 0, sizeof(*out_source));
    out_source->ops = &source_descriptor.ops;
    out_source->raw = (int32_t)raw;
    out_source->flags =
        flags | EVIO__SOURCE_OPEN | EVIO__SOURCE_PLAIN | EVIO__SOURCE_BUILTIN;
    return 0;
}

int evio_source_from_socket(libsock_socket sock, evio_source *out_source)
{
    return evio__source_init(libsock_as_raw(sock), 0, out_source);
}

int evio_source_from_fd(libsock_raw fd, evio_source *out_source)
{
    return evio__source_init(fd, 0, out_source);
}

libsock_raw evio__source_detach(evio_source *source, bool shared)
{
    if (!evio__source_is_open(source)) {
        return LIBSOCK_RAW_INVALID;
    }
    libsock_raw raw = source->raw;
    int r = 0;
    evio__record *record = evio__source_record(source->registry, source, &r);
    if (record != NULL) {
        (void)descriptor_end(source, record,
                             shared ? EVIO__DEREGISTERED : EVIO__CLOSING);
    }
    memset(source, 0, sizeof(*source));
    return raw;
}

/* --- what is the same for all classes ---------------------------------------
 */

int evio_source_from_ops(const evio_source_ops *ops, evio_source *out_source)
{
    if (ops == NULL || out_source == NULL || ops->size != sizeof(*ops) ||
        ops->add == NULL || ops->modify == NULL || ops->remove == NULL) {
        return source_invalid();
    }
    memset(out_source, 0, sizeof(*out_source));
    out_source->raw = -1;
    out_source->ops = ops;
    return 0;
}

bool evio_source_is_registered(const evio_source *source)
{
    return source != NULL && source->registry != NULL;
}

/* The kind of what is wrong with a call; OK for nothing. `empty` is that of a
 * source that refers to nothing. */
static int source_check(const evio_registry *registry,
                        const evio_source *source, int empty)
{
    if (registry == NULL || source == NULL) {
        return LIBSOCK_KIND_INVALID_INPUT;
    }
    return source->ops != NULL ? LIBSOCK_KIND_OK : empty;
}

int evio_register(evio_registry *registry, evio_source *source, uint64_t token,
                  uint32_t interest)
{
    int kind = source_check(registry, source, LIBSOCK_KIND_BAD_DESCRIPTOR);
    if (kind == LIBSOCK_KIND_OK) {
        kind = evio__interest_kind(interest, registry->ops->abilities);
    }
    return kind == LIBSOCK_KIND_OK
               ? source->ops->add(source, registry, token, interest)
               : libsock_error_of(kind);
}

int evio_reregister(evio_registry *registry, evio_source *source,
                    uint64_t token, uint32_t interest)
{
    int kind = source_check(registry, source, LIBSOCK_KIND_NOT_FOUND);
    if (kind == LIBSOCK_KIND_OK) {
        kind = evio__interest_kind(interest, registry->ops->abilities);
    }
    return kind == LIBSOCK_KIND_OK
               ? source->ops->modify(source, registry, token, interest)
               : libsock_error_of(kind);
}

int evio_deregister(evio_registry *registry, evio_source *source)
{
    int kind = source_check(registry, source, LIBSOCK_KIND_NOT_FOUND);
    return kind == LIBSOCK_KIND_OK ? source->ops->remove(source, registry)
                                   : libsock_error_of(kind);
}

/* The class of a source of the library's own; NULL for a composite, an empty
 * source and NULL: *out_error has the reason. */
static const evio__source_class *source_class(const evio_source *source,
                                              int *out_error)
{
    if (source == NULL) {
        *out_error = source_invalid();
        return NULL;
    }
    if ((source->flags & EVIO__SOURCE_BUILTIN) == 0) {
        *out_error =
            libsock_error_of(source->ops != NULL ? LIBSOCK_KIND_UNSUPPORTED
                                                 : LIBSOCK_KIND_NOT_FOUND);
        return NULL;
    }
    return (const evio__source_class *)(const void *)source->ops;
}

static bool source_are_directions(uint32_t directions)
{
    const uint32_t all = EVIO__DIRECTIONS & ~(uint32_t)EVIO_HANGUP;
    return directions != 0 && (directions & ~all) == 0;
}

int evio_rearm(evio_source *source, uint32_t directions)
{
    int r = 0;
    const evio__source_class *class = source_class(source, &r);
    if (!source_are_directions(directions)) {
        return source_invalid();
    }
    return class != NULL ? class->rearm(source, directions) : r;
}

void evio__source_rearm_quietly(evio_source *source, uint32_t direction)
{
    (void)evio_rearm(source, direction);
}

int evio_again(evio_source *source, uint32_t directions)
{
    int r = 0;
    const evio__source_class *class = source_class(source, &r);
    if (!source_are_directions(directions)) {
        return source_invalid();
    }
    evio__record *record =
        class != NULL ? evio__source_record(source->registry, source, &r)
                      : NULL;
    if (record == NULL) {
        return r;
    }
    evio_registry *registry = source->registry;
    if (!evio__registry_is_open(registry)) {
        return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    uint32_t interest = evio__load32(&record->interest);
    if ((interest & EVIO__INTEREST_LOST) != 0) {
        return libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
    }
    directions &= interest;
    if (directions == 0 || (interest & EVIO_LEVEL) != 0) {
        return 0;
    }
    if ((interest & EVIO__INTEREST_POSTED) != 0) {
        /* A trigger's oneshot may report once more. */
        evio__and32(&record->posted, ~EVIO__POSTED_FIRED);
    }
    return evio__post(registry, record, directions);
}

int evio_source_forget(evio_source *source)
{
    int r = 0;
    const evio__source_class *class = source_class(source, &r);
    return class != NULL ? class->forget(source) : r;
}
