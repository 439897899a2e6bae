/* SPDX-License-Identifier: MIT */
/*
 * A selector that reports what a test tells it to, and remembers what the core
 * asked of it: for tests of the core that no kernel can be brought to. One
 * loop at a time, since the state is one for the process.
 * The wakeup and the queue are atomics; all else is the waiting thread's, or
 * guarded by the registry's lock as a selector's is.
 */
#ifndef TESTS_UNIT_FAKE_SELECTOR_H
#define TESTS_UNIT_FAKE_SELECTOR_H

#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include <libevio/libevio.h>

#include "base/alloc.h"
#include "core/events.h"
#include "core/poll.h"
#include "core/posted.h"
#include "core/registry.h"
#include "support/check.h"
#include "support/clock.h"
#include "support/loop.h"
#include "support/thread.h"

enum {
    FAKE_QUEUE = 64,
    FAKE_RAW = 4711
};

struct fake_selector {
    evio__host *host;
    evio__wakeup *wakeup; /* of the registry */
    /* Results of the next calls. */
    int open_result;
    int add_result;
    int modify_result;
    int remove_result;
    int fork_result;
    int wait_result;
    int signal_result;
    unsigned early; /* waits that return 0 at once */
    void (*on_wait)(void);
    void (*on_add)(evio__record *record);
    /* What the core asked for. */
    unsigned opens, closes, adds, modifies, removes, rearms, forks;
    bool closed_inherited;
    unsigned waits;
    evio__record *added;
    const evio__record *previous;
    uint32_t old; /* of modify */
    uint32_t directions;
    enum evio__removal why;
    uint64_t timeout_ns; /* of the last wait */
    uint32_t cap;
    const void *mask;
    atomic_uint signals;
    atomic_uint wakeup_closes;
    atomic_bool signalled;
    atomic_uint blocked; /* waits that began to block */
    /* What a kernel would report, oldest first. */
    evio__ready queue[FAKE_QUEUE];
    unsigned n_queue;
};

static struct fake_selector fake;

static inline int fake_signal(const evio__wakeup *wakeup)
{
    (void)wakeup;
    atomic_fetch_add(&fake.signals, 1);
    if (fake.signal_result < 0)
        return fake.signal_result;
    atomic_store(&fake.signalled, true);
    return 0;
}

static inline void fake_wakeup_close(evio__wakeup *wakeup)
{
    (void)wakeup;
    atomic_fetch_add(&fake.wakeup_closes, 1);
}

static const evio__wakeup_ops fake_wakeup_ops = {fake_signal,
                                                 fake_wakeup_close};

static inline int fake_selector_open(evio__host *host, evio__wakeup *out_wakeup,
                                     evio__selector **out_selector)
{
    fake.opens++;
    if (fake.open_result < 0)
        return fake.open_result;
    fake.host = host;
    fake.wakeup = out_wakeup;
    out_wakeup->ops = &fake_wakeup_ops;
    *out_selector = (evio__selector *)(void *)&fake;
    return 0;
}

static inline void fake_selector_close(evio__selector *selector, bool inherited)
{
    CHECK_EQ_PTR(selector, &fake);
    fake.closes++;
    fake.closed_inherited = inherited;
}

static inline int fake_add(evio__selector *selector, evio__record *record,
                           const evio__record *previous)
{
    CHECK_EQ_PTR(selector, &fake);
    fake.adds++;
    fake.added = record;
    fake.previous = previous;
    if (fake.on_add != NULL)
        fake.on_add(record);
    return fake.add_result;
}

static inline int fake_modify(evio__selector *selector, evio__record *record,
                              uint32_t old)
{
    CHECK_EQ_PTR(selector, &fake);
    fake.modifies++;
    fake.added = record;
    fake.old = old;
    return fake.modify_result;
}

static inline int fake_remove(evio__selector *selector, evio__record *record,
                              enum evio__removal why)
{
    CHECK_EQ_PTR(selector, &fake);
    CHECK_UINT(evio__load32(&record->interest), !=, 0);
    fake.removes++;
    fake.why = why;
    return fake.remove_result;
}

static inline int fake_rearm(evio__selector *selector, evio__record *record,
                             uint32_t directions)
{
    (void)selector;
    (void)record;
    fake.rearms++;
    fake.directions = directions;
    return 0;
}

static inline int fake_after_fork(evio__selector *selector,
                                  evio__wakeup *wakeup)
{
    CHECK_EQ_PTR(selector, &fake);
    CHECK_EQ_PTR(wakeup, fake.wakeup);
    fake.forks++;
    return fake.fork_result;
}

static inline libsock_raw fake_raw(const evio__selector *selector)
{
    (void)selector;
    return FAKE_RAW;
}

