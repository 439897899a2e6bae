/* SPDX-License-Identifier: MIT */
/**
 * @file mptcp_info.h
 * What the OS knows about a connection of Multipath TCP (RFC 8684): over how
 * many ways it goes, and whether it is one at all. What one knows about the
 * first way is in tcp_info.h.
 *
 * libsock_open_mptcp() opens such a socket. As in tcp_info.h, `valid` has a bit
 * for each member that was told, and a member that was not is 0.
 *
 * Threads: every function may be called from any thread, on one socket too.
 */
#ifndef LIBSOCK_MPTCP_INFO_H
#define LIBSOCK_MPTCP_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Bits of libsock_mptcp_info.flags. */
enum libsock_mptcp_flags {
    LIBSOCK_MPTCP_REMOTE_KEY = 1, /**< The peer has answered as one that speaks
                                   *   it too. */
    LIBSOCK_MPTCP_CHECKSUM = 2    /**< The data have a checksum of their own. */
};

/** The members of libsock_mptcp_info, for libsock_mptcp_info_has(). */
enum libsock_mptcp_info_field {
    LIBSOCK_MPTCP_INFO_FLAGS = 0,
    LIBSOCK_MPTCP_INFO_TOKEN,
    LIBSOCK_MPTCP_INFO_EXTRA_SUBFLOWS,
    LIBSOCK_MPTCP_INFO_MAX_SUBFLOWS,
    LIBSOCK_MPTCP_INFO_SIGNALLED,
    LIBSOCK_MPTCP_INFO_ACCEPTED,
    LIBSOCK_MPTCP_INFO_RETRANSMITS,
    LIBSOCK_MPTCP_INFO_BYTES_SENT,
    LIBSOCK_MPTCP_INFO_BYTES_RETRANSMITTED,
    LIBSOCK_MPTCP_INFO_BYTES_ACKED,
    LIBSOCK_MPTCP_INFO_BYTES_RECEIVED
};

/** A connection of Multipath TCP. */
typedef struct libsock_mptcp_info {
    uint64_t valid; /**< Use libsock_mptcp_info_has(). */

    uint32_t flags;          /**< OR of `enum libsock_mptcp_flags`. */
    uint32_t token;          /**< By which the peer names the connection. */
    uint32_t extra_subflows; /**< Ways in use besides the first. */
    uint32_t max_subflows;   /**< The most of them that this end allows. */
    uint32_t signalled;      /**< Own addresses that the peer was told of. */
    uint32_t accepted;       /**< Addresses of the peer that were taken. */
    uint32_t retransmits;    /**< How often data went by another way again. */
    uint32_t reserved;       /**< Zero. */

    uint64_t bytes_sent;          /**< On all ways; those sent again too. */
    uint64_t bytes_retransmitted; /**< Sent again. */
    uint64_t bytes_acked;         /**< Of them the peer has said so. */
    uint64_t bytes_received;      /**< On all ways. */
} libsock_mptcp_info;

/** @return whether the OS told this member, an
 *          `enum libsock_mptcp_info_field`. */
LIBSOCK_INLINE bool libsock_mptcp_info_has(const libsock_mptcp_info *info,
                                           int field)
{
    return (info->valid >> field & 1) != 0;
}

/**
 * What the OS knows about a connection of Multipath TCP (MPTCP_INFO).
 *
 * @param      sock      Open socket. Borrowed.
 * @param      size      sizeof(*out_info) of the program.
 * @param[out] out_info  All of it.
 *
 * @return 0; kind INVALID_INPUT for NULL or a size below 8; kind UNSUPPORTED on
 *         a socket of another protocol, and on one that has fallen back to TCP:
 *         there is nothing to tell of it but what tcp_info.h has.
 *
 * Units:     as the members say.
 * Blocking:  no.
 * Platforms: Linux 5.16; retransmits and the counts of bytes since 6.5.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_mptcp_info(libsock_socket sock, size_t size,
                                       libsock_mptcp_info *out_info);

/**
 * Whether the socket is one of Multipath TCP and has not fallen back to TCP
 * (TCP_IS_MPTCP). What a listener of Multipath TCP accepts from plain TCP is
 * plain TCP.
 *
 * @return 0; kind UNSUPPORTED on a socket that is none of TCP.
 *
 * Platforms: Linux 6.10; before, libsock_get_mptcp_info() tells it by its kind.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_tcp_is_mptcp(libsock_socket sock, bool *out_on);

LIBSOCK_END

#endif
