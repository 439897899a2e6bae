/* SPDX-License-Identifier: MIT */
/**
 * @file connect.h
 * Connect, and wait no longer than wanted.
 *
 * The plain call is libsock_connect() in socket.h. These two add the wait, and
 * leave the socket's blocking mode as it was, however they end. libevio is for
 * those who wait for many sockets at once.
 */
#ifndef LIBSOCK_CONNECT_H
#define LIBSOCK_CONNECT_H

#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * The time of a clock that never goes back and has nothing to do with the
 * calendar: what libsock_connect_until() compares its moment with.
 *
 * @return nanoseconds since a moment in the past that is the OS's own choice.
 *
 * Units:     nanoseconds.
 * Threads:   any.
 * Platforms: the monotonic clock, which may stand still while the machine
 *            sleeps (Linux).
 * Since:     0.1
 */
LIBSOCK_API uint64_t libsock_now_ns(void);

/**
 * Connect, waiting until a moment at most.
 *
 * A call that ended too early, by the time or by a signal, may be repeated: it
 * goes on with the connection that is under way, whatever `addr` says then. A
 * stream socket that is connected to `addr` by now is a success. After any
 * other failure close the socket: not every system connects it anew.
 *
 * @param sock         Open socket, blocking or not; it stays what it was.
 * @param addr         The peer. A datagram socket is connected at once.
 * @param deadline_ns  A moment of libsock_now_ns(). One that has passed looks
 *                     once, which can succeed on this host;
 *                     LIBSOCK_NO_TIMEOUT waits for ever.
 *
 * @return 0 when connected; kind TIMED_OUT when the time was up, or when the
 *         OS itself gave up; kind INTERRUPTED when a signal came first;
 *         otherwise how the connection failed, kind CONNECTION_REFUSED for
 *         example; kind NOT_CONNECTED when it was made and lost again before
 *         it could be seen; kind INVALID_INPUT for an empty address.
 *
 * Units:     nanoseconds; never early, and late by what the OS's timers are.
 * Threads:   the mode is the open file's: for as long as a blocking socket
 *            waits here, another thread's calls on it do not block.
 * Blocking:  until the deadline.
 * Platforms: on Linux an AF_UNIX listener whose backlog is full offers nothing
 *            to wait for; the call is repeated after pauses of 1 ms that
 *            double up to 16 ms. Where the OS has no ppoll(), waits are
 *            rounded up to milliseconds.
 * Since:     0.1
 */
LIBSOCK_API int libsock_connect_until(libsock_socket sock,
                                      const libsock_addr *addr,
                                      uint64_t deadline_ns);

/**
 * Connect, waiting for a time at most. After a signal, repeating it waits for
 * the whole time again: take libsock_connect_until() where that matters.
 *
 * @param sock        As libsock_connect_until().
 * @param addr        As libsock_connect_until().
 * @param timeout_ns  How long; 0 looks once; LIBSOCK_NO_TIMEOUT for ever.
 *
 * @return as libsock_connect_until().
 *
 * Units:     nanoseconds.
 * Blocking:  for the time at most.
 * Platforms: as libsock_connect_until().
 * Since:     0.1
 */
LIBSOCK_API int libsock_connect_timeout(libsock_socket sock,
                                        const libsock_addr *addr,
                                        uint64_t timeout_ns);

LIBSOCK_END

#endif
