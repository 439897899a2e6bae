/* SPDX-License-Identifier: MIT */
/*
 * The poll: choosing a selector, waiting, and counters. Records and sources
 * live elsewhere. One thread waits at a time; `waiting` guards that.
 */
#include <libevio/poll.h>

#include <string.h>

#include <libsock/error.h>

#include "base/alloc.h"
#include "base/apart.h"
#include "base/atomic.h"
#include "base/deadline.h"
#include "core/events.h"
#include "core/registry.h"
#include "sys/port.h"

struct evio_poll {
    evio_registry *registry;
    evio__atomic32 waiting; /* 1: a thread is in a wait */
    uint64_t waits;         /* waiting thread */
};

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

/* A name that this build does not have is an error, not a reason to take
 * another: whoever set it wants to know. */
static int poll_open_named(const char *name, evio_registry **out_registry)
{
    const evio__selector_ops *ops = poll_find_name(name);
    if (ops == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return evio__registry_new(ops, out_registry);
}

static int poll_open_best(evio_registry **out_registry)
{
    int r = libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    for (size_t i = 0; evio__selectors[i] != NULL; i++) {
        r = evio__registry_new(evio__selectors[i], out_registry);
        if (libsock_kind(r) != LIBSOCK_KIND_UNSUPPORTED) {
            return r;
        }
    }
    return r;
}

static int poll_open(int selector, evio_registry **out_registry)
{
    if (selector == EVIO_SELECTOR_AUTO) {
        const char *name = evio__port_selector_name();
        return name != NULL ? poll_open_named(name, out_registry)
                            : poll_open_best(out_registry);
    }
    if (selector < 0 || selector > EVIO_SELECTOR_POLL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    const evio__selector_ops *ops = poll_find_id(selector);
    if (ops == NULL) {
        return libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    }
    return evio__registry_new(ops, out_registry);
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
    return 0;
}

int evio_poll_new(const evio_poll_options *options, evio_poll **out_poll)
{
    if (out_poll == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    int r = options != NULL ? poll_check_options(options) : 0;
    if (r < 0) {
        return r;
    }
    evio_poll *poll = evio__alloc(1, sizeof(*poll));
    if (poll == NULL) {
        return libsock_error_of(LIBSOCK_KIND_OUT_OF_MEMORY);
    }
    r = poll_open(options != NULL ? options->selector : EVIO_SELECTOR_AUTO,
                  &poll->registry);
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

static int poll_wait_empty(const evio_poll *poll, evio_events *events,
                           uint64_t timeout_ns)
{
    const evio_registry *registry = poll->registry;
    return registry->ops->wait(registry->selector, &events->batch, timeout_ns);
}

/* Something was left in the buffer, or it served another poll: wait behind the
 * wakes that are kept. */
EVIO__APART static int poll_wait_left(const evio_poll *poll,
                                      evio_events *events, uint64_t timeout_ns)
{
    const evio__selector_ops *ops = poll->registry->ops;
    uint32_t kept = evio__events_begin(events, poll->registry);
    if (kept == 0) {
        return poll_wait_empty(poll, events, timeout_ns);
    }
    evio__batch rest = events->batch;
    rest.entries += kept;
    rest.cap -= kept;
    rest.count = 0;
    if (rest.cap > 0 && ops->wait(poll->registry->selector, &rest, 0) > 0) {
        events->batch.count += rest.count;
    }
    return (int)events->batch.count;
}

int evio_poll_wait(evio_poll *poll, evio_events *events, uint64_t timeout_ns)
{
    if (poll == NULL || events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    if (evio__swap32(&poll->waiting, 1) != 0) {
        return libsock_error_of(LIBSOCK_KIND_BUSY);
    }
    int r = evio__events_begin_empty(events, poll->registry)
                ? poll_wait_empty(poll, events, timeout_ns)
                : poll_wait_left(poll, events, timeout_ns);
    poll->waits++;
    evio__store32(&poll->waiting, 0);
    return r;
}

int evio_poll_wait_until(evio_poll *poll, evio_events *events,
                         uint64_t deadline_ns)
{
    uint64_t timeout = deadline_ns == EVIO_FOREVER
                           ? EVIO_FOREVER
                           : evio__remaining(evio_now_ns(), deadline_ns);
    return evio_poll_wait(poll, events, timeout);
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
    libsock_raw raw = poll->registry->ops->raw(poll->registry->selector);
    if (raw == LIBSOCK_RAW_INVALID) {
        return libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
    }
    *out_raw = raw;
    return 0;
}

int evio_poll_get_stats(const evio_poll *poll, evio_poll_stats *out_stats)
{
    if (poll == NULL || out_stats == NULL ||
        out_stats->size != sizeof(*out_stats)) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    out_stats->waits = poll->waits;
    out_stats->events = poll->registry->events;
    out_stats->stale = poll->registry->stale;
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
