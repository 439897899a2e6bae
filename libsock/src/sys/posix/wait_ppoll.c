/* SPDX-License-Identifier: MIT */
/*
 * Waiting for one socket, to the nanosecond. wait_poll.c is for systems
 * without ppoll(); the tests build both. Nothing is guarded: no state.
 */
#include "fd.h"

#include "../sys.h"

/* As many seconds as a 32-bit time_t has; the caller looks at the clock. */
#define WAIT_SECONDS_MAX INT32_MAX

int libsock__sys_wait_writable(libsock_raw sock, uint64_t wait_ns)
{
    struct pollfd fd = {.fd = libsock__fd(sock), .events = POLLOUT};
    uint64_t seconds = wait_ns / 1000000000U;
    struct timespec wait;

    wait.tv_sec =
        seconds < WAIT_SECONDS_MAX ? (time_t)seconds : WAIT_SECONDS_MAX;
    wait.tv_nsec = (long)(wait_ns % 1000000000U);
    return libsock__result(SYS(ppoll, &fd, 1, &wait, NULL));
}
