/* SPDX-License-Identifier: MIT */
/*
 * Promise: the descriptor of a poll is readable while a wait would find
 * something, what no descriptor brings included, and not when it would find
 * nothing; so a poll can be nested in another loop.
 */
#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"
#include "support/thread.h"

struct nested {
    struct loop l;
    struct peer p;
    evio_waker *waker;
    evio_trigger *trigger;
    int raw;
};

static void nested_need_descriptor(void)
{
    struct loop l;
    libsock_raw raw = 4711;
    int r;

    loop_open(&l, 1);
    r = evio_poll_raw(l.poll, &raw);
    if (r < 0) {
        CHECK_KIND(r, UNSUPPORTED);
        CHECK_EQ_INT(raw, 4711);
        CHECK_KIND(evio_registry_raw(l.registry, &raw), UNSUPPORTED);
        CHECK_EQ_INT(raw, 4711);
    }
    loop_close(&l);
    if (r < 0)
        SKIP("this selector has no descriptor");
}

static void nested_ask(struct nested *t)
{
    libsock_raw raw;

    CHECK_OK(evio_poll_raw(t->l.poll, &raw));
    t->raw = (int)raw;
}

/* Everything that can be ready, and nothing is. */
static void nested_open(struct nested *t, size_t capacity)
{
    nested_need_descriptor();
    loop_open(&t->l, capacity);
    peer_open(&t->l, &t->p, 1, EVIO_READABLE);
    CHECK_OK(evio_waker_new(t->l.registry, 2, &t->waker));
    CHECK_OK(evio_trigger_new(t->l.registry, &t->trigger));
    CHECK_OK(evio_register(t->l.registry, evio_trigger_source(t->trigger), 3,
                           EVIO_READABLE));
}

static void nested_close(struct nested *t)
{
    evio_waker_free(t->waker);
    evio_trigger_free(t->trigger);
    peer_close(&t->l, &t->p);
    loop_close(&t->l);
}

static void nested_post_waker(struct nested *t)
{
    CHECK_OK(evio_wake(t->waker));
}

static void nested_post_trigger(struct nested *t)
{
    CHECK_OK(evio_trigger_fire(t->trigger, EVIO_READABLE));
}

static void nested_post_again(struct nested *t)
{
    CHECK_OK(evio_again(&t->p.source, EVIO_READABLE));
}

static void nested_post_data(struct nested *t)
{
    peer_send(&t->p, 1);
}

static void (*const nested_posts[])(struct nested *t) = {
    nested_post_data, nested_post_waker, nested_post_trigger,
    nested_post_again};

enum {
    NESTED_POSTS = 4
};

static bool nested_is_readable(struct nested *t)
{
    return net_wait_readable(t->raw, 0);
}

/* Until nothing is left, and the descriptor is not readable. */
static unsigned nested_drain(struct nested *t)
{
    struct taken taken;
    unsigned n = 0;

    while (taken_wait(&t->l, 0, &taken) > 0)
        n += taken.n;
    CHECK(!nested_is_readable(t));
    return n;
}

TEST(the_same_descriptor_from_both)
{
    struct nested t;
    libsock_raw raw;

    nested_open(&t, 4);
    nested_ask(&t);
    CHECK_OK(evio_registry_raw(t.l.registry, &raw));
    CHECK_EQ_INT(raw, t.raw);
    CHECK_OK(evio_poll_raw(t.l.poll, &raw));
    CHECK_EQ_INT(raw, t.raw);
    CHECK(!nested_is_readable(&t));
    nested_close(&t);
}

TEST(readable_for_each_kind)
{
    for (int i = 0; i < NESTED_POSTS; i++) {
        struct nested t;

        nested_open(&t, 4);
        nested_ask(&t);
        for (int round = 0; round < 20; round++) {
            CHECK(!nested_is_readable(&t));
            nested_posts[i](&t);
            CHECK(nested_is_readable(&t));
            CHECK(nested_is_readable(&t));
            CHECK_EQ_UINT(nested_drain(&t), 1);
        }
        nested_close(&t);
    }
}

