/* SPDX-License-Identifier: MIT */
/**
 * @file tcp.h
 * TCP: streams, and the listeners that accept them, as sources.
 *
 * The life of a stream: evio_tcp_connect(), or evio_tcp_accept() from a
 * listener; evio_register() its `source`; read and write when an event reports
 * it; evio_tcp_close(). A connect is over when the stream is writable:
 * evio_tcp_take_error() then returns how it ended, and evio_tcp_peer_addr()
 * whom it reached. Connect first, register second: Linux reports a socket that
 * never connected as hung up.
 *
 * The life of a listener: evio_tcp_listen(), evio_register() its `source` as
 * readable, evio_tcp_accept() until it would block, evio_tcp_listener_close().
 *
 * Both own their socket, which is non-blocking and close-on-exec. They live in
 * the user's structure and hold no memory; all zeros is one that is not open.
 * Either may move in memory, registered or not; of two copies, use one. A
 * function that fills one in overwrites what it held, so give it one that is
 * not open.
 *
 * `source` is the first member, so a pointer to the object is a pointer to its
 * source.
 *
 * Every function that takes one returns kind BAD_DESCRIPTOR when it is not
 * open, or NULL.
 *
 * When to stop reading, writing or accepting: drain until would-block (EAGAIN),
 * which is always right. Then the direction is reported again, without a call
 * of evio_rearm(). On a stream a short read or write may end it one system call
 * earlier, but not:
 *
 * - after an event with EVIO_READ_CLOSED: read to end of file, because the end
 *   behind the last bytes is not reported again;
 * - where the peer may send urgent data (MSG_OOB): a read stops at the mark,
 *   and epoll reports nothing for what is behind it, with SO_OOBINLINE or
 *   without.
 *
 * A program that stops earlier, such as at a budget per event, calls
 * evio_again().
 *
 * What is not here is done on the lent socket, with every function of libsock:
 * `libsock_set_ttl_v4(evio_tcp_as_socket(&stream), 64)`. After a transfer made
 * that way call evio_rearm(&stream.source, ...).
 */
#ifndef EVIO_TCP_H
#define EVIO_TCP_H

#include <stdbool.h>
#include <stddef.h>

#include <libevio/attr.h>
#include <libevio/source.h>
#include <libsock/addr.h>
#include <libsock/types.h>

EVIO_BEGIN

/** A TCP connection, or the beginning of one; see above. */
typedef struct evio_tcp_stream {
    evio_source source; /**< To be registered. */
} evio_tcp_stream;

/** A TCP socket that takes connections; see above. */
typedef struct evio_tcp_listener {
    evio_source source; /**< To be registered. */
} evio_tcp_listener;

/**
 * Begin to connect to a peer. To bind or to set options before that, open the
 * socket with libsock and hand it to evio_tcp_from_socket().
 *
 * @param      peer        An IPv4 or IPv6 address.
 * @param[out] out_stream  The stream.
 *
 * @return 0 when the connection was begun or is made: it is writable once that
 *         has ended, well or not. Kind INVALID_INPUT for NULL or an address of
 *         another family; else what the OS returned, and then nothing is left
 *         open.
 *
 * Ownership: closed with evio_tcp_close().
 * Threads:   any.
 * Blocking:  never. Two system calls: socket, connect.
 * Since:     0.1
 */
EVIO_API int evio_tcp_connect(const libsock_addr *peer,
                              evio_tcp_stream *out_stream);

/**
 * Take over a connected or connecting socket. Nothing about it is changed: it
 * should be non-blocking already.
 *
 * @param      sock        Open TCP socket.
 * @param[out] out_stream  The stream.
 *
 * @return 0; kind BAD_DESCRIPTOR when `sock` is not open; INVALID_INPUT for
 *         NULL.
 *
 * Ownership: on success the stream closes the socket.
 * Threads:   any.
 * Blocking:  never. No system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_from_socket(libsock_socket sock,
                                  evio_tcp_stream *out_stream);

/**
 * Deregister a stream and give its socket back; it is not open afterwards.
 *
 * @param[in,out] stream    The stream.
 * @param[out]    out_sock  Its socket.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Ownership: the caller closes the socket.
 * Threads:   the one that uses the stream.
 * Blocking:  never. One system call on epoll when registered.
 * Since:     0.1
 */
EVIO_API int evio_tcp_into_socket(evio_tcp_stream *stream,
                                  libsock_socket *out_sock);

