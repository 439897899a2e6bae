/* SPDX-License-Identifier: MIT */
/**
 * @file error.h
 * The error convention of libsock and libevio.
 *
 * A status function returns `int`, a transfer function `ptrdiff_t`. A value of
 * 0 or more is success; a negative value is *minus the native code of the
 * operating system*: errno on Unix and WASI, the Winsock or Win32 code on
 * Windows. Nothing is translated and nothing is lost, so a failure costs no
 * more than a success. Never compare such a value with a number of your own:
 * ask one of the inline predicates (hot) or libsock_kind() (cold).
 *
 * The resolver has codes of its own, which are no errno: on Unix they come back
 * as minus (LIBSOCK_RESOLVER_CODES + magnitude of EAI_*), a range that no errno
 * reaches; on Windows they are Winsock codes anyway. libsock_resolve_code() in
 * resolve.h gives them back.
 *
 * `errno` and the last-error value of Windows are unspecified after every call.
 * A call that a signal interrupted says so; nothing is retried silently.
 */
#ifndef LIBSOCK_ERROR_H
#define LIBSOCK_ERROR_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include <libsock/attr.h>

LIBSOCK_BEGIN

/* Private: the native codes behind the inline predicates. */
#if defined(_WIN32)
# define LIBSOCK__WOULD_BLOCK 10035 /* WSAEWOULDBLOCK */
# define LIBSOCK__IN_PROGRESS 10035 /* what connect() answers on Windows */
# define LIBSOCK__INTERRUPTED 10004 /* WSAEINTR */
#else
# define LIBSOCK__WOULD_BLOCK EAGAIN
# define LIBSOCK__IN_PROGRESS EINPROGRESS
# define LIBSOCK__INTERRUPTED EINTR
#endif

/**
 * The portable sort of a failure. New kinds may be added: treat a kind that
 * you do not know like LIBSOCK_KIND_OTHER.
 */
enum libsock_kind {
    LIBSOCK_KIND_OK = 0,              /**< Not a failure. */
    LIBSOCK_KIND_OTHER,               /**< None of the kinds below. */
    LIBSOCK_KIND_WOULD_BLOCK,         /**< Wait for readiness, then repeat. */
    LIBSOCK_KIND_IN_PROGRESS,         /**< Started; completes later. */
    LIBSOCK_KIND_INTERRUPTED,         /**< A signal came first. */
    LIBSOCK_KIND_TIMED_OUT,           /**< The time was used up. */
    LIBSOCK_KIND_INVALID_INPUT,       /**< An argument makes no sense. */
    LIBSOCK_KIND_UNSUPPORTED,         /**< Not on this OS, or this socket. */
    LIBSOCK_KIND_PERMISSION_DENIED,   /**< A privilege is missing. */
    LIBSOCK_KIND_NOT_FOUND,           /**< No such file, device or entry. */
    LIBSOCK_KIND_ALREADY_EXISTS,      /**< There is one already. */
    LIBSOCK_KIND_BAD_DESCRIPTOR,      /**< Closed, or never was open. */
    LIBSOCK_KIND_NOT_A_SOCKET,        /**< Open, but something else. */
    LIBSOCK_KIND_ADDR_IN_USE,         /**< The address is taken. */
    LIBSOCK_KIND_ADDR_NOT_AVAILABLE,  /**< The address is not of this host. */
    LIBSOCK_KIND_CONNECTION_REFUSED,  /**< Nobody listens there. */
    LIBSOCK_KIND_CONNECTION_RESET,    /**< The peer cut the connection. */
    LIBSOCK_KIND_CONNECTION_ABORTED,  /**< This host cut the connection. */
    LIBSOCK_KIND_NOT_CONNECTED,       /**< There is no peer yet. */
    LIBSOCK_KIND_ALREADY_CONNECTED,   /**< There is a peer already. */
    LIBSOCK_KIND_BROKEN_PIPE,         /**< The writing side is shut. */
    LIBSOCK_KIND_HOST_UNREACHABLE,    /**< No way to the host. */
    LIBSOCK_KIND_NETWORK_UNREACHABLE, /**< No way to the network. */
    LIBSOCK_KIND_NETWORK_DOWN,        /**< The interface is down. */
    LIBSOCK_KIND_MSG_SIZE,            /**< The message is too long. */
    LIBSOCK_KIND_NO_BUFFERS,          /**< A buffer is full or too small. */
    LIBSOCK_KIND_OUT_OF_MEMORY,       /**< No memory. */
    LIBSOCK_KIND_TOO_MANY_FILES,      /**< The descriptor limit is reached. */
    LIBSOCK_KIND_BUSY,                /**< Somebody else is using it. */
    LIBSOCK_KIND_TEMPORARY            /**< Not now; later it may work. */
};

