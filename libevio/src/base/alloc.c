/* SPDX-License-Identifier: MIT */
/* The one way to memory. The fault seam of the tests is here too. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(EVIO_FAULT)
int evio__fault(const char *call);
#else
# define evio__fault(call) 0
#endif

static void *alloc_malloc(void *ctx, size_t n)
{
    (void)ctx;
    return malloc(n);
}

static void alloc_free(void *ctx, void *p)
{
    (void)ctx;
    free(p);
}

static const evio__allocator alloc_libc = {alloc_malloc, alloc_free, NULL};
static evio__allocator alloc_current = {alloc_malloc, alloc_free, NULL};

void evio__alloc_set(const evio__allocator *allocator)
{
    alloc_current = allocator != NULL ? *allocator : alloc_libc;
}

void *evio__alloc_raw(size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    if (evio__fault("malloc") != 0) {
        return NULL;
    }
    return alloc_current.alloc(alloc_current.ctx, count * size);
}

void *evio__alloc(size_t count, size_t size)
{
    void *p = evio__alloc_raw(count, size);
    if (p != NULL) {
        memset(p, 0, count * size);
    }
    return p;
}

void evio__free(void *p)
{
    if (p != NULL) {
        alloc_current.release(alloc_current.ctx, p);
    }
}
