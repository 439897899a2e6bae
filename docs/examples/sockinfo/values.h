/* SPDX-License-Identifier: MIT */
/* One socket: what it is, its names, and the value of every option. */
#ifndef SOCKINFO_VALUES_H
#define SOCKINFO_VALUES_H

#include <stdbool.h>

#include <libsock/types.h>

/* 0, or what was said when asked for what it is: not a socket, then. Nothing
 * about the socket changes. */
int values_print(libsock_socket sock, bool as_json);

#endif