/** On Unix, native codes above this one are the resolver's. */
#define LIBSOCK_RESOLVER_CODES 65536

/** @return whether `r` says "not now": wait for readiness and repeat. */
LIBSOCK_INLINE bool libsock_would_block(ptrdiff_t r)
{
    return r == -LIBSOCK__WOULD_BLOCK;
}

/** @return whether `r` says that a connection is being established. */
LIBSOCK_INLINE bool libsock_in_progress(ptrdiff_t r)
{
    return r == -LIBSOCK__IN_PROGRESS;
}

/** @return whether `r` says that a signal came before anything was done. */
LIBSOCK_INLINE bool libsock_interrupted(ptrdiff_t r)
{
    return r == -LIBSOCK__INTERRUPTED;
}

/** @return the native code behind `r`, a positive number; 0 on success. */
LIBSOCK_INLINE int libsock_os_code(ptrdiff_t r)
{
    return r < 0 ? (int)-r : 0;
}

/**
 * The portable sort of a result.
 *
 * @param r  Any return value of libsock or libevio.
 *
 * @return an `enum libsock_kind`; LIBSOCK_KIND_OK when `r` is 0 or more.
 *
 * Threads:   any; async-signal-safe.
 * Since:     0.1
 */
LIBSOCK_API int libsock_kind(ptrdiff_t r);

/**
 * The portable name of a kind, for logs that are the same on every system.
 *
 * @param kind  An `enum libsock_kind`.
 *
 * @return a constant string such as "CONNECTION_REFUSED"; "OTHER" for a number
 *         that is no kind. Never NULL.
 *
 * Ownership: static; never freed.
 * Threads:   any; async-signal-safe.
 * Since:     0.1
 */
LIBSOCK_API const char *libsock_kind_name(int kind);

/**
 * A failure of a kind, for code that makes one itself: a composite source of
 * libevio, or a program that keeps to this convention.
 *
 * @param kind  An `enum libsock_kind`.
 *
 * @return minus the native code that stands for `kind`, so that libsock_kind()
 *         gives `kind` back; 0 for LIBSOCK_KIND_OK; "invalid argument" for
 *         LIBSOCK_KIND_OTHER and for a kind that this OS has no code for.
 *
 * Threads:   any; async-signal-safe.
 * Since:     0.1
 */
LIBSOCK_API int libsock_error_of(int kind);

/**
 * The OS's own name of a result, for logs.
 *
 * @param r  Any return value of libsock or libevio.
 *
 * @return a constant string such as "ECONNREFUSED"; "OK" when `r` is 0 or
 *         more; "UNKNOWN" for a code that the library has no name for. Never
 *         NULL.
 *
 * Ownership: static; never freed.
 * Threads:   any; async-signal-safe.
 * Since:     0.1
 */
LIBSOCK_API const char *libsock_error_name(ptrdiff_t r);

/**
 * The OS's own sentence about a result, for people.
 *
 * @param      r    Any return value of libsock or libevio.
 * @param[out] buf  `cap` writable bytes; may be NULL when `cap` is 0. When
 *                  `cap` > 0 the result is always NUL-terminated, cut if need
 *                  be.
 * @param      cap  Size of `buf`.
 *
 * @return the length of the whole sentence without its NUL, as snprintf()
 *         does: cut when the value is `cap` or more.
 *
 * Units:     bytes.
 * Threads:   any.
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_error_text(ptrdiff_t r, char *buf, size_t cap);

LIBSOCK_END

#endif
