/* SPDX-License-Identifier: MIT */
/*
 * The check of an interest against all 2^12 combinations of its known bits,
 * and each unknown one, by rules that are written down a second time here.
 * Nothing to guard.
 */
#include "core/interest.h"

#include <libevio/interest.h>
#include <libsock/error.h>

#include "support/check.h"
#include "sys/selector.h"

static int interest_expected(uint32_t interest, bool can_exclude)
{
    bool level = (interest & EVIO_LEVEL) != 0;
    bool oneshot = (interest & EVIO_ONESHOT) != 0;
    bool exclusive = (interest & EVIO_EXCLUSIVE) != 0;

    if ((interest & 0x8fu) == 0 || (interest & 0x870u) != 0)
        return LIBSOCK_KIND_INVALID_INPUT;
    if ((level && oneshot) || (exclusive && oneshot))
        return LIBSOCK_KIND_INVALID_INPUT;
    if (exclusive &&
        ((interest & EVIO_PRIORITY) != 0 || (interest & EVIO_CLOSED) != 0))
        return LIBSOCK_KIND_INVALID_INPUT;
    return exclusive && !can_exclude ? LIBSOCK_KIND_UNSUPPORTED
                                     : LIBSOCK_KIND_OK;
}

TEST(every_combination)
{
    for (uint32_t interest = 0; interest < 1u << 12; interest++) {
        CHECK_EQ_INT(evio__interest_kind(interest, 0),
                     interest_expected(interest, false));
        CHECK_EQ_INT(evio__interest_kind(interest, EVIO__CAN_EXCLUSIVE),
                     interest_expected(interest, true));
    }
}

TEST(every_higher_bit_is_unknown)
{
    for (uint32_t bit = 12; bit < 32; bit++)
        CHECK_EQ_INT(
            evio__interest_kind(EVIO_READABLE | UINT32_C(1) << bit, UINT32_MAX),
            LIBSOCK_KIND_INVALID_INPUT);
}
