/* SPDX-License-Identifier: MIT */
/* A library over libsock. */
#ifndef LEFT_H
#define LEFT_H

#include <libsock/libsock.h>

int left_open(libsock_socket pair[2]);
void left_close(libsock_socket pair[2]);

#endif
