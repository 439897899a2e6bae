/* SPDX-License-Identifier: MIT */
/*
 * A child of fork() that goes on with the poll that it inherited: it has the
 * same registrations and wakers, on a selector of its own, from its first wait
 * or registration on, or from evio_poll_after_fork(). What its parent has of it
 * is in evio_fork_parent.c.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/spin.h"
#include "support/thread.h"

enum {
    HEIR_WAKE = 99,
    HEIR_MANY = 100
};

struct heir {
    struct loop l;
    evio_source source; /* token 1: fd[0] */
    evio_waker *waker;
    int fd[2];
    int word[2];
    bool explicitly; /* the child calls evio_poll_after_fork() */
};

static void heir_open(struct heir *h, enum channel kind, uint32_t interest)
{
    loop_open(&h->l, 8);
    channel_open(kind, h->fd);
    loop_add(&h->l, &h->source, h->fd[0], 1, interest);
    CHECK_OK(evio_waker_new(h->l.registry, HEIR_WAKE, &h->waker));
    net_unix_pair(NET_STREAM, h->word);
}

static void heir_close(struct heir *h)
{
    loop_remove(&h->l, &h->source);
    evio_waker_free(h->waker);
    channel_close(h->fd);
    channel_close(h->word);
    loop_close(&h->l);
}

static void heir_begin(struct heir *h)
{
    if (h->explicitly)
        CHECK_OK(evio_poll_after_fork(h->l.poll));
}

/* Both ways to a selector of its own. */
static void heir_run(struct heir *h, void (*child)(void *arg))
{
    h->explicitly = false;
    process_run(child, h);
    h->explicitly = true;
    process_run(child, h);
}

typedef void heir_body(enum channel kind, uint32_t mode);

static void heir_each(heir_body *body)
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_LEVEL, EVIO_ONESHOT};

    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        for (unsigned i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
            body(kind, modes[i]);
    }
}

/* The child does not read: the bytes are its parent's, too. */
static void child_has_the_event(void *arg)
{
    struct heir *h = arg;

    heir_begin(h);
    CHECK_EQ_UINT(loop_await(&h->l, 1), EVIO_READABLE);
}

static void heir_ready_at_fork(enum channel kind, uint32_t mode)
{
    struct heir h;

    heir_open(&h, kind, EVIO_READABLE | mode);
    net_send_all(h.fd[1], "x", 1);
    CHECK(net_wait_readable(h.fd[0], 10000));
    heir_run(&h, child_has_the_event);
    CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
    heir_close(&h);
}

TEST(what_is_ready_is_reported_to_both)
{
    heir_each(heir_ready_at_fork);
}

/* Ready only after the child's first wait has begun to be the child's. */
static void child_waits_first(void *arg)
{
    struct heir *h = arg;

    heir_begin(h);
    spin_quiet(&h->l, CLOCK_MS);
    net_send_all(h->word[1], "w", 1);
    CHECK_EQ_UINT(loop_await(&h->l, 1), EVIO_READABLE);
}

static void heir_ready_later(enum channel kind, uint32_t mode)
{
    struct heir h;
    char byte;

    heir_open(&h, kind, EVIO_READABLE | mode);
    for (int i = 0; i < 2; i++) {
        int child;

        h.explicitly = i == 1;
        child = process_fork(child_waits_first, &h);
        net_recv_all(h.word[0], &byte, 1);
        net_send_all(h.fd[1], "x", 1);
        process_join(child);
        CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
        net_recv_all(h.fd[0], &byte, 1);
        CHECK_OK(
            evio_reregister(h.l.registry, &h.source, 1, EVIO_READABLE | mode));
    }
    heir_close(&h);
}

TEST(what_becomes_ready_is_reported_to_both)
{
    heir_each(heir_ready_later);
}

/* The parent has had the event, and has not read. */
TEST(an_edge_that_was_reported_is_reported_to_the_child)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        struct heir h;

        heir_open(&h, kind, EVIO_READABLE);
        net_send_all(h.fd[1], "x", 1);
        CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
        heir_run(&h, child_has_the_event);
        spin_quiet(&h.l, LOOP_QUIET);
        heir_close(&h);
    }
}

static void child_of_a_spent_oneshot(void *arg)
{
    struct heir *h = arg;

    heir_begin(h);
    spin_quiet(&h->l, LOOP_QUIET);
    CHECK_OK(evio_reregister(h->l.registry, &h->source, 2,
                             (uint32_t)EVIO_READABLE | EVIO_ONESHOT));
    CHECK_EQ_UINT(loop_await(&h->l, 2), EVIO_READABLE);
}

