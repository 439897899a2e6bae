/* SPDX-License-Identifier: MIT */
/*
 * What other systems tell about a connection: their answers made up, read by
 * the code that reads them there. Linux's own is in tcp_info.c.
 * Nothing is guarded.
 */
#include <libsock/libsock.h>

#include <string.h>

#include "sys/apple/tcp_info.h"
#include "sys/bsd/tcp_info.h"

#include "support/check.h"

#define HAS(info, field) libsock_tcp_info_has(&(info), LIBSOCK_TCP_INFO_##field)
#define BIT(field)       (UINT64_C(1) << LIBSOCK_TCP_INFO_##field)

enum {
    FREEBSD = LIBSOCK__TCP_INFO_FREEBSD,
    NETBSD = LIBSOCK__TCP_INFO_NETBSD,
    OPENBSD = LIBSOCK__TCP_INFO_OPENBSD,
    ESTABLISHED = 4, /* of all that derive from 4.4BSD */
    CLOSED = 0,
    LISTEN = 1,
    NO_END = 32767 << 14 /* of slow start, as NetBSD has it */
};

static const uint64_t told_by_all = BIT(STATE) | BIT(OPTIONS) |
                                    BIT(SND_WSCALE) | BIT(RCV_WSCALE) |
                                    BIT(SND_MSS) | BIT(CWND) | BIT(SSTHRESH);

/* Two numbers of four bits each, as compilers put them into a byte. */
static uint8_t halves(unsigned snd, unsigned rcv)
{
    struct {
        unsigned snd : 4, rcv : 4;
    } bits = {snd & 15, rcv & 15};
    uint8_t byte;

    memcpy(&byte, &bits, 1);
    return byte;
}

/* What is not set must not be read. */
static struct libsock__tcp_info_bsd bsd_answer(void)
{
    struct libsock__tcp_info_bsd native;

    memset(&native, 0xee, sizeof(native));
    native.state = ESTABLISHED;
    native.options = 0xff;
    native.scales[0] = halves(3, 7);
    native.rto = 230000;
    native.snd_mss = 1000;
    native.rtt = 1500;
    native.rttvar = 250;
    native.snd_ssthresh = 20999;
    native.snd_cwnd = 10500;
    native.rest.free.snd_wnd = 70000;
    native.rest.free.snd_rexmitpack = 5;
    return native;
}

static libsock_tcp_info bsd_told(int system,
                                 const struct libsock__tcp_info_bsd *native)
{
    libsock_tcp_info info;

    memset(&info, 0x77, sizeof(info));
    libsock__tcp_info_bsd_parse(system, native, sizeof(*native), &info);
    return info;
}

TEST(freebsd_counts_bytes_and_microseconds)
{
    struct libsock__tcp_info_bsd native = bsd_answer();
    libsock_tcp_info info = bsd_told(FREEBSD, &native);

    CHECK_EQ_UINT(info.valid, told_by_all | BIT(RTT) | BIT(RTTVAR) | BIT(RTO) |
                                  BIT(SND_WINDOW) | BIT(TOTAL_RETRANSMITS));
    CHECK_EQ_UINT(info.state, LIBSOCK_TCP_ESTABLISHED);
    CHECK_EQ_UINT(info.options, 15);
    CHECK_EQ_UINT(info.snd_wscale, 3);
    CHECK_EQ_UINT(info.rcv_wscale, 7);
    CHECK_EQ_UINT(info.rtt_ns, 1500000);
    CHECK_EQ_UINT(info.rttvar_ns, 250000);
    CHECK_EQ_UINT(info.rto_ns, 230000000);
    CHECK_EQ_UINT(info.snd_mss, 1000);
    CHECK_EQ_UINT(info.cwnd, 10);
    CHECK_EQ_UINT(info.ssthresh, 20);
    CHECK_EQ_UINT(info.snd_window, 70000);
    CHECK_EQ_UINT(info.total_retransmits, 5);
    CHECK_EQ_UINT(info.rcv_mss | info.rcv_space | info.unacked, 0);
}

