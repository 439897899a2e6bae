/* SPDX-License-Identifier: MIT */
/*
 * Wakers: a record that is only ever posted, with readable. What signals the
 * waiting thread is the registry's one wakeup; posted.c has all of it.
 */
#include <libevio/waker.h>

#include <libsock/error.h>

#include "base/alloc.h"
#include "core/posted.h"
#include "core/registry.h"

struct evio_waker {
    evio_registry *registry;
    evio__record *record; /* held, and a reference on the registry with it */
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
    waker->registry = registry;
    int r = evio__registry_take_posted(registry, &waker->record);
    if (r < 0) {
        evio__free(waker);
        return r;
    }
    evio__registration what = {token,
                               (uint32_t)EVIO_READABLE | EVIO__INTEREST_POSTED};
    r = evio__registry_add_posted(registry, NULL, waker->record, what);
    if (r < 0) {
        evio__registry_give_posted(registry, waker->record);
        evio__free(waker);
        return r;
    }
    *out_waker = waker;
    return 0;
}

void evio_waker_free(evio_waker *waker)
{
    if (waker == NULL) {
        return;
    }
    evio__registry_end_posted(waker->registry, waker->record);
    evio__registry_give_posted(waker->registry, waker->record);
    evio__free(waker);
}

int evio_wake(evio_waker *waker)
{
    if (waker == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return evio__post(waker->registry, waker->record, EVIO_READABLE);
}
