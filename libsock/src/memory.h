/* SPDX-License-Identifier: MIT */
/*
 * The few allocations of libsock: lists of interfaces and of resolved names.
 * Nothing else in the library takes memory. In the tests' build each asks the
 * fault seam first, as "malloc".
 */
#ifndef LIBSOCK__MEMORY_H
#define LIBSOCK__MEMORY_H

#include <stddef.h>

/* As realloc(); NULL when there is no memory, and `old` stays. */
void *libsock__resize(void *old, size_t size);
void libsock__free(void *memory);

#endif
