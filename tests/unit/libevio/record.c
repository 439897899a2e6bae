/* SPDX-License-Identifier: MIT */
/*
 * The words of a record: keys, stamps, and the layout of `posted`. Who changes
 * them when is the registry's affair.
 * One thread.
 */
#include "base/record.h"

#include <string.h>

#include "base/ready.h"
#include "base/slab.h"
#include "support/check.h"
#include "sys/selector.h"

TEST(a_key_is_slot_and_stamp)
{
    CHECK_EQ_UINT(evio__key(0, 0), 0);
    CHECK_EQ_UINT(evio__key(1, 0), 1);
    CHECK_EQ_UINT(evio__key(0, 1), UINT64_C(1) << 32);
    CHECK_EQ_UINT(evio__key(UINT32_MAX, UINT32_MAX), UINT64_MAX);
    CHECK_EQ_UINT(evio__key_slot(evio__key(1234, 5678)), 1234);
    CHECK_EQ_UINT(evio__key_stamp(evio__key(1234, 5678)), 5678);
    CHECK_EQ_UINT(evio__key_stamp(UINT64_MAX), UINT32_MAX);
}

/* The bit is not of the slot, and is above every slot. */
TEST(a_rare_key_has_the_same_slot)
{
    CHECK_UINT(EVIO__SLOT_RARE, >=, UINT32_C(1) << EVIO__SLAB_END_BIT);
    CHECK_EQ_UINT(evio__key_slot(evio__key(64 | EVIO__SLOT_RARE, 9)), 64);
    CHECK_EQ_UINT(evio__key_stamp(evio__key(64 | EVIO__SLOT_RARE, 9)), 9);
    CHECK_UINT((uint32_t)EVIO__KEY_WAKEUP & EVIO__SLOT_RARE, !=, 0);
    CHECK_UINT(evio__key_slot(EVIO__KEY_WAKEUP), <, EVIO__SLAB_FIRST);
}

TEST(the_key_of_a_record)
{
    evio__record record;

    memset(&record, 0, sizeof(record));
    record.slot = 77;
    evio__store32(&record.stamp, 0x300);
    for (uint32_t interest = 0; interest < 0x800; interest++) {
        bool rare = (interest & EVIO_ONESHOT) != 0;

        evio__store32(&record.interest, interest);
        CHECK_EQ_UINT(evio__record_key(&record),
                      evio__key(rare ? 77 | EVIO__SLOT_RARE : 77, 0x300));
    }
}

/* Odd while it goes on; even and new after it. */
TEST(a_change_has_two_stamps)
{
    evio__record record;

    memset(&record, 0, sizeof(record));
    for (uint32_t i = 0; i < 127; i++) {
        CHECK_EQ_UINT(evio__load32(&record.stamp), 2 * i);
        evio__stamp_change(&record);
        CHECK_EQ_UINT(evio__load32(&record.stamp), 2 * i + 1);
        evio__stamp_changed(&record);
    }
    CHECK_EQ_UINT(evio__load32(&record.stamp), 254);
}

TEST(changes_wrap_inside_of_their_generation)
{
    const uint32_t generations[] = {0, 0x100, 0x7fffff00, 0xfffffe00,
                                    EVIO__STAMP_GENERATION};

    for (size_t i = 0; i < sizeof(generations) / sizeof(generations[0]); i++) {
        evio__record record;

        memset(&record, 0, sizeof(record));
        evio__store32(&record.stamp, generations[i]);
        for (int change = 1; change <= 1000; change++) {
            evio__stamp_change(&record);
            evio__stamp_changed(&record);
            CHECK_EQ_UINT(evio__load32(&record.stamp),
                          generations[i] + (uint32_t)change * 2 % 256);
        }
    }
}

/* After 127 changes the next generation, as long as there is one. */
TEST(a_change_may_take_the_next_generation)
{
    evio__record record;
    uint32_t before = 0;

    memset(&record, 0, sizeof(record));
    for (int change = 0; change < 1000; change++) {
        evio__stamp_change(&record);
        CHECK_EQ_UINT(evio__stamp_after(&record), before + 2);
        before = evio__stamp_after(&record);
        evio__store32(&record.stamp, before);
    }
    CHECK_EQ_UINT(before, 2000);
    evio__store32(&record.stamp, EVIO__STAMP_GENERATION - 2);
    evio__stamp_change(&record);
    CHECK_EQ_UINT(evio__stamp_after(&record),
                  EVIO__STAMP_GENERATION - EVIO__STAMP_NEXT);
}

/* Every bit of `posted` has one meaning. */
TEST(the_parts_of_posted_are_apart)
{
    const uint32_t parts[] = {EVIO__POSTED_READINESS, EVIO__POSTED_DETAIL,
                              EVIO__POSTED_FIRED,     EVIO__POSTED_HELD,
                              EVIO__POSTED_ENDED,     EVIO__POSTED_QUEUED};
    uint32_t all = 0;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        CHECK_EQ_UINT(all & parts[i], 0);
        all |= parts[i];
    }
    CHECK_EQ_UINT(all, UINT32_MAX);
    CHECK_EQ_UINT(EVIO__POSTED_PENDING,
                  EVIO__POSTED_READINESS | EVIO__POSTED_DETAIL);
    CHECK_EQ_UINT((EVIO__DIRECTIONS | EVIO__HINTS) & ~EVIO__POSTED_READINESS,
                  0);
}

/* What a selector reports fits behind the readiness. */
TEST(the_detail_keeps_every_bit_of_a_selector)
{
    const uint32_t bits =
        EVIO__IN | EVIO__PRI | EVIO__OUT | EVIO__ERR | EVIO__HUP | EVIO__RDHUP;
    uint32_t posted = bits << EVIO__POSTED_DETAIL_SHIFT;

    CHECK_EQ_UINT(posted & ~EVIO__POSTED_DETAIL, 0);
    CHECK_EQ_UINT((posted & EVIO__POSTED_DETAIL) >> EVIO__POSTED_DETAIL_SHIFT,
                  bits);
}

/* An entry that stands for a posted record, and private bits of an interest,
 * are nobody else's. */
TEST(private_bits_are_apart)
{
    const uint32_t private_bits[] = {
        EVIO__INTEREST_PIPE_END, EVIO__INTEREST_POSTED, EVIO__INTEREST_ABSENT,
        EVIO__INTEREST_LOST};
    uint32_t all =
        EVIO__DIRECTIONS | EVIO__HINTS | EVIO__MODES | EVIO_EXCLUSIVE;

    for (size_t i = 0; i < 4; i++) {
        CHECK_EQ_UINT(all & private_bits[i], 0);
        CHECK_EQ_UINT(private_bits[i] & ~EVIO__INTEREST_PRIVATE, 0);
        all |= private_bits[i];
    }
    CHECK_EQ_UINT(EVIO__POSTED & 0xffff, 0);
}
