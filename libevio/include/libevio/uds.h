/* SPDX-License-Identifier: MIT */
/**
 * @file uds.h
 * AF_UNIX streams and their listeners as sources. Datagrams are in
 * uds_datagram.h.
 *
 * The life of a stream: evio_unix_connect(), evio_unix_pair(), or
 * evio_unix_accept() from a listener; evio_register() its `source`; read and
 * write when an event reports it; evio_unix_close().
 *
 * The life of a listener: evio_unix_listen(), evio_register() its `source` as
 * readable, evio_unix_accept() until it would block,
 * evio_unix_listener_close(). The file that it is bound to stays: who made the
 * path removes it.
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
 * open, or NULL. Addresses are made by libsock_addr_from_unix_path() and its
 * relatives; one of another family is kind INVALID_INPUT.
 *
 * When to stop reading, writing or accepting: drain until would-block (EAGAIN).
 * Then the direction is reported again, without a call of evio_rearm(). A short
 * count of a stream re-arms it too, but on AF_UNIX a short read does not end
 * draining, because the peer alone decides where a read stops, and epoll
 * reports nothing for what is left:
 *
 * - behind bytes that came with descriptors (SCM_RIGHTS), also when nobody here
 *   wants descriptors;
 * - between the bytes of two writers, with SO_PASSCRED on this socket;
 * - in front of an out-of-band byte (MSG_OOB, Linux 5.15);
 * - behind each packet of a SEQPACKET socket that was adopted. There an empty
 *   packet is read as 0, as the end of file is.
 *
 * A short write has filled the buffer: writable is reported when the peer has
 * read. A program that stops earlier, such as at a budget per event, calls
 * evio_again().
 *
 * What is not here is done on the lent socket, with every function of libsock.
 * After a transfer made that way say evio_rearm(&stream.source, ...).
 *
 * Platforms: Unix.
 */
#ifndef EVIO_UDS_H
#define EVIO_UDS_H

#include <stddef.h>

#include <libevio/attr.h>
#include <libevio/source.h>
#include <libsock/addr.h>
#include <libsock/io.h>
#include <libsock/types.h>

EVIO_BEGIN

/** An AF_UNIX connection; see above. */
typedef struct evio_unix_stream {
    evio_source source; /**< To be registered. */
} evio_unix_stream;

/** An AF_UNIX socket that takes connections; see above. */
typedef struct evio_unix_listener {
    evio_source source; /**< To be registered. */
} evio_unix_listener;

/**
 * Connect to a listener.
 *
 * @param      peer        An AF_UNIX address.
 * @param[out] out_stream  The stream.
 *
 * @return 0 when connected. Would-block when the listener's backlog is full:
 *         nothing was begun and nothing is left open, so there is no event to
 *         wait for; try again later. Kind NOT_FOUND when the path does not
 *         exist, CONNECTION_REFUSED when nobody listens on it, INVALID_INPUT
 *         for NULL or an address of another family; else what the OS returned.
 *
 * Ownership: closed with evio_unix_close().
 * Threads:   any.
 * Blocking:  never. Two system calls: socket, connect.
 * Platforms: other systems than Linux may begin a connection as TCP does: it
 *            is writable once that has ended, and evio_unix_take_error()
 *            returns how.
 * Since:     0.1
 */
EVIO_API int evio_unix_connect(const libsock_addr *peer,
                               evio_unix_stream *out_stream);

/**
 * Make two streams that are connected to each other.
 *
 * @param[out] out_pair  The two ends.
 *
 * @return 0; kind INVALID_INPUT for NULL; else what socketpair(2) returned.
 *
 * Ownership: both closed with evio_unix_close().
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_pair(evio_unix_stream out_pair[2]);

/**
 * Take over a connected socket. Nothing about it is changed: it should be
 * non-blocking already.
 *
 * @param      sock        Open AF_UNIX socket.
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
EVIO_API int evio_unix_from_socket(libsock_socket sock,
                                   evio_unix_stream *out_stream);

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
EVIO_API int evio_unix_into_socket(evio_unix_stream *stream,
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
EVIO_API libsock_socket evio_unix_as_socket(const evio_unix_stream *stream);

/**
 * Close a stream and end its registration in one: no event of it is
 * delivered any more.
 *
 * @param[in,out] stream  The stream; not open afterwards, whatever is
 *                        returned.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open, as after a first close;
 *         else what close(2) returned.
 *
 * Threads:   the one that uses the stream; another may be waiting.
 * Blocking:  never. One system call: on epoll the close ends the registration
 *            too (in level and exclusive mode the removal is a second one).
 * Since:     0.1
 */
