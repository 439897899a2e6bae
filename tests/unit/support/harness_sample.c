/* SPDX-License-Identifier: MIT */
/*
 * Tests that fail, leak, hang, crash and skip on purpose.
 * Whether the harness sees each of them is judged by harness_test.py, which
 * runs this program; it is not registered as a test by itself.
 * Nothing is guarded: each body is alone in its process.
 */
#include "support/check.h"
#include "support/net.h"
#include "support/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TEST(passes)
{
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    net_close(pair[0]);
    net_close(pair[1]);
}

TEST(fails_check)
{
    CHECK(strlen("abc") == 4);
}

TEST(fails_int)
{
    CHECK_EQ_INT(2 + 2, 5);
}

TEST(fails_uint)
{
    CHECK_UINT(SIZE_MAX, <, 1);
}

TEST(fails_str)
{
    CHECK_EQ_STR("left", "right");
}

TEST(fails_mem)
{
    CHECK_EQ_MEM("abc", "abd", 3);
}

TEST(fails_ok)
{
    CHECK_OK(-22);
}

TEST(fails_err)
{
    CHECK_ERR(0, 22);
}

static void sample_fail_in_thread(void *arg)
{
    (void)arg;
    CHECK(false);
}

TEST(fails_in_thread)
{
    thread_join(thread_start(sample_fail_in_thread, NULL));
}

TEST(leaks)
{
    int pair[2];

    net_unix_pair(NET_STREAM, pair);
    net_close(pair[0]);
}

TEST(closes_foreign)
{
    net_close(0);
}

TEST(dies_of_sigpipe)
{
    int pair[2];

    net_pipe(pair);
    net_close(pair[0]);
    net_send_all(pair[1], "x", 1);
}

TEST(aborts)
{
    abort();
}

TEST(exits_quietly_with_3)
{
    exit(3);
}

TEST(hangs)
{
    gate *never = gate_new();

    gate_wait(never);
}

TEST(skips)
{
    SKIP("the moon is full");
}

TEST(speaks_tap_in_its_output)
{
    puts("not ok 1 - not a result");
    CHECK_EQ_INT(1, 0);
}

TEST(leaves_a_file)
{
    char path[NET_PATH_MAX];

    net_temp_path(path);
    net_close(net_unix_listen(path));
    fprintf(stderr, "left %s\n", path);
    CHECK(false);
}

TEST(passes_last)
{
}
