/* SPDX-License-Identifier: MIT */
/*
 * TCP_CONNECTION_INFO of Apple's systems. What is left out here is not told:
 * the packets that it counts are those with data, and the bytes that came are
 * not only those in order. What members mean lives in the header. No state to
 * guard.
 */
#include "sys/posix/platform.h"

#include <string.h>

#include "tcp_info.h"

#include "sys/posix/tcp_info.h"
#include "sys/sys.h"
#include "util.h"

#define APPLE_ROW(field, native, member, scale)                               \
 LIBSOCK__TCP_INFO_ROW(struct libsock__tcp_info_apple, field, native, member, \
                       scale)

enum {
    APPLE_SYN_DATA_ACKED = 1 << 4,
    APPLE_SYN_DATA_RECEIVED = 1 << 5,
    APPLE_OPTIONS = LIBSOCK_TCP_TIMESTAMPS | LIBSOCK_TCP_SACK |
                    LIBSOCK_TCP_WINDOW_SCALE | LIBSOCK_TCP_ECN
};

static const struct libsock__tcp_info_row info_apple_rows[] = {
    APPLE_ROW(STATE, state, state, 1),
    APPLE_ROW(OPTIONS, options, options, 1),
    APPLE_ROW(SND_WSCALE, snd_wscale, snd_wscale, 1),
    APPLE_ROW(RCV_WSCALE, rcv_wscale, rcv_wscale, 1),
    APPLE_ROW(RTT, srtt, rtt_ns, LIBSOCK__TCP_INFO_MS),
    APPLE_ROW(RTTVAR, rttvar, rttvar_ns, LIBSOCK__TCP_INFO_MS),
    APPLE_ROW(RTO, rto, rto_ns, LIBSOCK__TCP_INFO_MS),
    APPLE_ROW(SND_MSS, maxseg, snd_mss, 1),
    APPLE_ROW(CWND, snd_cwnd, cwnd, 1),
    APPLE_ROW(SSTHRESH, snd_ssthresh, ssthresh, 1),
    APPLE_ROW(SND_WINDOW, snd_wnd, snd_window, 1),
    APPLE_ROW(TOTAL_RETRANSMITS, txretransmitpackets, total_retransmits, 1),
    APPLE_ROW(BYTES_SENT, txbytes, bytes_sent, 1),
    APPLE_ROW(BYTES_RETRANSMITTED, txretransmitbytes, bytes_retransmitted, 1),
};

void libsock__tcp_info_apple_parse(const struct libsock__tcp_info_apple *native,
                                   size_t len, libsock_tcp_info *out_info)
{
    bool connects = libsock__tcp_info_bsd_connects(native->state);
    size_t n = connects ? LIBSOCK__COUNT(info_apple_rows) : 1;

    memset(out_info, 0, sizeof(*out_info));
    for (size_t i = 0; i < n; i++) {
        uint64_t number = libsock__tcp_info_number(&info_apple_rows[i], native);

        if (libsock__tcp_info_told(&info_apple_rows[i], len) &&
            libsock__tcp_info_bsd_knows(info_apple_rows[i].field, number)) {
            libsock__tcp_info_put(&info_apple_rows[i], number, out_info);
        }
    }
    libsock__tcp_info_segments(out_info, LIBSOCK_TCP_INFO_CWND,
                               &out_info->cwnd);
    libsock__tcp_info_segments(out_info, LIBSOCK_TCP_INFO_SSTHRESH,
                               &out_info->ssthresh);
    out_info->options &= APPLE_OPTIONS;
    if ((native->fastopen & (APPLE_SYN_DATA_ACKED | APPLE_SYN_DATA_RECEIVED)) !=
            0 &&
        libsock_tcp_info_has(out_info, LIBSOCK_TCP_INFO_OPTIONS)) {
        out_info->options |= LIBSOCK_TCP_SYN_DATA;
    }
    if (len > 0) {
        out_info->state = libsock__tcp_info_bsd_state(native->state);
    }
}

#if defined(TCP_CONNECTION_INFO)

# define APPLE_SAME(ours, theirs)                                  \
  (offsetof(struct libsock__tcp_info_apple, ours) ==               \
       offsetof(struct tcp_connection_info, tcpi_##theirs) &&      \
   LIBSOCK__TCP_INFO_SIZE(struct libsock__tcp_info_apple, ours) == \
       LIBSOCK__TCP_INFO_SIZE(struct tcp_connection_info, tcpi_##theirs))

_Static_assert(APPLE_SAME(state, state) && APPLE_SAME(snd_wscale, snd_wscale) &&
                   APPLE_SAME(rcv_wscale, rcv_wscale) &&
                   APPLE_SAME(options, options) && APPLE_SAME(rto, rto) &&
                   APPLE_SAME(maxseg, maxseg) &&
                   APPLE_SAME(snd_ssthresh, snd_ssthresh) &&
                   APPLE_SAME(snd_cwnd, snd_cwnd) &&
                   APPLE_SAME(snd_wnd, snd_wnd) && APPLE_SAME(srtt, srtt) &&
                   APPLE_SAME(rttvar, rttvar) && APPLE_SAME(txbytes, txbytes) &&
                   APPLE_SAME(txretransmitbytes, txretransmitbytes) &&
                   APPLE_SAME(txretransmitpackets, txretransmitpackets),
               "struct libsock__tcp_info_apple is the kernel's");
_Static_assert((int)LIBSOCK_TCP_TIMESTAMPS == TCPCI_OPT_TIMESTAMPS &&
                   (int)LIBSOCK_TCP_SACK == TCPCI_OPT_SACK &&
                   (int)LIBSOCK_TCP_WINDOW_SCALE == TCPCI_OPT_WSCALE &&
                   (int)LIBSOCK_TCP_ECN == TCPCI_OPT_ECN,
               "options pass as they are");

int libsock__sys_tcp_info(libsock_raw sock, libsock_tcp_info *out_info)
{
    struct libsock__tcp_info_apple native;
    size_t len = sizeof(native);
    int r;

    memset(&native, 0, sizeof(native));
    r = libsock__sys_getopt(sock, IPPROTO_TCP, TCP_CONNECTION_INFO, &native,
                            &len);
    if (r >= 0) {
        libsock__tcp_info_apple_parse(&native, len, out_info);
    }
    return r;
}

#endif
