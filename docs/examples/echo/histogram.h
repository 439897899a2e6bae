/* SPDX-License-Identifier: MIT */
/* A histogram of times: a fixed size, no allocation, and a bounded error.
 *
 * Times below 128 ns have a bucket each; above, every octave is cut into 64
 * buckets. A percentile is the upper end of its bucket, so that it is never
 * too low, and too high by at most 1/64, which is 1.6 %. The maximum is exact.
 */
#ifndef ECHO_HISTOGRAM_H
#define ECHO_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS 3776 /* 64 for each of 59 octaves: all of 64 bits */

struct histogram {
    uint64_t count;
    uint64_t max; /* ns */
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t ns);

/* The time that `share` (0 to 1) of all times do not exceed; 0 when empty. */
uint64_t histogram_percentile(const struct histogram *h, double share);

#endif
