/* SPDX-License-Identifier: MIT */
/*
 * What the other files need of a source: its class, how to end an operation,
 * and how to close. Guarded by the rule that one thread uses a source at a time
 * for registration; I/O may run on several.
 */
#ifndef EVIO__SOURCE_H
#define EVIO__SOURCE_H

#include <stddef.h>

#include <libevio/source.h>
#include <libsock/error.h>
#include <libsock/socket.h>

#include "base/record.h"

/* evio_source.flags */
#define EVIO__SOURCE_OPEN     1u /* refers to a descriptor */
#define EVIO__SOURCE_PLAIN    2u /* that, and operations need no re-arming */
#define EVIO__SOURCE_PIPE_END 4u
#define EVIO__SOURCE_BUILTIN  8u /* `ops` is the first member of a class */

/*
 * A class of sources of the library: what registering one does, as the ops of a
 * composite, and what else a registered one can do. `ops` of a source points to
 * the first member.
 */
typedef struct evio__source_class {
    evio_source_ops ops;
    int (*rearm)(evio_source *source, uint32_t directions);
    /* End the registration without touching what the source refers to. */
    int (*forget)(evio_source *source);
} evio__source_class;

/* Fill a source of a descriptor; `raw` is checked. */
int evio__source_init(libsock_raw raw, uint32_t flags, evio_source *out_source);

/* The record of a registered source; NULL when it is not registered here.
 * *out_error has the reason. */
evio__record *evio__source_record(const evio_registry *registry,
                                  const evio_source *source, int *out_error);

/* The source is not registered any more. */
static inline void evio__source_unbind(evio_source *source)
{
    source->registry = NULL;
    if ((source->flags & EVIO__SOURCE_OPEN) != 0) {
        source->flags |= EVIO__SOURCE_PLAIN;
    }
}

/* Whether a source refers to a descriptor, for the checks of net/. */
static inline bool evio__source_is_open(const evio_source *source)
{
    return source != NULL && (source->flags & EVIO__SOURCE_OPEN) != 0;
}

/* The same, and the selector need not know how operations end: one test on the
 * way of every read and write. */
static inline bool evio__source_is_plain(const evio_source *source)
{
    return source != NULL && (source->flags & EVIO__SOURCE_PLAIN) != 0;
}

/* The cold half of evio__source_done(). Its failure is not reported: it must
 * not hide the would-block. */
void evio__source_rearm_quietly(evio_source *source, uint32_t direction);

/*
 * End an operation on a stream or a pipe: `n` is its result, `requested` how
 * many bytes it could have moved. Would-block and a short count re-arm the
 * direction. `requested` of 0 means that counts mean nothing (datagrams,
 * accept). Returns `n`.
 */
static inline ptrdiff_t evio__source_done(evio_source *source,
                                          uint32_t direction, ptrdiff_t n,
                                          size_t requested)
{
    if ((source->flags & EVIO__SOURCE_PLAIN) == 0 &&
        (libsock_would_block(n) || (n > 0 && (size_t)n < requested))) {
        evio__source_rearm_quietly(source, direction);
    }
    return n;
}

/* The socket of a source that is open. */
static inline libsock_socket evio__source_socket_of(const evio_source *source)
{
    libsock_socket sock;
    sock.raw = source->raw;
    return sock;
}

/* The socket of a source; not open when the source is empty. */
static inline libsock_socket evio__source_socket(const evio_source *source)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    return evio__source_is_open(source) ? evio__source_socket_of(source) : sock;
}

/* End the registration, if there is one, before the descriptor is closed; the
 * source is empty afterwards. `shared`: the open file may live on, so the
 * selector must not leave the removal to the close. Returns the raw descriptor
 * for the caller to close; LIBSOCK_RAW_INVALID when the source was empty. */
libsock_raw evio__source_detach(evio_source *source, bool shared);

#endif
