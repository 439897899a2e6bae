/* SPDX-License-Identifier: MIT */
/*
 * The table of base/arming.h, over every interest, every state and every event,
 * against rules that are written down a second time.
 * Nothing to guard.
 */
#include "base/arming.h"

#include "support/check.h"

static const uint32_t arming_bits[] = {EVIO__IN,  EVIO__PRI, EVIO__OUT,
                                       EVIO__ERR, EVIO__HUP, EVIO__RDHUP};

static uint32_t arming_pick(uint32_t n)
{
    uint32_t bits = 0;

    for (int i = 0; i < 6; i++)
        bits |= (n >> i & 1) != 0 ? arming_bits[i] : 0;
    return bits;
}

static bool arming_has(uint32_t mask, uint32_t bits)
{
    return (mask & bits) != 0;
}

/* A direction's bit is in it for who asked; RDHUP for two directions. */
static uint32_t arming_of(uint32_t directions)
{
    uint32_t bits = 0;

    if (arming_has(directions, EVIO_READABLE))
        bits |= EVIO__IN | EVIO__RDHUP;
    if (arming_has(directions, EVIO_WRITABLE))
        bits |= EVIO__OUT;
    if (arming_has(directions, EVIO_PRIORITY))
        bits |= EVIO__PRI;
    if (arming_has(directions, EVIO_CLOSED))
        bits |= EVIO__RDHUP;
    return bits;
}

TEST(a_registration_is_armed_for_what_it_asks)
{
    for (uint32_t interest = 0; interest < 0x800; interest++)
        CHECK_EQ_UINT(evio__arming_all(interest),
                      arming_of(interest) | EVIO__ERR | EVIO__HUP);
}

/* Each mode over each state and each event. */
TEST(what_fired_is_disarmed)
{
    for (uint32_t n = 0; n < 64; n++) {
        for (uint32_t m = 0; m < 64; m++) {
            uint32_t armed = arming_pick(n);
            uint32_t bits = arming_pick(m);
            bool end = arming_has(bits, EVIO__ERR | EVIO__HUP);
            uint32_t edge = end ? 0 : armed & ~bits;

            for (uint32_t d = 0; d < 16; d++) {
                CHECK_EQ_UINT(evio__arming_fired(d, armed, bits), edge);
                CHECK_EQ_UINT(evio__arming_fired(d | EVIO_LEVEL, armed, bits),
                              armed);
                CHECK_EQ_UINT(evio__arming_fired(d | EVIO_ONESHOT, armed, bits),
                              0);
            }
        }
    }
}

/* A half-close is reported while reading is disarmed, and the other way round.
 */
TEST(reading_and_the_half_close_are_apart)
{
    uint32_t armed = evio__arming_all(EVIO_READABLE);

    armed = evio__arming_fired(EVIO_READABLE, armed, EVIO__IN);
    CHECK_EQ_UINT(armed, EVIO__RDHUP | EVIO__ERR | EVIO__HUP);
    armed = evio__arming_fired(EVIO_READABLE, armed, EVIO__RDHUP);
    CHECK_EQ_UINT(armed, EVIO__ERR | EVIO__HUP);
    armed = evio__arming_fired(EVIO_READABLE, armed, EVIO__HUP);
    CHECK_EQ_UINT(armed, 0);
}

TEST(rearming_adds_what_was_asked_for)
{
    for (uint32_t interest = 0; interest < 16; interest++) {
        for (uint32_t directions = 0; directions < 16; directions++) {
            for (uint32_t n = 0; n < 64; n++) {
                uint32_t armed = arming_pick(n);
                uint32_t bits = arming_of(directions & interest);
                uint32_t want = armed;

                if ((bits & ~armed) != 0)
                    want |= bits | EVIO__ERR | EVIO__HUP;
                CHECK_EQ_UINT(evio__arming_rearm(interest, armed, directions),
                              want);
                CHECK_EQ_UINT(evio__arming_rearm(interest | EVIO_LEVEL, armed,
                                                 directions),
                              armed);
                CHECK_EQ_UINT(evio__arming_rearm(interest | EVIO_ONESHOT, armed,
                                                 directions),
                              armed);
            }
        }
    }
}

/* Armed for all: a second re-arming changes nothing, so nobody is woken. */
TEST(what_is_armed_is_not_armed_again)
{
    for (uint32_t interest = 1; interest < 16; interest++) {
        uint32_t all = evio__arming_all(interest);

        CHECK_EQ_UINT(evio__arming_rearm(interest, all, 0xf), all);
    }
}
