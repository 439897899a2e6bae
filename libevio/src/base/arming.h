/* SPDX-License-Identifier: MIT */
/*
 * Edges and oneshots where the system has neither: which bits of a registration
 * may be reported ("armed"). It works on the selector's bits, not on
 * directions, so that a half-close is reported while reading is disarmed.
 * Shared by all selectors that simulate edges. Pure.
 *
 * | after an event with | edge                  | level     | oneshot      |
 * | IN, OUT, PRI, RDHUP | these leave `armed`   | unchanged | nothing is   |
 * | ERR, HUP            | nothing is armed      | unchanged |  armed       |
 */
#ifndef EVIO__ARMING_H
#define EVIO__ARMING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ready.h"

/* A new registration, or a changed one: everything that it requests. */
static inline uint32_t evio__arming_all(uint32_t interest)
{
    return evio__ready_wanted(interest) | EVIO__UNMASKABLE;
}

/* What is armed after an event with `bits`. */
static inline uint32_t evio__arming_fired(uint32_t interest, uint32_t armed,
                                          uint32_t bits)
{
    if ((interest & EVIO_LEVEL) != 0) {
        return armed;
    }
    if ((interest & EVIO_ONESHOT) != 0 || (bits & EVIO__UNMASKABLE) != 0) {
        return 0;
    }
    return armed & ~bits;
}

/* What is armed after operations in `directions` would have blocked. With
 * reading the half-close is armed again, so that a program which stops at a
 * short count still gets the end; with any direction hang-ups and errors.
 */
static inline uint32_t evio__arming_rearm(uint32_t interest, uint32_t armed,
                                          uint32_t directions)
{
    uint32_t bits = evio__ready_wanted(directions & interest);
    if ((interest & EVIO__MODES) != 0 || (bits & ~armed) == 0) {
        return armed;
    }
    return armed | bits | EVIO__UNMASKABLE;
}

#endif
