/* SPDX-License-Identifier: MIT */
/*
 * State of a selector by slot: elements do not move, chunks grow as the slab's,
 * and failing growth changes nothing.
 * One thread.
 */
#include "base/by_slot.h"

#include <errno.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"

enum {
    SLOTS_FIRST = 1 << EVIO__SLAB_FIRST_BIT,
    SLOTS_END = 4096
};

struct slots_element {
    uint32_t slot;
    char rest[9];
};

TEST(each_slot_has_an_element_that_stays)
{
    static void *where[SLOTS_END];
    evio__by_slot array;

    memset(&array, 0, sizeof(array));
    evio__by_slot_init(&array, sizeof(struct slots_element));
    for (uint32_t slot = SLOTS_FIRST; slot < SLOTS_END; slot++) {
        CHECK(evio__by_slot_reserve(&array, slot));
        struct slots_element *element = evio__by_slot_at(&array, slot);
        where[slot] = element;
        memset(element, (int)slot, sizeof(*element));
        element->slot = slot;
    }
    for (uint32_t slot = SLOTS_FIRST; slot < SLOTS_END; slot++) {
        const struct slots_element *element = evio__by_slot_at(&array, slot);

        CHECK_EQ_PTR(element, where[slot]);
        CHECK_EQ_UINT(element->slot, slot);
        CHECK_EQ_INT(element->rest[8], (char)slot);
    }
    /* One for each power of two, as the slab. */
    CHECK_EQ_UINT(fault_calls_of("malloc"), 6);
    evio__by_slot_free(&array);
}

/* A selector meets slots in any order. */
TEST(any_slot_may_be_the_first)
{
    evio__by_slot array;

    memset(&array, 0, sizeof(array));
    evio__by_slot_init(&array, sizeof(uint64_t));
    for (uint32_t slot = SLOTS_END - 1; slot >= SLOTS_FIRST; slot -= 61) {
        CHECK(evio__by_slot_reserve(&array, slot));
        *(uint64_t *)evio__by_slot_at(&array, slot) = slot;
    }
    for (uint32_t slot = SLOTS_END - 1; slot >= SLOTS_FIRST; slot -= 61)
        CHECK_EQ_UINT(*(uint64_t *)evio__by_slot_at(&array, slot), slot);
    evio__by_slot_free(&array);
}

TEST(reserving_again_keeps_what_is_there)
{
    evio__by_slot array;

    memset(&array, 0, sizeof(array));
    evio__by_slot_init(&array, sizeof(uint32_t));
    CHECK(evio__by_slot_reserve(&array, 64));
    *(uint32_t *)evio__by_slot_at(&array, 64) = 4711;
    for (uint32_t slot = 64; slot < 128; slot++)
        CHECK(evio__by_slot_reserve(&array, slot));
    CHECK_EQ_UINT(*(uint32_t *)evio__by_slot_at(&array, 64), 4711);
    CHECK_EQ_UINT(fault_calls_of("malloc"), 1);
    evio__by_slot_free(&array);
}

TEST(growth_that_fails_can_be_tried_again)
{
    evio__by_slot array;

    memset(&array, 0, sizeof(array));
    evio__by_slot_init(&array, sizeof(uint32_t));
    CHECK(evio__by_slot_reserve(&array, 64));
    *(uint32_t *)evio__by_slot_at(&array, 64) = 4711;
    fault_fail_call("malloc", 1, ENOMEM);
    CHECK(!evio__by_slot_reserve(&array, 128));
    CHECK(evio__by_slot_reserve(&array, 100));
    fault_reset();
    CHECK(evio__by_slot_reserve(&array, 128));
    CHECK_EQ_UINT(*(uint32_t *)evio__by_slot_at(&array, 64), 4711);
    evio__by_slot_free(&array);
    /* And nothing is left: it can be used again. */
    CHECK(evio__by_slot_reserve(&array, 64));
    evio__by_slot_free(&array);
}

TEST(an_unused_array_has_nothing_to_free)
{
    evio__by_slot array;

    memset(&array, 0, sizeof(array));
    evio__by_slot_init(&array, 8);
    evio__by_slot_free(&array);
    CHECK_EQ_UINT(fault_calls(), 0);
}
