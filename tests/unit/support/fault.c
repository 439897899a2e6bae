/* SPDX-License-Identifier: MIT */
/*
 * The fault plan: which call fails, with what, and how calls are counted.
 * The hooks are asked directly here; the libraries' own use is theirs to test.
 * Nothing is guarded but by the atomics under test.
 */
#include "support/fault.h"

#include "support/check.h"
#include "support/net.h"
#include "support/thread.h"

#include <errno.h>
#include <stdlib.h>

int libsock__fault(const char *call);
int evio__fault(const char *call);

TEST(without_a_plan_nothing_fails)
{
    errno = 0;
    for (int i = 0; i < 100; i++)
        CHECK_EQ_INT(libsock__fault("socket"), 0);
    CHECK_EQ_INT(errno, 0);
    CHECK(!fault_fired());
    CHECK_EQ_UINT(fault_calls(), 100);
}

TEST(nth_call_fails_once_whatever_its_name)
{
    CHECK_EQ_INT(libsock__fault("socket"), 0);
    fault_fail_nth(2, ENOBUFS);
    CHECK_EQ_INT(evio__fault("malloc"), 0);
    CHECK(!fault_fired());
    CHECK(libsock__fault("bind") != 0);
    CHECK_EQ_INT(errno, ENOBUFS);
    CHECK(fault_fired());
    CHECK_EQ_INT(libsock__fault("bind"), 0);
}

TEST(nth_call_of_a_name_fails)
{
    fault_fail_call("accept4", 2, EMFILE);
    CHECK_EQ_INT(libsock__fault("accept4"), 0);
    CHECK_EQ_INT(libsock__fault("socket"), 0);
    CHECK(libsock__fault("accept4") != 0);
    CHECK_EQ_INT(errno, EMFILE);
    CHECK_EQ_INT(libsock__fault("accept4"), 0);
    CHECK_EQ_UINT(fault_calls_of("accept4"), 3);
    CHECK_EQ_UINT(fault_calls_of("socket"), 1);
}

TEST(close_fails_only_by_its_name)
{
    fault_fail_nth(1, EIO);
    CHECK_EQ_INT(libsock__fault("close"), 0);
    CHECK(libsock__fault("bind") != 0);
    CHECK_EQ_UINT(fault_calls(), 1);
    CHECK_EQ_UINT(fault_calls_of("close"), 1);
    fault_fail_call("close", 1, EINTR);
    CHECK(libsock__fault("close") != 0);
    CHECK_EQ_INT(errno, EINTR);
}

TEST(zero_fails_every_call_of_a_name)
{
    fault_fail_call("accept4", 0, ENOSYS);
    for (int i = 0; i < 5; i++)
        CHECK(libsock__fault("accept4") != 0);
    CHECK_EQ_INT(libsock__fault("accept"), 0);
    fault_reset();
    CHECK_EQ_INT(libsock__fault("accept4"), 0);
    CHECK(!fault_fired());
    CHECK_EQ_UINT(fault_calls(), 1);
}

static void fault_ask_many(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10000; i++)
        CHECK_EQ_INT(evio__fault(i % 2 == 0 ? "read" : "write"), 0);
}

TEST(counts_are_exact_across_threads)
{
    thread *threads[4];

    for (int i = 0; i < 4; i++)
        threads[i] = thread_start(fault_ask_many, NULL);
    for (int i = 0; i < 4; i++)
        thread_join(threads[i]);
    CHECK_EQ_UINT(fault_calls(), 40000);
    CHECK_EQ_UINT(fault_calls_of("read"), 20000);
}

/* Three calls, of which the second has a fallback. */
static int fault_body(void *arg)
{
    unsigned *runs = arg;

    ++*runs;
    if (libsock__fault("socket") != 0)
        return -errno;
    if (libsock__fault("accept4") != 0 && libsock__fault("accept") != 0)
        return -errno;
    return libsock__fault("bind") != 0 ? -errno : 0;
}

TEST(each_visits_every_call_and_the_fallback_is_tolerated)
{
    unsigned runs = 0;
    struct fault_summary sum = fault_each(fault_body, &runs, EMFILE);

    CHECK_EQ_UINT(runs, 4);
    CHECK_EQ_UINT(sum.rounds, 3);
    CHECK_EQ_UINT(sum.failed, 2);
    CHECK_EQ_UINT(sum.tolerated, 1);
}
