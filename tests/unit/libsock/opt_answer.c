/* SPDX-License-Identifier: MIT */
/*
 * How answers of a kernel are read that this kernel does not give: shorter,
 * longer, negative, unterminated. This program's own getsockopt() and
 * setsockopt() take the place of the C library's.
 * Each test is alone in its process and sets the answer first.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "sys/posix/platform.h"

#include "support/check.h"

static struct {
    unsigned char bytes[160];
    socklen_t len;
    socklen_t asked;
} answer;

static struct {
    unsigned char bytes[160];
    socklen_t len;
    int level;
    int name;
    int calls;
    int fail_name; /* the option that is refused with EPERM */
} told;

int getsockopt(int fd, int level, int name, void *restrict value,
               socklen_t *restrict len)
{
    (void)fd;
    (void)level;
    (void)name;
    answer.asked = *len;
    memcpy(value, answer.bytes, answer.len < *len ? answer.len : *len);
    *len = answer.len;
    return 0;
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    (void)fd;
    if (name == told.fail_name) {
        errno = EPERM;
        return -1;
    }
    CHECK_UINT(len, <=, sizeof(told.bytes));
    memcpy(told.bytes, value, len);
    told.len = len;
    told.level = level;
    told.name = name;
    told.calls++;
    return 0;
}

static const libsock_socket sock = {7};

static void answer_with(const void *bytes, size_t len)
{
    memset(&answer, 0xee, sizeof(answer));
    memcpy(answer.bytes, bytes, len);
    answer.len = (socklen_t)len;
}

TEST(a_bool_may_be_one_byte_or_four_or_any_bit)
{
    bool on = false;
    int mask = SO_KEEPALIVE << 8;

    answer_with("\1", 1);
    CHECK_OK(libsock_get_keepalive(sock, &on));
    CHECK(on);
    answer_with("\0", 1);
    CHECK_OK(libsock_get_keepalive(sock, &on));
    CHECK(!on);
    /* BSDs answer with the bit, not with 1. */
    answer_with(&mask, sizeof(mask));
    CHECK_OK(libsock_get_tcp_nodelay(sock, &on));
    CHECK(on);
    CHECK_EQ_UINT(answer.asked, sizeof(int));
}

