/* SPDX-License-Identifier: MIT */
/**
 * @file control_error.h
 * What the error queue of a socket holds: why a datagram did not get there, and
 * which buffers of LIBSOCK_MSG_ZEROCOPY sends are free again.
 *
 * The queue is read by libsock_recv_msg() with LIBSOCK_MSG_ERRQUEUE, which
 * never blocks; that it holds something is told by EPOLLERR or POLLERR, which
 * is EVIO_ERROR in libevio, in level mode until it is read. The bytes of such a
 * message are those of the packet that it is about, and its sender is where
 * that was going. Getters answer as control_net.h says.
 */
#ifndef LIBSOCK_CONTROL_ERROR_H
#define LIBSOCK_CONTROL_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/control.h>

LIBSOCK_BEGIN

/** Who says that something happened. New ones may be added. */
enum libsock_error_origin {
    LIBSOCK_ORIGIN_NONE = 0,
    LIBSOCK_ORIGIN_LOCAL = 1,     /**< This host. */
    LIBSOCK_ORIGIN_ICMPV4 = 2,    /**< An ICMP message. */
    LIBSOCK_ORIGIN_ICMPV6 = 3,    /**< An ICMPv6 message. */
    LIBSOCK_ORIGIN_TIMESTAMP = 4, /**< libsock_control_get_tx_report() */
    LIBSOCK_ORIGIN_ZEROCOPY = 5,  /**< libsock_control_get_zerocopy() */
    LIBSOCK_ORIGIN_TX_TIME = 6    /**< A send in time was dropped. */
};

/** Payload sizes for LIBSOCK_CONTROL_SPACE(): the greatest of any OS. */
enum libsock_control_error_size {
    LIBSOCK_SOCK_ERROR_SIZE = 44 /**< IPv4 or IPv6. */
};

/** One entry of the error queue. */
typedef struct libsock_sock_error {
    int32_t error;   /**< Minus the OS code, as a failing call returns it, for
                      *   libsock_kind(); 0 when nothing failed. */
    uint32_t origin; /**< An `enum libsock_error_origin`. */
    uint32_t type;   /**< ICMP: its type. */
    uint32_t code;   /**< ICMP: its code. */
    uint32_t info;   /**< Of kind MSG_SIZE: the path's MTU, in bytes. */
    uint32_t data;   /**< Depends on the origin. */
    libsock_addr offender; /**< Who sent the ICMP message; empty if nobody. */
} libsock_sock_error;

/** Sends of LIBSOCK_MSG_ZEROCOPY whose buffers are free again. */
typedef struct libsock_zerocopy {
    uint32_t first; /**< Number of the first send; from 0, in their order. */
    uint32_t last;  /**< Of the last: inclusive. Both wrap round. */
    bool copied;    /**< The kernel copied after all: lending does not pay. */
} libsock_zerocopy;

/**
 * An entry of the error queue.
 *
 * @param      record     The record (libsock_set_recv_err_v4(), _v6() switch
 *                        those about errors on).
 * @param[out] out_error  Written whole.
 *
 * @return 0, or as control_net.h says.
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_error(const libsock_control *record,
                                          libsock_sock_error *out_error);

/**
 * Which sends are done with their buffers.
 *
 * @param      record     A record of kind LIBSOCK_CONTROL_ERROR.
 * @param[out] out_range  The sends. One record may tell about many.
 *
 * @return 0, or as control_net.h says; kind INVALID_INPUT when it reports
 *         something else: see libsock_control_get_error().
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_zerocopy(const libsock_control *record,
                                             libsock_zerocopy *out_range);

LIBSOCK_END

#endif
