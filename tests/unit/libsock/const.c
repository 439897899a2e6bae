/* SPDX-License-Identifier: MIT */
/*
 * Portable constants against the kernel's headers, both ways. What the calls
 * make of them is tested with the calls.
 * Nothing is guarded.
 */
#include "support/check.h"

#include "util.h"

#include <errno.h>
#include <sys/socket.h>
#if defined(__linux__)
# include <linux/sctp.h>
#endif

TEST(domains_map_both_ways)
{
    static const int rows[][2] = {
        {LIBSOCK_DOMAIN_UNSPEC, AF_UNSPEC},
        {LIBSOCK_DOMAIN_IPV4, AF_INET},
        {LIBSOCK_DOMAIN_IPV6, AF_INET6},
        {LIBSOCK_DOMAIN_UNIX, AF_UNIX},
#if defined(__linux__)
        {LIBSOCK_DOMAIN_VSOCK, AF_VSOCK},
        {LIBSOCK_DOMAIN_PACKET, AF_PACKET},
        {LIBSOCK_DOMAIN_NETLINK, AF_NETLINK},
#endif
    };
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(rows); i++) {
        CHECK_EQ_INT(libsock__sys_domain(rows[i][0]), rows[i][1]);
        CHECK_EQ_INT(libsock__sys_domain_of(rows[i][1]), rows[i][0]);
        CHECK_EQ_INT(libsock__sys_domain(LIBSOCK_RAW(rows[i][1])), rows[i][1]);
    }
}

TEST(types_map_both_ways)
{
    static const int rows[][2] = {
        {LIBSOCK_TYPE_STREAM, SOCK_STREAM},
        {LIBSOCK_TYPE_DGRAM, SOCK_DGRAM},
        {LIBSOCK_TYPE_RAW, SOCK_RAW},
        {LIBSOCK_TYPE_SEQPACKET, SOCK_SEQPACKET},
        {LIBSOCK_TYPE_DCCP, SOCK_DCCP},
    };
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(rows); i++) {
        CHECK_EQ_INT(libsock__sys_type(rows[i][0]), rows[i][1]);
        CHECK_EQ_INT(libsock__sys_type_of(rows[i][1]), rows[i][0]);
    }
}

TEST(protocols_are_their_own_numbers)
{
    CHECK_EQ_INT(libsock__sys_protocol(0), 0);
    CHECK_EQ_INT(libsock__sys_protocol(LIBSOCK_PROTOCOL_MPTCP), 262);
    CHECK_EQ_INT(libsock__sys_protocol(257), 257);
    CHECK_EQ_INT(libsock__sys_protocol(LIBSOCK_RAW(255)), 255);
    CHECK_EQ_INT(libsock__sys_protocol(LIBSOCK_RAW(258)), 258);
#if defined(__FreeBSD__) || defined(__OpenBSD__)
    CHECK_EQ_INT(libsock__sys_protocol(LIBSOCK_PROTOCOL_DIVERT), 258);
#else
    CHECK_EQ_INT(libsock__sys_protocol(LIBSOCK_PROTOCOL_DIVERT), -1);
#endif
    CHECK_INT(libsock__sys_protocol(-1), <, 0);
}

TEST(numbers_out_of_range_have_no_native_one)
{
    CHECK_EQ_INT(libsock__sys_domain(-1), -1);
    CHECK_EQ_INT(libsock__sys_domain(INT32_MIN), -1);
    CHECK_EQ_INT(libsock__sys_domain(LIBSOCK_DOMAIN_NETLINK + 1), -1);
    CHECK_EQ_INT(libsock__sys_domain(0x3fffffff), -1);
    CHECK_EQ_INT(libsock__sys_type(0), -1);
    CHECK_EQ_INT(libsock__sys_type(LIBSOCK_TYPE_DCCP + 1), -1);
}

TEST(the_native_escape_goes_both_ways)
{
    CHECK_EQ_INT(libsock__sys_domain(LIBSOCK_RAW(29)), 29);
    CHECK_EQ_INT(libsock__sys_domain_of(29), LIBSOCK_RAW(29));
    CHECK_EQ_INT(libsock__sys_type(LIBSOCK_RAW(10)), 10);
    CHECK_EQ_INT(libsock__sys_type_of(10), LIBSOCK_RAW(10));
    CHECK_EQ_INT(libsock__sys_domain(LIBSOCK_RAW(0x3fffffff)), 0x3fffffff);
}

