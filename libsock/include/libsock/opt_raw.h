/* SPDX-License-Identifier: MIT */
/**
 * @file opt_raw.h
 * The options of sockets below TCP and UDP: raw IP sockets (ICMP filters,
 * checksums) and packet sockets (packet_). Conventions, common errors and the
 * threads' rule are in opt.h. Kernel versions are those that added the option.
 *
 * A ping needs no privilege where net.ipv4.ping_group_range allows it: open a
 * socket of LIBSOCK_TYPE_DGRAM and LIBSOCK_PROTOCOL_ICMPV4 or ICMPV6 and send
 * an echo request; the kernel writes its identifier and its checksum. A raw
 * socket is given everybody's messages, those of IPv4 with their IP headers,
 * and over IPv4 the program writes the checksum.
 */
#ifndef LIBSOCK_OPT_RAW_H
#define LIBSOCK_OPT_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <libsock/attr.h>
#include <libsock/opt.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * Which types of ICMPv6 messages a socket does not get: one bit for each.
 * Zeroed, it blocks nothing.
 */
typedef struct libsock_icmp_filter {
    uint32_t block[8]; /**< Private: type n is bit n % 32 of block[n / 32]. */
} libsock_icmp_filter;

/** Block every type. */
LIBSOCK_INLINE void libsock_icmp_filter_block_all(libsock_icmp_filter *filter)
{
    memset(filter, 0xff, sizeof(*filter));
}

/** Block this type. */
LIBSOCK_INLINE void libsock_icmp_filter_block(libsock_icmp_filter *filter,
                                              uint8_t type)
{
    filter->block[type / 32] |= UINT32_C(1) << type % 32;
}

/** Let this type pass. */
LIBSOCK_INLINE void libsock_icmp_filter_pass(libsock_icmp_filter *filter,
                                             uint8_t type)
{
    filter->block[type / 32] &= ~(UINT32_C(1) << type % 32);
}

/** @return whether this type is blocked. */
LIBSOCK_INLINE bool
libsock_icmp_filter_blocks(const libsock_icmp_filter *filter, uint8_t type)
{
    return (filter->block[type / 32] >> type % 32 & 1) != 0;
}

/**
 * Which types of ICMP messages a raw ICMP socket does not get: bit n is type n
 * (ICMP_FILTER; raw(7)). 0, none, at first. Types over 31 always pass.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_icmp_filter_v4(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_icmp_filter_v4(libsock_socket sock,
                                           uint32_t *out_value);

/**
 * Which types of ICMPv6 messages a raw ICMPv6 socket does not get
 * (ICMP6_FILTER; RFC 3542). None at first.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_icmp_filter_v6(libsock_socket sock,
                                           const libsock_icmp_filter *filter);
LIBSOCK_API int libsock_get_icmp_filter_v6(libsock_socket sock,
                                           libsock_icmp_filter *out_filter);

/**
 * Where the kernel writes the checksum of what a raw IPv6 socket sends, and
 * looks for it in what it receives, dropping what is wrong: an even offset into
 * the payload, or -1 for no checksum (IPV6_CHECKSUM; RFC 3542). -1 at first.
 *
 * @return 0; kind INVALID_INPUT below -1, above 65535, for an odd offset, and
 *         on a socket of ICMPv6, which has it at 2.
 *
 * Units:     bytes.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_checksum_v6(libsock_socket sock, int value);
LIBSOCK_API int libsock_get_checksum_v6(libsock_socket sock, int *out_value);

/** What a packet socket asks its device to let in besides its own. */
enum libsock_packet_join {
    LIBSOCK_PACKET_MULTICAST = 0,     /**< One group address. */
    LIBSOCK_PACKET_PROMISCUOUS = 1,   /**< All there is. */
    LIBSOCK_PACKET_ALL_MULTICAST = 2, /**< All groups. */
    LIBSOCK_PACKET_UNICAST = 3        /**< One more address of its own. */
};

