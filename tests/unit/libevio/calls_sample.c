/* SPDX-License-Identifier: MIT */
/*
 * Each operation of libevio between two marks, for calls_strace.py to count
 * from outside. A mark is a call that nothing else makes: access() of a path
 * that does not exist. The library is the one that is shipped.
 */
#include <unistd.h>

#include "support/check.h"
#include "support/loop.h"
#include "support/net.h"

enum {
    ROUNDS = 10
};

static void sample_mark(const char *path)
{
    CHECK(access(path, F_OK) != 0);
}

struct sample {
    struct loop l;
    evio_waker *waker;
    evio_source sources[ROUNDS];
    int pairs[ROUNDS][2];
};

static void sample_registration(struct sample *s)
{
    sample_mark("mark:register");
    for (int i = 0; i < ROUNDS; i++)
        CHECK_OK(
            evio_register(s->l.registry, &s->sources[i], 1, EVIO_READABLE));
    sample_mark("mark:reregister");
    for (int i = 0; i < ROUNDS; i++)
        CHECK_OK(
            evio_reregister(s->l.registry, &s->sources[i], 2, EVIO_READABLE));
    sample_mark("mark:deregister");
    for (int i = 0; i < ROUNDS; i++)
        CHECK_OK(evio_deregister(s->l.registry, &s->sources[i]));
    sample_mark("mark:end");
}

static void sample_waiting(struct sample *s)
{
    sample_mark("mark:wake");
    for (int i = 0; i < 1000; i++)
        CHECK_OK(evio_wake(s->waker));
    sample_mark("mark:wait_zero");
    for (int i = 0; i < ROUNDS; i++)
        (void)loop_wait(&s->l, 9, 0);
    sample_mark("mark:wait_timed");
    for (int i = 0; i < ROUNDS; i++)
        CHECK_EQ_UINT(loop_wait(&s->l, 9, CLOCK_MS), 0);
    sample_mark("mark:end");
}

static void sample_rearming(struct sample *s)
{
    CHECK_OK(evio_register(s->l.registry, &s->sources[0], 9, EVIO_WRITABLE));
    CHECK_EQ_UINT(loop_await(&s->l, 9), EVIO_WRITABLE);
    sample_mark("mark:rearm");
    for (int i = 0; i < ROUNDS; i++)
        CHECK_OK(evio_rearm(&s->sources[0], EVIO_WRITABLE));
    sample_mark("mark:end");
    loop_remove(&s->l, &s->sources[0]);
}

/* Once before the marks, so that slab and table have grown. */
TEST(every_operation)
{
    struct sample s;

    loop_open(&s.l, 16);
    CHECK_OK(evio_waker_new(s.l.registry, 9, &s.waker));
    for (int i = 0; i < ROUNDS; i++) {
        net_unix_pair(NET_STREAM, s.pairs[i]);
        CHECK_OK(evio_source_from_fd(s.pairs[i][0], &s.sources[i]));
    }
    for (int round = 0; round < 2; round++)
        sample_registration(&s);
    sample_waiting(&s);
    sample_rearming(&s);
    evio_waker_free(s.waker);
    for (int i = 0; i < ROUNDS; i++) {
        net_close(s.pairs[i][0]);
        net_close(s.pairs[i][1]);
    }
    loop_close(&s.l);
}
