/* SPDX-License-Identifier: MIT */
/*
 * The BSDs' answers to TCP_INFO, and how they are read. Apart, so that they can
 * be made up in tests, on other systems too. Nothing to guard.
 */
#ifndef LIBSOCK__BSD_TCP_INFO_H
#define LIBSOCK__BSD_TCP_INFO_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/tcp_info.h>

enum libsock__tcp_info_bsd_system {
    LIBSOCK__TCP_INFO_FREEBSD = 1,
    LIBSOCK__TCP_INFO_NETBSD = 2,
    LIBSOCK__TCP_INFO_OPENBSD = 4
};

/* Names without tcpi_. Linux's in the beginning, though most of it is left
 * empty; they differ in the rest, of which no more than this is read. */
struct libsock__tcp_info_bsd {
    uint8_t state;
    uint8_t unused_1[4];
    uint8_t options;
    uint8_t scales[2]; /* OpenBSD one byte each, others two halves of one */
    uint32_t rto;
    uint32_t unused_2;
    uint32_t snd_mss;
    uint32_t unused_3[12];
    uint32_t rtt;
    uint32_t rttvar;
    uint32_t snd_ssthresh;
    uint32_t snd_cwnd;
    uint32_t unused_4[4];
    union {
        struct {
            uint32_t snd_wnd;
            uint32_t unused[4];
            uint32_t snd_rexmitpack;
        } free; /* and NetBSD */
        struct {
            uint32_t snd_wnd;
            uint32_t unused_1[3];
            uint32_t snd_rexmitpack;
            uint32_t unused_2[16];
            uint32_t rcv_hiwat;
        } open;
        uint32_t room[64];
    } rest;
};

/* The first `len` bytes of it were told by `system`. */
void libsock__tcp_info_bsd_parse(int system,
                                 const struct libsock__tcp_info_bsd *native,
                                 size_t len, libsock_tcp_info *out_info);

#endif