/** A membership of a packet socket. */
typedef struct libsock_packet_membership {
    uint32_t ifindex;  /**< Of the device. */
    uint16_t join;     /**< An `enum libsock_packet_join`. */
    uint16_t len;      /**< Bytes used of `octets`, 0 to 8; 0 for those that
                        *   have no address. */
    uint8_t octets[8]; /**< A hardware address. */
} libsock_packet_membership;

/**
 * Ask a device to let in more, or no longer (PACKET_ADD_MEMBERSHIP,
 * PACKET_DROP_MEMBERSHIP; packet(7)). It ends with the socket.
 *
 * @return 0; kind INVALID_INPUT for NULL, an unknown `join`, a length over 8,
 *         and on Linux one that is not the device's; kind NOT_FOUND for a
 *         device that is not there.
 *
 * Platforms: Linux, which takes it for success to leave without having joined.
 * Since:     0.1
 */
LIBSOCK_API int libsock_join_packet(libsock_socket sock,
                                    const libsock_packet_membership *what);
LIBSOCK_API int libsock_leave_packet(libsock_socket sock,
                                     const libsock_packet_membership *what);

/** How a fanout group shares packets out. */
enum libsock_packet_fanout_mode {
    LIBSOCK_PACKET_FANOUT_HASH = 0,     /**< One flow, one socket. */
    LIBSOCK_PACKET_FANOUT_TURNS = 1,    /**< Each in turn. */
    LIBSOCK_PACKET_FANOUT_CPU = 2,      /**< By the CPU it came in on. */
    LIBSOCK_PACKET_FANOUT_ROLLOVER = 3, /**< The next when one is full. */
    LIBSOCK_PACKET_FANOUT_RANDOM = 4,   /**< By chance. */
    LIBSOCK_PACKET_FANOUT_QUEUE = 5     /**< By the device's queue. */
};

/** Bits of libsock_packet_fanout.flags. */
enum libsock_packet_fanout_flags {
    LIBSOCK_PACKET_FANOUT_OVERFLOW = 1,  /**< To the next when one is full. */
    LIBSOCK_PACKET_FANOUT_UNIQUE_ID = 2, /**< The kernel chooses the group. */
    LIBSOCK_PACKET_FANOUT_DEFRAG = 8     /**< Whole packets before sharing. */
};

/** A group of packet sockets that share what comes in. */
typedef struct libsock_packet_fanout {
    uint16_t group; /**< Its number, the same for all of its sockets. */
    uint8_t mode;   /**< An `enum libsock_packet_fanout_mode`; all alike. */
    uint8_t flags;  /**< OR of `enum libsock_packet_fanout_flags`. */
} libsock_packet_fanout;

/**
 * Join a group of packet sockets of which only one gets each packet
 * (PACKET_FANOUT; packet(7)). The socket is bound and stays in until it is
 * closed. Reading a socket that is in none tells zeros.
 *
 * @return 0; kind INVALID_INPUT for NULL, an unknown mode or flag, and for a
 *         socket that is not bound or does not match the group.
 *
 * Platforms: Linux 3.1.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_packet_fanout(libsock_socket sock,
                                          const libsock_packet_fanout *fanout);
LIBSOCK_API int libsock_get_packet_fanout(libsock_socket sock,
                                          libsock_packet_fanout *out_fanout);

/** What a packet socket has counted. */
typedef struct libsock_packet_statistics {
    uint32_t packets; /**< All that were for it, dropped ones included. */
    uint32_t drops;   /**< Those for which there was no room. */
} libsock_packet_statistics;

/**
 * What came in since the last time this was asked; counting starts again at 0
 * (PACKET_STATISTICS; packet(7)).
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int
libsock_take_packet_statistics(libsock_socket sock,
                               libsock_packet_statistics *out_statistics);

/**
 * Whether a packet socket does not see what this host sends
 * (PACKET_IGNORE_OUTGOING; packet(7)). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: Linux 4.20.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_packet_ignore_outgoing(libsock_socket sock,
                                                   bool on);
LIBSOCK_API int libsock_get_packet_ignore_outgoing(libsock_socket sock,
                                                   bool *out_on);

LIBSOCK_END

#endif
