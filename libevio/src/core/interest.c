/* SPDX-License-Identifier: MIT */
/* The check of what a user asks for. Pure. */
#include "core/interest.h"

#include <libevio/interest.h>
#include <libsock/error.h>

#include "sys/port.h"
#include "sys/selector.h"

#define INTEREST_DIRECTIONS \
 ((uint32_t)EVIO_READABLE | EVIO_WRITABLE | EVIO_PRIORITY)
#define INTEREST_MODES ((uint32_t)EVIO_LEVEL | EVIO_ONESHOT)
#define INTEREST_ALL   (INTEREST_DIRECTIONS | INTEREST_MODES | EVIO_EXCLUSIVE)

int evio__interest_check(uint32_t interest, uint32_t abilities)
{
    uint32_t modes = interest & INTEREST_MODES;
    if ((interest & INTEREST_DIRECTIONS) == 0 ||
        (interest & ~INTEREST_ALL) != 0 || modes == INTEREST_MODES) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    if ((interest & EVIO_EXCLUSIVE) == 0) {
        return 0;
    }
    if (modes == EVIO_ONESHOT || (interest & EVIO_PRIORITY) != 0) {
        return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
    }
    return (abilities & EVIO__CAN_EXCLUSIVE) != 0
               ? 0
               : libsock_error_of(LIBSOCK_KIND_UNSUPPORTED);
}
