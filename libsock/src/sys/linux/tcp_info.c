/* SPDX-License-Identifier: MIT */
/*
 * TCP_INFO of Linux, which has grown with most kernels: a member is told when
 * the answer is long enough to hold it. What members mean lives in the header.
 * No state to guard.
 */
#include "sys/posix/platform.h"

#include <stdbool.h>
#include <string.h>

#include <libsock/tcp_info.h>

#include "tcp_info.h"

#include "sys/posix/tcp_info.h"
#include "sys/sys.h"
#include "util.h"

/* The C libraries' structures end early, and linux/tcp.h fights theirs; the
 * beginning is the same. */
_Static_assert(offsetof(struct libsock__tcp_info_native, total_retrans) ==
                       offsetof(struct tcp_info, tcpi_total_retrans) &&
                   offsetof(struct libsock__tcp_info_native, rto) ==
                       offsetof(struct tcp_info, tcpi_rto) &&
                   offsetof(struct libsock__tcp_info_native, options) ==
                       offsetof(struct tcp_info, tcpi_options) &&
                   offsetof(struct libsock__tcp_info_native, pmtu) ==
                       offsetof(struct tcp_info, tcpi_pmtu) &&
                   offsetof(struct libsock__tcp_info_native, delivery_rate) ==
                       160 &&
                   sizeof(struct libsock__tcp_info_native) == 232,
               "struct libsock__tcp_info_native is the kernel's");
_Static_assert((int)LIBSOCK_TCP_ESTABLISHED == TCP_ESTABLISHED &&
                   (int)LIBSOCK_TCP_SYN_RECEIVED == TCP_SYN_RECV &&
                   (int)LIBSOCK_TCP_CLOSED == TCP_CLOSE &&
                   (int)LIBSOCK_TCP_CLOSING == TCP_CLOSING &&
                   (int)LIBSOCK_TCP_ECN == TCPI_OPT_ECN,
               "states and options pass as they are");

enum {
    INFO_NEW_SYN_RECV = 12, /* what only the kernel tells apart */
    INFO_HEAD = offsetof(struct tcp_info, tcpi_rto),
    INFO_OPTIONS = 2 * LIBSOCK_TCP_SYN_DATA - 1,
    INFO_SSTHRESH_NONE = 0x7fffffff
};

#define INFO_ROW(field, native, member, scale)                                 \
 LIBSOCK__TCP_INFO_ROW(struct libsock__tcp_info_native, field, native, member, \
                       scale)

enum {
    INFO_US = LIBSOCK__TCP_INFO_US,
    INFO_MS = LIBSOCK__TCP_INFO_MS
};

static const struct libsock__tcp_info_row info_rows[] = {
    INFO_ROW(STATE, state, state, 1),
    INFO_ROW(OPTIONS, options, options, 1),
    INFO_ROW(RTT, rtt, rtt_ns, INFO_US),
    INFO_ROW(RTTVAR, rttvar, rttvar_ns, INFO_US),
    INFO_ROW(MIN_RTT, min_rtt, min_rtt_ns, INFO_US),
    INFO_ROW(RCV_RTT, rcv_rtt, rcv_rtt_ns, INFO_US),
    INFO_ROW(RTO, rto, rto_ns, INFO_US),
    INFO_ROW(LAST_SENT, last_data_sent, last_sent_ns, INFO_MS),
    INFO_ROW(LAST_RECEIVED, last_data_recv, last_received_ns, INFO_MS),
    INFO_ROW(LAST_ACKED, last_ack_recv, last_acked_ns, INFO_MS),
    INFO_ROW(BUSY, busy_time, busy_ns, INFO_US),
    INFO_ROW(WINDOW_LIMITED, rwnd_limited, window_limited_ns, INFO_US),
    INFO_ROW(BUFFER_LIMITED, sndbuf_limited, buffer_limited_ns, INFO_US),
    INFO_ROW(SND_MSS, snd_mss, snd_mss, 1),
    INFO_ROW(RCV_MSS, rcv_mss, rcv_mss, 1),
    INFO_ROW(ADV_MSS, advmss, adv_mss, 1),
    INFO_ROW(PMTU, pmtu, pmtu, 1),
    INFO_ROW(CWND, snd_cwnd, cwnd, 1),
    INFO_ROW(SSTHRESH, snd_ssthresh, ssthresh, 1),
    INFO_ROW(SND_WINDOW, snd_wnd, snd_window, 1),
    INFO_ROW(RCV_SPACE, rcv_space, rcv_space, 1),
    INFO_ROW(RETRANSMITS, retransmits, retransmits, 1),
    INFO_ROW(TOTAL_RETRANSMITS, total_retrans, total_retransmits, 1),
    INFO_ROW(PROBES, probes, probes, 1),
    INFO_ROW(BACKOFF, backoff, backoff, 1),
    INFO_ROW(UNACKED, unacked, unacked, 1),
    INFO_ROW(SACKED, sacked, sacked, 1),
    INFO_ROW(LOST, lost, lost, 1),
    INFO_ROW(REORDERING, reordering, reordering, 1),
    INFO_ROW(SEGMENTS_SENT, segs_out, segments_sent, 1),
    INFO_ROW(SEGMENTS_RECEIVED, segs_in, segments_received, 1),
    INFO_ROW(DELIVERED, delivered, delivered, 1),
    INFO_ROW(DELIVERED_CE, delivered_ce, delivered_ce, 1),
    INFO_ROW(NOTSENT, notsent_bytes, notsent, 1),
    INFO_ROW(BYTES_SENT, bytes_sent, bytes_sent, 1),
    INFO_ROW(BYTES_RETRANSMITTED, bytes_retrans, bytes_retransmitted, 1),
    INFO_ROW(BYTES_ACKED, bytes_acked, bytes_acked, 1),
    INFO_ROW(BYTES_RECEIVED, bytes_received, bytes_received, 1),
    INFO_ROW(DELIVERY_RATE, delivery_rate, delivery_rate, 1),
    INFO_ROW(PACING_RATE, pacing_rate, pacing_rate, 1),
    INFO_ROW(MAX_PACING_RATE, max_pacing_rate, max_pacing_rate, 1),
};