struct const_flag_row {
    int portable;
    int in;
    int out;
};

static const struct const_flag_row const_rows[] = {
    {LIBSOCK_MSG_OOB, MSG_OOB, MSG_OOB},
    {LIBSOCK_MSG_PEEK, MSG_PEEK, 0},
    {LIBSOCK_MSG_DONTROUTE, MSG_DONTROUTE, 0},
    {LIBSOCK_MSG_WAITALL, MSG_WAITALL, 0},
    {LIBSOCK_MSG_DONTWAIT, MSG_DONTWAIT, 0},
    {LIBSOCK_MSG_EOR, MSG_EOR, MSG_EOR},
    {LIBSOCK_MSG_CTRUNC, 0, MSG_CTRUNC},
#if defined(__linux__)
    {LIBSOCK_MSG_MORE, MSG_MORE, 0},
    {LIBSOCK_MSG_CONFIRM, MSG_CONFIRM, MSG_CONFIRM},
    {LIBSOCK_MSG_ERRQUEUE, MSG_ERRQUEUE, MSG_ERRQUEUE},
    {LIBSOCK_MSG_TRUNC, MSG_TRUNC, MSG_TRUNC},
    {LIBSOCK_MSG_ZEROCOPY, MSG_ZEROCOPY, 0},
    {LIBSOCK_MSG_FASTOPEN, MSG_FASTOPEN, 0},
    {LIBSOCK_MSG_WAITFORONE, MSG_WAITFORONE, 0},
    {LIBSOCK_MSG_NOTIFICATION, 0, MSG_NOTIFICATION},
#else
    {LIBSOCK_MSG_TRUNC, 0, MSG_TRUNC},
#endif
};

TEST(flags_map_one_by_one)
{
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(const_rows); i++) {
        const struct const_flag_row *row = &const_rows[i];
        int native = 77;
        int r = libsock__sys_msg_flags(row->portable, &native);

        CHECK_EQ_INT(r, row->in != 0 ? 0 : -EOPNOTSUPP);
        CHECK_EQ_INT(native, row->in != 0 ? row->in : 77);
        if (row->out != 0) {
            CHECK_EQ_INT(libsock__sys_msg_flags_of(row->out), row->portable);
        } else {
            /* Linux has a bit with two meanings, one for each way. */
            CHECK_EQ_INT(libsock__sys_msg_flags_of(row->in) & row->portable, 0);
        }
    }
}

TEST(flags_combine)
{
    int native = 77;

    CHECK_OK(libsock__sys_msg_flags(0, &native));
    CHECK_EQ_INT(native, 0);
    CHECK_OK(libsock__sys_msg_flags(LIBSOCK_MSG_PEEK | LIBSOCK_MSG_DONTWAIT,
                                    &native));
    CHECK_EQ_INT(native, MSG_PEEK | MSG_DONTWAIT);
    CHECK_EQ_INT(libsock__sys_msg_flags_of(MSG_TRUNC | MSG_CTRUNC | MSG_EOR),
                 LIBSOCK_MSG_TRUNC | LIBSOCK_MSG_CTRUNC | LIBSOCK_MSG_EOR);
    CHECK_EQ_INT(libsock__sys_msg_flags_of(0), 0);
}

TEST(flags_unknown_are_refused_before_flags_lacking)
{
    int native = 77;

    CHECK_ERR(libsock__sys_msg_flags(0x8000, &native), EINVAL);
    CHECK_ERR(libsock__sys_msg_flags(0x8000 | LIBSOCK_MSG_CTRUNC, &native),
              EINVAL);
    CHECK_ERR(libsock__sys_msg_flags(-1, &native), EINVAL);
    CHECK_ERR(libsock__sys_msg_flags(INT32_MIN, &native), EINVAL);
    CHECK_ERR(
        libsock__sys_msg_flags(LIBSOCK_MSG_PEEK | LIBSOCK_MSG_CTRUNC, &native),
        EOPNOTSUPP);
    CHECK_EQ_INT(native, 77);
}

TEST(flags_of_the_os_pass_as_they_are)
{
    int native = 0;

    CHECK_OK(
        libsock__sys_msg_flags(LIBSOCK_RAW(MSG_PEEK | MSG_WAITALL), &native));
    CHECK_EQ_INT(native, MSG_PEEK | MSG_WAITALL);
}
