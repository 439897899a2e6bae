/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic of time-outs at every edge: up, saturating, never infinite by
 * accident. Real waits are in behaviour/evio_core_time.c.
 * Nothing to guard.
 */
#include "base/deadline.h"

#include "support/check.h"

#define MAX UINT64_MAX

TEST(deadlines_saturate_below_for_ever)
{
    CHECK_EQ_UINT(evio__deadline(0, 0), 0);
    CHECK_EQ_UINT(evio__deadline(10, 5), 15);
    CHECK_EQ_UINT(evio__deadline(10, MAX - 12), MAX - 2);
    CHECK_EQ_UINT(evio__deadline(10, MAX - 11), MAX - 1);
    CHECK_EQ_UINT(evio__deadline(10, MAX - 10), MAX - 1);
    CHECK_EQ_UINT(evio__deadline(10, MAX - 1), MAX - 1);
    CHECK_EQ_UINT(evio__deadline(MAX - 1, 0), MAX - 1);
    CHECK_EQ_UINT(evio__deadline(MAX - 1, MAX - 1), MAX - 1);
    CHECK_EQ_UINT(evio__deadline(0, MAX - 1), MAX - 1);
}

TEST(what_remains_is_never_negative)
{
    CHECK_EQ_UINT(evio__remaining(0, 0), 0);
    CHECK_EQ_UINT(evio__remaining(5, 7), 2);
    CHECK_EQ_UINT(evio__remaining(7, 7), 0);
    CHECK_EQ_UINT(evio__remaining(8, 7), 0);
    CHECK_EQ_UINT(evio__remaining(MAX - 1, 0), 0);
    CHECK_EQ_UINT(evio__remaining(0, MAX - 1), MAX - 1);
    CHECK_EQ_UINT(evio__remaining(0, MAX), MAX);
    CHECK_EQ_UINT(evio__remaining(MAX - 1, MAX), MAX);
}

TEST(milliseconds_round_up_and_stop_at_the_type)
{
    const uint64_t last = (uint64_t)INT_MAX * EVIO__NS_PER_MS;

    CHECK_EQ_INT(evio__ms_ceil(0), 0);
    CHECK_EQ_INT(evio__ms_ceil(1), 1);
    CHECK_EQ_INT(evio__ms_ceil(999999), 1);
    CHECK_EQ_INT(evio__ms_ceil(1000000), 1);
    CHECK_EQ_INT(evio__ms_ceil(1000001), 2);
    CHECK_EQ_INT(evio__ms_ceil(last - 1), INT_MAX);
    CHECK_EQ_INT(evio__ms_ceil(last), INT_MAX);
    CHECK_EQ_INT(evio__ms_ceil(last + 1), INT_MAX);
    CHECK_EQ_INT(evio__ms_ceil(UINT64_C(4294967296) * 1000000), INT_MAX);
    CHECK_EQ_INT(evio__ms_ceil(MAX - 1), INT_MAX);
    CHECK_EQ_INT(evio__ms_ceil(MAX), -1);
}

/* For every pair of edges: what is left never exceeds what was asked. */
TEST(a_deadline_is_not_beyond_its_timeout)
{
    const uint64_t edges[] = {0,           1,       999999,  1000000,
                              MAX / 2 - 1, MAX / 2, MAX - 2, MAX - 1};

    for (size_t i = 0; i < 8; i++) {
        for (size_t j = 0; j < 8; j++) {
            uint64_t now = edges[i];
            uint64_t left = evio__remaining(now, evio__deadline(now, edges[j]));

            CHECK_UINT(left, <=, edges[j]);
            CHECK(left == edges[j] || evio__deadline(now, edges[j]) == MAX - 1);
        }
    }
}
