/* SPDX-License-Identifier: MIT */
/**
 * @file socket.h
 * A socket's life: open, name, connect, listen, accept, shut, close.
 *
 * Every call is one system call of the same name, unless it says otherwise.
 * Sockets are close-on-exec (not inheritable) and blocking unless asked, set
 * atomically where the OS can. `out_*` is written on success only.
 *
 * Threads: every function may be called from any thread, on one socket too, as
 * far as the OS's call of that name may. Closing a socket that another thread
 * is using is a race that no library can mend.
 */
#ifndef LIBSOCK_SOCKET_H
#define LIBSOCK_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** Flags for the calls that make a socket. */
enum libsock_open_flags {
    LIBSOCK_NONBLOCK = 1, /**< Calls report would-block instead of waiting. */
    LIBSOCK_INHERIT = 2,  /**< Child programs get the descriptor too. */
    LIBSOCK_REGISTERED_IO = 4 /**< Fit for registered I/O (RIO). Windows;
                               *   kind UNSUPPORTED elsewhere. */
};

/** A backlog for libsock_listen(): as long as the OS allows. */
#define LIBSOCK_BACKLOG_MAX (-1)

/**
 * Open a socket; see socket(2).
 *
 * @param      domain    An `enum libsock_domain`, or LIBSOCK_RAW(AF_...).
 * @param      type      An `enum libsock_type`, or LIBSOCK_RAW(SOCK_...).
 * @param      protocol  An `enum libsock_protocol` or an IANA number; 0 for
 *                       the usual one.
 * @param      flags     OR of `enum libsock_open_flags`; 0 for a blocking
 *                       socket that children do not get.
 * @param[out] out_sock  The socket.
 *
 * @return 0; kind INVALID_INPUT for unknown flags, a domain or type outside
 *         its range, or NULL; kind UNSUPPORTED when this OS does not know the
 *         domain, the protocol or a flag; else what socket(2) said.
 *
 * Ownership: the caller closes it with libsock_close().
 * Platforms: Apple has no atomic flags: two more calls, and a fork() in
 *            between may inherit the descriptor. There SO_NOSIGPIPE is set too.
 *            A Linux kernel or sandbox that refuses the flags is asked again
 *            without them, and given them by those calls.
 * Since:     0.1
 */
LIBSOCK_API int libsock_open(int domain, int type, int protocol, uint32_t flags,
                             libsock_socket *out_sock);

/**
 * Open a socket of Multipath TCP, or of TCP where that is not to be had. It is
 * used as a TCP socket is, and falls back by itself when the peer or the way
 * has none.
 *
 * @param      domain        LIBSOCK_DOMAIN_IPV4 or LIBSOCK_DOMAIN_IPV6.
 * @param      flags         As libsock_open().
 * @param[out] out_sock      The socket.
 * @param[out] out_is_mptcp  Whether it is one of Multipath TCP. May be NULL.
 *
 * @return as libsock_open(); kind INVALID_INPUT for another domain.
 *
 * Ownership: the caller closes it.
 * Blocking:  no; two system calls where there is no Multipath TCP.
 * Platforms: Linux 5.6, unless net.mptcp.enabled is 0. TCP elsewhere.
 * Since:     0.1
 */
LIBSOCK_API int libsock_open_mptcp(int domain, uint32_t flags,
                                   libsock_socket *out_sock,
                                   bool *out_is_mptcp);

/**
 * Open two sockets that are connected to each other; see socketpair(2).
 *
 * @param      domain    As libsock_open(); on Unix LIBSOCK_DOMAIN_UNIX.
 * @param      type      As libsock_open().
 * @param      protocol  As libsock_open().
 * @param      flags     As libsock_open(), for both ends.
 * @param[out] out_pair  The two ends.
 *
 * @return as libsock_open().
 *
 * Ownership: the caller closes both.
 * Since:     0.1
 */
LIBSOCK_API int libsock_pair(int domain, int type, int protocol, uint32_t flags,
                             libsock_socket out_pair[2]);

/**
 * Take over a native handle. Nothing about it is changed: not its blocking
 * mode, not its inheritance.
 *
 * @param      raw       A descriptor or SOCKET.
 * @param[out] out_sock  The socket.
 *
 * @return 0; kind BAD_DESCRIPTOR when `raw` is negative or too large to be a
 *         handle; kind INVALID_INPUT for NULL. Whether it is open, and is a
 *         socket, is not asked.
 *
 * Ownership: on success the handle is closed by libsock_close() only.
 * Since:     0.1
 */
LIBSOCK_API int libsock_from_raw(libsock_raw raw, libsock_socket *out_sock);

/**
 * Give a native handle back. `sock` is not open afterwards.
 *
 * @param[in,out] sock  The socket.
 *
 * @return the handle; LIBSOCK_RAW_INVALID when `sock` is NULL or not open.
 *
 * Ownership: the caller closes it by the OS's own call.
 * Since:     0.1
 */
LIBSOCK_API libsock_raw libsock_into_raw(libsock_socket *sock);

/**
 * A second handle for the same socket; see F_DUPFD_CLOEXEC in fcntl(2). Status
 * such as the blocking mode is shared between the two, inheritance is not.
 *
 * @param      sock     Open socket.
 * @param[out] out_dup  The second handle, not inheritable.
 *
 * @return 0; kind INVALID_INPUT for NULL; else what the OS said.
 *
 * Ownership: the caller closes both.
 * Since:     0.1
 */
LIBSOCK_API int libsock_dup(libsock_socket sock, libsock_socket *out_dup);

