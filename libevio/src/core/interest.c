/* SPDX-License-Identifier: MIT */
/* The check of what a user asks for. Pure. */
#include "core/interest.h"

#include <libevio/interest.h>
#include <libsock/error.h>

#include "base/ready.h"
#include "sys/selector.h"

/* What EPOLLEXCLUSIVE refuses. */
#define INTEREST_NOT_EXCLUSIVE ((uint32_t)EVIO_PRIORITY | EVIO_CLOSED)

int evio__interest_check(uint32_t interest, uint32_t abilities)
{
    const uint32_t all = EVIO__DIRECTIONS | EVIO__MODES | EVIO_EXCLUSIVE;
    uint32_t modes = interest & EVIO__MODES;
    if ((interest & EVIO__DIRECTIONS) == 0 || (interest & ~all) != 0 ||
        modes == EVIO__MODES) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    if ((interest & EVIO_EXCLUSIVE) == 0) {
        return 0;
    }
    if (modes == EVIO_ONESHOT || (interest & INTEREST_NOT_EXCLUSIVE) != 0) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return (abilities & EVIO__CAN_EXCLUSIVE) != 0
               ? 0
               : libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
}
