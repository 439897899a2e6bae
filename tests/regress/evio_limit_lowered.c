/* SPDX-License-Identifier: MIT */
/*
 * The limit of open descriptors (RLIMIT_NOFILE) is lowered under the number of
 * registrations, which some kernels take as a limit of poll(2) too: waits go on
 * delivering all of them, sleep when there is nothing, and never end early.
 */
#include "support/channel.h"
#include "support/check.h"
#include "support/fd.h"
#include "support/loop.h"
#include "support/net.h"
#include "support/spin.h"
#include "support/thread.h"

enum {
    LIMIT_SOURCES = 60,
    LIMIT_WAKE = 1000
};

static const unsigned limit_values[] = {40, 20, 4};

enum {
    LIMIT_VALUES = sizeof(limit_values) / sizeof(limit_values[0])
};

struct limited {
    struct loop l;
    evio_waker *waker;
    evio_source sources[LIMIT_SOURCES];
    int fd[LIMIT_SOURCES][2];
};

static void limited_open(struct limited *t, uint32_t mode)
{
    loop_open(&t->l, 8);
    CHECK_OK(evio_waker_new(t->l.registry, LIMIT_WAKE, &t->waker));
    for (unsigned i = 0; i < LIMIT_SOURCES; i++) {
        channel_open(i % CHANNELS, t->fd[i]);
        loop_add(&t->l, &t->sources[i], t->fd[i][0], i, EVIO_READABLE | mode);
    }
}

static void limited_close(struct limited *t)
{
    for (unsigned i = 0; i < LIMIT_SOURCES; i++) {
        loop_remove(&t->l, &t->sources[i]);
        channel_close(t->fd[i]);
    }
    evio_waker_free(t->waker);
    loop_close(&t->l);
}

/* What a wait does instead of one long sleep may cost rounds, but few. */
static void limited_quiet(struct limited *t, uint64_t ns)
{
    struct spin begin = spin_begin(&t->l);
    uint64_t elapsed;

    CHECK_EQ_INT(evio_poll_wait(t->l.poll, t->l.events, ns), 0);
    elapsed = clock_ns() - begin.begin;
    CHECK_UINT(elapsed, >=, ns);
    CHECK_UINT(spin_empty(&t->l) - begin.empty, <=,
               SPIN_ROUNDS_MAX + elapsed / CLOCK_MS);
    CHECK_UINT(process_cpu_ns() - begin.cpu, <=,
               elapsed / 2 + 5 * CLOCK_MS * clock_slow_factor());
}

static void limited_one_by_one(uint32_t mode)
{
    struct limited t;

    limited_open(&t, mode);
    for (int i = 0; i < LIMIT_VALUES; i++) {
        fd_limit(limit_values[i]);
        limited_quiet(&t, 60 * CLOCK_MS);
        for (unsigned k = 0; k < LIMIT_SOURCES; k++) {
            /* From both ends, and all over the table. */
            unsigned n = k * 7 % LIMIT_SOURCES;

            net_send_all(t.fd[n][1], "x", 1);
            CHECK_EQ_UINT(loop_await(&t.l, n), EVIO_READABLE);
            net_drain(t.fd[n][0]);
            CHECK_OK(evio_reregister(t.l.registry, &t.sources[n], n,
                                     EVIO_READABLE | mode));
        }
        CHECK_OK(evio_wake(t.waker));
        CHECK_EQ_UINT(loop_await(&t.l, LIMIT_WAKE), EVIO_READABLE);
    }
    limited_close(&t);
}

TEST(every_source_is_reported_in_edge_mode)
{
    limited_one_by_one(EVIO_EDGE);
}

TEST(every_source_is_reported_in_level_mode)
{
    limited_one_by_one(EVIO_LEVEL);
}

TEST(every_source_is_reported_in_oneshot_mode)
{
    limited_one_by_one(EVIO_ONESHOT);
}

/* More than fit into the buffer are ready all the time, and none is left
 * out. */
TEST(all_are_ready)
{
    struct limited t;
    bool seen[LIMIT_SOURCES] = {false};
    unsigned count = 0;
    unsigned waits = 0;
    evio_event event;

    limited_open(&t, EVIO_LEVEL);
    for (unsigned i = 0; i < LIMIT_SOURCES; i++)
        net_send_all(t.fd[i][1], "x", 1);
    fd_limit(20);
    while (count < LIMIT_SOURCES) {
        CHECK_INT(evio_poll_wait(t.l.poll, t.l.events, LOOP_PATIENCE), >, 0);
        CHECK_UINT(++waits, <, 20 * LIMIT_SOURCES);
        while (evio_events_next(t.l.events, &event)) {
            CHECK_UINT(event.token, <, LIMIT_SOURCES);
            count += !seen[event.token];
            seen[event.token] = true;
        }
    }
    limited_close(&t);
}

static void limited_send(void *arg)
{
    struct limited *t = arg;

    net_send_all(t->fd[LIMIT_SOURCES - 1][1], "x", 1);
}

static void limited_wake(void *arg)
{
    struct limited *t = arg;

    CHECK_OK(evio_wake(t->waker));
}

/* What happens during a wait ends it, wherever in the table it is. */
TEST(a_wait_that_is_going_on)
{
    struct limited t;
    const unsigned last = LIMIT_SOURCES - 1;

    limited_open(&t, EVIO_EDGE);
    fd_limit(20);
    for (int i = 0; i < 10; i++) {
        thread *other = thread_start(limited_send, &t);

        CHECK_EQ_UINT(loop_await(&t.l, last), EVIO_READABLE);
        thread_join(other);
        net_drain(t.fd[last][0]);
        CHECK_OK(evio_rearm(&t.sources[last], EVIO_READABLE));
        other = thread_start(limited_wake, &t);
        CHECK_EQ_UINT(loop_await(&t.l, LIMIT_WAKE), EVIO_READABLE);
        thread_join(other);
    }
    limited_close(&t);
}
