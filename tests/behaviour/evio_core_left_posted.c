/* SPDX-License-Identifier: MIT */
/*
 * Promise: wakes, fired triggers and evio_again() that a program leaves in its
 * buffer come again with the next wait, each once. What descriptors leave is in
 * evio_core_left.c.
 */
#include <stdio.h>
#include <string.h>

#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"

/* Two of each; the token is the place, and its kind is place / 2. */
enum {
    LEFT_WAKER,
    LEFT_TRIGGER,
    LEFT_AGAIN,
    LEFT_KINDS,
    LEFT_EACH = 2,
    LEFT_ALL = LEFT_KINDS * LEFT_EACH
};

struct left {
    struct loop l;
    evio_waker *wakers[LEFT_EACH];
    evio_trigger *triggers[LEFT_EACH];
    struct peer peers[LEFT_EACH];
    unsigned seen[LEFT_ALL];
    unsigned count;
};

static void left_post(struct left *t)
{
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        CHECK_OK(evio_wake(t->wakers[i]));
        CHECK_OK(evio_trigger_fire(t->triggers[i], EVIO_READABLE));
        CHECK_OK(evio_again(&t->peers[i].source, EVIO_READABLE));
    }
}

static void left_note(struct left *t, const struct taken *taken)
{
    for (unsigned i = 0; i < taken->n; i++) {
        uint64_t token = taken->events[i].token;

        CHECK_UINT(token, <, LEFT_ALL);
        CHECK_EQ_UINT(taken->events[i].readiness, EVIO_READABLE);
        CHECK_EQ_UINT(taken->events[i].detail, 0);
        t->seen[token]++;
        t->count++;
    }
}

static void left_open(struct left *t, unsigned taken)
{
    struct taken some = {.n = 0};

    memset(t, 0, sizeof(*t));
    loop_open(&t->l, 16);
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        CHECK_OK(evio_waker_new(t->l.registry, LEFT_WAKER * LEFT_EACH + i,
                                &t->wakers[i]));
        CHECK_OK(evio_trigger_new(t->l.registry, &t->triggers[i]));
        CHECK_OK(evio_register(t->l.registry,
                               evio_trigger_source(t->triggers[i]),
                               LEFT_TRIGGER * LEFT_EACH + i, EVIO_READABLE));
        peer_open(&t->l, &t->peers[i], LEFT_AGAIN * LEFT_EACH + i,
                  EVIO_READABLE);
    }
    loop_lasts(&t->l);
    left_post(t);
    CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, LOOP_PATIENCE),
                 LEFT_ALL);
    while (some.n < taken) {
        CHECK(evio_events_next(t->l.events, &some.events[some.n]));
        some.n++;
    }
    left_note(t, &some);
}

static void left_close(struct left *t)
{
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        evio_waker_free(t->wakers[i]);
        evio_trigger_free(t->triggers[i]);
        peer_close(&t->l, &t->peers[i]);
    }
    loop_close(&t->l);
}

static void left_rest(struct left *t, evio_events *events)
{
    struct taken taken;

    while (taken_from(&t->l, events, 0, &taken) > 0) {
        CHECK_UINT(taken.n, <=, evio_events_capacity(events));
        left_note(t, &taken);
    }
}

/* Each came once, and all work as before. */
static void left_check(struct left *t)
{
    for (unsigned i = 0; i < LEFT_ALL; i++)
        CHECK_EQ_UINT(t->seen[i], 1);
    loop_lasts(&t->l);
    left_post(t);
    left_rest(t, t->l.events);
    for (unsigned i = 0; i < LEFT_ALL; i++)
        CHECK_EQ_UINT(t->seen[i], 2);
    loop_lasts(&t->l);
}

static void left_each(void (*body)(struct left *t))
{
    for (unsigned k = 0; k <= LEFT_ALL; k++) {
        struct left t;

        fprintf(stderr, "%u taken\n", k);
        left_open(&t, k);
        body(&t);
        left_close(&t);
    }
}

static void left_same(struct left *t)
{
    left_rest(t, t->l.events);
    left_check(t);
}

TEST(the_same_buffer)
{
    left_each(left_same);
}

static void left_often(struct left *t)
{
    for (int i = 0; i < 5; i++)
        CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, 0),
                     LEFT_ALL - t->count);
    left_rest(t, t->l.events);
    left_check(t);
}

