/* SPDX-License-Identifier: MIT */
/*
 * Promise: what a program leaves in its buffer comes again, first, with the
 * next wait, whichever buffer that has, in edge and oneshot mode too; what has
 * ended meanwhile does not. What is posted is in evio_core_left_posted.c.
 */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"

enum {
    LEFT_PEERS = 6
};

static const uint32_t left_modes[] = {EVIO_EDGE, EVIO_ONESHOT, EVIO_LEVEL};

struct left {
    struct loop l;
    struct peer peers[LEFT_PEERS];
    unsigned seen[LEFT_PEERS];
    uint64_t order[TAKEN_MAX]; /* tokens as they came */
    unsigned count;
    uint32_t mode;
};

static void left_note(struct left *t, const struct taken *taken)
{
    for (unsigned i = 0; i < taken->n; i++) {
        uint64_t token = taken->events[i].token;

        CHECK_UINT(token, <, LEFT_PEERS);
        CHECK_EQ_UINT(taken->events[i].readiness, EVIO_READABLE);
        t->seen[token]++;
        t->order[t->count++] = token;
    }
}

/* All are ready, and `taken` of what one wait collected are taken. */
static void left_open(struct left *t, uint32_t mode, unsigned taken)
{
    struct taken some = {.n = 0};

    memset(t, 0, sizeof(*t));
    t->mode = mode;
    loop_open(&t->l, 16);
    for (unsigned i = 0; i < LEFT_PEERS; i++) {
        peer_open(&t->l, &t->peers[i], i, EVIO_READABLE | mode);
        peer_send(&t->peers[i], 1);
    }
    CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, LOOP_PATIENCE),
                 LEFT_PEERS);
    while (some.n < taken) {
        CHECK(evio_events_next(t->l.events, &some.events[some.n]));
        some.n++;
    }
    left_note(t, &some);
}

static void left_close(struct left *t)
{
    for (unsigned i = 0; i < LEFT_PEERS; i++)
        peer_close(&t->l, &t->peers[i]);
    loop_close(&t->l);
}

/* Waits that bring all that there is, in pieces of a capacity. */
static void left_rest(struct left *t, evio_events *events)
{
    struct taken taken;
    unsigned rounds = t->mode == EVIO_LEVEL ? LEFT_PEERS : 100;

    while (rounds-- > 0 && taken_from(&t->l, events, 0, &taken) > 0) {
        CHECK_UINT(taken.n, <=, evio_events_capacity(events));
        left_note(t, &taken);
    }
}

/* Each came once; in level mode at least once. */
static void left_check(struct left *t)
{
    for (unsigned i = 0; i < LEFT_PEERS; i++) {
        if (t->mode == EVIO_LEVEL)
            CHECK_UINT(t->seen[i], >=, 1);
        else
            CHECK_EQ_UINT(t->seen[i], 1);
    }
    if (t->mode != EVIO_LEVEL)
        loop_lasts(&t->l);
}

/* An edge that came late is an edge as any other, a oneshot is spent. */
static void left_check_after(struct left *t)
{
    struct taken taken;

    if (t->mode == EVIO_LEVEL)
        return;
    for (unsigned i = 0; i < LEFT_PEERS; i++) {
        net_drain(t->peers[i].fd[0]);
        CHECK_OK(evio_rearm(&t->peers[i].source, EVIO_READABLE));
        peer_send(&t->peers[i], 1);
    }
    CHECK_EQ_UINT(
        taken_wait(&t->l, t->mode == EVIO_ONESHOT ? 0 : LOOP_PATIENCE, &taken),
        t->mode == EVIO_ONESHOT ? 0 : LEFT_PEERS);
    loop_lasts(&t->l);
}

/* Every mode, and every count of events that were taken. */
static void left_each(void (*body)(struct left *t))
{
    for (unsigned m = 0; m < 3; m++) {
        for (unsigned k = 0; k <= LEFT_PEERS; k++) {
            struct left t;

            fprintf(stderr, "mode 0x%x, %u taken\n", (unsigned)left_modes[m],
                    k);
            left_open(&t, left_modes[m], k);
            body(&t);
            left_close(&t);
        }
    }
}

static void left_same_buffer(struct left *t)
{
    left_rest(t, t->l.events);
    left_check(t);
    left_check_after(t);
}

TEST(the_same_buffer)
{
    left_each(left_same_buffer);
}

/* Left again and again, they are still there. */
static void left_often(struct left *t)
{
    unsigned left = LEFT_PEERS - t->count;

    for (int i = 0; i < 5; i++) {
        int r = evio_poll_wait(t->l.poll, t->l.events, 0);

        if (t->mode == EVIO_LEVEL)
            CHECK_INT(r, >=, LEFT_PEERS);
        else
            CHECK_EQ_INT(r, left);
    }
    left_rest(t, t->l.events);
    left_check(t);
}

TEST(left_again_and_again)
{
    left_each(left_often);
}

static void left_other_buffer(struct left *t)
{
    evio_events *other;
    evio_event event;

    CHECK_OK(evio_events_new(16, &other));
    left_rest(t, other);
    left_check(t);
    /* They have moved: the first buffer has none of them any more. */
    if (t->mode != EVIO_LEVEL)
        CHECK(!evio_events_next(t->l.events, &event));
    evio_events_free(other);
    left_check_after(t);
}

