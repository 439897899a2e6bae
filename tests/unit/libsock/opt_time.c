/* SPDX-License-Identifier: MIT */
/*
 * Durations: up to the next unit of the kernel, never to 0, never wrapped; and
 * keepalive, which is made of them. That a timeout really waits is tested with
 * the options of sockets.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <limits.h>
#include <stdio.h>

#include "sys/posix/platform.h"

#include "opt_support.h"

#include "support/check.h"
#include "support/net.h"

struct time_case {
    const char *name;
    int (*set)(libsock_socket, uint64_t);
    int (*get)(libsock_socket, uint64_t *);
    enum sort sort;
    int level;
    int option;
    uint64_t unit;
    int least;
    int greatest;
};

static const struct time_case time_cases[] = {
    {BOTH(tcp_keepalive_time), TCP4, IPPROTO_TCP, TCP_KEEPIDLE, NS_PER_S, 1,
     32767},
    {BOTH(tcp_keepalive_interval), TCP4, IPPROTO_TCP, TCP_KEEPINTVL, NS_PER_S,
     1, 32767},
    {BOTH(tcp_user_timeout), TCP4, IPPROTO_TCP, TCP_USER_TIMEOUT, 1000000, 1,
     INT_MAX},
    {BOTH(busy_poll), UDP4, SOL_SOCKET, SO_BUSY_POLL, 1000, 0, INT_MAX},
};

static void check_time_rounding(const struct time_case *c, int fd)
{
    const struct {
        uint64_t ns;
        int ticks;
    } steps[] = {
        {1, 1},
        {c->unit - 1, 1},
        {c->unit, 1},
        {c->unit + 1, 2},
        {c->unit * 7 + 1, 8},
        {c->unit * (uint64_t)c->greatest, c->greatest},
        {c->unit * (uint64_t)(c->greatest - 1) + 1, c->greatest},
    };

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        uint64_t ns = 0;

        CHECK_OK(c->set(sock_of(fd), steps[i].ns));
        CHECK_EQ_INT(raw_int(fd, c->level, c->option), steps[i].ticks);
        CHECK_OK(c->get(sock_of(fd), &ns));
        CHECK_EQ_UINT(ns, (uint64_t)steps[i].ticks * c->unit);
    }
}

TEST(durations_round_up_to_the_unit)
{
    for (size_t i = 0; i < sizeof(time_cases) / sizeof(time_cases[0]); i++) {
        const struct time_case *c = &time_cases[i];
        int fd = open_sort(c->sort);
        int before;

        printf("# %s\n", c->name);
        check_time_rounding(c, fd);
        before = raw_int(fd, c->level, c->option);
        CHECK_ERR(c->set(sock_of(fd), c->unit * (uint64_t)c->greatest + 1),
                  EINVAL);
        CHECK_ERR(c->set(sock_of(fd), UINT64_MAX - 1), EINVAL);
        if (c->least > 0)
            CHECK_ERR(c->set(sock_of(fd), 0), EINVAL);
        CHECK_EQ_INT(raw_int(fd, c->level, c->option), before);
        net_close(fd);
    }
}

TEST(durations_without_a_for_ever_refuse_it)
{
    int fd = open_sort(TCP4);

    CHECK_ERR(libsock_set_tcp_keepalive_time(sock_of(fd), LIBSOCK_NO_TIMEOUT),
              EINVAL);
    CHECK_ERR(libsock_set_busy_poll(sock_of(fd), LIBSOCK_NO_TIMEOUT), EINVAL);
    net_close(fd);
}

TEST(busy_poll_0_switches_it_off)
{
    int fd = open_sort(UDP4);

    CHECK_OK(libsock_set_busy_poll(sock_of(fd), 1));
    CHECK_OK(libsock_set_busy_poll(sock_of(fd), 0));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_BUSY_POLL), 0);
    net_close(fd);
}

TEST(user_timeout_without_a_limit_is_the_kernels_0)
{
    int fd = open_sort(TCP4);
    uint64_t ns = 0;

    CHECK_OK(libsock_get_tcp_user_timeout(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, LIBSOCK_NO_TIMEOUT);
    CHECK_OK(libsock_set_tcp_user_timeout(sock_of(fd), 5000000));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 5);
    CHECK_OK(libsock_set_tcp_user_timeout(sock_of(fd), LIBSOCK_NO_TIMEOUT));
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), 0);
    net_close(fd);
}

static struct timeval raw_time(int fd, int option)
{
    struct timeval time;
    socklen_t len = sizeof(time);

    CHECK(getsockopt(fd, SOL_SOCKET, option, &time, &len) == 0);
    return time;
}

/* Linux keeps ticks and reads back rounded up; a tick is 10 ms at most. */
static void check_timeout(int option, int (*set)(libsock_socket, uint64_t),
                          int (*get)(libsock_socket, uint64_t *))
{
    int fd = open_sort(TCP4);
    struct timeval time;
    uint64_t ns = 0;

    CHECK_OK(get(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, LIBSOCK_NO_TIMEOUT);
    CHECK_OK(set(sock_of(fd), 2 * NS_PER_S + 1));
    time = raw_time(fd, option);
    CHECK_EQ_INT(time.tv_sec, 2);
    CHECK(time.tv_usec >= 1 && time.tv_usec <= 10000);
    CHECK_OK(get(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, 2 * NS_PER_S + (uint64_t)time.tv_usec * 1000);
    /* Less than a microsecond must not become "for ever". */
    CHECK_OK(set(sock_of(fd), 1));
    time = raw_time(fd, option);
    CHECK(time.tv_sec == 0 && time.tv_usec > 0);
    CHECK_ERR(set(sock_of(fd), 0), EINVAL);
    CHECK_EQ_INT(raw_time(fd, option).tv_usec, time.tv_usec);
    CHECK_OK(set(sock_of(fd), LIBSOCK_NO_TIMEOUT));
    time = raw_time(fd, option);
    CHECK(time.tv_sec == 0 && time.tv_usec == 0);
    net_close(fd);
}

TEST(read_and_write_timeouts)
{
    check_timeout(SO_RCVTIMEO, libsock_set_read_timeout,
                  libsock_get_read_timeout);
    check_timeout(SO_SNDTIMEO, libsock_set_write_timeout,
                  libsock_get_write_timeout);
}

static struct linger raw_linger(int fd)
{
    struct linger linger;
    socklen_t len = sizeof(linger);

    CHECK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &len) == 0);
    return linger;
}

