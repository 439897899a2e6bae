/* SPDX-License-Identifier: MIT */
/**
 * @file udp.h
 * UDP sockets as sources.
 *
 * The life of a socket: evio_udp_bind(), evio_register() its `source`, send and
 * receive datagrams when an event reports it, evio_udp_close(). After
 * evio_udp_connect() there is one peer, whom evio_udp_send() reaches and whose
 * datagrams alone arrive; connecting again changes the peer, also while
 * registered.
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
 * open, or NULL.
 *
 * When to stop receiving or sending: drain until would-block (EAGAIN). Then the
 * direction is reported again. Nothing else ends it: a datagram that is shorter
 * than the buffer is whole, an empty one is a datagram (0 is a length, not an
 * end), and a failure may report an earlier send (kind CONNECTION_REFUSED on a
 * connected socket). A program that stops earlier, such as at a budget per
 * event, calls evio_again().
 *
 * A batch has a short count, in messages. A short batch re-arms its direction
 * as would-block does, because most of them end at would-block. An error on a
 * later message ends a batch too, and so does the maximum of the OS (1024
 * messages on Linux); the count is the same, and epoll reports nothing for what
 * is left then. So only would-block ends draining here too, and an event that
 * follows a short batch may find nothing to do.
 *
 * What is not here is done on the lent socket, with every function of libsock:
 * broadcast, multicast membership, TTL, and the like. After a transfer made
 * that way call evio_rearm(&socket.source, ...).
 */
#ifndef EVIO_UDP_H
#define EVIO_UDP_H

#include <stddef.h>

#include <libevio/attr.h>
#include <libevio/source.h>
#include <libsock/addr.h>
#include <libsock/io.h>
#include <libsock/types.h>

EVIO_BEGIN

/** A UDP socket; see above. */
typedef struct evio_udp_socket {
    evio_source source; /**< To be registered. */
} evio_udp_socket;

/**
 * Open a socket on a local address. To set options before that, such as
 * SO_REUSEADDR or IPV6_V6ONLY, open it with libsock and hand it to
 * evio_udp_from_socket().
 *
 * @param      addr        An IPv4 or IPv6 address; port 0 lets the OS choose.
 * @param[out] out_socket  The socket.
 *
 * @return 0; kind ADDR_IN_USE; kind INVALID_INPUT for NULL or an address of
 *         another family; else what the OS returned. On failure nothing is left
 *         open.
 *
 * Ownership: closed with evio_udp_close().
 * Threads:   any.
 * Blocking:  never. Two system calls: socket, bind.
 * Since:     0.1
 */
EVIO_API int evio_udp_bind(const libsock_addr *addr,
                           evio_udp_socket *out_socket);

/**
 * Take over a socket. Nothing about it is changed: it should be non-blocking
 * already.
 *
 * @param      sock        Open datagram socket.
 * @param[out] out_socket  The UDP socket.
 *
 * @return 0; kind BAD_DESCRIPTOR when `sock` is not open; INVALID_INPUT for
 *         NULL.
 *
 * Ownership: on success the UDP socket closes it.
 * Threads:   any.
 * Blocking:  never. No system call.
 * Since:     0.1
 */
EVIO_API int evio_udp_from_socket(libsock_socket sock,
                                  evio_udp_socket *out_socket);

/**
 * Deregister a UDP socket and give its socket back; it is not open afterwards.
 *
 * @param[in,out] udp       The UDP socket.
 * @param[out]    out_sock  Its socket.
 *
 * @return 0; kind INVALID_INPUT for NULL.
 *
 * Ownership: the caller closes the socket.
 * Threads:   the one that uses the socket.
 * Blocking:  never. One system call on epoll when registered.
 * Since:     0.1
 */
EVIO_API int evio_udp_into_socket(evio_udp_socket *udp,
                                  libsock_socket *out_sock);

/**
 * The socket of a UDP socket, for the options and calls of libsock.
 *
 * @param udp     The UDP socket, or NULL.
 *
 * @return the socket; one that is not open when the UDP socket is not.
 *
 * Ownership: lent; never close it.
 * Threads:   any.
 * Since:     0.1
 */
