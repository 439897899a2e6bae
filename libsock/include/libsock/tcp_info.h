/* SPDX-License-Identifier: MIT */
/**
 * @file tcp_info.h
 * What the OS knows about a TCP connection, in units that say what they are.
 *
 * No OS tells everything, and older kernels tell less: `valid` has a bit for
 * each member that was told, libsock_tcp_info_has() asks for it, and a member
 * that was not is 0.
 *
 * Threads: every function may be called from any thread, on one socket too.
 */
#ifndef LIBSOCK_TCP_INFO_H
#define LIBSOCK_TCP_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Where a connection is in its life; RFC 9293. */
enum libsock_tcp_state {
    LIBSOCK_TCP_ESTABLISHED = 1,
    LIBSOCK_TCP_SYN_SENT = 2,
    LIBSOCK_TCP_SYN_RECEIVED = 3,
    LIBSOCK_TCP_FIN_WAIT_1 = 4,
    LIBSOCK_TCP_FIN_WAIT_2 = 5,
    LIBSOCK_TCP_TIME_WAIT = 6,
    LIBSOCK_TCP_CLOSED = 7,
    LIBSOCK_TCP_CLOSE_WAIT = 8,
    LIBSOCK_TCP_LAST_ACK = 9,
    LIBSOCK_TCP_LISTEN = 10,
    LIBSOCK_TCP_CLOSING = 11
};

/** What the two ends have agreed on, and what came of it. */
enum libsock_tcp_option {
    LIBSOCK_TCP_TIMESTAMPS = 1,   /**< RFC 7323 */
    LIBSOCK_TCP_SACK = 2,         /**< RFC 2018 */
    LIBSOCK_TCP_WINDOW_SCALE = 4, /**< RFC 7323 */
    LIBSOCK_TCP_ECN = 8,          /**< RFC 3168 */
    LIBSOCK_TCP_ECN_SEEN = 16,    /**< A packet with ECN has come. */
    LIBSOCK_TCP_SYN_DATA = 32     /**< Data in the first segment was taken. */
};

/** The members of libsock_tcp_info, for libsock_tcp_info_has(). */
enum libsock_tcp_info_field {
    LIBSOCK_TCP_INFO_STATE = 0,
    LIBSOCK_TCP_INFO_OPTIONS,
    LIBSOCK_TCP_INFO_SND_WSCALE,
    LIBSOCK_TCP_INFO_RCV_WSCALE,
    LIBSOCK_TCP_INFO_RTT,
    LIBSOCK_TCP_INFO_RTTVAR,
    LIBSOCK_TCP_INFO_MIN_RTT,
    LIBSOCK_TCP_INFO_RCV_RTT,
    LIBSOCK_TCP_INFO_RTO,
    LIBSOCK_TCP_INFO_LAST_SENT,
    LIBSOCK_TCP_INFO_LAST_RECEIVED,
    LIBSOCK_TCP_INFO_LAST_ACKED,
    LIBSOCK_TCP_INFO_BUSY,
    LIBSOCK_TCP_INFO_WINDOW_LIMITED,
    LIBSOCK_TCP_INFO_BUFFER_LIMITED,
    LIBSOCK_TCP_INFO_SND_MSS,
    LIBSOCK_TCP_INFO_RCV_MSS,
    LIBSOCK_TCP_INFO_ADV_MSS,
    LIBSOCK_TCP_INFO_PMTU,
    LIBSOCK_TCP_INFO_CWND,
    LIBSOCK_TCP_INFO_SSTHRESH,
    LIBSOCK_TCP_INFO_SND_WINDOW,
    LIBSOCK_TCP_INFO_RCV_SPACE,
    LIBSOCK_TCP_INFO_RETRANSMITS,
    LIBSOCK_TCP_INFO_TOTAL_RETRANSMITS,
    LIBSOCK_TCP_INFO_PROBES,
    LIBSOCK_TCP_INFO_BACKOFF,
    LIBSOCK_TCP_INFO_UNACKED,
    LIBSOCK_TCP_INFO_SACKED,
    LIBSOCK_TCP_INFO_LOST,
    LIBSOCK_TCP_INFO_REORDERING,
    LIBSOCK_TCP_INFO_SEGMENTS_SENT,
    LIBSOCK_TCP_INFO_SEGMENTS_RECEIVED,
    LIBSOCK_TCP_INFO_DELIVERED,
    LIBSOCK_TCP_INFO_DELIVERED_CE,
    LIBSOCK_TCP_INFO_NOTSENT,
    LIBSOCK_TCP_INFO_BYTES_SENT,
    LIBSOCK_TCP_INFO_BYTES_RETRANSMITTED,
    LIBSOCK_TCP_INFO_BYTES_ACKED,
    LIBSOCK_TCP_INFO_BYTES_RECEIVED,
    LIBSOCK_TCP_INFO_DELIVERY_RATE,
    LIBSOCK_TCP_INFO_PACING_RATE,
    LIBSOCK_TCP_INFO_MAX_PACING_RATE,
    LIBSOCK_TCP_INFO_ACCEPT_QUEUE,
    LIBSOCK_TCP_INFO_ACCEPT_QUEUE_MAX
};

/**
 * What the OS knows about a TCP connection. It grows at its end.
 *
 * Times are nanoseconds, rates bytes per second with UINT64_MAX for no limit.
 */
