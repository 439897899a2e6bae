/* SPDX-License-Identifier: MIT */
/**
 * @file resolve.h
 * From names to addresses and back, by the system's own resolver: hosts file,
 * DNS, and whatever else it is set up to ask.
 *
 * These calls block for as long as the resolver does, seconds when a server is
 * silent, and no signal or time-out of ours ends them: a program that must not
 * wait calls them in a thread of its own. Text that is an address already is
 * read without any of this by libsock_addr_parse().
 */
#ifndef LIBSOCK_RESOLVE_H
#define LIBSOCK_RESOLVE_H

#include <stddef.h>
#include <stdint.h>

#include <libsock/addr.h>
#include <libsock/attr.h>

LIBSOCK_BEGIN

/** Bytes for the longest host name and its NUL. */
#define LIBSOCK_HOST_SIZE 1025

/** Bytes for the longest name of a service and its NUL. */
#define LIBSOCK_SERVICE_SIZE 32

/** What libsock_resolve() may be told. */
enum libsock_resolve_flags {
    LIBSOCK_RESOLVE_PASSIVE = 1,         /**< No host: the address for bind(),
                                              not the loopback's. */
    LIBSOCK_RESOLVE_NUMERIC_HOST = 2,    /**< The host is an address; nobody
                                              is asked. */
    LIBSOCK_RESOLVE_NUMERIC_SERVICE = 4, /**< The service is a port. */
    LIBSOCK_RESOLVE_CANONICAL_NAME = 8,  /**< Tell the host's own name. */
    LIBSOCK_RESOLVE_ADDR_CONFIG = 16,    /**< Only families that this host has
                                              addresses of; with musl those
                                              of lo count. */
    LIBSOCK_RESOLVE_V4_MAPPED = 32,      /**< IPv6 wanted, none found: IPv4 as
                                              IPv6. */
    LIBSOCK_RESOLVE_ALL = 64             /**< With V4_MAPPED: both. */
};

/** What libsock_resolve() is to look for. Zero is no restriction. */
typedef struct libsock_resolve_options {
    size_t size;    /**< sizeof(libsock_resolve_options). */
    int domain;     /**< LIBSOCK_DOMAIN_IPV4 or IPV6; UNSPEC (0) for both. */
    int type;       /**< An `enum libsock_type`; 0 for each that there is,
                         which repeats every address. */
    int protocol;   /**< An `enum libsock_protocol`; 0 for any. */
    uint32_t flags; /**< OR of LIBSOCK_RESOLVE_*. */
} libsock_resolve_options;

/** One answer: what libsock_open() and libsock_connect() are to be told. */
typedef struct libsock_resolved {
    libsock_addr addr; /**< IPv6 has its scope. */
    int type;          /**< An `enum libsock_type`, or LIBSOCK_RAW(). */
    int protocol;      /**< A protocol number; 0 for the usual one. */
} libsock_resolved;

/** The answers to one question, in the order in which to try them. */
typedef struct libsock_resolve_list libsock_resolve_list;

/** The names of an address. */
typedef struct libsock_resolved_name {
    char host[LIBSOCK_HOST_SIZE];       /**< NUL-terminated. */
    char service[LIBSOCK_SERVICE_SIZE]; /**< NUL-terminated. */
} libsock_resolved_name;

/** What libsock_resolve_name() may be told. */
enum libsock_name_flags {
    LIBSOCK_NAME_NUMERIC_HOST = 1,    /**< The address itself; ask nobody. */
    LIBSOCK_NAME_NUMERIC_SERVICE = 2, /**< The port itself. */
    LIBSOCK_NAME_REQUIRED = 4,        /**< No name is an error, instead of the
                                           address itself. */
    LIBSOCK_NAME_DATAGRAM = 8,        /**< Of UDP, where that differs. */
    LIBSOCK_NAME_LOCAL = 16           /**< Without this host's own domain. */
};

