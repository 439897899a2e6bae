/* SPDX-License-Identifier: MIT */
/* The histogram's arithmetic: from a time to its bucket and back. Nothing is
 * printed here. One thread at a time. */
#include "histogram.h"

#include <stddef.h>

static size_t histogram_bucket(uint64_t ns)
{
    unsigned shift = 0;

    while (ns >> shift >= 128)
        shift++;
    return shift * 64 + (size_t)(ns >> shift);
}

static uint64_t histogram_upper_end(size_t bucket)
{
    if (bucket < 128)
        return bucket;
    return ((uint64_t)(bucket % 64 + 65) << (bucket / 64 - 1)) - 1;
}

void histogram_add(struct histogram *h, uint64_t ns)
{
    h->buckets[histogram_bucket(ns)]++;
    h->count++;
    if (h->max < ns)
        h->max = ns;
}

uint64_t histogram_percentile(const struct histogram *h, double share)
{
    double wanted = share * (double)h->count;
    uint64_t seen = 0;

    for (size_t i = 0; i < HISTOGRAM_BUCKETS && h->count > 0; i++) {
        seen += h->buckets[i];
        if (seen > 0 && (double)seen >= wanted) {
            uint64_t end = histogram_upper_end(i);
            return end < h->max ? end : h->max;
        }
    }
    return h->max;
}
