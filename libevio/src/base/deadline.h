/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic of time-outs: always up, saturating, never the infinite value by
 * accident. No clock here.
 */
#ifndef EVIO__DEADLINE_H
#define EVIO__DEADLINE_H

#include <limits.h>
#include <stdint.h>

#define EVIO__NS_PER_MS UINT64_C(1000000)
#define EVIO__NS_PER_S  UINT64_C(1000000000)

/* The time `timeout` after `now`; the largest finite one if that is beyond the
 * clock. UINT64_MAX stays for ever. */
static inline uint64_t evio__deadline(uint64_t now, uint64_t timeout)
{
    if (timeout == UINT64_MAX) {
        return UINT64_MAX;
    }
    return timeout < UINT64_MAX - 1 - now ? now + timeout : UINT64_MAX - 1;
}

/* What is left until `deadline`; UINT64_MAX stays for ever. */
static inline uint64_t evio__remaining(uint64_t now, uint64_t deadline)
{
    if (deadline == UINT64_MAX) {
        return UINT64_MAX;
    }
    return now < deadline ? deadline - now : 0;
}

/* Whole milliseconds that last at least `ns`, as poll() takes them: -1 for
 * ever, INT_MAX for whatever is longer. */
static inline int evio__ms_ceil(uint64_t ns)
{
    if (ns == UINT64_MAX) {
        return -1;
    }
    uint64_t ms = ns / EVIO__NS_PER_MS + (ns % EVIO__NS_PER_MS != 0);
    return ms > INT_MAX ? INT_MAX : (int)ms;
}

#endif
