/* SPDX-License-Identifier: MIT */
/*
 * The classic chain: many socket pairs are watched, a few tokens of one byte
 * travel along them, each event being one receive and one send. It shows the
 * cost of an event beside idle descriptors; the transfers are plain system
 * calls, the same for all. One thread, no timing luck: each turn moves every
 * token by one pair, whatever the contestant.
 */
#include <errno.h>

#include "pairs.h"
#include "scenario.h"
#include "tool.h"

struct chain {
    struct bench_pairs pairs;
    uint32_t left; /* events until the end */
};

static void chain_forward(struct chain *chain, uint32_t id)
{
    uint32_t next = id + 1 == chain->pairs.count ? 0 : id + 1;
    ptrdiff_t n = bench_fd_send(chain->pairs.ends[next][1], "!", 1);
    bench_check(n == 1 ? 0 : -EPIPE, "a token did not fit");
}

static void chain_ready(void *ctx, uint32_t id)
{
    struct chain *chain = ctx;
    char buf[64];
    ptrdiff_t n = bench_fd_recv(chain->pairs.ends[id][0], buf, sizeof(buf));
    /* Two would mean that one token overtook another. */
    bench_check(n == 1 ? 0 : -EPROTO, "an event without its token");
    bench_contestant.drained(chain->pairs.loop, id);
    if (chain->left == 0) {
        bench_contestant.stop(chain->pairs.loop);
        return;
    }
    chain->left--;
    chain_forward(chain, id);
}

int bench_chain(char **args)
{
    struct chain chain = {.pairs.count = bench_number(args[0]),
                          .left = bench_number(args[2])};
    uint32_t active = bench_number(args[1]);
    uint32_t events = chain.left;
    uint32_t count = chain.pairs.count;
    bench_check(active <= count / 2 ? 0 : -EINVAL, "ACTIVE over PAIRS / 2");
    bench_pairs_open(&chain.pairs, 0, chain_ready, &chain);
    bench_pairs_add(&chain.pairs);
    for (uint32_t i = 0; i < active; i++) {
        chain_forward(&chain, i * (count / active));
    }
    uint64_t start = bench_cpu_ns();
    bench_contestant.run(chain.pairs.loop);
    uint64_t end = bench_cpu_ns();
    bench_print("event_ns", (double)(end - start) / events);
    bench_pairs_close(&chain.pairs);
    return 0;
}
