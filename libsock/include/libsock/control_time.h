/* SPDX-License-Identifier: MIT */
/**
 * @file control_time.h
 * Control records with times: when a packet came in or went out, and when one
 * is to be sent.
 *
 * Getters and writers answer as control_net.h says. The structures of the OS
 * with 32-bit times and those with 64-bit times are both understood, whichever
 * the program was built for.
 */
#ifndef LIBSOCK_CONTROL_TIME_H
#define LIBSOCK_CONTROL_TIME_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/control.h>

LIBSOCK_BEGIN

/**
 * Flags of libsock_set_timestamping(): which times are taken (the first six),
 * which are told (SOFTWARE, RAW_HARDWARE), and how. The kernel refuses those
 * that it does not know yet.
 */
enum libsock_timestamping {
    LIBSOCK_TIMESTAMPING_TX_HARDWARE = 0x1,    /**< Sent, by the device. */
    LIBSOCK_TIMESTAMPING_TX_SOFTWARE = 0x2,    /**< Handed to the device. */
    LIBSOCK_TIMESTAMPING_RX_HARDWARE = 0x4,    /**< Received, by the device. */
    LIBSOCK_TIMESTAMPING_RX_SOFTWARE = 0x8,    /**< Entered the kernel. */
    LIBSOCK_TIMESTAMPING_TX_SCHED = 0x100,     /**< Entered the queue. */
    LIBSOCK_TIMESTAMPING_TX_ACK = 0x200,       /**< TCP: acknowledged. */
    LIBSOCK_TIMESTAMPING_SOFTWARE = 0x10,      /**< Tell software times. */
    LIBSOCK_TIMESTAMPING_RAW_HARDWARE = 0x40,  /**< Tell hardware times. */
    LIBSOCK_TIMESTAMPING_OPT_ID = 0x80,        /**< Number what is sent. */
    LIBSOCK_TIMESTAMPING_OPT_CMSG = 0x400,     /**< All control data with it. */
    LIBSOCK_TIMESTAMPING_OPT_TSONLY = 0x800,   /**< No copy of the packet. */
    LIBSOCK_TIMESTAMPING_OPT_STATS = 0x1000,   /**< TCP: with statistics. */
    LIBSOCK_TIMESTAMPING_OPT_PKTINFO = 0x2000, /**< With the real device. */
    LIBSOCK_TIMESTAMPING_OPT_TX_SWHW = 0x4000, /**< Both kinds of sent. */
    LIBSOCK_TIMESTAMPING_OPT_ID_TCP = 0x10000  /**< Number bytes from now. */
};

/** What was done to a packet at the time of a report; see `stage`. */
enum libsock_tx_stage {
    LIBSOCK_TX_SENT = 0,      /**< Handed to the device, or sent by it. */
    LIBSOCK_TX_SCHEDULED = 1, /**< Entered the queue. */
    LIBSOCK_TX_ACKED = 2      /**< TCP: the peer has it. */
};

/** Payload sizes for LIBSOCK_CONTROL_SPACE(): the greatest of any OS. */
enum libsock_control_time_size {
    LIBSOCK_TIMESTAMP_SIZE = 16, /**< libsock_control_get_timestamp() */
    LIBSOCK_TIMESTAMPS_SIZE = 48 /**< libsock_control_get_timestamps() */
};

/** Times of one packet; 0 for one that was not told. */
typedef struct libsock_timestamps {
    uint64_t software_ns; /**< Since 1970, by the system's clock. */
    uint64_t hardware_ns; /**< By the device's clock. */
} libsock_timestamps;

/** What a time from the error queue is about. */
typedef struct libsock_tx_report {
    uint32_t stage; /**< An `enum libsock_tx_stage`. */
    uint32_t id;    /**< With OPT_ID: the datagram's number, or of TCP the last
                     *   byte's; from 0. Without: 0. */
} libsock_tx_report;

/**
 * When a packet came in.
 *
 * @param      record  The record (libsock_set_timestamp(),
 *                     libsock_set_timestamp_ns() switch it on).
 * @param[out] out_ns  The time.
 *
 * @return 0, or as the top of this file says; kind INVALID_INPUT also for a
 *         time before 1970.
 *
 * Units:     nanoseconds since 1970, by the system's clock.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_timestamp(const libsock_control *record,
                                              uint64_t *out_ns);

/**
 * When a packet came in, or, from the error queue, when it went out
 * (libsock_set_timestamping()).
 *
 * @param      record     The record.
 * @param[out] out_times  Both times.
 *
 * @return 0, or as the top of this file says.
 *
 * Units:     nanoseconds.
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_timestamps(const libsock_control *record,
                                               libsock_timestamps *out_times);

/**
 * Which packet, and which stage of its way, the time in this message of the
 * error queue is about.
 *
 * @param      record      A record of kind LIBSOCK_CONTROL_ERROR.
 * @param[out] out_report  Stage and number.
 *
 * @return 0, or as the top of this file says; kind INVALID_INPUT when it
 *         reports something else: see libsock_control_get_error().
 *
 * Platforms: Linux.
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_get_tx_report(const libsock_control *record,
                                              libsock_tx_report *out_report);

/**
 * Send this packet at a time to come (SO_TXTIME).
 *
 * @param writer  The writer.
 * @param ns      By the clock that the socket was told.
 *
 * @return 0, or as the top of this file says.
 *
 * Units:     nanoseconds.
 * Platforms: Linux 4.19, with a queue that knows of it (fq, etf).
 * Since:     0.1
 */
LIBSOCK_API int libsock_control_put_tx_time(libsock_control_writer *writer,
                                            uint64_t ns);

LIBSOCK_END

#endif
