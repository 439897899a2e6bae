/* SPDX-License-Identifier: MIT */
/*
 * A random sequence of calls against a model: what must be reported, what must
 * never be. The seed is printed; EVIO_SEED=n repeats a run. Unix stream pairs,
 * whose readiness is exact and at once; one thread.
 *
 * The model knows for each direction whether it is ready, and whether the
 * registration owes an event for it ("owed": one must come) or may give one
 * ("free": a spurious one is legal, as epoll repeats what is ready when
 * anything happens). Anything else must be silent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/loop.h"
#include "support/net.h"

enum {
    PEERS = 12,
    DIRECTIONS = 2, /* readable, writable */
    R = 0,
    W = 1
};

static const uint32_t model_bits[DIRECTIONS] = {EVIO_READABLE, EVIO_WRITABLE};

struct model_peer {
    evio_source source;
    int pair[2];
    bool registered;
    uint32_t interest;
    uint64_t token;
    bool ready[DIRECTIONS];
    bool owed[DIRECTIONS]; /* must be in the next events */
    bool may[DIRECTIONS];  /* may be in them */
    bool spent;            /* a oneshot that fired */
};

struct model {
    struct loop l;
    struct model_peer peers[PEERS];
    uint64_t state;
    uint64_t next_token;
    unsigned events;
    unsigned steps;
};

static uint32_t model_random(struct model *m, uint32_t below)
{
    m->state ^= m->state << 13;
    m->state ^= m->state >> 7;
    m->state ^= m->state << 17;
    return (uint32_t)(m->state >> 33) % below;
}

static bool model_wants(const struct model_peer *p, int d)
{
    return p->registered && !p->spent && (p->interest & model_bits[d]) != 0;
}

/* A registration looks anew: what is ready now is owed. */
static void model_arm(struct model_peer *p, uint32_t interest, uint64_t token)
{
    p->registered = true;
    p->spent = false;
    p->interest = interest;
    p->token = token;
    for (int d = 0; d < DIRECTIONS; d++) {
        p->owed[d] = (interest & model_bits[d]) != 0 && p->ready[d];
        p->may[d] = p->owed[d];
    }
}

/* Something happened at the descriptor: epoll may repeat what is ready. */
static void model_touch(struct model_peer *p)
{
    for (int d = 0; d < DIRECTIONS; d++)
        p->may[d] = model_wants(p, d) && p->ready[d];
}

static uint32_t model_interest(struct model *m)
{
    static const uint32_t modes[] = {EVIO_EDGE, EVIO_EDGE, EVIO_LEVEL,
                                     EVIO_ONESHOT};

    return (model_random(m, 3) == 0   ? (uint32_t)EVIO_READABLE
            : model_random(m, 2) == 0 ? (uint32_t)EVIO_WRITABLE
                                      : LOOP_RW) |
           modes[model_random(m, 4)];
}

static void step_register(struct model *m, struct model_peer *p)
{
    uint32_t interest = model_interest(m);
    uint64_t token = m->next_token++;
    int r = evio_register(m->l.registry, &p->source, token, interest);

    if (p->registered) {
        CHECK_KIND(r, ALREADY_EXISTS);
        return;
    }
    CHECK_OK(r);
    model_arm(p, interest, token);
}

static void step_reregister(struct model *m, struct model_peer *p)
{
    uint32_t interest = model_interest(m);
    uint64_t token = m->next_token++;
    int r = evio_reregister(m->l.registry, &p->source, token, interest);

    if (!p->registered) {
        CHECK_KIND(r, NOT_FOUND);
        return;
    }
    CHECK_OK(r);
    model_arm(p, interest, token);
}

static void step_deregister(struct model *m, struct model_peer *p)
{
    int r = evio_deregister(m->l.registry, &p->source);

    if (!p->registered) {
        CHECK_KIND(r, NOT_FOUND);
        return;
    }
    CHECK_OK(r);
    p->registered = false;
    memset(p->owed, 0, sizeof(p->owed));
    memset(p->may, 0, sizeof(p->may));
}

/* The direction becomes ready: owed, unless it was silenced and its turn has
 * not ended, which ready[] true before tells. */
static void model_becomes_ready(struct model_peer *p, int d)
{
    if (!p->ready[d] && model_wants(p, d))
        p->owed[d] = true;
    p->ready[d] = true;
    model_touch(p);
}

static void step_peer_sends(struct model *m, struct model_peer *p)
{
    (void)m;
    if (!p->ready[R])
        net_send_all(p->pair[1], "x", 1);
    model_becomes_ready(p, R);
}

static void step_peer_drains(struct model *m, struct model_peer *p)
{
    (void)m;
    net_drain(p->pair[1]);
    model_becomes_ready(p, W);
}

/* Used up to would-block, and said so. */
static void model_used_up(struct model_peer *p, int d)
{
    p->ready[d] = false;
    p->owed[d] = false;
    model_touch(p);
    if (p->registered)
        CHECK_OK(evio_rearm(&p->source, model_bits[d]));
    else
        CHECK_KIND(evio_rearm(&p->source, model_bits[d]), NOT_FOUND);
}

static void step_reads(struct model *m, struct model_peer *p)
{
    (void)m;
    net_drain(p->pair[0]);
    model_used_up(p, R);
}

static void step_fills(struct model *m, struct model_peer *p)
{
    (void)m;
    net_fill(p->pair[0]);
    model_used_up(p, W);
}

