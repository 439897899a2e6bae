/* SPDX-License-Identifier: MIT */
/**
 * @file io.h
 * Sending and receiving: plain, from and to an address, scattered, and whole
 * messages with control data.
 *
 * Every call is one system call. Counts are bytes. A stream may take or give
 * fewer bytes than asked; a datagram goes whole or not at all. On a stream 0
 * received bytes mean that the peer shut its writing side.
 *
 * A broken connection is an error code, never a SIGPIPE: MSG_NOSIGNAL is part
 * of every send (SO_NOSIGPIPE of every socket where the OS has only that).
 *
 * Threads: any. Concurrent calls on one socket are safe; which of them gets
 * which bytes of a stream is open.
 */
#ifndef LIBSOCK_IO_H
#define LIBSOCK_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * Flags of a transfer. Those marked "out" are reported by libsock_recv_msg().
 * One that this OS lacks is refused with kind UNSUPPORTED, an unknown bit with
 * INVALID_INPUT; an OS's own flag may be given as LIBSOCK_RAW(MSG_...).
 */
enum libsock_msg_flags {
    LIBSOCK_MSG_OOB = 0x1,        /**< Out-of-band data; in and out. */
    LIBSOCK_MSG_PEEK = 0x2,       /**< Leave the data where it is. */
    LIBSOCK_MSG_DONTROUTE = 0x4,  /**< Only to hosts on the same link. */
    LIBSOCK_MSG_WAITALL = 0x8,    /**< Wait until the buffer is full. */
    LIBSOCK_MSG_DONTWAIT = 0x10,  /**< This one call does not block. */
    LIBSOCK_MSG_MORE = 0x20,      /**< More follows: hold it back (Linux). */
    LIBSOCK_MSG_CONFIRM = 0x40,   /**< The peer answered; in and out (Linux). */
    LIBSOCK_MSG_ERRQUEUE = 0x80,  /**< From the error queue; in and out. */
    LIBSOCK_MSG_EOR = 0x100,      /**< A record ends here; in and out. */
    LIBSOCK_MSG_TRUNC = 0x200,    /**< Out: the datagram was cut. In, on
                                       Linux: return its whole length. */
    LIBSOCK_MSG_CTRUNC = 0x400,   /**< Out: control data was cut. */
    LIBSOCK_MSG_ZEROCOPY = 0x800, /**< Lend the pages (Linux, SO_ZEROCOPY). */
    LIBSOCK_MSG_FASTOPEN = 0x1000,   /**< Data in the SYN (Linux). */
    LIBSOCK_MSG_WAITFORONE = 0x2000, /**< In a batch: wait for the first message
                                          only; elsewhere without a meaning. */
    LIBSOCK_MSG_NOTIFICATION = 0x4000 /**< Out: no data but an event of SCTP
                                           (Linux, FreeBSD; RFC 6458, 6.1). */
};

