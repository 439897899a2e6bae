/* SPDX-License-Identifier: MIT */
/*
 * What libevio needs of an OS for pipes. Results are counts or 0, or minus the
 * native code. The core guarantees that `end` could be a descriptor and that
 * `bufs` has `n_bufs` entries; no lock is held.
 */
#ifndef EVIO__PIPE_H
#define EVIO__PIPE_H

#include <stdbool.h>
#include <stddef.h>

#include <libsock/types.h>

/* The read end, then the write end; non-blocking, not inheritable. On
 * failure nothing is open. */
int evio__pipe_open(libsock_raw out_ends[2]);

/* The descriptor is free afterwards, whatever is returned. */
int evio__pipe_close(libsock_raw end);

int evio__pipe_set_nonblocking(libsock_raw end, bool nonblock);

/* More buffers than the OS takes are a short count. May block when the end is
 * blocking. */
ptrdiff_t evio__pipe_read(libsock_raw end, const libsock_buf *bufs,
                          size_t n_bufs);

/* As read. A broken pipe raises no signal, and takes none away that was there
 * before. */
ptrdiff_t evio__pipe_write(libsock_raw end, const libsock_buf *bufs,
                           size_t n_bufs);

#endif
