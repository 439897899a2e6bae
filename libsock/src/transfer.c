/* SPDX-License-Identifier: MIT */
/*
 * Transfers inside the kernel: numbers are judged here, the work is the port's.
 * Transfers from and to memory are in io.c.
 * Nothing is guarded: there is no state.
 */
#include <libsock/transfer.h>

#include "util.h"

/* What Linux moves in one call at most; it fits every system's count. */
#define TRANSFER_MOST 0x7ffff000

ptrdiff_t libsock_send_file(libsock_socket sock, libsock_raw file,
                            uint64_t offset, uint64_t len)
{
    uint64_t left;

    if (offset > INT64_MAX) {
        return libsock__invalid();
    }
    left = INT64_MAX - offset;
    if (len == LIBSOCK_TO_END) {
        len = left;
    }
    if (len > left) {
        return libsock__invalid();
    }
    if (len == 0) {
        return 0;
    }
    return libsock__sys_send_file(sock.raw, file, (int64_t)offset,
                                  len < TRANSFER_MOST ? (size_t)len
                                                      : TRANSFER_MOST);
}

static bool transfer_end_usable(libsock_splice_end end)
{
    return end.offset <= INT64_MAX || end.offset == LIBSOCK_NO_OFFSET;
}

ptrdiff_t libsock_splice(libsock_splice_end from, libsock_splice_end to,
                         size_t len, int flags)
{
    const int known =
        LIBSOCK_SPLICE_NONBLOCK | LIBSOCK_SPLICE_MORE | LIBSOCK_SPLICE_SIGPIPE;

    if (!transfer_end_usable(from) || !transfer_end_usable(to) ||
        (flags & ~known) != 0) {
        return libsock__invalid();
    }
    return libsock__sys_splice(
        &from, &to, len < TRANSFER_MOST ? len : TRANSFER_MOST, flags);
}