/**
 * Send bytes to the connected peer; see send(2).
 *
 * @param sock   Connected socket.
 * @param buf    `len` readable bytes; may be NULL when `len` is 0.
 * @param len    How many.
 * @param flags  OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return bytes taken, at most `len`; fewer only on a stream. Would-block when
 *         there is no room and the socket is non-blocking; kind BROKEN_PIPE
 *         when this side was shut or the connection is gone.
 *
 * Ownership: nothing is kept after return.
 * Blocking:  as the socket's mode. A signal is reported, not retried.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send(libsock_socket sock, const void *buf,
                                   size_t len, int flags);

/**
 * Receive bytes; see recv(2).
 *
 * @param      sock   Open socket.
 * @param[out] buf    `cap` writable bytes; the first *n* are written, *n*
 *                    being the return value.
 * @param      cap    Size of `buf`.
 * @param      flags  OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return bytes stored. On a stream with `cap` > 0, 0 means that the peer shut
 *         its writing side; a datagram may be empty. Would-block when nothing
 *         is there and the socket is non-blocking.
 *
 * Blocking:  as the socket's mode. A signal is reported, not retried.
 * Platforms: a datagram longer than `cap` is cut silently on Unix and fails
 *            with kind MSG_SIZE on Windows; libsock_recv_msg() reports both as
 *            success with LIBSOCK_MSG_TRUNC.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_recv(libsock_socket sock, void *buf, size_t cap,
                                   int flags);

/**
 * Receive bytes and leave them in place: libsock_recv() with LIBSOCK_MSG_PEEK.
 *
 * @param      sock  Open socket.
 * @param[out] buf   `cap` writable bytes.
 * @param      cap   Size of `buf`.
 *
 * @return as libsock_recv().
 *
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_peek(libsock_socket sock, void *buf, size_t cap);

/**
 * Send a datagram to an address; see sendto(2).
 *
 * @param sock   Open socket.
 * @param buf    `len` readable bytes; may be NULL when `len` is 0.
 * @param len    How many.
 * @param flags  OR of LIBSOCK_MSG_*; 0 for none.
 * @param to     The receiver; NULL for the connected peer.
 *
 * @return bytes sent; kind MSG_SIZE when the transport cannot carry so many;
 *         kind INVALID_INPUT for an empty address; otherwise as
 *         libsock_send().
 *
 * Ownership: nothing is kept after return.
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send_to(libsock_socket sock, const void *buf,
                                      size_t len, int flags,
                                      const libsock_addr *to);

/**
 * Receive one datagram, or some stream bytes, together with the sender; see
 * recvfrom(2).
 *
 * @param      sock      Open socket.
 * @param[out] buf       `cap` writable bytes. On failure their content is
 *                       unspecified.
 * @param      cap       Size of `buf`; 0 consumes a datagram, stores nothing.
 * @param      flags     OR of LIBSOCK_MSG_*; 0 for none.
 * @param[out] out_from  Sender, or NULL if not wanted. Empty when the
 *                       transport names no sender, as TCP on Linux.
 *
 * @return as libsock_recv().
 *
 * Blocking:  as the socket's mode.
 * Platforms: as libsock_recv().
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_recv_from(libsock_socket sock, void *buf,
                                        size_t cap, int flags,
                                        libsock_addr *out_from);

/**
 * Receive one datagram with its sender and leave it in place.
 *
 * @param      sock      Open socket.
 * @param[out] buf       `cap` writable bytes.
 * @param      cap       Size of `buf`; 0 asks for the sender alone.
 * @param[out] out_from  Sender, or NULL if not wanted.
 *
 * @return as libsock_recv_from().
 *
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_peek_from(libsock_socket sock, void *buf,
                                        size_t cap, libsock_addr *out_from);

/**
 * Send from several buffers at once, as if they were one; see sendmsg(2).
 *
 * @param sock    Connected socket.
 * @param bufs    `n_bufs` buffers; may be NULL when `n_bufs` is 0.
 * @param n_bufs  How many. More than the OS takes (1024 on Linux) are no
 *                error on a stream: the rest is left over, as in any short
 *                send. A datagram of that many pieces fails with MSG_SIZE.
 * @param flags   OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as libsock_send().
 *
 * Ownership: nothing is kept after return.
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send_vectored(libsock_socket sock,
                                            const libsock_buf *bufs,
                                            size_t n_bufs, int flags);

/**
 * Receive into several buffers, filling one after the other.
 *
 * @param sock    Open socket.
 * @param bufs    `n_bufs` buffers over writable memory.
 * @param n_bufs  How many; the limit is as in libsock_send_vectored().
 * @param flags   OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as libsock_recv().
 *
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_recv_vectored(libsock_socket sock,
                                            const libsock_buf *bufs,
                                            size_t n_bufs, int flags);

/**
 * A message: address, buffers, control data and flags in one structure that
 * goes to the kernel without a copy. Its fields have the OS's order and width,
 * so set and read it through the functions below.
 *
 * Start with libsock_msg_init(), then set what is wanted. What it points to
 * belongs to the caller and must live until the call returns. Before each
 * libsock_recv_msg() set the control buffer anew: the kernel leaves the used
 * length in it. The sender's capacity is restored by the call itself.
 */
