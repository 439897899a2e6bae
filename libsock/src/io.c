/* SPDX-License-Identifier: MIT */
/*
 * Transfers: arguments are judged here, the work is the port's.
 * The message structure has its own file, msg.c.
 * Nothing is guarded: there is no state. This is the hot path; what stands
 * before the port's call is paid on every transfer.
 */
#include <libsock/io.h>

#include <limits.h>

#include "addr.h"
#include "util.h"

ptrdiff_t libsock_send(libsock_socket sock, const void *buf, size_t len,
                       int flags)
{
    if (buf == NULL && len != 0) {
        return libsock__invalid();
    }
    return libsock__sys_send(sock.raw, buf, len, flags);
}

ptrdiff_t libsock_recv(libsock_socket sock, void *buf, size_t cap, int flags)
{
    if (buf == NULL && cap != 0) {
        return libsock__invalid();
    }
    return libsock__sys_recv(sock.raw, buf, cap, flags);
}

ptrdiff_t libsock_peek(libsock_socket sock, void *buf, size_t cap)
{
    return libsock_recv(sock, buf, cap, LIBSOCK_MSG_PEEK);
}

ptrdiff_t libsock_send_to(libsock_socket sock, const void *buf, size_t len,
                          int flags, const libsock_addr *to)
{
    if ((buf == NULL && len != 0) ||
        (to != NULL && libsock__addr_is_empty(to))) {
        return libsock__invalid();
    }
    return libsock__sys_send_to(sock.raw, buf, len, flags, to);
}

ptrdiff_t libsock_recv_from(libsock_socket sock, void *buf, size_t cap,
                            int flags, libsock_addr *out_from)
{
    if (buf == NULL && cap != 0) {
        return libsock__invalid();
    }
    return libsock__sys_recv_from(sock.raw, buf, cap, flags, out_from);
}

ptrdiff_t libsock_peek_from(libsock_socket sock, void *buf, size_t cap,
                            libsock_addr *out_from)
{
    ptrdiff_t n;
    char byte;

    if (cap > 0 || out_from == NULL) {
        return libsock_recv_from(sock, buf, cap, LIBSOCK_MSG_PEEK, out_from);
    }
    /* Apple's systems name no sender to those who want no bytes. */
    n = libsock_recv_from(sock, &byte, 1, LIBSOCK_MSG_PEEK, out_from);
    return n < 0 ? n : 0;
}

/*
 * A message of buffers alone. A count that the OS's field may not hold is cut
 * to one that is still more than any OS takes, so that the OS refuses it.
 */
static libsock_msg io_vectored(const libsock_buf *bufs, size_t n_bufs)
{
    libsock_msg msg = {0};

    msg.bufs = (libsock_buf *)(uintptr_t)bufs;
    msg.n_bufs = (libsock__count)(n_bufs > INT_MAX ? INT_MAX : n_bufs);
    return msg;
}

ptrdiff_t libsock_send_vectored(libsock_socket sock, const libsock_buf *bufs,
                                size_t n_bufs, int flags)
{
    libsock_msg msg = io_vectored(bufs, n_bufs);

    if (bufs == NULL && n_bufs != 0) {
        return libsock__invalid();
    }
    return libsock__sys_send_msg(sock.raw, &msg, flags);
}

ptrdiff_t libsock_recv_vectored(libsock_socket sock, const libsock_buf *bufs,
                                size_t n_bufs, int flags)
{
    libsock_msg msg = io_vectored(bufs, n_bufs);

    if (bufs == NULL && n_bufs != 0) {
        return libsock__invalid();
    }
    return libsock__sys_recv_msg(sock.raw, &msg, flags);
}
