/* SPDX-License-Identifier: MIT */
/*
 * TLS in the kernel, as a layer over a connection. Its keys, and what then goes
 * over the wire, are no business of libsock's.
 * Runs where vm.py has loaded it, so a missing protocol is a failure.
 */
#include "support/sock.h"

TEST(it_is_layered_over_a_connection_once)
{
    libsock_socket pair[2];
    char name[16];

    sock_tcp_pair(pair);
    CHECK_OK(libsock_set_tcp_ulp(pair[0], "tls", 3));
    CHECK_EQ_INT(libsock_get_tcp_ulp(pair[0], name, sizeof(name)), 3);
    CHECK_EQ_MEM(name, "tls", 3);
    CHECK_KIND(libsock_set_tcp_ulp(pair[0], "tls", 3), ALREADY_EXISTS);
    sock_close_pair(pair);
}
