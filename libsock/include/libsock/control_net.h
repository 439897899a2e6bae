/* SPDX-License-Identifier: MIT */
/**
 * @file control_net.h
 * Control records about packets: hop limit, traffic class and ECN, flow label,
 * priority and mark, addresses and interfaces, segments and fragments, lost
 * datagrams, bytes left, TLS records.
 *
 * Getters take a record of libsock_control_next() and answer kind INVALID_INPUT
 * when it is NULL, of another kind, or of a length that its kind does not have.
 * Writers answer as libsock_control_put() does, kind INVALID_INPUT for a value
 * out of range, and kind UNSUPPORTED where the OS has no such record.
 * control.h says what holds for all of them.
 */
#ifndef LIBSOCK_CONTROL_NET_H
#define LIBSOCK_CONTROL_NET_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/control.h>

LIBSOCK_BEGIN

/** The two ECN bits of a traffic class byte (RFC 3168). */
enum libsock_ecn {
    LIBSOCK_ECN_NOT_ECT = 0, /**< The sender does not take part. */
    LIBSOCK_ECN_ECT1 = 1,    /**< Takes part; L4S (RFC 9331). */
    LIBSOCK_ECN_ECT0 = 2,    /**< Takes part. */
    LIBSOCK_ECN_CE = 3,      /**< A router met congestion. */
    LIBSOCK_ECN_MASK = 3     /**< Where they are in the byte. */
};

/** Payload sizes for LIBSOCK_CONTROL_SPACE(): the greatest of any OS. */
enum libsock_control_net_size {
    LIBSOCK_NUMBER_SIZE = 8,       /**< Hop limit, class, segment, counts. */
    LIBSOCK_PKTINFO_SIZE = 20,     /**< IPv4 or IPv6. */
    LIBSOCK_ORIGINAL_DST_SIZE = 28 /**< IPv4 or IPv6. */
};

/** Where a datagram arrived, or whence one is to be sent. */
typedef struct libsock_pktinfo {
    int32_t domain;    /**< LIBSOCK_DOMAIN_IPV4 or LIBSOCK_DOMAIN_IPV6. */
    uint32_t ifindex;  /**< The interface; 0: any, or not told. */
    uint8_t local[16]; /**< This host's own address, to answer from; the first
                        *   4 octets for IPv4. Zero: not told, or any. */
    uint8_t dst[16];   /**< The address in the packet: `local`, or a group or
                        *   a broadcast address. Not used in sending. */
} libsock_pktinfo;

