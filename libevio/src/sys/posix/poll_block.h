/* SPDX-License-Identifier: MIT */
/* poll() in nanoseconds, for any number of descriptors. For selectors only. */
#ifndef EVIO__POLL_BLOCK_H
#define EVIO__POLL_BLOCK_H

#include <stdint.h>

#include "sys/posix/platform.h"

/* Wait for at most `ns` (UINT64_MAX: for ever), with a signal mask (a const
 * sigset_t *, or NULL). Returns how many fired, or minus errno; It may
 * return 0 early. No cancellation point. fds[0] is in the piece that is waited
 * for. */
int evio__poll_block(struct pollfd *fds, uint32_t n, uint64_t ns,
                     const void *mask);

#endif
