/* SPDX-License-Identifier: MIT */
/**
 * @file opt_tcp.h
 * The options of TCP (names in tcp_) and UDP (udp_). Conventions, common errors
 * and the threads' rule are in opt.h. Kernel versions are those that added the
 * option. On a socket of another protocol all return kind UNSUPPORTED.
 */
#ifndef LIBSOCK_OPT_TCP_H
#define LIBSOCK_OPT_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** When and how an idle connection is probed. A member that is 0 leaves the
 *  socket's setting as it is. */
typedef struct libsock_keepalive {
    uint64_t time_ns;     /**< Idle time before the first probe. */
    uint64_t interval_ns; /**< Time between probes. */
    uint32_t retries;     /**< Probes without an answer that cut it. */
    uint32_t reserved;    /**< Zero. */
} libsock_keepalive;

/**
 * Whether a short segment is sent at once, instead of waiting for the
 * acknowledgement of the one before (TCP_NODELAY; tcp(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_nodelay(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_nodelay(libsock_socket sock, bool *out_on);

/**
 * Whether only full segments are sent, until it is switched off (TCP_CORK,
 * TCP_NOPUSH; tcp(7), tcp(4)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux, which sends the rest after 200 ms by itself, the BSDs and
 *            Apple, which sends it with the next send after switching off.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_cork(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_cork(libsock_socket sock, bool *out_on);

/**
 * Whether segments are acknowledged at once (TCP_QUICKACK; tcp(7)). On at
 * first; not for long: the OS changes it as it sees fit, so set it again after
 * a receive.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_quickack(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_quickack(libsock_socket sock, bool *out_on);

/**
 * The most payload of a segment (TCP_MAXSEG; tcp(7)). Before connecting it
 * limits what is offered to the peer; afterwards reading tells what is in use.
 * 0 lifts the limit.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX, and on Linux outside 88 to
 *         32767.
 *
 * Units:     bytes.
 * Platforms: not on Windows. Linux reads 536 until connected.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_mss(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_tcp_mss(libsock_socket sock, uint32_t *out_value);

/**
 * The most that the window offered to the peer grows to (TCP_WINDOW_CLAMP;
 * tcp(7)). 0 lifts the limit, on a socket that is not connected.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX.
 *
 * Units:     bytes.
 * Platforms: Linux, which raises it to half the least receive buffer.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_window_clamp(libsock_socket sock, size_t bytes);
LIBSOCK_API int libsock_get_tcp_window_clamp(libsock_socket sock,
                                             size_t *out_bytes);

/**
 * How many unsent bytes may wait before the socket no longer counts as
 * writable; 0 for net.ipv4.tcp_notsent_lowat (TCP_NOTSENT_LOWAT; tcp(7)). 0 at
 * first.
 *
 * @return 0, or as opt.h says.
 *
 * Units:     bytes.
 * Platforms: Linux 3.12, Apple.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_notsent_lowat(libsock_socket sock,
                                              uint32_t value);
LIBSOCK_API int libsock_get_tcp_notsent_lowat(libsock_socket sock,
                                              uint32_t *out_value);

/**
 * Whether a stream with few segments under way resends at even intervals, not
 * growing ones (TCP_THIN_LINEAR_TIMEOUTS). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 2.6.34.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_thin_linear_timeouts(libsock_socket sock,
                                                     bool on);
LIBSOCK_API int libsock_get_tcp_thin_linear_timeouts(libsock_socket sock,
                                                     bool *out_on);

/**
 * How long the socket waits at least (rto_min), at most (rto_max) for an
 * acknowledgement before it sends again, and how long it holds back one of its
 * own at most (delayed_ack_max) (TCP_RTO_MIN_US, TCP_RTO_MAX_MS,
 * TCP_DELACK_MAX_US). At first 200 ms, 120 s and 200 ms; a listener's
 * connections have them too.
 *
 * @return 0; kind INVALID_INPUT for rto_max below 1 s and above 120 s, for the
 *         others above 200 ms and below two clock ticks of the kernel.
 *
 * Units:     nanoseconds, rounded up to milliseconds (rto_max) and
 *            microseconds; Linux then rounds the latter up to its clock tick
 *            and reads back so.
 * Platforms: Linux 6.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_rto_min(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_rto_min(libsock_socket sock,
                                        uint64_t *out_time_ns);
LIBSOCK_API int libsock_set_tcp_rto_max(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_rto_max(libsock_socket sock,
                                        uint64_t *out_time_ns);
LIBSOCK_API int libsock_set_tcp_delayed_ack_max(libsock_socket sock,
                                                uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_delayed_ack_max(libsock_socket sock,
                                                uint64_t *out_time_ns);

/**
 * After how many segments one is acknowledged at once; 1 for each
 * (SIO_TCP_SET_ACK_FREQUENCY).
 *
 * @return 0; kind INVALID_INPUT for 0 and above 255; kind UNSUPPORTED
 *         elsewhere.
 *
 * Platforms: Windows. On Linux see libsock_set_tcp_quickack().
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_ack_frequency(libsock_socket sock,
                                              uint32_t value);

/**
 * How much later than it could each segment leaves, to try out a long way
 * (TCP_TX_DELAY; tcp(7)). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above 268435455 us.
 *
 * Units:     nanoseconds, rounded up to microseconds.
 * Platforms: Linux 5.3, where the device's queue is of kind fq; elsewhere the
 *            delay is taken and not kept.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_tx_delay(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_tx_delay(libsock_socket sock,
                                         uint64_t *out_time_ns);

/**
 * Whether a connection that gets no answers tries other ways, by another hash
 * of its packets (SO_TXREHASH). At first net.core.txrehash, on mostly.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 5.18.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_tx_rehash(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_tx_rehash(libsock_socket sock, bool *out_on);

/**
 * Let a listener hide connections until the kernel's filter of this name, such
 * as "dataready" or "httpready", finds them ready (SO_ACCEPTFILTER;
 * accept_filter(9)). The empty text takes it away.
 *
 * `text` is `len` bytes, 0 to 15, and may be NULL when `len` is 0. What `buf`
 * gets is NUL-terminated; LIBSOCK_OPT_TEXT_SIZE is always enough.
 *
 * @return 0, or the length of the text; kind INVALID_INPUT for a longer text,
 *         one with a NUL in it or NULL, and for a socket that does not listen
 *         or has no filter; kind NO_BUFFERS when `cap` is too small; kind
 *         NOT_FOUND for a filter that is not there.
 *
 * Platforms: FreeBSD, NetBSD. On Linux see libsock_set_tcp_defer_accept().
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_accept_filter(libsock_socket sock, const char *text,
                                          size_t len);
LIBSOCK_API ptrdiff_t libsock_get_accept_filter(libsock_socket sock, char *buf,
                                                size_t cap);

/**
 * How long sent bytes may stay without an acknowledgement before the connection
 * is cut (TCP_USER_TIMEOUT; tcp(7)). LIBSOCK_NO_TIMEOUT, at first: as long as
 * the system retries.
 *
 * @return 0; kind INVALID_INPUT for 0, which the OS would take for its own
 *         limit, and above 2147483647 ms.
 *
 * Units:     nanoseconds, rounded up to milliseconds.
 * Platforms: Linux 2.6.37.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_user_timeout(libsock_socket sock,
                                             uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_user_timeout(libsock_socket sock,
                                             uint64_t *out_time_ns);

/**
 * Probe an idle connection, and say when and how: the three options below, then
 * libsock_set_keepalive(). All or nothing: the settings are read first, and put
 * back when one of them is refused.
 *
 * @param sock       Open TCP socket. Borrowed.
 * @param keepalive  What to set; all members 0 for the settings there are.
 *
 * @return 0; kind INVALID_INPUT for NULL or a member outside the range of its
 *         own option, and nothing was asked of the OS; kind UNSUPPORTED when
 *         this OS cannot set a member that is not 0; or as opt.h says.
 *
 * Units:     nanoseconds, rounded up to whole seconds.
 * Blocking:  no; one call to read and one to set each member that is not 0, and
 *            one to switch on.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_keepalive(libsock_socket sock,
                                          const libsock_keepalive *keepalive);

/**
 * How long a connection is idle before its first keepalive probe, and how long
 * it is from one probe to the next (TCP_KEEPIDLE, TCP_KEEPINTVL; tcp(7)). At
 * first 2 hours and 75 s on Linux.
 *
 * @return 0; kind INVALID_INPUT for 0 and above 32767 s.
 *
 * Units:     nanoseconds, rounded up to whole seconds.
 * Platforms: Apple calls the first TCP_KEEPALIVE. Not on OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_keepalive_time(libsock_socket sock,
                                               uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_keepalive_time(libsock_socket sock,
                                               uint64_t *out_time_ns);
LIBSOCK_API int libsock_set_tcp_keepalive_interval(libsock_socket sock,
                                                   uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_keepalive_interval(libsock_socket sock,
                                                   uint64_t *out_time_ns);

/**
 * How many keepalive probes without an answer cut the connection (TCP_KEEPCNT;
 * tcp(7)). At first 9 on Linux.
 *
 * @return 0; kind INVALID_INPUT for 0 and above 127.
 *
 * Platforms: not on OpenBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_keepalive_retries(libsock_socket sock,
                                                  uint32_t value);
LIBSOCK_API int libsock_get_tcp_keepalive_retries(libsock_socket sock,
                                                  uint32_t *out_value);

/**
 * How often connect() asks again before it gives up (TCP_SYNCNT; tcp(7)). At
 * first net.ipv4.tcp_syn_retries.
 *
 * @return 0; kind INVALID_INPUT for 0 and above 127.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_syn_retries(libsock_socket sock,
                                            uint32_t value);
LIBSOCK_API int libsock_get_tcp_syn_retries(libsock_socket sock,
                                            uint32_t *out_value);

/**
 * How long a closed connection waits for the end of the peer's stream
 * (TCP_LINGER2; tcp(7)). At first net.ipv4.tcp_fin_timeout, 60 s mostly.
 *
 * @return 0; kind INVALID_INPUT for 0, which the OS would take for its own
 *         time, and above 120 s, which it would cut.
 *
 * Units:     nanoseconds, rounded up to whole seconds.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_linger2(libsock_socket sock, uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_linger2(libsock_socket sock,
                                        uint64_t *out_time_ns);

/** Bytes in the longest key of libsock_tcp_md5. */
#define LIBSOCK_TCP_MD5_KEY_MAX 80

