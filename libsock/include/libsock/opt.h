/* SPDX-License-Identifier: MIT */
/**
 * @file opt.h
 * Socket options: the conventions, the run-time table of all that libsock
 * knows, and the raw escape. The typed functions are in opt_sock.h (level
 * SOL_SOCKET), queue.h (its buffers), opt_steer.h (which socket, port,
 * interface and moment), opt_ip.h (IPv4, IPv6), opt_flow.h, opt_multicast.h,
 * opt_tcp.h (TCP, UDP), tcp_info.h, mptcp_info.h, opt_raw.h (raw and packet
 * sockets), opt_sctp.h, opt_dccp.h and opt_vsock.h; any of them by its row in
 * opt_value.h.
 *
 * Each option is one row of one table (name, level, constant, kind, unit,
 * access, family), from which its libsock_set_<name>() and libsock_get_<name>()
 * follow, so the two cannot disagree. A row exists on every OS: where the
 * option does not, the functions return kind UNSUPPORTED.
 *
 * What a setter takes is what the kernel gets: a number that the OS would wrap
 * or cut is refused with kind INVALID_INPUT before the OS sees it. Durations
 * are nanoseconds and round up to the OS's unit, so that a wait is never
 * shorter than asked. A getter writes its `out_*` on success only.
 *
 * What every typed function may return, besides what its own comment says:
 * - 0 (or a length) on success;
 * - kind INVALID_INPUT: a pointer is NULL, or the value is outside the range
 *   named in the comment;
 * - kind UNSUPPORTED: this OS, its kernel, or a socket of this family or type
 *   has no such option;
 * - kind BAD_DESCRIPTOR or NOT_A_SOCKET;
 * - what setsockopt(2) and getsockopt(2) said otherwise.
 *
 * Each is one system call, keeps nothing and does not block.
 *
 * Threads: every function may be called from any thread, on one socket too.
 */
#ifndef LIBSOCK_OPT_H
#define LIBSOCK_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libsock/attr.h>
#include <libsock/types.h>

LIBSOCK_BEGIN

/** A text buffer of this size holds the value of any option that is text. */
#define LIBSOCK_OPT_TEXT_SIZE 64

/** One instruction of a classic BPF program; see BPF(4) or Linux's
 *  Documentation/networking/filter. It goes to the kernel as it is. */
typedef struct libsock_filter {
    uint16_t code; /**< What to do. */
    uint8_t jt;    /**< Instructions to skip when true. */
    uint8_t jf;    /**< Instructions to skip when false. */
    uint32_t k;    /**< Operand. */
} libsock_filter;

/** What an option's functions speak. New kinds may be added. */
enum libsock_opt_kind {
    LIBSOCK_OPT_KIND_BOOL = 1,   /**< bool */
    LIBSOCK_OPT_KIND_INT,        /**< int */
    LIBSOCK_OPT_KIND_UINT,       /**< uint32_t */
    LIBSOCK_OPT_KIND_SIZE,       /**< size_t */
    LIBSOCK_OPT_KIND_U64,        /**< uint64_t, all of its bits */
    LIBSOCK_OPT_KIND_DURATION,   /**< uint64_t, nanoseconds */
    LIBSOCK_OPT_KIND_TEXT,       /**< const char * and its length */
    LIBSOCK_OPT_KIND_ADDR,       /**< libsock_addr */
    LIBSOCK_OPT_KIND_IPV4,       /**< 4 octets in network order */
    LIBSOCK_OPT_KIND_MEMBERSHIP, /**< a multicast group and where */
    LIBSOCK_OPT_KIND_FILTER,     /**< libsock_filter program */
    LIBSOCK_OPT_KIND_NONE,       /**< no value: an action */
    LIBSOCK_OPT_KIND_FD,         /**< libsock_raw, a descriptor */
    LIBSOCK_OPT_KIND_BYTES,      /**< a buffer and its size */
    LIBSOCK_OPT_KIND_STRUCT      /**< as the functions say */
};

/** The kernel's own unit of an option, and so the step of its rounding. */
enum libsock_opt_unit {
    LIBSOCK_OPT_UNIT_NONE = 0,   /**< A plain number. */
    LIBSOCK_OPT_UNIT_BYTES,      /**< Bytes. */
    LIBSOCK_OPT_UNIT_S,          /**< Seconds. */
    LIBSOCK_OPT_UNIT_MS,         /**< Milliseconds. */
    LIBSOCK_OPT_UNIT_US,         /**< Microseconds. */
    LIBSOCK_OPT_UNIT_BYTES_PER_S /**< Bytes per second. */
};

