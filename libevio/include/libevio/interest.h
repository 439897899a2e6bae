/* SPDX-License-Identifier: MIT */
/**
 * @file interest.h
 * What a registration requests, an OR of directions and one mode; and what an
 * event reports, an OR of directions and hints. All are constants of one type,
 * so that OR-ing them is clean in C++ too.
 */
#ifndef EVIO_INTEREST_H
#define EVIO_INTEREST_H

#include <libevio/attr.h>

/** Directions, modes and hints. */
enum evio_flag {
    /*
     * Directions. A registration needs at least one; an event reports them with
     * the same bits. The values of the first three are those of poll(2).
     */

    EVIO_READABLE = 0x1, /**< Something to read, accept, or the end of it. */
    EVIO_PRIORITY = 0x2, /**< Out-of-band data, or a condition of the device
                              (Linux). Never implied by EVIO_READABLE. */
    EVIO_WRITABLE = 0x4, /**< Buffer space to write, or a connect that ended. */
    /** The close alone: the peer's half-close (EPOLLRDHUP, POLLRDHUP), a
     *  hang-up, an error. Unread data are not reported, so a program under
     *  back-pressure can wait for the end of its peer. */
    EVIO_CLOSED = 0x8,
    /** Nothing but a hang-up of both directions (EPOLLHUP) and errors
     *  (EPOLLERR), which every registration reports anyway: for those who
     *  want nothing else. */
    EVIO_HANGUP = 0x80,

    /*
     * Hints, reported by events only; see event.h.
     */

    EVIO_ERROR = 0x10,        /**< An error is pending on the descriptor. */
    EVIO_READ_CLOSED = 0x20,  /**< Reading will end: read to end of file. */
    EVIO_WRITE_CLOSED = 0x40, /**< Writing fails from now on. */

    /*
     * Modes. One of EVIO_EDGE, EVIO_LEVEL and EVIO_ONESHOT; all three work on
     * every selector.
     */

    /**
     * The default: an event disarms the directions that it reports until an
     * operation in that direction would block (see poll.h for when a short
     * count is enough). What is ready at registration counts as an event.
     */
    EVIO_EDGE = 0,
    /** Reported by every wait, as long as it is true. */
    EVIO_LEVEL = 0x100,
    /** Reported once, whatever the direction; then nothing until
     *  evio_reregister() (or evio_again()). */
    EVIO_ONESHOT = 0x200,
    /**
     * Added to EVIO_EDGE or EVIO_LEVEL: of several polls that wait for one
     * descriptor, wake one or some, not all (EPOLLEXCLUSIVE, Linux 4.5). Such
     * a registration cannot be changed, only removed; it does not go with
     * EVIO_PRIORITY or EVIO_CLOSED, and a half-close of the peer is readable
     * without EVIO_READ_CLOSED. Only the epoll selector has it, others return
     * kind UNSUPPORTED.
     */
    EVIO_EXCLUSIVE = 0x400
};

#endif
