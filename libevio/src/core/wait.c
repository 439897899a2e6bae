/* SPDX-License-Identifier: MIT */
/*
 * Waiting: rounds of "what is posted" and "what the kernel has", until there is
 * something to deliver or the deadline has come. One thread at a time, which
 * `state` of the registry guards; no lock.
 */
#include "core/poll.h"

#include <libsock/error.h>

#include "base/cold.h"
#include "base/deadline.h"
#include "core/events.h"
#include "core/posted.h"
#include "sys/port.h"

/* A wait that only checks looks again behind stale entries this often: in level
 * mode a duplicate that lives elsewhere brings them for ever. */
#define WAIT_STALE_ROUNDS 16u

struct wait {
    evio_registry *registry;
    evio_events *events;
    evio__batch batch; /* of all of the buffer that may be filled */
};

EVIO__COLD static int wait_enter_rare(evio_registry *registry, uint32_t state)
{
    do {
        if ((state & EVIO__STATE_WAITING) != 0) {
            return libsock_error_of(LIBSOCK_KIND_BUSY);
        }
        if ((state & EVIO__STATE_FORKED) != 0) {
            evio__registry_lock(registry);
            int r = evio__registry_after_fork(registry);
            evio__registry_unlock(registry);
            if (r < 0) {
                return r;
            }
            state &= ~EVIO__STATE_FORKED;
        }
    } while (!evio__replace32(&registry->state, &state,
                              state | EVIO__STATE_WAITING));
    return 0;
}

static inline int wait_enter(evio_registry *registry)
{
    uint32_t state = 0;
    if (evio__replace32(&registry->state, &state, EVIO__STATE_WAITING)) {
        return 0;
    }
    return wait_enter_rare(registry, state);
}

static inline void wait_leave(evio_registry *registry)
{
    uint32_t state = evio__and32(
        &registry->state, ~(EVIO__STATE_WAITING | EVIO__STATE_SIGNALLED));
    if ((state & EVIO__STATE_NESTED) != 0 && evio__posted_any(registry)) {
        (void)evio__posted_signal(registry);
    }
}

/* Fill the buffer from `count` on with what is posted. */
static int wait_take_posted(const struct wait *wait, int count)
{
    uint32_t taken = (uint32_t)count;
    return count + (int)evio__posted_take(wait->registry,
                                          wait->batch.entries + taken,
                                          wait->batch.cap - taken);
}

/* The same with what the kernel has. */
static int wait_take_ready(const struct wait *wait, int count)
{
    const evio_registry *registry = wait->registry;
    evio__batch rest = wait->batch;
    rest.entries += count;
    rest.cap -= (uint32_t)count;
    rest.count = 0;
    if (rest.cap == 0) {
        return count;
    }
    int r = registry->ops->wait(registry->selector, &rest, 0);
    return r > 0 || count == 0 ? count + r : count;
}

/* A round while something is posted: it only checks the kernel. Neither of the
 * two can starve the other: who filled a batch alone comes second next time. */
EVIO__COLD static int wait_round_posted(const struct wait *wait)
{
    evio_registry *registry = wait->registry;
    if (registry->kernel_first) {
        registry->kernel_first = false;
        int r = wait_take_ready(wait, 0);
        return r >= 0 ? wait_take_posted(wait, r) : r;
    }
    int count = wait_take_posted(wait, 0);
    registry->kernel_first = (uint32_t)count == wait->batch.cap;
    return wait_take_ready(wait, count);
}

static int wait_collect(struct wait *wait, uint64_t ns)
{
    const evio_registry *registry = wait->registry;
    if (evio__posted_any(registry)) {
        return wait_round_posted(wait);
    }
    wait->batch.count = 0;
    int r = registry->ops->wait(registry->selector, &wait->batch, ns);
    if (r >= 0 && evio__posted_any(registry)) {
        r = wait_take_posted(wait, r);
    }
    return r;
}

/* A round: how many events can be delivered; `*out_any` says whether any came
 * that cannot. */
static inline int wait_round(struct wait *wait, uint64_t ns, bool *out_any)
{
    int r = wait_collect(wait, ns);
    *out_any = r > 0;
    if (r <= 0) {
        return r;
    }
    evio_events *events = wait->events;
    events->next = events->entries;
    events->end = events->entries + r;
    return evio__events_skip_dead(events) ? (int)(events->end - events->next)
                                          : 0;
}

/* Nothing to deliver so far: go on until there is, or until the deadline. */
EVIO__COLD static int wait_on(struct wait *wait, uint64_t timeout_ns,
                              uint64_t deadline_ns, bool any)
{
    evio_registry *registry = wait->registry;
    for (unsigned round = 1;; round++) {
        uint64_t left = timeout_ns == 0
                            ? 0
                            : evio__remaining(evio__port_now_ns(), deadline_ns);
        if (left == 0 && (!any || round == WAIT_STALE_ROUNDS)) {
            return 0;
        }
        registry->empty++;
        /* Before the list is read: a post from here on signals again. */
        evio__and32(&registry->state, ~EVIO__STATE_SIGNALLED);
        int r = wait_round(wait, left, &any);
        if (r != 0) {
            return r;
        }
    }
}

static inline int wait_run(evio_poll *poll, evio_events *events,
                           evio__batch batch, uint64_t timeout_ns)
{
    evio_registry *registry = poll->registry;
    struct wait wait = {registry, events, batch};
    bool timed = timeout_ns != 0 && timeout_ns != EVIO_FOREVER;
    uint64_t deadline =
        timed ? evio__deadline(evio__port_now_ns(), timeout_ns) : timeout_ns;
    int r = wait_enter(registry);
    if (r < 0) {
        return r;
    }
    if (!evio__events_is_claimed(events, registry)) {
        evio__events_claim(events, registry);
    }
    bool any;
    r = wait_round(&wait, timeout_ns, &any);
    if (r == 0 && (any || timeout_ns != 0)) {
        r = wait_on(&wait, timeout_ns, deadline, any);
    }
    poll->waits++;
    wait_leave(registry);
    return r;
}

int evio_poll_wait(evio_poll *poll, evio_events *events, uint64_t timeout_ns)
{
    if (poll == NULL || events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    evio__batch batch = {events->entries, events->cap, 0, NULL};
    return wait_run(poll, events, batch, timeout_ns);
}

int evio_poll_wait_masked(evio_poll *poll, evio_events *events,
                          size_t max_events, uint64_t timeout_ns,
                          const void *signal_mask)
{
    if (poll == NULL || events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    uint32_t cap = max_events == 0 || max_events > events->cap
                       ? events->cap
                       : (uint32_t)max_events;
    evio__batch batch = {events->entries, cap, 0, signal_mask};
    return wait_run(poll, events, batch, timeout_ns);
}

int evio_poll_wait_until(evio_poll *poll, evio_events *events,
                         uint64_t deadline_ns)
{
    uint64_t timeout = deadline_ns == EVIO_FOREVER
                           ? EVIO_FOREVER
                           : evio__remaining(evio_now_ns(), deadline_ns);
    return evio_poll_wait(poll, events, timeout);
}
