/* SPDX-License-Identifier: MIT */
/* One option of a socket, set by its name as in the table. */
#ifndef SOCKINFO_SET_H
#define SOCKINFO_SET_H

#include <libsock/types.h>

/* NAME=VALUE. 0, or the exit code; the reason has been told then. */
int set_option(libsock_socket sock, const char *text);

#endif