TEST(another_buffer)
{
    left_each(left_other_buffer);
}

static void left_in_pieces(struct left *t, size_t capacity)
{
    evio_events *small;

    CHECK_OK(evio_events_new(capacity, &small));
    left_rest(t, small);
    left_check(t);
    evio_events_free(small);
    left_check_after(t);
}

static void left_capacity_one(struct left *t)
{
    left_in_pieces(t, 1);
}

static void left_capacity_four(struct left *t)
{
    left_in_pieces(t, 4);
}

TEST(a_smaller_buffer)
{
    left_each(left_capacity_one);
    left_each(left_capacity_four);
}

/* A limit of one wait, as a smaller buffer. */
static void left_limited(struct left *t)
{
    struct taken taken;
    unsigned rounds = t->mode == EVIO_LEVEL ? 4 * LEFT_PEERS : 100;
    int r;

    while (rounds-- > 0 && (r = evio_poll_wait_masked(t->l.poll, t->l.events, 2,
                                                      0, NULL)) > 0) {
        CHECK_INT(r, <=, 2);
        taken_all(t->l.events, &taken);
        CHECK_INT(taken.n, <=, r);
        left_note(t, &taken);
    }
    left_check(t);
    left_check_after(t);
}

TEST(a_limit_of_the_next_wait)
{
    left_each(left_limited);
}

static void left_freed(struct left *t)
{
    evio_events_free(t->l.events);
    CHECK_OK(evio_events_new(16, &t->l.events));
    left_rest(t, t->l.events);
    left_check(t);
    left_check_after(t);
}

TEST(the_buffer_is_freed)
{
    left_each(left_freed);
}

static void left_other_poll(struct left *t)
{
    struct loop other;
    struct peer p;
    struct taken taken;
    evio_events *spare;

    loop_open(&other, 16);
    peer_open(&other, &p, 99, EVIO_READABLE);
    peer_send(&p, 1);
    CHECK_EQ_INT(evio_poll_wait(other.poll, t->l.events, LOOP_PATIENCE), 1);
    CHECK_EQ_UINT(taken_all(t->l.events, &taken), 1);
    CHECK_EQ_UINT(taken.events[0].token, 99);
    CHECK_EQ_INT(evio_poll_wait(other.poll, t->l.events, 0), 0);
    CHECK_OK(evio_events_new(16, &spare));
    left_rest(t, t->count % 2 == 0 ? spare : t->l.events);
    left_check(t);
    evio_events_free(spare);
    peer_close(&other, &p);
    loop_close(&other);
    left_check_after(t);
}

TEST(the_buffer_serves_another_poll)
{
    left_each(left_other_poll);
}

/* Back and forth: each poll's events come from that poll's waits. */
TEST(one_buffer_for_two_polls)
{
    struct left a;
    struct left b;
    evio_events *shared;
    struct taken taken;

    left_open(&a, EVIO_ONESHOT, 0);
    left_open(&b, EVIO_ONESHOT, 0);
    shared = a.l.events;
    for (int i = 0; i < 5; i++) {
        CHECK_EQ_INT(evio_poll_wait(b.l.poll, shared, 0), LEFT_PEERS);
        CHECK_EQ_INT(evio_poll_wait(a.l.poll, shared, 0), LEFT_PEERS);
    }
    taken_all(shared, &taken);
    left_note(&a, &taken);
    left_check(&a);
    taken_from(&b.l, shared, 0, &taken);
    left_note(&b, &taken);
    left_check(&b);
    left_close(&a);
    left_close(&b);
}

/* First what was left, in its order; then what is new. */
TEST(in_order_and_first)
{
    for (unsigned m = 0; m < 2; m++) {
        struct left t;
        struct taken taken;
        struct peer late;

        left_open(&t, left_modes[m], 2);
        peer_open(&t.l, &late, 99, EVIO_READABLE);
        peer_send(&late, 1);
        CHECK_EQ_UINT(taken_wait(&t.l, 0, &taken), LEFT_PEERS - 2 + 1);
        CHECK_EQ_UINT(taken.events[LEFT_PEERS - 2].token, 99);
        taken.n--;
        left_note(&t, &taken);
        left_check(&t);
        /* They became ready one after the other, in this order. */
        for (unsigned i = 0; i < LEFT_PEERS; i++)
            CHECK_EQ_UINT(t.order[i], i);
        peer_close(&t.l, &late);
        left_close(&t);
    }
}

/* What fills the buffer leaves no capacity for others, and hides none. */
TEST(what_is_left_fills_the_buffer)
{
    struct left t;
    struct peer late;
    struct taken taken;

    left_open(&t, EVIO_EDGE, 0);
    peer_open(&t.l, &late, 99, EVIO_READABLE);
    peer_send(&late, 1);
    CHECK_EQ_INT(
        evio_poll_wait_masked(t.l.poll, t.l.events, LEFT_PEERS, 0, NULL),
        LEFT_PEERS);
    taken_all(t.l.events, &taken);
    left_note(&t, &taken);
    CHECK_EQ_UINT(taken_one(&t.l, 99).readiness, EVIO_READABLE);
    left_check(&t);
    peer_close(&t.l, &late);
    left_close(&t);
}

