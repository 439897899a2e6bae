/* SPDX-License-Identifier: MIT */
/* A socket from what the user wrote: a scheme and an address in libsock's form,
 * or the number of a descriptor. */
#ifndef SOCKINFO_TARGET_H
#define SOCKINFO_TARGET_H

#include <stdbool.h>

#include <libsock/types.h>

/* How long a connection may take. */
#define TARGET_TIMEOUT_S 10

/* Open a socket, and connect it, or give it the address itself. 0, or what was
 * said, and by whom: `out_step` is "address", "open", "bind" or "connect". The
 * caller closes the socket. */
int target_open(const char *text, bool bind, libsock_socket *out_sock,
                const char **out_step);

/* A number of decimal digits, up to INT_MAX: a socket that somebody else opened
 * and goes on owning. */
bool target_from_number(const char *text, libsock_socket *out_sock);

#endif
