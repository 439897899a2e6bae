/* SPDX-License-Identifier: MIT */
/**
 * @file queue.h
 * What waits in a socket: the bytes received and not read, those sent and not
 * arrived, the urgent mark; and the memory that the OS keeps for them. Sizes of
 * buffers are in opt_sock.h.
 *
 * All answers are true for a moment: more may come or go meanwhile. What they
 * are good for is a buffer of the right size, a progress bar, or closing only
 * when everything has arrived.
 *
 * Each is one system call, keeps nothing and does not block. Conventions and
 * common errors of the options are in opt.h.
 *
 * Threads: every function may be called from any thread, on one socket too.
 */
#ifndef LIBSOCK_QUEUE_H
#define LIBSOCK_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * How many bytes wait to be received (FIONREAD, SO_NREAD): of a stream all of
 * them, of a datagram socket those of the next datagram, for which 0 may also
 * mean an empty one.
 *
 * @param      sock       Open socket. Borrowed.
 * @param[out] out_bytes  The count; the end of a stream counts nothing.
 *
 * @return 0; kind INVALID_INPUT for NULL, and on Linux for a TCP listener; kind
 *         UNSUPPORTED for a socket that cannot tell (netlink); else what the OS
 *         said.
 *
 * Units:     bytes.
 * Platforms: on the BSDs, of a datagram socket, everything that waits, with
 *            the senders' addresses on some of them; an upper limit of the next
 *            datagram in any case.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_unread(libsock_socket sock, size_t *out_bytes);

/**
 * How much of what was sent is still here (SIOCOUTQ, FIONWRITE, SO_NWRITE): of
 * a TCP socket the bytes that the peer has not acknowledged, sent or not. 0
 * says that the peer's system has everything.
 *
 * @param      sock       Open socket. Borrowed.
 * @param[out] out_bytes  The count.
 *
 * @return 0; kind INVALID_INPUT for NULL, and on Linux for a TCP listener; kind
 *         UNSUPPORTED where the OS cannot tell; else what the OS said.
 *
 * Units:     bytes; on Linux, of other sockets than TCP, of the memory that
 *            they take, which is more.
 * Platforms: Linux, FreeBSD, NetBSD, Apple.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_unacked(libsock_socket sock, size_t *out_bytes);

/**
 * How many bytes of a TCP socket have not even been sent (SIOCOUTQNSD); the
 * difference to libsock_get_unacked() is under way.
 *
 * @param      sock       TCP socket. Borrowed.
 * @param[out] out_bytes  The count.
 *
 * @return as libsock_get_unacked().
 *
 * Units:     bytes.
 * Platforms: Linux 2.6.35.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_unsent(libsock_socket sock, size_t *out_bytes);

/**
 * Whether the next byte to receive is the one behind the urgent mark; see
 * sockatmark(3). A receive never passes the mark, so a reader may go on until
 * this says true, and then knows where the urgent byte was.
 *
 * @param      sock         Stream socket. Borrowed.
 * @param[out] out_at_mark  The answer.
 *
 * @return 0; kind INVALID_INPUT for NULL; kind UNSUPPORTED for a socket that
 *         has no urgent data; else what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_is_at_mark(libsock_socket sock, bool *out_at_mark);

/**
 * Whether a receive fails with kind NO_BUFFERS, once, when datagrams were
 * dropped because the receive buffer was full (SO_RERROR). Off at first.
 *
 * @return 0, or as opt.h says.
 *
 * Platforms: NetBSD 10, FreeBSD 14, DragonFly; on Linux ask with
 *            libsock_set_recv_drop_count().
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_recv_overflow_error(libsock_socket sock, bool on);
LIBSOCK_API int libsock_get_recv_overflow_error(libsock_socket sock,
                                                bool *out_on);

/** Bits of libsock_set_buffer_lock(). */
enum libsock_buffer_lock {
    LIBSOCK_LOCK_SEND_BUFFER = 1, /**< The send buffer keeps its size. */
    LIBSOCK_LOCK_RECV_BUFFER = 2  /**< The receive buffer keeps its size. */
};

/**
 * Whether the sizes of the buffers are the caller's, or the OS adapts them: OR
 * of `enum libsock_buffer_lock` (SO_BUF_LOCK). Setting a size sets its bit;
 * taking the bit away gives the size back to the OS. 0 at first.
 *
 * @return 0; kind INVALID_INPUT for other bits.
 *
 * Platforms: Linux 5.15.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_buffer_lock(libsock_socket sock, uint32_t value);
LIBSOCK_API int libsock_get_buffer_lock(libsock_socket sock,
                                        uint32_t *out_value);

/**
 * How much memory the socket has for itself, whatever others use up
 * (SO_RESERVE_MEM). 0 at first.
 *
 * @return 0; kind INVALID_INPUT above INT_MAX; kind UNSUPPORTED for a process
 *         that is in no memory control group; kind OUT_OF_MEMORY when its group
 *         has not got as much.
 *
 * Units:     bytes; Linux rounds up to whole pages and reads back so.
 * Platforms: Linux 5.16.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_reserved_memory(libsock_socket sock, size_t bytes);
LIBSOCK_API int libsock_get_reserved_memory(libsock_socket sock,
                                            size_t *out_bytes);

LIBSOCK_END

#endif
