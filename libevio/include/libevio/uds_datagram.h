/* SPDX-License-Identifier: MIT */
/**
 * @file uds_datagram.h
 * AF_UNIX datagram sockets as sources.
 *
 * The life of a socket: evio_unix_datagram_bind() to receive, or
 * evio_unix_datagram_open() just to send, or evio_unix_datagram_pair();
 * evio_register() its `source`; send and receive when an event reports it;
 * evio_unix_datagram_close(). The file that it is bound to stays: who made the
 * path removes it.
 *
 * It owns its socket, which is non-blocking and close-on-exec. It lives in the
 * user's structure and holds no memory; all zeros is one that is not open. It
 * may move in memory, registered or not; of two copies, use one. A function
 * that fills one in overwrites what it held, so give it one that is not open.
 *
 * `source` is the first member, so a pointer to the object is a pointer to its
 * source.
 *
 * Every function that takes one returns kind BAD_DESCRIPTOR when it is not
 * open, or NULL. Addresses are made by libsock_addr_from_unix_path() and its
 * relatives; one of another family is kind INVALID_INPUT.
 *
 * When to stop receiving or sending: drain until would-block (EAGAIN). Then the
 * direction is reported again. Nothing else ends it: a datagram that is shorter
 * than the buffer is whole, and an empty one is a datagram. A short batch
 * re-arms too, and does not end draining either, as udp.h explains. A program
 * that stops earlier, such as at a budget per event, calls evio_again().
 *
 * A socket of sequenced packets (SEQPACKET) is adopted by
 * evio_unix_datagram_from_socket(). Its connection has an end, which is
 * received as 0, as an empty packet is.
 *
 * What is not here is done on the lent socket, with every function of libsock;
 * after a transfer made that way call evio_rearm(&datagram.source, ...).
 *
 * Platforms: Unix.
 */
#ifndef EVIO_UDS_DATAGRAM_H
#define EVIO_UDS_DATAGRAM_H

#include <stddef.h>

#include <libevio/attr.h>
#include <libevio/source.h>
#include <libsock/addr.h>
#include <libsock/io.h>
#include <libsock/types.h>

EVIO_BEGIN

/** An AF_UNIX socket for datagrams; see above. */
typedef struct evio_unix_datagram {
    evio_source source; /**< To be registered. */
} evio_unix_datagram;

