/* SPDX-License-Identifier: MIT */
/*
 * control_report.c: times in both widths, and the error queue, against the OS's
 * own structures and every wrong length. What the kernel makes of them is in
 * behaviour/sock_timestamp.c and sock_errqueue.c.
 */
#include <errno.h>
#include <string.h>

#include "control_support.h"

/* Each kernel's pair of numbers: two longs of old, two 64-bit ones of new. */
TEST(timestamps_are_read_in_both_widths)
{
    static const struct {
        int type;
        uint64_t unit;
    } rows[] = {{SO_TIMESTAMP_OLD, 1000},
                {SO_TIMESTAMP_NEW, 1000},
                {SO_TIMESTAMPNS_OLD, 1},
                {SO_TIMESTAMPNS_NEW, 1}};
    const int32_t narrow[2] = {1700000000, 999999};
    const int64_t wide[2] = {4300000000, 5};
    struct value_record v;
    uint64_t ns;

    for (size_t i = 0; i < 4; i++) {
        CHECK_OK(libsock_control_get_timestamp(
            READ(v, SOL_SOCKET, rows[i].type, narrow, sizeof(narrow)), &ns));
        CHECK_EQ_UINT(ns, 1700000000 * UINT64_C(1000000000) +
                              999999 * rows[i].unit);
        CHECK_OK(libsock_control_get_timestamp(
            READ(v, SOL_SOCKET, rows[i].type, wide, sizeof(wide)), &ns));
        CHECK_EQ_UINT(ns, 4300000000 * UINT64_C(1000000000) + 5 * rows[i].unit);
        CHECK_KIND(libsock_control_get_timestamp(
                       READ(v, SOL_SOCKET, rows[i].type, wide, 12), &ns),
                   INVALID_INPUT);
        CHECK_KIND(libsock_control_get_timestamp(
                       READ(v, SOL_SOCKET, rows[i].type, wide, 0), &ns),
                   INVALID_INPUT);
    }
    CHECK_KIND(libsock_control_get_timestamp(NULL, &ns), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_timestamp(&v.control, NULL), INVALID_INPUT);
}

TEST(what_is_no_time_is_refused)
{
    static const int64_t bad[][2] = {
        {-1, 0}, {INT64_MAX, 0},  {9223372036, 0}, {INT64_MIN, 0},
        {1, -1}, {1, 1000000000}, {1, INT64_MAX},  {1, INT64_MIN}};
    const int64_t last[2] = {9223372035, 999999999};
    struct value_record v;
    uint64_t ns = 7;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_KIND(
            libsock_control_get_timestamp(
                READ(v, SOL_SOCKET, SO_TIMESTAMPNS_NEW, bad[i], 16), &ns),
            INVALID_INPUT);
        CHECK_KIND(libsock_control_get_timestamp(
                       READ(v, SOL_SOCKET, SO_TIMESTAMP_NEW, bad[i], 16), &ns),
                   INVALID_INPUT);
    }
    CHECK_EQ_UINT(ns, 7);
    CHECK_OK(libsock_control_get_timestamp(
        READ(v, SOL_SOCKET, SO_TIMESTAMPNS_NEW, last, 16), &ns));
    CHECK_EQ_UINT(ns, UINT64_C(9223372035999999999));
}

TEST(three_times_in_both_widths)
{
    static const int types[] = {SO_TIMESTAMPING_OLD, SO_TIMESTAMPING_NEW};
    const int32_t narrow[6] = {3, 4, 0, 0, 5, 6};
    const int64_t wide[6] = {3, 4, 0, 0, 5, 6};
    const int64_t bad[6] = {3, 4, 0, 0, 5, -6};
    libsock_timestamps t;
    struct value_record v;

    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(libsock_control_get_timestamps(
            READ(v, SOL_SOCKET, types[i], narrow, sizeof(narrow)), &t));
        CHECK_EQ_UINT(t.software_ns, 3000000004);
        CHECK_EQ_UINT(t.hardware_ns, 5000000006);
        memset(&t, 0, sizeof(t));
        CHECK_OK(libsock_control_get_timestamps(
            READ(v, SOL_SOCKET, types[i], wide, sizeof(wide)), &t));
        CHECK_EQ_UINT(t.software_ns, 3000000004);
        CHECK_EQ_UINT(t.hardware_ns, 5000000006);
        CHECK_KIND(libsock_control_get_timestamps(
                       READ(v, SOL_SOCKET, types[i], wide, 32), &t),
                   INVALID_INPUT);
        CHECK_KIND(libsock_control_get_timestamps(
                       READ(v, SOL_SOCKET, types[i], bad, sizeof(bad)), &t),
                   INVALID_INPUT);
        CHECK_EQ_UINT(t.software_ns, 3000000004);
    }
    CHECK_KIND(libsock_control_get_timestamps(NULL, &t), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_timestamps(&v.control, NULL), INVALID_INPUT);
}

/* An extended error with the address of its offender behind. */
struct value_error {
    struct sock_extended_err ee;
    union {
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } offender;
};

