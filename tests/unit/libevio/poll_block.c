/* SPDX-License-Identifier: MIT */
/*
 * poll() for more descriptors than the soft limit RLIMIT_NOFILE allows: which
 * is polled in pieces. The waits of a whole poll are tested elsewhere.
 * One thread; the limit is that of the test's own process.
 */
#include "sys/posix/poll_block.h"

#include <string.h>

#include "support/check.h"
#include "support/clock.h"
#include "support/fault.h"
#include "support/fd.h"
#include "support/net.h"

enum {
    BLOCK_COUNT = 40, /* descriptors that are polled */
    BLOCK_LIMIT = 12  /* in pieces of this, then of 4 */
};

struct block {
    struct rlimit limit; /* before */
    struct pollfd fds[BLOCK_COUNT];
    int peers[BLOCK_COUNT];
};

static void block_open(struct block *b)
{
    CHECK_EQ_INT(getrlimit(RLIMIT_NOFILE, &b->limit), 0);
    for (int i = 0; i < BLOCK_COUNT; i++) {
        int pair[2];

        net_unix_pair(NET_STREAM, pair);
        b->fds[i] = (struct pollfd){.fd = pair[0], .events = POLLIN};
        b->peers[i] = pair[1];
    }
}

static void block_close(const struct block *b)
{
    for (int i = 0; i < BLOCK_COUNT; i++) {
        net_close(b->fds[i].fd);
        net_close(b->peers[i]);
    }
    CHECK_EQ_INT(setrlimit(RLIMIT_NOFILE, &b->limit), 0);
}

/* Open descriptors stay open below the limit. Emulators and valgrind keep the
 * limit to themselves. */
static void block_limit(rlim_t limit)
{
    struct pollfd none[BLOCK_COUNT];
    struct rlimit now;

    for (int i = 0; i < BLOCK_COUNT; i++)
        none[i] = (struct pollfd){.fd = -1};
    CHECK_EQ_INT(getrlimit(RLIMIT_NOFILE, &now), 0);
    now.rlim_cur = limit;
    CHECK_EQ_INT(setrlimit(RLIMIT_NOFILE, &now), 0);
    if (limit < BLOCK_COUNT && poll(none, BLOCK_COUNT, 0) >= 0)
        SKIP("this kernel does not hold poll() to the limit");
}

static int block_check(struct block *b, uint64_t ns)
{
    int fired = 0;
    int r = evio__poll_block(b->fds, BLOCK_COUNT, ns, NULL);

    for (int i = 0; i < BLOCK_COUNT && r >= 0; i++)
        fired += b->fds[i].revents != 0;
    CHECK(r < 0 || r == fired);
    return r;
}

/* Each alone, in whatever piece it is, and under every limit. */
static void block_one_by_one(struct block *b)
{
    for (int i = 0; i < BLOCK_COUNT; i++) {
        net_send_all(b->peers[i], "x", 1);
        for (int timed = 0; timed < 3; timed++) {
            const uint64_t ns[] = {0, CLOCK_S, UINT64_MAX};

            CHECK_EQ_INT(block_check(b, ns[timed]), 1);
            CHECK_EQ_INT(b->fds[i].revents, POLLIN);
        }
        net_drain(b->fds[i].fd);
        CHECK_EQ_INT(block_check(b, 0), 0);
    }
}

TEST(each_descriptor_is_seen_in_its_piece)
{
    const rlim_t limits[] = {BLOCK_COUNT, BLOCK_COUNT - 1, BLOCK_LIMIT, 4, 1};
    struct block b;

    block_open(&b);
    for (int i = 0; i < BLOCK_COUNT; i++)
        net_set_nonblocking(b.fds[i].fd, true);
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        block_limit(limits[i]);
        block_one_by_one(&b);
    }
    block_close(&b);
}

TEST(all_that_are_ready_are_counted)
{
    struct block b;

    block_open(&b);
    block_limit(BLOCK_LIMIT);
    for (int i = 0; i < BLOCK_COUNT; i++) {
        net_send_all(b.peers[i], "x", 1);
        CHECK_EQ_INT(block_check(&b, UINT64_MAX), i + 1);
    }
    block_close(&b);
}

/* What cannot be waited for is looked at soon again, so it may be early. */
TEST(nothing_ready_ends_with_nothing)
{
    const uint64_t ns = 30 * CLOCK_MS;
    struct block b;
    uint64_t end;
    unsigned rounds = 0;

    block_open(&b);
    block_limit(BLOCK_LIMIT);
    CHECK_EQ_INT(block_check(&b, UINT64_MAX), 0);
    for (end = clock_ns() + ns; clock_ns() < end; rounds++)
        CHECK_EQ_INT(block_check(&b, end - clock_ns()), 0);
    /* A slice at a time, and no spin. */
    CHECK_UINT(rounds, <=, 5);
    block_limit(BLOCK_COUNT);
    end = clock_ns() + ns;
    CHECK_EQ_INT(block_check(&b, ns), 0);
    CHECK_UINT(clock_ns(), >=, end);
    block_close(&b);
}