/* Of a listener the kernel fills in these, the first two with its queue. */
static const struct libsock__tcp_info_row info_listener_rows[] = {
    INFO_ROW(STATE, state, state, 1),
    INFO_ROW(ACCEPT_QUEUE, unacked, accept_queue, 1),
    INFO_ROW(ACCEPT_QUEUE_MAX, sacked, accept_queue_max, 1),
    INFO_ROW(MAX_PACING_RATE, max_pacing_rate, max_pacing_rate, 1),
};

/* Numbers by which the kernel says that it does not know. */
static bool info_known(int field, uint64_t number)
{
    switch (field) {
    case LIBSOCK_TCP_INFO_MIN_RTT:
        return number != UINT32_MAX;
    case LIBSOCK_TCP_INFO_SSTHRESH:
        return number < INFO_SSTHRESH_NONE;
    case LIBSOCK_TCP_INFO_RTT:
    case LIBSOCK_TCP_INFO_RCV_RTT:
    case LIBSOCK_TCP_INFO_DELIVERY_RATE:
        return number != 0;
    default:
        return true;
    }
}

/* Their place in the byte is the compiler's affair. */
static void info_put_scales(const void *native, libsock_tcp_info *out)
{
    struct tcp_info base;

    memset(&base, 0, sizeof(base));
    memcpy(&base, native, INFO_HEAD);
    out->snd_wscale = base.tcpi_snd_wscale;
    out->rcv_wscale = base.tcpi_rcv_wscale;
    out->valid |= UINT64_C(1) << LIBSOCK_TCP_INFO_SND_WSCALE |
                  UINT64_C(1) << LIBSOCK_TCP_INFO_RCV_WSCALE;
}

void libsock__tcp_info_parse(const struct libsock__tcp_info_native *native,
                             size_t len, libsock_tcp_info *out_info)
{
    bool listens = native->state == LIBSOCK_TCP_LISTEN;
    const struct libsock__tcp_info_row *rows =
        listens ? info_listener_rows : info_rows;
    size_t n = listens ? LIBSOCK__COUNT(info_listener_rows)
                       : LIBSOCK__COUNT(info_rows);

    memset(out_info, 0, sizeof(*out_info));
    for (size_t i = 0; i < n; i++) {
        uint64_t number = libsock__tcp_info_number(&rows[i], native);

        if (libsock__tcp_info_told(&rows[i], len) &&
            info_known(rows[i].field, number)) {
            libsock__tcp_info_put(&rows[i], number, out_info);
        }
    }
    if (!listens && len >= INFO_HEAD) {
        info_put_scales(native, out_info);
    }
    out_info->options &= INFO_OPTIONS;
    if (out_info->state == INFO_NEW_SYN_RECV) {
        out_info->state = LIBSOCK_TCP_SYN_RECEIVED;
    }
}

int libsock__sys_tcp_info(libsock_raw sock, libsock_tcp_info *out_info)
{
    struct libsock__tcp_info_native native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, IPPROTO_TCP, TCP_INFO, &native, &len);
    if (r >= 0) {
        libsock__tcp_info_parse(&native, len, out_info);
    }
    return r;
}
