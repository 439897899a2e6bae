/* SPDX-License-Identifier: MIT */
/*
 * What the files about control records share: putting a record of which the
 * payload is made by the port. Not the public interface, which is
 * libsock/control.h.
 */
#ifndef LIBSOCK__CONTROL_H
#define LIBSOCK__CONTROL_H

#include <libsock/control.h>

#include "sys/sys.h"
#include "util.h"

/* control.c: put what the port has made; `r` is what the port said to it. */
int libsock__control_put_made(libsock_control_writer *writer, int r,
                              const libsock__control_made *made);
/* control.c: begin a record of `len` bytes of payload, zeroed. It becomes part
 * of what is written when the returned length is passed to
 * libsock__control_commit(). NO_BUFFERS, INVALID_INPUT as the public writer. */
ptrdiff_t libsock__control_begin(libsock_control_writer *writer,
                                 const int native[2], size_t len,
                                 unsigned char **out_payload);
static inline int libsock__control_commit(libsock_control_writer *writer,
                                          ptrdiff_t space)
{
    writer->len += (size_t)space;
    return 0;
}

/* Whether a record can be asked for what a kind holds. */
static inline bool libsock__control_is(const libsock_control *record, int kind)
{
    return record != NULL && record->kind == kind;
}

#endif