/**
 * The socket of a stream, for the options and calls of libsock.
 *
 * @param stream  The stream, or NULL.
 *
 * @return the socket; one that is not open when the stream is not.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API libsock_socket evio_tcp_as_socket(const evio_tcp_stream *stream);

/**
 * Close a stream and end its registration in one: no event of it is delivered
 * any more.
 *
 * @param[in,out] stream  The stream; not open afterwards, whatever is returned.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open, as after a first close;
 *         else what close(2) returned.
 *
 * Threads:   the one that uses the stream; another may be waiting.
 * Blocking:  only with SO_LINGER set and data unsent. One system call: on
 *            epoll the close ends the registration too (in level and
 *            exclusive mode the removal is a second one).
 * Since:     0.1
 */
EVIO_API int evio_tcp_close(evio_tcp_stream *stream);

/**
 * Receive bytes.
 *
 * @param      stream  The stream.
 * @param[out] buf     `cap` writable bytes; the first *n* are written, *n*
 *                     being the return value.
 * @param      cap     Size of `buf`.
 *
 * @return bytes stored; with `cap` > 0, 0 is the end of file. Would-block when
 *         nothing is there; kind CONNECTION_RESET when the peer reset the
 *         connection; else what recv(2) returned.
 *
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_tcp_read(evio_tcp_stream *stream, void *buf,
                                 size_t cap);

/**
 * Receive bytes into several buffers, filling one after the other.
 *
 * @param stream  The stream.
 * @param bufs    `n_bufs` buffers over writable memory.
 * @param n_bufs  How many. When more than the OS takes (1024 on Linux), a
 *                short count is not the end: go on.
 *
 * @return as evio_tcp_read().
 *
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_tcp_read_vectored(evio_tcp_stream *stream,
                                          const libsock_buf *bufs,
                                          size_t n_bufs);

/**
 * Receive bytes and leave them in place. Data that stays unread may be reported
 * again at once: to wait for more, read what is there.
 *
 * @param      stream  The stream.
 * @param[out] buf     `cap` writable bytes.
 * @param      cap     Size of `buf`.
 *
 * @return as evio_tcp_read().
 *
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_tcp_peek(evio_tcp_stream *stream, void *buf,
                                 size_t cap);

/**
 * Send bytes. A broken connection is an error, never a SIGPIPE.
 *
 * @param stream  The stream.
 * @param buf     `len` readable bytes; may be NULL when `len` is 0.
 * @param len     How many.
 *
 * @return bytes taken, at most `len`. Would-block when there is no buffer
 *         space, or the connection is not made yet; kind BROKEN_PIPE when this
 *         side was shut or the connection is gone; else what send(2) returned.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any; one may write while another reads.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_tcp_write(evio_tcp_stream *stream, const void *buf,
                                  size_t len);

/**
 * Send from several buffers, as if they were one.
 *
 * @param stream  The stream.
 * @param bufs    `n_bufs` buffers; may be NULL when `n_bufs` is 0.
 * @param n_bufs  How many; as in evio_tcp_read_vectored().
 *
 * @return as evio_tcp_write().
 *
 * Ownership: nothing is kept after return.
 * Threads:   any; one may write while another reads.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_tcp_write_vectored(evio_tcp_stream *stream,
                                           const libsock_buf *bufs,
                                           size_t n_bufs);

/**
 * End one or both directions; see libsock_shutdown(). The stream stays open
 * and registered; poll.h's hints tell the peer, and mostly this side, of it.
 *
 * @param stream  The stream.
 * @param how     An `enum libsock_shut`.
 *
 * @return as libsock_shutdown().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_shutdown(evio_tcp_stream *stream, int how);

/**
 * Send small writes at once instead of waiting for more (TCP_NODELAY). All
 * other options are set on evio_tcp_as_socket().
 *
 * @param stream  The stream.
 * @param on      true to send at once; a new stream waits.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: on Windows only once the stream is connected.
 * Since:     0.1
 */
EVIO_API int evio_tcp_set_nodelay(evio_tcp_stream *stream, bool on);

