/* SPDX-License-Identifier: MIT */
/*
 * The clock that moments are measured by. Waiting is in wait_ppoll.c or
 * wait_poll.c. Nothing is guarded: there is no state.
 */
#include "platform.h"

#include "../sys.h"

uint64_t libsock__sys_now_ns(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}