/* Its times are nobody's, and its window is cut to segments. */
TEST(netbsd_counts_segments_and_tells_no_time)
{
    struct libsock__tcp_info_bsd native = bsd_answer();
    libsock_tcp_info info;

    native.snd_cwnd = 11;
    info = bsd_told(NETBSD, &native);
    CHECK_EQ_UINT(info.valid, told_by_all | BIT(TOTAL_RETRANSMITS));
    CHECK_EQ_UINT(info.cwnd, 11);
    CHECK_EQ_UINT(info.ssthresh, 20);
    CHECK_EQ_UINT(info.total_retransmits, 5);
    CHECK_EQ_UINT(info.snd_wscale, 3);
    CHECK_EQ_UINT(info.rcv_wscale, 7);
    CHECK_EQ_UINT(info.rtt_ns | info.rto_ns | info.snd_window, 0);
}

TEST(openbsd_tells_the_superuser_more)
{
    const uint64_t told_to_all =
        told_by_all | BIT(RTT) | BIT(RTTVAR) | BIT(RTO);
    struct libsock__tcp_info_bsd native = bsd_answer();
    libsock_tcp_info info;

    native.scales[0] = 14;
    native.scales[1] = 2;
    native.rest.open.snd_wnd = 70001;
    native.rest.open.snd_rexmitpack = 6;
    native.rest.open.rcv_hiwat = 16384;
    info = bsd_told(OPENBSD, &native);
    CHECK_EQ_UINT(info.valid,
                  told_to_all | BIT(SND_WINDOW) | BIT(TOTAL_RETRANSMITS));
    CHECK_EQ_UINT(info.snd_window, 70001);
    CHECK_EQ_UINT(info.total_retransmits, 6);
    CHECK_EQ_UINT(info.cwnd, 10);
    CHECK_EQ_UINT(info.snd_wscale, 14);
    CHECK_EQ_UINT(info.rcv_wscale, 2);
    memset(&native.rest, 0, sizeof(native.rest));
    info = bsd_told(OPENBSD, &native);
    CHECK_EQ_UINT(info.valid, told_to_all);
    CHECK_EQ_UINT(info.rtt_ns, 1500000);
}

TEST(states_are_numbered_anew)
{
    static const uint8_t ours[] = {7, 10, 2, 3, 1, 8, 4, 11, 9, 5, 6, 0, 0};
    struct libsock__tcp_info_bsd native = bsd_answer();

    for (uint8_t i = 0; i < sizeof(ours); i++) {
        native.state = i;
        CHECK_EQ_UINT(bsd_told(FREEBSD, &native).state, ours[i]);
    }
}

TEST(what_means_nothing_is_not_valid)
{
    struct libsock__tcp_info_bsd native = bsd_answer();
    libsock_tcp_info info;

    native.rtt = 0;
    native.snd_ssthresh = NO_END;
    info = bsd_told(FREEBSD, &native);
    CHECK(!HAS(info, RTT) && !HAS(info, SSTHRESH) && HAS(info, CWND));
    CHECK_EQ_UINT(info.ssthresh, 0);
    native.snd_mss = 0;
    info = bsd_told(FREEBSD, &native);
    CHECK(!HAS(info, CWND));
    CHECK_EQ_UINT(info.cwnd, 0);
}

TEST(without_a_connection_there_is_a_state_alone)
{
    struct libsock__tcp_info_bsd native = bsd_answer();
    libsock_tcp_info info;

    for (uint8_t state = CLOSED; state <= LISTEN; state++) {
        native.state = state;
        info = bsd_told(NETBSD, &native);
        CHECK_EQ_UINT(info.valid, BIT(STATE));
        CHECK_EQ_UINT(info.options | info.snd_wscale | info.snd_mss, 0);
    }
    CHECK_EQ_UINT(info.state, LIBSOCK_TCP_LISTEN);
}