/**
 * The hop limit (TTL) that a packet arrived with, or is to be sent with.
 *
 * @param record    The record (libsock_set_recv_ttl_v4(),
 *                  libsock_set_recv_hoplimit_v6() switch it on).
 * @param[out] out_hops  0 to 255.
 *
 * @return 0, or as the top of this file says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_hop_limit(const libsock_control *record,
                                              uint32_t *out_hops);

/**
 * Send this packet with a hop limit of its own.
 *
 * @param writer  The writer.
 * @param domain  LIBSOCK_DOMAIN_IPV4 or _IPV6: that of the packet, so IPv4 also
 *                for an IPv6 socket that sends to an IPv4-mapped address.
 * @param hops    1 to 255; IPv6: 0 to 255.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: IPv4: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_hop_limit(libsock_control_writer *writer,
                                              int domain, uint32_t hops);

/**
 * The traffic class byte (TOS) of a packet. Its low two bits are ECN, an
 * `enum libsock_ecn`; the others the DSCP.
 *
 * @param      record   The record (libsock_set_recv_tos_v4(),
 *                      libsock_set_recv_tclass_v6() switch it on).
 * @param[out] out_tos  0 to 255.
 *
 * @return 0, or as the top of this file says.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_tos(const libsock_control *record,
                                        uint32_t *out_tos);

/**
 * Send this packet with a traffic class byte of its own.
 *
 * @param writer  The writer.
 * @param domain  As in libsock_control_put_hop_limit().
 * @param tos     0 to 255.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: IPv4: Linux, FreeBSD, Apple.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_tos(libsock_control_writer *writer,
                                        int domain, uint32_t tos);

/**
 * The flow label that an IPv6 packet arrived with; opt_flow.h has more on them.
 *
 * @param      record     The record (libsock_set_recv_flow_label_v6() switches
 *                        it on); there is none when label and class are 0.
 * @param[out] out_label  0 to 0xfffff, in host order.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_flow_label(const libsock_control *record,
                                               uint32_t *out_label);

/**
 * Send this IPv6 datagram with a flow label of its own.
 *
 * @param writer  The writer.
 * @param label   1 to 0xfffff, in host order.
 *
 * @return 0, or as the top of this file says. The send itself fails when
 *         another's lease forbids the label.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_flow_label(libsock_control_writer *writer,
                                               uint32_t label);

/**
 * The priority (mark) that a packet had when it was queued here
 * (libsock_set_recv_priority(), libsock_set_recv_mark()).
 *
 * @param      record     The record.
 * @param[out] out_value  The number.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: Linux 6.14 and 5.19.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_priority(const libsock_control *record,
                                             uint32_t *out_value);
LIBSOCK_API int libsock_control_get_mark(const libsock_control *record,
                                         uint32_t *out_value);

/**
 * Send this packet with a priority (mark) of its own, as
 * libsock_set_priority() and libsock_set_mark() set that of the socket.
 *
 * @param writer  The writer.
 * @param value   The number.
 *
 * @return 0, or as the top of this file says. The send itself fails without the
 *         privilege that those functions need.
 *
 * Platforms: Linux 6.14 and 4.16.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_priority(libsock_control_writer *writer,
                                             uint32_t value);
LIBSOCK_API int libsock_control_put_mark(libsock_control_writer *writer,
                                         uint32_t value);

/**
 * The size of the largest piece of a datagram that came in several
 * (libsock_set_recv_fragment_size_v4(), _v6()): its IP header included.
 *
 * @param      record     The record; there is none when it came whole.
 * @param[out] out_bytes  The size.
 *
 * @return 0, or as the top of this file says.
 *
 * Units:     bytes.
 * Platforms: Linux 4.10.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_fragment_size(const libsock_control *record,
                                                  uint32_t *out_bytes);

/**
 * Where a datagram arrived.
 *
 * @param      record    The record (libsock_set_recv_pktinfo_v4(), _v6()
 *                       switch it on). On an IPv6 socket an IPv4 datagram
 *                       comes with IPv4-mapped addresses.
 * @param[out] out_info  Written whole.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: `local` of a group or broadcast datagram is told by Linux for
 *            IPv4, and zero otherwise.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_pktinfo(const libsock_control *record,
                                            libsock_pktinfo *out_info);

/**
 * Send this datagram from `local`, and out of interface `ifindex`; what is zero
 * is left to the OS, and when both are, nothing is written.
 *
 * @param writer  The writer.
 * @param info    Whence; `dst` is not used.
 *
 * @return 0, or as the top of this file says. The send itself fails when the
 *         address is not this host's.
 *
 * Platforms: IPv4: not on OpenBSD; an interface with it: Linux, Apple.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_pktinfo(libsock_control_writer *writer,
                                            const libsock_pktinfo *info);

/**
 * Answer from the address that was asked: libsock_control_put_pktinfo() with
 * the interface only where the address means nothing without it (link-local,
 * or asked by multicast). With it, an answer could not take another way back
 * than the question.
 *
 * @param writer  The writer.
 * @param info    As libsock_control_get_pktinfo() gave it.
 *
 * @return as libsock_control_put_pktinfo().
 *
 * Platforms: as libsock_control_put_pktinfo().
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_source(libsock_control_writer *writer,
                                           const libsock_pktinfo *info);

/**
 * The address and port that a packet was sent to, before it was redirected.
 *
 * @param      record    The record (libsock_set_recv_original_dst_v4(), _v6()
 *                       switch it on).
 * @param[out] out_addr  The address.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: Linux, FreeBSD.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_original_dst(const libsock_control *record,
                                                 libsock_addr *out_addr);

/**
 * The size of the datagrams that the OS joined into this one
 * (libsock_set_udp_gro()): cut it every so many bytes; the last may be shorter.
 * Without such a record it is one datagram.
 *
 * @param      record     The record.
 * @param[out] out_bytes  1 to 65535.
 *
 * @return 0, or as the top of this file says.
 *
 * Units:     bytes.
 * Platforms: Linux 5.0.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_udp_segment(const libsock_control *record,
                                                uint32_t *out_bytes);

/**
 * Cut this send into datagrams of so many bytes each, the last may be shorter;
 * libsock_set_udp_segment() does it for every send of a socket.
 *
 * @param writer  The writer.
 * @param bytes   1 to 65535, and the packet must fit the path.
 *
 * @return 0, or as the top of this file says.
 *
 * Units:     bytes.
 * Platforms: Linux 4.18.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_udp_segment(libsock_control_writer *writer,
                                                uint32_t bytes);

/**
 * How many datagrams this socket has lost since it was opened, for lack of
 * room, when this one was queued (libsock_set_recv_drop_count()).
 *
 * @param      record     The record; there is none as long as none was lost.
 * @param[out] out_count  The sum; wraps round.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_drop_count(const libsock_control *record,
                                               uint32_t *out_count);

/**
 * How many bytes still wait in a TCP socket after this receive
 * (libsock_set_tcp_recv_queued()).
 *
 * @param      record     The record.
 * @param[out] out_bytes  The count; 1 may also stand for the end of the stream.
 *
 * @return 0, or as the top of this file says.
 *
 * Units:     bytes.
 * Platforms: Linux 4.18.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_tcp_queued(const libsock_control *record,
                                               uint32_t *out_bytes);

/**
 * The content type of a TLS record that the kernel decrypted: 22 for a
 * handshake message, 23 for data...
 *
 * @param      record    The record.
 * @param[out] out_type  The byte.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: Linux with kernel TLS.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_tls_record(const libsock_control *record,
                                               uint32_t *out_type);

/**
 * Send these bytes as a TLS record of this content type.
 *
 * @param writer  The writer.
 * @param type    0 to 255.
 *
 * @return 0, or as the top of this file says.
 *
 * Platforms: Linux with kernel TLS.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_tls_record(libsock_control_writer *writer,
                                               uint32_t type);

LIBSOCK_END

#endif
