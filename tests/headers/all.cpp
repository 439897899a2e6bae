/* SPDX-License-Identifier: MIT */
/*
 * All public headers in one C++ program, in the order that is least kind: the
 * opt-in ones first. That it links proves the C linkage.
 * Each header alone is headers.py's.
 */
#include <libsock/os.h>

#include <libsock/libsock.h>
#if defined(TEST_WITH_EVIO)
# include <libevio/libevio.h>
#endif

#include <stdio.h>

int main()
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;

    printf("TAP version 13\n1..1\n%s 1 - linked from C++\n",
           libsock_version() != 0 && !libsock_is_open(sock) ? "ok" : "not ok");
    return 0;
}
