/* SPDX-License-Identifier: MIT */
/* Order statistics of many samples. Pure. */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stddef.h>
#include <stdint.h>

/* Sort samples, for bench_percentile(). */
void bench_sort(uint64_t *samples, size_t n);

/* The smallest sample that `share` (0 to 1) of all do not exceed. */
uint64_t bench_percentile(const uint64_t *sorted, size_t n, double share);

#endif
