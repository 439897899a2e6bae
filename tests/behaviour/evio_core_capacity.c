/* SPDX-License-Identifier: MIT */
/*
 * Promise: a wait collects at most the buffer's capacity; the rest comes with
 * the next waits, in fair turns. What an event says is tested elsewhere.
 * Nothing is guarded: one thread.
 */
#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"

#include <string.h>

enum {
    CAPACITY_PAIRS = 100
};

struct crowd {
    struct loop l;
    evio_source sources[CAPACITY_PAIRS];
    int pairs[CAPACITY_PAIRS][2];
    unsigned seen[CAPACITY_PAIRS];
};

static void crowd_open(struct crowd *c, size_t capacity, uint32_t mode)
{
    memset(c, 0, sizeof(*c));
    loop_open(&c->l, capacity);
    for (unsigned i = 0; i < CAPACITY_PAIRS; i++) {
        net_unix_pair(NET_STREAM, c->pairs[i]);
        net_send_all(c->pairs[i][1], "x", 1);
        loop_add(&c->l, &c->sources[i], c->pairs[i][0], i,
                 EVIO_READABLE | mode);
    }
}

static void crowd_close(struct crowd *c)
{
    for (unsigned i = 0; i < CAPACITY_PAIRS; i++) {
        loop_remove(&c->l, &c->sources[i]);
        net_close(c->pairs[i][0]);
        net_close(c->pairs[i][1]);
    }
    loop_close(&c->l);
}

/* One wait that must fill the buffer as far as `left` allows. */
static unsigned crowd_turn(struct crowd *c, unsigned left)
{
    unsigned capacity = (unsigned)evio_events_capacity(c->l.events);
    unsigned want = left < capacity ? left : capacity;
    evio_event event;

    CHECK_EQ_INT(evio_poll_wait(c->l.poll, c->l.events, LOOP_PATIENCE), want);
    for (unsigned i = 0; i < want; i++) {
        CHECK(evio_events_next(c->l.events, &event));
        CHECK_UINT(event.token, <, CAPACITY_PAIRS);
        CHECK_EQ_UINT(event.readiness, EVIO_READABLE);
        c->seen[event.token]++;
    }
    CHECK(!evio_events_next(c->l.events, &event));
    return want;
}

static void crowd_all_once(size_t capacity, uint32_t mode)
{
    struct crowd c;

    crowd_open(&c, capacity, mode);
    CHECK_EQ_UINT(evio_events_capacity(c.l.events), capacity);
    for (unsigned left = CAPACITY_PAIRS; left > 0;)
        left -= crowd_turn(&c, left);
    for (unsigned i = 0; i < CAPACITY_PAIRS; i++)
        CHECK_EQ_UINT(c.seen[i], 1);
    loop_quiet(&c.l);
    crowd_close(&c);
}

TEST(one_by_one_nothing_is_lost_or_doubled)
{
    crowd_all_once(1, EVIO_EDGE);
    crowd_all_once(1, EVIO_ONESHOT);
}

TEST(seven_at_a_time)
{
    crowd_all_once(7, EVIO_EDGE);
    crowd_all_once(7, EVIO_ONESHOT);
}

TEST(exactly_as_many_as_there_are)
{
    crowd_all_once(CAPACITY_PAIRS, EVIO_EDGE);
}

/* All are ready all the time; each must have its turn. */
static void crowd_fair(size_t capacity)
{
    enum {
        TURNS = 10
    };
    struct crowd c;

    crowd_open(&c, capacity, EVIO_LEVEL);
    for (unsigned got = 0; got < TURNS * CAPACITY_PAIRS;)
        got += crowd_turn(&c, CAPACITY_PAIRS);
    for (unsigned i = 0; i < CAPACITY_PAIRS; i++) {
        CHECK_UINT(c.seen[i], >=, TURNS - 1);
        CHECK_UINT(c.seen[i], <=, TURNS + 1);
    }
    crowd_close(&c);
}

TEST(level_turns_are_fair)
{
    crowd_fair(1);
    crowd_fair(3);
    crowd_fair(64);
}

/* An end between two waits does not cost another source its turn. */
TEST(removals_between_turns_lose_nothing)
{
    struct crowd c;

    crowd_open(&c, 5, EVIO_EDGE);
    for (unsigned round = 0; round < 10; round++) {
        crowd_turn(&c, 5);
        for (unsigned i = 0; i < 5; i++) {
            unsigned victim = round * 10 + i;

            loop_remove(&c.l, &c.sources[victim]);
            c.seen[victim] += 100;
        }
    }
    while (evio_poll_wait(c.l.poll, c.l.events, 0) > 0) {
        evio_event event;

        while (evio_events_next(c.l.events, &event))
            c.seen[event.token]++;
    }
    for (unsigned i = 0; i < CAPACITY_PAIRS; i++) {
        if (c.seen[i] < 100) {
            CHECK_EQ_UINT(c.seen[i], 1);
        } else {
            CHECK_UINT(c.seen[i], <=, 101);
            CHECK_OK(
                evio_register(c.l.registry, &c.sources[i], i, EVIO_READABLE));
        }
    }
    crowd_close(&c);
}

TEST(waits_may_use_buffers_of_different_size)
{
    struct crowd c;
    evio_events *small;
    evio_event event;

    crowd_open(&c, 60, EVIO_EDGE);
    CHECK_OK(evio_events_new(10, &small));
    crowd_turn(&c, CAPACITY_PAIRS);
    CHECK_EQ_INT(evio_poll_wait(c.l.poll, small, 0), 10);
    while (evio_events_next(small, &event))
        c.seen[event.token]++;
    crowd_turn(&c, 30);
    for (unsigned i = 0; i < CAPACITY_PAIRS; i++)
        CHECK_EQ_UINT(c.seen[i], 1);
    evio_events_free(small);
    crowd_close(&c);
}
