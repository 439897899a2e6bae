/* SPDX-License-Identifier: MIT */
/*
 * The kernel's answer to TCP_INFO, and how it is read. Apart, so that answers
 * of old kernels can be made up in tests. Nothing to guard.
 */
#ifndef LIBSOCK__LINUX_TCP_INFO_H
#define LIBSOCK__LINUX_TCP_INFO_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/tcp_info.h>

/* Names without tcpi_; the window scales are the byte after the options. */
struct libsock__tcp_info_native {
    uint8_t state;
    uint8_t ca_state;
    uint8_t retransmits;
    uint8_t probes;
    uint8_t backoff;
    uint8_t options;
    uint8_t scales;
    uint8_t flags;
    uint32_t rto;
    uint32_t ato;
    uint32_t snd_mss;
    uint32_t rcv_mss;
    uint32_t unacked;
    uint32_t sacked;
    uint32_t lost;
    uint32_t retrans;
    uint32_t fackets;
    uint32_t last_data_sent;
    uint32_t last_ack_sent;
    uint32_t last_data_recv;
    uint32_t last_ack_recv;
    uint32_t pmtu;
    uint32_t rcv_ssthresh;
    uint32_t rtt;
    uint32_t rttvar;
    uint32_t snd_ssthresh;
    uint32_t snd_cwnd;
    uint32_t advmss;
    uint32_t reordering;
    uint32_t rcv_rtt;
    uint32_t rcv_space;
    uint32_t total_retrans;
    uint64_t pacing_rate;
    uint64_t max_pacing_rate;
    uint64_t bytes_acked;
    uint64_t bytes_received;
    uint32_t segs_out;
    uint32_t segs_in;
    uint32_t notsent_bytes;
    uint32_t min_rtt;
    uint32_t data_segs_in;
    uint32_t data_segs_out;
    uint64_t delivery_rate;
    uint64_t busy_time;
    uint64_t rwnd_limited;
    uint64_t sndbuf_limited;
    uint32_t delivered;
    uint32_t delivered_ce;
    uint64_t bytes_sent;
    uint64_t bytes_retrans;
    uint32_t dsack_dups;
    uint32_t reord_seen;
    uint32_t rcv_ooopack;
    uint32_t snd_wnd;
};

/* The first `len` bytes of it were told. */
void libsock__tcp_info_parse(const struct libsock__tcp_info_native *native,
                             size_t len, libsock_tcp_info *out_info);

#endif
