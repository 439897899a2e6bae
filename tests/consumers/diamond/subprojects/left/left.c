/* SPDX-License-Identifier: MIT */
/* A library over libsock. */
#include "left.h"

int left_open(libsock_socket pair[2])
{
    return libsock_pair(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0,
                        LIBSOCK_NONBLOCK, pair);
}

void left_close(libsock_socket pair[2])
{
    libsock_close(pair[0]);
    libsock_close(pair[1]);
}
