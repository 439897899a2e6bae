/* SPDX-License-Identifier: MIT */
/*
 * evio_unix_stream: names for what net.h does. Listeners are in
 * unix_listener.c. Guarded as net.h says.
 */
#include <libevio/uds.h>

#include <stdint.h>

#include "net/net.h"

int evio_unix_connect(const libsock_addr *peer, evio_unix_stream *out_stream)
{
    if (out_stream == NULL || !evio__net_is_unix(peer)) {
        return evio__net_invalid();
    }
    return evio__net_connect(peer, &out_stream->source);
}

int evio_unix_pair(evio_unix_stream out_pair[2])
{
    if (out_pair == NULL) {
        return evio__net_invalid();
    }
    return evio__net_pair(LIBSOCK_TYPE_STREAM, &out_pair[0].source,
                          &out_pair[1].source);
}

int evio_unix_from_socket(libsock_socket sock, evio_unix_stream *out_stream)
{
    return evio__net_adopt(sock, EVIO__SOURCE_OF(out_stream));
}

int evio_unix_into_socket(evio_unix_stream *stream, libsock_socket *out_sock)
{
    return evio__net_into_socket(EVIO__SOURCE_OF(stream), out_sock);
}

libsock_socket evio_unix_as_socket(const evio_unix_stream *stream)
{
    return evio__source_socket(EVIO__SOURCE_OF(stream));
}

int evio_unix_close(evio_unix_stream *stream)
{
    return evio__net_close(EVIO__SOURCE_OF(stream));
}

ptrdiff_t evio_unix_read(evio_unix_stream *stream, void *buf, size_t cap)
{
    return evio__net_read(EVIO__SOURCE_OF(stream), buf, cap);
}

ptrdiff_t evio_unix_read_vectored(evio_unix_stream *stream,
                                  const libsock_buf *bufs, size_t n_bufs)
{
    return evio__net_read_vectored(EVIO__SOURCE_OF(stream), bufs, n_bufs);
}

ptrdiff_t evio_unix_peek(evio_unix_stream *stream, void *buf, size_t cap)
{
    return evio__net_peek(EVIO__SOURCE_OF(stream), buf, cap);
}

ptrdiff_t evio_unix_write(evio_unix_stream *stream, const void *buf, size_t len)
{
    return evio__net_write(EVIO__SOURCE_OF(stream), buf, len);
}

ptrdiff_t evio_unix_write_vectored(evio_unix_stream *stream,
                                   const libsock_buf *bufs, size_t n_bufs)
{
    return evio__net_write_vectored(EVIO__SOURCE_OF(stream), bufs, n_bufs);
}

ptrdiff_t evio_unix_send_msg(evio_unix_stream *stream, const libsock_msg *msg,
                             int flags)
{
    return evio__net_send_msg(EVIO__SOURCE_OF(stream), msg, flags, SIZE_MAX);
}

ptrdiff_t evio_unix_recv_msg(evio_unix_stream *stream, libsock_msg *msg,
                             int flags)
{
    return evio__net_recv_msg(EVIO__SOURCE_OF(stream), msg, flags, SIZE_MAX);
}

int evio_unix_shutdown(evio_unix_stream *stream, int how)
{
    return libsock_shutdown(evio_unix_as_socket(stream), how);
}

int evio_unix_take_error(evio_unix_stream *stream, int *out_error)
{
    return libsock_take_error(evio_unix_as_socket(stream), out_error);
}

int evio_unix_local_addr(const evio_unix_stream *stream, libsock_addr *out_addr)
{
    return libsock_local_addr(evio_unix_as_socket(stream), out_addr);
}

int evio_unix_peer_addr(const evio_unix_stream *stream, libsock_addr *out_addr)
{
    return libsock_peer_addr(evio_unix_as_socket(stream), out_addr);
}
