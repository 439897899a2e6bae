/* SPDX-License-Identifier: MIT */
/*
 * evio_unix_datagram: names for what net.h does. Options are libsock's.
 * Guarded as net.h says.
 */
#include <libevio/uds_datagram.h>

#include "net/net.h"

int evio_unix_datagram_bind(const libsock_addr *addr,
                            evio_unix_datagram *out_datagram)
{
    if (out_datagram == NULL || !evio__net_is_unix(addr)) {
        return evio__net_invalid();
    }
    return evio__net_bind(addr, &out_datagram->source);
}

int evio_unix_datagram_open(evio_unix_datagram *out_datagram)
{
    if (out_datagram == NULL) {
        return evio__net_invalid();
    }
    return evio__net_open_unix(LIBSOCK_TYPE_DGRAM, &out_datagram->source);
}

int evio_unix_datagram_pair(evio_unix_datagram out_pair[2])
{
    if (out_pair == NULL) {
        return evio__net_invalid();
    }
    return evio__net_pair(LIBSOCK_TYPE_DGRAM, &out_pair[0].source,
                          &out_pair[1].source);
}

int evio_unix_datagram_from_socket(libsock_socket sock,
                                   evio_unix_datagram *out_datagram)
{
    return evio__net_adopt(sock, EVIO__SOURCE_OF(out_datagram));
}

int evio_unix_datagram_into_socket(evio_unix_datagram *datagram,
                                   libsock_socket *out_sock)
{
    return evio__net_into_socket(EVIO__SOURCE_OF(datagram), out_sock);
}

libsock_socket evio_unix_datagram_as_socket(const evio_unix_datagram *datagram)
{
    return evio__source_socket(EVIO__SOURCE_OF(datagram));
}

int evio_unix_datagram_close(evio_unix_datagram *datagram)
{
    return evio__net_close(EVIO__SOURCE_OF(datagram));
}

int evio_unix_datagram_connect(evio_unix_datagram *datagram,
                               const libsock_addr *peer)
{
    return evio__net_set_peer(EVIO__SOURCE_OF(datagram), peer);
}

ptrdiff_t evio_unix_datagram_send(evio_unix_datagram *datagram, const void *buf,
                                  size_t len)
{
    return evio__net_send(EVIO__SOURCE_OF(datagram), buf, len);
}

ptrdiff_t evio_unix_datagram_send_to(evio_unix_datagram *datagram,
                                     const void *buf, size_t len,
                                     const libsock_addr *to)
{
    return evio__net_send_to(EVIO__SOURCE_OF(datagram), buf, len, to);
}

ptrdiff_t evio_unix_datagram_recv(evio_unix_datagram *datagram, void *buf,
                                  size_t cap)
{
    return evio__net_recv(EVIO__SOURCE_OF(datagram), buf, cap);
}

ptrdiff_t evio_unix_datagram_recv_from(evio_unix_datagram *datagram, void *buf,
                                       size_t cap, libsock_addr *out_from)
{
    return evio__net_recv_from(EVIO__SOURCE_OF(datagram), buf, cap, 0,
                               out_from);
}

ptrdiff_t evio_unix_datagram_peek(evio_unix_datagram *datagram, void *buf,
                                  size_t cap)
{
    return evio__net_recv_from(EVIO__SOURCE_OF(datagram), buf, cap,
                               LIBSOCK_MSG_PEEK, NULL);
}

ptrdiff_t evio_unix_datagram_peek_from(evio_unix_datagram *datagram, void *buf,
                                       size_t cap, libsock_addr *out_from)
{
    return evio__net_recv_from(EVIO__SOURCE_OF(datagram), buf, cap,
                               LIBSOCK_MSG_PEEK, out_from);
}

ptrdiff_t evio_unix_datagram_send_msg(evio_unix_datagram *datagram,
                                      const libsock_msg *msg, int flags)
{
    return evio__net_send_msg(EVIO__SOURCE_OF(datagram), msg, flags, 0);
}

ptrdiff_t evio_unix_datagram_recv_msg(evio_unix_datagram *datagram,
                                      libsock_msg *msg, int flags)
{
    return evio__net_recv_msg(EVIO__SOURCE_OF(datagram), msg, flags, 0);
}

ptrdiff_t evio_unix_datagram_send_batch(evio_unix_datagram *datagram,
                                        libsock_msg *msgs, size_t n, int flags)
{
    return evio__net_send_batch(EVIO__SOURCE_OF(datagram), msgs, n, flags);
}

ptrdiff_t evio_unix_datagram_recv_batch(evio_unix_datagram *datagram,
                                        libsock_msg *msgs, size_t n, int flags)
{
    return evio__net_recv_batch(EVIO__SOURCE_OF(datagram), msgs, n, flags);
}

int evio_unix_datagram_shutdown(evio_unix_datagram *datagram, int how)
{
    return libsock_shutdown(evio_unix_datagram_as_socket(datagram), how);
}

int evio_unix_datagram_take_error(evio_unix_datagram *datagram, int *out_error)
{
    return libsock_take_error(evio_unix_datagram_as_socket(datagram),
                              out_error);
}

int evio_unix_datagram_local_addr(const evio_unix_datagram *datagram,
                                  libsock_addr *out_addr)
{
    return libsock_local_addr(evio_unix_datagram_as_socket(datagram), out_addr);
}

int evio_unix_datagram_peer_addr(const evio_unix_datagram *datagram,
                                 libsock_addr *out_addr)
{
    return libsock_peer_addr(evio_unix_datagram_as_socket(datagram), out_addr);
}
