/* SPDX-License-Identifier: MIT */
/*
 * connect.c: which arguments are refused, which system calls each way takes,
 * and that every failure on the way restores the mode. What a peer sees is in
 * behaviour/sock_connect.c. Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <errno.h>
#include <string.h>

#include "sys/sys.h"

#include "support/check.h"
#include "support/clock.h"
#include "support/fault.h"
#include "support/net.h"
#include "support/sock.h"

/* The build with poll() is the one that makes descriptors in steps. */
#if defined(LIBSOCK_FLAGS_IN_STEPS)
static const char connect_wait_call[] = "poll";
#else
static const char connect_wait_call[] = "ppoll";
#endif

static const uint32_t connect_flags[] = {0, LIBSOCK_NONBLOCK};

static libsock_socket connect_socket(uint32_t flags)
{
    return sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, flags);
}

TEST(arguments_are_judged)
{
    libsock_socket sock = connect_socket(0);
    libsock_socket none = LIBSOCK_SOCKET_INIT;
    libsock_addr empty = {0};
    libsock_addr broken = {.len = LIBSOCK_ADDR_SIZE + 1};
    libsock_addr at;

    fault_reset();
    CHECK_KIND(libsock_connect_until(sock, NULL, 0), INVALID_INPUT);
    CHECK_KIND(libsock_connect_until(sock, &empty, 0), INVALID_INPUT);
    CHECK_KIND(libsock_connect_until(sock, &broken, 0), INVALID_INPUT);
    CHECK_KIND(libsock_connect_timeout(sock, NULL, 0), INVALID_INPUT);
    CHECK_EQ_UINT(fault_calls(), 0);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &at));
    CHECK_KIND(libsock_connect_timeout(none, &at, LIBSOCK_NO_TIMEOUT),
               BAD_DESCRIPTOR);
    sock_close(sock);
}

TEST(what_is_no_socket_is_not_waited_for)
{
    libsock_addr at;
    int pipe[2];

    net_pipe(pipe);
    CHECK_OK(libsock_addr_loopback(LIBSOCK_DOMAIN_IPV4, 1, &at));
    CHECK_KIND(
        libsock_connect_timeout(sock_adopt(pipe[0]), &at, LIBSOCK_NO_TIMEOUT),
        NOT_A_SOCKET);
    CHECK(!net_is_nonblocking(pipe[0]));
    net_close(pipe[0]);
    net_close(pipe[1]);
}

static void connect_count(libsock_socket sock, const libsock_addr *at,
                          unsigned mode_calls, bool waits)
{
    fault_reset();
    CHECK_OK(libsock_connect_timeout(sock, at, LIBSOCK_NO_TIMEOUT));
    CHECK_EQ_UINT(fault_calls_of("fcntl"), 1);
    CHECK_EQ_UINT(fault_calls_of("ioctl"), mode_calls);
    CHECK_EQ_UINT(fault_calls_of("connect"), 1);
    CHECK_EQ_UINT(fault_calls_of(connect_wait_call), waits);
    CHECK_EQ_UINT(fault_calls_of("getsockopt"), waits);
    CHECK_EQ_UINT(fault_calls_of("getpeername"), waits);
    CHECK_EQ_UINT(fault_calls(), mode_calls + (waits ? 5 : 2));
}

TEST(the_calls_are_as_few_as_can_be)
{
    libsock_addr stream, dgram;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &stream);
    libsock_socket peer =
        sock_bound(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM, 0, &dgram);

    for (unsigned i = 0; i < 2; i++) {
        unsigned mode_calls = connect_flags[i] == 0 ? 2 : 0;
        libsock_socket sock = connect_socket(connect_flags[i]);

        connect_count(sock, &stream, mode_calls, true);
        sock_close(sock);
        sock = sock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_DGRAM,
                         connect_flags[i]);
        connect_count(sock, &dgram, mode_calls, false);
        sock_close(sock);
    }
    sock_close(peer);
    sock_close(listener);
}

struct connect_try {
    libsock_addr at;
    uint32_t flags;
};

/* Of two ioctl() the second one restores the mode; nothing can, if it fails. */
static int connect_try(void *arg)
{
    const struct connect_try *what = arg;
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int r = libsock_open(LIBSOCK_DOMAIN_IPV4, LIBSOCK_TYPE_STREAM, 0,
                         what->flags, &sock);
    if (r < 0)
        return r;
    r = libsock_connect_timeout(sock, &what->at, CLOCK_S);
    if (fault_calls_of("ioctl") < 2 || !fault_fired())
        CHECK_EQ_INT(net_is_nonblocking(sock_fd(sock)), what->flags != 0);
    sock_close(sock);
    return r;
}

TEST(each_failing_call_is_reported)
{
    struct connect_try what;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &what.at);

    for (unsigned i = 0; i < 2; i++) {
        struct fault_summary sum;

        what.flags = connect_flags[i];
        sum = fault_each(connect_try, &what, ENOBUFS);
        CHECK_UINT(sum.rounds, >=, 6);
        CHECK_EQ_UINT(sum.failed, sum.rounds);
    }
    sock_close(listener);
}

