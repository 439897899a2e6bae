/* SPDX-License-Identifier: MIT */
/*
 * What the typed sources of net/ need of a source: how to end an operation,
 * and how to close. Guarded by the rule that one thread uses a source at a time
 * for registration; I/O may run on several.
 */
#ifndef EVIO__SOURCE_H
#define EVIO__SOURCE_H

#include <stddef.h>

#include <libevio/source.h>
#include <libsock/error.h>
#include <libsock/socket.h>

/* Kinds; evio_source.kind. */
enum evio__source_kind {
    EVIO__SOURCE_NONE = 0,
    EVIO__SOURCE_DESCRIPTOR, /* socket or fd */
    EVIO__SOURCE_PIPE_END,   /* ditto; an error means: write closed */
    EVIO__SOURCE_COMPOSITE
};

/* evio_source.flags */
#define EVIO__SOURCE_NEEDS_REARM 1u

/* Fill a source; `raw` is checked. */
int evio__source_init(libsock_raw raw, uint32_t kind, evio_source *out_source);

/* Whether the selector must hear how operations end. */
static inline bool evio__source_needs_rearm(const evio_source *source)
{
    return (source->flags & EVIO__SOURCE_NEEDS_REARM) != 0;
}

/* The cold half of evio__source_done(). Its failure is not reported: it must
 * not hide the would-block. */
void evio__source_rearm_quietly(evio_source *source, uint32_t direction);

/*
 * End an operation on a stream or a pipe: `n` is its result, `asked` how many
 * bytes it could have moved. Would-block and a short count re-arm the
 * direction. `asked` of 0 says that counts mean nothing (datagrams, accept).
 * Returns `n`.
 */
static inline ptrdiff_t evio__source_done(evio_source *source,
                                          uint32_t direction, ptrdiff_t n,
                                          size_t asked)
{
    if (evio__source_needs_rearm(source) &&
        (libsock_would_block(n) || (n > 0 && (size_t)n < asked))) {
        evio__source_rearm_quietly(source, direction);
    }
    return n;
}

/* Whether a source refers to a descriptor, for the checks of net/. */
static inline bool evio__source_is_descriptor(const evio_source *source)
{
    return source != NULL && (source->kind == EVIO__SOURCE_DESCRIPTOR ||
                              source->kind == EVIO__SOURCE_PIPE_END);
}

/* The socket of a source; not open when the source is empty. */
static inline libsock_socket evio__source_socket(const evio_source *source)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    if (evio__source_is_descriptor(source)) {
        sock.raw = source->raw;
    }
    return sock;
}

/* End the registration, if there is one, without the remove that the close
 * makes needless; the source is empty afterwards. Returns the raw descriptor
 * for the caller to close; LIBSOCK_RAW_INVALID when the source was empty. */
libsock_raw evio__source_detach(evio_source *source);

#endif
