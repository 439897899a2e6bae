/* SPDX-License-Identifier: MIT */
/*
 * A poll, its registry and a buffer in one, for tests of libevio.
 * It says what was delivered and judges nothing; header only, because the
 * harness is also linked into programs without libevio.
 * Used by one thread.
 */
#ifndef TESTS_SUPPORT_LOOP_H
#define TESTS_SUPPORT_LOOP_H

#include <libevio/libevio.h>
#include <libsock/error.h>

#include "check.h"
#include "clock.h"

#define LOOP_RW ((uint32_t)EVIO_READABLE | EVIO_WRITABLE)

/* Longer than any event takes; shorter than a test may last. */
#define LOOP_PATIENCE (UINT64_C(10) * CLOCK_S)
/* Long enough for an event that must not come, were it to come. */
#define LOOP_QUIET (UINT64_C(10) * CLOCK_MS)

#define CHECK_KIND(r, kind) CHECK_EQ_INT(libsock_kind(r), LIBSOCK_KIND_##kind)

struct loop {
    evio_poll *poll;
    evio_registry *registry;
    evio_events *events;
};

static inline void loop_open(struct loop *l, size_t capacity)
{
    CHECK_OK(evio_poll_new(NULL, &l->poll));
    CHECK_OK(evio_events_new(capacity, &l->events));
    l->registry = evio_poll_registry(l->poll);
}

static inline void loop_close(struct loop *l)
{
    evio_events_free(l->events);
    evio_poll_free(l->poll);
}

static inline bool loop_is(const struct loop *l, int selector)
{
    return evio_poll_selector(l->poll) == selector;
}

static inline void loop_add(struct loop *l, evio_source *source, int fd,
                            uint64_t token, uint32_t interest)
{
    CHECK_OK(evio_source_from_fd(fd, source));
    CHECK_OK(evio_register(l->registry, source, token, interest));
}

static inline void loop_remove(struct loop *l, evio_source *source)
{
    CHECK_OK(evio_deregister(l->registry, source));
}

/* One wait; what is delivered for `token`, ored. Other tokens are failures. */
static inline uint32_t loop_wait(struct loop *l, uint64_t token, uint64_t ns)
{
    evio_event event;
    uint32_t readiness = 0;

    CHECK_OK(evio_poll_wait(l->poll, l->events, ns));
    while (evio_events_next(l->events, &event)) {
        CHECK_EQ_UINT(event.token, token);
        CHECK_UINT(event.readiness, !=, 0);
        readiness |= event.readiness;
    }
    return readiness;
}

/* What the next event of `token` says; it must come. */
static inline uint32_t loop_await(struct loop *l, uint64_t token)
{
    uint32_t readiness = loop_wait(l, token, LOOP_PATIENCE);

    CHECK_UINT(readiness, !=, 0);
    return readiness;
}

/* Nothing is delivered for a while. */
static inline void loop_quiet(struct loop *l)
{
    CHECK_EQ_UINT(loop_wait(l, UINT64_MAX, LOOP_QUIET), 0);
}

static inline uint64_t loop_stale(const struct loop *l)
{
    evio_poll_stats stats = {.size = sizeof(stats)};

    CHECK_OK(evio_poll_get_stats(l->poll, &stats));
    return stats.stale;
}

#endif
