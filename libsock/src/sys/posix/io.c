/* SPDX-License-Identifier: MIT */
/*
 * Transfers of one buffer. Several buffers and control data are in msg.c.
 * Nothing is guarded: there is no state. This is the hot path, so each transfer
 * is written in two layers: one with native flags, which the compiler folds
 * into the flagless case, and the case that has flags to translate.
 */
#include "fd.h"

#include "../sys.h"

static inline ptrdiff_t io_send(libsock_raw sock, const void *buf, size_t len,
                                int native)
{
    if (!libsock__is_fd(sock)) {
        return -EBADF;
    }
    return libsock__count_result(SYS(send, (int)sock, buf, LIBSOCK__IO_LEN(len),
                                     native | LIBSOCK__SEND_FLAGS));
}

LIBSOCK__APART static ptrdiff_t
io_send_flagged(libsock_raw sock, const void *buf, size_t len, int flags)
{
    int native = libsock__msg_native(flags);

    return native < 0 ? native : io_send(sock, buf, len, native);
}

ptrdiff_t libsock__sys_send(libsock_raw sock, const void *buf, size_t len,
                            int flags)
{
    return flags == 0 ? io_send(sock, buf, len, 0)
                      : io_send_flagged(sock, buf, len, flags);
}

static inline ptrdiff_t io_recv(libsock_raw sock, void *buf, size_t cap,
                                int native)
{
    if (!libsock__is_fd(sock)) {
        return -EBADF;
    }
    return libsock__count_result(
        SYS(recv, (int)sock, buf, LIBSOCK__IO_LEN(cap), native));
}

LIBSOCK__APART static ptrdiff_t io_recv_flagged(libsock_raw sock, void *buf,
                                                size_t cap, int flags)
{
    int native = libsock__msg_native(flags);

    return native < 0 ? native : io_recv(sock, buf, cap, native);
}

ptrdiff_t libsock__sys_recv(libsock_raw sock, void *buf, size_t cap, int flags)
{
    return flags == 0 ? io_recv(sock, buf, cap, 0)
                      : io_recv_flagged(sock, buf, cap, flags);
}

static inline ptrdiff_t io_send_to(libsock_raw sock, const void *buf,
                                   size_t len, int native,
                                   const libsock_addr *to)
{
    if (!libsock__is_fd(sock)) {
        return -EBADF;
    }
    return libsock__count_result(
        SYS(sendto, (int)sock, buf, LIBSOCK__IO_LEN(len),
            native | LIBSOCK__SEND_FLAGS, libsock__name(to), to->len));
}

LIBSOCK__APART static ptrdiff_t io_send_to_flagged(libsock_raw sock,
                                                   const void *buf, size_t len,
                                                   int flags,
                                                   const libsock_addr *to)
{
    int native = libsock__msg_native(flags);

    return native < 0 ? native : io_send_to(sock, buf, len, native, to);
}

ptrdiff_t libsock__sys_send_to(libsock_raw sock, const void *buf, size_t len,
                               int flags, const libsock_addr *to)
{
    if (to == NULL) {
        return libsock__sys_send(sock, buf, len, flags);
    }
    return flags == 0 ? io_send_to(sock, buf, len, 0, to)
                      : io_send_to_flagged(sock, buf, len, flags, to);
}

static inline ptrdiff_t io_recv_from(libsock_raw sock, void *buf, size_t cap,
                                     int native, libsock_addr *out_from)
{
    socklen_t len = LIBSOCK_ADDR_SIZE;
    ssize_t n;

    if (!libsock__is_fd(sock)) {
        return -EBADF;
    }
    n = SYS(recvfrom, (int)sock, buf, LIBSOCK__IO_LEN(cap), native,
            libsock__out_name(out_from), &len);
    return n < 0 ? libsock__errno() : libsock__name_stored(out_from, len, n);
}

LIBSOCK__APART static ptrdiff_t io_recv_from_flagged(libsock_raw sock,
                                                     void *buf, size_t cap,
                                                     int flags,
                                                     libsock_addr *out_from)
{
    int native = libsock__msg_native(flags);

    return native < 0 ? native : io_recv_from(sock, buf, cap, native, out_from);
}

ptrdiff_t libsock__sys_recv_from(libsock_raw sock, void *buf, size_t cap,
                                 int flags, libsock_addr *out_from)
{
    if (out_from == NULL) {
        return libsock__sys_recv(sock, buf, cap, flags);
    }
    return flags == 0 ? io_recv_from(sock, buf, cap, 0, out_from)
                      : io_recv_from_flagged(sock, buf, cap, flags, out_from);
}
