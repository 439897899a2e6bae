/* SPDX-License-Identifier: MIT */
/*
 * sendfile() of Apple, which reports the bytes that went next to an error: they
 * are the result, and the next call meets the error again. SO_NOSIGPIPE of the
 * socket holds for it too.
 * Nothing is guarded: there is no state.
 */
#include "../posix/platform.h"

#include "../posix/fd.h"
#include "../sys.h"

_Static_assert(sizeof(off_t) == sizeof(int64_t), "offsets are 64 bits wide");

ptrdiff_t libsock__sys_send_file(libsock_raw sock, libsock_raw file,
                                 int64_t offset, size_t len)
{
    off_t sent = (off_t)len; /* 0 would mean: to the end */
    int r = libsock__result(SYS(sendfile, libsock__fd(file), libsock__fd(sock),
                                offset, &sent, NULL, 0));

    /* All of it and an error: the count was not written. */
    if (r < 0 && (sent <= 0 || (size_t)sent >= len)) {
        return r;
    }
    return (ptrdiff_t)sent;
}
