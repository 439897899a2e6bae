/* SPDX-License-Identifier: MIT */
/*
 * Transfers of one buffer. Several buffers and control data are in msg.c.
 * Nothing is guarded: there is no state. This is the hot path: next to the
 * system call, a transfer without flags costs a few compares.
 */
#include "fd.h"

#include "../sys.h"

ptrdiff_t libsock__sys_send(libsock_raw sock, const void *buf, size_t len,
                            int flags)
{
    int native = 0;

    if (flags != 0) {
        int r = libsock__sys_msg_flags(flags, &native);
        if (r < 0) {
            return r;
        }
    }
    return libsock__count_result(
        SYS(send, libsock__fd(sock), buf, len, native | LIBSOCK__SEND_FLAGS));
}

ptrdiff_t libsock__sys_recv(libsock_raw sock, void *buf, size_t cap, int flags)
{
    int native = 0;

    if (flags != 0) {
        int r = libsock__sys_msg_flags(flags, &native);
        if (r < 0) {
            return r;
        }
    }
    return libsock__count_result(
        SYS(recv, libsock__fd(sock), buf, cap, native));
}

ptrdiff_t libsock__sys_send_to(libsock_raw sock, const void *buf, size_t len,
                               int flags, const libsock_addr *to)
{
    const struct sockaddr *name = NULL;
    socklen_t name_len = 0;
    int native = 0;

    if (flags != 0) {
        int r = libsock__sys_msg_flags(flags, &native);
        if (r < 0) {
            return r;
        }
    }
    if (to != NULL) {
        name = libsock__name(to);
        name_len = to->len;
    }
    return libsock__count_result(SYS(sendto, libsock__fd(sock), buf, len,
                                     native | LIBSOCK__SEND_FLAGS, name,
                                     name_len));
}

ptrdiff_t libsock__sys_recv_from(libsock_raw sock, void *buf, size_t cap,
                                 int flags, libsock_addr *out_from)
{
    socklen_t len = LIBSOCK_ADDR_SIZE;
    int native = 0;
    ssize_t n;

    if (out_from == NULL) {
        return libsock__sys_recv(sock, buf, cap, flags);
    }
    if (flags != 0) {
        int r = libsock__sys_msg_flags(flags, &native);
        if (r < 0) {
            return r;
        }
    }
    n = SYS(recvfrom, libsock__fd(sock), buf, cap, native,
            libsock__out_name(out_from), &len);
    if (n >= 0) {
        int r = libsock__name_stored(out_from, len);
        if (r < 0) {
            return r;
        }
    }
    return libsock__count_result(n);
}
