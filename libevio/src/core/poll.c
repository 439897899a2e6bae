/* SPDX-License-Identifier: MIT */
/*
 * The poll: choosing a selector, its life, and counters. Waiting is wait.c's,
 * registrations are registry.c's. A poll is used by one thread at a time.
 */
#include "core/poll.h"

#include <string.h>

#include <libsock/error.h>

#include "base/alloc.h"
#include "core/events.h"
#include "core/posted.h"
#include "core/registry.h"
#include "sys/port.h"

static const evio__selector_ops *poll_find_id(int id)
{
    for (size_t i = 0; evio__selectors[i] != NULL; i++) {
        if (evio__selectors[i]->id == id) {
            return evio__selectors[i];
        }
    }
    return NULL;
}

static const evio__selector_ops *poll_find_name(const char *name)
{
    for (size_t i = 0; evio__selectors[i] != NULL; i++) {
        if (strcmp(evio__selectors[i]->name, name) == 0) {
            return evio__selectors[i];
        }
    }
    return NULL;
}

static int poll_open(const evio__selector_ops *ops, bool strict,
                     evio_registry **out_registry)
{
    return evio__registry_new(strict ? evio__selector_strict(ops) : ops,
                              out_registry);
}

/* A name that this build does not have is an error, not a reason to take
 * another: whoever set it wants to know. */
static int poll_open_named(const char *name, bool strict,
                           evio_registry **out_registry)
{
    const evio__selector_ops *ops = poll_find_name(name);
    if (ops == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return poll_open(ops, strict, out_registry);
}

static int poll_open_best(bool strict, evio_registry **out_registry)
{
    int r = libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    for (size_t i = 0; evio__selectors[i] != NULL; i++) {
        r = poll_open(evio__selectors[i], strict, out_registry);
        if (libsock_kind(r) != LIBSOCK_KIND_UNSUPPORTED) {
            return r;
        }
    }
    return r;
}

static int poll_open_id(int selector, bool strict, evio_registry **out_registry)
{
    if (selector == EVIO_SELECTOR_AUTO) {
        const char *name = evio__port_environment("EVIO_SELECTOR");
        return name != NULL ? poll_open_named(name, strict, out_registry)
                            : poll_open_best(strict, out_registry);
    }
    if (selector < 0 || selector > EVIO_SELECTOR_POLL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    const evio__selector_ops *ops = poll_find_id(selector);
    if (ops == NULL) {
        return libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    }
    return poll_open(ops, strict, out_registry);
}

/* No version of the structure will be longer; a size that was never set may
 * be anything. */
#define POLL_OPTIONS_MAX 256u

/* A structure from a newer header is fine as long as what is unknown here was
 * left at zero. */
static int poll_check_options(const evio_poll_options *options)
{
    if (options->size < sizeof(*options) || options->size > POLL_OPTIONS_MAX) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    const unsigned char *bytes = (const void *)options;
    for (size_t i = sizeof(*options); i < options->size; i++) {
        if (bytes[i] != 0) {
            return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
        }
    }
    return (options->flags & ~(unsigned)EVIO_POLL_STRICT_REARM) == 0
               ? 0
               : libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
}

/* Whether EVIO_DEBUG requests strict re-arming; an unknown word is an error.
 */
static int poll_debug(bool *out_strict)
{
    const char *debug = evio__port_environment("EVIO_DEBUG");
    if (debug != NULL && strcmp(debug, "rearm") != 0) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    *out_strict = debug != NULL;
    return 0;
}

int evio_poll_new(const evio_poll_options *options, evio_poll **out_poll)
{
    if (out_poll == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    const evio_poll_options defaults = EVIO_POLL_OPTIONS_INIT;
    bool strict = false;
    int r = options != NULL ? poll_check_options(options) : 0;
    if (r >= 0) {
        r = poll_debug(&strict);
    }
    if (r < 0) {
        return r;
    }
    options = options != NULL ? options : &defaults;
    strict = strict || (options->flags & EVIO_POLL_STRICT_REARM) != 0;
    evio_poll *poll = evio__alloc(1, sizeof(*poll));
    if (poll == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    r = poll_open_id(options->selector, strict, &poll->registry);
    if (r < 0) {
        evio__free(poll);
        return r;
    }
    *out_poll = poll;
    return 0;
}

void evio_poll_free(evio_poll *poll)
{
    if (poll != NULL) {
        evio__registry_close(poll->registry);
        evio__free(poll);
    }
}

evio_registry *evio_poll_registry(evio_poll *poll)
{
    return poll != NULL ? poll->registry : NULL;
}

uint64_t evio_now_ns(void)
{
    return evio__port_now_ns();
}

int evio_poll_selector(const evio_poll *poll)
{
    return poll != NULL ? poll->registry->ops->id
                        : libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
}

const char *evio_selector_name(int selector)
{
    const evio__selector_ops *ops = poll_find_id(selector);
    return ops != NULL ? ops->name : NULL;
}

int evio_selector_from_name(const char *name)
{
    if (name == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    const evio__selector_ops *ops = poll_find_name(name);
    return ops != NULL ? ops->id : libsock_error_of(LIBSOCK_KIND_NOT_FOUND);
}

int evio_poll_raw(const evio_poll *poll, libsock_raw *out_raw)
{
    if (poll == NULL || out_raw == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return evio__registry_raw(poll->registry, out_raw);
}

int evio_registry_raw(const evio_registry *registry, libsock_raw *out_raw)
{
    if (registry == NULL || out_raw == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return evio__registry_raw((evio_registry *)(uintptr_t)registry, out_raw);
}

int evio_poll_after_fork(evio_poll *poll)
{
    if (poll == NULL || !poll->registry->inherited) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    int r = 0;
    evio__registry_lock(poll->registry);
    if ((evio__load32(&poll->registry->state) & EVIO__STATE_FORKED) != 0) {
        r = evio__registry_after_fork(poll->registry);
    }
    evio__registry_unlock(poll->registry);
    return r;
}

int evio_poll_get_stats(const evio_poll *poll, evio_poll_stats *out_stats)
{
    if (poll == NULL || out_stats == NULL ||
        out_stats->size != sizeof(*out_stats)) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    out_stats->waits = poll->registry->waits;
    out_stats->events = evio__events_delivered(poll->registry);
    out_stats->stale = poll->registry->stale;
    out_stats->empty = poll->registry->empty;
    return 0;
}

int evio_set_allocator(const evio_allocator *allocator)
{
    if (allocator == NULL) {
        evio__alloc_set(NULL);
        return 0;
    }
    if (allocator->size != sizeof(*allocator) || allocator->alloc == NULL ||
        allocator->release == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    evio__allocator inner = {allocator->alloc, allocator->release,
                             allocator->ctx};
    evio__alloc_set(&inner);
    return 0;
}
