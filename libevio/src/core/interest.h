/* SPDX-License-Identifier: MIT */
/* The check of the interest that a user passes. Pure. */
#ifndef EVIO__INTEREST_H
#define EVIO__INTEREST_H

#include <stdint.h>

#include <libsock/error.h>

#include "base/ready.h"
#include "sys/selector.h"

/* What EPOLLEXCLUSIVE refuses. */
#define EVIO__INTEREST_NOT_EXCLUSIVE \
 ((uint32_t)EVIO_ONESHOT | EVIO_PRIORITY | EVIO_CLOSED)

/* A kind: OK, INVALID_INPUT, or UNSUPPORTED when `abilities` lack the mode. */
static inline int evio__interest_kind(uint32_t interest, uint32_t abilities)
{
    const uint32_t all = EVIO__DIRECTIONS | EVIO__MODES | EVIO_EXCLUSIVE;
    if ((interest & EVIO__DIRECTIONS) == 0 || (interest & ~all) != 0 ||
        (interest & EVIO__MODES) == EVIO__MODES) {
        return LIBSOCK_KIND_INVALID_INPUT;
    }
    if ((interest & EVIO_EXCLUSIVE) == 0) {
        return LIBSOCK_KIND_OK;
    }
    if ((interest & EVIO__INTEREST_NOT_EXCLUSIVE) != 0) {
        return LIBSOCK_KIND_INVALID_INPUT;
    }
    return (abilities & EVIO__CAN_EXCLUSIVE) != 0 ? LIBSOCK_KIND_OK
                                                  : LIBSOCK_KIND_UNSUPPORTED;
}

#endif