TEST(an_answer_of_no_known_length_is_no_answer)
{
    bool on = true;
    uint64_t ns = 4711;

    answer_with("", 0);
    CHECK_EQ_INT(libsock_kind(libsock_get_only_v6(sock, &on)),
                 LIBSOCK_KIND_UNSUPPORTED);
    answer_with("\0\0", 2);
    CHECK_EQ_INT(libsock_kind(libsock_get_only_v6(sock, &on)),
                 LIBSOCK_KIND_UNSUPPORTED);
    answer_with("\0\0\0\0", 4);
    CHECK_EQ_INT(libsock_kind(libsock_get_read_timeout(sock, &ns)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK_EQ_INT(libsock_kind(libsock_get_linger(sock, &ns)),
                 LIBSOCK_KIND_UNSUPPORTED);
    CHECK(on);
    CHECK_EQ_UINT(ns, 4711);
}

TEST(a_sign_counts_where_it_means_something)
{
    int minus = -1;
    int value = 0;
    uint32_t bits = 0;

    answer_with(&minus, sizeof(minus));
    CHECK_OK(libsock_get_incoming_cpu(sock, &value));
    CHECK_EQ_INT(value, -1);
    CHECK_OK(libsock_get_mark(sock, &bits));
    CHECK_EQ_UINT(bits, UINT32_MAX);
}

TEST(ipv4_multicast_numbers_are_one_byte_both_ways)
{
    uint32_t ttl = 0;
    const uint8_t wide[sizeof(int)] = {200};
    bool on = false;

    CHECK_OK(libsock_set_multicast_ttl_v4(sock, 255));
    CHECK_EQ_UINT(told.len, 1);
    CHECK_EQ_UINT(told.bytes[0], 255);
    CHECK_OK(libsock_set_multicast_loop_v4(sock, true));
    CHECK_EQ_UINT(told.len, 1);
    CHECK_EQ_UINT(told.bytes[0], 1);
    answer_with("\xff", 1);
    CHECK_OK(libsock_get_multicast_ttl_v4(sock, &ttl));
    CHECK_EQ_UINT(answer.asked, 1);
    CHECK_EQ_UINT(ttl, 255);
    answer_with(wide, sizeof(wide));
    CHECK_OK(libsock_get_multicast_loop_v4(sock, &on));
    CHECK(on);
}

TEST(times_beyond_measure_are_no_limit)
{
    /* Where seconds have 32 bits, -1. */
    struct timeval time = {(time_t)INT64_MAX, 999999};
    struct linger linger = {1, -1};
    uint64_t ns = 0;

    answer_with(&time, sizeof(time));
    CHECK_OK(libsock_get_read_timeout(sock, &ns));
    CHECK_EQ_UINT(ns, LIBSOCK_NO_TIMEOUT);
    if (sizeof(time.tv_sec) == sizeof(int64_t)) {
        time.tv_sec = (time_t)(INT64_MAX / 1000000 - 2);
        answer_with(&time, sizeof(time));
        CHECK_OK(libsock_get_read_timeout(sock, &ns));
        CHECK_EQ_UINT(ns, LIBSOCK_NO_TIMEOUT);
    }
    time = (struct timeval){3, 5};
    answer_with(&time, sizeof(time));
    CHECK_OK(libsock_get_write_timeout(sock, &ns));
    CHECK_EQ_UINT(ns, 3000005000u);
    answer_with(&linger, sizeof(linger));
    CHECK_OK(libsock_get_linger(sock, &ns));
    CHECK_EQ_UINT(ns, UINT32_MAX * UINT64_C(1000000000));
}

TEST(text_loses_its_padding_and_nothing_else)
{
    char longest[LIBSOCK_OPT_TEXT_SIZE];
    char buf[LIBSOCK_OPT_TEXT_SIZE + 1];

    answer_with("cubic\0\0\0\0\0\0\0\0\0\0\0", 16);
    CHECK_EQ_INT(libsock_get_tcp_congestion(sock, buf, sizeof(buf)), 5);
    CHECK_EQ_STR(buf, "cubic");
    CHECK_EQ_INT(libsock_get_tcp_congestion(sock, buf, 6), 5);
    memset(buf, 'x', sizeof(buf));
    CHECK_ERR(libsock_get_tcp_congestion(sock, buf, 5), ENOBUFS);
    CHECK_ERR(libsock_get_tcp_congestion(sock, buf, 0), ENOBUFS);
    CHECK_EQ_INT(buf[0], 'x');
    /* Nothing says that the last byte is a NUL. */
    memset(longest, 'n', sizeof(longest));
    answer_with(longest, sizeof(longest));
    CHECK_ERR(libsock_get_device(sock, buf, sizeof(longest)), ENOBUFS);
    CHECK_EQ_INT(libsock_get_device(sock, buf, sizeof(buf)), sizeof(longest));
    CHECK_EQ_UINT(strlen(buf), sizeof(longest));
    answer_with("", 0);
    CHECK_EQ_INT(libsock_get_device(sock, buf, 1), 0);
    CHECK_EQ_STR(buf, "");
    CHECK_ERR(libsock_get_device(sock, NULL, 16), EINVAL);
}

TEST(a_redirected_connection_tells_where_it_was_going)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    libsock_addr addr;
    libsock_ipv6 parts;
    uint8_t octets[4];
    uint16_t port = 0;

    memset(&v4, 0, sizeof(v4));
    v4.sin_family = AF_INET;
    v4.sin_port = htons(443);
    memcpy(&v4.sin_addr, "\xc0\0\2\7", 4);
    answer_with(&v4, sizeof(v4));
    CHECK_OK(libsock_get_original_dst_v4(sock, &addr));
    CHECK_UINT(answer.asked, >=, sizeof(v6));
    CHECK_OK(libsock_addr_get_ipv4(&addr, octets, &port));
    CHECK_EQ_MEM(octets, "\xc0\0\2\7", 4);
    CHECK_EQ_UINT(port, 443);
    memset(&v6, 0, sizeof(v6));
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(80);
    v6.sin6_addr = in6addr_loopback;
    answer_with(&v6, sizeof(v6));
    CHECK_OK(libsock_get_original_dst_v6(sock, &addr));
    CHECK_OK(libsock_addr_get_ipv6(&addr, &parts));
    CHECK_EQ_UINT(parts.port, 80);
    CHECK_EQ_MEM(parts.octets, &in6addr_loopback, 16);
}

TEST(keepalive_is_put_back_when_the_switch_is_refused)
{
    libsock_keepalive all = {UINT64_C(60000000000), UINT64_C(5000000000), 3, 0};
    int before = 4711;

    answer_with(&before, sizeof(before));
    told.fail_name = SO_KEEPALIVE;
    CHECK_ERR(libsock_set_tcp_keepalive(sock, &all), EPERM);
    /* Three set, three put back, the first one last. */
    CHECK_EQ_INT(told.calls, 6);
    CHECK_EQ_INT(told.level, IPPROTO_TCP);
    CHECK_EQ_INT(told.name, TCP_KEEPIDLE);
    CHECK_EQ_MEM(told.bytes, &before, sizeof(before));
}

TEST(keepalive_is_put_back_when_a_part_is_refused)
{
    libsock_keepalive all = {UINT64_C(60000000000), UINT64_C(5000000000), 3, 0};
    int before = 4711;

    answer_with(&before, sizeof(before));
    told.fail_name = TCP_KEEPCNT;
    CHECK_ERR(libsock_set_tcp_keepalive(sock, &all), EPERM);
    CHECK_EQ_INT(told.calls, 4);
    CHECK_EQ_INT(told.name, TCP_KEEPIDLE);
    CHECK_EQ_MEM(told.bytes, &before, sizeof(before));
    /* What was not asked for is not put back either. */
    told.calls = 0;
    all.time_ns = 0;
    CHECK_ERR(libsock_set_tcp_keepalive(sock, &all), EPERM);
    CHECK_EQ_INT(told.calls, 2);
    CHECK_EQ_INT(told.name, TCP_KEEPINTVL);
}

TEST(keepalive_out_of_range_asks_nothing)
{
    static const libsock_keepalive bad[] = {
        {UINT64_C(32768000000000), 0, 0, 0},
        {0, UINT64_C(32767000000001), 0, 0},
        {UINT64_C(1000000000), UINT64_C(1000000000), 128, 0},
        {UINT64_MAX, 0, 0, 0},
        {0, 0, 0, 1},
    };

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK_ERR(libsock_set_tcp_keepalive(sock, &bad[i]), EINVAL);
    CHECK_ERR(libsock_set_tcp_keepalive(sock, NULL), EINVAL);
    CHECK_EQ_INT(told.calls, 0);
}
