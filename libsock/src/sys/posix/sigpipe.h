/* SPDX-License-Identifier: MIT */
/*
 * Transfers without SIGPIPE where the call takes no flag for it: the signal is
 * blocked for this thread meanwhile, and the one that the call caused is taken
 * away. A broken pipe sends it to the thread that writes, so no other thread is
 * concerned and nothing is guarded.
 */
#ifndef LIBSOCK__POSIX_SIGPIPE_H
#define LIBSOCK__POSIX_SIGPIPE_H

#include <stdbool.h>
#include <stddef.h>

#include "platform.h"

typedef struct libsock__sigpipe {
    sigset_t before;  /* of this thread */
    bool was_blocked; /* the caller had it blocked */
    bool was_pending; /* and one of his own waits: it stays */
} libsock__sigpipe;

/* Before the call: 0, or the failure of what could not be begun. */
int libsock__sigpipe_hold(libsock__sigpipe *guard);
/* After it: `n` is its result, `len` what it was asked for. */
void libsock__sigpipe_release(const libsock__sigpipe *guard, ptrdiff_t n,
                              size_t len);

#endif
