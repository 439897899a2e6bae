/* SPDX-License-Identifier: MIT */
/*
 * evio_udp_socket: names for what net.h does. Options are libsock's.
 * Guarded as net.h says.
 */
#include <libevio/udp.h>

#include "net/net.h"

int evio_udp_bind(const libsock_addr *addr, evio_udp_socket *out_socket)
{
    if (out_socket == NULL || !evio__net_is_ip(addr)) {
        return evio__net_invalid();
    }
    return evio__net_bind(addr, &out_socket->source);
}

int evio_udp_from_socket(libsock_socket sock, evio_udp_socket *out_socket)
{
    return evio__net_adopt(sock, EVIO__SOURCE_OF(out_socket));
}

int evio_udp_into_socket(evio_udp_socket *udp, libsock_socket *out_sock)
{
    return evio__net_into_socket(EVIO__SOURCE_OF(udp), out_sock);
}

libsock_socket evio_udp_as_socket(const evio_udp_socket *udp)
{
    return evio__source_socket(EVIO__SOURCE_OF(udp));
}

int evio_udp_close(evio_udp_socket *udp)
{
    return evio__net_close(EVIO__SOURCE_OF(udp));
}

int evio_udp_connect(evio_udp_socket *udp, const libsock_addr *peer)
{
    return evio__net_set_peer(EVIO__SOURCE_OF(udp), peer);
}

ptrdiff_t evio_udp_send(evio_udp_socket *udp, const void *buf, size_t len)
{
    return evio__net_send(EVIO__SOURCE_OF(udp), buf, len);
}

ptrdiff_t evio_udp_send_to(evio_udp_socket *udp, const void *buf, size_t len,
                           const libsock_addr *to)
{
    return evio__net_send_to(EVIO__SOURCE_OF(udp), buf, len, to);
}

ptrdiff_t evio_udp_recv(evio_udp_socket *udp, void *buf, size_t cap)
{
    return evio__net_recv(EVIO__SOURCE_OF(udp), buf, cap);
}

ptrdiff_t evio_udp_recv_from(evio_udp_socket *udp, void *buf, size_t cap,
                             libsock_addr *out_from)
{
    return evio__net_recv_from(EVIO__SOURCE_OF(udp), buf, cap, 0, out_from);
}

ptrdiff_t evio_udp_peek(evio_udp_socket *udp, void *buf, size_t cap)
{
    return evio__net_recv_from(EVIO__SOURCE_OF(udp), buf, cap, LIBSOCK_MSG_PEEK,
                               NULL);
}

ptrdiff_t evio_udp_peek_from(evio_udp_socket *udp, void *buf, size_t cap,
                             libsock_addr *out_from)
{
    return evio__net_recv_from(EVIO__SOURCE_OF(udp), buf, cap, LIBSOCK_MSG_PEEK,
                               out_from);
}

ptrdiff_t evio_udp_send_msg(evio_udp_socket *udp, const libsock_msg *msg,
                            int flags)
{
    return evio__net_send_msg(EVIO__SOURCE_OF(udp), msg, flags, 0);
}

ptrdiff_t evio_udp_recv_msg(evio_udp_socket *udp, libsock_msg *msg, int flags)
{
    return evio__net_recv_msg(EVIO__SOURCE_OF(udp), msg, flags, 0);
}

ptrdiff_t evio_udp_send_batch(evio_udp_socket *udp, libsock_msg *msgs, size_t n,
                              int flags)
{
    return evio__net_send_batch(EVIO__SOURCE_OF(udp), msgs, n, flags);
}

ptrdiff_t evio_udp_recv_batch(evio_udp_socket *udp, libsock_msg *msgs, size_t n,
                              int flags)
{
    return evio__net_recv_batch(EVIO__SOURCE_OF(udp), msgs, n, flags);
}

int evio_udp_take_error(evio_udp_socket *udp, int *out_error)
{
    return libsock_take_error(evio_udp_as_socket(udp), out_error);
}

int evio_udp_local_addr(const evio_udp_socket *udp, libsock_addr *out_addr)
{
    return libsock_local_addr(evio_udp_as_socket(udp), out_addr);
}

int evio_udp_peer_addr(const evio_udp_socket *udp, libsock_addr *out_addr)
{
    return libsock_peer_addr(evio_udp_as_socket(udp), out_addr);
}
