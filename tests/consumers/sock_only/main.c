/* SPDX-License-Identifier: MIT */
/* A program that wants libsock alone. */
#include <libsock/libsock.h>

int main(void)
{
    libsock_socket pair[2];
    char byte = 0;

    if (libsock_version() != LIBSOCK_VERSION ||
        libsock_pair(LIBSOCK_DOMAIN_UNIX, LIBSOCK_TYPE_STREAM, 0, 0, pair) <
            0) {
        return 1;
    }
    ptrdiff_t sent = libsock_send(pair[0], "x", 1, 0);
    ptrdiff_t got = libsock_recv(pair[1], &byte, 1, 0);
    libsock_close(pair[0]);
    libsock_close(pair[1]);
    return sent == 1 && got == 1 && byte == 'x' ? 0 : 1;
}
