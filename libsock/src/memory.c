/* SPDX-License-Identifier: MIT */
/*
 * libsock's way to memory: the C library's, behind the fault seam of the
 * tests. Who owns what is said where it is made. Nothing is guarded.
 */
#include "memory.h"

#include <stdlib.h>

#if defined(LIBSOCK_FAULT)
int libsock__fault(const char *call);
#endif

void *libsock__resize(void *old, size_t size)
{
#if defined(LIBSOCK_FAULT)
    if (libsock__fault("malloc") != 0) {
        return NULL;
    }
#endif
    return realloc(old, size);
}

void libsock__free(void *memory)
{
    free(memory);
}