static void left_register_again(struct left *t, unsigned i)
{
    CHECK_OK(evio_register(t->l.registry, &t->peers[i].source, i,
                           EVIO_READABLE | t->mode));
}

/* Ended while it was in the buffer: not delivered, there or later. */
static void left_deregistered(struct left *t)
{
    for (unsigned i = 0; i < LEFT_PEERS; i += 2) {
        loop_remove(&t->l, &t->peers[i].source);
        t->seen[i] = 100;
    }
    left_rest(t, t->l.events);
    for (unsigned i = 0; i < LEFT_PEERS; i += 2) {
        CHECK_EQ_UINT(t->seen[i], 100);
        t->seen[i] = 1;
    }
    left_check(t);
    for (unsigned i = 0; i < LEFT_PEERS; i += 2)
        left_register_again(t, i);
}

TEST(deregistered_before_the_next_wait)
{
    left_each(left_deregistered);
}

/* Ended after the next wait has collected it again. */
static void left_deregistered_late(struct left *t)
{
    struct taken taken;
    unsigned first = t->count % LEFT_PEERS;

    CHECK_OK(evio_poll_wait(t->l.poll, t->l.events, 0));
    loop_remove(&t->l, &t->peers[first].source);
    t->seen[first] = 100;
    taken_all(t->l.events, &taken);
    left_note(t, &taken);
    CHECK_EQ_UINT(t->seen[first], 100);
    t->seen[first] = 1;
    left_check(t);
    left_register_again(t, first);
}

TEST(deregistered_after_the_next_wait)
{
    left_each(left_deregistered_late);
}

/* All of them: the wait has nothing, and lasts. */
static void left_all_deregistered(struct left *t)
{
    for (unsigned i = 0; i < LEFT_PEERS; i++)
        loop_remove(&t->l, &t->peers[i].source);
    loop_lasts(&t->l);
    for (unsigned i = 0; i < LEFT_PEERS; i++)
        left_register_again(t, i);
}

TEST(all_deregistered)
{
    left_each(left_all_deregistered);
}

/* Changed while it was in the buffer: once, under the new token alone. */
static void left_reregistered(struct left *t)
{
    struct taken taken;
    uint32_t bits;

    for (unsigned i = 0; i < LEFT_PEERS; i++)
        CHECK_OK(evio_reregister(t->l.registry, &t->peers[i].source, 50 + i,
                                 EVIO_READABLE | t->mode));
    CHECK_UINT(taken_wait(&t->l, LOOP_PATIENCE, &taken), >=, LEFT_PEERS);
    for (unsigned i = 0; i < LEFT_PEERS; i++) {
        CHECK_EQ_UINT(taken_of(&taken, i, &bits), 0);
        CHECK_EQ_UINT(taken_of(&taken, 50 + i, &bits), 1);
    }
    if (t->mode != EVIO_LEVEL)
        loop_lasts(&t->l);
}

TEST(reregistered_before_the_next_wait)
{
    left_each(left_reregistered);
}

/* Not ready any more when it was changed: what was collected is dropped. */
TEST(reregistered_and_drained)
{
    struct left t;
    evio_event event;

    for (unsigned m = 0; m < 3; m++) {
        left_open(&t, left_modes[m], 0);
        for (unsigned i = 0; i < LEFT_PEERS; i++) {
            net_drain(t.peers[i].fd[0]);
            CHECK_OK(evio_reregister(t.l.registry, &t.peers[i].source, i,
                                     EVIO_READABLE | left_modes[m]));
        }
        CHECK(!evio_events_next(t.l.events, &event));
        loop_lasts(&t.l);
        left_close(&t);
    }
}

/* A buffer that outlives its poll, with events in it. */
TEST(the_poll_is_freed_first)
{
    struct left t;
    struct loop other;
    evio_event event;

    left_open(&t, EVIO_EDGE, 1);
    for (unsigned i = 0; i < LEFT_PEERS; i++)
        peer_close(&t.l, &t.peers[i]);
    evio_poll_free(t.l.poll);
    CHECK(!evio_events_next(t.l.events, &event));
    loop_open(&other, 4);
    CHECK_EQ_INT(evio_poll_wait(other.poll, t.l.events, 0), 0);
    evio_events_free(t.l.events);
    loop_close(&other);
}

TEST(the_poll_is_freed_and_the_sources_are_not)
{
    struct left t;
    evio_event event;
    evio_registry *registry;

    left_open(&t, EVIO_ONESHOT, 1);
    registry = evio_registry_ref(t.l.registry);
    evio_poll_free(t.l.poll);
    (void)evio_events_next(t.l.events, &event);
    evio_events_free(t.l.events);
    for (unsigned i = 0; i < LEFT_PEERS; i++) {
        CHECK_OK(evio_deregister(registry, &t.peers[i].source));
        peer_close_fds(&t.peers[i]);
    }
    evio_registry_unref(registry);
}
