/* SPDX-License-Identifier: MIT */
/*
 * Slots, generations and growth of the slab, and the arithmetic of keys. Who
 * may call it when is the registry's affair. One thread here.
 */
#include "base/slab.h"

#include <errno.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"

enum {
    SLAB_FIRST = 1 << EVIO__SLAB_FIRST_BIT,
    SLAB_MANY = 64 + 128 + 256 + 10
};

TEST(records_are_a_cache_line_each)
{
    evio__slab slab;
    evio__record *record;

    memset(&slab, 0, sizeof(slab));
    for (int i = 0; i < 100; i++) {
        record = evio__slab_take(&slab);
        CHECK(record != NULL);
        CHECK_EQ_UINT((uintptr_t)record % 64, 0);
    }
    evio__slab_free(&slab);
}

TEST(slots_are_dense_and_found_again)
{
    evio__slab slab;
    evio__record *records[SLAB_MANY];

    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < SLAB_MANY; i++) {
        records[i] = evio__slab_take(&slab);
        CHECK(records[i] != NULL);
        CHECK_EQ_UINT(records[i]->slot, SLAB_FIRST + i);
    }
    for (unsigned i = 0; i < SLAB_MANY; i++)
        CHECK_EQ_PTR(evio__slab_at(&slab, SLAB_FIRST + i), records[i]);
    CHECK_EQ_UINT(fault_calls_of("malloc"), 4);
    evio__slab_free(&slab);
}

TEST(a_slot_comes_back_with_a_new_key)
{
    evio__slab slab;
    uint64_t last = UINT64_MAX;

    memset(&slab, 0, sizeof(slab));
    for (uint32_t round = 0; round < 1000; round++) {
        evio__record *record = evio__slab_take(&slab);
        uint64_t key = evio__record_key(record);

        CHECK_EQ_UINT(record->slot, SLAB_FIRST);
        CHECK_UINT(key, !=, last);
        CHECK_EQ_UINT(key, evio__key(SLAB_FIRST, round));
        evio__store32(&record->wake, 1);
        evio__slab_give(&slab, record);
        CHECK_UINT(evio__record_key(record), !=, key);
        CHECK_EQ_UINT(evio__load32(&record->wake), 0);
        last = key;
    }
    CHECK_EQ_UINT(fault_calls_of("malloc"), 1);
    evio__slab_free(&slab);
}

TEST(generations_wrap_without_touching_the_slot)
{
    evio__slab slab;
    evio__record *record;

    memset(&slab, 0, sizeof(slab));
    (void)evio__slab_take(&slab);
    record = evio__slab_take(&slab);
    evio__store32(&record->generation, UINT32_MAX);
    CHECK_EQ_UINT(evio__record_key(record),
                  evio__key(SLAB_FIRST + 1, UINT32_MAX));
    evio__slab_give(&slab, record);
    CHECK_EQ_UINT(evio__record_key(record), evio__key(SLAB_FIRST + 1, 0));
    evio__slab_free(&slab);
}

TEST(a_key_is_slot_and_generation)
{
    CHECK_EQ_UINT(evio__key(0, 0), 0);
    CHECK_EQ_UINT(evio__key(1, 0), 1);
    CHECK_EQ_UINT(evio__key(0, 1), UINT64_C(1) << 32);
    CHECK_EQ_UINT(evio__key(UINT32_MAX, UINT32_MAX), UINT64_MAX);
}

TEST(growth_that_fails_can_be_tried_again)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    for (unsigned i = 0; i < SLAB_MANY; i++) {
        bool grows = slab.free_head == 0;

        fault_fail_call("malloc", 1, ENOMEM);
        if (grows)
            CHECK(evio__slab_take(&slab) == NULL);
        fault_reset();
        evio__record *record = evio__slab_take(&slab);
        CHECK(record != NULL);
        CHECK_EQ_UINT(record->slot, SLAB_FIRST + i);
    }
    evio__slab_free(&slab);
}

TEST(an_unused_slab_has_nothing_to_free)
{
    evio__slab slab;

    memset(&slab, 0, sizeof(slab));
    evio__slab_free(&slab);
    CHECK_EQ_UINT(fault_calls(), 0);
}