/**
 * Open a datagram socket on an address.
 *
 * @param      addr          An AF_UNIX address. The unnamed one lets Linux
 *                           choose an abstract name.
 * @param[out] out_datagram  The socket.
 *
 * @return 0; kind ADDR_IN_USE when the path exists; kind INVALID_INPUT for
 *         NULL or an address of another family; else what the OS returned. On
 *         failure nothing is left open.
 *
 * Ownership: closed with evio_unix_datagram_close(), which leaves the file.
 * Threads:   any.
 * Blocking:  never. Two system calls: socket, bind.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_bind(const libsock_addr *addr,
                                     evio_unix_datagram *out_datagram);

/**
 * Open a datagram socket without an address: it can send, and receivers see an
 * unnamed sender.
 *
 * @param[out] out_datagram  The socket.
 *
 * @return 0; kind INVALID_INPUT for NULL; else what the OS returned.
 *
 * Ownership: closed with evio_unix_datagram_close().
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_open(evio_unix_datagram *out_datagram);

/**
 * Make two datagram sockets that are connected to each other.
 *
 * @param[out] out_pair  The two ends.
 *
 * @return 0; kind INVALID_INPUT for NULL; else what socketpair(2) returned.
 *
 * Ownership: both closed with evio_unix_datagram_close().
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_pair(evio_unix_datagram out_pair[2]);

/**
 * Take over an open socket. Nothing about it is changed: it should be
 * non-blocking already.
 *
 * @param      sock          Open AF_UNIX datagram socket.
 * @param[out] out_datagram  The socket.
 *
 * @return 0; kind BAD_DESCRIPTOR when `sock` is not open; INVALID_INPUT for
 *         NULL.
 *
 * Ownership: on success the socket closes the socket.
 * Threads:   any.
 * Blocking:  never. No system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_from_socket(libsock_socket sock,
                                            evio_unix_datagram *out_datagram);

/**
 * Deregister a socket and give its socket back; it is not open afterwards.
 *
 * @param[in,out] datagram  The socket.
 * @param[out]    out_sock  Its socket.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Ownership: the caller closes the socket.
 * Threads:   the one that uses the socket.
 * Blocking:  never. One system call on epoll when registered.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_into_socket(evio_unix_datagram *datagram,
                                            libsock_socket *out_sock);

/**
 * The socket of a socket, for the options and calls of libsock.
 *
 * @param datagram  The socket, or NULL.
 *
 * @return the socket; one that is not open when the socket is not.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API libsock_socket
evio_unix_datagram_as_socket(const evio_unix_datagram *datagram);

/**
 * Close a socket and end its registration in one: no event of it is
 * delivered any more. The file of its path stays.
 *
 * @param[in,out] datagram  The socket; not open afterwards, whatever is
 *                          returned.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open, as after a first close;
 *         else what close(2) returned.
 *
 * Threads:   the one that uses the socket; another may be waiting.
 * Blocking:  never. One system call: on epoll the close ends the registration
 *            too (in level and exclusive mode the removal is a second one).
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_close(evio_unix_datagram *datagram);

/**
 * Choose the one peer to send to and to receive from, or another one.
 *
 * @param datagram  The socket.
 * @param peer      The peer.
 *
 * @return 0; kind INVALID_INPUT for NULL or an address of another family; else
 *         what connect(2) returned: kind NOT_FOUND, CONNECTION_REFUSED.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_connect(evio_unix_datagram *datagram,
                                        const libsock_addr *peer);

/**
 * Send a datagram to the connected peer.
 *
 * @param datagram  Connected socket.
 * @param buf       `len` readable bytes; may be NULL when `len` is 0.
 * @param len       How many.
 *
 * @return `len`: datagrams go whole. Would-block when the peer's queue is
 *         full; kind MSG_SIZE when it is too long; NOT_CONNECTED;
 *         CONNECTION_REFUSED when the peer is gone; BROKEN_PIPE when this side
 *         was shut; else what send(2) returned.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_send(evio_unix_datagram *datagram,
                                           const void *buf, size_t len);

/**
 * Send a datagram to an address.
 *
 * @param datagram  The socket.
 * @param buf       `len` readable bytes; may be NULL when `len` is 0.
 * @param len       How many.
 * @param to        The receiver.
 *
 * @return as evio_unix_datagram_send(); kind NOT_FOUND when there is no such
 *         path; INVALID_INPUT when `to` is NULL or empty.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: Linux counts an unconnected socket as writable even while the
 *            receiver's queue is full, so no event reports when to repeat after
 *            would-block. Connect to a receiver that may be slow.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_send_to(evio_unix_datagram *datagram,
                                              const void *buf, size_t len,
                                              const libsock_addr *to);

/**
 * Receive a datagram.
 *
 * @param      datagram  The socket.
 * @param[out] buf       `cap` writable bytes; the first *n* are written, *n*
 *                       being the return value.
 * @param      cap       Size of `buf`; what is longer is truncated, which
 *                       evio_unix_datagram_recv_msg() reports.
 *
 * @return bytes stored; 0 is an empty datagram, or the end after a shutdown.
 *         Would-block when none is there; else what recv(2) returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_recv(evio_unix_datagram *datagram,
                                           void *buf, size_t cap);

/**
 * Receive a datagram with its sender.
 *
 * @param      datagram  The socket.
 * @param[out] buf       `cap` writable bytes.
 * @param      cap       Size of `buf`.
 * @param[out] out_from  The sender, or NULL if not wanted. Empty or unnamed
 *                       when the sender was never bound.
 *
 * @return as evio_unix_datagram_recv().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_recv_from(evio_unix_datagram *datagram,
                                                void *buf, size_t cap,
                                                libsock_addr *out_from);

/**
 * Receive a datagram and leave it in place.
 *
 * @param      datagram  The socket.
 * @param[out] buf       `cap` writable bytes.
 * @param      cap       Size of `buf`.
 *
 * @return as evio_unix_datagram_recv().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_peek(evio_unix_datagram *datagram,
                                           void *buf, size_t cap);

/**
 * Receive a datagram with its sender and leave it in place.
 *
 * @param      datagram  The socket.
 * @param[out] buf       `cap` writable bytes.
 * @param      cap       Size of `buf`.
 * @param[out] out_from  The sender, or NULL if not wanted.
 *
 * @return as evio_unix_datagram_recv().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_peek_from(evio_unix_datagram *datagram,
                                                void *buf, size_t cap,
                                                libsock_addr *out_from);

/**
 * Send a message: any address, several buffers, control messages.
 *
 * @param datagram  The socket.
 * @param msg       The message; see libsock_msg_init(). Not changed.
 * @param flags     OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as evio_unix_datagram_send(); kind INVALID_INPUT for NULL.
 *
 * Ownership: nothing is kept after return; descriptors are copied.
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_send_msg(evio_unix_datagram *datagram,
                                               const libsock_msg *msg,
                                               int flags);

/**
 * Receive a message: sender, several buffers, control messages,
 * flags.
 *
 * @param         datagram  The socket.
 * @param[in,out] msg       The message.
 * @param         flags     OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as evio_unix_datagram_recv(); kind INVALID_INPUT for NULL.
 *
 * Ownership: descriptors received with a message belong to the caller; they
 *            are close-on-exec.
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_recv_msg(evio_unix_datagram *datagram,
                                               libsock_msg *msg, int flags);

/**
 * Send many messages in one call (sendmmsg), in their order, until one cannot
 * be sent. Would-block and a short batch re-arm writable; before waiting for
 * an event, send the rest until would-block.
 *
 * @param datagram  The socket.
 * @param msgs      `n` messages, each with an address if the socket is not
 *                  connected; may be NULL when `n` is 0: then nothing is done.
 * @param n         How many; more than the OS takes are no error.
 * @param flags     OR of LIBSOCK_MSG_*, for each of them; 0 for none.
 *
 * @return how many messages were sent, at most `n`; of each of them
 *         libsock_msg_len() returns the length. Minus the OS code when the
 *         first one fails, as evio_unix_datagram_send_msg(); kind
 *         INVALID_INPUT for NULL.
 *
 * Ownership: nothing is kept after return; descriptors are copied.
 * Threads:   any; the messages themselves by one at a time.
 * Blocking:  never. One system call.
 * Platforms: as libsock_send_batch().
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_send_batch(evio_unix_datagram *datagram,
                                                 libsock_msg *msgs, size_t n,
                                                 int flags);

/**
 * Receive many messages in one call (recvmmsg). Would-block and a short batch
 * re-arm readable; before waiting for an event, receive until would-block.
 *
 * @param         datagram  The socket.
 * @param[in,out] msgs      `n` messages, as for libsock_recv_batch(); may be
 *                          NULL when `n` is 0: then nothing is done.
 * @param         n         How many at most; more than the OS takes are no
 *                          error.
 * @param         flags     OR of LIBSOCK_MSG_*; 0 for none. WAITFORONE has no
 *                          effect on a non-blocking socket.
 *
 * @return how many messages were received, at most `n`; of each of them
 *         libsock_msg_len() returns the length. Minus the OS code when there
 *         was none, as evio_unix_datagram_recv_msg(); kind INVALID_INPUT for
 *         NULL.
 *
 * Ownership: descriptors received with a message belong to the caller; they
 *            are close-on-exec.
 * Threads:   any; the messages themselves by one at a time.
 * Blocking:  never. One system call.
 * Platforms: as libsock_recv_batch(). On a socket of sequenced packets whose
 *            peer has closed, the rest of the batch is empty messages.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_unix_datagram_recv_batch(evio_unix_datagram *datagram,
                                                 libsock_msg *msgs, size_t n,
                                                 int flags);

/**
 * End one or both directions; see libsock_shutdown(). The socket stays
 * open and registered; event.h's hints tell of it.
 *
 * @param datagram  The socket.
 * @param how       An `enum libsock_shut`.
 *
 * @return as libsock_shutdown().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_shutdown(evio_unix_datagram *datagram, int how);

/**
 * Read and clear the error that waits on a socket.
 *
 * @param      datagram   The socket.
 * @param[out] out_error  0, or minus the OS code.
 *
 * @return 0 when the error was read; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_take_error(evio_unix_datagram *datagram,
                                           int *out_error);

/**
 * The socket's own address; the unnamed one when it was never bound.
 *
 * @param      datagram  The socket.
 * @param[out] out_addr  The address.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_local_addr(const evio_unix_datagram *datagram,
                                           libsock_addr *out_addr);

/**
 * The peer's address; the unnamed one when the peer was never bound.
 *
 * @param      datagram  The socket.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind NOT_CONNECTED when there is no peer.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_unix_datagram_peer_addr(const evio_unix_datagram *datagram,
                                          libsock_addr *out_addr);

EVIO_END

#endif
