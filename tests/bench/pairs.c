/* SPDX-License-Identifier: MIT */
/* Opening, watching and closing many socket pairs. Nothing is measured here;
 * the callers do. One thread. */
#include "pairs.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tool.h"

void bench_pairs_open(struct bench_pairs *pairs, uint32_t spare,
                      bench_ready *ready, void *ctx)
{
    struct bench_setup setup = {
        .capacity = pairs->count + spare, .ready = ready, .ctx = ctx};
    pairs->loop = bench_contestant.open(&setup);
    pairs->ends = bench_alloc(pairs->count, sizeof(*pairs->ends));
    for (uint32_t i = 0; i < pairs->count; i++) {
        bench_errno(socketpair(AF_UNIX,
                               SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                               pairs->ends[i]),
                    "socketpair; try: ulimit -n 20000");
    }
}

void bench_pairs_add(struct bench_pairs *pairs)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        bench_contestant.add(pairs->loop, i, pairs->ends[i][0]);
    }
    bench_contestant.turn(pairs->loop);
}

void bench_pairs_remove(struct bench_pairs *pairs)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        bench_contestant.remove(pairs->loop, i);
    }
    bench_contestant.turn(pairs->loop);
}

void bench_pairs_close(struct bench_pairs *pairs)
{
    bench_contestant.close(pairs->loop);
    for (uint32_t i = 0; i < pairs->count; i++) {
        close(pairs->ends[i][0]);
        close(pairs->ends[i][1]);
    }
    free(pairs->ends);
}