EVIO_API int evio_unix_close(evio_unix_stream *stream);

/**
 * Receive bytes.
 *
 * @param      stream  The stream.
 * @param[out] buf     `cap` writable bytes; the first *n* are written, *n*
 *                     being the return value.
 * @param      cap     Size of `buf`.
 *
 * @return bytes stored; with `cap` > 0, 0 is the end of file. Would-block when
 *         nothing is there; kind CONNECTION_RESET when the peer left bytes
 *         unread; else what recv(2) returned.
 *
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Platforms: descriptors that come along are dropped, that is closed, by the
 *            OS; evio_unix_recv_msg() takes them.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_read(evio_unix_stream *stream, void *buf,
                                  size_t cap);

/**
 * Receive bytes into several buffers, filling one after the other.
 *
 * @param stream  The stream.
 * @param bufs    `n_bufs` buffers over writable memory.
 * @param n_bufs  How many. When more than the OS takes (1024 on Linux), a
 *                short count is not the end: go on.
 *
 * @return as evio_unix_read().
 *
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_read_vectored(evio_unix_stream *stream,
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
 * @return as evio_unix_read().
 *
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_peek(evio_unix_stream *stream, void *buf,
                                  size_t cap);

/**
 * Send bytes. A broken connection is an error, never a SIGPIPE.
 *
 * @param stream  The stream.
 * @param buf     `len` readable bytes; may be NULL when `len` is 0.
 * @param len     How many.
 *
 * @return bytes taken, at most `len`. Would-block when there is no buffer
 *         space; kind BROKEN_PIPE when this side was shut or the peer is gone;
 *         else what send(2) returned.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any; one may write while another reads.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_write(evio_unix_stream *stream, const void *buf,
                                   size_t len);

/**
 * Send from several buffers, as if they were one.
 *
 * @param stream  The stream.
 * @param bufs    `n_bufs` buffers; may be NULL when `n_bufs` is 0.
 * @param n_bufs  How many; as in evio_unix_read_vectored().
 *
 * @return as evio_unix_write().
 *
 * Ownership: nothing is kept after return.
 * Threads:   any; one may write while another reads.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_write_vectored(evio_unix_stream *stream,
                                            const libsock_buf *bufs,
                                            size_t n_bufs);

/**
 * Send bytes with control messages (ancillary data), such as descriptors
 * (SCM_RIGHTS, unix(7)).
 *
 * @param stream  The stream.
 * @param msg     The message; see libsock_msg_init(). Not changed.
 * @param flags   OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as evio_unix_write(); kind INVALID_INPUT for NULL. Control
 *         messages go with the first byte, or not at all.
 *
 * Ownership: nothing is kept after return; descriptors are copied.
 * Threads:   any; one may write while another reads.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_send_msg(evio_unix_stream *stream,
                                      const libsock_msg *msg, int flags);

/**
 * Receive bytes with control messages (ancillary data). A short count is not
 * the end: drain until would-block.
 *
 * @param         stream  The stream.
 * @param[in,out] msg     The message.
 * @param         flags   OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as evio_unix_read(); kind INVALID_INPUT for NULL.
 *
 * Ownership: descriptors received with a message belong to the caller; they
 *            are close-on-exec.
 * Threads:   any; one may read while another writes.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_recv_msg(evio_unix_stream *stream,
                                      libsock_msg *msg, int flags);

/**
 * End one or both directions; see libsock_shutdown(). The stream stays
 * open and registered; event.h's hints tell of it.
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
EVIO_API int evio_unix_shutdown(evio_unix_stream *stream, int how);

/**
 * Read and clear the error that waits on a stream.
 *
 * @param      stream     The stream.
 * @param[out] out_error  0, or minus the OS code.
 *
 * @return 0 when the error was read; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_take_error(evio_unix_stream *stream, int *out_error);

/**
 * The stream's own address; the unnamed one when it was never bound.
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
EVIO_API int evio_unix_local_addr(const evio_unix_stream *stream,
                                  libsock_addr *out_addr);

/**
 * The peer's address; the unnamed one when the peer was never bound.
 *
 * @param      stream    The stream.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind NOT_CONNECTED when there is no peer.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_peer_addr(const evio_unix_stream *stream,
                                 libsock_addr *out_addr);

/**
 * Listen on an address. As many connections may wait to be accepted as the OS
 * allows.
 *
 * @param      addr          An AF_UNIX address. The unnamed one lets Linux
 *                           choose an abstract name.
 * @param[out] out_listener  The listener.
 *
 * @return 0; kind ADDR_IN_USE when the path exists, even if nobody listens on
 *         it; kind INVALID_INPUT for NULL or an address of another family; else
 *         what the OS returned. On failure nothing is left open; the file may
 *         have been made.
 *
 * Ownership: closed with evio_unix_listener_close(), which leaves the file.
 * Threads:   any.
 * Blocking:  never. Three system calls: socket, bind, listen.
 * Since:     0.1
 */
