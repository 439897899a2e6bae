/* SPDX-License-Identifier: MIT */
/*
 * The wakeup that a selector has to drain: a full pipe is signalled already,
 * and draining leaves nothing, whoever wrote it. Waking a poll is tested in
 * behaviour/.
 * One thread, but where it says so.
 */
#include "wakeup_support.h"

#include <string.h>

static void pipe_signal(const evio__wakeup *wakeup)
{
    CHECK_OK(wakeup->ops->signal(wakeup));
}

/* Unready afterwards, and signalled as ever. */
static void pipe_check_drain(const evio__wakeup *wakeup)
{
    for (int i = 0; i < 2; i++) {
        evio__wakeup_pipe_drain(wakeup);
        CHECK(!wakeup_is_signalled(wakeup));
        wakeup_check_signal(wakeup);
    }
}

TEST(a_signal_is_seen_and_drained)
{
    evio__wakeup wakeup;

    CHECK_OK(evio__wakeup_pipe_open(&wakeup));
    CHECK(!wakeup_is_signalled(&wakeup));
    CHECK(net_is_cloexec((int)wakeup.read_end));
    CHECK(net_is_cloexec((int)wakeup.write_end));
    CHECK(net_is_nonblocking((int)wakeup.read_end));
    CHECK(net_is_nonblocking((int)wakeup.write_end));
    wakeup_check_signal(&wakeup);
    pipe_check_drain(&wakeup);
    evio__wakeup_pipe_drain(&wakeup);
    evio__wakeup_pipe_drain(&wakeup); /* nothing to drain */
    wakeup_check_failure(&wakeup);
    wakeup.ops->close(&wakeup);
    CHECK(!net_is_open((int)wakeup.read_end));
    CHECK(!net_is_open((int)wakeup.write_end));
}

TEST(a_full_pipe_is_signalled_already)
{
    evio__wakeup wakeup;
    char bytes[4096];

    memset(bytes, '!', sizeof(bytes));
    CHECK_OK(evio__wakeup_pipe_open(&wakeup));
    while (write((int)wakeup.write_end, bytes, sizeof(bytes)) > 0) {
    }
    CHECK_EQ_INT(errno, EAGAIN);
    wakeup_check_signal(&wakeup);
    pipe_check_drain(&wakeup);
    wakeup.ops->close(&wakeup);
}

/* Each number of bytes: a forked child may have written any. */
TEST(draining_leaves_nothing)
{
    evio__wakeup wakeup;

    CHECK_OK(evio__wakeup_pipe_open(&wakeup));
    for (int n = 1; n <= 200; n++) {
        for (int i = 0; i < n; i++)
            CHECK_OK(wakeup.ops->signal(&wakeup));
        evio__wakeup_pipe_drain(&wakeup);
        CHECK(!wakeup_is_signalled(&wakeup));
    }
    wakeup.ops->close(&wakeup);
}

TEST(a_cancelled_thread_signals_and_drains)
{
    evio__wakeup wakeup;

    CHECK_OK(evio__wakeup_pipe_open(&wakeup));
    wakeup_check_cancelled(&wakeup, pipe_signal);
    CHECK(wakeup_is_signalled(&wakeup));
    wakeup_check_cancelled(&wakeup, evio__wakeup_pipe_drain);
    CHECK(!wakeup_is_signalled(&wakeup));
    wakeup.ops->close(&wakeup);
}

TEST(an_opening_that_fails_leaves_nothing)
{
    evio__wakeup wakeup = {NULL, -1, -1};

    fault_fail_call("pipe2", 1, ENFILE);
    CHECK_ERR(evio__wakeup_pipe_open(&wakeup), ENFILE);
    CHECK_EQ_INT(wakeup.read_end, -1);
    CHECK_EQ_INT(wakeup.write_end, -1);
    CHECK_EQ_PTR(wakeup.ops, NULL);
    fault_reset();
}