/** Which functions an option has. */
enum libsock_opt_access {
    LIBSOCK_OPT_GET = 1,  /**< libsock_get_<name>() */
    LIBSOCK_OPT_SET = 2,  /**< libsock_set_<name>() */
    LIBSOCK_OPT_CALL = 4, /**< libsock_<name>(), an action */
    LIBSOCK_OPT_TAKE = 8  /**< The kernel forgets what GET has told. */
};

/** One row of the table. */
typedef struct libsock_opt_info {
    const char *name; /**< As in the functions' names; static. */
    int32_t level;    /**< The OS's number; 0 when not `present`. */
    int32_t native;   /**< The OS's number; 0 when not `present`. */
    int32_t kind;     /**< An `enum libsock_opt_kind`. */
    int32_t unit;     /**< An `enum libsock_opt_unit`. */
    int32_t access;   /**< OR of `enum libsock_opt_access`. */
    int32_t domain;   /**< An `enum libsock_domain`; UNSPEC: several. */
    int32_t type;     /**< An `enum libsock_type`; 0: several. */
    int32_t protocol; /**< An `enum libsock_protocol`; 0: several. */
    int64_t min;      /**< Least value in `unit`; of text, its length. */
    int64_t max;  /**< Greatest value in `unit`; 0 with `min` 0: no range. */
    bool present; /**< This OS's headers have it; libsock_opt_probe() asks
                   *   the kernel. */
} libsock_opt_info;

/**
 * How many options libsock knows, those that this OS lacks included.
 *
 * @return the count, the same for the life of the program.
 *
 * Since:     0.1
 */
LIBSOCK_API size_t libsock_opt_count(void);

/**
 * One row of the table.
 *
 * @param      index     0 to libsock_opt_count() - 1. Order and index may
 *                       change with each version; the name stays.
 * @param[out] out_info  The row.
 *
 * @return 0; kind INVALID_INPUT for an index beyond the table or NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_info_at(size_t index, libsock_opt_info *out_info);

/**
 * The row of a name, such as "tcp_nodelay".
 *
 * @param      name       NUL-terminated.
 * @param[out] out_index  The row, for libsock_opt_info_at().
 *
 * @return 0; kind UNSUPPORTED when libsock has no option of that name; kind
 *         INVALID_INPUT for NULL.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_find(const char *name, size_t *out_index);

/**
 * Whether this kernel has an option for this socket, found out by reading it.
 * The headers that libsock was built with may be newer or older than the
 * kernel it runs on.
 *
 * @param sock   Open socket. Nothing about it changes.
 * @param index  A row that can be read (LIBSOCK_OPT_GET).
 *
 * @return 1 when it has it, even if it will not tell the value now; 0 when it
 *         has not; kind INVALID_INPUT for an index beyond the table or a row
 *         that cannot be read, for which only trying tells.
 *
 * Since:     0.1
 */
LIBSOCK_API int libsock_opt_probe(libsock_socket sock, size_t index);

/**
 * Any option of the OS, by its own numbers; see setsockopt(2).
 *
 * @param sock   Open socket. Borrowed.
 * @param level  SOL_SOCKET, IPPROTO_TCP...: the OS's number.
 * @param name   The OS's number.
 * @param value  `len` bytes as the OS wants them; may be NULL when `len` is 0.
 * @param len    0 to INT_MAX.
 *
 * @return 0; kind INVALID_INPUT for NULL or a greater length.
 *
 * Units:     whatever the OS's option uses: nothing is converted.
 * Since:     0.1
 */
LIBSOCK_API int libsock_setopt(libsock_socket sock, int level, int name,
                               const void *value, size_t len);

/**
 * Any option of the OS, by its own numbers; see getsockopt(2).
 *
 * @param         sock       Open socket. Borrowed.
 * @param         level      SOL_SOCKET, IPPROTO_TCP...: the OS's number.
 * @param         name       The OS's number.
 * @param[out]    value      `*inout_len` writable bytes; may be NULL when that
 *                           is 0. Unspecified on failure.
 * @param[in,out] inout_len  Room, 0 to INT_MAX; on success the bytes stored,
 *                           which may be less. Untouched on failure.
 *
 * @return 0; kind INVALID_INPUT for NULL or a greater length.
 *
 * Units:     whatever the OS's option uses: nothing is converted.
 * Since:     0.1
 */
LIBSOCK_API int libsock_getopt(libsock_socket sock, int level, int name,
                               void *value, size_t *inout_len);

LIBSOCK_END

#endif