/**
 * Find the addresses of a host and a service; see getaddrinfo(3).
 *
 * A host that is made of numbers is read as the system does, which takes
 * "127.1" and "0x7f000001" for addresses too; with
 * LIBSOCK_RESOLVE_NUMERIC_HOST it is read as libsock_addr_parse_ip() does.
 *
 * @param      host      A name or an address, NUL-terminated, with a zone
 *                       (fe80::1%eth0) where there is one. NULL for this host.
 * @param      service   A name such as "https", or a port, 0 to 65535. NULL
 *                       for port 0.
 * @param      options   NULL for no restriction at all.
 * @param[out] out_list  The answers, at least one.
 *
 * @return 0; kind NOT_FOUND when there is no such host, address of that
 *         family, or service; kind TEMPORARY when a server did not answer or
 *         could not; kind UNSUPPORTED for a family, a type or a flag that this
 *         OS or resolver lacks; kind OUT_OF_MEMORY; kind INVALID_INPUT when
 *         both host and service are NULL, for an empty or too long one, a port
 *         over 65535, an unknown flag, a wrong `size`, and where numbers are
 *         wanted and others stand. libsock_resolve_code() tells whether the
 *         resolver said it, or the OS.
 *
 * Ownership: freed with libsock_resolve_list_free().
 * Threads:   any.
 * Blocking:  until the resolver knows; not with both NUMERIC flags.
 * Platforms: OpenBSD has no V4_MAPPED and no ALL.
 * Since:     0.1
 */
LIBSOCK_API int libsock_resolve(const char *host, const char *service,
                                const libsock_resolve_options *options,
                                libsock_resolve_list **out_list);

/**
 * Free answers and all that they lent.
 *
 * @param list  The answers, or NULL.
 *
 * Threads:   any, once.
 * Since:     0.1
 */
LIBSOCK_API void libsock_resolve_list_free(libsock_resolve_list *list);

/**
 * How many answers there are.
 *
 * @param list  The answers, or NULL.
 *
 * @return the count; 0 for NULL.
 *
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_resolve_list_count(const libsock_resolve_list *list);

/**
 * One of the answers.
 *
 * @param list  The answers, or NULL.
 * @param i     0 to the count less one.
 *
 * @return the answer; NULL when there is none at `i`.
 *
 * Ownership: lent, until the list is freed.
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API const libsock_resolved *
libsock_resolve_list_at(const libsock_resolve_list *list, size_t i);

/**
 * The host's own name, when LIBSOCK_RESOLVE_CANONICAL_NAME asked for it.
 *
 * @param list  The answers, or NULL.
 *
 * @return the name, NUL-terminated; NULL when it was not asked for.
 *
 * Ownership: lent, until the list is freed.
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API const char *
libsock_resolve_list_canonical_name(const libsock_resolve_list *list);

/**
 * Find the names of an address; see getnameinfo(3). A name that somebody has
 * written into the DNS proves nothing about who it is.
 *
 * @param      addr      An IPv4 or IPv6 address.
 * @param      flags     OR of LIBSOCK_NAME_*; 0 for none.
 * @param[out] out_name  Its names, whole; what has none is written as number,
 *                       with a zone where there is a scope.
 *
 * @return 0; kind NOT_FOUND when a name is required and there is none; kind
 *         TEMPORARY when a server did not answer or could not; kind NO_BUFFERS
 *         when a name is longer than a name may be; kind INVALID_INPUT for
 *         NULL, another family, or an unknown flag.
 *
 * Threads:   any.
 * Blocking:  until the resolver knows; not with both NUMERIC flags.
 * Since:     0.1
 */
LIBSOCK_API int libsock_resolve_name(const libsock_addr *addr, uint32_t flags,
                                     libsock_resolved_name *out_name);

/**
 * What the resolver itself said, for those who know its codes. Its failures
 * are results of their own range: no OS code is among them, and
 * libsock_kind(), libsock_error_name() and libsock_error_text() know them.
 *
 * @param r  Any return value of libsock or libevio.
 *
 * @return EAI_NONAME, EAI_AGAIN or another of <netdb.h>, with the sign that it
 *         has there; 0 when `r` is no failure of the resolver.
 *
 * Threads:   any; async-signal-safe.
 * Since:     0.1
 */
LIBSOCK_API int libsock_resolve_code(ptrdiff_t r);

LIBSOCK_END

#endif
