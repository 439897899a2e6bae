/* SPDX-License-Identifier: MIT */
/*
 * Waits whose events are looked at one by one, sources with their peers, and
 * waits that must last. loop.h has the loop itself, and waits that are one
 * answer.
 * Header only, as loop.h is; used by one thread.
 */
#ifndef TESTS_SUPPORT_TAKEN_H
#define TESTS_SUPPORT_TAKEN_H

#include <libevio/libevio.h>

#include "check.h"
#include "clock.h"
#include "loop.h"
#include "net.h"

enum {
    TAKEN_MAX = 256
};

/* What one wait delivered, in order. */
struct taken {
    evio_event events[TAKEN_MAX];
    unsigned n;
};

/* Everything that is in `events`. */
static inline unsigned taken_all(evio_events *events, struct taken *out_taken)
{
    out_taken->n = 0;
    while (out_taken->n < TAKEN_MAX &&
           evio_events_next(events, &out_taken->events[out_taken->n])) {
        CHECK_UINT(out_taken->events[out_taken->n].readiness, !=, 0);
        out_taken->n++;
    }
    return out_taken->n;
}

/* One wait into `events`, and everything that it brought: never more than it
 * returned, and not nothing when it returned a count. */
static inline unsigned taken_from(struct loop *l, evio_events *events,
                                  uint64_t ns, struct taken *out_taken)
{
    int r = evio_poll_wait(l->poll, events, ns);

    CHECK_OK(r);
    taken_all(events, out_taken);
    CHECK_INT(out_taken->n, <=, r);
    CHECK((r > 0) == (out_taken->n > 0));
    return out_taken->n;
}

static inline unsigned taken_wait(struct loop *l, uint64_t ns,
                                  struct taken *out_taken)
{
    return taken_from(l, l->events, ns, out_taken);
}

/* How many of them have this token; their bits are ored. */
static inline unsigned taken_of(const struct taken *taken, uint64_t token,
                                uint32_t *out_bits)
{
    unsigned n = 0;

    *out_bits = 0;
    for (unsigned i = 0; i < taken->n; i++) {
        if (taken->events[i].token == token) {
            *out_bits |= taken->events[i].readiness;
            n++;
        }
    }
    return n;
}

/* The one event that the next wait brings. */
static inline evio_event taken_one(struct loop *l, uint64_t token)
{
    struct taken taken;

    CHECK_EQ_UINT(taken_wait(l, LOOP_PATIENCE, &taken), 1);
    CHECK_EQ_UINT(taken.events[0].token, token);
    return taken.events[0];
}

static inline evio_poll_stats loop_stats(const struct loop *l)
{
    evio_poll_stats stats = {.size = sizeof(stats)};

    CHECK_OK(evio_poll_get_stats(l->poll, &stats));
    return stats;
}

/* A wait that finds nothing, and lasts. */
static inline void loop_lasts(struct loop *l)
{
    uint64_t start = evio_now_ns();
    evio_event event;

    CHECK_EQ_INT(evio_poll_wait(l->poll, l->events, LOOP_QUIET), 0);
    CHECK_UINT(evio_now_ns() - start, >=, LOOP_QUIET);
    CHECK(!evio_events_next(l->events, &event));
}

static inline void loop_open_flags(struct loop *l, size_t capacity,
                                   unsigned flags)
{
    evio_poll_options options = EVIO_POLL_OPTIONS_INIT;

    options.flags = flags;
    CHECK_OK(evio_poll_new(&options, &l->poll));
    CHECK_OK(evio_events_new(capacity, &l->events));
    l->registry = evio_poll_registry(l->poll);
}

/* A source on fd[0] of a stream pair, both ends non-blocking. */
struct peer {
    evio_source source;
    int fd[2];
    uint64_t token;
};

static inline void peer_register(struct loop *l, struct peer *p, uint64_t token,
                                 uint32_t interest)
{
    p->token = token;
    net_set_nonblocking(p->fd[0], true);
    net_set_nonblocking(p->fd[1], true);
    loop_add(l, &p->source, p->fd[0], token, interest);
}

static inline void peer_open(struct loop *l, struct peer *p, uint64_t token,
                             uint32_t interest)
{
    net_unix_pair(NET_STREAM, p->fd);
    peer_register(l, p, token, interest);
}

static inline void peer_close_fds(struct peer *p)
{
    net_close(p->fd[0]);
    if (p->fd[1] >= 0)
        net_close(p->fd[1]);
}

static inline void peer_close(struct loop *l, struct peer *p)
{
    loop_remove(l, &p->source);
    peer_close_fds(p);
}

static inline void peer_send(struct peer *p, size_t len)
{
    static const char bytes[4096];

    net_send_all(p->fd[1], bytes, len);
}

#endif
