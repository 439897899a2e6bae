/* SPDX-License-Identifier: MIT */
/*
 * clock.h over clock_gettime().
 * Wall-clock time is not read anywhere in the tests.
 * Nothing to guard.
 */
#include "clock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

uint64_t clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * CLOCK_S + (uint64_t)now.tv_nsec;
}

unsigned clock_slow_factor(void)
{
    const char *slow = getenv("TEST_SLOW");

    return slow != NULL && strcmp(slow, "1") == 0 ? 10 : 1;
}
