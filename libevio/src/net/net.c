/* SPDX-License-Identifier: MIT */
/*
 * Making and ending the sockets of the typed sources, and transfers that must
 * re-arm. Those that need not are inline in net.h, options and addresses are
 * libsock's own calls.
 * Nothing is guarded: a socket is not seen by others before it is a source.
 */
#include "net/net.h"

bool evio__net_is_ip(const libsock_addr *addr)
{
    int domain = libsock_addr_domain(addr);
    return domain == LIBSOCK_DOMAIN_IPV4 || domain == LIBSOCK_DOMAIN_IPV6;
}

bool evio__net_is_unix(const libsock_addr *addr)
{
    return libsock_addr_domain(addr) == LIBSOCK_DOMAIN_UNIX;
}

int evio__net_adopt(libsock_socket sock, evio_source *out_source)
{
    return evio__source_init(libsock_as_raw(sock), 0, out_source);
}

static int net_open(const libsock_addr *addr, int type,
                    libsock_socket *out_sock)
{
    return libsock_open(libsock_addr_domain(addr), type,
                        LIBSOCK_PROTOCOL_DEFAULT, LIBSOCK_NONBLOCK, out_sock);
}

/* The end of a constructor: a source when all went well, else nothing. */
static int net_settle(libsock_socket sock, int r, evio_source *out_source)
{
    if (r < 0) {
        (void)libsock_close(sock);
        return r;
    }
    return evio__net_adopt(sock, out_source);
}

int evio__net_connect(const libsock_addr *peer, evio_source *out_source)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int r = net_open(peer, LIBSOCK_TYPE_STREAM, &sock);
    if (r < 0) {
        return r;
    }
    r = libsock_connect(sock, peer);
    return net_settle(sock, libsock_in_progress(r) ? 0 : r, out_source);
}

int evio__net_listen(const libsock_addr *addr, evio_source *out_source)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int r = net_open(addr, LIBSOCK_TYPE_STREAM, &sock);
    if (r < 0) {
        return r;
    }
    if (evio__net_is_ip(addr)) {
        r = evio__port_reuse_addr(sock);
    }
    if (r >= 0) {
        r = libsock_bind(sock, addr);
    }
    if (r >= 0) {
        r = libsock_listen(sock, LIBSOCK_BACKLOG_MAX);
    }
    return net_settle(sock, r, out_source);
}

int evio__net_bind(const libsock_addr *addr, evio_source *out_source)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int r = net_open(addr, LIBSOCK_TYPE_DGRAM, &sock);
    if (r < 0) {
        return r;
    }
    return net_settle(sock, libsock_bind(sock, addr), out_source);
}

int evio__net_open_unix(int type, evio_source *out_source)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    int r = libsock_open(LIBSOCK_DOMAIN_UNIX, type, LIBSOCK_PROTOCOL_DEFAULT,
                         LIBSOCK_NONBLOCK, &sock);
    return r < 0 ? r : evio__net_adopt(sock, out_source);
}

int evio__net_pair(int type, evio_source *out_a, evio_source *out_b)
{
    libsock_socket pair[2] = {LIBSOCK_SOCKET_INIT, LIBSOCK_SOCKET_INIT};
    int r = libsock_pair(LIBSOCK_DOMAIN_UNIX, type, LIBSOCK_PROTOCOL_DEFAULT,
                         LIBSOCK_NONBLOCK, pair);
    if (r < 0) {
        return r;
    }
    (void)evio__net_adopt(pair[0], out_a);
    return evio__net_adopt(pair[1], out_b);
}

int evio__net_accept(evio_source *listener, evio_source *out_source,
                     libsock_addr *out_peer)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    if (!evio__source_is_open(listener)) {
        return evio__net_not_open();
    }
    if (out_source == NULL) {
        return evio__net_invalid();
    }
    int r = libsock_accept(evio__source_socket(listener), LIBSOCK_NONBLOCK,
                           &sock, out_peer);
    if (r < 0) {
        return (int)evio__source_done(listener, EVIO_READABLE, r, 0);
    }
    return evio__net_adopt(sock, out_source);
}

static int net_close(evio_source *source, bool shared)
{
    libsock_socket sock = LIBSOCK_SOCKET_INIT;
    sock.raw = evio__source_detach(source, shared);
    if (!libsock_is_open(sock)) {
        return evio__net_not_open();
    }
    return libsock_close(sock);
}

int evio__net_close(evio_source *source)
{
    return net_close(source, false);
}

int evio__net_close_listener(evio_source *source)
{
    return net_close(source, true);
}

int evio__net_release(evio_source *source, libsock_raw *out_raw)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    if (out_raw == NULL) {
        return evio__net_invalid();
    }
    *out_raw = evio__source_detach(source, true);
    return 0;
}

int evio__net_into_socket(evio_source *source, libsock_socket *out_sock)
{
    libsock_raw raw = LIBSOCK_RAW_INVALID;
    int r = evio__net_release(source, out_sock != NULL ? &raw : NULL);
    return r < 0 ? r : libsock_from_raw(raw, out_sock);
}

int evio__net_set_peer(evio_source *source, const libsock_addr *peer)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    int r = libsock_connect(evio__source_socket(source), peer);
    return (int)evio__source_done(source, EVIO_WRITABLE, r, 0);
}

ptrdiff_t evio__net_read_rearm(evio_source *source, void *buf, size_t cap)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_recv(evio__source_socket_of(source), buf, cap, 0);
    return evio__source_done(source, EVIO_READABLE, n, cap);
}

ptrdiff_t evio__net_write_rearm(evio_source *source, const void *buf,
                                size_t len)
{
    if (!evio__source_is_open(source)) {
        return evio__net_not_open();
    }
    ptrdiff_t n = libsock_send(evio__source_socket_of(source), buf, len, 0);
    return evio__source_done(source, EVIO_WRITABLE, n, len);
}
