/* SPDX-License-Identifier: MIT */
/*
 * Whatever a child of fork() does with the poll that it inherited, its parent
 * has its own registrations and events as before, none of the child's, and a
 * wait that sleeps. The child lives on meanwhile, because its descriptors do.
 * What the child has of it is in evio_fork_child.c.
 */
#include "support/check.h"
#include "support/evio_net.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/process.h"
#include "support/spin.h"

enum {
    KIN_SOURCES = 3,
    KIN_MANY = 200,
    KIN_WAKE = 99,
    KIN_LATE = 50,    /* token of what the parent registers afterwards */
    KIN_FOREIGN = 500 /* and the first of the child's */
};

static const uint32_t kin_modes[KIN_SOURCES] = {EVIO_EDGE, EVIO_LEVEL,
                                                EVIO_ONESHOT};

struct kin {
    struct loop l;
    evio_unix_stream streams[KIN_SOURCES]; /* tokens 0, 1, 2 */
    evio_unix_stream peers[KIN_SOURCES];
    evio_waker *waker;
    void (*act)(struct kin *k);
    int word[2]; /* [0] the parent's */
};

static void kin_open(struct kin *k)
{
    loop_open(&k->l, 8);
    for (unsigned i = 0; i < KIN_SOURCES; i++) {
        evio_unix_stream pair[2];

        CHECK_OK(evio_unix_pair(pair));
        k->streams[i] = pair[0];
        k->peers[i] = pair[1];
        net_watch(&k->l, &k->streams[i].source, i,
                  EVIO_READABLE | kin_modes[i]);
    }
    CHECK_OK(evio_waker_new(k->l.registry, KIN_WAKE, &k->waker));
    net_unix_pair(NET_STREAM, k->word);
}

static void kin_close(struct kin *k)
{
    for (unsigned i = 0; i < KIN_SOURCES; i++) {
        CHECK_OK(evio_unix_close(&k->streams[i]));
        CHECK_OK(evio_unix_close(&k->peers[i]));
    }
    evio_waker_free(k->waker);
    loop_close(&k->l);
}

/* Each source has exactly its own event, in its own mode. */
static void kin_events_come(struct kin *k)
{
    char buf[8];

    for (unsigned i = 0; i < KIN_SOURCES; i++) {
        CHECK_EQ_INT(evio_unix_write(&k->peers[i], "x", 1), 1);
        CHECK_EQ_UINT(loop_await(&k->l, i), EVIO_READABLE);
        CHECK_EQ_INT(evio_unix_read(&k->streams[i], buf, sizeof(buf)), 1);
        if (kin_modes[i] == EVIO_ONESHOT)
            CHECK_OK(evio_reregister(k->l.registry, &k->streams[i].source, i,
                                     EVIO_READABLE | kin_modes[i]));
    }
    spin_quiet(&k->l, 20 * CLOCK_MS);
}

/* The slot that the parent takes next is one that the child has taken too. */
static void kin_registration_works(struct kin *k)
{
    evio_source source;
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    loop_add(&k->l, &source, pair[0], KIN_LATE, EVIO_READABLE);
    spin_quiet(&k->l, 5 * CLOCK_MS);
    net_send_all(pair[1], "x", 1);
    CHECK_EQ_UINT(loop_await(&k->l, KIN_LATE), EVIO_READABLE);
    loop_remove(&k->l, &source);
    net_close(pair[0]);
    net_close(pair[1]);
}

static void kin_child(void *arg)
{
    struct kin *k = arg;
    char byte;

    net_close(k->word[0]);
    k->act(k);
    net_send_all(k->word[1], "d", 1);
    CHECK_EQ_INT(net_recv(k->word[1], &byte, 1), 0);
}

static void kin_run(void (*act)(struct kin *k))
{
    struct kin k = {.act = act};
    char byte;
    int child;

    kin_open(&k);
    child = process_fork(kin_child, &k);
    net_close(k.word[1]);
    if (net_recv(k.word[0], &byte, 1) == 1) {
        spin_quiet(&k.l, 30 * CLOCK_MS);
        kin_events_come(&k);
        kin_registration_works(&k);
        CHECK_OK(evio_wake(k.waker));
        CHECK_EQ_UINT(loop_await(&k.l, KIN_WAKE), EVIO_READABLE);
    }
    net_close(k.word[0]);
    process_join(child);
    kin_events_come(&k);
    kin_close(&k);
}

/* Register sources that are ready already. */
static void kin_register(struct kin *k, unsigned count)
{
    static evio_unix_stream own[KIN_MANY][2];

    for (unsigned i = 0; i < count; i++) {
        CHECK_OK(evio_unix_pair(own[i]));
        CHECK_EQ_INT(evio_unix_write(&own[i][1], "x", 1), 1);
        net_watch(&k->l, &own[i][0].source, KIN_FOREIGN + i,
                  EVIO_READABLE | kin_modes[i % KIN_SOURCES]);
    }
}

static void act_nothing(struct kin *k)
{
    (void)k;
}

TEST(a_child_that_does_nothing)
{
    kin_run(act_nothing);
}

static void act_register_one(struct kin *k)
{
    kin_register(k, 1);
}

