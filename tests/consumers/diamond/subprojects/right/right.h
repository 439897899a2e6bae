/* SPDX-License-Identifier: MIT */
/* A library over libevio. */
#ifndef RIGHT_H
#define RIGHT_H

#include <libevio/libevio.h>

/* What an event says about a socket that is writable; negative on failure. */
int right_readiness(libsock_socket sock);

#endif
