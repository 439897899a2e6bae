/* SPDX-License-Identifier: MIT */
/*
 * The map from descriptors to slots: sparse numbers, growth, failing growth.
 * The largest number of all would need 16 MiB of pointers; a million does.
 * One thread.
 */
#include "base/by_handle.h"

#include <errno.h>
#include <string.h>

#include "support/check.h"
#include "support/fault.h"

static const int32_t handles[] = {0,     1,     1023,   1024,    1025,
                                  16383, 16384, 100000, 1000000, 1048575};

enum {
    HANDLES = sizeof(handles) / sizeof(handles[0])
};

/* The slot of a handle; 0 when it has none, or no place. */
static uint32_t handles_get(const evio__by_handle *map, int32_t handle)
{
    const uint32_t *place = evio__by_handle_find(map, handle);

    return place != NULL ? *place : 0;
}

static void handles_set(evio__by_handle *map, int32_t handle, uint32_t slot)
{
    uint32_t *place = evio__by_handle_place(map, handle);

    CHECK(place != NULL);
    *place = slot;
}

TEST(an_empty_map_has_nothing)
{
    evio__by_handle map;

    memset(&map, 0, sizeof(map));
    for (int i = 0; i < HANDLES; i++)
        CHECK_EQ_UINT(handles_get(&map, handles[i]), 0);
    CHECK_EQ_UINT(handles_get(&map, INT32_MAX), 0);
    evio__by_handle_free(&map);
    CHECK_EQ_UINT(fault_calls(), 0);
}

/* In each order: a small number after a large one needs a chunk, too. */
static void handles_in_order(int step)
{
    evio__by_handle map;

    memset(&map, 0, sizeof(map));
    for (int i = 0; i < HANDLES; i++) {
        int at = step > 0 ? i : HANDLES - 1 - i;

        handles_set(&map, handles[at], 64 + (uint32_t)at);
        CHECK_EQ_UINT(handles_get(&map, handles[at]), 64 + (uint32_t)at);
    }
    for (int i = 0; i < HANDLES; i++)
        CHECK_EQ_UINT(handles_get(&map, handles[i]), 64 + (uint32_t)i);
    CHECK_EQ_UINT(handles_get(&map, 2), 0);
    CHECK_EQ_UINT(handles_get(&map, 1022), 0);
    CHECK_EQ_UINT(handles_get(&map, 1026), 0);
    CHECK_EQ_UINT(handles_get(&map, 50000), 0);
    CHECK_EQ_UINT(handles_get(&map, 999999), 0);
    CHECK_EQ_UINT(handles_get(&map, 1048576), 0);
    CHECK_EQ_UINT(handles_get(&map, INT32_MAX), 0);
    evio__by_handle_free(&map);
}

TEST(sparse_numbers_are_found)
{
    handles_in_order(1);
    handles_in_order(-1);
}

/* A place is empty at first, and stays where it is. */
TEST(a_place_does_not_move)
{
    evio__by_handle map;
    uint32_t *place;

    memset(&map, 0, sizeof(map));
    CHECK(evio__by_handle_find(&map, 1024) == NULL);
    place = evio__by_handle_place(&map, 1024);
    CHECK(place != NULL);
    CHECK_EQ_UINT(*place, 0);
    *place = 99;
    CHECK(evio__by_handle_place(&map, 2047) != place);
    CHECK(evio__by_handle_place(&map, 2048) != NULL);
    CHECK(evio__by_handle_place(&map, 1000000) != NULL);
    CHECK_EQ_PTR(evio__by_handle_place(&map, 1024), place);
    CHECK_EQ_PTR(evio__by_handle_find(&map, 1024), place);
    CHECK_EQ_PTR(evio__by_handle_find(&map, 1025), place + 1);
    CHECK_EQ_UINT(handles_get(&map, 1024), 99);
    CHECK(evio__by_handle_find(&map, 1023) == NULL);
    evio__by_handle_free(&map);
}

/* A map of all small numbers, chunk by chunk. */
TEST(dense_numbers_are_found)
{
    evio__by_handle map;

    memset(&map, 0, sizeof(map));
    for (int32_t handle = 0; handle < 20000; handle++)
        handles_set(&map, handle, (uint32_t)handle + 64);
    for (int32_t handle = 0; handle < 20000; handle++)
        CHECK_EQ_UINT(handles_get(&map, handle), handle + 64);
    /* 20 chunks, and their pointers twice: for 16 and for 32 of them. */
    CHECK_EQ_UINT(fault_calls_of("malloc"), 22);
    evio__by_handle_free(&map);
}

/* The n-th allocation fails: nothing changed, and the next try succeeds. */
TEST(growth_that_fails_changes_nothing)
{
    evio__by_handle map;
    unsigned failures = 0;

    memset(&map, 0, sizeof(map));
    for (int i = 0; i < HANDLES; i++) {
        for (unsigned nth = 1;; nth++) {
            fault_fail_nth(nth, ENOMEM);
            uint32_t *place = evio__by_handle_place(&map, handles[i]);
            bool fired = fault_fired();

            fault_reset();
            CHECK((place != NULL) == !fired);
            CHECK_EQ_UINT(handles_get(&map, handles[i]), 0);
            for (int j = 0; j < i; j++)
                CHECK_EQ_UINT(handles_get(&map, handles[j]), j + 64);
            if (place != NULL)
                break;
            failures++;
        }
        handles_set(&map, handles[i], (uint32_t)i + 64);
    }
    CHECK_UINT(failures, >=, 2 + 1 + 2 + 2);
    evio__by_handle_free(&map);
}

TEST(a_freed_map_can_be_used_again)
{
    evio__by_handle map;

    memset(&map, 0, sizeof(map));
    handles_set(&map, 1000000, 64);
    evio__by_handle_free(&map);
    CHECK_EQ_UINT(handles_get(&map, 1000000), 0);
    handles_set(&map, 5, 65);
    CHECK_EQ_UINT(handles_get(&map, 5), 65);
    evio__by_handle_free(&map);
}
