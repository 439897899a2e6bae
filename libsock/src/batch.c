/* SPDX-License-Identifier: MIT */
/*
 * Batches: arguments are judged here, the work is the port's.
 * Single messages are in msg.c. Nothing is guarded: the messages belong to one
 * thread at a time. This is the hot path; what is paid per message stands in
 * the port.
 */
#include <libsock/batch.h>

#include "util.h"

ptrdiff_t libsock_send_batch(libsock_socket sock, libsock_msg *msgs, size_t n,
                             int flags)
{
    if (msgs == NULL) {
        return n == 0 ? 0 : libsock__invalid();
    }
    return libsock__sys_send_batch(sock.raw, msgs, n, flags);
}

ptrdiff_t libsock_recv_batch(libsock_socket sock, libsock_msg *msgs, size_t n,
                             int flags)
{
    if (msgs == NULL) {
        return n == 0 ? 0 : libsock__invalid();
    }
    return libsock__sys_recv_batch(sock.raw, msgs, n, flags);
}

size_t libsock_msg_len(const libsock_msg *msg)
{
    return msg != NULL ? msg->n_bytes : 0;
}