/* One call of this name fails; how does the whole end, in which mode? */
static int connect_failing(const char *call, int err, const libsock_addr *at)
{
    int result = 0;

    for (unsigned i = 0; i < 2; i++) {
        libsock_socket sock = connect_socket(connect_flags[i]);

        fault_reset();
        fault_fail_call(call, 1, err);
        result = libsock_connect_timeout(sock, at, CLOCK_S);
        CHECK(fault_fired());
        fault_reset();
        CHECK_EQ_INT(net_is_nonblocking(sock_fd(sock)), connect_flags[i] != 0);
        sock_close(sock);
    }
    return result;
}

TEST(failures_on_the_way_restore_the_mode)
{
    libsock_addr at;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);

    CHECK_ERR(connect_failing("connect", ENETUNREACH, &at), ENETUNREACH);
    CHECK_ERR(connect_failing("connect", EINTR, &at), EINTR);
    CHECK_ERR(connect_failing(connect_wait_call, EINTR, &at), EINTR);
    CHECK_ERR(connect_failing(connect_wait_call, ENOMEM, &at), ENOMEM);
    CHECK_ERR(connect_failing("getsockopt", ENOBUFS, &at), ENOBUFS);
    CHECK_ERR(connect_failing("getpeername", ENOTCONN, &at), ENOTCONN);
    sock_close(listener);
}

/* As on a BSD: the connection was made after the first call had given up. */
TEST(connected_since_then_is_a_success)
{
    libsock_addr at, other;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);
    libsock_socket sock = connect_socket(0);

    fault_fail_call(connect_wait_call, 1, EINTR);
    CHECK(libsock_interrupted(libsock_connect_timeout(sock, &at, CLOCK_S)));
    fault_reset();
    CHECK(net_wait_writable(sock_fd(sock), 5000));
    fault_fail_call("connect", 1, EISCONN);
    CHECK_OK(libsock_connect_timeout(sock, &at, CLOCK_S));
    fault_reset();
    other = at;
    CHECK_OK(libsock_addr_set_port(&other, 1));
    fault_fail_call("connect", 1, EISCONN);
    CHECK_ERR(libsock_connect_timeout(sock, &other, CLOCK_S), EISCONN);
    sock_close(sock);
    sock_close(listener);
}

/* EAGAIN of a TCP socket says that no port is free: waiting would not help. */
TEST(only_unix_sockets_are_tried_again)
{
    libsock_addr at;
    libsock_socket listener = sock_listening(LIBSOCK_DOMAIN_IPV4, 0, &at);

    CHECK_ERR(connect_failing("connect", EAGAIN, &at), EAGAIN);
    sock_close(listener);
}

TEST(a_full_unix_listener_is_tried_again_a_few_times)
{
    libsock_addr at;
    libsock_socket sock =
        sock_open(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0);
    char path[NET_PATH_MAX];
    uint64_t start;

    net_temp_path(path);
    CHECK_OK(libsock_addr_from_unix_path(path, strlen(path), &at));
    fault_reset();
    fault_fail_call("connect", 0, EAGAIN);
    start = clock_ns();
    CHECK_KIND(libsock_connect_timeout(sock, &at, 100 * CLOCK_MS), TIMED_OUT);
    CHECK_UINT(clock_ns() - start, >=, 100 * CLOCK_MS);
    /* 1 + 2 + 4 + 8 + 16 * 6 ms, and one for what rounding leaves over. */
    CHECK_UINT(fault_calls_of("connect"), >=, 2);
    CHECK_UINT(fault_calls_of("connect"), <=, 12);
    fault_reset();
    fault_fail_call(connect_wait_call, 1, EINTR);
    fault_fail_call("connect", 0, EAGAIN);
    CHECK(libsock_interrupted(libsock_connect_timeout(sock, &at, CLOCK_S)));
    fault_reset();
    CHECK(!net_is_nonblocking(sock_fd(sock)));
    sock_close(sock);
}

TEST(long_waits_do_not_wrap)
{
    libsock_socket pair[2];

    /* Writable at once, so that a wait cut to nothing would still say 1. */
    sock_pair(LIBSOCK_TYPE_STREAM, LIBSOCK_NONBLOCK, pair);
    CHECK_EQ_INT(libsock__sys_wait_writable(pair[0].raw, UINT64_MAX), 1);
    CHECK_EQ_INT(
        libsock__sys_wait_writable(pair[0].raw, UINT64_C(2147483648000000)), 1);
    net_fill(sock_fd(pair[0]));
    CHECK_EQ_INT(libsock__sys_wait_writable(pair[0].raw, 0), 0);
    CHECK_EQ_INT(libsock__sys_wait_writable(pair[0].raw, 1), 0);
    sock_close_pair(pair);
}