/**
 * Whether small writes are sent at once.
 *
 * @param      stream  The stream.
 * @param[out] out_on  The answer.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_get_nodelay(const evio_tcp_stream *stream, bool *out_on);

/**
 * Read and clear the error that waits on a stream: how a connect ended.
 *
 * @param      stream     The stream.
 * @param[out] out_error  0, or minus the OS code, as a failing call would have
 *                        returned it.
 *
 * @return 0 when the error was read; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_take_error(evio_tcp_stream *stream, int *out_error);

/**
 * The stream's own address.
 *
 * @param      stream    The stream.
 * @param[out] out_addr  The address.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_local_addr(const evio_tcp_stream *stream,
                                 libsock_addr *out_addr);

/**
 * The peer's address.
 *
 * @param      stream    The stream.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind NOT_CONNECTED until the connection is made.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_peer_addr(const evio_tcp_stream *stream,
                                libsock_addr *out_addr);

/**
 * Listen on an address. As many finished connections may wait to be accepted
 * as the OS allows.
 *
 * @param      addr          An IPv4 or IPv6 address; port 0 lets the OS choose,
 *                           evio_tcp_listener_local_addr() returns it.
 * @param[out] out_listener  The listener.
 *
 * @return 0; kind ADDR_IN_USE; kind INVALID_INPUT for NULL or an address of
 *         another family; else what the OS returned. On failure nothing is left
 *         open.
 *
 * Ownership: closed with evio_tcp_listener_close().
 * Threads:   any.
 * Blocking:  never. Four system calls: socket, setsockopt, bind, listen.
 * Platforms: on Unix with SO_REUSEADDR, so that a server can start again
 *            while connections of its predecessor linger; on Windows that
 *            option would let another program take the port.
 * Since:     0.1
 */
EVIO_API int evio_tcp_listen(const libsock_addr *addr,
                             evio_tcp_listener *out_listener);

/**
 * Take over a listening socket. Nothing about it is changed: it should be
 * non-blocking already.
 *
 * @param      sock          Listening TCP socket.
 * @param[out] out_listener  The listener.
 *
 * @return 0; kind BAD_DESCRIPTOR when `sock` is not open; INVALID_INPUT for
 *         NULL.
 *
 * Ownership: on success the listener closes the socket.
 * Threads:   any.
 * Blocking:  never. No system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_listener_from_socket(libsock_socket sock,
                                           evio_tcp_listener *out_listener);

/**
 * Deregister a listener and give its socket back; it is not open afterwards.
 *
 * @param[in,out] listener  The listener.
 * @param[out]    out_sock  Its socket.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Ownership: the caller closes the socket.
 * Threads:   the one that uses the listener.
 * Blocking:  never. One system call on epoll when registered.
 * Since:     0.1
 */
EVIO_API int evio_tcp_listener_into_socket(evio_tcp_listener *listener,
                                           libsock_socket *out_sock);

/**
 * The socket of a listener, for the options and calls of libsock.
 *
 * @param listener  The listener, or NULL.
 *
 * @return the socket; one that is not open when the listener is not.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API libsock_socket
evio_tcp_listener_as_socket(const evio_tcp_listener *listener);

/**
 * Close a listener and end its registration in one. Connections that nobody
 * accepted are reset.
 *
 * @param[in,out] listener  The listener; not open afterwards, whatever is
 *                          returned.
 *
 * @return as evio_tcp_close().
 *
 * Threads:   the one that uses the listener; another may be waiting.
 * Blocking:  never. Two system calls on epoll, one on poll: a listener's
 *            registration is removed first, because its socket often lives on
 *            in another process, and would take wake-ups there.
 * Since:     0.1
 */
EVIO_API int evio_tcp_listener_close(evio_tcp_listener *listener);

/**
 * Take a waiting connection. The listener is reported again after an accept
 * that would block (EAGAIN): drain until then.
 *
 * @param      listener    The listener.
 * @param[out] out_stream  The connection: non-blocking, close-on-exec.
 * @param[out] out_peer    The peer's address, or NULL if not wanted.
 *
 * @return 0; would-block when none waits; kind CONNECTION_ABORTED when the
 *         peer left first (go on); kind TOO_MANY_FILES when the limit is
 *         reached: the connection goes on waiting, and in edge mode is not
 *         reported again: close something, then call again or evio_again();
 *         INVALID_INPUT for NULL; else what accept(2) returned.
 *
 * Ownership: the connection is closed with evio_tcp_close().
 * Threads:   any; each connection goes to one.
 * Blocking:  never. One system call: accept4.
 * Platforms: where the OS has no accept4, two more calls set the flags.
 * Since:     0.1
 */
EVIO_API int evio_tcp_accept(evio_tcp_listener *listener,
                             evio_tcp_stream *out_stream,
                             libsock_addr *out_peer);

/**
 * Read and clear the error that waits on a listener.
 *
 * @param      listener   The listener.
 * @param[out] out_error  0, or minus the OS code.
 *
 * @return 0 when the error was read; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_listener_take_error(evio_tcp_listener *listener,
                                          int *out_error);

/**
 * The address that a listener listens on, with the port that the OS chose.
 *
 * @param      listener  The listener.
 * @param[out] out_addr  The address.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_tcp_listener_local_addr(const evio_tcp_listener *listener,
                                          libsock_addr *out_addr);

EVIO_END

#endif