typedef struct libsock_tcp_info {
    uint64_t valid;      /**< Bits by `enum libsock_tcp_info_field`. */
    uint32_t state;      /**< An `enum libsock_tcp_state`. */
    uint32_t options;    /**< OR of `enum libsock_tcp_option`. */
    uint32_t snd_wscale; /**< Bits by which the peer's window is shifted. */
    uint32_t rcv_wscale; /**< The same of ours. */

    uint64_t rtt_ns;            /**< Round trip, smoothed. */
    uint64_t rttvar_ns;         /**< Its variation. */
    uint64_t min_rtt_ns;        /**< The shortest of late. */
    uint64_t rcv_rtt_ns;        /**< As the receiver sees it. */
    uint64_t rto_ns;            /**< Until a segment is sent again. */
    uint64_t last_sent_ns;      /**< Since data was sent. */
    uint64_t last_received_ns;  /**< Since data came. */
    uint64_t last_acked_ns;     /**< Since an acknowledgement came. */
    uint64_t busy_ns;           /**< With data to send, in all. */
    uint64_t window_limited_ns; /**< Of that: held up by the peer's window. */
    uint64_t buffer_limited_ns; /**< Of that: held up by our send buffer. */

    uint32_t snd_mss;    /**< Bytes in a segment that is sent. */
    uint32_t rcv_mss;    /**< Bytes in one that comes, as far as seen. */
    uint32_t adv_mss;    /**< Bytes that the peer was offered. */
    uint32_t pmtu;       /**< Bytes in a packet on this way. */
    uint32_t cwnd;       /**< Congestion window, in segments. */
    uint32_t ssthresh;   /**< Where slow start ends, in segments; not valid as
                          *   long as it does not. */
    uint32_t snd_window; /**< Bytes that the peer takes. */
    uint32_t rcv_space;  /**< Bytes that the receive buffer is tuned for. */

    uint32_t retransmits;       /**< Of the first segment under way. */
    uint32_t total_retransmits; /**< Of all segments, since the beginning. */
    uint32_t probes;            /**< Window or keepalive probes unanswered. */
    uint32_t backoff;           /**< How often the timer was doubled. */
    uint32_t unacked;           /**< Segments under way. */
    uint32_t sacked;            /**< Of them: arrived out of order. */
    uint32_t lost;              /**< Of them: taken for lost. */
    uint32_t reordering;        /**< Segments that may overtake another. */
    uint32_t segments_sent;     /**< All, since the beginning. */
    uint32_t segments_received; /**< All, since the beginning. */
    uint32_t delivered;         /**< Segments with data that arrived. */
    uint32_t delivered_ce;      /**< Of them: marked by a full router. */

    uint32_t notsent;             /**< Bytes written and not sent yet. */
    uint32_t reserved;            /**< Zero. */
    uint64_t bytes_sent;          /**< Those sent again included. */
    uint64_t bytes_retransmitted; /**< Sent again. */
    uint64_t bytes_acked;         /**< Of them the peer has said so. */
    uint64_t bytes_received;      /**< In order; on Linux the end is one. */

    uint64_t delivery_rate;   /**< Latest goodput, bytes per second. */
    uint64_t pacing_rate;     /**< As sent now, bytes per second. */
    uint64_t max_pacing_rate; /**< libsock_set_max_pacing_rate() */

    uint32_t accept_queue;     /**< Of a listener: connections to accept. */
    uint32_t accept_queue_max; /**< Of a listener: how many there may be. */
} libsock_tcp_info;

/**
 * The name of a state, as RFC 9293 and netstat(8) have it.
 *
 * @param state  An `enum libsock_tcp_state`.
 *
 * @return a constant string such as "CLOSE_WAIT"; "UNKNOWN" for a number that
 *         is no state. Never NULL.
 *
 * Ownership: static; never freed.
 * Since:     0.1
 */
LIBSOCK_API const char *libsock_tcp_state_name(uint32_t state);

/** @return whether the OS told this member, an
 *          `enum libsock_tcp_info_field`. */
LIBSOCK_INLINE bool libsock_tcp_info_has(const libsock_tcp_info *info,
                                         int field)
{
    return (info->valid >> field & 1) != 0;
}

/**
 * What the OS knows about a TCP connection or listener (TCP_INFO; tcp(7)).
 *
 * @param      sock      TCP socket. Borrowed.
 * @param      size      sizeof(*out_info) of the program.
 * @param[out] out_info  All of it, with what is not known 0 and not `valid`.
 *
 * @return 0; kind INVALID_INPUT for NULL or a size below 8; kind UNSUPPORTED on
 *         a socket of another protocol, or on an OS that has no port of it.
 *
 * Units:     as the members say.
 * Blocking:  no.
 * Platforms: Linux 2.6; most of the byte counts since 4.19.
 *            FreeBSD, NetBSD, OpenBSD 7.2 and macOS: without a connection, the
 *            state alone; with one, what agreement there is, `rtt_ns`,
 *            `rttvar_ns`, `rto_ns`, `snd_mss`, `cwnd`, `ssthresh`, `snd_window`
 *            and `total_retransmits`. Of these NetBSD tells no time and no
 *            window, OpenBSD the last two to the superuser alone; macOS tells
 *            bytes sent and retransmitted too. ECN_SEEN is Linux's,
 *            SYN_DATA also of macOS.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_tcp_info(libsock_socket sock, size_t size,
                                     libsock_tcp_info *out_info);

LIBSOCK_END

#endif