/** A key for the segments to and from some peers. */
typedef struct libsock_tcp_md5 {
    libsock_addr peer;   /**< IPv4 or IPv6; the port does not count. */
    const void *key;     /**< `key_len` bytes, copied; may be NULL for 0. */
    size_t key_len;      /**< 0 to LIBSOCK_TCP_MD5_KEY_MAX; 0 takes the key of
                          *   this peer away. */
    uint32_t prefix_len; /**< How many bits of the address count: 32 or 128 for
                          *   this one alone. */
    uint32_t reserved;   /**< Zero. */
} libsock_tcp_md5;

/**
 * Sign segments to a peer, and take only signed ones from it (TCP_MD5SIG; RFC
 * 2385). Set it on both ends before connecting, and on a listener, whose
 * connections have it too. There is no reading a key back.
 *
 * @param sock  Open TCP socket. Borrowed.
 * @param key   What to set.
 *
 * @return 0; kind INVALID_INPUT for NULL, a peer of another family, a key or a
 *         prefix that is too long, `reserved`; kind UNSUPPORTED also when the
 *         kernel is built without; kind NOT_FOUND to take away what is not
 *         there.
 *
 * Platforms: Linux; prefixes since 4.13.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_md5(libsock_socket sock,
                                    const libsock_tcp_md5 *key);

/**
 * How long a listener hides a connection that has not sent anything; 0 for not
 * at all (TCP_DEFER_ACCEPT; tcp(7)). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above 2147483647 s.
 *
 * Units:     nanoseconds, rounded up to whole seconds; Linux then rounds up to
 *            a number of its retransmissions and reads back so.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_defer_accept(libsock_socket sock,
                                             uint64_t time_ns);
LIBSOCK_API int libsock_get_tcp_defer_accept(libsock_socket sock,
                                             uint64_t *out_time_ns);

/**
 * How many connections with data in their first segment a listener may have
 * pending; 0 for none (TCP_FASTOPEN; tcp(7)). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX.
 *
 * Platforms: Linux 3.7, which keeps within net.core.somaxconn; elsewhere 0 or
 *            1.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_fastopen(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_tcp_fastopen(libsock_socket sock,
                                         uint32_t *out_value);

/**
 * Whether connect() waits for the first send, so that its bytes go in the first
 * segment (connect), and whether that needs no cookie from an earlier
 * connection (no_cookie) (TCP_FASTOPEN_CONNECT, TCP_FASTOPEN_NO_COOKIE;
 * tcp(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.11 and 4.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_fastopen_connect(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_fastopen_connect(libsock_socket sock,
                                                 bool *out_on);
LIBSOCK_API int libsock_set_tcp_fastopen_no_cookie(libsock_socket sock,
                                                   bool on);
LIBSOCK_API int libsock_get_tcp_fastopen_no_cookie(libsock_socket sock,
                                                   bool *out_on);

/**
 * Whether a listener keeps the headers of each connection's first segment, to
 * be read by TCP_SAVED_SYN (TCP_SAVE_SYN). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.3.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_save_syn(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_save_syn(libsock_socket sock, bool *out_on);

/**
 * The headers of the first segment of an accepted connection, IP header first,
 * once: reading forgets them (TCP_SAVED_SYN).
 *
 * @param      sock  Connection of a listener that had
 *                   libsock_set_tcp_save_syn(). Borrowed.
 * @param[out] buf   `cap` bytes, of which the first are written; 256 are always
 *                   enough. Unspecified on failure.
 * @param      cap   Room.
 *
 * @return the bytes written, 0 when there is nothing kept; kind NO_BUFFERS when
 *         `cap` is too small, and the headers are kept.
 *
 * Platforms: Linux 4.3.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_get_tcp_saved_syn(libsock_socket sock, void *buf,
                                                size_t cap);

/**
 * Whether a receive brings the number of bytes still waiting, as ancillary data
 * (TCP_INQ; tcp(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.18.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_recv_queued(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_tcp_recv_queued(libsock_socket sock, bool *out_on);

/**
 * The congestion control algorithm, such as "cubic" (TCP_CONGESTION; tcp(7)).
 * At first net.ipv4.tcp_congestion_control.
 *
 * `text` is `len` bytes, 1 to 15. What `buf` gets is NUL-terminated, so `cap`
 * must be greater than the length; LIBSOCK_OPT_TEXT_SIZE always is.
 *
 * @return 0, or the length of the text; kind INVALID_INPUT for a text of
 *         another length, one with a NUL in it or NULL; kind NO_BUFFERS when
 *         `cap` is too small; kind NOT_FOUND for an algorithm that is not
 *         there; kind PERMISSION_DENIED for one that needs CAP_NET_ADMIN.
 *
 * Platforms: Linux, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_congestion(libsock_socket sock,
                                           const char *text, size_t len);
LIBSOCK_API ptrdiff_t libsock_get_tcp_congestion(libsock_socket sock, char *buf,
                                                 size_t cap);

/**
 * The protocol that the kernel runs on top of a connection, such as "tls"
 * (TCP_ULP). None at first, which reads as the empty text; it cannot be taken
 * away.
 *
 * `text` and `buf` as for libsock_set_tcp_congestion().
 *
 * @return 0, or the length of the text; as for libsock_set_tcp_congestion();
 *         kind NOT_FOUND for a protocol that is not there, kind ALREADY_EXISTS
 *         for a second one, kind NOT_CONNECTED for "tls" without a peer.
 *
 * Platforms: Linux 4.13.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_tcp_ulp(libsock_socket sock, const char *text,
                                    size_t len);
LIBSOCK_API ptrdiff_t libsock_get_tcp_ulp(libsock_socket sock, char *buf,
                                          size_t cap);

/**
 * Whether what is sent gathers into one datagram, until it is switched off
 * (UDP_CORK; udp(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_udp_cork(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_udp_cork(libsock_socket sock, bool *out_on);

/**
 * The size of the datagrams that one long send is cut into; 0 for no cutting
 * (UDP_SEGMENT; udp(7)). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above 65535.
 *
 * Units:     bytes.
 * Platforms: Linux 4.18.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_udp_segment(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_udp_segment(libsock_socket sock,
                                        uint32_t *out_value);

/**
 * Whether a receive may bring several datagrams of one sender and size at once,
 * the size as ancillary data (UDP_GRO; udp(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 5.0.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_udp_gro(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_udp_gro(libsock_socket sock, bool *out_on);

/**
 * How many bytes of each UDP-Lite datagram the checksum covers, the header's 8
 * included; 0 for all (UDPLITE_SEND_CSCOV, UDPLITE_RECV_CSCOV; RFC 3828). What
 * covers less than `recv` is dropped. 0 at first.
 *
 * @return 0; kind INVALID_INPUT for 1 to 7 and above 65535, which the OS would
 *         change.
 *
 * Units:     bytes.
 * Platforms: Linux 2.6.20.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_udplite_send_coverage(libsock_socket sock,
                                                  uint32_t value);
LIBSOCK_API int libsock_get_udplite_send_coverage(libsock_socket sock,
                                                  uint32_t *out_value);
LIBSOCK_API int libsock_set_udplite_recv_coverage(libsock_socket sock,
                                                  uint32_t value);
LIBSOCK_API int libsock_get_udplite_recv_coverage(libsock_socket sock,
                                                  uint32_t *out_value);

LIBSOCK_END

#endif