/**
 * Close a socket; see close(2). Its descriptor is free afterwards, whatever is
 * returned: never repeat the call, not even when a signal interrupted it.
 *
 * @param sock  The socket; its value is worthless afterwards.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open; else what the OS said.
 *
 * Blocking:  only with SO_LINGER set and data unsent.
 * Platforms: on systems where close() interrupted by a signal keeps the
 *            descriptor (HP-UX) this library does not run.
 * Since:     0.1
 */
LIBSOCK_API int libsock_close(libsock_socket sock);

/**
 * Give a socket its local address; see bind(2).
 *
 * @param sock  Open socket.
 * @param addr  The address; port 0 lets the OS choose.
 *
 * @return 0; kind INVALID_INPUT for NULL or an empty address; else what the OS
 *         said, ADDR_IN_USE among it.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_bind(libsock_socket sock, const libsock_addr *addr);

/**
 * Let a socket take connections; see listen(2). A second call changes the
 * backlog.
 *
 * @param sock     Bound stream or seqpacket socket.
 * @param backlog  How many finished connections may wait to be accepted, or
 *                 LIBSOCK_BACKLOG_MAX. The OS cuts it to its own limit.
 *
 * @return 0; kind INVALID_INPUT when below -1; else what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_listen(libsock_socket sock, int backlog);

/**
 * Connect to a peer, or set the default peer of a datagram socket; see
 * connect(2).
 *
 * @param sock  Open socket.
 * @param addr  The peer.
 *
 * @return 0 when connected; libsock_in_progress() on a non-blocking socket
 *         that has begun: wait for writable, then ask libsock_take_error().
 *         On AF_UNIX would-block means that the backlog is full and *nothing*
 *         has begun (Linux). Else what the OS said.
 *
 * Blocking:  as the socket's mode. After "interrupted" the connection goes on
 *            by itself (POSIX): wait for writable, do not repeat.
 * Since:     0.1
 */
LIBSOCK_API int libsock_connect(libsock_socket sock, const libsock_addr *addr);

/**
 * Take a waiting connection; see accept(2) and accept4(2).
 *
 * @param      sock      Listening socket.
 * @param      flags     As libsock_open(). The listener's own blocking mode is
 *                       not inherited, on any OS.
 * @param[out] out_sock  The connection.
 * @param[out] out_peer  The peer's address, or NULL if not wanted.
 *
 * @return 0; would-block when nothing waits and the listener is non-blocking;
 *         kind CONNECTION_ABORTED when the peer left first (go on accepting);
 *         kind TOO_MANY_FILES when the limit is reached (the connection goes
 *         on waiting); else what the OS said.
 *
 * Ownership: the caller closes the connection.
 * Blocking:  as the listener's mode.
 * Since:     0.1
 */
LIBSOCK_API int libsock_accept(libsock_socket sock, uint32_t flags,
                               libsock_socket *out_sock,
                               libsock_addr *out_peer);

/**
 * The socket's own address; see getsockname(2).
 *
 * @param      sock      Open socket.
 * @param[out] out_addr  The address; one that was never bound is the family's
 *                       unspecified or unnamed address.
 *
 * @return 0; else what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_local_addr(libsock_socket sock, libsock_addr *out_addr);

/**
 * The peer's address; see getpeername(2).
 *
 * @param      sock      Connected socket.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind NOT_CONNECTED when there is no peer; else what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_peer_addr(libsock_socket sock, libsock_addr *out_addr);

/**
 * End one or both directions; see shutdown(2). The descriptor stays open.
 *
 * @param sock  Connected socket.
 * @param how   An `enum libsock_shut`.
 *
 * @return 0; kind INVALID_INPUT for another `how`; kind NOT_CONNECTED; else
 *         what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_shutdown(libsock_socket sock, int how);

/**
 * Read and clear the error that waits on a socket; see SO_ERROR in socket(7).
 * After a non-blocking connect this tells how it ended.
 *
 * @param      sock       Open socket.
 * @param[out] out_error  0, or minus the OS code, as a failing call would
 *                        have returned it.
 *
 * @return 0 when the question was answered; else what the OS said to it. The
 *         two are different things: look at both.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_take_error(libsock_socket sock, int *out_error);

/**
 * Switch between waiting and reporting would-block. The mode belongs to the
 * socket, not to the handle: duplicates share it.
 *
 * @param sock      Open socket.
 * @param nonblock  true for non-blocking.
 *
 * @return 0; else what the OS said.
 *
 * Platforms: one atomic ioctl(FIONBIO) where it exists, so that two threads
 *            cannot undo each other's other status flags.
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_nonblocking(libsock_socket sock, bool nonblock);

/**
 * Whether a socket reports would-block instead of waiting.
 *
 * @param      sock          Open socket.
 * @param[out] out_nonblock  The answer.
 *
 * @return 0; else what the OS said.
 *
 * Platforms: Windows cannot tell: kind UNSUPPORTED.
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_nonblocking(libsock_socket sock,
                                        bool *out_nonblock);

/**
 * Choose whether programs that this process starts get the handle.
 *
 * @param sock     Open socket.
 * @param inherit  true to pass it on.
 *
 * @return 0; else what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_set_inheritable(libsock_socket sock, bool inherit);

/**
 * Whether programs that this process starts get the handle.
 *
 * @param      sock         Open socket.
 * @param[out] out_inherit  The answer.
 *
 * @return 0; else what the OS said.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_get_inheritable(libsock_socket sock, bool *out_inherit);

LIBSOCK_END

#endif
