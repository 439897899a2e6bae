/* SPDX-License-Identifier: MIT */
/*
 * What the typed sources have in common: checks, transfers that re-arm, and
 * making and ending sockets. The types themselves are one file each, of calls
 * that do no more than name what is here; the pipe's transfers are its own.
 * Guarded as core/source.h says: I/O may run on several threads at once.
 */
#ifndef EVIO__NET_H
#define EVIO__NET_H

#include <stdbool.h>
#include <stddef.h>

#include <libevio/interest.h>
#include <libevio/source.h>
#include <libsock/addr.h>
#include <libsock/batch.h>
#include <libsock/error.h>
#include <libsock/io.h>
#include <libsock/socket.h>

#include "base/cold.h"
#include "core/source.h"
#include "sys/port.h"

/* The source of a typed object, or of NULL. */
#define EVIO__SOURCE_OF(object) ((object) != NULL ? &(object)->source : NULL)

/* Whether `addr` is an endpoint of IP (of AF_UNIX); false for NULL. */
bool evio__net_is_ip(const libsock_addr *addr);
bool evio__net_is_unix(const libsock_addr *addr);

/*
 * Constructors. `addr` was checked, `type` is an enum libsock_type; on failure
 * nothing is open and `out_source` is untouched. For connect it is success that
 * the connection was begun.
 */
int evio__net_connect(const libsock_addr *peer, evio_source *out_source);
int evio__net_listen(const libsock_addr *addr, evio_source *out_source);
int evio__net_bind(const libsock_addr *addr, evio_source *out_source);
int evio__net_accept(evio_source *listener, evio_source *out_source,
                     libsock_addr *out_peer);
int evio__net_open_unix(int type, evio_source *out_source);
int evio__net_pair(int type, evio_source *out_a, evio_source *out_b);
int evio__net_adopt(libsock_socket sock, evio_source *out_source);

/* Ends: close saves the deregistration where it can. A listener's cannot: its
 * open file often lives on in another process, and would take wake-ups. The
 * others deregister and leave the descriptor open. */
int evio__net_close(evio_source *source);
int evio__net_close_listener(evio_source *source);
int evio__net_release(evio_source *source, libsock_raw *out_raw);
int evio__net_into_socket(evio_source *source, libsock_socket *out_sock);

/* Give a datagram socket its peer. */
int evio__net_set_peer(evio_source *source, const libsock_addr *peer);

static inline int evio__net_invalid(void)
{
    return libsock_error_of(LIBSOCK_KIND_INVALID_INPUT);
}

static inline int evio__net_not_open(void)
{
    return libsock_error_of(LIBSOCK_KIND_BAD_DESCRIPTOR);
}

/* How many bytes a transfer could move; only counted where it matters. */
static inline size_t evio__net_requested(const evio_source *source,
                                         const libsock_buf *bufs, size_t n_bufs)
{
    size_t requested = 0;
    if (!evio__source_is_plain(source)) {
        for (size_t i = 0; i < n_bufs; i++) {
            requested += libsock_buf_len(bufs[i]);
        }
    }
    return requested;
}

/* Streams: a short count re-arms too. Where the selector need not know, read
 * and write end in libsock's call and save no registers for what follows. */

EVIO__COLD ptrdiff_t evio__net_read_rearm(evio_source *source, void *buf,
                                          size_t cap);
EVIO__COLD ptrdiff_t evio__net_write_rearm(evio_source *source, const void *buf,
                                           size_t len);

static inline ptrdiff_t evio__net_read(evio_source *source, void *buf,
                                       size_t cap)
{
    return evio__source_is_plain(source)
               ? libsock_recv(evio__source_socket_of(source), buf, cap, 0)
               : evio__net_read_rearm(source, buf, cap);
}

static inline ptrdiff_t evio__net_write(evio_source *source, const void *buf,
                                        size_t len)
{
    return evio__source_is_plain(source)
               ? libsock_send(evio__source_socket_of(source), buf, len, 0)
               : evio__net_write_rearm(source, buf, len);
}

