/* SPDX-License-Identifier: MIT */
/*
 * Batches where the system has no call for them, or one of another shape: one
 * call per message, with the results that Linux's calls give.
 * Nothing is guarded: the messages belong to one thread at a time.
 */
#include "platform.h"

#include "../sys.h"

/* Whether less went than a message has: only on a stream. */
static bool batch_is_partial(const libsock_msg *msg)
{
    size_t whole = 0;

    for (size_t i = 0; i < (size_t)msg->n_bufs; i++) {
        whole += msg->bufs[i].len;
    }
    return msg->n_bytes < whole;
}

ptrdiff_t libsock__sys_send_batch(libsock_raw sock, libsock_msg *msgs, size_t n,
                                  int flags)
{
    for (size_t i = 0; i < n; i++) {
        ptrdiff_t r = libsock__sys_send_msg(sock, &msgs[i], flags);

        if (r < 0) {
            return i > 0 ? (ptrdiff_t)i : r;
        }
        msgs[i].n_bytes = (uint32_t)r;
        if (batch_is_partial(&msgs[i])) {
            return (ptrdiff_t)i + 1;
        }
    }
    return (ptrdiff_t)n;
}

ptrdiff_t libsock__sys_recv_batch(libsock_raw sock, libsock_msg *msgs, size_t n,
                                  int flags)
{
    bool first_only = flags > 0 && flags < LIBSOCK_RAW(0) &&
                      (flags & LIBSOCK_MSG_WAITFORONE) != 0;

    if (first_only) {
        flags &= ~LIBSOCK_MSG_WAITFORONE;
    }
    for (size_t i = 0; i < n; i++) {
        ptrdiff_t r = libsock__sys_recv_msg(sock, &msgs[i], flags);

        if (r < 0) {
            return i > 0 ? (ptrdiff_t)i : r;
        }
        msgs[i].n_bytes = (uint32_t)r;
        if (first_only) {
            flags |= LIBSOCK_MSG_DONTWAIT;
        }
    }
    return (ptrdiff_t)n;
}
