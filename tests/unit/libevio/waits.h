/* SPDX-License-Identifier: MIT */
/*
 * Counting the calls in which a thread waits, whatever they are called, and
 * knowing that it has got there.
 * Header only; counts are the fault seam's.
 */
#ifndef TESTS_UNIT_LIBEVIO_WAITS_H
#define TESTS_UNIT_LIBEVIO_WAITS_H

#include "support/fault.h"
#include "support/thread.h"

/* As SYS() names them. */
static const char *const waits_names[] = {"epoll_wait_raw", "epoll_pwait2_raw",
                                          "ppoll"};

enum {
    WAITS_NAMES = sizeof(waits_names) / sizeof(waits_names[0])
};

static inline unsigned waits_count(void)
{
    unsigned n = 0;

    for (int i = 0; i < WAITS_NAMES; i++)
        n += fault_calls_of(waits_names[i]);
    return n;
}

/* Until another thread has begun one more wait than `before`. It asks the seam
 * just before it waits, and is already known as waiting by then. */
static inline void waits_until_more_than(unsigned before)
{
    while (waits_count() <= before)
        thread_yield();
}

#endif