TEST(a_oneshot_that_was_reported_stays_disarmed)
{
    for (enum channel kind = 0; kind < CHANNELS; kind++) {
        struct heir h;

        heir_open(&h, kind, (uint32_t)EVIO_READABLE | EVIO_ONESHOT);
        net_send_all(h.fd[1], "x", 1);
        CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
        heir_run(&h, child_of_a_spent_oneshot);
        spin_quiet(&h.l, LOOP_QUIET);
        heir_close(&h);
    }
}

/* A registration of the child's own is the first call, and then the first wait
 * has both. */
static void child_registers_first(void *arg)
{
    struct heir *h = arg;
    evio_source own;
    int pair[2];
    unsigned seen = 0;
    evio_event event;

    heir_begin(h);
    net_unix_pair(NET_STREAM, pair);
    net_send_all(pair[1], "x", 1);
    loop_add(&h->l, &own, pair[0], 2, EVIO_READABLE);
    while (seen != 3) {
        CHECK_INT(evio_poll_wait(h->l.poll, h->l.events, LOOP_PATIENCE), >, 0);
        while (evio_events_next(h->l.events, &event)) {
            CHECK(event.token == 1 || event.token == 2);
            seen |= (unsigned)event.token;
        }
    }
    loop_remove(&h->l, &own);
    loop_remove(&h->l, &h->source);
    spin_quiet(&h->l, LOOP_QUIET);
    evio_waker_free(h->waker);
    loop_close(&h->l);
}

static void heir_registers(enum channel kind, uint32_t mode)
{
    struct heir h;

    heir_open(&h, kind, EVIO_READABLE | mode);
    net_send_all(h.fd[1], "x", 1);
    heir_run(&h, child_registers_first);
    CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
    heir_close(&h);
}

TEST(the_first_call_is_a_registration)
{
    heir_each(heir_registers);
}

/* Closed or deregistered by the child before its first wait: silent. */
static void child_closes_first(void *arg)
{
    struct heir *h = arg;

    net_close(h->fd[0]);
    heir_begin(h);
    spin_quiet(&h->l, LOOP_QUIET);
    CHECK_OK(evio_wake(h->waker));
    CHECK_EQ_UINT(loop_await(&h->l, HEIR_WAKE), EVIO_READABLE);
}

static void child_deregisters_first(void *arg)
{
    struct heir *h = arg;

    loop_remove(&h->l, &h->source);
    heir_begin(h);
    spin_quiet(&h->l, LOOP_QUIET);
    CHECK_OK(evio_register(h->l.registry, &h->source, 2, EVIO_READABLE));
    CHECK_EQ_UINT(loop_await(&h->l, 2), EVIO_READABLE);
}

static void heir_ends_first(enum channel kind, uint32_t mode)
{
    struct heir h;

    heir_open(&h, kind, EVIO_READABLE | mode);
    net_send_all(h.fd[1], "x", 1);
    heir_run(&h, child_closes_first);
    heir_run(&h, child_deregisters_first);
    CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
    heir_close(&h);
}

TEST(what_the_child_ended_first_is_silent)
{
    heir_each(heir_ends_first);
}

static void heir_wake(void *arg)
{
    struct heir *h = arg;

    CHECK_OK(evio_wake(h->waker));
}

/* The inherited waker is the child's own: it works, also from a thread, and
 * reaches nobody else. */
static void child_wakes(void *arg)
{
    struct heir *h = arg;
    evio_waker *own;

    heir_begin(h);
    heir_wake(h);
    CHECK_EQ_UINT(loop_await(&h->l, HEIR_WAKE), EVIO_READABLE);
    spin_quiet(&h->l, LOOP_QUIET);
    for (int i = 0; i < 20; i++) {
        thread *t = thread_start(heir_wake, h);

        CHECK_EQ_UINT(loop_await(&h->l, HEIR_WAKE), EVIO_READABLE);
        thread_join(t);
    }
    CHECK_OK(evio_waker_new(h->l.registry, 3, &own));
    CHECK_OK(evio_wake(own));
    CHECK_EQ_UINT(loop_await(&h->l, 3), EVIO_READABLE);
    evio_waker_free(own);
}

TEST(wakers_are_the_childs_own)
{
    struct heir h;

    heir_open(&h, CHANNEL_UNIX, EVIO_READABLE);
    heir_run(&h, child_wakes);
    spin_quiet(&h.l, LOOP_QUIET);
    heir_wake(&h);
    CHECK_EQ_UINT(loop_await(&h.l, HEIR_WAKE), EVIO_READABLE);
    heir_close(&h);
}