/* Re-armed while it is ready: the simulated edge reports it again. */
static void step_rearms(struct model *m, struct model_peer *p)
{
    int d = (int)model_random(m, 2);

    if (!p->registered)
        return;
    CHECK_OK(evio_rearm(&p->source, model_bits[d]));
    if (model_wants(p, d) && p->ready[d])
        p->may[d] = true;
}

static void step_reopens(struct model *m, struct model_peer *p)
{
    if (p->registered)
        step_deregister(m, p);
    net_close(p->pair[0]);
    net_close(p->pair[1]);
    net_unix_pair(NET_STREAM, p->pair);
    net_set_nonblocking(p->pair[0], true);
    net_set_nonblocking(p->pair[1], true);
    CHECK_OK(evio_source_from_fd(p->pair[0], &p->source));
    p->ready[R] = false;
    p->ready[W] = true;
}

static struct model_peer *model_peer_of(struct model *m, uint64_t token)
{
    for (int i = 0; i < PEERS; i++) {
        if (m->peers[i].registered && m->peers[i].token == token)
            return &m->peers[i];
    }
    check_fail(__FILE__, __LINE__, "token %llu is nobody's",
               (unsigned long long)token);
}

static void model_judge(struct model *m, const evio_event *event)
{
    struct model_peer *p = model_peer_of(m, event->token);
    bool level = (p->interest & EVIO_LEVEL) != 0;

    CHECK_EQ_UINT(event->readiness & ~(p->interest & LOOP_RW), 0);
    CHECK(!p->spent);
    m->events++;
    for (int d = 0; d < DIRECTIONS; d++) {
        if ((event->readiness & model_bits[d]) == 0)
            continue;
        if (!p->ready[d])
            check_fail(__FILE__, __LINE__, "direction %d is not ready", d);
        if (!level && !p->may[d] && !p->owed[d])
            check_fail(__FILE__, __LINE__, "direction %d is silenced", d);
    }
    for (int d = 0; d < DIRECTIONS; d++) {
        if ((event->readiness & model_bits[d]) != 0)
            p->owed[d] = p->may[d] = false;
    }
    if ((p->interest & EVIO_ONESHOT) != 0) {
        p->spent = true;
        memset(p->owed, 0, sizeof(p->owed));
        memset(p->may, 0, sizeof(p->may));
    }
}

/* Between collecting and delivering anything may happen to the others, so an
 * event may then be of the past; the model looks at the whole batch at once,
 * and now and then ends a registration in the middle. */
static void model_wait(struct model *m)
{
    evio_event event;

    CHECK_OK(evio_poll_wait(m->l.poll, m->l.events, 0));
    while (evio_events_next(m->l.events, &event)) {
        model_judge(m, &event);
        if (model_random(m, 8) == 0)
            step_deregister(m, &m->peers[model_random(m, PEERS)]);
    }
}

/* What is owed must have come after as many waits as it can take. */
static void model_settle(struct model *m)
{
    for (int i = 0; i < 4 * PEERS; i++)
        model_wait(m);
    for (int i = 0; i < PEERS; i++) {
        for (int d = 0; d < DIRECTIONS; d++) {
            if (m->peers[i].owed[d])
                check_fail(__FILE__, __LINE__,
                           "peer %d, interest 0x%x: direction %d never came", i,
                           (unsigned)m->peers[i].interest, d);
        }
    }
}

typedef void model_step(struct model *m, struct model_peer *p);

static model_step *const model_steps[] = {
    step_register,    step_register,   step_reregister, step_deregister,
    step_peer_sends,  step_reads,      step_peer_sends, step_reads,
    step_peer_drains, step_fills,      step_rearms,     step_reopens,
    step_peer_sends,  step_peer_drains};

enum {
    MODEL_STEPS = sizeof(model_steps) / sizeof(model_steps[0])
};

static void model_open(struct model *m, size_t capacity)
{
    loop_open(&m->l, capacity);
    for (int i = 0; i < PEERS; i++) {
        struct model_peer *p = &m->peers[i];

        memset(p, 0, sizeof(*p));
        net_unix_pair(NET_STREAM, p->pair);
        step_reopens(m, p);
    }
}

static void model_close(struct model *m)
{
    for (int i = 0; i < PEERS; i++) {
        struct model_peer *p = &m->peers[i];

        if (p->registered)
            step_deregister(m, p);
        net_close(p->pair[0]);
        net_close(p->pair[1]);
    }
    loop_close(&m->l);
}

static uint64_t model_seed(void)
{
    const char *given = getenv("EVIO_SEED");
    uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : clock_ns() | 1;

    fprintf(stderr, "EVIO_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

static void model_run(size_t capacity, uint64_t ns)
{
    struct model m = {.next_token = 1, .state = model_seed()};
    uint64_t end = clock_ns() + ns;

    model_open(&m, capacity);
    while (clock_ns() < end) {
        for (uint32_t n = model_random(&m, 20); n > 0; n--, m.steps++)
            model_steps[model_random(&m, MODEL_STEPS)](
                &m, &m.peers[model_random(&m, PEERS)]);
        if (model_random(&m, 4) == 0)
            model_settle(&m);
        else
            model_wait(&m);
    }
    fprintf(stderr, "%u steps, %u events\n", m.steps, m.events);
    CHECK_UINT(m.steps, >, 100);
    CHECK_UINT(m.events, >, 100);
    model_close(&m);
}

TEST(random_calls_with_room_for_all)
{
    model_run(64, CLOCK_S);
}

TEST(random_calls_with_room_for_one)
{
    model_run(1, CLOCK_S);
}

TEST(random_calls_with_room_for_three)
{
    model_run(3, CLOCK_S);
}
