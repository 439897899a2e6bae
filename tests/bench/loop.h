/* SPDX-License-Identifier: MIT */
/*
 * The contract of a contestant: one table of functions over its event loop,
 * defined by one loop_*.c file and linked into one program, since some of the
 * libraries cannot live in one. What is measured is in the scenario files.
 * Descriptors are known by dense ids, so that a contestant keeps its watchers
 * in an array and nobody allocates while the clock runs.
 */
#ifndef BENCH_LOOP_H
#define BENCH_LOOP_H

#include <stddef.h>
#include <stdint.h>

/* The contestant's own. */
typedef struct bench_loop bench_loop;

/* What it calls for each descriptor that became readable. */
typedef void bench_ready(void *ctx, uint32_t id);

struct bench_setup {
    uint32_t capacity; /* ids are below */
    bench_ready *ready;
    void *ctx;
};

/* Every failure ends the program; a benchmark that limps measures nothing. */
struct bench_ops {
    const char *name;
    bench_loop *(*open)(const struct bench_setup *setup);
    void (*close)(bench_loop *loop);
    /* Watch a non-blocking descriptor for reading. */
    void (*add)(bench_loop *loop, uint32_t id, int fd);
    void (*remove)(bench_loop *loop, uint32_t id);
    /* Remove and close, in the cheapest correct way. */
    void (*end)(bench_loop *loop, uint32_t id);
    /* Dispatch what is ready, without waiting, and let changes take effect
     * that the contestant puts off until then. */
    void (*turn)(bench_loop *loop);
    /* Wait and dispatch until stop() is called by a bench_ready. */
    void (*run)(bench_loop *loop);
    void (*stop)(bench_loop *loop);
    /* One system call each, and what the contestant wants done afterwards;
     * minus errno on failure. */
    ptrdiff_t (*recv)(bench_loop *loop, uint32_t id, void *buf, size_t cap);
    ptrdiff_t (*send)(bench_loop *loop, uint32_t id, const void *buf, size_t n);
    /* The caller's own transfer would have blocked, or was short. */
    void (*drained)(bench_loop *loop, uint32_t id);
};

extern const struct bench_ops bench_contestant;

/* How many events one wait takes, where the contestant lets us choose. */
#define BENCH_BATCH 256

#endif