EVIO_API int evio_unix_listen(const libsock_addr *addr,
                              evio_unix_listener *out_listener);

/**
 * Take over a listening socket. Nothing about it is changed: it should be
 * non-blocking already.
 *
 * @param      sock          Listening AF_UNIX socket.
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
EVIO_API int evio_unix_listener_from_socket(libsock_socket sock,
                                            evio_unix_listener *out_listener);

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
EVIO_API int evio_unix_listener_into_socket(evio_unix_listener *listener,
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
evio_unix_listener_as_socket(const evio_unix_listener *listener);

/**
 * Close a listener and end its registration in one: no event of it is
 * delivered any more. The file of its path stays.
 *
 * @param[in,out] listener  The listener; not open afterwards, whatever is
 *                          returned.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open, as after a first close;
 *         else what close(2) returned.
 *
 * Threads:   the one that uses the listener; another may be waiting.
 * Blocking:  never. Two system calls on epoll, one on poll: a listener's
 *            registration is removed first, because its socket often lives on
 *            in another process, and would take wake-ups there.
 * Since:     0.1
 */
EVIO_API int evio_unix_listener_close(evio_unix_listener *listener);

/**
 * Take a waiting connection. The listener is reported again after an accept
 * that would block (EAGAIN): drain until then.
 *
 * @param      listener    The listener.
 * @param[out] out_stream  The connection: non-blocking, close-on-exec.
 * @param[out] out_peer    The peer's address, mostly the unnamed one, or NULL
 *                         if not wanted.
 *
 * @return 0; would-block when none waits; kind TOO_MANY_FILES when the limit
 *         is reached: the connection goes on waiting, and in edge mode is not
 *         reported again: close something, then call again or evio_again();
 *         INVALID_INPUT for NULL; else what accept(2) returned.
 *
 * Ownership: the connection is closed with evio_unix_close().
 * Threads:   any; each connection goes to one.
 * Blocking:  never. One system call: accept4.
 * Platforms: where the OS has no accept4, two more calls set the flags.
 * Since:     0.1
 */
EVIO_API int evio_unix_accept(evio_unix_listener *listener,
                              evio_unix_stream *out_stream,
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
EVIO_API int evio_unix_listener_take_error(evio_unix_listener *listener,
                                           int *out_error);

/**
 * The listener's own address; the unnamed one when it was never bound.
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
EVIO_API int evio_unix_listener_local_addr(const evio_unix_listener *listener,
                                           libsock_addr *out_addr);

EVIO_END

#endif
