/* SPDX-License-Identifier: MIT */
/*
 * Sending a file inside the kernel, on a system that cannot.
 * The same function as in sys/linux/transfer.c. No state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

ptrdiff_t libsock__sys_send_file(libsock_raw sock, libsock_raw file,
                                 int64_t offset, size_t len)
{
    (void)sock;
    (void)file;
    (void)offset;
    (void)len;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}