/* A kernel that tells less than all that there is. */
TEST(half_of_a_member_is_none_of_it)
{
    struct libsock__tcp_info_bsd native = bsd_answer();
    size_t upto = offsetof(struct libsock__tcp_info_bsd, rtt);
    libsock_tcp_info info;

    libsock__tcp_info_bsd_parse(FREEBSD, &native, upto + 3, &info);
    CHECK(HAS(info, SND_MSS) && !HAS(info, RTT) && !HAS(info, CWND));
    libsock__tcp_info_bsd_parse(FREEBSD, &native, upto + 4, &info);
    CHECK(HAS(info, RTT) && !HAS(info, RTTVAR));
    libsock__tcp_info_bsd_parse(FREEBSD, &native, 0, &info);
    CHECK_EQ_UINT(info.valid, 0);
    CHECK_EQ_UINT(info.state, 0);
}

static struct libsock__tcp_info_apple apple_answer(void)
{
    struct libsock__tcp_info_apple native;

    memset(&native, 0xee, sizeof(native));
    native.state = ESTABLISHED;
    native.snd_wscale = 6;
    native.rcv_wscale = 5;
    native.options = 7;
    native.rto = 230;
    native.maxseg = 1448;
    native.snd_ssthresh = 14480;
    native.snd_cwnd = 28960;
    native.snd_wnd = 131712;
    native.srtt = 12;
    native.rttvar = 3;
    native.fastopen = 0;
    native.txbytes = UINT64_C(1) << 40;
    native.txretransmitbytes = 1448;
    native.txretransmitpackets = 1;
    return native;
}

TEST(apple_counts_bytes_and_milliseconds)
{
    struct libsock__tcp_info_apple native = apple_answer();
    libsock_tcp_info info;

    libsock__tcp_info_apple_parse(&native, sizeof(native), &info);
    CHECK_EQ_UINT(info.valid, told_by_all | BIT(RTT) | BIT(RTTVAR) | BIT(RTO) |
                                  BIT(SND_WINDOW) | BIT(TOTAL_RETRANSMITS) |
                                  BIT(BYTES_SENT) | BIT(BYTES_RETRANSMITTED));
    CHECK_EQ_UINT(info.state, LIBSOCK_TCP_ESTABLISHED);
    CHECK_EQ_UINT(info.options, 7);
    CHECK_EQ_UINT(info.snd_wscale, 6);
    CHECK_EQ_UINT(info.rcv_wscale, 5);
    CHECK_EQ_UINT(info.rtt_ns, 12000000);
    CHECK_EQ_UINT(info.rttvar_ns, 3000000);
    CHECK_EQ_UINT(info.rto_ns, 230000000);
    CHECK_EQ_UINT(info.cwnd, 20);
    CHECK_EQ_UINT(info.ssthresh, 10);
    CHECK_EQ_UINT(info.snd_window, 131712);
    CHECK_EQ_UINT(info.bytes_sent, UINT64_C(1) << 40);
    CHECK_EQ_UINT(info.bytes_retransmitted, 1448);
    CHECK_EQ_UINT(info.total_retransmits, 1);
}

TEST(apple_tells_early_data_by_one_bit_of_many)
{
    struct libsock__tcp_info_apple native = apple_answer();
    libsock_tcp_info info;

    for (unsigned bit = 0; bit < 32; bit++) {
        native.fastopen = 1U << bit;
        libsock__tcp_info_apple_parse(&native, sizeof(native), &info);
        CHECK_EQ_UINT(info.options & LIBSOCK_TCP_SYN_DATA,
                      bit == 4 || bit == 5 ? LIBSOCK_TCP_SYN_DATA : 0);
    }
}

/* 32 bits of ours for 64 of theirs; a timer that does not run. */
TEST(apple_numbers_that_do_not_fit_are_not_valid)
{
    struct libsock__tcp_info_apple native = apple_answer();
    libsock_tcp_info info;

    native.txretransmitpackets = UINT64_C(1) << 32;
    native.rto = 0;
    native.srtt = 0;
    libsock__tcp_info_apple_parse(&native, sizeof(native), &info);
    CHECK(!HAS(info, TOTAL_RETRANSMITS) && !HAS(info, RTO) && !HAS(info, RTT));
    CHECK_EQ_UINT(info.total_retransmits, 0);
    native.state = LISTEN;
    native.fastopen = 0xff;
    libsock__tcp_info_apple_parse(&native, sizeof(native), &info);
    CHECK_EQ_UINT(info.valid, BIT(STATE));
    CHECK_EQ_UINT(info.options, 0);
}
