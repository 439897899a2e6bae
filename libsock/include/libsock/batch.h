/* SPDX-License-Identifier: MIT */
/**
 * @file batch.h
 * Many messages in one system call: sendmmsg(2) and recvmmsg(2).
 *
 * A batch is an array of libsock_msg, each set up as for libsock_send_msg() or
 * libsock_recv_msg(): with its own address, buffers, control data. The array
 * goes to the kernel as it is; nothing is copied or allocated.
 */
#ifndef LIBSOCK_BATCH_H
#define LIBSOCK_BATCH_H

#include <stddef.h>

#include <libsock/attr.h>
#include <libsock/io.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/**
 * Send messages in their order, until one cannot be sent.
 *
 * @param sock   Open socket.
 * @param msgs   `n` messages; may be NULL when `n` is 0: then nothing is done.
 * @param n      How many. More than the OS takes (1024 on Linux) are no error:
 *               the rest is left over.
 * @param flags  OR of LIBSOCK_MSG_*, for each of them; 0 for none.
 *
 * @return how many messages were sent, at most `n`; fewer when one failed or
 *         would have blocked: send the rest again, and what is wrong with the
 *         first of them comes as the result then. Minus the OS code when the
 *         first one fails, as libsock_send_msg(). On a stream the last one may
 *         have gone in part: see libsock_msg_len().
 *
 * Ownership: nothing is kept after return (but see LIBSOCK_MSG_ZEROCOPY).
 * Blocking:  as the socket's mode.
 * Platforms: one call on Linux; a loop of calls elsewhere.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_send_batch(libsock_socket sock, libsock_msg *msgs,
                                         size_t n, int flags);

/**
 * Receive messages. Of each one received, the length, sender, flags and control
 * data are in its libsock_msg afterwards, as by libsock_recv_msg(); what was
 * said there about setting the control buffer anew holds for each. The senders'
 * capacities are restored by the call itself. Of those not received, the
 * content is unspecified.
 *
 * @param         sock   Open socket.
 * @param[in,out] msgs   `n` messages; may be NULL when `n` is 0: then nothing
 *                       is done.
 * @param         n      How many at most; more than the OS takes are no error.
 * @param         flags  OR of LIBSOCK_MSG_*; 0 for none. On a blocking socket
 *                       the call waits for all `n`; with
 *                       LIBSOCK_MSG_WAITFORONE only for the first.
 *
 * @return how many messages were received, at most `n`; minus the OS code when
 *         there was none, as libsock_recv_msg(). A failure after the first
 *         message ends the batch.
 *
 * Ownership: descriptors received as control data belong to the caller.
 * Blocking:  as the socket's mode.
 * Platforms: Linux: one call; a failure that ended a batch is the result of
 *            the next call. Elsewhere: a loop of calls, and such a failure is
 *            told again only if it lasts.
 * Since:     0.1
 */
LIBSOCK_API ptrdiff_t libsock_recv_batch(libsock_socket sock, libsock_msg *msgs,
                                         size_t n, int flags);

/**
 * How many bytes of a message the last batch moved.
 *
 * @param msg  A message of those that the batch counted, or NULL.
 *
 * @return bytes; 0 for NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_msg_len(const libsock_msg *msg);

LIBSOCK_END

#endif
