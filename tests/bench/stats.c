/* SPDX-License-Identifier: MIT */
/* Order statistics of many samples. Pure; medians of runs are the scripts'. */
#include "stats.h"

#include <stdlib.h>

static int stats_compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void bench_sort(uint64_t *samples, size_t n)
{
    qsort(samples, n, sizeof(*samples), stats_compare);
}

uint64_t bench_percentile(const uint64_t *sorted, size_t n, double share)
{
    size_t rank = (size_t)(share * (double)n);
    return sorted[rank < n ? rank : n - 1];
}