EVIO_API libsock_socket evio_udp_as_socket(const evio_udp_socket *udp);

/**
 * Close a socket and end its registration in one: no event of it is delivered
 * any more.
 *
 * @param[in,out] udp     The socket; not open afterwards, whatever is returned.
 *
 * @return 0; kind BAD_DESCRIPTOR when it was not open, as after a first close;
 *         else what close(2) returned.
 *
 * Threads:   the one that uses the socket; another may be waiting.
 * Blocking:  never. One system call: on epoll the close ends the registration
 *            too (in level and exclusive mode the removal is a second one).
 * Since:     0.1
 */
EVIO_API int evio_udp_close(evio_udp_socket *udp);

/**
 * Choose the one peer to send to and to receive from, or another one.
 *
 * @param udp     The socket.
 * @param peer    The peer.
 *
 * @return 0; kind INVALID_INPUT for NULL or an empty address; else what
 *         connect(2) returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_udp_connect(evio_udp_socket *udp, const libsock_addr *peer);

/**
 * Send a datagram to the connected peer.
 *
 * @param udp     Connected socket.
 * @param buf     `len` readable bytes; may be NULL when `len` is 0.
 * @param len     How many.
 *
 * @return `len`: datagrams go whole. Would-block when there is no buffer space;
 *         kind MSG_SIZE when the transport cannot carry so many; "destination
 *         address required" when not connected; else what send(2) returned.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_send(evio_udp_socket *udp, const void *buf,
                                 size_t len);

/**
 * Send a datagram to an address.
 *
 * @param udp     The socket.
 * @param buf     `len` readable bytes; may be NULL when `len` is 0.
 * @param len     How many.
 * @param to      The receiver.
 *
 * @return as evio_udp_send(); kind INVALID_INPUT when `to` is NULL or empty.
 *
 * Ownership: nothing is kept after return.
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: on a connected socket Linux and Windows send it all the same,
 *            other systems answer kind ALREADY_CONNECTED.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_send_to(evio_udp_socket *udp, const void *buf,
                                    size_t len, const libsock_addr *to);

/**
 * Receive a datagram.
 *
 * @param      udp     The socket.
 * @param[out] buf     `cap` writable bytes; the first *n* are written, *n*
 *                     being the return value.
 * @param      cap     Size of `buf`.
 *
 * @return bytes stored. Would-block when none is there; else what recv(2)
 *         returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: a datagram longer than `cap` is truncated on Unix and fails
 *            with kind MSG_SIZE on Windows; evio_udp_recv_msg() reports both
 *            as success with LIBSOCK_MSG_TRUNC.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_recv(evio_udp_socket *udp, void *buf, size_t cap);

/**
 * Receive a datagram with its sender.
 *
 * @param      udp       The socket.
 * @param[out] buf       `cap` writable bytes.
 * @param      cap       Size of `buf`.
 * @param[out] out_from  The sender, or NULL if not wanted.
 *
 * @return as evio_udp_recv().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: as evio_udp_recv().
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_recv_from(evio_udp_socket *udp, void *buf,
                                      size_t cap, libsock_addr *out_from);

/**
 * Receive a datagram and leave it in place.
 *
 * @param      udp     The socket.
 * @param[out] buf     `cap` writable bytes.
 * @param      cap     Size of `buf`.
 *
 * @return as evio_udp_recv().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: as evio_udp_recv().
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_peek(evio_udp_socket *udp, void *buf, size_t cap);

/**
 * Receive a datagram with its sender and leave it in place.
 *
 * @param      udp       The socket.
 * @param[out] buf       `cap` writable bytes.
 * @param      cap       Size of `buf`.
 * @param[out] out_from  The sender, or NULL if not wanted.
 *
 * @return as evio_udp_recv().
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Platforms: as evio_udp_recv().
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_peek_from(evio_udp_socket *udp, void *buf,
                                      size_t cap, libsock_addr *out_from);

/**
 * Send a message: any address, several buffers, control messages.
 *
 * @param udp     The socket.
 * @param msg     The message; see libsock_msg_init(). Not changed.
 * @param flags   OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as evio_udp_send(); kind INVALID_INPUT for NULL.
 *
 * Ownership: nothing is kept after return (but see LIBSOCK_MSG_ZEROCOPY).
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_send_msg(evio_udp_socket *udp,
                                     const libsock_msg *msg, int flags);

/**
 * Receive a message: sender, several buffers, control messages,
 * flags.
 *
 * @param         udp     The socket.
 * @param[in,out] msg     The message.
 * @param         flags   OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as evio_udp_recv(); kind INVALID_INPUT for NULL.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_recv_msg(evio_udp_socket *udp, libsock_msg *msg,
                                     int flags);

/**
 * Send many messages in one call (sendmmsg), in their order, until one cannot
 * be sent. Would-block and a short batch re-arm writable; before waiting for
 * an event, send the rest until would-block.
 *
 * @param udp    The socket.
 * @param msgs   `n` messages, each with an address if the socket is not
 *               connected; may be NULL when `n` is 0: then nothing is done.
 * @param n      How many; more than the OS takes are no error.
 * @param flags  OR of LIBSOCK_MSG_*, for each of them; 0 for none.
 *
 * @return how many messages were sent, at most `n`; of each of them
 *         libsock_msg_len() returns the length. Minus the OS code when the
 *         first one fails, as evio_udp_send_msg(); kind INVALID_INPUT for NULL.
 *
 * Ownership: nothing is kept after return (but see LIBSOCK_MSG_ZEROCOPY).
 * Threads:   any; the messages themselves by one at a time.
 * Blocking:  never. One system call.
 * Platforms: as libsock_send_batch(). Of an error that ends a batch after its
 *            first message only the short count is returned. An error that the
 *            message itself causes comes again when the rest is sent. One that
 *            reports an earlier datagram (kind CONNECTION_REFUSED) is cleared
 *            and lost, unless IP_RECVERR (libsock_set_recv_err_v4(), _v6())
 *            keeps it in the error queue.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_send_batch(evio_udp_socket *udp, libsock_msg *msgs,
                                       size_t n, int flags);

/**
 * Receive many messages in one call (recvmmsg). Would-block and a short batch
 * re-arm readable; before waiting for an event, receive until would-block.
 *
 * @param         udp    The socket.
 * @param[in,out] msgs   `n` messages, as for libsock_recv_batch(); may be NULL
 *                       when `n` is 0: then nothing is done.
 * @param         n      How many at most; more than the OS takes are no error.
 * @param         flags  OR of LIBSOCK_MSG_*; 0 for none. WAITFORONE has no
 *                       effect on a non-blocking socket.
 *
 * @return how many messages were received, at most `n`; of each of them
 *         libsock_msg_len() returns the length. Minus the OS code when there
 *         was none, as evio_udp_recv_msg(); kind INVALID_INPUT for NULL.
 *
 * Threads:   any; the messages themselves by one at a time.
 * Blocking:  never. One system call.
 * Platforms: as libsock_recv_batch(): on Linux an error that ends a batch is
 *            the result of the next call, and what arrived after it is still
 *            there to be received.
 * Since:     0.1
 */
EVIO_API ptrdiff_t evio_udp_recv_batch(evio_udp_socket *udp, libsock_msg *msgs,
                                       size_t n, int flags);

/**
 * Read and clear the error that waits on a socket.
 *
 * @param      udp        The socket.
 * @param[out] out_error  0, or minus the OS code.
 *
 * @return 0 when the error was read; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_udp_take_error(evio_udp_socket *udp, int *out_error);

/**
 * The socket's own address, with the port that the OS chose.
 *
 * @param      udp       The socket.
 * @param[out] out_addr  The address.
 *
 * @return 0; else what the OS returned.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_udp_local_addr(const evio_udp_socket *udp,
                                 libsock_addr *out_addr);

/**
 * The peer of a connected socket.
 *
 * @param      udp       The socket.
 * @param[out] out_addr  The address.
 *
 * @return 0; kind NOT_CONNECTED when there is none.
 *
 * Threads:   any.
 * Blocking:  never. One system call.
 * Since:     0.1
 */
EVIO_API int evio_udp_peer_addr(const evio_udp_socket *udp,
                                libsock_addr *out_addr);

EVIO_END

#endif