TEST(a_child_that_registers_a_source)
{
    kin_run(act_register_one);
}

/* More than the parent has slots for. */
static void act_register_many(struct kin *k)
{
    kin_register(k, KIN_MANY);
}

TEST(a_child_that_registers_many_sources)
{
    kin_run(act_register_many);
}

static void act_deregister(struct kin *k)
{
    for (unsigned i = 0; i < KIN_SOURCES; i++)
        loop_remove(&k->l, &k->streams[i].source);
}

TEST(a_child_that_deregisters_what_it_inherited)
{
    kin_run(act_deregister);
}

static void act_deregister_and_register(struct kin *k)
{
    act_deregister(k);
    kin_register(k, KIN_SOURCES);
}

TEST(a_child_that_deregisters_and_registers)
{
    kin_run(act_deregister_and_register);
}

static void act_reregister(struct kin *k)
{
    for (unsigned i = 0; i < KIN_SOURCES; i++)
        CHECK_OK(evio_reregister(k->l.registry, &k->streams[i].source,
                                 KIN_FOREIGN + i, LOOP_RW | EVIO_LEVEL));
}

TEST(a_child_that_reregisters_what_it_inherited)
{
    kin_run(act_reregister);
}

static void act_close(struct kin *k)
{
    for (unsigned i = 0; i < KIN_SOURCES; i++)
        CHECK_OK(evio_unix_close(&k->streams[i]));
}

TEST(a_child_that_closes_what_it_inherited)
{
    kin_run(act_close);
}

static void act_close_and_register(struct kin *k)
{
    act_close(k);
    kin_register(k, KIN_SOURCES);
}

TEST(a_child_that_closes_and_registers)
{
    kin_run(act_close_and_register);
}

static void act_free_in_order(struct kin *k)
{
    act_close(k);
    evio_waker_free(k->waker);
    loop_close(&k->l);
}

TEST(a_child_that_frees_everything)
{
    kin_run(act_free_in_order);
}

static void act_free_poll_first(struct kin *k)
{
    evio_poll_free(k->l.poll);
    act_close(k);
    evio_waker_free(k->waker);
    evio_events_free(k->l.events);
}

TEST(a_child_that_frees_the_poll_first)
{
    kin_run(act_free_poll_first);
}

/* Some before and some after the poll, in the other order. */
static void act_free_mixed(struct kin *k)
{
    evio_waker_free(k->waker);
    CHECK_OK(evio_unix_close(&k->streams[2]));
    evio_events_free(k->l.events);
    evio_poll_free(k->l.poll);
    CHECK_OK(evio_unix_close(&k->streams[1]));
    CHECK_OK(evio_unix_close(&k->streams[0]));
}

TEST(a_child_that_frees_in_any_order)
{
    kin_run(act_free_mixed);
}

/* The typed objects are given up, and their descriptors closed elsewhere. */
static void act_give_up(struct kin *k)
{
    for (unsigned i = 0; i < KIN_SOURCES; i++) {
        libsock_socket sock;

        CHECK_OK(evio_unix_into_socket(&k->streams[i], &sock));
        CHECK_OK(libsock_close(sock));
    }
}

TEST(a_child_that_gives_its_sockets_up)
{
    kin_run(act_give_up);
}

static void act_wake(struct kin *k)
{
    evio_waker *own;

    CHECK_OK(evio_wake(k->waker));
    CHECK_OK(evio_waker_new(k->l.registry, KIN_FOREIGN, &own));
    CHECK_OK(evio_wake(own));
    evio_waker_free(own);
    CHECK_OK(evio_wake(k->waker));
}

TEST(a_child_that_wakes)
{
    kin_run(act_wake);
}

static void act_rearm(struct kin *k)
{
    for (unsigned i = 0; i < KIN_SOURCES; i++) {
        CHECK_OK(evio_rearm(&k->streams[i].source, EVIO_READABLE));
        CHECK_OK(evio_again(&k->streams[i].source, EVIO_READABLE));
    }
}

TEST(a_child_that_rearms)
{
    kin_run(act_rearm);
}

static void act_wait(struct kin *k)
{
    kin_register(k, KIN_SOURCES);
    for (int i = 0; i < 20; i++) {
        evio_event event;

        CHECK_OK(evio_poll_wait(k->l.poll, k->l.events, CLOCK_MS));
        while (evio_events_next(k->l.events, &event))
            CHECK_UINT(event.token, >=, KIN_FOREIGN);
    }
}

TEST(a_child_that_waits)
{
    kin_run(act_wait);
}

static void act_after_fork(struct kin *k)
{
    CHECK_OK(evio_poll_after_fork(k->l.poll));
    kin_register(k, KIN_MANY);
    CHECK_OK(evio_wake(k->waker));
    act_free_in_order(k);
}

TEST(a_child_that_calls_after_fork)
{
    kin_run(act_after_fork);
}

static void kin_grandchild(void *arg)
{
    struct kin *k = arg;

    act_free_poll_first(k);
}

static void act_fork(struct kin *k)
{
    kin_register(k, KIN_SOURCES);
    process_run(kin_grandchild, k);
    act_wait(k);
}

TEST(a_child_with_a_child)
{
    kin_run(act_fork);
}
