/* SPDX-License-Identifier: MIT */
/*
 * A socket's life: arguments are judged here, the work is the port's.
 * Transfers are in io.c, options in opt.c.
 * Nothing is guarded: there is no state.
 */
#include <libsock/socket.h>

#include <limits.h>

#include "addr.h"
#include "util.h"

/* Every bit up to the highest one that the API has. */
#define SOCKET_FLAGS_KNOWN ((uint32_t)(2 * LIBSOCK_REGISTERED_IO - 1))

/* A portable number that has no native one: unknown to us, or to this OS? */
static int socket_missing(int number, int least, int greatest)
{
    if (number < least || number > greatest) {
        return libsock__invalid();
    }
    return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

/* Domain, type and protocol as the OS counts them. */
static int socket_native(int domain, int type, int protocol, int out_native[3])
{
    out_native[0] = libsock__sys_domain(domain);
    if (out_native[0] < 0) {
        return socket_missing(domain, LIBSOCK_DOMAIN_UNSPEC,
                              LIBSOCK_DOMAIN_NETLINK);
    }
    out_native[1] = libsock__sys_type(type);
    if (out_native[1] < 0) {
        return socket_missing(type, LIBSOCK_TYPE_STREAM, LIBSOCK_TYPE_DCCP);
    }
    out_native[2] = libsock__sys_protocol(protocol);
    return out_native[2] < 0 ? socket_missing(protocol, 0, INT_MAX) : 0;
}

static int socket_check_flags(uint32_t flags)
{
    if ((flags & ~SOCKET_FLAGS_KNOWN) != 0) {
        return libsock__invalid();
    }
    return (flags & ~libsock__sys_open_flags()) == 0
               ? 0
               : libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
}

int libsock_open(int domain, int type, int protocol, uint32_t flags,
                 libsock_socket *out_sock)
{
    int native[3] = {0};
    int r;

    if (out_sock == NULL) {
        return libsock__invalid();
    }
    r = socket_check_flags(flags);
    if (r >= 0) {
        r = socket_native(domain, type, protocol, native);
    }
    if (r < 0) {
        return r;
    }
    return libsock__sys_open(native[0], native[1], native[2], flags,
                             &out_sock->raw);
}

/* Old kernels call the number invalid, as it is beyond their last; a sandbox
 * denies what it was not told of. */
static bool socket_no_mptcp(int r)
{
    int kind = libsock_kind(r);

    return kind == LIBSOCK_KIND_UNSUPPORTED ||
           kind == LIBSOCK_KIND_INVALID_INPUT ||
           kind == LIBSOCK_KIND_PERMISSION_DENIED;
}

int libsock_open_mptcp(int domain, uint32_t flags, libsock_socket *out_sock,
                       bool *out_is_mptcp)
{
    int protocol = LIBSOCK_PROTOCOL_MPTCP;
    int r;

    if (out_sock == NULL ||
        (domain != LIBSOCK_DOMAIN_IPV4 && domain != LIBSOCK_DOMAIN_IPV6)) {
        return libsock__invalid();
    }
    r = libsock_open(domain, LIBSOCK_TYPE_STREAM, protocol, flags, out_sock);
    if (r < 0 && socket_no_mptcp(r)) {
        protocol = LIBSOCK_PROTOCOL_TCP;
        r = libsock_open(domain, LIBSOCK_TYPE_STREAM, protocol, flags,
                         out_sock);
    }
    if (r >= 0 && out_is_mptcp != NULL) {
        *out_is_mptcp = protocol == LIBSOCK_PROTOCOL_MPTCP;
    }
    return r;
}

int libsock_pair(int domain, int type, int protocol, uint32_t flags,
                 libsock_socket out_pair[2])
{
    libsock_raw raw[2];
    int native[3] = {0};
    int r;

    if (out_pair == NULL) {
        return libsock__invalid();
    }
    r = socket_check_flags(flags);
    if (r >= 0) {
        r = socket_native(domain, type, protocol, native);
    }
    if (r < 0) {
        return r;
    }
    r = libsock__sys_pair(native, flags, raw);
    if (r < 0) {
        return r;
    }
    out_pair[0].raw = raw[0];
    out_pair[1].raw = raw[1];
    return 0;
}

int libsock_from_raw(libsock_raw raw, libsock_socket *out_sock)
{
    if (out_sock == NULL) {
        return libsock__invalid();
    }
    if (raw < 0 || raw > INT_MAX) {
        return libsock__sys_error(LIBSOCK_KIND_BAD_DESCRIPTOR);
    }
    out_sock->raw = raw;
    return 0;
}

libsock_raw libsock_into_raw(libsock_socket *sock)
{
    libsock_raw raw;

    if (sock == NULL) {
        return LIBSOCK_RAW_INVALID;
    }
    raw = sock->raw;
    sock->raw = LIBSOCK_RAW_INVALID;
    return raw;
}

int libsock_dup(libsock_socket sock, libsock_socket *out_dup)
{
    if (out_dup == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_dup(sock.raw, &out_dup->raw);
}

int libsock_close(libsock_socket sock)
{
    return libsock__sys_close(sock.raw);
}

int libsock_bind(libsock_socket sock, const libsock_addr *addr)
{
    if (libsock__addr_is_empty(addr)) {
        return libsock__invalid();
    }
    return libsock__sys_bind(sock.raw, addr);
}

int libsock_listen(libsock_socket sock, int backlog)
{
    if (backlog < LIBSOCK_BACKLOG_MAX) {
        return libsock__invalid();
    }
    return libsock__sys_listen(sock.raw, backlog);
}

int libsock_connect(libsock_socket sock, const libsock_addr *addr)
{
    if (libsock__addr_is_empty(addr)) {
        return libsock__invalid();
    }
    return libsock__sys_connect(sock.raw, addr);
}

int libsock_accept(libsock_socket sock, uint32_t flags,
                   libsock_socket *out_sock, libsock_addr *out_peer)
{
    int r;

    if (out_sock == NULL) {
        return libsock__invalid();
    }
    r = socket_check_flags(flags);
    return r < 0
               ? r
               : libsock__sys_accept(sock.raw, flags, &out_sock->raw, out_peer);
}

int libsock_local_addr(libsock_socket sock, libsock_addr *out_addr)
{
    if (out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_local_addr(sock.raw, out_addr);
}

int libsock_peer_addr(libsock_socket sock, libsock_addr *out_addr)
{
    if (out_addr == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_peer_addr(sock.raw, out_addr);
}

int libsock_shutdown(libsock_socket sock, int how)
{
    if (how < LIBSOCK_SHUT_READ || how > LIBSOCK_SHUT_BOTH) {
        return libsock__invalid();
    }
    return libsock__sys_shutdown(sock.raw, how);
}

int libsock_take_error(libsock_socket sock, int *out_error)
{
    if (out_error == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_take_error(sock.raw, out_error);
}

int libsock_set_nonblocking(libsock_socket sock, bool nonblock)
{
    return libsock__sys_set_nonblocking(sock.raw, nonblock);
}

int libsock_get_nonblocking(libsock_socket sock, bool *out_nonblock)
{
    if (out_nonblock == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_get_nonblocking(sock.raw, out_nonblock);
}

int libsock_set_inheritable(libsock_socket sock, bool inherit)
{
    return libsock__sys_set_inheritable(sock.raw, inherit);
}

int libsock_get_inheritable(libsock_socket sock, bool *out_inherit)
{
    if (out_inherit == NULL) {
        return libsock__invalid();
    }
    return libsock__sys_get_inheritable(sock.raw, out_inherit);
}