static uint64_t block_rounds(struct block *b, int want)
{
    uint64_t start = clock_ns();

    for (int i = 0; i < 20; i++)
        CHECK_EQ_INT(block_check(b, UINT64_MAX), want);
    return clock_ns() - start;
}

/* What is ready in a later piece does not wait for the first: twenty such
 * rounds end before twenty that have nothing. */
TEST(what_is_ready_is_not_waited_for)
{
    struct block b;
    uint64_t ready;

    block_open(&b);
    block_limit(BLOCK_LIMIT);
    net_send_all(b.peers[BLOCK_COUNT - 1], "x", 1);
    ready = block_rounds(&b, 1);
    net_set_nonblocking(b.fds[BLOCK_COUNT - 1].fd, true);
    net_drain(b.fds[BLOCK_COUNT - 1].fd);
    CHECK_UINT(ready, <, block_rounds(&b, 0));
    block_close(&b);
}

/* The kernel's word for anything else is not for us to judge. */
TEST(other_errors_are_passed_on)
{
    struct block b;

    block_open(&b);
    block_limit(BLOCK_COUNT); /* which is enough */
    fault_fail_call("ppoll", 1, EINVAL);
    CHECK_ERR(block_check(&b, 0), EINVAL);
    CHECK_EQ_UINT(fault_calls_of("ppoll"), 1);
    block_limit(BLOCK_LIMIT);
    for (unsigned nth = 1; nth <= 5; nth++) {
        fault_reset();
        fault_fail_call("ppoll", nth, ENOMEM);
        CHECK_ERR(block_check(&b, 0), ENOMEM);
    }
    fault_reset();
    CHECK_EQ_INT(block_check(&b, 0), 0);
    CHECK_EQ_UINT(fault_calls_of("ppoll"), 5); /* one refused, four pieces */
    fault_reset();
    block_close(&b);
}

TEST(a_limit_of_nothing_is_an_error)
{
    struct block b;

    block_open(&b);
    block_limit(0);
    CHECK_ERR(block_check(&b, 0), EINVAL);
    block_limit(BLOCK_COUNT);
    block_close(&b);
}

static volatile sig_atomic_t block_signals;

static void block_on_signal(void)
{
    block_signals = block_signals + 1;
}

/* The mask is that of the wait alone, in each piece. */
static void block_masked(struct block *b)
{
    const int before = block_signals;
    sigset_t blocked;
    sigset_t old;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    CHECK_EQ_INT(pthread_sigmask(SIG_BLOCK, &blocked, &old), 0);
    signal_raise(); /* pending */
    CHECK_EQ_INT(evio__poll_block(b->fds, BLOCK_COUNT, 0, &blocked), 0);
    CHECK_EQ_INT(block_signals, before);
    CHECK_ERR(evio__poll_block(b->fds, BLOCK_COUNT, UINT64_MAX, &old), EINTR);
    CHECK_EQ_INT(block_signals, before + 1);
    CHECK_EQ_INT(pthread_sigmask(SIG_SETMASK, &old, NULL), 0);
}

/* The pieces behind the first have it, too: they are polled before it. */
TEST(each_piece_has_the_signal_mask)
{
    struct block b;
    sigset_t blocked;
    sigset_t old;

    block_open(&b);
    signal_handle(block_on_signal);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    CHECK_EQ_INT(pthread_sigmask(SIG_BLOCK, &blocked, &old), 0);
    signal_raise();
    net_send_all(b.peers[0], "x", 1);
    block_limit(BLOCK_LIMIT);
    CHECK_EQ_INT(evio__poll_block(b.fds, BLOCK_COUNT, 0, &blocked), 1);
    CHECK_EQ_INT(block_signals, 0);
    CHECK_ERR(evio__poll_block(b.fds, BLOCK_COUNT, 0, &old), EINTR);
    CHECK_EQ_INT(block_signals, 1);
    block_close(&b);
}

TEST(the_signal_mask_is_that_of_the_wait)
{
    struct block b;

    block_open(&b);
    signal_handle(block_on_signal);
    block_masked(&b);
    block_limit(BLOCK_LIMIT);
    block_masked(&b);
    block_close(&b);
}

/* No cancellation point; what the thread had set comes back. */
TEST(the_state_of_cancellation_is_kept)
{
    struct block b;

    block_open(&b);
    for (int i = 0; i < 2; i++) {
        int state = i == 0 ? PTHREAD_CANCEL_ENABLE : PTHREAD_CANCEL_DISABLE;
        int now;

        CHECK_EQ_INT(pthread_setcancelstate(state, NULL), 0);
        CHECK_EQ_INT(block_check(&b, CLOCK_MS), 0);
        CHECK_EQ_INT(pthread_setcancelstate(state, &now), 0);
        CHECK_EQ_INT(now, state);
    }
    block_close(&b);
}
