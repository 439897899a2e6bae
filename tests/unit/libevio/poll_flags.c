/* SPDX-License-Identifier: MIT */
/*
 * The bits of base/ready.h in poll()'s words, there and back, over every
 * combination, against rules that are written down a second time. What poll()
 * really answers is the behaviour table's affair.
 * Nothing to guard.
 */
#include "sys/posix/poll_flags.h"

#include "support/check.h"

static bool flags_has(uint32_t mask, uint32_t bit)
{
    return (mask & bit) != 0;
}

/* Hang-ups and errors are not asked for: poll() reports them anyway. */
TEST(every_bit_that_can_be_masked_has_its_event)
{
    for (uint32_t bits = 0; bits < 0x4000; bits++) {
        uint32_t events = (uint32_t)evio__poll_events(bits);

        CHECK(flags_has(events, POLLIN) == flags_has(bits, EVIO__IN));
        CHECK(flags_has(events, POLLOUT) == flags_has(bits, EVIO__OUT));
        CHECK(flags_has(events, POLLPRI) == flags_has(bits, EVIO__PRI));
        CHECK(EVIO__POLLRDHUP == 0 || flags_has(events, EVIO__POLLRDHUP) ==
                                          flags_has(bits, EVIO__RDHUP));
        CHECK_EQ_UINT(
            events & ~(uint32_t)(POLLIN | POLLOUT | POLLPRI | EVIO__POLLRDHUP),
            0);
    }
}

static const int flags_answers[] = {POLLIN,  POLLOUT,  POLLPRI,        POLLERR,
                                    POLLHUP, POLLNVAL, EVIO__POLLRDHUP};

TEST(every_answer_has_its_bits)
{
    for (int pick = 0; pick < 128; pick++) {
        uint32_t revents = 0;

        for (int i = 0; i < 7; i++)
            revents |= (pick >> i & 1) != 0 ? (uint32_t)flags_answers[i] : 0;

        uint32_t bits = evio__poll_bits((short)revents);

        CHECK(flags_has(bits, EVIO__IN) == flags_has(revents, POLLIN));
        CHECK(flags_has(bits, EVIO__OUT) == flags_has(revents, POLLOUT));
        CHECK(flags_has(bits, EVIO__PRI) == flags_has(revents, POLLPRI));
        CHECK(flags_has(bits, EVIO__ERR) == flags_has(revents, POLLERR));
        CHECK(flags_has(bits, EVIO__HUP) == flags_has(revents, POLLHUP));
        CHECK(flags_has(bits, EVIO__RDHUP) ==
              flags_has(revents, EVIO__POLLRDHUP));
        CHECK_EQ_UINT(
            bits & ~(EVIO__SAME | EVIO__ERR | EVIO__HUP | EVIO__RDHUP), 0);
    }
}

TEST(a_closed_descriptor_has_no_bit)
{
    CHECK_EQ_UINT(evio__poll_bits(POLLNVAL), 0);
}
