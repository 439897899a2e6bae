/* SPDX-License-Identifier: MIT */
/*
 * The wakeup of an edge-triggered selector: each signal is a new edge, even
 * when the counter is full, which nobody reads. Waking a poll is tested in
 * behaviour/.
 * One thread, but where it says so.
 */
#include "wakeup_support.h"

static void eventfd_signal(const evio__wakeup *wakeup)
{
    CHECK_OK(wakeup->ops->signal(wakeup));
}

static uint64_t eventfd_read_count(const evio__wakeup *wakeup)
{
    uint64_t count = 0;

    CHECK_EQ_INT(read((int)wakeup->read_end, &count, sizeof(count)), 8);
    return count;
}

TEST(a_signal_is_seen)
{
    evio__wakeup wakeup;

    CHECK_OK(evio__wakeup_eventfd_open(&wakeup));
    CHECK(!wakeup_is_signalled(&wakeup));
    CHECK(net_is_cloexec((int)wakeup.read_end));
    CHECK(net_is_nonblocking((int)wakeup.read_end));
    for (int i = 0; i < 3; i++)
        wakeup_check_signal(&wakeup);
    CHECK_EQ_UINT(eventfd_read_count(&wakeup), 3);
    wakeup_check_failure(&wakeup);
    wakeup.ops->close(&wakeup);
    CHECK(!net_is_open((int)wakeup.read_end));
}

/* In an epoll, edge-triggered, with nobody reading. */
TEST(each_signal_is_an_edge)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    evio__wakeup wakeup;
    int fd = epoll_create1(EPOLL_CLOEXEC);

    CHECK_INT(fd, >=, 0);
    CHECK_OK(evio__wakeup_eventfd_open(&wakeup));
    CHECK_EQ_INT(epoll_ctl(fd, EPOLL_CTL_ADD, (int)wakeup.read_end, &event), 0);
    for (int i = 0; i < 5; i++) {
        CHECK_EQ_INT(epoll_wait(fd, &event, 1, 0), 0);
        wakeup_check_signal(&wakeup);
        CHECK_EQ_INT(epoll_wait(fd, &event, 1, 0), 1);
    }
    /* Full: no write is an edge, until it begins again. */
    const uint64_t most = UINT64_MAX - 1 - 5;
    CHECK_EQ_INT(write((int)wakeup.write_end, &most, sizeof(most)), 8);
    CHECK_EQ_INT(epoll_wait(fd, &event, 1, 0), 1);
    for (int i = 0; i < 2; i++) {
        wakeup_check_signal(&wakeup);
        CHECK_EQ_INT(epoll_wait(fd, &event, 1, 0), 1);
    }
    CHECK_EQ_UINT(eventfd_read_count(&wakeup), 2);
    wakeup.ops->close(&wakeup);
    close(fd);
}

TEST(a_full_counter_is_begun_again)
{
    const uint64_t most = UINT64_MAX - 1;
    const uint64_t one = 1;
    evio__wakeup wakeup;

    CHECK_OK(evio__wakeup_eventfd_open(&wakeup));
    CHECK_EQ_INT(write((int)wakeup.write_end, &most, sizeof(most)), 8);
    CHECK_EQ_INT(write((int)wakeup.write_end, &one, sizeof(one)), -1);
    CHECK_EQ_INT(errno, EAGAIN);
    wakeup_check_signal(&wakeup);
    CHECK_EQ_UINT(eventfd_read_count(&wakeup), 1);
    wakeup.ops->close(&wakeup);
}

TEST(a_cancelled_thread_signals)
{
    evio__wakeup wakeup;

    CHECK_OK(evio__wakeup_eventfd_open(&wakeup));
    wakeup_check_cancelled(&wakeup, eventfd_signal);
    CHECK_EQ_UINT(eventfd_read_count(&wakeup), 1);
    wakeup.ops->close(&wakeup);
}

TEST(an_opening_that_fails_leaves_nothing)
{
    evio__wakeup wakeup = {NULL, -1, -1};

    fault_fail_call("eventfd", 1, EMFILE);
    CHECK_ERR(evio__wakeup_eventfd_open(&wakeup), EMFILE);
    CHECK_EQ_INT(wakeup.read_end, -1);
    CHECK_EQ_PTR(wakeup.ops, NULL);
    fault_reset();
}
