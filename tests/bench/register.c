/* SPDX-License-Identifier: MIT */
/*
 * What it costs to begin and to end watching: many descriptors at once, and
 * sockets that come, live for one turn, and close, beside many idle ones.
 * A turn ends each phase, for contestants that put changes off until then.
 */
#include <stdlib.h>
#include <sys/socket.h>

#include "pairs.h"
#include "scenario.h"
#include "tool.h"

/* Sockets that live at the same time; a busy server's accepts of one turn. */
#define REGISTER_CHURN 100u

static void register_ready(void *ctx, uint32_t id)
{
    (void)ctx, (void)id;
}

static void register_churn(struct bench_pairs *pairs)
{
    for (uint32_t i = 0; i < REGISTER_CHURN; i++) {
        int fd = bench_errno(
            socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
            "socket");
        bench_contestant.add(pairs->loop, pairs->count + i, fd);
    }
    bench_contestant.turn(pairs->loop);
    for (uint32_t i = 0; i < REGISTER_CHURN; i++) {
        bench_contestant.end(pairs->loop, pairs->count + i);
    }
    bench_contestant.turn(pairs->loop);
}

int bench_register(char **args)
{
    struct bench_pairs pairs = {.count = bench_number(args[0])};
    uint32_t rounds = bench_number(args[1]);
    uint64_t start, added, removed;
    uint64_t sums[2] = {0, 0};
    bench_pairs_open(&pairs, REGISTER_CHURN, register_ready, NULL);
    for (uint32_t i = 0; i < rounds; i++) {
        start = bench_cpu_ns();
        bench_pairs_add(&pairs);
        added = bench_cpu_ns();
        bench_pairs_remove(&pairs);
        removed = bench_cpu_ns();
        sums[0] += added - start;
        sums[1] += removed - added;
    }
    bench_print("add_ns", (double)sums[0] / rounds / pairs.count);
    bench_print("remove_ns", (double)sums[1] / rounds / pairs.count);
    bench_pairs_add(&pairs);
    uint32_t churns = rounds * pairs.count / REGISTER_CHURN;
    start = bench_cpu_ns();
    for (uint32_t i = 0; i < churns; i++) {
        register_churn(&pairs);
    }
    removed = bench_cpu_ns();
    bench_print("churn_ns",
                (double)(removed - start) / churns / REGISTER_CHURN);
    bench_pairs_close(&pairs);
    return 0;
}
