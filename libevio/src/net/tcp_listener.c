/* SPDX-License-Identifier: MIT */
/*
 * evio_tcp_listener: names for what net.h does. What it accepts is in
 * tcp_stream.c. Guarded as net.h says.
 */
#include <libevio/tcp.h>

#include "net/net.h"

int evio_tcp_listen(const libsock_addr *addr, evio_tcp_listener *out_listener)
{
    if (out_listener == NULL || !evio__net_is_ip(addr)) {
        return evio__net_invalid();
    }
    return evio__net_listen(addr, &out_listener->source);
}

int evio_tcp_listener_from_socket(libsock_socket sock,
                                  evio_tcp_listener *out_listener)
{
    return evio__net_adopt(sock, EVIO__SOURCE_OF(out_listener));
}

int evio_tcp_listener_into_socket(evio_tcp_listener *listener,
                                  libsock_socket *out_sock)
{
    return evio__net_into_socket(EVIO__SOURCE_OF(listener), out_sock);
}

libsock_socket evio_tcp_listener_as_socket(const evio_tcp_listener *listener)
{
    return evio__source_socket(EVIO__SOURCE_OF(listener));
}

int evio_tcp_listener_close(evio_tcp_listener *listener)
{
    return evio__net_close_listener(EVIO__SOURCE_OF(listener));
}

int evio_tcp_accept(evio_tcp_listener *listener, evio_tcp_stream *out_stream,
                    libsock_addr *out_peer)
{
    return evio__net_accept(EVIO__SOURCE_OF(listener),
                            EVIO__SOURCE_OF(out_stream), out_peer);
}

int evio_tcp_listener_take_error(evio_tcp_listener *listener, int *out_error)
{
    return libsock_take_error(evio_tcp_listener_as_socket(listener), out_error);
}

int evio_tcp_listener_local_addr(const evio_tcp_listener *listener,
                                 libsock_addr *out_addr)
{
    return libsock_local_addr(evio_tcp_listener_as_socket(listener), out_addr);
}
