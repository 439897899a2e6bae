/* SPDX-License-Identifier: MIT */
/*
 * evio_tcp_stream: names for what net.h does. Listeners are in tcp_listener.c.
 * Guarded as net.h says.
 */
#include <libevio/tcp.h>

#include <libsock/opt_tcp.h>

#include "net/net.h"

int evio_tcp_connect(const libsock_addr *peer, evio_tcp_stream *out_stream)
{
    if (out_stream == NULL || !evio__net_is_ip(peer)) {
        return evio__net_invalid();
    }
    return evio__net_connect(peer, &out_stream->source);
}

int evio_tcp_from_socket(libsock_socket sock, evio_tcp_stream *out_stream)
{
    return evio__net_adopt(sock, EVIO__SOURCE_OF(out_stream));
}

int evio_tcp_into_socket(evio_tcp_stream *stream, libsock_socket *out_sock)
{
    return evio__net_into_socket(EVIO__SOURCE_OF(stream), out_sock);
}

libsock_socket evio_tcp_as_socket(const evio_tcp_stream *stream)
{
    return evio__source_socket(EVIO__SOURCE_OF(stream));
}

int evio_tcp_close(evio_tcp_stream *stream)
{
    return evio__net_close(EVIO__SOURCE_OF(stream));
}

ptrdiff_t evio_tcp_read(evio_tcp_stream *stream, void *buf, size_t cap)
{
    return evio__net_read(EVIO__SOURCE_OF(stream), buf, cap);
}

ptrdiff_t evio_tcp_read_vectored(evio_tcp_stream *stream,
                                 const libsock_buf *bufs, size_t n_bufs)
{
    return evio__net_read_vectored(EVIO__SOURCE_OF(stream), bufs, n_bufs);
}

ptrdiff_t evio_tcp_peek(evio_tcp_stream *stream, void *buf, size_t cap)
{
    return evio__net_peek(EVIO__SOURCE_OF(stream), buf, cap);
}

ptrdiff_t evio_tcp_write(evio_tcp_stream *stream, const void *buf, size_t len)
{
    return evio__net_write(EVIO__SOURCE_OF(stream), buf, len);
}

ptrdiff_t evio_tcp_write_vectored(evio_tcp_stream *stream,
                                  const libsock_buf *bufs, size_t n_bufs)
{
    return evio__net_write_vectored(EVIO__SOURCE_OF(stream), bufs, n_bufs);
}

int evio_tcp_shutdown(evio_tcp_stream *stream, int how)
{
    return libsock_shutdown(evio_tcp_as_socket(stream), how);
}

int evio_tcp_set_nodelay(evio_tcp_stream *stream, bool on)
{
    return libsock_set_tcp_nodelay(evio_tcp_as_socket(stream), on);
}

int evio_tcp_get_nodelay(const evio_tcp_stream *stream, bool *out_on)
{
    return libsock_get_tcp_nodelay(evio_tcp_as_socket(stream), out_on);
}

int evio_tcp_take_error(evio_tcp_stream *stream, int *out_error)
{
    return libsock_take_error(evio_tcp_as_socket(stream), out_error);
}

int evio_tcp_local_addr(const evio_tcp_stream *stream, libsock_addr *out_addr)
{
    return libsock_local_addr(evio_tcp_as_socket(stream), out_addr);
}

int evio_tcp_peer_addr(const evio_tcp_stream *stream, libsock_addr *out_addr)
{
    return libsock_peer_addr(evio_tcp_as_socket(stream), out_addr);
}
