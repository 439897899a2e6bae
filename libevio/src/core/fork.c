/* SPDX-License-Identifier: MIT */
/*
 * The handlers that run around fork(), over a list of all registries. The list
 * is guarded by the process's lock, which is taken before any registry's. While
 * a process forks all of them are held, so that the child finds every registry
 * between two changes.
 */
#include "core/fork.h"

#include "core/events.h"
#include "sys/port.h"

static evio_registry *fork_registries;
static bool fork_is_watched;

static void fork_prepare(void)
{
    evio__lock_process_acquire();
    for (evio_registry *r = fork_registries; r != NULL; r = r->fork_next) {
        evio__registry_lock(r);
    }
}

static void fork_parent(void)
{
    for (evio_registry *r = fork_registries; r != NULL; r = r->fork_next) {
        evio__registry_unlock(r);
    }
    evio__lock_process_release();
}

/* The threads that waited, posted or slept for a lock are not in the child. No
 * signal handler posts meanwhile: they are blocked. */
static void fork_child(void)
{
    const uint32_t gone = EVIO__STATE_WAITING | EVIO__STATE_SIGNALLED;
    evio__port_signals_block();
    for (evio_registry *r = fork_registries; r != NULL; r = r->fork_next) {
        r->inherited = true;
        evio__and32(&r->state, ~gone);
        evio__or32(&r->state, EVIO__STATE_FORKED);
        evio__lock_reset(r->host.lock);
        evio__events_after_fork(r);
    }
    evio__lock_process_release();
    evio__port_signals_restore();
}

static int fork_watch(void)
{
    if (fork_is_watched) {
        return 0;
    }
    int r = evio__port_at_fork(fork_prepare, fork_parent, fork_child);
    fork_is_watched = r >= 0;
    return r;
}

int evio__fork_join(evio_registry *registry)
{
    evio__lock_process_acquire();
    int r = fork_watch();
    if (r >= 0) {
        registry->fork_next = fork_registries;
        if (fork_registries != NULL) {
            fork_registries->fork_previous = registry;
        }
        fork_registries = registry;
    }
    evio__lock_process_release();
    return r;
}

void evio__fork_leave(evio_registry *registry)
{
    evio__lock_process_acquire();
    if (registry->fork_previous != NULL) {
        registry->fork_previous->fork_next = registry->fork_next;
    } else {
        fork_registries = registry->fork_next;
    }
    if (registry->fork_next != NULL) {
        registry->fork_next->fork_previous = registry->fork_previous;
    }
    evio__lock_process_release();
}
