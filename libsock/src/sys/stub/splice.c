/* SPDX-License-Identifier: MIT */
/*
 * Moving bytes through a pipe inside the kernel, which Linux alone can.
 * The same function as in sys/linux/transfer.c. No state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

ptrdiff_t libsock__sys_splice(const libsock_splice_end *from,
                              const libsock_splice_end *to, size_t len,
                              int flags)
{
    (void)from;
    (void)to;
    (void)len;
    (void)flags;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}