/* The descriptor is requested when something is ready already. */
TEST(readable_for_what_was_there_before)
{
    for (int i = 0; i < NESTED_POSTS; i++) {
        struct nested t;

        nested_open(&t, 4);
        nested_posts[i](&t);
        nested_ask(&t);
        CHECK(nested_is_readable(&t));
        CHECK_EQ_UINT(nested_drain(&t), 1);
        nested_close(&t);
    }
}

/* By way of the registry alone. */
TEST(the_registry_arms_it_too)
{
    for (int i = 0; i < NESTED_POSTS; i++) {
        struct nested t;
        libsock_raw raw;

        nested_open(&t, 4);
        CHECK_OK(evio_registry_raw(t.l.registry, &raw));
        t.raw = (int)raw;
        nested_posts[i](&t);
        CHECK(nested_is_readable(&t));
        CHECK_EQ_UINT(nested_drain(&t), 1);
        nested_close(&t);
    }
}

/* All of them, one at a time: readable for as long as one is left. */
TEST(readable_while_some_are_left)
{
    struct nested t;
    struct taken taken;

    nested_open(&t, 1);
    nested_ask(&t);
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < NESTED_POSTS; i++)
            nested_posts[i](&t);
        /* Data and again are of one source, and may be one event. */
        for (int got = 0; nested_is_readable(&t); got++) {
            CHECK_INT(got, <, NESTED_POSTS);
            CHECK_EQ_UINT(taken_wait(&t.l, 0, &taken), 1);
        }
        CHECK_EQ_INT(evio_poll_wait(t.l.poll, t.l.events, 0), 0);
    }
    nested_close(&t);
}

/* Several of one kind do not fit into one wait. */
TEST(readable_while_wakes_are_left)
{
    struct nested t;
    evio_waker *wakers[5];
    struct taken taken;

    nested_open(&t, 2);
    nested_ask(&t);
    for (unsigned i = 0; i < 5; i++) {
        CHECK_OK(evio_waker_new(t.l.registry, 10 + i, &wakers[i]));
        CHECK_OK(evio_wake(wakers[i]));
    }
    for (unsigned got = 0; got < 5; got += taken.n) {
        CHECK(nested_is_readable(&t));
        CHECK_UINT(taken_wait(&t.l, 0, &taken), >, 0);
    }
    /* It may take one more wait to see that none is left. */
    CHECK_EQ_UINT(nested_drain(&t), 0);
    for (unsigned i = 0; i < 5; i++)
        evio_waker_free(wakers[i]);
    nested_close(&t);
}

/* A level that stays makes it readable until it is cleared. */
TEST(readable_while_a_level_lasts)
{
    struct nested t;
    struct taken taken;

    nested_open(&t, 4);
    nested_ask(&t);
    CHECK_OK(evio_reregister(t.l.registry, evio_trigger_source(t.trigger), 3,
                             EVIO_READABLE | EVIO_LEVEL));
    nested_post_trigger(&t);
    for (int i = 0; i < 5; i++) {
        CHECK(nested_is_readable(&t));
        CHECK_EQ_UINT(taken_wait(&t.l, 0, &taken), 1);
    }
    CHECK_OK(evio_trigger_clear(t.trigger, EVIO_READABLE));
    CHECK_EQ_UINT(nested_drain(&t), 0);
    nested_close(&t);
}

/* Not for what has ended; a wait that finds nothing may be needed to see. */
TEST(not_readable_for_what_has_ended)
{
    struct nested t;

    nested_open(&t, 4);
    nested_ask(&t);
    nested_post_waker(&t);
    evio_waker_free(t.waker);
    t.waker = NULL;
    CHECK_EQ_UINT(nested_drain(&t), 0);
    nested_post_trigger(&t);
    loop_remove(&t.l, evio_trigger_source(t.trigger));
    CHECK_EQ_UINT(nested_drain(&t), 0);
    nested_close(&t);
}

