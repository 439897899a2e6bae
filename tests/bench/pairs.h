/* SPDX-License-Identifier: MIT */
/* Many socket pairs: what chain.c and register.c share. One thread. */
#ifndef BENCH_PAIRS_H
#define BENCH_PAIRS_H

#include <stdint.h>

#include "loop.h"

struct bench_pairs {
    bench_loop *loop;
    uint32_t count;
    int (*ends)[2]; /* [0] is watched, [1] is written to */
};

/* Open a loop with room for `spare` more ids, and the pairs; watch nothing. */
void bench_pairs_open(struct bench_pairs *pairs, uint32_t spare,
                      bench_ready *ready, void *ctx);
void bench_pairs_add(struct bench_pairs *pairs);
void bench_pairs_remove(struct bench_pairs *pairs);
void bench_pairs_close(struct bench_pairs *pairs);

#endif