TEST(linger_rounds_up_and_never_to_the_reset_of_0)
{
    int fd = open_sort(TCP4);
    uint64_t ns = 0;

    CHECK_OK(libsock_get_linger(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, LIBSOCK_NO_LINGER);
    CHECK_OK(libsock_set_linger(sock_of(fd), 500000000));
    CHECK(raw_linger(fd).l_onoff == 1 && raw_linger(fd).l_linger == 1);
    CHECK_OK(libsock_get_linger(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, NS_PER_S);
    CHECK_OK(libsock_set_linger(sock_of(fd), INT_MAX * NS_PER_S));
    CHECK_EQ_INT(raw_linger(fd).l_linger, INT_MAX);
    CHECK_ERR(libsock_set_linger(sock_of(fd), INT_MAX * NS_PER_S + 1), EINVAL);
    CHECK_EQ_INT(raw_linger(fd).l_linger, INT_MAX);
    CHECK_OK(libsock_set_linger(sock_of(fd), 0));
    CHECK(raw_linger(fd).l_onoff == 1 && raw_linger(fd).l_linger == 0);
    CHECK_OK(libsock_get_linger(sock_of(fd), &ns));
    CHECK_EQ_UINT(ns, 0);
    CHECK_OK(libsock_set_linger(sock_of(fd), LIBSOCK_NO_LINGER));
    CHECK_EQ_INT(raw_linger(fd).l_onoff, 0);
    net_close(fd);
}

TEST(keepalive_as_a_whole)
{
    libsock_keepalive all = {60 * NS_PER_S, 1, 4, 0};
    libsock_keepalive none = {0, 0, 0, 0};
    int fd = open_sort(TCP4);

    CHECK_OK(libsock_set_tcp_keepalive(sock_of(fd), &all));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_KEEPIDLE), 60);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_KEEPINTVL), 1);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_KEEPCNT), 4);
    CHECK_OK(libsock_set_keepalive(sock_of(fd), false));
    CHECK_OK(libsock_set_tcp_keepalive(sock_of(fd), &none));
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
    CHECK_EQ_INT(raw_int(fd, IPPROTO_TCP, TCP_KEEPIDLE), 60);
    net_close(fd);
    /* Nothing happens to a socket that has no such options. */
    fd = open_sort(UDP4);
    CHECK_EQ_INT(libsock_kind(libsock_set_tcp_keepalive(sock_of(fd), &all)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(raw_int(fd, SOL_SOCKET, SO_KEEPALIVE), 0);
    net_close(fd);
}
