/* SPDX-License-Identifier: MIT */
/*
 * sendfile() and splice() of Linux. Neither has a flag against SIGPIPE.
 * Numbers were judged by transfer.c above.
 * Nothing is guarded: there is no state.
 */
#include "../posix/platform.h"

#include "../posix/fd.h"
#include "../posix/sigpipe.h"
#include "../sys.h"

_Static_assert(sizeof(off_t) == sizeof(int64_t), "offsets are 64 bits wide");

ptrdiff_t libsock__sys_send_file(libsock_raw sock, libsock_raw file,
                                 int64_t offset, size_t len)
{
    libsock__sigpipe guard;
    off_t at = offset;
    ptrdiff_t n;
    int r = libsock__sigpipe_hold(&guard);

    if (r < 0) {
        return r;
    }
    n = libsock__count_result(
        SYS(sendfile, libsock__fd(sock), libsock__fd(file), &at, len));
    libsock__sigpipe_release(&guard, n, len);
    return n;
}

ptrdiff_t libsock__sys_splice(const libsock_splice_end *from,
                              const libsock_splice_end *to, size_t len,
                              int flags)
{
    off_t from_at = (off_t)from->offset;
    off_t to_at = (off_t)to->offset;
    off_t *from_or_null = from->offset == LIBSOCK_NO_OFFSET ? NULL : &from_at;
    off_t *to_or_null = to->offset == LIBSOCK_NO_OFFSET ? NULL : &to_at;
    unsigned native =
        ((flags & LIBSOCK_SPLICE_NONBLOCK) != 0 ? SPLICE_F_NONBLOCK : 0U) |
        ((flags & LIBSOCK_SPLICE_MORE) != 0 ? SPLICE_F_MORE : 0U);
    const bool guarded = (flags & LIBSOCK_SPLICE_SIGPIPE) == 0;
    libsock__sigpipe guard;
    ptrdiff_t n;
    int r = guarded ? libsock__sigpipe_hold(&guard) : 0;

    if (r < 0) {
        return r;
    }
    n = libsock__count_result(SYS(splice, libsock__fd(from->fd), from_or_null,
                                  libsock__fd(to->fd), to_or_null, len,
                                  native));
    if (guarded) {
        libsock__sigpipe_release(&guard, n, len);
    }
    return n;
}