/* What is there now; the wakeup comes last. */
static inline int fake_collect(evio__batch *batch)
{
    unsigned n = fake.n_queue < batch->cap ? fake.n_queue : batch->cap;

    memcpy(batch->entries, fake.queue, n * sizeof(fake.queue[0]));
    fake.n_queue -= n;
    memmove(fake.queue, fake.queue + n, fake.n_queue * sizeof(fake.queue[0]));
    if (n < batch->cap && atomic_exchange(&fake.signalled, false)) {
        batch->entries[n].bits = EVIO__IN;
        batch->entries[n].key = EVIO__KEY_WAKEUP;
        n++;
    }
    return (int)n;
}

static inline int fake_wait(evio__selector *selector, evio__batch *batch,
                            uint64_t timeout_ns)
{
    uint64_t start = clock_ns();
    int n;

    CHECK_EQ_PTR(selector, &fake);
    CHECK_UINT(batch->cap, >, 0);
    fake.waits++;
    fake.timeout_ns = timeout_ns;
    fake.cap = batch->cap;
    fake.mask = batch->signal_mask;
    if (fake.on_wait != NULL)
        fake.on_wait();
    if (fake.wait_result < 0)
        return fake.wait_result;
    n = fake_collect(batch);
    if (n > 0 || timeout_ns == 0)
        return n;
    if (fake.early > 0) {
        fake.early--;
        return 0;
    }
    atomic_fetch_add(&fake.blocked, 1);
    while (!atomic_load(&fake.signalled)) {
        if (clock_ns() - start >= timeout_ns)
            break;
        thread_yield();
    }
    return fake_collect(batch);
}

static const evio__selector_ops fake_ops = {
    .id = EVIO_SELECTOR_EPOLL,
    .abilities = EVIO__NEEDS_REARM,
    .name = "fake",
    .open = fake_selector_open,
    .close = fake_selector_close,
    .add = fake_add,
    .modify = fake_modify,
    .remove = fake_remove,
    .rearm = fake_rearm,
    .after_fork = fake_after_fork,
    .wait = fake_wait,
    .raw = fake_raw,
};

/* As evio_poll_new() does. */
static inline void fake_open(struct loop *l, size_t capacity)
{
    memset(&fake, 0, sizeof(fake));
    l->poll = evio__alloc(1, sizeof(*l->poll));
    CHECK(l->poll != NULL);
    CHECK_OK(evio__registry_new(&fake_ops, &l->poll->registry));
    CHECK_OK(evio_events_new(capacity, &l->events));
    l->registry = evio_poll_registry(l->poll);
    CHECK_EQ_PTR(fake.host, &l->registry->host);
}

static inline void fake_close(struct loop *l)
{
    fake.on_wait = NULL;
    loop_close(l);
    CHECK_EQ_UINT(fake.closes, fake.opens);
    CHECK_EQ_UINT(fake.wakeup_closes, 1);
}

/* The record of a registered source. */
static inline evio__record *fake_record(const evio_source *source)
{
    return evio__slab_at(&source->registry->host.slab, source->slot);
}

/* Register number `fd`, which is no descriptor of anything. */
static inline evio__record *fake_register(struct loop *l, evio_source *source,
                                          int fd, uint64_t token,
                                          uint32_t interest)
{
    loop_add(l, source, fd, token, interest);
    return fake_record(source);
}

/* The kernel reports an entry next. */
static inline void fake_report(uint64_t key, uint32_t bits)
{
    CHECK_UINT(fake.n_queue, <, FAKE_QUEUE);
    fake.queue[fake.n_queue].key = key;
    fake.queue[fake.n_queue].bits = bits;
    fake.n_queue++;
}

static inline void fake_report_ready(const evio__record *record, uint32_t bits)
{
    fake_report(evio__record_key(record), bits);
}

static inline evio_poll_stats fake_stats(const struct loop *l)
{
    evio_poll_stats stats = {.size = sizeof(stats)};

    CHECK_OK(evio_poll_get_stats(l->poll, &stats));
    return stats;
}

/* The next event is of `token`; returns its readiness. */
static inline uint32_t fake_next(struct loop *l, uint64_t token)
{
    evio_event event;

    CHECK(evio_events_next(l->events, &event));
    CHECK_EQ_UINT(event.token, token);
    CHECK_UINT(event.readiness, !=, 0);
    return event.readiness;
}

static inline void fake_no_next(struct loop *l)
{
    evio_event event;

    CHECK(!evio_events_next(l->events, &event));
}

/* One wait that only checks. */
static inline int fake_check(struct loop *l)
{
    return evio_poll_wait(l->poll, l->events, 0);
}

#endif
