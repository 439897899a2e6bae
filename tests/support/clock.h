/* SPDX-License-Identifier: MIT */
/*
 * Monotonic time for tests, and how slow this run is allowed to be.
 * No sleeping lives here: tests synchronise, they do not wait.
 * Safe from any thread.
 */
#ifndef TESTS_SUPPORT_CLOCK_H
#define TESTS_SUPPORT_CLOCK_H

#include <stdint.h>

#define CLOCK_MS UINT64_C(1000000)
#define CLOCK_S  UINT64_C(1000000000)

/* Monotonic nanoseconds from an unspecified start. */
uint64_t clock_ns(void);

/* 10 when TEST_SLOW=1 (valgrind, an emulator), else 1. */
unsigned clock_slow_factor(void);

/* What a wait of so long by the kernel's ticks lasts at least: an emulated
 * machine has some of them late, and then several at once. */
static inline uint64_t clock_least(uint64_t ns)
{
    return clock_slow_factor() == 1 ? ns : ns / 2;
}

#endif
