/* SPDX-License-Identifier: MIT */
/*
 * One number of a system's structure about a TCP connection, and what the BSDs
 * and Apple's systems mean by some. Which numbers there are is for the files
 * of the systems to say. Pure functions; no state to guard.
 */
#include "tcp_info.h"

#include <string.h>

#include "util.h"

/* TCP_MAXWIN << TCP_MAX_WINSHIFT, of which NetBSD takes half to begin with. */
#define INFO_SSTHRESH_NONE (UINT64_C(32767) << 14)

uint64_t libsock__tcp_info_number(const struct libsock__tcp_info_row *row,
                                  const void *native)
{
    const unsigned char *at = (const unsigned char *)native + row->from;
    uint64_t wide;
    uint32_t word;

    switch (row->from_size) {
    case sizeof(wide):
        memcpy(&wide, at, sizeof(wide));
        return wide;
    case sizeof(word):
        memcpy(&word, at, sizeof(word));
        return word;
    default:
        return *at;
    }
}

void libsock__tcp_info_put(const struct libsock__tcp_info_row *row,
                           uint64_t number, libsock_tcp_info *out)
{
    unsigned char *to = (unsigned char *)out + row->to;
    uint64_t wide = number * row->scale;
    uint32_t word = (uint32_t)number;

    if (row->to_size == sizeof(wide)) {
        memcpy(to, &wide, sizeof(wide));
    } else if (number == word) {
        memcpy(to, &word, sizeof(word));
    } else {
        return;
    }
    out->valid |= UINT64_C(1) << row->field;
}

uint32_t libsock__tcp_info_bsd_state(uint32_t native)
{
    static const uint8_t states[] = {
        LIBSOCK_TCP_CLOSED,      LIBSOCK_TCP_LISTEN,
        LIBSOCK_TCP_SYN_SENT,    LIBSOCK_TCP_SYN_RECEIVED,
        LIBSOCK_TCP_ESTABLISHED, LIBSOCK_TCP_CLOSE_WAIT,
        LIBSOCK_TCP_FIN_WAIT_1,  LIBSOCK_TCP_CLOSING,
        LIBSOCK_TCP_LAST_ACK,    LIBSOCK_TCP_FIN_WAIT_2,
        LIBSOCK_TCP_TIME_WAIT,
    };

    return native < LIBSOCK__COUNT(states) ? states[native] : 0;
}

bool libsock__tcp_info_bsd_connects(uint32_t native)
{
    uint32_t state = libsock__tcp_info_bsd_state(native);

    return state != LIBSOCK_TCP_CLOSED && state != LIBSOCK_TCP_LISTEN;
}

bool libsock__tcp_info_bsd_knows(int field, uint64_t number)
{
    switch (field) {
    case LIBSOCK_TCP_INFO_RTT:
    case LIBSOCK_TCP_INFO_RTO:
        return number != 0;
    case LIBSOCK_TCP_INFO_SSTHRESH:
        return number < INFO_SSTHRESH_NONE;
    default:
        return true;
    }
}

void libsock__tcp_info_segments(libsock_tcp_info *out, int field,
                                uint32_t *member)
{
    if (out->snd_mss > 0) {
        *member /= out->snd_mss;
    } else {
        *member = 0;
        out->valid &= ~(UINT64_C(1) << field);
    }
}
