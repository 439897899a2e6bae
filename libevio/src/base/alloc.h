/* SPDX-License-Identifier: MIT */
/*
 * The one way to memory: the user's allocator, or malloc(). Set before first
 * use, read without a lock.
 */
#ifndef EVIO__ALLOC_H
#define EVIO__ALLOC_H

#include <stddef.h>

typedef struct evio__allocator {
    void *(*alloc)(void *ctx, size_t n);
    void (*release)(void *ctx, void *p);
    void *ctx;
} evio__allocator;

/* NULL restores malloc() and free(). */
void evio__alloc_set(const evio__allocator *allocator);

/* Zeroed memory for `count` items, NULL when there is none or the product
 * overflows. */
void *evio__alloc(size_t count, size_t size);
/* The same, not zeroed. */
void *evio__alloc_raw(size_t count, size_t size);
void evio__free(void *p);

#endif
