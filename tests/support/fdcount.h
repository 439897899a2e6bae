/* SPDX-License-Identifier: MIT */
/*
 * Which descriptors this process has open, to find leaks and stolen closes.
 * A number that was closed and opened again between two looks is not seen.
 * Look only while no other thread opens or closes descriptors.
 */
#ifndef TESTS_SUPPORT_FDCOUNT_H
#define TESTS_SUPPORT_FDCOUNT_H

#include <stddef.h>
#include <stdint.h>

enum {
    FDCOUNT_MAX = 1 << 16
};

struct fdcount {
    uint8_t open[FDCOUNT_MAX / 8]; /* bit n: descriptor n is open */
    size_t count;
};

/* Remember what is open now. */
void fdcount_take(struct fdcount *out_now);

/*
 * Print each descriptor opened or closed since `before` to stderr, with what
 * it refers to where the OS says. Returns how many differ.
 */
size_t fdcount_report(const struct fdcount *before);

#endif
