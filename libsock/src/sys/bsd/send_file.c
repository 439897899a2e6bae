/* SPDX-License-Identifier: MIT */
/*
 * sendfile() of FreeBSD and DragonFly, which reports the bytes that went next
 * to an error: they are the result, and the next call meets the error again.
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
    off_t sent = 0;
    ptrdiff_t n;
    int r = libsock__sigpipe_hold(&guard);

    if (r < 0) {
        return r;
    }
    n = libsock__result(SYS(sendfile, libsock__fd(file), libsock__fd(sock),
                            offset, len, NULL, &sent, 0));
    if (n == 0 || sent > 0) {
        n = (ptrdiff_t)sent;
    }
    libsock__sigpipe_release(&guard, n, len);
    return n;
}
