/* SPDX-License-Identifier: MIT */
/*
 * Portable domains, types and transfer flags to the numbers of this OS and
 * back. What it lacks is a row left out. Constant tables only, so nothing
 * needs a guard.
 */
#include "platform.h"

#include <libsock/error.h>
#include <libsock/io.h>
#include <libsock/socket.h>
#include <libsock/types.h>

#include "util.h"

#define CONST_RAW_BIT LIBSOCK_RAW(0)

struct const_pair {
    int portable;
    int native;
};

static const struct const_pair const_domains[] = {
    {LIBSOCK_DOMAIN_UNSPEC, AF_UNSPEC},   {LIBSOCK_DOMAIN_IPV4, AF_INET},
    {LIBSOCK_DOMAIN_IPV6, AF_INET6},      {LIBSOCK_DOMAIN_UNIX, AF_UNIX},
#if defined(AF_VSOCK)
    {LIBSOCK_DOMAIN_VSOCK, AF_VSOCK},
#endif
#if defined(AF_PACKET)
    {LIBSOCK_DOMAIN_PACKET, AF_PACKET},
#endif
#if defined(AF_NETLINK)
    {LIBSOCK_DOMAIN_NETLINK, AF_NETLINK},
#endif
};

static const struct const_pair const_types[] = {
    {LIBSOCK_TYPE_STREAM, SOCK_STREAM},
    {LIBSOCK_TYPE_DGRAM, SOCK_DGRAM},
#if defined(SOCK_RAW)
    {LIBSOCK_TYPE_RAW, SOCK_RAW},
#endif
#if defined(SOCK_SEQPACKET)
    {LIBSOCK_TYPE_SEQPACKET, SOCK_SEQPACKET},
# ifdef SOCK_DCCP
    {LIBSOCK_TYPE_DCCP, SOCK_DCCP},
# endif
#endif
};

/* Native value of each flag by direction, 0 where it does not go that way. */
struct const_flag {
    int portable;
    int in;
    int out;
};

/* Only Linux reads MSG_TRUNC as a wish; elsewhere it is an answer. */
#if defined(__linux__)
# define CONST_TRUNC_IN MSG_TRUNC
#else
# define CONST_TRUNC_IN 0
#endif

/* For sending, NetBSD knows it by another name alone. */
#if defined(MSG_NBIO)
# define CONST_DONTWAIT (MSG_DONTWAIT | MSG_NBIO)
#else
# define CONST_DONTWAIT MSG_DONTWAIT
#endif

static const struct const_flag const_flags[] = {
    {LIBSOCK_MSG_OOB, MSG_OOB, MSG_OOB},
    {LIBSOCK_MSG_PEEK, MSG_PEEK, 0},
    {LIBSOCK_MSG_DONTROUTE, MSG_DONTROUTE, 0},
    {LIBSOCK_MSG_WAITALL, MSG_WAITALL, 0},
    {LIBSOCK_MSG_DONTWAIT, CONST_DONTWAIT, 0},
    {LIBSOCK_MSG_EOR, MSG_EOR, MSG_EOR},
    {LIBSOCK_MSG_TRUNC, CONST_TRUNC_IN, MSG_TRUNC},
    {LIBSOCK_MSG_CTRUNC, 0, MSG_CTRUNC},
#if defined(MSG_MORE)
    {LIBSOCK_MSG_MORE, MSG_MORE, 0},
#endif
#if defined(MSG_CONFIRM)
    {LIBSOCK_MSG_CONFIRM, MSG_CONFIRM, MSG_CONFIRM},
#endif
#if defined(MSG_ERRQUEUE)
    {LIBSOCK_MSG_ERRQUEUE, MSG_ERRQUEUE, MSG_ERRQUEUE},
#endif
#if defined(MSG_ZEROCOPY)
    {LIBSOCK_MSG_ZEROCOPY, MSG_ZEROCOPY, 0},
#endif
#if defined(MSG_FASTOPEN)
    {LIBSOCK_MSG_FASTOPEN, MSG_FASTOPEN, 0},
#endif
#if defined(MSG_WAITFORONE)
    {LIBSOCK_MSG_WAITFORONE, MSG_WAITFORONE, 0},
#endif
#if defined(MSG_NOTIFICATION)
    {LIBSOCK_MSG_NOTIFICATION, 0, MSG_NOTIFICATION},
#endif
};

/* Every bit up to the highest one that the API has. */
#define CONST_FLAGS_KNOWN (2 * LIBSOCK_MSG_NOTIFICATION - 1)

static int const_to_native(const struct const_pair *rows, size_t n, int value)
{
    size_t i;

    if (value >= CONST_RAW_BIT) {
        return value & ~CONST_RAW_BIT;
    }
    for (i = 0; i < n; i++) {
        if (rows[i].portable == value) {
            return rows[i].native;
        }
    }
    return -1;
}

static int const_to_portable(const struct const_pair *rows, size_t n, int value)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (rows[i].native == value) {
            return rows[i].portable;
        }
    }
    return LIBSOCK_RAW(value);
}

int libsock__sys_domain(int domain)
{
    return const_to_native(const_domains, LIBSOCK__COUNT(const_domains),
                           domain);
}

int libsock__sys_type(int type)
{
    return const_to_native(const_types, LIBSOCK__COUNT(const_types), type);
}

/* Numbers are the same everywhere; a system that does not have this one may
 * take it for the number of a raw protocol. */
int libsock__sys_protocol(int protocol)
{
    if (protocol == LIBSOCK_PROTOCOL_DIVERT) {
#if defined(IPPROTO_DIVERT)
        return IPPROTO_DIVERT;
#else
        return -1;
#endif
    }
    return protocol >= CONST_RAW_BIT ? protocol & ~CONST_RAW_BIT : protocol;
}

uint32_t libsock__sys_open_flags(void)
{
    return LIBSOCK_NONBLOCK | LIBSOCK_INHERIT;
}

int libsock__sys_domain_of(int native)
{
    return const_to_portable(const_domains, LIBSOCK__COUNT(const_domains),
                             native);
}

int libsock__sys_type_of(int native)
{
    return const_to_portable(const_types, LIBSOCK__COUNT(const_types), native);
}

int libsock__sys_msg_flags(int flags, int *out_native)
{
    int native = 0;
    size_t i;

    if (flags >= CONST_RAW_BIT) {
        *out_native = flags & ~CONST_RAW_BIT;
        return 0;
    }
    if ((flags & ~CONST_FLAGS_KNOWN) != 0) {
        return libsock__sys_error(LIBSOCK_KIND_INVALID_INPUT);
    }
    for (i = 0; i < LIBSOCK__COUNT(const_flags); i++) {
        if ((flags & const_flags[i].portable) != 0 && const_flags[i].in != 0) {
            native |= const_flags[i].in;
            flags &= ~const_flags[i].portable;
        }
    }
    if (flags != 0) {
        return libsock__sys_error(LIBSOCK_KIND_UNSUPPORTED);
    }
    *out_native = native;
    return 0;
}

int libsock__sys_msg_flags_of(int native)
{
    int flags = 0;
    size_t i;

    for (i = 0; i < LIBSOCK__COUNT(const_flags); i++) {
        if ((native & const_flags[i].out) != 0) {
            flags |= const_flags[i].portable;
        }
    }
    return flags;
}
