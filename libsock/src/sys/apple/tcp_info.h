/* SPDX-License-Identifier: MIT */
/*
 * Apple's answer to TCP_CONNECTION_INFO, and how it is read. Apart, so that it
 * can be made up in tests, on other systems too. Nothing to guard.
 */
#ifndef LIBSOCK__APPLE_TCP_INFO_H
#define LIBSOCK__APPLE_TCP_INFO_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/tcp_info.h>

/* Names without tcpi_; the one-bit members are `fastopen`. */
struct libsock__tcp_info_apple {
    uint8_t state;
    uint8_t snd_wscale;
    uint8_t rcv_wscale;
    uint8_t unused;
    uint32_t options;
    uint32_t flags;
    uint32_t rto;
    uint32_t maxseg;
    uint32_t snd_ssthresh;
    uint32_t snd_cwnd;
    uint32_t snd_wnd;
    uint32_t snd_sbbytes;
    uint32_t rcv_wnd;
    uint32_t rttcur;
    uint32_t srtt;
    uint32_t rttvar;
    uint32_t fastopen;
    uint64_t txpackets;
    uint64_t txbytes;
    uint64_t txretransmitbytes;
    uint64_t rxpackets;
    uint64_t rxbytes;
    uint64_t rxoutoforderbytes;
    uint64_t txretransmitpackets;
};

/* The first `len` bytes of it were told. */
void libsock__tcp_info_apple_parse(const struct libsock__tcp_info_apple *native,
                                   size_t len, libsock_tcp_info *out_info);

#endif