/* Waits of its own, between: they find the same. */
TEST(a_poll_with_a_descriptor_waits_as_ever)
{
    struct nested t;

    nested_open(&t, 4);
    nested_ask(&t);
    for (int i = 0; i < 20; i++) {
        nested_post_waker(&t);
        CHECK_EQ_UINT(loop_wait(&t.l, 2, EVIO_FOREVER), EVIO_READABLE);
        loop_lasts(&t.l);
    }
    CHECK_UINT(loop_stats(&t.l).empty, <=, 20);
    nested_close(&t);
}

static void nested_wake(void *arg)
{
    nested_post_waker(arg);
}

/* The outer loop sleeps, and another thread posts. */
static void nested_in(uint32_t mode)
{
    struct nested t;
    struct loop outer;
    evio_source source;

    nested_open(&t, 1);
    nested_ask(&t);
    loop_open(&outer, 4);
    loop_add(&outer, &source, t.raw, 50, EVIO_READABLE | mode);
    loop_lasts(&outer);
    for (int round = 0; round < 50; round++) {
        thread *other = thread_start(nested_wake, &t);

        CHECK_EQ_UINT(loop_await(&outer, 50), EVIO_READABLE);
        CHECK_EQ_UINT(loop_wait(&t.l, 2, 0), EVIO_READABLE);
        thread_join(other);
        CHECK_EQ_UINT(nested_drain(&t), 0);
        CHECK_OK(evio_rearm(&source, EVIO_READABLE));
        nested_post_data(&t);
        CHECK_EQ_UINT(loop_await(&outer, 50), EVIO_READABLE);
        CHECK_EQ_UINT(nested_drain(&t), 1);
        CHECK_OK(evio_rearm(&source, EVIO_READABLE));
        loop_lasts(&outer);
    }
    loop_remove(&outer, &source);
    loop_close(&outer);
    nested_close(&t);
}

TEST(in_another_loop)
{
    nested_in(EVIO_LEVEL);
}

/* Edge: reported again each time, when the inner loop was drained. */
TEST(in_another_loop_on_edge)
{
    nested_in(EVIO_EDGE);
}

TEST(bad_input)
{
    struct loop l;
    libsock_raw raw = 4711;

    loop_open(&l, 1);
    CHECK_KIND(evio_poll_raw(NULL, &raw), INVALID_INPUT);
    CHECK_KIND(evio_poll_raw(l.poll, NULL), INVALID_INPUT);
    CHECK_KIND(evio_registry_raw(NULL, &raw), INVALID_INPUT);
    CHECK_KIND(evio_registry_raw(l.registry, NULL), INVALID_INPUT);
    CHECK_EQ_INT(raw, 4711);
    loop_close(&l);
}

TEST(the_registry_of_a_freed_poll)
{
    struct loop l;
    evio_registry *registry;
    libsock_raw raw = 4711;
    int r;

    loop_open(&l, 1);
    registry = evio_registry_ref(l.registry);
    loop_close(&l);
    r = evio_registry_raw(registry, &raw);
    CHECK_KIND(r, BAD_DESCRIPTOR);
    CHECK_EQ_INT(raw, 4711);
    CHECK_KIND(evio_registry_raw(registry, NULL), INVALID_INPUT);
    evio_registry_unref(registry);
}

TEST(the_poll_selector_has_none)
{
    struct loop l;
    libsock_raw raw = 4711;

    loop_open(&l, 1);
    if (!loop_is(&l, EVIO_SELECTOR_POLL)) {
        loop_close(&l);
        SKIP("about the poll selector");
    }
    CHECK_KIND(evio_poll_raw(l.poll, &raw), UNSUPPORTED);
    CHECK_KIND(evio_registry_raw(l.registry, &raw), UNSUPPORTED);
    CHECK_EQ_INT(raw, 4711);
    loop_close(&l);
}
