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

/* A wait that only checks tries again behind stale entries this often: in level
 * mode a duplicate that is open elsewhere brings them for ever. */
#define WAIT_STALE_ROUNDS 16u

struct wait {
    evio_registry *registry;
    evio_events *events;
    evio__batch batch; /* of all of the buffer that may be filled */
    uint64_t timeout_ns;
    uint64_t deadline_ns;
};

/* Enter when the usual way found `state` not idle. */
static int wait_enter_rare(evio_registry *registry)
{
    uint32_t state = evio__load32_relaxed(&registry->state);
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

static inline bool wait_enter(evio_registry *registry)
{
    uint32_t state = 0;
    return evio__replace32(&registry->state, &state, EVIO__STATE_WAITING);
}

/* The rest of `state` goes back. Whoever posted to a nested poll meanwhile did
 * not see that, and so signalled nobody. */
EVIO__COLD static int wait_leave_rare(evio_registry *registry, uint32_t rest,
                                      int r)
{
    evio__or32(&registry->state, rest);
    if ((rest & EVIO__STATE_NESTED) != 0 && evio__posted_any(registry)) {
        (void)evio__posted_signal(registry);
    }
    return r;
}

/* Returns `r`, the result of the wait, so that it need not outlive a call. */
static inline int wait_leave(evio_registry *registry, int r)
{
    registry->waits++;
    uint32_t rest = evio__swap32(&registry->state, 0) &
                    ~(EVIO__STATE_WAITING | EVIO__STATE_SIGNALLED);
    return rest == 0 ? r : wait_leave_rare(registry, rest, r);
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
    if (rest.cap == 0) {
        return count;
    }
    int r = registry->ops->wait(registry->selector, &rest, 0);
    return r > 0 || count == 0 ? count + r : count;
}

/* While something is posted the kernel is only checked. Neither of the two can
 * starve the other: who filled a batch alone comes second next time. */
static int wait_collect_posted(const struct wait *wait)
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

static int wait_collect(const struct wait *wait, uint64_t ns)
{
    const evio_registry *registry = wait->registry;
    if (evio__posted_any(registry)) {
        return wait_collect_posted(wait);
    }
    evio__batch batch = wait->batch;
    return registry->ops->wait(registry->selector, &batch, ns);
}

/* The end of a round that collected `r` entries: how many can be delivered. */
static int wait_finish(const struct wait *wait, int r)
{
    evio_events *events = wait->events;
    if (r >= 0 && evio__posted_any(wait->registry)) {
        r = wait_take_posted(wait, r);
    }
    /* Also when nothing came: a selector may have written into the batch. */
    evio__events_fill(events, r > 0 ? (uint32_t)r : 0);
    if (r <= 0) {
        return r;
    }
    wait->registry->collected += (uint32_t)r;
    return evio__events_skip_dead(events) ? (int)(events->end - events->next)
                                          : 0;
}

/* Rounds, from the end of the first one on, which collected `collected`. */
static int wait_rounds(const struct wait *wait, int collected)
{
    evio_registry *registry = wait->registry;
    for (unsigned round = 1;; round++) {
        int r = wait_finish(wait, collected);
        if (r != 0) {
            return r;
        }
        uint64_t left = wait->timeout_ns;
        if (left != 0) {
            left = evio__remaining(evio__port_now_ns(), wait->deadline_ns);
        }
        if (left == 0 && (collected == 0 || round >= WAIT_STALE_ROUNDS)) {
            return 0;
        }
        registry->empty++;
        /* Before the list is read: a post from here on signals again. */
        evio__and32(&registry->state, ~EVIO__STATE_SIGNALLED);
        collected = wait_collect(wait, left);
    }
}

/* The whole of a wait, from having entered to leaving. */
static int wait_entered(const struct wait *wait)
{
    if (!evio__events_is_claimed(wait->events, wait->registry)) {
        evio__events_claim(wait->events, wait->registry);
    }
    return wait_leave(wait->registry,
                      wait_rounds(wait, wait_collect(wait, wait->timeout_ns)));
}

static struct wait wait_of(evio_registry *registry, evio_events *events,
                           uint64_t timeout_ns)
{
    return (struct wait){
        .registry = registry,
        .events = events,
        .batch = events->batch,
        .timeout_ns = timeout_ns,
        .deadline_ns = timeout_ns,
    };
}

/* A wait that has a deadline or a signal mask, or begins with anything
 * unusual. */
static int wait_rare(struct wait *wait)
{
    if (wait->timeout_ns != 0) {
        wait->deadline_ns =
            evio__deadline(evio__port_now_ns(), wait->timeout_ns);
    }
    int r = wait_enter_rare(wait->registry);
    return r < 0 ? r : wait_entered(wait);
}

EVIO__COLD static int wait_begin_rare(evio_registry *registry,
                                      evio_events *events, uint64_t timeout_ns)
{
    struct wait wait = wait_of(registry, events, timeout_ns);
    return wait_rare(&wait);
}

/* The same, entered: something is posted already. */
EVIO__COLD static int wait_begin_posted(evio_registry *registry,
                                        evio_events *events,
                                        uint64_t timeout_ns)
{
    struct wait wait = wait_of(registry, events, timeout_ns);
    return wait_entered(&wait);
}

/* The same, after a first round that is not plainly the end. */
EVIO__COLD static int wait_on(evio_registry *registry, evio_events *events,
                              uint64_t timeout_ns, int collected)
{
    struct wait wait = wait_of(registry, events, timeout_ns);
    return wait_leave(registry, wait_rounds(&wait, collected));
}

/* The usual way, without a deadline: one call of the selector that brings
 * events of descriptors. All else goes through rounds. */
int evio_poll_wait(evio_poll *poll, evio_events *events, uint64_t timeout_ns)
{
    if (poll == NULL || events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    evio_registry *registry = poll->registry;
    bool timed = timeout_ns != 0 && timeout_ns != EVIO_FOREVER;
    if (timed || !evio__events_is_claimed(events, registry) ||
        !wait_enter(registry)) {
        return wait_begin_rare(registry, events, timeout_ns);
    }
    if (evio__posted_arrived(registry)) {
        return wait_begin_posted(registry, events, timeout_ns);
    }
    events->timeout_ns = timeout_ns;
    int r = registry->ops->wait(registry->selector, &events->batch, timeout_ns);
    /* What was posted meanwhile, beside a first event, is the next wait's. */
    if (r <= 0 || !evio__events_is_plain(registry, events->batch.entries)) {
        return wait_on(registry, events, events->timeout_ns, r);
    }
    evio__events_fill(events, (uint32_t)r);
    registry->collected += (uint32_t)r;
    return wait_leave(registry, r);
}

int evio_poll_wait_masked(evio_poll *poll, evio_events *events,
                          size_t max_events, uint64_t timeout_ns,
                          const void *signal_mask)
{
    if (poll == NULL || events == NULL) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    struct wait wait = wait_of(poll->registry, events, timeout_ns);
    wait.batch.signal_mask = signal_mask;
    if (max_events != 0 && max_events < events->batch.cap) {
        wait.batch.cap = (uint32_t)max_events;
    }
    return wait_rare(&wait);
}

int evio_poll_wait_until(evio_poll *poll, evio_events *events,
                         uint64_t deadline_ns)
{
    uint64_t timeout = deadline_ns == EVIO_FOREVER
                           ? EVIO_FOREVER
                           : evio__remaining(evio_now_ns(), deadline_ns);
    return evio_poll_wait(poll, events, timeout);
}
