/* SPDX-License-Identifier: MIT */
/* A connection that the server echoes. */
#ifndef ECHO_CONN_H
#define ECHO_CONN_H

#include "server.h"
#include "stream.h"

/* Serve a stream, which is taken over in any case: on failure it is closed. */
int conn_start(struct server *s, const struct stream *stream);

#endif
