/* SPDX-License-Identifier: MIT */
/**
 * @file interest.h
 * What a registration asks for: an OR of directions and one mode.
 */
#ifndef EVIO_INTEREST_H
#define EVIO_INTEREST_H

#include <libevio/attr.h>

/**
 * Directions. At least one is needed. Each event reports them with the same
 * bits; see event.h. The values are those of poll(2) on every Unix.
 */
enum evio_direction {
    EVIO_READABLE = 0x1, /**< Something to read, accept, or the end of it. */
    EVIO_PRIORITY = 0x2, /**< Out-of-band data, or a condition of the device
                              (Linux). Never implied by EVIO_READABLE. */
    EVIO_WRITABLE = 0x4  /**< Room to write, or a connect that ended. */
};

/**
 * Modes. One of EVIO_EDGE, EVIO_LEVEL and EVIO_ONESHOT; all three work on
 * every selector.
 */
enum evio_mode {
    /**
     * The default: an event silences the directions that it reports until the
     * operation in that direction would block, or moves fewer bytes than
     * asked. Being ready at registration counts as an event.
     */
    EVIO_EDGE = 0,
    /** Reported by every wait, as long as it is true. */
    EVIO_LEVEL = 0x100,
    /** Reported once, whatever the direction; then nothing until
     *  evio_reregister(). */
    EVIO_ONESHOT = 0x200,
    /**
     * Added to EVIO_EDGE or EVIO_LEVEL: of several polls that wait for one
     * descriptor, wake one or some, not all (EPOLLEXCLUSIVE, Linux 4.5). Such
     * a registration cannot be changed, only removed; it does not go with
     * EVIO_PRIORITY, and a half-close of the peer is readable without
     * EVIO_READ_CLOSED. Only the epoll selector has it, others answer kind
     * UNSUPPORTED.
     */
    EVIO_EXCLUSIVE = 0x400
};

#endif
