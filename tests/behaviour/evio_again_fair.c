/* SPDX-License-Identifier: MIT */
/*
 * Promise: a read budget by evio_again() is fair, and neither what is posted
 * nor what the selector reports keeps the other waiting for ever, however small
 * the buffer. What evio_again() does to one source is in evio_again.c.
 */
#include <string.h>

#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/taken.h"

/* One read of a budget; whether it was used up. */
static bool fair_read(struct peer *p, size_t budget)
{
    char buf[64];
    ptrdiff_t n = net_recv(p->fd[0], buf, budget);

    CHECK(n > 0 || libsock_kind(n) == LIBSOCK_KIND_WOULD_BLOCK);
    if (n == (ptrdiff_t)budget) {
        CHECK_OK(evio_again(&p->source, EVIO_READABLE));
        return true;
    }
    CHECK_OK(evio_rearm(&p->source, EVIO_READABLE));
    return false;
}

enum {
    FAIR_PEERS = 5,
    FAIR_BYTES = 40,
    FAIR_BUDGET = 4,
    FAIR_READS = FAIR_BYTES / FAIR_BUDGET
};

struct fair_crowd {
    struct loop l;
    struct peer peers[FAIR_PEERS];
    unsigned reads[FAIR_PEERS];
    unsigned finished;
};

static void fair_crowd_open(struct fair_crowd *c, size_t capacity)
{
    memset(c, 0, sizeof(*c));
    loop_open(&c->l, capacity);
    for (unsigned i = 0; i < FAIR_PEERS; i++) {
        peer_open(&c->l, &c->peers[i], i, EVIO_READABLE);
        peer_send(&c->peers[i], FAIR_BYTES);
    }
}

static void fair_crowd_close(struct fair_crowd *c)
{
    for (unsigned i = 0; i < FAIR_PEERS; i++)
        peer_close(&c->l, &c->peers[i]);
    loop_close(&c->l);
}

/* Nobody is ahead of another by more than `slack` budgets. */
static void fair_crowd_check(const struct fair_crowd *c, unsigned slack)
{
    unsigned least = FAIR_READS;
    unsigned most = 0;

    for (unsigned i = 0; i < FAIR_PEERS; i++) {
        least = c->reads[i] < least ? c->reads[i] : least;
        most = c->reads[i] > most ? c->reads[i] : most;
    }
    CHECK_UINT(most, <=, least + slack);
}

static void fair_crowd_wait(struct fair_crowd *c)
{
    struct taken taken;

    CHECK_UINT(taken_wait(&c->l, LOOP_PATIENCE, &taken), >, 0);
    for (unsigned i = 0; i < taken.n; i++) {
        uint64_t token = taken.events[i].token;

        CHECK_UINT(token, <, FAIR_PEERS);
        if (!fair_read(&c->peers[token], FAIR_BUDGET))
            c->finished++;
        else
            c->reads[token]++;
    }
}

static void fair_run(size_t capacity, unsigned slack)
{
    struct fair_crowd c;

    fair_crowd_open(&c, capacity);
    while (c.finished < FAIR_PEERS) {
        fair_crowd_wait(&c);
        fair_crowd_check(&c, slack);
    }
    for (unsigned i = 0; i < FAIR_PEERS; i++)
        CHECK_EQ_UINT(c.reads[i], FAIR_READS);
    loop_lasts(&c.l);
    fair_crowd_close(&c);
}

TEST(budgets_are_fair)
{
    fair_run(FAIR_PEERS, 1);
    fair_run(64, 1);
}

TEST(budgets_are_fair_with_little_capacity)
{
    fair_run(1, FAIR_PEERS);
    fair_run(2, FAIR_PEERS);
    fair_run(3, FAIR_PEERS);
}

/* What is posted again and again must not keep the selector from being polled,
 * however small the buffer. */
static void fair_starves_nobody(size_t capacity, unsigned greedy)
{
    struct fair_crowd c;
    struct taken taken;
    bool seen = false;

    fair_crowd_open(&c, capacity);
    for (unsigned i = 0; i < FAIR_PEERS; i++)
        net_drain(c.peers[i].fd[0]);
    for (unsigned i = 0; i < FAIR_PEERS; i++)
        CHECK_OK(evio_reregister(c.l.registry, &c.peers[i].source, i,
                                 EVIO_READABLE));
    for (unsigned i = 0; i < greedy; i++)
        CHECK_OK(evio_again(&c.peers[i].source, EVIO_READABLE));
    peer_send(&c.peers[FAIR_PEERS - 1], 1);
    for (int round = 0; round < 100 && !seen; round++) {
        CHECK_UINT(taken_wait(&c.l, LOOP_PATIENCE, &taken), >, 0);
        for (unsigned i = 0; i < taken.n; i++) {
            uint64_t token = taken.events[i].token;

            seen = seen || token == FAIR_PEERS - 1;
            if (token < greedy)
                CHECK_OK(evio_again(&c.peers[token].source, EVIO_READABLE));
        }
    }
    CHECK(seen);
    fair_crowd_close(&c);
}

TEST(what_is_posted_does_not_starve_descriptors)
{
    fair_starves_nobody(1, 1);
    fair_starves_nobody(1, 3);
    fair_starves_nobody(2, 2);
    fair_starves_nobody(2, 4);
}

/* The other way round: ready descriptors that fill every buffer. */
TEST(descriptors_do_not_starve_what_is_posted)
{
    struct fair_crowd c;
    struct taken taken;
    bool seen = false;

    fair_crowd_open(&c, 1);
    for (unsigned i = 1; i < FAIR_PEERS; i++)
        CHECK_OK(evio_reregister(c.l.registry, &c.peers[i].source, i,
                                 EVIO_READABLE | EVIO_LEVEL));
    net_drain(c.peers[0].fd[0]);
    CHECK_OK(
        evio_reregister(c.l.registry, &c.peers[0].source, 0, EVIO_READABLE));
    for (int round = 0; round < 20; round++)
        CHECK_UINT(taken_wait(&c.l, LOOP_PATIENCE, &taken), ==, 1);
    CHECK_OK(evio_again(&c.peers[0].source, EVIO_READABLE));
    for (int round = 0; round < 100 && !seen; round++) {
        CHECK_UINT(taken_wait(&c.l, LOOP_PATIENCE, &taken), ==, 1);
        seen = taken.events[0].token == 0;
    }
    CHECK(seen);
    fair_crowd_close(&c);
}