static void grandchild_again(void *arg)
{
    struct heir *h = arg;

    CHECK_OK(evio_poll_after_fork(h->l.poll));
    CHECK_OK(evio_poll_after_fork(h->l.poll));
    CHECK_EQ_UINT(loop_await(&h->l, 1), EVIO_READABLE);
}

static void child_again(void *arg)
{
    struct heir *h = arg;
    struct loop own;

    CHECK_OK(evio_poll_after_fork(h->l.poll));
    CHECK_OK(evio_poll_after_fork(h->l.poll));
    CHECK_EQ_UINT(loop_await(&h->l, 1), EVIO_READABLE);
    loop_open(&own, 1);
    CHECK_KIND(evio_poll_after_fork(own.poll), INVALID_INPUT);
    loop_close(&own);
    process_run(grandchild_again, h);
}

TEST(after_fork_is_for_children)
{
    struct heir h;

    heir_open(&h, CHANNEL_UNIX, (uint32_t)EVIO_READABLE | EVIO_LEVEL);
    CHECK_KIND(evio_poll_after_fork(NULL), INVALID_INPUT);
    CHECK_KIND(evio_poll_after_fork(h.l.poll), INVALID_INPUT);
    net_send_all(h.fd[1], "x", 1);
    process_run(child_again, &h);
    CHECK_KIND(evio_poll_after_fork(h.l.poll), INVALID_INPUT);
    CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
    heir_close(&h);
}

/* Nested in another loop, the child's descriptor shows the child's events. */
static void child_nests(void *arg)
{
    struct heir *h = arg;
    libsock_raw raw;

    CHECK_OK(evio_poll_after_fork(h->l.poll));
    CHECK_OK(evio_poll_raw(h->l.poll, &raw));
    CHECK(!net_wait_readable((int)raw, 0));
    CHECK_OK(evio_wake(h->waker));
    CHECK(net_wait_readable((int)raw, 10000));
    CHECK_EQ_UINT(loop_await(&h->l, HEIR_WAKE), EVIO_READABLE);
    CHECK(!net_wait_readable((int)raw, 0));
    net_send_all(h->fd[1], "x", 1);
    CHECK(net_wait_readable((int)raw, 10000));
    CHECK_EQ_UINT(loop_await(&h->l, 1), EVIO_READABLE);
}

TEST(the_descriptor_of_the_childs_selector)
{
    struct heir h;
    libsock_raw raw;

    heir_open(&h, CHANNEL_UNIX, EVIO_READABLE);
    if (evio_poll_raw(h.l.poll, &raw) < 0)
        SKIP("this selector has no descriptor");
    process_run(child_nests, &h);
    CHECK_EQ_UINT(loop_await(&h.l, 1), EVIO_READABLE);
    heir_close(&h);
}

struct heirs {
    struct loop l;
    evio_source sources[HEIR_MANY];
    int fd[HEIR_MANY][2];
};

static void child_of_many(void *arg)
{
    struct heirs *h = arg;
    bool seen[HEIR_MANY] = {false};
    unsigned count = 0;
    evio_event event;

    while (count < HEIR_MANY / 2) {
        CHECK_INT(evio_poll_wait(h->l.poll, h->l.events, LOOP_PATIENCE), >, 0);
        while (evio_events_next(h->l.events, &event)) {
            CHECK(event.token % 2 == 0 && event.token < HEIR_MANY);
            CHECK(!seen[event.token]);
            seen[event.token] = true;
            count++;
        }
    }
    spin_quiet(&h->l, LOOP_QUIET);
}

/* More registrations than fit into the buffer, each reported once. */
TEST(many_registrations)
{
    struct heirs h;

    loop_open(&h.l, 7);
    for (unsigned i = 0; i < HEIR_MANY; i++) {
        channel_open(i % CHANNELS, h.fd[i]);
        loop_add(&h.l, &h.sources[i], h.fd[i][0], i, EVIO_READABLE);
        if (i % 2 == 0)
            net_send_all(h.fd[i][1], "x", 1);
    }
    for (int i = 0; i < 3; i++)
        process_run(child_of_many, &h);
    child_of_many(&h);
    for (unsigned i = 0; i < HEIR_MANY; i++) {
        loop_remove(&h.l, &h.sources[i]);
        channel_close(h.fd[i]);
    }
    loop_close(&h.l);
}