TEST(an_error_tells_its_offender)
{
    struct value_error e = {.ee = {.ee_errno = EMSGSIZE,
                                   .ee_origin = SO_EE_ORIGIN_ICMP,
                                   .ee_type = 3,
                                   .ee_code = 4,
                                   .ee_info = 1280,
                                   .ee_data = 9}};
    libsock_sock_error got;
    struct value_record v;

    e.offender.v4.sin_family = AF_INET;
    e.offender.v4.sin_addr.s_addr = htonl(0x0a000001);
    CHECK_OK(libsock_control_get_error(
        READ(v, IPPROTO_IP, IP_RECVERR, &e, sizeof(e.ee) + 16), &got));
    CHECK_KIND(got.error, MSG_SIZE);
    CHECK_EQ_UINT(got.origin, LIBSOCK_ORIGIN_ICMPV4);
    CHECK_EQ_UINT(got.type, 3);
    CHECK_EQ_UINT(got.code, 4);
    CHECK_EQ_UINT(got.info, 1280);
    CHECK_EQ_UINT(got.data, 9);
    CHECK_EQ_UINT(libsock_addr_raw_len(&got.offender), 16);
    CHECK_EQ_MEM(libsock_addr_raw(&got.offender), &e.offender, 16);
    e.offender.v6.sin6_family = AF_INET6;
    CHECK_OK(libsock_control_get_error(
        READ(v, IPPROTO_IPV6, IPV6_RECVERR, &e, sizeof(e)), &got));
    CHECK_EQ_UINT(libsock_addr_raw_len(&got.offender), 28);
}

TEST(an_error_may_have_no_offender)
{
    struct value_error e = {.ee = {.ee_errno = ECONNREFUSED}};
    libsock_sock_error got;
    struct value_record v;

    for (size_t len = sizeof(e.ee); len <= sizeof(e); len++) {
        memset(&got, 0xff, sizeof(got));
        CHECK_OK(libsock_control_get_error(
            READ(v, IPPROTO_IP, IP_RECVERR, &e, len), &got));
        CHECK_KIND(got.error, CONNECTION_REFUSED);
        CHECK_EQ_UINT(libsock_addr_raw_len(&got.offender), 0);
    }
}

TEST(a_cut_error_is_refused)
{
    struct value_error e = {.ee = {.ee_errno = ECONNREFUSED}};
    libsock_sock_error got, before;
    struct value_record v;

    e.offender.v4.sin_family = AF_INET;
    memset(&got, 0x5a, sizeof(got));
    before = got;
    for (size_t len = 0; len < sizeof(e.ee) + 16; len++) {
        /* A family that is not whole is none. */
        if (len >= sizeof(e.ee) && len < sizeof(e.ee) + sizeof(sa_family_t))
            continue;
        CHECK_KIND(libsock_control_get_error(
                       READ(v, IPPROTO_IP, IP_RECVERR, &e, len), &got),
                   INVALID_INPUT);
    }
    e.ee.ee_errno = 0x80000000;
    CHECK_KIND(libsock_control_get_error(
                   READ(v, IPPROTO_IP, IP_RECVERR, &e, sizeof(e)), &got),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_get_error(NULL, &got), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_error(&v.control, NULL), INVALID_INPUT);
    CHECK_EQ_MEM(&got, &before, sizeof(got));
}

TEST(reports_are_told_apart)
{
    struct sock_extended_err ee = {.ee_errno = 0,
                                   .ee_origin = SO_EE_ORIGIN_ZEROCOPY,
                                   .ee_code = SO_EE_CODE_ZEROCOPY_COPIED,
                                   .ee_info = UINT32_MAX,
                                   .ee_data = 2};
    libsock_zerocopy range = {0};
    libsock_tx_report report = {0};
    libsock_sock_error got;
    struct value_record v;

    READ(v, IPPROTO_IP, IP_RECVERR, &ee, sizeof(ee));
    CHECK_OK(libsock_control_get_zerocopy(&v.control, &range));
    CHECK_EQ_UINT(range.first, UINT32_MAX);
    CHECK_EQ_UINT(range.last, 2);
    CHECK(range.copied);
    CHECK_KIND(libsock_control_get_tx_report(&v.control, &report),
               INVALID_INPUT);
    CHECK_KIND(libsock_control_get_zerocopy(&v.control, NULL), INVALID_INPUT);
    ee.ee_origin = SO_EE_ORIGIN_TIMESTAMPING;
    ee.ee_errno = ENOMSG;
    ee.ee_info = SCM_TSTAMP_ACK;
    READ(v, SOL_PACKET, PACKET_TX_TIMESTAMP, &ee, sizeof(ee));
    CHECK_OK(libsock_control_get_tx_report(&v.control, &report));
    CHECK_EQ_UINT(report.stage, LIBSOCK_TX_ACKED);
    CHECK_EQ_UINT(report.id, 2);
    CHECK_KIND(libsock_control_get_zerocopy(&v.control, &range), INVALID_INPUT);
    CHECK_KIND(libsock_control_get_tx_report(&v.control, NULL), INVALID_INPUT);
    CHECK_OK(libsock_control_get_error(&v.control, &got));
    CHECK_EQ_INT(got.error, 0);
}
