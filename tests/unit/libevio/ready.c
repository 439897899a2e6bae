/* SPDX-License-Identifier: MIT */
/*
 * What a selector's bits mean to an interest, over every combination, against
 * rules that are written down a second time. What the kernel really reports is
 * the behaviour table's affair.
 * Nothing to guard.
 */
#include "base/ready.h"

#include "support/check.h"

static bool ready_has(uint32_t mask, uint32_t bits)
{
    return (mask & bits) != 0;
}

static const uint32_t ready_bits[] = {EVIO__IN,  EVIO__PRI, EVIO__OUT,
                                      EVIO__ERR, EVIO__HUP, EVIO__RDHUP};

/* The n-th of all 64 combinations. */
static uint32_t ready_pick(uint32_t n)
{
    uint32_t bits = 0;

    for (int i = 0; i < 6; i++)
        bits |= (n >> i & 1) != 0 ? ready_bits[i] : 0;
    return bits;
}

/* The n-th of all 2^11 interests of interest.h's bits, hints left out, with or
 * without a pipe's end. */
static uint32_t ready_interest(uint32_t n)
{
    uint32_t interest = (n & 0xf) | (n & 0x10) << 3 | (n & 0xe0) << 3;

    return interest | ((n & 0x100) != 0 ? EVIO__INTEREST_PIPE_END : 0);
}

TEST(directions_ask_for_their_bits)
{
    for (uint32_t d = 0; d < 0x1000; d++) {
        uint32_t bits = evio__ready_wanted(d);

        CHECK(ready_has(bits, EVIO__IN) == ready_has(d, EVIO_READABLE));
        CHECK(ready_has(bits, EVIO__PRI) == ready_has(d, EVIO_PRIORITY));
        CHECK(ready_has(bits, EVIO__OUT) == ready_has(d, EVIO_WRITABLE));
        CHECK(ready_has(bits, EVIO__RDHUP) ==
              ready_has(d, (uint32_t)EVIO_READABLE | EVIO_CLOSED));
        CHECK_EQ_UINT(bits & ~(EVIO__IN | EVIO__PRI | EVIO__OUT | EVIO__RDHUP),
                      0);
    }
}

static void ready_check_directions(uint32_t got, uint32_t bits, uint32_t i)
{
    bool err = ready_has(bits, EVIO__ERR);
    bool hup = ready_has(bits, EVIO__HUP);
    bool end = err || hup;
    /* A half-close is of those who asked for reading or for the close. */
    bool half = ready_has(bits, EVIO__RDHUP) &&
                ready_has(i, (uint32_t)EVIO_READABLE | EVIO_CLOSED);

    CHECK(ready_has(got, EVIO_READABLE) ==
          (ready_has(i, EVIO_READABLE) &&
           (ready_has(bits, EVIO__IN) || half || end)));
    CHECK(ready_has(got, EVIO_WRITABLE) ==
          (ready_has(i, EVIO_WRITABLE) && (ready_has(bits, EVIO__OUT) || end)));
    CHECK(ready_has(got, EVIO_PRIORITY) ==
          (ready_has(i, EVIO_PRIORITY) && ready_has(bits, EVIO__PRI)));
    CHECK(ready_has(got, EVIO_CLOSED) ==
          (ready_has(i, EVIO_CLOSED) && (half || end)));
    CHECK(ready_has(got, EVIO_HANGUP) == (ready_has(i, EVIO_HANGUP) && end));
}

static void ready_check_hints(uint32_t got, uint32_t bits, uint32_t i)
{
    bool err = ready_has(bits, EVIO__ERR);
    bool hup = ready_has(bits, EVIO__HUP);
    bool half = ready_has(bits, EVIO__RDHUP) &&
                ready_has(i, (uint32_t)EVIO_READABLE | EVIO_CLOSED);

    CHECK(ready_has(got, EVIO_ERROR) == err);
    CHECK(ready_has(got, EVIO_READ_CLOSED) == (hup || half));
    CHECK(ready_has(got, EVIO_WRITE_CLOSED) ==
          (hup || (err && ready_has(i, EVIO__INTEREST_PIPE_END))));
}

TEST(every_report_has_its_readiness)
{
    for (uint32_t n = 0; n < 64; n++) {
        for (uint32_t m = 0; m < 0x200; m++) {
            uint32_t bits = ready_pick(n);
            uint32_t interest = ready_interest(m);
            uint32_t got = evio__ready_for(bits, interest);

            ready_check_directions(got, bits, interest);
            ready_check_hints(got, bits, interest);
            CHECK_EQ_UINT(got & ~(uint32_t)0xff, 0);
        }
    }
}

/* A hint has company, or the interest is in nothing else: an event of nothing
 * but hints would come to who asked for a direction. */
TEST(whoever_asked_for_a_direction_gets_it_with_the_end)
{
    for (uint32_t n = 0; n < 64; n++) {
        for (uint32_t m = 0; m < 0x100; m++) {
            uint32_t bits = ready_pick(n);
            uint32_t interest = ready_interest(m);
            uint32_t got = evio__ready_for(bits, interest);

            if (ready_has(bits, EVIO__ERR | EVIO__HUP) &&
                ready_has(interest,
                          EVIO__DIRECTIONS & ~(uint32_t)EVIO_PRIORITY))
                CHECK_UINT(got & interest & EVIO__DIRECTIONS, !=, 0);
        }
    }
}

/* What a selector reports beyond the known bits (EPOLLMSG...) adds nothing. */
TEST(unknown_bits_are_passed_over)
{
    for (uint32_t n = 0; n < 64; n++) {
        uint32_t bits = ready_pick(n);

        CHECK_EQ_UINT(evio__ready_for(bits | 0x5c0, 0x8f),
                      evio__ready_for(bits, 0x8f));
    }
}

/* A descriptor's readiness was cut when it was posted. */
TEST(what_a_descriptor_posted_is_delivered)
{
    for (uint32_t posted = 0; posted < 0x100; posted++) {
        for (uint32_t m = 0; m < 0x200; m++) {
            uint32_t interest = ready_interest(m);
            uint32_t more = EVIO__POSTED_QUEUED | EVIO__POSTED_DETAIL;

            CHECK_EQ_UINT(evio__ready_posted(posted | more, interest),
                          (posted & interest & EVIO__DIRECTIONS) |
                              (posted & EVIO__HINTS));
        }
    }
}

TEST(hints_of_a_trigger_go_with_their_directions)
{
    for (uint32_t posted = 0; posted < 0x100; posted++) {
        for (uint32_t m = 0; m < 0x100; m++) {
            uint32_t interest = ready_interest(m) | EVIO__INTEREST_POSTED;
            uint32_t got = evio__ready_posted(posted, interest);
            bool reading =
                ready_has(interest, (uint32_t)EVIO_READABLE | EVIO_CLOSED);
            bool writing =
                ready_has(interest, (uint32_t)EVIO_WRITABLE | EVIO_CLOSED);

            CHECK_EQ_UINT(got & EVIO__DIRECTIONS,
                          posted & interest & EVIO__DIRECTIONS);
            CHECK(ready_has(got, EVIO_ERROR) == ready_has(posted, EVIO_ERROR));
            CHECK(ready_has(got, EVIO_READ_CLOSED) ==
                  (ready_has(posted, EVIO_READ_CLOSED) && reading));
            CHECK(ready_has(got, EVIO_WRITE_CLOSED) ==
                  (ready_has(posted, EVIO_WRITE_CLOSED) && writing));
        }
    }
}
