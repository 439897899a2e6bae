/* SPDX-License-Identifier: MIT */
/*
 * Waiting for one socket, to the millisecond, rounded up: never early.
 * wait_ppoll.c is for systems that can do better; the tests build both.
 * Nothing is guarded: there is no state.
 */
#include "fd.h"

#include <limits.h>

#include "../sys.h"

int libsock__sys_wait_writable(libsock_raw sock, uint64_t wait_ns)
{
    struct pollfd fd = {.fd = libsock__fd(sock), .events = POLLOUT};
    uint64_t ms = wait_ns / 1000000U + (wait_ns % 1000000U != 0 ? 1 : 0);

    return libsock__result(SYS(poll, &fd, 1, ms < INT_MAX ? (int)ms : INT_MAX));
}
