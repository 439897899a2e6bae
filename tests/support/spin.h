/* SPDX-License-Identifier: MIT */
/*
 * Whether a wait sleeps: a wait that goes round inside uses CPU time and counts
 * rounds in evio_poll_stats, where a wait that sleeps does neither.
 * Header only, as loop.h is; used by the waiting thread.
 */
#ifndef TESTS_SUPPORT_SPIN_H
#define TESTS_SUPPORT_SPIN_H

#include "loop.h"
#include "process.h"

enum {
    /* A spin has thousands of rounds within any time that is tested. */
    SPIN_ROUNDS_MAX = 40
};

struct spin {
    uint64_t begin;
    uint64_t cpu;
    uint64_t empty;
};

static inline uint64_t spin_empty(const struct loop *l)
{
    evio_poll_stats stats = {.size = sizeof(stats)};

    CHECK_OK(evio_poll_get_stats(l->poll, &stats));
    return stats.empty;
}

static inline struct spin spin_begin(const struct loop *l)
{
    return (struct spin){clock_ns(), process_cpu_ns(), spin_empty(l)};
}

/* Since spin_begin() this thread slept for most of the time. */
static inline void spin_end(const struct loop *l, const struct spin *begin)
{
    uint64_t elapsed = clock_ns() - begin->begin;

    CHECK_UINT(spin_empty(l) - begin->empty, <=, SPIN_ROUNDS_MAX);
    CHECK_UINT(process_cpu_ns() - begin->cpu, <=,
               elapsed / 2 + 5 * CLOCK_MS * clock_slow_factor());
}

/* Nothing is delivered for so long, and the wait sleeps meanwhile. */
static inline void spin_quiet(struct loop *l, uint64_t ns)
{
    struct spin begin = spin_begin(l);

    CHECK_EQ_INT(evio_poll_wait(l->poll, l->events, ns), 0);
    CHECK_UINT(clock_ns() - begin.begin, >=, ns);
    spin_end(l, &begin);
}

#endif