TEST(left_again_and_again)
{
    left_each(left_often);
}

/* Posted once more while they are left: still one event each. */
static void left_posted_twice(struct left *t)
{
    struct taken taken;

    left_post(t);
    memset(t->seen, 0, sizeof(t->seen));
    CHECK_EQ_UINT(taken_wait(&t->l, 0, &taken), LEFT_ALL);
    left_note(t, &taken);
    left_check(t);
}

TEST(posted_again_while_they_are_left)
{
    left_each(left_posted_twice);
}

static void left_pieces(struct left *t)
{
    evio_events *small;
    evio_event event;

    CHECK_OK(evio_events_new(1, &small));
    left_rest(t, small);
    CHECK(!evio_events_next(t->l.events, &event));
    evio_events_free(small);
    left_check(t);
}

TEST(a_smaller_buffer)
{
    left_each(left_pieces);
}

static void left_freed(struct left *t)
{
    evio_events_free(t->l.events);
    CHECK_OK(evio_events_new(4, &t->l.events));
    left_rest(t, t->l.events);
    left_check(t);
}

TEST(the_buffer_is_freed)
{
    left_each(left_freed);
}

static void left_other_poll(struct left *t)
{
    struct loop other;

    loop_open(&other, 1);
    CHECK_EQ_INT(evio_poll_wait(other.poll, t->l.events, 0), 0);
    left_rest(t, t->l.events);
    left_check(t);
    loop_close(&other);
}

TEST(the_buffer_serves_another_poll)
{
    left_each(left_other_poll);
}

/* Each wait takes over what the other buffer still has. */
TEST(two_buffers_take_turns)
{
    struct left t;
    evio_events *other;
    struct taken taken;

    left_open(&t, 0);
    CHECK_OK(evio_events_new(3, &other));
    for (int i = 0; i < 4; i++) {
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, other, 0), 3);
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, 0), LEFT_ALL);
    }
    taken_all(t.l.events, &taken);
    left_note(&t, &taken);
    CHECK_EQ_UINT(taken_all(other, &taken), 0);
    evio_events_free(other);
    left_check(&t);
    left_close(&t);
}

/* Ended while they are in the buffer: not delivered, and the wait lasts. */
static void left_ended(struct left *t)
{
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        evio_waker_free(t->wakers[i]);
        evio_trigger_free(t->triggers[i]);
        loop_remove(&t->l, &t->peers[i].source);
    }
    loop_lasts(&t->l);
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        t->wakers[i] = NULL;
        t->triggers[i] = NULL;
        CHECK_OK(evio_register(t->l.registry, &t->peers[i].source,
                               LEFT_AGAIN * LEFT_EACH + i, EVIO_READABLE));
    }
    loop_lasts(&t->l);
}

TEST(ended_before_the_next_wait)
{
    left_each(left_ended);
}

/* Ended while they are in a buffer that nobody looks into any more. */
TEST(ended_and_the_buffer_is_freed)
{
    struct left t;

    left_open(&t, 1);
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        evio_waker_free(t.wakers[i]);
        evio_trigger_free(t.triggers[i]);
        t.wakers[i] = NULL;
        t.triggers[i] = NULL;
    }
    evio_events_free(t.l.events);
    CHECK_OK(evio_events_new(16, &t.l.events));
    left_rest(&t, t.l.events);
    for (unsigned i = 1; i < LEFT_AGAIN * LEFT_EACH; i++)
        CHECK_UINT(t.seen[i], <=, 1);
    for (unsigned i = LEFT_AGAIN * LEFT_EACH; i < LEFT_ALL; i++)
        CHECK_EQ_UINT(t.seen[i], 1);
    CHECK_EQ_UINT(t.count, 1 + LEFT_EACH);
    left_close(&t);
}

/* The poll goes while its buffer is full of what was posted. */
TEST(the_poll_is_freed_first)
{
    struct left t;
    evio_event event;

    left_open(&t, 1);
    evio_poll_free(t.l.poll);
    (void)evio_events_next(t.l.events, &event);
    evio_events_free(t.l.events);
    for (unsigned i = 0; i < LEFT_EACH; i++) {
        evio_waker_free(t.wakers[i]);
        evio_trigger_free(t.triggers[i]);
        CHECK_OK(evio_source_forget(&t.peers[i].source));
        peer_close_fds(&t.peers[i]);
    }
}
