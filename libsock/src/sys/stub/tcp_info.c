/* SPDX-License-Identifier: MIT */
/*
 * What is known of a TCP connection, on a system that does not tell.
 * The same function as in sys/linux/tcp_info.c. No state.
 */
#include "sys/sys.h"

#include <libsock/error.h>

int libsock__sys_tcp_info(libsock_raw sock, libsock_tcp_info *out_info)
{
    (void)sock;
    (void)out_info;
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}
