/* SPDX-License-Identifier: MIT */
/**
 * @file types.h
 * The values that every libsock function speaks in: the socket, the buffer,
 * and the portable names of domains, types, protocols and shutdown sides.
 */
#ifndef LIBSOCK_TYPES_H
#define LIBSOCK_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>

LIBSOCK_BEGIN

/** A duration that means: no limit; a moment that never comes. */
#define LIBSOCK_NO_TIMEOUT UINT64_MAX

/**
 * The native handle: a file descriptor, or a SOCKET. One width on every OS, so
 * that structures which hold a socket have one layout.
 */
typedef intptr_t libsock_raw;

/** What a handle that is not there looks like, on every OS. */
#define LIBSOCK_RAW_INVALID ((libsock_raw)-1)

/**
 * A socket: one handle in a structure, so that the compiler tells it from a
 * number. It travels in a register and is passed by value.
 *
 * It is opened by libsock_open(), libsock_pair() or libsock_accept(), or taken
 * over from elsewhere with libsock_from_raw(); it is closed by libsock_close(),
 * once. Copies name the same socket. Initialise one that is not open yet with
 * LIBSOCK_SOCKET_INIT.
 */
typedef struct libsock_socket {
    libsock_raw raw; /**< Private; use libsock_as_raw(). */
} libsock_socket;

/** Initialiser of a libsock_socket that is not open. */
#define LIBSOCK_SOCKET_INIT \
 {                          \
  LIBSOCK_RAW_INVALID       \
 }

/** @return the native handle, lent: the socket stays its owner. */
LIBSOCK_INLINE libsock_raw libsock_as_raw(libsock_socket sock)
{
    return sock.raw;
}

/** @return whether `sock` holds a handle at all; it may be closed since. */
LIBSOCK_INLINE bool libsock_is_open(libsock_socket sock)
{
    return sock.raw != LIBSOCK_RAW_INVALID;
}

/*
 * The two structures that go to the kernel as they are: libsock_buf is struct
 * iovec or WSABUF, libsock_msg is struct mmsghdr, msghdr or WSAMSG. Each port's
 * layout.c asserts it.
 */
#if defined(_WIN32)
typedef int32_t libsock__len;
typedef uint32_t libsock__count;
#elif defined(__linux__)
typedef uint32_t libsock__len;
typedef size_t libsock__count;
#else
typedef uint32_t libsock__len;
typedef uint32_t libsock__count;
#endif

/**
 * A piece of memory to send from or receive into. Build one with
 * libsock_buf_of(): the order and the width of the fields are the OS's.
 */
typedef struct libsock_buf {
#if defined(_WIN32)
    uint32_t len; /**< Private: bytes. */
    void *base;   /**< Private: start. */
#else
    void *base; /**< Private: start. */
    size_t len; /**< Private: bytes. */
#endif
} libsock_buf;

/**
 * A buffer over `len` bytes at `base`. Sending never writes through it, so a
 * pointer to const data may be cast. On Windows a length over 4 GiB - 1 is cut
 * to that: a transfer may always be short.
 */
LIBSOCK__KEEPS_ONLY(1)
LIBSOCK_INLINE libsock_buf libsock_buf_of(const void *base, size_t len)
{
    libsock_buf buf;
#if defined(_WIN32)
    buf.len = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
#else
    buf.len = len;
#endif
    buf.base = (void *)(uintptr_t)base;
    return buf;
}

/** @return how many bytes a buffer has. */
LIBSOCK_INLINE size_t libsock_buf_len(libsock_buf buf)
{
    return buf.len;
}

/**
 * Pass a constant of the OS where a portable one is asked for, such as
 * LIBSOCK_RAW(AF_CAN) for a domain. `x` must be 0 to 0x3fffffff.
 */
#define LIBSOCK_RAW(x) (0x40000000 | (int)(x))

/** Address families. The numbers are libsock's own: AF_INET6 has four. */
enum libsock_domain {
    LIBSOCK_DOMAIN_UNSPEC = 0,
    LIBSOCK_DOMAIN_IPV4 = 1,
    LIBSOCK_DOMAIN_IPV6 = 2,
    LIBSOCK_DOMAIN_UNIX = 3,
    LIBSOCK_DOMAIN_VSOCK = 4,
    LIBSOCK_DOMAIN_PACKET = 5,
    LIBSOCK_DOMAIN_NETLINK = 6
};

/** Socket types. */
enum libsock_type {
    LIBSOCK_TYPE_STREAM = 1,
    LIBSOCK_TYPE_DGRAM = 2,
    LIBSOCK_TYPE_RAW = 3,
    LIBSOCK_TYPE_SEQPACKET = 4,
    LIBSOCK_TYPE_DCCP = 5 /**< Linux before 6.16. */
};

/** Protocols: the numbers of IANA, Linux's 262 for MPTCP, the BSDs' 258 for
 *  DIVERT; others may be given as they are. 0 is the usual protocol of the
 *  type. */
enum libsock_protocol {
    LIBSOCK_PROTOCOL_DEFAULT = 0,
    LIBSOCK_PROTOCOL_ICMPV4 = 1,
    LIBSOCK_PROTOCOL_TCP = 6,
    LIBSOCK_PROTOCOL_UDP = 17,
    LIBSOCK_PROTOCOL_DCCP = 33,
    LIBSOCK_PROTOCOL_ICMPV6 = 58,
    LIBSOCK_PROTOCOL_SCTP = 132,
    LIBSOCK_PROTOCOL_UDPLITE = 136,
    LIBSOCK_PROTOCOL_DIVERT = 258, /**< FreeBSD, OpenBSD: divert(4). */
    LIBSOCK_PROTOCOL_MPTCP = 262
};

/** Sides for libsock_shutdown(). */
enum libsock_shut {
    LIBSOCK_SHUT_READ = 1,
    LIBSOCK_SHUT_WRITE = 2,
    LIBSOCK_SHUT_BOTH = 3
};

LIBSOCK_END

#endif