typedef struct libsock_msg {
#if defined(_WIN32)
    void *name;            /**< Private. */
    libsock__len name_len; /**< Private. */
    libsock_buf *bufs;     /**< Private. */
    libsock__count n_bufs; /**< Private. */
    libsock_buf control;   /**< Private. */
    uint32_t flags;        /**< Private. */
#else
    void *name;                 /**< Private. */
    libsock__len name_len;      /**< Private. */
    libsock_buf *bufs;          /**< Private. */
    libsock__count n_bufs;      /**< Private. */
    void *control;              /**< Private. */
    libsock__count control_len; /**< Private. */
    int flags;                  /**< Private. */
#endif
#if defined(__linux__) && UINTPTR_MAX > UINT32_MAX
    uint32_t padding; /**< Private: struct msghdr ends here. */
#endif
    uint32_t n_bytes; /**< Private: length in a batch. */
} libsock_msg;

/**
 * Make a message empty: no address, no buffers, no control data.
 *
 * @param[out] msg  The message.
 *
 * @return 0; kind INVALID_INPUT when NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_msg_init(libsock_msg *msg);

/**
 * Say where a message goes. Such a message is for sending only.
 *
 * @param msg  The message.
 * @param to   The receiver, lent until after the call; NULL for the connected
 *             peer.
 *
 * @return 0; kind INVALID_INPUT when `msg` is NULL or `to` is empty.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_msg_set_to(libsock_msg *msg, const libsock_addr *to);

/**
 * Say where a received message's sender is stored. After libsock_recv_msg()
 * the message may be sent as it is: it goes back to that sender.
 *
 * @param      msg       The message.
 * @param[out] out_from  Written by each libsock_recv_msg(); lent until then.
 *                       NULL if not wanted.
 *
 * @return 0; kind INVALID_INPUT when `msg` is NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_msg_set_from(libsock_msg *msg, libsock_addr *out_from);

/**
 * Set the buffers.
 *
 * @param msg     The message.
 * @param bufs    `n_bufs` buffers, lent until after the call.
 * @param n_bufs  How many; the limit is as in libsock_send_vectored().
 *
 * @return 0; kind INVALID_INPUT when NULL, or when the OS's field cannot hold
 *         the count.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_msg_set_bufs(libsock_msg *msg, const libsock_buf *bufs,
                                     size_t n_bufs);

/**
 * Set the control data to send, or the room for control data to receive, in
 * the OS's own layout; control.h writes and reads it.
 *
 * @param msg      The message.
 * @param control  `len` bytes, lent until after the call, aligned as the OS's
 *                 struct cmsghdr (8 is always enough); NULL for none.
 * @param len      Bytes; 0 for none.
 *
 * @return 0; kind INVALID_INPUT when `msg` is NULL, when `control` is not
 *         aligned, or when the OS's field cannot hold the length.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_msg_set_control(libsock_msg *msg, void *control,
                                        size_t len);

/**
 * How much control data the last libsock_recv_msg() stored.
 *
 * @param msg  The message, or NULL.
 *
 * @return bytes; 0 when none.
 *
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_msg_control_len(const libsock_msg *msg);

/**
 * What the last libsock_recv_msg() reported about the message.
 *
 * @param msg  The message, or NULL.
 *
 * @return OR of the LIBSOCK_MSG_* flags marked "out".
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_msg_flags(const libsock_msg *msg);

/**
 * Send a message; see sendmsg(2).
 *
 * @param sock   Open socket.
 * @param msg    The message; not changed.
 * @param flags  OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as libsock_send().
 *
 * Ownership: nothing is kept after return (but see LIBSOCK_MSG_ZEROCOPY).
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send_msg(libsock_socket sock,
                                       const libsock_msg *msg, int flags);

/**
 * Receive a message; see recvmsg(2). Its sender, its flags and the length of
 * its control data are in `msg` afterwards. Descriptors that come along are
 * close-on-exec.
 *
 * @param         sock   Open socket.
 * @param[in,out] msg    The message.
 * @param         flags  OR of LIBSOCK_MSG_*; 0 for none.
 *
 * @return as libsock_recv(); a datagram that was cut is a success with
 *         LIBSOCK_MSG_TRUNC on every OS.
 *
 * Ownership: descriptors received as control data belong to the caller.
 * Blocking:  as the socket's mode.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_recv_msg(libsock_socket sock, libsock_msg *msg,
                                       int flags);

LIBSOCK_END

#endif