static inline ptrdiff_t evio__net_peek(evio_source *source, void *buf,
                                       size_t cap)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_peek(evio__source_socket(source), buf, cap);
    return evio__source_done(source, EVIO_READABLE, n, cap);
}

static inline ptrdiff_t evio__net_read_vectored(evio_source *source,
                                                const libsock_buf *bufs,
                                                size_t n_bufs)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n =
        libsock_recv_vectored(evio__source_socket(source), bufs, n_bufs, 0);
    size_t requested = n > 0 ? evio__net_requested(source, bufs, n_bufs) : 0;
    return evio__source_done(source, EVIO_READABLE, n, requested);
}

static inline ptrdiff_t evio__net_write_vectored(evio_source *source,
                                                 const libsock_buf *bufs,
                                                 size_t n_bufs)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n =
        libsock_send_vectored(evio__source_socket(source), bufs, n_bufs, 0);
    size_t requested = n > 0 ? evio__net_requested(source, bufs, n_bufs) : 0;
    return evio__source_done(source, EVIO_WRITABLE, n, requested);
}

/* Datagrams: only would-block re-arms. */

static inline ptrdiff_t evio__net_send(evio_source *source, const void *buf,
                                       size_t len)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_send(evio__source_socket(source), buf, len, 0);
    return evio__source_done(source, EVIO_WRITABLE, n, 0);
}

static inline ptrdiff_t evio__net_send_to(evio_source *source, const void *buf,
                                          size_t len, const libsock_addr *to)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    /* Without a receiver this would be send(). */
    if (to == NULL) {
        return evio__net_invalid();
    }
    ptrdiff_t n = libsock_send_to(evio__source_socket(source), buf, len, 0, to);
    return evio__source_done(source, EVIO_WRITABLE, n, 0);
}

static inline ptrdiff_t evio__net_recv(evio_source *source, void *buf,
                                       size_t cap)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_recv(evio__source_socket(source), buf, cap, 0);
    return evio__source_done(source, EVIO_READABLE, n, 0);
}

static inline ptrdiff_t evio__net_recv_from(evio_source *source, void *buf,
                                            size_t cap, int flags,
                                            libsock_addr *out_from)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_recv_from(evio__source_socket(source), buf, cap,
                                    flags, out_from);
    return evio__source_done(source, EVIO_READABLE, n, 0);
}

/* Messages: on a stream `requested` is SIZE_MAX, so that each one re-arms;
 * their length is not ours to read. On datagrams it is 0. */

static inline ptrdiff_t evio__net_send_msg(evio_source *source,
                                           const libsock_msg *msg, int flags,
                                           size_t requested)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_send_msg(evio__source_socket(source), msg, flags);
    return evio__source_done(source, EVIO_WRITABLE, n, requested);
}

static inline ptrdiff_t evio__net_recv_msg(evio_source *source,
                                           libsock_msg *msg, int flags,
                                           size_t requested)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_recv_msg(evio__source_socket(source), msg, flags);
    return evio__source_done(source, EVIO_READABLE, n, requested);
}

/* Batches of datagrams: a short batch re-arms as a short read does. Counts are
 * messages here, so that `n` is what was requested. */

static inline ptrdiff_t evio__net_send_batch(evio_source *source,
                                             libsock_msg *msgs, size_t n,
                                             int flags)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t sent =
        libsock_send_batch(evio__source_socket(source), msgs, n, flags);
    return evio__source_done(source, EVIO_WRITABLE, sent, n);
}

static inline ptrdiff_t evio__net_recv_batch(evio_source *source,
                                             libsock_msg *msgs, size_t n,
                                             int flags)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t received =
        libsock_recv_batch(evio__source_socket(source), msgs, n, flags);
    return evio__source_done(source, EVIO_READABLE, received, n);
}

#endif
